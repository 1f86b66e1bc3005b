/*
 * gpio_v2.c: real lines by libgpiod 2.x (Debian 13, today's Raspberry Pi OS).
 *
 * Lines are found by name over every chip of the label: chip numbers move between kernels. All
 * lines of one chip are one request with one descriptor; one epoll stands before the chips. The
 * kernel numbers a request's events and drops the oldest when nobody reads in time: where a number
 * is missing, every input of that chip is read again, and each that differs from what was told last
 * is told as one more edge. No debounce is asked of the kernel; the core has its own, which it
 * tests.
 */
#include <dirent.h>
#include <errno.h>
#include <gpiod.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "device/gpio_backend.h"

#define CONSUMER  "shopkeeper"
#define BURST	  16
#define CHIPS_MAX 16
#ifndef GPIO_DEV
#define GPIO_DEV "/dev" /* a test has a folder of its own */
#endif

struct v2_chip {
	struct gpiod_chip *chip;
	struct gpiod_line_request *request; /* NULL: none of our lines is here */
	unsigned long last_event;	    /* the kernel's number of it, from 1 */
};

struct v2 {
	struct gpio gpio;
	int epoll;
	struct gpio_pending pending;
	struct v2_chip chip[CHIPS_MAX];
	uint32_t chips;
	struct {
		uint32_t chip;
		unsigned int offset;
		bool level; /* as last told */
	} at[GPIO_LINES_MAX];
	struct gpiod_edge_event_buffer *events;
	uint32_t source; /* the chip that `events` came from */
	unsigned long next_event, events_held;
	uint32_t resync; /* the line to compare next with what was told; GPIO_LINES_MAX: none */
};

static struct v2 *v2_of(struct gpio *g)
{
	return (struct v2 *)g;
}

/* libgpiod says what went wrong by errno, but not always. */
static int last_error(void)
{
	return errno > 0 ? -errno : -EIO;
}

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

static bool chip_wanted(struct gpiod_chip *chip, const char *where)
{
	struct gpiod_chip_info *info = gpiod_chip_get_info(chip);
	bool wanted;

	if (!info)
		return false;
	wanted = strcmp(where, "*") == 0 || strcmp(where, gpiod_chip_info_get_label(info)) == 0 ||
		 strcmp(where, gpiod_chip_info_get_name(info)) == 0;
	gpiod_chip_info_free(info);
	return wanted;
}

static int open_chips(struct v2 *v, const char *where, char why[200])
{
	DIR *dev = opendir(GPIO_DEV);
	struct dirent *entry;

	if (!dev)
		return -errno;
	while ((entry = readdir(dev)) != NULL && v->chips < CHIPS_MAX) {
		char path[sizeof(GPIO_DEV) + 1 + sizeof(entry->d_name)];
		struct gpiod_chip *chip;

		if (strncmp(entry->d_name, "gpiochip", 8) != 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", GPIO_DEV, entry->d_name);
		chip = gpiod_is_gpiochip_device(path) ? gpiod_chip_open(path) : NULL;
		if (!chip)
			continue;
		if (chip_wanted(chip, where))
			v->chip[v->chips++].chip = chip;
		else
			gpiod_chip_close(chip);
	}
	closedir(dev);
	if (v->chips > 0)
		return 0;
	snprintf(why, 200, "no GPIO chip '%.100s' that may be opened", where);
	return -ENODEV;
}

static int find_lines(struct v2 *v, char why[200])
{
	for (uint32_t i = 0; i < v->gpio.lines; i++) {
		uint32_t c = 0;
		int offset = -1;

		for (; c < v->chips && offset < 0; c++)
			offset = gpiod_chip_get_line_offset_from_name(v->chip[c].chip,
								      v->gpio.line[i].name);
		if (offset < 0) {
			snprintf(why, 200, "no line '%s'", v->gpio.line[i].name);
			return -ENOENT;
		}
		v->at[i].chip = c - 1;
		v->at[i].offset = (unsigned int)offset;
	}
	return 0;
}

static int add_line(struct gpiod_line_config *config, struct gpiod_line_settings *settings,
		    const struct gpio_line *line, unsigned int offset)
{
	int r;

	gpiod_line_settings_reset(settings);
	gpiod_line_settings_set_active_low(settings, line->active_low);
	if (line->output) {
		/* it starts inactive: the value is logical */
		r = gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_OUTPUT) |
		    gpiod_line_settings_set_output_value(settings, GPIOD_LINE_VALUE_INACTIVE);
	} else {
		r = gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_INPUT) |
		    gpiod_line_settings_set_edge_detection(settings, GPIOD_LINE_EDGE_BOTH) |
		    gpiod_line_settings_set_event_clock(settings, GPIOD_LINE_CLOCK_MONOTONIC);
		if (line->pull_up)
			r |= gpiod_line_settings_set_bias(settings, GPIOD_LINE_BIAS_PULL_UP);
	}
	if (r != 0 || gpiod_line_config_add_line_settings(config, &offset, 1, settings) < 0)
		return last_error();
	return 0;
}

