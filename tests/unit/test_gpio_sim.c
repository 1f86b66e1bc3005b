/*
 * test_gpio_sim.c: gpio.h in front of the simulated door, which is the real process of
 * tests/standin/simdoor.c, moved by hands and watched by an eye of its own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <libgen.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "device/gpio.h"
#include "device/simchip.h"
#include "loop/loop.h"

#define PATIENCE_MS 5000

enum {
	CONTACT,
	REX,
	STRIKE,
	BUZZER,
	LINES
};

static const struct gpio_line lines[LINES] = {
	{.name = "front-contact", .pull_up = true},
	{.name = "front-rex", .active_low = true},
	{.name = "front-strike", .output = true},
	{.name = "front-buzzer", .output = true},
};

struct world {
	char dir[64], path[96], spec[112];
	pid_t chip;
	int eye;
	struct gpio *gpio;
	char why[200];
};

static int dial(const struct world *w)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct timeval patience = {.tv_sec = PATIENCE_MS / 1000};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	memcpy(address.sun_path, w->path, strlen(w->path));
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		close(fd);
		return -1;
	}
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)), 0);
	return fd;
}

static struct simchip_message hear(int fd)
{
	struct simchip_message m = {.version = 0};

	assert_true(recv(fd, &m, sizeof(m), 0) >= (ssize_t)SIMCHIP_HEAD_SIZE);
	assert_int_equal(m.version, SIMCHIP_VERSION);
	return m;
}

static void say(int fd, enum simchip_say word)
{
	struct simchip_message m = {.version = SIMCHIP_VERSION, .say = (uint16_t)word};

	assert_true(send(fd, &m, sizeof(m), MSG_NOSIGNAL) > 0);
}

/* The build puts the chip one folder above its units. */
static void chip_path(char path[512])
{
	char self[400] = "";

	assert_true(readlink("/proc/self/exe", self, sizeof(self) - 1) > 0);
	snprintf(path, 512, "%s/../simdoor", dirname(self));
	if (access(path, X_OK) < 0)
		fail_msg("%s is not built", path);
}

static void start_chip(struct world *w)
{
	struct mono end = mono_add(loop_mono(), PATIENCE_MS);
	char path[512];

	chip_path(path);
	w->chip = fork();
	assert_true(w->chip >= 0);
	if (w->chip == 0) {
		prctl(PR_SET_PDEATHSIG, SIGTERM); /* a test that dies leaves no process behind */
		execl(path, "simdoor", w->path, "front", (char *)NULL);
		_exit(127);
	}
	while ((w->eye = dial(w)) < 0) {
		assert_true(loop_mono().ms < end.ms);
		poll(NULL, 0, 5);
	}
	say(w->eye, SIM_WATCH);
}

static void stop_chip(struct world *w, int signal)
{
	int status;

	assert_int_equal(kill(w->chip, signal), 0);
	assert_int_equal(waitpid(w->chip, &status, 0), w->chip);
	if (signal == SIGTERM)
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	close(w->eye);
}

static int set_up(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	if (!w)
		return -1;
	snprintf(w->dir, sizeof(w->dir), P_tmpdir "/shop-gpio-XXXXXX");
	if (!mkdtemp(w->dir))
		return -1;
	snprintf(w->path, sizeof(w->path), "%s/chip.sock", w->dir);
	snprintf(w->spec, sizeof(w->spec), "sim:%s", w->path);
	start_chip(w);
	*state = w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;

	gpio_close(w->gpio);
	stop_chip(w, SIGTERM);
	unlink(w->path);
	rmdir(w->dir);
	free(w);
	return 0;
}

static void open_gpio(struct world *w)
{
	assert_int_equal(gpio_open(w->spec, lines, LINES, &w->gpio, w->why), 0);
}

/* The answer to a hand: SIM_OK or SIM_REFUSED. */
static enum simchip_say hand(const struct world *w, enum sim_hand h)
{
	struct simchip_message m = {.version = SIMCHIP_VERSION, .say = SIM_HAND, .hand = h};
	int fd = dial(w);

	assert_true(fd >= 0);
	assert_true(send(fd, &m, SIMCHIP_HEAD_SIZE, MSG_NOSIGNAL) > 0);
	m = hear(fd);
	close(fd);
	return m.say;
}

static int wait_edge(struct gpio *g, struct gpio_edge *ret)
{
	struct mono end = mono_add(loop_mono(), PATIENCE_MS);
	int r;

	while ((r = gpio_edge(g, ret)) == 0 && loop_mono().ms < end.ms) {
		struct pollfd p = {.fd = gpio_fd(g), .events = POLLIN};

		poll(&p, 1, 100);
	}
	return r;
}

