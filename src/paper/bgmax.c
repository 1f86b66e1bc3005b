/*
 * bgmax.c: Bankgiro Inbetalningar, the file that Bankgirot sends of payments to a bankgiro number
 * (Bankgirot, "Bankgiro Inbetalningar, teknisk manual"): records of 80 characters, ISO 8859-1.
 *
 *	01 start   05 section: a bankgiro number and currency   15 its deposit: day, sum, count
 *	20 payment   21 deduction   22 and 23 further references, positive and negative
 *	25 message   26 to 29 who paid: passed over   70 end: how many of each
 *
 * Positions are the manual's, from 1. A record of a kind that it does not name is passed over, as
 *it asks for; what is missing then shows in the counts and sums, each of which must hold.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "paper/bankfile_part.h"

#define RECORD_SIZE 80
#define EXTRAS_MAX  999 /* references of one payment */

struct extra {
	char reference[26];
	struct money amount;
};

struct section {
	bool open;
	char bankgiro[11], currency[4];
	struct money sum;
	uint32_t payments, deductions;
	struct day booked; /* its deposit's, which is told last */
	char deposit[6];
};

struct reader {
	struct harvest *h;
	const char *at, *last; /* what is still to be read */
	char record[RECORD_SIZE + 1];
	uint32_t number;
	bool started, ended;
	struct section section;
	/* the payment that is being gathered, until a record ends it */
	bool gathering;
	char type;
	struct bank_payment payment;
	char serial[13];
	char message[160];
	struct extra extra[EXTRAS_MAX];
	uint32_t extras;
	bool negative_extras;
	/* told by 70 */
	uint32_t payments, deductions, references, deposits;
};

/* Characters from..to of the record, without the blanks around them. `ret` holds to - from + 2. */
static void field(const struct reader *r, uint32_t from, uint32_t to, char *ret)
{
	const char *begin = r->record + from - 1, *end = r->record + to;

	while (begin < end && *begin == ' ')
		begin++;
	while (end > begin && end[-1] == ' ')
		end--;
	memcpy(ret, begin, (size_t)(end - begin));
	ret[end - begin] = '\0';
}

/* Characters from..to as digits; blanks alone are 0. */
static bool number(struct reader *r, uint32_t from, uint32_t to, int64_t *ret)
{
	char text[RECORD_SIZE + 1];
	int64_t value = 0;

	field(r, from, to, text);
	for (const char *c = text; *c; c++) {
		if (*c < '0' || *c > '9') {
			harvest_wrong(r->h, "record %u: characters %u to %u are no number",
				      r->number, from, to);
			return false;
		}
		value = value * 10 + (*c - '0'); /* 18 digits at most */
	}
	*ret = value;
	return true;
}

static bool day(struct reader *r, uint32_t from, struct day *ret)
{
	int64_t n;

	if (!number(r, from, from + 7, &n))
		return false;
	if (!day_of((int32_t)(n / 10000), (int32_t)(n / 100 % 100), (int32_t)(n % 100), ret)) {
		harvest_wrong(r->h, "record %u: characters %u to %u are no date", r->number, from,
			      from + 7);
		return false;
	}
	return true;
}

static void add(struct reader *r, struct money *sum, struct money more)
{
	if (!money_add(*sum, more, sum))
		harvest_wrong(r->h, "record %u: the sum is too large", r->number);
}

static void tell(struct reader *r, const char *reference, struct money amount, const char *part)
{
	struct bank_payment p = r->payment;
	struct identity id = {{"bgmax", r->section.bankgiro, r->section.deposit, r->serial, part}};

	reference_set(reference, p.reference);
	p.amount = amount;
	harvest_add(r->h, p, &id);
}

/* Whether the further references say how the payment is divided: each with an amount, and together
 * all of it. */
static bool divided(const struct reader *r)
{
	struct money sum = MONEY_ZERO;

	if (r->extras == 0 || r->negative_extras)
		return false;
	for (uint32_t i = 0; i < r->extras; i++)
		if (money_compare(r->extra[i].amount, MONEY_ZERO) <= 0 ||
		    !money_add(sum, r->extra[i].amount, &sum))
			return false;
	return money_compare(sum, r->payment.amount) == 0;
}

/* A payment's records are all read: it is one, or one for each of its references. Where it names
 * several and does not say how much is whose, nobody can know: no reference. */
