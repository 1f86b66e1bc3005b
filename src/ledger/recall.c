/*
 * recall.c: what a start needs to know of all that ever happened: what is still open. Each query
 * goes by an index over just that, so a start after a million entries reads no more than one after
 * a hundred (design 2; the balances grow with the customers who owe).
 */
#include "ledger/store.h"

#include <stdlib.h>

#define DAY_MS	86400000LL
#define HOUR_MS 3600000LL

/* Memory is the one thing here that cannot be reported: without it there is no program either. */
static void *room_for(void *old, uint32_t have, uint32_t *size, size_t each)
{
	void *grown;

	if (have < *size)
		return old;
	*size = *size ? 2 * *size : 16;
	grown = realloc(old, *size * each);
	CHECK(grown);
	return grown;
}

/* A row that holds what it cannot hold: remembered, and no row after it is read. */
static void need(struct store *s, bool held)
{
	if (!held && s->read_error == 0)
		s->read_error = SQLITE_CORRUPT;
}

static uint64_t largest(struct store *s, const char *sql)
{
	int64_t id = 0;
	int rc = sql_number(s->writer.db, sql, &id);

	if (rc != SQLITE_OK && s->read_error == 0)
		s->read_error = rc;
	return (uint64_t)id;
}

static void read_bearers(struct store *s, struct visit *v)
{
	sqlite3_stmt *get = s->statement[GET_BEARERS];

	bind_u64(get, 1, v->id.n);
	bind_u64(get, 2, BEARERS_MAX);
	v->bearers = 0;
	while (store_row(s, GET_BEARERS)) {
		struct bearer *b = &v->bearer[v->bearers++];

		CHECK(v->bearers <= BEARERS_MAX);
		need(s, column_blob(get, 0, &b->hash, sizeof(b->hash)) &&
				column_blob(get, 1, &b->customer, sizeof(b->customer)));
	}
}

static void recall_visits(struct store *s, struct recall *r)
{
	uint32_t size = 0, n = 0;

	bind_u64(s->statement[GET_VISITS_OPEN], 1, VISITS_OPEN_MAX);
	while (store_row(s, GET_VISITS_OPEN)) {
		r->visit = room_for(r->visit, n, &size, sizeof(*r->visit));
		need(s, row_visit(s->statement[GET_VISITS_OPEN], &r->visit[n]));
		n++;
	}
	for (uint32_t i = 0; i < n && s->read_error == 0; i++)
		read_bearers(s, &r->visit[i]);
	r->remembered.visits = n;
	r->remembered.visit = r->visit;
}

static void recall_tokens(struct store *s, struct wall now, struct recall *r)
{
	sqlite3_stmt *get = s->statement[GET_TOKENS];
	uint32_t size = 0, n = 0;

	bind_i64(get, 1, now.ms / 1000 - TOKEN_SKEW_S);
	bind_u64(get, 2, FRESH_TOKENS_MAX);
	while (store_row(s, GET_TOKENS)) {
		struct entry_admitted *t;
		uint32_t len = (uint32_t)sqlite3_column_bytes(get, 1);

		r->token = room_for(r->token, n, &size, sizeof(*r->token));
		t = &r->token[n++];
		*t = (struct entry_admitted){.iat_s = column_i64(get, 2),
					     .exp_s = column_i64(get, 3)};
		need(s, len >= CTI_SIZE_MIN && len <= CTI_SIZE_MAX &&
				column_blob(get, 0, &t->kid, sizeof(t->kid)));
		if (s->read_error == 0)
			need(s, column_blob(get, 1, t->cti, len));
		t->cti_len = (uint8_t)len;
	}
	r->remembered.tokens = n;
	r->remembered.token = r->token;
}

static void recall_cards(struct store *s, struct recall *r)
{
	sqlite3_stmt *get = s->statement[GET_CARDS];
	uint32_t size = 0;

	bind_u64(get, 1, CARDS_USED_MAX);
	while (store_row(s, GET_CARDS)) {
		struct card_used *c;

		r->card = room_for(r->card, r->cards, &size, sizeof(*r->card));
		c = &r->card[r->cards++];
		c->counter = (uint32_t)column_i64(get, 1);
		need(s, column_blob(get, 0, &c->kid, sizeof(c->kid)) && column_i64(get, 1) > 0 &&
				column_i64(get, 1) <= CARD_COUNTER_MAX);
	}
}

