/* scanner_backend.h: what stands behind scanner.h: one table of functions a kind of scanner. */
#ifndef SHOP_DEVICE_SCANNER_BACKEND_H
#define SHOP_DEVICE_SCANNER_BACKEND_H

#include "device/scanner.h"

/** As in scanner.h; `where` is the path alone. `open` allocates the backend's own struct, `close`
 * frees it; `beep` may be NULL. */
struct scanner_backend {
	int (*open)(const char *where, struct scanner **ret, char why[200]);
	int (*read)(struct scanner *s, uint8_t *bytes, uint32_t size);
	void (*beep)(struct scanner *s, bool yes);
};

/** The first member of every backend's own struct. */
struct scanner {
	const struct scanner_backend *backend;
	int fd;
};

extern const struct scanner_backend scanner_backend_serial;
extern const struct scanner_backend scanner_backend_input;
extern const struct scanner_backend scanner_backend_eye;

/** scanner_input_over - a keyboard scanner on an open fd that brings input_events and is grabbed
 * already: what scanner_open() makes of a device, and what a test makes of a pipe. NULL: no memory;
 * the fd stays the caller's then. */
struct scanner *scanner_input_over(int fd);

#endif
