/*
 * pdf_table.c: the lines under the day on which they were bought, then VAT by rate, rounding and
 * total. A page never ends on a day's name without a line of it, a long name takes the lines it
 * needs, and the head of the table is on every page that has a line.
 */
#include <stdio.h>
#include <string.h>

#include "paper/pdf_page.h"

#define ROW	  430 /* from one base line to the next */
#define NAME_WIDE 7000

/* Where the columns end; numbers stand against their right edge. */
enum column_end {
	END_NAME = MARGIN_LEFT + NAME_WIDE,
	END_QUANTITY = 10300,
	END_PRICE = 12050,
	END_DISCOUNT = 13650,
	END_DEPOSIT = 15050,
	END_VAT = 16450,
	END_SUM = MARGIN_RIGHT,
};

static void cell(const struct pages *s, int32_t end, int32_t width, struct draw_type type,
		 const char *text)
{
	draw_text(s->cr, end, s->y, width, DRAW_RIGHT, type, text);
}

static void table_head(struct pages *s)
{
	struct draw_type type = {.size = 270, .bold = true};

	draw_text(s->cr, MARGIN_LEFT, s->y, NAME_WIDE, DRAW_LEFT, type,
		  pages_word(s, WORD_ARTICLE));
	cell(s, END_QUANTITY, 1500, type, pages_word(s, WORD_QUANTITY));
	cell(s, END_PRICE, 1600, type, pages_word(s, WORD_PRICE));
	cell(s, END_DISCOUNT, 1500, type, pages_word(s, WORD_DISCOUNT));
	cell(s, END_DEPOSIT, 1300, type, pages_word(s, WORD_DEPOSIT));
	cell(s, END_VAT, 1300, type, pages_word(s, WORD_VAT));
	cell(s, END_SUM, 2200, type, pages_word(s, WORD_SUM));
	draw_rule(s->cr, MARGIN_LEFT, s->y + 150, BODY_WIDTH, 25, 20);
	s->y += 650;
}

static void day_head(struct pages *s, struct day day, bool again)
{
	char text[PAPER_TEXT_SIZE], line[2 * PAPER_TEXT_SIZE];

	paper_day(day, s->language, text);
	snprintf(line, sizeof(line), "%s%s%s%s", text, again ? " (" : "",
		 again ? pages_word(s, WORD_CONTINUED) : "", again ? ")" : "");
	draw_text(s->cr, MARGIN_LEFT, s->y, BODY_WIDTH, DRAW_LEFT, TYPE_BOLD, line);
	s->y += ROW;
}

/* What a discount took off: the price without it, times how many, less what it came to. */
static bool discount(const struct paper_line *l, struct money *ret)
{
	struct money full;

	return money_compare(l->list_price, l->unit_price) > 0 &&
	       money_times(l->list_price, l->quantity_milli, &full) &&
	       money_sub(l->gross, full, ret);
}

static void numbers_draw(struct pages *s, const struct paper_line *l)
{
	char text[PAPER_TEXT_SIZE];
	struct money off, sum;
	bool less = discount(l, &off);

	paper_quantity(l->quantity_milli, s->language, text);
	cell(s, END_QUANTITY, 1500, TYPE_TEXT, text);
	paper_amount(less ? l->list_price : l->unit_price, s->language, text);
	cell(s, END_PRICE, 1600, TYPE_TEXT, text);
	if (less) {
		paper_amount(off, s->language, text);
		cell(s, END_DISCOUNT, 1500, TYPE_TEXT, text);
	}
	if (money_compare(l->deposit, MONEY_ZERO) != 0) {
		paper_amount(l->deposit, s->language, text);
		cell(s, END_DEPOSIT, 1300, TYPE_TEXT, text);
	}
	paper_rate(l->vat_bp, s->language, text);
	cell(s, END_VAT, 1300, TYPE_TEXT, text);
	CHECK(money_add(l->gross, l->deposit, &sum));
	paper_amount(sum, s->language, text);
	cell(s, END_SUM, 2300, TYPE_TEXT, text);
}

/* The name of a line as it is shown: a late one says so. */
static void name_of(const struct pages *s, const struct paper_line *l, char text[DRAW_TEXT_SIZE])
{
	char gtin[GTIN_TEXT_MAX + 1];

	gtin_text(l->gtin, gtin);
	snprintf(text, DRAW_TEXT_SIZE, "%s%s%s%s", l->name && l->name[0] ? l->name : gtin,
		 l->late ? " (" : "", l->late ? pages_word(s, WORD_LATE) : "", l->late ? ")" : "");
}

/* How much room the totals take. */
static int32_t totals_height(const struct paper *p)
{
	return 1850 + ((p->rates > 4 ? (int32_t)p->rates : 4) + 2) * ROW;
}

/* Lines, then totals; the last line goes with them to a new page, so that no page says a sum of
 * nothing. */
