/*
 * cmd_invoice.c: the month's close, and what it made. A close may be asked for again and again: one
 * that was cut off goes on, one that is done says so. A credit note mirrors an invoice or one of
 * its lines; nothing is ever taken off an invoice itself.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shopctl/args.h"
#include "shopctl/ask.h"
#include "shopctl/invoice_json.h"
#include "shopctl/read.h"
#include "shopctl/render.h"

#define PAGE 200 /* invoices of one read */

/* --- a list of them */

/** What is done with each. */
struct listing {
	struct shop_rules rules;
	json_t *array; /* or: */
	struct table table;
	struct money payable; /* of the invoices, less the credit notes */
	uint32_t invoices, notes;
};

static void listing_add(struct listing *l, const struct invoice_row *i)
{
	struct money sum;
	bool note = i->original.n != 0;

	if (note ? money_sub(l->payable, i->payable, &sum)
		 : money_add(l->payable, i->payable, &sum))
		l->payable = sum;
	l->notes += note;
	l->invoices += !note;
	if (l->array)
		json_array_append_new(l->array, invoice_json(&l->rules, i));
	else
		invoice_cells(&l->table, &l->rules, i);
}

static void listing_drop(struct listing *l)
{
	if (l->array)
		json_decref(l->array);
	else
		table_free(&l->table);
}

/** Every invoice and credit note of a month (0: of all), page by page. */
static enum ctl_exit listing_read(struct ctl *ctl, struct period period, struct listing *l)
{
	struct invoice_row *row = calloc(PAGE, sizeof(*row));
	struct invoice_id after = {0};
	struct reader *r = NULL;
	enum ctl_exit code = read_open(ctl, &r);
	int n = PAGE;

	*l = (struct listing){.rules = shop_rules(ctl)};
	if (ctl->json)
		l->array = json_array();
	else
		invoice_table(&l->table);
	if (code == CTL_DONE && !row)
		code = ctl_fail(ctl, CTL_INTERNAL, "out of memory");
	while (code == CTL_DONE && n == PAGE) {
		n = reader_invoices(r, period, after, row, PAGE);
		if (n < 0)
			code = read_failed(ctl, "ledger.db", n);
		for (int i = 0; i < n; i++)
			listing_add(l, &row[i]);
		if (n > 0)
			after = row[n - 1].id;
	}
	if (r)
		reader_close(r);
	free(row);
	if (code != CTL_DONE)
		listing_drop(l);
	return code;
}

static enum ctl_exit listing_print(struct ctl *ctl, struct listing *l, const char *none)
{
	char sum[MONEY_TEXT_SIZE];
	enum ctl_exit code = table_print(ctl, &l->table, none);

	money_text(l->payable, sum);
	if (l->invoices + l->notes > 0)
		ctl_say(ctl, "%u invoices, %u credit notes, %s " CURRENCY " in all", l->invoices,
			l->notes, sum);
	return code;
}

static enum ctl_exit invoice_list(struct ctl *ctl)
{
	struct period period = {0};
	struct listing l;
	const char *word;
	enum ctl_exit code = args_read(ctl, NULL, 0, &word, 0, 1);

	if (code == CTL_DONE && word)
		code = period_read(ctl, word, &period);
	if (code == CTL_DONE)
		code = listing_read(ctl, period, &l);
	if (code != CTL_DONE)
		return code;
	return ctl->json ? ctl_json(ctl, CTL_DONE, l.array) : listing_print(ctl, &l, "No invoice.");
}

/* --- the close */

/** How far it is, over and over on one line; only for somebody who looks. */
static void close_progress(struct ctl *ctl, const struct message_desk_is *so_far)
{
	if (isatty(fileno(ctl->err)) != 1)
		return;
	fprintf(ctl->err, "\rclosing: %u invoices, %u households looked at ", so_far->done,
		so_far->all);
	fflush(ctl->err);
}

static enum ctl_exit close_print(struct ctl *ctl, const char *month,
				 const struct message_desk_is *is, struct listing *l)
{
	bool again = is->answer == DESK_REPEATED;

	if (ctl->json)
		return ctl_json(ctl, CTL_DONE,
				json_pack("{s:s, s:b, s:i, s:i, s:o, s:s, s:o}", "period", month,
					  "closed_before", again, "invoice_count", (int)l->invoices,
					  "credit_note_count", (int)l->notes, "payable_minor",
					  json_minor(l->payable), "currency", CURRENCY, "invoices",
					  l->array));
	if (again)
		ctl_say(ctl, "%s was closed before; this is what it made:", month);
	else
		ctl_say(ctl, "%s is closed; every sum holds.", month);
	return listing_print(ctl, l, "No invoice: nobody bought enough for one.");
}

