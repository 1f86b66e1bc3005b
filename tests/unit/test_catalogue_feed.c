/*
 * test_catalogue_feed.c: the office's feed onto catalog.db: batches that go on from the cursor and
 * those that do not, a snapshot in parts and one that lacks a part or is cut short, what the shop
 * itself said and what was revoked, what is for the loop to do, prices that are to come.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>

#include "catalogue_house.h"
#include "ledger/read.h"

#define SHOP  "viken"
#define EPOCH 3U
#define GTIN  7310865004703ULL

/* The judge of these tests: what is signed "good" is good; the payload follows. */
static bool verify(void *data, struct span statement, struct span *ret_payload, char why[200])
{
	(void)data;
	if (statement.len < 4 || memcmp(statement.data, "good", 4) != 0) {
		snprintf(why, 200, "the signature is not the office's");
		return false;
	}
	*ret_payload = (struct span){statement.data + 4, statement.len - 4};
	return true;
}

struct batch {
	struct builder b;
	uint32_t changes;
	uint8_t bytes[1 << 20];
};
static struct batch batch;

static void begin(void)
{
	batch.b = builder_of(batch.bytes, sizeof(batch.bytes));
	batch.changes = 0;
}

static void add(struct sync_change c)
{
	sync_change_put(&batch.b, &c);
	batch.changes++;
}

static struct customer customer_of(uint32_t n)
{
	struct customer c = {{0}};

	memcpy(c.byte, &n, sizeof(n));
	return c;
}

static void add_member(uint32_t n, uint16_t flags)
{
	struct sync_key key = {.customer = customer_of(n)};

	add((struct sync_change){.kind = SYNC_MEMBER,
				 .member = {.customer = customer_of(n),
					    .role = ROLE_MEMBER,
					    .flags = flags,
					    .credit_limit = money_of(1000 + n)}});
	memcpy(key.key.x, &n, sizeof(n));
	add((struct sync_change){.kind = SYNC_KEY, .key = key});
}

static void add_article(uint64_t gtin, int64_t price, int64_t from_ms, const char *name)
{
	struct sync_change c = {.kind = SYNC_ARTICLE,
				.article = {.gtin = {gtin},
					    .valid_from = {from_ms},
					    .price = money_of(price),
					    .vat_class = VAT_FOOD}};

	strncpy(c.article.name, name, ARTICLE_NAME_MAX);
	add(c);
}

/* What was added, as the statement of these numbers, handed to the thread. */
static struct changed feed_as(struct shelves *s, const char *mark, const struct sync_feed *head)
{
	static uint8_t bytes[(1 << 20) + 256];
	struct builder b = builder_of(bytes, sizeof(bytes));
	struct sync_feed f = *head;
	struct change c = {.kind = CHANGE_FEED,
			   .judge = {.verify = verify, .shop = SHOP, .epoch = EPOCH}};

	f.changes = batch.changes;
	build_bytes(&b, mark, 4);
	sync_feed_put(&b, &f);
	build_bytes(&b, batch.bytes, batch.b.len);
	assert_false(b.failed || batch.b.failed);
	c.fd = sealed(bytes, b.len, SEALS);
	return change(s, &c);
}

static struct sync_feed head_of(uint64_t from, uint64_t to, int32_t part)
{
	return (struct sync_feed){.shop = SHOP,
				  .epoch = EPOCH,
				  .from = from,
				  .to = to,
				  .at = {1790000000000 + (int64_t)to},
				  .part = part};
}

/* It went well, and the cursor is there. */
static void feed(struct shelves *s, uint64_t from, uint64_t to, int32_t part)
{
	struct sync_feed head = head_of(from, to, part);
	struct changed changed = feed_as(s, "good", &head);

	if (changed.error != 0)
		print_error("%s\n", changed.why);
	assert_int_equal(changed.error, 0);
	assert_non_null(changed.feed);
	if (part <= 0) {
		assert_true(changed.feed->known);
		assert_int_equal(changed.feed->cursor, to);
		assert_int_equal(changed.feed->heard.ms, head.at.ms);
	}
	changed_free(&changed);
}

