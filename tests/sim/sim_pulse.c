/*
 * sim_pulse.c: days of heartbeats over a network that loses packets (design 5): nobody may
 * be called silent who is not, and who is must be told of within a minute.
 *
 * What decides is the product's own: courierd's plan.c says when a heartbeat leaves and when it is
 * given up, officed's pulse_table.c writes it down and judges, by its own SQL. What is made up is
 * the network between them, packet by packet: each is lost with the same chance, and TCP sends it
 * again after RFC 6298's time-outs, without any of the tricks that make it faster; a request is
 * given up after HTTP_TOTAL_MS, and a connection that failed is made anew, TLS included.
 *
 *   sim_pulse [--days 10] [--loss 5] [--seeds 2]
 *
 * Then the line is cut at many moments, for real: the time until the words of the text stand in the
 * office's table is measured against the minute. And the control: with a network that loses most of
 * its packets the same simulation must find silence, or it could not find any.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/check.h"
#include "courierd/plan.h"
#include "net/http_client.h"
#include "officed/office.h"
#include "officed/pulse.h"
#include "officed/schema.h"

enum {
	ONE_WAY_MS = 40,	/* to the office; a country's net and a little */
	FIRST_RTO_MS = 1000,	/* RFC 6298 2: of a SYN, and before a round trip was measured */
	RTO_MS = 300,		/* round trip, four deviations, at least 200 (Linux) */
	SETTLED_MS = 120000,	/* the road is good again for so long before the next cut */
	JUDGED_EVERY_MS = 1000, /* PULSE_WRITE_MS */
	DAYS = 10,		/* thirty in `make bench` */
	CUTS = 500,
	CUT_MS = 90000,
	SEND_MS = 2000, /* the office's sender looks for texts once a second; and the gateway's */
	TOLD_WITHIN_MS = 60000,
};

struct world {
	struct office office;
	struct config *config;
	struct plan plan;
	uint64_t random;
	uint32_t loss_bp; /* of 10000 packets */
	bool connected;
	int64_t now;	     /* ms */
	int64_t heard_until; /* heartbeats that have left arrive at the latest by then */
	int64_t judged_at, last_heard;
	int64_t cut_from, cut_to; /* nothing arrives between */
	uint64_t beats, heard, lost;
	char folder[32], file[48];
};

