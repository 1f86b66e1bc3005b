/*
 * pdf_page.h: one document being drawn, for the parts of pdf.h alone.
 *
 *   pdf.c        pages: their head, foot and number   pdf_front.c  what to pay, to whom, how
 *   pdf_table.c  the lines by day, VAT by rate, the total
 */
#ifndef SHOP_PAPER_PDF_PAGE_H
#define SHOP_PAPER_PDF_PAGE_H

#include "books/invoice.h"
#include "paper/party.h"
#include "paper/payqr.h"
#include "paper/pdf_draw.h"
#include "paper/pdf_words.h"

#define MARGIN_LEFT  2000
#define MARGIN_RIGHT 19000
#define BODY_WIDTH   (MARGIN_RIGHT - MARGIN_LEFT)
#define BODY_END     26500 /* nothing of the body below it */

#define TYPE_TEXT  ((struct draw_type){.size = 320})
#define TYPE_BOLD  ((struct draw_type){.size = 320, .bold = true})
#define TYPE_SMALL ((struct draw_type){.size = 270})
#define TYPE_FAINT ((struct draw_type){.size = 270, .gray = 35})

struct pages {
	cairo_t *cr;
	const struct paper *paper;
	const struct parties *parties;
	enum language language;
	char number[NUMBER_TEXT_SIZE];
	char reference[OCR_TEXT_SIZE];
	char qr[PAYQR_SIZE]; /* empty: none is shown */
	uint32_t page, pages;
	int32_t y; /* where the body goes on */
	int error;
};

/** pages_word - a word in the document's language. */
const char *pages_word(const struct pages *s, enum paper_word w);

/** pages_turn - ends this page and begins the next one. */
void pages_turn(struct pages *s);

/** front_draw - the first page down to where the lines begin. */
void front_draw(struct pages *s);

/** table_draw - all lines, over as many pages as they need. totals_draw - what follows them. */
void table_draw(struct pages *s, const uint32_t *order);
void totals_draw(struct pages *s);

#endif
