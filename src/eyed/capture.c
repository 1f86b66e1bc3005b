/*
 * capture.c: which kind of camera it is, by the first letters of its address.
 */
#include "eyed/capture.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

int capture_open(const char *spec, uint32_t width, uint32_t height, uint32_t rate,
		 struct capture **ret, char why[200])
{
	static const char file[] = "file:";
	bool of_file = strncmp(spec, file, sizeof(file) - 1) == 0;
	const struct capture_backend *backend =
		of_file ? &capture_backend_file : &capture_backend_v4l2;
	int r;

	why[0] = '\0';
	r = backend->open(of_file ? spec + sizeof(file) - 1 : spec, width, height, rate, ret, why);
	if (r < 0 && why[0] == '\0')
		snprintf(why, 200, "%s", strerror(-r));
	return r;
}

int capture_fd(const struct capture *c)
{
	return c->fd;
}

int capture_picture(struct capture *c, struct picture *ret)
{
	return c->backend->picture(c, ret);
}

void capture_close(struct capture *c)
{
	if (c)
		c->backend->close(c);
}
