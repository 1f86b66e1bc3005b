/*
 * bankfile.c: which file it is, and what its readers share. A file is gathered whole before a
 * single payment of it is told: half a file would be half the truth, and nobody would know which
 * half.
 *
 * A payment's key decides whether its money counts once or twice. It is a hash over what the bank
 * says of it, so that the same file, sent again, gives the same keys; two payments that are alike
 * in all that is told are the first and the second of their kind.
 */
#include "paper/bankfile_part.h"

#include <ctype.h>
#include <errno.h>
#include <openssl/evp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAYMENTS_FIRST 64

void harvest_wrong(struct harvest *h, const char *form, ...)
{
	va_list list;

	if (h->error)
		return;
	h->error = -EINVAL;
	va_start(list, form);
	vsnprintf(h->why, BANKFILE_WHY_MAX, form, list);
	va_end(list);
}

/* FNV-1a over a key's text: where to begin looking for it. */
static uint32_t slot_of(const struct harvest *h, const char *key)
{
	uint32_t hash = 2166136261U;

	for (; *key; key++)
		hash = (hash ^ (uint8_t)*key) * 16777619U;
	return hash & (h->slots - 1);
}

/* The slot of this key, or the free one where it belongs. */
static uint32_t *slot_find(struct harvest *h, const char *key)
{
	uint32_t at = slot_of(h, key);

	while (h->slot[at] && strcmp(h->payment[h->slot[at] - 1].bank_key, key) != 0)
		at = (at + 1) & (h->slots - 1);
	return &h->slot[at];
}

/* Room for one more, in both arrays. */
static bool grow(struct harvest *h)
{
	uint32_t room = h->room ? h->room * 2 : PAYMENTS_FIRST;
	struct bank_payment *more;

	if (h->count < h->room)
		return true;
	more = reallocarray(h->payment, room, sizeof(*more));
	if (more)
		h->payment = more;
	free(h->slot);
	h->slot = calloc(room * 2, sizeof(*h->slot));
	if (!more || !h->slot) {
		h->error = -ENOMEM;
		return false;
	}
	h->room = room;
	h->slots = room * 2;
	for (uint32_t i = 0; i < h->count; i++)
		*slot_find(h, h->payment[i].bank_key) = i + 1;
	return true;
}

/* A text with its length before it, so that no two lists of texts give the same bytes. */
static void digest_text(EVP_MD_CTX *hash, const char *text)
{
	char head[16];
	int len = snprintf(head, sizeof(head), "%zu:", text ? strlen(text) : 0);

	CHECK(EVP_DigestUpdate(hash, head, (size_t)len) == 1);
	if (text)
		CHECK(EVP_DigestUpdate(hash, text, strlen(text)) == 1);
}

static void key_make(const struct bank_payment *p, const struct identity *id, uint32_t nth,
		     char key[NAME_MAX_LEN + 1])
{
	EVP_MD_CTX *hash = EVP_MD_CTX_new();
	uint8_t sum[32];
	char number[64];

	CHECK(hash && EVP_DigestInit_ex(hash, EVP_sha256(), NULL) == 1);
	for (uint32_t i = 0; i < ARRAY_LEN(id->text); i++)
		digest_text(hash, id->text[i]);
	snprintf(number, sizeof(number), "%lld %d %u", (long long)money_minor(p->amount),
		 p->booked.n, nth);
	digest_text(hash, number);
	digest_text(hash, p->currency);
	digest_text(hash, p->reference);
	CHECK(EVP_DigestFinal_ex(hash, sum, NULL) == 1);
	EVP_MD_CTX_free(hash);
	hex_text(sum, sizeof(sum), key);
}

void harvest_add(struct harvest *h, struct bank_payment p, const struct identity *id)
{
	uint32_t *slot = NULL;

	if (h->error || !grow(h))
		return;
	for (uint32_t nth = 0; !slot || *slot; nth++) {
		if (nth > 1000) {
			harvest_wrong(
				h,
				"more than 1,000 payments are alike in all that is told of them");
			return;
		}
		key_make(&p, id, nth, p.bank_key);
		slot = slot_find(h, p.bank_key);
	}
	h->payment[h->count++] = p;
	*slot = h->count;
}

bool bank_amount_parse(const char *text, uint32_t len, struct money *ret)
{
	int64_t minor = 0;
	uint32_t decimals = 0, digits = 0;
	bool point = false;

	for (uint32_t i = 0; i < len; i++) {
		if (text[i] == '.' && !point) {
			point = true;
			continue;
		}
		if (text[i] < '0' || text[i] > '9' || ++digits > 18)
			return false;
		decimals += point;
		if (decimals <= 2)
			minor = minor * 10 + (text[i] - '0');
		else if (text[i] != '0' || decimals > 5)
			return false;
	}
	if (digits == 0 || digits == decimals || (point && decimals == 0))
		return false;
	for (; decimals < 2; decimals++)
		if (__builtin_mul_overflow(minor, 10, &minor))
			return false;
	*ret = money_of(minor);
	return true;
}

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

void reference_set(const char *text, char ret[REFERENCE_MAX + 1])
{
	size_t len, at = 0;

	while (blank(*text))
		text++;
	len = strlen(text);
	while (len > 0 && blank(text[len - 1]))
		len--;
	ret[0] = '\0';
	if (len <= REFERENCE_MAX) {
		memcpy(ret, text, len);
		ret[len] = '\0';
		return;
	}
	for (size_t i = 0; i < len;) {
		size_t word = i;
		bool digit = false;

		while (word < len && !blank(text[word])) {
			digit |= isdigit((uint8_t)text[word]) != 0;
			word++;
		}
		if (digit) {
			if (at + (at > 0) + (word - i) > REFERENCE_MAX) {
				ret[0] = '\0';
				return;
			}
			if (at > 0)
				ret[at++] = ' ';
			memcpy(ret + at, text + i, word - i);
			at += word - i;
			ret[at] = '\0';
		}
		for (i = word; i < len && blank(text[i]); i++)
			;
	}
}

/* XML begins with '<', maybe after a byte order mark and blanks; UTF-16 with its mark. */
static bool is_xml(const char *bytes, uint32_t len)
{
	uint32_t at = 0;

	if (len >= 2 && (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0))
		return true;
	if (len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
		at = 3;
	while (at < len && blank(bytes[at]))
		at++;
	return at < len && bytes[at] == '<';
}

int bankfile_read(const char *bytes, uint32_t len, bankfile_fn *each, void *data,
		  char why[BANKFILE_WHY_MAX])
{
	struct harvest h = {.why = why};

	why[0] = '\0';
	if (len > BANKFILE_MAX) {
		snprintf(why, BANKFILE_WHY_MAX, "the file is larger than %u MiB",
			 BANKFILE_MAX >> 20);
		return -EFBIG;
	}
	if (is_xml(bytes, len))
		camt_read(&h, bytes, len);
	else if (len >= 7 && memcmp(bytes, "01BGMAX", 7) == 0)
		bgmax_read(&h, bytes, len);
	else
		harvest_wrong(&h, "this is neither camt.054 (XML) nor BgMax (its first line begins "
				  "with 01BGMAX)");
	for (uint32_t i = 0; i < h.count && h.error == 0; i++)
		h.error = each(data, &h.payment[i]);
	free(h.payment);
	free(h.slot);
	return h.error;
}
