/* Entries that come in: taken once, in order, whole, or refused with the reason (contracts 5). Each
 * test on SQLite, and on the PostgreSQL that SHOP_TEST_POSTGRES names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "intake_house.h"
#include "net/pack.h"

static void add_visit(struct box *x, uint64_t visit, uint32_t lines)
{
	struct entry e = sample_entry(ENTRY_VISIT_OPENED);
	char key[16];

	e.visit_opened.visit.n = visit;
	e.visit_opened.customer = sample_customer(0xc0);
	box_add(x, &e);
	for (uint32_t i = 0; i < lines; i++) {
		snprintf(key, sizeof(key), "k-%u", i);
		e = sample_line(visit, key, 2000 + 2 * i);
		box_add(x, &e);
	}
	e = sample_entry(ENTRY_VISIT_CLOSED);
	e.visit_closed.visit.n = visit;
	box_add(x, &e);
}

static int64_t entries(struct office_house *h)
{
	return house_number(h, "SELECT count(*) FROM entry WHERE shop = 'viken' LIMIT 1");
}

static int64_t notices(struct office_house *h, enum notice_kind kind)
{
	struct house_sql s = {0};
	char sql[120];

	snprintf(sql, sizeof(sql),
		 "INSERT INTO meta(name, value) SELECT 'n', count(*) FROM notice"
		 " WHERE kind = %d",
		 (int)kind);
	house_do(h, "DELETE FROM meta WHERE name = 'n'");
	house_do(h, sql);
	s.sql = "SELECT value FROM meta WHERE name = 'n' LIMIT 1";
	assert_int_equal(db_transact(h->o.db, house_sql_work, &s), 0);
	return s.n;
}

/* --- a batch */

static void takes_a_batch_and_acknowledges_it(void **state)
{
	struct office_house *h = house(state);
	struct answered x;

	add_visit(&h->box, 1, 3);
	x = house_post(h, 1, 5, 1, NULL);
	assert_int_equal(x.result, 0);
	assert_int_equal(x.status, 200);
	assert_int_equal(x.ack.answer, SYNC_TAKEN);
	assert_int_equal(x.ack.seq, 5);
	assert_int_equal(x.ack.epoch, 1);
	assert_int_equal(x.ack.at.ms, HOUSE_NOW);
	assert_memory_equal(x.ack.hash.byte, h->box.kept[4].hash.byte, 32);
	assert_int_equal(entries(h), 5);
	assert_int_equal(house_number(h, "SELECT count(*) FROM line WHERE visit = 1 LIMIT 1"), 3);
	assert_int_equal(
		house_number(h, "SELECT closed_at FROM visit WHERE shop = 'viken' LIMIT 1"),
		h->box.kept[4].raw.at.ms);
	assert_int_equal(house_number(h, "SELECT on_hand_milli FROM stock LIMIT 1"), -6000);
	assert_int_equal(house_number(h, "SELECT took_at FROM shop LIMIT 1"), HOUSE_NOW);
	assert_int_equal(house_number(h, "SELECT head_at FROM shop LIMIT 1"),
			 h->box.kept[4].raw.at.ms);
	assert_int_equal(house_number(h, "SELECT lines FROM arrival WHERE n = 1 LIMIT 1"), 3);
}

static void knows_what_it_has_already(void **state)
{
	struct office_house *h = house(state);
	struct answered x;

	add_visit(&h->box, 1, 6);
	house_sync(h, 5);
	/* the acknowledgement was lost: the same again, and with more behind it */
	x = house_post(h, 1, 5, 1, NULL);
	assert_int_equal(x.ack.answer, SYNC_TAKEN);
	assert_int_equal(x.ack.seq, 8);
	add_visit(&h->box, 2, 1);
	x = house_post(h, 4, 11, 1, NULL);
	assert_int_equal(x.ack.answer, SYNC_TAKEN);
	assert_int_equal(x.ack.seq, 11);
	assert_int_equal(entries(h), 11);
	assert_int_equal(house_number(h, "SELECT count(*) FROM line LIMIT 1"), 7);
	assert_int_equal(house_number(h, "SELECT on_hand_milli FROM stock LIMIT 1"), -14000);
	/* a late twin of an older batch, out of order */
	x = house_post(h, 2, 3, 1, NULL);
	assert_int_equal(x.ack.answer, SYNC_TAKEN);
	assert_int_equal(x.ack.seq, 11);
	assert_int_equal(entries(h), 11);
	assert_int_equal(notices(h, NOTICE_CLONE), 0);
}

