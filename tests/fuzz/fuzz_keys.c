/*
 * fuzz_keys.c: what a keyboard scanner's device may say, byte for byte as the kernel would give it,
 * through a pipe. However a wake-up was cut, the same bytes come out; no more of them than events
 * went in; and a device that says half an event is gone.
 *
 * The input: four bytes an event: type, code (two), value.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/input.h>
#include <string.h>
#include <unistd.h>

#include "base/check.h"
#include "device/scanner_backend.h"

#define EVENTS_MAX 2000 /* what a pipe holds */

/* All that comes out, read in pieces of `piece`; how much. */
static uint32_t read_all(struct scanner *s, uint8_t *bytes, uint32_t room, uint32_t piece)
{
	uint32_t len = 0;
	int n;

	do {
		uint32_t left = room - len;

		n = scanner_read(s, bytes + len, left < piece ? left : piece);
		len += n > 0 ? (uint32_t)n : 0;
		CHECK(len < room);
	} while (n != -ENODEV);
	return len;
}

static uint32_t typed(const uint8_t *data, uint32_t events, bool half, uint8_t *bytes,
		      uint32_t piece)
{
	struct scanner *s;
	uint32_t len;
	int fd[2];

	CHECK(pipe2(fd, O_NONBLOCK | O_CLOEXEC) == 0);
	for (uint32_t i = 0; i < events; i++) {
		const uint8_t *d = data + 4 * i;
		/* small types, so that there are keys among them */
		struct input_event e = {.type = d[0] % 6,
					.code = (uint16_t)(d[1] | (d[2] & 3) << 8),
					.value = (int8_t)d[3]};

		CHECK(write(fd[1], &e, sizeof(e)) == sizeof(e));
	}
	if (half)
		CHECK(write(fd[1], "half", 4) == 4);
	close(fd[1]);
	s = scanner_input_over(fd[0]);
	CHECK(s);
	len = read_all(s, bytes, EVENTS_MAX + 2, piece);
	CHECK(len <= events);
	scanner_close(s);
	return len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t whole[EVENTS_MAX + 2], cut[EVENTS_MAX + 2];
	uint32_t events = (uint32_t)(size / 4 < EVENTS_MAX ? size / 4 : EVENTS_MAX);
	uint32_t len = typed(data, events, size % 4 == 1, whole, sizeof(whole));

	if (size % 4 == 1) /* what was held then is never told */
		return 0;
	CHECK(len == typed(data, events, false, cut, 1 + (uint32_t)(size % 7)));
	CHECK(memcmp(whole, cut, len) == 0);
	return 0;
}
