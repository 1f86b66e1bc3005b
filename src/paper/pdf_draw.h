/*
 * pdf_draw.h: ink on an A4 page, measured in hundredths of a millimetre from its upper left corner:
 * whole numbers, so that no amount and no place is ever a fraction of anything.
 */
#ifndef SHOP_PAPER_PDF_DRAW_H
#define SHOP_PAPER_PDF_DRAW_H

#include <cairo.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/check.h"

#define PAGE_WIDTH  21000
#define PAGE_HEIGHT 29700

/** Room for one run of text, NUL included; longer ones are cut between characters. */
#define DRAW_TEXT_SIZE 512

enum draw_side {
	DRAW_LEFT,  /* x is where the text begins */
	DRAW_RIGHT, /* x is where it ends */
};

/** How a text looks. `size` is the type's height; `gray` 0 black to 100 white. */
struct draw_type {
	int32_t size;
	bool bold;
	int32_t gray;
};

/** draw_begin - sets units, fonts and ink of a page of this context. */
void draw_begin(cairo_t *cr);

/** draw_width - of `text` in one line. */
int32_t draw_width(cairo_t *cr, struct draw_type type, const char *text);

/** draw_text - in one line, `y` its base line; made smaller, at most by half, when it is wider than
 * `width` (0: as wide as it is). Bytes that are no UTF-8 are shown as '?'. */
void draw_text(cairo_t *cr, int32_t x, int32_t y, int32_t width, enum draw_side side,
	       struct draw_type type, const char *text);

/** draw_wrap - the bytes of `text` that fit into one line of `width`: up to a blank where there is
 * one, else up to a whole character; at least one. All of it when it fits. */
uint32_t draw_wrap(cairo_t *cr, int32_t width, struct draw_type type, const char *text);

/** draw_lines - wrapped into as many lines as it takes, `leading` apart. How many. `ink` false
 * counts them only. */
uint32_t draw_lines(cairo_t *cr, int32_t x, int32_t y, int32_t width, int32_t leading,
		    struct draw_type type, const char *text, bool ink);

/** draw_rule - a level line. draw_box - a filled one, its corners rounded. */
void draw_rule(cairo_t *cr, int32_t x, int32_t y, int32_t width, int32_t thickness, int32_t gray);
void draw_box(cairo_t *cr, int32_t x, int32_t y, int32_t width, int32_t height, int32_t gray);

/** draw_qr - `text` as a QR code (level M) on a white square of `side`, a quiet zone of four
 * modules within it. 0; -EINVAL when it is too long for one; -ENOMEM. */
MUST_CHECK int draw_qr(cairo_t *cr, int32_t x, int32_t y, int32_t side, const char *text);

#endif
