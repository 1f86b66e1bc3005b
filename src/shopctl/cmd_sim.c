/*
 * cmd_sim.c: the hands of shoppers, burglars and firemen on the simulated door, and the weather in
 * its room. They move parts in the door's own process, and shopd notices or does not: nothing here
 * tells it what it then reads. shopd is asked one thing first, whether the doors are simulated at
 * all (and of a sensor, what it measures); on real ones this command must not seem to have done
 * anything.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "device/sensor.h"
#include "device/simchip.h"
#include "shopctl/args.h"
#include "shopctl/ask.h"
#include "shopctl/text.h"
#include "wire/nearest.h"

static enum ctl_exit sim_connect(struct ctl *ctl, int *ret_fd)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	char path[CTL_PATH_SIZE];

	if (!ctl_path(path, ctl->run_dir, "sim.sock") || strlen(path) >= sizeof(address.sun_path))
		return ctl_usage(ctl, "the path of --run is too long");
	memcpy(address.sun_path, path, strlen(path));
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return ctl_fail(ctl, CTL_INTERNAL, "no socket: %s", strerror(errno));
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) != 0) {
		int err = errno;

		close(fd);
		return ctl_fail(ctl, CTL_UNREACHABLE,
				"the simulated door is not reachable at %s: %s", path,
				strerror(err));
	}
	*ret_fd = fd;
	return CTL_DONE;
}

/** One packet from the chip within the time-out. */
static enum ctl_exit sim_receive(struct ctl *ctl, int fd, struct simchip_message *ret)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	int n;

	do
		n = poll(&p, 1, ASK_TIMEOUT_MS);
	while (n < 0 && errno == EINTR);
	if (n == 0)
		return ctl_fail(ctl, CTL_UNREACHABLE, "the simulated door did not answer");
	*ret = (struct simchip_message){0};
	ssize_t len = recv(fd, ret, sizeof(*ret), 0);

	if (len <= 0)
		return ctl_fail(ctl, CTL_UNREACHABLE, "the simulated door hung up");
	if (len < (ssize_t)SIMCHIP_HEAD_SIZE || ret->version != SIMCHIP_VERSION ||
	    ret->text[sizeof(ret->text) - 1] != '\0')
		return ctl_fail(ctl, CTL_INTERNAL, "the simulated door speaks another version");
	return CTL_DONE;
}

/** Says it and waits for its answer; edges that others are told of do not come here. */
static enum ctl_exit chip_do(struct ctl *ctl, int fd, struct simchip_message *m)
{
	if (send(fd, m, sizeof(*m), MSG_NOSIGNAL) != (ssize_t)sizeof(*m))
		return ctl_fail(ctl, CTL_UNREACHABLE, "the simulated door hung up");
	for (;;) {
		enum ctl_exit code = sim_receive(ctl, fd, m);

		if (code != CTL_DONE)
			return code;
		if (m->say == SIM_OK)
			return CTL_DONE;
		if (m->say == SIM_REFUSED)
			return ctl_fail(ctl, CTL_REFUSED, "refused: %s", m->text);
	}
}

static enum ctl_exit simulated_check(struct ctl *ctl)
{
	union message m;

	message_init(&m, MESSAGE_STATUS, ASK_REQUEST);
	enum ctl_exit code = shop_call(ctl, &m, MESSAGE_STATUS_IS);

	if (code == CTL_DONE && !m.status_is.simulated)
		return ctl_fail(ctl, CTL_REFUSED,
				"refused: the doors of %s are real, move them by hand",
				m.status_is.shop);
	return code;
}

struct motion {
	const char *name;
	enum sim_hand hand;
	const char *done;
};

static const struct motion motions[] = {
	{"open", HAND_OPEN, "The door is open."},
	{"close", HAND_CLOSE, "The door is closed."},
	{"force", HAND_FORCE, "The door was forced open."},
	{"rex", HAND_REX, "The exit button was pressed."},
	{"exit", HAND_EXIT, "Somebody opened it from inside."},
	{"tamper", HAND_TAMPER, "The case is open."},
	{"untamper", HAND_UNTAMPER, "The case is closed."},
	{"fire", HAND_FIRE, "The fire panel has released the door."},
	{"unfire", HAND_UNFIRE, "The fire panel is quiet."},
	{"unplug", HAND_UNPLUG, "The door's lines are unplugged."},
};

/** The whole of it: one word to the chip, and its answer. */
static enum ctl_exit sim_do(struct ctl *ctl, struct simchip_message *m)
{
	int fd = -1;
	enum ctl_exit code = simulated_check(ctl);

	if (code == CTL_DONE)
		code = sim_connect(ctl, &fd);
	if (code != CTL_DONE)
		return code;
	code = chip_do(ctl, fd, m);
	close(fd);
	return code;
}

