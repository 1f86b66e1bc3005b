/* keyfile.h: a test phone's private key in a file of its own. */
#ifndef SHOP_SHOPCTL_KEYFILE_H
#define SHOP_SHOPCTL_KEYFILE_H

#include "shoptoken.h"
#include "shopctl/shopctl.h"

/** keyfile_write - a new file, mode 0600, with the key as a COSE_Key in hex. Never overwrites:
 * CTL_REFUSED where there is one. */
enum ctl_exit keyfile_write(struct ctl *ctl, const char *path, const struct shoptoken_key *key);

/** keyfile_read - the other way. CTL_REFUSED for what is no such file, or one that others may read.
 */
enum ctl_exit keyfile_read(struct ctl *ctl, const char *path, struct shoptoken_key *ret);

#endif
