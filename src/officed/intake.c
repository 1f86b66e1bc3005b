/*
 * intake.c: a batch of a shop's entries, from the bytes to the signed acknowledgement.
 *
 * The batch is taken apart, hashed and judged against what the office has of this shop, all before
 * a row is touched. Then one transaction takes the shop's row by an UPDATE that asks whether it
 * still stands where it was judged to stand: another batch for the same shop that came in between
 * (a repeat of this one, most likely) makes it be judged again. The entries, every row that follows
 * from them and the new head are in that one transaction, and only after its commit is anything
 * signed: what is acknowledged is durable, and what is not acknowledged can be sent again.
 *
 * A large batch that goes on from our newest entry is still being hashed, on a thread, while rows
 * are written that need no hash. Should its chain not end as it says, they are rolled back.
 *
 * A repeat is compared hash by hash with what is there and changes nothing. What a refused batch
 * tells of (two boxes that write for one shop, a chain that does not follow) is told to a person
 * though nothing of it is kept.
 */
#include "officed/feed.h"
#include "officed/intake.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "officed/derive.h"

/* What the office has of a shop, as far as a batch needs it. */
struct standing {
	bool known;
	int64_t state;
	uint32_t epoch;
	uint64_t seq;
	struct sha256 hash;
	/* of the entries from the one before the batch's first up to our newest */
	uint32_t rows;
	struct {
		uint32_t epoch;
		uint64_t seq;
		struct sha256 hash;
	} row[SYNC_ENTRIES_MAX + 1];
};

struct taking {
	struct office *o;
	const struct ask *a;
	const char *shop;
	uint32_t epoch; /* that the box believes in */
	struct batch *batch;
	struct standing *standing;
	uint32_t known; /* entries of the batch that are there already */
	bool moved;	/* the shop stands elsewhere by now */
	/* what a person has to know of a batch that is refused */
	enum notice_kind notice;
	char detail[160];
};

static struct db_value of_seq(uint64_t seq)
{
	return db_int((int64_t)seq);
}

static struct sha256 hash_at(struct db_rows *rows, uint32_t column)
{
	struct span bytes = db_col_bytes(rows, column);
	struct sha256 hash = {{0}};

	if (bytes.len == sizeof(hash.byte))
		memcpy(hash.byte, bytes.data, sizeof(hash.byte));
	return hash;
}

static bool same(const struct sha256 *a, const struct sha256 *b)
{
	return memcmp(a->byte, b->byte, sizeof(a->byte)) == 0;
}

/* --- what the office has */

static void read_rows(struct taking *t, uint64_t first, uint64_t last)
{
	struct standing *s = t->standing;
	struct db_rows *rows;

	if (last > s->seq)
		last = s->seq;
	db_ask(t->o->db, &rows,
	       "SELECT seq, epoch, hash FROM entry WHERE shop = $1 AND seq >= $2 AND seq <= $3"
	       " ORDER BY seq LIMIT $4",
	       DB_VALUES(db_text(t->shop), of_seq(first), of_seq(last), db_int(ARRAY_LEN(s->row))));
	while (db_next(rows)) {
		s->row[s->rows].seq = (uint64_t)db_col_int(rows, 0);
		s->row[s->rows].epoch = (uint32_t)db_col_int(rows, 1);
		s->row[s->rows++].hash = hash_at(rows, 2);
	}
	db_rows_end(rows);
}

static int read_standing(struct db *d, void *data)
{
	struct taking *t = data;
	struct standing *s = t->standing;
	const struct batch *b = t->batch;
	struct db_rows *rows;

	s->rows = 0;
	db_ask(d, &rows,
	       "SELECT state, epoch, head_seq, head_hash FROM shop WHERE shop = $1 LIMIT 1",
	       DB_VALUES(db_text(t->shop)));
	s->known = db_next(rows);
	s->state = db_col_int(rows, 0);
	s->epoch = (uint32_t)db_col_int(rows, 1);
	s->seq = (uint64_t)db_col_int(rows, 2);
	s->hash = hash_at(rows, 3);
	db_rows_end(rows);
	if (s->known && b->facts > 0 && b->fact[0].raw.seq <= s->seq + 1)
		read_rows(t, b->fact[0].raw.seq - 1, b->fact[b->facts - 1].raw.seq);
	return db_failed(d);
}

/* --- the judgement */

__attribute__((format(printf, 4, 5))) static enum sync_answer
refuse(struct taking *t, enum sync_answer answer, enum notice_kind notice, const char *format, ...)
{
	va_list arguments;

	t->notice = notice;
	va_start(arguments, format);
	vsnprintf(t->detail, sizeof(t->detail), format, arguments);
	va_end(arguments);
	return answer;
}

/* Entries follow each other in number and epoch, and no clock says what none can say. NULL, or what
 * is wrong. */
