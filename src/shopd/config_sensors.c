/*
 * config_sensors.c: the sensors of the room, and after how long who is told. Two lines make a
 * sensor, what it is and where: the rest has a default for each kind, chosen so that a defrosting
 * freezer or a fridge being filled wakes nobody.
 *
 * Each kind of measure has one bound that matters (a room that is too cold, all else that is too
 * high), for that is what its alarm says; a switch has none, it is on or off.
 */
#include "shopd/config_sensors.h"

#include <stdio.h>
#include <string.h>

#include "shopd/config_value.h"

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS	  (60 * MINUTE_MS)

static const char *const kind_words[] = {"fridge", "freezer", "room",  "humidity", "co2",
					 "water",  "motion",  "power", "battery",  NULL};
static const char *const severity_words[] = {"notice", "warning", "urgent", "emergency", NULL};

_Static_assert(ARRAY_LEN(kind_words) == SENSOR_KINDS + 1, "a word for each kind");
_Static_assert(ARRAY_LEN(severity_words) == SEVERITIES + 1, "a word for each severity");

/* What a sensor is that says no more than its kind. `unit` NUL: a switch. */
static const struct kind_default {
	char unit;
	bool low; /* the bound that matters is the lower one */
	int64_t bound, hysteresis, debounce_ms, pre_ms;
	int64_t least, most; /* what a bound may be */
} kind_defaults[SENSOR_KINDS] = {
	/* filled with warm milk it is cold again within half an hour; a door that was left ajar
	 * sounds the buzzer while who left it is still there */
	[SENSOR_FRIDGE] = {'C', false, 8000, 1000, 30 * MINUTE_MS, 5 * MINUTE_MS, -10000, 30000},
	/* it defrosts a few times a day, for less than twenty minutes */
	[SENSOR_FREEZER] = {'C', false, -15000, 1000, 20 * MINUTE_MS, 5 * MINUTE_MS, -60000, 10000},
	[SENSOR_ROOM] = {'C', true, 5000, 500, 30 * MINUTE_MS, 0, -40000, 40000},
	[SENSOR_HUMIDITY] = {'%', false, 75000, 3000, 30 * MINUTE_MS, 0, 0, 100000},
	[SENSOR_CO2] = {'p', false, 1500000, 100000, 10 * MINUTE_MS, 0, 400000, 40000000},
	[SENSOR_WATER] = {.debounce_ms = 3000},
	[SENSOR_MOTION] = {.debounce_ms = 0},
	[SENSOR_POWER] = {.debounce_ms = 10000},
	[SENSOR_BATTERY] = {.debounce_ms = 30000},
};

/* --- the tables */

#define SENSOR_OF(member) offsetof(struct sensor_section, member)
#define ALARMS_OF(member) offsetof(struct config, alarms.member)
#define OWN(n, at, how)                                                                            \
	{                                                                                          \
		.name = n, .type = CONF_OWN, .offset = at, .read = how                             \
	}
#define WHOLE(n, at, low, high)                                                                    \
	{                                                                                          \
		.name = n, .type = CONF_INT, .offset = at, .min = low, .max = high                 \
	}

bool sensor_source_file(const char *source)
{
	return strncmp(source, "hwmon:", 6) == 0 || strncmp(source, "iio:", 4) == 0 ||
	       strncmp(source, "w1:", 3) == 0;
}

static const char *source_rule(const char *source)
{
	const char *line = source + sizeof("gpio:") - 1;

	if (strcmp(source, "sim") == 0 || strcmp(source, "courier") == 0)
		return NULL;
	if (strncmp(source, "gpio:", 5) == 0)
		return strlen(line) > 0 && strlen(line) < GPIO_LINE_NAME_MAX
			       ? NULL
			       : "gpio: and the name of a line, as in gpio:GPIO7";
	if (sensor_source_file(source))
		return sensor_source_rule(source);
	return "gpio:LINE, w1:NUMBER, hwmon:NAME/temp1, iio:NAME/in_temp, courier or sim";
}

