/*
 * test_gpio_v2.c: the libgpiod 2 backend in front of two chips that are played here. It is compiled
 * into this file against the stand-in header, so that it runs on systems with libgpiod 1.6 too. As
 * the kernel does, a chip keeps some events, numbers them all, and drops the oldest.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>

#define __LIBGPIOD_GPIOD_H__ /* not the system's header */
#define GPIO_DEV	     "."
#include "../standin/gpiod2/gpiod.h"

#include "device/gpio_v2.c"

#define KEPT  32
#define PINS  4
#define PLAYS 2

struct gpiod_edge_event {
	unsigned int offset;
	bool rising;
	unsigned long number;
	int64_t at_ms;
};

struct gpiod_edge_event_buffer {
	struct gpiod_edge_event event[BURST];
};

struct gpiod_line_settings {
	int direction, edge, bias, value;
	bool active_low;
};

/* A chip is its own request: there is never more than one. */
struct gpiod_chip {
	const char *label;
	const char *pin[PINS];
	bool open, requested;
	struct gpiod_line_settings set[PINS];
	bool mine[PINS];
	int level[PINS];
	int fd;
	struct gpiod_edge_event event[KEPT];
	int events;
	unsigned long numbered;
};

static struct gpiod_chip played[PLAYS];
static struct gpiod_line_settings settings_asked;
static struct gpiod_line_settings config_set[PINS];
static bool config_mine[PINS];
static struct gpiod_edge_event_buffer the_buffer;
static const char *used_by;
static char any; /* what opaque pointers point at */

/* --- the library ----------------------------------------------------------------------------- */

bool gpiod_is_gpiochip_device(const char *path)
{
	return strncmp(path, "./gpiochip", 10) == 0;
}

struct gpiod_chip *gpiod_chip_open(const char *path)
{
	struct gpiod_chip *c = &played[path[10] - '0'];

	assert_false(c->open);
	c->open = true;
	return c;
}

void gpiod_chip_close(struct gpiod_chip *c)
{
	assert_true(c->open && !c->requested);
	c->open = false;
}

struct gpiod_chip_info *gpiod_chip_get_info(struct gpiod_chip *c)
{
	return (struct gpiod_chip_info *)c;
}

const char *gpiod_chip_info_get_name(struct gpiod_chip_info *info)
{
	(void)info;
	return "gpiochip";
}

const char *gpiod_chip_info_get_label(struct gpiod_chip_info *info)
{
	return ((struct gpiod_chip *)info)->label;
}

void gpiod_chip_info_free(struct gpiod_chip_info *info)
{
	(void)info;
}

int gpiod_chip_get_line_offset_from_name(struct gpiod_chip *c, const char *name)
{
	for (int i = 0; i < PINS; i++)
		if (c->pin[i] && strcmp(c->pin[i], name) == 0)
			return i;
	errno = ENOENT;
	return -1;
}

struct gpiod_line_info *gpiod_chip_get_line_info(struct gpiod_chip *c, unsigned int offset)
{
	(void)c;
	(void)offset;
	return (struct gpiod_line_info *)&any;
}

bool gpiod_line_info_is_used(struct gpiod_line_info *info)
{
	(void)info;
	return used_by != NULL;
}

const char *gpiod_line_info_get_consumer(struct gpiod_line_info *info)
{
	(void)info;
	return used_by;
}

void gpiod_line_info_free(struct gpiod_line_info *info)
{
	(void)info;
}

struct gpiod_line_settings *gpiod_line_settings_new(void)
{
	return &settings_asked;
}

void gpiod_line_settings_free(struct gpiod_line_settings *s)
{
	(void)s;
}

void gpiod_line_settings_reset(struct gpiod_line_settings *s)
{
	memset(s, 0, sizeof(*s));
}

int gpiod_line_settings_set_direction(struct gpiod_line_settings *s,
				      enum gpiod_line_direction direction)
{
	s->direction = (int)direction;
	return 0;
}

