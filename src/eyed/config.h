/* config.h: eyed.conf as a struct. */
#ifndef SHOP_EYED_CONFIG_H
#define SHOP_EYED_CONFIG_H

#include "base/ids.h"
#include "wire/conf.h"

#define PATH_SIZE 90 /* of a folder of sockets: their names must fit behind it */

struct config {
	char name[PLACE_MAX_LEN + 1]; /* of the socket */
	char camera[200];	      /* eyed/capture.h */
	char run[PATH_SIZE];
	uint32_t codes; /* bit per enum code_kind */
	int64_t width, height;
	int64_t rate; /* pictures looked at in a second, at most */
};

/** config_load - reads and checks the file. False with a sentence that names file, line and the
 * nearest word. */
MUST_CHECK bool config_load(const char *path, struct config *ret, char why[CONF_WHY_MAX]);

#endif
