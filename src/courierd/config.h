/* config.h: courierd.conf as a struct. */
#ifndef SHOP_COURIERD_CONFIG_H
#define SHOP_COURIERD_CONFIG_H

#include "courierd/sms.h"
#include "wire/conf.h"

#define PATH_SIZE 200
#define ZONE_MAX  64

/** One [contact NAME]: somebody who is told. */
struct contact {
	char name[PLACE_MAX_LEN + 1]; /* what logs say in place of the number */
	char phone[PHONE_MAX + 1];
};

struct config {
	char shop[PLACE_MAX_LEN + 1];
	char run[PATH_SIZE];   /* where shopd's sockets are */
	char state[PATH_SIZE]; /* where ledger.db is: read, for the office */
	uint32_t language;     /* enum language */
	char timezone[ZONE_MAX];
	struct gateway gateway;	    /* complete: address, user, password */
	char url[HTTP_URL_MAX + 1]; /* as written; empty: the preset's */
	char password_file[PATH_SIZE];
	uint32_t contacts;
	struct contact contact[SMS_CONTACTS_MAX];
};

/** config_load - reads and checks the file and the password file it names. False with a sentence
 * that names file, line and the nearest word. */
MUST_CHECK bool config_load(const char *path, struct config *ret, char why[CONF_WHY_MAX]);

#endif
