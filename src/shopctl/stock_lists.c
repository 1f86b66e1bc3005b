/*
 * stock_lists.c: what moved the stock, what expires, what has to be ordered, and what counts have
 * found missing: with the number of visits since the count before, which is a question and accuses
 * nobody.
 */
#include <stdlib.h>

#include "ledger/read_order.h"
#include "shopctl/args.h"
#include "shopctl/cmd_stock.h"
#include "shopctl/listing.h"

#define MOVEMENTS_MAX 100000
#define LOTS_LISTED   10000
#define EXPIRING_DAYS 7

static void movement_add(struct listing *l, const struct movement_row *m)
{
	char visit[VISIT_TEXT_SIZE];

	if (l->array) {
		json_array_append_new(
			l->array,
			json_pack("{s:I, s:o, s:o, s:s, s:o, s:I, s:o, s:s, s:o, s:o, s:o, s:o, "
				  "s:o, s:o}",
				  "seq", (json_int_t)m->seq, "at", json_wall(m->at.ms), "day",
				  json_day(m->day), "kind", movement_word(m->kind), "gtin",
				  json_gtin(m->gtin), "quantity", (json_int_t)m->quantity_milli,
				  "value_minor", json_minor(m->value), "currency", CURRENCY, "lot",
				  json_text_or_null(m->lot), "use_by", json_day(m->use_by),
				  "best_before", json_day(m->best_before), "why",
				  json_text_or_null(m->why), "by", json_text_or_null(m->by),
				  "visit", json_visit(m->visit)));
		return;
	}
	visit_text(m->visit, visit);
	table_cell(&l->table, "%llu", (unsigned long long)m->seq);
	wall_cell(&l->table, m->at);
	table_cell(&l->table, "%s", movement_word(m->kind));
	gtin_cell(&l->table, m->gtin);
	quantity_cell(&l->table, m->quantity_milli);
	money_cell(&l->table, m->value);
	day_cell(&l->table, m->use_by.n ? m->use_by : m->best_before);
	table_cell(&l->table, "%s", m->lot[0] ? m->lot : "-");
	table_cell(&l->table, "%s", m->visit.n ? visit : m->by[0] ? m->by : "-");
	table_cell(&l->table, "%s", m->why);
}

/** `max` rows behind `after`; with no --after and no --json the newest are not known without
 * reading all, so they are read from the start. */
static int movements_read(struct listing *l, struct gtin gtin, uint64_t after, uint64_t max)
{
	struct movement_row *row = calloc(LISTING_PAGE, sizeof(*row));
	int n = LISTING_PAGE;

	CHECK(row);
	while (n == LISTING_PAGE && max > 0) {
		uint32_t page = max < LISTING_PAGE ? (uint32_t)max : LISTING_PAGE;

		n = reader_movements(l->reader, gtin, after, row, page);
		for (int i = 0; i < n; i++)
			movement_add(l, &row[i]);
		if (n > 0)
			after = row[n - 1].seq;
		max -= n > 0 ? (uint64_t)n : 0;
	}
	free(row);
	return n;
}

enum ctl_exit stock_movements(struct ctl *ctl)
{
	static const char *const title[] = {">seq",   "at",   "what", "gtin", ">quantity",
					    ">value", "date", "lot",  "by",   "why"};
	const char *word, *after = NULL, *most = NULL;
	const struct option options[] = {{"--after", &after, NULL}, {"--max", &most, NULL}};
	uint64_t from = 0, max = MOVEMENTS_MAX;
	struct gtin gtin = {0};
	struct listing l;
	enum ctl_exit code = args_read(ctl, options, ARRAY_LEN(options), &word, 0, 1);

	if (code == CTL_DONE && word)
		code = gtin_read(ctl, word, &gtin);
	if (code != CTL_DONE)
		return code;
	if (after && !digits_read(after, INT64_MAX, &from))
		return ctl_usage(ctl, "--after takes an entry's number");
	if (most && (!digits_read(most, MOVEMENTS_MAX, &max) || max == 0))
		return ctl_usage(ctl, "--max is 1 to %d", MOVEMENTS_MAX);
	code = listing_begin(ctl, title, ARRAY_LEN(title), &l);
	if (code != CTL_DONE)
		return code;
	return listing_end(&l, movements_read(&l, gtin, from, max), "No movement.");
}

/* --- what expires, what runs low, what is missing */

static void lot_add(struct listing *l, const struct lot_row *row)
{
	char name[ARTICLE_NAME_MAX + 1];

	article_name(l->reader, row->gtin, name);
	if (l->array) {
		json_array_append_new(l->array, json_pack("{s:o, s:o, s:o, s:o, s:o, s:I}", "gtin",
							  json_gtin(row->gtin), "name",
							  json_text_or_null(name), "lot",
							  json_text_or_null(row->lot), "use_by",
							  json_day(row->use_by), "best_before",
							  json_day(row->best_before), "left",
							  (json_int_t)row->left_milli));
		return;
	}
	day_cell(&l->table, row->use_by);
	day_cell(&l->table, row->best_before);
	gtin_cell(&l->table, row->gtin);
	table_cell(&l->table, "%s", name);
	table_cell(&l->table, "%s", row->lot[0] ? row->lot : "-");
	quantity_cell(&l->table, row->left_milli);
}

