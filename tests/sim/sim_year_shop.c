/*
 * sim_year_shop.c: the ledger as shopd uses it: facts are pushed and waited for, the desk is asked.
 * Now and then a close is killed: it is asked for in a process of its own, which dies at a moment
 * that is drawn, half a month's invoices written or none or all; asked again, the close must end
 * as if nothing had been.
 */
#include "sim_year.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ledger/read_books.h"

#define WAIT_MS	   60000
#define KILL_US	   2500 /* a close of this village takes about so long */
#define ROLL_LEAST 10000

static struct wall clock_now(const struct year *y)
{
	return (struct wall){y->true_ms + y->wrong_ms};
}

void shop_open(struct year *y)
{
	struct recall *recall;
	char why[200];
	int error = ledger_open(y->dir, clock_now(y), &y->ledger, &recall, why);

	if (error != 0) {
		year_fail(y, "the ledger does not open: %s", why);
		CHECK(error == 0);
	}
	ledger_recall_free(recall);
}

/* The next report; the village's ledger never fails to answer. */
static struct report next_report(struct ledger *l)
{
	struct pollfd fd = {.fd = ledger_fd(l), .events = POLLIN};
	struct report report;

	while (!ledger_report(l, &report))
		CHECK(poll(&fd, 1, WAIT_MS) == 1);
	return report;
}

void shop_settle(struct year *y)
{
	struct report report;

	if (y->ticket == 0)
		return;
	ledger_flush(y->ledger);
	do {
		report = next_report(y->ledger);
		CHECK(report.kind == REPORT_COMMITTED);
	} while (report.ticket < y->ticket);
	y->ticket = 0;
}

void shop_fact(struct year *y, struct entry *e)
{
	struct record record = {.entry = *e, .fact = true};
	static uint64_t tickets;

	record.entry.at = clock_now(y);
	if (!ledger_room(y->ledger, true))
		shop_settle(y);
	y->ticket = ++tickets;
	CHECK(ledger_push(y->ledger, &record, y->ticket));
}

/* What the config says, at every start, as shopd does. */
static void tell_books(struct year *y)
{
	struct desk_request q = {.kind = DESK_BOOKS, .tax = y->tax, .chart = chart_bas()};
	struct desk_result *r = shop_ask(y, &q);

	if (r->answer != DESK_DONE && r->answer != DESK_REPEATED)
		year_fail(y, "the rates and accounts are refused: %s", r->why);
	desk_result_free(r);
}

void shop_start(struct year *y, bool new_boot)
{
	struct entry e = {.kind = ENTRY_START};

	shop_open(y);
	if (new_boot) {
		for (uint32_t i = 0; i < sizeof(y->boot); i++)
			y->boot[i] = (uint8_t)year_draw(y, 256);
		y->mono_ms = 5000 + (int64_t)year_draw(y, 9000);
	}
	memcpy(e.start.boot_id, y->boot, sizeof(y->boot));
	e.start.mono.ms = y->mono_ms;
	e.start.clean = true;
	e.start.wall_trusted = y->trusted;
	e.start.utc_offset_min = year_offset_min(clock_now(y).ms);
	shop_fact(y, &e);
	shop_settle(y);
	if (y->trusted)
		tell_books(y);
}

void shop_stop(struct year *y)
{
	struct entry e = {.kind = ENTRY_STOP};

	memcpy(e.stop.boot_id, y->boot, sizeof(y->boot));
	e.stop.mono.ms = y->mono_ms;
	shop_fact(y, &e);
	shop_settle(y);
	ledger_stop(y->ledger);
	y->ledger = NULL;
}

static struct desk_result *ask(struct ledger *l, const struct desk_request *q)
{
	struct report report;

	CHECK(ledger_ask_desk(l, q));
	for (;;) {
		report = next_report(l);
		if (report.kind != REPORT_DESK)
			continue;
		if (report.desk->answer != DESK_WORKING)
			return report.desk;
		desk_result_free(report.desk);
	}
}

struct desk_result *shop_ask(struct year *y, struct desk_request *q)
{
	shop_settle(y);
	q->tag = ++y->tag;
	q->at = clock_now(y);
	q->entry.at = q->at;
	q->today = year_local_day(q->at.ms);
	q->clock_trusted = y->trusted;
	return ask(y->ledger, q);
}

