/* http_listen.h: the one listening socket of an HTTP server: loopback TCP or a Unix socket. */
#ifndef SHOP_NET_HTTP_LISTEN_H
#define SHOP_NET_HTTP_LISTEN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/check.h"

/** http_listen_open - see http_server_open(): a listening fd, or -errno with `why`. One that the
 * service manager passed is taken instead of `listen` (sd_listen_fds(3)), if it is local. */
MUST_CHECK int http_listen_open(const char *listen, char why[200]);

/** http_listen_port - the TCP port of a listening fd; 0 for a Unix socket. */
uint16_t http_listen_port(int fd);

/** http_address_loopback - 127/8, ::1 or a Unix socket. */
bool http_address_loopback(const struct sockaddr *address);

#endif
