/* config.h: counterd.conf as a struct. */
#ifndef SHOP_COUNTERD_CONFIG_H
#define SHOP_COUNTERD_CONFIG_H

#include "base/limits.h"
#include "base/words.h"
#include "net/pages.h"
#include "wire/conf.h"

#define CONFIG_WHY_MAX	   CONF_WHY_MAX
#define CONFIG_PATH_MAX	   96 /* a socket's path ends at 107 */
#define CONFIG_HOSTS_MAX   8
#define CONFIG_HOST_MAX	   254 /* RFC 1035: 253 characters of a name */
#define CONFIG_LISTEN_MAX  128
#define CURRENCY_TEXT_SIZE 4
#define CONFIG_WEB_MAX	   255

struct config {
	char shop[PLACE_MAX_LEN + 1];
	char run[CONFIG_PATH_MAX + 1];	 /* counter.sock is here */
	char state[CONFIG_PATH_MAX + 1]; /* ledger.db and catalog.db are here */
	char listen[CONFIG_LISTEN_MAX];
	char hosts_text[512];
	uint32_t hosts;
	char host[CONFIG_HOSTS_MAX][CONFIG_HOST_MAX];
	char currency[CURRENCY_TEXT_SIZE];
	char web[CONFIG_WEB_MAX + 1];	   /* the folder of the pages */
	char office[PAGES_ORIGIN_MAX + 1]; /* its origin, for the pages; empty: none */
	uint32_t language;		   /* enum language, of those who ask for none */
};

/** config_parse - `text` of the file named `file` into *ret. False with `why`: file, line, what is
 * wrong. */
MUST_CHECK bool config_parse(const char *file, struct span text, struct config *ret,
			     char why[CONFIG_WHY_MAX]);

/** config_load - reads the file first. */
MUST_CHECK bool config_load(const char *path, struct config *ret, char why[CONFIG_WHY_MAX]);

/** config_host_known - whether a Host header names us: a configured name or loopback, any port. */
bool config_host_known(const struct config *c, const char *host);

#endif
