/*
 * test_entry.c: bodies of entries: what is written is what is read, to the byte that another
 * implementation of CBOR writes; what is out of range, cut, or of another form is unreadable; what
 * a later program appends is passed over.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/cbor.h"
#include "entry_samples.h"

static const uint8_t salt[SALT_SIZE] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

static bool decode(enum entry_kind kind, const uint8_t *body, uint32_t len, struct entry *ret)
{
	return entry_decode((uint16_t)kind, (struct span){body, len}, ret);
}

static void round_trip(void **state)
{
	uint8_t body[ENTRY_BODY_MAX], again[ENTRY_BODY_MAX];

	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(sample_kinds); i++) {
		struct entry e = sample_entry(sample_kinds[i]), back;
		uint32_t len = entry_encode(&e, salt, body);

		memset(&back, 0xee, sizeof(back));
		assert_true(decode(e.kind, body, len, &back));
		assert_int_equal(back.kind, e.kind);
		assert_int_equal(back.at.ms, 0);
		assert_int_equal(entry_encode(&back, salt, again), len);
		assert_memory_equal(again, body, len);
	}
}

/* Made with another language's CBOR library. */
static const struct {
	enum entry_kind kind;
	const char *hex;
} of_others[] = {
	{ENTRY_LINE,
	 "9550000102030405060708090a0b0c0d0e0f05636b2d3150c0c1c2c3c4c5c6c7c8c9cacbcccdcecf"
	 "1b000006a63182f89f724d656c6c616e6d6ac3b66c6b20312c35206c1907d019060e190c1c190258"
	 "00071b000001a0c4506c7bf51950ed020019060e001950f7624c31"},
	{ENTRY_TAX,
	 "8250000102030405060708090a0b0c0d0e0f8383011909c40083021904b0008302190258195040"},
	{ENTRY_CHART,
	 "8c50000102030405060708090a0b0c0d0e0f1905e6190e9c1905b419136019136119136219136319"
	 "136419078a190bae82841904b0190bba190a3d190e0884190258190bbb190a47190e09"},
	{ENTRY_INVOICE_LINES, "8450000102030405060708090a0b0c0d0e0f1a78c24efb0243ac0201"},
	{ENTRY_INVOICE,
	 "8b50000102030405060708090a0b0c0d0e0f1a78c24efb50c0c1c2c3c4c5c6c7c8c9cacbcccdcecf"
	 "1a000317721951161951340282851904b01914b419127c1902381902388519025819126919115e19"
	 "010b19010a19271d2c192710"},
	{ENTRY_CREDIT_NOTE,
	 "8e50000102030405060708090a0b0c0d0e0f1a78c24efc1a78c24efb19012c50c0c1c2c3c4c5c6c7"
	 "c8c9cacbcccdcecf19511881851904b01914b419127c1902381902381914b4001914b40172746865"
	 "206a6172207761732062726f6b656e656f776e6572686372656469742d31"},
	{ENTRY_LINE_CREDITED,
	 "8850000102030405060708090a0b0c0d0e0f19012c50c0c1c2c3c4c5c6c7c8c9cacbcccdcecf1914"
	 "b4026e37206f6e20746865207368656c66656f776e6572686372656469742d32"},
	{ENTRY_PERIOD_CLOSED,
	 "8c50000102030405060708090a0b0c0d0e0f1a000317721901900119291119271d1901f419271019"
	 "09c4191f4019035f19012d"},
	{ENTRY_STOCK,
	 "8c50000102030405060708090a0b0c0d0e0f6a64656c69766572792d31011b000006a63182f89f19"
	 "5dc01903b600195122624c371950ed667765656b6c79656f776e6572"},
	{ENTRY_PAYMENT,
	 "8650000102030405060708090a0b0c0d0e0f68623139343661633950c0c1c2c3c4c5c6c7c8c9cacb"
	 "cccdcecf1a78c24efb1909c4195122"},
	{ENTRY_PAYMENT_ASSIGNED,
	 "8550000102030405060708090a0b0c0d0e0f68623139343661633950c0c1c2c3c4c5c6c7c8c9cacb"
	 "cccdcecf00656f776e6572"},
	{ENTRY_CHECK, "8650000102030405060708090a0b0c0d0e0f05010369616c6c207468657265656f776e6572"},
	{ENTRY_REPORTED, "8550000102030405060708090a0b0c0d0e0f05636b2d3101686974206c65616b73"},
	{ENTRY_OFFICE, "8650000102030405060708090a0b0c0d0e0f010218780304"},
	{ENTRY_COMMAND,
	 "8950000102030405060708090a0b0c0d0e0f0c06006566726f6e741a00015f90686f70657261746f"
	 "726c686f7572732e6d6f6e6461796b30353a30302d32333a3030"},
	{ENTRY_ERASED,
	 "8650000102030405060708090a0b0c0d0e0f031901f40cf550c0c1c2c3c4c5c6c7c8c9cacbcccdce"
	 "cf"},
	{ENTRY_TOLD, "8750000102030405060708090a0b0c0d0e0f030101000264616e6e61"},
	{ENTRY_START,
	 "8650000102030405060708090a0b0c0d0e0f50010203000000000000000000000000001a0001e240"
	 "f5f51878"},
	{ENTRY_CLOCK,
	 "8650000102030405060708090a0b0c0d0e0f5004000000000000000000000000000000184d24f538"
	 "3b"},
	{ENTRY_ADMITTED,
	 "8a50000102030405060708090a0b0c0d0e0f6566726f6e740050c0c1c2c3c4c5c6c7c8c9cacbcccd"
	 "cecf480001020304050607054801020304050607081a6ab13b801a6ab13bbc00"},
	{ENTRY_LINE_VOIDED,
	 "8550000102030405060708090a0b0c0d0e0f05636b2d3150c0c1c2c3c4c5c6c7c8c9cacbcccdcecf"
	 "190c1c"},
};

