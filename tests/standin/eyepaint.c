/*
 * eyepaint.c: pictures of codes as a cheap camera takes them, for those who have none.
 *
 *   eyepaint [WORD=VALUE…] TEXT    one picture to stdout, as eyed's `file:` cameras read them
 *   eyepaint --measure KINDS       decodes a fixed set by eyed's own decoder; JSON to stdout:
 *                                  how many it read, how many wrongly, milliseconds a picture
 *
 *   width=640 height=480 format=GREY   kind=qr|ean|none
 *   size=260     pixels from side to side of a QR code with its margin, or length of an EAN
 *   turn=0       degrees       lean=0    per cent that the far edge is smaller
 *   blur=0       sigma, tenths of a pixel      noise=0     ± grey levels     seed=1
 *
 * All is made by arithmetic from a seed: the same words are the same picture on every machine.
 */
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <qrencode.h>

#include "eyed/capture.h"

enum {
	SIDE_MAX = 200, /* modules, with margin */
	QUIET = 4,
	PAPER = 215,
	INK = 45,
	TABLE = 120
};

struct sheet {
	int32_t width, height; /* modules */
	uint8_t dark[SIDE_MAX][SIDE_MAX];
};

struct shot {
	long width, height, size, turn, lean, blur, noise, seed;
	char kind[8], format[8];
};

static const struct shot plain = {
	.width = 640, .height = 480, .size = 260, .seed = 1, .kind = "qr", .format = "GREY"};

static uint32_t dice(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

/* --- sheets of paper */

static void sheet_qr(struct sheet *s, const char *text)
{
	QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);

	CHECK(code && code->width + 2 * QUIET <= SIDE_MAX);
	s->width = s->height = code->width + 2 * QUIET;
	for (int y = 0; y < code->width; y++)
		for (int x = 0; x < code->width; x++)
			s->dark[y + QUIET][x + QUIET] = code->data[y * code->width + x] & 1;
	QRcode_free(code);
}

static void bars(struct sheet *s, int32_t *at, uint32_t bits, int count)
{
	for (int i = count - 1; i >= 0; i--, ++*at)
		for (int y = 6; y < s->height - 6; y++)
			s->dark[y][*at] = bits >> i & 1;
}

static void sheet_ean(struct sheet *s, const char *digits)
{
	static const uint8_t left[10] = {0x0d, 0x19, 0x13, 0x3d, 0x23,
					 0x31, 0x2f, 0x3b, 0x37, 0x0b};
	static const uint8_t swap[10] = {0x00, 0x0b, 0x0d, 0x0e, 0x13,
					 0x19, 0x1c, 0x15, 0x16, 0x1a};
	int32_t at = 11;

	CHECK(strlen(digits) == 13);
	s->width = 95 + 22;
	s->height = 70;
	bars(s, &at, 5, 3);
	for (int i = 1; i < 13; i++) {
		uint32_t bits = left[digits[i] - '0'], g = 0;

		for (int b = 0; b < 7; b++)
			g |= (~bits >> b & 1) << (6 - b);
		if (i > 6)
			bits = ~bits & 0x7f;
		else if (swap[digits[0] - '0'] >> (6 - i) & 1)
			bits = g;
		if (i == 7)
			bars(s, &at, 10, 5);
		bars(s, &at, bits, 7);
	}
	bars(s, &at, 5, 3);
}

/* --- a picture of one */

struct view {
	double cos, sin, scale, lean;
	double middle_x, middle_y;
	double reach; /* squared: nothing of the paper is further from the middle */
};

/* How bright the paper is at a place of the picture. */
static uint8_t look(const struct sheet *s, const struct view *v, double x, double y)
{
	double dx = x - v->middle_x, dy = y - v->middle_y;
	double u = dx * v->cos + dy * v->sin, w = -dx * v->sin + dy * v->cos;
	/* the further up on the paper, the further away */
	double depth = 1 + v->lean * w * v->scale / s->height;
	double column, row;

	if (dx * dx + dy * dy > v->reach)
		return TABLE;
	column = u * v->scale / depth + s->width / 2.0;
	row = w * v->scale / depth + s->height / 2.0;

	if (depth <= 0.1 || column < 0 || row < 0 || column >= s->width || row >= s->height)
		return TABLE;
	return s->dark[(int)row][(int)column] ? INK : PAPER;
}

static void blur_line(uint8_t *p, long count, long step, const double *weight, int radius)
{
	double line[PICTURE_WIDTH_MAX];

	for (long i = 0; i < count; i++)
		line[i] = p[i * step];
	for (long i = 0; i < count; i++) {
		double sum = 0;

		for (int k = -radius; k <= radius; k++) {
			long at = i + k < 0 ? 0 : i + k >= count ? count - 1 : i + k;

			sum += weight[k < 0 ? -k : k] * line[at];
		}
		p[i * step] = (uint8_t)(sum + 0.5);
	}
}

