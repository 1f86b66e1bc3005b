/* stamp.c: three numbers in one line; a power cut leaves the one before. */
#include "ledger/stamp.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define STAMP_MAX  128
#define HEAD	   "shopkeeper backup "
#define NUMBERS	   4
#define STAMP_FORM HEAD "%" PRId64 " %d %" PRId64 " %" PRIu64 "\n"

/* Each with one blank before it but the first, and a line end behind the last. */
static bool numbers_read(const char *text, uint64_t ret[NUMBERS])
{
	for (uint32_t i = 0; i < NUMBERS; i++) {
		size_t digits = strspn(text, "0123456789");

		if (digits == 0 || digits > 18 || text[digits] != (i + 1 < NUMBERS ? ' ' : '\n'))
			return false;
		ret[i] = strtoull(text, NULL, 10);
		text += digits + 1;
	}
	return true;
}

bool backup_stamp_read(const char *path, struct backup_stamp *ret)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	char text[STAMP_MAX + 1];
	uint64_t number[NUMBERS];
	ssize_t len;

	if (fd < 0)
		return false;
	len = read(fd, text, STAMP_MAX);
	close(fd);
	if (len <= 0)
		return false;
	text[len] = '\0';
	if (strncmp(text, HEAD, sizeof(HEAD) - 1) != 0 ||
	    !numbers_read(text + sizeof(HEAD) - 1, number) || number[0] == 0)
		return false;
	*ret = (struct backup_stamp){.at = {(int64_t)number[0]},
				     .also = number[1] == 1,
				     .also_at = {(int64_t)number[2]},
				     .entries = number[3]};
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
