/*
 * time.c: the two clocks and how far the wall clock is believed (contracts 1, clock).
 *
 * Trusted: the kernel has synchronised it since boot, or a battery clock is configured, and it is
 * neither below the floor (the latest trusted time on record) nor more than CLOCK_AHEAD_MAX above
 * it. A person may vouch for one outside. Judged at start, when it was set, and, while untrusted,
 * at every event: NTP comes when it comes.
 */
#include "shopd/shopd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "crypto/es256.h"

#define CLOCK_AHEAD_MAX_MS (90LL * 86400000) /* contracts 1: "nor > 90 days above it" */

static bool clock_good(struct shopd *sd, struct wall wall)
{
	if (sd->clock_vouched)
		return true;
	if (sd->config.clock != CLOCK_RTC && !sd->clock_synchronised) {
		sd->clock_synchronised = loop_wall_synchronised();
		if (!sd->clock_synchronised)
			return false;
	}
	if (sd->clock_floor.ms == 0)
		return true;
	return wall.ms >= sd->clock_floor.ms && wall.ms - sd->clock_floor.ms <= CLOCK_AHEAD_MAX_MS;
}

/* The shop's own time zone decides its opening hours; asked once a minute, for libc's answer costs
 * a microsecond. */
static uint16_t minute_of_week(struct shopd *sd, struct wall wall)
{
	time_t seconds = (time_t)(wall.ms / 1000);
	struct tm local;

	if (wall.ms / 60000 == sd->minute)
		return sd->minute_of_week;
	if (!localtime_r(&seconds, &local))
		return 0;
	sd->minute = wall.ms / 60000;
	sd->minute_of_week =
		(uint16_t)(((local.tm_wday + 6) % 7) * 1440 + local.tm_hour * 60 + local.tm_min);
	return sd->minute_of_week;
}

struct now time_now(struct shopd *sd)
{
	struct now now = {.mono = loop_mono(), .wall = loop_wall()};

	if (!sd->clock_trusted)
		sd->clock_trusted = sd->clock_news = clock_good(sd, now.wall);
	now.wall_trusted = sd->clock_trusted;
	now.minute_of_week = minute_of_week(sd, now.wall);
	return now;
}

/* The wall clock was set, somebody vouched for it, or it came to be trusted: each is a fact, for
 * months and VAT dates hang on it, and the floor under every later clock. */
static void clock_told(struct shopd *sd)
{
	struct event e;
	int64_t offset;

	sd->minute = -1;
	e = shopd_event(sd, EVENT_CLOCK);
	sd->clock_news = false;
	offset = e.now.wall.ms - e.now.mono.ms;
	e.clock.before = (struct wall){e.now.mono.ms + sd->wall_minus_mono};
	memcpy(e.clock.boot_id, sd->boot_id, sizeof(e.clock.boot_id));
	journal_line(sd, "clock: set by %lld ms, %s", (long long)(offset - sd->wall_minus_mono),
		     e.now.wall_trusted ? "trusted" : "not trusted");
	sd->wall_minus_mono = offset;
	shopd_step(sd, &e);
}

static void on_clock_step(void *data)
{
	struct shopd *sd = data;
	int64_t before_ms = loop_mono().ms + sd->wall_minus_mono;

	/* what was trusted until now is the floor under what it was set to */
	if (sd->clock_trusted && before_ms > sd->clock_floor.ms)
		sd->clock_floor.ms = before_ms;
	sd->clock_vouched = false; /* it was for the clock as it stood then */
	sd->clock_trusted = false;
	clock_told(sd);
}

void time_vouch(struct shopd *sd)
{
	sd->clock_floor = loop_wall();
	sd->clock_vouched = true;
	sd->clock_trusted = false;
	journal_line(sd, "clock: a person vouches for it");
	clock_told(sd);
}

static void on_deadline(void *data)
{
	struct shopd *sd = data;
	struct event e = shopd_event(sd, EVENT_TIME);

	sd->deadline_at = MONO_NEVER;
	shopd_step(sd, &e);
}

void time_rearm(struct shopd *sd)
{
	struct mono at;

	if (sd->clock_news && sd->shop.started && !sd->shop.stopped)
		clock_told(sd);
	at = shop_deadline(&sd->shop);
	/* One that moved away (each line puts off its visit's silence by as much) is left where it
	 * is: it comes too early once, finds nothing due, and is armed anew. That costs less than
	 * arming it at every line. */
	if (at.ms >= sd->deadline_at.ms)
		return;
	sd->deadline_at = at;
	timer_arm(sd->deadline, at);
}

int time_start(struct shopd *sd)
{
	int r;

	setenv("TZ", sd->config.timezone, 1);
	tzset();
	sd->minute = -1;
	sd->started = loop_mono();
	sd->wall_minus_mono = loop_wall().ms - sd->started.ms;
	sd->deadline_at = MONO_NEVER;
	random_bytes(sd->boot_id, sizeof(sd->boot_id));
	r = timer_add(sd->loop, WATCH_DOOR, 0, on_deadline, sd, &sd->deadline);
	return r < 0 ? r : loop_on_clock_step(sd->loop, on_clock_step, sd);
}

void time_stop(struct shopd *sd)
{
	timer_free(sd->deadline);
}
