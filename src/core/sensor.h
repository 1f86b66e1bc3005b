/*
 * sensor.h: the sensors of the room, and all else that is watched and is no door: what a value
 * means, for how long it must be so before somebody is told, and when it is too old to be believed.
 *
 * A value that nobody has heard lately is stale, and that is an alarm of its own (design 5); what
 * it was an alarm about before stays one until the sensor says otherwise.
 */
#ifndef SHOP_CORE_SENSOR_H
#define SHOP_CORE_SENSOR_H

#include "core/event.h"

struct step;

struct sensor {
	enum sensor_state state;
	bool heard;    /* ever */
	bool lost;     /* it said so itself, or was not heard for stale_ms */
	bool pre_told; /* the buzzers have sounded for this time beyond */
	int64_t value; /* the newest, where heard */
	struct mono heard_at;
	struct mono beyond; /* since when; MONO_NEVER: within */
};

struct sensors {
	struct sensor sensor[SENSORS_MAX]; /* as shop_config.sensor */
	struct mono start;		   /* from here on a sensor that says nothing grows stale */
};

/** sensors_init - none was heard. */
void sensors_init(struct sensors *s);

/** sensors_heard - EVENT_SENSOR. sensors_time - what falls due by now. */
void sensors_heard(struct step *s, const struct event_sensor *e);
void sensors_time(struct step *s);
struct mono sensors_deadline(const struct sensors *s, const struct shop_config *config);

/** sensor_condition - what it is called when this kind is beyond its bound. */
enum condition sensor_condition(enum sensor_kind kind);

#endif
