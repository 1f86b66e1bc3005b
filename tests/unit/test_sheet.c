/* test_sheet.c: an invoice's lines as CSV, and cells that a spreadsheet must not run. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "paper/sheet.h"
#include "paper_made.h"

#define HEAD                                                                                       \
	"invoice,line,bought,gtin,name,quantity,list_price,unit_price,gross,deposit,vat_percent,"  \
	"net,"                                                                                     \
	"deposit_net,late\r\n"

static struct made m;

static char *written(void)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(sheet_write(&m.paper, out), 0);
	fclose(out);
	return text;
}

static void lines(void **state)
{
	(void)state;
	made_begin(&m);
	made_line(&m, "Mjölk 1,5 % 1 l", 7310865004703, "2026-03-30", 1000, 1490, 0, 1200)->late =
		true;
	made_line(&m, "Läsk", 96385074, "2026-04-03", 6000, 1095, 600, 600)->list_price =
		money_of(1200);
	made_line(&m, "Ost", 0, "2026-04-04", 1230, 12999, 0, 600);
	made_invoice(&m);
	char *text = written();

	assert_string_equal(text, HEAD "VIKEN-2026-000123,1,2026-03-30,7310865004703,\"Mjölk 1,5 % "
				       "1 l\",1,14.90,14.90,14.90,"
				       "0.00,12,13.30,0.00,yes\r\n"
				       "VIKEN-2026-000123,2,2026-04-03,96385074,Läsk,6,12.00,10.95,"
				       "65.70,6.00,6,61.98,5.66,"
				       "no\r\n"
				       "VIKEN-2026-000123,3,2026-04-04,,Ost,1.23,129.99,129.99,159."
				       "89,0.00,6,150.84,0.00,no\r\n");
	free(text);
}

static void formulas_and_quotes(void **state)
{
	static const struct {
		const char *name, *cell;
	} cases[] = {
		{"=1+1", ",'=1+1,"},
		{"+46", ",'+46,"},
		{"-20 %", ",'-20 %,"},
		{"@SUM(A1)", ",'@SUM(A1),"},
		{"=\"a\",b", ",\"'=\"\"a\"\",b\","},
		{"\tTab", ",'\xef\xbf\xbdTab,"},
		{"say \"hej\"", ",\"say \"\"hej\"\"\","},
		{"two\r\nlines", ",\"two\xef\xbf\xbd\xef\xbf\xbdlines\","},
		{"\r=1", ",\"'\xef\xbf\xbd=1\","},
		{"not utf-8 \xff", ",not utf-8 \xef\xbf\xbd,"},
		{"a=b", ",a=b,"},
		{"", ",,"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		made_begin(&m);
		made_line(&m, cases[i].name, 96385074, "2026-04-03", 1000, 100, 0, 2500);
		made_invoice(&m);
		char *text = written(), *cell = strstr(text, "96385074") + 8;

		assert_memory_equal(cell, cases[i].cell, strlen(cases[i].cell));
		assert_non_null(strstr(text, ",1,1.00,1.00,1.00,0.00,25,0.80,0.00,no\r\n"));
		free(text);
	}
}

static void a_full_disk_is_told(void **state)
{
	FILE *out = fopen("/dev/full", "w");

	(void)state;
	assert_non_null(out);
	made_begin(&m);
	assert_int_equal(sheet_write(&m.paper, out), -ENOSPC);
	fclose(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines),
		cmocka_unit_test(formulas_and_quotes),
		cmocka_unit_test(a_full_disk_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
