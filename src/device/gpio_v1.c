/*
 * gpio_v1.c: real lines by libgpiod 1.6 (Debian 12).
 *
 * Lines are found by name: chip numbers move between kernels. Every input has an event descriptor
 * of its own; one epoll stands before them all. The kernel keeps 16 events a line and drops the
 * newest when nobody reads in time, so the last event read need not be the last that happened:
 * whenever a line's events are used up its level is read, and if the two disagree that level is
 * told as one more edge. An edge's level is therefore a hint, the level itself the truth.
 *
 * libgpiod keeps no request open over a process's end. Whether the kernel then lets an output fall
 * is the board's affair (strict_gpiod on a Raspberry Pi, and the lock's own spring).
 */
#include <errno.h>
#include <gpiod.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "device/gpio_backend.h"

#define CONSUMER   "shopkeeper"
#define EVENTS_MAX 16 /* what the kernel keeps for one line */
#define CHIPS_MAX  16

struct v1 {
	struct gpio gpio;
	int epoll;
	struct gpio_pending pending;
	struct gpiod_chip *chip[CHIPS_MAX];
	uint32_t chips;
	struct gpiod_line *line[GPIO_LINES_MAX];
	bool level[GPIO_LINES_MAX]; /* as last told */
	/* edges read and not yet handed out */
	struct gpio_edge edge[EVENTS_MAX + 1];
	uint32_t edges, next_edge;
};

static struct v1 *v1_of(struct gpio *g)
{
	return (struct v1 *)g;
}

/* libgpiod says what went wrong by errno, but not always. */
static int last_error(void)
{
	return errno > 0 ? -errno : -EIO;
}

static int64_t us_of(const struct timespec *t)
{
	return t->tv_sec * 1000000LL + t->tv_nsec / 1000;
}

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return us_of(&t);
}

/* Opens every chip of that label or name; "*" is every chip there is. */
static int open_chips(struct v1 *v, const char *where, char why[200])
{
	struct gpiod_chip_iter *iter = gpiod_chip_iter_new();
	struct gpiod_chip *chip;

	if (!iter) {
		snprintf(why, 200, "no GPIO chip can be opened: %s", strerror(errno));
		return last_error();
	}
	while ((chip = gpiod_chip_iter_next_noclose(iter)) != NULL) {
		bool wanted = strcmp(where, "*") == 0 ||
			      strcmp(where, gpiod_chip_label(chip)) == 0 ||
			      strcmp(where, gpiod_chip_name(chip)) == 0;

		if (wanted && v->chips < CHIPS_MAX)
			v->chip[v->chips++] = chip;
		else
			gpiod_chip_close(chip);
	}
	gpiod_chip_iter_free_noclose(iter);
	if (v->chips > 0)
		return 0;
	snprintf(why, 200, "no GPIO chip '%.100s'", where);
	return -ENODEV;
}

static struct gpiod_line *find_line(struct v1 *v, const char *name)
{
	for (uint32_t i = 0; i < v->chips; i++) {
		struct gpiod_line *line = gpiod_chip_find_line(v->chip[i], name);

		if (line)
			return line;
	}
	return NULL;
}

static int request_line(struct v1 *v, uint32_t i)
{
	const struct gpio_line *want = &v->gpio.line[i];
	struct gpiod_line_request_config config = {.consumer = CONSUMER};
	struct epoll_event event = {.events = EPOLLIN, .data.u32 = i};
	int level;

	config.request_type = want->output ? GPIOD_LINE_REQUEST_DIRECTION_OUTPUT
					   : GPIOD_LINE_REQUEST_EVENT_BOTH_EDGES;
	if (want->active_low)
		config.flags |= GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW;
	if (!want->output && want->pull_up)
		config.flags |= GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_UP;
	/* an output starts inactive: the value is logical */
	if (gpiod_line_request(v->line[i], &config, 0) < 0)
		return last_error();
	if (want->output)
		return 0;
	level = gpiod_line_get_value(v->line[i]);
	if (level < 0)
		return last_error();
	v->level[i] = level == 1;
	if (epoll_ctl(v->epoll, EPOLL_CTL_ADD, gpiod_line_event_get_fd(v->line[i]), &event) < 0)
		return -errno;
	return 0;
}

static int take_lines(struct v1 *v, char why[200])
{
	for (uint32_t i = 0; i < v->gpio.lines; i++) {
		const char *name = v->gpio.line[i].name;
		struct gpiod_line *line = find_line(v, name);
		int r;

		if (!line) {
			snprintf(why, 200, "no line '%s'", name);
			return -ENOENT;
		}
		v->line[i] = line;
		r = request_line(v, i);
		if (r < 0) {
			const char *user = gpiod_line_consumer(line);

			snprintf(why, 200, "line '%s': %s%s%.40s", name, strerror(-r),
				 user ? ", used by " : "", user ? user : "");
			return r;
		}
	}
	return 0;
}

