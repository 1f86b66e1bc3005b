/* paper_made.h: papers made by hand for the tests of documents: lines go in as a scan gives them,
 * and the books' own sums make invoice and credit note of them. */
#ifndef SHOP_TESTS_PAPER_MADE_H
#define SHOP_TESTS_PAPER_MADE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "books/invoice.h"
#include "books/vat.h"
#include "paper/party.h"

#define MADE_LINES 256

struct made {
	struct paper paper;
	struct paper_line line[MADE_LINES];
	struct money gross[2 * MADE_LINES], net[2 * MADE_LINES];
	uint32_t order[2 * MADE_LINES];
	struct entry_invoice invoice;
};

static inline struct day made_day(const char *text)
{
	struct day d = DAY_NONE;

	if (!day_parse(text, (uint32_t)strlen(text), &d))
		abort();
	return d;
}

static inline void made_begin(struct made *m)
{
	memset(m, 0, sizeof(*m));
	snprintf(m->paper.shop.name, sizeof(m->paper.shop.name), "viken");
	snprintf(m->paper.currency, sizeof(m->paper.currency), "SEK");
	m->paper.id = number_of(2026, 123);
	m->paper.period = (struct period){202604};
	m->paper.issued = made_day("2026-05-01");
	m->paper.due = made_day("2026-05-31");
	m->paper.line = m->line;
}

/* One line; unit price and deposit (for all of it) are gross minor units. */
static inline struct paper_line *made_line(struct made *m, const char *name, uint64_t gtin,
					   const char *bought, int32_t quantity_milli, int64_t unit,
					   int64_t deposit, int32_t vat_bp)
{
	struct paper_line *l = &m->line[m->paper.lines];

	if (m->paper.lines >= MADE_LINES)
		abort();
	*l = (struct paper_line){.seq = 1000 + m->paper.lines * 3,
				 .bought = made_day(bought),
				 .gtin = {gtin},
				 .name = name,
				 .quantity_milli = quantity_milli,
				 .vat_bp = vat_bp,
				 .unit_price = money_of(unit),
				 .deposit = money_of(deposit)};
	if (!money_times(l->unit_price, quantity_milli, &l->gross))
		abort();
	m->paper.lines++;
	return l;
}

static inline void made_spread(struct made *m)
{
	struct paper_room room = {m->gross, m->net, m->order};

	if (!paper_spread(&m->paper, room))
		abort();
}

/* Sums up what made_line() has put there. */
static inline void made_invoice(struct made *m)
{
	struct invoice_sum sum = {0};
	struct paper *p = &m->paper;

	for (uint32_t i = 0; i < p->lines; i++) {
		struct money total;

		if (!money_add(m->line[i].gross, m->line[i].deposit, &total) ||
		    !invoice_add(&sum, m->line[i].vat_bp, total,
				 vat_included(total, m->line[i].vat_bp)))
			abort();
	}
	invoice_make(&sum, &m->invoice);
	p->rates = m->invoice.rates;
	memcpy(p->rate, m->invoice.rate, sizeof(p->rate));
	p->gross = m->invoice.gross;
	p->rounding = m->invoice.rounding;
	p->payable = m->invoice.payable;
	made_spread(m);
}

/* Turns an invoice that made_invoice() has made into a credit note: of all of it, or of the line
 * numbered `line`. */
static inline void made_credit(struct made *m, int line, enum credit_reason reason, const char *why)
{
	struct entry_credit_note note = {0};
	struct paper *p = &m->paper;

	if (line < 0) {
		credit_whole(&m->invoice, &note);
	} else {
		credit_line(&m->line[line], &note);
		m->line[0] = m->line[line];
		p->lines = 1;
	}
	p->credit_note = true;
	p->original = p->id;
	p->id = number_of(2026, 124);
	p->due = DAY_NONE;
	p->rates = note.rates;
	memcpy(p->rate, note.rate, sizeof(p->rate));
	p->gross = note.gross;
	p->rounding = note.rounding;
	p->payable = note.payable;
	p->reason = reason;
	p->why = why;
	made_spread(m);
}

/* A whole file as text; the caller's. */
static inline char *made_file(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = calloc(1, PARTY_FILE_MAX + 2);
	size_t len = f && text ? fread(text, 1, PARTY_FILE_MAX + 1, f) : 0;

	if (len == 0)
		abort();
	fclose(f);
	return text;
}

static inline void made_parties(const char *path, struct parties *ret)
{
	char why[PARTY_WHY_MAX] = "", *text = made_file(path);

	if (!party_read(text, (uint32_t)strlen(text), ret, why)) {
		fprintf(stderr, "%s: %s\n", path, why);
		abort();
	}
	free(text);
}

#endif
