/* file.h: a file that somebody names on the command line, read whole and bounded. */
#ifndef SHOP_SHOPCTL_FILE_H
#define SHOP_SHOPCTL_FILE_H

#include <sys/types.h>

#include "shopctl/shopctl.h"

/** file_read - all that comes, up to `size` bytes. How many, or -1 with errno. */
ssize_t file_read(int fd, char *bytes, size_t size);

/** file_whole - at most `max` bytes of a plain file, with a NUL behind them; free(). CTL_REFUSED,
 * by name, for what cannot be read or is larger. */
enum ctl_exit file_whole(struct ctl *ctl, const char *path, uint32_t max, char **ret,
			 uint32_t *ret_len);

#endif
