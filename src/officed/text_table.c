/*
 * text_table.c: rows of text_out, on a worker. A text is tried again ever more slowly for a day; it
 * is a notice when three tries failed or the gateway refused it, over when one to that shop has
 * left again.
 */
#include <stdio.h>
#include <string.h>

#include "officed/notice.h"
#include "officed/text_send.h"
#include "officed/texts.h"

enum {
	LEASE_MS = 60000,
	FIRST_MS = 5000,
	SLOWEST_MS = 15 * 60 * 1000,
	TRIES_TOLD = 3,
	STORM = 3, /* texts to one phone at once; past it one tells of all */
	TITLES_MAX = 80,
};
#define GIVE_UP_MS INT64_C(86400000)

struct lease {
	struct wall now;
	struct text_due *due;
	uint32_t count;
};

static void phone_read(struct db *d, struct text_due *t)
{
	struct db_rows *rows;

	t->phone[0] = '\0';
	db_ask(d, &rows,
	       "SELECT c.phone, s.language FROM shop_contact c JOIN shop s ON s.shop = c.shop "
	       "WHERE "
	       "c.shop = $1 AND c.name = $2 LIMIT 1",
	       DB_VALUES(db_text(t->shop), db_text(t->contact)));
	if (db_next(rows)) {
		snprintf(t->phone, sizeof(t->phone), "%s", db_col_text(rows, 0));
		t->language = strcmp(db_col_text(rows, 1), "en") == 0 ? LANGUAGE_EN : LANGUAGE_SV;
	}
	db_rows_end(rows);
}

static void row_end(struct db *d, const struct text_due *t, const char *outcome)
{
	db_do(d,
	      "UPDATE text_out SET due_at = 0, outcome = $1 WHERE shop = $2 AND n = $3 AND contact "
	      "= $4",
	      DB_VALUES(db_text(outcome), db_text(t->shop), db_int(t->n), db_text(t->contact)));
}

static void due_read(struct lease *l, struct db *d)
{
	struct db_rows *rows;

	db_ask(d, &rows,
	       "UPDATE text_out SET due_at = $1, tries = tries + 1 WHERE (shop, n, contact) IN "
	       "(SELECT shop, n, contact FROM text_out WHERE due_at > 0 AND due_at <= $2 ORDER BY "
	       "due_at LIMIT 8) AND due_at > 0 AND due_at <= $2 RETURNING shop, n, contact, words, "
	       "made_at, tries",
	       DB_VALUES(db_int(l->now.ms + LEASE_MS), db_int(l->now.ms)));
	l->count = 0;
	while (db_next(rows) && l->count < TEXTS_MAX) {
		struct text_due *t = &l->due[l->count++];

		*t = (struct text_due){.n = db_col_int(rows, 1),
				       .made_at = db_col_int(rows, 4),
				       .tries = db_col_int(rows, 5)};
		snprintf(t->shop, sizeof(t->shop), "%s", db_col_text(rows, 0));
		snprintf(t->contact, sizeof(t->contact), "%s", db_col_text(rows, 2));
		snprintf(t->words, sizeof(t->words), "%s", db_col_text(rows, 3));
	}
	db_rows_end(rows);
}

/** Whoever left no number, or was taken off the list, gets nothing. */
static void due_phones(struct lease *l, struct db *d)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < l->count; i++) {
		struct text_due *t = &l->due[i];

		phone_read(d, t);
		if (t->phone[0] == '\0')
			row_end(d, t, "no contact");
		else
			l->due[kept++] = *t;
	}
	l->count = kept;
}

static uint32_t same_phone(const struct lease *l, uint32_t i, char titles[TITLES_MAX])
{
	uint32_t same = 0;
	size_t len = 0;

	titles[0] = '\0';
	for (uint32_t j = i; j < l->count; j++) {
		if (strcmp(l->due[j].phone, l->due[i].phone) != 0)
			continue;
		if (same++ < 4 && len + PLACE_MAX_LEN + 3 < TITLES_MAX)
			len += (size_t)snprintf(titles + len, TITLES_MAX - len, "%s%s",
						len > 0 ? ", " : "", l->due[j].shop);
	}
	return same;
}

/** Of more than STORM texts to one phone the first becomes one on all; the rest have been told. */
static void due_group(struct lease *l, struct db *d)
{
	for (uint32_t i = 0; i < l->count; i++) {
		char titles[TITLES_MAX];
		uint32_t same = same_phone(l, i, titles), kept = i + 1;

		if (same <= STORM)
			continue;
		text_many(same, titles, l->due[i].language, l->due[i].words);
		for (uint32_t j = i + 1; j < l->count; j++) {
			if (strcmp(l->due[j].phone, l->due[i].phone) == 0)
				row_end(d, &l->due[j], "grouped");
			else
				l->due[kept++] = l->due[j];
		}
		l->count = kept;
	}
}

static int lease_work(struct db *d, void *data)
{
	struct lease *l = data;

	due_read(l, d);
	due_phones(l, d);
	due_group(l, d);
	return db_failed(d);
}

int texts_lease(struct office *o, struct wall now, struct text_due *due, uint32_t *ret_count)
{
	struct lease l = {.now = now, .due = due};
	int r = db_transact(o->db, lease_work, &l);

	*ret_count = r == 0 ? l.count : 0;
	return r;
}

/* ---- what became of it ---- */

struct ending {
	struct office *o;
	const struct text_due *due;
	enum text_end end;
	struct wall now;
};

static void later(struct db *d, const struct ending *e)
{
	const struct text_due *t = e->due;
	int64_t pause = FIRST_MS;

	for (int64_t i = 1; i < t->tries && pause < SLOWEST_MS; i++)
		pause *= 2;
	if (pause > SLOWEST_MS)
		pause = SLOWEST_MS;
	db_do(d,
	      "UPDATE text_out SET due_at = $1 WHERE shop = $2 AND n = $3 AND contact = $4 AND "
	      "due_at > 0",
	      DB_VALUES(db_int(e->now.ms + pause), db_text(t->shop), db_int(t->n),
			db_text(t->contact)));
}

static int end_work(struct db *d, void *data)
{
	const struct ending *e = data;
	const struct text_due *t = e->due;
	bool gone = e->now.ms - t->made_at > GIVE_UP_MS;
	char detail[160];

	snprintf(detail, sizeof(detail), "A text to contact %s did not leave: %s.", t->contact,
		 e->end == TEXT_REFUSED ? "the gateway refused it"
		 : gone			? "it was tried for a day"
					: "it is being tried again");
	switch (e->end) {
	case TEXT_SENT:
		row_end(d, t, "sent");
		notice_over(e->o, t->shop, NOTICE_TEXT, " Texts leave again.", e->now);
		return db_failed(d);
	case TEXT_AGAIN:
		if (gone)
			row_end(d, t, "given up");
		else
			later(d, e);
		break;
	case TEXT_REFUSED:
		row_end(d, t, "refused");
		break;
	}
	if (e->end == TEXT_REFUSED || t->tries >= TRIES_TOLD)
		notice_add(e->o, t->shop, NOTICE_TEXT, detail, e->now);
	return db_failed(d);
}

int texts_end(struct office *o, const struct text_due *due, enum text_end end, struct wall now)
{
	struct ending e = {o, due, end, now};

	return db_transact(o->db, end_work, &e);
}
