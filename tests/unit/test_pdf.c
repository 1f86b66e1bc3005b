/*
 * test_pdf.c: an invoice as PDF says what is on the paper, all of it, once: read back by poppler's
 * pdftotext, and its code by zbarimg where there is one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "paper/payqr.h"
#include "paper/pdf.h"
#include "leaks_known.h"

#define TEXT_MAX (1 << 20)
#define LONG_NAME                                                                                  \
	"Fårfiol från Gotland, lufttorkad, skivad för hand på gården, i påse med lock, åäöÅÄÖ!"

extern char **environ;

struct bench {
	char folder[32], pdf[48], text[48];
	struct parties parties;
	struct paper paper;
	struct paper_line line[300];
	char said[TEXT_MAX];
};

static const struct party seller = {
	.name = "Påhittad Lanthandel ekonomisk förening",
	.street = "Byvägen 4",
	.postcode = "123 45",
	.city = "Viken",
	.country = "SE",
	.email = "hej@viken.example",
	.organisation_number = "7696123456",
	.vat_number = "SE769612345601",
	.f_tax = true,
	.bankgiro = "1234567",
	.registered_office = "Viken",
};

static int setup(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	snprintf(b->folder, sizeof(b->folder), "/tmp/test_pdf.XXXXXX");
	assert_non_null(mkdtemp(b->folder));
	snprintf(b->pdf, sizeof(b->pdf), "%s/a.pdf", b->folder);
	snprintf(b->text, sizeof(b->text), "%s/a.txt", b->folder);
	b->parties = (struct parties){.seller = seller, .language = LANGUAGE_SV};
	snprintf(b->parties.buyer.name, sizeof(b->parties.buyer.name), "Åsa Öström-Älvåker");
	snprintf(b->parties.buyer.street, sizeof(b->parties.buyer.street), "Storgatan 12");
	snprintf(b->parties.buyer.country, sizeof(b->parties.buyer.country), "SE");
	b->paper = (struct paper){.shop = {"viken"},
				  .currency = "SEK",
				  .id = number_of(2026, 123),
				  .original = number_of(2026, 101),
				  .period = {202610},
				  .why = "läckte",
				  .line = b->line};
	assert_true(day_of(2026, 11, 1, &b->paper.issued));
	assert_true(day_of(2026, 12, 1, &b->paper.due));
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	struct bench *b = *state;

	unlink(b->pdf);
	unlink(b->text);
	rmdir(b->folder);
	free(b);
	return 0;
}

/* n lines of 13.00 with 1.00 deposit each, at 6 %; every tenth is late, every fourth at a discount.
 */
static void fill(struct bench *b, uint32_t n)
{
	struct paper *p = &b->paper;
	struct day first;

	assert_true(day_of(2026, 10, 1, &first));
	for (uint32_t i = 0; i < n; i++) {
		b->line[i] = (struct paper_line){.seq = i + 1,
						 .bought = {first.n + (int32_t)(i * 30 / n)},
						 .gtin = {7310865004703},
						 .name = i % 7 == 3 ? LONG_NAME : "Läsk apelsin",
						 .quantity_milli = 2000,
						 .vat_bp = 600,
						 .unit_price = money_of(650),
						 .gross = money_of(1300),
						 .deposit = money_of(100)};
		if (i % 4 == 1)
			b->line[i].list_price = money_of(700);
		if (i % 10 == 9) {
			b->line[i].bought.n = first.n - 20;
			b->line[i].late = true;
		}
	}
	p->lines = n;
	p->rates = 1;
	p->gross = money_of(1400 * (int64_t)n);
	p->rate[0] = (struct invoice_rate){.vat_bp = 600,
					   .gross = p->gross,
					   .base = money_of(1321 * (int64_t)n),
					   .vat = money_of(79 * (int64_t)n)};
	p->payable = p->gross;
}