static void refused(struct shelves *s, const char *mark, struct sync_feed head, int error,
		    bool must_refetch)
{
	struct changed changed = feed_as(s, mark, &head);

	assert_int_equal(changed.error, error);
	assert_int_equal(changed.must_refetch, must_refetch);
	assert_true(changed.why[0] != '\0');
	assert_null(changed.roster);
	assert_null(changed.articles);
	assert_int_equal(changed.todos, 0);
	changed_free(&changed);
}

static const struct member_row *member(struct shelves *s, uint32_t n)
{
	return roster_member(s->roster, customer_of(n));
}

/* An office's first word: two members, an article. */
static void first_word(struct shelves *s)
{
	begin();
	add_member(1, MEMBER_LIMITED);
	add_member(2, MEMBER_EXTENDED);
	add_article(GTIN, 1490, 0, "Mjölk");
	feed(s, 0, 10, -1);
}

static int64_t price(struct shelves *s)
{
	const struct article_row *row = articles_now(s->articles, (struct gtin){GTIN});

	return row ? money_minor(row->price) : -1;
}

static void snapshot(void **state)
{
	struct shelves *s = *state;
	struct feed_todo *todo;
	struct feed_state *known;
	struct change local = member_of(77);
	uint32_t todos;

	open_it(s);
	known = catalogue_feed(s->catalogue, &todo, &todos);
	assert_false(known->known);
	assert_int_equal(todos, 0);
	free(known);
	free(todo);
	/* who was a member before the office knew is none any more */
	assert_int_equal(change(s, &local).error, 0);
	/* increments before a snapshot have nothing to go on from */
	begin();
	add_member(1, 0);
	refused(s, "good", head_of(0, 1, 0), -ESTALE, true);
	first_word(s);
	assert_int_equal(s->roster->members, 2);
	assert_int_equal(s->roster->keys, 2);
	assert_int_equal(member(s, 1)->flags, MEMBER_LIMITED);
	assert_int_equal(money_minor(member(s, 2)->credit_limit), 1002);
	assert_int_equal(price(s), 1490);
	close_it(s);
	/* and all of it is in the file */
	open_it(s);
	known = catalogue_feed(s->catalogue, &todo, &todos);
	assert_true(known->known);
	assert_int_equal(known->cursor, 10);
	free(known);
	free(todo);
	assert_int_equal(s->roster->members, 2);
	assert_int_equal(s->roster->keys, 2);
	assert_int_equal(price(s), 1490);
	close_it(s);
}

static void parts(void **state)
{
	struct shelves *s = *state;

	open_it(s);
	first_word(s);
	for (int32_t part = 1; part <= 3; part++) {
		begin();
		for (uint32_t n = 0; n < 400; n++)
			add_member((uint32_t)part * 1000 + n, 0);
		feed(s, 0, 20, part < 3 ? part : -part);
		/* nobody sees a part */
		assert_int_equal(s->roster->members, part < 3 ? 2 : 1200);
	}
	assert_int_equal(s->roster->keys, 1200);
	assert_int_equal(price(s), -1); /* the snapshot had no article */
	/* an older or the same snapshot is no news */
	begin();
	refused(s, "good", head_of(0, 20, -1), -EALREADY, false);
	refused(s, "good", head_of(0, 7, 1), -EALREADY, false);
	/* a part lacks, or is of another snapshot: from the start */
	begin();
	add_member(5, 0);
	feed(s, 0, 30, 1);
	refused(s, "good", head_of(0, 30, -3), -ESTALE, true);
	begin();
	add_member(5, 0);
	feed(s, 0, 30, 1);
	refused(s, "good", head_of(0, 31, -2), -ESTALE, true);
	assert_int_equal(s->roster->members, 1200);
	/* cut short by a restart: what was staged is gone, what held holds */
	begin();
	add_member(5, 0);
	feed(s, 0, 30, 1);
	close_it(s);
	open_it(s);
	assert_int_equal(s->roster->members, 1200);
	begin();
	refused(s, "good", head_of(0, 30, -2), -ESTALE, true);
	begin();
	add_member(6, 0);
	feed(s, 0, 30, -1);
	assert_int_equal(s->roster->members, 1);
	assert_non_null(member(s, 6));
	close_it(s);
}

static void add_card(enum sync_change_kind kind, uint32_t who, uint8_t card)
{
	add((struct sync_change){.kind = kind,
				 .card = {.customer = customer_of(who), .kid = {{card}}}});
}