static const struct conf_key sensor_keys[] = {
	{.name = "kind",
	 .type = CONF_WORD,
	 .offset = SENSOR_OF(kind),
	 .words = kind_words,
	 .required = true},
	{.name = "source",
	 .type = CONF_TEXT,
	 .offset = SENSOR_OF(source),
	 .size = SENSOR_SOURCE_MAX,
	 .rule = source_rule,
	 .required = true},
	{.name = "active_low", .type = CONF_BOOL, .offset = SENSOR_OF(active_low)},
	OWN("high", SENSOR_OF(high), read_bound),
	OWN("low", SENSOR_OF(low), read_bound),
	OWN("hysteresis", SENSOR_OF(hysteresis), read_width),
	OWN("debounce", SENSOR_OF(debounce_ms), read_wait),
	OWN("pre", SENSOR_OF(pre_ms), read_span),
	OWN("every", SENSOR_OF(every_ms), read_wait),
	OWN("stale", SENSOR_OF(stale_ms), read_wait),
};

static const struct sensor_section sensor_defaults = {
	.debounce_ms = SENSOR_UNSAID,
	.pre_ms = SENSOR_UNSAID,
	.every_ms = 15000,
	.stale_ms = 5 * MINUTE_MS,
};

static const struct conf_key alarms_keys[] = {
	OWN("escalate_emergency", ALARMS_OF(ladder.step_ms[SEVERITY_EMERGENCY]), read_span),
	OWN("escalate_urgent", ALARMS_OF(ladder.step_ms[SEVERITY_URGENT]), read_span),
	OWN("escalate_warning", ALARMS_OF(ladder.step_ms[SEVERITY_WARNING]), read_span),
	OWN("quiet", ALARMS_OF(ladder.quiet), read_night),
	{.name = "quiet_below",
	 .type = CONF_WORD,
	 .offset = ALARMS_OF(quiet_below),
	 .words = severity_words},
	OWN("rehearsal_every", ALARMS_OF(ladder.rehearse_days), read_days),
	OWN("rehearsal_at", ALARMS_OF(ladder.rehearse_at), read_clock),
	OWN("rehearsal_wait", ALARMS_OF(ladder.rehearse_wait_ms), read_wait),
	OWN("inside_max", ALARMS_OF(inside_ms), read_span),
	WHOLE("refusals", ALARMS_OF(refusals), 0, REFUSALS_WATCHED_MAX),
	OWN("refusals_within", ALARMS_OF(refusals_ms), read_wait),
	OWN("empty_grace", ALARMS_OF(empty_grace_ms), read_wait),
	WHOLE("disk_free_mb", ALARMS_OF(disk_free_mb), 0, 1000000),
	WHOLE("sync_max_hours", ALARMS_OF(sync_max_hours), 1, 8760),
};

const struct conf_section config_sensors_sections[CONFIG_SENSORS_SECTIONS] = {
	{.kind = "sensor",
	 .named = true,
	 .key = sensor_keys,
	 .keys = ARRAY_LEN(sensor_keys),
	 .offset = offsetof(struct config, sensor),
	 .stride = sizeof(struct sensor_section),
	 .max = SENSORS_MAX,
	 .count_offset = offsetof(struct config, sensors),
	 .name_offset = SENSOR_OF(name),
	 .defaults = &sensor_defaults},
	{.kind = "alarms", .key = alarms_keys, .keys = ARRAY_LEN(alarms_keys)},
};

void config_sensors_defaults(struct config *c)
{
	struct ladder_config ladder = ladder_config_default();

	c->alarms = (struct alarms_section){
		.ladder = ladder,
		.quiet_below = ladder.quiet_below,
		.inside_ms = 4 * HOUR_MS,
		.refusals = 10,
		.refusals_ms = 10 * MINUTE_MS,
		.empty_grace_ms = 2 * MINUTE_MS,
		.disk_free_mb = 200,
		.sync_max_hours = 24,
	};
}

/* --- what only shows in the whole */

