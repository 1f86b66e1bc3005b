/*
 * pdf_front.c: the first page's upper half. The buyer's address stands where a C5 envelope with its
 * window to the right shows it; below it, before anything else, what is to be paid, when and where,
 * and the code that a banking app reads. Whoever reads no further has read enough.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "paper/pdf_page.h"

#define ADDRESS_X     11000
#define ADDRESS_Y     4800
#define ADDRESS_WIDTH 8000
#define LEADING	      460
#define BOX_Y	      8700
#define QR_SIDE	      3600 /* 36 mm: the code itself is more than 25 mm within its quiet zone */
#define BOX_HEIGHT    4400

static void seller_draw(const struct pages *s)
{
	const struct party *seller = &s->parties->seller;
	char city[2 * PARTY_TEXT_MAX];
	struct draw_type type = {.size = 480, .bold = true};
	int32_t y = 1800, leading = 550;

	if (draw_lines(s->cr, 0, 0, 8400, 0, type, seller->name, false) > 2) {
		type.size = 370;
		leading = 430;
	}
	y += 100 + leading * (int32_t)draw_lines(s->cr, MARGIN_LEFT, y, 8400, leading, type,
						 seller->name, true);
	snprintf(city, sizeof(city), "%s %s", seller->postcode, seller->city);
	for (const char *const *text =
		     (const char *const[]){seller->street, seller->street2, city, NULL};
	     *text; text++)
		if ((*text)[0]) {
			draw_text(s->cr, MARGIN_LEFT, y, 8400, DRAW_LEFT, TYPE_FAINT, *text);
			y += 370;
		}
}

static void buyer_draw(const struct pages *s)
{
	const struct party *buyer = &s->parties->buyer;
	char city[2 * PARTY_TEXT_MAX];
	const char *country =
		strcmp(buyer->country, s->parties->seller.country) ? buyer->country : "";
	int32_t y = ADDRESS_Y;

	snprintf(city, sizeof(city), "%s %s", buyer->postcode, buyer->city);
	for (const char *const *text = (const char *const[]){buyer->name, buyer->street,
							     buyer->street2, city, country, NULL};
	     *text; text++) {
		struct draw_type type = {.size = 370};

		if ((*text)[0] == '\0')
			continue;
		if (draw_width(s->cr, type, *text) > ADDRESS_WIDTH + ADDRESS_WIDTH / 4) {
			y += LEADING * (int32_t)draw_lines(s->cr, ADDRESS_X, y, ADDRESS_WIDTH,
							   LEADING, type, *text, true);
			continue;
		}
		draw_text(s->cr, ADDRESS_X, y, ADDRESS_WIDTH, DRAW_LEFT, type, *text);
		y += LEADING;
	}
}

static void title_draw(const struct pages *s)
{
	char upper[PAPER_TEXT_SIZE];
	const char *title = pages_word(s, s->paper->credit_note ? WORD_CREDIT_NOTE : WORD_INVOICE);
	size_t len = strlen(title);

	for (size_t i = 0; i <= len; i++) /* plain ASCII, both words in both languages */
		upper[i] = (char)(title[i] >= 'a' && title[i] <= 'z' ? title[i] - 32 : title[i]);
	draw_text(s->cr, ADDRESS_X, 2500, 8000, DRAW_LEFT,
		  (struct draw_type){.size = 700, .bold = true}, upper);
	draw_text(s->cr, ADDRESS_X, 3100, 8000, DRAW_LEFT, TYPE_TEXT, s->number);
}

static void detail(const struct pages *s, int32_t *y, const char *label, const char *what)
{
	if (what[0] == '\0')
		return;
	draw_text(s->cr, MARGIN_LEFT, *y, 3300, DRAW_LEFT, TYPE_FAINT, label);
	draw_text(s->cr, 5400, *y, 5200, DRAW_LEFT, TYPE_TEXT, what);
	*y += LEADING;
}

/* Small sums wait for the next invoice, and late lines come with it: it is of more than its month.
 */
static bool of_earlier(const struct paper *p)
{
	struct day first = period_first(p->period);

	for (uint32_t i = 0; i < p->lines; i++)
		if (p->line[i].bought.n != 0 && p->line[i].bought.n < first.n)
			return true;
	return false;
}

/* Number, dates and references, left of the window. */
static void details_draw(const struct pages *s)
{
	const struct paper *p = s->paper;
	char text[PAPER_TEXT_SIZE], number[NUMBER_TEXT_SIZE], key[2 * sizeof(p->customer.byte) + 1];
	int32_t y = ADDRESS_Y;

	detail(s, &y, pages_word(s, WORD_NUMBER), s->number);
	day_text(p->issued, text);
	detail(s, &y, pages_word(s, WORD_ISSUED), text);
	if (p->credit_note) {
		number_text(p->shop, p->original, number);
		detail(s, &y, pages_word(s, WORD_ORIGINAL), number);
	} else {
		day_text(p->due, text);
		detail(s, &y, pages_word(s, WORD_DUE), text);
		detail(s, &y, pages_word(s, WORD_REFERENCE), s->reference);
	}
	if (!p->credit_note) { /* a note's lines tell their own days */
		paper_month(p->period, s->language, text);
		detail(s, &y, pages_word(s, of_earlier(p) ? WORD_PERIOD_UNTIL : WORD_PERIOD), text);
	}
	detail(s, &y, pages_word(s, WORD_YOUR_REFERENCE), s->parties->buyer.reference);
	hex_text(p->customer.byte, sizeof(p->customer.byte), key);
	detail(s, &y, pages_word(s, WORD_CUSTOMER), key);
}