static uint64_t draw(struct world *w)
{
	uint64_t z = w->random += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* --- the network */

static bool arrives(struct world *w, int64_t at)
{
	if (at >= w->cut_from && at < w->cut_to)
		return false;
	return draw(w) % 10000 >= w->loss_bp;
}

/* `packets` one way: when the last of them is there, each sent again until it is. Past `until` it
 * does not matter any more. */
static int64_t flight(struct world *w, int64_t from, uint32_t packets, int64_t rto, int64_t until)
{
	int64_t last = from;

	for (uint32_t i = 0; i < packets; i++) {
		int64_t sent = from, pause = rto;

		while (sent <= until && !arrives(w, sent)) {
			sent += pause;
			pause *= 2;
		}
		if (sent + ONE_WAY_MS > last)
			last = sent + ONE_WAY_MS;
	}
	return last;
}

/* There and back, where the answer's loss is found out by who asked. */
static int64_t exchange(struct world *w, int64_t from, uint32_t there, uint32_t back, int64_t rto,
			int64_t until)
{
	return flight(w, flight(w, from, there, rto, until), back, rto, until);
}

/* A heartbeat leaves at `from`: *ret_heard is when the office has all of it (or past `until`), the
 * result when the answer is here. */
static int64_t request(struct world *w, int64_t from, int64_t *ret_heard)
{
	int64_t until = from + HTTP_TOTAL_MS, at = from;

	if (!w->connected) {
		at = exchange(w, at, 1, 1, FIRST_RTO_MS, from + HTTP_CONNECT_MS); /* SYN */
		at = exchange(w, at, 1, 3, RTO_MS, from + HTTP_CONNECT_MS);	  /* TLS 1.3 */
		if (at > from + HTTP_CONNECT_MS) {
			*ret_heard = INT64_MAX;
			return INT64_MAX;
		}
	}
	*ret_heard = flight(w, at, 2, RTO_MS, until);
	return flight(w, *ret_heard, 1, RTO_MS, until);
}

/* --- the office */

static void office_hears(struct world *w, int64_t at)
{
	uint8_t said[SYNC_HEARTBEAT_MAX];
	struct builder b = builder_of(said, sizeof(said));
	struct sync_heartbeat h = {.epoch = 1, .sms_ok = true, .ledger_ok = true};
	struct beat beat = {.shop = "viken", .at = {at}, .said = said};

	snprintf(h.version, sizeof(h.version), "1");
	sync_heartbeat_put(&b, &h);
	CHECK(!b.failed);
	beat.said_len = (uint16_t)b.len;
	CHECK(pulse_write(&w->office, &beat, 1) == 0);
	w->last_heard = at;
	w->heard++;
}

/* The office judges each second. A judgement within what a heartbeat's pause may be finds nothing,
 * by its own words; those are left out but for one in a hundred. */
static void judge_until(struct world *w, int64_t to)
{
	for (; w->judged_at + JUDGED_EVERY_MS <= to; w->judged_at += JUDGED_EVERY_MS) {
		int64_t at = w->judged_at + JUDGED_EVERY_MS;

		if (at - w->last_heard < SYNC_SILENT_MS - 5000 && at / JUDGED_EVERY_MS % 100 != 0 &&
		    w->judged_at - w->last_heard > 2 * JUDGED_EVERY_MS)
			continue;
		CHECK(pulse_judge(&w->office, (struct wall){at}) == 0);
	}
}

struct question {
	const char *sql;
	int64_t n;
};

static int in_question(struct db *d, void *data)
{
	struct question *q = data;

	CHECK(db_one(d, &q->n, q->sql, 0, NULL));
	return db_failed(d);
}

static int64_t ask_number(struct world *w, const char *sql)
{
	struct question q = {.sql = sql};

	CHECK(db_read(w->office.db, in_question, &q) == 0);
	return q.n;
}

static int in_transaction(struct db *d, void *data)
{
	db_do(d, data, 0, NULL);
	return db_failed(d);
}

static void office_do(struct world *w, const char *sql)
{
	CHECK(db_transact(w->office.db, in_transaction, (void *)(uintptr_t)sql) == 0);
}

/* --- the shop */

struct flying {
	bool is;
	int64_t heard, answered; /* INT64_MAX: never */
};

/* One turn: whatever is due until `end`. */
static void live(struct world *w, int64_t end)
{
	struct flying flying[2] = {{0}}; /* LANE_PULSE, LANE_PULSE_TOO */

	while (w->now < end) {
		int64_t next = plan_deadline(&w->plan).ms;
		enum lane lane;

		for (int i = 0; i < 2; i++) {
			struct flying *f = &flying[i];

			if (!f->is)
				continue;
			if (f->heard <= w->now) {
				judge_until(w, f->heard);
				office_hears(w, f->heard);
				f->heard = INT64_MAX;
			}
			if (f->answered <= w->now) {
				f->is = false;
				plan_answer(&w->plan, (struct mono){w->now},
					    i ? LANE_PULSE_TOO : LANE_PULSE,
					    w->connected ? WENT_WELL : WENT_LOST, -1, "", "");
				next = plan_deadline(&w->plan).ms;
			}
			if (f->is && f->answered < next)
				next = f->answered;
			if (f->is && f->heard < next)
				next = f->heard;
		}
		while (plan_next(&w->plan, (struct mono){w->now}, &lane)) {
			struct flying *f = &flying[lane == LANE_PULSE_TOO];
			int64_t answered;

			if (lane != LANE_PULSE && lane != LANE_PULSE_TOO) {
				/* the feed's poll and the like: a road of their own */
				plan_answer(&w->plan, (struct mono){w->now}, lane, WENT_WELL, 50,
					    "", "");
				continue;
			}
			w->beats++;
			f->is = true;
			answered = request(w, w->now, &f->heard);
			if (f->heard > w->now + HTTP_TOTAL_MS)
				f->heard = INT64_MAX;
			w->connected = answered <= w->now + HTTP_TOTAL_MS;
			w->lost += !w->connected;
			f->answered = w->connected ? answered : w->now + HTTP_TOTAL_MS;
		}
		next = plan_deadline(&w->plan).ms < next ? plan_deadline(&w->plan).ms : next;
		for (int i = 0; i < 2; i++) {
			if (flying[i].is && flying[i].answered < next)
				next = flying[i].answered;
			if (flying[i].is && flying[i].heard < next)
				next = flying[i].heard;
		}
		w->now = next > w->now ? next : w->now + 1;
		if (w->now > end)
			w->now = end;
		judge_until(w, w->now);
	}
}

/* The office's file: in memory where there is such a folder, for nothing here is about disks. */
static void place(struct world *w)
{
	snprintf(w->folder, sizeof(w->folder), "/dev/shm/sim-pulse-XXXXXX");
	if (mkdtemp(w->folder) == NULL) {
		snprintf(w->folder, sizeof(w->folder), "/tmp/sim-pulse-XXXXXX");
		CHECK(mkdtemp(w->folder) != NULL);
	}
	snprintf(w->file, sizeof(w->file), "%s/office.db", w->folder);
}

static void close_world(struct world *w)
{
	static const char *const ends[] = {"", "-wal", "-shm", "-lock"};
	char path[64];

	db_close(w->office.db);
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		snprintf(path, sizeof(path), "%s%s", w->file, ends[i]);
		(void)unlink(path);
	}
	CHECK(rmdir(w->folder) == 0);
}

