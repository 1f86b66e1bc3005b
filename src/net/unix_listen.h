/*
 * unix_listen.h: a Unix socket with a name, made and listened on: shopd's for its peers, eyed's for
 * its one reader.
 */
#ifndef SHOP_NET_UNIX_LISTEN_H
#define SHOP_NET_UNIX_LISTEN_H

#include <stdint.h>
#include <sys/un.h>

#include "base/check.h"

/**
 * unix_listen - binds and listens, non-blocking, with file mode `mode`, never a wider one. What a
 * dead program left at the path goes; what somebody listens on, or what is no socket, stays.
 * @type: SOCK_STREAM or SOCK_SEQPACKET.
 * @return 0 and the caller's fd, or -errno: -EADDRINUSE, -EEXIST (no socket) …
 */
MUST_CHECK int unix_listen(const struct sockaddr_un *address, int type, uint32_t mode, int backlog,
			   int *ret_fd);

#endif
