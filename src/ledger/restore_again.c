/*
 * restore_again.c: what a box had made since, appended again behind the office's entries.
 *
 * An entry goes in as it was, with the same time, the same fields, the same salt: what was appended
 * again once is known by its body's hash and is not appended twice, however often an old card is
 * put back. What changes is what an entry says of others: the numbers of entries, and those of
 * visits and alarms that the office knows as different ones. They were given one after the other by
 * a box that did not know of them; ours gets the next free number, and all of ours that speak of it
 * with it. (A phone that still speaks for such a visit is told that there is none, and opens one.)
 *
 * A line comes once under its key in its visit, whoever has it. A line of a visit that nobody
 * knows, for its opening found no room, stays one: it is billed, under a visit number that is
 * nobody's. What money there is besides: restore_books.c. Whatever cannot follow from what is there
 * now is left out, and said.
 */
#include "ledger/restore_again.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cbor.h"

enum {
	PASSES_MAX = 3, /* the office's word says how many come after it: counted, then written */
};

static const char *const text[AGAIN_STATEMENTS] = {
	[AGAIN_HASH] = "SELECT hash FROM main.entry WHERE seq = ?1",
	[AGAIN_HAS_BODY] = "SELECT seq FROM temp.tail_body WHERE hash = ?1",
	[AGAIN_PUT_BODY] = "INSERT OR IGNORE INTO temp.tail_body(hash, seq) VALUES(?1, ?2)",
	[AGAIN_HAS_LINE] = "SELECT seq FROM temp.tail_line WHERE visit = ?1 AND key = ?2",
	[AGAIN_PUT_LINE] = "INSERT OR IGNORE INTO temp.tail_line(visit, key, seq)"
			   " VALUES(?1, ?2, ?3)",
	[AGAIN_VISIT] = "SELECT customer, opened_at, place FROM visit WHERE id = ?1",
	[AGAIN_SAME_VISIT] = "SELECT id FROM visit WHERE id > ?1 AND opened_at = ?2"
			     " AND customer = ?3 AND place = ?4 LIMIT 1",
	[AGAIN_ALARM] = "SELECT code, condition, place FROM alarm WHERE id = ?1",
	[AGAIN_SAME_ALARM] = "SELECT id FROM alarm WHERE id > ?1 AND code = ?2 AND condition = ?3"
			     " AND place = ?4 LIMIT 1",
	[AGAIN_LINE] = "SELECT customer, total, vat_bp, vat, voided + credited, day_sure FROM line"
		       " WHERE seq = ?1",
	[AGAIN_LINE_OF_KEY] = LINES_OF_VISIT "SELECT seq FROM line JOIN chain USING(seq)"
					     " WHERE key = ?2",
	[AGAIN_BORNE] = "SELECT i.id FROM invoice i CROSS JOIN invoice_line l"
			" ON l.invoice = i.id AND l.line = ?2 WHERE i.customer = ?1 LIMIT 1",
	[AGAIN_ON_INVOICE] = "SELECT 1 FROM invoice_line WHERE invoice = ?1 AND line = ?2 LIMIT 1",
	[AGAIN_KEY] = "SELECT seq FROM desk_key WHERE key = ?1",
	[AGAIN_PAYMENT] = "SELECT p.customer IS NULL FROM desk_key k JOIN payment p"
			  " ON p.seq = k.seq WHERE k.key = ?1",
	[AGAIN_NEWEST] = "SELECT coalesce(max(id), 0) FROM invoice WHERE id BETWEEN ?1 AND ?2",
	[AGAIN_INVOICE] = "SELECT customer, original FROM invoice WHERE id = ?1",
	/* all, of the whole, of this line, of the office's that the box did not know */
	[AGAIN_NOTES] = "SELECT count(*), coalesce(sum(line = 0), 0),"
			" coalesce(sum(line = ?2 AND line > 0), 0),"
			" coalesce(sum(seq > ?3 AND seq <= ?4), 0)"
			" FROM invoice WHERE original = ?1 AND original > 0",
};

sqlite3_stmt *again_get(struct again *a, enum again_statement which)
{
	sqlite3 *db = a->s->writer.db;

	if (!a->statement[which])
		a->statement[which] = sql_prepare(db, text[which]);
	if (!a->statement[which])
		sql_panic(db, sqlite3_extended_errcode(db), "preparing to append again");
	return a->statement[which];
}