static int run(char *const argv[], const char *out)
{
	posix_spawn_file_actions_t files;
	int status = -1;
	pid_t child;

	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, 1, out ? out : "/dev/null",
					 O_WRONLY | O_CREAT | O_TRUNC, 0600);
	posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
	if (posix_spawnp(&child, argv[0], &files, NULL, argv, environ) == 0)
		waitpid(child, &status, 0);
	posix_spawn_file_actions_destroy(&files);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void slurp(const char *path, char *text)
{
	FILE *file = fopen(path, "r");
	size_t len;

	assert_non_null(file);
	len = fread(text, 1, TEXT_MAX - 1, file);
	text[len] = '\0';
	fclose(file);
}

/* A blank that must not break is a blank. */
static void plain_blanks(char *text)
{
	char *to = text;

	for (; *text; text++) {
		if (memcmp(text, "\xc2\xa0", 2) == 0)
			*++text = ' ';
		*to++ = *text;
	}
	*to = '\0';
}

/* Draws, and reads back what it says. */
static void draw(struct bench *b)
{
	FILE *file = fopen(b->pdf, "w");

	assert_non_null(file);
	assert_int_equal(pdf_write(&b->paper, &b->parties, file), 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(run((char *[]){"pdftotext", "-layout", b->pdf, b->text, NULL}, NULL), 0);
	slurp(b->text, b->said);
	plain_blanks(b->said);
}

static uint32_t times(const char *text, const char *word)
{
	uint32_t n = 0;

	for (const char *at = text; (at = strstr(at, word)); at += strlen(word))
		n++;
	return n;
}

static void says(const struct bench *b, const char *word, uint32_t n)
{
	uint32_t got = times(b->said, word);

	if (n ? got != n : got == 0)
		fail_msg("\"%s\": %u times, not %u, in:\n%s", word, got, n, b->said);
}

static void one_line(void **state)
{
	struct bench *b = *state;

	fill(b, 1);
	draw(b);
	says(b, "FAKTURA", 1);
	says(b, "VIKEN-2026-000123", 2);
	says(b, "202600012324", 2);
	says(b, "123-4567", 2);
	says(b, "2026-12-01", 2);
	says(b, "14,00 kr", 1);
	says(b, "Åsa Öström-Älvåker", 1);
	says(b, "769612-3456", 1);
	says(b, "SE769612345601", 1);
	says(b, "Avser köp i", 1);
	says(b, "Godkänd för F-skatt", 1);
	says(b, "Säte Viken", 1);
	says(b, "torsdag 1 oktober 2026", 1);
	says(b, "Läs QR-koden", 1);
	says(b, "Utan QR-kod", 1);
	says(b, " 6%", 1);
	says(b, "13,21", 2);
	says(b, "0,79", 2);
	says(b, "Sida 1 av 1", 1);
}

static void every_line_on_some_page(void **state)
{
	static const uint32_t counts[] = {2, 14, 15, 16, 17, 18, 30, 47, 48, 49, 50, 300};
	struct bench *b = *state;

	for (uint32_t i = 0; i < ARRAY_LEN(counts); i++) {
		uint32_t n = counts[i], pages;
		char text[64];

		fill(b, n);
		draw(b);
		pages = times(b->said, "\f");
		snprintf(text, sizeof(text), "Sida %u av %u", pages, pages);
		says(b, text, 1);
		/* each line has its deposit's 1,00, and every page with lines its table's head */
		says(b, " 1,00 ", n);
		assert_int_equal(times(b->said, "(inkom"), n / 10);
		assert_int_equal(times(b->said, "Rabatt"), pages);
		assert_int_equal(times(b->said, "\xe2\x88\x92"
						"1,00"),
				 (n + 2) / 4);
		says(b, "Att betala (SEK)", 1);
	}
	says(b, "lördag 10 oktober 2026", 0);
	says(b, "4 200,00", 0);
}

static void a_credit_note(void **state)
{
	struct bench *b = *state;

	fill(b, 1);
	b->paper.credit_note = true;
	b->paper.reason = CREDIT_BROKEN;
	draw(b);
	says(b, "KREDITFAKTURA", 1);
	says(b, "VIKEN-2026-000101", 2);
	says(b, "varan var inte hel: läckte", 1);
	assert_int_equal(times(b->said, "QR"), 0);
	assert_int_equal(times(b->said, "Förfallodatum"), 0);
}

/* What waited for this invoice, or came late, is not of its month. */
static void of_more_than_its_month(void **state)
{
	struct bench *b = *state;

	fill(b, 10);
	draw(b);
	says(b, "Avser köp t.o.m.", 1);
	assert_int_equal(times(b->said, "Avser köp i"), 0);
}

static void nothing_to_pay(void **state)
{
	struct bench *b = *state;

	fill(b, 1);
	b->paper.payable = MONEY_ZERO;
	draw(b);
	says(b, "Inget att betala", 1);
	assert_int_equal(times(b->said, "QR"), 0);
}

static void in_english(void **state)
{
	struct bench *b = *state;

	fill(b, 300);
	b->parties.language = LANGUAGE_EN;
	draw(b);
	says(b, "INVOICE", 1);
	says(b, "4,200.00 SEK", 1);
	says(b, "Thursday 1 October 2026", 0);
	says(b, "Registered office Viken", 0);
	assert_int_equal(times(b->said, "Faktura"), 0);
}

/* A name that is no UTF-8, and ones far wider than their place, break nothing. */
static void what_would_break_a_page(void **state)
{
	struct bench *b = *state;

	fill(b, 2);
	b->line[0].name = "ta\xc3\x28k \xff\x01 \xed\xa0\x80 slut";
	b->line[1].name = "";
	memset(b->parties.buyer.name, 'W', PARTY_TEXT_MAX);
	memset(b->parties.seller.name, 'M', PARTY_TEXT_MAX);
	b->line[1].gross = money_of(INT64_MAX / 4);
	draw(b);
	says(b, "ta?(k", 1);
	says(b, "slut", 1);
	says(b, "7310865004703", 1);
}

static void the_same_bytes_again(void **state)
{
	struct bench *b = *state;
	char *first = malloc(TEXT_MAX), *again = malloc(TEXT_MAX);

	assert_true(first && again);
	fill(b, 3);
	draw(b);
	slurp(b->pdf, first);
	draw(b);
	slurp(b->pdf, again);
	assert_memory_equal(first, again, TEXT_MAX / 64);
	free(first);
	free(again);
}

static void a_full_disk_is_told(void **state)
{
	struct bench *b = *state;
	FILE *full = fopen("/dev/full", "w");

	assert_non_null(full);
	fill(b, 300);
	assert_int_not_equal(pdf_write(&b->paper, &b->parties, full), 0);
	fclose(full);
}

/* What a banking app's camera sees on the page is what payqr says. */
static void the_code_is_readable(void **state)
{
	struct bench *b = *state;
	char wanted[PAYQR_SIZE], image[64], base[48];

	fill(b, 3);
	assert_int_equal(payqr_text(&b->paper, &b->parties, wanted), 0);
	draw(b);
	snprintf(base, sizeof(base), "%s/a", b->folder);
	snprintf(image, sizeof(image), "%s/a.png", b->folder);
	assert_int_equal(
		run((char *[]){"pdftoppm", "-r", "100", "-png", "-singlefile", b->pdf, base, NULL},
		    NULL),
		0);
	if (run((char *[]){"zbarimg", "--version", NULL}, NULL) != 0) {
		unlink(image);
		skip(); /* no zbarimg on this machine */
	}
	assert_int_equal(run((char *[]){"zbarimg", "--raw", "-q", image, NULL}, b->text), 0);
	slurp(b->text, b->said);
	unlink(image);
	says(b, wanted, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(one_line, setup, teardown),
		cmocka_unit_test_setup_teardown(every_line_on_some_page, setup, teardown),
		cmocka_unit_test_setup_teardown(a_credit_note, setup, teardown),
		cmocka_unit_test_setup_teardown(of_more_than_its_month, setup, teardown),
		cmocka_unit_test_setup_teardown(nothing_to_pay, setup, teardown),
		cmocka_unit_test_setup_teardown(in_english, setup, teardown),
		cmocka_unit_test_setup_teardown(what_would_break_a_page, setup, teardown),
		cmocka_unit_test_setup_teardown(the_same_bytes_again, setup, teardown),
		cmocka_unit_test_setup_teardown(a_full_disk_is_told, setup, teardown),
		cmocka_unit_test_setup_teardown(the_code_is_readable, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
