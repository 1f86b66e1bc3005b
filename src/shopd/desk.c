/*
 * desk.c: what people ask of the books, from shopctl and from counterd, and what came of it.
 *
 * Nothing about money is decided here. What is: who may ask. shopctl's socket is the operator's
 * own; from counterd, which is not believed, the owner's dealings come with an owner's or staff
 * member's token, judged by the core like any other (so that it counts once), and a shopper's
 * report with the bearer of the visit. The request then goes to the ledger's thread
 * (ledger/desk.h), whose answers find their way back by a tag; how many may wait is bounded.
 */
#include "shopd/shopd.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/visit.h"
#include "crypto/es256.h"
#include "shopd/staff.h"

/* A count that finds so much missing makes an article one that shrinks: two pieces, or two
 * kilograms. One may be a slip of the counter's. */
#define SHRINKS_FROM_MILLI 2000
#define SHRINKING_MAX	   64 /* of more than these, the ones that miss most */

/** Who waits for the answer of a tag. */
struct ask {
	bool taken;
	uint32_t peer; /* 0: we ourselves */
	uint32_t request;
	struct period period; /* of a close */
	enum desk_kind kind;
};

struct shrinking {
	struct gtin gtin;
	int64_t missing_milli;
};

struct desk {
	struct ask ask[DESK_ASKS_MAX];
	uint32_t shrinkings;
	struct shrinking shrinking[SHRINKING_MAX]; /* by gtin */
};

/* --- answers */

static void answer(struct shopd *sd, uint32_t peer, uint32_t request, enum desk_answer a,
		   enum verdict verdict, const char *why)
{
	union message m;

	message_init(&m, MESSAGE_DESK_IS, request);
	m.desk_is.answer = a;
	m.desk_is.verdict = verdict;
	snprintf(m.desk_is.why, sizeof(m.desk_is.why), "%s", why);
	peers_send(sd, peer, &m);
}

static void refuse(struct shopd *sd, uint32_t peer, const union message *m, const char *why)
{
	answer(sd, peer, m->head.request, DESK_REFUSED, VERDICT_ADMITTED, why);
}

void desk_come_again(struct shopd *sd, uint32_t peer, const union message *m)
{
	answer(sd, peer, m->head.request, DESK_UNAVAILABLE, VERDICT_ADMITTED,
	       "the books cannot be written now: try again in a minute");
}

/* --- asking the ledger */

static bool ask(struct shopd *sd, struct desk_request *r, const struct ask *by)
{
	struct now now = time_now(sd);
	struct ask *asks = sd->desk->ask;
	uint32_t tag = 0;

	while (tag < DESK_ASKS_MAX && asks[tag].taken)
		tag++;
	if (tag == DESK_ASKS_MAX || !sd->ledger)
		return false;
	r->tag = tag;
	r->at = now.wall;
	r->today = now.day;
	r->clock_trusted = now.wall_trusted;
	r->entry.at = now.wall;
	if (!ledger_ask_desk(sd->ledger, r))
		return false;
	asks[tag] = *by;
	asks[tag].taken = true;
	asks[tag].period = r->period;
	asks[tag].kind = r->kind;
	return true;
}

bool desk_ask(struct shopd *sd, struct desk_request *request)
{
	return ask(sd, request, &(struct ask){.peer = 0});
}

/* --- what is asked for */

static void credit_of(const struct message_desk *d, const char *by, struct desk_request *r)
{
	struct entry_credit_note *n = &r->entry.credit_note;

	r->entry.kind = ENTRY_CREDIT_NOTE;
	n->invoice = (struct invoice_id){d->invoice};
	n->reason = (enum credit_reason)d->word;
	memcpy(n->why, d->why, sizeof(n->why));
	memcpy(n->key, d->key, sizeof(n->key));
	snprintf(n->by, sizeof(n->by), "%s", by);
	r->visit = (struct visit_id){d->visit};
	memcpy(r->line.text, d->line, sizeof(r->line.text));
}

