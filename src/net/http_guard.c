/*
 * http_guard.c: where a request may go. A URL is judged by how it is written, before it leaves; an
 * address by what it is, after its name was resolved and before anything is said to it: whoever may
 * name a webhook's URL must not reach by it what stands behind our own walls, whatever his name
 * server answers.
 */
#include "net/http_guard.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

#include "net/http_client.h"

/* ---- addresses ---- */

struct range {
	uint32_t base, bits;
};

/* IANA's special-purpose registry: what is not globally reachable, and what nobody hooks up to */
static const struct range v4_private[] = {
	{0x00000000, 8},  /* this network */
	{0x0a000000, 8},  /* private */
	{0x64400000, 10}, /* carriers' own (RFC 6598) */
	{0x7f000000, 8},  /* loopback */
	{0xa9fe0000, 16}, /* link-local: a cloud's metadata */
	{0xac100000, 12}, /* private */
	{0xc0000000, 24}, /* protocol assignments */
	{0xc0000200, 24}, /* documentation */
	{0xc0586300, 24}, /* 6to4 relays */
	{0xc0a80000, 16}, /* private */
	{0xc6120000, 15}, /* benchmarks */
	{0xc6336400, 24}, /* documentation */
	{0xcb007100, 24}, /* documentation */
	{0xe0000000, 4},  /* multicast */
	{0xf0000000, 4},  /* reserved, broadcast */
};

static bool v4_public(uint32_t address)
{
	for (uint32_t i = 0; i < ARRAY_LEN(v4_private); i++)
		if ((address ^ v4_private[i].base) >> (32 - v4_private[i].bits) == 0)
			return false;
	return true;
}

static uint32_t four(const uint8_t *byte)
{
	return (uint32_t)byte[0] << 24 | (uint32_t)byte[1] << 16 | (uint32_t)byte[2] << 8 | byte[3];
}

/* Global unicast is 2000::/3; in it stand a few that are none, and one that wraps an IPv4 address.
 * Everything else (mapped, NAT64, unique local, link-local, multicast) is outside of it. */
static bool v6_public(const uint8_t byte[16])
{
	uint32_t head = four(byte);

	if (byte[0] >> 5 != 1)
		return false;
	if (head >> 16 == 0x2002) /* 6to4: an IPv4 address inside */
		return v4_public(four(byte + 2));
	return head >> 9 != 0x20010000 >> 9 && /* protocols, Teredo among them */
	       head != 0x20010db8 && head >> 12 != 0x3fff0000 >> 12; /* documentation */
}

bool http_address_public(const struct sockaddr *address)
{
	const struct sockaddr_in *v4 = (const void *)address;
	const struct sockaddr_in6 *v6 = (const void *)address;

	if (address->sa_family == AF_INET)
		return v4_public(ntohl(v4->sin_addr.s_addr));
	if (address->sa_family != AF_INET6)
		return false;
	if (IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr))
		return v4_public(four(v6->sin6_addr.s6_addr + 12));
	return v6_public(v6->sin6_addr.s6_addr);
}

/* ---- URLs ---- */

/** The host of "scheme://host[:port][/…]" without its brackets; false when it does not fit. */
static bool host_of(const char *after_scheme, char *host, size_t size)
{
	size_t len = strcspn(after_scheme, ":/?#");

	if (after_scheme[0] == '[') {
		const char *end = strchr(after_scheme, ']');

		if (end == NULL)
			return false;
		after_scheme++;
		len = (size_t)(end - after_scheme);
	}
	if (len == 0 || len >= size)
		return false;
	memcpy(host, after_scheme, len);
	host[len] = '\0';
	return true;
}

/** An address, not a name: what "localhost" means is for a resolver to say. */
static bool host_is_loopback(const char *host)
{
	struct in_addr v4;
	struct in6_addr v6;

	if (inet_pton(AF_INET, host, &v4) == 1)
		return ntohl(v4.s_addr) >> 24 == 127;
	return inet_pton(AF_INET6, host, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

const char *http_url_allowed(const char *url)
{
	bool plain = strncmp(url, "http://", 7) == 0;
	const char *rest = url + (plain ? 7 : 8);
	char host[256];

	if (strlen(url) > HTTP_URL_MAX)
		return "the URL is too long";
	for (const char *c = url; *c != '\0'; c++)
		if ((unsigned char)*c <= ' ' || (unsigned char)*c >= 0x7f || *c == '\\')
			return "the URL holds a character that no URL may hold";
	if (!plain && strncmp(url, "https://", 8) != 0)
		return "the URL must begin with https://";
	if (memchr(rest, '@', strcspn(rest, "/?#")) != NULL)
		return "user and password do not belong in the URL";
	if (!host_of(rest, host, sizeof(host)))
		return "the URL names no host";
	if (plain && !host_is_loopback(host))
		return "plain http is for 127.0.0.1 and [::1] only: use https";
	return NULL;
}
