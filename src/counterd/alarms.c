/*
 * alarms.c: GET /v1/alarms, what a person must look at, and POST …/acknowledge, a person's word
 * that it is known.
 *
 * Both are asked of shopd, which has the alarms in memory: *ledger failing* is one of them, and
 * must be seen and answered while there is no ledger. An acknowledgement goes there with the token
 * that signed it: shopd verifies whose it is, and writes that down. Again it answers the same, and
 * says who was first.
 */
#include <string.h>

#include "counterd/books.h"
#include "counterd/counter.h"
#include "counterd/problem.h"
#include "counterd/routes.h"

#define TOLD_JSON_MAX (200 + JSON_TEXT_MAX(PLACE_MAX_LEN))
#define ALARM_JSON_MAX                                                                             \
	(480 + JSON_TEXT_MAX(NAME_MAX_LEN) + 2 * JSON_TEXT_MAX(PLACE_MAX_LEN) +                    \
	 CONTACTS_MAX * TOLD_JSON_MAX)
#define ALARM_DIGITS_MAX 18 /* of its number: less than INT64_MAX, and no shop will see the end */

/* --- as JSON --- */

static void told_write(struct builder *b, const struct message_told *t)
{
	bool left = t->outcome != TEXT_STUCK;

	json_put(b, "{");
	json_member(b, "contact");
	json_text(b, t->contact);
	json_member(b, "kind");
	json_text(b, text_kind_word((enum text_kind)t->kind));
	json_member(b, "outcome");
	json_text(b, text_outcome_word((enum text_outcome)t->outcome));
	json_member(b, "road");
	json_words(b, left ? sms_road_word((enum sms_road)t->road) : "");
	json_member(b, "texts");
	json_int(b, t->texts);
	json_member(b, "at");
	json_moment(b, (struct wall){t->at_ms});
	json_put(b, "}");
}

static void alarm_write(struct builder *b, const struct message_alarm_is *a)
{
	enum condition condition = (enum condition)a->condition;

	json_put(b, "{");
	json_member(b, "alarm");
	json_int(b, (int64_t)a->alarm);
	json_member(b, "code");
	json_int(b, a->code);
	json_member(b, "condition");
	json_text(b, condition_word(condition));
	json_member(b, "door");
	json_words(b, condition_at_door(condition) ? a->place : "");
	json_member(b, "place");
	json_words(b, a->place);
	json_member(b, "state");
	json_text(b, alarm_state_word((enum alarm_state)a->state));
	json_member(b, "severity");
	json_text(b, severity_word((enum severity)a->severity));
	json_member(b, "over");
	json_bool(b, a->over);
	json_member(b, "raised_at");
	json_moment(b, (struct wall){a->raised_at_ms});
	json_member(b, "cleared_at");
	json_moment(b, (struct wall){a->cleared_at_ms});
	json_member(b, "acknowledged_by");
	json_words(b, a->by);
	json_member(b, "told");
	json_put(b, "[");
	for (uint32_t i = 0; i < a->tolds; i++) {
		json_put(b, i > 0 ? "," : "");
		told_write(b, &a->told[i]);
	}
	json_put(b, "]}");
}

/* --- the list --- */

static void alarm_row(struct builder *b, const union message *row)
{
	alarm_write(b, &row->alarm_is);
}

static void on_alarms(struct counter *c, struct http_request *r, const union message *m)
{
	books_told(c, r, m, "alarms", ALARM_JSON_MAX, alarm_row);
}

void alarms_list(struct counter *c, const struct call *call)
{
	pending_ask_list(c, call->request, MESSAGE_ALARMS, MESSAGE_ALARM_IS, on_alarms);
}

/* --- a person's word --- */

static void on_acknowledged(struct counter *c, struct http_request *r, const union message *m)
{
	char body[ALARM_JSON_MAX];
	struct builder b = builder_of(body, sizeof(body));

	if (m->head.type == MESSAGE_ALARM_IS) {
		alarm_write(&b, &m->alarm_is);
		reply_json(c, r, 200, &b);
	} else if (m->head.type == MESSAGE_VERDICT && m->verdict.verdict != VERDICT_ADMITTED) {
		problem_verdict(c, r, (enum verdict)m->verdict.verdict);
	} else if (m->head.type == MESSAGE_DONE && m->done.error) {
		problem_fault(c, r, FAULT_NOT_FOUND);
	} else {
		problem_fault(c, r, FAULT_UNAVAILABLE);
	}
}

static bool alarm_parse(const struct route_param *p, uint64_t *ret)
{
	if (p->len == 0 || p->len > ALARM_DIGITS_MAX || p->text[0] == '0')
		return false;
	*ret = 0;
	for (uint32_t i = 0; i < p->len; i++) {
		if (p->text[i] < '0' || p->text[i] > '9')
			return false;
		*ret = *ret * 10 + (uint64_t)(p->text[i] - '0');
	}
	return true;
}

void alarm_acknowledge(struct counter *c, const struct call *call)
{
	struct http_request *r = call->request;
	union message m;

	message_init(&m, MESSAGE_ALARM_ACK, 0);
	if (!alarm_parse(&call->match.param[0], &m.ack.alarm)) {
		problem_fault(c, r, FAULT_NOT_FOUND);
		return;
	}
	if (r->body.len > sizeof(m.ack.token)) { /* ours have 128 to 160 bytes */
		problem_fault(c, r, FAULT_MALFORMED);
		return;
	}
	m.ack.token_len = (uint16_t)r->body.len;
	memcpy(m.ack.token, r->body.data, r->body.len);
	pending_ask(c, r, &m, PENDING_ANY, on_acknowledged);
}
