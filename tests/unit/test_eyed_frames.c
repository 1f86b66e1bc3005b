/* test_eyed_frames.c: pictures out of buffers and files whose every number is hostile; codes that
 * are told once; and the decoder on pictures that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <qrencode.h>
#include <sys/stat.h>
#include <unistd.h>

#include "eyed/capture.h"
#include "eyed/seen.h"

#define GREY FOURCC('G', 'R', 'E', 'Y')
#define YUYV FOURCC('Y', 'U', 'Y', 'V')
#define NV12 FOURCC('N', 'V', '1', '2')

#define PATIENCE_MS 5000

/* --- layout */

static void sizes_that_no_camera_has_are_none(void **state)
{
	static const uint32_t table[][2] = {
		{0, 0},	       {63, 480},	  {640, 63},	     {1921, 480},
		{640, 1081},   {UINT32_MAX, 480}, {640, UINT32_MAX}, {UINT32_MAX, UINT32_MAX},
		{1U << 31, 2}, {65536, 65536},	  {0x10000, 0x8000}, {480, 0},
	};

	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(table); i++)
		for (uint32_t f = 0; f < LAYOUT_FORMATS; f++)
			assert_int_equal(layout_size(layout_formats[f], table[i][0], table[i][1]),
					 0);
	assert_int_equal(layout_size(FOURCC('M', 'J', 'P', 'G'), 640, 480), 0);
	assert_int_equal(layout_size(0, 640, 480), 0);
	assert_int_equal(layout_size(GREY, 640, 480), 640 * 480);
	assert_int_equal(layout_size(NV12, 640, 480), 640 * 480 * 3 / 2);
	assert_int_equal(layout_size(YUYV, 1920, 1080), PICTURE_BYTES_MAX);
}

static void a_picture_lies_within_its_buffer(void **state)
{
	static uint8_t bytes[2 * 100 * 80 + 200];
	struct picture p;

	(void)state;
	for (uint32_t f = 0; f < LAYOUT_FORMATS; f++)
		for (uint32_t stride = 90; stride < 220; stride += 10)
			for (uint32_t len = 0; len < sizeof(bytes); len += 99) {
				const uint8_t *last;

				if (!layout_picture(layout_formats[f], 100, 80, stride,
						    (struct span){bytes, len}, &p))
					continue;
				last = p.luma + 79 * p.stride + 99 * p.step;
				assert_true(p.luma >= bytes && last < bytes + len);
				assert_true(p.stride >= 100 * p.step);
			}
	assert_true(layout_picture(GREY, 100, 80, 0, (struct span){bytes, 8000}, &p));
	assert_int_equal(p.stride, 100);
	assert_false(layout_picture(GREY, 100, 80, 0, (struct span){bytes, 7999}, &p));
	assert_false(layout_picture(GREY, 100, 80, 99, (struct span){bytes, sizeof(bytes)}, &p));
	assert_false(layout_picture(GREY, 100, 80, UINT32_MAX, (struct span){bytes, 9000}, &p));
	/* the last row needs no padding behind it, and colours may be missing */
	assert_true(layout_picture(GREY, 100, 80, 110, (struct span){bytes, 79 * 110 + 100}, &p));
	assert_true(layout_picture(NV12, 100, 80, 0, (struct span){bytes, 8000}, &p));
	assert_true(layout_picture(FOURCC('U', 'Y', 'V', 'Y'), 100, 80, 0,
				   (struct span){bytes, 16000}, &p));
	assert_ptr_equal(p.luma, bytes + 1);
	assert_int_equal(p.step, 2);
}

static void heads_of_files(void **state)
{
	static const uint8_t good[FRAME_HEAD_SIZE] = "SKF1GREY\x80\x02\0\0\xe0\x01\0\0";
	uint8_t head[FRAME_HEAD_SIZE];
	uint32_t format, width, height;

	(void)state;
	assert_int_equal(frame_head(good, &format, &width, &height), 640 * 480);
	assert_int_equal(format, GREY);
	assert_int_equal(width, 640);
	assert_int_equal(height, 480);
	for (uint32_t i = 0; i < sizeof(head); i++) { /* each byte matters */
		memcpy(head, good, sizeof(head));
		head[i] ^= 0x80;
		assert_int_not_equal(frame_head(head, &format, &width, &height), 640 * 480);
	}
}

/* --- files as cameras */

static void put_frame(int fd, uint32_t width, uint32_t height, uint8_t level)
{
	uint8_t head[FRAME_HEAD_SIZE] = "SKF1GREY", row[256];

	head[8] = (uint8_t)width;
	head[12] = (uint8_t)height;
	memset(row, level, sizeof(row));
	assert_int_equal(write(fd, head, sizeof(head)), sizeof(head));
	for (uint32_t y = 0; y < height; y++)
		assert_int_equal(write(fd, row, width), width);
}