static void an_empty_batch_asks_whether_both_stand_the_same(void **state)
{
	struct office_house *h = house(state);
	uint8_t bytes[64];
	struct builder b = builder_of(bytes, sizeof(bytes));
	struct answered x;

	add_visit(&h->box, 1, 1);
	house_sync(h, 10);
	sync_hash_put(&b, &h->box.kept[2].hash);
	x = house_post_bytes(h, (struct span){b.data, b.len}, 1);
	assert_int_equal(x.status, 200);
	b = builder_of(bytes, sizeof(bytes));
	sync_hash_put(&b, &h->box.kept[1].hash);
	x = house_post_bytes(h, (struct span){b.data, b.len}, 1);
	assert_int_equal(x.status, 409);
	assert_int_equal(x.ack.answer, SYNC_GAP);
	assert_int_equal(x.ack.seq, 3);
}

static void a_gap_is_answered_with_what_is_expected(void **state)
{
	struct office_house *h = house(state);
	struct answered x;

	add_visit(&h->box, 1, 6);
	x = house_post(h, 3, 8, 1, NULL);
	assert_int_equal(x.status, 409);
	assert_int_equal(x.ack.answer, SYNC_GAP);
	assert_int_equal(x.ack.seq, 0);
	house_post(h, 1, 2, 1, NULL);
	x = house_post(h, 4, 8, 1, NULL);
	assert_int_equal(x.ack.answer, SYNC_GAP);
	assert_int_equal(x.ack.seq, 2);
	assert_memory_equal(x.ack.hash.byte, h->box.kept[1].hash.byte, 32);
	assert_int_equal(entries(h), 2);
}

/* Two boxes write for one shop. */
static void a_fork_is_refused_and_told(void **state)
{
	struct office_house *h = house(state);
	struct entry e = sample_line(1, "other", 7000);
	struct answered x;

	add_visit(&h->box, 1, 3);
	house_sync(h, 10);
	h->box.entries = 3;
	box_add(&h->box, &e);
	box_add(&h->box, &e);
	box_add(&h->box, &e);
	x = house_post(h, 3, 6, 1, NULL);
	assert_int_equal(x.status, 409);
	assert_int_equal(x.ack.answer, SYNC_FORK);
	assert_int_equal(x.ack.seq, 5);
	assert_int_equal(entries(h), 5);
	assert_int_equal(notices(h, NOTICE_CLONE), 1);
	/* told once while it holds */
	house_post(h, 3, 6, 1, NULL);
	assert_int_equal(notices(h, NOTICE_CLONE), 1);
}

static void an_old_epoch_is_refused_and_told(void **state)
{
	struct office_house *h = house(state);
	struct answered x;

	add_visit(&h->box, 1, 3);
	house_sync(h, 2);
	house_do(h, "UPDATE shop SET epoch = 2 WHERE shop = 'viken'");
	add_visit(&h->box, 2, 1);
	x = house_post(h, 6, 8, 1, NULL);
	assert_int_equal(x.status, 409);
	assert_int_equal(x.ack.answer, SYNC_EPOCH_OLD);
	assert_int_equal(x.ack.epoch, 2);
	assert_int_equal(entries(h), 5);
	assert_int_equal(notices(h, NOTICE_CLONE), 1);
	/* one that the office does not know yet (it was restored) */
	x = house_post(h, 6, 8, 3, NULL);
	assert_int_equal(x.ack.answer, SYNC_EPOCH_OLD);
	assert_int_equal(notices(h, NOTICE_EPOCH), 1);
	/* what was made in the old one comes in under the new one */
	x = house_post(h, 6, 8, 2, NULL);
	assert_int_equal(x.ack.answer, SYNC_TAKEN);
	/* and it never falls along the chain */
	h->box.epoch = 2;
	add_visit(&h->box, 3, 1);
	house_sync(h, 10);
	h->box.epoch = 1;
	add_visit(&h->box, 4, 1);
	x = house_post(h, 12, 14, 2, NULL);
	assert_int_equal(x.ack.answer, SYNC_BROKEN);
	assert_int_equal(entries(h), 11);
}

