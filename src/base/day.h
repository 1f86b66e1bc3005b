/*
 * day.h: civil dates and months, for what hangs on the calendar and not on the clock: VAT rates,
 * invoices, due dates, best-before dates. Proleptic Gregorian, the date as people at the shop's
 * place write it; which instant belongs to which day only a program's shell knows (time zone).
 */
#ifndef SHOP_BASE_DAY_H
#define SHOP_BASE_DAY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/check.h"

/** Days since 1970-01-01, which is 0 and stands for "none" where a day may be missing. */
struct day {
	int32_t n;
};

/** A month: year × 100 + month, 202610; 0 is none. */
struct period {
	int32_t n;
};

#define DAY_NONE	 ((struct day){0})
#define DAY_MAX		 2932896 /* 9999-12-31 */
#define DAY_TEXT_SIZE	 11	 /* "2026-10-31" and its NUL */
#define PERIOD_TEXT_SIZE 8

/** day_of - the day of this date; false for one that is not in the calendar, or outside years 1970
 * to 9999. day_civil - the other way. */
MUST_CHECK bool day_of(int32_t year, int32_t month, int32_t day, struct day *ret);
void day_civil(struct day d, int32_t *ret_year, int32_t *ret_month, int32_t *ret_day);

/** day_parse - "2026-10-31", exactly; false on anything else, also on a date that is none.
 * day_text - the other way; dashes for a day outside 0..DAY_MAX. */
MUST_CHECK bool day_parse(const char *text, uint32_t len, struct day *ret);
void day_text(struct day d, char text[DAY_TEXT_SIZE]);

/** day_weekday - Monday 0 to Sunday 6. */
uint32_t day_weekday(struct day d);

/** period_parse - "2026-10", exactly, years 1970 to 9999. period_text - the other way; dashes for
 * one that is none. period_valid - whether it is a month of those years. */
MUST_CHECK bool period_parse(const char *text, uint32_t len, struct period *ret);
void period_text(struct period p, char text[PERIOD_TEXT_SIZE]);
bool period_valid(struct period p);

/** period_of - the month of a day. period_first - its first day. period_add - `months` later, or
 * earlier. Of a period that is none, and past either end, they are none (0). */
struct period period_of(struct day d);
struct day period_first(struct period p);
struct period period_add(struct period p, int32_t months);

#endif