static void bytes_of_others(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(of_others); i++) {
		struct entry e = sample_entry(of_others[i].kind);
		uint8_t body[ENTRY_BODY_MAX];
		char hex[2 * ENTRY_BODY_MAX + 1];

		hex_text(body, entry_encode(&e, salt, body), hex);
		assert_string_equal(hex, of_others[i].hex);
	}
}

/* What the shops wrote before there were books. */
static void bodies_of_before(void **state)
{
	static const char *const line =
		"8e50000102030405060708090a0b0c0d0e0f05636b2d3150c0c1c2c3c4c5c6c7c8c9cacbcccdcecf"
		"1b000006a63182f89f724d656c6c616e6d6ac3b66c6b20312c35206c1907d019060e190c1c190258"
		"00071b000001a0c4506c7bf5";
	static const char *const start =
		"8550000102030405060708090a0b0c0d0e0f50010203000000000000000000000000001a0001e240"
		"f5f5";
	static const char *const admitted =
		"8950000102030405060708090a0b0c0d0e0f6566726f6e740050c0c1c2c3c4c5c6c7c8c9cacbcccd"
		"cecf480001020304050607054801020304050607081a6ab13b801a6ab13bbc";
	uint8_t body[ENTRY_BODY_MAX];
	struct entry back;

	(void)state;
	assert_true(hex_parse(line, (uint32_t)strlen(line), body, (uint32_t)strlen(line) / 2));
	assert_true(decode(ENTRY_LINE, body, (uint32_t)strlen(line) / 2, &back));
	assert_int_equal(money_minor(back.line.unit_price), 1550);
	assert_int_equal(money_minor(back.line.list_price), 1550); /* there were no discounts */
	assert_int_equal(money_minor(back.line.deposit), 0);
	assert_int_equal(back.line.bought.n, DAY_NONE.n);
	assert_int_equal(back.line.vat_class, VAT_FIXED);
	assert_string_equal(back.line.lot, "");

	assert_true(hex_parse(start, (uint32_t)strlen(start), body, (uint32_t)strlen(start) / 2));
	assert_true(decode(ENTRY_START, body, (uint32_t)strlen(start) / 2, &back));
	assert_true(back.start.clean && back.start.wall_trusted);
	assert_int_equal(back.start.utc_offset_min, 0);

	assert_true(hex_parse(admitted, (uint32_t)strlen(admitted), body,
			      (uint32_t)strlen(admitted) / 2));
	assert_true(decode(ENTRY_ADMITTED, body, (uint32_t)strlen(admitted) / 2, &back));
	assert_int_equal(back.admitted.exp_s, 1790000060);
	assert_int_equal(back.admitted.card_counter, 0); /* there were no cards */
}

