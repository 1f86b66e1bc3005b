/*
 * capture_v4l2.c: a camera of the kernel's. It is asked for one of the formats that can be read as
 * they lie (layout.h), at about the size of the configuration and a few pictures a second; its
 * buffers are mapped, so that a picture is never copied. Of several that wait only the newest is
 * looked at: a code is read where it is now.
 *
 * What the driver says of sizes is checked against the buffer that it mapped. A picture that it
 * marks as broken, or that is short, is skipped; that there are no others is for the caller to
 * notice.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "eyed/capture.h"

#define BUFFERS 4 /* one being looked at, the rest for the driver */

struct video {
	struct capture capture;
	uint32_t format, width, height, stride;
	uint32_t buffers;
	struct {
		void *map;
		uint32_t len;
	} buffer[BUFFERS];
	bool streaming;
	int held; /* the buffer that is lent; -1: none */
};

_Static_assert(FOURCC('Y', 'U', 'Y', 'V') == V4L2_PIX_FMT_YUYV, "one way of numbering");

static struct video *video_of(struct capture *c)
{
	return (struct video *)c;
}

static int ask(const struct video *v, unsigned long request, void *what)
{
	int r;

	do
		r = ioctl(v->capture.fd, request, what);
	while (r < 0 && errno == EINTR);
	return r < 0 ? -errno : 0;
}

static int is_camera(const struct video *v, char why[200])
{
	const uint32_t need = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
	struct v4l2_capability cap = {0};
	uint32_t caps;

	if (ask(v, VIDIOC_QUERYCAP, &cap) < 0) {
		snprintf(why, 200, "it is no camera");
		return -ENODEV;
	}
	caps = cap.capabilities & V4L2_CAP_DEVICE_CAPS ? cap.device_caps : cap.capabilities;
	if ((caps & need) == need)
		return 0;
	snprintf(why, 200, "it is a video device, but no camera that streams");
	return -ENODEV;
}

/* The first of the formats that it takes, at the size that it makes of ours. */
static int choose_format(struct video *v, uint32_t width, uint32_t height, char why[200])
{
	for (uint32_t i = 0; i < LAYOUT_FORMATS; i++) {
		struct v4l2_format f = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE};

		f.fmt.pix.width = width;
		f.fmt.pix.height = height;
		f.fmt.pix.pixelformat = layout_formats[i];
		f.fmt.pix.field = V4L2_FIELD_NONE;
		if (ask(v, VIDIOC_S_FMT, &f) < 0 || f.fmt.pix.pixelformat != layout_formats[i] ||
		    layout_size(layout_formats[i], f.fmt.pix.width, f.fmt.pix.height) == 0)
			continue;
		v->format = layout_formats[i];
		v->width = f.fmt.pix.width;
		v->height = f.fmt.pix.height;
		v->stride = f.fmt.pix.bytesperline;
		return 0;
	}
	snprintf(why, 200, "it has none of GREY NV12 YU12 YUYV UYVY at about %ux%u", width, height);
	return -ENOTSUP;
}

/* Fewer pictures a second warm less; a camera that cannot gives what it gives. */
static void ask_rate(const struct video *v, uint32_t rate)
{
	struct v4l2_streamparm p = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE};

	p.parm.capture.timeperframe = (struct v4l2_fract){1, rate};
	(void)ask(v, VIDIOC_S_PARM, &p);
}

static int map_buffer(struct video *v, uint32_t i)
{
	struct v4l2_buffer b = {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_MMAP, .index = i};
	int r = ask(v, VIDIOC_QUERYBUF, &b);
	void *map;

	if (r < 0)
		return r;
	map = mmap(NULL, b.length, PROT_READ, MAP_SHARED, v->capture.fd, b.m.offset);
	if (map == MAP_FAILED) /* some drivers map both ways or not at all */
		map = mmap(NULL, b.length, PROT_READ | PROT_WRITE, MAP_SHARED, v->capture.fd,
			   b.m.offset);
	if (map == MAP_FAILED)
		return -errno;
	v->buffer[i].map = map;
	v->buffer[i].len = b.length;
	v->buffers = i + 1;
	return ask(v, VIDIOC_QBUF, &b);
}

static int stream(struct video *v)
{
	struct v4l2_requestbuffers want = {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_MMAP, .count = BUFFERS};
	int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
	int r = ask(v, VIDIOC_REQBUFS, &want);

	if (r == 0 && want.count < 2)
		r = -ENOMEM;
	for (uint32_t i = 0; r == 0 && i < want.count && i < BUFFERS; i++)
		r = map_buffer(v, i);
	if (r == 0)
		r = ask(v, VIDIOC_STREAMON, &type);
	v->streaming = r == 0;
	return r;
}

static void video_close(struct capture *c)
{
	struct video *v = video_of(c);
	int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;

	if (v->streaming)
		(void)ask(v, VIDIOC_STREAMOFF, &type);
	for (uint32_t i = 0; i < v->buffers; i++)
		munmap(v->buffer[i].map, v->buffer[i].len);
	if (v->capture.fd >= 0)
		close(v->capture.fd);
	free(v);
}

static int video_open(const char *where, uint32_t width, uint32_t height, uint32_t rate,
		      struct capture **ret, char why[200])
{
	struct video *v = calloc(1, sizeof(*v));
	int r;

	if (!v)
		return -ENOMEM;
	v->held = -1;
	v->capture.backend = &capture_backend_v4l2;
	v->capture.fd = open(where, O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	r = v->capture.fd < 0 ? -errno : is_camera(v, why);
	if (r == 0)
		r = choose_format(v, width, height, why);
	if (r == 0) {
		ask_rate(v, rate);
		r = stream(v);
	}
	if (r < 0) {
		video_close(&v->capture);
		return r;
	}
	*ret = &v->capture;
	return 0;
}

static int give_back(struct video *v, int index)
{
	struct v4l2_buffer b = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
				.memory = V4L2_MEMORY_MMAP,
				.index = (uint32_t)index};

	return index < 0 ? 0 : ask(v, VIDIOC_QBUF, &b);
}

/* The next buffer that is filled: 1, 0 none, -errno. */
static int take(struct video *v, struct v4l2_buffer *ret)
{
	int r;

	*ret = (struct v4l2_buffer){.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
				    .memory = V4L2_MEMORY_MMAP};
	r = ask(v, VIDIOC_DQBUF, ret);
	if (r < 0)
		return r == -EAGAIN ? 0 : r;
	return ret->index < v->buffers ? 1 : -EPROTO;
}

static int video_picture(struct capture *c, struct picture *ret)
{
	struct video *v = video_of(c);
	struct v4l2_buffer b, newest = {0};
	int r = give_back(v, v->held);

	v->held = -1;
	for (uint32_t i = 0; r == 0 && i < BUFFERS; i++) {
		r = take(v, &b);
		if (r <= 0)
			break;
		r = give_back(v, v->held);
		v->held = (int)b.index;
		newest = b;
	}
	if (r < 0)
		return r;
	if (v->held < 0 || newest.flags & V4L2_BUF_FLAG_ERROR)
		return 0;
	if (newest.bytesused > v->buffer[v->held].len)
		return -EPROTO;
	return layout_picture(
		v->format, v->width, v->height, v->stride,
		(struct span){(const uint8_t *)v->buffer[v->held].map, newest.bytesused}, ret);
}

const struct capture_backend capture_backend_v4l2 = {
	.open = video_open,
	.picture = video_picture,
	.close = video_close,
};
