/*
 * shown.c: a token is shown, at a door, at a till, for a session. admission.c gives the verdict;
 *what follows from it, and who is told, stands here.
 *
 *~ door 7: the verdict is in; door.c releases the strike before anything else is said.
 */
#include "core/shown.h"

#include <string.h>

#include "core/step.h"

static struct effect_verdict *say_verdict(struct step *s, const struct event_token *e,
					  const struct showing *w, enum verdict verdict)
{
	struct effect_verdict *v = &step_now(s, EFFECT_VERDICT)->verdict;

	v->request = e->request;
	v->reader = e->reader;
	v->verdict = verdict;
	v->customer = w->customer;
	v->role = w->token ? w->token->member.role : ROLE_MEMBER;
	return v;
}

/* The reader that takes the goods of this one's till: itself, but for a card's reader, which stands
 * beside the till's scanner. */
static uint8_t till_of(const struct step *s, uint8_t reader)
{
	const struct shop_config *c = &s->shop->config;

	if (c->reader[reader].road != ROAD_NFC)
		return reader;
	for (uint8_t i = 0; i < c->readers; i++)
		if (c->reader[i].till && c->reader[i].road == ROAD_SCANNER &&
		    strcmp(c->reader[i].place.name, c->reader[reader].place.name) == 0)
			return i;
	return reader;
}

/* A till's reader says no, and forgets whose goods it took: the next ones are not that member's. */
static void refuse_at_till(struct step *s, uint8_t reader, enum verdict verdict)
{
	struct effect_beep *beep = &step_after(s, EFFECT_BEEP)->beep;

	beep->reader = till_of(s, reader);
	beep->verdict = verdict;
	visits_till_free(s, beep->reader);
}

/* An admission's row; the token is used up. */
static struct entry_admitted *admitted(struct step *s, const struct showing *w, bool claim)
{
	struct entry *e = claim ? step_claim(s, ENTRY_ADMITTED) : step_fact(s, ENTRY_ADMITTED);

	e->admitted.place = w->place;
	e->admitted.road = w->road;
	e->admitted.customer = w->customer;
	admission_consume(s, w, &e->admitted);
	return &e->admitted;
}

/* "Admission opens the member's visit, or joins the open one." The strike comes first: "door:
 * decide, act, record". */
static void let_in(struct step *s, const struct event_token *e, const struct showing *w)
{
	struct door *door = &s->shop->door[w->door];
	struct entry_admitted *row = admitted(s, w, false);
	struct visit *visit = visits_find_of(&s->shop->visits, w->customer);
	struct effect_verdict *v;
	uint32_t unlock_ms;

	if (!visit)
		visit = visits_open(s, &w->token->member, w->customer, w->place, e->price_version,
				    false);
	visit->last_at = s->now->mono;
	row->visit = visit->id;
	unlock_ms = door_admit(s, door, w->customer, e->token.member.extended);
	step_light(s, e->reader, true);
	v = say_verdict(s, e, w, VERDICT_ADMITTED);
	v->visit = visit->id;
	v->unlock_ms = unlock_ms;
	step_now(s, EFFECT_PICTURE)->picture = (struct effect_picture){PICTURE_ENTRY, visit->id.n};
}

void shown_at_door(struct step *s, const struct event_token *e)
{
	struct showing w;
	enum verdict verdict;

	if (!admission_showing(s, PURPOSE_DOOR, e->reader, &e->token, &w)) {
		say_verdict(s, e, &w, VERDICT_WRONG_AUDIENCE); /* no such door */
		return;
	}
	verdict = admission_verdict(s, &w);
	if (verdict == VERDICT_ADMITTED) {
		let_in(s, e, &w);
		return;
	}
	if (admission_refuse(s, &w, verdict))
		step_light(s, e->reader, false);
	say_verdict(s, e, &w, verdict);
}

static void say_visit(struct step *s, const struct event_token *e, enum verdict verdict,
		      enum answer answer, const struct visit *visit)
{
	struct effect_visit *v = &step_after(s, EFFECT_VISIT)->visit;

	v->request = e->request;
	v->verdict = verdict;
	v->answer = answer;
	if (!visit)
		return;
	v->visit = visit->id;
	v->limited = e->token.member.limited;
	v->credit_left = e->token.member.credit_left;
	v->price_version = visit->price_version;
}

