/* config.h: officed.conf as a struct; every word of it stands in etc/officed.conf. */
#ifndef SHOP_OFFICED_CONFIG_H
#define SHOP_OFFICED_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/check.h"
#include "base/ids.h"
#include "base/limits.h"
#include "officed/config_site.h"
#include "wire/conf.h"
#include "wire/sync.h"

enum {
	OFFICE_PATH_MAX = 255,
	OFFICE_DATABASE_MAX = 511,
	OPERATORS_MAX = 64,
	CLIENTS_MAX = 32,
	WORKERS_MAX = 8,
	SHOPS_TEXT_MAX = 511,
	SECRET_MAX = 128,
	MAIL_ADDRESS_MAX = 120,
};

/** [operator NAME]: a person who signs with a key of his own. */
struct operator_conf {
	char name[NAME_MAX_LEN + 1];
	struct public_key key; /* key = HEX of a COSE_Key, as `shopctl token key` prints it */
	uint32_t rights; /* bit per enum right: rights = fleet, members, goods, remote, money, pull
			  */
	char shops[SHOPS_TEXT_MAX + 1]; /* words, spaced; "*": all */
};

/** [client NAME]: a program that pulls, with a secret in Authorization: Bearer. */
struct client_conf {
	char name[NAME_MAX_LEN + 1];
	struct sha256 secret; /* secret_sha256 = HEX of SHA-256 of the secret */
	char shops[SHOPS_TEXT_MAX + 1];
};

struct sms_conf {
	bool given; /* there is a [gateway] */
	uint32_t preset;
	char url[OFFICE_URL_MAX + 1], user[SECRET_MAX + 1], password[SECRET_MAX + 1], from[17];
};

struct mail_conf {
	bool given; /* there is a [mail] */
	char server[OFFICE_URL_MAX +
		    1]; /* smtps://host:465, smtp://host:587 (STARTTLS is required), or
			   smtp:// to a loopback address in the clear */
	char user[SECRET_MAX + 1], password[SECRET_MAX + 1];
	char from[MAIL_ADDRESS_MAX + 1];
};

struct config {
	char listen[OFFICE_PATH_MAX + 1];	/* as counterd's: loopback or a Unix socket */
	char url[OFFICE_URL_MAX + 1];		/* by which the world knows us: https://… */
	char database[OFFICE_DATABASE_MAX + 1]; /* a file, or postgresql://… */
	char key_file[OFFICE_PATH_MAX + 1];	/* our signing key, hex, 0600 */
	char keys_file[OFFICE_PATH_MAX + 1];	/* the root's statement on the set */
	char root[2 * 64 + 1];			/* the root's public key, x ‖ y in hex */
	uint32_t workers;			/* threads with a connection each; SQLite: one */
	uint32_t shops_max;			/* bound on connections held for boxes */
	bool private_webhooks;			/* receivers may be on a network of one's own */
	uint32_t keep_feed_days;		/* older changes of a feed are forgotten: 35 */
	uint32_t operators, clients;
	struct operator_conf operator[OPERATORS_MAX];
	struct client_conf client[CLIENTS_MAX];
	struct sms_conf sms;
	struct mail_conf mail;
	struct site_conf site;
};

/** What rights are called, in the order of enum right, which begins at 1; NULL at the end. */
extern const char *const right_words[];

/** config_load - false with `why`: file, line, word, the nearest valid word. */
MUST_CHECK bool config_load(const char *path, struct config *ret, char why[CONF_WHY_MAX]);

#endif
