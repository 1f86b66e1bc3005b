/*
 * derive_erase.c: bodies that a shop has erased go here too (design 6): those of kinds that have a
 * retention, in the range that the shop names, of everybody or of one customer. Their hashes stay,
 * so the chain still holds.
 */
#include "officed/derive.h"

#include <stdlib.h>

enum {
	ERASE_PAGE = 500
};

struct gone {
	int64_t seq;
	struct sha256 hash;
};

/* Whether an entry tells of this customer. */
static bool is_of(const struct entry *e, const struct customer *whose)
{
	switch ((int)e->kind) {
	case ENTRY_ADMITTED:
		return customer_is(e->admitted.customer, *whose);
	case ENTRY_REFUSED:
		return e->refused.customer_known && customer_is(e->refused.customer, *whose);
	case ENTRY_DOOR:
		return e->door.customer_known && customer_is(e->door.customer, *whose);
	}
	return false;
}

static bool goes(const struct entry_erased *e, uint16_t kind, struct span body)
{
	struct entry old;

	if (!e->whose_known)
		return true;
	return entry_decode(kind, body, &old) && is_of(&old, &e->whose);
}

static void erase(struct derive *x, const struct gone *g)
{
	db_do(x->o->db, "UPDATE entry SET body = NULL, body_hash = $3 WHERE shop = $1 AND seq = $2",
	      DB_VALUES(db_text(x->shop), db_int(g->seq),
			db_bytes(g->hash.byte, sizeof(g->hash.byte))));
}

void derive_later_erased(struct derive *x, const struct fact *f)
{
	const struct entry_erased *e = &f->e.erased;
	uint64_t last = e->last < f->raw.seq ? e->last : f->raw.seq - 1;
	int64_t after = (int64_t)e->first - 1;
	struct gone *gone = malloc(ERASE_PAGE * sizeof(*gone));
	uint32_t found = ERASE_PAGE, n;
	struct db_rows *rows;

	CHECK(gone);
	while (found == ERASE_PAGE) {
		found = n = 0;
		db_ask(x->o->db, &rows,
		       "SELECT seq, kind, body FROM entry WHERE shop = $1 AND seq > $2 AND"
		       " seq <= $3 AND kind IN (10, 11, 12, 20, 85) AND body IS NOT NULL"
		       " ORDER BY seq LIMIT $4",
		       DB_VALUES(db_text(x->shop), db_int(after), db_int((int64_t)last),
				 db_int(ERASE_PAGE)));
		for (; db_next(rows); found++) {
			struct span body = db_col_bytes(rows, 2);

			after = db_col_int(rows, 0);
			if (!goes(e, (uint16_t)db_col_int(rows, 1), body))
				continue;
			gone[n++] = (struct gone){after, batch_sha256(x->batch, body)};
		}
		db_rows_end(rows);
		for (uint32_t i = 0; i < n; i++)
			erase(x, &gone[i]);
	}
	free(gone);
}