static void blur(uint8_t *p, const struct shot *shot)
{
	double weight[32], sum = 0, sigma = (double)shot->blur / 10;
	int radius = (int)ceil(3 * sigma);

	if (shot->blur == 0)
		return;
	CHECK(radius < 32);
	for (int k = 0; k <= radius; k++) {
		weight[k] = exp(-k * k / (2 * sigma * sigma));
		sum += k == 0 ? weight[k] : 2 * weight[k];
	}
	for (int k = 0; k <= radius; k++)
		weight[k] /= sum;
	for (long y = 0; y < shot->height; y++)
		blur_line(p + y * shot->width, shot->width, 1, weight, radius);
	for (long x = 0; x < shot->width; x++)
		blur_line(p + x, shot->height, shot->width, weight, radius);
}

static void take(const struct sheet *s, const struct shot *shot, uint8_t *luma)
{
	double turn = (double)shot->turn * M_PI / 180;
	struct view v = {.cos = cos(turn),
			 .sin = sin(turn),
			 .scale = s->width / (double)shot->size,
			 .lean = (double)shot->lean / 100,
			 .middle_x = (double)shot->width / 2 + 7.3,
			 .middle_y = (double)shot->height / 2 - 4.8};
	double side = (double)shot->size * (s->height > s->width ? s->height : s->width) / s->width;
	uint32_t seed = (uint32_t)shot->seed * 2654435761U | 1;
	uint32_t span = (uint32_t)(2 * shot->noise + 1);

	v.reach = s->width < 2 ? 0 : pow(side * (0.75 + v.lean), 2);
	for (long y = 0; y < shot->height; y++)
		for (long x = 0; x < shot->width; x++) {
			int sum = 0;

			for (int i = 0; i < 4; i++)
				sum += look(s, &v, (double)x + 0.25 + 0.5 * (i & 1),
					    (double)y + 0.25 + 0.5 * (i >> 1));
			luma[y * shot->width + x] = (uint8_t)(sum / 4);
		}
	blur(luma, shot);
	for (long i = 0; shot->noise > 0 && i < shot->width * shot->height; i++) {
		int level = luma[i] + (int)(dice(&seed) % span) - (int)shot->noise;

		luma[i] = (uint8_t)(level < 0 ? 0 : level > 255 ? 255 : level);
	}
}

static void paint(const struct shot *shot, const char *text, uint8_t *luma)
{
	static struct sheet s;

	memset(&s, 0, sizeof(s));
	s.width = s.height = 1;
	if (strcmp(shot->kind, "qr") == 0)
		sheet_qr(&s, text);
	else if (strcmp(shot->kind, "ean") == 0)
		sheet_ean(&s, text);
	take(&s, shot, luma);
}

/* --- one picture to stdout */

static void put(uint32_t n)
{
	for (int i = 0; i < 32; i += 8)
		putchar((int)(n >> i & 0xff));
}

static int write_picture(const struct shot *shot, const uint8_t *luma)
{
	const uint8_t *four = (const uint8_t *)shot->format;
	uint32_t format = FOURCC(four[0], four[1], four[2], four[3]);
	uint32_t size = layout_size(format, (uint32_t)shot->width, (uint32_t)shot->height);
	uint32_t pixels = (uint32_t)(shot->width * shot->height);
	bool packed = four[0] == 'Y' && four[3] == 'V', reverse = four[0] == 'U';

	if (size == 0) {
		fprintf(stderr, "eyepaint: no such format or size\n");
		return 2;
	}
	fputs("SKF1", stdout);
	put(format);
	put((uint32_t)shot->width);
	put((uint32_t)shot->height);
	for (uint32_t i = 0; i < pixels; i++) {
		if (reverse)
			putchar(128);
		putchar(luma[i]);
		if (packed)
			putchar(128);
	}
	for (uint32_t i = packed || reverse ? 2 * pixels : pixels; i < size; i++)
		putchar(128);
	return fflush(stdout) == 0 ? 0 : 1;
}

/* --- the set */

