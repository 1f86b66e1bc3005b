/* private_file.h: files that hold a secret, and must be nobody else's. */
#ifndef SHOP_OFFICED_PRIVATE_FILE_H
#define SHOP_OFFICED_PRIVATE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/check.h"

/** file_read - up to `size` bytes of a file; -errno. */
MUST_CHECK ssize_t file_read(const char *path, void *bytes, size_t size);

/** private_line_read - the first line of a file that only its owner can read (mode 0600 or less),
 * 1 to size - 1 characters, with a NUL. NULL, or what is wrong, as the end of "PATH: …". */
MUST_CHECK const char *private_line_read(const char *path, char *line, size_t size);

#endif
