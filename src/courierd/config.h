/* config.h: courierd.conf as a struct. */
#ifndef SHOP_COURIERD_CONFIG_H
#define SHOP_COURIERD_CONFIG_H

#include "courierd/sms.h"
#include "wire/conf.h"

#define PATH_SIZE 200
#define ZONE_MAX  64

/** One [contact NAME]: somebody who is told. */
struct contact_section {
	char name[PLACE_MAX_LEN + 1]; /* what logs and shopd say in place of the number */
	char phone[PHONE_MAX + 1];
	uint32_t role; /* enum contact_role */
	int64_t step;  /* of the ladder; 0: what the role says, owner 1, keyholder 2, neighbour 3 */
	uint16_t hours[2]; /* minutes; equal: always */
	uint32_t least;	   /* enum severity: nothing less grave */
	uint32_t language; /* enum language, or LANGUAGES: the shop's */
};

/** [modem] */
struct modem_section {
	bool fitted;
	char bus[PATH_SIZE]; /* empty: the system's */
	char pin_file[PATH_SIZE];
	char pin[9]; /* from it */
};

/** One [camera NAME]. */
struct camera_section {
	char name[PLACE_MAX_LEN + 1];
	char url[HTTP_URL_MAX + 1];   /* of a snapshot; empty: ask `onvif` for it */
	char onvif[HTTP_URL_MAX + 1]; /* the device service's address */
	char user[GATEWAY_SECRET_MAX + 1];
	char password_file[PATH_SIZE];
	char password[GATEWAY_SECRET_MAX + 1]; /* from it */
};

/** [pictures]: how long and how many. */
struct pictures_section {
	int64_t keep_hours; /* 72 */
	int64_t disk_mb;    /* 512 */
};

/** One [ups NAME]: a NUT server's UPS, whose state goes to sensors of shopd. */
struct ups_section {
	char name[PLACE_MAX_LEN + 1];	 /* as NUT calls it */
	char server[PATH_SIZE];		 /* 127.0.0.1:3493 */
	char power[PLACE_MAX_LEN + 1];	 /* [sensor …] of shopd.conf that hears of the mains */
	char battery[PLACE_MAX_LEN + 1]; /* and of the battery */
};
#define UPSES_MAX 2

/** [update]: where releases come from. */
struct update_section {
	char url[HTTP_URL_MAX +
		 1];	      /* of a folder, without a slash at its end; empty: from nowhere */
	char keys[PATH_SIZE]; /* who may release */
	int64_t every_minutes;
};

struct config {
	char shop[PLACE_MAX_LEN + 1];
	char run[PATH_SIZE];   /* where shopd's sockets are */
	char state[PATH_SIZE]; /* where ledger.db is, read for the office; pictures are kept there
				*/
	uint32_t language;     /* enum language */
	char timezone[ZONE_MAX];
	char page[HTTP_URL_MAX + 1]; /* of the owner: a text about what cameras saw links to it */
	struct gateway gateway;	     /* complete: address, user, password */
	bool gateway_fitted;
	char url[HTTP_URL_MAX + 1]; /* as written; empty: the preset's */
	char password_file[PATH_SIZE];
	struct modem_section modem;
	uint32_t contacts;
	struct contact_section contact[CONTACTS_MAX];
	uint32_t cameras;
	struct camera_section camera[CAMERAS_MAX];
	struct pictures_section pictures;
	struct update_section update;
	uint32_t upses;
	struct ups_section ups[UPSES_MAX];
};

/** config_load - reads and checks the file and the password file it names. False with a sentence
 * that names file, line and the nearest word. */
MUST_CHECK bool config_load(const char *path, struct config *ret, char why[CONF_WHY_MAX]);

#endif