int gpiod_line_settings_set_edge_detection(struct gpiod_line_settings *s, enum gpiod_line_edge edge)
{
	s->edge = (int)edge;
	return 0;
}

int gpiod_line_settings_set_bias(struct gpiod_line_settings *s, enum gpiod_line_bias bias)
{
	s->bias = (int)bias;
	return 0;
}

int gpiod_line_settings_set_event_clock(struct gpiod_line_settings *s, enum gpiod_line_clock clock)
{
	(void)s;
	return clock == GPIOD_LINE_CLOCK_MONOTONIC ? 0 : -1;
}

int gpiod_line_settings_set_output_value(struct gpiod_line_settings *s, enum gpiod_line_value value)
{
	s->value = value;
	return 0;
}

void gpiod_line_settings_set_active_low(struct gpiod_line_settings *s, bool active_low)
{
	s->active_low = active_low;
}

struct gpiod_line_config *gpiod_line_config_new(void)
{
	memset(config_mine, 0, sizeof(config_mine));
	return (struct gpiod_line_config *)&any;
}

void gpiod_line_config_free(struct gpiod_line_config *config)
{
	(void)config;
}

int gpiod_line_config_add_line_settings(struct gpiod_line_config *config,
					const unsigned int *offsets, size_t count,
					struct gpiod_line_settings *s)
{
	(void)config;
	assert_int_equal(count, 1);
	config_mine[*offsets] = true;
	config_set[*offsets] = *s;
	return 0;
}

struct gpiod_request_config *gpiod_request_config_new(void)
{
	return (struct gpiod_request_config *)&any;
}

void gpiod_request_config_free(struct gpiod_request_config *config)
{
	(void)config;
}

void gpiod_request_config_set_consumer(struct gpiod_request_config *config, const char *consumer)
{
	(void)config;
	assert_string_equal(consumer, "shopkeeper");
}

struct gpiod_line_request *gpiod_chip_request_lines(struct gpiod_chip *c,
						    struct gpiod_request_config *request,
						    struct gpiod_line_config *config)
{
	(void)request;
	(void)config;
	if (used_by) {
		errno = EBUSY;
		return NULL;
	}
	c->requested = true;
	memcpy(c->set, config_set, sizeof(c->set));
	memcpy(c->mine, config_mine, sizeof(c->mine));
	for (int i = 0; i < PINS; i++)
		if (c->mine[i] && c->set[i].direction == GPIOD_LINE_DIRECTION_OUTPUT)
			c->level[i] = c->set[i].value;
	return (struct gpiod_line_request *)c;
}

void gpiod_line_request_release(struct gpiod_line_request *request)
{
	((struct gpiod_chip *)request)->requested = false;
}

int gpiod_line_request_get_fd(struct gpiod_line_request *request)
{
	return ((struct gpiod_chip *)request)->fd;
}

enum gpiod_line_value gpiod_line_request_get_value(struct gpiod_line_request *request,
						   unsigned int offset)
{
	struct gpiod_chip *c = (struct gpiod_chip *)request;

	assert_true(c->requested && c->mine[offset]);
	return c->level[offset] ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE;
}

int gpiod_line_request_set_value(struct gpiod_line_request *request, unsigned int offset,
				 enum gpiod_line_value value)
{
	struct gpiod_chip *c = (struct gpiod_chip *)request;

	assert_true(c->requested && c->mine[offset]);
	c->level[offset] = value == GPIOD_LINE_VALUE_ACTIVE;
	return 0;
}

struct gpiod_edge_event_buffer *gpiod_edge_event_buffer_new(size_t capacity)
{
	assert_int_equal(capacity, BURST);
	return &the_buffer;
}

void gpiod_edge_event_buffer_free(struct gpiod_edge_event_buffer *buffer)
{
	(void)buffer;
}

int gpiod_line_request_read_edge_events(struct gpiod_line_request *request,
					struct gpiod_edge_event_buffer *buffer, size_t max)
{
	struct gpiod_chip *c = (struct gpiod_chip *)request;
	int n = c->events < (int)max ? c->events : (int)max;
	eventfd_t count;

