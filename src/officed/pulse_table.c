/*
 * pulse_table.c: heartbeats in the database, and the judgement on them, on a worker. Silence is
 * one UPDATE that only one officed can make; whoever makes it tells people, in the same
 * transaction.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "officed/notice.h"
#include "officed/pulse.h"
#include "officed/unanswered.h"

enum {
	AT_ONCE = 8,	  /* rows of one statement */
	JUDGED_MAX = 200, /* shops that one judgement names: the next one is a second later */
	PER_ROW = 3,
};

#define UPSERT_HEAD "INSERT INTO shop_seen(shop, seen_at, said, silent_since) VALUES"
#define UPSERT_TAIL                                                                                \
	" ON CONFLICT(shop) DO UPDATE SET seen_at = excluded.seen_at, said = excluded.said WHERE " \
	"shop_seen.seen_at < excluded.seen_at OR shop_seen.seen_at > excluded.seen_at + 60000"

static const char upsert_one[] = UPSERT_HEAD "($1,$2,$3,0)" UPSERT_TAIL;
static const char upsert_many[] = UPSERT_HEAD
	"($1,$2,$3,0),($4,$5,$6,0),($7,$8,$9,0),($10,$11,$12,0),($13,$14,$15,0),($16,$17,$18,0),"
	"($19,$20,$21,0),($22,$23,$24,0)" UPSERT_TAIL;

struct writing {
	const struct beat *beat;
	uint32_t beats;
};

static void values_of(const struct beat *b, uint32_t beats, struct db_value *value)
{
	for (uint32_t i = 0; i < beats; i++) {
		value[PER_ROW * i] = db_text(b[i].shop);
		value[PER_ROW * i + 1] = db_int(b[i].at.ms);
		value[PER_ROW * i + 2] = db_bytes(b[i].said, b[i].said_len);
	}
}

static int write_work(struct db *d, void *data)
{
	const struct writing *w = data;
	struct db_value value[PER_ROW * AT_ONCE];
	uint32_t i = 0;

	for (; i + AT_ONCE <= w->beats; i += AT_ONCE) {
		values_of(&w->beat[i], AT_ONCE, value);
		db_do(d, upsert_many, PER_ROW * AT_ONCE, value);
	}
	for (; i < w->beats; i++) {
		values_of(&w->beat[i], 1, value);
		db_do(d, upsert_one, PER_ROW, value);
	}
	return db_failed(d);
}

static int by_shop(const void *a, const void *b)
{
	return strcmp(((const struct beat *)a)->shop, ((const struct beat *)b)->shop);
}

int pulse_write(struct office *o, const struct beat *beat, uint32_t beats)
{
	struct beat *sorted;
	struct writing w;
	int r;

	if (beats == 0)
		return 0;
	sorted = malloc(beats * sizeof(*sorted));
	CHECK(sorted != NULL);
	memcpy(sorted, beat, beats * sizeof(*sorted));
	/* two officed that write the same shops take the rows in the same order */
	qsort(sorted, beats, sizeof(*sorted), by_shop);
	w = (struct writing){sorted, beats};
	r = db_transact(o->db, write_work, &w);
	free(sorted);
	return r;
}

/* ---- shops whose texts do not leave ---- */

struct mute {
	struct office *o;
	const struct beat *beat;
	uint32_t beats;
	struct wall now;
	uint32_t count;
	char shop[JUDGED_MAX][PLACE_MAX_LEN + 1]; /* told so, in order */
};

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

static int mute_work(struct db *d, void *data)
{
	struct mute *m = data;
	struct db_rows *rows;

	db_ask(d, &rows,
	       "SELECT shop FROM notice WHERE over_at = 0 AND kind = $1 ORDER BY shop LIMIT 200",
	       DB_VALUES(db_int(NOTICE_NO_TEXTS)));
	for (m->count = 0; db_next(rows) && m->count < JUDGED_MAX; m->count++)
		snprintf(m->shop[m->count], sizeof(m->shop[0]), "%s", db_col_text(rows, 0));
	db_rows_end(rows);
	for (uint32_t i = 0; i < m->beats; i++) {
		const struct beat *b = &m->beat[i];
		struct sync_heartbeat h;
		bool told = bsearch(b->shop, m->shop, m->count, sizeof(m->shop[0]), by_name);

		if (sync_heartbeat_take((struct span){b->said, b->said_len}, &h) &&
		    h.sms_ok == told)
			unanswered_texts(m->o, b->shop, h.sms_ok, m->now);
	}
	return db_failed(d);
}

