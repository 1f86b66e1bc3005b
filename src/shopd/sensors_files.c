/*
 * sensors_files.c: sensors that are files of the kernel's. A read may take a second (1-wire) or
 * never end (a bus that hangs holds its reader in the kernel), so no read is done by the loop.
 *
 * There is a thread for each kind of bus that is used, three at most: what hangs is a bus, so the
 * other sensors on it could not be read either, and those on other buses are still heard. More
 * threads would hear no more; fewer would let ten 1-wire thermometers, 750 ms each, hold up the
 * rest. A thread that hangs says nothing, and its sensors grow stale in the core, which is an
 * alarm.
 *
 * Values come to the loop through one pipe: a write of a few bytes is whole or not at all, so it
 * needs no lock; it has room for hours of them, and one that finds none is lost to the next.
 *
 * A read that fails is tried again for half a minute before the sensor counts as lost, for a bit
 * lost on a long cable, or while a compressor starts, is no lost sensor; and after a start for a
 * minute, for drivers come when they come.
 */
#include "shopd/sensors.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "device/sensor.h"
#include "shopd/aside.h"

#ifndef TRY_AGAIN_MS /* a test is faster */
#define TRY_AGAIN_MS 2000
#define LOST_MS	     30000
#define NEW_MS	     60000
#endif
#define TAKEN_MAX 64 /* a wake-up: values must not starve the door */
/* Where "/" is, for tests: a folder with a picture of /sys in it. */
#define ROOT_VARIABLE "SHOPKEEPER_SYSROOT"

static const char *const bus_names[SENSOR_BUSES] = {
	[SENSOR_W1] = "sensors-w1", [SENSOR_IIO] = "sensors-iio", [SENSOR_HWMON] = "sensors-hwmon"};

/* What a thread tells the loop. */
struct heard {
	uint32_t sensor;
	int32_t error;
	int64_t value;
};

struct room_file {
	uint32_t sensor;
	char source[SENSOR_SOURCE_MAX];
	int64_t every_ms;
	struct mono due;
	bool heard;	     /* ever */
	struct mono lost_at; /* MONO_NEVER: it was heard when it was read last */
};

/* All of one bus; its thread's alone. */
struct bus {
	char root[PATH_SIZE];
	int fd; /* of the pipe, its own */
	uint32_t files;
	struct room_file file[SENSORS_MAX];
};

struct room_files {
	struct shopd *sd;
	int fd; /* the pipe's other end */
	struct watch *watch;
	struct aside *bus[SENSOR_BUSES];
};

/* --- the threads */

/* A pipe that is full or that nobody reads any more: the value is lost to the next, or to nobody.
 */
static void say(const struct bus *b, uint32_t sensor, int error, int64_t value)
{
	struct heard h;

	memset(&h, 0, sizeof(h));
	h.sensor = sensor;
	h.error = error;
	h.value = value;
	(void)!write(b->fd, &h, sizeof(h));
}

static void file_read(const struct bus *b, struct room_file *f)
{
	struct mono began = loop_mono();
	int64_t value = 0;
	int error = sensor_read(b->root, f->source, &value);

	if (error == 0) {
		f->heard = true;
		f->lost_at = MONO_NEVER;
		say(b, f->sensor, 0, value);
	} else if (f->lost_at.ms == MONO_NEVER.ms) {
		f->lost_at = mono_add(began, f->heard ? LOST_MS : NEW_MS);
	} else if (mono_due(loop_mono(), f->lost_at)) {
		say(b, f->sensor, error, 0);
	}
	f->due = error == 0 || mono_due(loop_mono(), f->lost_at)
			 ? mono_add(began, f->every_ms)
			 : mono_add(loop_mono(), TRY_AGAIN_MS);
}

