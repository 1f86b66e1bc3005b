/* gpio_backend.h: what stands behind gpio.h: one table of functions a kind of chip. */
#ifndef SHOP_DEVICE_GPIO_BACKEND_H
#define SHOP_DEVICE_GPIO_BACKEND_H

#include "device/gpio.h"

/** Every function as in gpio.h; `where` is what follows "sim:" or "chip:". `close` frees. */
struct gpio_backend {
	int (*open)(const char *where, const struct gpio_line *line, uint32_t lines,
		    struct gpio **ret, char why[200]);
	int (*fd)(const struct gpio *g);
	int (*edge)(struct gpio *g, struct gpio_edge *ret);
	int (*get)(struct gpio *g, uint32_t line);
	int (*set)(struct gpio *g, uint32_t line, bool level);
	void (*close)(struct gpio *g);
};

/** The first member of every backend's own struct. */
struct gpio {
	const struct gpio_backend *backend;
	uint32_t lines;
	struct gpio_line line[GPIO_LINES_MAX];
};

/** The simulated chip; and the real one, of whichever libgpiod the build found. */
extern const struct gpio_backend gpio_backend_sim;
extern const struct gpio_backend gpio_backend_chip;

#endif
