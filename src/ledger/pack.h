/* pack.h: which lines an invoice bears: as a row of invoice_pack tells them, "[12,13,21]", and as
 * an entry does, by varints (LEB128). Internal to ledger/. */
#ifndef SHOP_LEDGER_PACK_H
#define SHOP_LEDGER_PACK_H

#include <stdbool.h>
#include <stdint.h>

/** pack_next - takes the next number off *text, which begins at the bracket. False at the end;
 * *text is then at its NUL, or at what does not belong there. */
static inline bool pack_next(const char **text, uint64_t *ret)
{
	const char *at = *text;
	uint64_t n = 0;

	if (*at != '[' && *at != ',') {
		if (at[0] == ']' && at[1] == '\0')
			*text = at + 1;
		return false;
	}
	if (at[1] < '0' || at[1] > '9')
		return false;
	for (at++; *at >= '0' && *at <= '9'; at++)
		n = n * 10 + (uint64_t)(*at - '0');
	*text = at;
	*ret = n;
	return true;
}

#define PACK_VARINT_MAX 10 /* bytes of a 64-bit number */

/** pack_put_varint - a number into PACK_VARINT_MAX bytes of room: how many it took. Taken again by
 * span_take_varint(). */
static inline uint32_t pack_put_varint(uint8_t *at, uint64_t n)
{
	uint32_t len = 0;

	for (; n >= 0x80; n >>= 7)
		at[len++] = (uint8_t)(n | 0x80);
	at[len++] = (uint8_t)n;
	return len;
}

#endif
