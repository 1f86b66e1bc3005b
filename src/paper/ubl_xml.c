/*
 * ubl_xml.c: XML, written. Names of elements and attributes are ours; every text between them goes
 * through one escape, so that no article's name can become markup, and through letter_shown(), so
 * that the file is well-formed whatever a price list held.
 */
#include "paper/ubl_xml.h"

#include "paper/letters.h"

static void indent(const struct xml *x)
{
	for (uint32_t i = 0; i < x->depth; i++)
		fputs("  ", x->out);
}

static void letter_write(FILE *out, const char *at, const char *end, uint32_t letter)
{
	switch (letter) {
	case '&':
		fputs("&amp;", out);
		return;
	case '<':
		fputs("&lt;", out);
		return;
	case '>':
		fputs("&gt;", out);
		return;
	case '"':
		fputs("&quot;", out);
		return;
	}
	if (letter == LETTER_UNKNOWN || !letter_shown(letter))
		fputs("\xef\xbf\xbd", out);
	else
		fwrite(at, 1, (size_t)(end - at), out);
}

static void escaped(FILE *out, const char *text)
{
	const char *at = text;
	uint32_t letter;

	while ((letter = letter_next(&text)) != 0) {
		letter_write(out, at, text, letter);
		at = text;
	}
}

void xml_root(struct xml *x, const char *name, const char *names)
{
	fprintf(x->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<%s %s>\n", name, names);
	x->depth = 1;
}

void xml_open(struct xml *x, const char *name)
{
	indent(x);
	fprintf(x->out, "<%s>\n", name);
	x->depth++;
}

void xml_close(struct xml *x, const char *name)
{
	x->depth--;
	indent(x);
	fprintf(x->out, "</%s>\n", name);
}

void xml_marked(struct xml *x, const char *name, const char *mark, const char *value,
		const char *text)
{
	if (!text[0])
		return;
	indent(x);
	fprintf(x->out, "<%s", name);
	if (mark) {
		fprintf(x->out, " %s=\"", mark);
		escaped(x->out, value);
		fputc('"', x->out);
	}
	fputc('>', x->out);
	escaped(x->out, text);
	fprintf(x->out, "</%s>\n", name);
}

void xml_text(struct xml *x, const char *name, const char *text)
{
	xml_marked(x, name, NULL, NULL, text);
}

void xml_day(struct xml *x, const char *name, struct day day)
{
	char text[DAY_TEXT_SIZE];

	day_text(day, text);
	xml_text(x, name, text);
}

void xml_money(struct xml *x, const char *name, struct money amount)
{
	char text[MONEY_TEXT_SIZE];

	money_text(amount, text);
	xml_marked(x, name, "currencyID", x->currency, text);
}