struct tally {
	uint32_t pictures, read, wrong, timed;
	double ms[512];
};

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t); /* others may be busy too */
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void try_one(struct tally *t, const struct shot *shot, const char *text, uint32_t kinds,
		    uint8_t *luma)
{
	struct picture p = {luma, (int32_t)shot->width, (int32_t)shot->height, (int32_t)shot->width,
			    1};
	struct code code[CODES_MAX];
	bool wanted = strcmp(shot->kind, "none") != 0;
	double before;
	uint32_t n;

	paint(shot, text, luma);
	before = now_ms();
	n = decode(&p, kinds, code, CODES_MAX);
	CHECK(t->timed < ARRAY_LEN(t->ms));
	t->ms[t->timed++] = now_ms() - before;
	t->pictures += wanted;
	for (uint32_t i = 0; i < n; i++) {
		bool right = wanted && code[i].len == strlen(text) &&
			     memcmp(code[i].bytes, text, code[i].len) == 0;

		t->read += right && i == 0;
		t->wrong += !right;
	}
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static int measure(uint32_t kinds)
{
	static const long sizes[] = {250, 290, 330}, turns[] = {0, 12, 45}, blurs[] = {0, 10, 20};
	static const long leans[] = {0, 20};
	static uint8_t luma[640 * 480];
	static struct tally qr, ean, none;
	char token[221] = "SK1:";
	struct shot shot = plain;
	double all[512];
	uint32_t seed = 7, timed;

	for (int i = 4; i < 220; i++)
		token[i] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"[dice(&seed) % 45];
	for (uint32_t i = 0; i < 54; i++) {
		shot = plain;
		shot.size = sizes[i % 3];
		shot.turn = turns[i / 3 % 3];
		shot.blur = blurs[i / 9 % 3];
		shot.lean = leans[i / 27];
		shot.noise = 12;
		shot.seed = (long)i + 1;
		try_one(&qr, &shot, token, kinds, luma);
		if (i % 2) /* a picture of each is enough beside every other code */
			continue;
		snprintf(shot.kind, sizeof(shot.kind), "ean");
		shot.size += 100; /* a bar is at least 2.8 pixels wide */
		shot.turn = (long)i * 5 % 20;
		shot.blur /= 2;
		if (kinds != 1U << CODE_QR)
			try_one(&ean, &shot, "7310865004703", kinds, luma);
		snprintf(shot.kind, sizeof(shot.kind), "none");
		shot.noise = 3 + (long)i;
		try_one(&none, &shot, "", kinds, luma);
	}
	timed = qr.timed + ean.timed + none.timed;
	memcpy(all, qr.ms, qr.timed * sizeof(double));
	memcpy(all + qr.timed, ean.ms, ean.timed * sizeof(double));
	memcpy(all + qr.timed + ean.timed, none.ms, none.timed * sizeof(double));
	qsort(all, timed, sizeof(double), by_size);
	printf("{\"qr\": %u, \"qr_read\": %u, \"ean\": %u, \"ean_read\": %u, \"wrong\": %u, "
	       "\"pictures\": %u, \"p50_ms\": %.2f, \"p99_ms\": %.2f}\n",
	       qr.pictures, qr.read, ean.pictures, ean.read, qr.wrong + ean.wrong + none.wrong,
	       timed, all[timed / 2], all[timed * 99 / 100]);
	return 0;
}

/* --- words */

static bool take_word(struct shot *shot, const char *word)
{
	static const struct {
		const char *name;
		size_t offset;
	} numbers[] = {
		{"width=", offsetof(struct shot, width)},
		{"height=", offsetof(struct shot, height)},
		{"size=", offsetof(struct shot, size)},
		{"turn=", offsetof(struct shot, turn)},
		{"lean=", offsetof(struct shot, lean)},
		{"blur=", offsetof(struct shot, blur)},
		{"noise=", offsetof(struct shot, noise)},
		{"seed=", offsetof(struct shot, seed)},
	};

	for (uint32_t i = 0; i < ARRAY_LEN(numbers); i++) {
		size_t len = strlen(numbers[i].name);

		if (strncmp(word, numbers[i].name, len) == 0) {
			long n = strtol(word + len, NULL, 10);

			memcpy((char *)shot + numbers[i].offset, &n, sizeof(n));
			return true;
		}
	}
	if (strncmp(word, "kind=", 5) == 0)
		snprintf(shot->kind, sizeof(shot->kind), "%s", word + 5);
	else if (strncmp(word, "format=", 7) == 0 && strlen(word) == 11)
		snprintf(shot->format, sizeof(shot->format), "%s", word + 7);
	else
		return false;
	return true;
}

int main(int argc, char **argv)
{
	static uint8_t luma[PICTURE_WIDTH_MAX * PICTURE_HEIGHT_MAX];
	struct shot shot = plain;
	const char *text = "";

	if (argc == 3 && strcmp(argv[1], "--measure") == 0)
		return measure((uint32_t)strtoul(argv[2], NULL, 10));
	for (int i = 1; i < argc; i++)
		if (!take_word(&shot, argv[i]))
			text = argv[i];
	if (shot.width < 1 || shot.width > PICTURE_WIDTH_MAX || shot.height < 1 ||
	    shot.height > PICTURE_HEIGHT_MAX || shot.size < 1 || shot.blur > 100 || shot.noise < 0)
		return 2;
	paint(&shot, text, luma);
	return write_picture(&shot, luma);
}
