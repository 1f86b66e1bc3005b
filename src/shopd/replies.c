/*
 * replies.c: answers about visits and money wait here until the newest ticket given by the time
 * they were made is on disk (design 2: "Money: record, then reply"), also answers to repeats.
 *
 * Tickets rise, so the answers stand in one queue in the order in which they may leave.
 */
#include "shopd/shopd.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "shopd/kiosk.h"
#include "shopd/nfc.h"

/** One answer that waits. A beep has peer 0. */
struct reply {
	uint64_t ticket;
	uint32_t peer;
	union {
		struct message_head head;
		struct message_visit_is visit_is;
		struct message_line_is line_is;
		struct message_answer answer;
		struct effect_beep beep;
	};
};

struct replies {
	uint32_t first, waiting;
	uint8_t bearer[32]; /* drawn for the token now being stepped */
	struct reply reply[REPLIES_MAX];
};

static void put_visit(struct shopd *sd, struct reply *r, const struct effect_visit *v)
{
	struct message_visit_is *m = &r->visit_is;

	r->peer = v->request.peer;
	m->head = (struct message_head){MESSAGE_VERSION, MESSAGE_VISIT_IS, v->request.tag};
	m->verdict = v->verdict;
	m->answer = v->answer;
	m->visit = v->visit.n;
	m->limited = v->limited;
	m->credit_left_minor = money_minor(v->credit_left);
	m->prices_as_of_ms = sd->articles->made_at.ms;
	if (v->verdict == VERDICT_ADMITTED && v->answer <= ANSWER_REPEATED)
		memcpy(m->bearer, sd->replies->bearer, sizeof(m->bearer));
}

static void put_line(struct reply *r, const struct effect_line *l)
{
	struct message_line_is *m = &r->line_is;

	r->peer = l->request.peer;
	m->head = (struct message_head){MESSAGE_VERSION, MESSAGE_LINE_IS, l->request.tag};
	m->answer = l->answer;
	if (l->answer > ANSWER_REPEATED)
		return;
	m->voided = l->line.voided;
	memcpy(m->key, l->line.key.text, sizeof(m->key));
	strncpy(m->name, l->line.name ? l->line.name : "", sizeof(m->name) - 1);
	m->gtin = l->line.gtin.n;
	m->quantity_milli = l->line.quantity_milli;
	m->unit_price_minor = money_minor(l->line.unit_price);
	m->total_minor = money_minor(l->line.total);
	m->visit_total_minor = money_minor(l->visit_total);
	m->deposit_minor = money_minor(l->line.deposit);
	m->list_price_minor = money_minor(l->line.list_price);
	m->vat_bp = l->line.vat_bp;
	if (line_past_best_before(&l->line))
		m->best_before = l->line.best_before.n;
}

static void put_answer(struct reply *r, struct request request, enum answer answer,
		       struct visit_id visit, const char *text)
{
	struct message_answer *m = &r->answer;

	r->peer = request.peer;
	m->head = (struct message_head){MESSAGE_VERSION, MESSAGE_ANSWER, request.tag};
	m->answer = answer;
	m->visit = visit.n;
	strncpy(m->text, text, sizeof(m->text) - 1);
}

/* That a token was refused at a till was told at once. */
static void leave_beep(struct shopd *sd, const struct effect_beep *beep)
{
	if (!beep->silent)
		readers_beep(sd, beep->reader, beep->yes);
	if (beep->goods || beep->visit.n != 0)
		kiosk_beep(sd, beep);
	if (!beep->goods)
		nfc_beep(sd, beep);
}

static void leave(struct shopd *sd, const struct reply *r)
{
	union message m;

	if (r->peer == 0) {
		leave_beep(sd, &r->beep);
		return;
	}
	memset(&m, 0, sizeof(m));
	memcpy(&m, &r->head, message_size(r->head.type));
	peers_send(sd, r->peer, &m);
}

void replies_after(struct shopd *sd, const struct effect *effect)
{
	struct replies *q = sd->replies;
	struct reply *r = &q->reply[(q->first + q->waiting) % REPLIES_MAX];

	CHECK(q->waiting < REPLIES_MAX); /* replies_room() was asked before the step */
	memset(r, 0, sizeof(*r));
	r->ticket = sd->ticket;
	if (effect->kind == EFFECT_VISIT)
		put_visit(sd, r, &effect->visit);
	else if (effect->kind == EFFECT_LINE)
		put_line(r, &effect->line);
	else if (effect->kind == EFFECT_CLOSED)
		put_answer(r, effect->closed.request, effect->closed.answer, effect->closed.visit,
			   "");
	else if (effect->kind == EFFECT_INVITED)
		put_answer(r, effect->invited.request, effect->invited.answer, (struct visit_id){0},
			   effect->invited.join_code);
	else if (effect->kind == EFFECT_BEEP)
		r->beep = effect->beep;
	if (effect->kind == EFFECT_LINE && effect->line.answer == ANSWER_OK)
		sd->counts.lines++;
	if (q->waiting == 0 && r->ticket <= sd->committed)
		leave(sd, r);
	else
		q->waiting++;
}

bool replies_room(const struct shopd *sd)
{
	return sd->replies->waiting + EFFECTS_AFTER_MAX <= REPLIES_MAX;
}

void replies_committed(struct shopd *sd)
{
	struct replies *q = sd->replies;

	while (q->waiting > 0 && q->reply[q->first].ticket <= sd->committed) {
		leave(sd, &q->reply[q->first]);
		q->first = (q->first + 1) % REPLIES_MAX;
		q->waiting--;
	}
	if (q->waiting == 0)
		q->first = 0;
}

static void refuse(struct reply *r)
{
	if (r->peer == 0) {
		r->beep.yes = false;
		r->beep.verdict = VERDICT_LEDGER_UNAVAILABLE;
		r->beep.answer = ANSWER_LEDGER_UNAVAILABLE;
		return;
	}
	if (r->head.type == MESSAGE_VISIT_IS) {
		r->visit_is.verdict = VERDICT_LEDGER_UNAVAILABLE;
		r->visit_is.answer = ANSWER_LEDGER_UNAVAILABLE;
		memset(r->visit_is.bearer, 0, sizeof(r->visit_is.bearer));
	} else if (r->head.type == MESSAGE_LINE_IS) {
		struct message_head head = r->head;

		memset(&r->line_is, 0, sizeof(r->line_is));
		r->line_is.head = head;
		r->line_is.answer = ANSWER_LEDGER_UNAVAILABLE;
	} else {
		r->answer.answer = ANSWER_LEDGER_UNAVAILABLE;
	}
}

void replies_refuse(struct shopd *sd)
{
	struct replies *q = sd->replies;

	for (; q->waiting > 0; q->waiting--) {
		refuse(&q->reply[q->first]);
		leave(sd, &q->reply[q->first]);
		q->first = (q->first + 1) % REPLIES_MAX;
	}
	q->first = 0;
}

void replies_hold_bearer(struct shopd *sd, const uint8_t bearer[32])
{
	memcpy(sd->replies->bearer, bearer, sizeof(sd->replies->bearer));
}

int replies_start(struct shopd *sd)
{
	sd->replies = malloc(sizeof(*sd->replies));
	if (!sd->replies)
		return -ENOMEM;
	memset(sd->replies, 0, sizeof(*sd->replies));
	return 0;
}

void replies_stop(struct shopd *sd)
{
	free(sd->replies);
	sd->replies = NULL;
}
