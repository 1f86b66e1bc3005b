/*
 * fleet.c: the look. Whatever changes a shop's row draws a number from one counter inside its
 * transaction, which holds the counter to its end: numbers become visible in their order, and
 * "changed after the last I saw" misses nothing. Many shops may carry one number (a price that goes
 * to all), so a look goes on after (number, name).
 */
#include "officed/fleet.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/es256.h"
#include "officed/schema.h"

#define PLACES_MIN 256 /* of the table; it doubles when it is full */

struct row {
	char shop[PLACE_MAX_LEN + 1];
	enum shop_state state;
	struct public_key key;
	int64_t epoch, feed_to, changed;
};

struct fleet {
	struct job job;
	struct loop *loop;
	struct work *work;
	struct fleet_listener listener;
	struct timer *timer;
	struct shop_now **place;
	uint32_t places, shops;
	bool looking, complete, told_away;
	struct mono heard_at;
	uint64_t begun, ended; /* looks */
	bool again;	       /* at once when the running one is back */
	/* the last row seen, and what the running look has found */
	int64_t changed, turn;
	char shop[PLACE_MAX_LEN + 1];
	uint32_t rows;
	struct row row[FLEET_ROWS_MAX];
};

/* ---- the table ---- */

static uint32_t hash_of(const char *shop)
{
	uint32_t h = 2166136261U;

	for (; *shop != '\0'; shop++)
		h = (h ^ (uint8_t)*shop) * 16777619U;
	return h;
}

struct shop_now *fleet_find(const struct fleet *f, const char *shop)
{
	struct shop_now *s = f->place[hash_of(shop) & (f->places - 1)];

	while (s != NULL && strcmp(s->shop, shop) != 0)
		s = s->next;
	return s;
}

uint32_t fleet_shops(const struct fleet *f)
{
	return f->shops;
}

static void place_put(struct shop_now **place, uint32_t places, struct shop_now *s)
{
	struct shop_now **at = &place[hash_of(s->shop) & (places - 1)];

	s->next = *at;
	*at = s;
}

static void grow(struct fleet *f)
{
	uint32_t places = 2 * f->places;
	struct shop_now **place = calloc(places, sizeof(struct shop_now *));

	if (place == NULL)
		return; /* slower, not wrong */
	for (uint32_t i = 0; i < f->places; i++) {
		struct shop_now *s = f->place[i], *next;

		for (; s != NULL; s = next) {
			next = s->next;
			place_put(place, places, s);
		}
	}
	free(f->place);
	f->place = place;
	f->places = places;
}

static struct shop_now *shop_add(struct fleet *f, const char *shop)
{
	struct shop_now *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	memcpy(s->shop, shop, sizeof(s->shop));
	if (f->shops >= f->places)
		grow(f);
	place_put(f->place, f->places, s);
	f->shops++;
	return s;
}

/* ---- the look ---- */

static int look_work(struct db *d, void *data)
{
	struct fleet *f = data;
	struct db_rows *rows;
	int64_t turn = 0;

	f->rows = 0;
	(void)db_one(d, &turn, "SELECT n FROM counter WHERE name = 'fleet' LIMIT 1", 0, NULL);
	if (db_failed(d) < 0)
		return db_failed(d);
	if (turn < f->turn)
		f->changed = -1; /* it was restored from a backup: all of it is news */
	f->turn = turn;
	db_ask(d, &rows,
	       "SELECT shop, state, key, epoch, feed_to, changed FROM shop WHERE changed > $1 OR "
	       "(changed = $1 AND shop > $2) ORDER BY changed, shop LIMIT 1000",
	       DB_VALUES(db_int(f->changed), db_text(f->shop)));
	while (db_next(rows) && f->rows < FLEET_ROWS_MAX) {
		struct row *r = &f->row[f->rows++];
		struct span key = db_col_bytes(rows, 2);

		*r = (struct row){.state = (enum shop_state)db_col_int(rows, 1),
				  .epoch = db_col_int(rows, 3),
				  .feed_to = db_col_int(rows, 4),
				  .changed = db_col_int(rows, 5)};
		snprintf(r->shop, sizeof(r->shop), "%s", db_col_text(rows, 0));
		if (key.len == sizeof(r->key))
			memcpy(&r->key, key.data, sizeof(r->key));
	}
	db_rows_end(rows);
	return db_failed(d);
}