static void values_come_back(void **state)
{
	struct entry e = sample_entry(ENTRY_LINE), back;
	uint8_t body[ENTRY_BODY_MAX];
	uint32_t len = entry_encode(&e, salt, body);

	(void)state;
	assert_true(decode(ENTRY_LINE, body, len, &back));
	assert_int_equal(back.line.visit.n, 5);
	assert_string_equal(back.line.key.text, "k-1");
	assert_string_equal(back.line.name, "Mellanmj\xc3\xb6lk 1,5 l");
	assert_int_equal(back.line.quantity_milli, 2000);
	assert_int_equal(money_minor(back.line.total), 3100);
	assert_true(back.line.late);

	e = sample_entry(ENTRY_REFUSALS);
	len = entry_encode(&e, salt, body);
	assert_true(decode(ENTRY_REFUSALS, body, len, &back));
	assert_int_equal(back.refusals.count[VERDICT_MALFORMED], 4000000000U);
	assert_int_equal(back.refusals.count[VERDICT_LEDGER_UNAVAILABLE], 7);
}

/* The longest of all that may be, so that ENTRY_BODY_MAX holds them. */
static void longest(void **state)
{
	struct entry e = sample_entry(ENTRY_LINE), back;
	uint8_t body[ENTRY_BODY_MAX];

	(void)state;
	memset(e.line.key.text, 'k', NAME_MAX_LEN);
	memset(e.line.name, 'n', ARTICLE_NAME_MAX);
	e.line.visit.n = INT64_MAX;
	e.line.gtin.n = 99999999999999;
	e.line.unit_price = e.line.total = money_of(INT64_MIN);
	e.line.scanned_at.ms = INT64_MAX;
	assert_true(decode(ENTRY_LINE, body, entry_encode(&e, salt, body), &back));
	assert_int_equal(money_minor(back.line.total), INT64_MIN);

	e = sample_entry(ENTRY_REFUSALS);
	for (uint32_t i = 0; i < VERDICTS; i++)
		e.refusals.count[i] = UINT32_MAX;
	assert_true(decode(ENTRY_REFUSALS, body, entry_encode(&e, salt, body), &back));
}

static void longest_of_the_books(void **state)
{
	struct entry e = sample_entry(ENTRY_CREDIT_NOTE), back;
	const struct money most = money_of(INT64_MIN);
	uint8_t body[ENTRY_BODY_MAX];
	char text[ENTRY_TEXT_SIZE];

	(void)state;
	e.credit_note.credit_note.n = e.credit_note.invoice.n = 9999999999;
	e.credit_note.line = INT64_MAX;
	e.credit_note.issued.n = DAY_MAX;
	e.credit_note.rates = RATES_MAX;
	for (uint32_t i = 0; i < RATES_MAX; i++)
		e.credit_note.rate[i] = (struct invoice_rate){10000, most, most, most, most};
	e.credit_note.gross = e.credit_note.rounding = e.credit_note.payable = most;
	memset(e.credit_note.why, 'w', REASON_MAX);
	memset(e.credit_note.by, 'b', NAME_MAX_LEN);
	memset(e.credit_note.key, 'k', NAME_MAX_LEN);
	assert_true(entry_valid(&e));
	assert_true(decode(ENTRY_CREDIT_NOTE, body, entry_encode(&e, salt, body), &back));
	assert_int_equal(back.credit_note.rates, RATES_MAX);
	assert_int_equal(money_minor(back.credit_note.rate[RATES_MAX - 1].posted), INT64_MIN);
	entry_text(&back, text);

	e = sample_entry(ENTRY_TAX);
	e.tax.rates = VAT_RATES_MAX;
	for (uint32_t i = 0; i < VAT_RATES_MAX; i++)
		e.tax.rate[i] = (struct vat_rate){VAT_RESTAURANT, 10000, {DAY_MAX}};
	assert_true(decode(ENTRY_TAX, body, entry_encode(&e, salt, body), &back));
	entry_text(&back, text);

	e = sample_entry(ENTRY_INVOICE_LINES);
	e.invoice_lines.packed_len = INVOICE_PACKED_MAX;
	memset(e.invoice_lines.packed, 0xff, INVOICE_PACKED_MAX);
	assert_true(decode(ENTRY_INVOICE_LINES, body, entry_encode(&e, salt, body), &back));
	assert_int_equal(back.invoice_lines.packed_len, INVOICE_PACKED_MAX);
}

#define NOT_VALID(kind, change)                                                                    \
	do {                                                                                       \
		e = sample_entry(kind);                                                            \
		change;                                                                            \
		assert_false(entry_valid(&e));                                                     \
	} while (0)