static void expect_edge(struct gpio *g, uint32_t line, bool level)
{
	int64_t now = loop_mono().ms;
	struct gpio_edge edge;

	assert_int_equal(wait_edge(g, &edge), 1);
	assert_int_equal(edge.line, line);
	assert_int_equal(edge.level, level);
	assert_in_range(edge.at_ms, now - PATIENCE_MS, loop_mono().ms);
	assert_int_equal(gpio_get(g, line), level);
}

static void expect_seen(const struct world *w, const char *name, bool level)
{
	struct simchip_message m = hear(w->eye);

	assert_int_equal(m.say, SIM_SEEN);
	assert_string_equal(m.text, name);
	assert_int_equal(m.level, level);
	assert_true(m.at_us > 0 && m.at_us / 1000 <= loop_mono().ms);
}

static void the_strike_lets_a_hand_open(void **state)
{
	struct world *w = *state;
	struct gpio_edge edge;

	open_gpio(w);
	assert_int_equal(gpio_get(w->gpio, CONTACT), 0);
	assert_int_equal(gpio_edge(w->gpio, &edge), 0);
	assert_int_equal(hand(w, HAND_OPEN), SIM_REFUSED);
	assert_int_equal(gpio_set(w->gpio, STRIKE, true), 0);
	expect_seen(w, "front-strike", true);
	assert_int_equal(gpio_get(w->gpio, STRIKE), 1);
	assert_int_equal(hand(w, HAND_OPEN), SIM_OK);
	expect_seen(w, "front-contact", true);
	expect_edge(w->gpio, CONTACT, true);
	assert_int_equal(gpio_set(w->gpio, STRIKE, false), 0);
	expect_seen(w, "front-strike", false);
	assert_int_equal(hand(w, HAND_OPEN), SIM_OK); /* it stands open */
	assert_int_equal(hand(w, HAND_CLOSE), SIM_OK);
	expect_edge(w->gpio, CONTACT, false);
	assert_int_equal(hand(w, HAND_OPEN), SIM_REFUSED);
	assert_int_equal(gpio_edge(w->gpio, &edge), 0);
}

static void force_and_handle_need_no_strike(void **state)
{
	struct world *w = *state;

	open_gpio(w);
	assert_int_equal(hand(w, HAND_FORCE), SIM_OK);
	expect_edge(w->gpio, CONTACT, true);
	assert_int_equal(hand(w, HAND_CLOSE), SIM_OK);
	expect_edge(w->gpio, CONTACT, false);
	assert_int_equal(hand(w, HAND_EXIT), SIM_OK);
	expect_edge(w->gpio, REX, true);
	expect_edge(w->gpio, CONTACT, true);
	expect_edge(w->gpio, REX, false); /* the button springs back */
	assert_int_equal(hand(w, HAND_CLOSE), SIM_OK);
	expect_edge(w->gpio, CONTACT, false);
	/* who pressed the button stands inside and opens by the handle */
	assert_int_equal(hand(w, HAND_REX), SIM_OK);
	assert_int_equal(hand(w, HAND_OPEN), SIM_OK);
	assert_int_equal(hand(w, HAND_CLOSE), SIM_OK);
	assert_int_equal(hand(w, HAND_FIRE), SIM_OK);
	assert_int_equal(hand(w, HAND_OPEN), SIM_OK);
}

/* A user that is killed, with the strike on: what the kernel closes is all that it says. */
static pid_t start_user(struct world *w)
{
	pid_t user = fork();

	assert_true(user >= 0);
	if (user != 0)
		return user;
	if (gpio_open(w->spec, lines, LINES, &w->gpio, w->why) < 0 ||
	    gpio_set(w->gpio, STRIKE, true) < 0 || gpio_set(w->gpio, BUZZER, true) < 0)
		_exit(1);
	for (;;)
		pause();
}

static void outputs_fall_when_the_user_is_gone(void **state)
{
	struct world *w = *state;
	struct simchip_message m;
	pid_t user = start_user(w);

	expect_seen(w, "front-strike", true);
	expect_seen(w, "front-buzzer", true);
	say(w->eye, SIM_ASK);
	m = hear(w->eye);
	assert_int_equal(m.say, SIM_LEVELS);
	assert_int_equal(m.level, 1U << 4 | 1U << 5);
	assert_int_equal(m.lines, 8);
	assert_string_equal(m.line_name[4].name, "front-strike");
	assert_true(m.line_name[4].output && !m.line_name[0].output);
	assert_int_equal(kill(user, SIGKILL), 0);
	assert_int_equal(waitpid(user, NULL, 0), user);
	expect_seen(w, "front-strike", false);
	expect_seen(w, "front-buzzer", false);
}

static void levels_are_read_at_the_start(void **state)
{
	struct world *w = *state;
	struct gpio_edge edge;

	assert_int_equal(hand(w, HAND_FORCE), SIM_OK);
	open_gpio(w);
	assert_int_equal(gpio_get(w->gpio, CONTACT), 1);
	assert_int_equal(gpio_edge(w->gpio, &edge), 0);
}

