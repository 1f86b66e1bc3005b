/*
 * listener.c: shopd's side of a local socket: who may speak, and how long we listen to them.
 *
 * A peer is nobody until its HELLO names our version and this socket's role; it has GREETING_MS for
 * that. Then it may say its role's messages, one packet each, checked before anybody sees them. One
 * that says anything else, or does not read what it is told, gets a BYE with the reason (if there
 * is still room for it) and is dropped: it can connect again, under a new number.
 *
 * A peer never goes away under the feet of whoever is speaking to it: listener_send() marks it, and
 * the loop closes it and tells on_peer a moment later. Until then it keeps its place in
 * listener_peer_at(), so that a walk over all peers may send as it goes.
 */
#include "net/socket.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/packet.h"
#include "net/unix_listen.h"

enum {
	GREETING_MS = 2000,
	ACCEPT_AGAIN_MS = 1000, /* after the process ran out of descriptors */
	RECEIVE_BURST = 64,	/* packets of one peer before the door gets its turn */
	ACCEPT_BURST = 16,
	BACKLOG = 64, /* connections that wait while we are busy: a burst of command lines */
	/* what the kernel keeps for a peer before we call it one that does not read: room for every
	 * answer that may wait for the disk, as far as net.core.wmem_max allows */
	SEND_BUFFER = REPLIES_MAX * MESSAGE_MAX,
};

struct peer {
	struct listener *listener;
	uint32_t number; /* 0: the place is free */
	int fd;
	struct watch *watch;
	struct mono greet_by; /* MONO_NEVER: greeted */
	bool leaving;	      /* closed and told by the loop's next turn */
};

struct listener {
	struct loop *loop;
	int fd;
	struct watch *watch;
	struct timer *timer;
	struct sockaddr_un address;
	enum message_role role;
	uint32_t next_number;
	struct mono accept_at; /* MONO_NEVER: accepting now */
	listener_message_fn *on_message;
	listener_peer_fn *on_peer;
	void *data;
	struct peer peer[PEERS_MAX];
};

static bool greeted(const struct peer *p)
{
	return p->number != 0 && p->greet_by.ms == MONO_NEVER.ms;
}

static void arm_timer(struct listener *l)
{
	struct mono at = l->accept_at;

	for (uint32_t i = 0; i < PEERS_MAX; i++) {
		const struct peer *p = &l->peer[i];

		if (p->number != 0 && p->leaving)
			at = (struct mono){0};
		else if (p->number != 0)
			at = mono_min(at, p->greet_by);
	}
	timer_arm(l->timer, at);
}

/* From here on nothing more is heard from or said to the peer; on_peer follows. */
static void leave(struct peer *p, const char *why)
{
	union message bye;

	if (p->leaving)
		return;
	p->leaving = true;
	if (why) {
		packet_bye(&bye, why);
		/* one that does not read will not read this either */
		(void)!packet_send(p->fd, &bye, -1);
	}
	watch_free(p->watch);
	p->watch = NULL;
	close(p->fd);
	p->fd = -1;
	arm_timer(p->listener);
}

static void tell_leaving(struct listener *l)
{
	for (uint32_t i = 0; i < PEERS_MAX; i++) {
		struct peer gone = l->peer[i];

		if (gone.number == 0 || !gone.leaving)
			continue;
		l->peer[i].number = 0;
		if (greeted(&gone))
			l->on_peer(l->data, gone.number, false);
	}
}

/* Versions may differ in everything but the head's first field, so that is looked at first. */
static bool same_version(const union message *m, uint32_t len, char why[128])
{
	if (len < sizeof(m->head)) {
		snprintf(why, 128, "shorter than a head");
		return false;
	}
	if (m->head.version == MESSAGE_VERSION)
		return true;
	snprintf(why, 128, "you speak version %u, shopd speaks version %u", m->head.version,
		 MESSAGE_VERSION);
	return false;
}

/* Whether the descriptor that came, or did not, fits the message. */
static const char *descriptor_check(const union message *m, int fd)
{
	if (m->head.type == MESSAGE_IMPORT)
		return fd >= 0 ? NULL : "import: without its descriptor";
	if (m->head.type == MESSAGE_SAID)
		return fd >= 0 ? NULL : "said: without its descriptor";
	if (m->head.type == MESSAGE_ENROL)
		return NULL; /* with a backup, or without */
	return fd < 0 ? NULL : "a descriptor with a message that has none";
}

static void greet(struct peer *p, const union message *m)
{
	struct listener *l = p->listener;
	union message hello;

	if (m->head.type != MESSAGE_HELLO) {
		leave(p, "say hello first");
		return;
	}
	packet_hello(&hello, l->role, "shopd");
	if (packet_send(p->fd, &hello, -1) < 0) {
		leave(p, NULL);
		return;
	}
	p->greet_by = MONO_NEVER;
	arm_timer(l);
	l->on_peer(l->data, p->number, true);
}

/* One packet; the peer may be leaving after it. `fd` is passed on or closed. */
static void hear(struct peer *p, const union message *m, uint32_t len, int fd)
{
	struct listener *l = p->listener;
	const char *wrong;
	char why[128];

	if (!same_version(m, len, why)) {
		wrong = why;
	} else {
		wrong = message_check(m, len, l->role, WAY_TO_SHOPD);
		if (!wrong)
			wrong = descriptor_check(m, fd);
	}
	if (!wrong && greeted(p) && m->head.type != MESSAGE_HELLO && m->head.type != MESSAGE_BYE) {
		l->on_message(l->data, p->number, m, fd);
		return;
	}
	if (fd >= 0)
		close(fd);
	if (wrong)
		leave(p, wrong);
	else if (!greeted(p))
		greet(p, m);
	else
		leave(p, m->head.type == MESSAGE_BYE ? NULL : "hello once is enough");
}

