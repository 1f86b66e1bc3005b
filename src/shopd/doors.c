/*
 * doors.c: the chip's lines <-> the parts of the doors. Levels are read, never counted (contracts
 * 2); a chip that is gone makes every input `lost`, so that the core says fault, and is opened
 * again each GPIO_RETRY_MS. Older kernels (6.1) do not wake who waits for the edges of a chip that
 * was unplugged, so while all is well its lines are read now and then only to see whether they can
 * be.
 */
#include "shopd/shopd.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>

#include "shopd/contacts.h"

#define GPIO_RETRY_MS 1000 /* a cable plugged in again is noticed within a second */
#define GPIO_LOOK_MS  2000 /* and so is one that is pulled out, at the latest */
#define EDGES_MAX     64   /* a wake-up: a chattering contact must not starve the readers */

static bool part_is_input(uint32_t part)
{
	return part <= PART_FIRE;
}

static void doors_part(struct shopd *sd, uint32_t line, bool level, bool lost)
{
	struct event e;

	if (!part_is_input(sd->line_part[line]) ||
	    contacts_part(sd, sd->line_door[line], (enum door_part)sd->line_part[line], level,
			  lost))
		return;
	e = shopd_event(sd, EVENT_PART);
	e.part.door = sd->line_door[line];
	e.part.part = (enum door_part)sd->line_part[line];
	e.part.level = level;
	e.part.lost = lost;
	shopd_step(sd, &e);
}

void doors_levels(struct shopd *sd)
{
	for (uint32_t i = 0; i < sd->lines; i++) {
		int level = sd->gpio ? gpio_get(sd->gpio, i) : -ENODEV;

		if (!sd->line[i].output)
			doors_part(sd, i, level > 0, level < 0);
	}
	contacts_levels(sd);
}

static void doors_gone(struct shopd *sd, int error)
{
	journal_line(sd, "doors: the chip is gone: %s", strerror(-error));
	watch_free(sd->gpio_watch);
	sd->gpio_watch = NULL;
	gpio_close(sd->gpio);
	sd->gpio = NULL;
	for (uint32_t i = 0; i < sd->lines; i++)
		if (!sd->line[i].output)
			doors_part(sd, i, false, true);
	timer_arm(sd->gpio_retry, mono_add(loop_mono(), GPIO_RETRY_MS));
}

static void on_edge(void *data, int fd, uint32_t events)
{
	struct shopd *sd = data;
	struct gpio_edge edge;
	int r = 0;

	(void)fd;
	(void)events;
	for (int i = 0; i < EDGES_MAX && (r = gpio_edge(sd->gpio, &edge)) > 0; i++)
		if (edge.line < sd->lines)
			doors_part(sd, edge.line, edge.level, false);
	if (r < 0)
		doors_gone(sd, r);
}

void doors_set(struct shopd *sd, uint8_t door, enum door_part part, bool level)
{
	for (uint32_t i = 0; i < sd->lines; i++) {
		int r;

		if (sd->line_door[i] != door || sd->line_part[i] != part || !sd->gpio)
			continue;
		r = gpio_set(sd->gpio, i, level);
		if (r == 0)
			continue;
		journal_line(sd, "doors: %s cannot be set: %s", sd->line[i].name, strerror(-r));
		timer_arm(sd->gpio_retry, loop_mono());
	}
}

static void doors_lines(struct shopd *sd)
{
	for (uint32_t d = 0; d < sd->config.doors; d++) {
		const struct door_section *door = &sd->config.door[d];

		for (uint32_t part = 0; part < DOOR_PARTS; part++) {
			struct gpio_line *line = &sd->line[sd->lines];

			if (!door->line[part][0])
				continue;
			CHECK(sd->lines < GPIO_LINES_MAX);
			snprintf(line->name, sizeof(line->name), "%s", door->line[part]);
			line->output = !part_is_input(part);
			line->active_low = door->low & 1U << part;
			line->pull_up = !line->output;
			sd->line_door[sd->lines] = (uint8_t)d;
			sd->line_part[sd->lines++] = (uint8_t)part;
		}
	}
}

static bool doors_open(struct shopd *sd)
{
	char why[200] = "";
	int r = gpio_open(sd->config.gpio, sd->line, sd->lines, &sd->gpio, why);

	if (r == 0)
		r = watch_add(sd->loop, gpio_fd(sd->gpio), EPOLLIN, WATCH_DOOR, on_edge, sd,
			      &sd->gpio_watch);
	if (r == 0) {
		timer_arm(sd->gpio_retry, mono_add(loop_mono(), GPIO_LOOK_MS));
		return true;
	}
	journal_line(sd, "doors: %s: %s", sd->config.gpio, why[0] ? why : strerror(-r));
	gpio_close(sd->gpio);
	sd->gpio = NULL;
	timer_arm(sd->gpio_retry, mono_add(loop_mono(), GPIO_RETRY_MS));
	return false;
}

/* Whether every line can still be read. */
static void doors_look(struct shopd *sd)
{
	for (uint32_t i = 0; i < sd->lines; i++) {
		int r = gpio_get(sd->gpio, i);

		if (r < 0) {
			doors_gone(sd, r);
			return;
		}
	}
	timer_arm(sd->gpio_retry, mono_add(loop_mono(), GPIO_LOOK_MS));
}

/* Back again: what the core holds of the outputs is set anew, and every input is read. */
static void on_retry(void *data)
{
	struct shopd *sd = data;

	if (sd->gpio) {
		doors_look(sd);
		return;
	}
	if (!doors_open(sd))
		return;
	journal_line(sd, "doors: the chip is back");
	for (uint32_t d = 0; d < sd->config.doors; d++)
		doors_set(sd, (uint8_t)d, PART_STRIKE, sd->shop.door[d].strike);
	doors_levels(sd);
}

bool doors_start(struct shopd *sd)
{
	if (contacts_start(sd) < 0 ||
	    timer_add(sd->loop, WATCH_DOOR, 0, on_retry, sd, &sd->gpio_retry) < 0)
		return false;
	doors_lines(sd);
	return doors_open(sd);
}

void doors_stop(struct shopd *sd)
{
	watch_free(sd->gpio_watch);
	timer_free(sd->gpio_retry);
	gpio_close(sd->gpio);
	sd->gpio = NULL;
	contacts_stop(sd);
}

/* gpio_open() and gpio_close() both leave every output inactive. */
int doors_safe(struct shopd *sd)
{
	char why[200] = "";
	int r;

	doors_lines(sd);
	r = gpio_open(sd->config.gpio, sd->line, sd->lines, &sd->gpio, why);
	if (r < 0)
		fprintf(stderr, "shopd: %s: %s\n", sd->config.gpio, why);
	gpio_close(sd->gpio);
	return r < 0 ? 1 : 0;
}