static bool sensor_refuse(char why[CONF_WHY_MAX], const char *path, const struct sensor_section *s,
			  const char *what)
{
	return conf_refuse(why, "%.60s: [sensor %s]: %s", path, s->name, what);
}

bool sensor_is_switch(const struct sensor_section *s)
{
	return kind_defaults[s->kind].unit == '\0';
}

static const char *unit_word(char unit)
{
	return unit == 'C' ? "°C" : unit == '%' ? "%" : "ppm";
}

/* Where a kind of sensor can come from: a line is on or off, a file holds a number. */
static bool source_fits(const char *path, const struct config *c, const struct sensor_section *s,
			char why[CONF_WHY_MAX])
{
	bool line = strncmp(s->source, "gpio:", 5) == 0;
	bool file = sensor_source_file(s->source);

	if (line && !sensor_is_switch(s))
		return sensor_refuse(why, path, s, "a gpio line is on or off: it measures nothing");
	if (file && sensor_is_switch(s))
		return sensor_refuse(why, path, s,
				     "a file of measures cannot be a switch: gpio:LINE or courier");
	if (strcmp(s->source, "courier") == 0 && s->kind != SENSOR_POWER &&
	    s->kind != SENSOR_BATTERY)
		return sensor_refuse(why, path, s,
				     "courierd tells of a UPS: kind power or battery");
	if (strcmp(s->source, "sim") == 0 && !config_simulated(c))
		return sensor_refuse(why, path, s,
				     "source 'sim' is for simulated doors, these are real");
	if (s->active_low && !line)
		return sensor_refuse(why, path, s, "'active_low' is for source gpio:LINE");
	if (s->every_ms < 1000 || s->every_ms > HOUR_MS)
		return sensor_refuse(why, path, s, "'every' must be from 1 s to 1 h");
	if (s->stale_ms < 3 * s->every_ms)
		return sensor_refuse(why, path, s,
				     "'stale' must be at least three times 'every': one lost "
				     "value is no lost sensor");
	return true;
}

static bool unit_fits(const char *path, const struct sensor_section *s, const struct bound *b,
		      char why[CONF_WHY_MAX])
{
	char unit = kind_defaults[s->kind].unit;

	if (b->said != BOUND_IS || b->unit == '\0' || b->unit == unit)
		return true;
	return conf_refuse(why, "%.60s: [sensor %s]: a %s is measured in %s, not %s", path, s->name,
			   kind_words[s->kind], unit_word(unit), unit_word(b->unit));
}

static bool bounds_fit(const char *path, const struct sensor_section *s, char why[CONF_WHY_MAX])
{
	const struct kind_default *kind = &kind_defaults[s->kind];
	const struct bound *matters = kind->low ? &s->low : &s->high;
	const struct bound *other = kind->low ? &s->high : &s->low;

	if (sensor_is_switch(s))
		return (s->high.said == BOUND_UNSAID && s->low.said == BOUND_UNSAID &&
			s->hysteresis.said == BOUND_UNSAID) ||
		       sensor_refuse(why, path, s,
				     "a switch is on or off: no 'high', 'low' or 'hysteresis'");
	if (other->said == BOUND_IS)
		return conf_refuse(why, "%.60s: [sensor %s]: a %s has no '%s', only '%s'", path,
				   s->name, kind_words[s->kind], kind->low ? "high" : "low",
				   kind->low ? "low" : "high");
	if (!unit_fits(path, s, matters, why) || !unit_fits(path, s, &s->hysteresis, why))
		return false;
	if (matters->said == BOUND_IS &&
	    (matters->milli < kind->least || matters->milli > kind->most))
		return conf_refuse(why, "%.60s: [sensor %s]: '%s' must be from %lld to %lld %s",
				   path, s->name, kind->low ? "low" : "high",
				   (long long)kind->least / 1000, (long long)kind->most / 1000,
				   unit_word(kind->unit));
	if (s->hysteresis.milli > 20 * kind->hysteresis)
		return conf_refuse(why, "%.60s: [sensor %s]: 'hysteresis' must be at most %lld %s",
				   path, s->name, (long long)kind->hysteresis * 20 / 1000,
				   unit_word(kind->unit));
	return true;
}

