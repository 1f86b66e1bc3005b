/*
 * test_ubl.c: invoices and credit notes as UBL. Each scene is written, read back by expat, and
 * reckoned again here from the text alone, in integers: Σ lines = base, base × rate = VAT, the sum
 * and its rounding = payable, quantity × price = line. Then xmllint holds all of them against the
 * schemas of OASIS.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <expat.h>

#include "paper/ubl.h"
#include "paper_made.h"

#define CONSUMER "tests/data/parties/consumer.json"
#define BUSINESS "tests/data/parties/business.json"
#define EURO	 "tests/data/parties/euro.json"
#define SCHEMAS	 "tests/data/ubl21/maindoc/UBL-%s-2.1.xsd"

extern char **environ;

/* --- scenes ------------------------------------------------------------------------------------
 */

static void month(struct made *m)
{
	made_begin(m);
	made_line(m, "Mjölk 1,5 % 1 l", 7310865004703, "2026-03-30", 1000, 1490, 0, 1200)->late =
		true;
	made_line(m, "Mjölk 1,5 % 1 l", 7310865004703, "2026-04-02", 2000, 1410, 0, 600);
	made_line(m, "Läsk 33 cl", 7310070765802, "2026-04-03", 6000, 1095, 600, 600);
	made_line(m, "Diskborste", 7331234500017, "2026-04-30", 1000, 3995, 0, 2500)->list_price =
		money_of(4995);
	made_line(m, "Batteri AA", 96385074, "2026-04-11", 3000, 2000, 0, 2500);
	made_invoice(m);
}

static void credited(struct made *m)
{
	month(m);
	made_credit(m, -1, CREDIT_GOODWILL, "Frysen stod stilla en natt");
}

static void credited_line(struct made *m)
{
	month(m);
	made_credit(m, 2, CREDIT_BROKEN, "Två burkar <läckte> & rann");
}

static void exempt(struct made *m)
{
	made_begin(m);
	made_line(m, "Frimärken", 7300000000012, "2026-04-05", 10000, 2200, 0, 0);
	made_invoice(m);
}

static void exempt_and_more(struct made *m)
{
	month(m);
	m->paper.rates = 0;
	made_line(m, "Frimärken", 7300000000012, "2026-04-05", 1000, 2299, 0, 0);
	made_line(m, "Tidning", 7388000000014, "2026-04-05", 1000, 4900, 0, 600);
	made_invoice(m);
}

static void weighed(struct made *m)
{
	made_begin(m);
	made_line(m, "Falukorv", 2388060100002, "2026-04-05", 1234, 8990, 0, 600);
	made_line(m, "Ost", 2399990100004, "2026-04-05", 333, 12999, 0, 600);
	made_line(m, "Lösgodis", 2311110100005, "2026-04-06", 7, 9900, 0, 600);
	made_line(m, "Skruv i lösvikt", 2322220100001, "2026-04-07", 999999, 1, 0, 2500);
	made_line(m, "Öl på kran", 2333330100008, "2026-04-08", 1500, 7777, 150, 2500);
	made_invoice(m);
}

static void many(struct made *m)
{
	static const int32_t rates[] = {600, 600, 600, 1200, 2500};
	static const char *const days[] = {"2026-03-31", "2026-04-01", "2026-04-17", "2026-04-30"};
	uint64_t seed = 1;

	made_begin(m);
	for (uint32_t i = 0; i < 200; i++) {
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		uint32_t r = (uint32_t)(seed >> 33);

		made_line(m, "Vara", 7310865004703, days[r % 4], (int32_t)(r / 4 % 3 + 1) * 1000,
			  100 + r % 19990, r % 7 == 0 ? 100 : 0, rates[r / 8 % 5]);
	}
	made_invoice(m);
}

static void rounds_up(struct made *m)
{
	made_begin(m);
	made_line(m, "Bröd", 7310865004703, "2026-04-05", 1000, 3450, 0, 600);
	made_invoice(m);
	assert_int_equal(money_minor(m->paper.payable), 3500);
}

static void rounds_down(struct made *m)
{
	made_begin(m);
	made_line(m, "Bröd", 7310865004703, "2026-04-05", 1000, 3449, 0, 600);
	made_invoice(m);
	assert_int_equal(money_minor(m->paper.payable), 3400);
}

