/* test_shopctl_list.c: price lists: the CSV reader, the cells, the rule, the whole real file. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "books/chart.h"
#include "shopctl/args.h"
#include "wire/csv.h"
#include "shopctl/product_rows.h"
#include "books/product_rule.h"

static const struct entry_chart *chart; /* NULL: the shop has the last word */

static struct span span_of(const char *text)
{
	return (struct span){(const uint8_t *)text, (uint32_t)strlen(text)};
}

/* Appends to a text of `size` bytes. */
static void add(char *text, size_t size, const char *more)
{
	size_t len = strlen(text), n = strlen(more);

	assert_true(len + n < size);
	memcpy(text + len, more, n + 1);
}

/* Reads all of `text` and tells it: rows as [field|field], bad ones as (line: why). */
static const char *told(struct span text)
{
	static char story[65536]; /* a thousand short rows */
	static struct csv_row row;
	struct csv csv;
	size_t len = 0;

	csv_init(&csv, text);
	story[0] = '\0';
	for (;;) {
		const char *why = "";
		enum csv_got got = csv_next(&csv, &row, &why);

		if (got == CSV_END)
			return story;
		if (got == CSV_BAD) {
			len += (size_t)snprintf(story + len, sizeof(story) - len, "(%u: %s)",
						row.line, why);
			continue;
		}
		len += (size_t)snprintf(story + len, sizeof(story) - len, "[%u:", row.line);
		for (uint32_t i = 0; i < row.fields; i++)
			len += (size_t)snprintf(story + len, sizeof(story) - len, "%s%s",
						i ? "|" : "", row.field[i]);
		len += (size_t)snprintf(story + len, sizeof(story) - len, "]");
	}
}

static void csv_table(void **state)
{
	static const struct {
		const char *text, *told;
	} cases[] = {
		{"", ""},
		{"\n\r\n\n", ""},
		{"a,b", "[1:a|b]"},
		{"a,b\nc,d\n", "[1:a|b][2:c|d]"},
		{"a,b\r\nc,d\r\n", "[1:a|b][2:c|d]"},
		{"a,,\n", "[1:a||]"},
		{",\n", "[1:|]"},
		{"\xef\xbb\xbf"
		 "a,b\n",
		 "[1:a|b]"},
		{"\"a,b\",\"c\"\n", "[1:a,b|c]"},
		{"\"say \"\"hej\"\"\",x\n", "[1:say \"hej\"|x]"},
		{"\"two\nlines\",x\ny,z\n", "[1:two\nlines|x][3:y|z]"},
		{"\"\",\"\"\"\"\n", "[1:|\"]"},
		{"a\n\n\nb\n", "[1:a][4:b]"},
		{"a\"b,c\nd,e\n", "(1: there is a quote within a field that is not quoted)[2:d|e]"},
		{"\"a\"b,c\nd,e\n", "(1: there is text behind a closing quote)[2:d|e]"},
		{"\"a\" ,c\nd,e\n", "(1: there is text behind a closing quote)[2:d|e]"},
		{"a,\"b\nc,d\ne,f\n", "(1: a quote is not closed)[2:c|d][3:e|f]"},
		{"a,\"", "(1: a quote is not closed)"},
		{"a\rb,c\nd\n", "(1: there is a lone carriage return)[2:d]"},
		{"a\r", "(1: there is a lone carriage return)"},
		{"a,Mj\xf6lk\nd\n", "(1: it is not UTF-8)[2:d]"},
		{"\xc0\xaf\nd\n", "(1: it is not UTF-8)[2:d]"},
		{"\xed\xa0\x80\nd\n", "(1: it is not UTF-8)[2:d]"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_string_equal(told(span_of(cases[i].text)), cases[i].told);
	assert_string_equal(told((struct span){(const uint8_t *)"a\0b,c\nd\n", 8}),
			    "(1: there is a NUL in it)[2:d]");
}

static void csv_bounds(void **state)
{
	static char text[3 * CSV_ROW_MAX];

	(void)state;
	memset(text, ',', 63);
	add(text, sizeof(text), "\nb\n");
	assert_non_null(strstr(told(span_of(text)), "[2:b]"));
	assert_null(strstr(told(span_of(text)), "("));
	memset(text, 0, sizeof(text));
	memset(text, ',', 64);
	add(text, sizeof(text), "\nb\n");
	assert_string_equal(told(span_of(text)), "(1: there are more than 64 fields)[2:b]");

	memset(text, 0, sizeof(text));
	memset(text, 'a', CSV_ROW_MAX);
	add(text, sizeof(text), ",b\nc\n");
	assert_string_equal(told(span_of(text)), "(1: the row is longer than 4096 bytes)[2:c]");

	/* one stray quote in a long file costs one row */
	memset(text, 0, sizeof(text));
	add(text, sizeof(text), "1,\"a\n");
	for (int i = 0; i < 2000; i++)
		add(text, sizeof(text), "b,c\n");
	assert_non_null(strstr(told(span_of(text)), "(1: a quote is not closed)[2:b|c][3:b|c]"));
}

static void amounts(void **state)
{
	static const struct {
		const char *text;
		int64_t units;
	} good[] = {
		{"0", 0},     {"7", 700},	 {"7.5", 750},
		{"7,5", 750}, {"12.90", 1290},	 {"12,09", 1209},
		{"0.01", 1},  {"0000000.07", 7}, {"999999999.99", 99999999999},
		{"0.10", 10},
	};
	static const char *const bad[] = {"",	   ".",	    ".5",    "5.",     "-1",	     "+1",
					  "1.234", "1 000", "1.2.3", "1e3",    " 1",	     "1 ",
					  "kr 5",  "5:-",   "0x10",  "1,00.0", "1000000000", "NaN"};
	struct money m = money_of(-1);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		assert_true(amount_parse(good[i].text, (uint32_t)strlen(good[i].text), &m));
		assert_int_equal(money_minor(m), good[i].units);
	}
	m = money_of(-1);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_false(amount_parse(bad[i], (uint32_t)strlen(bad[i]), &m));
		assert_int_equal(money_minor(m), -1);
	}
	/* only `len` bytes count */
	assert_true(amount_parse("12.90junk", 5, &m));
	assert_int_equal(money_minor(m), 1290);
}