static const char *out_of_order(const struct taking *t)
{
	const struct batch *b = t->batch;
	uint32_t epoch = b->fact[0].raw.seq > 1 ? t->standing->row[0].epoch : 0;

	for (uint32_t i = 0; i < b->facts; i++) {
		const struct sync_entry *e = &b->fact[i].raw;

		if (e->seq != b->fact[0].raw.seq + i || e->seq > INT64_MAX - 1)
			return "its number does not follow from the one before it";
		if (e->epoch < epoch || e->epoch > t->standing->epoch)
			return "its epoch is none that it can have";
		if (e->at.ms < 0 || e->at.ms > INTAKE_AT_MAX)
			return "its time is none";
		epoch = e->epoch;
	}
	return NULL;
}

/* The entries that are here already: the same ones? */
static bool forked(struct taking *t, uint64_t *ret_seq)
{
	const struct standing *s = t->standing;
	const struct batch *b = t->batch;
	uint32_t skip = b->fact[0].raw.seq > 1;

	for (uint32_t i = 0; i + skip < s->rows; i++)
		if (!same(&s->row[i + skip].hash, &b->fact[i].hash)) {
			*ret_seq = b->fact[i].raw.seq;
			return true;
		}
	t->known = s->rows - skip;
	return false;
}

static enum sync_answer refuse_end(struct taking *t)
{
	const struct batch *b = t->batch;
	uint64_t first = b->fact[0].raw.seq;

	return refuse(t, SYNC_BROKEN, NOTICE_BROKEN,
		      "entries %llu to %llu do not follow from entry %llu as it is here",
		      (unsigned long long)first, (unsigned long long)b->fact[b->facts - 1].raw.seq,
		      (unsigned long long)first - 1);
}

static enum sync_answer judge_entries(struct taking *t)
{
	static const struct sha256 none;
	const struct standing *s = t->standing;
	struct batch *b = t->batch;
	uint64_t first = b->fact[0].raw.seq, seq = 0;
	const struct sha256 *before = first > 1 ? &s->row[0].hash : &none;
	const char *wrong;

	if (first > 1 && (s->rows == 0 || s->row[0].seq != first - 1))
		return refuse(t, SYNC_BROKEN, NOTICE_BROKEN, "entry %llu is missing here",
			      (unsigned long long)first - 1);
	wrong = out_of_order(t);
	if (wrong)
		return refuse(t, SYNC_BROKEN, NOTICE_BROKEN, "an entry of %llu and on: %s",
			      (unsigned long long)first, wrong);
	if (first == s->seq + 1 && b->facts >= INTAKE_ASIDE) {
		batch_chain_aside(b, before);
		return SYNC_TAKEN; /* unless its end is another: take() */
	}
	batch_chain(b, before);
	if (forked(t, &seq))
		return refuse(t, SYNC_FORK, NOTICE_CLONE,
			      "entry %llu came with another hash than before: two boxes write for "
			      "this shop, or one was put back to an older state",
			      (unsigned long long)seq);
	return batch_chained(b) ? SYNC_TAKEN : refuse_end(t);
}

static enum sync_answer judge(struct taking *t)
{
	const struct standing *s = t->standing;
	const struct batch *b = t->batch;

	t->known = 0;
	t->notice = 0;
	if (t->epoch < s->epoch)
		return refuse(t, SYNC_EPOCH_OLD, NOTICE_CLONE,
			      "a box still writes in epoch %u, and %u was granted", t->epoch,
			      s->epoch);
	if (t->epoch > s->epoch)
		return refuse(t, SYNC_EPOCH_OLD, NOTICE_EPOCH,
			      "its box knows of epoch %u, which is not on record here (%u is): was "
			      "the office restored from a backup?",
			      t->epoch, s->epoch);
	if (b->facts == 0)
		return same(&b->end, &s->hash) ? SYNC_TAKEN : SYNC_GAP;
	if (b->fact[0].raw.seq > s->seq + 1)
		return SYNC_GAP;
	return judge_entries(t);
}

/* --- taking it */

static bool take_row(struct taking *t)
{
	const struct standing *s = t->standing;
	const struct fact *head = &t->batch->fact[t->batch->facts - 1];

	return db_do(t->o->db,
		     "UPDATE shop SET head_seq = $2, head_hash = $3, head_at = $4, took_at = $5"
		     " WHERE shop = $1 AND state = $6 AND epoch = $7 AND head_seq = $8"
		     " AND (head_seq = 0 OR head_hash = $9)",
		     DB_VALUES(db_text(t->shop), of_seq(head->raw.seq),
			       db_bytes(t->batch->end.byte, sizeof(t->batch->end.byte)),
			       db_int(head->raw.at.ms), db_int(t->a->now.ms), db_int(s->state),
			       db_int(s->epoch), of_seq(s->seq),
			       db_bytes(s->hash.byte, sizeof(s->hash.byte)))) == 1;
}