enum ctl_exit stock_expiring(struct ctl *ctl)
{
	static const char *const title[] = {"use by", "best before", "gtin",
					    "name",   "lot",	     ">at most left"};
	struct shop_rules rules = shop_rules(ctl);
	uint64_t days = EXPIRING_DAYS;
	struct lot_row *row;
	struct listing l;
	const char *word;
	int n;
	enum ctl_exit code = args_read(ctl, NULL, 0, &word, 0, 1);

	if (code != CTL_DONE)
		return code;
	if (word && !digits_read(word, 3650, &days))
		return ctl_usage(ctl, "'%.40s' is no number of days: 0 to 3650", word);
	code = listing_begin(ctl, title, ARRAY_LEN(title), &l);
	if (code != CTL_DONE)
		return code;
	row = calloc(LOTS_LISTED, sizeof(*row));
	CHECK(row);
	n = reader_lots(l.reader, (struct day){rules.today.n + (int32_t)days}, row, LOTS_LISTED);
	for (int i = 0; i < n; i++)
		lot_add(&l, &row[i]);
	free(row);
	return listing_end(&l, n, "Nothing that was delivered with a date expires so soon.");
}

static void order_add(struct listing *l, const struct reorder_row *row, int64_t on_hand)
{
	if (l->array) {
		json_array_append_new(l->array, json_pack("{s:o, s:o, s:I, s:I}", "gtin",
							  json_gtin(row->gtin), "name",
							  json_text_or_null(row->name), "on_hand",
							  (json_int_t)on_hand, "reorder_at",
							  (json_int_t)row->reorder_milli));
		return;
	}
	gtin_cell(&l->table, row->gtin);
	table_cell(&l->table, "%s", row->name);
	quantity_cell(&l->table, on_hand);
	quantity_cell(&l->table, row->reorder_milli);
}

/** Asks of each article that has a reorder point how much there is of it. */
static int orders_read(struct listing *l)
{
	struct reorder_row *row = calloc(LISTING_PAGE, sizeof(*row));
	struct gtin after = {0};
	struct stock_row stock;
	int n = LISTING_PAGE, found = 0;

	CHECK(row);
	while (n == LISTING_PAGE && found >= 0) {
		n = reader_reorders(l->reader, after, row, LISTING_PAGE);
		for (int i = 0; i < n && found >= 0; i++) {
			stock = (struct stock_row){0};
			found = reader_stock_one(l->reader, row[i].gtin, &stock);
			if (found >= 0 && stock.on_hand_milli <= row[i].reorder_milli)
				order_add(l, &row[i], stock.on_hand_milli);
		}
		if (n > 0)
			after = row[n - 1].gtin;
	}
	free(row);
	return found < 0 ? found : n;
}

enum ctl_exit stock_order(struct ctl *ctl)
{
	static const char *const title[] = {"gtin", "name", ">on hand", ">order at"};
	struct listing l;
	enum ctl_exit code = args_read(ctl, NULL, 0, NULL, 0, 0);

	if (code == CTL_DONE)
		code = listing_begin(ctl, title, ARRAY_LEN(title), &l);
	if (code != CTL_DONE)
		return code;
	return listing_end(&l, orders_read(&l), "Nothing has to be ordered.");
}

static void shrink_add(struct listing *l, const struct shrink_row *s)
{
	char name[ARTICLE_NAME_MAX + 1];

	article_name(l->reader, s->gtin, name);
	if (l->array) {
		json_array_append_new(
			l->array,
			json_pack("{s:I, s:o, s:o, s:o, s:I, s:o, s:s, s:i}", "seq",
				  (json_int_t)s->seq, "at", json_wall(s->at.ms), "gtin",
				  json_gtin(s->gtin), "name", json_text_or_null(name), "missing",
				  (json_int_t)s->missing_milli, "value_minor", json_minor(s->value),
				  "currency", CURRENCY, "visits", (int)s->visits));
		return;
	}
	wall_cell(&l->table, s->at);
	gtin_cell(&l->table, s->gtin);
	table_cell(&l->table, "%s", name);
	quantity_cell(&l->table, s->missing_milli);
	money_cell(&l->table, s->value);
	table_cell(&l->table, "%u", s->visits);
}

enum ctl_exit stock_shrink(struct ctl *ctl)
{
	static const char *const title[] = {"counted",	"gtin",	  "name",
					    ">missing", ">value", ">visits since the count before"};
	struct shrink_row *row;
	uint64_t after = 0;
	struct listing l;
	int n = LISTING_PAGE;
	enum ctl_exit code = args_read(ctl, NULL, 0, NULL, 0, 0);

	if (code == CTL_DONE)
		code = listing_begin(ctl, title, ARRAY_LEN(title), &l);
	if (code != CTL_DONE)
		return code;
	row = calloc(LISTING_PAGE, sizeof(*row));
	CHECK(row);
	while (n == LISTING_PAGE) {
		n = reader_shrink(l.reader, after, row, LISTING_PAGE);
		for (int i = 0; i < n; i++)
			shrink_add(&l, &row[i]);
		if (n > 0)
			after = row[n - 1].seq;
	}
	free(row);
	return listing_end(&l, n, "No count has found anything missing.");
}
