/*
 * ladder_hours.c: when somebody may be called: their own hours, and the quiet ones of the shop.
 * Both are the shop's local time, and may go past midnight.
 */
#include "core/ladder_parts.h"

#define MINUTE_MS      60000
#define MINUTES_OF_DAY 1440

struct ladder_config ladder_config_default(void)
{
	return (struct ladder_config){.step_ms = {[SEVERITY_WARNING] = 3600000,
						  [SEVERITY_URGENT] = 300000,
						  [SEVERITY_EMERGENCY] = 120000},
				      .quiet_below = SEVERITY_URGENT,
				      .rehearse_days = 30,
				      .rehearse_at = 10 * 60,
				      .rehearse_wait_ms = 4 * 3600000};
}

void ladder_config_check(const struct ladder_config *c)
{
	CHECK((uint32_t)c->quiet_below < SEVERITIES && c->rehearse_wait_ms >= 0);
	CHECK(c->quiet.open <= MINUTES_OF_DAY && c->quiet.close <= MINUTES_OF_DAY);
	CHECK(c->rehearse_at < MINUTES_OF_DAY);
	for (uint32_t i = 0; i < SEVERITIES; i++)
		CHECK(c->step_ms[i] >= 0);
}

static bool within(const struct hours *h, uint16_t minute)
{
	if (h->close < h->open)
		return minute >= h->open || minute < h->close;
	return minute >= h->open && minute < h->close;
}

/* "Hours that begin where they end" are all of them. */
bool ladder_on_duty(const struct contact *c, const struct now *now)
{
	return c->hours.open == c->hours.close ||
	       within(&c->hours, now->minute_of_week % MINUTES_OF_DAY);
}

bool ladder_quiet(const struct step *s, enum severity severity, struct mono *ret_end)
{
	const struct ladder_config *c = &s->shop->config.ladder;
	uint16_t minute = s->now->minute_of_week % MINUTES_OF_DAY;
	int64_t minutes, into_ms = s->now->wall.ms >= 0 ? s->now->wall.ms % MINUTE_MS : 0;

	if (c->quiet.open == c->quiet.close || severity >= c->quiet_below ||
	    !within(&c->quiet, minute))
		return false;
	minutes = (c->quiet.close - minute + MINUTES_OF_DAY) % MINUTES_OF_DAY;
	*ret_end = mono_add(s->now->mono, minutes * MINUTE_MS - into_ms);
	return true;
}