	assert_true(n > 0); /* the real one would block */
	memcpy(buffer->event, c->event, (size_t)n * sizeof(*c->event));
	c->events -= n;
	memmove(c->event, c->event + n, (size_t)c->events * sizeof(*c->event));
	if (c->events == 0)
		assert_int_equal(eventfd_read(c->fd, &count), 0);
	return n;
}

struct gpiod_edge_event *gpiod_edge_event_buffer_get_event(struct gpiod_edge_event_buffer *buffer,
							   unsigned long index)
{
	assert_true(index < BURST);
	return &buffer->event[index];
}

enum gpiod_edge_event_type gpiod_edge_event_get_event_type(struct gpiod_edge_event *e)
{
	return e->rising ? GPIOD_EDGE_EVENT_RISING_EDGE : GPIOD_EDGE_EVENT_FALLING_EDGE;
}

uint64_t gpiod_edge_event_get_timestamp_ns(struct gpiod_edge_event *e)
{
	return (uint64_t)e->at_ms * 1000000;
}

unsigned int gpiod_edge_event_get_line_offset(struct gpiod_edge_event *e)
{
	return e->offset;
}

unsigned long gpiod_edge_event_get_global_seqno(struct gpiod_edge_event *e)
{
	return e->number;
}

/* --- the world ------------------------------------------------------------------------------- */

static void turn(struct gpiod_chip *c, unsigned int offset, int level, int64_t at_ms)
{
	if (c->level[offset] == level)
		return;
	c->level[offset] = level;
	if (c->events == KEPT) {
		c->events--;
		memmove(c->event, c->event + 1, (KEPT - 1) * sizeof(*c->event));
	}
	c->event[c->events++] = (struct gpiod_edge_event){
		.offset = offset, .rising = level, .number = ++c->numbered, .at_ms = at_ms};
	assert_int_equal(eventfd_write(c->fd, 1), 0);
}

/* contact and strike on one chip, rex on the other */
static const struct gpio_line lines[] = {
	{.name = "contact", .pull_up = true, .active_low = true},
	{.name = "rex"},
	{.name = "strike", .output = true},
	{.name = "tamper"},
};
#define FIRST  (&played[0])
#define SECOND (&played[1])

static char dir[64];

static int set_up(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), P_tmpdir "/shop-gpio-XXXXXX");
	if (!mkdtemp(dir) || chdir(dir) < 0)
		return -1;
	used_by = NULL;
	for (int i = 0; i < PLAYS; i++) {
		char name[] = {'g', 'p', 'i', 'o', 'c', 'h', 'i', 'p', (char)('0' + i), '\0'};
		int fd = open(name, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

		close(fd);
		played[i] = (struct gpiod_chip){.label = i ? "expander" : "soc",
						.fd = eventfd(0, EFD_NONBLOCK)};
	}
	FIRST->pin[3] = "contact";
	FIRST->pin[1] = "strike";
	FIRST->pin[0] = "tamper";
	SECOND->pin[2] = "rex";
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	for (int i = 0; i < PLAYS; i++) {
		assert_false(played[i].open || played[i].requested);
		close(played[i].fd);
	}
	unlink("gpiochip0");
	unlink("gpiochip1");
	return chdir("/") == 0 ? rmdir(dir) : -1;
}

static struct gpio *opened(void)
{
	struct gpio *g = NULL;
	char why[200];

	assert_int_equal(gpio_open("chip:*", lines, ARRAY_LEN(lines), &g, why), 0);
	return g;
}

static bool readable(const struct gpio *g)
{
	struct pollfd p = {.fd = gpio_fd(g), .events = POLLIN};

	return poll(&p, 1, 0) == 1;
}

