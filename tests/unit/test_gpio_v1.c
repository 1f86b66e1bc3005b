/*
 * test_gpio_v1.c: the libgpiod 1.6 backend in front of a chip that is played here: this file gives
 * the library's functions itself. As the kernel does, it keeps 16 events a line and drops the
 * newest.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#if __has_include(<gpiod.h>)
#include <gpiod.h>
#endif

#ifdef GPIOD_LINE_BULK_MAX_LINES

#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "device/gpio.h"

#define KEPT 16

struct gpiod_chip {
	bool open;
};

struct gpiod_chip_iter {
	bool done;
};

struct gpiod_line {
	const char *name;
	const char *used_by; /* somebody else */
	bool requested;
	int type, flags;
	int level;
	int fd; /* readable while events are kept */
	struct gpiod_line_event event[KEPT];
	int events;
};

static struct gpiod_chip chip;
static struct gpiod_chip_iter the_iter;
static struct gpiod_line pin[3];

/* --- the library ----------------------------------------------------------------------------- */

struct gpiod_chip_iter *gpiod_chip_iter_new(void)
{
	the_iter.done = false;
	return &the_iter;
}

struct gpiod_chip *gpiod_chip_iter_next_noclose(struct gpiod_chip_iter *iter)
{
	if (iter->done)
		return NULL;
	iter->done = true;
	chip.open = true;
	return &chip;
}

void gpiod_chip_iter_free_noclose(struct gpiod_chip_iter *iter)
{
	assert_true(iter->done);
}

const char *gpiod_chip_label(struct gpiod_chip *c)
{
	(void)c;
	return "played";
}

const char *gpiod_chip_name(struct gpiod_chip *c)
{
	(void)c;
	return "gpiochip7";
}

void gpiod_chip_close(struct gpiod_chip *c)
{
	assert_true(c->open);
	c->open = false;
}

struct gpiod_line *gpiod_chip_find_line(struct gpiod_chip *c, const char *name)
{
	(void)c;
	for (size_t i = 0; i < ARRAY_LEN(pin); i++)
		if (strcmp(pin[i].name, name) == 0)
			return &pin[i];
	errno = ENOENT;
	return NULL;
}

int gpiod_line_request(struct gpiod_line *line, const struct gpiod_line_request_config *config,
		       int value)
{
	if (line->used_by) {
		errno = EBUSY;
		return -1;
	}
	line->requested = true;
	line->type = config->request_type;
	line->flags = config->flags;
	if (line->type == GPIOD_LINE_REQUEST_DIRECTION_OUTPUT)
		line->level = value;
	return 0;
}

bool gpiod_line_is_requested(struct gpiod_line *line)
{
	return line->requested;
}

void gpiod_line_release(struct gpiod_line *line)
{
	assert_true(line->requested);
	line->requested = false;
}

const char *gpiod_line_consumer(struct gpiod_line *line)
{
	return line->used_by;
}

int gpiod_line_get_value(struct gpiod_line *line)
{
	assert_true(line->requested);
	return line->level;
}

int gpiod_line_set_value(struct gpiod_line *line, int value)
{
	assert_true(line->requested);
	line->level = value;
	return 0;
}

int gpiod_line_event_get_fd(struct gpiod_line *line)
{
	return line->fd;
}

int gpiod_line_event_read_multiple(struct gpiod_line *line, struct gpiod_line_event *events,
				   unsigned int max)
{
	int n = line->events < (int)max ? line->events : (int)max;
	eventfd_t count;

	assert_true(n > 0); /* the real one would block */
	memcpy(events, line->event, (size_t)n * sizeof(*events));
	line->events -= n;
	memmove(line->event, line->event + n, (size_t)line->events * sizeof(*events));
	if (line->events == 0)
		assert_int_equal(eventfd_read(line->fd, &count), 0);
	return n;
}

/* --- the world ------------------------------------------------------------------------------- */

static void turn(struct gpiod_line *line, int level, int64_t at_ms)
{
	if (line->level == level)
		return;
	line->level = level;
	if (line->events == KEPT)
		return;
	line->event[line->events++] = (struct gpiod_line_event){
		.ts = {.tv_sec = at_ms / 1000, .tv_nsec = at_ms % 1000 * 1000000},
		.event_type = level ? GPIOD_LINE_EVENT_RISING_EDGE : GPIOD_LINE_EVENT_FALLING_EDGE};
	assert_int_equal(eventfd_write(line->fd, 1), 0);
}

static const struct gpio_line lines[] = {
	{.name = "contact", .pull_up = true, .active_low = true},
	{.name = "rex"},
	{.name = "strike", .output = true},
};