static void rounds_nothing(struct made *m)
{
	made_begin(m);
	made_line(m, "Bröd", 7310865004703, "2026-04-05", 1000, 10600, 0, 600);
	made_invoice(m);
	assert_int_equal(money_minor(m->paper.rounding), 0);
}

static void rounds_away(struct made *m)
{
	made_begin(m);
	made_line(m, "Tuggummi", 7310865004703, "2026-04-05", 1000, 30, 0, 2500);
	made_invoice(m);
	assert_int_equal(money_minor(m->paper.payable), 0);
}

static void gift(struct made *m)
{
	made_begin(m);
	made_line(m, "Smakprov", 7310865004703, "2026-04-05", 1000, 0, 0, 600);
	made_line(m, "Pärm", 0, "2026-04-05", 1000, 4900, 0, 2500);
	made_invoice(m);
}

static void hostile(struct made *m)
{
	made_begin(m);
	made_line(m, "</cbc:Name><x a=\"1\">&amp;<![CDATA[", 7310865004703, "2026-04-05", 1000, 500,
		  0, 600);
	made_line(m, "bell\a esc\x1b[31m del\x7f nel\xc2\x85 rtl\xe2\x80\xae", 7310865004703,
		  "2026-04-05", 1000, 500, 0, 600);
	made_line(m, "not utf-8 \xff\xfe \xc0\xaf \xed\xa0\x80 \xef\xbf\xbf cut \xe2\x82",
		  7310865004703, "2026-04-05", 1000, 500, 0, 600);
	made_line(m, "", 7310865004703, "2026-04-05", 1000, 500, 0, 600);
	made_line(m, "", 0, "2026-04-05", 1000, 500, 0, 600);
	made_line(m, "😀 emoji", 12345678901231, "2026-04-05", 1000, 500, 0, 600);
	made_invoice(m);
}

static void euros(struct made *m)
{
	month(m);
	snprintf(m->paper.currency, sizeof(m->paper.currency), "EUR");
}

static const struct scene {
	const char *name, *parties;
	void (*make)(struct made *m);
} scenes[] = {
	{"consumer", CONSUMER, month},
	{"business", BUSINESS, month},
	{"consumer-credit", CONSUMER, credited},
	{"business-credit", BUSINESS, credited},
	{"consumer-credit-line", CONSUMER, credited_line},
	{"business-credit-line", BUSINESS, credited_line},
	{"consumer-exempt", CONSUMER, exempt},
	{"business-exempt", BUSINESS, exempt},
	{"consumer-exempt-and-more", CONSUMER, exempt_and_more},
	{"business-exempt-and-more", BUSINESS, exempt_and_more},
	{"consumer-weighed", CONSUMER, weighed},
	{"business-weighed", BUSINESS, weighed},
	{"consumer-many", CONSUMER, many},
	{"business-many", BUSINESS, many},
	{"consumer-up", CONSUMER, rounds_up},
	{"business-up", BUSINESS, rounds_up},
	{"consumer-down", CONSUMER, rounds_down},
	{"business-down", BUSINESS, rounds_down},
	{"business-nothing", BUSINESS, rounds_nothing},
	{"consumer-away", CONSUMER, rounds_away},
	{"business-away", BUSINESS, rounds_away},
	{"consumer-gift", CONSUMER, gift},
	{"business-gift", BUSINESS, gift},
	{"consumer-hostile", CONSUMER, hostile},
	{"business-hostile", BUSINESS, hostile},
	{"euro", EURO, euros},
};

/* The document of a paper, in memory; the caller's. */
static char *written(const struct paper *p, const struct parties *parties)
{
	char *text = NULL, why[PARTY_WHY_MAX] = "";
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	int err = ubl_write(p, parties, out, why);

	fclose(out);
	if (err != 0)
		fail_msg("%d: %s", err, why);
	return text;
}

static char *scene_written(const struct scene *s, struct made *m)
{
	struct parties parties;

	s->make(m);
	made_parties(s->parties, &parties);
	return written(&m->paper, &parties);
}

/* --- reading back ------------------------------------------------------------------------------
 */

/* A decimal as an integer of `places` places; one more place is an error. */
static int64_t decimal(const char *text, int places)
{
	int64_t value = 0;
	bool minus = *text == '-', point = false;

	for (text += minus; *text; text++) {
		if (*text == '.') {
			assert_false(point);
			point = true;
			continue;
		}
		assert_true(*text >= '0' && *text <= '9');
		value = value * 10 + (*text - '0');
		places -= point;
	}
	assert_true(places >= 0);
	while (places-- > 0)
		value *= 10;
	return minus ? -value : value;
}