static enum ctl_exit motion_do(struct ctl *ctl, const struct motion *motion, const char *door)
{
	struct simchip_message m = {
		.version = SIMCHIP_VERSION, .say = SIM_HAND, .hand = motion->hand};

	if (door)
		memcpy(m.door, door, strlen(door));
	enum ctl_exit code = sim_do(ctl, &m);

	if (code == CTL_DONE)
		ctl_say(ctl, "%s", motion->done);
	return code;
}

/* --- sensors */

/** The search for a sensor of the shop by its name. */
struct sensor_search {
	const char *name;
	bool found;
	uint32_t kind; /* where found */
	uint32_t others;
	char other[SENSORS_MAX][PLACE_MAX_LEN + 1];
};

static void sensor_row(void *data, const union message *row)
{
	struct sensor_search *search = data;

	if (strcmp(row->sensor_is.name, search->name) == 0) {
		search->found = true;
		search->kind = row->sensor_is.kind;
	} else if (search->others < SENSORS_MAX) {
		memcpy(search->other[search->others++], row->sensor_is.name,
		       sizeof(search->other[0]));
	}
}

/** What the shop's sensor of this name measures. Refused, with the nearest name, where there is
 * none. */
static enum ctl_exit sensor_kind_of(struct ctl *ctl, const char *name, uint32_t *ret)
{
	struct span wanted = {(const uint8_t *)name, (uint32_t)strlen(name)};
	struct nearest near = nearest_to(wanted);
	struct sensor_search search = {.name = name};
	enum ctl_exit code =
		shop_rows(ctl, MESSAGE_SENSORS, MESSAGE_SENSOR_IS, sensor_row, &search);

	for (uint32_t i = 0; i < search.others; i++)
		nearest_consider(&near, search.other[i]);
	if (code == CTL_DONE && !search.found)
		return ctl_fail(ctl, CTL_REFUSED,
				"refused: there is no [sensor %s] in shopd.conf%s", name,
				nearest_hint(&near, "'", "'").text);
	*ret = search.kind;
	return code;
}

/** "lost"; "on" and "off" of a switch; a number of all else. */
static bool sense_parse(uint32_t kind, const char *value, struct simchip_message *m)
{
	bool is_switch = kind == SENSOR_WATER || kind == SENSOR_MOTION || kind == SENSOR_POWER ||
			 kind == SENSOR_BATTERY;

	m->level = strcmp(value, "lost") != 0;
	if (m->level == 0)
		return true;
	m->at_us = strcmp(value, "on") == 0;
	if (is_switch)
		return m->at_us == 1 || strcmp(value, "off") == 0;
	return sensor_decimal(value, (uint32_t)strnlen(value, 32), &m->at_us);
}

/** `sim sensor NAME VALUE`, whose value may begin with a minus and is no option for it. */
static enum ctl_exit sensor_do(struct ctl *ctl)
{
	struct simchip_message m = {.version = SIMCHIP_VERSION, .say = SIM_SENSE};
	const char *name, *value;
	uint32_t kind = 0;

	if (ctl->argc != 3)
		return ctl_usage(ctl, "sim sensor: a name, and then a number, on, off or lost");
	name = ctl->argv[1];
	value = ctl->argv[2];
	if (!place_valid(name, (uint32_t)strnlen(name, PLACE_MAX_LEN + 1)))
		return ctl_usage(ctl, "'%s' is no name of a sensor", name);
	memcpy(m.door, name, strlen(name));
	enum ctl_exit code = simulated_check(ctl);

	if (code == CTL_DONE)
		code = sensor_kind_of(ctl, name, &kind);
	if (code != CTL_DONE)
		return code;
	if (!sense_parse(kind, value, &m))
		return ctl_usage(ctl, "'%s' is nothing that a sensor of %s says", value,
				 sensor_kind_word((enum sensor_kind)kind));
	code = sim_do(ctl, &m);
	if (code == CTL_DONE)
		ctl_say(ctl, "The sensor %s says: %s.", name, value);
	return code;
}

enum ctl_exit shopctl_sim(struct ctl *ctl)
{
	const char *word[2];

	if (ctl->argc > 0 && strcmp(ctl->argv[0], "sensor") == 0)
		return sensor_do(ctl);
	enum ctl_exit code = args_read(ctl, NULL, 0, word, 1, 2);

	if (code != CTL_DONE)
		return code;
	if (word[1] && !place_valid(word[1], (uint32_t)strnlen(word[1], PLACE_MAX_LEN + 1)))
		return ctl_usage(ctl, "'%s' is no name of a door", word[1]);
	for (uint32_t i = 0; i < ARRAY_LEN(motions); i++)
		if (strcmp(motions[i].name, word[0]) == 0)
			return motion_do(ctl, &motions[i], word[1]);
	return ctl_usage(ctl, "sim: there is no '%s'", word[0]);
}
