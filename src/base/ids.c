/* ids.c: ids as text, and back. */
#include "base/ids.h"

#include <stdio.h>

void hex_text(const void *bytes, uint32_t len, char *text)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *byte = bytes;

	for (uint32_t i = 0; i < len; i++) {
		text[2 * i] = digits[byte[i] >> 4];
		text[2 * i + 1] = digits[byte[i] & 15];
	}
	text[2 * len] = '\0';
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool hex_parse(const char *text, uint32_t text_len, void *bytes, uint32_t len)
{
	uint8_t *byte = bytes;

	if (text_len != 2 * len)
		return false;
	for (uint32_t i = 0; i < text_len; i++)
		if (hex_digit(text[i]) < 0)
			return false;
	for (uint32_t i = 0; i < len; i++)
		byte[i] = (uint8_t)(hex_digit(text[2 * i]) << 4 | hex_digit(text[2 * i + 1]));
	return true;
}

static bool lower_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

bool name_valid(const char *text, uint32_t len)
{
	if (len < 1 || len > NAME_MAX_LEN)
		return false;
	for (uint32_t i = 0; i < len; i++)
		if (!lower_or_digit(text[i]) && !(text[i] >= 'A' && text[i] <= 'Z') &&
		    text[i] != '_')
			return false;
	return true;
}

bool place_valid(const char *text, uint32_t len)
{
	if (len < 1 || len > PLACE_MAX_LEN)
		return false;
	for (uint32_t i = 0; i < len; i++)
		if (!lower_or_digit(text[i]))
			return false;
	return true;
}

void visit_text(struct visit_id visit, char text[VISIT_TEXT_SIZE])
{
	snprintf(text, VISIT_TEXT_SIZE, "%016llx", (unsigned long long)visit.n);
}

bool visit_parse(const char *text, uint32_t len, struct visit_id *ret)
{
	uint8_t byte[8];
	uint64_t n = 0;

	/* one name a visit: capitals would be a second one */
	for (uint32_t i = 0; i < len; i++)
		if (text[i] >= 'A' && text[i] <= 'F')
			return false;
	if (!hex_parse(text, len, byte, sizeof(byte)))
		return false;
	for (uint32_t i = 0; i < sizeof(byte); i++)
		n = n << 8 | byte[i];
	if (n == 0 || n > INT64_MAX)
		return false;
	ret->n = n;
	return true;
}

bool gtin_parse(const char *text, uint32_t len, struct gtin *ret)
{
	uint64_t n = 0;
	uint32_t sum = 0;

	if (len != 8 && len != 12 && len != 13 && len != 14)
		return false;
	for (uint32_t i = 0; i < len; i++) {
		uint32_t digit = (uint32_t)(text[i] - '0');

		if (text[i] < '0' || text[i] > '9')
			return false;
		n = n * 10 + digit;
		/* weights 3 and 1 alternate leftwards from the check digit, which weighs 1 */
		sum += (len - 1 - i) % 2 ? digit * 3 : digit;
	}
	if (n == 0 || sum % 10 != 0)
		return false;
	ret->n = n;
	return true;
}

void gtin_text(struct gtin gtin, char text[GTIN_TEXT_MAX + 1])
{
	int width = gtin.n < 100000000ULL ? 8 : gtin.n < 10000000000000ULL ? 13 : 14;

	snprintf(text, GTIN_TEXT_MAX + 1, "%0*llu", width, (unsigned long long)gtin.n);
}
