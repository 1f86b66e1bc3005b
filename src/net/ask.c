/*
 * ask.c: a command line's side of a local socket: it has nothing else to do, so it waits; but never
 * longer than it was told to, whatever the other side does.
 */
#include "net/socket.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "net/packet.h"

enum {
	ANSWER_MS = 5000 /* to the hello, and for room in a socket that shopd is slow to empty */
};

/* The descriptor does not know its role any more; a command line's messages are those of any. */
static bool sound(const union message *m, uint32_t len)
{
	return message_check(m, len, ROLE_CONTROL, WAY_FROM_SHOPD) == NULL ||
	       message_check(m, len, ROLE_COUNTER, WAY_FROM_SHOPD) == NULL ||
	       message_check(m, len, ROLE_COURIER, WAY_FROM_SHOPD) == NULL;
}

static int wait_readable(int fd, struct mono deadline)
{
	for (;;) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		int64_t left = deadline.ms - loop_mono().ms;
		int r = poll(&p, 1, left <= 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left);

		if (r > 0)
			return 0;
		if (r < 0 && errno != EINTR)
			return -errno;
		if (left <= 0)
			return -ETIMEDOUT;
	}
}

/* The next packet, sound or not: 0 with its length, or -errno. */
static int receive(int fd, union message *ret, uint32_t *ret_len, int timeout_ms)
{
	struct mono deadline = mono_add(loop_mono(), timeout_ms);

	for (;;) {
		int passed, r = wait_readable(fd, deadline);

		if (r < 0)
			return r;
		switch (packet_receive(fd, ret, ret_len, &passed)) {
		case PACKET_NONE:
			continue;
		case PACKET_GONE:
			return -ECONNRESET;
		case PACKET_BAD:
			return -EPROTO;
		case PACKET_MESSAGE:
			break;
		}
		if (passed < 0)
			return 0;
		close(passed);
		return -EPROTO;
	}
}

static int connect_to(const char *path)
{
	struct timeval patience = {.tv_sec = ANSWER_MS / 1000};
	struct sockaddr_un address;
	int fd, r = packet_address(path, &address);

	if (r < 0)
		return r;
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	/* bounds connect() while shopd's backlog is full, too */
	if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) < 0 ||
	    connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0) {
		r = errno == EAGAIN ? -ETIMEDOUT : -errno;
		close(fd);
		return r;
	}
	return fd;
}

/* Hello to hello: 0, -EPROTO with why, or what went wrong on the way. */
static int greet(int fd, enum message_role role, char why[128])
{
	union message m;
	uint32_t len;
	int r;

	packet_hello(&m, role, "shopctl");
	r = packet_send(fd, &m, -1);
	if (r < 0)
		return r;
	r = receive(fd, &m, &len, ANSWER_MS);
	if (r < 0)
		return r;
	if (len >= sizeof(m.head) && m.head.version != MESSAGE_VERSION) {
		snprintf(why, 128, "shopd speaks version %u, this program speaks version %u",
			 m.head.version, MESSAGE_VERSION);
		return -EPROTO;
	}
	if (!sound(&m, len)) {
		snprintf(why, 128, "what answers there is no shopd");
		return -EPROTO;
	}
	if (m.head.type == MESSAGE_HELLO)
		return 0;
	snprintf(why, 128, "%s",
		 m.head.type == MESSAGE_BYE ? m.bye.why : "shopd did not return the greeting");
	return -EPROTO;
}

int ask_open(const char *path, enum message_role role, char why[128])
{
	int r, fd;

	why[0] = '\0';
	fd = connect_to(path);
	if (fd < 0)
		return fd;
	r = greet(fd, role, why);
	if (r < 0) {
		close(fd);
		return r;
	}
	return fd;
}

int ask_send(int fd, const union message *m, int pass_fd)
{
	int r = packet_send(fd, m, pass_fd);

	return r == -EAGAIN ? -ETIMEDOUT : r;
}

int ask_receive(int fd, union message *ret, int timeout_ms)
{
	union message m;
	uint32_t len;
	int r = receive(fd, &m, &len, timeout_ms);

	if (r < 0)
		return r;
	if (!sound(&m, len))
		return -EPROTO;
	*ret = m;
	return m.head.type == MESSAGE_BYE ? -ECONNRESET : 0;
}