static enum ctl_exit invoice_close(struct ctl *ctl)
{
	struct message_desk_is is;
	struct period period;
	struct listing l;
	const char *word;
	union message m;
	int fd = -1;
	enum ctl_exit code = args_read(ctl, NULL, 0, &word, 1, 1);

	if (code == CTL_DONE)
		code = period_read(ctl, word, &period);
	if (code == CTL_DONE)
		code = desk_begin(ctl, &(struct desk_options){0}, DESK_CLOSE, &m);
	if (code == CTL_DONE)
		code = shop_connect(ctl, &fd);
	if (code != CTL_DONE)
		return code;
	m.desk.period = period.n;
	code = desk_send(ctl, fd, &m, close_progress, &is);
	close(fd);
	if (isatty(fileno(ctl->err)) == 1)
		fprintf(ctl->err, "\r%60s\r", "");
	if (code == CTL_DONE)
		code = listing_read(ctl, period, &l);
	return code == CTL_DONE ? close_print(ctl, word, &is, &l) : code;
}

/* --- one of them */

static void line_cells(struct table *t, const struct paper_line *l)
{
	char day[DAY_TEXT_SIZE], quantity[QUANTITY_TEXT_SIZE], price[MONEY_TEXT_SIZE],
		gross[MONEY_TEXT_SIZE], deposit[MONEY_TEXT_SIZE];

	day_words(l->bought, day);
	quantity_words(l->quantity_milli, quantity);
	money_text(l->unit_price, price);
	money_text(l->gross, gross);
	money_text(l->deposit, deposit);
	table_cell(t, "%s", day);
	table_cell(t, "%s", l->name);
	table_cell(t, "%s", quantity);
	table_cell(t, "%s", price);
	table_cell(t, "%s", gross);
	table_cell(t, "%s", deposit);
	table_cell(t, "%d.%02d %%", l->vat_bp / 100, l->vat_bp % 100);
	table_cell(t, "%s", l->late ? "late" : "");
}

static enum ctl_exit show_people(struct ctl *ctl, const struct shop_rules *s,
				 const struct invoice_row *row, const struct paper *p)
{
	static const char *const title[] = {"bought", "name",	  ">pieces", ">price",
					    ">goods", ">deposit", ">VAT",    "remarks"};
	char base[MONEY_TEXT_SIZE], vat[MONEY_TEXT_SIZE], rounding[MONEY_TEXT_SIZE],
		payable[MONEY_TEXT_SIZE], left[MONEY_TEXT_SIZE];
	struct table table;
	enum ctl_exit code;

	invoice_table(&table);
	invoice_cells(&table, s, row);
	code = table_print(ctl, &table, "");
	fputc('\n', ctl->out);
	table_init(&table, title, ARRAY_LEN(title));
	for (uint32_t i = 0; i < p->lines; i++)
		line_cells(&table, &p->line[i]);
	if (code == CTL_DONE)
		code = table_print(ctl, &table, "No line.");
	for (uint32_t i = 0; i < row->rates; i++) {
		money_text(row->rate[i].base, base);
		money_text(row->rate[i].vat, vat);
		ctl_say(ctl, "VAT %d.%02d %% of %s: %s", row->rate[i].vat_bp / 100,
			row->rate[i].vat_bp % 100, base, vat);
	}
	money_text(row->rounding, rounding);
	money_text(row->payable, payable);
	money_text(invoice_left(row), left);
	ctl_say(ctl, "rounding %s, to pay %s " CURRENCY ", of it still open %s", rounding, payable,
		left);
	return code;
}

static enum ctl_exit show(struct ctl *ctl, const struct shop_rules *s,
			  const struct invoice_row *row, const struct paper *p)
{
	json_t *value, *lines;

	if (!ctl->json)
		return show_people(ctl, s, row, p);
	value = invoice_json(s, row);
	lines = json_array();
	for (uint32_t i = 0; i < p->lines; i++)
		json_array_append_new(lines, invoice_line_json(&p->line[i]));
	json_object_set_new(value, "lines", lines);
	return ctl_json(ctl, CTL_DONE, value);
}