/* Requests what of our lines stands on chip `c`. */
static int request_chip(struct v2 *v, uint32_t c)
{
	struct gpiod_line_settings *settings = gpiod_line_settings_new();
	struct gpiod_line_config *config = gpiod_line_config_new();
	struct gpiod_request_config *request = gpiod_request_config_new();
	uint32_t wanted = 0;
	int r = settings && config && request ? 0 : -ENOMEM;

	for (uint32_t i = 0; i < v->gpio.lines && r == 0; i++) {
		if (v->at[i].chip != c)
			continue;
		wanted++;
		r = add_line(config, settings, &v->gpio.line[i], v->at[i].offset);
	}
	if (r == 0 && wanted > 0) {
		gpiod_request_config_set_consumer(request, CONSUMER);
		v->chip[c].request = gpiod_chip_request_lines(v->chip[c].chip, request, config);
		if (!v->chip[c].request)
			r = last_error();
	}
	gpiod_line_settings_free(settings);
	gpiod_line_config_free(config);
	gpiod_request_config_free(request);
	return r;
}

/* Which of the lines is to blame when the kernel refuses a whole chip. */
static void blame(struct v2 *v, uint32_t c, int error, char why[200])
{
	snprintf(why, 200, "the lines cannot be taken: %s", strerror(-error));
	for (uint32_t i = 0; i < v->gpio.lines; i++) {
		struct gpiod_line_info *info;
		const char *user;

		if (v->at[i].chip != c)
			continue;
		info = gpiod_chip_get_line_info(v->chip[c].chip, v->at[i].offset);
		if (!info)
			continue;
		user = gpiod_line_info_get_consumer(info);
		if (gpiod_line_info_is_used(info))
			snprintf(why, 200, "line '%s' is used by %.40s", v->gpio.line[i].name,
				 user ? user : "somebody");
		gpiod_line_info_free(info);
	}
}

static int v2_get(struct gpio *g, uint32_t line)
{
	struct v2 *v = v2_of(g);
	enum gpiod_line_value value =
		gpiod_line_request_get_value(v->chip[v->at[line].chip].request, v->at[line].offset);

	return value == GPIOD_LINE_VALUE_ERROR ? last_error() : value == GPIOD_LINE_VALUE_ACTIVE;
}

static int v2_set(struct gpio *g, uint32_t line, bool level)
{
	struct v2 *v = v2_of(g);
	int r = gpiod_line_request_set_value(v->chip[v->at[line].chip].request, v->at[line].offset,
					     level ? GPIOD_LINE_VALUE_ACTIVE
						   : GPIOD_LINE_VALUE_INACTIVE);

	return r < 0 ? last_error() : 0;
}

static int take_lines(struct v2 *v, char why[200])
{
	for (uint32_t c = 0; c < v->chips; c++) {
		struct epoll_event event = {.events = EPOLLIN, .data.u32 = c};
		int r = request_chip(v, c);

		if (r < 0) {
			blame(v, c, r, why);
			return r;
		}
		if (v->chip[c].request &&
		    epoll_ctl(v->epoll, EPOLL_CTL_ADD,
			      gpiod_line_request_get_fd(v->chip[c].request), &event) < 0)
			return -errno;
	}
	for (uint32_t i = 0; i < v->gpio.lines; i++) {
		int level = v2_get(&v->gpio, i);

		if (level < 0)
			return level;
		v->at[i].level = level == 1;
	}
	return 0;
}

static void v2_close(struct gpio *g)
{
	struct v2 *v = v2_of(g);

	for (uint32_t i = 0; i < g->lines; i++)
		if (g->line[i].output && v->chip[v->at[i].chip].request)
			(void)!v2_set(g, i, false);
	for (uint32_t c = 0; c < v->chips; c++) {
		if (v->chip[c].request)
			gpiod_line_request_release(v->chip[c].request);
		gpiod_chip_close(v->chip[c].chip);
	}
	gpiod_edge_event_buffer_free(v->events);
	gpio_pending_close(&v->pending);
	if (v->epoll >= 0)
		close(v->epoll);
	free(v);
}

