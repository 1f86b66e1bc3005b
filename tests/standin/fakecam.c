/*
 * fakecam.c: a camera of the kernel's for those who have none, put before a program (LD_PRELOAD):
 * what it opens under the name in FAKECAM is a V4L2 device with three buffers, ten pictures a
 * second of 640x480 in YUYV and rows that are padded, as drivers have them.
 *
 * The picture is the file FAKECAM.picture, read anew each time, as tests/standin/eyepaint writes it
 * (format=YUYV); without the file the camera is there and shows nothing. FAKECAM.mode is one word
 * of what may go wrong with a camera: gone, broken, short, index, length.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum {
	WIDTH = 640,
	HEIGHT = 480,
	ROW = 2 * WIDTH,
	STRIDE = ROW + 64,
	BUFFERS = 3,
	HEAD = 16,
	LENGTH = (STRIDE * HEIGHT + 4095) / 4096 * 4096
};

static int device = -1;
static unsigned char *buffer[BUFFERS];
static int queued[BUFFERS], streaming;

int open(const char *path, int flags, ...);
int open64(const char *path, int flags, ...);
int ioctl(int fd, unsigned long request, ...);
void *mmap(void *at, size_t len, int prot, int flags, int fd, off_t offset);
int close(int fd);

static void *real(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

static int real_open(const char *path, int flags, unsigned mode)
{
	union {
		void *object;
		int (*call)(const char *, int, ...);
	} f = {.object = real("open")};

	return f.call(path, flags, mode);
}

/* What a file beside the device says, at most `size` bytes; 0: nothing. */
static long said(const char *suffix, unsigned char *bytes, long size)
{
	char path[300];
	long len = 0, got = 1;
	int fd;

	snprintf(path, sizeof(path), "%s%s", getenv("FAKECAM"), suffix);
	fd = real_open(path, O_RDONLY | O_CLOEXEC, 0);
	while (fd >= 0 && len < size && got > 0) {
		got = read(fd, bytes + len, (size_t)(size - len));
		len += got > 0 ? got : 0;
	}
	if (fd >= 0)
		close(fd);
	return len;
}

static int mode_is(const char *word)
{
	unsigned char mode[16] = "";

	return said(".mode", mode, sizeof(mode) - 1) > 0 &&
	       strncmp((char *)mode, word, strlen(word)) == 0;
}

static int fail(int error)
{
	errno = error;
	return -1;
}

static int camera_open(void)
{
	struct itimerspec every = {{0, 100000000}, {0, 100000000}};

	if (mode_is("gone"))
		return fail(ENODEV);
	device = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	timerfd_settime(device, 0, &every, NULL);
	return device;
}

int open(const char *path, int flags, ...)
{
	va_list more;
	unsigned mode;

	va_start(more, flags);
	mode = flags & O_CREAT ? va_arg(more, unsigned) : 0;
	va_end(more);
	if (getenv("FAKECAM") && strcmp(path, getenv("FAKECAM")) == 0)
		return camera_open();
	return real_open(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
	va_list more;
	unsigned mode;

	va_start(more, flags);
	mode = flags & O_CREAT ? va_arg(more, unsigned) : 0;
	va_end(more);
	return open(path, flags, mode);
}

void *mmap(void *at, size_t len, int prot, int flags, int fd, off_t offset)
{
	union {
		void *object;
		void *(*call)(void *, size_t, int, int, int, off_t);
	} f = {.object = real("mmap")};
	void *map;

	if (fd < 0 || fd != device)
		return f.call(at, len, prot, flags, fd, offset);
	map = f.call(at, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (map != MAP_FAILED && offset / LENGTH < BUFFERS)
		buffer[offset / LENGTH] = map;
	return map;
}

int close(int fd)
{
	union {
		void *object;
		int (*call)(int);
	} f = {.object = real("close")};

	if (fd >= 0 && fd == device) {
		device = -1;
		streaming = 0;
		memset(queued, 0, sizeof(queued));
	}
	return f.call(fd);
}

static int set_format(struct v4l2_format *f)
{
	f->fmt.pix.pixelformat = V4L2_PIX_FMT_YUYV; /* the only one, whatever was asked for */
	f->fmt.pix.width = WIDTH;
	f->fmt.pix.height = HEIGHT;
	f->fmt.pix.bytesperline = STRIDE;
	f->fmt.pix.sizeimage = LENGTH;
	return 0;
}

static int query_buffer(struct v4l2_buffer *b)
{
	if (b->index >= BUFFERS)
		return fail(EINVAL);
	b->length = LENGTH;
	b->m.offset = b->index * LENGTH;
	return 0;
}

/* The picture of now, with its rows padded. */
static void fill(unsigned char *bytes)
{
	static unsigned char packed[HEAD + ROW * HEIGHT];
	long len = said(".picture", packed, sizeof(packed));

	memset(bytes, 128, LENGTH);
	for (long y = 0; y < HEIGHT && len == sizeof(packed); y++)
		memcpy(bytes + y * STRIDE, packed + HEAD + y * ROW, ROW);
}

static int take_buffer(struct v4l2_buffer *b)
{
	unsigned long long ticks;
	unsigned i = 0;

	if (mode_is("gone"))
		return fail(ENODEV);
	while (i < BUFFERS && !queued[i])
		i++;
	if (!streaming || i == BUFFERS || read(device, &ticks, sizeof(ticks)) < 0)
		return fail(EAGAIN);
	queued[i] = 0;
	fill(buffer[i]);
	b->index = mode_is("index") ? 77 : i;
	b->bytesused = mode_is("short") ? 1000 : mode_is("length") ? LENGTH + 1 : STRIDE * HEIGHT;
	b->flags = mode_is("broken") ? V4L2_BUF_FLAG_ERROR : 0;
	return 0;
}

static int camera_ioctl(unsigned long request, void *what)
{
	struct v4l2_capability *cap = what;
	struct v4l2_requestbuffers *want = what;
	struct v4l2_buffer *b = what;

	switch (request) {
	case VIDIOC_QUERYCAP:
		cap->capabilities = V4L2_CAP_DEVICE_CAPS;
		cap->device_caps = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
		return 0;
	case VIDIOC_S_FMT:
		return set_format(what);
	case VIDIOC_REQBUFS:
		want->count = BUFFERS;
		return 0;
	case VIDIOC_QUERYBUF:
		return query_buffer(b);
	case VIDIOC_QBUF:
		if (b->index >= BUFFERS || queued[b->index])
			return fail(EINVAL); /* whoever gives one back twice has lost count */
		queued[b->index] = 1;
		return 0;
	case VIDIOC_DQBUF:
		return take_buffer(b);
	case VIDIOC_STREAMON:
		streaming = 1;
		return 0;
	case VIDIOC_STREAMOFF:
		streaming = 0;
		return 0;
	default:
		return fail(ENOTTY); /* VIDIOC_S_PARM too: some cannot */
	}
}

int ioctl(int fd, unsigned long request, ...)
{
	union {
		void *object;
		int (*call)(int, unsigned long, ...);
	} f = {.object = real("ioctl")};
	va_list more;
	void *what;

	va_start(more, request);
	what = va_arg(more, void *);
	va_end(more);
	return fd >= 0 && fd == device ? camera_ioctl(request, what) : f.call(fd, request, what);
}