bool again_row(struct again *a, enum again_statement which)
{
	int rc = sqlite3_step(a->statement[which]);

	if (rc == SQLITE_ROW)
		return true;
	if (rc != SQLITE_DONE)
		sql_panic(a->s->writer.db, rc, "reading the new ledger");
	sqlite3_reset(a->statement[which]);
	return false;
}

void again_done(struct again *a, enum again_statement which)
{
	sqlite3_reset(a->statement[which]);
}

uint64_t again_now(const struct again *a, uint64_t seq)
{
	if (seq <= a->common)
		return seq;
	return seq <= a->source->head ? a->now[seq - a->common - 1] : 0;
}

enum again_verdict again_left(struct again *a, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(a->why, sizeof(a->why), format, arguments);
	va_end(arguments);
	return AGAIN_LEFT;
}

bool again_found(struct again *a, enum again_statement which, uint64_t *ret)
{
	if (!again_row(a, which))
		return false;
	*ret = (uint64_t)column_i64(a->statement[which], 0);
	again_done(a, which);
	return true;
}

bool again_key(struct again *a, const char *key, uint64_t *ret_seq)
{
	bind_text(again_get(a, AGAIN_KEY), 1, key);
	return again_found(a, AGAIN_KEY, ret_seq);
}

/* --- what is done with each */

static enum again_verdict changed(bool is)
{
	return is ? AGAIN_CHANGED : AGAIN_APPEND;
}

static enum again_verdict line(struct again *a, struct entry_line *l, uint64_t *ret_seq)
{
	bool other = again_visit(a, &l->visit);
	sqlite3_stmt *get = again_get(a, AGAIN_HAS_LINE);

	bind_u64(get, 1, l->visit.n);
	bind_text(get, 2, l->key.text);
	return again_found(a, AGAIN_HAS_LINE, ret_seq) ? AGAIN_THERE : changed(other);
}

static enum again_verdict voided(struct again *a, struct entry_line_voided *v)
{
	bool other = again_visit(a, &v->visit);
	enum again_verdict verdict = again_voided(a, v);

	return verdict == AGAIN_APPEND ? changed(other) : verdict;
}

/* A new epoch that this box had begun is none: what it began is appended in the newest. */
static enum again_verdict office(struct again *a, const struct entry_office *o)
{
	return o->event == OFFICE_KEYS ? AGAIN_APPEND : again_left(a, "that epoch is over");
}

/* A range in the numbers of now. False: nothing of it is there. */
static bool range_now(const struct again *a, struct entry_erased *e)
{
	uint64_t first = e->first, last = e->last, now;

	e->first = e->last = 0;
	for (; first <= last && last <= a->source->head; first++) {
		now = again_now(a, first);
		if (now != 0 && (e->first == 0 || now < e->first))
			e->first = now;
		if (now > e->last)
			e->last = now;
	}
	return e->first != 0;
}

/* What of a range this box had made since, and has come along erased. */
static uint32_t erased_since(struct again *a, const struct entry_erased *e)
{
	uint64_t seq = e->first > a->common ? e->first : a->common + 1;
	struct source_entry own;
	uint32_t bodies = 0;
	int error = 0;

	for (; seq <= e->last && source_at(a->source, seq, &own, &error); seq++)
		bodies += !own.body.data && again_now(a, seq) != 0;
	return bodies;
}

/* A range is told up to what is common; put_erased() tells the rest of it. */
static enum again_verdict erased(struct again *a, struct entry_erased *e)
{
	uint32_t since;

	if (e->last <= a->common)
		return AGAIN_APPEND;
	if (e->first > a->common)
		return range_now(a, e) ? AGAIN_CHANGED
				       : again_left(a, "nothing of what it erased is there");
	since = erased_since(a, e);
	e->last = a->common;
	e->bodies -= since < e->bodies ? since : e->bodies;
	return AGAIN_CHANGED;
}

