/*
 * timeline_visit.c: GET /v1/timeline/{visit}: one visit in order, from "door opened" to "billed".
 * Each step says what happened, when, and with what entry; what a step has not is null, so that a
 * page has nothing to guess.
 */
#include <stdlib.h>
#include <string.h>

#include "counterd/books.h"
#include "counterd/counter.h"
#include "counterd/problem.h"
#include "counterd/routes.h"
#include "counterd/timeline_json.h"

#define STEP_JSON_MAX  (1100 + JSON_TEXT_MAX(REASON_MAX) + JSON_TEXT_MAX(NAME_MAX_LEN))
#define LINE_JSON_MAX  (480 + JSON_TEXT_MAX(NAME_MAX_LEN) + JSON_TEXT_MAX(ARTICLE_NAME_MAX))
#define PAPER_JSON_MAX 400

struct looking {
	struct sight_whole whole;
	struct shots shots;
};

static void looking_end(void *data)
{
	struct looking *l = data;

	shots_close(&l->shots);
	free(l);
}

static void words_member(struct builder *b, const char *name, const char *text)
{
	json_member(b, name);
	json_words(b, text);
}

/* --- what stands in a step --- */

static void line_write(struct builder *b, const struct config *c, const struct sight_line *l)
{
	json_put(b, "{");
	words_member(b, "key", l->key.text);
	json_member(b, "gtin");
	json_gtin(b, l->gtin);
	json_member(b, "name");
	json_text(b, l->name);
	json_member(b, "quantity");
	json_int(b, l->quantity_milli);
	json_money(b, "unit_price_minor", l->unit_price);
	json_money(b, "deposit_minor", l->deposit);
	json_money(b, "total_minor", l->total);
	json_member(b, "vat_bp");
	json_int(b, l->vat_bp);
	json_member(b, "voided");
	json_bool(b, l->voided != 0);
	json_member(b, "credited");
	json_bool(b, l->credited != 0);
	json_member(b, "late");
	json_bool(b, l->late);
	json_member(b, "invoice");
	json_number(b, c, l->invoice);
	json_put(b, "}");
}

static const char *payment_word(const struct sight_invoice *i)
{
	struct money left = i->payable;

	if (money_compare(i->credited, MONEY_ZERO) > 0 &&
	    money_compare(i->credited, i->payable) >= 0)
		return "credited";
	if (!money_sub(left, i->credited, &left) || !money_sub(left, i->paid, &left) ||
	    money_compare(left, MONEY_ZERO) > 0)
		return money_compare(i->paid, MONEY_ZERO) > 0 ? "part_paid" : "unpaid";
	return "paid";
}

static void paper_write(struct builder *b, const struct config *c, const struct sight_invoice *i)
{
	char period[PERIOD_TEXT_SIZE];

	period_text(i->period, period);
	json_put(b, "{");
	json_member(b, "number");
	json_number(b, c, i->id);
	words_member(b, "kind", i->note ? "credit_note" : "invoice");
	words_member(b, "period", i->period.n ? period : "");
	json_member(b, "issued");
	json_day(b, i->issued);
	json_member(b, "due");
	json_day(b, i->due);
	json_money(b, "payable_minor", i->payable);
	json_money(b, "paid_minor", i->paid);
	json_money(b, "credited_minor", i->credited);
	words_member(b, "state", i->note ? "" : payment_word(i));
	json_put(b, "}");
}

static void alarm_write(struct builder *b, const struct sight_step *s)
{
	json_put(b, "{");
	json_member(b, "alarm");
	json_int(b, (int64_t)s->alarm.alarm.n);
	words_member(b, "condition", condition_word(s->alarm.condition));
	words_member(b, "state", alarm_state_word(s->alarm.state));
	words_member(b, "severity", severity_word(s->alarm.severity));
	json_put(b, "}");
}

