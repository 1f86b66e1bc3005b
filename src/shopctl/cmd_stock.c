/*
 * cmd_stock.c: what stands on the shelves and what it is worth. All of it is read from the books;
 * the other lists stand in stock_lists.c, what changes the shelves in stock_move.c. On hand may be
 * negative: more was sold than the books knew of, and a count puts it right.
 */
#include "shopctl/cmd_stock.h"

#include <stdlib.h>

#include "shopctl/args.h"
#include "shopctl/listing.h"
#include "shopctl/read.h"

static const char *const stock_title[] = {"gtin",   "name",	  ">on hand", ">order at",
					  ">value", ">last cost", "counted",  ">missing then"};

static void stock_add(struct listing *l, const struct stock_row *s)
{
	struct product p = {.name = ""};
	bool known = reader_product(l->reader, s->gtin, &p) > 0;
	int64_t reorder = known ? (int64_t)p.reorder * 1000 : 0;

	if (l->array) {
		json_array_append_new(
			l->array,
			json_pack("{s:o, s:o, s:I, s:o, s:o, s:o, s:s, s:o, s:I}", "gtin",
				  json_gtin(s->gtin), "name", json_text_or_null(p.name), "on_hand",
				  (json_int_t)s->on_hand_milli, "reorder_at",
				  reorder ? json_integer(reorder) : json_null(), "value_minor",
				  json_minor(s->value), "unit_cost_minor", json_minor(s->unit_cost),
				  "currency", CURRENCY, "counted_at", json_wall(s->counted_at.ms),
				  "shrunk", (json_int_t)s->shrunk_milli));
		return;
	}
	gtin_cell(&l->table, s->gtin);
	table_cell(&l->table, "%s", known ? p.name : "(not in the price list)");
	quantity_cell(&l->table, s->on_hand_milli);
	if (reorder)
		quantity_cell(&l->table, reorder);
	else
		table_cell(&l->table, "-");
	money_cell(&l->table, s->value);
	money_cell(&l->table, s->unit_cost);
	wall_cell(&l->table, s->counted_at);
	quantity_cell(&l->table, s->shrunk_milli);
}

static enum ctl_exit stock_list(struct ctl *ctl)
{
	struct gtin after = {0};
	struct stock_row *row;
	struct listing l;
	int n = LISTING_PAGE;
	enum ctl_exit code = args_read(ctl, NULL, 0, NULL, 0, 0);

	if (code == CTL_DONE)
		code = listing_begin(ctl, stock_title, ARRAY_LEN(stock_title), &l);
	if (code != CTL_DONE)
		return code;
	row = calloc(LISTING_PAGE, sizeof(*row));
	CHECK(row);
	while (n == LISTING_PAGE) {
		n = reader_stock(l.reader, after, row, LISTING_PAGE);
		for (int i = 0; i < n; i++)
			stock_add(&l, &row[i]);
		if (n > 0)
			after = row[n - 1].gtin;
	}
	free(row);
	return listing_end(&l, n, "Nothing was ever delivered, sold or counted.");
}

static enum ctl_exit stock_show(struct ctl *ctl)
{
	struct stock_row row;
	struct listing l;
	struct gtin gtin;
	const char *word;
	json_t *value;
	int found;
	enum ctl_exit code = args_read(ctl, NULL, 0, &word, 1, 1);

	if (code == CTL_DONE)
		code = gtin_read(ctl, word, &gtin);
	if (code == CTL_DONE)
		code = listing_begin(ctl, stock_title, ARRAY_LEN(stock_title), &l);
	if (code != CTL_DONE)
		return code;
	found = reader_stock_one(l.reader, gtin, &row);
	if (found > 0)
		stock_add(&l, &row);
	if (found != 0 && !(ctl->json && found > 0))
		return listing_end(&l, found, "");
	reader_close(l.reader);
	if (!ctl->json)
		table_free(&l.table);
	value = l.array ? json_incref(json_array_get(l.array, 0)) : NULL;
	json_decref(l.array);
	if (found == 0) {
		json_decref(value);
		return ctl_fail(ctl, CTL_REFUSED, "%s was never delivered, sold or counted", word);
	}
	return ctl_json(ctl, CTL_DONE, value);
}

/** The worth of all, at cost. What is on hand below nothing is worth nothing. */
static enum ctl_exit stock_value(struct ctl *ctl)
{
	struct stock_row *row = calloc(LISTING_PAGE, sizeof(*row));
	struct money sum = MONEY_ZERO, more;
	uint32_t articles = 0, negative = 0;
	struct gtin after = {0};
	struct reader *r = NULL;
	char text[MONEY_TEXT_SIZE];
	int n = LISTING_PAGE;
	enum ctl_exit code = args_read(ctl, NULL, 0, NULL, 0, 0);

	CHECK(row);
	if (code == CTL_DONE)
		code = read_open(ctl, &r);
	while (code == CTL_DONE && n == LISTING_PAGE) {
		n = reader_stock(r, after, row, LISTING_PAGE);
		if (n < 0)
			code = read_failed(ctl, "ledger.db", n);
		for (int i = 0; i < n; i++) {
			articles += row[i].on_hand_milli > 0;
			negative += row[i].on_hand_milli < 0;
			if (money_add(sum, row[i].value, &more))
				sum = more;
		}
		if (n > 0)
			after = row[n - 1].gtin;
	}
	if (r)
		reader_close(r);
	free(row);
	if (code != CTL_DONE)
		return code;
	if (ctl->json)
		return ctl_json(ctl, CTL_DONE,
				json_pack("{s:o, s:s, s:i, s:i}", "value_minor", json_minor(sum),
					  "currency", CURRENCY, "articles", (int)articles,
					  "negative", (int)negative));
	money_text(sum, text);
	ctl_say(ctl, "%s " CURRENCY " at cost, %u articles on hand, %u below nothing", text,
		articles, negative);
	return CTL_DONE;
}

enum ctl_exit shopctl_stock(struct ctl *ctl)
{
	static const struct verb verbs[] = {
		{"list", stock_list},	      {"show", stock_show},
		{"deliver", stock_deliver},   {"count", stock_count},
		{"waste", stock_waste},	      {"own-use", stock_own_use},
		{"scan", stock_scan},	      {"movements", stock_movements},
		{"expiring", stock_expiring}, {"order", stock_order},
		{"value", stock_value},	      {"shrink", stock_shrink}};

	return ctl_verb(ctl, verbs, ARRAY_LEN(verbs), NULL);
}
