/*
 * cmd_sensor.c: the sensors of the room: what each said last, and how long ago that was. A value
 * that nobody has heard lately is shown as stale with its age, never as well (design 5).
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/config.h"
#include "shopctl/args.h"
#include "shopctl/ask.h"
#include "shopctl/text.h"

struct sensors {
	uint32_t n;
	struct message_sensor_is sensor[SENSORS_MAX];
};

static void sensor_add(void *data, const union message *row)
{
	struct sensors *sensors = data;

	if (sensors->n < SENSORS_MAX)
		sensors->sensor[sensors->n++] = row->sensor_is;
}

/* How each kind is read: what is measured has a unit, a switch two words. */
static const struct reading {
	const char *unit; /* NULL: a switch */
	uint32_t digits;  /* behind the point */
	const char *off, *on;
} readings[SENSOR_KINDS] = {
	[SENSOR_FRIDGE] = {"°C", 1, NULL, NULL},
	[SENSOR_FREEZER] = {"°C", 1, NULL, NULL},
	[SENSOR_ROOM] = {"°C", 1, NULL, NULL},
	[SENSOR_HUMIDITY] = {"%", 0, NULL, NULL},
	[SENSOR_CO2] = {"ppm", 0, NULL, NULL},
	[SENSOR_WATER] = {NULL, 0, "dry", "WET"},
	[SENSOR_MOTION] = {NULL, 0, "still", "somebody moves"},
	[SENSOR_POWER] = {NULL, 0, "mains", "ON BATTERY"},
	[SENSOR_BATTERY] = {NULL, 0, "good", "LOW"},
};

#define VALUE_SIZE 48

/* Thousandths, rounded to what the kind's people read, half away from zero. */
static void milli_text(const struct reading *r, int64_t milli, char text[VALUE_SIZE])
{
	uint64_t all = milli < 0 ? 0 - (uint64_t)milli : (uint64_t)milli;
	uint64_t tenths =
		r->digits ? all / 100 + (all % 100 >= 50) : all / 1000 + (all % 1000 >= 500);
	const char *minus = milli < 0 && tenths > 0 ? "-" : "";

	if (r->digits)
		snprintf(text, VALUE_SIZE, "%s%" PRIu64 ".%" PRIu64 " %s", minus, tenths / 10,
			 tenths % 10, r->unit);
	else
		snprintf(text, VALUE_SIZE, "%s%" PRIu64 " %s", minus, tenths, r->unit);
}

static void value_text(const struct message_sensor_is *s, char text[VALUE_SIZE])
{
	const struct reading *r = &readings[s->kind];

	if (!s->heard)
		snprintf(text, VALUE_SIZE, "-");
	else if (r->unit)
		milli_text(r, s->value, text);
	else
		snprintf(text, VALUE_SIZE, "%s", s->value != 0 ? r->on : r->off);
}

static void age_text(const struct message_sensor_is *s, char text[VALUE_SIZE])
{
	int64_t s_ago = s->age_ms / 1000, min = s_ago / 60, h = min / 60;

	if (!s->heard)
		snprintf(text, VALUE_SIZE, "never heard");
	else if (min < 2)
		snprintf(text, VALUE_SIZE, "%" PRId64 " s ago", s_ago);
	else if (h < 2)
		snprintf(text, VALUE_SIZE, "%" PRId64 " min ago", min);
	else if (h < 48)
		snprintf(text, VALUE_SIZE, "%" PRId64 " h ago", h);
	else
		snprintf(text, VALUE_SIZE, "%" PRId64 " days ago", h / 24);
}

static const char *state_text(const struct message_sensor_is *s)
{
	switch ((enum sensor_state)s->state) {
	case SENSOR_ALARM:
		return "ALARM";
	case SENSOR_STALE:
		return "STALE";
	case SENSOR_UNKNOWN:
	case SENSOR_OK:
	case SENSOR_BEYOND:
		break;
	}
	return sensor_state_word((enum sensor_state)s->state);
}

