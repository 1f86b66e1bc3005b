/* test_party.c: party files: what they may say, and how what is wrong is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "paper/letters.h"
#include "paper/party_words.h"
#include "paper_made.h"

static struct parties parties;
static char why[PARTY_WHY_MAX];

static bool read_text(const char *text)
{
	memset(&parties, 0x5a, sizeof(parties));
	why[0] = '\0';
	return party_read(text, (uint32_t)strlen(text), &parties, why);
}

#define SELLER                                                                                     \
	"\"name\":\"S\",\"street\":\"G 1\",\"postcode\":\"1\",\"city\":\"C\",\"country\":\"SE\","  \
	"\"vat_number\":\"SE559900000601\""
#define BUYER                                                                                      \
	"\"name\":\"B\",\"street\":\"G 2\",\"postcode\":\"2\",\"city\":\"C\",\"country\":\"SE\""

/* A file whose seller (or buyer) says `more` besides. */
static bool read_with(const char *seller, const char *buyer)
{
	char text[4096];

	snprintf(text, sizeof(text), "{\"seller\":{" SELLER "%s},\"buyer\":{" BUYER "%s}}", seller,
		 buyer);
	return read_text(text);
}

static void a_whole_file(void **state)
{
	char *text = made_file("tests/data/parties/business.json");

	(void)state;
	assert_true(read_text(text));
	assert_string_equal(parties.seller.name, "Påhittade Bodens Lanthandel AB");
	assert_string_equal(parties.seller.organisation_number, "5599000006");
	assert_string_equal(parties.seller.iban, "SE4550000000058398257466");
	assert_string_equal(parties.seller.bankgiro, "9912346");
	assert_true(parties.seller.f_tax);
	assert_false(parties.seller.business);
	assert_string_equal(parties.buyer.endpoint_scheme, "0088");
	assert_string_equal(parties.buyer.endpoint, "7399999000003");
	assert_string_equal(parties.buyer.street2, "Plan 2 \"Loftet\"");
	assert_true(parties.buyer.business);
	assert_int_equal(parties.language, LANGUAGE_SV);
	free(text);
	text = made_file("tests/data/parties/consumer.json");
	assert_true(read_text(text));
	assert_string_equal(parties.seller.organisation_number, "5599000006");
	assert_string_equal(parties.seller.plusgiro, "1234566");
	assert_string_equal(parties.buyer.email, "");
	free(text);
	text = made_file("tests/data/parties/euro.json");
	assert_true(read_text(text));
	assert_int_equal(parties.language, LANGUAGE_EN);
	free(text);
}

static void not_a_party_file(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{"", "line 1: this is not JSON in UTF-8"},
		{"[]", "a party file is an object: {\"seller\": …, \"buyer\": …}"},
		{"{}", "seller is missing"},
		{"{\"seller\":3}", "seller has to be an object: {\"name\": …}"},
		{"{\"seller\":{" SELLER "}}", "buyer is missing"},
		{"{\"seler\":{}}", "there is no word 'seler', only seller, buyer, language"},
		{"{\"language\":\"de\"}", "language has to be \"sv\" or \"en\""},
		{"{\"language\":1}", "language has to be \"sv\" or \"en\""},
		{"{\"seller\":{},\n\"seller\":{}}", "line 2: a word stands there twice"},
		{"{\"seller\":{\"name\":\"\xff\"}}", "line 1: this is not JSON in UTF-8"},
		{"{\"seller\":{\"name\":\"a\\u0000b\"}}", "line 1: this is not JSON in UTF-8"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_false(read_text(cases[i].text));
		assert_string_equal(why, cases[i].why);
		assert_int_equal(parties.seller.name[0], 0x5a); /* untouched */
	}
	char *long_one = malloc(PARTY_FILE_MAX + 2);

	memset(long_one, ' ', PARTY_FILE_MAX + 1);
	long_one[PARTY_FILE_MAX + 1] = '\0';
	assert_false(read_text(long_one));
	assert_string_equal(why, "the file is longer than 16384 bytes");
	free(long_one);
}

