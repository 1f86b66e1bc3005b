/*
 * sensor_value.c: numbers as the kernel writes them for sensors: decimals without floating point,
 * and the two lines of a 1-wire thermometer with the CRC of its nine bytes.
 *
 * Reckoned in billionths within 64 bits, each step checked: (raw + offset) * scale of a 16-bit
 * converter with nine decimals is exact to less than a thousandth.
 */
#include "device/sensor_value.h"

#include <errno.h>
#include <string.h>

#include "device/sensor.h"

enum {
	SCRATCHPAD = 9, /* bytes that a 1-wire thermometer says, the last is their CRC */
	W1_POWER_ON = 85000,
	W1_LOWEST = -55000, /* what a DS18B20 can measure */
	W1_HIGHEST = 125000,
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* At most ten digits, behind what *n is already: how many there were. */
static uint32_t digits_take(const char *text, uint32_t len, int64_t *n)
{
	uint32_t at = 0;

	for (; at < len && at < 10 && is_digit(text[at]); at++)
		*n = *n * 10 + (text[at] - '0');
	return at;
}

bool billionths(const char *text, uint32_t len, int64_t *ret)
{
	bool minus = len > 0 && text[0] == '-';
	uint32_t at = minus || (len > 0 && text[0] == '+'), whole, decimals = 0;
	int64_t n = 0, part = 0;

	whole = digits_take(text + at, len - at, &n);
	at += whole;
	if (whole == 0 || n > 9 * BILLION)
		return false;
	if (at < len && text[at] == '.') {
		decimals = digits_take(text + at + 1, len - at - 1, &part);
		at += 1 + decimals;
		if (decimals == 0 || decimals > 9)
			return false;
	}
	for (; decimals < 9; decimals++)
		part *= 10;
	if (at != len)
		return false;
	n = n * BILLION + part;
	*ret = minus ? -n : n;
	return true;
}

int64_t rounded(int64_t n, int64_t unit)
{
	int64_t rest = n % unit;

	return n / unit + (rest >= unit - rest) - (rest <= -unit - rest);
}

bool sensor_decimal(const char *text, uint32_t len, int64_t *ret_thousandths)
{
	int64_t n;

	if (!billionths(text, len, &n))
		return false;
	*ret_thousandths = rounded(n, BILLION / 1000);
	return true;
}

bool product(int64_t a, int64_t b, int64_t *ret)
{
	int64_t whole, left, right, rest;

	if (__builtin_mul_overflow(a / BILLION, b / BILLION, &whole) ||
	    __builtin_mul_overflow(a / BILLION, b % BILLION, &left) ||
	    __builtin_mul_overflow(a % BILLION, b / BILLION, &right) ||
	    __builtin_add_overflow(left, right, &rest) ||
	    __builtin_add_overflow(rest, (a % BILLION) * (b % BILLION) / BILLION, &rest))
		return false;
	return !__builtin_add_overflow(whole, rounded(rest, BILLION), ret);
}

static bool hex_digit(char c, uint8_t *ret)
{
	if (!is_digit(c) && (c < 'a' || c > 'f'))
		return false;
	*ret = (uint8_t)(is_digit(c) ? c - '0' : c - 'a' + 10);
	return true;
}

/* "50 05 4b 46 7f ff 0c 10 1c " */
static bool scratchpad_take(const char **text, uint32_t *len, uint8_t bytes[SCRATCHPAD])
{
	for (uint32_t i = 0; i < SCRATCHPAD; i++) {
		uint8_t high, low;

		if (*len < 3 || !hex_digit((*text)[0], &high) || !hex_digit((*text)[1], &low) ||
		    (*text)[2] != ' ')
			return false;
		bytes[i] = (uint8_t)(high << 4 | low);
		*text += 3;
		*len -= 3;
	}
	return true;
}

/* Maxim's: x⁸ + x⁵ + x⁴ + 1, the lowest bit first. */
static uint8_t crc_of(const uint8_t *bytes, uint32_t len)
{
	uint8_t crc = 0;

	for (uint32_t i = 0; i < len; i++) {
		crc ^= bytes[i];
		for (uint32_t bit = 0; bit < 8; bit++)
			crc = (uint8_t)(crc & 1 ? crc >> 1 ^ 0x8c : crc >> 1);
	}
	return crc;
}

static bool word_take(const char **text, uint32_t *len, const char *word)
{
	size_t size = strlen(word);

	if (*len < size || memcmp(*text, word, size) != 0)
		return false;
	*text += size;
	*len -= (uint32_t)size;
	return true;
}

int w1_plausible(int64_t thousandths)
{
	bool can =
		thousandths != W1_POWER_ON && thousandths >= W1_LOWEST && thousandths <= W1_HIGHEST;

	return can ? 0 : -ERANGE;
}

/* A bus that is shorted to ground says zeros, whose CRC is zero and right. */
int sensor_w1_slave(const char *text, uint32_t len, int64_t *ret)
{
	static const uint8_t zeros[SCRATCHPAD];
	uint8_t first[SCRATCHPAD], second[SCRATCHPAD], high, low;
	int64_t n;

	if (!scratchpad_take(&text, &len, first) || !word_take(&text, &len, ": crc=") || len < 3 ||
	    !hex_digit(text[0], &high) || !hex_digit(text[1], &low))
		return -EBADMSG;
	text += 2;
	len -= 2;
	if (!word_take(&text, &len, " YES\n"))
		return word_take(&text, &len, " NO\n") ? -EIO : -EBADMSG;
	if (crc_of(first, SCRATCHPAD - 1) != first[SCRATCHPAD - 1] ||
	    memcmp(first, zeros, sizeof(zeros)) == 0)
		return -EIO;
	if (!scratchpad_take(&text, &len, second) || !word_take(&text, &len, "t=") ||
	    !billionths(text, len > 0 && text[len - 1] == '\n' ? len - 1 : len, &n))
		return -EBADMSG;
	n = rounded(n, BILLION);
	if (w1_plausible(n) < 0)
		return -ERANGE;
	*ret = n;
	return 0;
}