void table_draw(struct pages *s, const uint32_t *order)
{
	struct day day = DAY_NONE;
	char name[DRAW_TEXT_SIZE];

	table_head(s);
	for (uint32_t i = 0; i < s->paper->lines; i++) {
		const struct paper_line *l = &s->paper->line[order[i]];
		bool another = i == 0 || l->bought.n != day.n;
		int32_t rows, after = i + 1 == s->paper->lines ? ROW + totals_height(s->paper) : 0;

		name_of(s, l, name);
		rows = (int32_t)draw_lines(s->cr, 0, 0, NAME_WIDE, 0, TYPE_TEXT, name, false);
		if (another && i > 0)
			s->y += 200;
		if (i > 0 && s->y + (rows - 1 + (another ? 1 : 0)) * ROW + after > BODY_END) {
			pages_turn(s);
			table_head(s);
			day_head(s, l->bought, !another);
		} else if (another) {
			day_head(s, l->bought, false);
		}
		day = l->bought;
		draw_lines(s->cr, MARGIN_LEFT, s->y, NAME_WIDE, ROW - 40, TYPE_TEXT, name, true);
		numbers_draw(s, l);
		s->y += rows * ROW;
	}
}

/* The last row under the lines: what they come to. */
static void goods_draw(struct pages *s)
{
	char text[PAPER_TEXT_SIZE];

	draw_rule(s->cr, MARGIN_LEFT, s->y - 200, BODY_WIDTH, 25, 20);
	s->y += 250;
	draw_text(s->cr, MARGIN_LEFT, s->y, 10000, DRAW_LEFT, TYPE_BOLD, pages_word(s, WORD_GOODS));
	paper_amount(s->paper->gross, s->language, text);
	cell(s, END_SUM, 3500, TYPE_BOLD, text);
	s->y += 1000;
}

struct sums {
	struct money net, vat;
	bool odd; /* of some rate net and VAT together are not what its lines come to */
};

static void rate_draw(struct pages *s, const struct invoice_rate *r, struct sums *sums)
{
	char text[PAPER_TEXT_SIZE];
	struct money gross;

	CHECK(money_add(r->base, r->vat, &gross));
	CHECK(money_add(sums->net, r->base, &sums->net) &&
	      money_add(sums->vat, r->vat, &sums->vat));
	sums->odd |= money_compare(gross, r->gross) != 0;
	paper_rate(r->vat_bp, s->language, text);
	draw_text(s->cr, MARGIN_LEFT, s->y, 1500, DRAW_LEFT, TYPE_TEXT, text);
	paper_amount(r->base, s->language, text);
	cell(s, 5700, 2200, TYPE_TEXT, text);
	paper_amount(r->vat, s->language, text);
	cell(s, 7900, 2000, TYPE_TEXT, text);
	paper_amount(gross, s->language, text);
	cell(s, 10300, 2200, TYPE_TEXT, text);
	s->y += ROW;
}

static void total(struct pages *s, const char *label, struct money m, struct draw_type type)
{
	char text[PAPER_TEXT_SIZE];

	draw_text(s->cr, 11800, s->y, 3800, DRAW_LEFT, type, label);
	paper_amount(m, s->language, text);
	cell(s, END_SUM, 3200, type, text);
	s->y += ROW;
}

static void rates_head(struct pages *s)
{
	struct draw_type type = {.size = 270, .bold = true};

	draw_text(s->cr, MARGIN_LEFT, s->y, 1600, DRAW_LEFT, type, pages_word(s, WORD_RATE));
	cell(s, 5700, 2200, type, pages_word(s, WORD_NET));
	cell(s, 7900, 2000, type, pages_word(s, WORD_VAT));
	cell(s, 10300, 2200, type, pages_word(s, WORD_GROSS));
	draw_rule(s->cr, MARGIN_LEFT, s->y + 150, 10300 - MARGIN_LEFT, 15, 20);
	s->y += 600;
}

void totals_draw(struct pages *s)
{
	const struct paper *p = s->paper;
	struct sums sums = {.net = MONEY_ZERO, .vat = MONEY_ZERO};
	char label[PAPER_TEXT_SIZE];
	int32_t top, rows;

	if (s->y + totals_height(p) > BODY_END)
		pages_turn(s);
	goods_draw(s);
	top = s->y;
	rates_head(s);
	for (uint32_t i = 0; i < p->rates; i++)
		rate_draw(s, &p->rate[i], &sums);
	rows = s->y;
	s->y = top;
	total(s, pages_word(s, WORD_NET_SUM), sums.net, TYPE_TEXT);
	total(s, pages_word(s, WORD_VAT_SUM), sums.vat, TYPE_TEXT);
	total(s, pages_word(s, WORD_ROUNDING), p->rounding, TYPE_TEXT);
	draw_rule(s->cr, 11800, s->y - 200, MARGIN_RIGHT - 11800, 25, 20);
	s->y += 330;
	snprintf(label, sizeof(label), "%s (%s)",
		 pages_word(s, p->credit_note ? WORD_CREDITED : WORD_TO_PAY), p->currency);
	total(s, label, p->payable, (struct draw_type){.size = 400, .bold = true});
	s->y = rows > s->y ? rows : s->y;
	if (sums.odd)
		draw_lines(s->cr, MARGIN_LEFT, s->y + 250, BODY_WIDTH, 350, TYPE_FAINT,
			   pages_word(s, WORD_ORE_NOTE), true);
}