/* The verdict on an entry; the numbers in it changed to those of now. */
static enum again_verdict judge(struct again *a, struct entry *e, uint64_t *ret_seq)
{
	switch ((int)e->kind) {
	case ENTRY_ADMITTED:
		return changed(again_visit(a, &e->admitted.visit));
	case ENTRY_ALARM:
		return changed(again_alarm(a, &e->alarm));
	case ENTRY_TOLD:
		return changed(again_told(a, &e->told));
	case ENTRY_VISIT_OPENED:
		return again_opened(a, e->at, &e->visit_opened);
	case ENTRY_VISIT_JOINED:
		return changed(again_visit(a, &e->visit_joined.visit));
	case ENTRY_VISIT_CLOSED:
		return changed(again_visit(a, &e->visit_closed.visit));
	case ENTRY_LINE:
		return line(a, &e->line, ret_seq);
	case ENTRY_LINE_VOIDED:
		return voided(a, &e->line_voided);
	case ENTRY_CHECK:
		return changed(again_visit(a, &e->check.visit));
	case ENTRY_REPORTED:
		return changed(again_visit(a, &e->reported.visit));
	case ENTRY_OFFICE:
		return office(a, &e->office);
	case ENTRY_ERASED:
		return erased(a, &e->erased);
	case ENTRY_INVOICE:
		return again_invoice(a, &e->invoice);
	}
	return again_books(a, e, ret_seq);
}

/* --- onto the chain */

/* Where an entry of ours stands from now on. */
static void stands_at(struct again *a, const struct source_entry *own, uint64_t seq)
{
	if (own->seq > a->common)
		a->now[own->seq - a->common - 1] = seq;
}

static void leave(struct again *a, const struct source_entry *own)
{
	struct restoring *x = a->x;

	if (x->left++ == 0)
		snprintf(x->left_why, sizeof(x->left_why), "entry %llu (%s): %s",
			 (unsigned long long)own->seq, entry_kind_word(own->kind), a->why);
}

/* What is at hand of the new one goes back as well. */
static void back_to(struct again *a, const char *sql, const struct head *head)
{
	struct store *s = a->s;

	for (uint32_t i = 0; i < STATEMENTS; i++)
		sqlite3_reset(s->statement[i]);
	if (sql_exec(s->writer.db, sql) != SQLITE_OK)
		panic(__FILE__, __LINE__, "ledger: a savepoint is gone");
	s->head = *head;
	s->wrong = NULL;
	derive_forget(s);
}

/* Appends one; false with a->why: it cannot follow from what is there. *ret: -errno when there is
 * no room. */
static bool append(struct again *a, const struct source_entry *own, struct span body, int *ret)
{
	struct store *s = a->s;
	const struct head before = s->head;
	struct chained c = {.epoch = before.epoch,
			    .at = own->at,
			    .kind = own->kind,
			    .body = body,
			    .body_hash = own->body_hash};
	enum stored stored;
	struct entry e;

	if (sql_exec(s->writer.db, "SAVEPOINT own") != SQLITE_OK) {
		*ret = -ENOSPC;
		return false;
	}
	stored = store_chain(s, &c);
	if (stored == STORED_OK && body.data && entry_decode(own->kind, body, &e)) {
		e.at = own->at;
		stored = derive_entry(s, &e);
	}
	s->head.at = own->at;
	if (stored == STORED_OK) {
		if (sql_exec(s->writer.db, "RELEASE own") == SQLITE_OK)
			return true;
	} else if (s->wrong) {
		again_left(a, "%s", s->wrong);
		back_to(a, "ROLLBACK TO own; RELEASE own", &before);
		return false;
	}
	*ret = -ENOSPC;
	return false;
}

static struct sha256 hash_of(struct again *a, const struct source_entry *own, struct span body)
{
	return body.data ? chain_sha256(a->s->hash, a->s->sha256, body) : own->body_hash;
}

/* An entry's fields in their new numbers, under the salt that it had. */
static struct span encode(const struct source_entry *own, const struct entry *e,
			  uint8_t room[ENTRY_BODY_MAX])
{
	struct span rest = own->body, salt;
	uint32_t items;

	if (!cbor_take_array(&rest, &items) || !cbor_take_bytes(&rest, &salt) ||
	    salt.len != SALT_SIZE)
		return (struct span){0}; /* it was decoded: it has one */
	return (struct span){room, entry_encode(e, salt.data, room)};
}