static int set_up(void **state)
{
	static const char *const names[] = {"rex", "strike", "contact"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pin); i++)
		pin[i] = (struct gpiod_line){.name = names[i], .fd = eventfd(0, EFD_NONBLOCK)};
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pin); i++) {
		assert_false(pin[i].requested);
		close(pin[i].fd);
	}
	assert_false(chip.open);
	return 0;
}

static struct gpio *opened(void)
{
	struct gpio *g = NULL;
	char why[200];

	assert_int_equal(gpio_open("chip:played", lines, ARRAY_LEN(lines), &g, why), 0);
	return g;
}

static bool readable(const struct gpio *g)
{
	struct pollfd p = {.fd = gpio_fd(g), .events = POLLIN};

	return poll(&p, 1, 0) == 1;
}

static void lines_are_asked_for_as_configured(void **state)
{
	struct gpio *g;

	(void)state;
	pin[1].level = 1; /* a strike that somebody left on */
	g = opened();
	assert_int_equal(pin[0].type, GPIOD_LINE_REQUEST_EVENT_BOTH_EDGES);
	assert_int_equal(pin[0].flags, 0);
	assert_int_equal(pin[2].flags,
			 GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW | GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_UP);
	assert_int_equal(pin[1].type, GPIOD_LINE_REQUEST_DIRECTION_OUTPUT);
	assert_int_equal(pin[1].level, 0);
	assert_int_equal(gpio_set(g, 2, true), 0);
	assert_int_equal(pin[1].level, 1);
	assert_int_equal(gpio_get(g, 2), 1);
	gpio_close(g);
	assert_int_equal(pin[1].level, 0); /* the strike is not left on */
}

static void edges_come_with_their_time(void **state)
{
	struct gpio *g = opened();
	struct gpio_edge e;

	(void)state;
	assert_int_equal(gpio_edge(g, &e), 0);
	assert_false(readable(g));
	turn(&pin[2], 1, 123456);
	assert_true(readable(g));
	assert_int_equal(gpio_edge(g, &e), 1);
	assert_true(e.line == 0 && e.level && e.at_ms == 123456);
	assert_int_equal(gpio_edge(g, &e), 0);
	assert_false(readable(g));
	gpio_close(g);
}

static void a_burst_may_be_taken_in_parts(void **state)
{
	struct gpio *g = opened();
	struct gpio_edge e;

	(void)state;
	for (int i = 0; i < 10; i++)
		turn(&pin[0], !(i & 1), i);
	for (int i = 0; i < 10; i++) {
		assert_true(readable(g)); /* also for what was read off the chip already */
		assert_int_equal(gpio_edge(g, &e), 1);
		assert_true(e.line == 1 && e.level == !(i & 1) && e.at_ms == i);
	}
	assert_int_equal(gpio_edge(g, &e), 0);
	assert_false(readable(g));
	gpio_close(g);
}

static void what_the_kernel_dropped_is_found(void **state)
{
	struct gpio *g = opened();
	struct gpio_edge e = {.level = false};
	int told = 0;

	(void)state;
	for (int i = 0; i < 41; i++) /* ends on 1, and the last event kept says 0 */
		turn(&pin[0], !(i & 1), i);
	while (gpio_edge(g, &e) == 1)
		told++;
	assert_int_equal(told, KEPT + 1);
	assert_true(e.line == 1 && e.level);
	assert_int_equal(gpio_get(g, 1), 1);
	assert_false(readable(g));
	gpio_close(g);
}

static void what_is_missing_or_taken_is_named(void **state)
{
	struct gpio_line wrong[ARRAY_LEN(lines)];
	struct gpio *g = NULL;
	char why[200];

	(void)state;
	memcpy(wrong, lines, sizeof(wrong));
	snprintf(wrong[1].name, sizeof(wrong[1].name), "nowhere");
	assert_int_equal(gpio_open("chip:*", wrong, ARRAY_LEN(wrong), &g, why), -ENOENT);
	assert_non_null(strstr(why, "nowhere"));
	pin[1].used_by = "spi0";
	assert_int_equal(gpio_open("chip:*", lines, ARRAY_LEN(lines), &g, why), -EBUSY);
	assert_non_null(strstr(why, "strike"));
	assert_non_null(strstr(why, "spi0"));
	assert_int_equal(gpio_open("chip:other", lines, ARRAY_LEN(lines), &g, why), -ENODEV);
	assert_non_null(strstr(why, "other"));
}

int main(void)
{
#define PLAYED(t) cmocka_unit_test_setup_teardown(t, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		PLAYED(lines_are_asked_for_as_configured), PLAYED(edges_come_with_their_time),
		PLAYED(a_burst_may_be_taken_in_parts),	   PLAYED(what_the_kernel_dropped_is_found),
		PLAYED(what_is_missing_or_taken_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

/* This system has libgpiod 2, or none: test_gpio_v2.c is the one that counts. */
static void is_not_built_here(void **state)
{
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(is_not_built_here)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#endif
