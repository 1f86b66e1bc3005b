/*
 * product_rows.c: what a list of articles must look like, and what each of its cells may say.
 *
 *   gtin    8, 12, 13 or 14 digits with a right check digit; the first row of an article counts
 *   name    UTF-8; control characters are left out, what is longer than the shop keeps is cut
 *   price   VAT included, "24.90" or "24,90", exact
 *   vat     food standard restaurant culture none: the rate then follows from the day of sale; or
 *   vat_bp  basis points, 0 to 10000: the rate itself, which no date changes
 *   deposit a piece, VAT included; it comes on top of the price
 *   reorder whole pieces or kilograms on the shelf at which to order
 *   class   grocery household alcohol tobacco medicine
 *   state   sold recalled expired
 *
 * gtin and name must be there. An empty cell is a missing one: class and VAT then follow
 * product_rule.h, and so does the price, if the caller lets it. Other columns are left alone.
 */
#include "shopctl/product_rows.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "books/chart.h"
#include "shopctl/args.h"
#include "wire/csv.h"
#include "books/product_rule.h"
#include "base/utf8.h"

enum column {
	COLUMN_GTIN,
	COLUMN_NAME,
	COLUMN_PRICE,
	COLUMN_VAT_BP,
	COLUMN_VAT,
	COLUMN_CLASS,
	COLUMN_STATE,
	COLUMN_DEPOSIT,
	COLUMN_REORDER,
};
#define COLUMNS 9

static const char *const column_name[COLUMNS] = {"gtin",  "name",  "price",   "vat_bp", "vat",
						 "class", "state", "deposit", "reorder"};

#define NO_COLUMN UINT32_MAX

/** GTINs seen so far, open addressing, at most half full. */
#define SEEN_SLOTS (1u << 19)
_Static_assert(SEEN_SLOTS >= 2 * ARTICLES_MAX, "seen has room for every article twice");

struct reading {
	struct csv csv;
	struct csv_row row;
	uint32_t fields; /* of the header */
	uint32_t column[COLUMNS];
	const struct entry_chart *chart;
	bool rule;
	uint64_t *seen;
	char why[160]; /* of the row at hand */
};

__attribute__((format(printf, 2, 3))) static bool bad(struct reading *r, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(r->why, sizeof(r->why), format, args);
	va_end(args);
	return false;
}

/** The row's cell without blanks around it; "" where there is none. */
static const char *cell(struct reading *r, enum column column, uint32_t *ret_len)
{
	uint32_t at = r->column[column];

	*ret_len = 0;
	if (at == NO_COLUMN)
		return "";
	const char *text = r->row.field[at];
	uint32_t len = r->row.field_len[at];

	while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\t'))
		len--;
	while (len > 0 && (text[0] == ' ' || text[0] == '\t')) {
		text++;
		len--;
	}
	*ret_len = len;
	return text;
}

/** The cell as a word to compare: a copy, "" where it is empty, "?" where it is longer than any. */
#define WORD_SIZE 24
static void cell_word(struct reading *r, enum column column, char word[WORD_SIZE])
{
	uint32_t len;
	const char *text = cell(r, column, &len);

	if (len >= WORD_SIZE) {
		text = "?";
		len = 1;
	}
	memcpy(word, text, len);
	word[len] = '\0';
}

static bool seen_before(struct reading *r, uint64_t gtin)
{
	uint32_t slot = (uint32_t)((gtin * 0x9e3779b97f4a7c15u) >> 45);

	while (r->seen[slot] != 0 && r->seen[slot] != gtin)
		slot = (slot + 1) % SEEN_SLOTS;
	if (r->seen[slot] == gtin)
		return true;
	r->seen[slot] = gtin;
	return false;
}

/** What a shelf label can show of the name: real lists hold stray controls, from texts that were
 * decoded wrongly twice, and an article is not to be missing for that. */
static bool name_read(struct reading *r, char name[ARTICLE_NAME_MAX + 1])
{
	uint32_t len, out = 0;
	const char *text = cell(r, COLUMN_NAME, &len);

	for (uint32_t at = 0; at < len;) {
		uint32_t code = 0, one = utf8_one(text + at, len - at, &code);

		CHECK(one > 0); /* the reader has let only UTF-8 through */
		if (out + one > ARTICLE_NAME_MAX)
			break;
		if (!utf8_harmful(code)) {
			memcpy(name + out, text + at, one);
			out += one;
		}
		at += one;
	}
	name[out] = '\0';
	return out > 0 || bad(r, "it has no name");
}

