/*
 * scanner.h: a serial scanner (CDC-ACM, UART or pty): opened raw and non-blocking, read in bounded
 * pieces, and opened again when it was unplugged. Framing is wire/frame.h's; this file only brings
 * bytes.
 */
#ifndef SHOP_DEVICE_SCANNER_H
#define SHOP_DEVICE_SCANNER_H

#include <stdint.h>

#include "base/check.h"

/** scanner_open - `path` raw (cfmakeraw, CLOCAL), O_NONBLOCK | O_NOCTTY | O_CLOEXEC. An fd or
 * -errno. */
MUST_CHECK int scanner_open(const char *path);

/** scanner_read - at most `size` bytes: how many, 0 when there are none now, -errno (-EIO, -ENODEV:
 * gone). */
int scanner_read(int fd, uint8_t *bytes, uint32_t size);

/** scanner_beep - BEL once for yes, twice for no; drops it when the device does not take it. */
void scanner_beep(int fd, int yes);

#endif
