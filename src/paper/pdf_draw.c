/*
 * pdf_draw.c: text, rules and QR codes on a page. Widths are measured with the very font that is
 * drawn, unhinted, so that a line breaks at the same word on paper as on any screen. Text is made
 * sound before cairo sees it: one bad byte would end the whole document.
 */
#include "paper/pdf_draw.h"

#include <errno.h>
#include <math.h>
#include <qrencode.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

#define QUIET_MODULES 4 /* ISO/IEC 18004: the light margin on each side */
#define CORNER	      120

/* Length in bytes of the UTF-8 character at `s`, or 0 when it is none that may be shown. */
static uint32_t character(const char *s)
{
	uint32_t code, len = (uint32_t)strnlen(s, UTF8_LONGEST);

	len = len > 0 ? utf8_one(s, len, &code) : 0;
	return len > 0 && !utf8_control(code) ? len : 0;
}

/* The first `len` bytes of `text`, sound. */
static void sound(const char *text, uint32_t len, char ret[DRAW_TEXT_SIZE])
{
	uint32_t at = 0;

	for (uint32_t i = 0; i < len;) {
		uint32_t n = character(text + i);

		if (at + (n ? n : 1) >= DRAW_TEXT_SIZE)
			break;
		if (n == 0 || i + n > len) {
			ret[at++] = '?';
			i++;
			continue;
		}
		memcpy(ret + at, text + i, n);
		at += n;
		i += n;
	}
	ret[at] = '\0';
}

void draw_begin(cairo_t *cr)
{
	cairo_font_options_t *options = cairo_font_options_create();

	cairo_identity_matrix(cr);
	cairo_scale(cr, 72.0 / 2540.0, 72.0 / 2540.0);
	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	cairo_set_font_options(cr, options);
	cairo_font_options_destroy(options);
}

static void ink(cairo_t *cr, int32_t gray)
{
	cairo_set_source_rgb(cr, gray / 100.0, gray / 100.0, gray / 100.0);
}

static void type_set(cairo_t *cr, struct draw_type type)
{
	cairo_select_font_face(cr, "Liberation Sans", CAIRO_FONT_SLANT_NORMAL,
			       type.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
	cairo_set_font_size(cr, type.size);
	ink(cr, type.gray);
}

static int32_t width_of(cairo_t *cr, const char *good)
{
	cairo_text_extents_t extents;

	cairo_text_extents(cr, good, &extents);
	return (int32_t)(extents.x_advance + 0.5);
}

int32_t draw_width(cairo_t *cr, struct draw_type type, const char *text)
{
	char good[DRAW_TEXT_SIZE];

	sound(text, (uint32_t)strlen(text), good);
	type_set(cr, type);
	return width_of(cr, good);
}

void draw_text(cairo_t *cr, int32_t x, int32_t y, int32_t width, enum draw_side side,
	       struct draw_type type, const char *text)
{
	char good[DRAW_TEXT_SIZE];
	int32_t wide;

	sound(text, (uint32_t)strlen(text), good);
	type_set(cr, type);
	wide = width_of(cr, good);
	if (width > 0 && wide > width) {
		int64_t smaller = (int64_t)type.size * width / wide;

		type.size = smaller > type.size / 2 ? (int32_t)smaller : type.size / 2;
		type_set(cr, type);
		wide = width_of(cr, good);
	}
	cairo_move_to(cr, side == DRAW_RIGHT ? x - wide : x, y);
	cairo_show_text(cr, good);
}

uint32_t draw_wrap(cairo_t *cr, int32_t width, struct draw_type type, const char *text)
{
	uint32_t fits = 0, blank = 0;
	char good[DRAW_TEXT_SIZE];

	type_set(cr, type);
	sound(text, (uint32_t)strlen(text), good);
	if (strlen(text) < DRAW_TEXT_SIZE && width_of(cr, good) <= width)
		return (uint32_t)strlen(text);
	for (uint32_t i = 0; text[i] != '\0';) {
		uint32_t n = character(text + i);

		n = n ? n : 1;
		sound(text, i + n, good);
		if (i > 0 && (i + n >= DRAW_TEXT_SIZE || width_of(cr, good) > width)) {
			if (text[i] == ' ') /* the blank itself may hang over */
				return i;
			return blank ? blank : fits;
		}
		if (text[i] == ' ')
			blank = i;
		else if (text[i] == '-')
			blank = i + 1;
		i += n;
		fits = i;
	}
	return fits;
}

uint32_t draw_lines(cairo_t *cr, int32_t x, int32_t y, int32_t width, int32_t leading,
		    struct draw_type type, const char *text, bool with_ink)
{
	uint32_t lines = 0;

	while (*text != '\0') {
		uint32_t len = draw_wrap(cr, width, type, text);
		char good[DRAW_TEXT_SIZE];

		sound(text, len, good);
		if (with_ink) {
			cairo_move_to(cr, x, y + (int32_t)lines * leading);
			cairo_show_text(cr, good);
		}
		lines++;
		text += len;
		text += strspn(text, " ");
	}
	return lines;
}

void draw_rule(cairo_t *cr, int32_t x, int32_t y, int32_t width, int32_t thickness, int32_t gray)
{
	ink(cr, gray);
	cairo_set_line_width(cr, thickness);
	cairo_move_to(cr, x, y);
	cairo_line_to(cr, x + width, y);
	cairo_stroke(cr);
}

void draw_box(cairo_t *cr, int32_t x, int32_t y, int32_t width, int32_t height, int32_t gray)
{
	ink(cr, gray);
	cairo_new_sub_path(cr);
	cairo_arc(cr, x + width - CORNER, y + CORNER, CORNER, -M_PI_2, 0);
	cairo_arc(cr, x + width - CORNER, y + height - CORNER, CORNER, 0, M_PI_2);
	cairo_arc(cr, x + CORNER, y + height - CORNER, CORNER, M_PI_2, M_PI);
	cairo_arc(cr, x + CORNER, y + CORNER, CORNER, M_PI, 3 * M_PI_2);
	cairo_close_path(cr);
	cairo_fill(cr);
}

int draw_qr(cairo_t *cr, int32_t x, int32_t y, int32_t side, const char *text)
{
	QRcode *code =
		QRcode_encodeData((int)strlen(text), (const unsigned char *)text, 0, QR_ECLEVEL_M);
	int32_t modules;

	if (!code)
		return errno == ENOMEM ? -ENOMEM : -EINVAL;
	modules = code->width + 2 * QUIET_MODULES;
	draw_box(cr, x, y, side, side, 100);
	cairo_save(cr);
	cairo_translate(cr, x, y);
	cairo_scale(cr, side, side);
	cairo_scale(cr, 1.0 / modules, 1.0 / modules);
	cairo_translate(cr, QUIET_MODULES, QUIET_MODULES);
	ink(cr, 0);
	/* one path of all dark runs: no hairlines between the modules of a row */
	for (int32_t row = 0; row < code->width; row++)
		for (int32_t from = 0, to; from < code->width; from = to + 1) {
			const uint8_t *module = code->data + row * code->width;

			for (to = from; to < code->width && module[to] & 1;)
				to++;
			if (to > from)
				cairo_rectangle(cr, from, row, to - from, 1);
		}
	cairo_fill(cr);
	cairo_restore(cr);
	QRcode_free(code);
	return 0;
}
