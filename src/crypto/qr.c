/*
 * qr.c: QR codes by libqrencode as plain values, and two pictures of them that need no picture
 * library: PBM for files and printers, half blocks for a terminal. What libqrencode allocates is
 * freed before anything returns.
 */
#include <errno.h>
#include <qrencode.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/span.h"
#include "shoptoken.h"

#define VERSION_MAX    20
#define SCALE_MAX      16
#define PBM_LINE_MAX   70   /* pbm(5): no line should be longer */
#define TEXT_BYTES_MAX 1999 /* more than any version up to 20 holds, digits apart */

_Static_assert(SHOPTOKEN_QR_SIDE_MAX == 17 + 4 * VERSION_MAX, "side of version 20");

static bool level_of(enum shoptoken_qr_level level, QRecLevel *ret)
{
	switch (level) {
	case SHOPTOKEN_QR_L:
		*ret = QR_ECLEVEL_L;
		return true;
	case SHOPTOKEN_QR_M:
		*ret = QR_ECLEVEL_M;
		return true;
	case SHOPTOKEN_QR_Q:
		*ret = QR_ECLEVEL_Q;
		return true;
	case SHOPTOKEN_QR_H:
		*ret = QR_ECLEVEL_H;
		return true;
	}
	return false;
}

int shoptoken_qr(const char *text, enum shoptoken_qr_level level, struct shoptoken_qr *ret)
{
	size_t len = strnlen(text, TEXT_BYTES_MAX + 1);
	QRecLevel inner;
	QRcode *code;

	if (len == 0 || !level_of(level, &inner))
		return -EINVAL;
	if (len > TEXT_BYTES_MAX)
		return -EMSGSIZE;
	/* case-sensitive, and split into the modes that make it smallest: base45 becomes
	 * alphanumeric */
	code = QRcode_encodeString(text, 0, inner, QR_MODE_8, 1);
	if (!code)
		return errno == ERANGE ? -EMSGSIZE : -EIO;
	if (code->version > VERSION_MAX) {
		QRcode_free(code);
		return -EMSGSIZE;
	}
	ret->version = (uint8_t)code->version;
	ret->side = (uint8_t)code->width;
	for (int i = 0; i < code->width * code->width; i++)
		ret->module[i] = code->data[i] & 1;
	QRcode_free(code);
	return 0;
}

static bool qr_valid(const struct shoptoken_qr *qr)
{
	return qr->version >= 1 && qr->version <= VERSION_MAX && qr->side == 17 + 4 * qr->version;
}

/* Whether the module is dark; x and y count from the margin's corner, and the margin is light. */
static bool dark(const struct shoptoken_qr *qr, unsigned x, unsigned y)
{
	unsigned column = x - SHOPTOKEN_QR_QUIET, row = y - SHOPTOKEN_QR_QUIET;

	return column < qr->side && row < qr->side && qr->module[row * qr->side + column];
}

/* Hands out what was built as a NUL-terminated text. */
static int finish(struct builder *b, size_t *ret_len)
{
	build_u8(b, 0);
	if (b->failed)
		return -EMSGSIZE;
	if (ret_len)
		*ret_len = b->len - 1;
	return 0;
}

static struct builder text_builder(char *text, size_t size)
{
	return builder_of(text, size > UINT32_MAX ? UINT32_MAX : (uint32_t)size);
}

static void put_pbm_row(struct builder *b, const struct shoptoken_qr *qr, unsigned side,
			unsigned scale, unsigned y)
{
	for (unsigned x = 0; x < side * scale; x++) {
		if (x > 0 && x % PBM_LINE_MAX == 0)
			build_u8(b, '\n');
		build_u8(b, dark(qr, x / scale, y) ? '1' : '0');
	}
	build_u8(b, '\n');
}

int shoptoken_qr_pbm(const struct shoptoken_qr *qr, unsigned scale, char *ret_text, size_t size,
		     size_t *ret_len)
{
	struct builder b = text_builder(ret_text, size);
	unsigned side = qr->side + 2 * SHOPTOKEN_QR_QUIET;
	char head[32];
	int len;

	if (!qr_valid(qr) || scale < 1 || scale > SCALE_MAX)
		return -EINVAL;
	len = snprintf(head, sizeof(head), "P1\n%u %u\n", side * scale, side * scale);
	build_bytes(&b, head, (uint32_t)len);
	for (unsigned y = 0; y < side * scale; y++)
		put_pbm_row(&b, qr, side, scale, y / scale);
	return finish(&b, ret_len);
}

int shoptoken_qr_terminal(const struct shoptoken_qr *qr, int light_on_dark, char *ret_text,
			  size_t size, size_t *ret_len)
{
	/* by which halves are inked: none, upper, lower, both */
	static const char *const block[] = {" ", "\u2580", "\u2584", "\u2588"};
	struct builder b = text_builder(ret_text, size);
	unsigned side = qr->side + 2 * SHOPTOKEN_QR_QUIET;
	bool ink_is_dark = !light_on_dark;

	if (!qr_valid(qr))
		return -EINVAL;
	for (unsigned y = 0; y < side; y += 2) {
		for (unsigned x = 0; x < side; x++) {
			/* a last odd line has no lower half: it stays as the ground is */
			bool upper = dark(qr, x, y) == ink_is_dark;
			bool lower = y + 1 < side && dark(qr, x, y + 1) == ink_is_dark;
			const char *ink = block[upper | lower << 1];

			build_bytes(&b, ink, (uint32_t)strlen(ink));
		}
		build_u8(&b, '\n');
	}
	return finish(&b, ret_len);
}
