/*
 * sensor.h: the sensors of the room: what a value means, for how long it must be so before somebody
 * is told, and when it is too old to be believed.
 *
 * A value that nobody has heard lately is stale, and that is an alarm of its own (design 5); what
 * it was an alarm about before stays one until the sensor says otherwise.
 */
#ifndef SHOP_CORE_SENSOR_H
#define SHOP_CORE_SENSOR_H

#include "core/event.h"

struct step;

#define SENSOR_RESTLESS_MS 60000 /* what goes on and off is told once in so long */

/** Where a value stands to the bounds of its sensor. */
enum sensor_level {
	LEVEL_WITHIN = 0, /* by the hysteresis: well */
	LEVEL_EDGE = 1,	  /* within, but only just */
	LEVEL_BEYOND = 2,
};

/** One alarm of a sensor. */
struct sensor_alarm {
	bool up;
	struct mono ended; /* when it was over last; INT64_MIN: never */
};

struct sensor {
	enum sensor_state state;
	enum sensor_level level; /* of `value`, where heard */
	bool heard;		 /* ever */
	bool lost;		 /* it said so itself, or was not heard for stale_ms */
	bool pre_told;		 /* the buzzers have sounded for this time beyond */
	int64_t value;		 /* the newest, where heard */
	struct mono heard_at;
	struct mono beyond; /* since when, and never well in between; MONO_NEVER: it is well */
	struct mono well;   /* since when, and never beyond in between; MONO_NEVER: it is not */
	struct mono speaks; /* since when it answers; MONO_NEVER: it does not */
	struct sensor_alarm alarm;	/* sensor_condition() of its kind */
	struct sensor_alarm lost_alarm; /* sensor_lost */
};

struct sensors {
	struct sensor sensor[SENSORS_MAX]; /* as shop_config.sensor */
	struct mono start;		   /* from here on a sensor that says nothing grows stale */
	bool occupied;	  /* somebody may be inside: who moves is nobody's business … */
	struct mono left; /* … nor is it for watch.empty_grace_ms from here on */
};

/** sensors_config_check - CHECKs what a configuration must hold. */
void sensors_config_check(const struct shop_config *config);

/** sensors_init - none was heard. */
void sensors_init(struct sensors *s);

/** sensors_start - from now on they are waited for. Alarms that were up when the program ended are
 * up until their sensor says otherwise. */
void sensors_start(struct step *s);

/** sensors_heard - EVENT_SENSOR. sensors_time - what falls due by now, also by what has happened in
 * this step: to be called before the event and after it. */
void sensors_heard(struct step *s, const struct event_sensor *e);
void sensors_time(struct step *s);
struct mono sensors_deadline(const struct sensors *s, const struct shop_config *config);

/** sensor_condition - what it is called when this kind is beyond its bound. */
enum condition sensor_condition(enum sensor_kind kind);

/** sensors_value - the newest value, for a text, of the sensor at this place that such an alarm is
 * about. False where there is none, or it is but a switch. */
bool sensors_value(const struct sensors *s, const struct shop_config *config,
		   enum condition condition, const struct place *place, int64_t *ret);

#endif
