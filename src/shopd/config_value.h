/* config_value.h: how shopd.conf writes times, spans and measures (CONF_OWN of wire/conf.h). Each
 * writes its field and returns NULL, or what the text must be. config*.c's own. */
#ifndef SHOP_SHOPD_CONFIG_VALUE_H
#define SHOP_SHOPD_CONFIG_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "wire/conf.h"

/** A bound of a sensor as it was written; what was not written is its kind's. */
struct bound {
	enum bound_said {
		BOUND_UNSAID = 0,
		BOUND_NONE = 1, /* "none" */
		BOUND_IS = 2,
	} said;
	char unit;     /* C, % or p (ppm); NUL: none was written */
	int64_t milli; /* thousandths of it */
};

/** read_clock - "03:00": uint16_t, minutes. */
const char *read_clock(const char *text, void *field);
/** read_span - "15 min", "2 h", "90 s" up to 24 h, or never (0): int64_t, milliseconds. */
const char *read_span(const char *text, void *field);
/** read_wait - the same from 0 s on, without never. */
const char *read_wait(const char *text, void *field);
/** read_days - "30 days", or never (0): uint16_t. */
const char *read_days(const char *text, void *field);
/** read_night - "22:00-07:00", past midnight or not, or never: uint16_t[2], both 0. */
const char *read_night(const char *text, void *field);
/** read_bound - "-15", "8,5 °C", "75 %", "1500 ppm" or none: struct bound. read_width - the same
 * without none and without a sign. */
const char *read_bound(const char *text, void *field);
const char *read_width(const char *text, void *field);

#endif
