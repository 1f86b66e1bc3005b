/*
 * sie.c: SIE 4I, the file that bookkeepers' programs read vouchers from. One byte a letter in code
 * page 437 ("PC8"); what that page lacks is a question mark. Fields that may hold blanks stand in
 * quotes, a quote within them behind a backslash.
 *
 * A voucher that does not sum to 0 would be refused by the program that reads it, perhaps months
 * later: it makes sie_end() fail instead, and the caller has no file to hand over.
 */
#include "paper/sie.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "paper/letters.h"

/** Bytes of one field's text; more than any of ours. */
#define SIE_TEXT_MAX 200

struct sie {
	FILE *out;
	bool open;    /* a voucher is begun */
	bool unequal; /* one did not sum to 0, or past what money holds */
	struct money sum;
};

/** Code page 437, 0x80 to 0xaf: the letters; what stands above it are frames and signs. */
static const uint16_t page[] = {
	0xc7, 0xfc, 0xe9, 0xe2, 0xe4, 0xe0, 0xe5, 0xe7, 0xea, 0xeb, 0xe8, 0xef,
	0xee, 0xec, 0xc4, 0xc5, 0xc9, 0xe6, 0xc6, 0xf4, 0xf6, 0xf2, 0xfb, 0xf9,
	0xff, 0xd6, 0xdc, 0xa2, 0xa3, 0xa5, 0,	  0,	0xe1, 0xed, 0xf3, 0xfa,
	0xf1, 0xd1, 0xaa, 0xba, 0xbf, 0,    0xac, 0xbd, 0xbc, 0xa1, 0xab, 0xbb,
};

static int page_byte(uint32_t letter)
{
	if (letter >= 0x20 && letter < 0x7f)
		return (int)letter;
	for (uint32_t i = 0; i < ARRAY_LEN(page); i++)
		if (page[i] == letter)
			return (int)(0x80 + i);
	return '?';
}

/** A field in quotes. A backslash would swallow what stands behind it: it becomes a slash. */
static void field(FILE *out, const char *text)
{
	uint32_t letter;

	fputc('"', out);
	for (int n = 0; n < SIE_TEXT_MAX && (letter = letter_next(&text)) != 0; n++) {
		if (letter == '"')
			fputc('\\', out);
		fputc(letter == '\\' ? '/' : page_byte(letter), out);
	}
	fputc('"', out);
}

static void day_write(FILE *out, struct day day)
{
	int32_t year, month, of_month;

	day_civil(day, &year, &month, &of_month);
	fprintf(out, "%04d%02d%02d", (int)year, (int)month, (int)of_month);
}

/** T(illgång), S(kuld), I(ntäkt), K(ostnad), by the first digit of a BAS account. */
static char account_type(uint32_t account)
{
	static const char types[] = "KTSIKKKKKK";

	return types[account / 1000 % 10];
}

/** One account, but for one that was named before: a chart may join some. */
static void account_write(FILE *out, uint32_t account, const char *name, uint32_t *named,
			  uint32_t *count)
{
	for (uint32_t i = 0; i < *count; i++)
		if (named[i] == account)
			return;
	if (account == 0)
		return;
	named[(*count)++] = account;
	fprintf(out, "#KONTO %u ", account);
	field(out, name);
	fprintf(out, "\r\n#KTYP %u %c\r\n", account, account_type(account));
}

static void rate_accounts(FILE *out, const struct chart_rate *r, uint32_t *named, uint32_t *count)
{
	char name[64], percent[16];

	snprintf(percent, sizeof(percent), r->vat_bp % 100 ? "%d,%02d" : "%d", (int)r->vat_bp / 100,
		 (int)r->vat_bp % 100);
	snprintf(name, sizeof(name), r->vat_bp ? "Försäljning %s %% moms" : "Försäljning momsfri",
		 percent);
	account_write(out, r->sales, name, named, count);
	snprintf(name, sizeof(name), r->vat_bp ? "Pant %s %% moms" : "Pant momsfri", percent);
	account_write(out, r->deposit, name, named, count);
	snprintf(name, sizeof(name), "Utgående moms %s %%", percent);
	account_write(out, r->vat, name, named, count);
}

static void accounts_write(FILE *out, const struct entry_chart *c)
{
	const struct {
		uint32_t account;
		const char *name;
	} one[] = {
		{c->receivable, "Kundfordringar"},
		{c->stock, "Lager av handelsvaror"},
		{c->bank, "Företagskonto"},
		{c->unassigned, "Oidentifierade inbetalningar"},
		{c->rounding, "Öres- och kronutjämning"},
		{c->received, "Lagerförändring, inleverans"},
		{c->cost, "Kostnad sålda varor"},
		{c->waste, "Svinn, kasserade varor"},
		{c->shrink, "Svinn, inventeringsdifferens"},
		{c->own_use, "Eget uttag av varor"},
	};
	uint32_t named[ARRAY_LEN(one) + 3 * RATES_MAX], count = 0;

	for (uint32_t i = 0; i < ARRAY_LEN(one); i++)
		account_write(out, one[i].account, one[i].name, named, &count);
	for (uint32_t i = 0; i < c->rates && i < RATES_MAX; i++)
		rate_accounts(out, &c->rate[i], named, &count);
}

int sie_begin(FILE *out, const struct party *seller, const struct entry_chart *chart,
	      struct day generated, struct sie **ret)
{
	struct sie *s = calloc(1, sizeof(*s));
	const char *number = seller->organisation_number;

	if (!s)
		return -ENOMEM;
	s->out = out;
	fputs("#FLAGGA 0\r\n#PROGRAM \"Shopkeeper\" \"1\"\r\n#FORMAT PC8\r\n#GEN ", out);
	day_write(out, generated);
	fputs("\r\n#SIETYP 4\r\n", out);
	if (strlen(number) == 10)
		fprintf(out, "#ORGNR %.6s-%s\r\n", number, number + 6);
	fputs("#FNAMN ", out);
	field(out, seller->name);
	fputs("\r\n#KPTYP EUBAS97\r\n", out);
	accounts_write(out, chart);
	*ret = s;
	return 0;
}

static void close_open(struct sie *s)
{
	if (!s->open)
		return;
	fputs("}\r\n", s->out);
	s->open = false;
	if (money_minor(s->sum) != 0)
		s->unequal = true;
}

void sie_verification(struct sie *s, char series, uint32_t number, struct day day, const char *text)
{
	close_open(s);
	fprintf(s->out, "#VER %c %u ", series, number);
	day_write(s->out, day);
	fputc(' ', s->out);
	field(s->out, text);
	fputs("\r\n{\r\n", s->out);
	s->sum = MONEY_ZERO;
	s->open = true;
}

void sie_transaction(struct sie *s, uint32_t account, struct money amount)
{
	char text[MONEY_TEXT_SIZE];

	if (!s->open || !money_add(s->sum, amount, &s->sum))
		s->unequal = true;
	money_text(amount, text);
	fprintf(s->out, "   #TRANS %u {} %s\r\n", account, text);
}

int sie_end(struct sie *s)
{
	int err;

	close_open(s);
	errno = 0;
	err = fflush(s->out) != 0 || ferror(s->out) ? (errno ? -errno : -EIO) : 0;
	if (err == 0 && s->unequal)
		err = -EINVAL;
	free(s);
	return err;
}