static void on_readable(void *data, int fd, uint32_t events)
{
	struct peer *p = data;

	(void)events;
	for (int i = 0; i < RECEIVE_BURST && !p->leaving; i++) {
		union message m;
		uint32_t len;
		int passed;

		switch (packet_receive(fd, &m, &len, &passed)) {
		case PACKET_NONE:
			return;
		case PACKET_MESSAGE:
			hear(p, &m, len, passed);
			break;
		case PACKET_GONE:
			leave(p, NULL);
			break;
		case PACKET_BAD:
			leave(p, "a packet larger than any message, or with descriptors");
			break;
		}
	}
}

static struct peer *free_place(struct listener *l)
{
	for (uint32_t i = 0; i < PEERS_MAX; i++)
		if (l->peer[i].number == 0)
			return &l->peer[i];
	return NULL;
}

static void admit(struct listener *l, int fd)
{
	struct peer *p = free_place(l);
	int room = SEND_BUFFER;
	union message bye;

	if (p) {
		/* the kernel cuts it to its own limit: whatever it is, it is a bound */
		(void)!setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
		*p = (struct peer){.listener = l,
				   .number = l->next_number++,
				   .fd = fd,
				   .greet_by = mono_add(loop_mono(), GREETING_MS)};
		CHECK(p->number != 0);
		if (watch_add(l->loop, fd, EPOLLIN, WATCH_NORMAL, on_readable, p, &p->watch) == 0) {
			arm_timer(l);
			return;
		}
		p->number = 0;
	}
	packet_bye(&bye, "too many connections of this role");
	(void)!packet_send(fd, &bye, -1);
	close(fd);
}

static void pause_accepting(struct listener *l, bool paused)
{
	/* a listening fd stays readable while there is no descriptor for its caller: without a
	 * pause that is a busy loop */
	if (watch_set(l->watch, paused ? 0 : EPOLLIN) < 0)
		return;
	l->accept_at = paused ? mono_add(loop_mono(), ACCEPT_AGAIN_MS) : MONO_NEVER;
	arm_timer(l);
}

static void on_acceptable(void *data, int fd, uint32_t events)
{
	struct listener *l = data;

	(void)events;
	for (int i = 0; i < ACCEPT_BURST; i++) {
		int accepted = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (accepted >= 0)
			admit(l, accepted);
		else if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
			pause_accepting(l, true);
		if (accepted < 0 && errno != ECONNABORTED && errno != EINTR)
			return;
	}
}

static void on_timer(void *data)
{
	struct listener *l = data;
	struct mono now = loop_mono();

	if (mono_due(now, l->accept_at))
		pause_accepting(l, false);
	for (uint32_t i = 0; i < PEERS_MAX; i++)
		if (l->peer[i].number != 0 && mono_due(now, l->peer[i].greet_by))
			leave(&l->peer[i], "no hello in time");
	tell_leaving(l);
	arm_timer(l);
}

int listener_open(struct loop *loop, const char *path, uint32_t mode, enum message_role role,
		  uint32_t peer_base, listener_message_fn *on_message, listener_peer_fn *on_peer,
		  void *data, struct listener **ret)
{
	struct listener *l = calloc(1, sizeof(*l));
	int r;

	CHECK(peer_base != 0);
	if (!l)
		return -ENOMEM;
	l->loop = loop;
	l->fd = -1;
	l->role = role;
	l->next_number = peer_base;
	l->accept_at = MONO_NEVER;
	l->on_message = on_message;
	l->on_peer = on_peer;
	l->data = data;
	r = packet_address(path, &l->address);
	if (r == 0)
		r = timer_add(loop, WATCH_NORMAL, 0, on_timer, l, &l->timer);
	if (r == 0)
		r = unix_listen(&l->address, SOCK_SEQPACKET, mode, BACKLOG, &l->fd);
	if (r == 0)
		r = watch_add(loop, l->fd, EPOLLIN, WATCH_NORMAL, on_acceptable, l, &l->watch);
	if (r < 0) {
		timer_free(l->timer);
		if (l->fd >= 0)
			close(l->fd);
		free(l);
		return r;
	}
	*ret = l;
	return 0;
}

bool listener_send(struct listener *l, uint32_t peer, const union message *m)
{
	for (uint32_t i = 0; i < PEERS_MAX; i++) {
		struct peer *p = &l->peer[i];
		int r;

		if (p->number != peer || !greeted(p) || p->leaving)
			continue;
		r = packet_send(p->fd, m, -1);
		/* one that hung up may have said something before: that is still heard, then it
		 * leaves */
		if (r < 0 && r != -EPIPE && r != -ECONNRESET)
			leave(p, NULL);
		return r == 0;
	}
	return false;
}

uint32_t listener_peers(const struct listener *l)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < PEERS_MAX; i++)
		count += greeted(&l->peer[i]);
	return count;
}

uint32_t listener_peer_at(const struct listener *l, uint32_t i)
{
	for (uint32_t at = 0; at < PEERS_MAX; at++)
		if (greeted(&l->peer[at]) && i-- == 0)
			return l->peer[at].number;
	return 0;
}

void listener_close(struct listener *l)
{
	if (!l)
		return;
	for (uint32_t i = 0; i < PEERS_MAX; i++)
		if (l->peer[i].number != 0)
			leave(&l->peer[i], "shopd ends");
	watch_free(l->watch);
	timer_free(l->timer);
	unlink(l->address.sun_path);
	close(l->fd);
	free(l);
}