static void words_are_named(void **state)
{
	static const struct {
		const char *seller, *buyer, *why;
	} cases[] = {
		{",\"bankgrio\":\"9912346\"", "",
		 "seller: there is no word 'bankgrio'; did you mean 'bankgiro'?"},
		{"", ",\"bankgiro\":\"9912346\"", "buyer: there is no word 'bankgiro'"},
		{",\"business\":true", "", "seller: there is no word 'business'"},
		{"", ",\"f_tax\":true", "buyer: there is no word 'f_tax'"},
		{",\"phone\":46", "", "seller: phone has to be text in quotes"},
		{",\"f_tax\":\"yes\"", "", "seller: f_tax has to be true or false"},
		{",\"bankgiro\":\"9912347\"", "",
		 "seller: bankgiro has to be 7 or 8 digits, the last a check digit"},
		{",\"endpoint\":{\"scheme\":\"0007\"}", "",
		 "seller: endpoint needs both scheme and id"},
		{",\"endpoint\":\"0007\"", "",
		 "seller: endpoint has to be {\"scheme\": …, \"id\": …}"},
		{",\"endpoint\":{\"scheme\":\"0007\",\"id\":\"5599000007\"}", "",
		 "seller: endpoint's id has to be an organisation number"},
		{",\"endpoint\":{\"id\":\"7399999000004\",\"scheme\":\"0088\"}", "",
		 "seller: endpoint's id has to be a GLN, 13 digits"},
		{",\"endpoint\":{\"schema\":\"0088\"}", "",
		 "seller: endpoint has scheme and id, no 'schema'"},
		{",\"endpoint\":{\"scheme\":\"0192\",\"id\":\"1\"}", "",
		 "seller: endpoint's scheme has to be 0007 (organisation number) or 0088 (GLN)"},
		{",\"street2\":\"\"", "",
		 "seller: street2 has to be text; leave the word out where there is none"},
		{",\"street2\":\"a\\nb\"", "",
		 "seller: street2 has to be text without control characters"},
		{",\"bic\":\"ABCDSEAB\"", "", "seller: bic is of no use without iban"},
	};

	(void)state;
	assert_true(read_with("", ""));
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_false(read_with(cases[i].seller, cases[i].buyer));
		assert_string_equal(why, cases[i].why);
	}
}

static void what_is_missing(void **state)
{
	(void)state;
	assert_false(read_text("{\"seller\":{" SELLER "},\"buyer\":{\"name\":\"B\"}}"));
	assert_string_equal(why, "buyer: street is missing");
	assert_false(read_text("{\"seller\":{" SELLER
			       "},\"buyer\":{\"name\":\"B\",\"street\":\"G\","
			       "\"city\":\"C\",\"country\":\"SE\"}}"));
	assert_string_equal(why, "buyer: postcode is missing");
	assert_true(read_text("{\"seller\":{" SELLER "},\"buyer\":{\"name\":\"B\",\"street\":\"G\","
			      "\"city\":\"C\",\"country\":\"IE\"}}"));
	assert_false(read_text("{\"seller\":{" BUYER "},\"buyer\":{" BUYER "}}"));
	assert_string_equal(why, "seller: vat_number or organisation_number is missing");
}

struct word_case {
	party_take *take;
	const char *text, *plain; /* plain NULL: refused */
};

