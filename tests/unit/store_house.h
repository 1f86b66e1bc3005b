/* store_house.h: a ledger without its thread, and short forms for entries and what came of them. */
#ifndef SHOP_TESTS_STORE_HOUSE_H
#define SHOP_TESTS_STORE_HOUSE_H

#include <ftw.h>
#include <stdlib.h>
#include <unistd.h>

#include "entry_samples.h"
#include "ledger/read.h"
#include "ledger/rebuild.h"
#include "ledger/store.h"

struct shop {
	char dir[64];
	struct store store;
	bool open;
};

static inline void shop_open(struct shop *h)
{
	char why[WHY_MAX];
	int r = store_open(h->dir, 0, &h->store, why);

	if (r != 0)
		print_error("%s\n", why);
	assert_int_equal(r, 0);
	h->open = true;
}

static inline void shop_close(struct shop *h)
{
	if (h->open)
		store_close(&h->store);
	h->open = false;
}

static inline int shop_set_up(void **state)
{
	struct shop *h = calloc(1, sizeof(*h));

	assert_non_null(h);
	snprintf(h->dir, sizeof(h->dir), "%s", "/tmp/shopkeeper-test-XXXXXX");
	assert_non_null(mkdtemp(h->dir));
	*state = h;
	return 0;
}

static inline int shop_remove_one(const char *path, const struct stat *st, int type,
				  struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline int shop_tear_down(void **state)
{
	struct shop *h = *state;

	shop_close(h);
	nftw(h->dir, shop_remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(h);
	return 0;
}

/* Several entries in one transaction: shop_add() between these. */
static inline void shop_begin(struct shop *h)
{
	assert_int_equal(store_begin(&h->store), STORED_OK);
}

static inline uint64_t shop_add(struct shop *h, const struct entry *e)
{
	assert_int_equal(store_append(&h->store, e), STORED_OK);
	return h->store.head.seq;
}

static inline void shop_commit(struct shop *h)
{
	assert_int_equal(store_commit(&h->store), STORED_OK);
}

/* One entry, on disk. */
static inline uint64_t shop_write(struct shop *h, const struct entry *e)
{
	uint64_t seq;

	shop_begin(h);
	seq = shop_add(h, e);
	shop_commit(h);
	return seq;
}

__attribute__((format(printf, 2, 3))) static inline int64_t shop_number(struct shop *h,
									const char *format, ...)
{
	char sql[512];
	int64_t n = INT64_MIN;
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(sql, sizeof(sql), format, arguments);
	va_end(arguments);
	if (sql_number(h->store.writer.db, sql, &n) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(h->store.writer.db));
	return n;
}

/* What an entry posted to an account. */
static inline int64_t shop_posted(struct shop *h, uint64_t seq, uint32_t account)
{
	return shop_number(h,
			   "SELECT coalesce(sum(amount), 0) FROM posting WHERE seq = %llu"
			   " AND account = %u",
			   (unsigned long long)seq, account);
}

/* What an account holds. */
static inline int64_t shop_account(struct shop *h, uint32_t account)
{
	return shop_number(h, "SELECT coalesce(sum(amount), 0) FROM posting WHERE account = %u",
			   account);
}

static inline int64_t shop_balance(struct shop *h, uint8_t customer, const char *column)
{
	char hex[33];
	struct customer c = sample_customer(customer);

	hex_text(c.byte, sizeof(c.byte), hex);
	return shop_number(h, "SELECT coalesce((SELECT %s FROM balance WHERE customer = x'%s'), 0)",
			   column, hex);
}

/* The books as a whole: every entry's postings sum to 0, the stock account is what the shelf is
 * worth, receivable is what the customers owe. */
static inline void shop_check_books(struct shop *h)
{
	assert_int_equal(shop_number(h, "SELECT count(*) FROM (SELECT 1 FROM posting GROUP BY seq"
					" HAVING sum(amount) <> 0)"),
			 0);
	assert_int_equal(shop_account(h, 1460),
			 shop_number(h, "SELECT coalesce(sum(value), 0) FROM stock"));
	assert_int_equal(shop_account(h, 1510),
			 shop_number(h, "SELECT coalesce(sum(unbilled + unpaid), 0) FROM balance"));
	assert_int_equal(shop_number(h, "SELECT count(*) FROM invoice WHERE original = 0 AND"
					" paid <> (SELECT coalesce(sum(amount), 0) FROM settled"
					" WHERE invoice = id)"),
			 0);
}

/* That the chain holds, and the tables of money are what it says. */
static inline void shop_check_chain(struct shop *h)
{
	struct verify_result result;
	struct reader *r;

	assert_int_equal(reader_open(h->dir, &r), 0);
	assert_int_equal(reader_verify(r, &result, NULL, NULL), 0);
	if (!result.ok)
		fail_msg("entry %llu: %s", (unsigned long long)result.bad_seq, result.why);
	assert_int_equal(result.entries, h->store.head.seq);
	reader_close(r);
}

/* That the entries alone give the very same tables: the shop closed, and open again after it. */
static inline void shop_check_rebuild(struct shop *h)
{
	struct rebuild_found found;
	int r = ledger_rebuild_check(h->dir, &found, NULL, NULL);

	if (r != 0 || !found.ok)
		fail_msg("%d: %s %s: %s", r, found.table, found.key, found.why);
	assert_int_equal(found.entries, h->store.head.seq);
	assert_int_equal(found.unreadable, 0);
	shop_check_chain(h);
}

#endif
