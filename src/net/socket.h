/*
 * socket.h: AF_UNIX SOCK_SEQPACKET with the messages of wire/message.h: shopd's side (one listening
 * socket a role) and a peer's side. Nothing blocks: a peer that does not read is dropped by name,
 * one that says what is not well-formed too.
 */
#ifndef SHOP_NET_SOCKET_H
#define SHOP_NET_SOCKET_H

#include "loop/loop.h"
#include "wire/message.h"

struct listener;

/** Told of a message from a peer; `fd` ≥ 0 came with it (always with MESSAGE_IMPORT and
 * MESSAGE_SAID, maybe with MESSAGE_ENROL, never with another) and is now the callee's. What is in
 * it nobody has looked at: whether it is sealed, and how long it is. */
typedef void listener_message_fn(void *data, uint32_t peer, const union message *m, int fd);
/** Told that a peer said HELLO, or is gone; never from within listener_send. */
typedef void listener_peer_fn(void *data, uint32_t peer, bool here);

/**
 * listener_open - makes and listens on `path` with file mode `mode` (an old socket there is
 * unlinked), for peers of `role`.
 * @peer_base: peers are numbered from here and upwards, no number twice (so the bases of several
 * listeners lie far apart: 1 << 28, 2 << 28 …; never 0).
 * @return 0 or -errno.
 */
MUST_CHECK int listener_open(struct loop *loop, const char *path, uint32_t mode,
			     enum message_role role, uint32_t peer_base,
			     listener_message_fn *on_message, listener_peer_fn *on_peer, void *data,
			     struct listener **ret);

/** listener_send - to one peer: true when sent; false when the peer is gone or was dropped for not
 * reading. One that was dropped keeps its place in listener_peer_at() until on_peer is told. */
bool listener_send(struct listener *l, uint32_t peer, const union message *m);
/** listener_peers - how many are connected and greeted. listener_peer_at - the i-th one's number.
 */
uint32_t listener_peers(const struct listener *l);
uint32_t listener_peer_at(const struct listener *l, uint32_t i);
void listener_close(struct listener *l);

/** A peer's side, for counterd and courierd: connects, greets, and connects again by itself when
 * shopd is gone. */
struct link;
typedef void link_message_fn(void *data, const union message *m);
/** Told that shopd is here (greeted), or gone. */
typedef void link_state_fn(void *data, bool up);

/**
 * link_open - looks for shopd at `path` from the loop's next turn on, and again whenever it is
 * gone.
 * @program: the name in our greeting, name_valid().
 * @return 0 or -errno; shopd's absence is no error.
 */
MUST_CHECK int link_open(struct loop *loop, const char *path, enum message_role role,
			 const char *program, link_message_fn *on_message, link_state_fn *on_state,
			 void *data, struct link **ret);
/** link_up - whether shopd is there, greeted. */
bool link_up(const struct link *l);
/** link_send - false when shopd is not there or does not read. */
bool link_send(struct link *l, const union message *m);
/** link_send_fd - the same with a descriptor, which stays the caller's. */
bool link_send_fd(struct link *l, const union message *m, int fd);
/** link_sealed - a memfd that holds these bytes and cannot be changed any more, as shopd wants it;
 * or -errno. */
MUST_CHECK int link_sealed(const void *bytes, uint32_t len);
void link_close(struct link *l);

/**
 * ask_* - shopctl's side: blocking, with a time-out. ask_open connects and greets; -errno, -EPROTO
 * with `why` when the version is refused. ask_send may pass an fd (-1: none). ask_receive: 0,
 * -ETIMEDOUT, or -ECONNRESET (*ret is the BYE that says why, where there was one).
 */
MUST_CHECK int ask_open(const char *path, enum message_role role, char why[128]);
MUST_CHECK int ask_send(int fd, const union message *m, int pass_fd);
MUST_CHECK int ask_receive(int fd, union message *ret, int timeout_ms);

#endif
