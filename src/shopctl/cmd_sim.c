/*
 * cmd_sim.c: the hands of shoppers, burglars and firemen on the simulated door. They move parts in
 * the door's own process, and shopd notices or does not: nothing here tells it what it then reads.
 * shopd is asked one thing first, whether the doors are simulated at all; on real ones this command
 * must not seem to have done anything.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "device/simchip.h"
#include "shopctl/args.h"
#include "shopctl/ask.h"
#include "shopctl/text.h"

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

/** Moves one hand and waits for its answer; edges that others are told of do not come here. */
static enum ctl_exit hand_move(struct ctl *ctl, int fd, enum sim_hand hand, const char *door)
{
	struct simchip_message m = {.version = SIMCHIP_VERSION, .say = SIM_HAND, .hand = hand};

	if (door)
		memcpy(m.door, door, strlen(door));
	if (send(fd, &m, sizeof(m), MSG_NOSIGNAL) != (ssize_t)sizeof(m))
		return ctl_fail(ctl, CTL_UNREACHABLE, "the simulated door hung up");
	for (;;) {
		enum ctl_exit code = sim_receive(ctl, fd, &m);

		if (code != CTL_DONE)
			return code;
		if (m.say == SIM_OK)
			return CTL_DONE;
		if (m.say == SIM_REFUSED)
			return ctl_fail(ctl, CTL_REFUSED, "refused: %s", m.text);
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

static enum ctl_exit motion_do(struct ctl *ctl, const struct motion *motion, const char *door)
{
	int fd = -1;
	enum ctl_exit code = simulated_check(ctl);

	if (code == CTL_DONE)
		code = sim_connect(ctl, &fd);
	if (code != CTL_DONE)
		return code;
	code = hand_move(ctl, fd, motion->hand, door);
	close(fd);
	if (code == CTL_DONE)
		ctl_say(ctl, "%s", motion->done);
	return code;
}

enum ctl_exit shopctl_sim(struct ctl *ctl)
{
	const char *word[2];
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