/* The next picture, or an error; never waits for longer than a test has patience. */
static int next(struct capture *c, struct picture *ret)
{
	struct pollfd p = {.fd = capture_fd(c), .events = POLLIN};
	int r;

	do {
		assert_int_equal(poll(&p, 1, PATIENCE_MS), 1);
		r = capture_picture(c, ret);
	} while (r == 0);
	return r;
}

static struct capture *opened(const char *path)
{
	struct capture *c = NULL;
	char spec[100], why[200];

	snprintf(spec, sizeof(spec), "file:%s", path);
	assert_int_equal(capture_open(spec, 640, 480, 10, &c, why), 0);
	return c;
}

static void a_file_is_shown_again_and_again(void **state)
{
	char path[] = "/tmp/test-frames-XXXXXX";
	int fd = mkstemp(path);
	struct capture *c;
	struct picture p;

	(void)state;
	put_frame(fd, 80, 64, 10);
	put_frame(fd, 100, 70, 20);
	c = opened(path);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(next(c, &p), 1);
		assert_int_equal(p.width, i % 2 ? 100 : 80);
		assert_int_equal(p.luma[p.stride * (p.height - 1) + p.width - 1], i % 2 ? 20 : 10);
	}
	capture_close(c);
	/* cut in its last picture: what was whole is shown, then it is gone */
	assert_int_equal(ftruncate(fd, 2 * FRAME_HEAD_SIZE + 80 * 64 + 100 * 70 - 1), 0);
	c = opened(path);
	assert_int_equal(next(c, &p), 1);
	assert_int_equal(next(c, &p), -ENODATA);
	capture_close(c);
	assert_int_equal(ftruncate(fd, 0), 0);
	c = opened(path);
	assert_int_equal(next(c, &p), -ENODATA);
	capture_close(c);
	close(fd);
	unlink(path);
}

static void a_fifo_brings_pictures_in_pieces(void **state)
{
	char path[] = "/tmp/test-fifo-XXXXXX";
	uint8_t head[FRAME_HEAD_SIZE] = "SKF1GREY";
	struct capture *c;
	struct picture p;
	int fd = mkstemp(path);

	(void)state;
	close(fd);
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	c = opened(path);
	assert_int_equal(capture_picture(c, &p), 0);
	fd = open(path, O_WRONLY);
	head[8] = head[12] = 64;
	for (uint32_t i = 0; i < sizeof(head); i++) {
		assert_int_equal(write(fd, head + i, 1), 1);
		assert_int_equal(capture_picture(c, &p), 0);
	}
	for (uint32_t i = 0; i < 64; i++) {
		assert_int_equal(capture_picture(c, &p), 0);
		assert_int_equal(write(fd,
				       "123456789_123456789_123456789_123456789_123456789_12345"
				       "6789_1234",
				       64),
				 64);
	}
	assert_int_equal(capture_picture(c, &p), 1);
	assert_int_equal(p.luma[63], '4');
	/* its writer is gone: no end, and no busy loop either */
	close(fd);
	assert_int_equal(capture_picture(c, &p), 0);
	fd = open(path, O_WRONLY);
	assert_int_equal(write(fd, "garbage that is no head", 23), 23);
	assert_int_equal(capture_picture(c, &p), -EPROTO);
	close(fd);
	capture_close(c);
	unlink(path);
}

static void what_is_no_camera_is_refused_in_words(void **state)
{
	static const struct {
		const char *spec;
		int error;
		const char *words;
	} table[] = {
		{"/dev/null", -ENODEV, "no camera"},
		{"/dev/no-such-camera", -ENOENT, "No such file"},
		{"file:/no/such", -ENOENT, "No such file"},
		{"file:/dev/null", -EINVAL, "neither a file nor a FIFO"},
	};
	struct capture *c = NULL;
	char why[200];

	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(table); i++) {
		assert_int_equal(capture_open(table[i].spec, 640, 480, 10, &c, why),
				 table[i].error);
		assert_non_null(strstr(why, table[i].words));
		assert_null(c);
	}
}

/* --- what was seen */

static struct code code_of(const char *text)
{
	struct code c = {.len = (uint32_t)strlen(text)};

	memcpy(c.bytes, text, c.len);
	return c;
}

static struct mono at(int64_t ms)
{
	return (struct mono){100000 + ms};
}

static void a_code_is_told_once_until_it_was_away(void **state)
{
	struct code a = code_of("A"), b = code_of("AB");
	struct seen s = {0};

	(void)state;
	assert_true(seen_new(&s, &a, at(0)));
	for (int64_t ms = 100; ms <= 5000; ms += 100)
		assert_false(seen_new(&s, &a, at(ms)));
	assert_true(seen_new(&s, &b, at(5050)));
	assert_false(seen_new(&s, &a, at(5999))); /* 999 ms after it was seen last */
	assert_true(seen_new(&s, &a, at(6999)));
	assert_true(seen_new(&s, &b, at(9000)));
}