/* "A till token joins it (opens one if there is none)." */
static struct visit *join_or_open(struct step *s, const struct event_token *e,
				  const struct showing *w, struct visit *visit)
{
	struct entry_admitted *row = admitted(s, w, true);

	if (!visit)
		visit = visits_open(s, &w->token->member, w->customer, w->place, e->price_version,
				    true);
	visit->last_at = s->now->mono;
	row->visit = visit->id;
	return visit;
}

/* "…and returns a bearer for it alone, one a device; another member's phone joins by a code that
 * the first shows." */
static void phone_at_till(struct step *s, const struct event_token *e, const struct showing *w,
			  struct visit *invited)
{
	struct visit *own = visits_find_of(&s->shop->visits, w->customer);
	struct visit *visit = e->join_code[0] ? invited : own;
	bool joins = visit;

	if (e->join_code[0] && !invited) {
		say_visit(s, e, VERDICT_ADMITTED, ANSWER_JOIN_CODE_UNKNOWN, NULL);
		return;
	}
	if (visit && !visits_can_bear(visit, w->customer)) {
		say_visit(s, e, VERDICT_ADMITTED, ANSWER_VISIT_FULL, NULL);
		return;
	}
	visit = join_or_open(s, e, w, visit);
	CHECK(visits_bear(s, visit, w->customer));
	if (invited)
		visits_invite_used(&s->shop->visits, e->join_code);
	say_visit(s, e, VERDICT_ADMITTED, joins ? ANSWER_REPEATED : ANSWER_OK, visit);
}

static void scanned_at_till(struct step *s, const struct event_token *e, const struct showing *w)
{
	struct visit *visit = join_or_open(s, e, w, visits_find_of(&s->shop->visits, w->customer));
	struct effect_beep *beep = &step_after(s, EFFECT_BEEP)->beep;

	beep->reader = till_of(s, e->reader);
	visits_till_take(s, beep->reader, visit, w->customer);
	beep->yes = true;
	beep->verdict = VERDICT_ADMITTED;
	beep->visit = visit->id;
	say_verdict(s, e, w, VERDICT_ADMITTED)->visit = visit->id;
}

void shown_at_till(struct step *s, const struct event_token *e)
{
	struct visit *invited = NULL;
	struct showing w;
	enum verdict verdict;
	bool shown;

	if (!admission_showing(s, PURPOSE_TILL, e->reader, &e->token, &w)) {
		say_visit(s, e, VERDICT_WRONG_AUDIENCE, ANSWER_UNAUTHORIZED, NULL);
		return;
	}
	if (w.road == ROAD_PHONE && e->join_code[0])
		invited = visits_invited(&s->shop->visits, e->join_code, s->now->mono);
	w.invited = invited;
	verdict = admission_verdict(s, &w);
	if (verdict == VERDICT_ADMITTED) {
		if (w.road == ROAD_PHONE)
			phone_at_till(s, e, &w, invited);
		else
			scanned_at_till(s, e, &w);
		return;
	}
	shown = admission_refuse(s, &w, verdict);
	if (w.road == ROAD_PHONE) {
		say_visit(s, e, verdict, ANSWER_UNAUTHORIZED, NULL);
		return;
	}
	if (shown)
		refuse_at_till(s, e->reader, verdict);
	say_verdict(s, e, &w, verdict);
}

/* What a role may see in its session is for who keeps the session to decide: here it is a member
 * with a key, and the token is used up. */
void shown_for_session(struct step *s, const struct event_token *e)
{
	struct showing w;
	enum verdict verdict;

	CHECK(admission_showing(s, PURPOSE_SESSION, e->reader, &e->token, &w));
	verdict = admission_verdict(s, &w);
	if (verdict == VERDICT_ADMITTED)
		admitted(s, &w, false);
	else
		admission_refuse(s, &w, verdict);
	say_verdict(s, e, &w, verdict);
}

void shown_no_token(struct step *s, const struct event_frame_refused *e)
{
	struct event_token none = {.reader = e->reader};
	struct showing w;
	bool till = e->reader < s->shop->config.readers && s->shop->config.reader[e->reader].till;

	if (!admission_showing(s, till ? PURPOSE_TILL : PURPOSE_DOOR, e->reader, NULL, &w))
		return;
	admission_refuse(s, &w, VERDICT_MALFORMED);
	if (till)
		refuse_at_till(s, e->reader, VERDICT_MALFORMED);
	else
		step_light(s, e->reader, false);
	say_verdict(s, &none, &w, VERDICT_MALFORMED);
}
