/*
 * goods_csv.c: the list of articles that `shopctl product import` takes, with two columns more.
 *
 *   gtin    8, 12, 13 or 14 digits with a right check digit
 *   name    UTF-8; what nobody can see is left out, what is longer than the shop keeps is cut
 *   price   VAT included, "24.90" or "24,90", exact
 *   vat     food standard restaurant culture none; or vat_bp: basis points, 0 to 10000
 *   deposit a piece, VAT included          reorder  whole pieces at which to order
 *   class   grocery household alcohol tobacco medicine      state  sold recalled expired
 *   scope   what the price is for: empty (all), group:NAME, shop:NAME
 *   valid_from  2026-12-01T00:00:00+01:00: when the price begins; empty: now
 *   fat_g_100g …  nutrition per 100 g or ml, as Open Food Facts names it
 *
 * An empty cell says nothing: what was known stays. Other columns are left alone.
 */
#include "officed/goods_csv.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

static const char *const column_name[GOODS_COLUMNS] = {
	"gtin",
	"name",
	"price",
	"vat_bp",
	"vat",
	"class",
	"state",
	"deposit",
	"reorder",
	"scope",
	"valid_from",
	"energy_kj_100g",
	"energy_kcal_100g",
	"fat_g_100g",
	"saturated_fat_g_100g",
	"carbohydrate_g_100g",
	"sugars_g_100g",
	"fiber_g_100g",
	"protein_g_100g",
	"salt_g_100g",
};

#define NO_COLUMN UINT32_MAX
#define CELL_SIZE 128

struct reading {
	const struct goods_header *header;
	const struct csv_row *row;
	struct goods_problem *problem;
};

/** Text that was cut to a length by bytes loses what is left of a character. */
static void whole_characters(char *text)
{
	uint32_t len = (uint32_t)strlen(text), out = 0, one, code;

	for (uint32_t i = 0; i < len; i += one ? one : 1) {
		one = utf8_one(text + i, len - i, &code);
		memmove(text + out, text + i, one);
		out += one;
	}
	text[out] = '\0';
}

void goods_problem_say(struct goods_problem *p, uint32_t line, const char *column,
		       const char *format, ...)
{
	va_list args;

	p->line = line;
	snprintf(p->column, sizeof(p->column), "%s", column);
	va_start(args, format);
	vsnprintf(p->problem, sizeof(p->problem), format, args);
	va_end(args);
	whole_characters(p->problem);
}

#define BAD(reading, column, ...)                                                                  \
	(goods_problem_say((reading)->problem, (reading)->row->line, column_name[column],          \
			   __VA_ARGS__),                                                           \
	 false)

bool goods_header_read(const struct csv_row *row, struct goods_header *ret,
		       char why[GOODS_PROBLEM_MAX])
{
	ret->fields = row->fields;
	for (uint32_t c = 0; c < GOODS_COLUMNS; c++) {
		ret->at[c] = NO_COLUMN;
		for (uint32_t f = 0; f < row->fields; f++) {
			if (strcmp(row->field[f], column_name[c]) != 0)
				continue;
			if (ret->at[c] != NO_COLUMN) {
				snprintf(why, GOODS_PROBLEM_MAX,
					 "Two columns are named %s: keep one.", column_name[c]);
				return false;
			}
			ret->at[c] = f;
		}
	}
	if (ret->at[COLUMN_GTIN] != NO_COLUMN)
		return true;
	snprintf(why, GOODS_PROBLEM_MAX, "The first line names no column gtin%s.",
		 strchr(row->bytes, ';') ? "; fields are separated by commas, not semicolons" : "");
	return false;
}

/** The cell without blanks around it, cut to what any word needs; "" where there is none. */
static const char *cell(const struct reading *r, enum goods_column column, char text[CELL_SIZE])
{
	uint32_t at = r->header->at[column], len, from = 0;

	text[0] = '\0';
	if (at == NO_COLUMN || at >= r->row->fields)
		return text;
	len = r->row->field_len[at];
	while (len > 0 && strchr(" \t", r->row->field[at][len - 1]))
		len--;
	while (from < len && strchr(" \t", r->row->field[at][from]))
		from++;
	snprintf(text, CELL_SIZE, "%.*s", (int)(len - from), r->row->field[at] + from);
	return text;
}