/* Facts that people typed: what may not be kept is said before it is CHECKed. */
static void valid_or_not(void **state)
{
	struct entry e;

	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(sample_kinds); i++) {
		e = sample_entry(sample_kinds[i]);
		assert_true(entry_valid(&e));
	}
	NOT_VALID(ENTRY_STOCK, e.stock.key[0] = '\0');
	NOT_VALID(ENTRY_STOCK, e.stock.kind = MOVEMENT_SALE);
	NOT_VALID(ENTRY_STOCK, e.stock.gtin.n = 0);
	NOT_VALID(ENTRY_STOCK, e.stock.quantity_milli = -1);
	NOT_VALID(ENTRY_STOCK, e.stock.quantity_milli = INT64_MAX);
	NOT_VALID(ENTRY_STOCK, e.stock.unit_cost = money_of(INT64_MAX));
	NOT_VALID(ENTRY_STOCK, e.stock.unit_cost = money_of(-1));
	NOT_VALID(ENTRY_STOCK, e.stock.day.n = -1);
	NOT_VALID(ENTRY_STOCK, e.stock.use_by.n = DAY_MAX + 1);
	NOT_VALID(ENTRY_STOCK, e.stock.why[1] = '\n');
	NOT_VALID(ENTRY_STOCK, memset(e.stock.lot, 'x', sizeof(e.stock.lot)));
	NOT_VALID(ENTRY_PAYMENT, e.payment.amount = money_of(INT64_MIN));
	NOT_VALID(ENTRY_PAYMENT, e.payment.invoice.n = 2026000000);
	NOT_VALID(ENTRY_INVOICE, e.invoice.invoice.n = 0);
	NOT_VALID(ENTRY_INVOICE, e.invoice.period.n = 202613);
	NOT_VALID(ENTRY_INVOICE, e.invoice.period.n = 0);
	NOT_VALID(ENTRY_INVOICE, e.invoice.rates = RATES_MAX + 1);
	NOT_VALID(ENTRY_INVOICE, e.invoice.rate[1].vat_bp = 10001);
	NOT_VALID(ENTRY_CHART, e.chart.rate[0].sales = 10000);
	NOT_VALID(ENTRY_TAX, e.tax.rate[2].class = (enum vat_class)VAT_CLASSES);
	NOT_VALID(ENTRY_INVOICE_LINES, e.invoice_lines.packed_len = INVOICE_PACKED_MAX + 1);
	NOT_VALID(ENTRY_CHECK, e.check.state = (enum check_state)CHECK_STATES);
	NOT_VALID(ENTRY_START, e.start.utc_offset_min = 1081);
	NOT_VALID(ENTRY_LOST, e.kind = (enum entry_kind)61);
}

static bool tax_reads(uint32_t rates, uint32_t fields, uint64_t class)
{
	uint8_t body[ENTRY_BODY_MAX];
	struct builder b = builder_of(body, sizeof(body));
	struct entry back;

	cbor_put_array(&b, 2);
	cbor_put_bytes(&b, salt, sizeof(salt));
	cbor_put_array(&b, rates);
	for (uint32_t i = 0; i < rates; i++) {
		cbor_put_array(&b, fields);
		cbor_put_uint(&b, class);
		for (uint32_t j = 1; j < fields; j++)
			cbor_put_uint(&b, 7);
	}
	assert_false(b.failed);
	return decode(ENTRY_TAX, body, b.len, &back);
}

static void lists(void **state)
{
	(void)state;
	assert_true(tax_reads(0, 3, 1));
	assert_true(tax_reads(VAT_RATES_MAX, 3, 1));
	assert_false(tax_reads(VAT_RATES_MAX + 1, 3, 1));
	assert_false(tax_reads(1, 2, 1)); /* what a rate lacks is not made up */
	assert_true(tax_reads(2, 5, 1));  /* what a later program appends is passed over */
	assert_false(tax_reads(1, 3, VAT_CLASSES));
}

