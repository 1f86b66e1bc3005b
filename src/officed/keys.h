/* keys.h: the key that this office signs with, read at start. */
#ifndef SHOP_OFFICED_KEYS_H
#define SHOP_OFFICED_KEYS_H

#include "officed/office.h"

/** keys_load - the private key of config->key_file (hex, mode 0600) and the root's statement of
 * config->keys_file (as it is, or in hex); the statement must be signed by config->root and name
 * our key. False with `why`. keys_free - wipes it. */
MUST_CHECK bool keys_load(const struct config *config, struct office_keys *ret,
			  char why[CONF_WHY_MAX]);
void keys_free(struct office_keys *keys);

#endif