static const struct member_row *card_owner(const struct shelves *s, uint8_t card)
{
	const struct card_row *row = roster_card(s->roster, (struct kid){{card}});

	return row ? &s->roster->member[row->member] : NULL;
}

/* Cards come and go by the feed, and by a snapshot whole. */
static void cards(void **state)
{
	struct shelves *s = *state;

	open_it(s);
	first_word(s);
	begin();
	add_card(SYNC_CARD, 1, 5);
	add_card(SYNC_CARD, 2, 6);
	add_card(SYNC_CARD, 99, 7); /* nobody's here */
	feed(s, 10, 14, 0);
	assert_int_equal(s->roster->cards, 2);
	assert_ptr_equal(card_owner(s, 5), member(s, 1));
	begin();
	add_card(SYNC_CARD_GONE, 1, 6); /* late news of who had it before */
	add_card(SYNC_CARD, 2, 5);
	feed(s, 14, 16, 0);
	assert_ptr_equal(card_owner(s, 5), member(s, 2));
	assert_ptr_equal(card_owner(s, 6), member(s, 2));
	begin();
	add_card(SYNC_CARD_GONE, 2, 5);
	feed(s, 16, 17, 0);
	assert_null(card_owner(s, 5));
	begin();
	add((struct sync_change){.kind = SYNC_MEMBER_GONE, .gone = customer_of(2)});
	feed(s, 17, 18, 0);
	assert_int_equal(s->roster->cards, 0);
	begin();
	add_member(6, 0);
	add_card(SYNC_CARD, 6, 8);
	feed(s, 0, 30, -1);
	assert_int_equal(s->roster->cards, 1);
	assert_ptr_equal(card_owner(s, 8), member(s, 6));
	close_it(s);
	open_it(s);
	assert_ptr_equal(card_owner(s, 8), member(s, 6));
	close_it(s);
}

static void increments(void **state)
{
	struct shelves *s = *state;
	struct sync_key key = {.customer = customer_of(1)};
	uint32_t one = 1;

	open_it(s);
	first_word(s);
	begin();
	add_member(3, 0);
	add_article(GTIN, 1590, 0, "Mjölk");
	add_article(GTIN, 1690, 0, "Mjölk"); /* twice in one batch: the last holds */
	add((struct sync_change){.kind = SYNC_MEMBER_GONE, .gone = customer_of(2)});
	feed(s, 10, 14, 0);
	assert_int_equal(s->roster->members, 2);
	assert_int_equal(s->roster->keys, 2);
	assert_null(member(s, 2));
	assert_int_equal(price(s), 1690);
	/* a visit that began before keeps its price */
	assert_int_equal(money_minor(articles_then(s->articles, (struct gtin){GTIN},
						   s->articles->version - 1)
					     ->price),
			 1490);
	/* the same again, or an older one: no news, and nothing doubled */
	begin();
	add_article(GTIN, 1, 0, "Mjölk");
	refused(s, "good", head_of(10, 14, 0), -EALREADY, false);
	refused(s, "good", head_of(13, 14, 0), -EALREADY, false);
	/* a gap */
	refused(s, "good", head_of(15, 16, 0), -ESTALE, true);
	memcpy(key.key.x, &one, sizeof(one));
	begin();
	add((struct sync_change){.kind = SYNC_KEY_GONE, .key = key});
	add((struct sync_change){.kind = SYNC_ARTICLE_GONE, .article_gone = {GTIN}});
	feed(s, 14, 16, 0);
	assert_int_equal(s->roster->keys, 1);
	assert_non_null(member(s, 1));
	assert_int_equal(price(s), -1);
	close_it(s);
	open_it(s);
	assert_int_equal(s->roster->keys, 1);
	assert_int_equal(price(s), -1);
	close_it(s);
}

