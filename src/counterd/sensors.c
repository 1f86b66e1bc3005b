/*
 * sensors.c: GET /v1/sensors: what each sensor of the room said last, and how long ago. Asked of
 * shopd, in whose memory they are. A value that was not heard lately says so by its state and its
 * age; a page has nothing to work out.
 */
#include "core/config.h"
#include "counterd/books.h"
#include "counterd/counter.h"
#include "counterd/problem.h"
#include "counterd/routes.h"
#include "counterd/view_words.h"

#define SENSOR_JSON_MAX (320 + JSON_TEXT_MAX(PLACE_MAX_LEN))

static void sensor_write(struct builder *b, const struct message_sensor_is *s)
{
	const char *unit = sensor_unit((enum sensor_kind)s->kind);

	json_put(b, "{");
	json_member(b, "sensor");
	json_text(b, s->name);
	json_member(b, "kind");
	json_text(b, sensor_kind_word((enum sensor_kind)s->kind));
	json_member(b, "state");
	json_text(b, sensor_state_word((enum sensor_state)s->state));
	json_int_or_null(b, "value_milli", s->heard && unit, s->value);
	json_member(b, "unit");
	json_words(b, unit);
	json_member(b, "on");
	if (s->heard && !unit)
		json_bool(b, s->value != 0);
	else
		json_put(b, "null");
	json_int_or_null(b, "age_ms", s->heard, s->age_ms);
	json_int_or_null(b, "low_milli", unit && s->low != SENSOR_NO_BOUND, s->low);
	json_int_or_null(b, "high_milli", unit && s->high != SENSOR_NO_BOUND, s->high);
	json_put(b, "}");
}

static void sensor_row(struct builder *b, const union message *row)
{
	sensor_write(b, &row->sensor_is);
}

static void on_sensors(struct counter *c, struct http_request *r, const union message *m)
{
	books_told(c, r, m, "sensors", SENSOR_JSON_MAX, sensor_row);
}

void sensors_list(struct counter *c, const struct call *call)
{
	pending_ask_list(c, call->request, MESSAGE_SENSORS, MESSAGE_SENSOR_IS, on_sensors);
}
