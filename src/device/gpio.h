/*
 * gpio.h: a chip with the lines of the doors, whatever stands behind it: the simulated chip (a
 * process of its own, over SOCK_SEQPACKET), libgpiod 1.6 or libgpiod 2.x. The real one is picked at
 * build time, simulated or real by config.
 *
 * Lines are found by name (kernel line names, never chip numbers). Levels are logical: true =
 * active, as in core/event.h's door_part; polarity and bias are the backend's business.
 */
#ifndef SHOP_DEVICE_GPIO_H
#define SHOP_DEVICE_GPIO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/check.h"

#define GPIO_LINE_NAME_MAX 32
#define GPIO_LINES_MAX	   32

struct gpio_line {
	char name[GPIO_LINE_NAME_MAX];
	bool output;
	bool active_low;
	bool pull_up; /* inputs */
};

struct gpio_edge {
	uint32_t line; /* index as given to gpio_open */
	bool level;    /* after the edge */
	int64_t at_ms; /* CLOCK_MONOTONIC of the edge, as the kernel or the chip saw it */
	int64_t at_us; /* the same, as finely as it is known: which of two lines was first */
};

struct gpio;

/**
 * gpio_open - takes all lines: inputs with both edges watched, outputs inactive.
 * @spec: "sim:/path/of/socket", or "chip:LABEL" / "chip:*" (every chip is searched for the names).
 * @return 0 or -errno; `why` (≤ 200) names the line that is missing or taken.
 */
MUST_CHECK int gpio_open(const char *spec, const struct gpio_line *line, uint32_t lines,
			 struct gpio **ret, char why[200]);

/** gpio_fd - an fd (maybe an epoll) that is readable when gpio_edge has something. */
int gpio_fd(const struct gpio *g);

/** gpio_edge - the next edge: 1, 0 when there is none, -errno when the chip is gone (all lines are
 * lost then). */
int gpio_edge(struct gpio *g, struct gpio_edge *ret);

/** gpio_get - the level now: 0, 1 or -errno. Does not block for longer than the chip's own answer.
 */
int gpio_get(struct gpio *g, uint32_t line);

/** gpio_set - an output's level: 0 or -errno. Never blocks. */
MUST_CHECK int gpio_set(struct gpio *g, uint32_t line, bool level);

/** gpio_close - outputs inactive, lines released. NULL is fine. */
void gpio_close(struct gpio *g);

#endif