/* Known as there by its body, from now on. */
static int remember(struct again *a, const struct sha256 *hash, const struct entry *e)
{
	sqlite3_stmt *body = again_get(a, AGAIN_PUT_BODY), *l;
	bool well;

	bind_blob(body, 1, hash->byte, sizeof(hash->byte));
	bind_u64(body, 2, a->s->head.seq);
	well = sqlite3_step(body) == SQLITE_DONE;
	sqlite3_reset(body);
	if (well && e && e->kind == ENTRY_LINE) {
		l = again_get(a, AGAIN_PUT_LINE);
		bind_u64(l, 1, e->line.visit.n);
		bind_text(l, 2, e->line.key.text);
		bind_u64(l, 3, a->s->head.seq);
		well = sqlite3_step(l) == SQLITE_DONE;
		sqlite3_reset(l);
	}
	return well ? 0 : -ENOSPC;
}

static bool has_body(struct again *a, const struct sha256 *hash, uint64_t *ret_seq)
{
	bind_blob(again_get(a, AGAIN_HAS_BODY), 1, hash->byte, sizeof(hash->byte));
	return again_found(a, AGAIN_HAS_BODY, ret_seq);
}

/* Appends, if it is not there already. `e`: NULL where it cannot be read. */
static int put(struct again *a, const struct source_entry *own, struct span body,
	       const struct entry *e)
{
	struct sha256 hash = hash_of(a, own, body);
	uint64_t seq = 0;
	int r = 0;

	if (has_body(a, &hash, &seq)) {
		stands_at(a, own, seq);
		return 0;
	}
	if (append(a, own, body, &r)) {
		stands_at(a, own, a->s->head.seq);
		return remember(a, &hash, e);
	}
	if (r == 0)
		leave(a, own);
	return r;
}

/* The lines of an invoice, by their numbers of now, right before it. */
static int put_packs(struct again *a, const struct source_entry *invoice)
{
	struct source_entry own = *invoice;
	uint8_t room[ENTRY_BODY_MAX];
	int r = 0;

	own.kind = ENTRY_INVOICE_LINES;
	own.seq = 0; /* it stands for several */
	for (uint32_t i = 0; r == 0 && i < a->packs; i++)
		if (!append(a, &own, encode(invoice, &a->pack[i], room), &r) && r == 0)
			r = -EBADMSG;
	a->packs = 0;
	return r;
}

static void keep_pack(struct again *a, const struct entry *e)
{
	if (a->packs == a->packs_size) {
		a->packs_size = a->packs_size ? 2 * a->packs_size : 8;
		a->pack = realloc(a->pack, a->packs_size * sizeof(*a->pack));
		CHECK(a->pack);
	}
	a->pack[a->packs++] = *e;
}

/* An invoice with its lines, both or none. */
static int put_invoice(struct again *a, const struct source_entry *own, const struct entry *e)
{
	const struct head before = a->s->head;
	uint32_t left = a->x->left;
	int r;

	if (sql_exec(a->s->writer.db, "SAVEPOINT bill") != SQLITE_OK)
		return -ENOSPC;
	r = put_packs(a, own);
	if (r == 0)
		r = put(a, own, own->body, e);
	if (r == 0 && a->x->left != left)
		back_to(a, "ROLLBACK TO bill", &before);
	if (r == 0 && sql_exec(a->s->writer.db, "RELEASE bill") != SQLITE_OK)
		r = -ENOSPC;
	return r;
}

/* The rest of a range that begins with what is common. */
static int put_erased(struct again *a, const struct source_entry *own)
{
	uint8_t room[ENTRY_BODY_MAX];
	struct entry e;

	if (!entry_decode(own->kind, own->body, &e) || e.erased.first > a->common ||
	    e.erased.last <= a->common)
		return 0;
	e.erased.bodies = erased_since(a, &e.erased);
	e.erased.first = a->common + 1;
	if (e.erased.bodies == 0 || !range_now(a, &e.erased))
		return 0;
	return put(a, own, encode(own, &e, room), &e);
}

static int put_judged(struct again *a, const struct source_entry *own, struct entry *e)
{
	uint8_t room[ENTRY_BODY_MAX];
	uint64_t seq = 0;
	int r = 0;

	switch (judge(a, e, &seq)) {
	case AGAIN_THERE:
		stands_at(a, own, seq);
		break;
	case AGAIN_LEFT:
		leave(a, own);
		break;
	case AGAIN_APPEND:
		r = e->kind == ENTRY_INVOICE ? put_invoice(a, own, e) : put(a, own, own->body, e);
		break;
	case AGAIN_CHANGED:
		r = put(a, own, encode(own, e, room), e);
		break;
	}
	if (r == 0 && e->kind == ENTRY_ERASED)
		r = put_erased(a, own);
	/* lines that no invoice came after, or whose invoice could not be */
	a->packs = 0;
	return r;
}

