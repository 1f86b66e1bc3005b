/* private_file.c: a secret that others on this machine could read is refused, not used: the person
 * who starts officed hears of it at once and can still change the secret. */
#include "officed/private_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static ssize_t read_all(int fd, void *bytes, size_t size)
{
	size_t len = 0;
	ssize_t got = 1;

	while (len < size && got > 0) {
		got = read(fd, (char *)bytes + len, size - len);
		if (got > 0)
			len += (size_t)got;
	}
	return got < 0 ? -errno : (ssize_t)len;
}

ssize_t file_read(const char *path, void *bytes, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	ssize_t len;

	if (fd < 0)
		return -errno;
	len = read_all(fd, bytes, size);
	close(fd);
	return len;
}

static const char *fd_wrong(int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return "it is no file";
	if ((st.st_mode & 077) != 0)
		return "others may read it: chmod 600";
	return NULL;
}

const char *private_line_read(const char *path, char *line, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	const char *wrong;
	ssize_t len = 0;
	size_t end;

	if (fd < 0)
		return strerrordesc_np(errno);
	memset(line, 0, size);
	wrong = fd_wrong(fd);
	if (wrong == NULL)
		len = read_all(fd, line, size);
	close(fd);
	if (wrong != NULL)
		return wrong;
	if (len < 0)
		return strerrordesc_np((int)-len);
	end = 0;
	while (end < (size_t)len && line[end] != '\n' && line[end] != '\r' && line[end] != '\0')
		end++;
	if (end == 0 || end == size) {
		explicit_bzero(line, size);
		return "its first line is empty or too long";
	}
	memset(line + end, 0, size - end);
	return NULL;
}
