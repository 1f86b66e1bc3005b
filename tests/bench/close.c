/*
 * close.c: a month, or ten years, of a village's lines, and the close of one month.
 *
 *   close make DIR FIRST MONTHS MEMBERS LINES   a ledger with LINES a month, every month but the
 *                                               last one closed, as a shop would have it
 *   close run DIR PERIOD                        closes it; prints `SECONDS INVOICES VMHWM_KIB`
 *   close journal DIR                           every line as a transaction, for hledger and ledger
 *
 * Lines are drawn from a fixed seed: members take turns unevenly, prices end in odd öre, food at 6
 * or 12 % by the day, household goods at 25 %, every eighth with a deposit.
 */
#include <poll.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "books/vat.h"
#include "ledger/desk.h"

enum {
	VISIT_LINES = 10, /* a usual basket */
	DAY_SECONDS = 86400,
	PUSHED_MAX = 1024, /* lines on their way: half the queue */
};

static uint64_t random_state = 0x5ea51de;
static uint64_t ticket, committed, next_visit;

static uint32_t draw(uint32_t below)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)((random_state >> 20) % below);
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

/* Waits for reports until everything but `most` tickets is on disk; hands back a desk's last
 * answer. */
static struct desk_result *settle(struct ledger *l, uint64_t most, bool desk)
{
	struct report report;

	while (desk || ticket - committed > most) {
		struct pollfd fd = {.fd = ledger_fd(l), .events = POLLIN};

		CHECK(poll(&fd, 1, 60000) > 0);
		while (ledger_report(l, &report)) {
			CHECK(report.kind == REPORT_COMMITTED || report.kind == REPORT_DESK);
			if (report.kind == REPORT_COMMITTED)
				committed = report.ticket;
			else if (report.desk->answer != DESK_WORKING)
				return report.desk;
			else
				desk_result_free(report.desk);
		}
	}
	return NULL;
}

static struct customer customer_of(uint32_t n)
{
	struct customer c = {{0}};

	memcpy(c.byte, &n, sizeof(n));
	c.byte[15] = 1;
	return c;
}

static void push(struct ledger *l, const struct record *r)
{
	CHECK(ledger_push(l, r, ++ticket));
	if (ticket % 64 == 0) {
		ledger_flush(l);
		settle(l, PUSHED_MAX, false);
	}
}

static void push_line(struct ledger *l, struct visit_id visit, struct customer customer, uint32_t n,
		      struct wall at, struct day day, const struct entry_tax *tax)
{
	static struct record r;
	struct entry_line *line = &r.entry.line;
	bool food = draw(4) != 0;
	struct money price = money_of(495 + 10 * (int64_t)draw(900) + draw(10)),
		     deposit = MONEY_ZERO;

	memset(&r, 0, sizeof(r));
	if (food && draw(8) == 0)
		deposit = money_of(100);
	r.entry.kind = ENTRY_LINE;
	r.entry.at = at;
	line->visit = visit;
	line->customer = customer;
	line->gtin.n = 7310865004703 + 7 * draw(500);
	snprintf(line->name, sizeof(line->name), "Vara nummer %u", (unsigned)(line->gtin.n % 1000));
	snprintf(line->key.text, sizeof(line->key.text), "k%u", n);
	line->quantity_milli = 1000;
	line->unit_price = line->list_price = price;
	CHECK(money_add(price, deposit, &line->total));
	line->deposit = deposit;
	line->vat_class = food ? VAT_FOOD : VAT_STANDARD;
	line->vat_bp = vat_rate_on(tax, line->vat_class, day);
	line->bought = day;
	line->price_version = 1;
	push(l, &r);
}

static void push_visit(struct ledger *l, struct customer customer, struct wall at, struct day day,
		       const struct entry_tax *tax)
{
	static struct record r;
	struct visit_id visit = {++next_visit};

	memset(&r, 0, sizeof(r));
	r.entry.kind = ENTRY_VISIT_OPENED;
	r.entry.at = at;
	r.entry.visit_opened.visit = visit;
	r.entry.visit_opened.customer = customer;
	push(l, &r);
	for (uint32_t i = 0; i < VISIT_LINES; i++)
		push_line(l, visit, customer, i, at, day, tax);
	memset(&r, 0, sizeof(r));
	r.entry.kind = ENTRY_VISIT_CLOSED;
	r.entry.at = at;
	r.entry.visit_closed.visit = visit;
	r.entry.visit_closed.end = END_EXIT;
	r.entry.visit_closed.lines = VISIT_LINES;
	push(l, &r);
}

static void push_month(struct ledger *l, struct period period, uint32_t members, uint32_t lines)
{
	struct entry_tax tax = vat_sweden();
	struct day first = period_first(period), end = period_first(period_add(period, 1));
	uint32_t visits = lines / VISIT_LINES, days = (uint32_t)(end.n - first.n);

	for (uint32_t i = 0; i < visits; i++) {
		struct day day = {first.n + (int32_t)((uint64_t)i * days / visits)};
		struct wall at = {((int64_t)day.n * DAY_SECONDS + 12 * 3600) * 1000 + i % 1000};

		/* everybody once, then by chance */
		push_visit(l, customer_of(i < members ? i : draw(members)), at, day, &tax);
	}
	ledger_flush(l);
	settle(l, 0, false);
}