static int again_one(struct again *a, const struct source_entry *own)
{
	struct entry e;
	uint64_t seq = 0;

	if (!own->body.data && !entry_erasable((enum entry_kind)own->kind)) {
		again_left(a, "its body is gone");
		leave(a, own);
		return 0;
	}
	/* word for word */
	if (has_body(a, &own->body_hash, &seq)) {
		stands_at(a, own, seq);
		return 0;
	}
	/* nothing follows from what cannot be read, and it is kept as it is */
	if (!own->body.data || !entry_decode(own->kind, own->body, &e))
		return put(a, own, own->body, NULL);
	e.at = own->at;
	if (e.kind != ENTRY_INVOICE_LINES)
		return put_judged(a, own, &e);
	keep_pack(a, &e);
	return 0;
}

/* --- a source */

/* The newest entry that the source and the office have in common, by halving: where the hashes are
 * the same, so are all before. */
static int common_of(struct again *a, struct source *source, uint64_t *ret)
{
	uint64_t low = 0, high = source->head < a->office ? source->head : a->office;
	struct source_entry e;
	struct sha256 hash;
	int r = 0;

	while (r == 0 && low < high) {
		uint64_t middle = low + (high - low + 1) / 2;
		sqlite3_stmt *get = again_get(a, AGAIN_HASH);
		bool same = source_at(source, middle, &e, &r);

		bind_u64(get, 1, middle);
		same = again_row(a, AGAIN_HASH) && same &&
		       column_blob(get, 0, &hash, sizeof(hash)) &&
		       memcmp(&hash, &e.hash, sizeof(hash)) == 0;
		again_done(a, AGAIN_HASH);
		if (same)
			low = middle;
		else
			high = middle - 1;
	}
	*ret = low;
	return r;
}

/* Our clock as it was, where the office's entries have told of another since: what we had scanned
 * is dated by ours. */
static int put_clock(struct again *a)
{
	struct source_entry own;
	struct entry e, mark = {.kind = ENTRY_CLOCK};
	uint8_t room[ENTRY_BODY_MAX];

	if (a->office == a->common || !source_clock(a->source, a->common, &own) || !own.body.data ||
	    !entry_decode(own.kind, own.body, &e))
		return 0;
	mark.at = own.at;
	if (e.kind == ENTRY_START) {
		memcpy(mark.clock.boot_id, e.start.boot_id, sizeof(mark.clock.boot_id));
		mark.clock.mono = e.start.mono;
		mark.clock.wall_trusted = e.start.wall_trusted;
		mark.clock.utc_offset_min = e.start.utc_offset_min;
	} else {
		mark.clock = e.clock;
	}
	mark.clock.before = own.at; /* it does not step here */
	own.kind = ENTRY_CLOCK;
	return put(a, &own, encode(&own, &mark, room), &mark);
}

static int again_source(struct again *a, struct source *source)
{
	struct source_entry own;
	int r = common_of(a, source, &a->common), error = 0;

	if (r < 0 || !source->db || a->common == source->head)
		return r;
	a->source = source;
	a->now = calloc(source->head - a->common, sizeof(*a->now));
	CHECK(a->now);
	for (uint64_t after = a->common; r == 0 && source_next(source, after, &own, &error);
	     after = own.seq) {
		if (after == a->common && own.kind != ENTRY_START && own.kind != ENTRY_CLOCK)
			r = put_clock(a);
		if (r == 0)
			r = again_one(a, &own);
	}
	free(a->now);
	a->now = NULL;
	a->visit.n = a->alarm.n = a->packs = 0;
	return r == 0 ? error : r;
}

/* --- all of it */

