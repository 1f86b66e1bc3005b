/*
 * goods_gs1.c: the two ways in which GS1 writes an article with its lot, dates, weight and price:
 * element strings (General Specifications 7.8; GS1-128, DataBar, DataMatrix, QR) and Digital Link
 * URIs (GS1 Digital Link: URI Syntax 1.6). Both come down to pairs of an AI and its value, which
 * goods_take() judges.
 *
 * Of an element string, FNC1 comes as GS (0x1d): one at the front is dropped, one after a value of
 * predefined length is let go by, as the specifications ask of a reader. The form with brackets,
 * (01)07310865004703, is refused: it is print for people, and a scanner that sends it is set up
 * wrongly.
 *
 * Of a URI, host and path before "/01/" are the brand's own and mean nothing here: the number is
 * read off the code, no address is ever opened. Key qualifiers (22 10 21, or 235) stand in that
 * order; the query gives attributes. A query's name that is no number is a resolver's business
 * (linkType) and skipped; a number that is no AI is refused. The words that early versions allowed
 * for AIs ("/gtin/") left the standard with 1.3, and are refused with it.
 */
#include "wire/goods_parts.h"

#include <string.h>

#include "base/span.h"

#define GS 0x1d

/* --- element strings ------------------------------------------------------------------------- */

/* How much of the text is the value of this AI. */
static uint32_t value_len(const struct goods_ai *ai, const char *text, uint32_t len)
{
	const char *end = memchr(text, GS, len);

	if (ai->fixed)
		return len < ai->max ? len : ai->max;
	return end ? (uint32_t)(end - text) : len;
}

bool goods_elements(struct goods_reading *r, const char *text, uint32_t len)
{
	uint32_t at = len > 0 && text[0] == GS;

	while (at < len) {
		const struct goods_ai *ai = goods_ai_find(text + at, len - at);
		const char *digits = text + at;
		uint32_t n;

		if (!ai)
			return false;
		at += ai->digits;
		n = value_len(ai, text + at, len - at);
		if (!goods_take(r, ai, digits, text + at, n))
			return false;
		at += n;
		if (at < len && text[at] == GS)
			at++;
	}
	return true;
}

/* --- Digital Link ---------------------------------------------------------------------------- */

/* A piece of the URI between two of its marks; the rest stays in *rest. */
static struct span piece(struct span *rest, const char *marks)
{
	struct span p = {rest->data, 0};

	while (p.len < rest->len && !strchr(marks, rest->data[p.len]))
		p.len++;
	rest->data += p.len;
	rest->len -= p.len;
	return p;
}

static void step_over(struct span *s, uint32_t n)
{
	s->data += n;
	s->len -= n;
}

static int hex(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* RFC 3986 2.1, once and no more: "%2541" is the text "%41". What it may not stand for (a NUL, an
 * FNC1) the value's character set refuses. */
static bool decode(struct span from, char value[SCANNED_MAX], uint32_t *ret_len)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < from.len; i++, n++) {
		if (from.data[i] != '%') {
			value[n] = (char)from.data[i];
			continue;
		}
		if (from.len - i < 3 || hex(from.data[i + 1]) < 0 || hex(from.data[i + 2]) < 0)
			return false;
		value[n] = (char)(hex(from.data[i + 1]) << 4 | hex(from.data[i + 2]));
		i += 2;
	}
	*ret_len = n;
	return true;
}

/* An AI that is the whole of `key`. */
static const struct goods_ai *key_of(struct span key)
{
	const struct goods_ai *ai = goods_ai_find((const char *)key.data, key.len);

	return ai && ai->digits == key.len ? ai : NULL;
}

static bool take_pair(struct goods_reading *r, struct span key, struct span from)
{
	const struct goods_ai *ai = key_of(key);
	char value[SCANNED_MAX];
	uint32_t len;

	return ai && decode(from, value, &len) &&
	       goods_take(r, ai, (const char *)key.data, value, len);
}

