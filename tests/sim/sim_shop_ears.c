/*
 * sim_shop_ears.c: what the village is told, held against all that it was told before. Whatever a
 * phone, a person or a till has heard holds for ever: through kills, power cuts and full disks.
 */
#include "sim_shop.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#define LATE_MS (7LL * 86400000)

void village_fail(struct village *v, const char *format, ...)
{
	va_list arguments;

	if (v->why[0] != '\0')
		return; /* the first cause */
	va_start(arguments, format);
	vsnprintf(v->why, sizeof(v->why), format, arguments);
	va_end(arguments);
}

void village_mix(struct village *v, const void *bytes, size_t len)
{
	const uint8_t *byte = bytes;

	for (size_t i = 0; i < len; i++)
		v->trace = (v->trace ^ byte[i]) * 1099511628211ULL;
}

static void mix(struct village *v, uint64_t number)
{
	village_mix(v, &number, sizeof(number));
}

struct village_visit *village_visit(struct village *v, struct visit_id id)
{
	for (uint32_t i = v->visits; i > 0 && id.n != 0; i--)
		if (v->visit[i - 1].id.n == id.n)
			return &v->visit[i - 1];
	return NULL;
}

/* --- money, worked out anew */

/* "Prices are pinned at entry; a later change counts only if lower"; what is barred or recalled
 * today is not sold at all. */
int64_t village_price(const struct village *v, uint32_t article, uint32_t pinned)
{
	const struct article *then = &v->article[pinned][article];
	const struct article *now = &v->article[v->list][article];
	const struct article *today = now->known ? now : then;

	if (!today->known || today->class == CLASS_ALCOHOL || today->state != ARTICLE_SOLD)
		return -1;
	if (then->known && now->known)
		return money_minor(then->price) < money_minor(now->price) ? money_minor(then->price)
									  : money_minor(now->price);
	return money_minor(today->price);
}

static int64_t times(int64_t unit, int64_t quantity_milli)
{
	return (int64_t)(((__int128)unit * quantity_milli * 2 + 1000) / 2000);
}

/* The goods and, on top of them, the deposit: each list asks the same for an article. */
static int64_t total_of(const struct village *v, const struct wish *w, int64_t unit)
{
	return times(unit, w->quantity_milli) +
	       times(money_minor(v->article[0][w->article].deposit), w->quantity_milli);
}

static int64_t sum_of(const struct village *v, struct visit_id id)
{
	int64_t sum = 0;

	for (uint32_t i = 0; i < v->wishes; i++) {
		const struct wish *w = &v->wish[i];

		if (w->visit.n == id.n && (w->confirmed || w->on_disk) && !w->void_confirmed)
			sum += w->total;
	}
	return sum;
}

/* --- lines */

static void hear_price(struct village *v, struct wish *w, const struct effect_line *l)
{
	int64_t unit = money_minor(l->line.unit_price), total = money_minor(l->line.total);
	bool may = false;

	for (uint32_t i = 0; i < w->prices; i++)
		may |= w->price[i] == unit;
	if (w->confirmed ? unit != w->unit || total != w->total : !may)
		village_fail(v, "%s: an answer with another price", w->key.text);
	if (total != total_of(v, w, unit) || l->line.quantity_milli != w->quantity_milli)
		village_fail(v, "%s: an answer with another quantity or total", w->key.text);
	w->unit = unit;
	w->total = total;
}

/* A refusal that depends on nothing but who asks, and when. */
static bool may_refuse(struct village *v, const struct pending *p, enum answer answer)
{
	const struct village_visit *visit = village_visit(v, p->ask.visit);

	if (!visit)
		return true;
	if (answer == ANSWER_LEDGER_UNAVAILABLE)
		return p->full;
	if (answer == ANSWER_UNAUTHORIZED)
		return visit->bearers > BEARERS_MAX ||
		       p->ask.now.wall.ms - visit->since_ms > LATE_MS;
	if (answer == ANSWER_VISIT_OVER)
		return p->ask.kind == EVENT_LINE_VOID ||
		       p->ask.now.wall.ms - visit->since_ms > LATE_MS;
	return false;
}