static void look_run(struct office *o, struct job *j)
{
	j->result = db_read(o->db, look_work, j->data);
}

static void look_start(struct fleet *f)
{
	f->looking = work_add(f->work, WORK_OWN, &f->job);
	f->again = false;
	if (f->looking)
		f->begun++;
	else
		timer_arm(f->timer, mono_add(loop_mono(), FLEET_LOOK_MS));
}

static void row_take(struct fleet *f, const struct row *r)
{
	struct shop_now *s = fleet_find(f, r->shop);

	if (s == NULL)
		s = shop_add(f, r->shop);
	f->changed = r->changed;
	memcpy(f->shop, r->shop, sizeof(f->shop));
	if (s == NULL)
		return; /* no memory: unknown until it changes again */
	s->state = r->state;
	s->key = r->key;
	s->kid = kid_of(&r->key);
	s->epoch = (uint32_t)r->epoch;
	s->feed_to = (uint64_t)r->feed_to;
	f->listener.changed(f->listener.data, s);
}

static void look_done(struct job *j)
{
	struct fleet *f = j->data;
	bool more = f->rows == FLEET_ROWS_MAX;

	f->looking = false;
	f->ended = f->begun;
	if (j->result == -ECANCELED)
		return;
	if (j->result < 0) {
		if (!f->told_away)
			fprintf(stderr, "officed: the database does not answer: %s\n",
				strerrordesc_np(-j->result));
		f->told_away = true;
		timer_arm(f->timer, mono_add(loop_mono(), FLEET_LOOK_MS));
		f->listener.looked(f->listener.data, false);
		return;
	}
	if (f->told_away)
		fprintf(stderr, "officed: the database answers again\n");
	f->told_away = false;
	for (uint32_t i = 0; i < f->rows; i++)
		row_take(f, &f->row[i]);
	f->heard_at = loop_mono();
	if (more) {
		look_start(f);
		return;
	}
	f->complete = true;
	if (f->again)
		look_start(f);
	else
		timer_arm(f->timer, mono_add(f->heard_at, FLEET_LOOK_MS));
	f->listener.looked(f->listener.data, true);
}

static void on_time(void *data)
{
	struct fleet *f = data;

	if (!f->looking)
		look_start(f);
}

uint64_t fleet_look(struct fleet *f)
{
	uint64_t wanted = f->begun + 1;

	if (f->looking)
		f->again = true; /* the running one may have begun before */
	else
		look_start(f);
	return wanted;
}

uint64_t fleet_looked(const struct fleet *f)
{
	return f->ended;
}

bool fleet_heard(const struct fleet *f)
{
	return f->complete && loop_mono().ms - f->heard_at.ms < FLEET_LATE_MS;
}

int fleet_open(struct loop *loop, struct work *work, const struct fleet_listener *listener,
	       struct fleet **ret)
{
	struct fleet *f = calloc(1, sizeof(*f));
	int r;

	if (f == NULL)
		return -ENOMEM;
	f->places = PLACES_MIN;
	f->place = calloc(f->places, sizeof(struct shop_now *));
	f->loop = loop;
	f->work = work;
	f->listener = *listener;
	f->changed = -1;
	f->job = (struct job){.run = look_run, .done = look_done, .data = f};
	r = f->place != NULL ? timer_add(loop, WATCH_NORMAL, 0, on_time, f, &f->timer) : -ENOMEM;
	if (r < 0) {
		fleet_close(f);
		return r;
	}
	timer_arm(f->timer, loop_mono());
	*ret = f;
	return 0;
}

void fleet_close(struct fleet *f)
{
	if (f == NULL)
		return;
	for (uint32_t i = 0; f->place != NULL && i < f->places; i++) {
		struct shop_now *s = f->place[i], *next;

		for (; s != NULL; s = next) {
			next = s->next;
			free(s->said);
			free(s);
		}
	}
	free(f->place);
	timer_free(f->timer);
	free(f);
}