static void v1_close(struct gpio *g)
{
	struct v1 *v = v1_of(g);

	for (uint32_t i = 0; i < g->lines; i++) {
		if (!v->line[i] || !gpiod_line_is_requested(v->line[i]))
			continue;
		if (g->line[i].output)
			(void)gpiod_line_set_value(v->line[i], 0);
		gpiod_line_release(v->line[i]);
	}
	for (uint32_t i = 0; i < v->chips; i++)
		gpiod_chip_close(v->chip[i]);
	gpio_pending_close(&v->pending);
	if (v->epoll >= 0)
		close(v->epoll);
	free(v);
}

static int v1_open(const char *where, const struct gpio_line *line, uint32_t lines,
		   struct gpio **ret, char why[200])
{
	struct v1 *v = calloc(1, sizeof(*v));
	int r;

	if (!v)
		return -ENOMEM;
	v->gpio.backend = &gpio_backend_chip;
	v->gpio.lines = lines;
	memcpy(v->gpio.line, line, lines * sizeof(*line));
	v->pending.fd = -1;
	v->epoll = epoll_create1(EPOLL_CLOEXEC);
	r = v->epoll < 0 ? -errno : gpio_pending_open(&v->pending, v->epoll);
	if (r == 0)
		r = open_chips(v, where, why);
	if (r == 0)
		r = take_lines(v, why);
	if (r < 0) {
		v1_close(&v->gpio);
		return r;
	}
	*ret = &v->gpio;
	return 0;
}

static int v1_fd(const struct gpio *g)
{
	return ((const struct v1 *)g)->epoll;
}

static void keep_edge(struct v1 *v, uint32_t line, bool level, int64_t at_us)
{
	CHECK(v->edges < ARRAY_LEN(v->edge));
	v->edge[v->edges++] = (struct gpio_edge){
		.line = line, .level = level, .at_ms = at_us / 1000, .at_us = at_us};
	v->level[line] = level;
}

/* All that one line has to tell: its events, then its level where they end on another. */
static int read_line(struct v1 *v, uint32_t i)
{
	struct gpiod_line_event event[EVENTS_MAX];
	int level, n = gpiod_line_event_read_multiple(v->line[i], event, EVENTS_MAX);

	if (n < 0)
		return last_error();
	v->edges = v->next_edge = 0;
	for (int e = 0; e < n; e++)
		keep_edge(v, i, event[e].event_type == GPIOD_LINE_EVENT_RISING_EDGE,
			  us_of(&event[e].ts));
	level = gpiod_line_get_value(v->line[i]);
	if (level < 0)
		return last_error();
	if ((level == 1) != v->level[i])
		keep_edge(v, i, level == 1, now_us());
	return 0;
}

/* Brings what the next readable line has to tell: 0 or -errno. */
static int read_lines(struct v1 *v)
{
	struct epoll_event event;
	int n;

	gpio_pending_set(&v->pending, false);
	n = epoll_wait(v->epoll, &event, 1, 0);
	if (n <= 0)
		return n == 0 || errno == EINTR ? 0 : -errno;
	/* a chip that was unplugged hangs up, and has nothing left to read */
	if (!(event.events & EPOLLIN))
		return -ENODEV;
	return read_line(v, event.data.u32);
}

static int v1_edge(struct gpio *g, struct gpio_edge *ret)
{
	struct v1 *v = v1_of(g);

	if (v->next_edge == v->edges) {
		int r = read_lines(v);

		if (r < 0)
			return r;
	}
	if (v->next_edge == v->edges)
		return 0;
	*ret = v->edge[v->next_edge++];
	gpio_pending_set(&v->pending, v->next_edge < v->edges);
	return 1;
}

static int v1_get(struct gpio *g, uint32_t line)
{
	int level = gpiod_line_get_value(v1_of(g)->line[line]);

	return level < 0 ? last_error() : level;
}

static int v1_set(struct gpio *g, uint32_t line, bool level)
{
	return gpiod_line_set_value(v1_of(g)->line[line], level) < 0 ? last_error() : 0;
}

const struct gpio_backend gpio_backend_chip = {
	.open = v1_open,
	.fd = v1_fd,
	.edge = v1_edge,
	.get = v1_get,
	.set = v1_set,
	.close = v1_close,
};