static bool class_read(struct reading *r, const char *name, enum article_class *ret)
{
	char word[WORD_SIZE];

	cell_word(r, COLUMN_CLASS, word);
	if (!word[0])
		*ret = product_class(name);
	else if (!article_class_parse(word, ret))
		return bad(r, "there is no class '%s'", word);
	return true;
}

static bool state_read(struct reading *r, enum article_state *ret)
{
	char word[WORD_SIZE];

	cell_word(r, COLUMN_STATE, word);
	*ret = ARTICLE_SOLD;
	if (word[0] && !article_state_parse(word, ret))
		return bad(r, "there is no state '%s'", word);
	return true;
}

static bool vat_read(struct reading *r, const char *name, enum article_class class,
		     enum vat_class *ret_class, uint16_t *ret_bp)
{
	char points[WORD_SIZE], word[WORD_SIZE];
	uint64_t n;

	*ret_bp = 0;
	*ret_class = VAT_FIXED;

	cell_word(r, COLUMN_VAT_BP, points);
	cell_word(r, COLUMN_VAT, word);
	if (points[0] && word[0])
		return bad(r, "it has both vat_bp and vat");
	if (points[0]) {
		if (!digits_read(points, 10000, &n))
			return bad(r, "vat_bp '%s' is not 0 to 10000", points);
		if (r->chart && !chart_rate(r->chart, (int32_t)n))
			return bad(r, "no account in the chart is for vat_bp %s", points);
		*ret_bp = (uint16_t)n;
	} else if (!word[0]) {
		*ret_class = product_vat(name, class);
	} else if (!vat_class_parse(word, ret_class) || *ret_class == VAT_FIXED) {
		return bad(r, "vat '%s' is none of food, standard, restaurant, culture, none",
			   word);
	}
	return true;
}

static bool deposit_read(struct reading *r, const char *name, enum article_class class,
			 int32_t *ret)
{
	struct money deposit = MONEY_ZERO;
	uint32_t len;
	const char *text = cell(r, COLUMN_DEPOSIT, &len);

	if (len == 0 && r->rule)
		deposit = product_deposit(name, class);
	else if (len > 0 && !amount_parse(text, len, &deposit))
		return bad(r, "deposit '%.20s' is no amount like 2.00", text);
	if (money_compare(deposit, MONEY_ZERO) < 0 ||
	    money_compare(deposit, money_of(INT32_MAX)) > 0)
		return bad(r, "deposit '%.20s' is out of range", text);
	*ret = (int32_t)money_minor(deposit);
	return true;
}

static bool reorder_read(struct reading *r, uint16_t *ret)
{
	char word[WORD_SIZE];
	uint64_t n = 0;

	cell_word(r, COLUMN_REORDER, word);
	if (word[0] && !digits_read(word, UINT16_MAX, &n))
		return bad(r, "reorder '%s' is no whole number up to %d", word, UINT16_MAX);
	*ret = (uint16_t)n;
	return true;
}

static bool price_read(struct reading *r, struct gtin gtin, const char *name,
		       enum article_class class, struct money *ret, bool *ret_by_rule)
{
	uint32_t len;
	const char *text = cell(r, COLUMN_PRICE, &len);

	*ret_by_rule = len == 0;
	if (len == 0 && !r->rule)
		return bad(r, "it has no price");
	if (len == 0)
		*ret = product_price(gtin, name, class);
	else if (!amount_parse(text, len, ret))
		return bad(r, "price '%.20s' is no amount like 24.90", text);
	return true;
}

