/*
 * read.h: reading ledger.db and catalog.db from another process (counterd, shopctl), read-only.
 *
 * One short query each, bounded; the files may not exist yet (before shopd's first start) and
 * answer SQLITE_BUSY and friends now and then: every call retries quietly for at most 200 ms. Never
 * `immutable=1`, never a long transaction.
 */
#ifndef SHOP_LEDGER_READ_H
#define SHOP_LEDGER_READ_H

#include "core/catalog.h"
#include "core/event.h"

struct reader;

/** reader_open - `dir` holds ledger.db and catalog.db. Opens lazily: succeeds before they exist.
 * -errno on no memory. */
MUST_CHECK int reader_open(const char *dir, struct reader **ret);
void reader_close(struct reader *r);

struct seq_entry {
	uint32_t epoch;
	uint64_t seq;
	bool readable; /* else only kind and at of `entry` count */
	bool erased;
	uint16_t kind;
	struct entry entry;
};

/** reader_entries - entries with seq > `after`, ascending, at most `max`. Count, or -errno
 * (-EAGAIN: busy; -ENOENT). */
int reader_entries(struct reader *r, uint64_t after, struct seq_entry *ret, uint32_t max);

/** An entry as it is carried to the office: lent until the next call. */
struct raw_entry {
	uint32_t epoch;
	uint64_t seq;
	struct wall at;
	uint16_t kind;
	bool erased;
	struct span body; /* erased: its hash */
	struct sha256 hash;
};
typedef bool raw_entry_fn(void *data, const struct raw_entry *e);

/** reader_raw - gives `take` the entries with seq > `after`, ascending, until it says no or there
 * are `max`. How many it took, or -errno. When the file is busy it may begin again: `take` is then
 * told by a NULL to start over. */
int reader_raw(struct reader *r, uint64_t after, uint32_t max, raw_entry_fn *take, void *data);

/** reader_head - newest seq on disk (0: empty), or -errno. */
int reader_head(struct reader *r, uint64_t *ret);

/** reader_visit - a visit and its lines in the order scanned. ret_lines' names point into `names`.
 *  1 found, 0 none, -errno. `bearer` NULL: any; else the visit is found only if that bearer speaks
 * for it. */
int reader_visit(struct reader *r, struct visit_id visit, const struct sha256 *bearer,
		 struct visit *ret, struct line *ret_line, uint32_t lines_max, uint32_t *ret_lines,
		 char *names, uint32_t names_size);

/** reader_visits - the newest `max` visits, newest first. Count or -errno. */
int reader_visits(struct reader *r, struct visit *ret, uint32_t max);

/** One article as the catalogue has it; `name` is a copy. */
struct product {
	struct gtin gtin;
	char name[ARTICLE_NAME_MAX + 1];
	struct money price;
	struct money deposit;
	int32_t vat_bp; /* VAT_FIXED alone */
	enum vat_class vat_class;
	uint16_t reorder;
	enum article_class class;
	enum article_state state;
	uint32_t price_version;
};

/** reader_product - 1 found, 0 none, -errno. */
int reader_product(struct reader *r, struct gtin gtin, struct product *ret);

/** reader_products - those with a GTIN above `after`, ascending, at most `max`; *ret_as_of when the
 * price list was made, 0 where there is none. Count or -errno. */
int reader_products(struct reader *r, struct gtin after, struct product *ret, uint32_t max,
		    struct wall *ret_as_of);

/** reader_rates - the VAT rates and the accounts that hold, as the ledger has them. `rates` is 0 in
 * what is not on record yet. 0, or -errno; NULL: not wanted. */
int reader_rates(struct reader *r, struct entry_tax *ret_tax, struct entry_chart *ret_chart);

struct member_listed {
	struct customer customer;
	struct kid kid;
	uint16_t flags;
	enum role role;
	enum trust trust;
	struct money credit_limit;
	struct money unbilled, unpaid;
	struct day oldest_due;
};

/** reader_members - keys with their members after `after` (NULL: from the start), at most max.
 * Count or -errno. */
int reader_members(struct reader *r, const struct kid *after, struct member_listed *ret,
		   uint32_t max);

struct card_listed {
	struct customer customer;
	struct kid kid;
	uint16_t flags;
	enum role role;
};

/** reader_cards - cards with their members after `after` (NULL: from the start), at most max.
 * Count or -errno. */
int reader_cards(struct reader *r, const struct kid *after, struct card_listed *ret, uint32_t max);

struct verify_result {
	uint64_t entries;
	uint64_t erased;
	struct sha256 head;
	bool ok;
	uint64_t bad_seq; /* where it broke, and why, in words */
	char why[120];
};

/** reader_verify - recomputes every hash of the ledger, in one pass of short queries. 0 or -errno.
 *  `progress` (may be NULL) is told now and then how far it is, of `entries`. */
int reader_verify(struct reader *r, struct verify_result *ret,
		  void (*progress)(void *data, uint64_t done, uint64_t all), void *data);

#endif