/** "250", "12.5", "12,50": at most 9 digits before the point and two after it. */
static bool amount_read(const char *text, int64_t *ret)
{
	int64_t n = 0;
	uint32_t whole = 0, part = 0;

	for (; *text >= '0' && *text <= '9' && whole < 10; text++, whole++)
		n = n * 10 + (*text - '0');
	if (whole == 0 || whole > 9)
		return false;
	if (*text == '.' || *text == ',')
		for (text++; *text >= '0' && *text <= '9' && part < 2; text++, part++)
			n = n * 10 + (*text - '0');
	if (*text || (part == 0 && (text[-1] == '.' || text[-1] == ',')))
		return false;
	for (; part < 2; part++)
		n *= 10;
	*ret = n;
	return true;
}

static bool digits_read(const char *text, int64_t max, int64_t *ret)
{
	int64_t n = 0;

	if (!*text)
		return false;
	for (; *text >= '0' && *text <= '9' && n <= max; text++)
		n = n * 10 + (*text - '0');
	*ret = n;
	return !*text && n <= max;
}

static void name_read(const struct reading *r, struct goods_row *row)
{
	uint32_t at = r->header->at[COLUMN_NAME], len, out = 0;
	const char *text;

	if (at == NO_COLUMN)
		return;
	text = r->row->field[at];
	len = r->row->field_len[at];
	while (len > 0 && strchr(" \t", text[len - 1]))
		len--;
	for (uint32_t i = 0; i < len;) {
		uint32_t code = 0, one = utf8_one(text + i, len - i, &code);

		CHECK(one > 0); /* the reader has let only UTF-8 through */
		if (out + one > ARTICLE_NAME_MAX)
			break;
		if (!utf8_harmful(code) && !(out == 0 && code == ' ')) {
			memcpy(row->product.name + out, text + i, one);
			out += one;
		}
		i += one;
	}
	row->product.name[out] = '\0';
	row->has_name = out > 0;
}

static bool words_read(const struct reading *r, struct goods_row *row)
{
	char text[CELL_SIZE];

	row->has_class = cell(r, COLUMN_CLASS, text)[0];
	if (row->has_class && !article_class_parse(text, &row->product.class))
		return BAD(r, COLUMN_CLASS,
			   "There is no class '%.30s': it is grocery, household, alcohol, tobacco "
			   "or medicine.",
			   text);
	row->has_state = cell(r, COLUMN_STATE, text)[0];
	if (row->has_state && !article_state_parse(text, &row->product.state))
		return BAD(r, COLUMN_STATE,
			   "There is no state '%.30s': it is sold, recalled or expired.", text);
	return true;
}

static bool vat_read(const struct reading *r, struct goods_row *row)
{
	char points[CELL_SIZE], word[CELL_SIZE];

	cell(r, COLUMN_VAT_BP, points);
	cell(r, COLUMN_VAT, word);
	row->has_vat = points[0] || word[0];
	if (points[0] && word[0])
		return BAD(r, COLUMN_VAT_BP, "It has both vat_bp and vat: leave one empty.");
	if (points[0] && !digits_read(points, 10000, &row->product.vat_bp))
		return BAD(r, COLUMN_VAT_BP,
			   "'%.30s' is no rate: write basis points, 0 to 10000; 25 %% is 2500.",
			   points);
	if (points[0])
		row->product.vat_class = VAT_FIXED;
	else if (word[0] && (!vat_class_parse(word, &row->product.vat_class) ||
			     row->product.vat_class == VAT_FIXED))
		return BAD(r, COLUMN_VAT,
			   "There is no VAT class '%.30s': it is food, standard, restaurant, "
			   "culture or none.",
			   word);
	return true;
}