static void hear_put(struct village *v, const struct pending *p, const struct effect_line *l)
{
	struct wish *w = &v->wish[p->wish];
	const struct village_visit *visit = village_visit(v, w->visit);
	enum answer a = l->answer;

	if (a == ANSWER_OK || a == ANSWER_REPEATED) {
		if (p->other || w->void_confirmed)
			village_fail(v, "%s: a used key bought again", w->key.text);
		if (a == ANSWER_OK && (w->confirmed || w->on_disk))
			village_fail(v, "%s: bought twice", w->key.text);
		hear_price(v, w, l);
		v->confirmed += !w->confirmed;
		w->confirmed = true;
		if (money_minor(l->visit_total) != sum_of(v, w->visit))
			village_fail(v, "%s: a visit's total of %lld is not the sum %lld",
				     w->key.text, (long long)money_minor(l->visit_total),
				     (long long)sum_of(v, w->visit));
	} else if (a == ANSWER_VOIDED) {
		if (!w->void_sent)
			village_fail(v, "%s: said to be voided, and nobody asked", w->key.text);
	} else if (a == ANSWER_KEY_REUSED) {
		if (!p->other)
			village_fail(v, "%s: the same content is said to differ", w->key.text);
	} else if (!may_refuse(v, p, a)) {
		if (w->confirmed || w->on_disk)
			village_fail(v, "%s: a repeat of a line is answered %s", w->key.text,
				     answer_word(a));
		else if (a == ANSWER_CREDIT_EXHAUSTED && v->villager[w->member].member.limited)
			return;
		else if (a < ANSWER_UNKNOWN_ARTICLE || a > ANSWER_EXPIRED ||
			 (visit && village_price(v, w->article, visit->list) >= 0 &&
			  p->ask.list == v->list))
			village_fail(v, "%s: a line that can be sold is answered %s", w->key.text,
				     answer_word(a));
	}
}

static void hear_void(struct village *v, const struct pending *p, const struct effect_line *l)
{
	struct wish *w = &v->wish[p->wish];

	if (l->answer == ANSWER_OK || l->answer == ANSWER_REPEATED) {
		if (!l->line.voided || (l->answer == ANSWER_OK && w->void_confirmed))
			village_fail(v, "%s: voided twice, or not at all", w->key.text);
		hear_price(v, w, l);
		w->void_confirmed = true;
		if (money_minor(l->visit_total) != sum_of(v, w->visit))
			village_fail(v, "%s: after a void the visit's total is not the sum",
				     w->key.text);
	} else if (l->answer == ANSWER_UNKNOWN_LINE) {
		if (w->confirmed || w->on_disk)
			village_fail(v, "%s: a line that was bought is unknown", w->key.text);
	} else if (!may_refuse(v, p, l->answer)) {
		village_fail(v, "%s: a void is answered %s", w->key.text, answer_word(l->answer));
	}
}

/* --- tokens and visits */

static struct village_visit *visit_opened(struct village *v, const struct pending *p,
					  struct visit_id id, uint32_t member)
{
	struct village_visit *visit = village_visit(v, id);

	if (visit)
		return visit;
	CHECK(v->visits < VILLAGE_VISITS);
	visit = &v->visit[v->visits++];
	*visit = (struct village_visit){
		.id = id, .member = member, .list = p->ask.list, .since_ms = p->ask.now.wall.ms};
	return visit;
}

static void token_admitted(struct village *v, const struct pending *p)
{
	struct village_token *t = &v->token[p->token];

	if (t->admitted)
		village_fail(v, "token %u is admitted again, in life %u", p->token, v->life);
	if (p->ask.blocked >> t->member & 1)
		village_fail(v, "who is blocked is admitted");
	if (t->reader < READER_TILL && v->lockdown[t->reader / 2] == LOCKDOWN_YES)
		village_fail(v, "admitted at a door in lockdown");
	t->admitted = true;
	v->admitted++;
}

