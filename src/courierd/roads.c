/*
 * roads.c: a road is judged by what it did last. Two tries in a row that it did not take, be it of
 * one text or of all, or one that it refused for money or password, and it is failing, until it
 * takes one. A gateway that takes texts which then do not arrive, to one person and to another, is
 * failing until one does. A gateway whose
 * inbox cannot be read three times running is failing too; that it can be read again makes it well
 * only when no text had reached it before: one that answers 500 to texts, or nothing, and lists its
 * inbox is as broken as it was. A modem that is not ready for half a minute is failing until it has
 * been ready for as long: one that is jammed comes and goes.
 *
 * A failing road is the second choice, and is tried now and then all the same: nothing else shows
 * that it is well again.
 */
#include "courierd/roads.h"

#include <string.h>

void roads_init(struct roads *r, struct mono now, uint32_t fitted)
{
	CHECK(fitted != 0 && fitted < 1U << SMS_ROADS);
	memset(r, 0, sizeof(*r));
	for (uint32_t i = 0; i < SMS_ROADS; i++) {
		r->road[i].fitted = (fitted & 1U << i) != 0;
		r->road[i].ready_since = now;
		r->road[i].ready = i == SMS_BY_GATEWAY;
	}
}

bool road_failing(const struct way *road)
{
	return road->broken || road->lossy || road->lost || road->deaf >= ROAD_DEAF;
}

bool road_open(const struct way *road)
{
	return road->fitted && road->ready;
}

bool roads_both(const struct roads *r)
{
	return r->road[SMS_BY_GATEWAY].fitted && r->road[SMS_BY_MODEM].fitted;
}

static void road_well(struct way *road)
{
	road->broken = false;
	road->reached = false;
	road->known = true;
	road->failures = 0;
	if (road->lossy)
		return; /* it takes them, as it did before */
	road->shuns = 0;
	road->shun_until = (struct mono){0};
}

static void road_shun(struct way *road, struct mono now)
{
	int64_t pause = ROAD_SHUN_MS;

	for (uint32_t i = 0; i < road->shuns && pause < ROAD_SHUN_MAX_MS; i++)
		pause *= 2;
	road->shuns++;
	road->shun_until =
		mono_add(now, pause < ROAD_SHUN_MAX_MS ? pause : (int64_t)ROAD_SHUN_MAX_MS);
}

static void road_failed(struct way *road, struct mono now, enum sms_try how, uint32_t tries)
{
	road->failures++;
	road->reached |= how != TRY_NO_WAY;
	if (how != TRY_BARRED && road->failures < ROAD_FAILURES && tries < ROAD_FAILURES)
		return;
	road->broken = true;
	road->known = true;
	road_shun(road, now);
}

void roads_tried(struct roads *r, struct mono now, enum sms_road road, enum sms_try how,
		 uint32_t tries)
{
	struct way *way = &r->road[road];

	switch (how) {
	case TRY_TAKEN:
		way->taken_at = now;
		way->deaf = 0; /* or the next look says so again */
		road_well(way);
		return;
	case TRY_REFUSED:
		return;
	case TRY_BARRED:
	case TRY_BUSY:
	case TRY_NO_WAY:
	case TRY_DOUBT:
		road_failed(way, now, how, tries);
		return;
	}
}

void roads_lost(struct roads *r, struct mono now, uint32_t contact, uint32_t people)
{
	struct way *gateway = &r->road[SMS_BY_GATEWAY];

	if (gateway->losses > 0 && gateway->loser == contact && people > 1)
		return; /* their phone may be off */
	gateway->losses++;
	gateway->loser = contact;
	if (gateway->losses < ROAD_LOSSES)
		return;
	gateway->lossy = true;
	gateway->known = true;
	road_shun(gateway, now);
}

void roads_delivered(struct roads *r)
{
	r->road[SMS_BY_GATEWAY].losses = 0;
	r->road[SMS_BY_GATEWAY].lossy = false;
}

void roads_heard(struct roads *r, struct mono now, bool heard)
{
	struct way *gateway = &r->road[SMS_BY_GATEWAY];

	if (!heard) {
		gateway->deaf += gateway->deaf < ROAD_DEAF;
		if (gateway->deaf < ROAD_DEAF)
			return;
		gateway->known = true;
		road_shun(gateway,
			  now); /* the next look shows whether it is back, no text has to */
		return;
	}
	gateway->deaf = 0;
	gateway->known = true;
	if (!gateway->reached)
		road_well(gateway);
}

/* ---- the modem ---- */

void roads_ready(struct roads *r, struct mono now, bool ready)
{
	struct way *modem = &r->road[SMS_BY_MODEM];

	roads_time(r, now);
	if (modem->ready == ready)
		return;
	modem->ready = ready;
	modem->ready_since = now;
	if (ready && !modem->known)
		road_well(modem); /* the first time: nobody has heard otherwise */
}

/** When the modem's state has stood for so long that it counts. */
static struct mono modem_settles(const struct way *modem)
{
	if (!modem->fitted || (modem->ready ? !modem->lost : modem->lost))
		return MONO_NEVER;
	return mono_add(modem->ready_since, ROAD_LOST_MS);
}

void roads_time(struct roads *r, struct mono now)
{
	struct way *modem = &r->road[SMS_BY_MODEM];

	if (!mono_due(now, modem_settles(modem)))
		return;
	modem->lost = !modem->ready;
	modem->known = true;
	if (modem->ready)
		road_well(modem); /* it has found its network anew: what failed was before */
}

struct mono roads_deadline(const struct roads *r)
{
	return modem_settles(&r->road[SMS_BY_MODEM]);
}

/* ---- the choice ---- */

static bool road_good(const struct way *road)
{
	return road_open(road) && !road_failing(road);
}

/** Whether a failing road may be given a text first, to see. */
static bool road_probed(struct way *road, struct mono now, enum severity severity)
{
	if (!road_open(road) || severity >= SEVERITY_EMERGENCY || !mono_due(now, road->shun_until))
		return false;
	road->shun_until = mono_add(now, ROAD_SHUN_MS);
	return true;
}

enum sms_road roads_first(struct roads *r, struct mono now, enum severity severity, bool prove)
{
	struct way *gateway = &r->road[SMS_BY_GATEWAY], *modem = &r->road[SMS_BY_MODEM];

	if (!roads_both(r))
		return gateway->fitted ? SMS_BY_GATEWAY : SMS_BY_MODEM;
	if (prove && road_open(modem) && modem->taken_at.ms < gateway->taken_at.ms)
		return SMS_BY_MODEM;
	if (!road_failing(gateway) || !road_good(modem))
		return SMS_BY_GATEWAY;
	return road_probed(gateway, now, severity) ? SMS_BY_GATEWAY : SMS_BY_MODEM;
}

/* ---- what shopd is told ---- */

bool roads_fault(const struct roads *r, enum sms_road *ret, bool *ret_failing)
{
	for (uint32_t i = 0; i < SMS_ROADS; i++) {
		const struct way *road = &r->road[i];
		bool failing = road_failing(road);

		if (!road->fitted || !road->known || (road->told && road->told_as == failing))
			continue;
		*ret = (enum sms_road)i;
		*ret_failing = failing;
		return true;
	}
	return false;
}

void roads_told(struct roads *r, enum sms_road road, bool failing)
{
	r->road[road].told = true;
	r->road[road].told_as = failing;
}

void roads_untold(struct roads *r)
{
	for (uint32_t i = 0; i < SMS_ROADS; i++)
		r->road[i].told = false;
}
