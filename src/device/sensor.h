/*
 * sensor.h: one value of the room, from where the kernel keeps it. A read may take long (1-wire
 * converts for 750 ms, a bus may hang): never call it from a loop that holds a door.
 *
 *   hwmon:NAME/temp1        /sys/class/hwmon/hwmonN whose `name` is NAME: temp1_input (m°C),
 *                           humidity1_input (m%)
 *   iio:NAME/in_temp        /sys/bus/iio/devices/iio:deviceN whose `name` is NAME: in_temp_input
 *                           (m°C), or (in_temp_raw + in_temp_offset) * in_temp_scale;
 *                           in_humidityrelative (m%), in_concentration_co2 (%, told in m ppm)
 *   w1:28-0123456789ab      /sys/bus/w1/devices/…/w1_slave with its CRC, or where there is none
 *                           temperature (m°C)
 *
 * Two of the same kind have the same NAME: then NAME@1-0044 is the one at that address of its bus.
 * Numbers are never held in floating point: decimals are read as whole thousandths.
 */
#ifndef SHOP_DEVICE_SENSOR_H
#define SHOP_DEVICE_SENSOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/check.h"

#define SENSOR_SOURCE_MAX 96

/** What a source is read by. A bus that hangs takes all of its kind with it, and no other. */
enum sensor_bus {
	SENSOR_W1 = 0,
	SENSOR_IIO = 1,
	SENSOR_HWMON = 2,
};
#define SENSOR_BUSES 3

/** sensor_source_rule - NULL, or what the text must be. */
const char *sensor_source_rule(const char *source);

/** sensor_source_bus - of a source that keeps the rule. */
enum sensor_bus sensor_source_bus(const char *source);

/**
 * sensor_read - the value now, in thousandths.
 * @root: "" on a real machine; a folder that stands for "/" in tests.
 * @return 0; -ENODEV when there is no such sensor, -ENOTUNIQ when there are two of that name and no
 * address says which, -EIO when it does not answer or its checksum is wrong, -EBADMSG when what it
 * says is no number, -ERANGE when no such thing can be (a 1-wire sensor that lost power says 85 °C,
 * one that is shorted -127).
 */
MUST_CHECK int sensor_read(const char *root, const char *source, int64_t *ret);

/** sensor_failure - why it failed, in words for the log. */
const char *sensor_failure(int error);

/** sensor_decimal - reads "-12.5" of `len` bytes as -12500: a sign, digits, at most nine decimals,
 * rounded to thousandths. False on anything else, and past ±9,000,000,000. */
MUST_CHECK bool sensor_decimal(const char *text, uint32_t len, int64_t *ret_thousandths);

/** sensor_w1_slave - reads the two lines of w1_slave, `len` bytes. 0, -EIO (its CRC is wrong),
 * -EBADMSG, -ERANGE; the value in thousandths of a degree. */
MUST_CHECK int sensor_w1_slave(const char *text, uint32_t len, int64_t *ret);

#endif
