/*
 * keep.c: the loop's side of the ledger: one step's facts under one ticket, the thread's reports,
 * and what happens while there is no ledger (design 2, "a full disk").
 *
 * A ledger that will not open leaves the shop closed but the door watched; it is tried again every
 * LEDGER_RETRY_MS on a thread of its own, for opening may block. Facts made meanwhile are kept,
 * BACKLOG_MAX of them, and the rest counted.
 */
#include "shopd/disk.h"
#include "shopd/kiosk.h"
#include "shopd/shopd.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define BACKLOG_MAX 256 /* openings, alarms and counted refusals of a day without a disk */
#define NEWS_MS	    200 /* counterd hears of a new head at most five times a second */

/* The thread that tries to open, and what it found; owned by the thread from start until it writes
 * the eventfd. */
static struct {
	struct shopd *sd;
	struct timer *timer;
	struct watch *watch;
	int fd;
	bool running;
	pthread_t thread;
	struct ledger *ledger;
	struct recall *recall;
	int result;
	uint32_t kept, lost;
	struct record backlog[BACKLOG_MAX];
} opener = {.fd = -1};

static void on_reports(void *data, int fd, uint32_t events);

static void backlog_add(const struct record *r)
{
	if (!r->fact)
		return; /* a claim without a ledger: nobody was told that it holds */
	if (opener.kept < BACKLOG_MAX)
		opener.backlog[opener.kept++] = *r;
	else
		opener.lost++;
}

bool keep_room(const struct shopd *sd)
{
	return (!sd->ledger || ledger_room(sd->ledger, false)) && replies_room(sd);
}

static void keep_one(struct shopd *sd, const struct record *r)
{
	const struct entry *e = &r->entry;

	if (e->kind == ENTRY_LINE)
		accounts_add(sd, e->line.customer, e->line.total, false);
	else if (e->kind == ENTRY_ADMITTED)
		cards_record(sd, &e->admitted);
	else if (e->kind == ENTRY_LINE_VOIDED)
		accounts_add(sd, e->line_voided.customer, e->line_voided.total, true);
	books_record(sd, e);
	sd->counts.entries++;
	if (!sd->ledger)
		backlog_add(r);
	else if (!ledger_push(sd->ledger, r, sd->ticket))
		journal_line(sd, "ledger: no room for a row, it is lost and counted");
}

void keep_record(struct shopd *sd, const struct effects *effects)
{
	if (sd->ledger)
		sd->ticket++;
	for (uint32_t i = 0; i < effects->records; i++)
		keep_one(sd, &effects->record[i]);
	if (sd->ledger)
		ledger_flush(sd->ledger);
}

void keep_fact(struct shopd *sd, const struct entry *e)
{
	struct record r = {.fact = true, .entry = *e};
	char text[ENTRY_TEXT_SIZE];

	if (sd->ledger)
		sd->ticket++;
	keep_one(sd, &r);
	if (sd->ledger)
		ledger_flush(sd->ledger);
	entry_text(e, text);
	journal_line(sd, "%s", text);
}

bool keep_erase(struct shopd *sd, const struct customer *whose, struct wall before,
		enum erase_by by)
{
	if (!sd->ledger || sd->erasing != ERASE_NOBODY ||
	    !ledger_ask_erase(sd->ledger, whose, before))
		return false;
	sd->erasing = by;
	return true;
}

static void erased(struct shopd *sd, bool done)
{
	enum erase_by by = sd->erasing;

	sd->erasing = ERASE_NOBODY;
	if (by == ERASE_NIGHTS)
		nights_erased(sd, done);
	else if (by == ERASE_OFFICE)
		office_erased(sd, done);
}

static void tell_lost(struct shopd *sd, uint32_t rows)
{
	struct event e;

	if (rows == 0)
		return;
	e = shopd_event(sd, EVENT_ROWS_LOST);
	e.rows_lost.rows = rows;
	shopd_step(sd, &e);
}

static void well(struct shopd *sd, struct recall *recall, uint32_t lost)
{
	struct event e;

	cards_recall(sd, recall);
	accounts_balances(sd, recall);
	accounts_visits(sd, recall);
	e = shopd_event(sd, EVENT_LEDGER);
	e.ledger.news = LEDGER_WELL;
	e.ledger.remembered = recall->remembered;
	shopd_step(sd, &e);
	tell_lost(sd, lost);
	nights_recall(sd, recall);
}

static void failing(struct shopd *sd)
{
	struct event e = shopd_event(sd, EVENT_LEDGER);

	e.ledger.news = LEDGER_FULL;
	shopd_step(sd, &e);
}