static void what_does_not_follow_is_refused_whole(void **state)
{
	struct office_house *h = house(state);
	struct sha256 other = {{1}};
	struct answered x;

	add_visit(&h->box, 1, 3);
	x = house_post(h, 1, 5, 1, &other);
	assert_int_equal(x.status, 409);
	assert_int_equal(x.ack.answer, SYNC_BROKEN);
	assert_int_equal(x.ack.seq, 0);
	assert_int_equal(entries(h), 0);
	assert_int_equal(house_number(h, "SELECT count(*) FROM line LIMIT 1"), 0);
	assert_int_equal(notices(h, NOTICE_BROKEN), 1);
	/* a bit that turned on its way */
	h->box.kept[2].body[30] ^= 1;
	x = house_post(h, 1, 5, 1, NULL);
	assert_int_equal(x.ack.answer, SYNC_BROKEN);
	h->box.kept[2].body[30] ^= 1;
	/* an entry left out, one without a possible time */
	h->box.kept[3].raw.seq = 5;
	x = house_post(h, 1, 4, 1, NULL);
	assert_int_equal(x.ack.answer, SYNC_BROKEN);
	h->box.kept[3].raw.seq = 4;
	h->box.kept[3].raw.at.ms = INTAKE_AT_MAX + 1;
	x = house_post(h, 1, 4, 1, NULL);
	assert_int_not_equal(x.status, 200);
	h->box.kept[3].raw.at.ms = 1790000001000;
	house_sync(h, 5);
	assert_int_equal(entries(h), 5);
}

/* A large batch is hashed while its rows are written: what comes to light then takes them back. */
static void a_large_batch_is_whole_or_nothing(void **state)
{
	enum {
		LINES = 2 * INTAKE_ASIDE,
		ALL = LINES + 2
	};
	struct office_house *h = house(state);
	struct sha256 other = {{1}};
	struct answered x;

	add_visit(&h->box, 1, LINES);
	x = house_post(h, 1, ALL, 1, &other);
	assert_int_equal(x.status, 409);
	assert_int_equal(x.ack.answer, SYNC_BROKEN);
	assert_int_equal(x.ack.seq, 0);
	h->box.kept[LINES - 1].body[30] ^= 1; /* a bit that turned on its way */
	x = house_post(h, 1, ALL, 1, NULL);
	assert_int_equal(x.ack.answer, SYNC_BROKEN);
	h->box.kept[LINES - 1].body[30] ^= 1;
	assert_int_equal(entries(h), 0);
	assert_int_equal(house_number(h, "SELECT count(*) FROM line LIMIT 1"), 0);
	assert_int_equal(house_number(h, "SELECT count(*) FROM stock LIMIT 1"), 0);
	assert_int_equal(house_number(h, "SELECT head_seq FROM shop LIMIT 1"), 0);
	assert_int_equal(notices(h, NOTICE_BROKEN), 1);
	/* and others in its way make it be written twice, hashed once */
	db_trouble_inject(h->o.db, 2);
	x = house_post(h, 1, ALL, 1, NULL);
	assert_int_equal(x.status, 200);
	assert_int_equal(x.ack.answer, SYNC_TAKEN);
	assert_int_equal(x.ack.seq, ALL);
	assert_int_equal(entries(h), ALL);
	assert_int_equal(house_number(h, "SELECT count(*) FROM line LIMIT 1"), LINES);
	/* the same and more: those that are here are compared as they ever were */
	add_visit(&h->box, 2, LINES);
	x = house_post(h, 2, 2 * ALL, 1, NULL);
	assert_int_equal(x.ack.answer, SYNC_TAKEN);
	assert_int_equal(entries(h), 2 * ALL);
	h->box.kept[ALL].body[30] ^= 1;
	x = house_post(h, 2, 2 * ALL, 1, NULL);
	assert_int_equal(x.ack.answer, SYNC_FORK);
}

/* A box whose entry before these is another than ours: it hears of our newest, and can tell by that
 * whether the way has broken them or the ledgers have parted. */
static void what_follows_another_head_is_told_of_ours(void **state)
{
	struct office_house *h = house(state);
	struct sha256 ours;
	struct answered x;
	uint64_t head;

	add_visit(&h->box, 1, 3);
	house_sync(h, 5);
	head = h->box.entries;
	ours = h->box.kept[head - 1].hash;
	h->box.kept[head - 1].hash.byte[0] ^= 1;
	add_visit(&h->box, 2, 1);
	x = house_post(h, head + 1, h->box.entries, 1, NULL);
	assert_int_equal(x.status, 409);
	assert_int_equal(x.ack.answer, SYNC_BROKEN);
	assert_int_equal(x.ack.epoch, 1);
	assert_int_equal(x.ack.seq, head);
	assert_memory_equal(x.ack.hash.byte, ours.byte, sizeof(ours.byte));
	assert_int_equal(entries(h), (int64_t)head);
	assert_int_equal(notices(h, NOTICE_BROKEN), 1);
}