/* The document as it is read. Amounts are öre, percent hundredths. */
struct seen {
	char path[512], text[1024], category[4], scheme[8];
	uint32_t lines, rates;
	int64_t percent, quantity, net, price, discount, before; /* of where it is */
	uint32_t discounts;
	struct {
		int64_t percent, base, vat, lines;
		char category[4];
	} rate[8];
	struct {
		int64_t percent, net;
		char category[4];
	} line[1024];
	int64_t vat, line_sum, without, with, rounding, payable;
	char first[16], last[16], start[16], end[16];
	char number[32], ocr[32], original[32], note[256], account[32];
	uint32_t dumb; /* elements with no text and no children */
	bool full;
};

static bool is_at(const struct seen *s, const char *tail)
{
	size_t len = strlen(s->path), n = strlen(tail);

	return len >= n && strcmp(s->path + len - n, tail) == 0;
}

static void keep(char *to, size_t size, const char *text)
{
	assert_true(strlen(text) < size);
	snprintf(to, size, "%s", text);
}

static void XMLCALL on_start(void *data, const char *name, const char **attribute)
{
	struct seen *s = data;
	const char *colon = strchr(name, ':');
	size_t len = strlen(s->path);

	snprintf(s->path + len, sizeof(s->path) - len, "/%s", colon ? colon + 1 : name);
	s->text[0] = '\0';
	s->full = false;
	for (; attribute[0]; attribute += 2) {
		if (strcmp(attribute[0], "currencyID") == 0)
			assert_true(strcmp(attribute[1], "SEK") == 0 ||
				    strcmp(attribute[1], "EUR") == 0);
		assert_true(attribute[1][0]);
	}
}

static void XMLCALL on_text(void *data, const char *text, int len)
{
	struct seen *s = data;
	size_t had = strlen(s->text);

	assert_true(had + (size_t)len < sizeof(s->text));
	memcpy(s->text + had, text, (size_t)len);
	s->text[had + (size_t)len] = '\0';
}

static void line_seen(struct seen *s)
{
	int64_t slack = s->quantity * s->price - s->net * 10000000;

	assert_true(s->before == 0 || s->before - s->discount == s->price);
	s->discounts += s->before != 0;
	s->before = s->discount = 0;
	/* half an öre, four times as strict as PEPPOL-EN16931-R120 */
	assert_true(slack >= -5000000 && slack <= 5000000);
	assert_true(s->lines < ARRAY_LEN(s->line));
	s->line[s->lines].percent = s->percent;
	s->line[s->lines].net = s->net;
	keep(s->line[s->lines].category, sizeof(s->category), s->category);
	s->lines++;
	assert_string_equal(s->start, s->end);
	assert_true(strcmp(s->first, s->start) <= 0 && strcmp(s->end, s->last) <= 0);
}

static void rate_seen(struct seen *s)
{
	s->rate[s->rates].percent = s->percent;
	keep(s->rate[s->rates].category, sizeof(s->category), s->category);
	s->rates++;
}

static void amounts_seen(struct seen *s, const char *text)
{
	if (is_at(s, "/TaxTotal/TaxAmount"))
		s->vat = decimal(text, 2);
	else if (is_at(s, "/LegalMonetaryTotal/LineExtensionAmount"))
		s->line_sum = decimal(text, 2);
	else if (is_at(s, "/TaxExclusiveAmount"))
		s->without = decimal(text, 2);
	else if (is_at(s, "/TaxInclusiveAmount"))
		s->with = decimal(text, 2);
	else if (is_at(s, "/PayableRoundingAmount"))
		s->rounding = decimal(text, 2);
	else if (is_at(s, "/PayableAmount"))
		s->payable = decimal(text, 2);
	else if (is_at(s, "/TaxableAmount"))
		s->rate[s->rates].base = decimal(text, 2);
	else if (is_at(s, "/TaxSubtotal/TaxAmount"))
		s->rate[s->rates].vat = decimal(text, 2);
	else if (is_at(s, "Line/LineExtensionAmount"))
		s->net = decimal(text, 2);
	else if (is_at(s, "edQuantity"))
		s->quantity = decimal(text, 3);
	else if (is_at(s, "/PriceAmount"))
		s->price = decimal(text, 6);
	else if (is_at(s, "/Price/AllowanceCharge/Amount"))
		s->discount = decimal(text, 6);
	else if (is_at(s, "/Price/AllowanceCharge/BaseAmount"))
		s->before = decimal(text, 6);
	else if (is_at(s, "/Percent"))
		s->percent = decimal(text, 2);
}