static void stock_of(const struct message_desk *d, const char *by, struct desk_request *r)
{
	struct entry_stock *s = &r->entry.stock;

	r->entry.kind = ENTRY_STOCK;
	s->kind = (enum movement)d->word;
	s->gtin = (struct gtin){d->gtin};
	s->quantity_milli = d->quantity_milli;
	s->unit_cost = money_of(d->amount_minor);
	s->use_by = (struct day){d->use_by};
	s->best_before = (struct day){d->best_before};
	s->day = (struct day){d->day};
	memcpy(s->key, d->key, sizeof(s->key));
	memcpy(s->lot, d->lot, sizeof(s->lot));
	memcpy(s->why, d->why, sizeof(s->why));
	snprintf(s->by, sizeof(s->by), "%s", by);
}

static void payment_of(const struct message_desk *d, struct desk_request *r)
{
	struct entry_payment *p = &r->entry.payment;

	r->entry.kind = ENTRY_PAYMENT;
	memcpy(p->key, d->key, sizeof(p->key));
	memcpy(p->customer.byte, d->customer, sizeof(p->customer.byte));
	p->invoice = (struct invoice_id){d->invoice};
	p->amount = money_of(d->amount_minor);
	p->booked = (struct day){d->day};
}

static void assign_of(const struct message_desk *d, const char *by, struct desk_request *r)
{
	struct entry_payment_assigned *a = &r->entry.payment_assigned;

	r->entry.kind = ENTRY_PAYMENT_ASSIGNED;
	memcpy(a->key, d->key, sizeof(a->key));
	memcpy(a->customer.byte, d->customer, sizeof(a->customer.byte));
	a->invoice = (struct invoice_id){d->invoice};
	snprintf(a->by, sizeof(a->by), "%s", by);
}

static void check_of(const struct message_desk *d, const char *by, struct desk_request *r)
{
	struct entry_check *c = &r->entry.check;

	r->entry.kind = ENTRY_CHECK;
	r->visit = c->visit = (struct visit_id){d->visit};
	c->state = (enum check_state)d->word;
	c->reason = CHECK_OWNER;
	memcpy(c->why, d->why, sizeof(c->why));
	snprintf(c->by, sizeof(c->by), "%s", by);
}

static void report_of(const struct message_desk *d, struct desk_request *r)
{
	struct entry_reported *e = &r->entry.reported;

	r->entry.kind = ENTRY_REPORTED;
	r->visit = e->visit = (struct visit_id){d->visit};
	e->reason = (enum credit_reason)d->word;
	memcpy(e->line.text, d->line, sizeof(e->line.text));
	memcpy(e->why, d->why, sizeof(e->why));
	r->line = e->line;
}

static bool period_real(struct period p)
{
	char text[PERIOD_TEXT_SIZE];
	struct period back;

	if (p.n < 197001 || p.n > 999912)
		return false;
	period_text(p, text);
	return period_parse(text, PERIOD_TEXT_SIZE - 1, &back);
}

/* NULL, or why it cannot be asked. What the entry itself may not hold, the ledger's desk says. */
static const char *request_of(const struct shopd *sd, const struct message_desk *d, const char *by,
			      struct desk_request *r)
{
	memset(r, 0, sizeof(*r));
	r->kind = (enum desk_kind)d->kind;
	switch (r->kind) {
	case DESK_CLOSE:
		r->period = (struct period){d->period};
		r->policy = sd->config.books.close;
		return period_real(r->period) ? NULL : "there is no such month";
	case DESK_CREDIT:
		credit_of(d, by, r);
		break;
	case DESK_STOCK:
		stock_of(d, by, r);
		break;
	case DESK_PAYMENT:
		payment_of(d, r);
		break;
	case DESK_ASSIGN:
		assign_of(d, by, r);
		break;
	case DESK_CHECK:
		check_of(d, by, r);
		return d->visit ? NULL : "which visit?";
	case DESK_REPORT:
		report_of(d, r);
		return d->visit && d->line[0] ? NULL : "which line of which visit?";
	case DESK_BOOKS:
	case DESK_LEVELS:
		return "the books' tables are the configuration's";
	}
	return d->key[0] ? NULL : "a request needs a key of its own, to be told from another";
}