int pulse_texts(struct office *o, const struct beat *beat, uint32_t beats, struct wall now)
{
	struct mute *m;
	int r;

	if (beats == 0)
		return 0;
	m = calloc(1, sizeof(*m));
	CHECK(m != NULL);
	m->o = o;
	m->beat = beat;
	m->beats = beats;
	m->now = now;
	r = db_transact(o->db, mute_work, m);
	free(m);
	return r;
}

/* ---- the judgement ---- */

struct judged {
	char shop[PLACE_MAX_LEN + 1];
	int64_t seen_at, silent_since;
};

struct judging {
	struct office *o;
	struct wall now;
	uint32_t count;
	struct judged shop[JUDGED_MAX];
};

static void judged_read(struct judging *g, struct db_rows *rows)
{
	g->count = 0;
	while (db_next(rows) && g->count < JUDGED_MAX) {
		struct judged *s = &g->shop[g->count++];

		snprintf(s->shop, sizeof(s->shop), "%s", db_col_text(rows, 0));
		s->seen_at = db_col_int(rows, 1);
		s->silent_since = db_col_int(rows, 2);
	}
	db_rows_end(rows);
}

/** Fallen silent: whoever moves silent_since from 0 tells. */
static int silent_work(struct db *d, void *data)
{
	struct judging *g = data;
	int64_t before = g->now.ms - SYNC_SILENT_MS - PULSE_GRACE_MS;
	struct db_rows *rows;

	db_ask(d, &rows,
	       "SELECT s.shop, s.seen_at, 0 FROM shop_seen s JOIN shop h ON h.shop = s.shop WHERE "
	       "s.silent_since = 0 AND s.seen_at < $1 AND h.state = 1 ORDER BY s.shop LIMIT 200",
	       DB_VALUES(db_int(before)));
	judged_read(g, rows);
	for (uint32_t i = 0; i < g->count; i++) {
		const struct judged *s = &g->shop[i];
		char detail[80], at[WALL_TEXT_SIZE];

		if (db_do(d,
			  "UPDATE shop_seen SET silent_since = seen_at WHERE shop = $1 AND "
			  "silent_since = 0 AND seen_at < $2",
			  DB_VALUES(db_text(s->shop), db_int(before))) != 1)
			continue;
		wall_text((struct wall){s->seen_at}, at);
		snprintf(detail, sizeof(detail), "No heartbeat since %s.", at);
		notice_raise(g->o, s->shop, NOTICE_SILENT, detail, (struct wall){s->seen_at},
			     g->now);
	}
	return db_failed(d);
}

/** Heard again. */
static int back_work(struct db *d, void *data)
{
	struct judging *g = data;
	struct db_rows *rows;

	db_ask(d, &rows,
	       "SELECT shop, seen_at, silent_since FROM shop_seen WHERE silent_since > 0 AND "
	       "seen_at > silent_since ORDER BY shop LIMIT 200",
	       0, NULL);
	judged_read(g, rows);
	for (uint32_t i = 0; i < g->count; i++) {
		const struct judged *s = &g->shop[i];
		int64_t minutes = (s->seen_at - s->silent_since + 59999) / 60000;
		char detail[80];

		if (db_do(d,
			  "UPDATE shop_seen SET silent_since = 0 WHERE shop = $1 AND silent_since "
			  "= $2",
			  DB_VALUES(db_text(s->shop), db_int(s->silent_since))) != 1)
			continue;
		snprintf(detail, sizeof(detail), " Heard again; it was silent for %lld min.",
			 (long long)minutes);
		notice_end(g->o, s->shop, NOTICE_SILENT, detail, minutes, (struct wall){s->seen_at},
			   true);
	}
	return db_failed(d);
}

int pulse_judge(struct office *o, struct wall now)
{
	struct judging *g = calloc(1, sizeof(*g));
	int r;

	CHECK(g != NULL);
	g->o = o;
	g->now = now;
	r = db_transact(o->db, back_work, g);
	if (r == 0)
		r = db_transact(o->db, silent_work, g);
	free(g);
	return r;
}
