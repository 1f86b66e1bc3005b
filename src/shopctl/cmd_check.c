/*
 * cmd_check.c: visits that were picked for a look, and what shoppers say was wrong. Both are
 * questions: a check ends with what the owner found, a report with a credit or with the check's
 * result. Nobody is held, and nobody is accused by a list.
 */
#include <stdlib.h>
#include <string.h>

#include "shopctl/args.h"
#include "shopctl/listing.h"
#include "shopctl/read.h"

static void check_add(struct listing *l, const struct check_row *c)
{
	char visit[VISIT_TEXT_SIZE];

	if (l->array) {
		json_array_append_new(
			l->array,
			json_pack("{s:o, s:I, s:o, s:s, s:s, s:o, s:o}", "visit",
				  json_visit(c->visit), "seq", (json_int_t)c->seq, "picked_at",
				  json_wall(c->picked_at.ms), "state", check_state_word(c->state),
				  "reason", check_reason_word(c->reason), "why",
				  json_text_or_null(c->why), "by", json_text_or_null(c->by)));
		return;
	}
	visit_text(c->visit, visit);
	table_cell(&l->table, "%s", visit);
	wall_cell(&l->table, c->picked_at);
	table_cell(&l->table, "%s", check_reason_word(c->reason));
	table_cell(&l->table, "%s", check_state_word(c->state));
	table_cell(&l->table, "%s", c->by[0] ? c->by : "-");
	table_cell(&l->table, "%s", c->why);
}

static enum ctl_exit check_list(struct ctl *ctl)
{
	static const char *const title[] = {"visit", "picked", "for", "state", "by", "why"};
	bool all = false;
	const struct option options[] = {{"--all", NULL, &all}};
	struct visit_id after = {0};
	struct check_row *row;
	struct listing l;
	int n = LISTING_PAGE;
	enum ctl_exit code = args_read(ctl, options, ARRAY_LEN(options), NULL, 0, 0);

	if (code == CTL_DONE)
		code = listing_begin(ctl, title, ARRAY_LEN(title), &l);
	if (code != CTL_DONE)
		return code;
	row = calloc(LISTING_PAGE, sizeof(*row));
	CHECK(row);
	while (n == LISTING_PAGE) {
		n = reader_checks(l.reader, !all, after, row, LISTING_PAGE);
		for (int i = 0; i < n; i++)
			check_add(&l, &row[i]);
		if (n > 0)
			after = row[n - 1].visit;
	}
	free(row);
	return listing_end(&l, n,
			   all ? "No visit was ever picked." : "No visit waits for a check.");
}

static enum ctl_exit check_send(struct ctl *ctl, const char *visit, enum check_state state,
				const struct desk_options *o)
{
	struct message_desk_is is;
	struct visit_id id;
	union message m;
	enum ctl_exit code = visit_read(ctl, visit, &id);

	if (code == CTL_DONE)
		code = desk_begin(ctl, o, DESK_CHECK, &m);
	if (code != CTL_DONE)
		return code;
	m.desk.visit = id.n;
	m.desk.word = state;
	code = desk_call(ctl, &m, &is);
	if (code != CTL_DONE)
		return code;
	if (ctl->json)
		return ctl_json(ctl, CTL_DONE,
				json_pack("{s:o, s:s, s:I, s:b}", "visit", json_visit(id), "state",
					  check_state_word(state), "seq", (json_int_t)is.seq,
					  "repeated", is.answer == DESK_REPEATED));
	ctl_say(ctl, "%s%s.",
		state == CHECK_PICKED ? "Picked: look at its pictures, or count what it took"
				      : "Recorded",
		is.answer == DESK_REPEATED ? ", as before" : "");
	return CTL_DONE;
}

static enum ctl_exit check_record(struct ctl *ctl)
{
	struct desk_options o = {0};
	const struct option options[] = {{"--why", &o.why, NULL}, {"--by", &o.by, NULL}};
	enum check_state state = CHECK_PICKED;
	const char *word[2];
	enum ctl_exit code = args_read(ctl, options, ARRAY_LEN(options), word, 2, 2);

	if (code != CTL_DONE)
		return code;
	if (!check_state_parse(word[1], &state) || state == CHECK_PICKED)
		return ctl_usage(ctl, "'%.40s' is no result: passed, failed or waived", word[1]);
	return check_send(ctl, word[0], state, &o);
}

static enum ctl_exit check_pick(struct ctl *ctl)
{
	struct desk_options o = {0};
	const struct option options[] = {{"--why", &o.why, NULL}, {"--by", &o.by, NULL}};
	const char *word;
	enum ctl_exit code = args_read(ctl, options, ARRAY_LEN(options), &word, 1, 1);

	return code == CTL_DONE ? check_send(ctl, word, CHECK_PICKED, &o) : code;
}

enum ctl_exit shopctl_check(struct ctl *ctl)
{
	static const struct verb verbs[] = {
		{"list", check_list}, {"record", check_record}, {"pick", check_pick}};

	return ctl_verb(ctl, verbs, ARRAY_LEN(verbs), check_list);
}

/* --- reports */

static void report_add(struct listing *l, const struct reported_row *o)
{
	char visit[VISIT_TEXT_SIZE];

	if (l->array) {
		json_array_append_new(
			l->array,
			json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:s, s:o, s:o}", "seq",
				  (json_int_t)o->seq, "at", json_wall(o->at.ms), "visit",
				  json_visit(o->visit), "key", json_clean(o->key.text), "gtin",
				  json_gtin(o->gtin), "name", json_clean(o->name), "total_minor",
				  json_minor(o->total), "currency", CURRENCY, "reason",
				  credit_reason_word(o->reason), "why", json_text_or_null(o->why),
				  "answered",
				  o->answered ? json_integer((json_int_t)o->answered)
					      : json_null()));
		return;
	}
	visit_text(o->visit, visit);
	wall_cell(&l->table, o->at);
	table_cell(&l->table, "%s", visit);
	table_cell(&l->table, "%s", o->key.text);
	table_cell(&l->table, "%s", o->name);
	money_cell(&l->table, o->total);
	table_cell(&l->table, "%s", credit_reason_word(o->reason));
	table_cell(&l->table, "%s", o->answered ? "answered" : "waits");
	table_cell(&l->table, "%s", o->why);
}

static enum ctl_exit report_list(struct ctl *ctl)
{
	static const char *const title[] = {"at",	    "visit",	"line's key", "article",
					    (">" CURRENCY), "reported", "state",      "why"};
	bool all = false;
	const struct option options[] = {{"--all", NULL, &all}};
	struct reported_row *row;
	uint64_t after = 0;
	struct listing l;
	int n = LISTING_PAGE;
	enum ctl_exit code = args_read(ctl, options, ARRAY_LEN(options), NULL, 0, 0);

	if (code == CTL_DONE)
		code = listing_begin(ctl, title, ARRAY_LEN(title), &l);
	if (code != CTL_DONE)
		return code;
	row = calloc(LISTING_PAGE, sizeof(*row));
	CHECK(row);
	while (n == LISTING_PAGE) {
		n = reader_reported(l.reader, !all, after, row, LISTING_PAGE);
		for (int i = 0; i < n; i++)
			report_add(&l, &row[i]);
		if (n > 0)
			after = row[n - 1].seq;
	}
	free(row);
	return listing_end(&l, n, all ? "Nothing was ever reported." : "No report waits.");
}

enum ctl_exit shopctl_report(struct ctl *ctl)
{
	static const struct verb verbs[] = {{"list", report_list}};

	return ctl_verb(ctl, verbs, ARRAY_LEN(verbs), report_list);
}
