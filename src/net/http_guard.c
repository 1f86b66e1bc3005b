/*
 * http_guard.c: where a request may go. A URL is judged by how it is written, before it leaves; an
 * address by what it is, after its name was resolved and before anything is said to it: whoever may
 * name a webhook's URL must not reach by it what stands behind our own walls, whatever his name
 * server answers. The other way round for what stands in the shop itself: a camera speaks plain
 * http, and whoever answers in its name from elsewhere is not asked.
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

/* what stands in the same house: a camera without a lease gives itself a link-local address */
static const struct range v4_on_site[] = {
	{0x7f000000, 8}, {0x0a000000, 8}, {0xac100000, 12}, {0xc0a80000, 16}, {0xa9fe0000, 16},
};

static bool v4_among(uint32_t address, const struct range *range, uint32_t ranges)
{
	for (uint32_t i = 0; i < ranges; i++)
		if ((address ^ range[i].base) >> (32 - range[i].bits) == 0)
			return true;
	return false;
}

static bool v4_public(uint32_t address)
{
	return !v4_among(address, v4_private, ARRAY_LEN(v4_private));
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

bool http_address_on_site(const struct sockaddr *address)
{
	const struct sockaddr_in *v4 = (const void *)address;
	const struct sockaddr_in6 *v6 = (const void *)address;
	const uint8_t *byte = v6->sin6_addr.s6_addr;

	if (address->sa_family == AF_INET)
		return v4_among(ntohl(v4->sin_addr.s_addr), v4_on_site, ARRAY_LEN(v4_on_site));
	if (address->sa_family != AF_INET6)
		return false;
	if (IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr))
		return v4_among(four(byte + 12), v4_on_site, ARRAY_LEN(v4_on_site));
	return IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr) || (byte[0] & 0xfe) == 0xfc || /* fc00::/7 */
	       (byte[0] == 0xfe && (byte[1] & 0xc0) == 0x80);			   /* fe80::/10 */
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

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

/** An address, not a name. */
static bool host_address(const char *host, union address *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->v4.sin_family = AF_INET;
	if (inet_pton(AF_INET, host, &ret->v4.sin_addr) == 1)
		return true;
	memset(ret, 0, sizeof(*ret));
	ret->v6.sin6_family = AF_INET6;
	return inet_pton(AF_INET6, host, &ret->v6.sin6_addr) == 1;
}

/** What "localhost" means is for a resolver to say, so that is not one. */
static bool host_is_loopback(const char *host)
{
	union address a;

	if (!host_address(host, &a))
		return false;
	return a.any.sa_family == AF_INET ? ntohl(a.v4.sin_addr.s_addr) >> 24 == 127
					  : IN6_IS_ADDR_LOOPBACK(&a.v6.sin6_addr);
}

/** What every URL must be; its host into `host`, whether it goes in the clear into *ret_plain. */
static const char *url_form(const char *url, char host[256], bool *ret_plain)
{
	bool plain = strncmp(url, "http://", 7) == 0;
	const char *rest = url + (plain ? 7 : 8);

	if (strlen(url) > HTTP_URL_MAX)
		return "the URL is too long";
	for (const char *c = url; *c != '\0'; c++)
		if ((unsigned char)*c <= ' ' || (unsigned char)*c >= 0x7f || *c == '\\')
			return "the URL holds a character that no URL may hold";
	if (!plain && strncmp(url, "https://", 8) != 0)
		return "the URL must begin with https://";
	if (memchr(rest, '@', strcspn(rest, "/?#")) != NULL)
		return "user and password do not belong in the URL";
	if (!host_of(rest, host, 256))
		return "the URL names no host";
	*ret_plain = plain;
	return NULL;
}

const char *http_url_allowed(const char *url)
{
	char host[256];
	bool plain = false;
	const char *wrong = url_form(url, host, &plain);

	if (wrong == NULL && plain && !host_is_loopback(host))
		wrong = "plain http is for 127.0.0.1 and [::1] only: use https";
	return wrong;
}

const char *http_url_on_site(const char *url)
{
	union address address;
	char host[256];
	bool plain = false;
	const char *wrong = url_form(url, host, &plain);

	if (wrong == NULL && plain && host_address(host, &address) &&
	    !http_address_on_site(&address.any))
		wrong = "plain http is for addresses of this site only: use https";
	return wrong;
}
