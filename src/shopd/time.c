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
#define WEEK		   10080	     /* minutes */
#define THURSDAY	   4320		     /* 1970-01-01 was one: minutes since Monday */
/* Time zones change their offset at whole quarters of an hour, and libc's answer costs a
 * microsecond: it is asked once for each. */
#define QUARTER_MS 900000

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

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

int32_t time_utc_offset(struct shopd *sd, struct wall wall)
{
	int64_t quarter = floor_div(wall.ms, QUARTER_MS);
	time_t seconds = (time_t)(quarter * (QUARTER_MS / 1000));
	struct tm local;

	if (quarter == sd->quarter)
		return sd->utc_offset_min;
	if (!localtime_r(&seconds, &local))
		return 0;
	sd->quarter = quarter;
	sd->utc_offset_min = (int32_t)(local.tm_gmtoff / 60);
	return sd->utc_offset_min;
}

/* Minutes since 1970 as the shop's clock on the wall counts them. */
static int64_t local_minute(struct shopd *sd, struct wall wall)
{
	return floor_div(wall.ms, 60000) + time_utc_offset(sd, wall);
}

struct day time_day(struct shopd *sd, struct wall wall)
{
	int64_t n = floor_div(local_minute(sd, wall), 1440);
	struct day day = DAY_NONE;

	if (n > 0)
		day.n = n > DAY_MAX ? DAY_MAX : (int32_t)n;
	return day;
}

struct now time_now(struct shopd *sd)
{
	struct now now = {.mono = loop_mono(), .wall = loop_wall()};
	int64_t minute;

	if (!sd->clock_trusted)
		sd->clock_trusted = sd->clock_news = clock_good(sd, now.wall);
	now.wall_trusted = sd->clock_trusted;
	now.day = time_day(sd, now.wall);
	minute = local_minute(sd, now.wall) + THURSDAY;
	now.minute_of_week = (uint16_t)(minute - floor_div(minute, WEEK) * WEEK);
	return now;
}

/* The wall clock was set, somebody vouched for it, or it came to be trusted: each is a fact, for
 * months and VAT dates hang on it, and the floor under every later clock. */
static void clock_told(struct shopd *sd)
{
	struct event e;
	int64_t offset;

	e = shopd_event(sd, EVENT_CLOCK);
	sd->clock_news = false;
	offset = e.now.wall.ms - e.now.mono.ms;
	e.clock.before = (struct wall){e.now.mono.ms + sd->wall_minus_mono};
	memcpy(e.clock.boot_id, sd->boot_id, sizeof(e.clock.boot_id));
	e.clock.utc_offset_min = time_utc_offset(sd, e.now.wall);
	journal_line(sd, "clock: set by %lld ms, %s", (long long)(offset - sd->wall_minus_mono),
		     e.now.wall_trusted ? "trusted" : "not trusted");
	sd->wall_minus_mono = offset;
	shopd_step(sd, &e);
	nights_clock(sd); /* another day, maybe another month */
	office_clock(sd);
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

void time_vouch(struct shopd *sd, const char *who)
{
	sd->clock_floor = loop_wall();
	sd->clock_vouched = true;
	sd->clock_trusted = false;
	journal_line(sd, "clock: %s vouches for it", who);
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
	sd->quarter = INT64_MIN;
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
