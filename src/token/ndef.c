/*
 * ndef.c: a card's NDEF file, read as far as a card of ours may go and no further.
 *
 *   00 3f           length of the message, big-endian
 *   d1 01 3b 55     one record, the only one, short, of a well-known type: "U", 3b bytes
 *   04              an address that begins with https://
 *   …               viken.example/k?p=…32 hex digits…&m=…16 hex digits…
 *
 * The two values were mirrored into the address by the card as it was read; all the rest is what
 * somebody once wrote. Whoever wrote another kind of record, or an address in which a name comes
 * twice, meant something else: it is refused rather than understood.
 */
#include "token/ndef.h"

#include <string.h>

#include "base/ids.h"

#define RECORD_ONLY_SHORT_KNOWN 0xd1 /* MB, ME, SR, TNF 1; no chunk, no id */
#define PREFIX_NONE		0x00
#define PREFIX_HTTPS_WWW	0x02
#define PREFIX_HTTPS		0x04

static bool starts_with(struct span s, const char *text)
{
	uint32_t len = (uint32_t)strlen(text);

	return s.len >= len && memcmp(s.data, text, len) == 0;
}

/* The record's payload: a prefix's number and the rest of an address. */
static bool take_record(struct span file, struct span *ret)
{
	uint8_t high, low, header, type_len, len;
	struct span record, type;

	if (file.len > CARD_NDEF_MAX || !span_take_u8(&file, &high) || !span_take_u8(&file, &low))
		return false;
	if (!span_take(&file, (uint32_t)high << 8 | low, &record))
		return false;
	return span_take_u8(&record, &header) && header == RECORD_ONLY_SHORT_KNOWN &&
	       span_take_u8(&record, &type_len) && type_len == 1 && span_take_u8(&record, &len) &&
	       span_take(&record, type_len, &type) && type.data[0] == 'U' &&
	       span_take(&record, len, ret) && record.len == 0;
}

/* What stands behind the first question mark of an https address. */
static bool take_query(struct span uri, struct span *ret)
{
	const uint8_t *mark;
	uint8_t prefix;

	if (!span_take_u8(&uri, &prefix))
		return false;
	if (prefix != PREFIX_HTTPS && prefix != PREFIX_HTTPS_WWW &&
	    (prefix != PREFIX_NONE || !starts_with(uri, "https://")))
		return false;
	for (uint32_t i = 0; i < uri.len; i++)
		if (uri.data[i] < 0x21 || uri.data[i] > 0x7e || uri.data[i] == '#')
			return false;
	mark = uri.len > 0 ? memchr(uri.data, '?', uri.len) : NULL;
	if (!mark)
		return false;
	*ret = (struct span){mark + 1, (uint32_t)(uri.data + uri.len - (mark + 1))};
	return true;
}

/* The next `name=value` of a query, up to the next `&`. */
static struct span take_part(struct span *query)
{
	const uint8_t *end = memchr(query->data, '&', query->len);
	struct span part = {query->data, end ? (uint32_t)(end - query->data) : query->len};
	uint32_t taken = part.len + (end ? 1 : 0);

	query->data += taken;
	query->len -= taken;
	return part;
}

/* A value that may come once. */
static bool take_hex(struct span part, const char *name, void *bytes, uint32_t size, uint32_t *seen)
{
	if (!starts_with(part, name))
		return true;
	part.data += 2;
	part.len -= 2;
	++*seen;
	return *seen == 1 && hex_parse((const char *)part.data, part.len, bytes, size);
}

bool ndef_card(struct span file, struct card_said *ret)
{
	struct span uri, query;
	struct card_said said;
	uint32_t piccs = 0, macs = 0;

	if (!take_record(file, &uri) || !take_query(uri, &query))
		return false;
	while (query.len > 0) {
		struct span part = take_part(&query);

		if (!take_hex(part, "p=", said.picc, sizeof(said.picc), &piccs) ||
		    !take_hex(part, "m=", said.mac, sizeof(said.mac), &macs))
			return false;
	}
	if (piccs != 1 || macs != 1)
		return false;
	*ret = said;
	return true;
}