static void hear_verdict(struct village *v, const struct pending *p, const struct effect_verdict *e)
{
	const struct village_token *t = &v->token[p->token];

	mix(v, e->verdict);
	if (e->verdict != VERDICT_ADMITTED)
		return;
	if (v->full || !v->ledger)
		village_fail(v, "admitted without a ledger");
	if (t->reader == READER_TILL) { /* it counts with its beep, when it is on disk */
		visit_opened(v, p, e->visit, t->member);
		v->till_visit = e->visit;
		v->till_member = t->member;
		return;
	}
	token_admitted(v, p);
	if (visit_opened(v, p, e->visit, t->member)->member != t->member)
		village_fail(v, "admitted into another's visit");
}

static void hear_visit(struct village *v, const struct pending *p, const struct told *told)
{
	const struct effect_visit *e = &told->effect.visit;
	struct village_visit *visit;

	mix(v, e->verdict);
	mix(v, e->answer);
	mix(v, e->visit.n);
	if (e->verdict != VERDICT_ADMITTED || e->answer > ANSWER_REPEATED)
		return;
	token_admitted(v, p);
	visit = visit_opened(v, p, e->visit, v->token[p->token].member);
	if (e->price_version != visit->list)
		village_fail(v, "a visit's price list changed");
	visit->confirmed = true;
	visit->bearers++;
	if (p->phone == UINT32_MAX || p->lost)
		return;
	v->phone[p->phone].has_visit = true;
	v->phone[p->phone].visit = e->visit;
	v->phone[p->phone].bearer = told->bearer;
}

static void hear_closed(struct village *v, const struct pending *p, const struct effect_closed *e)
{
	struct village_visit *visit = village_visit(v, p->ask.visit);

	mix(v, e->answer);
	if (e->answer == ANSWER_OK || e->answer == ANSWER_REPEATED) {
		if (e->answer == ANSWER_OK && visit && visit->close_confirmed)
			village_fail(v, "a visit is closed twice");
		if (visit)
			visit->close_confirmed = true;
	} else if (!may_refuse(v, p, e->answer)) {
		village_fail(v, "a close is answered %s", answer_word(e->answer));
	}
}

static void hear_beep(struct village *v, const struct pending *p, const struct effect_beep *e)
{
	struct wish *w;

	mix(v, e->yes);
	if (!e->yes)
		return;
	if (p->token != UINT32_MAX) {
		token_admitted(v, p);
		return;
	}
	if (p->wish == UINT32_MAX)
		return;
	w = &v->wish[p->wish];
	if (w->visit.n == 0 || w->prices == 0 || w->price[0] < 0)
		village_fail(v, "a till sells what is not for sale, or to nobody");
	w->unit = w->price[0];
	w->total = total_of(v, w, w->unit);
	w->confirmed = true;
	v->confirmed++;
}

/* --- texts */

/* Whoever has answered is not called again, whatever became of the shop since. */
static void hear_text(struct village *v, const struct effect_notify *n)
{
	v->alarm_code = n->code;
	v->texts++;
	mix(v, n->condition);
	mix(v, n->kind);
	for (uint32_t i = 0; i < v->answereds && i < VILLAGE_ANSWERED; i++)
		if (v->answer[i].n == n->alarm.n && n->kind != TEXT_OVER && n->kind != TEXT_TAKEN)
			village_fail(v, "alarm %llu is told again after its answer",
				     (unsigned long long)n->alarm.n);
}

static void answer_done(struct village *v)
{
	if (v->full || !v->ledger || v->answered.n == 0)
		return;
	v->answer[v->answereds++ % VILLAGE_ANSWERED] = v->answered;
}

/* --- all of it */

