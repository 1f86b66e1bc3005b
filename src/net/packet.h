/* packet.h: one message of a local socket as one packet, for this folder's three sides: listener,
 * link, ask. */
#ifndef SHOP_NET_PACKET_H
#define SHOP_NET_PACKET_H

#include <sys/un.h>

#include "wire/message.h"

/** packet_address - `path` as an address; -ENAMETOOLONG. */
MUST_CHECK int packet_address(const char *path, struct sockaddr_un *ret);

/** packet_send - the message as one packet, with `pass_fd` beside it (-1: none), never raising
 * SIGPIPE. 0 or -errno (-EAGAIN: the other side does not read). */
MUST_CHECK int packet_send(int fd, const union message *m, int pass_fd);

/** What a packet turned out to be. */
enum packet {
	PACKET_NONE = 0, /* nothing there now */
	PACKET_MESSAGE = 1,
	PACKET_GONE = 2, /* the other side has left, or the socket is broken */
	PACKET_BAD = 3,	 /* too large, or with more descriptors than a message has */
};

/**
 * packet_receive - the next packet, without waiting. *ret_len is its size, *ret_fd the descriptor
 * that came with it (the caller's from now on) or -1. All that is not handed out has been closed.
 */
MUST_CHECK enum packet packet_receive(int fd, union message *ret, uint32_t *ret_len, int *ret_fd);

/** packet_hello, packet_bye - make them. `why` is cut to its room. */
void packet_hello(union message *m, enum message_role role, const char *program);
void packet_bye(union message *m, const char *why);

#endif
