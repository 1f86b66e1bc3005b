/*
 * refusals.c: what a refusal may cost: a row, unless somebody plays with the reader. "Past 10
 * refusals a minute a reader gets one row a minute with counts" (contracts 1). A scanner that
 * stutters after an admission is no refusal: "without a refusal light", and after three rows
 * without a word. Whether so many at one door are an alarm is for watch.c to say.
 */
#include "core/admission.h"

#include <string.h>

#include "core/step.h"

#define REFUSALS_MS 60000

static void refused_row(struct step *s, const struct showing *w, enum verdict verdict)
{
	struct entry_refused *e = &step_fact(s, ENTRY_REFUSED)->refused;
	const struct token_shown *t = w->token;

	e->place = w->place;
	e->road = w->road;
	e->verdict = verdict;
	if (!t)
		return;
	if (t->proof != PROOF_MALFORMED)
		e->kid = t->kid;
	e->customer_known = t->proof == PROOF_GOOD && (t->member_known || t->pass);
	if (e->customer_known)
		e->customer = w->customer;
}

/* "Past 10 refusals a minute a reader gets one row a minute with counts." */
static void refused_again(struct step *s, const struct showing *w, enum verdict verdict)
{
	struct refusals *r = &s->shop->admission.refusals[w->slot];

	if (!r->running)
		*r = (struct refusals){.running = true, .end = mono_add(s->now->mono, REFUSALS_MS)};
	if (r->rows < REFUSAL_ROWS_A_MINUTE) {
		r->rows++;
		refused_row(s, w, verdict);
		return;
	}
	if (r->counted == 0)
		step_log(s, &w->place, "more than %d refusals in this minute, the rest is counted",
			 REFUSAL_ROWS_A_MINUTE);
	if (r->counted < UINT32_MAX) {
		r->counted++;
		r->count[verdict]++;
	}
}

bool admission_refuse(struct step *s, const struct showing *w, enum verdict verdict)
{
	CHECK(verdict != VERDICT_ADMITTED && verdict < VERDICTS);
	if (w->token && admission_reread(s, w)) {
		if (s->shop->admission.last[w->slot].rereads++ < REREAD_ROWS)
			refused_row(s, w, verdict);
		return false;
	}
	refused_again(s, w, verdict);
	if (w->purpose == PURPOSE_DOOR)
		watches_refused(s, w->door);
	return true;
}

static void minute_over(struct step *s, uint8_t slot)
{
	struct refusals *r = &s->shop->admission.refusals[slot];
	struct entry_refusals *e;

	r->running = false;
	if (r->counted == 0)
		return;
	e = &step_fact(s, ENTRY_REFUSALS)->refusals;
	if (slot < READERS_MAX) {
		e->place = s->shop->config.reader[slot].place;
		e->road = s->shop->config.reader[slot].road;
	} else {
		e->place = step_place(SESSION_PURPOSE);
		e->road = ROAD_PHONE;
	}
	memcpy(e->count, r->count, sizeof(e->count));
}

void admission_time(struct step *s)
{
	struct admission *a = &s->shop->admission;

	for (uint8_t i = 0; i < REFUSAL_PLACES && step_room(s, 1); i++)
		if (a->refusals[i].running && mono_due(s->now->mono, a->refusals[i].end))
			minute_over(s, i);
}

void admission_flush(struct step *s)
{
	for (uint8_t i = 0; i < REFUSAL_PLACES && step_room(s, 1); i++)
		if (s->shop->admission.refusals[i].running)
			minute_over(s, i);
}

struct mono admission_deadline(const struct admission *a)
{
	struct mono at = MONO_NEVER;

	/* a minute without a count has nothing to say: it ends unseen, at the next refusal */
	for (uint32_t i = 0; i < REFUSAL_PLACES; i++)
		if (a->refusals[i].running && a->refusals[i].counted > 0)
			at = mono_min(at, a->refusals[i].end);
	return at;
}
