/* secret.h: files of signing keys, as `shopctl root make` and `root key` write them: 64 hex digits
 * that nobody else may read. cmd_root.c has them. */
#ifndef SHOP_SHOPCTL_SECRET_H
#define SHOP_SHOPCTL_SECRET_H

#include <sys/types.h>

#include "base/ids.h"
#include "shopctl/shopctl.h"

/** secret_read - the private key in this file, and its public half. Refuses, by name. */
enum ctl_exit secret_read(struct ctl *ctl, const char *path, uint8_t secret[32],
			  struct public_key *ret);

/** file_new - a new file with these bytes and this mode, synced; refused where there is one. */
enum ctl_exit file_new(struct ctl *ctl, const char *path, const void *bytes, size_t len,
		       mode_t mode);

#endif