static void words_seen(struct seen *s, const char *text)
{
	if (is_at(s, "TaxCategory/ID"))
		keep(s->category, sizeof(s->category), text);
	else if (is_at(s, "Line/InvoicePeriod/StartDate"))
		keep(s->start, sizeof(s->start), text);
	else if (is_at(s, "Line/InvoicePeriod/EndDate"))
		keep(s->end, sizeof(s->end), text);
	else if (is_at(s, "/InvoicePeriod/StartDate"))
		keep(s->first, sizeof(s->first), text);
	else if (is_at(s, "/InvoicePeriod/EndDate"))
		keep(s->last, sizeof(s->last), text);
	else if (is_at(s, "/InvoiceDocumentReference/ID"))
		keep(s->original, sizeof(s->original), text);
	else if (is_at(s, "/PaymentID"))
		keep(s->ocr, sizeof(s->ocr), text);
	else if (is_at(s, "/PayeeFinancialAccount/ID") && !s->account[0])
		keep(s->account, sizeof(s->account), text);
	else if (is_at(s, "/Note") && !s->note[0])
		keep(s->note, sizeof(s->note), text);
	else if (strcmp(s->path, "/Invoice/ID") == 0 || strcmp(s->path, "/CreditNote/ID") == 0)
		keep(s->number, sizeof(s->number), text);
}

static void XMLCALL on_end(void *data, const char *name)
{
	struct seen *s = data;
	char *slash = strrchr(s->path, '/');

	(void)name;
	if (!s->full) {
		s->dumb += s->text[strspn(s->text, " \n\t")] == '\0';
		amounts_seen(s, s->text);
		words_seen(s, s->text);
	}
	if (is_at(s, "/TaxSubtotal"))
		rate_seen(s);
	if (is_at(s, "/InvoiceLine") || is_at(s, "/CreditNoteLine"))
		line_seen(s);
	*slash = '\0';
	s->full = true; /* its parent has a child */
	s->text[0] = '\0';
}

static struct seen read_back(const char *text)
{
	static struct seen s;
	XML_Parser parser = XML_ParserCreate("UTF-8");

	memset(&s, 0, sizeof(s));
	XML_SetUserData(parser, &s);
	XML_SetElementHandler(parser, on_start, on_end);
	XML_SetCharacterDataHandler(parser, on_text);
	if (XML_Parse(parser, text, (int)strlen(text), 1) != XML_STATUS_OK)
		fail_msg("line %lu: %s", XML_GetCurrentLineNumber(parser),
			 XML_ErrorString(XML_GetErrorCode(parser)));
	XML_ParserFree(parser);
	return s;
}

/* Everything that can be reckoned from the document alone. */
static void holds(struct seen *s)
{
	int64_t net = 0, vat = 0, base = 0;

	assert_int_equal(s->dumb, 0);
	for (uint32_t i = 0; i < s->lines; i++) {
		uint32_t at = 0;

		while (at < s->rates && (s->rate[at].percent != s->line[i].percent ||
					 strcmp(s->rate[at].category, s->line[i].category) != 0))
			at++;
		assert_true(at < s->rates);
		s->rate[at].lines += s->line[i].net;
		net += s->line[i].net;
	}
	for (uint32_t i = 0; i < s->rates; i++) {
		assert_int_equal(s->rate[i].lines, s->rate[i].base);
		assert_int_equal((s->rate[i].base * s->rate[i].percent + 5000) / 10000,
				 s->rate[i].vat);
		assert_string_equal(s->rate[i].category, s->rate[i].percent ? "S" : "E");
		vat += s->rate[i].vat;
		base += s->rate[i].base;
	}
	assert_int_equal(net, s->line_sum);
	assert_int_equal(base, s->without);
	assert_int_equal(s->line_sum, s->without);
	assert_int_equal(vat, s->vat);
	assert_int_equal(s->without + s->vat, s->with);
	assert_int_equal(s->with + s->rounding, s->payable);
}

/* --- tests -------------------------------------------------------------------------------------
 */