static void bytes_that_are_no_batch_are_malformed(void **state)
{
	struct office_house *h = house(state);
	struct answered x = house_post_bytes(h, (struct span){(const uint8_t *)"\x01\x02", 2}, 1);

	assert_int_equal(x.result, 0);
	assert_int_equal(x.status, 400);
	x = house_post_bytes(h, (struct span){(const uint8_t *)"", 0}, 1);
	assert_int_equal(x.status, 400);
}

static void a_revoked_shop_is_not_heard(void **state)
{
	struct office_house *h = house(state);
	struct answered x;

	add_visit(&h->box, 1, 1);
	house_do(h, "UPDATE shop SET state = 2 WHERE shop = 'viken'");
	x = house_post(h, 1, 3, 1, NULL);
	assert_int_equal(x.status, 403);
	assert_int_equal(entries(h), 0);
}

/* SQLSTATE 40001 at the commit: everything once more, and once. */
static void trouble_at_the_commit_doubles_nothing(void **state)
{
	struct office_house *h = house(state);
	struct answered x;

	add_visit(&h->box, 1, 3);
	db_trouble_inject(h->o.db, 3);
	x = house_post(h, 1, 5, 1, NULL);
	assert_int_equal(x.result, 0);
	assert_int_equal(x.ack.answer, SYNC_TAKEN);
	assert_int_equal(entries(h), 5);
	assert_int_equal(house_number(h, "SELECT count(*) FROM line LIMIT 1"), 3);
	assert_int_equal(house_number(h, "SELECT on_hand_milli FROM stock LIMIT 1"), -6000);
	assert_int_equal(house_number(h, "SELECT count(*) FROM arrival LIMIT 1"), 1);
}

/* --- what cannot be read, and what is erased */

static void an_unreadable_entry_is_kept_and_told(void **state)
{
	struct office_house *h = house(state);
	struct entry e = sample_line(1, "dear", 0);

	add_visit(&h->box, 1, 1);
	box_add_strange(&h->box, 999, "\x81\x01");
	box_add_strange(&h->box, ENTRY_LINE, "not a line");
	e.line.total = money_of(INT64_MAX / 2);
	box_add(&h->box, &e);
	add_visit(&h->box, 2, 1);
	house_sync(h, 20);
	assert_int_equal(entries(h), 9);
	assert_int_equal(house_number(h, "SELECT count(*) FROM unread LIMIT 1"), 3);
	assert_int_equal(house_number(h, "SELECT kind FROM unread WHERE seq = 4 LIMIT 1"), 999);
	assert_int_equal(house_number(h, "SELECT count(*) FROM line LIMIT 1"), 2);
	assert_int_equal(notices(h, NOTICE_UNREADABLE), 1);
}

static struct entry door_of(uint8_t customer)
{
	struct entry e = sample_entry(ENTRY_DOOR);

	e.door.customer_known = customer != 0;
	e.door.customer = sample_customer(customer);
	return e;
}