static void cut_and_changed(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(sample_kinds); i++) {
		struct entry e = sample_entry(sample_kinds[i]), back;
		uint8_t body[ENTRY_BODY_MAX + 1];
		uint32_t len = entry_encode(&e, salt, body);

		for (uint32_t cut = 0; cut < len; cut++)
			assert_false(decode(e.kind, body, cut, &back));
		body[len] = 0;
		assert_false(decode(e.kind, body, len + 1, &back));
		/* any one byte: read as something in range or not at all, but never past its end */
		for (uint32_t at = 0; at < len; at++) {
			uint8_t was = body[at];

			for (uint32_t v = 0; v < 256; v++) {
				char text[ENTRY_TEXT_SIZE];

				body[at] = (uint8_t)v;
				if (decode(e.kind, body, len, &back))
					entry_text(&back, text);
			}
			body[at] = was;
		}
	}
}

static uint32_t begin(struct builder *b, uint8_t *body, uint32_t items)
{
	*b = builder_of(body, ENTRY_BODY_MAX);
	cbor_put_array(b, items);
	cbor_put_bytes(b, salt, sizeof(salt));
	return items;
}

static void later_fields(void **state)
{
	uint8_t body[ENTRY_BODY_MAX];
	struct builder b;
	struct entry back;

	(void)state;
	begin(&b, body, 4);
	cbor_put_uint(&b, 12);
	cbor_put_text(&b, "new", 3);
	cbor_put_map(&b, 1);
	cbor_put_uint(&b, 1);
	cbor_put_null(&b);
	assert_true(decode(ENTRY_LOST, body, b.len, &back));
	assert_int_equal(back.lost.rows, 12);

	/* a field that is not there is 0, which has to be in its range */
	begin(&b, body, 1);
	assert_true(decode(ENTRY_LOST, body, b.len, &back));
	assert_int_equal(back.lost.rows, 0);
	assert_false(decode(ENTRY_VISIT_CLOSED, body, b.len, &back)); /* visit 0 is none */
}

/* A closed visit with one field as given. */
static bool closed_reads(uint64_t visit, uint64_t end, int64_t lines)
{
	uint8_t body[ENTRY_BODY_MAX];
	struct builder b;
	struct entry back;

	begin(&b, body, 5);
	cbor_put_uint(&b, visit);
	cbor_put_uint(&b, end);
	cbor_put_int(&b, lines);
	cbor_put_int(&b, -1);
	return decode(ENTRY_VISIT_CLOSED, body, b.len, &back);
}

static void ranges(void **state)
{
	(void)state;
	assert_true(closed_reads(1, VISIT_ENDS - 1, UINT32_MAX));
	assert_true(closed_reads(INT64_MAX, 0, 0));
	assert_false(closed_reads(0, 0, 0));
	assert_false(closed_reads((uint64_t)INT64_MAX + 1, 0, 0));
	assert_false(closed_reads(1, VISIT_ENDS, 0));
	assert_false(closed_reads(1, 0, -1));
	assert_false(closed_reads(1, 0, (int64_t)UINT32_MAX + 1));
}

static bool ack_reads(const char *by, uint32_t len)
{
	uint8_t body[ENTRY_BODY_MAX];
	struct builder b;
	struct entry back;

	begin(&b, body, 9);
	cbor_put_uint(&b, 1);
	cbor_put_uint(&b, 1234);
	cbor_put_uint(&b, CONDITION_FORCED);
	cbor_put_text(&b, "", 0);
	cbor_put_uint(&b, 0);
	cbor_put_uint(&b, 0);
	cbor_put_bool(&b, false);
	cbor_put_text(&b, by, len);
	assert_false(b.failed);
	return decode(ENTRY_ALARM, body, b.len, &back);
}

static void texts(void **state)
{
	char longest_by[NAME_MAX_LEN + 1];

	(void)state;
	memset(longest_by, 'x', sizeof(longest_by));
	assert_true(ack_reads("\xc3\x85ke", 4));
	assert_true(ack_reads(longest_by, NAME_MAX_LEN));
	assert_false(ack_reads(longest_by, NAME_MAX_LEN + 1));
	assert_false(ack_reads("a\nb", 3));
	assert_false(ack_reads("a\0b", 3));
	assert_false(ack_reads("\x1b[31m", 5));
	assert_false(ack_reads("\xc2\x9b", 2)); /* C1: CSI */
	assert_false(ack_reads("\x7f", 1));
}