static void gathered(struct reader *r)
{
	struct money amount = r->payment.amount;
	const char *reference = r->payment.reference;
	char part[16];

	if (!r->gathering)
		return;
	r->gathering = false;
	if (divided(r)) {
		for (uint32_t i = 0; i < r->extras; i++) {
			snprintf(part, sizeof(part), "%u", i + 1);
			tell(r, r->extra[i].reference, r->extra[i].amount, part);
		}
		return;
	}
	if (money_compare(amount, MONEY_ZERO) == 0)
		return; /* a credit that was set off against another payment: no money came */
	if (r->type == '1' && !money_sub(MONEY_ZERO, amount, &amount))
		return;
	if (r->extras > 1 || r->negative_extras)
		reference = "";
	else if (r->extras == 1)
		reference = r->extra[0].reference;
	else if (reference[0] == '\0')
		reference = r->message;
	tell(r, reference, amount, r->type == '1' ? "deduction" : "");
}

/* 01: position 3 to 22 layout, 23 to 24 version. */
static void start(struct reader *r)
{
	int64_t version;

	if (r->started) {
		harvest_wrong(r->h, "record %u: a second start", r->number);
		return;
	}
	r->started = true;
	if (number(r, 23, 24, &version) && version != 1)
		harvest_wrong(r->h, "record 1: BgMax version %02d; 01 is what is read here",
			      (int)version);
}

/* The next line into r->record, padded with blanks; what is no ASCII becomes '?', for references
 * are ASCII. False at the end, and when it is too long. */
static bool next(struct reader *r)
{
	uint32_t len = 0;

	memset(r->record, ' ', RECORD_SIZE);
	r->number++;
	for (; r->at < r->last && *r->at != '\n' && *r->at != '\r'; r->at++) {
		uint8_t c = (uint8_t)*r->at;

		if (len == RECORD_SIZE) {
			harvest_wrong(r->h, "record %u is longer than %d characters", r->number,
				      RECORD_SIZE);
			return false;
		}
		r->record[len++] = (char)(c < 0x20 || c > 0x7e ? '?' : c);
	}
	if (len == 0 && r->at == r->last)
		return false;
	if (r->at < r->last && *r->at == '\r')
		r->at++;
	if (r->at < r->last && *r->at == '\n')
		r->at++;
	return true;
}

/* A section's day stands in its last record: read ahead to it, and come back. */
static void look_ahead(struct reader *r)
{
	struct section *s = &r->section;
	const char *at = r->at;
	uint32_t number_before = r->number;
	bool found = false;

	while (!found && next(r))
		found = memcmp(r->record, "15", 2) == 0;
	if (!found)
		harvest_wrong(r->h, "record %u: a section without a deposit", number_before);
	else if (day(r, 38, &s->booked))
		field(r, 46, 50, s->deposit);
	r->at = at;
	r->number = number_before;
}

/* 05: 3 to 12 the bankgiro number paid to, 23 to 25 currency. */
static void section_open(struct reader *r)
{
	struct section *s = &r->section;

	if (s->open) {
		harvest_wrong(r->h, "record %u: a section begins before the one before it ended",
			      r->number);
		return;
	}
	*s = (struct section){.open = true};
	field(r, 3, 12, s->bankgiro);
	field(r, 23, 25, s->currency);
	if (strlen(s->currency) != 3)
		harvest_wrong(r->h, "record %u: characters 23 to 25 are no currency", r->number);
	look_ahead(r);
}

/* 20 and 21: 13 to 37 reference, 38 to 55 amount in öre, 58 to 69 Bankgirot's serial number. */
static void payment(struct reader *r)
{
	int64_t minor;

	gathered(r);
	if (!r->section.open) {
		harvest_wrong(r->h, "record %u: a payment outside of any section", r->number);
		return;
	}
	if (!number(r, 38, 55, &minor))
		return;
	r->gathering = true;
	r->type = r->record[1];
	r->extras = 0;
	r->negative_extras = false;
	r->message[0] = '\0';
	r->payment = (struct bank_payment){.amount = money_of(minor), .booked = r->section.booked};
	memcpy(r->payment.currency, r->section.currency, sizeof(r->payment.currency));
	field(r, 13, 37, r->payment.reference);
	field(r, 58, 69, r->serial);
	if (r->type == '0') {
		r->payments++;
		r->section.payments++;
		add(r, &r->section.sum, money_of(minor));
	} else {
		r->deductions++;
		r->section.deductions++;
		add(r, &r->section.sum, money_of(-minor));
	}
}

