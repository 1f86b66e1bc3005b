/*
 * timeline_bill.c: which invoice bears a line. An invoice's lines stand packed in the entries right
 * before it; a line is billed once, so that the first invoice of its customer that has it is the
 * one.
 */
#include "officed/timeline.h"

enum {
	INVOICES_LOOKED = 4, /* after the line: a month's, and those that small sums waited for */
	CHUNKS_MAX = INVOICE_LINES_MAX / 8,
};

static bool chunk_has(const struct entry_invoice_lines *l, uint64_t wanted)
{
	struct span packed = {l->packed, l->packed_len};
	uint64_t line = 0, step;

	while (packed.len > 0 && span_take_varint(&packed, &step)) {
		line += step;
		if (line == wanted)
			return true;
	}
	return false;
}

static bool bears(struct office *o, const char *shop, int64_t first, int64_t seq, uint64_t line)
{
	struct db_rows *rows;
	bool found = false;
	struct entry e;

	db_ask(o->db, &rows,
	       "SELECT body FROM entry WHERE shop = $1 AND seq >= $2 AND seq < $3 AND kind = $4"
	       " ORDER BY seq LIMIT $5",
	       DB_VALUES(db_text(shop), db_int(first), db_int(seq), db_int(ENTRY_INVOICE_LINES),
			 db_int(CHUNKS_MAX)));
	while (!found && db_next(rows))
		found = entry_decode(ENTRY_INVOICE_LINES, db_col_bytes(rows, 0), &e) &&
			chunk_has(&e.invoice_lines, line);
	db_rows_end(rows);
	return found;
}

int64_t invoice_bearing(struct office *o, const char *shop, const struct customer *c, int64_t line)
{
	struct {
		int64_t id, first, seq;
	} paper[INVOICES_LOOKED];
	struct db_rows *rows;
	uint32_t n = 0;

	db_ask(o->db, &rows,
	       "SELECT id, first_seq, seq FROM invoice WHERE customer = $1 AND shop = $2 AND"
	       " credit_note = 0 AND seq > $3 ORDER BY seq LIMIT $4",
	       DB_VALUES(db_bytes(c->byte, sizeof(c->byte)), db_text(shop), db_int(line),
			 db_int(INVOICES_LOOKED)));
	for (; n < INVOICES_LOOKED && db_next(rows); n++) {
		paper[n].id = db_col_int(rows, 0);
		paper[n].first = db_col_int(rows, 1);
		paper[n].seq = db_col_int(rows, 2);
	}
	db_rows_end(rows);
	for (uint32_t i = 0; i < n; i++)
		if (bears(o, shop, paper[i].first, paper[i].seq, (uint64_t)line))
			return paper[i].id;
	return 0;
}