static void strangers(void **state)
{
	struct entry e = sample_entry(ENTRY_LOST), back;
	uint8_t body[ENTRY_BODY_MAX];
	uint32_t len = entry_encode(&e, salt, body);

	(void)state;
	assert_false(decode((enum entry_kind)0, body, len, &back));
	assert_false(decode((enum entry_kind)4, body, len, &back));
	assert_false(decode((enum entry_kind)61, body, len, &back));
	assert_string_equal(entry_kind_word(61), "unknown");
	assert_string_equal(entry_kind_word(ENTRY_VISIT_OPENED), "visit_opened");
	for (uint32_t i = 0; i < ARRAY_LEN(sample_kinds); i++) {
		uint16_t k = (uint16_t)sample_kinds[i];

		assert_string_not_equal(entry_kind_word(k), "unknown");
		assert_int_equal(entry_erasable(sample_kinds[i]),
				 k == 10 || k == 11 || k == 12 || k == 20 || k == 85);
	}
	assert_false(entry_erasable((enum entry_kind)99));
}

static void as_text(void **state)
{
	static const struct {
		enum entry_kind kind;
		const char *text;
	} lines[] = {
		{ENTRY_START, "start after an orderly stop, clock trusted"},
		{ENTRY_STOP, "stop"},
		{ENTRY_CLOCK, "clock stepped by 1790000000005 ms, trusted"},
		{ENTRY_ADMITTED, "front: admitted c0c1c2c3 by scanner, visit 0000000000000005"},
		{ENTRY_REFUSED, "front: refused 01020304 by phone: replayed"},
		{ENTRY_REFUSALS, "till-1: refused 4000000007 more by nfc: malformed 4000000000,"
				 " ledger_unavailable 7"},
		{ENTRY_DOOR, "front: unlocked, accessed, for 02030405"},
		{ENTRY_ALARM, "front: alarm 3 held_open acknowledged, urgent, by owner"},
		{ENTRY_VISIT_OPENED,
		 "front: visit 0000000000000005 opened for c0c1c2c3, price list 7"},
		{ENTRY_VISIT_JOINED, "visit 0000000000000005 joined by a device of c0c1c2c3"},
		{ENTRY_VISIT_CLOSED, "visit 0000000000000005 ended (exit), 1 line, 31.00"},
		{ENTRY_LINE, "visit 0000000000000005: 7310865004703 Mellanmj\xc3\xb6lk 1,5 l,"
			     " 2.000 at 15.50 = 31.00, late"},
		{ENTRY_LINE_VOIDED, "visit 0000000000000005: line k-1 voided, 31.00"},
		{ENTRY_LOST, "12 rows found no room while the disk was full"},
		{ENTRY_TAX, "VAT rates: standard 25.00 %, food 12.00 %, food 6.00 % from"
			    " 2026-04-01"},
		{ENTRY_CHART, "chart of accounts: receivable 1510, bank 1930, stock 1460,"
			      " 12.00 %: 3002 2621 3592, 6.00 %: 3003 2631 3593"},
		{ENTRY_INVOICE_LINES, "invoice 2026-000123 bears 2 lines"},
		{ENTRY_INVOICE, "invoice 2026-000123 to c0c1c2c3 for 2026-10, 2 lines, 100.00,"
				" due 2026-12-01"},
		{ENTRY_CREDIT_NOTE, "credit note 2026-000124 on invoice 2026-000123, line 300, to"
				    " c0c1c2c3, 53.00 (broken), by owner"},
		{ENTRY_LINE_CREDITED, "line 300 credited to c0c1c2c3, 53.00 (price), by owner"},
		{ENTRY_PERIOD_CLOSED, "2026-10 closed: 1 invoice, lines 105.13 = invoiced 100.13 +"
				      " unbilled 5.00"},
		{ENTRY_STOCK, "stock: delivery of 7310865004703, 24.000 at 9.50, best before"
			      " 2026-11-13, by owner"},
		{ENTRY_PAYMENT, "payment of 25.00, booked 2026-11-13, from c0c1c2c3, for invoice"
				" 2026-000123"},
		{ENTRY_PAYMENT_ASSIGNED, "a payment is from c0c1c2c3, by owner"},
		{ENTRY_CHECK, "visit 0000000000000005: check passed (share), by owner"},
		{ENTRY_REPORTED, "visit 0000000000000005: line k-1 reported (broken)"},
		{ENTRY_OFFICE, "epoch 2 goes on from entry 120 of the office, 3 of ours again"},
		{ENTRY_COMMAND, "front: the office's command 12, set hours.monday = 05:00-23:00:"
				" done, by operator"},
		{ENTRY_ERASED, "12 bodies of entries 3 to 500 erased, of c0c1c2c3, who is to be"
			       " forgotten"},
		{ENTRY_TOLD, "alarm 3: over to anna delivered, by gateway, 2 texts"},
	};
	char text[ENTRY_TEXT_SIZE];

	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(lines); i++) {
		struct entry e = sample_entry(lines[i].kind);

		entry_text(&e, text);
		assert_string_equal(text, lines[i].text);
	}
}

