/*
 * unix_listen.c: a name in a folder that may still be there from a program that died.
 */
#include "net/unix_listen.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static int clear_path(const struct sockaddr_un *address, int type)
{
	struct stat old;
	int fd, r;

	if (lstat(address->sun_path, &old) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(old.st_mode))
		return -EEXIST;
	fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	r = connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0 ? 0 : -errno;
	close(fd);
	if (r == 0 || r == -EAGAIN)
		return -EADDRINUSE;
	return unlink(address->sun_path) < 0 && errno != ENOENT ? -errno : 0;
}

static int bind_and_listen(int fd, const struct sockaddr_un *address, uint32_t mode, int backlog)
{
	/* the mode before there is a name, so that it was never wider; again after, for the umask
	 */
	if (fchmod(fd, mode) < 0 ||
	    bind(fd, (const struct sockaddr *)address, sizeof(*address)) < 0)
		return -errno;
	if (chmod(address->sun_path, mode) < 0 || listen(fd, backlog) < 0) {
		int r = -errno;

		unlink(address->sun_path);
		return r;
	}
	return 0;
}

int unix_listen(const struct sockaddr_un *address, int type, uint32_t mode, int backlog,
		int *ret_fd)
{
	int fd, r = clear_path(address, type);

	if (r < 0)
		return r;
	fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	r = bind_and_listen(fd, address, mode, backlog);
	if (r < 0) {
		close(fd);
		return r;
	}
	*ret_fd = fd;
	return 0;
}
