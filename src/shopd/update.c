/*
 * update.c: shopd installs nothing, and cannot: it says when its restart would be nobody's trouble.
 * The word is a file in RUN/, which root's timer looks for; it is gone within five seconds of
 * somebody coming in, and old within a minute when shopd hangs.
 */
#include "shopd/update.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define MINUTES_OF_DAY 1440

static bool in_hours(const uint16_t hours[2], uint16_t minute)
{
	if (hours[0] <= hours[1])
		return minute >= hours[0] && minute < hours[1];
	return minute >= hours[0] || minute < hours[1]; /* over midnight */
}

bool update_may(struct shopd *sd)
{
	struct now now = time_now(sd);

	if (!sd->shop.started || sd->shop.stopped || sd->shop.visits.count > 0 ||
	    shop_alarms_open(&sd->shop) > 0 ||
	    !in_hours(sd->config.update_hours, now.minute_of_week % MINUTES_OF_DAY))
		return false;
	for (uint32_t i = 0; i < sd->config.doors; i++) {
		const struct door *d = &sd->shop.door[i];

		if (d->physical != PHYSICAL_CLOSED || d->strike)
			return false;
	}
	return true;
}

static void look(void *data)
{
	struct shopd *sd = data;
	char path[PATH_SIZE + 16];
	int fd;

	snprintf(path, sizeof(path), "%s/" UPDATE_MAY, sd->config.run);
	if (!update_may(sd)) {
		unlink(path);
	} else {
		fd = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
		if (fd >= 0) {
			futimens(fd, NULL);
			close(fd);
		}
	}
	if (sd->update)
		timer_arm(sd->update, mono_add(loop_mono(), UPDATE_LOOK_MS));
}

int update_start(struct shopd *sd)
{
	int r = timer_add(sd->loop, WATCH_IDLE, 1000, look, sd, &sd->update);

	if (r == 0)
		look(sd);
	return r;
}

void update_stop(struct shopd *sd)
{
	char path[PATH_SIZE + 16];

	timer_free(sd->update);
	sd->update = NULL;
	snprintf(path, sizeof(path), "%s/" UPDATE_MAY, sd->config.run);
	unlink(path);
}
