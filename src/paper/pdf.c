/*
 * pdf.c: an invoice as PDF. Every page has its head and foot, and says which of how many it is: so
 * the document is laid out twice, first onto paper that nobody sees, to count. Amounts come from
 * the paper as they are. The same paper gives the same bytes: the file's date is the day of issue.
 */
#include "paper/pdf.h"

#include <cairo-pdf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "paper/payqr.h"
#include "paper/pdf_page.h"

#define FOOT_Y	     27250
#define FOOT_LEADING 370
#define FOOT_COLUMNS 4

const char *pages_word(const struct pages *s, enum paper_word w)
{
	return paper_word(w, s->language);
}

struct column {
	int32_t x, y, width;
};

/* One fact of the foot: a label, and what it says below or beside it. Nothing for an empty one. */
static void fact(const struct pages *s, struct column *at, const char *label, const char *what)
{
	char text[2 * DRAW_TEXT_SIZE];

	if (what[0] == '\0')
		return;
	snprintf(text, sizeof(text), "%s%s%s", label, label[0] ? " " : "", what);
	at->y += FOOT_LEADING * (int32_t)draw_lines(s->cr, at->x, at->y, at->width, FOOT_LEADING,
						    TYPE_FAINT, text, true);
}

static void foot_accounts(const struct pages *s, struct column *at, const struct party *seller)
{
	char text[PAPER_TEXT_SIZE];

	if (seller->bankgiro[0]) {
		paper_giro(seller->bankgiro, text);
		fact(s, at, "Bankgiro", text);
	}
	if (seller->plusgiro[0]) {
		paper_plusgiro(seller->plusgiro, text);
		fact(s, at, "Plusgiro", text);
	}
	if (seller->iban[0]) {
		paper_fours(seller->iban, text);
		fact(s, at, "IBAN", text);
		fact(s, at, "BIC", seller->bic);
	}
}

/* Who sells: the address, how to be reached, the numbers that a law asks for, accounts. */
static void foot(const struct pages *s)
{
	const struct party *seller = &s->parties->seller;
	static const int32_t left[FOOT_COLUMNS + 1] = {MARGIN_LEFT, 5800, 10400, 14900,
						       MARGIN_RIGHT};
	struct column at[FOOT_COLUMNS];
	char text[PAPER_TEXT_SIZE], city[2 * PARTY_TEXT_MAX];

	for (uint32_t i = 0; i < FOOT_COLUMNS; i++)
		at[i] = (struct column){left[i], FOOT_Y, left[i + 1] - left[i] - 300};
	draw_rule(s->cr, MARGIN_LEFT, FOOT_Y - 450, BODY_WIDTH, 15, 60);
	snprintf(city, sizeof(city), "%s %s", seller->postcode, seller->city);
	fact(s, &at[0], "", seller->street);
	fact(s, &at[0], "", seller->street2);
	fact(s, &at[0], "", city);
	fact(s, &at[1], "", seller->phone);
	fact(s, &at[1], "", seller->email);
	if (seller->registered_office[0]) {
		snprintf(city, sizeof(city), "%s", seller->registered_office);
		fact(s, &at[1], pages_word(s, WORD_OFFICE), city);
	}
	if (seller->organisation_number[0]) {
		paper_organisation(seller->organisation_number, text);
		fact(s, &at[2], pages_word(s, WORD_ORGANISATION), text);
	}
	fact(s, &at[2], pages_word(s, WORD_VAT_NUMBER), seller->vat_number);
	if (seller->f_tax)
		fact(s, &at[2], "", pages_word(s, WORD_F_TAX));
	foot_accounts(s, &at[3], seller);
}

static void page_number(const struct pages *s)
{
	char text[PAPER_TEXT_SIZE];

	snprintf(text, sizeof(text), "%s %u %s %u", pages_word(s, WORD_PAGE), s->page,
		 pages_word(s, WORD_OF), s->pages);
	draw_text(s->cr, MARGIN_RIGHT, 1700, 4000, DRAW_RIGHT, TYPE_FAINT, text);
}

static void page_begin(struct pages *s)
{
	s->page++;
	draw_begin(s->cr);
	page_number(s);
	foot(s);
}

