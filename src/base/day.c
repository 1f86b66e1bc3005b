/*
 * day.c: the calendar as arithmetic. A year here begins in March, so that the leap day is the last
 * of a year and no month needs a table of leap years: 400 such years are always 146097 days, and
 * the months from March on are 31 30 31 30 31, over and over (so `(153 m + 2) / 5`).
 *
 * Promises: no input is undefined. What lies outside 1970-01-01 to 9999-12-31 is refused when it is
 * read, and shown as dashes should it ever be printed.
 */
#include "base/day.h"

#include <stdio.h>
#include <string.h>

#define YEAR_MIN    1970
#define YEAR_MAX    9999
#define ERA_YEARS   400
#define ERA_DAYS    146097
#define MARCH_BASED 719468 /* days from 0000-03-01 to 1970-01-01 */

/* Days since 1970-01-01 of a date after year 0, whatever its month's length. */
static int64_t days_to(int64_t year, int32_t month, int32_t day)
{
	int64_t march_year = month <= 2 ? year - 1 : year;
	int64_t era = (march_year >= 0 ? march_year : march_year - (ERA_YEARS - 1)) / ERA_YEARS;
	int64_t in_era = march_year - era * ERA_YEARS;
	int64_t in_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

	return era * ERA_DAYS + in_era * 365 + in_era / 4 - in_era / 100 + in_year - MARCH_BASED;
}

static int32_t month_days(int32_t year, int32_t month)
{
	if (month == 2)
		return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
	return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

bool day_of(int32_t year, int32_t month, int32_t day, struct day *ret)
{
	if (year < YEAR_MIN || year > YEAR_MAX || month < 1 || month > 12)
		return false;
	if (day < 1 || day > month_days(year, month))
		return false;
	ret->n = (int32_t)days_to(year, month, day);
	return true;
}

void day_civil(struct day d, int32_t *ret_year, int32_t *ret_month, int32_t *ret_day)
{
	int64_t n = (int64_t)d.n + MARCH_BASED;
	int64_t era = (n >= 0 ? n : n - (ERA_DAYS - 1)) / ERA_DAYS;
	int64_t in_era = n - era * ERA_DAYS;
	int64_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / (ERA_DAYS - 1)) / 365;
	int64_t in_year = in_era - (365 * year + year / 4 - year / 100);
	int64_t march_month = (5 * in_year + 2) / 153;
	int64_t month = march_month < 10 ? march_month + 3 : march_month - 9;

	*ret_year = (int32_t)(year + era * ERA_YEARS + (month <= 2));
	*ret_month = (int32_t)month;
	*ret_day = (int32_t)(in_year - (153 * march_month + 2) / 5 + 1);
}

/* Exactly `len` digits. */
static bool digits(const char *text, uint32_t len, int32_t *ret)
{
	int32_t value = 0;

	for (uint32_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		value = value * 10 + (text[i] - '0');
	}
	*ret = value;
	return true;
}

bool day_parse(const char *text, uint32_t len, struct day *ret)
{
	int32_t year, month, day;

	if (len != DAY_TEXT_SIZE - 1 || text[4] != '-' || text[7] != '-')
		return false;
	if (!digits(text, 4, &year) || !digits(text + 5, 2, &month) || !digits(text + 8, 2, &day))
		return false;
	return day_of(year, month, day, ret);
}

void day_text(struct day d, char text[DAY_TEXT_SIZE])
{
	int32_t year, month, day;

	day_civil(d, &year, &month, &day);
	if (d.n < 0 || d.n > DAY_MAX)
		memcpy(text, "----------", DAY_TEXT_SIZE);
	else
		snprintf(text, DAY_TEXT_SIZE, "%04u-%02u-%02u", (unsigned)year % 10000,
			 (unsigned)month % 100, (unsigned)day % 100);
}

uint32_t day_weekday(struct day d)
{
	/* 1970-01-01 was a Thursday */
	return (uint32_t)((((int64_t)d.n + 3) % 7 + 7) % 7);
}

bool period_valid(struct period p)
{
	return p.n / 100 >= YEAR_MIN && p.n / 100 <= YEAR_MAX && p.n % 100 >= 1 && p.n % 100 <= 12;
}

bool period_parse(const char *text, uint32_t len, struct period *ret)
{
	int32_t year, month;

	if (len != PERIOD_TEXT_SIZE - 1 || text[4] != '-')
		return false;
	if (!digits(text, 4, &year) || !digits(text + 5, 2, &month))
		return false;
	if (!period_valid((struct period){year * 100 + month}))
		return false;
	ret->n = year * 100 + month;
	return true;
}

void period_text(struct period p, char text[PERIOD_TEXT_SIZE])
{
	if (!period_valid(p))
		memcpy(text, "-------", PERIOD_TEXT_SIZE);
	else
		snprintf(text, PERIOD_TEXT_SIZE, "%04u-%02u", (unsigned)(p.n / 100) % 10000,
			 (unsigned)(p.n % 100));
}

struct period period_of(struct day d)
{
	int32_t year, month, day;

	day_civil(d, &year, &month, &day);
	return (struct period){year * 100 + month};
}

struct day period_first(struct period p)
{
	if (!period_valid(p))
		return DAY_NONE;
	return (struct day){(int32_t)days_to(p.n / 100, p.n % 100, 1)};
}

struct period period_add(struct period p, int32_t months)
{
	int64_t at = (int64_t)(p.n / 100) * 12 + (p.n % 100 - 1) + months;
	struct period ret;

	if (!period_valid(p) || at < YEAR_MIN * 12 || at >= (YEAR_MAX + 1) * 12)
		return (struct period){0};
	ret.n = (int32_t)(at / 12 * 100 + at % 12 + 1);
	return ret;
}