static int v2_open(const char *where, const struct gpio_line *line, uint32_t lines,
		   struct gpio **ret, char why[200])
{
	struct v2 *v = calloc(1, sizeof(*v));
	int r;

	if (!v)
		return -ENOMEM;
	v->gpio.backend = &gpio_backend_chip;
	v->gpio.lines = lines;
	memcpy(v->gpio.line, line, lines * sizeof(*line));
	v->resync = GPIO_LINES_MAX;
	v->events = gpiod_edge_event_buffer_new(BURST);
	v->epoll = epoll_create1(EPOLL_CLOEXEC);
	v->pending.fd = -1;
	r = v->epoll < 0 ? -errno : gpio_pending_open(&v->pending, v->epoll);
	if (r == 0)
		r = v->events ? open_chips(v, where, why) : -ENOMEM;
	if (r == 0)
		r = find_lines(v, why);
	if (r == 0)
		r = take_lines(v, why);
	if (r < 0) {
		v2_close(&v->gpio);
		return r;
	}
	*ret = &v->gpio;
	return 0;
}

static int v2_fd(const struct gpio *g)
{
	return ((const struct v2 *)g)->epoll;
}

/* The next of the events held: 1, or 0 when they are used up. */
static int held_edge(struct v2 *v, struct gpio_edge *ret)
{
	while (v->next_event < v->events_held) {
		struct gpiod_edge_event *e =
			gpiod_edge_event_buffer_get_event(v->events, v->next_event++);
		unsigned long number = gpiod_edge_event_get_global_seqno(e);
		unsigned int offset = gpiod_edge_event_get_line_offset(e);
		int64_t at_us;

		if (number != v->chip[v->source].last_event + 1)
			v->resync = 0;
		v->chip[v->source].last_event = number;
		for (uint32_t i = 0; i < v->gpio.lines; i++) {
			if (v->at[i].chip != v->source || v->at[i].offset != offset)
				continue;
			v->at[i].level =
				gpiod_edge_event_get_event_type(e) == GPIOD_EDGE_EVENT_RISING_EDGE;
			at_us = (int64_t)(gpiod_edge_event_get_timestamp_ns(e) / 1000);
			*ret = (struct gpio_edge){.line = i,
						  .level = v->at[i].level,
						  .at_ms = at_us / 1000,
						  .at_us = at_us};
			return 1;
		}
	}
	return 0;
}

/* After lost events: the next input whose level is not what was told last. 1, 0 or -errno. */
static int lost_edge(struct v2 *v, struct gpio_edge *ret)
{
	while (v->resync < v->gpio.lines) {
		uint32_t i = v->resync++;
		int64_t at_us = now_us();
		int level;

		if (v->gpio.line[i].output)
			continue;
		level = v2_get(&v->gpio, i);
		if (level < 0)
			return level;
		if ((level == 1) == v->at[i].level)
			continue;
		v->at[i].level = level == 1;
		*ret = (struct gpio_edge){
			.line = i, .level = level == 1, .at_ms = at_us / 1000, .at_us = at_us};
		return 1;
	}
	v->resync = GPIO_LINES_MAX;
	return 0;
}

/* Brings a burst of events of one chip: 0 or -errno. */
static int read_events(struct v2 *v)
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
	v->source = event.data.u32;
	n = gpiod_line_request_read_edge_events(v->chip[v->source].request, v->events, BURST);
	if (n < 0)
		return last_error();
	v->next_event = 0;
	v->events_held = (unsigned long)n;
	return 0;
}

static int v2_edge(struct gpio *g, struct gpio_edge *ret)
{
	struct v2 *v = v2_of(g);
	int r = held_edge(v, ret);

	if (r == 0 && v->resync < GPIO_LINES_MAX)
		r = lost_edge(v, ret);
	if (r == 0) {
		r = read_events(v);
		if (r == 0)
			r = held_edge(v, ret);
	}
	if (r > 0)
		gpio_pending_set(&v->pending,
				 v->next_event < v->events_held || v->resync < GPIO_LINES_MAX);
	return r;
}

const struct gpio_backend gpio_backend_chip = {
	.open = v2_open,
	.fd = v2_fd,
	.edge = v2_edge,
	.get = v2_get,
	.set = v2_set,
	.close = v2_close,
};
