/*
 * test_sensor_source.c: the kernel's files of sensors: what may be asked for, what is read as which
 * number, and what is no value. /sys is a picture of it in a folder of the test's own, with the
 * links that the kernel makes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "device/sensor.h"

static char root[64];

/* Makes every folder on the way. */
static void folders(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		assert_true(mkdir(path, 0755) == 0 || errno == EEXIST);
		*slash = '/';
	}
}

static void file_bytes(const char *name, const void *bytes, size_t len)
{
	char path[400];
	int fd;

	snprintf(path, sizeof(path), "%s%s", root, name);
	folders(path);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), (ssize_t)len);
	close(fd);
}

static void file(const char *name, const char *text)
{
	file_bytes(name, text, strlen(text));
}

static void link_to(const char *name, const char *target)
{
	char path[400];

	snprintf(path, sizeof(path), "%s%s", root, name);
	folders(path);
	assert_int_equal(symlink(target, path), 0);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static int set_up(void **state)
{
	(void)state;
	snprintf(root, sizeof(root), P_tmpdir "/shop-sensor-XXXXXX");
	return mkdtemp(root) ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	return nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void reads(const char *source, int64_t value)
{
	int64_t got = INT64_MIN;
	int r = sensor_read(root, source, &got);

	if (r != 0 || got != value)
		fail_msg("%s: %s, %lld", source, r ? strerror(-r) : "read", (long long)got);
}

static void fails(const char *source, int error)
{
	int64_t got = 4711;
	int r = sensor_read(root, source, &got);

	if (r != error)
		fail_msg("%s: %d, not %d", source, r, error);
	assert_int_equal(got, 4711); /* untouched */
	assert_true(strlen(sensor_failure(error)) > 0);
}

/* --- what may be asked for */

static void test_sources(void **state)
{
	static const char *const good[] = {"hwmon:sht3x/temp1",
					   "hwmon:sht3x/humidity1",
					   "hwmon:sht3x@1-0044/temp12",
					   "iio:scd41/in_temp",
					   "iio:scd41/in_concentration_co2",
					   "w1:28-0123456789ab",
					   "iio:bme280@1-0076/in_humidityrelative"};
	static const char *const bad[] = {"",
					  "hwmon",
					  "hwmon:",
					  "hwmon:sht3x",
					  "hwmon:sht3x/",
					  "hwmon:/temp1",
					  "hwmon:sht3x/temp",
					  "hwmon:sht3x/temp0",
					  "hwmon:sht3x/temp1/x",
					  "hwmon:sht3x/temp1_input",
					  "hwmon:sht3x/fan1",
					  "hwmon:sht3x/in_temp",
					  "hwmon:../temp1",
					  "hwmon:a/../../temp1",
					  "hwmon:sht3x@/temp1",
					  "hwmon:sht3x@../temp1",
					  "hwmon:sht 3x/temp1",
					  "iio:scd41/temp1",
					  "iio:scd41/in_voltage0",
					  "iio:scd41/in_temp/../x",
					  "iio:scd41/in_temp.x",
					  "w1:",
					  "w1:28-0123456789AB",
					  "w1:28-0123456789a",
					  "w1:28-0123456789abc",
					  "w1:28/0123456789ab",
					  "w1:..-0123456789ab",
					  "w1:28-0123456789ab/x",
					  "hwmon:\xc3\xa5/temp1",
					  "gpio:GPIO5"};
	char longest[SENSOR_SOURCE_MAX + 32];

	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(good); i++)
		assert_null(sensor_source_rule(good[i]));
	for (uint32_t i = 0; i < ARRAY_LEN(bad); i++) {
		if (!sensor_source_rule(bad[i]))
			fail_msg("'%s' was taken", bad[i]);
		fails(bad[i], -ENODEV);
	}
	for (size_t len = 70; len < sizeof(longest) - 16; len++) {
		snprintf(longest, sizeof(longest), "hwmon:%0*d/temp1", (int)len, 0);
		assert_int_equal(sensor_source_rule(longest) == NULL,
				 strlen(longest) < SENSOR_SOURCE_MAX);
	}
	assert_int_equal(sensor_source_bus("w1:28-0123456789ab"), SENSOR_W1);
	assert_int_equal(sensor_source_bus("iio:scd41/in_temp"), SENSOR_IIO);
	assert_int_equal(sensor_source_bus("hwmon:sht3x/temp1"), SENSOR_HWMON);
}

/* --- numbers */

static void decimal(const char *text, int64_t thousandths)
{
	int64_t got = 0;

	if (!sensor_decimal(text, (uint32_t)strlen(text), &got) || got != thousandths)
		fail_msg("%s: %lld, not %lld", text, (long long)got, (long long)thousandths);
}

static void test_decimals(void **state)
{
	static const char *const bad[] = {
		"",	      "-",	    "+",   ".",	  "1.",		  ".5",
		"--1",	      "1e3",	    "1,5", " 1",  "1 ",		  "0x1",
		"1.2.3",      "12a",	    "nan", "inf", "1.0123456789", "12345678901",
		"9000000001", "-9000000001"};
	int64_t n = 4711;

	(void)state;
	decimal("0", 0);
	decimal("-15", -15000);
	decimal("+8.5", 8500);
	decimal("-0.0004", 0);
	decimal("0.0005", 1);
	decimal("-0.0005", -1);
	decimal("1.999999999", 2000);
	decimal("007.5", 7500);
	decimal("9000000000", 9000000000000);
	decimal("-9000000000.999999999", -9000000001000);
	for (uint32_t i = 0; i < ARRAY_LEN(bad); i++)
		if (sensor_decimal(bad[i], (uint32_t)strlen(bad[i]), &n))
			fail_msg("'%s' was taken as %lld", bad[i], (long long)n);
	assert_int_equal(n, 4711);
	assert_true(sensor_decimal("12.5garbage", 4, &n)); /* only as long as it is said to be */
	assert_int_equal(n, 12500);
}

/* --- hwmon */

static void test_hwmon_is_found_by_name(void **state)
{
	(void)state;
	file("/sys/class/hwmon/hwmon0/name", "cpu_thermal\n");
	file("/sys/class/hwmon/hwmon0/temp1_input", "55000\n");
	file("/sys/class/hwmon/hwmon7/name", "sht3x\n");
	file("/sys/class/hwmon/hwmon7/temp1_input", "-18562\n");
	file("/sys/class/hwmon/hwmon7/humidity1_input", "43210\n");
	file("/sys/class/hwmon/other/name", "sht3x\n");
	reads("hwmon:sht3x/temp1", -18562);
	reads("hwmon:sht3x/humidity1", 43210);
	reads("hwmon:cpu_thermal/temp1", 55000);
	fails("hwmon:sht3x/temp2", -ENODEV);
	fails("hwmon:sht3/temp1", -ENODEV);
	fails("hwmon:sht3xx/temp1", -ENODEV);
	fails("iio:sht3x/in_temp", -ENODEV);
}

static void test_two_of_a_kind_need_an_address(void **state)
{
	(void)state;
	file("/sys/class/hwmon/hwmon1/name", "sht3x\n");
	file("/sys/class/hwmon/hwmon1/temp1_input", "4000\n");
	link_to("/sys/class/hwmon/hwmon1/device", "../../../1-0044");
	file("/sys/class/hwmon/hwmon2/name", "sht3x\n");
	file("/sys/class/hwmon/hwmon2/temp1_input", "-20000\n");
	link_to("/sys/class/hwmon/hwmon2/device", "../../../1-0045");
	fails("hwmon:sht3x/temp1", -ENOTUNIQ);
	reads("hwmon:sht3x@1-0044/temp1", 4000);
	reads("hwmon:sht3x@1-0045/temp1", -20000);
	fails("hwmon:sht3x@1-0046/temp1", -ENODEV);
	/* an IIO device's link is the device itself */
	file("/sys/devices/i2c-1/1-0062/iio:device3/name", "scd41\n");
	file("/sys/devices/i2c-1/1-0062/iio:device3/in_temp_input", "21500\n");
	link_to("/sys/bus/iio/devices/iio:device3", "../../../devices/i2c-1/1-0062/iio:device3");
	reads("iio:scd41@1-0062/in_temp", 21500);
	fails("iio:scd41@1-0063/in_temp", -ENODEV);
	reads("iio:scd41/in_temp", 21500);
}

static void test_files_that_are_none(void **state)
{
	char much[300];

	(void)state;
	memset(much, '1', sizeof(much));
	file("/sys/class/hwmon/hwmon0/name", "sht3x\n");
	file("/sys/class/hwmon/hwmon0/temp1_input", "");
	fails("hwmon:sht3x/temp1", -EBADMSG);
	file("/sys/class/hwmon/hwmon0/temp1_input", "cold\n");
	fails("hwmon:sht3x/temp1", -EBADMSG);
	file("/sys/class/hwmon/hwmon0/temp1_input", "21000\n22000\n");
	fails("hwmon:sht3x/temp1", -EBADMSG);
	file_bytes("/sys/class/hwmon/hwmon0/temp1_input", "21\0000", 5);
	fails("hwmon:sht3x/temp1", -EBADMSG);
	file_bytes("/sys/class/hwmon/hwmon0/temp1_input", much, sizeof(much));
	fails("hwmon:sht3x/temp1", -EBADMSG);
	file("/sys/class/hwmon/hwmon0/temp1_input", "-273151\n");
	fails("hwmon:sht3x/temp1", -ERANGE);
	file("/sys/class/hwmon/hwmon0/temp1_input", "200001\n");
	fails("hwmon:sht3x/temp1", -ERANGE);
	file("/sys/class/hwmon/hwmon0/humidity1_input", "-1\n");
	fails("hwmon:sht3x/humidity1", -ERANGE);
	/* a folder opens, and cannot be read: as a bus that answers with an error */
	file("/sys/class/hwmon/hwmon0/temp2_input/x", "");
	fails("hwmon:sht3x/temp2", -EIO);
	file_bytes("/sys/class/hwmon/hwmon0/name", much, sizeof(much));
	fails("hwmon:sht3x/temp1", -ENODEV);
}

/* --- IIO */

#define IIO "/sys/bus/iio/devices/iio:device0/"

/* As the scd4x driver has them: a 16-bit converter, offsets and scales with nine decimals. */
static void test_iio_is_reckoned(void **state)
{
	(void)state;
	file(IIO "name", "scd41\n");
	file(IIO "in_temp_raw", "25000\n");
	file(IIO "in_temp_offset", "-16852.114286\n");
	file(IIO "in_temp_scale", "2.670288085\n");
	reads("iio:scd41/in_temp", 21757); /* (25000 - 16852.114286) * 2.670288085 = 21757.20… */
	file(IIO "in_temp_raw", "0\n");
	reads("iio:scd41/in_temp", -45000); /* … = -45000.0000… */
	file(IIO "in_humidityrelative_raw", "32768\n");
	file(IIO "in_humidityrelative_scale", "1.525878906\n");
	reads("iio:scd41/in_humidityrelative", 50000);
	file(IIO "in_concentration_co2_raw", "1523\n");
	file(IIO "in_concentration_co2_scale", "0.000100\n"); /* of a per cent: one ppm */
	reads("iio:scd41/in_concentration_co2", 1523000);
	file(IIO "in_concentration_co2_raw", "0\n");
	fails("iio:scd41/in_concentration_co2", -ERANGE);
	/* what the driver has reckoned itself goes before */
	file(IIO "in_temp_input", "19750\n");
	reads("iio:scd41/in_temp", 19750);
	file(IIO "in_temp_input", "19750.600000000\n");
	reads("iio:scd41/in_temp", 19751);
	file(IIO "in_concentration_co2_input", "0.0415\n");
	reads("iio:scd41/in_concentration_co2", 415000);
}

static void test_iio_scale_of_the_type(void **state)
{
	(void)state;
	file(IIO "name", "other\n");
	file(IIO "in_temp0_raw", "215\n");
	file(IIO "in_temp_scale", "100\n");
	reads("iio:other/in_temp0", 21500);
	file(IIO "in_concentration_co2_raw", "500\n");
	file(IIO "in_concentration_scale", "0.0001\n");
	reads("iio:other/in_concentration_co2", 500000);
	fails("iio:other/in_temp2", -ENODEV);
	file(IIO "in_humidityrelative_raw", "41000\n"); /* of none at all: it is so already */
	reads("iio:other/in_humidityrelative", 41000);
}

static void test_iio_past_64_bits(void **state)
{
	(void)state;
	file(IIO "name", "scd41\n");
	file(IIO "in_temp_raw", "9000000000\n");
	file(IIO "in_temp_offset", "9000000000\n");
	fails("iio:scd41/in_temp", -ERANGE);
	file(IIO "in_temp_offset", "0\n");
	file(IIO "in_temp_scale", "9000000000\n");
	fails("iio:scd41/in_temp", -ERANGE);
	file(IIO "in_temp_raw", "-9000000000\n");
	fails("iio:scd41/in_temp", -ERANGE);
	file(IIO "in_temp_scale", "wide\n");
	fails("iio:scd41/in_temp", -EBADMSG);
	file(IIO "in_concentration_co2_raw", "500\n");
	file(IIO "in_concentration_co2_scale", "9000000000\n");
	fails("iio:scd41/in_concentration_co2", -ERANGE);
}

/* --- 1-wire */

#define W1     "/sys/bus/w1/devices/28-0123456789ab/"
#define SOURCE "w1:28-0123456789ab"

/* Two lines as w1_therm writes them, of a scratchpad whose CRC is right. */
static void w1_slave(const char *bytes, const char *verdict, const char *t)
{
	char text[200];

	snprintf(text, sizeof(text), "%s : crc=%s %s\n%s t=%s\n", bytes, bytes + 24, verdict, bytes,
		 t);
	file(W1 "w1_slave", text);
}

static void test_w1(void **state)
{
	(void)state;
	/* a scratchpad of the DS18B20's data sheet's kind: 23.125 °C */
	w1_slave("72 01 4b 46 7f ff 0e 10 57", "YES", "23125");
	reads(SOURCE, 23125);
	w1_slave("72 01 4b 46 7f ff 0e 10 57", "NO", "23125");
	fails(SOURCE, -EIO);
	/* the driver says yes, the bytes say no */
	w1_slave("72 01 4b 46 7f ff 0e 11 57", "YES", "23125");
	fails(SOURCE, -EIO);
	/* a shorted bus: all zeros, whose CRC is right */
	w1_slave("00 00 00 00 00 00 00 00 00", "YES", "0");
	fails(SOURCE, -EIO);
	/* it has lost power and not measured; it is shorted; it is none of ours */
	w1_slave("50 05 4b 46 7f ff 0c 10 1c", "YES", "85000");
	fails(SOURCE, -ERANGE);
	w1_slave("50 05 4b 46 7f ff 0c 10 1c", "YES", "-127000");
	fails(SOURCE, -ERANGE);
	w1_slave("50 05 4b 46 7f ff 0c 10 1c", "YES", "127937");
	fails(SOURCE, -ERANGE);
	w1_slave("50 05 4b 46 7f ff 0c 10 1c", "MAYBE", "20000");
	fails(SOURCE, -EBADMSG);
	w1_slave("50 05 4b 46 7f ff 0c 10 1c", "YES", "warm");
	fails(SOURCE, -EBADMSG);
	file(W1 "w1_slave", "");
	fails(SOURCE, -EBADMSG);
	file(W1 "w1_slave", "72 01 4b 46 7f ff 0e 10 57 : crc=57 YES\n");
	fails(SOURCE, -EBADMSG);
	fails("w1:28-ba9876543210", -ENODEV);
}

static void test_w1_without_the_two_lines(void **state)
{
	(void)state;
	file(W1 "temperature", "-18500\n");
	reads(SOURCE, -18500);
	file(W1 "temperature", "85000\n");
	fails(SOURCE, -ERANGE);
	file(W1 "temperature", "-127000\n");
	fails(SOURCE, -ERANGE);
	file(W1 "temperature", "84937\n"); /* hot, and measured */
	reads(SOURCE, 84937);
	file(W1 "temperature", "");
	fails(SOURCE, -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_sources, set_up, tear_down),
		cmocka_unit_test(test_decimals),
		cmocka_unit_test_setup_teardown(test_hwmon_is_found_by_name, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_two_of_a_kind_need_an_address, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_files_that_are_none, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_iio_is_reckoned, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_iio_scale_of_the_type, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_iio_past_64_bits, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_w1, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_w1_without_the_two_lines, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