static void told_write(struct builder *b, const struct entry_told *t)
{
	json_put(b, "{");
	json_member(b, "alarm");
	json_int(b, (int64_t)t->alarm.n);
	words_member(b, "contact", t->contact.name);
	words_member(b, "kind", text_kind_word(t->kind));
	words_member(b, "outcome", text_outcome_word(t->outcome));
	words_member(b, "road", t->outcome != TEXT_STUCK ? sms_road_word(t->road) : "");
	json_put(b, "}");
}

static void check_write(struct builder *b, const struct sight_step *s)
{
	json_put(b, "{");
	words_member(b, "state", check_state_word(s->check.state));
	words_member(b, "reason", check_reason_word(s->check.reason));
	words_member(b, "why", s->check.why);
	json_put(b, "}");
}

static void report_write(struct builder *b, const struct sight_step *s)
{
	json_put(b, "{");
	words_member(b, "reason", credit_reason_word(s->report.reason));
	words_member(b, "why", s->report.why);
	json_put(b, "}");
}

/* --- a step --- */

static const char *const kinds[SIGHT_KINDS] = {
	[SIGHT_ADMITTED] = "admitted",
	[SIGHT_DOOR] = "door",
	[SIGHT_OPENED] = "opened",
	[SIGHT_JOINED] = "joined",
	[SIGHT_LINE] = "line",
	[SIGHT_LINE_VOIDED] = "line_voided",
	[SIGHT_LINE_CREDITED] = "line_credited",
	[SIGHT_REPORTED] = "reported",
	[SIGHT_CLOSED] = "closed",
	[SIGHT_ALARM] = "alarm",
	[SIGHT_TOLD] = "told",
	[SIGHT_CHECK] = "check",
	[SIGHT_INVOICE] = "invoice",
	[SIGHT_CREDIT_NOTE] = "credit_note",
	[SIGHT_PAYMENT] = "payment",
};

static const char *road_of(enum road r)
{
	static const char *const words[ROADS] = {
		[ROAD_SCANNER] = "scanner", [ROAD_PHONE] = "phone", [ROAD_NFC] = "nfc"};

	return words[r];
}

/* The members that are one word each. */
static void step_words(struct builder *b, const struct sight_step *s)
{
	bool admitted = s->kind == SIGHT_ADMITTED, door = s->kind == SIGHT_DOOR;

	words_member(b, "place", s->place.name);
	words_member(b, "by", s->by);
	words_member(b, "road", admitted ? road_of(s->admitted.road) : "");
	words_member(b, "credential", admitted ? s->admitted.token ? "token" : "other" : "");
	words_member(b, "event",
		     door		       ? door_event_word(s->door.event)
		     : s->kind == SIGHT_CLOSED ? visit_end_word(s->end)
					       : "");
	words_member(b, "mode", door ? door_mode_word(s->door.mode) : "");
}

/* A member of which most steps have none. */
static bool has(struct builder *b, const char *name, bool is)
{
	json_member(b, name);
	if (!is)
		json_put(b, "null");
	return is;
}

static void step_write(struct builder *b, const struct config *c, const struct sight_whole *w,
		       const struct sight_step *s)
{
	json_put(b, "{");
	words_member(b, "kind", kinds[s->kind]);
	json_member(b, "at");
	json_time(b, s->at);
	json_member(b, "seq");
	json_int(b, (int64_t)s->seq);
	step_words(b, s);
	if (has(b, "alarm", s->kind == SIGHT_ALARM))
		alarm_write(b, s);
	if (has(b, "text", s->kind == SIGHT_TOLD))
		told_write(b, &s->told);
	if (has(b, "check", s->kind == SIGHT_CHECK))
		check_write(b, s);
	if (has(b, "report", s->kind == SIGHT_REPORTED || s->kind == SIGHT_LINE_CREDITED))
		report_write(b, s);
	if (has(b, "line", s->line < w->lines))
		line_write(b, c, &w->line[s->line]);
	if (has(b, "invoice", s->invoice < w->invoices))
		paper_write(b, c, &w->invoice[s->invoice]);
	(void)has(b, "picture", false);
	json_put(b, "}");
}