/* A fact in the box, its label above it. */
static void boxed(const struct pages *s, int32_t x, int32_t y, int32_t width, const char *label,
		  const char *what)
{
	draw_text(s->cr, x, y, width, DRAW_LEFT, TYPE_FAINT, label);
	draw_text(s->cr, x, y + 530, width, DRAW_LEFT,
		  (struct draw_type){.size = 420, .bold = true}, what);
}

/* Where to pay to: the account that the currency calls for. */
static void account(const struct pages *s, const char **ret_label, char text[PAPER_TEXT_SIZE])
{
	const struct party *seller = &s->parties->seller;
	bool sek = strcmp(s->paper->currency, "SEK") == 0;

	if (sek && seller->bankgiro[0]) {
		*ret_label = "Bankgiro";
		paper_giro(seller->bankgiro, text);
	} else if (sek && seller->plusgiro[0]) {
		*ret_label = "Plusgiro";
		paper_plusgiro(seller->plusgiro, text);
	} else {
		*ret_label = "IBAN";
		paper_fours(seller->iban, text);
	}
}

static void pay_draw(struct pages *s, int32_t width)
{
	const int32_t x = MARGIN_LEFT + 500;
	char text[PAPER_TEXT_SIZE];
	const char *label;
	int32_t y = BOX_Y + 3050;

	day_text(s->paper->due, text);
	boxed(s, x, BOX_Y + 2050, 2700, pages_word(s, WORD_LATEST), text);
	account(s, &label, text);
	boxed(s, x + 3000, BOX_Y + 2050, width - 3300 - 3700, label, text);
	boxed(s, x + width - 3600, BOX_Y + 2050, 3600, pages_word(s, WORD_REFERENCE), s->reference);
	if (s->qr[0]) {
		int32_t qr_x = MARGIN_RIGHT - QR_SIDE - 400;
		int error =
			draw_qr(s->cr, qr_x, BOX_Y + (BOX_HEIGHT - QR_SIDE) / 2, QR_SIDE, s->qr);

		if (error)
			s->error = error;
		y += 450 * (int32_t)draw_lines(s->cr, x, y + 150, width, 380, TYPE_SMALL,
					       pages_word(s, WORD_SCAN), true);
		draw_lines(s->cr, x, y + 150, width, 380, TYPE_SMALL, pages_word(s, WORD_BY_HAND),
			   true);
	}
}

/* Of a credit note: why, and that nobody has to do anything. */
static void credit_draw(const struct pages *s, int32_t width)
{
	const int32_t x = MARGIN_LEFT + 500;
	const struct paper *p = s->paper;
	char text[DRAW_TEXT_SIZE], number[NUMBER_TEXT_SIZE];

	number_text(p->shop, p->original, number);
	boxed(s, x, BOX_Y + 2050, 5200, pages_word(s, WORD_ORIGINAL), number);
	snprintf(text, sizeof(text), "%s%s%s", paper_reason(p->reason, s->language),
		 p->why && p->why[0] ? ": " : "", p->why ? p->why : "");
	boxed(s, x + 5600, BOX_Y + 2050, width - 5600, pages_word(s, WORD_REASON), text);
	draw_lines(s->cr, x, BOX_Y + 3330, width, 380, TYPE_SMALL, pages_word(s, WORD_DEDUCTED),
		   true);
	draw_lines(s->cr, x, BOX_Y + 3710, width, 380, TYPE_SMALL,
		   pages_word(s, WORD_NOTHING_TO_DO), true);
}

/* What it comes to, in the largest letters of the page. */
static void summary_draw(struct pages *s)
{
	const struct paper *p = s->paper;
	bool nothing = !p->credit_note && money_compare(p->payable, MONEY_ZERO) <= 0;
	int32_t width = BODY_WIDTH - 1000 - (s->qr[0] ? QR_SIDE + 500 : 0);
	char text[PAPER_TEXT_SIZE];
	enum paper_word word = p->credit_note ? WORD_CREDITED
			       : nothing      ? WORD_NOTHING
					      : WORD_TO_PAY;

	draw_box(s->cr, MARGIN_LEFT, BOX_Y, BODY_WIDTH, BOX_HEIGHT, 93);
	draw_text(s->cr, MARGIN_LEFT + 500, BOX_Y + 620, width, DRAW_LEFT, TYPE_FAINT,
		  pages_word(s, word));
	paper_price(p->payable, p->currency, s->language, text);
	draw_text(s->cr, MARGIN_LEFT + 500, BOX_Y + 1420, width, DRAW_LEFT,
		  (struct draw_type){.size = 780, .bold = true}, text);
	if (p->credit_note)
		credit_draw(s, width);
	else if (nothing)
		draw_text(s->cr, MARGIN_LEFT + 500, BOX_Y + 2400, width, DRAW_LEFT, TYPE_TEXT,
			  pages_word(s, WORD_NOTHING_TO_DO));
	else
		pay_draw(s, width);
}

void front_draw(struct pages *s)
{
	seller_draw(s);
	title_draw(s);
	details_draw(s);
	buyer_draw(s);
	summary_draw(s);
	s->y = BOX_Y + BOX_HEIGHT + 900;
}
