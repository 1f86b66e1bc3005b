/*
 * keep.c: rows that have done their work: proofs of writes that have expired, claim codes, texts
 * and webhooks that have left, changes that every shop has long had. A round takes a bounded number
 * of them, so that nobody waits for it; it comes again at once while there is more, else in some
 * minutes. Before the first of them shops are told of keys that are new (feed_keys.c).
 */
#include "officed/keep.h"

#include <errno.h>
#include <stdlib.h>

#include "officed/feed.h"
#include "officed/people.h"

#define ROUND_MS   (10 * 60 * 1000)
#define SOON_MS	   1000
#define DAY_MS	   INT64_C(86400000)
#define TEXTS_DAYS 30
#define TAKEN_DAYS 7  /* that a webhook has had what it was told */
#define GIVEN_DAYS 90 /* that it has not: an operator may enable it and have it told again */

struct keep {
	struct job job;
	struct timer *timer;
	struct work *work;
	bool told; /* the office's keys, to its shops: that comes first */
	bool more, stopped;
};

struct tidying {
	struct wall now;
	int64_t rows;
};

static int tidy_work(struct db *d, void *data)
{
	struct tidying *t = data;
	int64_t now = t->now.ms;

	/* a token is refused by its own times once it is older than this */
	t->rows = db_do(d,
			"DELETE FROM used_token WHERE (kid, cti) IN (SELECT kid, cti FROM "
			"used_token WHERE expires_at < $1 LIMIT 5000)",
			DB_VALUES(db_int(now - DAY_MS)));
	t->rows += db_do(d, "DELETE FROM claim WHERE expires_at < $1",
			 DB_VALUES(db_int(now - 7 * DAY_MS)));
	t->rows += db_do(d,
			 "DELETE FROM text_out WHERE (shop, n, contact) IN (SELECT shop, n, "
			 "contact FROM text_out WHERE due_at = 0 AND made_at < $1 LIMIT 5000)",
			 DB_VALUES(db_int(now - TEXTS_DAYS * DAY_MS)));
	t->rows += db_do(d, "DELETE FROM recovery WHERE asked_at < $1",
			 DB_VALUES(db_int(now - DAY_MS)));
	t->rows += db_do(
		d,
		"DELETE FROM hook_out WHERE (shop, id, hook) IN (SELECT shop, id, hook FROM "
		"hook_out WHERE due_at = 0 AND (made_at < $2 OR (made_at < $1 AND outcome = "
		"'taken')) LIMIT 5000)",
		DB_VALUES(db_int(now - TAKEN_DAYS * DAY_MS), db_int(now - GIVEN_DAYS * DAY_MS)));
	return db_failed(d);
}

int keep_tidy(struct office *o, struct wall now, bool *ret_more)
{
	struct tidying t = {.now = now};
	int r = db_transact(o->db, tidy_work, &t);
	int64_t forgotten = r == 0 ? feed_trim(o, now) : 0;
	int64_t people = r == 0 ? people_forget(o, now) : 0;

	db_scrub(o->db);
	if (r < 0 || forgotten < 0 || people < 0)
		return r < 0 ? r : (int)(forgotten < 0 ? forgotten : people);
	*ret_more = t.rows >= 5000 || forgotten > 0;
	return 0;
}

static void keep_run(struct office *o, struct job *j)
{
	struct keep *k = j->data;

	k->more = false;
	if (k->told) {
		j->result = keep_tidy(o, loop_wall(), &k->more);
		return;
	}
	j->result = feed_key_set(o, loop_wall(), true);
	k->told = j->result == 0;
}

static void keep_done(struct job *j)
{
	struct keep *k = j->data;
	bool soon = !k->told || (j->result == 0 && k->more);

	if (!k->stopped)
		timer_arm(k->timer, mono_add(loop_mono(), soon ? SOON_MS : ROUND_MS));
}

static void on_time(void *data)
{
	struct keep *k = data;

	if (!k->stopped && !work_add(k->work, WORK_OWN, &k->job))
		timer_arm(k->timer, mono_add(loop_mono(), k->told ? ROUND_MS : SOON_MS));
}

int keep_open(struct loop *loop, struct work *work, struct keep **ret)
{
	struct keep *k = calloc(1, sizeof(*k));
	int r;

	if (k == NULL)
		return -ENOMEM;
	k->work = work;
	k->job = (struct job){.run = keep_run, .done = keep_done, .data = k};
	r = timer_add(loop, WATCH_IDLE, 1000, on_time, k, &k->timer);
	if (r < 0) {
		keep_free(k);
		return r;
	}
	timer_arm(k->timer, loop_mono()); /* before there is much to do */
	*ret = k;
	return 0;
}

void keep_stop(struct keep *k)
{
	if (k != NULL)
		k->stopped = true;
}

void keep_free(struct keep *k)
{
	if (k == NULL)
		return;
	timer_free(k->timer);
	free(k);
}