static enum ctl_exit invoice_show(struct ctl *ctl)
{
	struct shop_rules rules = shop_rules(ctl);
	struct paper *paper = NULL;
	struct invoice_row row;
	struct invoice_id id;
	struct reader *r = NULL;
	const char *word;
	enum ctl_exit code = args_read(ctl, NULL, 0, &word, 1, 1);
	int found;

	if (code == CTL_DONE)
		code = number_read(ctl, &rules, word, &id);
	if (code == CTL_DONE)
		code = read_open(ctl, &r);
	if (code != CTL_DONE)
		return code;
	found = reader_invoice(r, id, &row);
	if (found > 0)
		found = reader_paper(r, id, &paper);
	if (found < 0)
		code = read_failed(ctl, "ledger.db", found);
	else if (found == 0)
		code = ctl_fail(ctl, CTL_REFUSED, "there is no invoice %s", word);
	else
		code = show(ctl, &rules, &row, paper);
	free(paper);
	reader_close(r);
	return code;
}

/* --- credit */

static enum ctl_exit credit_of(struct ctl *ctl, const struct shop_rules *s,
			       const char *const word[2], union message *m)
{
	struct invoice_id invoice;
	struct visit_id visit;
	enum ctl_exit code;

	if (!word[1]) {
		code = number_read(ctl, s, word[0], &invoice);
		m->desk.invoice = code == CTL_DONE ? invoice.n : 0;
		return code;
	}
	code = visit_read(ctl, word[0], &visit);
	if (code != CTL_DONE)
		return code;
	if (!name_valid(word[1], (uint32_t)strnlen(word[1], NAME_MAX_LEN + 1)))
		return ctl_usage(ctl, "'%.40s' is no line's key: see `shopctl --json visit %s`",
				 word[1], word[0]);
	m->desk.visit = visit.n;
	snprintf(m->desk.line, sizeof(m->desk.line), "%s", word[1]);
	return CTL_DONE;
}

static enum ctl_exit credit_print(struct ctl *ctl, const struct shop_rules *s,
				  const struct message_desk_is *is)
{
	struct invoice_id note = {is->invoice};
	char number[NUMBER_TEXT_SIZE];
	bool again = is->answer == DESK_REPEATED;

	if (ctl->json)
		return ctl_json(ctl, CTL_DONE,
				json_pack("{s:o, s:I, s:b}", "number", json_number(s, note), "seq",
					  (json_int_t)is->seq, "repeated", again));
	number_words(s, note, number);
	if (note.n == 0)
		ctl_say(ctl, "Credited%s: the line was on no invoice and will be on none.",
			again ? " before" : "");
	else
		ctl_say(ctl, "Credited%s by %s.", again ? " before" : "", number);
	return CTL_DONE;
}

static enum ctl_exit invoice_credit(struct ctl *ctl)
{
	struct shop_rules rules = shop_rules(ctl);
	struct desk_options o = {0};
	const char *word[2], *reason = NULL;
	const struct option options[] = {{"--reason", &reason, NULL},
					 {"--why", &o.why, NULL},
					 {"--key", &o.key, NULL},
					 {"--by", &o.by, NULL}};
	enum credit_reason parsed = CREDIT_WRONG_LINE;
	struct message_desk_is is;
	union message m;
	enum ctl_exit code = args_read(ctl, options, ARRAY_LEN(options), word, 1, 2);

	if (code != CTL_DONE)
		return code;
	if (!reason || !credit_reason_parse(reason, &parsed))
		return ctl_usage(ctl, "--reason is one of wrong_line, broken, price, goodwill");
	code = desk_begin(ctl, &o, DESK_CREDIT, &m);
	if (code == CTL_DONE)
		code = credit_of(ctl, &rules, word, &m);
	if (code != CTL_DONE)
		return code;
	m.desk.word = parsed;
	code = desk_call(ctl, &m, &is);
	return code == CTL_DONE ? credit_print(ctl, &rules, &is) : code;
}

enum ctl_exit shopctl_invoice(struct ctl *ctl)
{
	static const struct verb verbs[] = {{"list", invoice_list},
					    {"show", invoice_show},
					    {"close", invoice_close},
					    {"credit", invoice_credit},
					    {"render", shopctl_render}};

	return ctl_verb(ctl, verbs, ARRAY_LEN(verbs), NULL);
}
