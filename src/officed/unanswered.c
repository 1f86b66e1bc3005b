/*
 * unanswered.c: the office's own calls for help about alarms (design 5).
 *
 * An alarm is the shop's business until its first contacts have had their time. When it is told to
 * the next step (`escalated`) and is grave enough, the office tells its own contacts too, who may
 * be others; a rehearsal that nobody has answered is one of these cases and has words of its own.
 * While texts do not leave the shop at all, the office does not wait for that: what is grave is
 * told as soon as its entry is here.
 *
 * One notice a shop stands for all of its unanswered alarms, the gravest by name: the page shows
 * the rest. It ends when no such alarm is left, and a new one takes its place when a graver one
 * comes: who was told of a freezer has not heard of the burglar.
 */
#include "officed/unanswered.h"

#include <stdio.h>
#include <string.h>

#include "core/alarm_rules.h"
#include "officed/notice.h"

struct unanswered {
	enum condition condition;
	enum severity severity;
	char place[PLACE_MAX_LEN + 1];
	struct wall raised_at;
};

/** The gravest, then the oldest, that nobody has acknowledged; an office that has acknowledged the
 * notice about it is not told of it again. */
static bool gravest(struct office *o, const char *shop, bool texts_leave, struct unanswered *ret)
{
	struct db_rows *rows;
	bool there;

	db_ask(o->db, &rows,
	       "SELECT condition, place, raised_at, severity FROM alarm a WHERE shop = $1 AND "
	       "over = 0 AND acknowledged_by = '' AND severity >= $2 AND condition <> $3 AND "
	       "(state = $4 OR (state = $5 AND $6 = 0)) AND NOT EXISTS (SELECT 1 FROM notice n "
	       "WHERE n.shop = a.shop AND n.kind = $7 AND n.at = a.raised_at AND "
	       "n.acknowledged_by <> '') ORDER BY severity DESC, raised_at LIMIT 1",
	       DB_VALUES(db_text(shop), db_int(SEVERITY_URGENT), db_int(CONDITION_REHEARSAL),
			 db_int(ALARM_ESCALATED), db_int(ALARM_RAISED), db_int(texts_leave),
			 db_int(NOTICE_UNANSWERED)));
	there = db_next(rows);
	if (there) {
		ret->condition = (enum condition)db_col_int(rows, 0);
		snprintf(ret->place, sizeof(ret->place), "%s", db_col_text(rows, 1));
		ret->raised_at.ms = db_col_int(rows, 2);
		ret->severity = (enum severity)db_col_int(rows, 3);
	}
	db_rows_end(rows);
	return there;
}

/** Whether the notice that is open, where one is, names what is less grave. */
static bool is_graver(struct office *o, const char *shop, const struct unanswered *alarm)
{
	enum condition named;
	struct db_rows *rows;
	char word[80] = "";

	db_ask(o->db, &rows,
	       "SELECT detail FROM notice WHERE shop = $1 AND kind = $2 AND over_at = 0 ORDER BY n "
	       "LIMIT 1",
	       DB_VALUES(db_text(shop), db_int(NOTICE_UNANSWERED)));
	if (db_next(rows))
		snprintf(word, sizeof(word), "%s", db_col_text(rows, 0));
	db_rows_end(rows);
	word[strcspn(word, " ")] = '\0';
	return condition_parse(word, &named) && alarm_rule(named)->severity < alarm->severity;
}

static bool rehearsal(struct office *o, const char *shop, struct wall *ret_raised_at)
{
	return db_one(
		o->db, &ret_raised_at->ms,
		"SELECT raised_at FROM alarm WHERE shop = $1 AND over = 0 AND "
		"acknowledged_by = '' AND condition = $2 AND state = $3 ORDER BY raised_at "
		"DESC LIMIT 1",
		DB_VALUES(db_text(shop), db_int(CONDITION_REHEARSAL), db_int(ALARM_ESCALATED)));
}

static bool no_texts(struct office *o, const char *shop)
{
	int64_t one;

	return db_one(o->db, &one,
		      "SELECT 1 FROM notice WHERE shop = $1 AND kind = $2 AND over_at = 0 LIMIT 1",
		      DB_VALUES(db_text(shop), db_int(NOTICE_NO_TEXTS)));
}

void unanswered_look(struct office *o, const char *shop, struct wall now)
{
	struct unanswered alarm;
	struct wall raised_at;

	if (gravest(o, shop, !no_texts(o, shop), &alarm)) {
		if (is_graver(o, shop, &alarm))
			notice_end(o, shop, NOTICE_UNANSWERED, " A graver one came.", 0, now,
				   false);
		notice_alarm(o, shop, NOTICE_UNANSWERED, alarm.condition, alarm.place,
			     alarm.raised_at, now);
	} else {
		notice_over(o, shop, NOTICE_UNANSWERED, " Answered, or over.", now);
	}
	if (rehearsal(o, shop, &raised_at))
		notice_alarm(o, shop, NOTICE_REHEARSAL, CONDITION_REHEARSAL, "", raised_at, now);
	else
		notice_over(o, shop, NOTICE_REHEARSAL, " Answered.", now);
}

void unanswered_texts(struct office *o, const char *shop, bool leave, struct wall now)
{
	if (leave)
		notice_over(o, shop, NOTICE_NO_TEXTS, " Texts leave again.", now);
	else
		notice_add(o, shop, NOTICE_NO_TEXTS, "No road takes the shop's texts.", now);
	unanswered_look(o, shop, now);
}
