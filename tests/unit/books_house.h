/*
 * books_house.h: a shop's books without a thread: entries as the core would make them, requests at
 * the desk, months closed slice by slice, for the tests of both.
 */
#ifndef SHOP_TESTS_BOOKS_HOUSE_H
#define SHOP_TESTS_BOOKS_HOUSE_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "books/vat.h"
#include "ledger/desk_inside.h"

struct books {
	char dir[64];
	struct store store;
	struct desk desk;
	struct day today;
	bool clock_untrusted;
	uint64_t visit;		     /* the newest that was opened */
	uint32_t lines, key;	     /* made so far */
	uint32_t slices, slices_max; /* of the newest close; at most so many (0: all) */
	bool hurry;
	struct close_policy policy;
	struct desk_result *answer;    /* the newest */
	struct money unbilled, unpaid; /* Σ of all changes that were told */
};

static inline struct day on(int32_t year, int32_t month, int32_t day)
{
	struct day d;

	assert_true(day_of(year, month, day, &d));
	return d;
}

static inline struct customer household(uint32_t n)
{
	struct customer c = {{0}};

	/* scattered, as random keys are */
	for (uint32_t i = 0; i < sizeof(c.byte); i++)
		c.byte[i] = (uint8_t)((n + 1) * 2654435761U >> (8 * (i % 4)) ^ i * 37);
	c.byte[15] = (uint8_t)n;
	c.byte[14] = (uint8_t)(n >> 8);
	c.byte[13] = (uint8_t)(n >> 16);
	return c;
}