static void not_believed(void **state)
{
	struct shelves *s = *state;
	struct sync_feed head;
	struct change c = {.kind = CHANGE_FEED,
			   .judge = {.verify = verify, .shop = SHOP, .epoch = EPOCH}};
	struct changed changed;

	open_it(s);
	first_word(s);
	begin();
	add_member(3, 0);
	refused(s, "evil", head_of(10, 11, 0), -EBADMSG, false);
	head = head_of(10, 11, 0);
	snprintf(head.shop, sizeof(head.shop), "other");
	refused(s, "good", head, -EBADMSG, false);
	head = head_of(10, 11, 0);
	head.epoch = EPOCH - 1;
	refused(s, "good", head, -EBADMSG, false);
	/* signed, and yet no feed */
	c.fd = sealed("goodgarbage", 11, SEALS);
	changed = change(s, &c);
	assert_int_equal(changed.error, -EPROTO);
	changed_free(&changed);
	/* somebody could still change it */
	c.fd = sealed("good", 4, F_SEAL_SHRINK | F_SEAL_GROW);
	changed = change(s, &c);
	assert_int_equal(changed.error, -EINVAL);
	changed_free(&changed);
	assert_int_equal(s->roster->members, 2);
	close_it(s);
}

static void shops_own_word(void **state)
{
	struct shelves *s = *state;
	struct change block = {.kind = CHANGE_MEMBER_BLOCK, .on = true, .customer = customer_of(1)};
	struct change trust = {
		.kind = CHANGE_MEMBER_TRUST, .customer = customer_of(2), .trust = TRUST_TRUSTED};
	struct sync_change pass = {.kind = SYNC_PASS, .pass = {.cti_len = 8, .revoked = true}};
	const struct pass_row *row;

	open_it(s);
	first_word(s);
	assert_int_equal(change(s, &block).error, 0);
	assert_int_equal(change(s, &trust).error, 0);
	begin();
	add(pass);
	feed(s, 10, 11, 0);
	/* neither a change nor a snapshot takes it back */
	begin();
	add_member(1, MEMBER_LIMITED);
	feed(s, 11, 12, 0);
	assert_true(member(s, 1)->flags & MEMBER_BLOCKED);
	begin();
	add_member(1, 0);
	add_member(2, 0);
	pass.pass.revoked = false;
	add(pass);
	feed(s, 0, 20, -1);
	assert_true(member(s, 1)->flags & MEMBER_BLOCKED);
	assert_int_equal(member(s, 2)->trust, TRUST_TRUSTED);
	row = roster_pass(s->roster, pass.pass.cti, 8);
	assert_non_null(row);
	assert_true(row->revoked);
	/* the shop can */
	block.on = false;
	assert_int_equal(change(s, &block).error, 0);
	begin();
	add_member(1, 0);
	feed(s, 20, 21, 0);
	assert_false(member(s, 1)->flags & MEMBER_BLOCKED);
	close_it(s);
}

/* A snapshot with a payment and somebody to forget; what the loop has to do of it. */
static uint32_t snapshot_todos(struct shelves *s, uint64_t to, struct changed *ret)
{
	struct sync_feed first = head_of(0, to, 1), last = head_of(0, to, -2);
	struct changed changed;

	begin();
	add_member(1, 0);
	add((struct sync_change){.kind = SYNC_PAYMENT,
				 .payment = {.key = "bg-1",
					     .customer = customer_of(1),
					     .amount = money_of(4200),
					     .booked = {20000}}});
	changed = feed_as(s, "good", &first);
	assert_int_equal(changed.error, 0);
	assert_int_equal(changed.todos, 0); /* it may yet be cut short */
	changed_free(&changed);
	begin();
	add((struct sync_change){.kind = SYNC_ERASE, .gone = customer_of(2)});
	*ret = feed_as(s, "good", &last);
	assert_int_equal(ret->error, 0);
	return ret->todos;
}

/* The changes that told of it are among those that a snapshot skips: it brings them itself. */
static void a_snapshot_loses_nothing_to_be_done(void **state)
{
	struct shelves *s = *state;
	struct change done = {.kind = CHANGE_TODO_DONE};
	struct changed changed;
	struct feed_todo *todo;
	uint32_t todos;

	open_it(s);
	first_word(s);
	assert_int_equal(snapshot_todos(s, 20, &changed), 2);
	assert_int_equal(changed.todo[0].change.kind, SYNC_PAYMENT);
	assert_string_equal(changed.todo[0].change.payment.key, "bg-1");
	assert_int_equal(changed.todo[1].change.kind, SYNC_ERASE);
	assert_true(changed.todo[1].n > changed.todo[0].n && changed.todo[0].n > 0);
	done.todo = changed.todo[0].n;
	changed_free(&changed);
	/* what waits still is not told twice */
	assert_int_equal(snapshot_todos(s, 30, &changed), 0);
	changed_free(&changed);
	assert_int_equal(change(s, &done).error, 0);
	assert_int_equal(snapshot_todos(s, 40, &changed), 1);
	assert_int_equal(changed.todo[0].change.kind, SYNC_PAYMENT);
	changed_free(&changed);
	close_it(s);
	open_it(s);
	free(catalogue_feed(s->catalogue, &todo, &todos));
	assert_int_equal(todos, 2);
	free(todo);
	close_it(s);
}

