/*
 * sensor.h: one value of the room, from where the kernel keeps it. A read may take long (1-wire
 * converts for 750 ms, a bus may hang): never call it from a loop that holds a door.
 *
 *   hwmon:NAME/temp1        /sys/class/hwmon/hwmonN whose `name` is NAME: temp1_input (m°C),
 *                           humidity1_input (m%)
 *   iio:NAME/in_temp        /sys/bus/iio/devices/iio:deviceN whose `name` is NAME: in_temp_input
 *                           (m°C), or (in_temp_raw + in_temp_offset) * in_temp_scale;
 *                           in_humidityrelative (m%), in_concentration_co2 (%, told in m ppm)
 *   w1:28-0123456789ab      /sys/bus/w1/devices/…/temperature (m°C), or w1_slave with its CRC
 *
 * Numbers are never held in floating point: decimals are read as whole thousandths.
 */
#ifndef SHOP_DEVICE_SENSOR_H
#define SHOP_DEVICE_SENSOR_H

#include <stdint.h>

#include "base/check.h"

#define SENSOR_SOURCE_MAX 96

/** sensor_source_rule - NULL, or what the text must be. */
const char *sensor_source_rule(const char *source);

/**
 * sensor_read - the value now, in thousandths.
 * @root: "" on a real machine; a folder that stands for "/" in tests.
 * @return 0; -ENODEV when there is no such sensor, -EIO when it does not answer or its checksum is
 * wrong, -EBADMSG when what it says is no number, -ERANGE when no such thing can be (a 1-wire
 * sensor that lost power says 85 °C, one that is shorted -127).
 */
MUST_CHECK int sensor_read(const char *root, const char *source, int64_t *ret);

#endif