static void tell_unread(const struct taking *t, const struct derive *x)
{
	char detail[160];

	if (x->unread == 0)
		return;
	snprintf(detail, sizeof(detail),
		 "%u %s be read here (entry %llu, kind %u): kept; a newer officed may read them",
		 x->unread, x->unread == 1 ? "entry cannot" : "entries cannot",
		 (unsigned long long)x->unread_first, x->unread_kind);
	notice_add(t->o, t->shop, NOTICE_UNREADABLE, detail, t->a->now);
}

static int take(struct db *d, void *data)
{
	struct taking *t = data;
	struct derive x;

	t->moved = !take_row(t);
	if (t->moved)
		return db_failed(d) != 0 ? db_failed(d) : -ESTALE;
	derive_batch(&x, t->o, t->shop, t->batch, t->known, t->a->now, false);
	if (batch_chained(t->batch)) {
		tell_unread(t, &x);
		derive_arrival(&x);
	}
	derive_free(&x);
	if (db_failed(d) == 0 && !batch_chained(t->batch))
		return -EBADMSG;
	return db_failed(d);
}

static int tell_refused(struct db *d, void *data)
{
	struct taking *t = data;

	notice_add(t->o, t->shop, t->notice, t->detail, t->a->now);
	return db_failed(d);
}

/** A box that was acknowledged more than is here: this office was restored from an older backup,
 * and may give numbers of the feed again that the box has seen. It is to fetch everything, under a
 * number past all that can have been given since that backup. A batch that is empty says it too:
 * boxes ask so when the office was away (courierd/plan.h). */
static int feed_restart(struct db *d, void *data)
{
	const struct taking *t = data;

	feed_leap(t->o, t->shop);
	return db_failed(d);
}

static bool heard(const struct taking *t)
{
	return t->standing->known && t->standing->state == SHOP_LIVE;
}

/* Judged and, where it is good, taken. 0 or the -errno of db_transact(). */
static int settle(struct taking *t, enum sync_answer *ret)
{
	struct batch *b = t->batch;
	int r = db_read(t->o->db, read_standing, t);

	for (uint32_t tries = 0; r == 0 && heard(t); tries++) {
		*ret = judge(t);
		if (*ret != SYNC_TAKEN || t->known == b->facts)
			break;
		t->moved = false;
		r = db_transact(t->o->db, take, t);
		if (r == 0) {
			t->standing->seq = b->fact[b->facts - 1].raw.seq;
			t->standing->hash = b->end;
		}
		if (r == -EBADMSG) {
			*ret = refuse_end(t);
			r = 0;
		}
		if (!t->moved || r != -ESTALE)
			break;
		r = tries < INTAKE_TRIES ? db_read(t->o->db, read_standing, t) : -EAGAIN;
	}
	if (r == 0 && t->notice != 0)
		r = db_transact(t->o->db, tell_refused, t);
	if (r == 0 && heard(t) && *ret == SYNC_GAP)
		r = db_transact(t->o->db, feed_restart, t);
	return r;
}

/* --- the answer */

static void acknowledge(const struct taking *t, enum sync_answer answer, struct reply *r)
{
	struct sync_head head = {.epoch = t->standing->epoch,
				 .seq = t->standing->seq,
				 .hash = t->standing->hash,
				 .at = t->a->now,
				 .answer = answer};
	uint8_t payload[256], signed_[512];
	struct builder b = builder_of(payload, sizeof(payload));
	uint32_t len;

	snprintf(head.shop, sizeof(head.shop), "%s", t->shop);
	sync_head_put(&b, SAID_ACK, &head);
	CHECK(!b.failed);
	len = office_sign(t->o, &b, signed_, sizeof(signed_));
	reply_bytes(r, answer == SYNC_TAKEN ? 200 : 409, "application/cose", signed_, len);
}

int box_entries_post(struct office *o, const struct ask *a, struct reply *r)
{
	struct batch batch;
	struct taking t = {.o = o, .a = a, .shop = a->param[0], .batch = &batch};
	enum sync_answer answer = SYNC_GAP;
	int64_t epoch;
	int result = 0;

	if (!ask_query_int(a, "epoch", 0, UINT32_MAX, -1, &epoch, r))
		return 0;
	if (epoch < 0) {
		reply_problem(r, 400, "malformed", "Say which epoch the entries are sent in.");
		return 0;
	}
	t.epoch = (uint32_t)epoch;
	t.standing = malloc(sizeof(*t.standing));
	CHECK(t.standing);
	if (!batch_read(a->body, &batch))
		reply_problem(r, 400, "malformed",
			      "That is no sequence of at most %u entries and a hash.",
			      SYNC_ENTRIES_MAX);
	else
		result = settle(&t, &answer);
	if (result == 0 && r->status == 0 && !heard(&t))
		reply_problem(r, 403, "revoked", "This office takes nothing of this shop's box.");
	else if (result == 0 && r->status == 0)
		acknowledge(&t, answer, r);
	batch_free(&batch);
	free(t.standing);
	return result;
}
