/*
 * scanner_input.c: a scanner that says it is a keyboard. It is taken for ourselves (EVIOCGRAB)
 * before a key of it is believed: otherwise every code would also be typed into the login on the
 * machine's console, and a printed code could be a command. A device that another program has
 * grabbed, that does not let itself be grabbed, or that is no keyboard, is not used.
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

#define EVENTS_AT_ONCE 64   /* 1.5 kB of stack */
#define EVENTS_MAX     1024 /* a wake-up: one that types without end must not starve the door */
#define HOLE	       '\0'

struct input {
	struct scanner scanner;
	struct scanner_keys keys;
	bool skipping; /* up to the end of a packet of which a part is lost */
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
	struct input_event event[EVENTS_AT_ONCE];

	for (int i = 0; i < EVENTS_MAX / EVENTS_AT_ONCE; i++)
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

/* How many whole events; 0 none now, -errno. */
static int events_read(int fd, struct input_event *event, uint32_t events)
{
	ssize_t n;

	do
		n = read(fd, event, events * sizeof(*event));
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == EAGAIN ? 0 : -errno;
	/* a keyboard that is there never reads 0, nor half an event */
	if (n == 0 || (size_t)n % sizeof(*event) != 0)
		return -ENODEV;
	return (int)((size_t)n / sizeof(*event));
}

static int input_read(struct scanner *s, uint8_t *bytes, uint32_t size)
{
	struct input_event event[EVENTS_AT_ONCE];
	struct input *in = input_of(s);
	uint32_t made = 0;

	/* an event makes a byte at most, so what is read always fits */
	for (uint32_t seen = 0; seen < EVENTS_MAX && made < size;) {
		uint32_t room = size - made < EVENTS_AT_ONCE ? size - made : EVENTS_AT_ONCE;
		int n = events_read(s->fd, event, room);

		if (n < 0)
			return made > 0 ? (int)made : n; /* what it read before it went counts */
		for (int i = 0; i < n; i++)
			made += input_take(in, &event[i], &bytes[made]);
		if (n < (int)room)
			break;
		seen += (uint32_t)n;
	}
	return (int)made;
}

const struct scanner_backend scanner_backend_input = {
	.open = input_open,
	.read = input_read,
};