/* --- who asks */

static bool prove_staff(struct shopd *sd, uint32_t peer, const union message *m,
			char by[NAME_MAX_LEN + 1])
{
	struct staff staff;

	switch (staff_prove(sd, (struct span){m->desk.token, m->desk.token_len}, &staff)) {
	case STAFF_PROVEN:
		memcpy(by, staff.by, sizeof(staff.by));
		return true;
	case STAFF_AGAIN:
		desk_come_again(sd, peer, m);
		return false;
	case STAFF_REFUSED:
		break;
	}
	if (staff.other)
		answer(sd, peer, m->head.request, DESK_REFUSED, VERDICT_WRONG_AUDIENCE,
		       "only the owner or staff may do this");
	else
		answer(sd, peer, m->head.request, DESK_REFUSED, staff.verdict,
		       verdict_sentence(staff.verdict, LANGUAGE_EN));
	return false;
}

/* A report is the shopper's: whoever holds a bearer of the visit. False when it was answered, or
 * parked until the visit is read. */
static bool prove_bearer(struct shopd *sd, uint32_t peer, const union message *m)
{
	struct visit_call call = {.request = {peer, m->head.request},
				  .visit = {m->desk.visit},
				  .bearer = sha256(m->desk.bearer, sizeof(m->desk.bearer))};
	const struct visit *visit;

	switch (books_find(sd, &call, NULL, peer, m)) {
	case BOOK_READY:
		break;
	case BOOK_ASKED:
		return false;
	case BOOK_BUSY:
		desk_come_again(sd, peer, m);
		return false;
	}
	visit = shop_visit(&sd->shop, call.visit);
	if (!visit && call.past_known)
		visit = call.past;
	if (visit && visit_bearer(visit, &call.bearer))
		return true;
	answer(sd, peer, m->head.request, DESK_REFUSED, VERDICT_UNKNOWN_KEY,
	       "this phone does not speak for that visit");
	return false;
}

static bool prove(struct shopd *sd, uint32_t peer, const union message *m,
		  char by[NAME_MAX_LEN + 1])
{
	if (peer >= PEER_CONTROL) {
		snprintf(by, NAME_MAX_LEN + 1, "%s", m->desk.by[0] ? m->desk.by : "shopctl");
		return true;
	}
	return m->desk.kind == DESK_REPORT ? prove_bearer(sd, peer, m)
					   : prove_staff(sd, peer, m, by);
}

void desk_message(struct shopd *sd, uint32_t peer, const union message *m)
{
	struct ask by = {.peer = peer, .request = m->head.request};
	char name[NAME_MAX_LEN + 1] = "";
	struct desk_request r;
	const char *wrong;

	/* a token is good for one answer: it is not spent on what cannot be asked */
	wrong = request_of(sd, &m->desk, "", &r);
	if (wrong) {
		refuse(sd, peer, m, wrong);
		return;
	}
	if (!sd->ledger || !prove(sd, peer, m, name)) {
		if (!sd->ledger)
			desk_come_again(sd, peer, m);
		return;
	}
	wrong = request_of(sd, &m->desk, name, &r);
	CHECK(!wrong);
	if (!ask(sd, &r, &by))
		desk_come_again(sd, peer, m);
}

/* --- what shrinks */

static int by_gtin(const void *a, const void *b)
{
	const struct shrinking *x = a, *y = b;

	return x->gtin.n < y->gtin.n ? -1 : x->gtin.n > y->gtin.n;
}

/* Keeps those that miss most: the least of a full table gives way. */
static void shrinking_add(struct desk *d, const struct level *level)
{
	uint32_t at = d->shrinkings, least = 0;

	if (level->shrunk_milli < SHRINKS_FROM_MILLI)
		return;
	if (d->shrinkings == SHRINKING_MAX) {
		for (uint32_t i = 1; i < SHRINKING_MAX; i++)
			if (d->shrinking[i].missing_milli < d->shrinking[least].missing_milli)
				least = i;
		if (d->shrinking[least].missing_milli >= level->shrunk_milli)
			return;
		at = least;
	} else {
		d->shrinkings++;
	}
	d->shrinking[at] = (struct shrinking){level->gtin, level->shrunk_milli};
}