static inline int books_remove_one(const char *path, const struct stat *st, int type,
				   struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline void books_open(struct books *b)
{
	char why[WHY_MAX];
	int r = store_open(b->dir, 0, &b->store, why);

	if (r != 0)
		print_error("%s\n", why);
	assert_int_equal(r, 0);
	desk_open(&b->desk, &b->store);
}

static inline void books_shut(struct books *b)
{
	desk_shut(&b->desk);
	store_close(&b->store);
}

/* As after a power cut: what is not committed is gone, and a close that went on with it. */
static inline void books_reopen(struct books *b)
{
	books_shut(b);
	books_open(b);
}

static inline struct wall books_at(const struct books *b)
{
	return (struct wall){b->today.n * 86400000LL + 36000000};
}

static inline void books_begin(struct books *b)
{
	assert_int_equal(store_begin(&b->store), STORED_OK);
}

static inline uint64_t books_add(struct books *b, const struct entry *e)
{
	assert_int_equal(store_append(&b->store, e), STORED_OK);
	return b->store.head.seq;
}

static inline void books_commit(struct books *b)
{
	assert_int_equal(store_commit(&b->store), STORED_OK);
}

static inline uint64_t books_write(struct books *b, const struct entry *e)
{
	uint64_t seq;

	books_begin(b);
	seq = books_add(b, e);
	books_commit(b);
	return seq;
}

static inline void books_clock(struct books *b, bool trusted)
{
	struct entry e = {.kind = ENTRY_CLOCK, .at = books_at(b)};

	e.clock.boot_id[0] = 1;
	e.clock.wall_trusted = trusted;
	e.clock.before = e.at;
	books_write(b, &e);
}

static inline void books_make(struct books *b)
{
	struct entry e = {.kind = ENTRY_START};

	memset(b, 0, sizeof(*b));
	snprintf(b->dir, sizeof(b->dir), "%s", "/tmp/shopkeeper-test-XXXXXX");
	assert_non_null(mkdtemp(b->dir));
	b->today = on(2026, 3, 2);
	b->policy = (struct close_policy){.due_days = 30};
	books_open(b);
	e.at = books_at(b);
	e.start.boot_id[0] = 1;
	e.start.clean = e.start.wall_trusted = true;
	books_write(b, &e);
}

static inline void books_end(struct books *b)
{
	desk_result_free(b->answer);
	b->answer = NULL;
	books_shut(b);
	nftw(b->dir, books_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* For a test of its own. */
static inline int books_set_up(void **state)
{
	static struct books b;

	books_make(&b);
	*state = &b;
	return 0;
}

static inline int books_tear_down(void **state)
{
	books_end(*state);
	return 0;
}

static inline int64_t books_number(struct books *b, const char *sql)
{
	int64_t n = INT64_MIN;

	assert_int_equal(sql_number(b->store.writer.db, sql, &n), SQLITE_OK);
	return n;
}

static inline void books_plant(struct books *b, const char *sql)
{
	if (sql_exec(b->store.writer.db, sql) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(b->store.writer.db));
}

/* --- visits and lines */

static inline uint64_t books_visit(struct books *b, uint32_t customer)
{
	struct entry e = {.kind = ENTRY_VISIT_OPENED, .at = books_at(b)};

	e.visit_opened.visit.n = ++b->visit;
	e.visit_opened.customer = household(customer);
	e.visit_opened.place = (struct place){"front"};
	e.visit_opened.price_version = 1;
	return books_write(b, &e);
}

static inline void books_leave(struct books *b)
{
	struct entry e = {.kind = ENTRY_VISIT_CLOSED, .at = books_at(b)};

	e.visit_closed.visit.n = b->visit;
	e.visit_closed.end = END_EXIT;
	books_write(b, &e);
}

static inline struct entry line_entry(struct books *b, uint32_t customer, int64_t total, int32_t bp)
{
	struct entry e = {.kind = ENTRY_LINE, .at = books_at(b)};
	struct entry_line *l = &e.line;

	l->visit.n = b->visit;
	snprintf(l->key.text, sizeof(l->key.text), "k-%u", ++b->lines);
	l->customer = household(customer);
	l->gtin.n = 7310865004703;
	snprintf(l->name, sizeof(l->name), "%s", "Mj\xc3\xb6lk");
	l->quantity_milli = 1000;
	l->unit_price = l->list_price = l->total = money_of(total);
	l->vat_bp = bp;
	l->vat_class = bp == 2500 ? VAT_STANDARD : VAT_FOOD;
	l->price_version = 1;
	l->bought = b->today;
	return e;
}

static inline uint64_t books_line(struct books *b, uint32_t customer, int64_t total, int32_t bp)
{
	struct entry e = line_entry(b, customer, total, bp);

	return books_write(b, &e);
}

/* A visit with one line of each amount, over at once. The newest line's number. */
static inline uint64_t books_buy(struct books *b, uint32_t customer, int64_t total, int32_t bp)
{
	uint64_t seq;

	books_visit(b, customer);
	seq = books_line(b, customer, total, bp);
	books_leave(b);
	return seq;
}

/* --- the desk */

/* A request's key, that no other has. */
static inline void books_key(struct books *b, char key[NAME_MAX_LEN + 1])
{
	snprintf(key, NAME_MAX_LEN + 1, "key-%u", ++b->key);
}

static inline struct desk_request books_request(struct books *b, enum desk_kind kind)
{
	return (struct desk_request){
		.kind = kind,
		.tag = 7,
		.at = books_at(b),
		.today = b->today,
		.clock_trusted = !b->clock_untrusted,
		.policy = b->policy,
	};
}

static inline void books_take(struct books *b, struct desk_result *r)
{
	desk_result_free(b->answer);
	b->answer = r;
	assert_int_equal(r->tag, 7);
	for (uint32_t i = 0; i < r->changes; i++) {
		assert_true(money_add(b->unbilled, r->change[i].unbilled, &b->unbilled));
		assert_true(money_add(b->unpaid, r->change[i].unpaid, &b->unpaid));
	}
}

static inline enum desk_answer books_ask(struct books *b, const struct desk_request *q)
{
	struct desk_result *r = desk_do(&b->desk, q);

	assert_non_null(r);
	books_take(b, r);
	return r->answer;
}

static inline bool books_hurry(void *data)
{
	return ((struct books *)data)->hurry;
}

/* Goes on with the close; DESK_WORKING when it was left at slices_max. */
static inline enum desk_answer books_go_on(struct books *b)
{
	for (b->slices = 0; desk_busy(&b->desk); b->slices++) {
		struct desk_result *r;

		if (b->slices_max > 0 && b->slices == b->slices_max)
			return DESK_WORKING;
		r = desk_slice(&b->desk, true, books_hurry, b);
		if (r)
			books_take(b, r);
	}
	return b->answer->answer;
}

static inline enum desk_answer books_close(struct books *b, int32_t period)
{
	struct desk_request q = books_request(b, DESK_CLOSE);
	struct desk_result *r;

	q.period.n = period;
	r = desk_do(&b->desk, &q);
	if (r) {
		books_take(b, r);
		return r->answer;
	}
	return books_go_on(b);
}

#define assert_closed(b, period)                                                                   \
	do {                                                                                       \
		enum desk_answer closed_ = books_close(b, period);                                 \
                                                                                                   \
		if (closed_ != DESK_DONE)                                                          \
			print_error("%s\n", (b)->answer->why);                                     \
		assert_int_equal(closed_, DESK_DONE);                                              \
	} while (0)

#define assert_refused(b, asked, words)                                                            \
	do {                                                                                       \
		assert_int_equal(asked, DESK_REFUSED);                                             \
		if (!strstr((b)->answer->why, words))                                              \
			fail_msg("\"%s\" is not in \"%s\"", words, (b)->answer->why);              \
	} while (0)

#endif