static void scenes_hold_to_the_ore(void **state)
{
	static struct made m;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(scenes); i++) {
		char *text = scene_written(&scenes[i], &m);
		struct seen s = read_back(text);

		holds(&s);
		assert_int_equal(s.payable, money_minor(m.paper.payable));
		assert_int_equal(s.rates, m.paper.rates);
		free(text);
	}
}

/* A thousand papers of a seeded generator, each read back and reckoned again. */
static void any_paper_holds(void **state)
{
	static const int32_t rates[] = {0, 600, 1200, 2500};
	static struct made m;
	struct parties parties;
	uint64_t seed = 20260401;

	(void)state;
	made_parties(CONSUMER, &parties);
	for (int round = 0; round < 1000; round++) {
		made_begin(&m);
		for (int i = 0; i <= round % 23; i++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			uint32_t r = (uint32_t)(seed >> 32);

			made_line(&m, "Vara", 7310865004703, "2026-04-05",
				  r % 5 ? (int32_t)(r / 5 % 4 + 1) * 1000 : (int32_t)(r % 3000 + 1),
				  r / 7 % 40000, r % 3 ? 0 : r % 500, rates[r / 64 % 4]);
		}
		made_invoice(&m);
		if (round % 3 == 1)
			made_credit(&m, -1, CREDIT_PRICE, NULL);
		if (round % 3 == 2)
			made_credit(&m, (int)m.paper.lines - 1, CREDIT_PRICE, "");
		char *text = written(&m.paper, &parties);
		struct seen s = read_back(text);

		holds(&s);
		free(text);
	}
}

static void an_invoice_says(void **state)
{
	static struct made m;
	char *text = scene_written(&scenes[1], &m);
	struct seen s = read_back(text);

	(void)state;
	assert_string_equal(s.number, "VIKEN-2026-000123");
	assert_string_equal(s.ocr, "202600012324");
	assert_string_equal(s.account, "9912346");
	assert_string_equal(s.first, "2026-03-30"); /* the line that came late is within */
	assert_string_equal(s.last, "2026-04-30");
	assert_int_equal(s.lines, 6); /* five, and one deposit */
	assert_int_equal(s.rates, 3);
	assert_int_equal(s.discounts, 1);
	assert_non_null(strstr(text, "<cbc:BaseAmount currencyID=\"SEK\">39.96<")); /* 49.95 */
	assert_non_null(strstr(text, "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:"
				     "poacc:billing:3.0</cbc:CustomizationID>"));
	assert_non_null(strstr(text, "<cbc:Name>Pant</cbc:Name>"));
	assert_non_null(strstr(text, ">Godkänd för F-skatt<"));
	assert_non_null(strstr(text, "Kontoret &lt;fika&gt;"));
	assert_non_null(strstr(text, "Uppdiktade Snickeriet &amp; Söner AB"));
	assert_non_null(strstr(text, "<cbc:ID>SE:BANKGIRO</cbc:ID>"));
	assert_non_null(strstr(text, "<cbc:ID schemeID=\"0160\">7310865004703</cbc:ID>"));
	free(text);
}

/* Of a consumer nothing leaves but name and address, whatever the file holds. */
static void a_consumer_is_a_name_and_an_address(void **state)
{
	static struct made m;
	struct parties parties;
	char *text;

	(void)state;
	made_parties(BUSINESS, &parties);
	parties.buyer.business = false;
	month(&m);
	text = written(&m.paper, &parties);
	assert_non_null(strstr(text, ">urn:cen.eu:en16931:2017</cbc:CustomizationID>"));
	assert_null(strstr(text, "ProfileID"));
	assert_null(strstr(text, "EndpointID"));
	assert_null(strstr(text, "snickeriet.example"));
	assert_null(strstr(text, "5599000014"));
	assert_non_null(strstr(text, "Drömköping"));
	free(text);
}

static void a_credit_note_mirrors(void **state)
{
	static struct made m, of;
	char *invoice = scene_written(&scenes[0], &of), *text = scene_written(&scenes[2], &m);
	struct seen s = read_back(text), o = read_back(invoice);

	(void)state;
	assert_non_null(strstr(text, "<CreditNote xmlns="));
	assert_non_null(strstr(text, ">381</cbc:CreditNoteTypeCode>"));
	assert_string_equal(s.original, "VIKEN-2026-000123");
	assert_string_equal(s.number, "VIKEN-2026-000124");
	assert_string_equal(s.note, "Krediterar VIKEN-2026-000123: kulans. Frysen stod stilla en "
				    "natt");
	assert_null(strstr(text, "PaymentMeans"));
	assert_int_equal(s.payable, o.payable);
	assert_int_equal(s.with, o.with);
	assert_int_equal(s.rounding, o.rounding);
	assert_int_equal(s.vat, o.vat);
	free(text);
	text = scene_written(&scenes[4], &m);
	s = read_back(text);
	assert_int_equal(s.payable, 6 * 1095 + 600); /* to the öre, not to kronor */
	assert_int_equal(s.lines, 2);
	free(text);
	free(invoice);
}

