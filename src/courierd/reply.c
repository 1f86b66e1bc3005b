/*
 * reply.c: texts that come in are anybody's words. Only one thing is ever taken from them: six
 * ASCII digits that stand alone, between spaces, ordinary punctuation or the ends. A digit of
 * another script, a letter, a control or a character that turns the reading direction beside them
 * makes them part of something else, and so do more digits beyond a sign that joins numbers
 * (14:45, 850101-1234). Two such numbers are none: a guess must cost a text each.
 *
 * For the log a text becomes one line of plain letters; what else it holds is shown by its number,
 * so that it can neither start a line of its own, nor colour or turn one, nor end it unseen.
 */
#include "courierd/reply.h"

#include <stdio.h>

#include "base/utf8.h"

#define CODE_DIGITS  6
#define PHONE_DIGITS 7 /* from so many on a number could be a phone's, or a person's */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* ---- the code ---- */

static bool ascii_parts(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' ||
	       (c > ' ' && c < 0x7f && !is_digit(c) && !(c >= 'a' && c <= 'z') &&
		!(c >= 'A' && c <= 'Z') && c != '_');
}

/** Spaces, dashes, quotes and dots beyond ASCII that stand between words. */
static bool wide_parts(uint32_t code)
{
	return code == 0xa0 || code == 0xab || code == 0xbb || (code >= 0x2010 && code <= 0x2026) ||
	       (code >= 0x2000 && code <= 0x200a) || code == 0x202f || code == 0x2039 ||
	       code == 0x203a;
}

/** Joins the digits on both of its sides to one number, date or time. */
static bool joins(char c)
{
	return c == '-' || c == '.' || c == ',' || c == ':' || c == '/' || c == '+' || c == '*' ||
	       c == '#';
}

/** Whether nothing that belongs to it stands before `at`. */
static bool stands_from(const char *text, size_t at)
{
	uint32_t code, len = 1;

	if (at == 0)
		return true;
	if ((unsigned char)text[at - 1] < 0x80) {
		if (text[at - 1] == '+' || text[at - 1] == '#' || text[at - 1] == '*')
			return false;
		if (at >= 2 && joins(text[at - 1]) && is_digit(text[at - 2]))
			return false;
		return ascii_parts(text[at - 1]);
	}
	while (len < UTF8_LONGEST && len < at && ((unsigned char)text[at - len] & 0xc0) == 0x80)
		len++;
	return utf8_one(text + at - len, len, &code) == len && wide_parts(code);
}

static bool stands_to(const char *text, size_t at)
{
	uint32_t code;

	if (text[at] == '\0')
		return true;
	if ((unsigned char)text[at] < 0x80)
		return ascii_parts(text[at]) && !(joins(text[at]) && is_digit(text[at + 1]));
	return utf8_one(text + at, (uint32_t)strnlen(text + at, UTF8_LONGEST), &code) > 0 &&
	       wide_parts(code);
}

bool reply_code(const char *text, uint32_t *ret)
{
	uint32_t found = 0, code = 0;

	for (size_t i = 0; text[i] != '\0';) {
		size_t from = i;
		uint32_t value = 0;

		while (is_digit(text[i])) {
			if (i - from < CODE_DIGITS)
				value = value * 10 + (uint32_t)(text[i] - '0');
			i++;
		}
		if (i - from == CODE_DIGITS && stands_from(text, from) && stands_to(text, i)) {
			code = value;
			found++;
		}
		i += i == from;
	}
	if (found != 1)
		return false;
	*ret = code;
	return true;
}

/* ---- the log ---- */

/** Latin letters, as they stand in this part of the world. */
static bool wide_letter(uint32_t code)
{
	return code >= 0xc0 && code <= 0x24f && code != 0xd7 && code != 0xf7;
}

static bool number_goes_on(char c)
{
	return is_digit(c) || c == ' ' || c == '-' || c == '(' || c == ')' || c == '/' || c == '.';
}

/** Bytes of the number that begins here, with the signs that people write into one; 0 when it has
 * too few digits to be a phone's. */
static size_t phone_len(const char *text)
{
	size_t len = 0, end = 0;
	uint32_t digits = 0;

	for (; number_goes_on(text[len]); len++) {
		if (!is_digit(text[len]))
			continue;
		digits++;
		end = len + 1;
	}
	return digits >= PHONE_DIGITS ? end : 0;
}

/** One character of the text in plain letters, NUL-terminated in `piece`; its bytes in the text. */
static uint32_t escape(const char *text, bool hidden, char piece[16])
{
	uint32_t code, len = utf8_one(text, (uint32_t)strnlen(text, UTF8_LONGEST), &code);

	if (len == 0)
		snprintf(piece, 16, "\\x%02X", (unsigned char)text[0]);
	else if (code >= 0x80 && !wide_letter(code))
		snprintf(piece, 16, "\\u{%04X}", (unsigned)code);
	else if (code < ' ' || code == 0x7f || code == '\\')
		snprintf(piece, 16, "\\x%02X", (unsigned)code);
	else if (hidden && is_digit(text[0]))
		snprintf(piece, 16, "*");
	else
		snprintf(piece, 16, "%.*s", (int)len, text);
	return len == 0 ? 1 : len;
}

void reply_escaped(const char *text, char out[REPLY_LOG_MAX + 8])
{
	size_t have = 0, hidden_to = 0;
	char piece[16];

	for (size_t i = 0; text[i] != '\0';) {
		size_t len;

		if (i >= hidden_to && is_digit(text[i]))
			hidden_to = i + phone_len(text + i);
		i += escape(text + i, i < hidden_to, piece);
		len = strlen(piece);
		if (have + len > REPLY_LOG_MAX) {
			memcpy(out + have, "…", sizeof("…"));
			return;
		}
		memcpy(out + have, piece, len);
		have += len;
	}
	out[have] = '\0';
}