static struct desk_result *close_month(struct ledger *l, struct period period)
{
	struct day today = {period_first(period_add(period, 1)).n + 1};
	struct desk_request request = {
		.kind = DESK_CLOSE,
		.at = {(int64_t)today.n * DAY_SECONDS * 1000},
		.today = today,
		.clock_trusted = true,
		.period = period,
		.policy = {.due_days = 30, .roll_least = money_of(10000), .roll_months = 3},
	};
	struct desk_result *result;

	CHECK(ledger_ask_desk(l, &request));
	result = settle(l, 0, true);
	if (result->answer != DESK_DONE) {
		fprintf(stderr, "close: %s\n", result->why);
		exit(1);
	}
	return result;
}

static struct ledger *open_ledger(const char *dir, struct day day)
{
	static struct record start;
	struct ledger *l = NULL;
	struct recall *recall = NULL;
	char why[200] = "";

	mkdir(dir, 02750);
	start.entry.kind = ENTRY_START;
	start.entry.at = (struct wall){(int64_t)day.n * DAY_SECONDS * 1000};
	start.entry.start.clean = true;
	start.entry.start.wall_trusted = true;
	if (ledger_open(dir, start.entry.at, &l, &recall, why) < 0) {
		fprintf(stderr, "close: %s\n", why);
		exit(1);
	}
	ledger_recall_free(recall);
	start.fact = true;
	push(l, &start);
	ledger_flush(l);
	settle(l, 0, false);
	return l;
}

static int make(const char *dir, struct period first, uint32_t months, uint32_t members,
		uint32_t lines)
{
	struct ledger *l = open_ledger(dir, period_first(first));

	for (uint32_t i = 0; i < months; i++) {
		struct period period = period_add(first, (int32_t)i);

		push_month(l, period, members, lines);
		if (i + 1 < months)
			desk_result_free(close_month(l, period));
	}
	ledger_stop(l);
	return 0;
}

static unsigned long memory_peak_kib(void)
{
	char line[128];
	unsigned long kib = 0;
	FILE *f = fopen("/proc/self/status", "r");

	while (f && fgets(line, sizeof(line), f))
		if (strncmp(line, "VmHWM:", 6) == 0)
			kib = strtoul(line + 6, NULL, 10);
	if (f)
		fclose(f);
	return kib;
}

static int run(const char *dir, struct period period)
{
	struct ledger *l = open_ledger(dir, period_first(period_add(period, 1)));
	int64_t began = now_ms(), took;
	struct desk_result *result = close_month(l, period);

	took = now_ms() - began;
	printf("%lld.%03lld %u %lu\n", (long long)took / 1000, (long long)took % 1000, result->done,
	       memory_peak_kib());
	desk_result_free(result);
	ledger_stop(l);
	return 0;
}

static void put_amount(const char *account, int64_t minor)
{
	char text[MONEY_TEXT_SIZE];

	money_text(money_of(minor), text);
	printf("    %s  %s SEK\n", account, text);
}

/* The same postings as the ledger made for the sale, as plain text accounting writes them. */
static int journal(const char *dir)
{
	char path[512], account[64], date[DAY_TEXT_SIZE];
	sqlite3 *db;
	sqlite3_stmt *get;

	snprintf(path, sizeof(path), "%s/ledger.db", dir);
	CHECK(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK);
	CHECK(sqlite3_prepare_v2(db,
				 "SELECT seq, bought, hex(customer), total, account, amount"
				 " FROM line JOIN posting USING(seq) ORDER BY seq, id",
				 -1, &get, NULL) == SQLITE_OK);
	for (int64_t before = 0; sqlite3_step(get) == SQLITE_ROW;) {
		int64_t seq = sqlite3_column_int64(get, 0), number = sqlite3_column_int64(get, 4);

		if (seq != before) {
			day_text((struct day){sqlite3_column_int(get, 1)}, date);
			printf("\n%s line %lld\n", date, (long long)seq);
		}
		before = seq;
		if (number == 1510)
			snprintf(account, sizeof(account), "1510:%s",
				 (const char *)sqlite3_column_text(get, 2));
		else
			snprintf(account, sizeof(account), "%lld", (long long)number);
		put_amount(account, sqlite3_column_int64(get, 5));
	}
	sqlite3_finalize(get);
	sqlite3_close(db);
	return 0;
}

int main(int argc, char **argv)
{
	struct period period = {0};

	if (argc > 3 && !period_parse(argv[3], (uint32_t)strlen(argv[3]), &period))
		argc = 0;
	if (argc == 7 && strcmp(argv[1], "make") == 0)
		return make(argv[2], period, (uint32_t)strtoul(argv[4], NULL, 10),
			    (uint32_t)strtoul(argv[5], NULL, 10),
			    (uint32_t)strtoul(argv[6], NULL, 10));
	if (argc == 4 && strcmp(argv[1], "run") == 0)
		return run(argv[2], period);
	if (argc == 3 && strcmp(argv[1], "journal") == 0)
		return journal(argv[2]);
	return fprintf(stderr, "close: see the head of tests/bench/close.c\n"), 2;
}
