/*
 * backup_files.c: a copy counts when it was read again and is the same. What is read is dropped
 * from memory first (as far as the kernel does so), so that it comes from the stick and not from
 * the cache.
 */
#include "shopctl/backup_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shopctl/file.h"

#define CHUNK	  65536
#define FILES_MAX 64 /* of one folder: a backup has 2 and its configuration 32 */
#define DEPTH_MAX 3

static bool copied(int from, int to, char *chunk)
{
	ssize_t n;

	while ((n = file_read(from, chunk, CHUNK)) > 0)
		if (write(to, chunk, (size_t)n) != n)
			return false;
	return n == 0 && fsync(to) == 0;
}

/* Both from their beginnings. */
static bool same(int a, int b, char *chunk)
{
	ssize_t n;

	if (lseek(a, 0, SEEK_SET) != 0 || lseek(b, 0, SEEK_SET) != 0)
		return false;
	posix_fadvise(b, 0, 0, POSIX_FADV_DONTNEED);
	while ((n = file_read(a, chunk, CHUNK)) > 0)
		if (file_read(b, chunk + CHUNK, (size_t)n) != n ||
		    memcmp(chunk, chunk + CHUNK, (size_t)n) != 0)
			return false;
	return n == 0 && file_read(b, chunk, 1) == 0;
}

enum ctl_exit file_copy(struct ctl *ctl, const char *from, const char *to)
{
	int in = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	int out = open(to, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	char *chunk = malloc(2 * CHUNK);
	bool good = in >= 0 && out >= 0 && chunk && copied(in, out, chunk) && same(in, out, chunk);
	int error = errno;

	free(chunk);
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	if (good)
		return CTL_DONE;
	if (out >= 0)
		unlink(to);
	return ctl_fail(ctl, CTL_REFUSED, "%s cannot be copied to %s: %s", from, to,
			error ? strerror(error) : "it is not the same when read again");
}

static bool passed_over(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static enum ctl_exit entry_copy(struct ctl *ctl, const char *from, const char *to, uint32_t depth);

static enum ctl_exit entries_copy(struct ctl *ctl, const char *from, const char *to, uint32_t depth)
{
	enum ctl_exit code = CTL_DONE;
	DIR *dir = opendir(from);
	const struct dirent *entry;

	for (uint32_t files = 0; dir && code == CTL_DONE && (entry = readdir(dir)); files++) {
		char source[CTL_PATH_SIZE], target[CTL_PATH_SIZE];

		if (passed_over(entry->d_name))
			continue;
		if (files > FILES_MAX || !ctl_path(source, from, entry->d_name) ||
		    !ctl_path(target, to, entry->d_name))
			code = ctl_fail(ctl, CTL_REFUSED, "%s holds more than a backup does", from);
		else
			code = entry_copy(ctl, source, target, depth);
	}
	if (!dir)
		code = ctl_fail(ctl, CTL_REFUSED, "%s: %s", from, strerror(errno));
	else
		closedir(dir);
	return code;
}

static enum ctl_exit entry_copy(struct ctl *ctl, const char *from, const char *to, uint32_t depth)
{
	struct stat st;

	if (lstat(from, &st) < 0 || (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)))
		return ctl_fail(ctl, CTL_REFUSED, "%s is neither a file nor a folder", from);
	if (S_ISREG(st.st_mode))
		return file_copy(ctl, from, to);
	if (depth == DEPTH_MAX || (mkdir(to, 0700) < 0 && errno != EEXIST))
		return ctl_fail(ctl, CTL_REFUSED, "%s cannot be made", to);
	return entries_copy(ctl, from, to, depth + 1);
}

enum ctl_exit folder_copy(struct ctl *ctl, const char *from, const char *to)
{
	return entry_copy(ctl, from, to, 0);
}

/* A link is removed and never gone through: whoever may write beside what is removed could have put
 * one there, and what it names is not ours. */
static void remove_in(int parent, const char *name, uint32_t depth)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *entry;

	if (fd >= 0 && !dir)
		close(fd);
	while (dir && (entry = readdir(dir)))
		if (!passed_over(entry->d_name) && unlinkat(fd, entry->d_name, 0) < 0 &&
		    errno == EISDIR && depth < DEPTH_MAX)
			remove_in(fd, entry->d_name, depth + 1);
	if (dir)
		closedir(dir);
	if (unlinkat(parent, name, AT_REMOVEDIR) < 0 && errno == ENOTDIR)
		(void)unlinkat(parent, name, 0);
}

void folder_remove(const char *dir)
{
	remove_in(AT_FDCWD, dir, 0);
}
