/*
 * scanner_eye.c: a camera that reads codes, by way of eyed: a program of its own with no other
 * right looks at the pictures, and says here what it read, each code and a CR. It is believed as
 * little as any other scanner.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "device/scanner_backend.h"

static int eye_dial(const char *where)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd, r;

	if (strlen(where) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, where, strlen(where));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	/* to a local socket that is done at once, or not at all (EAGAIN: too many wait there) */
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0) {
		r = -errno;
		close(fd);
		return r;
	}
	return fd;
}

static int eye_open(const char *where, struct scanner **ret, char why[200])
{
	struct scanner *s = calloc(1, sizeof(*s));
	int r;

	if (!s)
		return -ENOMEM;
	s->backend = &scanner_backend_eye;
	s->fd = r = eye_dial(where);
	if (r < 0) {
		if (r == -ENOENT || r == -ECONNREFUSED)
			snprintf(why, 200, "eyed does not run, or its camera is not there");
		free(s);
		return r;
	}
	*ret = s;
	return 0;
}

static int eye_read(struct scanner *s, uint8_t *bytes, uint32_t size)
{
	ssize_t n;

	do
		n = recv(s->fd, bytes, size, MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	if (n > 0)
		return (int)n;
	if (n == 0)
		return -ENODEV;
	return errno == EAGAIN ? 0 : -errno;
}

const struct scanner_backend scanner_backend_eye = {
	.open = eye_open,
	.read = eye_read,
};
