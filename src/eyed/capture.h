/*
 * capture.h: a camera, whatever stands behind it: pictures one by one, the newest first thing. Two
 * kinds, by the first letters of eyed.conf's `camera`:
 *
 *   /dev/…    a camera of the kernel's (V4L2), its buffers mapped: capture_v4l2.c
 *   file:/…   pictures out of a file, again and again, or out of a FIFO: capture_file.c; for tests
 *             and for a shop on a desk
 */
#ifndef SHOP_EYED_CAPTURE_H
#define SHOP_EYED_CAPTURE_H

#include "eyed/layout.h"

struct capture;

/** capture_open - starts it, with pictures of about this size and `rate` a second. 0 or -errno, and
 * then `why` says in words what stands in the way. */
MUST_CHECK int capture_open(const char *spec, uint32_t width, uint32_t height, uint32_t rate,
			    struct capture **ret, char why[200]);

/** capture_fd - readable when capture_picture() may have one. */
int capture_fd(const struct capture *c);

/** capture_picture - 1: *ret is the newest picture, lent until the next call of either; 0: none
 * now; -errno: the camera is gone, or says what no camera would. */
MUST_CHECK int capture_picture(struct capture *c, struct picture *ret);

/** capture_close - NULL is fine. */
void capture_close(struct capture *c);

/** What stands behind it; each is the first member of its own struct. `close` frees. */
struct capture_backend {
	int (*open)(const char *where, uint32_t width, uint32_t height, uint32_t rate,
		    struct capture **ret, char why[200]);
	int (*picture)(struct capture *c, struct picture *ret);
	void (*close)(struct capture *c);
};
struct capture {
	const struct capture_backend *backend;
	int fd;
};
extern const struct capture_backend capture_backend_v4l2;
extern const struct capture_backend capture_backend_file;

/** What stands before each picture in a file: "SKF1", the format's four letters, width and height;
 * numbers little-endian. Its pixels follow, rows without padding. */
#define FRAME_HEAD_SIZE 16
/** frame_head - how many bytes of pixels follow; 0: that is no head. */
uint32_t frame_head(const uint8_t head[FRAME_HEAD_SIZE], uint32_t *ret_format, uint32_t *ret_width,
		    uint32_t *ret_height);

#endif
