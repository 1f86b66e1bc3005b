/*
 * derive_line.c: what happens to rows of an older batch, or of this one a long way back: a line is
 * taken back, a visit ends; and rows that change often and come seldom: alarms, answers to
 * commands. An entry that speaks of what is not there changes nothing: who wrote it has a fault,
 * and the sums of the month will say so (derive_close.c).
 */
#include "officed/derive.h"

#include <stdio.h>

static struct db_value of_seq(uint64_t seq)
{
	return db_int((int64_t)seq);
}

/* Goods of the lines that a statement returns (gtin, quantity), back on the shelf. */
static void put_back(struct derive *x, struct db_rows *rows, uint64_t seq)
{
	while (db_next(rows))
		derive_move(x, (struct gtin){(uint64_t)db_col_int(rows, 0)}, db_col_int(rows, 1),
			    seq);
	db_rows_end(rows);
}

void derive_later_void(struct derive *x, const struct fact *f)
{
	const struct entry_line_voided *v = &f->e.line_voided;
	struct db_rows *rows;

	db_ask(x->o->db, &rows,
	       "UPDATE line SET voided = $4 WHERE shop = $1 AND visit = $2 AND key = $3"
	       " AND voided = 0 AND credited = 0 AND seq < $4 RETURNING gtin, quantity_milli",
	       DB_VALUES(db_text(x->shop), of_seq(v->visit.n), db_text(v->key.text),
			 of_seq(f->raw.seq)));
	put_back(x, rows, f->raw.seq);
}

void derive_later_credit(struct derive *x, const struct fact *f)
{
	const struct entry_line_credited *c = &f->e.line_credited;
	struct db_rows *rows;

	db_ask(x->o->db, &rows,
	       "UPDATE line SET credited = $3 WHERE shop = $1 AND seq = $2 AND voided = 0"
	       " AND credited = 0 AND seq < $3 RETURNING gtin, quantity_milli",
	       DB_VALUES(db_text(x->shop), of_seq(c->line), of_seq(f->raw.seq)));
	if (c->reason == CREDIT_WRONG_LINE)
		put_back(x, rows, f->raw.seq);
	else
		db_rows_end(rows);
}

void derive_later_closed(struct derive *x, const struct fact *f)
{
	db_do(x->o->db,
	      "UPDATE visit SET closed_at = $3 WHERE shop = $1 AND visit = $2 AND seq < $4",
	      DB_VALUES(db_text(x->shop), of_seq(f->e.visit_closed.visit.n), db_int(f->raw.at.ms),
			of_seq(f->raw.seq)));
}

/* --- alarms */

static void tell_alarm(struct derive *x, const struct fact *f)
{
	const struct entry_alarm *a = &f->e.alarm;
	char at[WALL_TEXT_SIZE], json[400];

	if (x->quiet)
		return;
	wall_text(f->raw.at, at);
	snprintf(json, sizeof(json),
		 "{\"alarm\":%llu,\"condition\":\"%s\",\"door\":\"%s\",\"severity\":\"%s\","
		 "\"state\":\"%s\",\"over\":%s,\"at\":\"%s\"}",
		 (unsigned long long)a->alarm.n, condition_word(a->condition), a->place.name,
		 severity_word(a->severity), alarm_state_word(a->state), a->over ? "true" : "false",
		 at);
	hook_add(x->o, x->shop, a->state == ALARM_RAISED ? "alarm.raised" : "alarm.changed", json,
		 x->now);
}

void derive_later_alarm(struct derive *x, const struct fact *f)
{
	const struct entry_alarm *a = &f->e.alarm;

	db_do(x->o->db,
	      "INSERT INTO alarm(shop, alarm, code, condition, place, severity, state, over,"
	      " raised_at, changed_at, acknowledged_by)"
	      " VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10)"
	      " ON CONFLICT(shop, alarm) DO UPDATE SET severity = excluded.severity,"
	      " state = excluded.state, over = excluded.over, changed_at = excluded.changed_at,"
	      " acknowledged_by = CASE WHEN excluded.acknowledged_by <> ''"
	      "  THEN excluded.acknowledged_by ELSE alarm.acknowledged_by END",
	      DB_VALUES(db_text(x->shop), of_seq(a->alarm.n), db_int(a->code), db_int(a->condition),
			db_text(a->place.name), db_int(a->severity), db_int(a->state),
			db_int(a->over), db_int(f->raw.at.ms), db_text(a->by)));
	tell_alarm(x, f);
}

/* --- commands: the first answer holds */

void derive_later_command(struct derive *x, const struct fact *f)
{
	db_do(x->o->db,
	      "UPDATE command SET answered_seq = $3, outcome = $4 WHERE shop = $1 AND id = $2"
	      " AND answered_seq = 0",
	      DB_VALUES(db_text(x->shop), of_seq(f->e.command.id), of_seq(f->raw.seq),
			db_int(f->e.command.outcome)));
}