/* A line has one owner, also within the shop. */
static bool line_is_free(const char *path, const struct config *c, uint32_t sensor,
			 char why[CONF_WHY_MAX])
{
	const struct sensor_section *s = &c->sensor[sensor];
	const char *line = s->source + sizeof("gpio:") - 1;

	if (strncmp(s->source, "gpio:", 5) != 0)
		return true;
	for (uint32_t i = 0; i < sensor; i++)
		if (strcmp(c->sensor[i].source, s->source) == 0)
			return conf_refuse(why,
					   "%.60s: [sensor %s]: line %s is that of [sensor %s]",
					   path, s->name, line, c->sensor[i].name);
	for (uint32_t d = 0; d < c->doors; d++)
		for (uint32_t part = 0; part < DOOR_PARTS; part++)
			if (strcmp(c->door[d].line[part], line) == 0)
				return conf_refuse(
					why, "%.60s: [sensor %s]: line %s is one of [door %s]",
					path, s->name, line, c->door[d].name);
	return true;
}

/* What was not said is as the kind is. */
static void fill(struct sensor_section *s)
{
	const struct kind_default *kind = &kind_defaults[s->kind];
	struct bound *matters = kind->low ? &s->low : &s->high;

	if (matters->said == BOUND_UNSAID)
		*matters = (struct bound){.said = BOUND_IS, .milli = kind->bound};
	if (s->hysteresis.said == BOUND_UNSAID)
		s->hysteresis.milli = kind->hysteresis;
	if (s->debounce_ms == SENSOR_UNSAID)
		s->debounce_ms = kind->debounce_ms;
	if (s->pre_ms == SENSOR_UNSAID)
		s->pre_ms = kind->pre_ms;
}

bool config_sensors_sound(const char *path, struct config *c, char why[CONF_WHY_MAX])
{
	for (uint32_t i = 0; i < c->sensors; i++) {
		struct sensor_section *s = &c->sensor[i];

		if (!source_fits(path, c, s, why) || !bounds_fit(path, s, why) ||
		    !line_is_free(path, c, i, why))
			return false;
		fill(s);
	}
	if (c->alarms.refusals > 0 && c->alarms.refusals_ms == 0)
		return conf_refuse(why, "%.60s: [alarms]: 'refusals_within' must be more than 0 s",
				   path);
	if (c->alarms.ladder.rehearse_wait_ms == 0)
		return conf_refuse(why, "%.60s: [alarms]: 'rehearsal_wait' must be more than 0 s",
				   path);
	return true;
}

/* --- the core's view */

static int64_t bound_of(const struct bound *b)
{
	return b->said == BOUND_IS ? b->milli : SENSOR_NO_BOUND;
}

static struct sensor_config sensor_of(const struct sensor_section *s)
{
	struct sensor_config ret = {
		.kind = (enum sensor_kind)s->kind,
		.high = bound_of(&s->high),
		.low = bound_of(&s->low),
		.hysteresis = s->hysteresis.milli,
		.debounce_ms = s->debounce_ms,
		.pre_ms = s->pre_ms,
		.stale_ms = s->stale_ms,
	};

	snprintf(ret.place.name, sizeof(ret.place.name), "%s", s->name);
	return ret;
}

void config_sensors_shop(const struct config *c, struct shop_config *ret)
{
	ret->sensors = c->sensors;
	for (uint32_t i = 0; i < c->sensors; i++)
		ret->sensor[i] = sensor_of(&c->sensor[i]);
	ret->ladder = c->alarms.ladder;
	ret->ladder.quiet_below = (enum severity)c->alarms.quiet_below;
	ret->watch = (struct watch_config){
		.inside_ms = c->alarms.inside_ms,
		.refusals = (uint32_t)c->alarms.refusals,
		.refusals_ms = c->alarms.refusals_ms,
		.empty_grace_ms = c->alarms.empty_grace_ms,
	};
}
