/*
 * test_bankfile.c: what banks send of money that came in: each payment once, to the öre, with the
 * reference that it names; and of a file that is not whole, nothing at all.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "paper/bankfile.h"

#define TOLD_MAX 64

struct told {
	uint32_t count;
	struct bank_payment payment[TOLD_MAX];
	int stop; /* handed back at the second payment, when not 0 */
	char why[BANKFILE_WHY_MAX];
};

static int tell(void *data, const struct bank_payment *p)
{
	struct told *t = data;

	assert_true(t->count < TOLD_MAX);
	t->payment[t->count++] = *p;
	return t->count == 2 ? t->stop : 0;
}

static char *load(const char *name, uint32_t *ret_len)
{
	char path[128], *bytes = malloc(1 << 20);
	FILE *file;

	snprintf(path, sizeof(path), "tests/data/bank/%s", name);
	file = fopen(path, "rb");
	assert_non_null(bytes);
	assert_non_null(file);
	*ret_len = (uint32_t)fread(bytes, 1, (1 << 20) - 1, file);
	bytes[*ret_len] = '\0';
	fclose(file);
	return bytes;
}

static int read_text(const char *text, struct told *t)
{
	*t = (struct told){.count = 0};
	return bankfile_read(text, (uint32_t)strlen(text), tell, t, t->why);
}

static void read_file(const char *name, struct told *t)
{
	uint32_t len;
	char *bytes = load(name, &len);
	int got;

	*t = (struct told){.count = 0};
	got = bankfile_read(bytes, len, tell, t, t->why);
	free(bytes);
	if (got != 0)
		fail_msg("%s: %d %s", name, got, t->why);
}

struct expected {
	const char *reference;
	int64_t minor;
	const char *currency, *booked;
};

static void same(const struct told *t, const struct expected *e, uint32_t n)
{
	assert_int_equal(t->count, n);
	for (uint32_t i = 0; i < n; i++) {
		char day[DAY_TEXT_SIZE];

		day_text(t->payment[i].booked, day);
		assert_string_equal(t->payment[i].reference, e[i].reference);
		assert_true(money_minor(t->payment[i].amount) == e[i].minor);
		assert_string_equal(t->payment[i].currency, e[i].currency);
		assert_string_equal(day, e[i].booked);
		assert_int_equal(strlen(t->payment[i].bank_key), 64);
		for (uint32_t j = 0; j < i; j++)
			assert_string_not_equal(t->payment[i].bank_key, t->payment[j].bank_key);
	}
}

static void reads_a_batch_and_single_payments(void **state)
{
	static const struct expected expected[] = {
		{"202600010120", 101500, "SEK", "2026-11-02"},
		{"202600010229", 20400, "SEK", "2026-11-02"},
		{"202600010328", 200000, "SEK", "2026-11-02"},
		{"VIKEN-2026-000104", 87300, "SEK", "2026-11-02"},
	};
	struct told t;

	(void)state;
	read_file("camt054-02.xml", &t);
	same(&t, expected, ARRAY_LEN(expected));
}

static void reads_reversals_and_divided_payments(void **state)
{
	static const struct expected expected[] = {
		{"202600010526", 40025, "SEK", "2026-11-09"},
		{"202600010625", 30000, "SEK", "2026-11-09"},
		{"202600010229", -20400, "SEK", "2026-11-09"},
		{"", 50000, "SEK", "2026-11-10"},
	};
	struct told t;

	(void)state;
	read_file("camt054-08.xml", &t);
	same(&t, expected, ARRAY_LEN(expected));
}

static void reads_bgmax(void **state)
{
	static const struct expected expected[] = {
		{"202600010120", 101500, "SEK", "2026-11-03"},
		{"202600010526", 40025, "SEK", "2026-11-03"},
		{"202600010625", 30000, "SEK", "2026-11-03"},
		{"", 50000, "SEK", "2026-11-03"},
		{"VIKEN-2026-000109", 20400, "SEK", "2026-11-03"},
		{"202600010229", -20400, "SEK", "2026-11-03"},
		{"202600012324", 1200, "EUR", "2026-11-03"},
	};
	struct told t;

	(void)state;
	read_file("bgmax.txt", &t);
	same(&t, expected, ARRAY_LEN(expected));
}

