/*
 * sensors_lines.c: switches of the room on lines of the chip that the doors hang on (water, motion,
 * a UPS's contacts), and simulated sensors.
 *
 * Each switch has its line for itself, apart from the doors' and from the others': a name that is
 * misspelt, or a line that somebody else has, costs that sensor and no door. Bouncing is the core's
 * business. A level that does not move makes no edge, so it is read and told again every now and
 * then: a switch that is silent is not a switch that is gone.
 *
 * Simulated ones are values that the simulated chip keeps; it tells them when they change, and they
 * are told again just as the levels are.
 */
#include "shopd/sensors.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "device/simchip.h"

#ifndef RETRY_MS      /* a test is faster */
#define RETRY_MS 2000 /* a cable plugged in again is noticed before anybody has asked */
#endif
#define EDGES_MAX 16 /* a wake-up: a chattering switch must not starve the door */
#define SLACK_MS  500

struct room_line {
	struct room_lines *all;
	uint32_t sensor;
	bool simulated;
	struct mono due; /* told again, or tried again */
	/* a switch */
	struct gpio *gpio; /* NULL: not there */
	struct watch *watch;
	/* simulated */
	bool set, lost;
	int64_t value;
};

struct room_lines {
	struct shopd *sd;
	struct timer *timer;
	uint32_t lines;
	struct room_line line[SENSORS_MAX];
	uint32_t simulated;
	int ear; /* hears the simulated ones; -1: the chip is not there */
	struct watch *ear_watch;
	struct mono ear_due;
};

static const struct sensor_section *section_of(const struct room_line *l)
{
	return &l->all->sd->config.sensor[l->sensor];
}

static void told(struct room_line *l)
{
	l->due = mono_add(loop_mono(), section_of(l)->every_ms);
}

/* --- switches */

static void switch_gone(struct room_line *l, int error, const char *why)
{
	watch_free(l->watch);
	l->watch = NULL;
	gpio_close(l->gpio);
	l->gpio = NULL;
	l->due = mono_add(loop_mono(), RETRY_MS);
	room_lost(l->all->sd, l->sensor, error, why);
}

static void timer_set(struct room_lines *all);

static void on_edge(void *data, int fd, uint32_t events)
{
	struct room_line *l = data;
	struct gpio_edge edge;
	int r = 0;

	(void)fd;
	(void)events;
	for (int i = 0; i < EDGES_MAX && (r = gpio_edge(l->gpio, &edge)) > 0; i++)
		room_value(l->all->sd, l->sensor, edge.level);
	if (r < 0)
		switch_gone(l, r, strerror(-r));
	else
		told(l);
	timer_set(l->all);
}

static void switch_level(struct room_line *l)
{
	int level = gpio_get(l->gpio, 0);

	if (level < 0) {
		switch_gone(l, level, strerror(-level));
		return;
	}
	told(l);
	room_value(l->all->sd, l->sensor, level);
}

static void switch_open(struct room_line *l)
{
	const struct sensor_section *s = section_of(l);
	struct shopd *sd = l->all->sd;
	struct gpio_line line = {.active_low = s->active_low, .pull_up = true};
	char why[200] = "";
	int r;

	snprintf(line.name, sizeof(line.name), "%s", s->source + sizeof("gpio:") - 1);
	r = gpio_open(sd->config.gpio, &line, 1, &l->gpio, why);
	if (r == 0)
		r = watch_add(sd->loop, gpio_fd(l->gpio), EPOLLIN, WATCH_NORMAL, on_edge, l,
			      &l->watch);
	if (r < 0)
		switch_gone(l, r, why[0] ? why : strerror(-r));
	else
		switch_level(l);
}

/* --- simulated ones */

/* One that nobody has set yet has not been heard: the core waits, and then it is stale. */
static void simulated_tell(struct room_line *l)
{
	told(l);
	if (l->set && l->lost)
		room_lost(l->all->sd, l->sensor, -EIO, "it is simulated, and simulated as lost");
	else if (l->set)
		room_value(l->all->sd, l->sensor, l->value);
}