void pages_turn(struct pages *s)
{
	char title[PAPER_TEXT_SIZE];

	cairo_show_page(s->cr);
	page_begin(s);
	snprintf(title, sizeof(title), "%s %s",
		 pages_word(s, s->paper->credit_note ? WORD_CREDIT_NOTE : WORD_INVOICE), s->number);
	draw_text(s->cr, MARGIN_LEFT, 1700, 6000, DRAW_LEFT, TYPE_BOLD, s->parties->seller.name);
	draw_text(s->cr, 10500, 1700, 5500, DRAW_LEFT, TYPE_BOLD, title);
	draw_rule(s->cr, MARGIN_LEFT, 1950, BODY_WIDTH, 15, 60);
	s->y = 2900;
}

/* All of it, once. How many pages; < 0: -errno. */
static int64_t lay_out(struct pages *s, cairo_surface_t *surface, const uint32_t *order)
{
	cairo_status_t status;

	s->cr = cairo_create(surface);
	s->page = 0;
	page_begin(s);
	front_draw(s);
	table_draw(s, order);
	totals_draw(s);
	cairo_show_page(s->cr);
	status = cairo_status(s->cr);
	cairo_destroy(s->cr);
	cairo_surface_finish(surface);
	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo_surface_status(surface);
	if (status == CAIRO_STATUS_WRITE_ERROR)
		return -EIO;
	if (status != CAIRO_STATUS_SUCCESS)
		return status == CAIRO_STATUS_NO_MEMORY ? -ENOMEM : -EINVAL;
	return s->error ? s->error : (int64_t)s->page;
}

static cairo_status_t to_file(void *closure, const unsigned char *data, unsigned int length)
{
	return fwrite(data, 1, length, closure) == length ? CAIRO_STATUS_SUCCESS
							  : CAIRO_STATUS_WRITE_ERROR;
}

static cairo_surface_t *surface_of(cairo_write_func_t write, FILE *out)
{
	return cairo_pdf_surface_create_for_stream(write, out, PAGE_WIDTH * 72.0 / 2540.0,
						   PAGE_HEIGHT * 72.0 / 2540.0);
}

static void metadata(const struct pages *s, cairo_surface_t *surface)
{
	char text[2 * DRAW_TEXT_SIZE], day[DAY_TEXT_SIZE];

	snprintf(text, sizeof(text), "%s %s",
		 pages_word(s, s->paper->credit_note ? WORD_CREDIT_NOTE : WORD_INVOICE), s->number);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, text);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, s->parties->seller.name);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Shopkeeper");
	day_text(s->paper->issued, day);
	snprintf(text, sizeof(text), "%sT00:00:00Z", day);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, text);
}

/* A line's place among others: by day, then as they were recorded. */
struct place_of {
	int32_t day;
	uint32_t at;
};

static int by_day(const void *a, const void *b)
{
	const struct place_of *x = a, *y = b;

	if (x->day != y->day)
		return x->day < y->day ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

/* Indices of the lines in the order in which they are shown; free(). */
static uint32_t *order_by_day(const struct paper *p)
{
	struct place_of *places = calloc(p->lines + 1, sizeof(*places));
	uint32_t *order = calloc(p->lines + 1, sizeof(*order));

	if (places && order) {
		for (uint32_t i = 0; i < p->lines; i++)
			places[i] = (struct place_of){p->line[i].bought.n, i};
		qsort(places, p->lines, sizeof(*places), by_day);
		for (uint32_t i = 0; i < p->lines; i++)
			order[i] = places[i].at;
	} else {
		free(order);
		order = NULL;
	}
	free(places);
	return order;
}

int pdf_write(const struct paper *p, const struct parties *parties, FILE *out)
{
	struct pages s = {.paper = p, .parties = parties, .language = parties->language};
	uint32_t *order = order_by_day(p);
	cairo_surface_t *surface;
	int64_t pages;

	if (!order)
		return -ENOMEM;
	number_text(p->shop, p->id, s.number);
	ocr_text(p->id, s.reference);
	if (p->credit_note || payqr_text(p, parties, s.qr) != 0)
		s.qr[0] = '\0';
	surface = surface_of(NULL, NULL);
	pages = lay_out(&s, surface, order);
	cairo_surface_destroy(surface);
	if (pages > 0) {
		s.pages = (uint32_t)pages;
		surface = surface_of(to_file, out);
		metadata(&s, surface);
		pages = lay_out(&s, surface, order);
		cairo_surface_destroy(surface);
		if (pages > 0 && fflush(out) != 0)
			pages = errno ? -errno : -EIO;
	}
	free(order);
	return pages < 0 ? (int)pages : 0;
}
