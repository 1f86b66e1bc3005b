/* test_scanner.c: a serial scanner is a pty here, and a camera's program a socket: bytes arrive as
 * they were sent, and a port that is gone says so. */
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
#include <sys/socket.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>

#include "device/scanner.h"

#define PATIENCE_MS 5000

struct world {
	int hardware; /* the pty's other end: what the scanner's firmware writes and hears */
	struct scanner *port;
};

static int set_up(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	char path[64], why[200];

	if (!w)
		return -1;
	w->hardware = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (w->hardware < 0 || grantpt(w->hardware) < 0 || unlockpt(w->hardware) < 0 ||
	    ptsname_r(w->hardware, path, sizeof(path)) != 0)
		return -1;
	*state = w;
	return scanner_open(path, &w->port, why) < 0 ? -1 : 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;

	if (w->hardware >= 0)
		close(w->hardware);
	scanner_close(w->port);
	free(w);
	return 0;
}

static bool readable(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	return poll(&p, 1, PATIENCE_MS) > 0;
}

/* Reads exactly `len` bytes by pieces of at most `piece`, as they come. */
static void read_all(struct scanner *port, uint8_t *bytes, uint32_t len, uint32_t piece)
{
	uint32_t have = 0;

	while (have < len) {
		uint32_t left = len - have;
		int n;

		assert_true(readable(scanner_fd(port)));
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
	assert_true(readable(scanner_fd(w->port)));
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

	assert_true(fcntl(scanner_fd(w->port), F_GETFL) & O_NONBLOCK);
	assert_true(fcntl(scanner_fd(w->port), F_GETFD) & FD_CLOEXEC);
	assert_int_equal(tcgetattr(scanner_fd(w->port), &t), 0);
	assert_false(t.c_lflag & (tcflag_t)(ECHO | ICANON | ISIG));
	assert_false(t.c_iflag & (tcflag_t)(ICRNL | INLCR | IXON | ISTRIP));
	assert_true(t.c_cflag & CLOCAL);
}

static void refused(const char *spec, int error, const char *words)
{
	struct scanner *s = NULL;
	char why[200];

	assert_int_equal(scanner_open(spec, &s, why), error);
	assert_non_null(strstr(why, words));
	assert_null(s);
}

static void what_is_no_scanner_is_refused_in_words(void **state)
{
	(void)state;
	refused("/dev/null", -ENOTTY, "ioctl");
	refused("/dev/no-such-scanner", -ENOENT, "No such file");
	refused("input:/dev/null", -ENODEV, "no input device");
	refused("input:/dev/input/no-such", -ENOENT, "No such file");
	refused("eye:/nowhere/front.sock", -ENOENT, "eyed does not run");
	refused("eye:front.sock", -EINVAL, "Invalid");
	refused("camera:/dev/video0", -EINVAL, "Invalid");
	assert_true(scanner_spec_valid("/dev/ttyACM0"));
	assert_true(scanner_spec_valid("input:/dev/input/event3"));
	assert_true(scanner_spec_valid("eye:/run/x.sock"));
	assert_false(scanner_spec_valid("input:event3"));
	assert_false(scanner_spec_valid("ttyACM0"));
	assert_false(scanner_spec_valid(""));
}

/* --- the camera's socket */

static int eye_listens(char folder[64], char spec[100])
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(folder, 64, "/tmp/test-eye-XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(address.sun_path, sizeof(address.sun_path), "%.50s/front.sock", folder);
	snprintf(spec, 100, "eye:%.90s", address.sun_path);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(fd, 1), 0);
	return fd;
}

static void an_eye_says_codes_and_goes(void **state)
{
	char folder[64], spec[100], why[200];
	int listening = eye_listens(folder, spec), eyed;
	struct scanner *s = NULL;
	uint8_t got[16];

	(void)state;
	assert_int_equal(scanner_open(spec, &s, why), 0);
	eyed = accept(listening, NULL, NULL);
	assert_true(eyed >= 0);
	assert_int_equal(scanner_read(s, got, sizeof(got)), 0);
	assert_int_equal(write(eyed, "7310865004703\r", 14), 14);
	assert_true(readable(scanner_fd(s)));
	read_all(s, got, 14, 5);
	assert_memory_equal(got, "7310865004703\r", 14);
	scanner_beep(s, true); /* it has no ear, and hears nothing */
	assert_int_equal(recv(eyed, got, sizeof(got), MSG_DONTWAIT), -1);
	close(eyed);
	assert_true(readable(scanner_fd(s)));
	assert_int_equal(scanner_read(s, got, sizeof(got)), -ENODEV);
	scanner_close(s);
	close(listening);
	/* a socket that nobody listens on any more is as good as none */
	refused(spec, -ECONNREFUSED, "eyed does not run");
	unlink(spec + 4);
	rmdir(folder);
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
		cmocka_unit_test(what_is_no_scanner_is_refused_in_words),
		cmocka_unit_test(an_eye_says_codes_and_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