static void shrinking_drop(struct desk *d, struct gtin gtin)
{
	for (uint32_t i = 0; i < d->shrinkings; i++)
		if (d->shrinking[i].gtin.n == gtin.n)
			d->shrinking[i--] = d->shrinking[--d->shrinkings];
}

/* All that stands on the shelves; or the one article that a movement has touched. What found no
 * room in a full table comes back with the next reading of all. */
static void levels(struct shopd *sd, const struct desk_result *r)
{
	if (r->kind == DESK_LEVELS)
		sd->desk->shrinkings = 0;
	for (uint32_t i = 0; i < r->levels; i++) {
		if (r->kind != DESK_LEVELS)
			shrinking_drop(sd->desk, r->level[i].gtin);
		shrinking_add(sd->desk, &r->level[i]);
	}
	qsort(sd->desk->shrinking, sd->desk->shrinkings, sizeof(sd->desk->shrinking[0]), by_gtin);
}

bool desk_shrinking(const struct shopd *sd, struct gtin gtin)
{
	struct shrinking wanted = {.gtin = gtin};

	return bsearch(&wanted, sd->desk->shrinking, sd->desk->shrinkings, sizeof(wanted),
		       by_gtin) != NULL;
}

/* --- what came of it */

static void send_result(struct shopd *sd, const struct ask *a, const struct desk_result *r)
{
	union message m;

	message_init(&m, MESSAGE_DESK_IS, a->request);
	m.desk_is.answer = r->answer;
	m.desk_is.done = r->done;
	m.desk_is.all = r->all;
	m.desk_is.invoice = r->invoice.n;
	m.desk_is.seq = r->seq;
	snprintf(m.desk_is.why, sizeof(m.desk_is.why), "%s", r->why);
	peers_send(sd, a->peer, &m);
}

void desk_report(struct shopd *sd, struct desk_result *r)
{
	struct ask *slot = &sd->desk->ask[r->tag], by;

	CHECK(r->tag < DESK_ASKS_MAX && slot->taken);
	by = *slot;
	if (r->answer != DESK_WORKING)
		slot->taken = false;
	for (uint32_t i = 0; i < r->changes; i++)
		accounts_change(sd, &r->change[i]);
	if ((r->kind == DESK_LEVELS || r->kind == DESK_STOCK) && r->answer <= DESK_REPEATED)
		levels(sd, r);
	if (by.peer != 0)
		send_result(sd, &by, r);
	if (by.peer == 0 && (r->kind == DESK_PAYMENT || r->kind == DESK_ASSIGN))
		office_desk(sd, r);
	if (by.peer == 0 || (r->kind == DESK_CLOSE && r->answer != DESK_WORKING))
		nights_answer(sd, r, by.period, by.peer == 0);
	desk_result_free(r);
}

void desk_forget(struct shopd *sd)
{
	struct ask *asks = sd->desk->ask;

	for (uint32_t tag = 0; tag < DESK_ASKS_MAX; tag++) {
		struct ask by = asks[tag];
		struct desk_result none = {.kind = by.kind, .tag = tag, .answer = DESK_UNAVAILABLE};

		if (!by.taken)
			continue;
		asks[tag].taken = false;
		snprintf(none.why, sizeof(none.why),
			 "the books cannot be written now: try again in a minute");
		if (by.peer != 0)
			send_result(sd, &by, &none);
		else if (by.kind == DESK_PAYMENT || by.kind == DESK_ASSIGN)
			office_desk(sd, &none);
		else
			nights_answer(sd, &none, by.period, true);
	}
}

int desk_start(struct shopd *sd)
{
	sd->desk = malloc(sizeof(*sd->desk));
	if (!sd->desk)
		return -ENOMEM;
	memset(sd->desk, 0, sizeof(*sd->desk));
	return 0;
}

void desk_stop(struct shopd *sd)
{
	free(sd->desk);
	sd->desk = NULL;
}