static void ear_gone(struct room_lines *all, int error)
{
	watch_free(all->ear_watch);
	all->ear_watch = NULL;
	if (all->ear >= 0)
		close(all->ear);
	all->ear = -1;
	all->ear_due = mono_add(loop_mono(), RETRY_MS);
	for (uint32_t i = 0; i < all->lines; i++) {
		struct room_line *l = &all->line[i];

		if (!l->simulated)
			continue;
		l->set = false;
		room_lost(all->sd, l->sensor, error, "there is no simulated chip");
	}
}

static void on_ear(void *data, int fd, uint32_t events)
{
	struct room_lines *all = data;
	struct simchip_heard heard;
	int r = 0;

	(void)events;
	for (int i = 0; i < EDGES_MAX && (r = simchip_heard(fd, &heard)) > 0; i++) {
		for (uint32_t j = 0; j < all->lines; j++) {
			struct room_line *l = &all->line[j];

			if (!l->simulated || strcmp(section_of(l)->name, heard.name) != 0)
				continue;
			l->set = true;
			l->lost = heard.lost;
			l->value = heard.value;
			simulated_tell(l);
		}
	}
	if (r < 0)
		ear_gone(all, r);
	timer_set(all);
}

static void ear_open(struct room_lines *all)
{
	char name[SENSORS_MAX][PLACE_MAX_LEN + 1] = {""};
	uint32_t names = 0;
	int r;

	for (uint32_t i = 0; i < all->lines; i++)
		if (all->line[i].simulated)
			memcpy(name[names++], section_of(&all->line[i])->name, sizeof(name[0]));
	r = all->ear = simchip_listen(all->sd->config.gpio + sizeof("sim:") - 1,
				      (const char(*)[17])name, names);
	if (r >= 0)
		r = watch_add(all->sd->loop, all->ear, EPOLLIN, WATCH_NORMAL, on_ear, all,
			      &all->ear_watch);
	if (r < 0)
		ear_gone(all, r);
	else
		all->ear_due = MONO_NEVER;
}

/* --- both */

static void timer_set(struct room_lines *all)
{
	struct mono at = all->ear_due;

	for (uint32_t i = 0; i < all->lines; i++)
		at = mono_min(at, all->line[i].due);
	timer_arm(all->timer, at);
}

static void on_timer(void *data)
{
	struct room_lines *all = data;
	struct mono now = loop_mono();

	if (mono_due(now, all->ear_due))
		ear_open(all);
	for (uint32_t i = 0; i < all->lines; i++) {
		struct room_line *l = &all->line[i];

		if (!mono_due(now, l->due))
			continue;
		if (l->simulated)
			simulated_tell(l);
		else if (l->gpio)
			switch_level(l);
		else
			switch_open(l);
	}
	timer_set(all);
}

static void lines_find(struct room_lines *all)
{
	const struct config *c = &all->sd->config;

	for (uint32_t i = 0; i < c->sensors; i++) {
		const struct sensor_section *s = &c->sensor[i];
		bool simulated = strcmp(s->source, "sim") == 0;

		if (!simulated && strncmp(s->source, "gpio:", 5) != 0)
			continue;
		all->line[all->lines++] = (struct room_line){
			.all = all, .sensor = i, .simulated = simulated, .due = loop_mono()};
		all->simulated += simulated;
	}
	all->ear_due = all->simulated > 0 ? loop_mono() : MONO_NEVER;
}

int room_lines_open(struct shopd *sd, struct room_lines **ret)
{
	struct room_lines *all = calloc(1, sizeof(*all));
	int r;

	if (!all)
		return -ENOMEM;
	all->sd = sd;
	all->ear = -1;
	*ret = all;
	lines_find(all);
	if (all->lines == 0)
		return 0;
	r = timer_add(sd->loop, WATCH_NORMAL, SLACK_MS, on_timer, all, &all->timer);
	if (r == 0)
		on_timer(all);
	return r;
}

void room_lines_close(struct room_lines *all)
{
	if (!all)
		return;
	timer_free(all->timer);
	for (uint32_t i = 0; i < all->lines; i++) {
		watch_free(all->line[i].watch);
		gpio_close(all->line[i].gpio);
	}
	watch_free(all->ear_watch);
	if (all->ear >= 0)
		close(all->ear);
	free(all);
}