static struct product_rows rows;
static char why[160];

static int rows_of(const char *text, bool rule)
{
	free(rows.row);
	rows = (struct product_rows){0};
	return product_rows_read(span_of(text), chart, rule, &rows, why);
}

static int rows_free(void **state)
{
	(void)state;
	free(rows.row);
	rows = (struct product_rows){0};
	return 0;
}

static void cells_good(void **state)
{
	(void)state;
	assert_int_equal(rows_of("class,price,gtin,extra,name,vat_bp,state\n"
				 "household,24.90,7310865004703,?, Tvål ,2500,sold\n"
				 ",\"9,50\",96385074,?,Bröd,,recalled\n"
				 "alcohol,19,012345678905,?,Öl,1200,\n",
				 true),
			 0);
	assert_int_equal(rows.rows, 3);
	assert_int_equal(rows.bad, 0);
	assert_int_equal(rows.by_rule, 0);
	assert_int_equal(rows.row[0].gtin, 7310865004703);
	assert_int_equal(rows.row[0].price_minor, 2490);
	assert_int_equal(rows.row[0].vat_bp, 2500);
	assert_int_equal(rows.row[0].vat_class, VAT_FIXED);
	assert_int_equal(rows.row[0].class, CLASS_HOUSEHOLD);
	assert_int_equal(rows.row[0].name_len, strlen("Tvål"));
	assert_memory_equal(rows.row[0].name, "Tvål", strlen("Tvål"));
	assert_int_equal(rows.row[1].price_minor, 950);
	assert_int_equal(rows.row[1].vat_bp, 0);
	assert_int_equal(rows.row[1].vat_class, VAT_FOOD); /* what the name says of groceries */
	assert_int_equal(rows.row[1].state, ARTICLE_RECALLED);
	assert_int_equal(rows.row[2].gtin, 12345678905); /* 12 digits are 13 whose 0 is missing */
	assert_int_equal(rows.row[2].vat_bp, 1200);
	assert_int_equal(rows.row[2].class, CLASS_ALCOHOL);
}