static struct sync_change revoked_pass(uint32_t n)
{
	struct sync_change c = {.kind = SYNC_PASS, .pass = {.cti_len = 8, .revoked = true}};

	memcpy(c.pass.cti, &n, sizeof(n));
	return c;
}

/* Revoked passes are kept, and nobody says when they have run out: a shop that is full of them asks
 * for all that holds, and goes on. */
static void revoked_passes_do_not_end_the_feed(void **state)
{
	struct shelves *s = *state;
	struct sync_change newest = revoked_pass(PASSES_MAX);
	uint64_t to = 10;

	open_it(s);
	first_word(s);
	for (uint32_t n = 0; n < PASSES_MAX; to++) {
		begin();
		for (; batch.changes < 1000 && n < PASSES_MAX; n++)
			add(revoked_pass(n));
		feed(s, to, to + 1, 0);
	}
	begin();
	add(newest);
	refused(s, "good", head_of(to, to + 1, 0), -E2BIG, true);
	begin();
	add_member(1, 0);
	add(newest);
	feed(s, 0, to + 1, -1);
	assert_true(roster_pass(s->roster, newest.pass.cti, 8)->revoked);
	for (uint32_t n = 1; n <= 100; n++, to++) {
		begin();
		add(revoked_pass(PASSES_MAX + n));
		feed(s, to + 1, to + 2, 0);
	}
	close_it(s);
}

static void to_be_done(void **state)
{
	struct shelves *s = *state;
	struct sync_feed head = head_of(10, 13, 0);
	struct sync_change payment = {.kind = SYNC_PAYMENT,
				      .payment = {.key = "bg-1",
						  .customer = customer_of(1),
						  .amount = money_of(4200),
						  .booked = {20000}}};
	struct sync_change command = {.kind = SYNC_COMMAND,
				      .command = {.id = 9,
						  .verb = VERB_UNLOCK,
						  .door = "front",
						  .expires = {1790000060000},
						  .by = "robert"}};
	struct changed changed;
	struct feed_todo *todo;
	struct change done = {.kind = CHANGE_TODO_DONE};
	uint32_t todos;

	open_it(s);
	first_word(s);
	begin();
	add(payment);
	add(command);
	add((struct sync_change){.kind = SYNC_ERASE, .gone = customer_of(2)});
	changed = feed_as(s, "good", &head);
	assert_int_equal(changed.error, 0);
	assert_int_equal(changed.todos, 3);
	assert_int_equal(changed.todo[0].change.kind, SYNC_PAYMENT);
	assert_true(changed.todo[0].n > 0);
	assert_string_equal(changed.todo[0].change.payment.key, "bg-1");
	assert_int_equal(changed.todo[1].change.kind, SYNC_COMMAND);
	assert_int_equal(changed.todo[1].n, 0);
	assert_int_equal(changed.todo[1].change.command.id, 9);
	done.todo = changed.todo[2].n;
	changed_free(&changed);
	assert_int_equal(change(s, &done).error, 0);
	close_it(s);
	/* after a power cut: the payment waits, the command does not, the erasure was done */
	open_it(s);
	free(catalogue_feed(s->catalogue, &todo, &todos));
	assert_int_equal(todos, 1);
	assert_int_equal(todo[0].change.kind, SYNC_PAYMENT);
	assert_int_equal(money_minor(todo[0].change.payment.amount), 4200);
	free(todo);
	close_it(s);
}