static void on_full(struct shopd *sd)
{
	journal_line(sd, "ledger: the disk is full: no entry and no purchase until there is room");
	replies_refuse(sd);
	books_reset(sd);
	failing(sd);
}

static void news(struct shopd *sd)
{
	struct mono now = loop_mono();

	if (mono_due(now, mono_add(sd->news_at, NEWS_MS))) {
		sd->news_at = now;
		counter_news(sd);
	} else {
		timer_arm(sd->news_timer, mono_add(sd->news_at, NEWS_MS));
	}
}

static void on_news_timer(void *data)
{
	struct shopd *sd = data;

	sd->news_at = loop_mono();
	counter_news(sd);
}

static void on_committed(struct shopd *sd, const struct report *report)
{
	CHECK(report->ticket >= sd->committed);
	sd->committed = report->ticket;
	sd->head_seq = report->head_seq;
	sd->counts.commits++;
	disk_committed(sd, report->commit_us);
	replies_committed(sd);
	kiosk_committed(sd);
	books_committed(sd);
	tell_lost(sd, report->rows_lost);
	news(sd);
	office_committed(sd);
}

/* What the desk has written moves the head as well: whoever listens is told. */
static void on_desk(struct shopd *sd, const struct report *report)
{
	bool moved = report->head_seq > sd->head_seq;

	if (moved)
		sd->head_seq = report->head_seq;
	desk_report(sd, report->desk);
	if (moved) {
		news(sd);
		office_committed(sd);
	}
}

static void on_erased(struct shopd *sd, const struct report *report)
{
	if (report->head_seq > sd->head_seq) {
		sd->head_seq = report->head_seq;
		news(sd);
		office_committed(sd);
	}
	erased(sd, true);
}

static void on_reports(void *data, int fd, uint32_t events)
{
	struct shopd *sd = data;
	struct report report;

	(void)fd;
	(void)events;
	while (sd->ledger && ledger_report(sd->ledger, &report)) {
		switch (report.kind) {
		case REPORT_COMMITTED:
			on_committed(sd, &report);
			break;
		case REPORT_FULL:
			on_full(sd);
			break;
		case REPORT_WELL:
			journal_line(sd, "ledger: well again");
			well(sd, report.recall, report.rows_lost);
			ledger_recall_free(report.recall);
			break;
		case REPORT_VISIT:
			books_loaded(sd, &report);
			free(report.book);
			break;
		case REPORT_ERASED:
			on_erased(sd, &report);
			break;
		case REPORT_DESK:
			on_desk(sd, &report);
			break;
		}
	}
}

static MUST_CHECK int keep_watch(struct shopd *sd)
{
	return watch_add(sd->loop, ledger_fd(sd->ledger), EPOLLIN, WATCH_NORMAL, on_reports, sd,
			 &sd->ledger_watch);
}

/* --- a ledger that would not open
 * ------------------------------------------------------------------------ */

static void *open_again(void *data)
{
	char why[200] = "";
	uint64_t one = 1;

	(void)data;
	opener.result = ledger_open(opener.sd->config.state, loop_wall(), &opener.ledger,
				    &opener.recall, why);
	if (write(opener.fd, &one, sizeof(one)) != sizeof(one))
		panic(__FILE__, __LINE__, "eventfd");
	return NULL;
}

static void on_open_timer(void *data)
{
	struct shopd *sd = data;

	opener.running = pthread_create(&opener.thread, NULL, open_again, NULL) == 0;
	if (!opener.running)
		timer_arm(opener.timer, mono_add(loop_mono(), LEDGER_RETRY_MS));
	(void)sd;
}

/* What was kept, in its order. */
static void backlog_write(struct shopd *sd)
{
	if (opener.kept == 0)
		return;
	sd->ticket++;
	for (uint32_t i = 0; i < opener.kept; i++)
		if (!ledger_push(sd->ledger, &opener.backlog[i], sd->ticket))
			opener.lost++;
	opener.kept = 0;
	ledger_flush(sd->ledger);
}

/* What was kept goes first; then the core hears what the ledger remembers. The clock is judged anew
 * by the ledger's floor, unless a person has vouched for it meanwhile. */
