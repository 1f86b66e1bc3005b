/*
 * notice.c: rows of `notice`, and the texts that follow from them. The texts' words are made in the
 * same transaction, so that neither is there without the other; they leave by text_send.c. The over
 * of a notice n is the text -n: it goes to whom n was sent, and ends those of n that are still on
 * their way, for "over" says all that is left to say.
 */
#include "officed/notice.h"

#include <stdio.h>
#include <string.h>

#include "officed/texts.h"

struct told {
	char title[TITLE_MAX + 1];
	enum language language;
};

/** The shop's title and language, and the right to number its notices until we commit. */
static bool told_take(struct office *o, const char *shop, struct told *ret)
{
	struct db_rows *rows;
	bool there;

	db_ask(o->db, &rows,
	       "UPDATE shop SET changed = changed WHERE shop = $1 RETURNING title, language",
	       DB_VALUES(db_text(shop)));
	there = db_next(rows);
	if (there) {
		const char *title = db_col_text(rows, 0);

		snprintf(ret->title, sizeof(ret->title), "%s", title[0] != '\0' ? title : shop);
		ret->language = strcmp(db_col_text(rows, 1), "en") == 0 ? LANGUAGE_EN : LANGUAGE_SV;
	}
	db_rows_end(rows);
	return there;
}

static int64_t notice_open(struct office *o, const char *shop, enum notice_kind kind, int64_t *at)
{
	struct db_rows *rows;
	int64_t n = 0;

	db_ask(o->db, &rows,
	       "SELECT n, at FROM notice WHERE shop = $1 AND kind = $2 AND over_at = 0 ORDER BY n "
	       "LIMIT 1",
	       DB_VALUES(db_text(shop), db_int(kind)));
	if (db_next(rows)) {
		n = db_col_int(rows, 0);
		*at = db_col_int(rows, 1);
	}
	db_rows_end(rows);
	return n;
}

/** A text to each contact; of an over to those who heard of it. */
static void text_add(struct office *o, const char *shop, int64_t n, const char *words,
		     struct wall now)
{
	if (!o->config->sms.given)
		return;
	if (n > 0)
		db_do(o->db,
		      "INSERT INTO text_out(shop, n, contact, words, made_at, due_at, tries, "
		      "outcome) SELECT shop, CAST($2 AS BIGINT), name, CAST($3 AS TEXT), "
		      "CAST($4 AS BIGINT), CAST($4 AS BIGINT), 0, '' FROM shop_contact WHERE shop "
		      "= $1",
		      DB_VALUES(db_text(shop), db_int(n), db_text(words), db_int(now.ms)));
	else
		db_do(o->db,
		      "INSERT INTO text_out(shop, n, contact, words, made_at, due_at, tries, "
		      "outcome) SELECT shop, -n, contact, CAST($3 AS TEXT), CAST($4 AS BIGINT), "
		      "CAST($4 AS BIGINT), 0, '' FROM text_out WHERE shop = $1 AND n = $2",
		      DB_VALUES(db_text(shop), db_int(-n), db_text(words), db_int(now.ms)));
}

/** `about` has kind and since, of an alarm also which; title and language are the shop's. */
static void raise(struct office *o, const char *shop, struct notice_text *about, const char *detail,
		  struct wall now)
{
	char words[TEXT_WORDS_MAX + 1];
	struct told told;
	int64_t n = 0, at;
	bool event = notice_is_event(about->kind);

	if (!told_take(o, shop, &told) || (!event && notice_open(o, shop, about->kind, &at) > 0))
		return;
	(void)db_one(o->db, &n, "SELECT coalesce(max(n), 0) FROM notice WHERE shop = $1 LIMIT 1",
		     DB_VALUES(db_text(shop)));
	n++;
	db_do(o->db,
	      "INSERT INTO notice(shop, n, at, kind, detail, over_at, acknowledged_by) VALUES($1, "
	      "$2, $3, $4, $5, $6, '')",
	      DB_VALUES(db_text(shop), db_int(n), db_int(about->since.ms), db_int(about->kind),
			db_text(detail), db_int(event ? now.ms : 0)));
	if (!notice_is_told(about->kind))
		return;
	about->title = told.title;
	about->language = told.language;
	text_raised(about, words);
	text_add(o, shop, n, words, now);
}

void notice_raise(struct office *o, const char *shop, enum notice_kind kind, const char *detail,
		  struct wall since, struct wall now)
{
	raise(o, shop, &(struct notice_text){.kind = kind, .since = since}, detail, now);
}

void notice_alarm(struct office *o, const char *shop, enum notice_kind kind,
		  enum condition condition, const char *place, struct wall since, struct wall now)
{
	char detail[80];

	snprintf(detail, sizeof(detail), "%s %s", condition_word(condition), place);
	raise(o, shop,
	      &(struct notice_text){
		      .kind = kind, .since = since, .condition = condition, .place = place},
	      detail, now);
}

void notice_add(struct office *o, const char *shop, enum notice_kind kind, const char *detail,
		struct wall now)
{
	notice_raise(o, shop, kind, detail, now, now);
}

void notice_end(struct office *o, const char *shop, enum notice_kind kind, const char *detail,
		int64_t minutes, struct wall heard, bool tell)
{
	char words[TEXT_WORDS_MAX + 1];
	struct told told;
	int64_t n, at = 0;

	if (!told_take(o, shop, &told))
		return;
	n = notice_open(o, shop, kind, &at);
	if (n == 0)
		return;
	db_do(o->db,
	      "UPDATE notice SET over_at = $1, detail = detail || $2 WHERE shop = $3 AND n = $4",
	      DB_VALUES(db_int(heard.ms), db_text(detail), db_text(shop), db_int(n)));
	if (!notice_is_told(kind))
		return;
	db_do(o->db,
	      "UPDATE text_out SET due_at = 0, outcome = 'over' WHERE shop = $1 AND n = $2 AND "
	      "due_at > 0",
	      DB_VALUES(db_text(shop), db_int(n)));
	if (!tell)
		return;
	text_over(&(struct notice_text){.kind = kind,
					.title = told.title,
					.language = told.language,
					.since = heard,
					.minutes = minutes},
		  words);
	text_add(o, shop, -n, words, heard);
}

void notice_over(struct office *o, const char *shop, enum notice_kind kind, const char *detail,
		 struct wall now)
{
	int64_t at = now.ms;

	(void)notice_open(o, shop, kind, &at);
	notice_end(o, shop, kind, detail, (now.ms - at) / 60000, now, true);
}

bool notice_acknowledge(struct office *o, const char *shop, int64_t n, const char *by,
			struct wall now)
{
	int64_t rows;

	/* silence ends when the shop is heard, never by a person's word */
	rows = db_do(o->db,
		     "UPDATE notice SET acknowledged_by = $1, over_at = CASE WHEN over_at = 0 AND "
		     "kind <> 1 THEN CAST($2 AS BIGINT) ELSE over_at END WHERE shop = $3 AND n = "
		     "$4 AND acknowledged_by = ''",
		     DB_VALUES(db_text(by), db_int(now.ms), db_text(shop), db_int(n)));
	if (rows == 0) {
		int64_t one;

		return db_one(o->db, &one,
			      "SELECT 1 FROM notice WHERE shop = $1 AND n = $2 LIMIT 1",
			      DB_VALUES(db_text(shop), db_int(n)));
	}
	return rows == 1;
}
