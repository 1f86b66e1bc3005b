/*
 * scanner.h: a scanner, whatever it hangs on: bytes as it reads codes, in bounded pieces. Framing
 * is wire/frame.h's; this brings bytes. What is gone is opened again by the caller.
 *
 *   /dev/…         a serial port (CDC-ACM, UART or pty): scanner_serial.c
 *   input:/dev/…   a scanner that is a keyboard, taken from the console: scanner_input.c
 *   eye:/run/…     the socket on which eyed tells what its camera sees: scanner_eye.c
 */
#ifndef SHOP_DEVICE_SCANNER_H
#define SHOP_DEVICE_SCANNER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/check.h"

struct scanner;

/** scanner_open - by what shopd.conf has for it, as above; never waits. 0 or -errno, and then `why`
 * says what stands in the way, in words. */
MUST_CHECK int scanner_open(const char *spec, struct scanner **ret, char why[200]);

/** scanner_spec_valid - whether it is written as one of the three. */
bool scanner_spec_valid(const char *spec);

/** scanner_fd - readable when scanner_read() has something to say. */
int scanner_fd(const struct scanner *s);

/** scanner_read - at most `size` bytes: how many, 0 when there are none now, -errno (-EIO, -ENODEV:
 * gone). With room for SCANNER_READ_SIZE nothing is left that scanner_fd() would not wake for. */
#define SCANNER_READ_SIZE 1024
int scanner_read(struct scanner *s, uint8_t *bytes, uint32_t size);

/** scanner_beep - BEL once for yes, twice for no; dropped when the device has no ear for it. */
void scanner_beep(struct scanner *s, bool yes);

/** scanner_close - NULL is fine. */
void scanner_close(struct scanner *s);

#endif