static void the_longest_gone_makes_way(void **state)
{
	struct seen s = {0};
	char text[] = "code 0";
	struct code c;

	(void)state;
	for (int i = 0; i < SEEN_MAX; i++) {
		text[5] = (char)('0' + i);
		c = code_of(text);
		assert_true(seen_new(&s, &c, at(i)));
	}
	text[5] = '0';
	c = code_of(text);
	assert_false(seen_new(&s, &c, at(100)));
	c = code_of("one more");
	assert_true(seen_new(&s, &c, at(101)));
	c = code_of("code 1"); /* it was that one */
	assert_true(seen_new(&s, &c, at(102)));
	c = code_of("code 0");
	assert_false(seen_new(&s, &c, at(103)));
}

/* --- the decoder */

#define SIDE 480

static uint8_t *sheet(void)
{
	uint8_t *luma = malloc((size_t)SIDE * SIDE * 2);

	assert_non_null(luma);
	memset(luma, 220, (size_t)SIDE * SIDE * 2);
	return luma;
}

/* A code of `text`, its modules `scale` pixels wide, into a picture of `step` bytes a pixel. */
static struct picture with_qr(uint8_t *luma, const char *text, uint32_t len, int scale, int step)
{
	QRcode *code = QRcode_encodeData((int)len, (const unsigned char *)text, 0, QR_ECLEVEL_M);

	assert_non_null(code);
	assert_in_range(code->width * scale + 80, 1, SIDE);
	for (int y = 0; y < code->width * scale; y++)
		for (int x = 0; x < code->width * scale; x++)
			if (code->data[y / scale * code->width + x / scale] & 1)
				luma[((y + 40) * SIDE + x + 40) * step] = 30;
	QRcode_free(code);
	return (struct picture){luma, SIDE, SIDE, SIDE * step, step};
}

static void a_code_is_read_byte_by_byte(void **state)
{
	static const char hostile[] = "7310865004703\r\0\n\x1d\xff\xc3\xa5";
	uint8_t *luma = sheet();
	struct code code[CODES_MAX];
	struct picture p;

	(void)state;
	for (int step = 1; step <= 2; step++) {
		memset(luma, 220, (size_t)SIDE * SIDE * 2);
		p = with_qr(luma, "SK1:ABC $%*+-./:", 16, 6, step);
		assert_int_equal(decode(&p, 1U << CODE_QR, code, CODES_MAX), 1);
		assert_int_equal(code[0].len, 16);
		assert_memory_equal(code[0].bytes, "SK1:ABC $%*+-./:", 16);
	}
	assert_int_equal(decode(&p, 1U << CODE_EAN, code, CODES_MAX), 0);
	assert_int_equal(decode(&p, 0x1f, code, 0), 0);
	memset(luma, 220, (size_t)SIDE * SIDE * 2);
	p = with_qr(luma, hostile, sizeof(hostile) - 1, 6, 1);
	assert_int_equal(decode(&p, 1U << CODE_QR, code, CODES_MAX), 1);
	assert_int_equal(code[0].len, sizeof(hostile) - 1);
	assert_memory_equal(code[0].bytes, hostile, sizeof(hostile) - 1);
	free(luma);
}

static void a_code_that_is_too_long_is_cut(void **state)
{
	uint8_t *luma = sheet();
	struct code code[CODES_MAX];
	struct picture p;
	char text[700];

	(void)state;
	memset(text, 'x', sizeof(text));
	p = with_qr(luma, text, sizeof(text), 3, 1);
	assert_int_equal(decode(&p, 1U << CODE_QR, code, CODES_MAX), 1);
	assert_int_equal(code[0].len, CODE_SIZE_MAX);
	free(luma);
}

static void what_shows_no_code_has_none(void **state)
{
	static uint8_t luma[64 * 64];
	struct picture p = {luma, 64, 64, 64, 1};
	struct code code[CODES_MAX];
	uint32_t seed = 1;

	(void)state;
	for (int turn = 0; turn < 60; turn++) {
		for (uint32_t i = 0; i < sizeof(luma); i++) {
			seed = seed * 1664525 + 1013904223;
			luma[i] = turn == 0 ? 0 : turn == 1 ? 255 : (uint8_t)(seed >> 24);
		}
		assert_int_equal(decode(&p, 0x1f, code, CODES_MAX), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_that_no_camera_has_are_none),
		cmocka_unit_test(a_picture_lies_within_its_buffer),
		cmocka_unit_test(heads_of_files),
		cmocka_unit_test(a_file_is_shown_again_and_again),
		cmocka_unit_test(a_fifo_brings_pictures_in_pieces),
		cmocka_unit_test(what_is_no_camera_is_refused_in_words),
		cmocka_unit_test(a_code_is_told_once_until_it_was_away),
		cmocka_unit_test(the_longest_gone_makes_way),
		cmocka_unit_test(a_code_is_read_byte_by_byte),
		cmocka_unit_test(a_code_that_is_too_long_is_cut),
		cmocka_unit_test(what_shows_no_code_has_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