static void the_same_file_gives_the_same_keys(void **state)
{
	static const char *const names[] = {"camt054-02.xml", "camt054-08.xml", "bgmax.txt"};
	struct told first, again;

	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(names); i++) {
		read_file(names[i], &first);
		read_file(names[i], &again);
		assert_int_equal(first.count, again.count);
		assert_memory_equal(first.payment, again.payment,
				    first.count * sizeof(first.payment[0]));
	}
}

#define HEAD(v, id)                                                                                \
	"<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.054.001." v                          \
	"'><BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>" id "</MsgId></GrpHdr><Ntfctn><Id>" id "</Id>"
#define TAIL "</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"
#define ENTRY(amount, bank_id)                                                                     \
	"<Ntry><Amt Ccy='SEK'>" amount "</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>"          \
	"<BookgDt><Dt>2026-11-02</Dt></BookgDt>" bank_id "</Ntry>"
#define BANK_ID(id) "<AcctSvcrRef>" id "</AcctSvcrRef>"

/* A later file that has a payment again: known by the bank's own name for it, wherever it stands.
 * Without one it is another payment: better a person who asks than money that is gone. */
static void an_overlapping_file_gives_the_banks_own_keys(void **state)
{
	struct told a, b;

	(void)state;
	assert_int_equal(read_text(HEAD("04", "M1") ENTRY("10.00", BANK_ID("R1"))
					   ENTRY("20.00", BANK_ID("R2")) ENTRY("5.00", "") TAIL,
				   &a),
			 0);
	assert_int_equal(read_text(HEAD("04", "M2") ENTRY("20.00", BANK_ID("R2")) ENTRY("5.00", "")
					   ENTRY("30.00", BANK_ID("R3")) TAIL,
				   &b),
			 0);
	assert_string_equal(a.payment[1].bank_key, b.payment[0].bank_key);
	assert_string_not_equal(a.payment[2].bank_key, b.payment[1].bank_key);
}

static void payments_that_are_alike_are_two(void **state)
{
	struct told t;

	(void)state;
	assert_int_equal(read_text(HEAD("02", "M") ENTRY("10.00", BANK_ID("R"))
					   ENTRY("10.00", BANK_ID("R")) TAIL,
				   &t),
			 0);
	assert_int_equal(t.count, 2);
	assert_string_not_equal(t.payment[0].bank_key, t.payment[1].bank_key);
}

static void stops_where_it_is_told_to(void **state)
{
	uint32_t len;
	char *bytes = load("bgmax.txt", &len);
	struct told t = {.stop = -EPIPE};

	(void)state;
	assert_int_equal(bankfile_read(bytes, len, tell, &t, t.why), -EPIPE);
	assert_int_equal(t.count, 2);
	free(bytes);
}

/* A file in which `old` became `new`: refused whole, with a sentence that has `word`. */
static void refused(const char *name, const char *old, const char *new, const char *word)
{
	uint32_t len;
	char *bytes = load(name, &len), *at = strstr(bytes, old), *changed = malloc(1 << 20);
	struct told t = {.count = 0};

	assert_non_null(at);
	assert_non_null(changed);
	snprintf(changed, 1 << 20, "%.*s%s%s", (int)(at - bytes), bytes, new, at + strlen(old));
	assert_int_equal(bankfile_read(changed, (uint32_t)strlen(changed), tell, &t, t.why),
			 -EINVAL);
	assert_int_equal(t.count, 0);
	if (!strstr(t.why, word))
		fail_msg("'%s' -> '%s': \"%s\" lacks \"%s\"", old, new, t.why, word);
	free(bytes);
	free(changed);
}

static void refuses_a_camt_that_does_not_add_up(void **state)
{
	(void)state;
	refused("camt054-02.xml", ">1015.00<", ">1015.01<", "its payments come to 3219.01");
	refused("camt054-02.xml", "<NbOfTxs>3<", "<NbOfTxs>4<", "of 4 payments, here are 3");
	refused("camt054-02.xml", "<NbOfNtries>3<", "<NbOfNtries>2<", "tells of 2 entries");
	refused("camt054-02.xml", "<Sum>4092.00<", "<Sum>4091.00<", "TtlCdtNtries");
	refused("camt054-02.xml", "<Sum>4093.50<", "<Sum>4093.49<", "TtlNtries");
	refused("camt054-08.xml", ">1289.25<", ">1289.2<", "TtlCdtNtries");
	refused("camt054-02.xml", "<Amt Ccy=\"SEK\">204<", "<Amt Ccy=\"EUR\">204<", "payment 2");
}

