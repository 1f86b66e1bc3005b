/*
 * ledger_lines.c: lines through the ledger's own thread, without shopd: PHONES closed loops, each
 * with one line on its way, the next pushed when the last is on disk.
 *
 *   ledger_lines DIR SECONDS PHONES [ENTRIES]    with ENTRIES: until so many are written, however
 * long
 *
 * Prints `lines SECONDS COMMITS P50_US P99_US`.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "ledger/ledger.h"

enum {
	PHONES_MAX = 1024,
	VISIT_LINES = 200,
	LATENCIES_MAX = 8000000
};

struct phone {
	struct visit_id visit;
	struct customer customer;
	uint32_t lines, visits;
	uint64_t ticket; /* of the line on its way */
	int64_t pushed_us;
};

static struct phone phone[PHONES_MAX];
static uint32_t *latency, latencies;
static uint64_t next_visit = 1ULL << 40, ticket;

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

static struct wall wall_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (struct wall){t.tv_sec * 1000LL + t.tv_nsec / 1000000};
}

static void push(struct ledger *l, struct phone *p)
{
	static struct record r;

	if (p->lines % VISIT_LINES == 0) {
		memset(&r, 0, sizeof(r));
		p->visit.n = next_visit++;
		r.entry.kind = ENTRY_VISIT_OPENED;
		r.entry.at = wall_now();
		r.entry.visit_opened.visit = p->visit;
		r.entry.visit_opened.customer = p->customer;
		CHECK(ledger_push(l, &r, ticket + 1));
	}
	memset(&r, 0, sizeof(r));
	r.entry.kind = ENTRY_LINE;
	r.entry.at = wall_now();
	r.entry.line = (struct entry_line){
		.visit = p->visit,
		.customer = p->customer,
		.gtin = {7310865004703},
		.name = "Svensk mellanmjölk 1,5 % 1 liter",
		.quantity_milli = 1000,
		.unit_price = money_of(1490),
		.total = money_of(1490),
		.vat_bp = 600,
		.vat_class = VAT_FOOD,
		.bought = {(int32_t)(r.entry.at.ms / 86400000)},
		.list_price = money_of(1490),
		.price_version = 7,
	};
	snprintf(r.entry.line.key.text, sizeof(r.entry.line.key.text), "k%08u-%u", p->lines,
		 p->visits);
	CHECK(ledger_push(l, &r, ++ticket));
	p->lines++;
	p->ticket = ticket;
	p->pushed_us = now_us();
	ledger_flush(l);
}

/* As in a shop: the clock is trusted, so a line's day is sure. */
static void start_shop(struct ledger *l)
{
	static struct record r;

	memset(&r, 0, sizeof(r));
	r.entry.kind = ENTRY_START;
	r.entry.at = wall_now();
	r.entry.start.wall_trusted = true;
	r.fact = true;
	CHECK(ledger_push(l, &r, ++ticket));
}

static int ascending(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	uint32_t phones = argc > 3 ? (uint32_t)(int)strtol(argv[3], NULL, 10) : 0;
	uint64_t wanted = argc > 4 ? (uint64_t)strtoll(argv[4], NULL, 10) : 0, lines = 0,
		 commits = 0;
	struct ledger *l = NULL;
	struct recall *recall = NULL;
	struct report report;
	char why[200] = "";
	int64_t start, end;

	if (argc < 4 || phones == 0 || phones > PHONES_MAX)
		return fprintf(stderr,
			       "ledger_lines: see the head of tests/bench/ledger_lines.c\n"),
		       2;
	mkdir(argv[1], 02750);
	if (ledger_open(argv[1], wall_now(), &l, &recall, why) < 0)
		return fprintf(stderr, "ledger_lines: %s\n", why), 1;
	ledger_recall_free(recall);
	latency = malloc(LATENCIES_MAX * sizeof(*latency));
	start_shop(l);
	for (uint32_t i = 0; i < phones; i++) {
		memcpy(phone[i].customer.byte, &i, sizeof(i));
		push(l, &phone[i]);
	}
	start = now_us();
	end = start + (int)strtol(argv[2], NULL, 10) * 1000000LL;
	while (wanted ? lines < wanted : now_us() < end) {
		struct pollfd fd = {.fd = ledger_fd(l), .events = POLLIN};

		if (poll(&fd, 1, 10000) <= 0)
			return fprintf(stderr, "ledger_lines: nothing was committed for 10 s\n"), 1;
		while (ledger_report(l, &report)) {
			CHECK(report.kind == REPORT_COMMITTED);
			commits++;
			for (uint32_t i = 0; i < phones; i++) {
				if (phone[i].ticket > report.ticket)
					continue;
				if (latencies < LATENCIES_MAX)
					latency[latencies++] =
						(uint32_t)(now_us() - phone[i].pushed_us);
				lines++;
				push(l, &phone[i]);
			}
		}
	}
	end = now_us();
	ledger_stop(l);
	qsort(latency, latencies, sizeof(*latency), ascending);
	printf("%llu %.3f %llu %u %u\n", (unsigned long long)lines, (double)(end - start) / 1e6,
	       (unsigned long long)commits, latency[latencies / 2],
	       latency[(uint64_t)latencies * 99 / 100]);
	return 0;
}
