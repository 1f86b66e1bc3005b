/*
 * link.c: a peer's side of a local socket, for a daemon: it keeps looking for shopd, greets it, and
 * tells its program when shopd is there and when it is not.
 *
 * It tries again after 100 ms, then twice as long each time up to 2 s, and starts over with 100 ms
 * only once a connection has held for as long as that: a shopd that refuses us by name is not asked
 * ten times a second. While the link is up nothing ticks.
 *
 * What shopd says is checked as strictly as what it hears; one bad packet ends the connection.
 */
#include "net/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/packet.h"

enum {
	RETRY_FIRST_MS = 100,
	RETRY_MAX_MS = 2000,
	RETRY_SLACK_MS = 20,
	GREETING_MS = 2000,
	RECEIVE_BURST = 64,
	SEND_BUFFER = REPLIES_MAX * MESSAGE_MAX,
};

enum state {
	DOWN,	  /* the timer says when to try again */
	GREETING, /* connected, our hello is said; the timer says for how long we wait */
	UP
};

struct link {
	struct loop *loop;
	struct sockaddr_un address;
	enum message_role role;
	char program[NAME_MAX_LEN + 1];
	enum state state;
	int fd;
	struct watch *watch;
	struct timer *timer;
	int64_t retry_ms;
	struct mono up_since;
	link_message_fn *on_message;
	link_state_fn *on_state;
	void *data;
};

static void hang_up(struct link *l)
{
	watch_free(l->watch);
	l->watch = NULL;
	if (l->fd >= 0)
		close(l->fd);
	l->fd = -1;
}

static void lose(struct link *l)
{
	bool was_up = l->state == UP;
	struct mono now = loop_mono();

	hang_up(l);
	if (was_up && mono_due(now, mono_add(l->up_since, RETRY_MAX_MS)))
		l->retry_ms = RETRY_FIRST_MS;
	l->state = DOWN;
	timer_arm(l->timer, mono_add(now, l->retry_ms));
	l->retry_ms = l->retry_ms * 2 > RETRY_MAX_MS ? RETRY_MAX_MS : l->retry_ms * 2;
	if (was_up)
		l->on_state(l->data, false);
}

/* One message; false when the connection is not worth keeping. */
static bool hear(struct link *l, const union message *m, uint32_t len)
{
	if (message_check(m, len, l->role, WAY_FROM_SHOPD) != NULL)
		return false;
	if (m->head.type == MESSAGE_BYE)
		return false;
	if (l->state == UP) {
		if (m->head.type == MESSAGE_HELLO)
			return false;
		l->on_message(l->data, m);
		return true;
	}
	if (m->head.type != MESSAGE_HELLO)
		return false;
	l->state = UP;
	l->up_since = loop_mono();
	timer_arm(l->timer, MONO_NEVER);
	l->on_state(l->data, true);
	return true;
}

static void on_readable(void *data, int fd, uint32_t events)
{
	struct link *l = data;

	(void)events;
	for (int i = 0; i < RECEIVE_BURST; i++) {
		union message m;
		uint32_t len;
		int passed;
		enum packet packet = packet_receive(fd, &m, &len, &passed);

		if (packet == PACKET_NONE)
			return;
		if (packet == PACKET_MESSAGE && passed >= 0) {
			close(passed);
			packet = PACKET_BAD;
		}
		if (packet != PACKET_MESSAGE || !hear(l, &m, len)) {
			lose(l);
			return;
		}
	}
}

static int dial(struct link *l)
{
	int room = SEND_BUFFER;
	union message hello;
	int r;

	l->fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (l->fd < 0)
		return -errno;
	(void)!setsockopt(l->fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	if (connect(l->fd, (const struct sockaddr *)&l->address, sizeof(l->address)) < 0)
		return -errno;
	packet_hello(&hello, l->role, l->program);
	r = packet_send(l->fd, &hello, -1);
	if (r < 0)
		return r;
	return watch_add(l->loop, l->fd, EPOLLIN, WATCH_NORMAL, on_readable, l, &l->watch);
}

static void on_timer(void *data)
{
	struct link *l = data;

	if (l->state == GREETING || dial(l) < 0) {
		lose(l);
		return;
	}
	l->state = GREETING;
	timer_arm(l->timer, mono_add(loop_mono(), GREETING_MS));
}

int link_open(struct loop *loop, const char *path, enum message_role role, const char *program,
	      link_message_fn *on_message, link_state_fn *on_state, void *data, struct link **ret)
{
	struct link *l = calloc(1, sizeof(*l));
	int r;

	if (!l)
		return -ENOMEM;
	l->loop = loop;
	l->role = role;
	l->fd = -1;
	l->state = DOWN;
	l->retry_ms = RETRY_FIRST_MS;
	l->on_message = on_message;
	l->on_state = on_state;
	l->data = data;
	snprintf(l->program, sizeof(l->program), "%s", program);
	r = packet_address(path, &l->address);
	if (r == 0)
		r = timer_add(loop, WATCH_NORMAL, RETRY_SLACK_MS, on_timer, l, &l->timer);
	if (r < 0) {
		free(l);
		return r;
	}
	/* the first try is the loop's first turn: on_state is never called from in here */
	timer_arm(l->timer, (struct mono){0});
	*ret = l;
	return 0;
}

bool link_up(const struct link *l)
{
	return l->state == UP;
}

bool link_send(struct link *l, const union message *m)
{
	/* when shopd has hung up, on_readable finds out in the loop's next turn */
	return l->state == UP && packet_send(l->fd, m, -1) == 0;
}

bool link_send_fd(struct link *l, const union message *m, int fd)
{
	CHECK(fd >= 0);
	return l->state == UP && packet_send(l->fd, m, fd) == 0;
}

int link_sealed(const void *bytes, uint32_t len)
{
	int fd = memfd_create("said", MFD_CLOEXEC | MFD_ALLOW_SEALING), r = 0;
	uint32_t at = 0;

	if (fd < 0)
		return -errno;
	while (at < len && r == 0) {
		ssize_t n = write(fd, (const char *)bytes + at, len - at);

		if (n > 0)
			at += (uint32_t)n;
		else if (n == 0 || errno != EINTR)
			r = n == 0 ? -EIO : -errno;
	}
	if (r == 0 &&
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) < 0)
		r = -errno;
	if (r == 0)
		return fd;
	close(fd);
	return r;
}

void link_close(struct link *l)
{
	if (!l)
		return;
	hang_up(l);
	timer_free(l->timer);
	free(l);
}
