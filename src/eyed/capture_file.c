/*
 * capture_file.c: a camera for those who have none: pictures that stand in a file one behind the
 * other. A plain file is shown at the rate that was asked for, and from its beginning again; out of
 * a FIFO they come as somebody writes them. A head that is none, or a size that no camera has, is
 * the end of this camera, as a broken driver's would be.
 */
#include "eyed/capture.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <unistd.h>

struct film {
	struct capture capture; /* its fd: of the clock of a plain file, or the FIFO */
	int file;
	bool plain;
	uint8_t head[FRAME_HEAD_SIZE];
	uint32_t head_len;
	uint32_t format, width, height;
	uint32_t size, len; /* of the pixels, once the head is there */
	uint8_t *pixels;
};

static struct film *film_of(struct capture *c)
{
	return (struct film *)c;
}

static uint32_t little(const uint8_t *b)
{
	return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

uint32_t frame_head(const uint8_t head[FRAME_HEAD_SIZE], uint32_t *ret_format, uint32_t *ret_width,
		    uint32_t *ret_height)
{
	if (memcmp(head, "SKF1", 4) != 0)
		return 0;
	*ret_format = little(head + 4);
	*ret_width = little(head + 8);
	*ret_height = little(head + 12);
	return layout_size(*ret_format, *ret_width, *ret_height);
}

static void film_close(struct capture *c)
{
	struct film *f = film_of(c);

	if (f->plain && f->capture.fd >= 0)
		close(f->capture.fd);
	if (f->file >= 0)
		close(f->file);
	free(f->pixels);
	free(f);
}

/* A plain file is always readable, and no epoll takes it: a clock does that for it. */
static int film_clock(struct film *f, uint32_t rate)
{
	struct itimerspec every = {.it_interval.tv_nsec = 1000000000L / (long)(rate + 1)};

	every.it_value = every.it_interval;
	f->capture.fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (f->capture.fd < 0 || timerfd_settime(f->capture.fd, 0, &every, NULL) < 0)
		return -errno;
	return 0;
}

static int film_start(struct film *f, const char *where, uint32_t rate, char why[200])
{
	struct stat st;

	/* a FIFO is opened both ways: then it has no end when its writer goes */
	f->file = open(where, O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (f->file < 0)
		f->file = open(where, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (f->file < 0 || fstat(f->file, &st) < 0)
		return -errno;
	f->plain = S_ISREG(st.st_mode);
	if (f->plain)
		return film_clock(f, rate);
	if (S_ISFIFO(st.st_mode)) {
		f->capture.fd = f->file;
		return 0;
	}
	snprintf(why, 200, "it is neither a file nor a FIFO");
	return -EINVAL;
}

static int film_open(const char *where, uint32_t width, uint32_t height, uint32_t rate,
		     struct capture **ret, char why[200])
{
	struct film *f = calloc(1, sizeof(*f));
	int r = -ENOMEM;

	(void)width;
	(void)height; /* it has the size that it has */
	if (!f)
		return r;
	f->capture = (struct capture){&capture_backend_file, -1};
	f->file = -1;
	f->pixels = malloc(PICTURE_BYTES_MAX);
	if (f->pixels)
		r = film_start(f, where, rate, why);
	if (r < 0) {
		film_close(&f->capture);
		return r;
	}
	*ret = &f->capture;
	return 0;
}

/* Reads on towards `size` bytes: 1 all there, 0 not yet, -errno. */
static int film_read(struct film *f, uint8_t *bytes, uint32_t *len, uint32_t size)
{
	while (*len < size) {
		ssize_t n = read(f->file, bytes + *len, size - *len);

		if (n < 0)
			return errno == EAGAIN || errno == EINTR ? 0 : -errno;
		if (n == 0)
			return -ENODATA;
		*len += (uint32_t)n;
	}
	return 1;
}

/* From the beginning again, if it ended where a picture ends. */
static int film_rewind(struct film *f)
{
	if (f->head_len > 0 || lseek(f->file, 0, SEEK_CUR) == 0)
		return -ENODATA;
	return lseek(f->file, 0, SEEK_SET) < 0 ? -errno : 0;
}

static int film_picture(struct capture *c, struct picture *ret)
{
	struct film *f = film_of(c);
	uint64_t ticks;
	int r;

	if (f->plain && read(f->capture.fd, &ticks, sizeof(ticks)) < 0)
		return errno == EAGAIN ? 0 : -errno;
	if (f->size == 0) {
		r = film_read(f, f->head, &f->head_len, FRAME_HEAD_SIZE);
		if (r == -ENODATA)
			return film_rewind(f);
		if (r <= 0)
			return r;
		f->size = frame_head(f->head, &f->format, &f->width, &f->height);
		f->len = 0;
		if (f->size == 0)
			return -EPROTO;
	}
	r = film_read(f, f->pixels, &f->len, f->size);
	if (r <= 0)
		return r;
	f->size = f->head_len = 0;
	return layout_picture(f->format, f->width, f->height, 0, (struct span){f->pixels, f->len},
			      ret)
		       ? 1
		       : -EPROTO;
}

const struct capture_backend capture_backend_file = {
	.open = film_open,
	.picture = film_picture,
	.close = film_close,
};