static void on_opened(void *data, int fd, uint32_t events)
{
	struct shopd *sd = data;
	uint64_t value;

	(void)events;
	if (read(fd, &value, sizeof(value)) != sizeof(value))
		return;
	CHECK(pthread_join(opener.thread, NULL) == 0);
	opener.running = false;
	if (opener.result < 0) {
		timer_arm(opener.timer, mono_add(loop_mono(), LEDGER_RETRY_MS));
		failing(sd); /* it may have been away, of which there is no alarm */
		return;
	}
	sd->ledger = opener.ledger;
	CHECK(keep_watch(sd) == 0);
	if (!sd->clock_vouched) {
		sd->clock_floor = opener.recall->clock_floor;
		sd->clock_trusted = false;
	}
	backlog_write(sd);
	journal_line(sd, "ledger: open");
	well(sd, opener.recall, opener.lost);
	opener.lost = 0;
	office_recall(sd, opener.recall);
	ledger_recall_free(opener.recall);
}

static MUST_CHECK int opener_start(struct shopd *sd)
{
	int r;

	opener.sd = sd;
	opener.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (opener.fd < 0)
		return -errno;
	r = watch_add(sd->loop, opener.fd, EPOLLIN, WATCH_NORMAL, on_opened, sd, &opener.watch);
	if (r < 0)
		return r;
	r = timer_add(sd->loop, WATCH_NORMAL, 0, on_open_timer, sd, &opener.timer);
	if (r == 0)
		timer_arm(opener.timer, mono_add(loop_mono(), LEDGER_RETRY_MS));
	return r;
}

/* What was queued is still written by whoever closes it; whoever waited for its answer comes again
 * with the same key. */
bool keep_release(struct shopd *sd, struct ledger **ret)
{
	struct event e;

	if (opener.running)
		return false;
	if (opener.timer)
		timer_arm(opener.timer, MONO_NEVER);
	watch_free(sd->ledger_watch);
	sd->ledger_watch = NULL;
	*ret = sd->ledger;
	sd->ledger = NULL;
	sd->committed = sd->ticket;
	replies_refuse(sd);
	books_reset(sd);
	desk_forget(sd);
	erased(sd, false);
	e = shopd_event(sd, EVENT_LEDGER);
	e.ledger.news = LEDGER_AWAY;
	shopd_step(sd, &e);
	return true;
}

void keep_reopen(struct shopd *sd)
{
	int r = opener.fd < 0 ? opener_start(sd) : 0;

	CHECK(!sd->ledger && !opener.running);
	if (r == 0)
		timer_arm(opener.timer, loop_mono());
	else
		journal_line(sd, "ledger: cannot be opened again before a restart: %s",
			     strerror(-r));
}

int keep_start(struct shopd *sd)
{
	struct event e;
	struct recall *recall = NULL;
	char why[200] = "";
	int r = timer_add(sd->loop, WATCH_IDLE, 0, on_news_timer, sd, &sd->news_timer);

	if (r < 0)
		return r;
	r = ledger_open(sd->config.state, loop_wall(), &sd->ledger, &recall, why);
	if (r < 0) {
		sd->ledger = NULL;
		journal_line(sd, "ledger: %s", why);
		r = opener_start(sd);
	} else {
		sd->clock_floor = recall->clock_floor;
		cards_recall(sd, recall);
		accounts_balances(sd, recall);
		accounts_visits(sd, recall);
		r = keep_watch(sd);
	}
	if (r < 0)
		return r;
	e = shopd_event(sd, EVENT_START);
	sd->clock_news = false; /* the start's own row says it */
	if (recall)
		e.start.remembered = recall->remembered;
	memcpy(e.start.boot_id, sd->boot_id, sizeof(e.start.boot_id));
	e.start.utc_offset_min = time_utc_offset(sd, e.now.wall);
	shopd_step(sd, &e);
	if (recall) {
		nights_recall(sd, recall);
		office_recall(sd, recall);
		ledger_recall_free(recall);
	}
	return 0;
}

/* It had opened when we were told to end: what was kept is still written. */
static void opener_stop(struct shopd *sd)
{
	if (opener.running && pthread_join(opener.thread, NULL) == 0 && opener.result == 0) {
		sd->ledger = opener.ledger;
		backlog_write(sd);
		ledger_recall_free(opener.recall);
	}
	watch_free(opener.watch);
	timer_free(opener.timer); /* NULL is fine */
	if (opener.fd >= 0)
		close(opener.fd);
	opener.watch = NULL;
	opener.timer = NULL;
	opener.fd = -1;
	opener.running = false;
	opener.kept = opener.lost = 0;
}

void keep_stop(struct shopd *sd)
{
	opener_stop(sd);
	watch_free(sd->ledger_watch);
	timer_free(sd->news_timer);
	if (sd->ledger)
		ledger_stop(sd->ledger);
	sd->ledger = NULL;
}
