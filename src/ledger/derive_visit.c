/*
 * derive_visit.c: visits, who may speak for them, and what was found out about them afterwards.
 */
#include "ledger/derive.h"

enum stored derive_opened(struct store *s, struct wall at, const struct entry_visit_opened *v)
{
	sqlite3_stmt *insert = s->statement[DO_VISIT_OPENED];

	bind_u64(insert, 1, v->visit.n);
	bind_blob(insert, 2, v->customer.byte, sizeof(v->customer.byte));
	bind_text(insert, 3, v->place.name);
	bind_u64(insert, 4, v->price_version);
	bind_i64(insert, 5, at.ms);
	return store_step(s, DO_VISIT_OPENED, "opening a visit");
}

enum stored derive_joined(struct store *s, const struct entry_visit_joined *v)
{
	sqlite3_stmt *insert = s->statement[DO_VISIT_JOINED];

	bind_u64(insert, 1, v->visit.n);
	bind_u64(insert, 2, s->head.seq);
	bind_blob(insert, 3, v->bearer.byte, sizeof(v->bearer.byte));
	bind_blob(insert, 4, v->customer.byte, sizeof(v->customer.byte));
	return store_step(s, DO_VISIT_JOINED, "keeping a bearer");
}

enum stored derive_closed(struct store *s, struct wall at, const struct entry_visit_closed *v)
{
	sqlite3_stmt *update = s->statement[DO_VISIT_CLOSED];

	bind_u64(update, 1, v->visit.n);
	bind_i64(update, 2, at.ms);
	bind_u64(update, 3, (uint64_t)v->end);
	return store_step(s, DO_VISIT_CLOSED, "closing a visit");
}

enum stored derive_answered(struct store *s, enum statement which, uint64_t id)
{
	sqlite3_stmt *update = s->statement[which];

	bind_u64(update, 1, id);
	bind_u64(update, 2, s->head.seq);
	return store_step(s, which, "answering a report");
}

enum stored derive_check(struct store *s, struct wall at, const struct entry_check *c)
{
	sqlite3_stmt *upsert = s->statement[DO_CHECK];

	bind_u64(upsert, 1, c->visit.n);
	bind_u64(upsert, 2, s->head.seq);
	bind_u64(upsert, 3, (uint64_t)c->state);
	bind_u64(upsert, 4, (uint64_t)c->reason);
	bind_i64(upsert, 5, at.ms);
	bind_text(upsert, 6, c->why);
	bind_text(upsert, 7, c->by);
	if (store_step(s, DO_CHECK, "keeping a check") != STORED_OK)
		return STORED_FULL;
	if (c->state == CHECK_PICKED)
		return STORED_OK;
	return derive_answered(s, DO_ANSWERED_VISIT, c->visit.n);
}

enum stored derive_reported(struct store *s, const struct entry_reported *r)
{
	sqlite3_stmt *insert = s->statement[DO_REPORTED];

	bind_u64(insert, 1, s->head.seq);
	bind_u64(insert, 2, r->visit.n);
	bind_text(insert, 3, r->line.text);
	bind_u64(insert, 4, (uint64_t)r->reason);
	bind_text(insert, 5, r->why);
	return store_step(s, DO_REPORTED, "keeping a report");
}
