/*
 * config_site.h: under which names pages are served here, and to which pages we answer. Under our
 * own name stand the pages of head office; under a shop's name, where that leads to us (design 3),
 * the shop's. Pages of a shop, wherever they come from, ask us for what we alone know (CORS).
 */
#ifndef SHOP_OFFICED_CONFIG_SITE_H
#define SHOP_OFFICED_CONFIG_SITE_H

#include <stdbool.h>

#include "base/limits.h"

struct config;

enum {
	SITE_ORIGIN_MAX = 300, /* "https://office.example" */
};

struct site_conf {
	char web[256];	   /* the folder of the pages */
	char hosts[512];   /* patterns with one {shop}, spaced */
	char origins[512]; /* origins beside those, spaced */
	char time_zone[64];
};

/** site_hosts_rule, site_origins_rule, site_web_rule, site_zone_rule - NULL, or the end of "it must
 * be …". */
const char *site_hosts_rule(const char *text);
const char *site_origins_rule(const char *text);
const char *site_web_rule(const char *text);
const char *site_zone_rule(const char *text);

/** site_shop_of - whether a Host header is a shop's name: which, into ret_shop. Our own name is
 * none, whatever pattern it fits. */
bool site_shop_of(const struct config *c, const char *host, char ret_shop[PLACE_MAX_LEN + 1]);

/** site_origin_known - whether an Origin header is one of a shop's pages: under a shop's name by
 * https (by http where that name is this machine's own), which goes into ret_shop; or one that is
 * configured as it stands ("" in ret_shop). */
bool site_origin_known(const struct config *c, const char *origin,
		       char ret_shop[PLACE_MAX_LEN + 1]);

/** site_own_origin - our own, of the configured URL. */
void site_own_origin(const struct config *c, char ret[SITE_ORIGIN_MAX + 1]);

/** site_shop_pages - where the pages of the shops are, with {shop} in it
 * ("https://{shop}.example"), by the first pattern: what an invitation leads to. False where no
 * pattern is configured. */
bool site_shop_pages(const struct config *c, char ret[SITE_ORIGIN_MAX + 1]);

#endif
