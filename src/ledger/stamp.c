/* stamp.c: three numbers in one line; a power cut leaves the one before. */
#include "ledger/stamp.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define STAMP_MAX  128
#define STAMP_FORM "shopkeeper backup %" PRId64 " %d %" PRId64 " %" PRIu64 "\n"

bool backup_stamp_read(const char *path, struct backup_stamp *ret)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	char text[STAMP_MAX + 1];
	int64_t at, also;
	uint64_t entries;
	ssize_t len;
	int to_also;

	if (fd < 0)
		return false;
	len = read(fd, text, STAMP_MAX);
	close(fd);
	if (len <= 0)
		return false;
	text[len] = '\0';
	if (sscanf(text, "shopkeeper backup %20" SCNd64 " %1d %20" SCNd64 " %20" SCNu64, &at,
		   &to_also, &also, &entries) != 4 ||
	    at <= 0 || also < 0)
		return false;
	*ret = (struct backup_stamp){{at}, to_also == 1, {also}, entries};
	return true;
}

int backup_stamp_write(const char *path, const struct backup_stamp *stamp)
{
	char beside[512], text[STAMP_MAX];
	int len, fd, r = 0;

	len = snprintf(text, sizeof(text), STAMP_FORM, stamp->at.ms, stamp->also, stamp->also_at.ms,
		       stamp->entries);
	if (snprintf(beside, sizeof(beside), "%s.new", path) >= (int)sizeof(beside))
		return -ENAMETOOLONG;
	fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	if (fchmod(fd, 0644) < 0 || write(fd, text, (size_t)len) != len || fsync(fd) < 0)
		r = errno ? -errno : -EIO;
	close(fd);
	if (r == 0 && rename(beside, path) < 0)
		r = -errno;
	return r;
}