/** The row at hand as an import's row; false with r->why. */
static bool row_read(struct reading *r, struct import_row *ret, bool *ret_by_rule)
{
	char name[ARTICLE_NAME_MAX + 1];
	struct gtin gtin;
	struct money price;
	enum article_class class;
	enum article_state state;
	enum vat_class vat = VAT_FIXED;
	uint16_t vat_bp = 0, reorder = 0;
	int32_t deposit = 0;
	uint32_t len;
	const char *digits;

	if (r->row.fields != r->fields)
		return bad(r, "it has %u fields and the header %u", r->row.fields, r->fields);
	digits = cell(r, COLUMN_GTIN, &len);
	if (!gtin_parse(digits, len, &gtin))
		return bad(r, "'%.20s' is no GTIN (8, 12, 13 or 14 digits, the last a check)",
			   digits);
	if (!name_read(r, name) || !class_read(r, name, &class) || !state_read(r, &state) ||
	    !vat_read(r, name, class, &vat, &vat_bp) || !deposit_read(r, name, class, &deposit) ||
	    !reorder_read(r, &reorder) || !price_read(r, gtin, name, class, &price, ret_by_rule))
		return false;
	if (seen_before(r, gtin.n))
		return bad(r, "%.14s was there before: the first one counts", digits);
	*ret = (struct import_row){
		.gtin = gtin.n,
		.price_minor = money_minor(price),
		.deposit_minor = deposit,
		.vat_bp = vat_bp,
		.reorder = reorder,
		.class = (uint8_t) class,
		.state = (uint8_t)state,
		.vat_class = (uint8_t)vat,
		.name_len = (uint8_t)strlen(name),
	};
	memcpy(ret->name, name, ret->name_len);
	return true;
}

static int header_read(struct reading *r, char why[160])
{
	const char *reason = "it is empty";

	if (csv_next(&r->csv, &r->row, &reason) != CSV_ROW) {
		snprintf(why, 160, "the header cannot be read: %s", reason);
		return -EINVAL;
	}
	r->fields = r->row.fields;
	for (uint32_t c = 0; c < COLUMNS; c++) {
		r->column[c] = NO_COLUMN;
		for (uint32_t f = 0; f < r->fields; f++) {
			if (strcmp(r->row.field[f], column_name[c]) != 0)
				continue;
			if (r->column[c] != NO_COLUMN) {
				snprintf(why, 160, "two columns are named %s", column_name[c]);
				return -EINVAL;
			}
			r->column[c] = f;
		}
	}
	if (r->column[COLUMN_GTIN] == NO_COLUMN || r->column[COLUMN_NAME] == NO_COLUMN) {
		snprintf(why, 160, "the header names no column '%s'%s",
			 r->column[COLUMN_GTIN] == NO_COLUMN ? "gtin" : "name",
			 strchr(r->row.bytes, ';') ? "; fields are separated by commas here, not "
						     "by semicolons"
						   : "");
		return -EINVAL;
	}
	return 0;
}

static void problem_add(struct product_rows *rows, uint32_t line, const char *why)
{
	rows->bad++;
	if (rows->problems == PROBLEMS_MAX)
		return;
	struct problem *p = &rows->problem[rows->problems++];

	p->line = line;
	snprintf(p->why, sizeof(p->why), "%s", why);
}

static int rows_read(struct reading *r, struct product_rows *rows, char why[160])
{
	uint32_t room = 0;

	for (;;) {
		struct import_row row;
		const char *reason = "";
		bool by_rule = false;
		enum csv_got got = csv_next(&r->csv, &r->row, &reason);

		if (got == CSV_END)
			return 0;
		if (got == CSV_BAD || !row_read(r, &row, &by_rule)) {
			problem_add(rows, r->row.line, got == CSV_BAD ? reason : r->why);
			continue;
		}
		if (rows->rows == ARTICLES_MAX) {
			snprintf(why, 160, "there are more than %d articles", ARTICLES_MAX);
			return -EINVAL;
		}
		if (rows->rows == room) {
			room = room ? room * 2 : 4096;
			struct import_row *bigger = reallocarray(rows->row, room, sizeof(row));

			if (!bigger)
				return -ENOMEM;
			rows->row = bigger;
		}
		rows->by_rule += by_rule;
		rows->row[rows->rows++] = row;
	}
}

int product_rows_read(struct span text, const struct entry_chart *chart, bool rule,
		      struct product_rows *ret, char why[160])
{
	struct reading *r = calloc(1, sizeof(*r));
	uint64_t *seen = calloc(SEEN_SLOTS, sizeof(*seen));
	struct product_rows rows = {0};
	int err = -ENOMEM;

	snprintf(why, 160, "out of memory");
	if (r && seen) {
		r->chart = chart;
		r->rule = rule;
		r->seen = seen;
		csv_init(&r->csv, text);
		err = header_read(r, why);
	}
	if (err == 0)
		err = rows_read(r, &rows, why);
	if (err == 0)
		*ret = rows;
	else
		free(rows.row);
	free(seen);
	free(r);
	return err;
}
