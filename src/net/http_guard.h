/* http_guard.h: where a request that leaves the box may go. Pure. */
#ifndef SHOP_NET_HTTP_GUARD_H
#define SHOP_NET_HTTP_GUARD_H

#include <stdbool.h>
#include <sys/socket.h>

/**
 * http_address_public - whether an address is one of the public internet: not this machine, not a
 * private network (RFC 1918, RFC 4193, RFC 6598), not link-local, multicast, reserved, or for
 * documentation; neither written plainly nor wrapped into IPv6 (mapped, 6to4, NAT64, Teredo).
 */
bool http_address_public(const struct sockaddr *address);

/** http_address_on_site - whether an address is one of this machine or of the networks around it:
 * loopback, private (RFC 1918, RFC 4193) or link-local (RFC 3927, fe80::/10). */
bool http_address_on_site(const struct sockaddr *address);

#endif