static void units_and_prices(void **state)
{
	static struct made m;
	char *text = scene_written(&scenes[10], &m);

	(void)state;
	assert_non_null(strstr(text, "<cbc:InvoicedQuantity unitCode=\"KGM\">1.234<"));
	assert_non_null(strstr(text, "<cbc:InvoicedQuantity unitCode=\"KGM\">0.007<"));
	/* the deposit of what was weighed is one piece */
	assert_non_null(strstr(text, "<cbc:InvoicedQuantity unitCode=\"C62\">1<"));
	/* the shop's own numbers are nobody's GTIN */
	assert_null(strstr(text, "0160"));
	assert_non_null(strstr(text, "<cac:SellersItemIdentification>"));
	free(text);
}

/* Who sells nothing that is taxed needs no VAT number, but some tax registration. */
static void an_untaxed_seller(void **state)
{
	static struct made m;
	struct parties parties;
	char why[PARTY_WHY_MAX], *text;

	(void)state;
	made_parties(CONSUMER, &parties);
	parties.seller.vat_number[0] = '\0';
	exempt(&m);
	text = written(&m.paper, &parties);
	assert_non_null(strstr(text, ">Godkänd för F-skatt<"));
	assert_null(strstr(text, "SE5599"));
	free(text);
	parties.seller.f_tax = false;
	assert_int_equal(ubl_write(&m.paper, &parties, stdout, why), -EINVAL);
	assert_non_null(strstr(why, "f_tax"));
}

/* Breaks a paper or its parties in one place each. */
static const char *refused(void (*spoil)(struct paper *p, struct parties *parties), bool business)
{
	static struct made m;
	static char why[PARTY_WHY_MAX];
	struct parties parties;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	made_parties(business ? BUSINESS : CONSUMER, &parties);
	month(&m);
	spoil(&m.paper, &parties);
	why[0] = '\0';
	int err = ubl_write(&m.paper, &parties, out, why);

	fclose(out);
	assert_int_equal(size, 0); /* nothing half written */
	free(text);
	assert_int_equal(err, -EINVAL);
	assert_true(why[0]);
	return why;
}

#define SPOIL(name, what)                                                                          \
	static void name(struct paper *p, struct parties *parties)                                 \
	{                                                                                          \
		(void)p, (void)parties;                                                            \
		what;                                                                              \
	}
static struct money one_more(struct money m)
{
	return money_of(money_minor(m) + 1);
}
SPOIL(no_vat_number, parties->seller.vat_number[0] = '\0')
SPOIL(no_account, parties->seller.bankgiro[0] = parties->seller.plusgiro[0] = '\0')
SPOIL(no_iban, memcpy(p->currency, "EUR", 4))
SPOIL(no_endpoint, parties->buyer.endpoint[0] = '\0')
SPOIL(no_seller_endpoint, parties->seller.endpoint[0] = '\0')
SPOIL(no_reference, parties->buyer.reference[0] = '\0')
SPOIL(ore_of_vat, p->rate[0].vat = one_more(p->rate[0].vat))
SPOIL(ore_of_base, p->rate[1].base = one_more(p->rate[1].base))
SPOIL(ore_of_line, p->line[3].net = one_more(p->line[3].net))
SPOIL(ore_of_rounding, p->rounding = one_more(p->rounding))
SPOIL(ore_of_payable, p->payable = one_more(p->payable))
SPOIL(foreign_rate, p->line[0].vat_bp = 700)
SPOIL(rate_of_no_swede, p->rate[1].vat_bp = p->line[0].vat_bp = 1250)
SPOIL(no_lines, p->lines = 0)
SPOIL(no_quantity, p->line[0].quantity_milli = 0)
SPOIL(overflow, p->rate[0].base = p->line[3].net = money_of(INT64_MAX))

