/* test_scanner.c: a serial scanner is a pty here: bytes arrive as they were sent, and a port that
 * is gone says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include "device/scanner.h"

#define PATIENCE_MS 5000

struct world {
	int hardware; /* the pty's other end: what the scanner's firmware writes and hears */
	int port;
};

static int set_up(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	char path[64];

	if (!w)
		return -1;
	w->hardware = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (w->hardware < 0 || grantpt(w->hardware) < 0 || unlockpt(w->hardware) < 0 ||
	    ptsname_r(w->hardware, path, sizeof(path)) != 0)
		return -1;
	w->port = scanner_open(path);
	*state = w;
	return w->port < 0 ? -1 : 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;

	if (w->hardware >= 0)
		close(w->hardware);
	close(w->port);
	free(w);
	return 0;
}

static bool readable(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	return poll(&p, 1, PATIENCE_MS) > 0;
}

/* Reads exactly `len` bytes by pieces of at most `piece`, as they come. */
static void read_all(int port, uint8_t *bytes, uint32_t len, uint32_t piece)
{
	uint32_t have = 0;

	while (have < len) {
		uint32_t left = len - have;
		int n;

		assert_true(readable(port));
		n = scanner_read(port, bytes + have, left < piece ? left : piece);
		assert_in_range(n, 0, piece);
		have += (uint32_t)n;
	}
}

static void every_byte_arrives_as_it_was_sent(void **state)
{
	struct world *w = *state;
	uint8_t sent[256], got[256];

	/* Ctrl-C, Ctrl-S, Ctrl-D, CR, NL, NUL and all the rest mean nothing to a raw port */
	for (int i = 0; i < 256; i++)
		sent[i] = (uint8_t)i;
	assert_int_equal(write(w->hardware, sent, sizeof(sent)), sizeof(sent));
	read_all(w->port, got, sizeof(got), 100);
	assert_memory_equal(got, sent, sizeof(got));
	assert_int_equal(scanner_read(w->port, got, sizeof(got)), 0);
}

static void nothing_is_echoed(void **state)
{
	struct world *w = *state;
	uint8_t got[8], byte;

	assert_int_equal(write(w->hardware, "SK1:\r\n", 6), 6);
	read_all(w->port, got, 6, 6);
	assert_memory_equal(got, "SK1:\r\n", 6);
	assert_true(fcntl(w->hardware, F_SETFL, O_NONBLOCK) == 0);
	assert_int_equal(read(w->hardware, &byte, 1), -1);
	assert_int_equal(errno, EAGAIN);
}

static void a_read_is_bounded(void **state)
{
	struct world *w = *state;
	uint8_t got[4] = {0};

	assert_int_equal(write(w->hardware, "ABCDEF", 6), 6);
	assert_true(readable(w->port));
	assert_in_range(scanner_read(w->port, got, 3), 1, 3);
	assert_int_equal(got[3], 0);
}

static void a_port_that_is_gone_says_so(void **state)
{
	struct world *w = *state;
	uint8_t byte;

	close(w->hardware);
	w->hardware = -1;
	assert_true(scanner_read(w->port, &byte, 1) < 0);
	scanner_beep(w->port, 1); /* and nobody dies of a beep */
}

static void it_beeps_once_for_yes_and_twice_for_no(void **state)
{
	struct world *w = *state;
	char heard[8] = "";

	scanner_beep(w->port, 1);
	assert_true(readable(w->hardware));
	assert_int_equal(read(w->hardware, heard, sizeof(heard)), 1);
	scanner_beep(w->port, 0);
	assert_true(readable(w->hardware));
	assert_int_equal(read(w->hardware, heard, sizeof(heard)), 2);
	assert_memory_equal(heard, "\a\a", 2);
}

/* Nobody reads what we beep: the port fills, and we go on. */
static void a_full_port_drops_the_beep(void **state)
{
	struct world *w = *state;

	for (int i = 0; i < 100000; i++)
		scanner_beep(w->port, 0);
}

static void it_is_open_as_a_daemon_needs_it(void **state)
{
	struct world *w = *state;
	struct termios t;

	assert_true(fcntl(w->port, F_GETFL) & O_NONBLOCK);
	assert_true(fcntl(w->port, F_GETFD) & FD_CLOEXEC);
	assert_int_equal(tcgetattr(w->port, &t), 0);
	assert_false(t.c_lflag & (tcflag_t)(ECHO | ICANON | ISIG));
	assert_false(t.c_iflag & (tcflag_t)(ICRNL | INLCR | IXON | ISTRIP));
	assert_true(t.c_cflag & CLOCAL);
}

static void what_is_no_terminal_is_refused(void **state)
{
	(void)state;
	assert_int_equal(scanner_open("/dev/null"), -ENOTTY);
	assert_int_equal(scanner_open("/dev/no-such-scanner"), -ENOENT);
}

int main(void)
{
#define WITH_PTY(t) cmocka_unit_test_setup_teardown(t, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		WITH_PTY(every_byte_arrives_as_it_was_sent),
		WITH_PTY(nothing_is_echoed),
		WITH_PTY(a_read_is_bounded),
		WITH_PTY(a_port_that_is_gone_says_so),
		WITH_PTY(it_beeps_once_for_yes_and_twice_for_no),
		WITH_PTY(a_full_port_drops_the_beep),
		WITH_PTY(it_is_open_as_a_daemon_needs_it),
		cmocka_unit_test(what_is_no_terminal_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
