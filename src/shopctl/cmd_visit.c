/* cmd_visit.c: visits and what was taken in them, as the ledger has them. */
#include <stdlib.h>
#include <string.h>

#include "shopctl/args.h"
#include "shopctl/read.h"
#include "shopctl/text.h"

static json_t *visit_json(const struct visit *v)
{
	char id[VISIT_TEXT_SIZE];

	visit_text(v->id, id);
	return json_pack("{s:s, s:o, s:o, s:s, s:o, s:o, s:o, s:i, s:i, s:I, s:s}", "visit", id,
			 "customer", json_hex(v->customer.byte, sizeof(v->customer.byte)), "place",
			 json_text_or_null(v->place.name), "state", v->over ? "closed" : "open",
			 "end", v->over ? json_string(visit_end_word(v->end)) : json_null(),
			 "opened_at", json_wall(v->opened_at.ms), "closed_at",
			 v->over ? json_wall(v->closed_at.ms) : json_null(), "line_count",
			 (int)v->lines, "price_version", (int)v->price_version, "total_minor",
			 (json_int_t)money_minor(v->total), "currency", CURRENCY);
}

static json_t *line_json(const struct line *l)
{
	return json_pack("{s:o, s:o, s:o, s:i, s:I, s:I, s:i, s:s, s:b, s:b, s:o, s:o, s:o}", "key",
			 json_clean(l->key.text), "gtin", json_gtin(l->gtin), "name",
			 json_clean(l->name), "quantity", (int)l->quantity_milli,
			 "unit_price_minor", (json_int_t)money_minor(l->unit_price), "total_minor",
			 (json_int_t)money_minor(l->total), "vat_bp", (int)l->vat_bp, "class",
			 article_class_word(l->class), "voided", l->voided, "late", l->late, "at",
			 json_wall(l->at.ms), "scanned_at", json_wall(l->scanned_at.ms), "customer",
			 json_hex(l->customer.byte, sizeof(l->customer.byte)));
}

static void visit_row(struct table *table, const struct visit *v)
{
	char id[VISIT_TEXT_SIZE], customer[33], at[WALL_PEOPLE_SIZE], total[MONEY_TEXT_SIZE];

	visit_text(v->id, id);
	hex_text(v->customer.byte, sizeof(v->customer.byte), customer);
	money_text(v->total, total);
	wall_people(v->opened_at.ms, at);
	table_cell(table, "%s", id);
	table_cell(table, "%s", customer);
	table_cell(table, "%s", v->place.name[0] ? v->place.name : "-");
	table_cell(table, "%s", at);
	table_cell(table, "%s", v->over ? visit_end_word(v->end) : "open");
	table_cell(table, "%u", v->lines);
	table_cell(table, "%s", total);
}

#define VISITS_MAX 1000

static enum ctl_exit visits_print(struct ctl *ctl, const struct visit *visit, int visits)
{
	static const char *const title[] = {"visit", "customer", "place",	"opened",
					    "ended", ">lines",	 (">" CURRENCY)};
	struct table table;
	json_t *array = json_array();

	if (ctl->json) {
		for (int i = 0; i < visits; i++)
			json_array_append_new(array, visit_json(&visit[i]));
		return ctl_json(ctl, CTL_DONE, array);
	}
	json_decref(array);
	table_init(&table, title, ARRAY_LEN(title));
	for (int i = 0; i < visits; i++)
		visit_row(&table, &visit[i]);
	return table_print(ctl, &table, "No visit yet.");
}

static enum ctl_exit visit_list(struct ctl *ctl, struct reader *r, uint32_t max)
{
	struct visit *visit = calloc(max, sizeof(*visit));

	if (!visit)
		return ctl_fail(ctl, CTL_INTERNAL, "out of memory");
	int n = reader_visits(r, visit, max);
	enum ctl_exit code = n < 0 ? read_failed(ctl, "ledger.db", n) : visits_print(ctl, visit, n);

	free(visit);
	return code;
}