static struct desk_request close_request(struct period p)
{
	return (struct desk_request){
		.kind = DESK_CLOSE,
		.period = p,
		.policy = {.due_days = 30, .roll_least = money_of(ROLL_LEAST), .roll_months = 3}};
}

/* A process that closes the month, until it has or is killed. */
static _Noreturn void close_and_die(struct year *y, struct period p, int fd)
{
	struct desk_request q = close_request(p);

	shop_open(y);
	CHECK(write(fd, "o", 1) == 1);
	desk_result_free(shop_ask(y, &q));
	CHECK(write(fd, "d", 1) == 1);
	pause();
	_exit(1);
}

/* The close is killed at a moment that is drawn; not every seed meets the same instruction there,
 * and in the end that must make no difference. */
static void close_killed(struct year *y, struct period p)
{
	struct timespec patience = {.tv_nsec = (long)year_draw(y, KILL_US * y->crowd) * 1000};
	struct pollfd wait;
	int fd[2];
	pid_t child;
	char said;

	ledger_stop(y->ledger);
	CHECK(pipe(fd) == 0);
	fflush(NULL);
	child = fork();
	CHECK(child >= 0);
	if (child == 0)
		close_and_die(y, p, fd[1]);
	close(fd[1]);
	CHECK(read(fd[0], &said, 1) == 1 && said == 'o');
	wait = (struct pollfd){.fd = fd[0], .events = POLLIN};
	(void)!ppoll(&wait, 1, &patience, NULL);
	CHECK(kill(child, SIGKILL) == 0);
	CHECK(waitpid(child, NULL, 0) == child);
	close(fd[0]);
	y->kills++;
	shop_open(y);
}

/* The four sums, asked of the file while the shop goes on. */
static void sums_hold(struct year *y, struct period p)
{
	struct sums_found sums;
	struct reader *r;

	CHECK(reader_open(y->dir, &r) == 0);
	if (reader_check_sums(r, &sums) != 0)
		year_fail(y, "after the close of %d the sums could not be checked", p.n);
	else if (!sums.ok)
		year_fail(y, "after the close of %d the sums do not hold: %s", p.n, sums.why);
	reader_close(r);
}

/* How many invoices of the month there are. */
static int64_t invoices_of(struct year *y, struct period p)
{
	sqlite3 *db = check_open(y);
	sqlite3_stmt *s;
	int64_t n;

	CHECK(sqlite3_prepare_v2(db,
				 "SELECT count(*) FROM invoice WHERE period = ? AND original = 0",
				 -1, &s, NULL) == SQLITE_OK);
	sqlite3_bind_int(s, 1, p.n);
	CHECK(sqlite3_step(s) == SQLITE_ROW);
	n = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	sqlite3_close(db);
	return n;
}

void shop_close(struct year *y, struct period p)
{
	struct desk_request q = close_request(p);
	struct desk_result *r;
	int64_t before;

	shop_settle(y);
	if (year_one_in(y, 2))
		close_killed(y, p);
	before = invoices_of(y, p);
	r = shop_ask(y, &q);
	y->killed_midway += before > 0 && r->answer == DESK_DONE;
	if (r->answer != DESK_DONE && r->answer != DESK_REPEATED)
		year_fail(y, "the close of %d is refused: %s", p.n, r->why);
	desk_result_free(r);
	r = shop_ask(y, &q);
	if (r->answer != DESK_REPEATED)
		year_fail(y, "a second close of %d is no repeat: %d %s", p.n, r->answer, r->why);
	desk_result_free(r);
	y->closed = p;
	y->closes++;
	sums_hold(y, p);
}

void shop_closes_not(struct year *y, struct period p, const char *word)
{
	struct desk_request q = close_request(p);
	struct desk_result *r = shop_ask(y, &q);

	if (r->answer != DESK_REFUSED || !strstr(r->why, word))
		year_fail(y, "the close of %d should be refused (%s): %d %s", p.n, word, r->answer,
			  r->why);
	y->refused_closes++;
	desk_result_free(r);
}