static void each_word(void **state)
{
	static const struct word_case cases[] = {
		{party_country, "SE", "SE"},
		{party_country, "se", NULL},
		{party_country, "ES", "ES"},
		{party_country, "EA", NULL}, /* astride two codes of the list */
		{party_country, "UK", NULL},
		{party_country, "SWE", NULL},
		{party_email, "a@b.se", "a@b.se"},
		{party_email, "a@@b", NULL},
		{party_email, "@b", NULL},
		{party_email, "a@", NULL},
		{party_email, "a b@c", NULL},
		{party_phone, "+46 (0)8-12", "+46 (0)8-12"},
		{party_phone, "ring!", NULL},
		{party_phone, "+-", NULL},
		{party_organisation, "559900-0006", "5599000006"},
		{party_organisation, "5599000005", NULL},
		{party_organisation, "165599000006", NULL},
		{party_organisation, "559900000", NULL},
		{party_vat, "SE559900000601", "SE559900000601"},
		{party_vat, "SE 559900-0006 01", "SE559900000601"},
		{party_vat, "SE559900000501", NULL},
		{party_vat, "SE5599000006", NULL},
		{party_vat, "SE55990000060A", NULL},
		{party_vat, "se559900000601", NULL},
		{party_vat, "DE123456789", "DE123456789"},
		{party_vat, "EL123456789", "EL123456789"},
		{party_vat, "XY123456789", NULL},
		{party_vat, "DE", NULL},
		{party_vat, "DE12345678901234", NULL},
		{party_bankgiro, "991-2346", "9912346"},
		{party_bankgiro, "5050-1055", "50501055"},
		{party_bankgiro, "5050-1056", NULL},
		{party_bankgiro, "123455", NULL},
		{party_bankgiro, "505010550505", NULL},
		{party_plusgiro, "123456-6", "1234566"},
		{party_plusgiro, "123456-7", NULL},
		{party_plusgiro, "1", NULL},
		{party_iban, "SE45 5000 0000 0583 9825 7466", "SE4550000000058398257466"},
		{party_iban, "SE45 5000 0000 0583 9825 7467", NULL},
		{party_iban, "GB82WEST12345698765432", "GB82WEST12345698765432"},
		{party_iban, "gb82west12345698765432", NULL},
		{party_iban, "GB82", NULL},
		{party_iban, "", NULL},
		{party_bic, "ABCDSEAB", "ABCDSEAB"},
		{party_bic, "ABCDSEABXXX", "ABCDSEABXXX"},
		{party_bic, "ABCDSEABX", NULL},
		{party_bic, "ABCDXXAB", NULL},
		{party_bic, "1BCDSEAB", NULL},
		{party_text, "Öra 1", "Öra 1"},
		{party_text, " \xc2\xa0", NULL},
		{party_text, "a\x7f", NULL},
		{party_text, "abc \xe2\x80\xae txt", NULL},
		{party_text, "\xc3", NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char to[PARTY_TEXT_MAX + 1] = "";
		const char *wrong = cases[i].take(cases[i].text, to, sizeof(to));

		if ((wrong == NULL) != (cases[i].plain != NULL))
			fail_msg("'%s': %s", cases[i].text, wrong ? wrong : "taken");
		if (cases[i].plain)
			assert_string_equal(to, cases[i].plain);
	}
}

/* A field that is full to its last byte, and one byte more. */
static void bounds(void **state)
{
	static party_take *const takes[] = {
		party_text,	    party_country, party_email,	   party_phone,
		party_organisation, party_vat,	   party_bankgiro, party_plusgiro,
		party_iban,	    party_bic,	   party_scheme,   party_endpoint,
	};
	char text[300], to[16];

	(void)state;
	memset(text, 'a', sizeof(text));
	text[PARTY_TEXT_MAX] = '\0';
	char full[PARTY_TEXT_MAX + 1];
	assert_null(party_text(text, full, sizeof(full)));
	text[PARTY_TEXT_MAX] = 'a';
	text[PARTY_TEXT_MAX + 1] = '\0';
	assert_string_equal(party_text(text, full, sizeof(full)), "at most 120 bytes");
	/* whatever is said, no word writes past its field */
	for (size_t i = 0; i < ARRAY_LEN(takes); i++) {
		for (uint32_t size = 1; size < 8; size++) {
			static const char *const texts[] = {"559900-0006", "1111111111111111", "",
							    "SE45500000000583982574667", "a@b"};

			for (size_t k = 0; k < ARRAY_LEN(texts); k++) {
				memset(to, '#', sizeof(to));
				(void)takes[i](texts[k], to, size);
				assert_int_equal(to[size], '#');
			}
		}
	}
}

static void letters(void **state)
{
	const char *text = "aö€😀\xed\xa0\x80\xf5\xc0\x80\xe2\x82", *at = text;
	static const uint32_t want[] = {'a', 0xf6, 0x20ac, 0x1f600};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(want); i++)
		assert_int_equal(letter_next(&at), want[i]);
	for (int i = 0; i < 8; i++) /* a byte each */
		assert_int_equal(letter_next(&at), LETTER_UNKNOWN);
	assert_int_equal(letter_next(&at), 0);
	assert_int_equal(letter_next(&at), 0);
	assert_true(letter_shown('a') && letter_shown(0xe5) && letter_shown(0x1f600));
	assert_false(letter_shown('\n') || letter_shown(0x7f) || letter_shown(0x85) ||
		     letter_shown(0x202e) || letter_shown(0xfffe) || letter_shown(0x1ffff));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_file),	   cmocka_unit_test(not_a_party_file),
		cmocka_unit_test(words_are_named), cmocka_unit_test(what_is_missing),
		cmocka_unit_test(each_word),	   cmocka_unit_test(bounds),
		cmocka_unit_test(letters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
