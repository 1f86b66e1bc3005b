/*
 * gsm.c: the alphabet of text messages (3GPP TS 23.038, 6.2.1), and what a text costs in it. A
 * single letter outside of it would make two parts of one.
 */
#include "courierd/texts.h"

#include <string.h>

static const char gsm_letters[] =
	"@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
	"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
static const char gsm_escaped[] = "\f^{}\\[~]|€";

/** Bytes of the UTF-8 letter at `c`, taken at its word: it is looked up as a whole. */
static size_t letter_len(const char *c)
{
	unsigned char lead = (unsigned char)*c;
	size_t len = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;

	return strnlen(c, len);
}

static bool alphabet_has(const char *alphabet, const char *letter, size_t len)
{
	for (const char *c = alphabet; *c != '\0'; c += letter_len(c))
		if (letter_len(c) == len && memcmp(c, letter, len) == 0)
			return true;
	return false;
}

uint32_t text_septets(const char *words)
{
	uint32_t septets = 0;

	for (size_t len; *words != '\0'; words += len) {
		len = letter_len(words);
		if (alphabet_has(gsm_letters, words, len))
			septets += 1;
		else if (alphabet_has(gsm_escaped, words, len))
			septets += 2;
		else
			return 0;
	}
	return septets;
}
