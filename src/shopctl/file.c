/* file.c: no more is read than may be, whatever the file says of its own size. */
#include "shopctl/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

ssize_t file_read(int fd, char *bytes, size_t size)
{
	size_t len = 0;

	while (len < size) {
		ssize_t n = read(fd, bytes + len, size - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	return (ssize_t)len;
}

enum ctl_exit file_whole(struct ctl *ctl, const char *path, uint32_t max, char **ret,
			 uint32_t *ret_len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *bytes = malloc((size_t)max + 1);
	ssize_t len = fd >= 0 && bytes ? file_read(fd, bytes, (size_t)max + 1) : -1;
	int error = errno;

	if (fd >= 0)
		close(fd);
	if (len >= 0 && len <= (ssize_t)max) {
		bytes[len] = '\0';
		*ret = bytes;
		*ret_len = (uint32_t)len;
		return CTL_DONE;
	}
	free(bytes);
	if (len > 0)
		return ctl_fail(ctl, CTL_REFUSED, "%s is larger than %u bytes", path, max);
	return ctl_fail(ctl, CTL_REFUSED, "%s cannot be read: %s", path, strerror(error));
}
