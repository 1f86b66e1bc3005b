/*
 * sheet.c: the lines as CSV. The file is opened by spreadsheets, which run what looks like a
 * formula: a cell of somebody's words that begins like one gets an apostrophe in front (as OWASP
 * advises against CSV injection). Numbers are ours and stay numbers.
 */
#include "paper/sheet.h"

#include <errno.h>
#include <string.h>

#include "books/number.h"
#include "paper/letters.h"

static const char head[] = "invoice,line,bought,gtin,name,quantity,list_price,unit_price,gross,"
			   "deposit,vat_percent,net,deposit_net,late\r\n";

/** Somebody's words, quoted where RFC 4180 asks for it; what is no text becomes U+FFFD. */
static void words_write(FILE *out, const char *text)
{
	bool quoted = strpbrk(text, ",\"\r\n") != NULL;
	const char *at = text;
	uint32_t letter;

	if (quoted)
		fputc('"', out);
	if (text[0] && strchr("=+-@\t\r\n", text[0]))
		fputc('\'', out);
	while ((letter = letter_next(&text)) != 0) {
		if (letter == '"')
			fputs("\"\"", out);
		else if (letter == LETTER_UNKNOWN || !letter_shown(letter))
			fputs("\xef\xbf\xbd", out);
		else
			fwrite(at, 1, (size_t)(text - at), out);
		at = text;
	}
	if (quoted)
		fputc('"', out);
}

static void money_cell(FILE *out, struct money amount)
{
	char text[MONEY_TEXT_SIZE];

	money_text(amount, text);
	fprintf(out, ",%s", text);
}

/** Thousandths or hundredths as a decimal, without zeros at its end. */
static void decimal_cell(FILE *out, int32_t value, int32_t one)
{
	int places = one == 1000 ? 3 : 2;
	int32_t rest = value % one;

	fprintf(out, ",%d", (int)(value / one));
	while (rest != 0 && rest % 10 == 0) {
		rest /= 10;
		places--;
	}
	if (rest != 0)
		fprintf(out, ".%0*d", places, (int)rest);
}

static void row_write(FILE *out, const char *number, uint32_t n, const struct paper_line *l)
{
	char bought[DAY_TEXT_SIZE] = "", gtin[GTIN_TEXT_MAX + 1] = "";

	if (l->bought.n)
		day_text(l->bought, bought);
	if (l->gtin.n)
		gtin_text(l->gtin, gtin);
	fprintf(out, "%s,%u,%s,%s,", number, n, bought, gtin);
	words_write(out, l->name);
	decimal_cell(out, l->quantity_milli, 1000);
	money_cell(out, money_minor(l->list_price) ? l->list_price : l->unit_price);
	money_cell(out, l->unit_price);
	money_cell(out, l->gross);
	money_cell(out, l->deposit);
	decimal_cell(out, l->vat_bp, 100);
	money_cell(out, l->net);
	money_cell(out, l->deposit_net);
	fprintf(out, ",%s\r\n", l->late ? "yes" : "no");
}

int sheet_write(const struct paper *p, FILE *out)
{
	char number[NUMBER_TEXT_SIZE];

	errno = 0;
	number_text(p->shop, p->id, number);
	fputs(head, out);
	for (uint32_t i = 0; i < p->lines; i++)
		row_write(out, number, i + 1, &p->line[i]);
	if (fflush(out) != 0 || ferror(out))
		return errno ? -errno : -EIO;
	return 0;
}