static void an_unplugged_chip_is_gone_and_comes_back(void **state)
{
	struct world *w = *state;
	struct mono end = mono_add(loop_mono(), PATIENCE_MS);
	struct gpio_edge edge;

	open_gpio(w);
	assert_int_equal(gpio_set(w->gpio, STRIKE, true), 0);
	assert_int_equal(hand(w, HAND_UNPLUG), SIM_OK);
	assert_int_equal(wait_edge(w->gpio, &edge), -ENODEV);
	assert_int_equal(gpio_set(w->gpio, STRIKE, false), -ENODEV);
	gpio_close(w->gpio);
	w->gpio = NULL;
	assert_int_equal(gpio_open(w->spec, lines, LINES, &w->gpio, w->why), -EBUSY);
	assert_non_null(strstr(w->why, "unplugged"));
	while (gpio_open(w->spec, lines, LINES, &w->gpio, w->why) < 0) {
		assert_true(loop_mono().ms < end.ms);
		poll(NULL, 0, 20);
	}
	assert_int_equal(gpio_get(w->gpio, STRIKE), 0);
}

static void a_dead_chip_is_gone(void **state)
{
	struct world *w = *state;
	struct gpio_edge edge;

	open_gpio(w);
	stop_chip(w, SIGKILL);
	assert_int_equal(wait_edge(w->gpio, &edge), -ENODEV);
	gpio_close(w->gpio);
	w->gpio = NULL;
	assert_int_equal(gpio_open(w->spec, lines, LINES, &w->gpio, w->why), -ECONNREFUSED);
	assert_non_null(strstr(w->why, w->path));
	start_chip(w);
}

static void lines_are_named_or_refused(void **state)
{
	struct world *w = *state;
	struct gpio_line wrong[LINES];
	struct gpio *second = NULL;

	memcpy(wrong, lines, sizeof(wrong));
	snprintf(wrong[0].name, sizeof(wrong[0].name), "back-contact");
	assert_int_equal(gpio_open(w->spec, wrong, LINES, &second, w->why), -EBUSY);
	assert_non_null(strstr(w->why, "back-contact"));
	memcpy(wrong, lines, sizeof(wrong));
	wrong[CONTACT].output = true;
	assert_int_equal(gpio_open(w->spec, wrong, LINES, &second, w->why), -EBUSY);
	memcpy(wrong, lines, sizeof(wrong));
	wrong[1] = wrong[0];
	assert_int_equal(gpio_open(w->spec, wrong, LINES, &second, w->why), -EINVAL);
	assert_int_equal(gpio_open(w->spec, lines, 0, &second, w->why), -EINVAL);
	assert_int_equal(gpio_open("usb:1", lines, LINES, &second, w->why), -EINVAL);
	assert_true(gpio_open("chip:none-of-that-name", lines, LINES, &second, w->why) < 0);
	assert_true(w->why[0] != '\0');
	open_gpio(w);
	assert_int_equal(gpio_open(w->spec, lines, LINES, &second, w->why), -EBUSY);
	assert_non_null(strstr(w->why, "another user"));
}

static void what_is_no_message_is_dropped(void **state)
{
	struct world *w = *state;
	struct simchip_message m = {.version = SIMCHIP_VERSION, .say = SIM_SET, .level = 1};
	char byte;
	int fd = dial(w);

	open_gpio(w);
	/* only the user sets, only outputs, only 0 and 1 */
	assert_true(send(fd, &m, sizeof(m), MSG_NOSIGNAL) > 0);
	assert_int_equal(recv(fd, &byte, 1, 0), 0);
	close(fd);
	fd = dial(w);
	assert_int_equal(send(fd, "hello", 5, MSG_NOSIGNAL), 5);
	assert_true(recv(fd, &byte, 1, 0) <= 0);
	close(fd);
	assert_int_equal(hand(w, (enum sim_hand)77), SIM_REFUSED);
	assert_int_equal(hand(w, HAND_TAMPER), SIM_OK);
	expect_seen(w, "front-tamper", true);
}

int main(void)
{
#define WITH_CHIP(t) cmocka_unit_test_setup_teardown(t, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		WITH_CHIP(the_strike_lets_a_hand_open),
		WITH_CHIP(force_and_handle_need_no_strike),
		WITH_CHIP(outputs_fall_when_the_user_is_gone),
		WITH_CHIP(levels_are_read_at_the_start),
		WITH_CHIP(an_unplugged_chip_is_gone_and_comes_back),
		WITH_CHIP(a_dead_chip_is_gone),
		WITH_CHIP(lines_are_named_or_refused),
		WITH_CHIP(what_is_no_message_is_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
