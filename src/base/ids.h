/* ids.h: one type for each kind of id, so that no two can be swapped. */
#ifndef SHOP_BASE_IDS_H
#define SHOP_BASE_IDS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/limits.h"

/** A customer key: 16 random bytes, the shop's only name for a member (design 1). */
struct customer {
	uint8_t byte[16];
};

/** RFC 9679 thumbprint of a COSE_Key, first 8 bytes. */
struct kid {
	uint8_t byte[KID_SIZE];
};

/** A P-256 public key, raw x and y. */
struct public_key {
	uint8_t x[32];
	uint8_t y[32];
};

/** A visit's number: ascending, never reused; 0 is no visit. Its public name is 16 hex digits. */
struct visit_id {
	uint64_t n;
};

/** An alarm's number: ascending, never reused; 0 is no alarm. */
struct alarm_id {
	uint64_t n;
};

/** A GTIN as a number: GTIN-8, 12, 13 and 14 of one article are the same number. 0 is none. */
struct gtin {
	uint64_t n;
};

/** A line's key, made and kept by the phone; NUL-terminated, [A-Za-z0-9_-]{1,64}. */
struct line_key {
	char text[NAME_MAX_LEN + 1];
};

struct sha256 {
	uint8_t byte[32];
};

static inline bool customer_is(struct customer a, struct customer b)
{
	return memcmp(a.byte, b.byte, sizeof(a.byte)) == 0;
}

/** hex_text - 2 × len lowercase digits and a NUL into text. */
void hex_text(const void *bytes, uint32_t len, char *text);

/** hex_parse - reads exactly 2 × len hex digits (either case) of `text`. False on anything else. */
bool hex_parse(const char *text, uint32_t text_len, void *bytes, uint32_t len);

/** name_valid - [A-Za-z0-9_-]{1,64}; place_valid - [a-z0-9-]{1,16} (contracts, first paragraph). */
bool name_valid(const char *text, uint32_t len);
bool place_valid(const char *text, uint32_t len);

#define VISIT_TEXT_SIZE 17

/** visit_text, visit_parse - a visit's public name, 16 lowercase hex digits. */
void visit_text(struct visit_id visit, char text[VISIT_TEXT_SIZE]);
bool visit_parse(const char *text, uint32_t len, struct visit_id *ret);

/** gtin_parse - 8, 12, 13 or 14 digits with a right check digit (GS1 General Specifications 7.9).
 *  False on anything else; 11 digits or fewer are not padded. */
bool gtin_parse(const char *text, uint32_t len, struct gtin *ret);

/** gtin_text - as 8, 13 or 14 digits, the shortest that holds it. */
void gtin_text(struct gtin gtin, char text[GTIN_TEXT_MAX + 1]);

#endif