static void picture_step(struct builder *b, const char *name, const struct picture *p)
{
	static const char *const none[] = {"by",     "road",  "credential", "event",
					   "mode",   "alarm", "text",	    "check",
					   "report", "line",  "invoice"};

	json_put(b, "{");
	words_member(b, "kind", "picture");
	json_member(b, "at");
	json_time(b, p->at);
	(void)has(b, "seq", false);
	words_member(b, "place", p->camera);
	for (uint32_t i = 0; i < ARRAY_LEN(none); i++)
		(void)has(b, none[i], false);
	words_member(b, "picture", name);
	json_put(b, "}");
}

/* --- the answer --- */

static void comma(struct builder *b, bool *first)
{
	json_put(b, *first ? "" : ",");
	*first = false;
}

/* The pictures stand between the steps, when they were taken. */
static void steps_write(struct builder *b, const struct config *c, const struct looking *l)
{
	const struct sight_whole *w = &l->whole;
	uint32_t shot = 0, step = 0;
	bool first = true;
	struct picture p;

	json_member(b, "steps");
	json_put(b, "[");
	while (step < w->steps || shot < l->shots.n) {
		bool is_shot = shot < l->shots.n && picture_parse(l->shots.shot[shot].name, &p) &&
			       (step == w->steps || p.at.ms < w->step[step].at.ms);

		comma(b, &first);
		if (is_shot)
			picture_step(b, l->shots.shot[shot++].name, &p);
		else
			step_write(b, c, w, &w->step[step++]);
	}
	json_put(b, "]");
}

/* How it stands with the money of the visit's own invoice. */
static const char *payment_of(const struct sight_whole *w)
{
	if (w->visit.lines == 0)
		return "nothing";
	for (uint32_t i = 0; i < w->invoices; i++)
		if (w->invoice[i].id.n == w->visit.invoice.n)
			return payment_word(&w->invoice[i]);
	return "unbilled";
}

static void visit_reply(struct counter *c, struct http_request *r, const struct looking *l)
{
	const struct sight_whole *w = &l->whole;
	uint32_t size = 512 + SIGHT_VISIT_JSON_MAX +
			w->steps * (STEP_JSON_MAX + LINE_JSON_MAX + PAPER_JSON_MAX) +
			l->shots.n * (STEP_JSON_MAX + SHOT_JSON_MAX);
	struct builder b = builder_of(malloc(size), size);

	CHECK(b.data);
	json_put(&b, "{");
	sight_visit_write(&b, c, &w->visit);
	words_member(&b, "payment", payment_of(w));
	json_member(&b, "truncated");
	json_bool(&b, w->truncated);
	steps_write(&b, &c->config, l);
	json_put(&b, "}");
	books_send(c, r, &b);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct shot *)a)->name, ((const struct shot *)b)->name);
}

static bool go_on(struct counter *c, struct http_request *r, void *data)
{
	struct looking *l = data;

	if (shots_look(&l->shots))
		return true;
	if (l->shots.n > 1) /* in the order in which they were taken, whatever they are of */
		qsort(l->shots.shot, l->shots.n, sizeof(l->shots.shot[0]), by_name);
	visit_reply(c, r, l);
	return false;
}

void timeline_show(struct counter *c, const struct call *call)
{
	const struct route_param *param = &call->match.param[0];
	struct visit_id visit = {0};
	struct looking *l = malloc(sizeof(*l));
	int found = 0;

	CHECK(l);
	if (visit_parse(param->text, param->len, &visit))
		found = reader_sight(c->reader, visit, &l->whole);
	if (found <= 0) {
		free(l);
		if (found == 0)
			problem_answer(c, call->request, ANSWER_UNKNOWN_VISIT);
		else
			problem_fault(c, call->request, FAULT_UNAVAILABLE);
		return;
	}
	shots_open(c, &l->shots);
	(void)shots_want(&l->shots, PICTURE_ENTRY, visit.n);
	for (uint32_t i = 0; i < l->whole.alarms; i++)
		(void)shots_want(&l->shots, PICTURE_ALARM, l->whole.alarm[i].id.n);
	turns_hold(c, call->request, go_on, looking_end, l);
}
