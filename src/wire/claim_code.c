/*
 * claim_code.c: what an operator reads to whoever stands before a new box. The
 * code is read from its end, where it has a fixed length; what is left before it is the shop's
 * name, whatever hyphens that has.
 */
#include "wire/letters.h"
#include "wire/sync.h"

#include <string.h>

enum {
	GROUP = 4,
	SECRET_LETTERS = 16, /* 80 bits */
	ROOT_LETTERS = 8,    /* 40 bits */
	LETTERS = SECRET_LETTERS + ROOT_LETTERS,
};
#define CODE_BYTES 15 /* secret, then the root's hash */

_Static_assert(PLACE_MAX_LEN + 1 + LETTERS + LETTERS / GROUP - 1 <= CLAIM_CODE_MAX,
	       "the longest shop's code fits");

static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* The five bits of the letter at `i`. */
static uint8_t bits_of(const uint8_t code[CODE_BYTES], uint32_t i)
{
	uint32_t bit = i * 5, byte = bit / 8;
	uint32_t two = (uint32_t)code[byte] << 8 | (byte + 1 < CODE_BYTES ? code[byte + 1] : 0U);

	return (uint8_t)(two >> (11 - bit % 8) & 31);
}

void claim_code_text(const struct claim_code *c, char text[CLAIM_CODE_MAX + 1])
{
	uint8_t code[CODE_BYTES];
	uint32_t len = 0;

	memcpy(code, c->secret, sizeof(c->secret));
	memcpy(code + sizeof(c->secret), c->root_hash, sizeof(c->root_hash));
	for (; len < PLACE_MAX_LEN && c->shop[len] != '\0'; len++)
		text[len] = upper(c->shop[len]);
	for (uint32_t i = 0; i < LETTERS; i++) {
		if (i % GROUP == 0)
			text[len++] = '-';
		text[len++] = letter_of(bits_of(code, i));
	}
	text[len] = '\0';
}

/* Reads the letters from the end of text[0..*len), and leaves in *len what stands before them. */
static bool letters_parse(const char *text, uint32_t *len, uint8_t code[CODE_BYTES])
{
	memset(code, 0, CODE_BYTES);
	for (uint32_t i = LETTERS; i-- > 0;) {
		uint32_t bit = i * 5, byte = bit / 8;
		uint32_t two;
		int value = *len > 0 ? letter_value(text[*len - 1]) : -1;

		if (value < 0)
			return false;
		--*len;
		two = (uint32_t)value << (11 - bit % 8);
		code[byte] |= (uint8_t)(two >> 8);
		if (byte + 1 < CODE_BYTES)
			code[byte + 1] |= (uint8_t)two;
		if (i % GROUP == 0 && *len > 0 && text[*len - 1] == '-')
			--*len;
	}
	return true;
}

bool claim_code_parse(const char *text, uint32_t len, struct claim_code *ret)
{
	uint8_t code[CODE_BYTES];
	struct claim_code c;

	memset(&c, 0, sizeof(c));
	if (len > CLAIM_CODE_MAX || !letters_parse(text, &len, code) || len > PLACE_MAX_LEN)
		return false;
	for (uint32_t i = 0; i < len; i++)
		c.shop[i] = lower(text[i]);
	if (!place_valid(c.shop, len))
		return false;
	memcpy(c.secret, code, sizeof(c.secret));
	memcpy(c.root_hash, code + sizeof(c.secret), sizeof(c.root_hash));
	*ret = c;
	return true;
}