static void cells_bad(void **state)
{
	static const struct {
		const char *row, *why;
	} cases[] = {
		{"7310865004704,A,1,,,,", "no GTIN"},
		{",A,1,,,,", "no GTIN"},
		{"731086500470,A,1,,,,", "no GTIN"},
		{"7310865004703,,1,,,,", "no name"},
		{"7310865004703,   ,1,,,,", "no name"},
		{"7310865004703,A,1.234,,,,", "no amount"},
		{"7310865004703,A,-5,,,,", "no amount"},
		{"7310865004703,A,1,10001,,,", "vat_bp"},
		{"7310865004703,A,1,-6,,,", "vat_bp"},
		{"7310865004703,A,1,600,food,,", "both"},
		{"7310865004703,A,1,,books,,", "vat 'books'"},
		{"7310865004703,A,1,,fixed,,", "vat 'fixed'"},
		{"7310865004703,A,1,700,,,", "no account"},
		{"7310865004703,A,1,,,weapons,", "no class 'weapons'"},
		{"7310865004703,A,1,,,,lost", "no state 'lost'"},
		{"7310865004703,A,1,,,", "6 fields and the header 7"},
		{"7310865004703,A,1,,,,,", "8 fields and the header 7"},
		{"7310865004703,A,,,,,", "no price"},
	};
	const struct entry_chart bas = chart_bas();
	char text[512];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		snprintf(text, sizeof(text),
			 "gtin,name,price,vat_bp,vat,class,state\n%s\n96385074,B,2,,,,\n",
			 cases[i].row);
		chart = &bas;
		assert_int_equal(rows_of(text, false), 0);
		chart = NULL;
		assert_int_equal(rows.rows, 1);
		assert_int_equal(rows.bad, 1);
		assert_int_equal(rows.problem[0].line, 2);
		assert_non_null(strstr(rows.problem[0].why, cases[i].why));
	}
}

static void what_the_books_need(void **state)
{
	static const char *const wrong[] = {"7310865004703,A,-1,",   "7310865004703,A,1.234,",
					    "7310865004703,A,x,",    "7310865004703,A,21474836.48,",
					    "7310865004703,A,,-1",   "7310865004703,A,,1.5",
					    "7310865004703,A,,65536"};
	static const char *const word[] = {"food", "standard", "restaurant", "culture", "none"};
	static const enum vat_class class[] = {VAT_FOOD, VAT_STANDARD, VAT_RESTAURANT, VAT_CULTURE,
					       VAT_NONE};
	char text[256];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(word); i++) {
		snprintf(text, sizeof(text),
			 "gtin,name,price,vat,deposit,reorder\n7310865004703,A,1,%s,2.00,24\n",
			 word[i]);
		assert_int_equal(rows_of(text, false), 0);
		assert_int_equal(rows.rows, 1);
		assert_int_equal(rows.row[0].vat_class, class[i]);
		assert_int_equal(rows.row[0].vat_bp, 0);
		assert_int_equal(rows.row[0].deposit_minor, 200);
		assert_int_equal(rows.row[0].reorder, 24);
	}
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		snprintf(text, sizeof(text), "gtin,name,deposit,reorder\n%s\n", wrong[i]);
		assert_int_equal(rows_of(text, true), 0);
		if (rows.bad != 1 || rows.rows != 0)
			fail_msg("taken: %s", wrong[i]);
	}
}

