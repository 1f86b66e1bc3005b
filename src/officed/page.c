/* page.c: places in lists, read as strictly as they are written. */
#include "officed/page.h"

#include <stdio.h>
#include <string.h>

enum {
	DIGITS_MAX = 18,
};

/** Digits up to `end`; false where there are none, or too many. */
static bool number_take(const char **at, char end, int64_t *ret)
{
	uint32_t digits = 0;
	int64_t n = 0;

	for (; **at >= '0' && **at <= '9' && digits <= DIGITS_MAX; (*at)++, digits++)
		n = digits < DIGITS_MAX ? n * 10 + (**at - '0') : n;
	if (digits == 0 || digits > DIGITS_MAX || **at != end)
		return false;
	*ret = n;
	return true;
}

void page_place_text(const struct page_place *p, char text[PAGE_PLACE_SIZE])
{
	snprintf(text, PAGE_PLACE_SIZE, "%lld.%s.%lld", (long long)p->time, p->shop,
		 (long long)p->id);
}

bool page_place_read(const char *text, int64_t latest, struct page_place *ret)
{
	const char *at = text;
	uint32_t len;

	*ret = (struct page_place){.time = latest};
	if (text == NULL)
		return true;
	if (!number_take(&at, '.', &ret->time))
		return false;
	len = (uint32_t)strcspn(++at, ".");
	if (len > PLACE_MAX_LEN || !place_valid(at, len))
		return false;
	memcpy(ret->shop, at, len);
	at += len;
	return *at++ == '.' && number_take(&at, '\0', &ret->id);
}

bool page_place_after(const struct ask *a, int64_t latest, struct page_place *ret, struct reply *r)
{
	if (page_place_read(ask_query(a, "after"), latest, ret))
		return true;
	reply_problem(r, 400, "malformed", "after is the next of a page before.");
	return false;
}

bool page_pattern(const char *q, char *to, size_t size)
{
	size_t n = 0;

	to[n++] = '%';
	for (; *q; q++) {
		uint8_t c = (uint8_t)*q;

		if (n + 4 > size)
			return false;
		if (c == '%' || c == '_' || c == '\\')
			to[n++] = '\\';
		if (c >= 0x80 && c < 0xc0)
			continue; /* the rest of a letter */
		to[n++] = c >= 0xc0 ? '_' : (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
	}
	to[n++] = '%';
	to[n] = '\0';
	return true;
}
