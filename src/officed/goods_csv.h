/* goods_csv.h: a row of a list of articles -> what it says of one; or which column is wrong, and
 * what to do about it. Pure: knows no database. */
#ifndef SHOP_OFFICED_GOODS_CSV_H
#define SHOP_OFFICED_GOODS_CSV_H

#include "officed/goods_store.h"
#include "wire/csv.h"

enum {
	GOODS_PROBLEM_MAX = 200,
	NUTRITION_WORDS = 9,
};

enum goods_column {
	COLUMN_GTIN,
	COLUMN_NAME,
	COLUMN_PRICE,
	COLUMN_VAT_BP,
	COLUMN_VAT,
	COLUMN_CLASS,
	COLUMN_STATE,
	COLUMN_DEPOSIT,
	COLUMN_REORDER,
	COLUMN_SCOPE,
	COLUMN_VALID_FROM,
	COLUMN_NUTRITION, /* the first of NUTRITION_WORDS: fat_g_100g … */
};
#define GOODS_COLUMNS (COLUMN_NUTRITION + NUTRITION_WORDS)

/** Which field of a row is which column. */
struct goods_header {
	uint32_t fields;
	uint32_t at[GOODS_COLUMNS]; /* UINT32_MAX: there is none */
};

/** What a row says; what it does not say has its `has` false. */
struct goods_row {
	uint32_t line;
	struct gtin gtin;
	bool has_name, has_price, has_vat, has_class, has_state, has_deposit, has_reorder,
		has_nutrition;
	struct product product;
	int64_t price;
	struct scope scope;
	int64_t valid_from; /* 0: now */
};

struct goods_problem {
	uint32_t line;
	char column[24];		 /* "": the whole row */
	char problem[GOODS_PROBLEM_MAX]; /* what is wrong and what to do */
};

/** goods_header_read - the first row. False with `why`. */
MUST_CHECK bool goods_header_read(const struct csv_row *row, struct goods_header *ret,
				  char why[GOODS_PROBLEM_MAX]);

/** goods_row_read - false with *ret_problem. */
MUST_CHECK bool goods_row_read(const struct goods_header *h, const struct csv_row *row,
			       struct goods_row *ret, struct goods_problem *ret_problem);

/** goods_problem_say - fills one in. */
__attribute__((format(printf, 4, 5))) void goods_problem_say(struct goods_problem *p, uint32_t line,
							     const char *column, const char *format,
							     ...);

#endif
