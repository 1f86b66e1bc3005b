/*
 * rows.c: rows of the derived tables -> the structs that the core and the readers speak. A column
 * that holds what it cannot hold makes the row damaged; it is never bent into range.
 */
#include "ledger/store.h"

static bool in_range(int64_t value, int64_t min, int64_t max)
{
	return value >= min && value <= max;
}

static bool is_day(int64_t value)
{
	return in_range(value, DAY_NONE.n, DAY_MAX);
}

bool row_visit(sqlite3_stmt *s, struct visit *ret)
{
	struct visit v = {
		.id = {(uint64_t)column_i64(s, 0)},
		.price_version = (uint32_t)column_i64(s, 3),
		.opened_at = {column_i64(s, 4)},
		.closed_at = {column_i64(s, 5)},
		.over = column_i64(s, 6) != 0,
		.lines = (uint32_t)column_i64(s, 8),
		.lines_ever = (uint32_t)column_i64(s, 9),
		.total = column_money(s, 10),
	};

	if (column_i64(s, 0) <= 0 || !column_blob(s, 1, &v.customer, sizeof(v.customer)) ||
	    !in_range(column_i64(s, 3), 0, UINT32_MAX) ||
	    !in_range(column_i64(s, 7), 0, VISIT_ENDS - 1) ||
	    !in_range(column_i64(s, 8), 0, UINT32_MAX) ||
	    !in_range(column_i64(s, 9), 0, UINT32_MAX))
		return false;
	v.end = (enum visit_end)column_i64(s, 7);
	column_text(s, 2, v.place.name, sizeof(v.place.name));
	*ret = v;
	return true;
}

bool row_line(sqlite3_stmt *s, struct line *ret)
{
	struct line l = {
		.gtin = {(uint64_t)column_i64(s, 2)},
		.quantity_milli = (int32_t)column_i64(s, 3),
		.unit_price = column_money(s, 4),
		.total = column_money(s, 5),
		.vat_bp = (int32_t)column_i64(s, 6),
		.price_version = (uint32_t)column_i64(s, 8),
		.at = {column_i64(s, 9)},
		.scanned_at = {column_i64(s, 10)},
		.late = column_i64(s, 11) != 0,
		.voided = column_i64(s, 12) != 0,
		.deposit = column_money(s, 15),
		.list_price = column_money(s, 16),
		.bought = {(int32_t)column_i64(s, 17)},
		.use_by = {(int32_t)column_i64(s, 18)},
		.best_before = {(int32_t)column_i64(s, 19)},
	};

	if (!column_blob(s, 1, &l.customer, sizeof(l.customer)) || column_i64(s, 2) <= 0 ||
	    !in_range(column_i64(s, 3), 1, QUANTITY_MAX_MILLI) ||
	    !in_range(column_i64(s, 6), 0, 10000) ||
	    !in_range(column_i64(s, 7), 0, ARTICLE_CLASSES - 1) ||
	    !in_range(column_i64(s, 8), 0, UINT32_MAX) ||
	    !in_range(column_i64(s, 14), 0, VAT_CLASSES - 1) || !is_day(column_i64(s, 17)) ||
	    !is_day(column_i64(s, 18)) || !is_day(column_i64(s, 19)))
		return false;
	l.class = (enum article_class)column_i64(s, 7);
	l.vat_class = (enum vat_class)column_i64(s, 14);
	column_text(s, 0, l.key.text, sizeof(l.key.text));
	column_text(s, 20, l.lot, sizeof(l.lot));
	*ret = l;
	return true;
}
