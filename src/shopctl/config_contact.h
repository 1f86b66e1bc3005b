/* config_contact.h: what no program can see in its own file: whether the contact that shopd.conf
 * names is one of courierd.conf's. */
#ifndef SHOP_SHOPCTL_CONFIG_CONTACT_H
#define SHOP_SHOPCTL_CONFIG_CONTACT_H

#include <stdbool.h>

#include "base/limits.h"

/** contact_wanted - the contact that a shopd.conf's text tells what to order; "" where it names
 * none. Both texts have passed their program's check. contact_known - whether a courierd.conf's
 * text has [contact NAME]. */
void contact_wanted(const char *shopd, char name[PLACE_MAX_LEN + 1]);
bool contact_known(const char *courierd, const char *name);

#endif