/* The place of a key qualifier of AI 01 among the others, or 0: variant, lot, serial; a third
 * party's serial number stands alone. */
static uint32_t qualifier_place(struct span key)
{
	static const char *const place[] = {"22", "10", "21", "235"};

	for (uint32_t i = 0; i < ARRAY_LEN(place); i++)
		if (span_is(key, place[i], (uint32_t)strlen(place[i])))
			return i + 1;
	return 0;
}

/* "/GTIN[/22/…][/10/…][/21/…]", to the end of the path. */
static bool take_path(struct goods_reading *r, struct span path)
{
	uint32_t last = 0, len;
	char value[SCANNED_MAX];
	struct span s;

	step_over(&path, 1);
	if (!decode(piece(&path, "/"), value, &len) || !goods_gtin(r, value, len))
		return false;
	while (path.len > 1) {
		struct span key;
		uint32_t place;

		step_over(&path, 1);
		key = piece(&path, "/");
		place = qualifier_place(key);
		if (place <= last || (place == 4 && last != 0) || path.len == 0)
			return false;
		last = place;
		step_over(&path, 1);
		s = piece(&path, "/");
		if (!take_pair(r, key, s))
			return false;
	}
	return true; /* a slash at the end says nothing */
}

static bool all_digits(struct span s)
{
	for (uint32_t i = 0; i < s.len; i++)
		if (s.data[i] < '0' || s.data[i] > '9')
			return false;
	return s.len > 0;
}

/* "17=261031&15=…", with '&' or ';' between. */
static bool take_query(struct goods_reading *r, struct span query)
{
	while (query.len > 0) {
		struct span pair = piece(&query, "&;"), key = piece(&pair, "=");

		if (query.len > 0)
			step_over(&query, 1);
		if (!all_digits(key))
			continue;
		if (pair.len == 0)
			return false;
		step_over(&pair, 1);
		if (!take_pair(r, key, pair))
			return false;
	}
	return true;
}

/* `small` is in small letters. */
static bool begins_with(const char *text, uint32_t len, const char *small)
{
	for (uint32_t i = 0; small[i]; i++) {
		bool capital = i < len && text[i] >= 'A' && text[i] <= 'Z';

		if (i >= len || (capital ? text[i] + ('a' - 'A') : text[i]) != small[i])
			return false;
	}
	return true;
}

/* The length of "http://" or "https://" in any case, or 0. */
static uint32_t scheme_len(const char *text, uint32_t len)
{
	static const char *const schemes[] = {"http://", "https://"};

	for (uint32_t i = 0; i < ARRAY_LEN(schemes); i++)
		if (begins_with(text, len, schemes[i]))
			return (uint32_t)strlen(schemes[i]);
	return 0;
}

bool goods_is_link(const char *text, uint32_t len)
{
	return scheme_len(text, len) > 0;
}

/* A brand's own path may hold a "01" too: the first from which the rest can be read is the key. */
static bool take_link(struct goods_reading *r, struct span path)
{
	while (path.len > 0) {
		struct goods_reading tried = *r;
		struct span segment;

		step_over(&path, 1);
		segment = piece(&path, "/");
		if (!span_is(segment, "01", 2) || path.len == 0 || !take_path(&tried, path))
			continue;
		*r = tried;
		return true;
	}
	return false;
}

bool goods_link(struct goods_reading *r, const char *text, uint32_t len)
{
	struct span uri = {(const uint8_t *)text, len}, host, path;

	if (memchr(text, '\0', len))
		return false; /* strchr() takes it for one of its marks */
	step_over(&uri, scheme_len(text, len));
	uri = piece(&uri, "#");
	host = piece(&uri, "/?");
	path = piece(&uri, "?");
	if (host.len == 0 || !take_link(r, path))
		return false;
	if (uri.len > 0)
		step_over(&uri, 1);
	return take_query(r, uri);
}