static void lines_are_found_on_every_chip(void **state)
{
	struct gpio *g;

	(void)state;
	FIRST->level[1] = 1; /* a strike that somebody left on */
	SECOND->level[2] = 1;
	g = opened();
	assert_int_equal(FIRST->level[1], 0);
	assert_int_equal(FIRST->set[3].bias, GPIOD_LINE_BIAS_PULL_UP);
	assert_true(FIRST->set[3].active_low && !FIRST->set[1].active_low);
	assert_int_equal(FIRST->set[3].edge, GPIOD_LINE_EDGE_BOTH);
	assert_int_equal(FIRST->set[1].direction, GPIOD_LINE_DIRECTION_OUTPUT);
	assert_int_equal(SECOND->set[2].direction, GPIOD_LINE_DIRECTION_INPUT);
	assert_int_equal(gpio_get(g, 1), 1);
	assert_int_equal(gpio_set(g, 2, true), 0);
	assert_int_equal(FIRST->level[1], 1);
	gpio_close(g);
	assert_int_equal(FIRST->level[1], 0); /* the strike is not left on */
}

static void edges_come_with_their_time(void **state)
{
	struct gpio *g = opened();
	struct gpio_edge e;

	(void)state;
	assert_int_equal(gpio_edge(g, &e), 0);
	turn(SECOND, 2, 1, 4711);
	assert_true(readable(g));
	assert_int_equal(gpio_edge(g, &e), 1);
	assert_true(e.line == 1 && e.level && e.at_ms == 4711);
	turn(FIRST, 3, 1, 4712);
	assert_int_equal(gpio_edge(g, &e), 1);
	assert_true(e.line == 0 && e.level && e.at_ms == 4712);
	assert_int_equal(gpio_edge(g, &e), 0);
	assert_false(readable(g));
	gpio_close(g);
}

static void a_burst_may_be_taken_in_parts(void **state)
{
	struct gpio *g = opened();
	struct gpio_edge e;

	(void)state;
	for (int i = 0; i < KEPT; i++)
		turn(FIRST, 3, !(i & 1), i);
	for (int i = 0; i < KEPT; i++) {
		assert_true(readable(g)); /* also for what was read off the chip already */
		assert_int_equal(gpio_edge(g, &e), 1);
		assert_true(e.line == 0 && e.level == !(i & 1) && e.at_ms == i);
	}
	assert_int_equal(gpio_edge(g, &e), 0);
	assert_false(readable(g));
	gpio_close(g);
}

/* The door opens, and then a bouncing button pushes that out of the kernel's memory. */
static void what_the_kernel_dropped_is_found(void **state)
{
	struct gpio *g = opened();
	struct gpio_edge e;
	bool contact = false, tamper = false;
	int told = 0;

	(void)state;
	turn(FIRST, 3, 1, 1);
	for (int i = 0; i < 3 * KEPT + 1; i++)
		turn(FIRST, 0, !(i & 1), 2 + i);
	while (readable(g)) {
		assert_int_equal(gpio_edge(g, &e), 1);
		told++;
		if (e.line == 0)
			contact = e.level;
		if (e.line == 3)
			tamper = e.level;
	}
	assert_true(contact && tamper);
	assert_in_range(told, KEPT, KEPT + 4);
	assert_int_equal(gpio_edge(g, &e), 0);
	gpio_close(g);
}

static void what_is_missing_or_taken_is_named(void **state)
{
	struct gpio *g = NULL;
	char why[200];

	(void)state;
	assert_int_equal(gpio_open("chip:soc", lines, ARRAY_LEN(lines), &g, why), -ENOENT);
	assert_non_null(strstr(why, "rex"));
	assert_int_equal(gpio_open("chip:other", lines, ARRAY_LEN(lines), &g, why), -ENODEV);
	used_by = "spi0";
	assert_int_equal(gpio_open("chip:*", lines, ARRAY_LEN(lines), &g, why), -EBUSY);
	assert_non_null(strstr(why, "spi0"));
}

int main(void)
{
#define PLAYED(t) cmocka_unit_test_setup_teardown(t, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		PLAYED(lines_are_found_on_every_chip),	   PLAYED(edges_come_with_their_time),
		PLAYED(a_burst_may_be_taken_in_parts),	   PLAYED(what_the_kernel_dropped_is_found),
		PLAYED(what_is_missing_or_taken_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
