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

/** An fd in a backend's epoll that is readable while edges wait in the backend's own memory: a
 * caller that stops half-way through a burst is woken for the rest. */
struct gpio_pending {
	int fd;
	bool set;
};

#define GPIO_PENDING_MARK UINT32_MAX /* its data.u32 in the epoll */

/** gpio_pending_open - makes it and adds it to `epoll`. 0 or -errno. */
MUST_CHECK int gpio_pending_open(struct gpio_pending *p, int epoll);
void gpio_pending_set(struct gpio_pending *p, bool set);
void gpio_pending_close(struct gpio_pending *p);

/** The simulated chip; and the real one, of whichever libgpiod the build found. */
extern const struct gpio_backend gpio_backend_sim;
extern const struct gpio_backend gpio_backend_chip;

#endif
