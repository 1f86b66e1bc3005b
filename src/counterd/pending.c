/*
 * pending.c: a table of places, a free list, and a list by deadline, all by index. All deadlines
 * are equally long, so that the list is in order by itself and one timer is enough. The timer is
 * not moved at every answer: it fires at most once a deadline's length while anything happens, and
 * never while nothing does.
 *
 * A number is place + PENDING_MAX × turn, never 0: an answer that comes after its place was given
 * to another request does not fit its number.
 */
#include "counterd/pending.h"

#include "counterd/counter.h"
#include "counterd/problem.h"

#define PENDING_NONE	 UINT16_MAX
#define PENDING_SLACK_MS 250

static void on_deadline(void *data);

int pending_open(struct counter *c)
{
	struct pending *p = &c->pending;

	p->oldest = p->newest = PENDING_NONE;
	p->free = 0;
	p->deadline_ms = PENDING_DEADLINE_MS;
	for (uint32_t i = 0; i < PENDING_MAX; i++) {
		p->place[i].number = i;
		p->place[i].next = i + 1 < PENDING_MAX ? (uint16_t)(i + 1) : PENDING_NONE;
	}
	return timer_add(c->loop, WATCH_IDLE, PENDING_SLACK_MS, on_deadline, c, &p->timer);
}

void pending_close(struct counter *c)
{
	if (!c->pending.timer)
		return;
	pending_refuse_all(c);
	timer_free(c->pending.timer);
	c->pending.timer = NULL;
}

static void deadline_append(struct pending *p, uint16_t at)
{
	struct waiting *w = &p->place[at];

	w->next = PENDING_NONE;
	w->previous = p->newest;
	if (p->newest == PENDING_NONE)
		p->oldest = at;
	else
		p->place[p->newest].next = at;
	p->newest = at;
	p->waiting++;
	if (!p->armed)
		timer_arm(p->timer, w->deadline);
	p->armed = true;
}

/* Empties a place and gives back what waited in it. */
static struct waiting take(struct pending *p, uint16_t at)
{
	struct waiting *w = &p->place[at], was = *w;

	CHECK(w->request && p->waiting > 0);
	if (w->previous == PENDING_NONE)
		p->oldest = w->next;
	else
		p->place[w->previous].next = w->next;
	if (w->next == PENDING_NONE)
		p->newest = w->previous;
	else
		p->place[w->next].previous = w->previous;
	w->request = NULL;
	w->next = p->free;
	p->free = at;
	p->waiting--;
	return was;
}

static void hold(struct counter *c, struct http_request *r, union message *m,
		 const struct waiting *by)
{
	struct pending *p = &c->pending;
	uint16_t at = p->free;
	struct waiting *w;

	if (at == PENDING_NONE || !link_up(c->link)) {
		c->tally.shopd_absences++;
		problem_fault(c, r, FAULT_UNAVAILABLE);
		return;
	}
	w = &p->place[at];
	w->number += PENDING_MAX;
	if (w->number < PENDING_MAX) /* wrapped: 0 would be nobody's */
		w->number += PENDING_MAX;
	m->head.request = w->number;
	if (!link_send(c->link, m)) {
		c->tally.shopd_absences++;
		problem_fault(c, r, FAULT_UNAVAILABLE);
		return;
	}
	CHECK(p->free == at);
	p->free = w->next;
	w->request = r;
	w->fn = by->fn;
	w->want = by->want;
	w->row = by->row;
	w->deadline = mono_add(loop_mono(), p->deadline_ms);
	deadline_append(p, at);
	http_hold(r);
}

void pending_ask(struct counter *c, struct http_request *r, union message *m,
		 enum message_type want, pending_fn *fn)
{
	hold(c, r, m, &(struct waiting){.fn = fn, .want = (uint16_t)want});
}

void pending_ask_list(struct counter *c, struct http_request *r, enum message_type question,
		      enum message_type row, pending_fn *fn)
{
	const struct waiting by = {.fn = fn, .want = MESSAGE_DONE, .row = (uint16_t)row};
	union message m;

	message_init(&m, question, 0);
	hold(c, r, &m, &by);
}

void pending_ask_rows(struct counter *c, struct http_request *r, union message *m,
		      enum message_type want, pending_fn *fn)
{
	hold(c, r, m, &(struct waiting){.fn = fn, .want = (uint16_t)want, .row = PENDING_ROW_ANY});
}

static bool is_row(const struct waiting *w, uint16_t type)
{
	return w->row != 0 && (w->row == PENDING_ROW_ANY ? type != w->want : type == w->row);
}

/* What is past the room is left out: shopd has no list as long as that. */
static void row_add(struct pending_list *list, const union message *m)
{
	if (list->number != m->head.request)
		list->rows = 0;
	list->number = m->head.request;
	if (list->rows < PENDING_ROWS_MAX)
		list->row[list->rows++] = *m;
}

void pending_reply(struct counter *c, const union message *m)
{
	struct pending *p = &c->pending;
	uint16_t at = (uint16_t)(m->head.request % PENDING_MAX);
	struct waiting was;

	if (!p->place[at].request || p->place[at].number != m->head.request)
		return; /* too late: it was answered 503, and the phone asks again */
	if (is_row(&p->place[at], m->head.type)) {
		row_add(&p->list, m);
		return;
	}
	was = take(p, at);
	if (p->list.number != m->head.request) /* it is empty, or it is no list */
		p->list.rows = 0;
	if (m->head.type == was.want || was.want == PENDING_ANY)
		was.fn(c, was.request, m);
	else
		problem_fault(c, was.request, FAULT_UNAVAILABLE);
}

static void on_deadline(void *data)
{
	struct counter *c = data;
	struct pending *p = &c->pending;
	struct mono now = loop_mono();

	p->armed = false;
	while (p->oldest != PENDING_NONE && mono_due(now, p->place[p->oldest].deadline)) {
		c->tally.shopd_timeouts++;
		problem_fault(c, take(p, p->oldest).request, FAULT_UNAVAILABLE);
	}
	if (p->oldest != PENDING_NONE) {
		p->armed = true;
		timer_arm(p->timer, p->place[p->oldest].deadline);
	}
}

void pending_refuse_all(struct counter *c)
{
	while (c->pending.oldest != PENDING_NONE)
		problem_fault(c, take(&c->pending, c->pending.oldest).request, FAULT_UNAVAILABLE);
}