static void as_text_of_the_office(void **state)
{
	char text[ENTRY_TEXT_SIZE];
	struct entry e = sample_entry(ENTRY_OFFICE);

	(void)state;
	e.office.event = OFFICE_ENROLLED;
	entry_text(&e, text);
	assert_string_equal(text, "enrolled with the office, epoch 2, its keys of set 4");
	e.office.event = OFFICE_KEYS;
	entry_text(&e, text);
	assert_string_equal(text, "the office signs with the keys of set 4");
	e = sample_entry(ENTRY_COMMAND);
	e.command.verb = VERB_PROP;
	e.command.outcome = COMMAND_EXPIRED;
	e.command.by[0] = e.command.setting[0] = e.command.value[0] = '\0';
	entry_text(&e, text);
	assert_string_equal(text, "front: the office's command 12, prop for 90 s: expired");
	e.command.id = 0; /* asked here */
	entry_text(&e, text);
	assert_string_equal(text, "front: prop for 90 s: expired");
	e = sample_entry(ENTRY_ERASED);
	e.erased.whose_known = false;
	e.erased.bodies = 1;
	entry_text(&e, text);
	assert_string_equal(text, "1 body of entries 3 to 500 erased, their retention over");
	NOT_VALID(ENTRY_COMMAND, e.command.verb = 0);
	NOT_VALID(ENTRY_COMMAND, e.command.verb = VERB_LAST + 1);
	NOT_VALID(ENTRY_COMMAND, e.command.outcome = COMMAND_OUTCOMES);
	NOT_VALID(ENTRY_COMMAND, e.command.hold_ms = -1);
	NOT_VALID(ENTRY_COMMAND, e.command.value[2] = '\n');
	NOT_VALID(ENTRY_OFFICE, e.office.event = (enum office_event)OFFICE_EVENTS);
	NOT_VALID(ENTRY_ERASED, e.erased.first = 0);
	NOT_VALID(ENTRY_TOLD, e.told.alarm.n = 0);
	NOT_VALID(ENTRY_TOLD, e.told.kind = (enum text_kind)TEXT_KINDS);
	NOT_VALID(ENTRY_TOLD, e.told.outcome = (enum text_outcome)TEXT_OUTCOMES);
	NOT_VALID(ENTRY_TOLD, e.told.road = (enum sms_road)SMS_ROADS);
	NOT_VALID(ENTRY_TOLD, e.told.texts = TEXTS_AN_HOUR + 1);
	NOT_VALID(ENTRY_TOLD, e.told.contact.name[0] = '+'); /* a number is no name */
	NOT_VALID(ENTRY_TOLD, e.told.contact.name[1] = '\n');
	e = sample_entry(ENTRY_TOLD);
	e.told.outcome = TEXT_STUCK;
	e.told.texts = 0;
	entry_text(&e, text);
	assert_string_equal(text, "alarm 3: over to anna stuck");
	e = sample_entry(ENTRY_COMMAND);
	memset(e.command.by, 'b', NAME_MAX_LEN);
	memset(e.command.setting, 's', SETTING_NAME_MAX);
	memset(e.command.value, 'v', SETTING_VALUE_MAX);
	entry_text(&e, text);
	assert_int_equal(text[strlen(text) - 1], 'b');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trip),
		cmocka_unit_test(bytes_of_others),
		cmocka_unit_test(values_come_back),
		cmocka_unit_test(longest),
		cmocka_unit_test(cut_and_changed),
		cmocka_unit_test(later_fields),
		cmocka_unit_test(ranges),
		cmocka_unit_test(texts),
		cmocka_unit_test(strangers),
		cmocka_unit_test(as_text),
		cmocka_unit_test(as_text_of_the_office),
		cmocka_unit_test(bodies_of_before),
		cmocka_unit_test(longest_of_the_books),
		cmocka_unit_test(valid_or_not),
		cmocka_unit_test(lists),
	};

	return cmocka_run_group_tests_name("entry", tests, NULL, NULL);
}
