/*
 * test_sie.c: SIE 4I, read back by a reader of its own: lines end in CRLF, fields split as the
 * format says, every account is in the chart, every voucher sums to 0 in whole öre.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "books/chart.h"
#include "paper/sie.h"
#include "paper_made.h"

#define CONSUMER "tests/data/parties/consumer.json"

static struct parties parties;
static char *text;
static size_t size;
static FILE *out;

static struct sie *begin(void)
{
	struct entry_chart chart = chart_bas();
	struct sie *s;

	made_parties(CONSUMER, &parties);
	free(text);
	text = NULL;
	out = open_memstream(&text, &size);
	assert_int_equal(sie_begin(out, &parties.seller, &chart, made_day("2026-11-01"), &s), 0);
	return s;
}

static int end(struct sie *s)
{
	int err = sie_end(s);

	fclose(out);
	return err;
}

/* --- reading back ------------------------------------------------------------------------------
 */

struct read {
	uint32_t accounts, vouchers, rows;
	uint32_t account[64];
	long long sum;
	bool within;
	char last_text[256];
};

/* Cuts `line` at its blanks; a field in quotes is one, a backslash before a quote is dropped. */
static int fields(char *line, char *field[8])
{
	int n = 0;

	for (char *c = line; *c;) {
		char *to;

		while (*c == ' ')
			c++;
		if (!*c)
			break;
		assert_true(n < 8);
		bool quoted = *c == '"';

		c += quoted;
		field[n++] = to = c;
		while (*c && *c != (quoted ? '"' : ' ')) {
			if (c[0] == '\\' && c[1] == '"')
				c++;
			*to++ = *c++;
		}
		if (quoted)
			assert_int_equal(*c, '"');
		if (*c)
			c++;
		*to = '\0';
	}
	return n;
}

static long long ore(const char *amount)
{
	long long value = 0;
	bool minus = *amount == '-';
	const char *point = strchr(amount, '.');

	assert_true(point && strlen(point) == 3);
	for (const char *c = amount + minus; *c; c++) {
		assert_true(c == point || (*c >= '0' && *c <= '9'));
		if (c != point)
			value = value * 10 + (*c - '0');
	}
	return minus ? -value : value;
}

static void row(struct read *r, char *line)
{
	char *field[8];
	int n = fields(line, field);

	assert_true(n > 0);
	if (strcmp(field[0], "#KONTO") == 0) {
		assert_int_equal(n, 3);
		r->account[r->accounts++] = (uint32_t)strtoul(field[1], NULL, 10);
	} else if (strcmp(field[0], "#VER") == 0) {
		assert_int_equal(n, 5);
		assert_int_equal(strlen(field[3]), 8);
		snprintf(r->last_text, sizeof(r->last_text), "%s", field[4]);
		r->vouchers++;
	} else if (strcmp(field[0], "{") == 0) {
		assert_false(r->within);
		r->within = true;
		r->sum = 0;
	} else if (strcmp(field[0], "}") == 0) {
		assert_true(r->within);
		r->within = false;
		assert_int_equal(r->sum, 0);
	} else if (strcmp(field[0], "#TRANS") == 0) {
		bool known = false;

		assert_true(r->within && n == 4);
		assert_string_equal(field[2], "{}");
		for (uint32_t i = 0; i < r->accounts; i++)
			known = known || r->account[i] == strtoul(field[1], NULL, 10);
		assert_true(known);
		r->sum += ore(field[3]);
		r->rows++;
	} else {
		assert_false(r->within);
		assert_int_equal(field[0][0], '#');
	}
}

static struct read read_back(void)
{
	struct read r = {0};
	char *copy = strdup(text);

	for (char *line = copy, *stop; *line; line = stop + 2) {
		stop = strstr(line, "\r\n");
		assert_non_null(stop);
		*stop = '\0';
		assert_null(strchr(line, '\n'));
		row(&r, line);
	}
	assert_false(r.within);
	free(copy);
	return r;
}

/* --- tests -------------------------------------------------------------------------------------
 */

static void the_head(void **state)
{
	struct sie *s = begin();

	(void)state;
	assert_int_equal(end(s), 0);
	/* a-ring in code page 437 */
	static const char head[] = "#FLAGGA 0\r\n#PROGRAM \"Shopkeeper\" \"1\"\r\n#FORMAT PC8\r\n"
				   "#GEN 20261101\r\n#SIETYP 4\r\n#ORGNR 559900-0006\r\n"
				   "#FNAMN \"P\x86hittade Bodens Lanthandel AB\"\r\n";

	assert_memory_equal(text, head, sizeof(head) - 1);
	assert_non_null(strstr(text, "#KONTO 1510 \"Kundfordringar\"\r\n#KTYP 1510 T\r\n"));
	assert_non_null(strstr(text, "#KONTO 2611 \"Utg\x86"
				     "ende moms 25 %\"\r\n#KTYP 2611 S\r\n"));
	assert_non_null(
		strstr(text, "#KONTO 3002 \"F\x94rs\x84ljning 12 % moms\"\r\n#KTYP 3002 I"));
	assert_non_null(strstr(text, "#KONTO 3740 \"\x99res- och kronutj\x84mning\""));
	assert_null(strstr(text, "#KONTO 0 "));
	for (const char *c = text; *c; c++)
		assert_true((unsigned char)*c < 0xb0);
	assert_true(read_back().accounts >= 20);
}

