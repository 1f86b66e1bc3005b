/*
 * scanner_serial.c: a serial port that brings bytes. Raw, so that the kernel neither echoes, nor
 * cooks CR into NL, nor turns a byte into a signal: a printed code must not be able to send Ctrl-C.
 * Baud rates are left as they stand: USB scanners and ptys have none, and one on a real UART is set
 * up once by its udev rule.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "device/scanner_backend.h"

static int make_raw(int fd)
{
	struct termios t;

	if (tcgetattr(fd, &t) < 0)
		return -errno;
	cfmakeraw(&t);
	/* the scanner's modem lines say nothing that we believe; a hang-up is a read of 0 */
	t.c_cflag |= CLOCAL | CREAD;
	t.c_cflag &= ~(tcflag_t)CRTSCTS;
	t.c_cc[VMIN] = 1;
	t.c_cc[VTIME] = 0;
	if (tcsetattr(fd, TCSANOW, &t) < 0)
		return -errno;
	/* what was typed or scanned while nobody listened is no request any more */
	(void)!tcflush(fd, TCIFLUSH);
	return 0;
}

static int serial_open(const char *where, struct scanner **ret, char why[200])
{
	struct scanner *s = calloc(1, sizeof(*s));
	int r = 0;

	(void)why; /* errno says it all */
	if (!s)
		return -ENOMEM;
	s->backend = &scanner_backend_serial;
	s->fd = open(where, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (s->fd < 0) {
		r = -errno;
	} else {
		r = make_raw(s->fd);
		if (r < 0)
			close(s->fd);
	}
	if (r < 0) {
		free(s);
		return r;
	}
	*ret = s;
	return 0;
}

static int serial_read(struct scanner *s, uint8_t *bytes, uint32_t size)
{
	ssize_t n;

	do
		n = read(s->fd, bytes, size);
	while (n < 0 && errno == EINTR);
	if (n > 0)
		return (int)n;
	/* with VMIN 1 a terminal never reads 0 while it is there: that is the hang-up */
	if (n == 0)
		return -ENODEV;
	return errno == EAGAIN ? 0 : -errno;
}

static void serial_beep(struct scanner *s, bool yes)
{
	static const char bell[2] = {'\a', '\a'};
	ssize_t n;

	do
		n = write(s->fd, bell, yes ? 1 : 2);
	while (n < 0 && errno == EINTR);
	/* a scanner without a beeper, or a full port: nobody waits for a beep */
}

const struct scanner_backend scanner_backend_serial = {
	.open = serial_open,
	.read = serial_read,
	.beep = serial_beep,
};
