/*
 * sensors.h: the sensors of the room, from where they are to the core: EVENT_SENSOR.
 *
 *   sensors.c        what was heard -> the core; readings that courierd brings
 *   sensors_files.c  files of the kernel's, a thread a kind of bus
 *   sensors_lines.c  switches on lines of the chip, and the simulated ones
 */
#ifndef SHOP_SHOPD_SENSORS_H
#define SHOP_SHOPD_SENSORS_H

#include "shopd/shopd.h"

struct room_files;
struct room_lines;

#define STRANGERS_MAX 8 /* a UPS has two sensors; more are not worth a line */

/** What the loop keeps of one sensor. */
struct room_sensor {
	bool told; /* the core has heard of it */
	int error; /* … that it does not answer, and why; 0: it does */
};

struct room {
	struct room_sensor sensor[SENSORS_MAX];
	uint32_t strangers; /* names that courierd tells of and we do not know, each logged once */
	char stranger[STRANGERS_MAX][PLACE_MAX_LEN + 1];
	struct room_files *files; /* NULL: no sensor is a file */
	struct room_lines *lines;
};

/** sensors_open - begins to listen, once the core has started. 0 or -errno. sensors_close - does
 * not wait for a read that hangs. */
MUST_CHECK int sensors_open(struct shopd *sd);
void sensors_close(struct shopd *sd);

/** sensors_reading - courierd brings the value of a sensor whose source is `courier`; any other
 * name is a line in the log, the first time. */
void sensors_reading(struct shopd *sd, const struct message_reading *m);

/** room_value, room_lost - a sensor of shopd.conf, by its index, has this value, or does not
 * answer. `error` tells a reason from another; `why` is for the log. */
void room_value(struct shopd *sd, uint32_t sensor, int64_t value);
void room_lost(struct shopd *sd, uint32_t sensor, int error, const char *why);

/** room_files_open - 0 or -errno; *ret stays NULL where no sensor is a file. */
MUST_CHECK int room_files_open(struct shopd *sd, struct room_files **ret);
void room_files_close(struct room_files *f);

/** room_lines_open - 0 or -errno. */
MUST_CHECK int room_lines_open(struct shopd *sd, struct room_lines **ret);
void room_lines_close(struct room_lines *all);

#endif