/* 22 and 23: as 20; the amount may be 0 where it is not told. */
static void extra(struct reader *r)
{
	struct extra *e = &r->extra[r->extras];
	int64_t minor;

	r->references++;
	if (!r->gathering) {
		harvest_wrong(r->h, "record %u: a further reference without a payment", r->number);
	} else if (r->extras == EXTRAS_MAX) {
		harvest_wrong(r->h, "record %u: more than %d references of one payment", r->number,
			      EXTRAS_MAX);
	} else if (number(r, 38, 55, &minor)) {
		field(r, 13, 37, e->reference);
		e->amount = money_of(minor);
		r->extras++;
		r->negative_extras |= r->record[1] == '3';
	}
}

/* 25: 3 to 52 a message; several are one text. */
static void message(struct reader *r)
{
	char text[RECORD_SIZE + 1];
	size_t at = strlen(r->message), len;

	field(r, 3, 52, text);
	len = strlen(text);
	if (!r->gathering || at + len + 2 > sizeof(r->message))
		return; /* it stays what it was: a hint */
	if (at > 0)
		r->message[at++] = ' ';
	memcpy(r->message + at, text, len + 1);
}

/* 15: 38 to 45 day, 46 to 50 the deposit's number, 51 to 68 sum, 69 to 71 currency, 72 to 79 how
 * many. */
static void deposit(struct reader *r)
{
	struct section *s = &r->section;
	int64_t sum, count;
	char currency[4];

	gathered(r);
	r->deposits++;
	if (!s->open) {
		harvest_wrong(r->h, "record %u: a deposit outside of any section", r->number);
		return;
	}
	s->open = false;
	field(r, 69, 71, currency);
	if (!number(r, 51, 68, &sum) || !number(r, 72, 79, &count))
		return;
	if (strcmp(currency, s->currency) != 0)
		harvest_wrong(r->h, "record %u: a deposit in %s of a section in %s", r->number,
			      currency, s->currency);
	else if (money_compare(money_of(sum), s->sum) != 0)
		harvest_wrong(r->h, "record %u: the deposit is %lld öre, its payments are %lld",
			      r->number, (long long)sum, (long long)money_minor(s->sum));
	else if (count != s->payments && count != (int64_t)s->payments + s->deductions)
		harvest_wrong(r->h, "record %u: the deposit is of %lld payments, here are %u",
			      r->number, (long long)count, s->payments);
}

/* 70: 3 to 10 payments, 11 to 18 deductions, 19 to 26 further references, 27 to 34 deposits. */
static void end(struct reader *r)
{
	static const char *const what[] = {"payments", "deductions", "further references",
					   "deposits"};
	uint32_t have[] = {r->payments, r->deductions, r->references, r->deposits};

	gathered(r);
	r->ended = true;
	if (r->section.open)
		harvest_wrong(r->h, "record %u: the last section has no deposit", r->number);
	for (uint32_t i = 0; i < ARRAY_LEN(what); i++) {
		int64_t told;

		if (number(r, 3 + 8 * i, 10 + 8 * i, &told) && told != have[i])
			harvest_wrong(r->h, "record %u: the end tells of %lld %s, here are %u",
				      r->number, (long long)told, what[i], have[i]);
	}
}

static void record(struct reader *r)
{
	static const struct {
		char code[3];
		void (*read)(struct reader *r);
	} records[] = {
		{"01", start},	 {"05", section_open}, {"20", payment},
		{"21", payment}, {"22", extra},	       {"23", extra},
		{"25", message}, {"15", deposit},      {"70", end},
	};

	if (r->ended) {
		harvest_wrong(r->h, "record %u: more after the end", r->number);
		return;
	}
	for (uint32_t i = 0; i < ARRAY_LEN(records); i++)
		if (memcmp(r->record, records[i].code, 2) == 0) {
			records[i].read(r);
			return;
		}
}

void bgmax_read(struct harvest *h, const char *bytes, uint32_t len)
{
	struct reader r = {.h = h, .at = bytes, .last = bytes + len};

	while (h->error == 0 && next(&r))
		if (memcmp(r.record, "  ", 2) != 0)
			record(&r);
	if (!r.ended)
		harvest_wrong(h, "the file breaks off: its end record (70) is missing");
}
