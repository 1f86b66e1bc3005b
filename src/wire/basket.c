/*
 * basket.c: a basket's bytes taken apart. Each item is read in its one deterministic form
 * (base/cbor.h), and held to what a line may be: the core then judges the goods, not the form.
 */
#include "wire/basket.h"

#include <string.h>

#include "base/cbor.h"

#define LINE_ITEMS 4
#define GTIN_MAX   99999999999999 /* of 14 digits */
#define UNIX_S_MAX (1LL << 40)	  /* far past any phone's clock; in ms it still fits */

static bool take_line(struct span *s, struct basket_line *ret)
{
	uint64_t gtin, quantity, scanned_s;
	struct span key;
	uint32_t items;

	if (!cbor_take_array(s, &items) || items != LINE_ITEMS || !cbor_take_bytes(s, &key) ||
	    !cbor_take_uint(s, &gtin) || !cbor_take_uint(s, &quantity) ||
	    !cbor_take_uint(s, &scanned_s))
		return false;
	if (key.len < BASKET_KEY_MIN || key.len > BASKET_KEY_MAX || gtin < 1 || gtin > GTIN_MAX ||
	    quantity < 1 || quantity > QUANTITY_MAX_MILLI || scanned_s > UNIX_S_MAX)
		return false;
	*ret = (struct basket_line){
		.key_len = (uint8_t)key.len,
		.gtin = {gtin},
		.quantity_milli = (int32_t)quantity,
		.scanned_at = {(int64_t)scanned_s * 1000},
	};
	memcpy(ret->key, key.data, key.len);
	return true;
}

bool basket_parse(struct span bytes, struct basket *ret)
{
	uint32_t lines;

	if (!cbor_take_array(&bytes, &lines) || lines < 1 || lines > BASKET_LINES_MAX)
		return false;
	ret->lines = lines;
	for (uint32_t i = 0; i < lines; i++)
		if (!take_line(&bytes, &ret->line[i]))
			return false;
	return bytes.len == 0;
}