/* "-20.0 °C to -15.0 °C", of which either may lack. */
static void bounds_text(const struct message_sensor_is *s, char text[2 * VALUE_SIZE + 16])
{
	const struct reading *r = &readings[s->kind];
	bool low = s->low != SENSOR_NO_BOUND, high = s->high != SENSOR_NO_BOUND;
	char from[VALUE_SIZE] = "", to[VALUE_SIZE] = "";

	if (!r->unit || (!low && !high)) {
		snprintf(text, 2 * VALUE_SIZE + 16, "-");
		return;
	}
	if (low)
		milli_text(r, s->low, from);
	if (high)
		milli_text(r, s->high, to);
	snprintf(text, 2 * VALUE_SIZE + 16, "%s%s%s%s", low && !high ? "from " : "", from,
		 low && high ? " to " : (high ? "to " : ""), to);
}

static json_t *bound_json(int64_t bound)
{
	return bound == SENSOR_NO_BOUND ? json_null() : json_integer(bound);
}

static enum ctl_exit sensors_json(struct ctl *ctl, const struct sensors *sensors)
{
	json_t *array = json_array();

	for (uint32_t i = 0; i < sensors->n; i++) {
		const struct message_sensor_is *s = &sensors->sensor[i];
		const struct reading *r = &readings[s->kind];
		bool measured = s->heard && r->unit, switched = s->heard && !r->unit;

		json_array_append_new(
			array,
			json_pack("{s:o, s:s, s:s, s:o, s:s?, s:o, s:o, s:o, s:o}", "sensor",
				  json_clean(s->name), "kind",
				  sensor_kind_word((enum sensor_kind)s->kind), "state",
				  sensor_state_word((enum sensor_state)s->state), "value_milli",
				  measured ? json_integer(s->value) : json_null(), "unit", r->unit,
				  "on", switched ? json_boolean(s->value != 0) : json_null(),
				  "age_ms", s->heard ? json_integer(s->age_ms) : json_null(),
				  "low_milli", r->unit ? bound_json(s->low) : json_null(),
				  "high_milli", r->unit ? bound_json(s->high) : json_null()));
	}
	return ctl_json(ctl, CTL_DONE, array);
}

static enum ctl_exit sensors_table(struct ctl *ctl, const struct sensors *sensors)
{
	static const char *const title[] = {"sensor", "kind", ">value", "heard", "state", "well"};
	struct table table;
	char text[2 * VALUE_SIZE + 16];

	table_init(&table, title, ARRAY_LEN(title));
	for (uint32_t i = 0; i < sensors->n; i++) {
		const struct message_sensor_is *s = &sensors->sensor[i];

		table_cell(&table, "%s", s->name);
		table_cell(&table, "%s", sensor_kind_word((enum sensor_kind)s->kind));
		value_text(s, text);
		table_cell(&table, "%s", text);
		age_text(s, text);
		table_cell(&table, "%s", text);
		table_cell(&table, "%s", state_text(s));
		bounds_text(s, text);
		table_cell(&table, "%s", text);
	}
	return table_print(ctl, &table, "No sensor is fitted.");
}

static enum ctl_exit sensor_list(struct ctl *ctl)
{
	struct sensors sensors = {0};
	enum ctl_exit code = args_read(ctl, NULL, 0, NULL, 0, 0);

	if (code == CTL_DONE)
		code = shop_rows(ctl, MESSAGE_SENSORS, MESSAGE_SENSOR_IS, sensor_add, &sensors);
	if (code != CTL_DONE)
		return code;
	return ctl->json ? sensors_json(ctl, &sensors) : sensors_table(ctl, &sensors);
}

enum ctl_exit shopctl_sensor(struct ctl *ctl)
{
	static const struct verb verbs[] = {{"list", sensor_list}};

	return ctl_verb(ctl, verbs, ARRAY_LEN(verbs), sensor_list);
}