static void recall_alarms(struct store *s, struct recall *r)
{
	sqlite3_stmt *get = s->statement[GET_ALARMS];
	uint32_t size = 0, size_at = 0, n = 0;

	bind_u64(get, 1, ALARMS_MAX);
	while (store_row(s, GET_ALARMS)) {
		struct entry_alarm *a;

		r->alarm = room_for(r->alarm, n, &size, sizeof(*r->alarm));
		r->alarm_at = room_for(r->alarm_at, n, &size_at, sizeof(*r->alarm_at));
		r->alarm_at[n].ms = column_i64(get, 7);
		a = &r->alarm[n++];
		*a = (struct entry_alarm){
			.alarm = {(uint64_t)column_i64(get, 0)},
			.code = (uint32_t)column_i64(get, 1),
			.condition = (enum condition)column_i64(get, 2),
			.severity = (enum severity)column_i64(get, 4),
			.state = (enum alarm_state)column_i64(get, 5),
		};
		need(s, column_i64(get, 2) > 0 && column_i64(get, 2) < CONDITIONS &&
				column_i64(get, 4) >= 0 && column_i64(get, 4) < SEVERITIES &&
				column_i64(get, 5) >= 0 && column_i64(get, 5) < ALARM_STATES);
		column_text(get, 3, a->place.name, sizeof(a->place.name));
		column_text(get, 6, a->by, sizeof(a->by));
	}
	r->remembered.alarms = n;
	r->remembered.alarm = r->alarm;
	r->remembered.alarm_at = r->alarm_at;
}

/* The texts of the last hour. Looked for among the newest entries alone: a shop writes a few
 * hundred an hour. */
static void recall_told(struct store *s, struct wall now, struct recall *r)
{
	sqlite3_stmt *get =
		sql_prepare(s->writer.db, "SELECT at, body FROM entry WHERE seq > ?1 AND kind = 85"
					  " AND at > ?2 AND body IS NOT NULL"
					  " ORDER BY seq DESC LIMIT 256"); /* ENTRY_TOLD */
	int rc = get ? SQLITE_OK : sqlite3_extended_errcode(s->writer.db);
	uint32_t size = 0, n = 0;

	if (get) {
		bind_i64(get, 1, (int64_t)largest(s, "SELECT max(seq) FROM entry") - 4096);
		bind_i64(get, 2, now.ms - HOUR_MS);
	}
	while (get && (rc = sqlite3_step(get)) == SQLITE_ROW) {
		struct span body = {sqlite3_column_blob(get, 1),
				    (uint32_t)sqlite3_column_bytes(get, 1)};
		struct entry e;

		r->told = room_for(r->told, n, &size, sizeof(*r->told));
		need(s, body.data && entry_decode(ENTRY_TOLD, body, &e));
		if (s->read_error != 0)
			break;
		r->told[n++] = (struct told_text){{column_i64(get, 0)}, e.told};
	}
	sqlite3_finalize(get);
	if (rc != SQLITE_OK && rc != SQLITE_ROW && rc != SQLITE_DONE && s->read_error == 0)
		s->read_error = rc;
	r->remembered.tolds = n;
	r->remembered.told = r->told;
}

static void recall_modes(struct store *s, struct recall *r)
{
	sqlite3_stmt *get = s->statement[GET_MODES];
	uint32_t size = 0, n = 0;

	bind_text(get, 1, NOTE_MODE);
	bind_u64(get, 2, DOORS_MAX);
	while (store_row(s, GET_MODES)) {
		struct entry_door *d;

		r->mode = room_for(r->mode, n, &size, sizeof(*r->mode));
		d = &r->mode[n++];
		*d = (struct entry_door){.event = DOOR_EVENT_MODE,
					 .mode = (enum door_mode)column_i64(get, 1)};
		need(s, column_i64(get, 1) >= 0 && column_i64(get, 1) < DOOR_MODES);
		column_text(get, 0, d->place.name, sizeof(d->place.name));
	}
	r->remembered.modes = n;
	r->remembered.mode = r->mode;
}

static void recall_balances(struct store *s, struct recall *r)
{
	sqlite3_stmt *get = s->statement[GET_BALANCES];
	uint32_t size = 0, n = 0;

	while (store_row(s, GET_BALANCES)) {
		r->balance = room_for(r->balance, n, &size, sizeof(*r->balance));
		need(s,
		     column_blob(get, 0, &r->balance[n].customer, sizeof(r->balance[n].customer)));
		r->balance[n].unbilled = column_money(get, 1);
		r->balance[n].unpaid = column_money(get, 2);
		need(s, column_i64(get, 3) >= 0 && column_i64(get, 3) <= DAY_MAX);
		r->balance[n++].oldest_due.n = (int32_t)column_i64(get, 3);
	}
	r->balances = n;
}

static void recall_books(struct store *s, struct recall *r)
{
	if (s->head.tax_known)
		r->tax = s->head.tax;
	if (s->head.chart_known)
		r->chart = s->head.chart;
	r->closed.n = (int32_t)largest(s, "SELECT coalesce(max(period), 0) FROM period_closed");
	r->first_line.n = (int32_t)largest(s, "SELECT coalesce((SELECT bought FROM line"
					      " ORDER BY seq LIMIT 1), 0)");
}

/* What the office has: how far, and the hash there, so that it can be asked whether it agrees. */
static void recall_office(struct store *s, struct recall *r)
{
	sqlite3_stmt *get = sql_prepare(s->writer.db, "SELECT hash FROM entry WHERE seq = ?1");
	int rc = get ? SQLITE_OK : sqlite3_extended_errcode(s->writer.db);

	r->epoch = s->head.epoch;
	if (get && s->head.acked > 0) {
		bind_u64(get, 1, s->head.acked);
		rc = sqlite3_step(get);
		if (rc == SQLITE_ROW) {
			need(s, column_blob(get, 0, &r->acked_hash, sizeof(r->acked_hash)));
			r->acked = s->head.acked;
		}
	}
	sqlite3_finalize(get);
	if (rc != SQLITE_OK && rc != SQLITE_ROW && rc != SQLITE_DONE && s->read_error == 0)
		s->read_error = rc;
}