static void refuses_a_camt_that_is_not_one(void **state)
{
	(void)state;
	refused("camt054-02.xml", "camt.054.001.02", "camt.053.001.02", "no camt.054");
	refused("camt054-02.xml", "camt.054.001.02", "camt.054.001.13", "version");
	refused("camt054-02.xml", "<Sts>BOOK</Sts>", "", "no Sts");
	refused("camt054-02.xml", ">1.50<", ">1.505<", "no amount");
	refused("camt054-02.xml", ">1.50<", ">-1.50<", "no amount");
	refused("camt054-02.xml", ">1.50<", ">1,50<", "no amount");
	refused("camt054-02.xml", ">1.50<", ">99999999999999999999<", "no amount");
	refused("camt054-02.xml", "<Dt>2026-11-02<", "<Dt>2026-02-30<", "no date");
	refused("camt054-02.xml", ">CRDT<", ">CREDIT<", "CRDT or DBIT");
	refused("camt054-02.xml", "</Document>", "", "line");
	refused("camt054-02.xml", "<Document", "<!DOCTYPE d [<!ENTITY a 'aaaa'>]><Document", "DTD");
	refused("camt054-02.xml", "<Document", "<!DOCTYPE d SYSTEM 'file:///etc/passwd'><Document",
		"DTD");
}

static void refuses_what_is_nested_or_named_too_deep(void **state)
{
	static char text[20000];
	struct told t;
	int at = snprintf(text, sizeof(text), "%s", HEAD("02", "M"));

	(void)state;
	for (uint32_t i = 0; i < 400; i++)
		at += snprintf(text + at, sizeof(text) - (size_t)at, "<a>");
	assert_int_equal(read_text(text, &t), -EINVAL);
	assert_non_null(strstr(t.why, "too deep"));
	at = snprintf(text, sizeof(text), "%s<", HEAD("02", "M"));
	memset(text + at, 'a', 5000);
	strncpy(text + at + 5000, ">", 2);
	assert_int_equal(read_text(text, &t), -EINVAL);
	assert_non_null(strstr(t.why, "name is too long"));
}

static void refuses_a_bgmax_that_does_not_add_up(void **state)
{
	(void)state;
	refused("bgmax.txt", "000000000000101500", "000000000000101501", "its payments are 221526");
	refused("bgmax.txt", "SEK00000006", "SEK00000004", "of 4 payments");
	refused("bgmax.txt", "7000000006", "7000000007", "7 payments");
	refused("bgmax.txt", "0000000400000002", "0000000500000002", "further references");
	refused("bgmax.txt", "EUR00000001", "USD00000001", "in USD");
	refused("bgmax.txt", "20261103000", "20261303000", "no date");
	refused("bgmax.txt", "000000000000101500", "0000000000001O1500", "no number");
	refused("bgmax.txt", "7000000006", "6000000006", "breaks off");
	refused("bgmax.txt", "\r\n050001234567", "", "longer than 80");
	refused("bgmax.txt", "BGMAX               01", "BGMAX               02", "version");
}

static void refuses_anything_else(void **state)
{
	static char large[BANKFILE_MAX + 1];
	struct told t = {.count = 0};

	(void)state;
	assert_int_equal(read_text("", &t), -EINVAL);
	assert_int_equal(read_text("hello", &t), -EINVAL);
	assert_non_null(strstr(t.why, "neither"));
	assert_int_equal(read_text("<a/>", &t), -EINVAL);
	assert_int_equal(read_text(HEAD("02", "M") TAIL, &t), -EINVAL);
	assert_non_null(strstr(t.why, "no entry"));
	assert_int_equal(bankfile_read(large, sizeof(large), tell, &t, t.why), -EFBIG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_batch_and_single_payments),
		cmocka_unit_test(reads_reversals_and_divided_payments),
		cmocka_unit_test(reads_bgmax),
		cmocka_unit_test(the_same_file_gives_the_same_keys),
		cmocka_unit_test(an_overlapping_file_gives_the_banks_own_keys),
		cmocka_unit_test(payments_that_are_alike_are_two),
		cmocka_unit_test(stops_where_it_is_told_to),
		cmocka_unit_test(refuses_a_camt_that_does_not_add_up),
		cmocka_unit_test(refuses_a_camt_that_is_not_one),
		cmocka_unit_test(refuses_what_is_nested_or_named_too_deep),
		cmocka_unit_test(refuses_a_bgmax_that_does_not_add_up),
		cmocka_unit_test(refuses_anything_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
