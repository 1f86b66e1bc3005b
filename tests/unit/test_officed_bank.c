/* Bank files that no bank would send: nothing in them ends the office, and nothing goes to a shop
 * that it could not put on record. And the same file twice at once is booked once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>

#include "books/number.h"
#include "office_desk.h"

#define ID 2026000001

/** A file with one payment for the invoice. */
static void file_of(const char *amount, const char *day, char text[1500])
{
	char ocr[OCR_TEXT_SIZE];

	ocr_text((struct invoice_id){ID}, ocr);
	snprintf(text, 1500,
		 "<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.054.001.04'>"
		 "<BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>M</MsgId></GrpHdr><Ntfctn><Id>M</Id><Ntry>"
		 "<Amt Ccy='SEK'>%s</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>%s"
		 "</Dt></BookgDt><AcctSvcrRef>R1</AcctSvcrRef><NtryDtls><TxDtls><RmtInf><Strd>"
		 "<CdtrRefInf><Ref>%s</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls></Ntry>"
		 "</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>",
		 amount, day, ocr);
}

static void owed(struct desk *d)
{
	house_do(&d->h, "INSERT INTO invoice(shop, id, seq, first_seq, credit_note, customer,"
			" period, issued, due, lines, gross, rounding, payable, original, paid,"
			" credited) VALUES('viken', 2026000001, 2, 1, 0, '0123456789abcdef',"
			" 202610, 20700, 20730, 1, 12000, 0, 12000, 0, 0, 0)");
}

static void an_amount_that_cannot_be_is_refused(void **state)
{
	struct desk *d = desk_of(state);
	char file[1500];

	owed(d);
	file_of("99999999999999.00", "2026-11-02", file);
	desk_must(d, 422, "POST", "/v1/payments/import?shop=viken", file);
	assert_string_equal(d->code, "bad_bank_file");
	assert_int_equal(house_number(&d->h, "SELECT count(*) FROM money_in LIMIT 1"), 0);
	file_of("120.00", "2026-11-02", file);
	desk_must(d, 200, "POST", "/v1/payments/import?shop=viken", file);
	assert_int_equal(house_number(&d->h, "SELECT count(*) FROM money_in LIMIT 1"), 1);
	assert_int_equal(feed_to(d, "viken"), 1);
}

/* --- twice at once */

struct sender {
	struct desk *desk;
	pthread_t thread;
	pthread_barrier_t *both;
	const char *file;
	uint32_t status;
};

static void *send_file(void *data)
{
	struct sender *s = data;
	struct reply r;

	pthread_barrier_wait(s->both);
	r = desk_route(s->desk, "POST", "/v1/payments/import?shop=viken", s->file, strlen(s->file));
	s->status = r.status;
	reply_free(&r);
	return NULL;
}

static void the_same_file_twice_at_once_is_booked_once(void **state)
{
	struct desk *d = desk_of(state), *too = calloc(1, sizeof(*too));
	struct sender sender[2] = {{.desk = d}, {.desk = too}};
	char file[1500], why[DB_WHY_MAX];
	pthread_barrier_t both;

	assert_non_null(too);
	too->now = d->now;
	too->who = d->who;
	too->h.o = d->h.o;
	assert_int_equal(db_open(d->h.db.where, &too->h.o.db, why), 0);
	owed(d);
	file_of("120.00", "2026-11-02", file);
	assert_int_equal(pthread_barrier_init(&both, NULL, 2), 0);
	for (uint32_t i = 0; i < 2; i++) {
		sender[i].both = &both;
		sender[i].file = file;
		assert_int_equal(pthread_create(&sender[i].thread, NULL, send_file, &sender[i]), 0);
	}
	for (uint32_t i = 0; i < 2; i++) {
		assert_int_equal(pthread_join(sender[i].thread, NULL), 0);
		assert_int_equal(sender[i].status, 200);
	}
	pthread_barrier_destroy(&both);
	assert_int_equal(house_number(&d->h, "SELECT count(*) FROM money_in LIMIT 1"), 1);
	assert_int_equal(feed_to(d, "viken"), 1);
	db_close(too->h.o.db);
	free(too);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(an_amount_that_cannot_be_is_refused),
		ON_BOTH(the_same_file_twice_at_once_is_booked_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
