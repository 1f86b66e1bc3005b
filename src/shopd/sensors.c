/*
 * sensors.c: what a sensor says, by whatever road, as the core's event. The core decides what it
 * means and for how long it must be so; what it cannot know, why a sensor does not answer, is told
 * in the log here, once each time that it changes.
 */
#include "shopd/sensors.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void tell(struct shopd *sd, uint32_t sensor, bool lost, int64_t value)
{
	struct event e = shopd_event(sd, EVENT_SENSOR);

	e.sensor.sensor = (uint8_t)sensor;
	e.sensor.lost = lost;
	e.sensor.value = value;
	shopd_step(sd, &e);
}

void room_value(struct shopd *sd, uint32_t sensor, int64_t value)
{
	struct room_sensor *r = &sd->room->sensor[sensor];

	if (r->told && r->error != 0)
		journal_line(sd, "sensor %s: answers again", sd->config.sensor[sensor].name);
	r->told = true;
	r->error = 0;
	if (sensor_is_switch(&sd->config.sensor[sensor]))
		value = value != 0;
	tell(sd, sensor, false, value);
}

void room_lost(struct shopd *sd, uint32_t sensor, int error, const char *why)
{
	struct room_sensor *r = &sd->room->sensor[sensor];

	CHECK(error != 0);
	if (!r->told || r->error != error)
		journal_line(sd, "sensor %s: %s: %s", sd->config.sensor[sensor].name,
			     sd->config.sensor[sensor].source, why);
	r->told = true;
	r->error = error;
	tell(sd, sensor, true, 0);
}

/* A name that is in one configuration and not in the other comes every few seconds. */
static void log_stranger(struct shopd *sd, const char *name)
{
	struct room *room = sd->room;

	for (uint32_t i = 0; i < room->strangers; i++)
		if (strcmp(room->stranger[i], name) == 0)
			return;
	if (room->strangers == STRANGERS_MAX)
		return;
	snprintf(room->stranger[room->strangers++], sizeof(room->stranger[0]), "%s", name);
	journal_line(sd,
		     "sensor %s: courierd tells of it, and shopd.conf has no such sensor with "
		     "'source = courier'",
		     name);
}

void sensors_reading(struct shopd *sd, const struct message_reading *m)
{
	if (!sd->room)
		return; /* not yet */
	for (uint32_t i = 0; i < sd->config.sensors; i++) {
		const struct sensor_section *s = &sd->config.sensor[i];

		if (strcmp(s->name, m->sensor) != 0 || strcmp(s->source, "courier") != 0)
			continue;
		if (m->lost)
			room_lost(sd, i, -EIO, "courierd does not hear it");
		else
			room_value(sd, i, m->value);
		return;
	}
	log_stranger(sd, m->sensor);
}

int sensors_open(struct shopd *sd)
{
	struct room *room = calloc(1, sizeof(*room));
	int r;

	if (!room)
		return -ENOMEM;
	sd->room = room;
	r = room_files_open(sd, &room->files);
	return r < 0 ? r : room_lines_open(sd, &room->lines);
}

void sensors_close(struct shopd *sd)
{
	if (!sd->room)
		return;
	room_files_close(sd->room->files);
	room_lines_close(sd->room->lines);
	free(sd->room);
	sd->room = NULL;
}