/* Only what a list leaves open, and only for a shop that is being tried out. */
static void deposits_by_rule(void **state)
{
	static const struct {
		const char *name;
		enum article_class class;
		int64_t minor;
	} cases[] = {
		{"Coca-Cola Zero 33 cl", CLASS_GROCERY, 100},
		{"Pepsi Max 1,5 l", CLASS_GROCERY, 200},
		{"Trocadero 2l", CLASS_GROCERY, 200},
		{"Ramlösa Citrus", CLASS_GROCERY, 100},
		{"Apotekarnes Julmust 1.5 L", CLASS_GROCERY, 200},
		{"Mariestads Export", CLASS_ALCOHOL, 100},
		{"Cider vinegar", CLASS_GROCERY, 0},
		{"Cola godis", CLASS_GROCERY, 0},
		{"Mjölk 1,5 l", CLASS_GROCERY, 0},
		{"Apelsinjuice", CLASS_GROCERY, 0},
		{"Absolut Vodka", CLASS_ALCOHOL, 0},
		{"Rödvin", CLASS_ALCOHOL, 0},
		{"Cola tvål", CLASS_HOUSEHOLD, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int64_t minor = money_minor(product_deposit(cases[i].name, cases[i].class));

		if (minor != cases[i].minor)
			fail_msg("%s: deposit %d", cases[i].name, (int)minor);
	}
	assert_int_equal(rows_of("gtin,name,price\n7310865004703,Pepsi,10\n", true), 0);
	assert_int_equal(rows.row[0].deposit_minor, 100);
	assert_int_equal(rows_of("gtin,name,price\n7310865004703,Pepsi,10\n", false), 0);
	assert_int_equal(rows.row[0].deposit_minor, 0);
	assert_int_equal(rows_of("gtin,name,price,deposit\n7310865004703,Pepsi,10,0\n", true), 0);
	assert_int_equal(rows.row[0].deposit_minor, 0);
}

static void headers(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{"", "header"},
		{"name,price\n", "no column 'gtin'"},
		{"gtin,price\n", "no column 'name'"},
		{"gtin;name;price\n", "semicolons"},
		{"gtin,name,gtin\n", "two columns"},
		{"\"gtin,name\n", "not closed"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(rows_of(cases[i].text, true), -EINVAL);
		assert_non_null(strstr(why, cases[i].why));
	}
}

static void first_row_of_an_article_counts(void **state)
{
	(void)state;
	assert_int_equal(rows_of("gtin,name,price\n"
				 "96385074,First,1\n"
				 "96385074,Second,2\n"
				 "0000096385074,Third,3\n",
				 true),
			 0);
	assert_int_equal(rows.rows, 1);
	assert_int_equal(rows.row[0].price_minor, 100);
	assert_int_equal(rows.bad, 2);
	assert_int_equal(rows.problem[1].line, 4);
	assert_non_null(strstr(rows.problem[0].why, "there before"));
}

static void names_hold_nothing_that_a_terminal_obeys(void **state)
{
	(void)state;
	assert_int_equal(rows_of("gtin,name\n"
				 "96385074,A\x1b[31m\xc2\x9b"
				 "2J\n"
				 "7310865004703,\xe2\x80\xae"
				 "B\tC\n"
				 "012345678905,\x1b\x7f\n",
				 true),
			 0);
	assert_int_equal(rows.rows, 2);
	assert_int_equal(rows.row[0].name_len, 7);
	assert_memory_equal(rows.row[0].name, "A[31m2J", 7);
	assert_int_equal(rows.row[1].name_len, 2);
	assert_memory_equal(rows.row[1].name, "BC", 2);
	assert_non_null(strstr(rows.problem[0].why, "no name"));
}

static void long_names_are_cut_between_characters(void **state)
{
	char text[512] = "gtin,name\n96385074,";

	(void)state;
	add(text, sizeof(text), "x"); /* so that the 96th byte falls into a character */
	for (int i = 0; i < 60; i++)
		add(text, sizeof(text), "å");
	assert_int_equal(rows_of(text, true), 0);
	assert_int_equal(rows.rows, 1);
	assert_int_equal(rows.row[0].name_len, 95);
	assert_true(utf8_valid(rows.row[0].name, rows.row[0].name_len));
}

static void problems_are_counted_past_those_kept(void **state)
{
	static char text[8192] = "gtin,name\n";

	(void)state;
	for (int i = 0; i < 100; i++)
		add(text, sizeof(text), "nonsense,x\n");
	assert_int_equal(rows_of(text, true), 0);
	assert_int_equal(rows.rows, 0);
	assert_int_equal(rows.bad, 100);
	assert_int_equal(rows.problems, PROBLEMS_MAX);
	assert_int_equal(rows.problem[19].line, 21);
}

static void classes(void **state)
{
	static const struct {
		const char *name;
		enum article_class class;
	} cases[] = {
		{"Arla Ko Ekologisk Mjölk", CLASS_GROCERY},
		{"Absolut Raspberry Vodka, 70 CL", CLASS_ALCOHOL},
		{"Husets rött vin från La Mancha Spanien", CLASS_ALCOHOL},
		{"Klassisk Rödvins Vinäger", CLASS_GROCERY},
		{"Grekisk Äppelcidervinäger", CLASS_GROCERY},
		{"The original ginger ale", CLASS_GROCERY},
		{"India Ale", CLASS_ALCOHOL},
		{"NORRLANDS GULD FOLKÖL", CLASS_ALCOHOL},
		{"LÄTTÖL", CLASS_GROCERY},
		{"Biere blanche Sans alcool", CLASS_GROCERY},
		{"Göteborgs Singoalla Himbeere", CLASS_GROCERY}, /* "beer" within a word */
		{"Spansk ekologisk olivolja extra virgin", CLASS_GROCERY},
		{"Nygårda Lagrad Julmust Romfat", CLASS_GROCERY},
		{"Albaöl", CLASS_GROCERY},
		{"Punschrullar", CLASS_GROCERY},
		{"Carlshamns Flaggpunsch 26% Vol. 0, 5l", CLASS_ALCOHOL},
		{"snus", CLASS_TOBACCO},
		{"Snus menthe", CLASS_TOBACCO},
		{"Brännvins sill", CLASS_GROCERY},
		{"Alvedon 500 mg", CLASS_MEDICINE},
		{"Tandkräm", CLASS_HOUSEHOLD},
		{"Plenty Kitchen Roll", CLASS_HOUSEHOLD},
		{"Bozita Paté mit Rind", CLASS_HOUSEHOLD},
		{"", CLASS_GROCERY},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (product_class(cases[i].name) != cases[i].class)
			fail_msg("%s: class %d", cases[i].name, product_class(cases[i].name));
}

static void vat_classes(void **state)
{
	(void)state;
	assert_int_equal(product_vat("Bröd", CLASS_GROCERY), VAT_FOOD);
	assert_int_equal(product_vat("Tvål", CLASS_HOUSEHOLD), VAT_STANDARD);
	assert_int_equal(product_vat("Kvällstidning", CLASS_HOUSEHOLD), VAT_CULTURE);
	assert_int_equal(product_vat("Snus", CLASS_TOBACCO), VAT_STANDARD);
	assert_int_equal(product_vat("Alvedon", CLASS_MEDICINE), VAT_STANDARD);
	assert_int_equal(product_vat("Starköl", CLASS_ALCOHOL), VAT_STANDARD);
	assert_int_equal(product_vat("Lager 2,8%", CLASS_ALCOHOL), VAT_FOOD);
	assert_int_equal(product_vat("Folköl", CLASS_ALCOHOL), VAT_FOOD);
}

static char *file_text(const char *path)
{
	FILE *file = fopen(path, "rb");
	char *text = calloc(1, 1 << 20);

	assert_non_null(file);
	assert_non_null(text);
	assert_true(fread(text, 1, (1 << 20) - 1, file) > 0);
	fclose(file);
	return text;
}

static void the_whole_real_list(void **state)
{
	char *text = file_text("tests/data/products-se.csv");
	uint32_t class[ARTICLE_CLASSES] = {0};
	uint32_t deposits = 0;
	uint64_t sum = 0;

	(void)state;
	assert_int_equal(rows_of(text, true), 0);
	assert_int_equal(rows.rows, 2379);
	assert_int_equal(rows.bad, 0);
	assert_int_equal(rows.by_rule, 2379);
	for (uint32_t i = 0; i < rows.rows; i++) {
		const struct import_row *r = &rows.row[i];

		assert_true(r->price_minor > 0 && r->price_minor % 100 == 90);
		assert_true(r->vat_bp == 0 && r->reorder == 0);
		assert_true(r->vat_class == VAT_FOOD || r->vat_class == VAT_STANDARD);
		assert_true(r->deposit_minor == 0 || r->deposit_minor == 100 ||
			    r->deposit_minor == 200);
		deposits += r->deposit_minor > 0;
		assert_true(r->name_len > 0 && r->state == ARTICLE_SOLD);
		assert_true(r->class < ARTICLE_CLASSES);
		assert_true(r->class != CLASS_GROCERY || r->vat_class == VAT_FOOD);
		class[r->class]++;
		sum += (uint64_t)r->price_minor;
	}
	assert_int_equal(class[CLASS_GROCERY], 2306);
	assert_int_equal(class[CLASS_HOUSEHOLD], 21);
	assert_int_equal(class[CLASS_ALCOHOL], 50);
	assert_int_equal(class[CLASS_TOBACCO], 2);
	assert_int_equal(class[CLASS_MEDICINE], 0);
	/* the rule is the same on every machine and in every build */
	assert_int_equal(sum, 8976810);
	assert_int_equal(deposits, 78);
	free(text);
}

static void a_list_without_prices_is_bad_without_the_rule(void **state)
{
	char *text = file_text("tests/data/products-se.csv");

	(void)state;
	assert_int_equal(rows_of(text, false), 0);
	assert_int_equal(rows.rows, 0);
	assert_int_equal(rows.bad, 2379);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(csv_table),
		cmocka_unit_test(csv_bounds),
		cmocka_unit_test(amounts),
		cmocka_unit_test_teardown(cells_good, rows_free),
		cmocka_unit_test_teardown(cells_bad, rows_free),
		cmocka_unit_test_teardown(headers, rows_free),
		cmocka_unit_test_teardown(first_row_of_an_article_counts, rows_free),
		cmocka_unit_test_teardown(names_hold_nothing_that_a_terminal_obeys, rows_free),
		cmocka_unit_test_teardown(long_names_are_cut_between_characters, rows_free),
		cmocka_unit_test_teardown(problems_are_counted_past_those_kept, rows_free),
		cmocka_unit_test(classes),
		cmocka_unit_test(vat_classes),
		cmocka_unit_test_teardown(what_the_books_need, rows_free),
		cmocka_unit_test_teardown(deposits_by_rule, rows_free),
		cmocka_unit_test_teardown(the_whole_real_list, rows_free),
		cmocka_unit_test_teardown(a_list_without_prices_is_bad_without_the_rule, rows_free),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