static void hear_effect(struct village *v, const struct pending *p, const struct told *t)
{
	const struct effect *e = &t->effect;

	mix(v, e->kind);
	mix(v, t->tag);
	if (e->kind == EFFECT_NOTIFY) {
		hear_text(v, &e->notify);
	} else if (!p) {
		return;
	} else if (e->kind == EFFECT_DONE && p->ask.kind == EVENT_ALARM_ACK && e->done.ok) {
		v->answered = e->done.alarm;
	} else if (e->kind == EFFECT_VERDICT && p->token != UINT32_MAX) {
		hear_verdict(v, p, &e->verdict);
	} else if (e->kind == EFFECT_VISIT) {
		hear_visit(v, p, t);
	} else if (e->kind == EFFECT_LINE) {
		mix(v, e->line.answer);
		mix(v, (uint64_t)money_minor(e->line.visit_total));
		if (p->ask.kind == EVENT_LINE_PUT)
			hear_put(v, p, &e->line);
		else
			hear_void(v, p, &e->line);
	} else if (e->kind == EFFECT_CLOSED) {
		hear_closed(v, p, &e->closed);
	} else if (e->kind == EFFECT_INVITED && e->invited.answer == ANSWER_OK) {
		memcpy(v->join_code, e->invited.join_code, sizeof(v->join_code));
	} else if (e->kind == EFFECT_BEEP) {
		hear_beep(v, p, &e->beep);
	}
}

void village_hears(struct village *v, const struct told *t)
{
	const struct pending *p = NULL;

	for (uint32_t i = 0; i < v->pendings; i++)
		if (v->pending[i].tag == t->tag)
			p = &v->pending[i];
	if (t->kind == TOLD_FULL) {
		v->full = true;
		v->full_ever = true;
		v->fulls++;
		for (uint32_t i = 0; i < v->pendings; i++)
			v->pending[i].full = true;
		mix(v, 0xf011);
	} else if (t->kind == TOLD_EFFECT) {
		hear_effect(v, p, t);
	} else if (t->kind == TOLD_STARTED) {
		v->ledger = t->ledger;
		if (t->ledger && v->clean_known && t->clean != v->clean_stop)
			village_fail(v, "the stop before life %u is said to be %s", v->life,
				     t->clean ? "clean" : "unclean");
		if (t->clock_floor.ms > v->floor_max_ms)
			village_fail(v, "the clock's floor is above every trusted time");
		if (t->ledger && !v->vouched)
			v->floor_ms = t->clock_floor.ms;
	}
}

/* What a person said to a door holds when the answer and its row are there. */
static void command_done(struct village *v, const struct ask *a)
{
	if (v->full || !v->ledger)
		return;
	if (a->command == COMMAND_LOCKDOWN)
		v->lockdown[a->door] = LOCKDOWN_YES;
	else if (a->command == COMMAND_LOCK)
		v->lockdown[a->door] = LOCKDOWN_NO;
}

void village_send(struct village *v, const struct pending *p)
{
	struct told t;

	CHECK(v->pendings < VILLAGE_PENDING);
	v->pending[v->pendings] = *p;
	v->pending[v->pendings++].full = v->full || !v->ledger;
	v->answered.n = 0;
	v->disk_ends = (v->disk_ends || p->ask.disk_full) && !p->ask.disk_well;
	v->asks++;
	mix(v, p->ask.kind);
	if (v->fd < 0 || send(v->fd, &p->ask, sizeof(p->ask), MSG_NOSIGNAL) < 0) {
		/* it is dead already: its last words are still to be heard */
		CHECK(v->fd < 0 || errno == EPIPE || errno == ECONNRESET);
	}
	while (v->fd >= 0) {
		ssize_t n = recv(v->fd, &t, sizeof(t), 0);

		if (n != (ssize_t)sizeof(t)) {
			close(v->fd);
			v->fd = -1;
			break;
		}
		if (t.kind == TOLD_DONE) {
			CHECK(t.tag == p->tag);
			if (p->ask.kind == EVENT_COMMAND)
				command_done(v, &p->ask);
			if (p->ask.kind == EVENT_ALARM_ACK && !p->ask.hold)
				answer_done(v);
			break;
		}
		village_hears(v, &t);
	}
	if (v->fd < 0 || !p->ask.hold)
		v->pendings = 0;
}