static void erased_bodies_come_in_and_go(void **state)
{
	struct office_house *h = house(state);
	struct entry mine = door_of(0xc0), other = door_of(0x20), e = {.kind = ENTRY_ERASED};
	struct sha256 sum;

	box_add(&h->box, &mine);
	box_add(&h->box, &other);
	box_add(&h->box, &mine);
	add_visit(&h->box, 1, 1);
	/* gone before it was ever sent */
	box_erase(&h->box, 1);
	house_sync(h, 20);
	assert_int_equal(house_number(h, "SELECT count(*) FROM entry WHERE body IS NULL LIMIT 1"),
			 1);
	assert_int_equal(house_number(h, "SELECT count(*) FROM unread LIMIT 1"), 0);
	sum = house_sha256(h->box.kept[2].body, h->box.kept[2].raw.body.len);
	e.at.ms = 1790000009000;
	e.erased = (struct entry_erased){.first = 1, .last = 6, .bodies = 2, .whose_known = true};
	e.erased.whose = sample_customer(0xc0);
	box_add(&h->box, &e);
	house_sync(h, 20);
	assert_int_equal(house_number(h, "SELECT count(*) FROM entry WHERE body IS NULL LIMIT 1"),
			 2);
	assert_int_equal(house_number(h, "SELECT count(*) FROM entry WHERE seq = 3 AND body IS NULL"
					 " AND body_hash IS NOT NULL LIMIT 1"),
			 1);
	/* a box that sends them again, by their hashes now, is the same box */
	box_erase(&h->box, 3);
	assert_memory_equal(h->box.kept[2].body, sum.byte, sizeof(sum.byte));
	assert_int_equal(house_post(h, 1, 7, 1, NULL).ack.answer, SYNC_TAKEN);
	/* the retention of all the rest */
	e.erased = (struct entry_erased){.first = 1, .last = 7, .bodies = 1};
	box_add(&h->box, &e);
	house_sync(h, 20);
	assert_int_equal(house_number(h, "SELECT count(*) FROM entry WHERE body IS NULL LIMIT 1"),
			 3);
	/* money is no door log */
	assert_int_equal(house_number(h,
				      "SELECT count(*) FROM entry WHERE kind = 50 AND body IS NULL"
				      " LIMIT 1"),
			 0);
}

/* --- the tail */

static void gives_back_what_it_took(void **state)
{
	struct office_house *h = house(state);
	struct ask a = house_ask(1);
	struct reply r = {0};
	uint8_t *bytes = malloc(SYNC_BATCH_MAX);
	struct sync_entry e;
	struct sha256 end;
	struct span s;
	uint32_t len;
	uint64_t seq = 2;

	assert_non_null(bytes);
	add_visit(&h->box, 1, 5);
	house_sync(h, 3);
	a.query[a.queries].name = "after";
	a.query[a.queries++].value = "2";
	assert_int_equal(box_entries_get(&h->o, &a, &r), 0);
	assert_int_equal(r.status, 200);
	assert_true(unpack((struct span){r.bytes, (uint32_t)r.len}, bytes, SYNC_BATCH_MAX, &len));
	s = (struct span){bytes, len};
	while (sync_entry_take(&s, &e)) {
		const struct kept *k = &h->box.kept[seq++];

		assert_int_equal(e.seq, seq);
		assert_int_equal(e.kind, k->raw.kind);
		assert_int_equal(e.at.ms, k->raw.at.ms);
		assert_true(span_is(e.body, k->body, k->raw.body.len));
	}
	assert_int_equal(seq, 7);
	assert_true(sync_hash_take(&s, &end));
	assert_memory_equal(end.byte, h->box.kept[6].hash.byte, sizeof(end.byte));
	/* nothing behind the newest; nothing at all behind what is not there */
	a.query[0].value = "7";
	assert_int_equal(box_entries_get(&h->o, &a, &r), 0);
	assert_true(unpack((struct span){r.bytes, (uint32_t)r.len}, bytes, SYNC_BATCH_MAX, &len));
	s = (struct span){bytes, len};
	assert_false(sync_entry_take(&s, &e));
	assert_true(sync_hash_take(&s, &end));
	assert_memory_equal(end.byte, h->box.kept[6].hash.byte, sizeof(end.byte));
	a.query[0].value = "8";
	assert_int_equal(box_entries_get(&h->o, &a, &r), 0);
	assert_int_equal(r.status, 404);
	reply_free(&r);
	free(bytes);
}

#define ON_BOTH(test) ON_BOTH_WITH(test, house_set_up, house_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(takes_a_batch_and_acknowledges_it),
		ON_BOTH(knows_what_it_has_already),
		ON_BOTH(an_empty_batch_asks_whether_both_stand_the_same),
		ON_BOTH(a_gap_is_answered_with_what_is_expected),
		ON_BOTH(a_fork_is_refused_and_told),
		ON_BOTH(an_old_epoch_is_refused_and_told),
		ON_BOTH(what_does_not_follow_is_refused_whole),
		ON_BOTH(a_large_batch_is_whole_or_nothing),
		ON_BOTH(what_follows_another_head_is_told_of_ours),
		ON_BOTH(bytes_that_are_no_batch_are_malformed),
		ON_BOTH(a_revoked_shop_is_not_heard),
		ON_BOTH(trouble_at_the_commit_doubles_nothing),
		ON_BOTH(an_unreadable_entry_is_kept_and_told),
		ON_BOTH(erased_bodies_come_in_and_go),
		ON_BOTH(gives_back_what_it_took),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