static void open_world(struct world *w, uint64_t seed, uint32_t loss_bp)
{
	static struct message_sync sync;
	static struct config config;
	char why[DB_WHY_MAX];

	memset(w, 0, sizeof(*w));
	w->random = seed;
	w->loss_bp = loss_bp;
	w->cut_from = INT64_MAX;
	w->config = &config;
	config.sms.given = true;
	w->office.config = &config;
	place(w);
	CHECK(db_open(w->file, &w->office.db, why) == 0);
	CHECK(office_schema_ready(w->office.db, why) == 0);
	office_do(w, "INSERT INTO shop(shop, shop_group, title, language, currency, seller, state,"
		     " key, epoch, granted_at, head_seq, head_hash, head_at, took_at, feed_to,"
		     " feed_from, changed) VALUES('viken', '', 'Viken', 'sv', 'SEK', '{}', 1, '',"
		     " 1, 0, 0, '', 0, 0, 0, 0, 0)");
	office_do(w, "INSERT INTO shop_contact(shop, name, phone) VALUES('viken', 'anna',"
		     " '+46701234567')");
	w->now = w->judged_at = w->last_heard = INT64_C(1790000000000);
	sync.enrolled = 1;
	sync.epoch = 1;
	snprintf(sync.url, sizeof(sync.url), "https://office.example");
	plan_init(&w->plan, seed);
	plan_sync(&w->plan, (struct mono){w->now}, &sync);
}

static uint32_t passed, failed;

static void verdict(bool good, const char *what)
{
	printf("%s  %s\n", good ? "ok  " : "FAIL", what);
	passed += good;
	failed += !good;
}

static void a_month(uint64_t seed, int64_t days, uint32_t loss_bp)
{
	struct world w;
	char what[200];
	int64_t begin, silent;

	open_world(&w, seed, loss_bp);
	begin = w.now;
	live(&w, begin + days * 86400000);
	silent = ask_number(&w, "SELECT count(*) FROM notice WHERE kind = 1");
	snprintf(
		what, sizeof(what),
		"%lld days at %u.%02u %% packet loss: %llu heartbeats left, %llu heard, %llu given "
		"up; called silent %lld times (seed %llu)",
		(long long)days, loss_bp / 100, loss_bp % 100, (unsigned long long)w.beats,
		(unsigned long long)w.heard, (unsigned long long)w.lost, (long long)silent,
		(unsigned long long)seed);
	verdict(silent == 0 && w.heard >= (uint64_t)days * 5760 * 99 / 100, what);
	close_world(&w);
}

/* Cuts at random moments, each long enough to be one. */
static void cuts(uint64_t seed, uint32_t loss_bp)
{
	struct world w;
	char what[200];
	int64_t latest = 0;
	uint32_t told = 0;

	open_world(&w, seed, loss_bp);
	live(&w, w.now + SETTLED_MS);
	for (uint32_t i = 0; i < CUTS; i++) {
		int64_t made;

		w.cut_from = w.now + (int64_t)(draw(&w) % SYNC_HEARTBEAT_MS);
		w.cut_to = w.cut_from + CUT_MS;
		live(&w, w.cut_to);
		made = ask_number(&w, "SELECT coalesce(max(made_at), 0) FROM text_out WHERE n > 0");
		if (made >= w.cut_from) {
			told++;
			latest = made - w.cut_from > latest ? made - w.cut_from : latest;
		}
		live(&w, w.cut_to + SETTLED_MS);
		office_do(&w, "DELETE FROM text_out");
	}
	snprintf(what, sizeof(what),
		 "%u cuts of the line: %u told, the latest text after %lld.%03lld s and up to %d s "
		 "of sending (a minute is allowed)",
		 CUTS, told, (long long)(latest / 1000), (long long)(latest % 1000),
		 SEND_MS / 1000);
	verdict(told == CUTS && latest + SEND_MS <= TOLD_WITHIN_MS, what);
	close_world(&w);
}

/* With two of three packets lost nothing can be heard in time: the same simulation must say so. */
static void control(uint64_t seed)
{
	struct world w;
	char what[120];
	int64_t silent;

	open_world(&w, seed, 6500);
	live(&w, w.now + 86400000);
	silent = ask_number(&w, "SELECT count(*) FROM notice WHERE kind = 1");
	snprintf(what, sizeof(what), "control: a day at 65 %% loss is called silent, %lld times",
		 (long long)silent);
	verdict(silent > 0, what);
	close_world(&w);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {{"days", required_argument, NULL, 'd'},
						{"loss", required_argument, NULL, 'l'},
						{"seeds", required_argument, NULL, 's'},
						{0}};
	long days = DAYS, loss = 5, seeds = 1;
	int o;

	while ((o = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (o == '?') {
			fputs("usage: sim_pulse [--days N] [--loss PERCENT] [--seeds N]\n", stderr);
			return 2;
		}
		*(o == 'd' ? &days : o == 'l' ? &loss : &seeds) = strtol(optarg, NULL, 10);
	}
	for (long s = 1; s <= seeds; s++)
		a_month((uint64_t)s, days, (uint32_t)loss * 100);
	cuts(77, (uint32_t)loss * 100);
	control(78);
	printf("%u passed, %u failed\n", passed, failed);
	return failed ? 1 : 0;
}