static enum ctl_exit visit_lines(struct ctl *ctl, const struct visit *v, const struct line *line,
				 uint32_t lines)
{
	static const char *const title[] = {"gtin",   "name",	      ">pieces",
					    ">price", (">" CURRENCY), "remarks"};
	struct table table;

	table_init(&table, title, ARRAY_LEN(title));
	for (uint32_t i = 0; i < lines; i++) {
		char gtin[GTIN_TEXT_MAX + 1], price[MONEY_TEXT_SIZE], total[MONEY_TEXT_SIZE];

		gtin_text(line[i].gtin, gtin);
		money_text(line[i].unit_price, price);
		money_text(line[i].total, total);
		table_cell(&table, "%s", gtin);
		table_cell(&table, "%s", line[i].name);
		table_cell(&table, "%d.%03d", line[i].quantity_milli / 1000,
			   line[i].quantity_milli % 1000);
		table_cell(&table, "%s", price);
		table_cell(&table, "%s", total);
		table_cell(&table, "%s%s", line[i].voided ? "voided " : "",
			   line[i].late ? "late" : "");
	}
	char total[MONEY_TEXT_SIZE];
	enum ctl_exit code = table_print(ctl, &table, "Nothing was taken.");

	money_text(v->total, total);
	ctl_say(ctl, "total %s " CURRENCY, total);
	return code;
}

static enum ctl_exit visit_print(struct ctl *ctl, const struct visit *v, const struct line *line,
				 uint32_t lines)
{
	static const char *const title[] = {"visit", "customer", "place",	"opened",
					    "ended", ">lines",	 (">" CURRENCY)};
	struct table table;

	if (ctl->json) {
		json_t *value = visit_json(v), *array = json_array();

		for (uint32_t i = 0; i < lines; i++)
			json_array_append_new(array, line_json(&line[i]));
		json_object_set_new(value, "lines", array);
		return ctl_json(ctl, CTL_DONE, value);
	}
	table_init(&table, title, ARRAY_LEN(title));
	visit_row(&table, v);
	enum ctl_exit code = table_print(ctl, &table, "");

	fputc('\n', ctl->out);
	return code == CTL_DONE ? visit_lines(ctl, v, line, lines) : code;
}

/** Names of all lines of the largest visit, each with its NUL. */
#define NAMES_SIZE (VISIT_LINES_MAX * (ARTICLE_NAME_MAX + 1))

static enum ctl_exit visit_show(struct ctl *ctl, struct reader *r, struct visit_id id)
{
	struct line *line = calloc(VISIT_LINES_MAX, sizeof(*line));
	char *names = malloc(NAMES_SIZE);
	struct visit visit;
	uint32_t lines = 0;
	enum ctl_exit code;

	if (line && names) {
		int found = reader_visit(r, id, NULL, &visit, line, VISIT_LINES_MAX, &lines, names,
					 NAMES_SIZE);

		if (found < 0)
			code = read_failed(ctl, "ledger.db", found);
		else if (found == 0)
			code = ctl_fail(ctl, CTL_REFUSED, "there is no such visit");
		else
			code = visit_print(ctl, &visit, line, lines);
	} else {
		code = ctl_fail(ctl, CTL_INTERNAL, "out of memory");
	}
	free(line);
	free(names);
	return code;
}

enum ctl_exit shopctl_visit(struct ctl *ctl)
{
	const char *word, *most = NULL;
	const struct option options[] = {{"--max", &most, NULL}};
	struct reader *r = NULL;
	struct visit_id id;
	uint64_t max = 20;
	enum ctl_exit code = args_read(ctl, options, ARRAY_LEN(options), &word, 0, 1);

	if (code != CTL_DONE)
		return code;
	if (most && (!digits_read(most, VISITS_MAX, &max) || max == 0))
		return ctl_usage(ctl, "--max is 1 to %d", VISITS_MAX);
	if (word && !visit_parse(word, (uint32_t)strnlen(word, 32), &id))
		return ctl_usage(ctl, "'%s' is no visit: 16 hex digits", word);
	code = read_open(ctl, &r);
	if (code != CTL_DONE)
		return code;
	code = word ? visit_show(ctl, r, id) : visit_list(ctl, r, (uint32_t)max);
	reader_close(r);
	return code;
}