static void settings(void **state)
{
	struct shelves *s = *state;
	struct sync_feed head = head_of(10, 11, 0);
	struct sync_change set = {.kind = SYNC_SETTING,
				  .setting = {.name = "occupancy_max", .value = "12"}};
	struct changed changed;

	open_it(s);
	first_word(s);
	begin();
	add(set);
	changed = feed_as(s, "good", &head);
	assert_int_equal(changed.feed->settings, 1);
	assert_string_equal(changed.feed->setting[0].name, "occupancy_max");
	assert_string_equal(changed.feed->setting[0].value, "12");
	changed_free(&changed);
	begin();
	set.setting.value[0] = '\0';
	add(set);
	head = head_of(11, 12, 0);
	changed = feed_as(s, "good", &head);
	assert_int_equal(changed.feed->settings, 0);
	changed_free(&changed);
	close_it(s);
}

static void prices_to_come(void **state)
{
	struct shelves *s = *state;
	int64_t now = s->now.ms;
	uint32_t version;

	open_it(s);
	first_word(s);
	assert_int_equal(catalogue_due(s->catalogue).ms, 0);
	begin();
	add_article(GTIN, 1990, now + 60000, "Mjölk");
	add_article(GTIN, 2990, now + 120000, "Mjölk");
	feed(s, 10, 12, 0);
	assert_int_equal(price(s), 1490);
	assert_int_equal(catalogue_due(s->catalogue).ms, now + 60000);
	assert_false(catalogue_clock(s->catalogue, (struct wall){now + 59999}));
	close_it(s);
	open_it(s); /* it is remembered */
	assert_int_equal(catalogue_due(s->catalogue).ms, now + 60000);
	version = s->articles->version;
	assert_true(catalogue_clock(s->catalogue, (struct wall){now + 60000}));
	assert_false(catalogue_clock(s->catalogue, (struct wall){now + 60001}));
	assert_int_equal(wait_changed(s).kind, CHANGE_DUE);
	assert_int_equal(price(s), 1990);
	assert_int_equal(s->articles->version, version + 1);
	assert_int_equal(catalogue_due(s->catalogue).ms, now + 120000);
	/* a snapshot brings its own, what is over and what is to come */
	begin();
	add_article(GTIN, 100, 0, "Mjölk");
	add_article(GTIN, 200, now - 5, "Mjölk");
	add_article(GTIN, 300, now + 9, "Mjölk");
	feed(s, 0, 20, -1);
	assert_int_equal(price(s), 200);
	assert_int_equal(catalogue_due(s->catalogue).ms, now + 9);
	/* several are due at once: the last of them holds */
	begin();
	add_article(GTIN, 400, now + 10, "Mjölk");
	feed(s, 20, 21, 0);
	assert_true(catalogue_clock(s->catalogue, (struct wall){now + 1000000}));
	assert_int_equal(wait_changed(s).error, 0);
	assert_int_equal(price(s), 400);
	assert_int_equal(catalogue_due(s->catalogue).ms, 0);
	close_it(s);
}

/* A bad row does not keep the good ones from the shop. */
static void left_out(void **state)
{
	struct shelves *s = *state;
	struct sync_feed head = head_of(10, 12, 0);
	static struct entry_chart chart; /* with no account for any rate */
	struct sync_change fixed = {
		.kind = SYNC_ARTICLE,
		.article = {.gtin = {123}, .price = money_of(5), .vat_bp = 777, .name = "X"}};
	struct changed changed;

	open_it(s);
	catalogue_chart(s->catalogue, &chart);
	first_word(s);
	begin();
	add(fixed);
	add_article(GTIN, 1500, 0, "Mjölk");
	changed = feed_as(s, "good", &head);
	assert_int_equal(changed.error, 0);
	assert_non_null(strstr(changed.why, "1 left out"));
	changed_free(&changed);
	assert_int_equal(price(s), 1500);
	assert_int_equal(s->articles->rows, 1);
	close_it(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(snapshot, set_up, tear_down),
		cmocka_unit_test_setup_teardown(revoked_passes_do_not_end_the_feed, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_snapshot_loses_nothing_to_be_done, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(parts, set_up, tear_down),
		cmocka_unit_test_setup_teardown(cards, set_up, tear_down),
		cmocka_unit_test_setup_teardown(increments, set_up, tear_down),
		cmocka_unit_test_setup_teardown(not_believed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(shops_own_word, set_up, tear_down),
		cmocka_unit_test_setup_teardown(to_be_done, set_up, tear_down),
		cmocka_unit_test_setup_teardown(settings, set_up, tear_down),
		cmocka_unit_test_setup_teardown(prices_to_come, set_up, tear_down),
		cmocka_unit_test_setup_teardown(left_out, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
