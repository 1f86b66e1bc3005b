/* sensor_value.h: what the kernel's files of sensors say, as numbers. sensor.c's own; pure. */
#ifndef SHOP_DEVICE_SENSOR_VALUE_H
#define SHOP_DEVICE_SENSOR_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#define BILLION INT64_C(1000000000)

/** billionths - "-12.5" of `len` bytes -> -12500000000: a sign, digits, at most nine decimals.
 * False on anything else, and past ±9,000,000,000. */
bool billionths(const char *text, uint32_t len, int64_t *ret);

/** rounded - n of `unit` (> 0) to the nearest whole one, halves away from zero. */
int64_t rounded(int64_t n, int64_t unit);

/** product - a * b, both in billionths, as a whole number; false where that is past 64 bits. */
bool product(int64_t a, int64_t b, int64_t *ret);

/** w1_plausible - 0, or -ERANGE for what a 1-wire thermometer never measures in a shop. */
int w1_plausible(int64_t thousandths);

#endif