static bool amounts_read(const struct reading *r, struct goods_row *row)
{
	char text[CELL_SIZE];

	row->has_price = cell(r, COLUMN_PRICE, text)[0];
	if (row->has_price && (!amount_read(text, &row->price) || row->price > PRICE_MAX))
		return BAD(r, COLUMN_PRICE,
			   "'%.30s' is no price: write it like 24.90, without a currency.", text);
	row->has_deposit = cell(r, COLUMN_DEPOSIT, text)[0];
	if (row->has_deposit &&
	    (!amount_read(text, &row->product.deposit) || row->product.deposit > DEPOSIT_MAX))
		return BAD(r, COLUMN_DEPOSIT, "'%.30s' is no deposit: write it like 2.00.", text);
	row->has_reorder = cell(r, COLUMN_REORDER, text)[0];
	if (row->has_reorder && !digits_read(text, UINT16_MAX, &row->product.reorder))
		return BAD(r, COLUMN_REORDER, "'%.30s' is no whole number up to %d.", text,
			   UINT16_MAX);
	return true;
}

static bool aim_read(const struct reading *r, struct goods_row *row)
{
	char text[CELL_SIZE];
	struct wall at;

	if (!scope_parse(cell(r, COLUMN_SCOPE, text), &row->scope))
		return BAD(r, COLUMN_SCOPE,
			   "'%.30s' is no scope: leave it empty for all shops, or write "
			   "group:NAME or shop:NAME.",
			   text);
	if (!cell(r, COLUMN_VALID_FROM, text)[0])
		return true;
	if (!wall_parse(text, (uint32_t)strlen(text), &at) || at.ms < 1 || at.ms > VALID_FROM_MAX)
		return BAD(r, COLUMN_VALID_FROM,
			   "'%.30s' is no time: write it like 2026-12-01T00:00:00+01:00.", text);
	row->valid_from = at.ms;
	return true;
}

/** "12", "0.35": in thousandths; what is finer is cut off. */
static bool decimal_read(const char *text, int64_t *ret)
{
	int64_t n = 0;
	uint32_t whole = 0, part = 0;

	for (; *text >= '0' && *text <= '9' && whole < 6; text++, whole++)
		n = n * 10 + (*text - '0');
	if (whole == 0)
		return false;
	if (*text == '.')
		for (text++; *text >= '0' && *text <= '9'; text++, part++)
			n = part < 3 ? n * 10 + (*text - '0') : n;
	for (; part < 3; part++)
		n *= 10;
	*ret = n;
	return !*text;
}

static bool nutrition_read(const struct reading *r, struct goods_row *row)
{
	char text[CELL_SIZE];
	struct product *p = &row->product;

	for (uint32_t i = 0; i < NUTRITION_WORDS; i++) {
		enum goods_column column = (enum goods_column)(COLUMN_NUTRITION + i);
		const char *right = "a number";
		int64_t milli;

		if (!cell(r, column, text)[0])
			continue;
		if (!decimal_read(text, &milli) ||
		    !nutrition_check(nutrition_word(i), milli, &right))
			return BAD(r, column, "'%.30s' cannot be, per 100 g or ml: it is %s.", text,
				   right);
		nutrition_put(p->nutrition, nutrition_word(i), milli);
	}
	row->has_nutrition = p->nutrition[0] != '\0';
	nutrition_end(p->nutrition);
	return true;
}

bool goods_row_read(const struct goods_header *h, const struct csv_row *row, struct goods_row *ret,
		    struct goods_problem *ret_problem)
{
	struct reading r = {h, row, ret_problem};
	char text[CELL_SIZE];

	memset(ret, 0, sizeof(*ret));
	ret->line = row->line;
	if (row->fields != h->fields) {
		goods_problem_say(
			ret_problem, row->line, "",
			"The line has %u fields and the first one %u: a comma is missing, "
			"or a text with a comma needs quotes.",
			row->fields, h->fields);
		return false;
	}
	cell(&r, COLUMN_GTIN, text);
	if (!gtin_parse(text, (uint32_t)strlen(text), &ret->gtin))
		return BAD(&r, COLUMN_GTIN,
			   "'%.20s' is no GTIN: 8, 12, 13 or 14 digits, the last of which checks "
			   "the others.",
			   text);
	ret->product.gtin = ret->gtin;
	name_read(&r, ret);
	return words_read(&r, ret) && vat_read(&r, ret) && amounts_read(&r, ret) &&
	       aim_read(&r, ret) && nutrition_read(&r, ret);
}
