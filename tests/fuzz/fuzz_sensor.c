/*
 * fuzz_sensor.c: any bytes as what the kernel's file of a sensor may hold, and as the source in
 * shopd.conf that says which file that is. What is taken as a number is within what was promised,
 * and no source that is taken can name a path outside its folder.
 */
#include <errno.h>
#include <string.h>

#include "device/sensor.h"

#define LARGEST INT64_C(9000000001000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_decimal(const char *text, uint32_t len)
{
	int64_t value, again;
	char other[300];

	if (!sensor_decimal(text, len, &value))
		return;
	CHECK(len > 0 && len <= 22 && value >= -LARGEST && value <= LARGEST);
	/* the other sign, the other number */
	if (text[0] == '-') {
		CHECK(sensor_decimal(text + 1, len - 1, &again) && again == -value);
	} else if (text[0] != '+') {
		other[0] = '-';
		memcpy(other + 1, text, len);
		CHECK(sensor_decimal(other, len + 1, &again) && again == -value);
	}
}

static void check_w1(const char *text, uint32_t len)
{
	int64_t value = 0;
	int r = sensor_w1_slave(text, len, &value);

	CHECK(r == 0 || r == -EIO || r == -EBADMSG || r == -ERANGE);
	if (r == 0)
		CHECK(value >= -55000 && value <= 125000 && value != 85000);
}

static void check_source(const char *text)
{
	const char *at = strchr(text, ':');

	if (sensor_source_rule(text) != NULL)
		return;
	CHECK(at && strlen(text) < SENSOR_SOURCE_MAX);
	CHECK(sensor_source_bus(text) < SENSOR_BUSES);
	CHECK(!strchr(text, '.') && strspn(at + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRST"
						   "UVWXYZ0123456789_-@/") == strlen(at + 1));
	/* one folder and one file at most */
	at = strchr(at, '/');
	CHECK(!at || !strchr(at + 1, '/'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[257];

	if (size > 256)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	check_decimal(text, (uint32_t)size);
	check_w1(text, (uint32_t)size);
	check_source(text);
	return 0;
}