/* Reads the one that has waited longest; for how long there is nothing to do then. */
static int64_t bus_turn(void *data)
{
	struct bus *b = data;
	struct room_file *first = &b->file[0];
	struct mono next = MONO_NEVER;

	for (uint32_t i = 1; i < b->files; i++)
		if (b->file[i].due.ms < first->due.ms)
			first = &b->file[i];
	if (mono_due(loop_mono(), first->due))
		file_read(b, first);
	for (uint32_t i = 0; i < b->files; i++)
		next = mono_min(next, b->file[i].due);
	return next.ms - loop_mono().ms;
}

static void bus_end(void *data)
{
	struct bus *b = data;

	close(b->fd);
	free(b);
}

/* --- the loop's side */

static void on_heard(void *data, int fd, uint32_t events)
{
	struct room_files *f = data;
	struct heard h;

	(void)events;
	for (int i = 0; i < TAKEN_MAX && read(fd, &h, sizeof(h)) == sizeof(h); i++) {
		if (h.error == 0)
			room_value(f->sd, h.sensor, h.value);
		else
			room_lost(f->sd, h.sensor, h.error, sensor_failure(h.error));
	}
}

/* The sensors on this bus; NULL where there are none. */
static struct bus *bus_of(const struct config *c, enum sensor_bus kind)
{
	const char *root = getenv(ROOT_VARIABLE);
	struct bus *b = calloc(1, sizeof(*b));

	if (!b)
		return NULL;
	b->fd = -1;
	snprintf(b->root, sizeof(b->root), "%s", root ? root : "");
	for (uint32_t i = 0; i < c->sensors; i++) {
		const struct sensor_section *s = &c->sensor[i];
		struct room_file *f = &b->file[b->files];

		if (!sensor_source_file(s->source) || sensor_source_bus(s->source) != kind)
			continue;
		f->sensor = i;
		f->every_ms = s->every_ms;
		memcpy(f->source, s->source, sizeof(f->source));
		f->due = loop_mono();
		f->lost_at = MONO_NEVER;
		b->files++;
	}
	return b;
}

static int bus_start(struct room_files *f, enum sensor_bus kind, int pipe_fd)
{
	struct bus *b = bus_of(&f->sd->config, kind);

	if (!b)
		return -ENOMEM;
	if (b->files == 0) {
		free(b);
		return 0;
	}
	b->fd = fcntl(pipe_fd, F_DUPFD_CLOEXEC, 0);
	if (b->fd < 0) {
		free(b);
		return -errno;
	}
	return aside_start(bus_names[kind], bus_turn, bus_end, b, &f->bus[kind]);
}

static bool any_file(const struct config *c)
{
	for (uint32_t i = 0; i < c->sensors; i++)
		if (sensor_source_file(c->sensor[i].source))
			return true;
	return false;
}

int room_files_open(struct shopd *sd, struct room_files **ret)
{
	struct room_files *f;
	int fd[2], r;

	if (!any_file(&sd->config))
		return 0;
	f = calloc(1, sizeof(*f));
	if (!f)
		return -ENOMEM;
	*ret = f;
	f->sd = sd;
	f->fd = -1;
	if (pipe2(fd, O_CLOEXEC | O_NONBLOCK) < 0)
		return -errno;
	f->fd = fd[0];
	r = watch_add(sd->loop, f->fd, EPOLLIN, WATCH_NORMAL, on_heard, f, &f->watch);
	for (uint32_t kind = 0; kind < SENSOR_BUSES && r == 0; kind++)
		r = bus_start(f, (enum sensor_bus)kind, fd[1]);
	close(fd[1]);
	return r;
}

void room_files_close(struct room_files *f)
{
	if (!f)
		return;
	for (uint32_t kind = 0; kind < SENSOR_BUSES; kind++)
		aside_tell(f->bus[kind]);
	for (uint32_t kind = 0; kind < SENSOR_BUSES; kind++)
		aside_stop(f->bus[kind]);
	watch_free(f->watch);
	if (f->fd >= 0)
		close(f->fd);
	free(f);
}