static void one_ore_is_refused(void **state)
{
	(void)state;
	assert_string_equal(refused(ore_of_vat, false), "the paper's sums do not hold at 25 %");
	assert_string_equal(refused(ore_of_base, false), "the paper's sums do not hold at 12 %");
	assert_string_equal(refused(ore_of_line, false), "the paper's sums do not hold at 25 %");
	assert_string_equal(refused(ore_of_rounding, false),
			    "what is payable is not the sum of the paper");
	refused(ore_of_payable, false);
	refused(foreign_rate, false);
	refused(no_lines, false);
	refused(no_quantity, false);
	refused(overflow, false);
}

static void what_lacks_is_named(void **state)
{
	(void)state;
	assert_non_null(strstr(refused(no_vat_number, false), "vat_number"));
	assert_non_null(strstr(refused(no_account, false), "bankgiro"));
	assert_non_null(strstr(refused(no_iban, false), "iban"));
	assert_non_null(strstr(refused(no_endpoint, true), "the buyer lacks endpoint"));
	assert_non_null(strstr(refused(no_seller_endpoint, true), "the seller lacks endpoint"));
	assert_non_null(strstr(refused(no_reference, true), "the buyer lacks reference"));
	assert_string_equal(refused(rate_of_no_swede, true),
			    "Peppol takes no VAT of 12.50 % from a Swedish seller");
}

/* /dev/full takes nothing: the stream's error comes back. */
static void a_full_disk_is_told(void **state)
{
	static struct made m;
	struct parties parties;
	char why[PARTY_WHY_MAX];
	FILE *out = fopen("/dev/full", "w");

	(void)state;
	made_parties(CONSUMER, &parties);
	month(&m);
	assert_non_null(out);
	assert_int_equal(ubl_write(&m.paper, &parties, out, why), -ENOSPC);
	fclose(out);
}

/* Writes all scenes of one root into `folder` and hands xmllint their names. */
static uint32_t scenes_lay_out(const char *folder, bool notes, char paths[][128])
{
	static struct made m;
	uint32_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(scenes); i++) {
		char *text = scene_written(&scenes[i], &m);

		if (m.paper.credit_note == notes) {
			snprintf(paths[n], 128, "%s/%s.xml", folder, scenes[i].name);
			FILE *f = fopen(paths[n], "w");

			assert_non_null(f);
			assert_true(fputs(text, f) >= 0 && fclose(f) == 0);
			n++;
		}
		free(text);
	}
	return n;
}

static void schema_holds(const char *folder, const char *root, bool notes)
{
	char paths[ARRAY_LEN(scenes)][128], schema[128];
	char *argv[ARRAY_LEN(scenes) + 8] = {
		(char *)(uintptr_t) "xmllint", (char *)(uintptr_t) "--noout",
		(char *)(uintptr_t) "--nonet", (char *)(uintptr_t) "--schema", schema};
	uint32_t n = scenes_lay_out(folder, notes, paths);
	posix_spawn_file_actions_t actions;
	char log[128];
	int status;
	pid_t pid;

	assert_true(n >= 4);
	snprintf(schema, sizeof(schema), SCHEMAS, root);
	for (uint32_t i = 0; i < n; i++)
		argv[5 + i] = paths[i];
	snprintf(log, sizeof(log), "%s/log", folder);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 2, log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_int_equal(posix_spawnp(&pid, "xmllint", &actions, NULL, argv, environ), 0);
	posix_spawn_file_actions_destroy(&actions);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		char *said = made_file(log);

		fail_msg("xmllint: %.2000s", said);
	}
	unlink(log);
	for (uint32_t i = 0; i < n; i++)
		unlink(paths[i]);
}

static void the_schemas_hold(void **state)
{
	char folder[] = "/tmp/ubl-XXXXXX";

	(void)state;
	assert_non_null(mkdtemp(folder));
	schema_holds(folder, "Invoice", false);
	schema_holds(folder, "CreditNote", true);
	assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scenes_hold_to_the_ore),
		cmocka_unit_test(any_paper_holds),
		cmocka_unit_test(an_invoice_says),
		cmocka_unit_test(a_consumer_is_a_name_and_an_address),
		cmocka_unit_test(a_credit_note_mirrors),
		cmocka_unit_test(units_and_prices),
		cmocka_unit_test(an_untaxed_seller),
		cmocka_unit_test(one_ore_is_refused),
		cmocka_unit_test(what_lacks_is_named),
		cmocka_unit_test(a_full_disk_is_told),
		cmocka_unit_test(the_schemas_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