/* What the office has and a source does not: by body, and lines by their keys. */
static int tail_tables(struct again *a)
{
	uint64_t from = a->office, common;
	char sql[640];
	int r = 0;

	for (uint32_t i = 0; r == 0 && i < SOURCES; i++) {
		struct source *source = &a->x->source[i];

		if (!source->db)
			continue;
		r = common_of(a, source, &common);
		if (common < source->head && common < from)
			from = common;
	}
	snprintf(sql, sizeof(sql),
		 "CREATE TABLE temp.tail_body(hash BLOB PRIMARY KEY, seq INTEGER) WITHOUT ROWID;"
		 "INSERT OR IGNORE INTO temp.tail_body SELECT body_hash, seq FROM main.entry"
		 " WHERE seq > %llu;"
		 "CREATE TABLE temp.tail_line(visit INTEGER, key TEXT, seq INTEGER,"
		 " PRIMARY KEY(visit, key)) WITHOUT ROWID;"
		 "INSERT OR IGNORE INTO temp.tail_line SELECT visit, key, seq FROM main.line"
		 " WHERE seq > %llu;",
		 (unsigned long long)from, (unsigned long long)from);
	if (r == 0 && sql_exec(a->s->writer.db, sql) != SQLITE_OK)
		r = -EIO;
	return r;
}

/* One pass: how many came after the office's word, which says `again`. */
static int pass(struct restoring *x, uint32_t again, uint32_t *ret)
{
	struct again a = {.x = x, .s = &x->store, .office = x->store.head.seq};
	struct entry word = {.kind = ENTRY_OFFICE,
			     .at = x->now,
			     .office = {.event = OFFICE_EPOCH,
					.epoch = x->r.head.epoch,
					.seq = x->r.head.seq,
					.again = again}};
	uint64_t before;
	int r = tail_tables(&a);

	x->left = 0;
	if (r == 0 && store_append(a.s, &word) != STORED_OK)
		r = -ENOSPC;
	before = a.s->head.seq;
	for (uint32_t i = 0; r == 0 && i < SOURCES; i++)
		if (x->source[i].db)
			r = again_source(&a, &x->source[i]);
	*ret = (uint32_t)(a.s->head.seq - before);
	for (uint32_t i = 0; i < AGAIN_STATEMENTS; i++)
		sqlite3_finalize(a.statement[i]);
	free(a.visit.pair);
	free(a.alarm.pair);
	free(a.pack);
	return r;
}

/* What outlives its entries: how the doors stood, where nothing newer says it. And that we run: a
 * token that was used before this moment is not good after it (contracts 1). */
static enum stored put_notes(struct restoring *x)
{
	struct store *s = &x->store;
	sqlite3_stmt *get, *insert;
	enum stored stored = STORED_OK;

	bind_text(s->statement[DO_META], 1, "running");
	bind_i64(s->statement[DO_META], 2, true);
	stored = store_step(s, DO_META, "noting that we run");
	if (stored != STORED_OK || !x->source[1].db)
		return stored;
	get = sql_prepare(x->source[1].db,
			  "SELECT name, value FROM meta WHERE name GLOB '" NOTE_MODE "*' LIMIT 64");
	insert =
		sql_prepare(s->writer.db, "INSERT OR IGNORE INTO meta(name, value) VALUES(?1, ?2)");
	while (get && insert && sqlite3_step(get) == SQLITE_ROW) {
		sqlite3_bind_value(insert, 1, sqlite3_column_value(get, 0));
		sqlite3_bind_value(insert, 2, sqlite3_column_value(get, 1));
		if (sqlite3_step(insert) != SQLITE_DONE)
			stored = STORED_FULL;
		sqlite3_reset(insert);
	}
	sqlite3_finalize(get);
	sqlite3_finalize(insert);
	return stored;
}

int again_append(struct restoring *x, char why[WHY_MAX])
{
	struct store *s = &x->store;
	uint32_t guess = 0, n = 0;
	int r = 0;

	for (uint32_t i = 0; i < PASSES_MAX; i++) {
		if (store_begin(s) != STORED_OK)
			break;
		r = pass(x, guess, &n);
		if (r == 0 && n == guess) {
			s->acked_to = x->r.head.seq;
			if (put_notes(x) != STORED_OK)
				r = -ENOSPC;
			if (r == 0 && restore_at)
				restore_at(RESTORE_AGAIN);
			if (r == 0 && store_commit(s) == STORED_OK) {
				x->again = n;
				return 0;
			}
		}
		store_rollback(s);
		if (r < 0)
			break;
		guess = n;
	}
	why_format(why, "what this box had made since cannot be appended again: %s",
		   r < 0 ? strerror(-r) : "there is no room");
	return r < 0 ? r : -ENOSPC;
}