static void vouchers(void **state)
{
	struct sie *s = begin();
	struct read r;

	(void)state;
	sie_verification(s, 'A', 1, made_day("2026-10-01"), "Försäljning 2026-10-01");
	sie_transaction(s, 1510, money_of(11200));
	sie_transaction(s, 3002, money_of(-10000));
	sie_transaction(s, 2621, money_of(-1200));
	sie_verification(s, 'A', 2, made_day("2026-10-31"),
			 "Ägare \"Åsa\" \\ {krull} – 日本\r\n#VER B 1 20260101");
	sie_transaction(s, 3740, money_of(-7));
	sie_transaction(s, 1510, money_of(7));
	assert_int_equal(end(s), 0);
	assert_non_null(strstr(text, "#VER A 1 20261001 \"F\x94rs\x84ljning 2026-10-01\"\r\n{\r\n"
				     "   #TRANS 1510 {} 112.00\r\n"
				     "   #TRANS 3002 {} -100.00\r\n"
				     "   #TRANS 2621 {} -12.00\r\n}\r\n"));
	assert_non_null(strstr(text, "#TRANS 3740 {} -0.07\r\n"));
	r = read_back();
	assert_int_equal(r.vouchers, 2);
	assert_int_equal(r.rows, 5);
	assert_string_equal(r.last_text, "\x8egare \"\x8fsa\" / {krull} ? ????#VER B 1 20260101");
}

/* Every letter of code page 437, 0x80 to 0xaf without its two signs that are none. */
static void the_code_page(void **state)
{
	struct sie *s = begin();
	const char *at;

	(void)state;
	sie_verification(s, 'A', 1, made_day("2026-10-01"),
			 "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥áíóúñÑªº¿¬½¼¡«»šŁ€");
	assert_int_equal(end(s), 0);
	at = strstr(text, "20261001 \"") + strlen("20261001 \"");
	for (int byte = 0x80; byte < 0xb0; byte++)
		if (byte != 0x9e && byte != 0x9f && byte != 0xa9)
			assert_int_equal((unsigned char)*at++, byte);
	assert_memory_equal(at, "???\"", 4);
}

static void what_does_not_balance_is_told(void **state)
{
	struct sie *s = begin();

	(void)state;
	sie_verification(s, 'A', 1, made_day("2026-10-01"), "ett öre");
	sie_transaction(s, 1510, money_of(100));
	sie_transaction(s, 3002, money_of(-99));
	sie_verification(s, 'A', 2, made_day("2026-10-01"), "jämnt");
	sie_transaction(s, 1510, money_of(1));
	sie_transaction(s, 3002, money_of(-1));
	assert_int_equal(end(s), -EINVAL);

	s = begin();
	sie_verification(s, 'A', 1, made_day("2026-10-01"), "för mycket");
	sie_transaction(s, 1510, money_of(INT64_MAX));
	sie_transaction(s, 1510, money_of(INT64_MAX));
	assert_int_equal(end(s), -EINVAL);

	s = begin();
	sie_transaction(s, 1510, money_of(0)); /* of no voucher */
	assert_int_equal(end(s), -EINVAL);
}

/* A chart whose bookkeeper has joined accounts names each once. */
static void a_joined_chart(void **state)
{
	struct entry_chart chart = chart_bas();
	struct sie *s;

	(void)state;
	chart.waste = chart.shrink = chart.own_use = chart.cost;
	chart.rate[0].deposit = chart.rate[0].sales;
	free(text);
	text = NULL;
	out = open_memstream(&text, &size);
	assert_int_equal(sie_begin(out, &parties.seller, &chart, made_day("2026-11-01"), &s), 0);
	assert_int_equal(end(s), 0);
	struct read r = read_back();
	for (uint32_t i = 0; i < r.accounts; i++)
		for (uint32_t j = 0; j < i; j++)
			assert_int_not_equal(r.account[i], r.account[j]);
	free(text);
	text = NULL;
}

static void a_full_disk_is_told(void **state)
{
	struct entry_chart chart = chart_bas();
	struct sie *s;

	(void)state;
	out = fopen("/dev/full", "w");
	assert_non_null(out);
	assert_int_equal(sie_begin(out, &parties.seller, &chart, made_day("2026-11-01"), &s), 0);
	assert_int_equal(end(s), -ENOSPC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_head),	  cmocka_unit_test(vouchers),
		cmocka_unit_test(the_code_page),  cmocka_unit_test(what_does_not_balance_is_told),
		cmocka_unit_test(a_joined_chart), cmocka_unit_test(a_full_disk_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
