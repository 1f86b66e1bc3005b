/*
 * scanner_input.c: a scanner that says it is a keyboard. It is taken for ourselves (EVIOCGRAB)
 * before a key of it is believed: otherwise every code would also be typed into the login on the
 * machine's console, and a printed code could be a command. A device that another program has
 * grabbed, that does not let itself be grabbed, or that is no keyboard, is not used.
 *
 * A code is told when its Enter comes, and not key by key: keys are slow, and a frame ends with 50
 * ms of silence (wire/frame.h), which would cut one. So the scanner has to be set to end with
 * Enter, as they nearly all are. What stays without its Enter for KEY_GAP_MS by the kernel's own
 * clock is a code by itself: the next one is not spoilt by it.
 *
 * Keys come in packets. Where the kernel had to throw some away it says so (SYN_DROPPED): what was
 * being read then has a hole, and gets a NUL for it, which no code that means anything here has. So
 * half a code is refused, and never taken for a whole one.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/input.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "device/scanner_backend.h"
#include "device/scanner_keys.h"

#define DRAIN_AT_ONCE 64   /* 1.5 kB of stack */
#define EVENTS_MAX    1024 /* a wake-up: one that types without end must not starve the door */
#define HOLE	      '\0'
#define KEY_GAP_MS    2000
#define HELD_MAX      600 /* more than a frame may have: it is told as too long in any case */

struct input {
	struct scanner scanner;
	struct scanner_keys keys;
	bool skipping; /* up to the end of a packet of which a part is lost */
	uint8_t held[HELD_MAX];
	uint32_t len, ready; /* of those; and how many of them are to be told */
	int64_t last_ms;     /* of the newest key's byte */
};

static struct input *input_of(struct scanner *s)
{
	return (struct input *)s;
}

struct scanner *scanner_input_over(int fd)
{
	struct input *in = calloc(1, sizeof(*in));

	if (!in)
		return NULL;
	in->scanner.backend = &scanner_backend_input;
	in->scanner.fd = fd;
	return &in->scanner;
}

static bool has_key(const unsigned char *bits, uint32_t key)
{
	return bits[key / 8] >> key % 8 & 1;
}

/* Whether it is a keyboard that can type a code, and ours alone from now on. */
static int take(int fd, char why[200])
{
	unsigned char keys[KEY_MAX / 8 + 1] = {0};
	int version;

	if (ioctl(fd, EVIOCGVERSION, &version) < 0) {
		snprintf(why, 200, "it is no input device (/dev/input/…-event-kbd)");
		return -ENODEV;
	}
	if (ioctl(fd, EVIOCGBIT(EV_KEY, sizeof(keys)), keys) < 0 || !has_key(keys, KEY_ENTER) ||
	    !has_key(keys, KEY_0) || !has_key(keys, KEY_LEFTSHIFT)) {
		snprintf(why, 200, "it is an input device, but no keyboard");
		return -ENODEV;
	}
	if (ioctl(fd, EVIOCGRAB, (void *)1) < 0) {
		int r = -errno;

		snprintf(why, 200, "it cannot be had for the shop alone: %s",
			 r == -EBUSY ? "another program has grabbed it" : strerror(-r));
		return r;
	}
	return 0;
}

/* What was typed before it was ours is no request, and went to a console. */
static void drain(int fd)
{
	struct input_event event[DRAIN_AT_ONCE];

	for (int i = 0; i < EVENTS_MAX / DRAIN_AT_ONCE; i++)
		if (read(fd, event, sizeof(event)) <= 0)
			return;
}

static int input_open(const char *where, struct scanner **ret, char why[200])
{
	int r, fd = open(where, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	r = take(fd, why);
	if (r == 0) {
		drain(fd);
		*ret = scanner_input_over(fd);
		r = *ret ? 0 : -ENOMEM;
	}
	if (r < 0)
		close(fd);
	return r;
}

/* One event; true when it made a byte. */
static bool input_take(struct input *in, const struct input_event *e, uint8_t *ret)
{
	if (e->type == EV_SYN && e->code == SYN_DROPPED) {
		scanner_keys_lost(&in->keys);
		in->skipping = true;
		*ret = HOLE;
		return true;
	}
	if (in->skipping) {
		in->skipping = !(e->type == EV_SYN && e->code == SYN_REPORT);
		return false;
	}
	return e->type == EV_KEY && scanner_key(&in->keys, e->code, e->value, ret);
}

/* The next event: 1, 0 none now, -errno. */
static int event_read(int fd, struct input_event *event)
{
	ssize_t n;

	do
		n = read(fd, event, sizeof(*event));
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == EAGAIN ? 0 : -errno;
	/* a keyboard that is there never reads 0, nor half an event */
	return n == sizeof(*event) ? 1 : -ENODEV;
}

/* A byte, as long as there is room: without an Enter in so many it is no code, and told as it is.
 */
static void hold(struct input *in, uint8_t byte)
{
	CHECK(in->len < HELD_MAX);
	in->held[in->len++] = byte;
	if (byte == '\r' || in->len == HELD_MAX - 1)
		in->ready = in->len;
}

static void input_hear(struct input *in, const struct input_event *e)
{
	int64_t at_ms = (int64_t)e->input_event_sec * 1000 + e->input_event_usec / 1000;
	uint8_t byte;

	if (!input_take(in, e, &byte))
		return;
	if (in->len > in->ready && at_ms - in->last_ms > KEY_GAP_MS)
		hold(in, '\r');
	in->last_ms = at_ms;
	hold(in, byte);
}

static int hand_out(struct input *in, uint8_t *bytes, uint32_t size)
{
	uint32_t n = in->ready < size ? in->ready : size;

	memcpy(bytes, in->held, n);
	in->len -= n;
	in->ready -= n;
	memmove(in->held, in->held + n, in->len);
	return (int)n;
}

static int input_read(struct scanner *s, uint8_t *bytes, uint32_t size)
{
	struct input_event event;
	struct input *in = input_of(s);

	/* one by one: whole codes are handed out before another may follow them */
	for (uint32_t seen = 0; seen < EVENTS_MAX && in->ready == 0; seen++) {
		int n = event_read(s->fd, &event);

		if (n < 0)
			return n;
		if (n == 0)
			break;
		input_hear(in, &event);
	}
	return hand_out(in, bytes, size);
}

const struct scanner_backend scanner_backend_input = {
	.open = input_open,
	.read = input_read,
};