/* When the last rehearsal was, among the last alarms; there was none: when the shop began. */
static const char last_rehearsal[] =
	"SELECT coalesce((SELECT max(raised_at) FROM"
	" (SELECT condition, raised_at FROM alarm ORDER BY id DESC LIMIT 5000)"
	" WHERE condition = 29)," /* CONDITION_REHEARSAL */
	" (SELECT at FROM entry ORDER BY seq LIMIT 1), 0)";

struct recall *store_recall(struct store *s, struct wall now)
{
	struct recall *r = calloc(1, sizeof(*r));
	const struct head *head = &s->head;

	CHECK(r);
	s->read_error = 0;
	r->remembered.ledger_ok = true;
	r->remembered.clean = !head->running;
	r->remembered.last_visit.n = largest(s, "SELECT coalesce(max(id), 0) FROM visit");
	r->remembered.last_alarm.n = largest(s, "SELECT coalesce(max(id), 0) FROM alarm");
	r->remembered.last_rehearsal.ms = (int64_t)largest(s, last_rehearsal);
	r->clock_floor = head->clock_floor;
	if (head->clock_trusted && head->at.ms > r->clock_floor.ms)
		r->clock_floor = head->at;
	recall_visits(s, r);
	recall_tokens(s, now, r);
	recall_cards(s, r);
	recall_alarms(s, r);
	recall_told(s, now, r);
	recall_modes(s, r);
	recall_balances(s, r);
	recall_books(s, r);
	recall_office(s, r);
	if (s->read_error != 0) {
		ledger_recall_free(r);
		return NULL;
	}
	return r;
}

void ledger_recall_free(struct recall *r)
{
	if (!r)
		return;
	free(r->visit);
	free(r->token);
	free(r->card);
	free(r->alarm);
	free(r->alarm_at);
	free(r->told);
	free(r->mode);
	free(r->balance);
	free(r);
}

/* One allocation: the book, its lines, then their names. */
static struct visit_book *book_of_size(uint32_t lines, size_t names_len, char **ret_names)
{
	size_t lines_at = sizeof(struct visit_book);
	size_t names_at = lines_at + lines * sizeof(struct line);
	struct visit_book *book = calloc(1, names_at + names_len);

	CHECK(book);
	_Static_assert(sizeof(struct visit_book) % _Alignof(struct line) == 0,
		       "lines follow the book");
	book->line = (struct line *)(void *)((uint8_t *)book + lines_at);
	*ret_names = (char *)book + names_at;
	return book;
}

static void read_lines(struct store *s, struct visit_book *book, uint32_t lines_max, char *names,
		       size_t names_len)
{
	sqlite3_stmt *get = s->statement[GET_LINES];

	bind_u64(get, 1, book->visit.id.n);
	bind_u64(get, 2, lines_max);
	while (store_row(s, GET_LINES)) {
		struct line *l = &book->line[book->lines++];
		uint32_t len = (uint32_t)sqlite3_column_bytes(get, ROW_LINE_NAME);

		CHECK(book->lines <= lines_max && len < names_len);
		need(s, row_line(get, l));
		column_text(get, ROW_LINE_NAME, names, len + 1);
		l->name = names;
		names += len + 1;
		names_len -= len + 1;
	}
}

/* Whether there is such a visit that may still be spoken of (contracts 3). */
static bool read_visit(struct store *s, struct visit_id id, struct wall now, struct visit *ret)
{
	const int64_t oldest = now.ms - VISIT_LATE_DAYS * DAY_MS;
	bool found = false;

	if (id.n > INT64_MAX)
		return false;
	bind_u64(s->statement[GET_VISIT], 1, id.n);
	while (store_row(s, GET_VISIT)) {
		need(s, row_visit(s->statement[GET_VISIT], ret));
		found = true;
	}
	if (!found || s->read_error != 0 || (ret->over && ret->closed_at.ms < oldest))
		return false;
	read_bearers(s, ret);
	return true;
}

struct visit_book *store_book(struct store *s, struct visit_id id, struct wall now)
{
	struct visit visit;
	struct visit_book *book;
	size_t names_len;
	char *names;

	s->read_error = 0;
	if (read_visit(s, id, now, &visit)) {
		names_len = visit.lines_ever * (size_t)(ARTICLE_NAME_MAX + 1);
		book = book_of_size(visit.lines_ever, names_len, &names);
		book->known = true;
		book->visit = visit;
		read_lines(s, book, visit.lines_ever, names, names_len);
	} else {
		book = book_of_size(0, 0, &names);
		book->visit.id = id;
	}
	if (s->read_error != 0)
		sql_panic(s->writer.db, s->read_error, "reading a visit");
	return book;
}
