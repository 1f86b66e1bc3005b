/* clock.c: RFC 3339 without libc's calendar, so that the pure floors need no time zone and no
 * clock. */
#include "base/clock.h"

#include <stddef.h>
#include <string.h>

#include "base/check.h"

#define DAY_MS	    86400000LL
#define WALL_MAX_MS 253402300799999LL /* 9999-12-31T23:59:59.999Z */

struct civil {
	int64_t year;
	int64_t month; /* 1..12 */
	int64_t day;   /* 1..31 */
};

/* Proleptic Gregorian calendar in eras of 400 years that begin on 1 March (so a leap day comes
 * last). */
static struct civil civil_of_days(int64_t days)
{
	int64_t z = days + 719468;
	int64_t era = z / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	struct civil c = {.day = doy - (153 * mp + 2) / 5 + 1, .month = mp < 10 ? mp + 3 : mp - 9};

	c.year = yoe + era * 400 + (c.month <= 2);
	return c;
}

static int64_t days_of_civil(struct civil c)
{
	int64_t y = c.year - (c.month <= 2);
	int64_t era = y / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (c.month > 2 ? c.month - 3 : c.month + 9) + 2) / 5 + c.day - 1;

	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static char *put_digits(char *at, int64_t value, int width)
{
	for (int i = width - 1; i >= 0; i--, value /= 10)
		at[i] = (char)('0' + value % 10);
	return at + width;
}

void wall_text(struct wall t, char text[WALL_TEXT_SIZE])
{
	int64_t ms = t.ms < 0 ? 0 : t.ms > WALL_MAX_MS ? WALL_MAX_MS : t.ms;
	struct civil c = civil_of_days(ms / DAY_MS);
	int64_t rest = ms % DAY_MS;
	char *at = text;

	at = put_digits(at, c.year, 4);
	*at++ = '-';
	at = put_digits(at, c.month, 2);
	*at++ = '-';
	at = put_digits(at, c.day, 2);
	*at++ = 'T';
	at = put_digits(at, rest / 3600000, 2);
	*at++ = ':';
	at = put_digits(at, rest / 60000 % 60, 2);
	*at++ = ':';
	at = put_digits(at, rest / 1000 % 60, 2);
	*at++ = '.';
	at = put_digits(at, rest % 1000, 3);
	*at++ = 'Z';
	*at = '\0';
	CHECK(at - text == WALL_TEXT_SIZE - 1);
}

/* Takes exactly `width` digits at `*at`; false when there are none. */
static bool take_digits(const char **at, const char *end, int width, int64_t *ret)
{
	int64_t value = 0;

	if (end - *at < width)
		return false;
	for (int i = 0; i < width; i++) {
		char c = (*at)[i];

		if (c < '0' || c > '9')
			return false;
		value = value * 10 + (c - '0');
	}
	*at += width;
	*ret = value;
	return true;
}

static bool take_char(const char **at, const char *end, const char *any_of)
{
	if (*at >= end || **at == '\0' || !strchr(any_of, **at))
		return false;
	(*at)++;
	return true;
}

static bool take_fraction(const char **at, const char *end, int64_t *ret_ms)
{
	int64_t ms = 0, weight = 100;
	const char *start;

	*ret_ms = 0;
	if (!take_char(at, end, "."))
		return true;
	start = *at;
	for (; *at < end && **at >= '0' && **at <= '9'; (*at)++, weight /= 10)
		ms += (**at - '0') * weight;
	*ret_ms = ms;
	return *at > start;
}

static bool take_offset(const char **at, const char *end, int64_t *ret_ms)
{
	int64_t hours, minutes, sign;

	*ret_ms = 0;
	if (take_char(at, end, "Zz"))
		return true;
	sign = *at < end && **at == '-' ? -1 : 1;
	if (!take_char(at, end, "+-") || !take_digits(at, end, 2, &hours) ||
	    !take_char(at, end, ":") || !take_digits(at, end, 2, &minutes))
		return false;
	*ret_ms = sign * (hours * 60 + minutes) * 60000;
	return hours < 24 && minutes < 60;
}

static int64_t days_in_month(int64_t year, int64_t month)
{
	static const int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

bool wall_parse(const char *text, uint32_t len, struct wall *ret)
{
	const char *at = text, *end = text + len;
	int64_t hour, minute, second, fraction, offset, ms;
	struct civil c;

	if (!take_digits(&at, end, 4, &c.year) || !take_char(&at, end, "-") ||
	    !take_digits(&at, end, 2, &c.month) || !take_char(&at, end, "-") ||
	    !take_digits(&at, end, 2, &c.day) || !take_char(&at, end, "Tt") ||
	    !take_digits(&at, end, 2, &hour) || !take_char(&at, end, ":") ||
	    !take_digits(&at, end, 2, &minute) || !take_char(&at, end, ":") ||
	    !take_digits(&at, end, 2, &second) || !take_fraction(&at, end, &fraction) ||
	    !take_offset(&at, end, &offset) || at != end)
		return false;
	if (c.month < 1 || c.month > 12 || c.day < 1 || c.day > days_in_month(c.year, c.month))
		return false;
	if (c.year < 1970 || hour > 23 || minute > 59 || second > 60)
		return false;
	ms = days_of_civil(c) * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000 + fraction;
	ms -= offset;
	if (ms < 0 || ms > WALL_MAX_MS || (second == 60 && ms % DAY_MS >= 1000))
		return false;
	ret->ms = ms;
	return true;
}
