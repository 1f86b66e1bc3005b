/* gpio_look.h: whether the lines of a door are there, and who holds them, without touching one:
 * what the kernel tells anybody who may open the chip. */
#ifndef SHOP_DEVICE_GPIO_LOOK_H
#define SHOP_DEVICE_GPIO_LOOK_H

#include "device/gpio.h"

enum line_found {
	LINE_MISSING = 0, /* no chip has a line of that name */
	LINE_FREE = 1,	  /* nobody holds it */
	LINE_OURS = 2,	  /* shopd does */
	LINE_TAKEN = 3,	  /* somebody else does */
};

struct line_seen {
	enum line_found found;
	bool output;	 /* as it is now */
	char holder[32]; /* TAKEN: as the kernel calls them */
};

/**
 * gpio_look - looks each name up on the chips of `where` (what follows "chip:": a label, a name, or
 * "*"). `dir` is /dev.
 * @return 0, or -errno: -ENODEV no such chip, -EACCES none may be opened.
 */
MUST_CHECK int gpio_look(const char *dir, const char *where, const char *const *name,
			 uint32_t names, struct line_seen *ret);

#endif
