/*
 * config_site.c: names. A Host or an Origin is compared as a whole with what was configured, never
 * searched for a part of it: "viken.example.evil" is nobody's. What fits a pattern fits it with the
 * name that a shop may have, and nothing else in its place.
 */
#include "officed/config_site.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "net/pages.h"
#include "officed/config.h"

_Static_assert((int)SITE_ORIGIN_MAX == (int)PAGES_ORIGIN_MAX, "an origin is an origin");

#define HOLE	  "{shop}"
#define HOST_MAX  253
#define HOST_MADE "abcdefghijklmnopqrstuvwxyz0123456789.-"

/** The next word of a list into `ret`, or false at its end. For one that is too long stands "?",
 * which no rule lets pass. */
static bool word_next(const char **at, char *ret, size_t size)
{
	size_t len;

	*at += strspn(*at, " ,\t");
	len = strcspn(*at, " ,\t");
	snprintf(ret, size, "%.*s", len < size ? (int)len : 1, len < size ? *at : "?");
	*at += len;
	return len > 0;
}

static bool host_made(const char *text, size_t len)
{
	return len > 0 && len <= HOST_MAX && strspn(text, HOST_MADE) >= len;
}

/** One hole, letters around it, a dot behind. */
static bool pattern_good(const char *pattern)
{
	const char *hole = strstr(pattern, HOLE);
	const char *after = hole != NULL ? hole + sizeof(HOLE) - 1 : NULL;

	if (hole == NULL || after[0] == '\0' || strchr(after, '.') == NULL)
		return false;
	return (hole == pattern || host_made(pattern, (size_t)(hole - pattern))) &&
	       host_made(after, strlen(after)) && after[strlen(after) - 1] != '.';
}

const char *site_hosts_rule(const char *text)
{
	char pattern[HOST_MAX + 1];

	while (word_next(&text, pattern, sizeof(pattern)))
		if (!pattern_good(pattern))
			return "names with {shop} in them, like {shop}.example, without a port";
	return NULL;
}

const char *site_origins_rule(const char *text)
{
	char origin[SITE_ORIGIN_MAX + 2];

	while (word_next(&text, origin, sizeof(origin)))
		if (!pages_origin_valid(origin))
			return "origins like https://viken.example (http:// on this machine only), "
			       "without a slash at their end";
	return NULL;
}

const char *site_zone_rule(const char *text)
{
	size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				  "/_+-");

	return len > 0 && text[len] == '\0' ? NULL : "a time zone's name, like Europe/Stockholm";
}

const char *site_web_rule(const char *text)
{
	return text[0] == '/' ? NULL : "an absolute path";
}

/** `host` of `len` bytes with the hole filled by a shop's name. */
static bool pattern_fits(const char *pattern, const char *host, size_t len, char *ret_shop)
{
	size_t before = strcspn(pattern, "{");
	const char *after = pattern + before + sizeof(HOLE) - 1;
	size_t rest = strlen(after), name = len - before - rest;

	if (len <= before + rest || name > PLACE_MAX_LEN ||
	    strncasecmp(host, pattern, before) != 0 ||
	    strncasecmp(host + len - rest, after, rest) != 0)
		return false;
	for (size_t i = 0; i < name; i++) {
		char c = host[before + i];

		ret_shop[i] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
	}
	ret_shop[name] = '\0';
	return place_valid(ret_shop, (uint32_t)name);
}

static bool port_or_nothing(const char *text)
{
	size_t digits = text[0] == ':' ? strspn(text + 1, "0123456789") : 0;

	return text[0] == '\0' || (digits > 0 && digits <= 5 && text[1 + digits] == '\0');
}

/** A name of a shop, without what follows it. */
static bool name_fits(const struct config *c, const char *name, size_t len, char *ret_shop)
{
	const char *at = c->site.hosts;
	char pattern[HOST_MAX + 1], shop[PLACE_MAX_LEN + 1];

	while (word_next(&at, pattern, sizeof(pattern))) {
		if (!pattern_fits(pattern, name, len, shop))
			continue;
		memcpy(ret_shop, shop, sizeof(shop));
		return true;
	}
	return false;
}

void site_own_origin(const struct config *c, char ret[SITE_ORIGIN_MAX + 1])
{
	const char *scheme = strstr(c->url, "://");
	size_t len = scheme != NULL ? (size_t)(scheme - c->url) + 3 : 0;

	len += strcspn(c->url + len, "/?#");
	snprintf(ret, SITE_ORIGIN_MAX + 1, "%.*s", (int)len, c->url);
}

bool site_shop_of(const struct config *c, const char *host, char ret_shop[PLACE_MAX_LEN + 1])
{
	char own[SITE_ORIGIN_MAX + 1];
	size_t len = strcspn(host, ":");
	const char *own_host;

	site_own_origin(c, own);
	/* the port says nothing: behind a proxy it is not there */
	own_host = strstr(own, "://");
	if (own_host != NULL && strcspn(own_host + 3, ":") == len &&
	    strncasecmp(own_host + 3, host, len) == 0)
		return false;
	return port_or_nothing(host + len) && name_fits(c, host, len, ret_shop);
}

/** A name that browsers resolve to this machine: what comes from it may come by http, at any port.
 */
static bool is_local(const char *host, size_t len)
{
	static const char local[] = ".localhost";
	size_t end = sizeof(local) - 1;

	return len > end && strncmp(host + len - end, local, end) == 0;
}

bool site_origin_known(const struct config *c, const char *origin, char ret_shop[PLACE_MAX_LEN + 1])
{
	bool secure = strncmp(origin, "https://", 8) == 0;
	const char *host = origin + (secure ? 8 : 7), *at = c->site.origins;
	char given[SITE_ORIGIN_MAX + 2];
	size_t len;

	while (word_next(&at, given, sizeof(given))) {
		if (strcmp(given, origin) == 0) {
			ret_shop[0] = '\0';
			return true;
		}
	}
	if (!secure && strncmp(origin, "http://", 7) != 0)
		return false;
	len = strcspn(host, ":");
	if (!port_or_nothing(host + len) || !name_fits(c, host, len, ret_shop))
		return false;
	return is_local(host, len) || (secure && host[len] == '\0');
}

bool site_shop_pages(const struct config *c, char ret[SITE_ORIGIN_MAX + 1])
{
	const char *at = c->site.hosts, *port = NULL;
	char pattern[HOST_MAX + 1], own[SITE_ORIGIN_MAX + 1];

	if (!word_next(&at, pattern, sizeof(pattern)))
		return false;
	site_own_origin(c, own);
	if (is_local(pattern, strlen(pattern)) && strncmp(own, "http://", 7) == 0)
		port = strchr(own + 7, ':');
	snprintf(ret, SITE_ORIGIN_MAX + 1, "%s://%s%s", port != NULL ? "http" : "https", pattern,
		 port != NULL ? port : "");
	return true;
}
