/*
 * test_shopd_sensors.c: sensors of the room on their way to the core: from a picture of /sys whose
 * files may hang, from the real simulated chip, and as courierd brings them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "shopd_bench.h"

#include "loop/loop.h"

#define TRY_AGAIN_MS 50
#define LOST_MS	     400
#define NEW_MS	     800
#include "shopd/sensors_files.c"

#define RETRY_MS 100
#include "shopd/sensors_lines.c"

#define EVERY_MS 50
#define STALE_MS 600

#define W1    "/sys/bus/w1/devices/28-0123456789ab/w1_slave"
#define HWMON "/sys/class/hwmon/hwmon3/"

#define MILK  "[sensor milk]\nkind = fridge\nsource = hwmon:sht3x/temp1\n"
#define ICE   "[sensor ice]\nkind = freezer\nsource = w1:28-0123456789ab\n"
#define AIR   "[sensor air]\nkind = co2\nsource = sim\n"
#define FLOOR "[sensor floor]\nkind = water\nsource = sim\n"
#define EYES  "[sensor eyes]\nkind = motion\nsource = gpio:sensor-eyes\n"
#define MAINS "[sensor mains]\nkind = power\nsource = courier\n"

/* --- a picture of /sys */

static void sys_path(const char *name, char path[256])
{
	snprintf(path, 256, "%s%s", bench.dir, name);
	for (char *slash = strchr(path + strlen(bench.dir) + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		assert_true(mkdir(path, 0755) == 0 || errno == EEXIST);
		*slash = '/';
	}
}

/* Whole at once: a thread may be reading it. */
static void sys_file(const char *name, const char *text)
{
	char path[256], part[270];
	FILE *f;

	sys_path(name, path);
	snprintf(part, sizeof(part), "%s.part", path);
	f = fopen(part, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(rename(part, path), 0);
}

static void sys_fifo(const char *name)
{
	char path[256];

	sys_path(name, path);
	assert_int_equal(mkfifo(path, 0644), 0);
}

/* Whoever hangs in this fifo reads an end now. */
static void sys_fifo_ends(const char *name)
{
	char path[256];
	int fd;

	sys_path(name, path);
	fd = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd >= 0)
		close(fd);
}

/* Looked at often, and stale soon where nobody says anything else; shopd.conf takes no such times.
 */
static void make(const char *sensors)
{
	bench_make(sensors);
	for (uint32_t i = 0; i < shell.config.sensors; i++) {
		struct sensor_section *s = &shell.config.sensor[i];

		s->every_ms = EVERY_MS;
		s->stale_ms = strcmp(s->name, "milk") == 0 ? 60000 : STALE_MS;
	}
	assert_int_equal(setenv("SHOPKEEPER_SYSROOT", bench.dir, 1), 0);
	sys_file(HWMON "name", "sht3x\n");
	sys_file(HWMON "temp1_input", "4250\n");
}

static int tear_down(void **state)
{
	(void)state;
	bench_stop();
	bench_remove();
	return 0;
}

static const struct sensor *sensor(uint32_t i)
{
	return &shell.shop.sensors.sensor[i];
}

static bool says(uint32_t i, int64_t value)
{
	return sensor(i)->heard && !sensor(i)->lost && sensor(i)->value == value;
}

/* How often this stands in the log. */
static int times_logged(const char *text)
{
	int times = 0;

	for (const char *at = bench.log; (at = strstr(at, text)) != NULL; at++)
		times++;
	return times;
}

/* Turns the loop for so long. */
static void turn_for(int64_t ms)
{
	struct mono end = mono_add(loop_mono(), ms);

	while (!mono_due(loop_mono(), end))
		turn();
}

/* --- files */

static void test_files_are_heard(void **state)
{
	(void)state;
	make(MILK ICE);
	sys_file(W1, "72 01 4b 46 7f ff 0e 10 57 : crc=57 YES\n72 01 4b 46 7f ff 0e 10 57 "
		     "t=-18500\n");
	bench_start();
	until(says(0, 4250) && says(1, -18500));
	sys_file(HWMON "temp1_input", "9000\n");
	until(says(0, 9000));
	assert_int_equal(sensor(0)->state, SENSOR_BEYOND);
	assert_int_equal(sensor(1)->state, SENSOR_OK);
}

static void test_one_bad_read_is_no_lost_sensor(void **state)
{
	char path[256];

	(void)state;
	make(MILK);
	bench_start();
	until(says(0, 4250));
	sys_path(HWMON "temp1_input", path);
	assert_int_equal(unlink(path), 0);
	turn_for(LOST_MS / 2); /* it was looked at, and there was nothing */
	assert_false(sensor(0)->lost);
	until(sensor(0)->lost);
	assert_true(logged_that("sensor milk: hwmon:sht3x/temp1: there is no such sensor"));
	sys_file(HWMON "temp1_input", "cold\n");
	until(logged_that("what it says is no number"));
	turn_for(LOST_MS);
	assert_int_equal(times_logged("what it says is no number"), 1);
	sys_file(HWMON "temp1_input", "5000\n");
	until(says(0, 5000));
	assert_true(logged_that("sensor milk: answers again"));
}

/* Drivers come when they come. */
static void test_one_that_was_never_there(void **state)
{
	struct mono began;

	(void)state;
	make(MILK "[sensor late]\nkind = fridge\nsource = hwmon:late/temp1\n");
	shell.config.sensor[1].stale_ms = 60000;
	began = loop_mono();
	bench_start();
	until(sensor(1)->lost);
	assert_true(loop_mono().ms - began.ms >= NEW_MS);
	assert_false(sensor(1)->heard);
	assert_true(says(0, 4250));
	sys_file("/sys/class/hwmon/hwmon9/temp1_input", "6000\n");
	sys_file("/sys/class/hwmon/hwmon9/name", "late\n");
	until(says(1, 6000));
}

/* One bus hangs: the others are heard, the door is there, the sensor grows stale, and the end comes
 * as fast as ever. */
static void test_a_hung_bus_holds_up_nobody(void **state)
{
	struct mono began;
	int64_t took;

	(void)state;
	make(MILK ICE);
	sys_fifo(W1);
	chip_start();
	bench_start();
	until(says(0, 4250));
	sys_file(HWMON "temp1_input", "4300\n");
	until(says(0, 4300));
	assert_false(sensor(1)->heard);
	assert_int_equal(chip_hand(HAND_FORCE), SIM_OK);
	began = loop_mono();
	until(shell.shop.door[0].physical == PHYSICAL_OPEN);
	took = loop_mono().ms - began.ms;
	assert_true(took < 500); /* debounced, on a busy machine */
	until(sensor(1)->lost);
	assert_true(says(0, 4300));
	began = loop_mono();
	bench_stop();
	assert_true(loop_mono().ms - began.ms < 2000);
	/* the thread was left behind; it ends as soon as its read does */
	sys_fifo_ends(W1);
	bench_start();
	until(says(0, 4300));
	bench_stop();
	sys_fifo_ends(W1);
}

/* --- the simulated chip */

static enum simchip_say sense(const char *name, bool lost, int64_t value)
{
	struct simchip_message m = {
		.version = SIMCHIP_VERSION, .say = SIM_SENSE, .level = !lost, .at_us = value};
	struct pollfd answered;
	struct caller c;

	snprintf(m.door, sizeof(m.door), "%s", name);
	caller_connect(&c, "chip.sock");
	assert_int_equal(send(c.fd, &m, SIMCHIP_HEAD_SIZE, MSG_NOSIGNAL), SIMCHIP_HEAD_SIZE);
	answered = (struct pollfd){.fd = c.fd, .events = POLLIN};
	assert_int_equal(poll(&answered, 1, PATIENCE_MS), 1);
	assert_true(recv(c.fd, &m, sizeof(m), 0) >= (ssize_t)SIMCHIP_HEAD_SIZE);
	caller_leave(&c);
	return (enum simchip_say)m.say;
}

/* The chip has taken what the shell said to it: names are known to it a moment later. */
static void sense_until(const char *name, bool lost, int64_t value)
{
	until(sense(name, lost, value) == SIM_OK);
}

static void test_simulated_sensors(void **state)
{
	(void)state;
	make(AIR FLOOR);
	chip_start();
	bench_start();
	assert_false(sensor(0)->heard);
	sense_until("air", false, 812500);
	until(says(0, 812500));
	sense_until("floor", false, 0);
	until(says(1, 0));
	sense_until("floor", false, 1000); /* a switch is on or off, whatever it is set to */
	until(says(1, 1));
	/* what does not change is told again: it does not grow stale */
	turn_for(2 * STALE_MS);
	assert_true(says(0, 812500));
	sense_until("air", true, 0);
	until(sensor(0)->lost);
	assert_int_equal(sensor(0)->value, 812500);
	assert_true(says(1, 1));
	assert_int_equal(sense("aer", false, 1), SIM_REFUSED);
	assert_int_equal(sense("../../air", false, 1), SIM_REFUSED);
	sense_until("air", false, 700000);
	until(says(0, 700000));
	/* who comes again hears what holds */
	bench_restart();
	until(says(0, 700000) && says(1, 1));
}

static void test_without_a_chip(void **state)
{
	(void)state;
	make(AIR);
	bench_start();
	until(sensor(0)->lost);
	assert_true(logged_that("sensor air: sim: there is no simulated chip"));
	chip_start();
	sense_until("air", false, 600000);
	until(says(0, 600000));
	assert_true(logged_that("sensor air: answers again"));
}

static void test_switches_have_a_line_each(void **state)
{
	(void)state;
	make(EYES "[sensor typo]\nkind = water\nsource = gpio:sensr-floor\n");
	chip_start();
	bench_start();
	/* the one that is misspelt costs no other, and no door */
	until(says(0, 0) && sensor(1)->lost);
	assert_true(logged_that("sensor typo: gpio:sensr-floor: "));
	until(shell.shop.door[0].physical == PHYSICAL_CLOSED);
	sense_until("eyes", false, 1);
	until(says(0, 1));
	sense_until("eyes", false, 0);
	until(says(0, 0));
	turn_for(2 * STALE_MS);
	assert_true(says(0, 0)); /* it has said nothing, and is there */
	sense_until("eyes", true, 0);
	until(sensor(0)->lost);
	sense_until("eyes", false, 1);
	until(says(0, 1));
	assert_int_equal(shell.shop.door[0].physical, PHYSICAL_CLOSED);
}

/* --- courierd */

static void reading(const char *name, bool lost, int64_t value)
{
	struct message_reading m = {.lost = lost, .value = value};

	snprintf(m.sensor, sizeof(m.sensor), "%s", name);
	sensors_reading(&shell, &m);
}

static void test_readings_of_courierd(void **state)
{
	(void)state;
	make(MAINS MILK);
	bench_start();
	until(says(1, 4250));
	reading("mains", false, 0);
	assert_true(says(0, 0));
	reading("mains", false, 4711); /* on is on */
	assert_true(says(0, 1));
	reading("mains", true, 0);
	assert_true(sensor(0)->lost);
	assert_true(logged_that("sensor mains: courier: courierd does not hear it"));
	log_forget();
	/* none of its business: one line each */
	reading("milk", false, 99000);
	assert_true(says(1, 4250));
	assert_int_equal(times_logged("sensor milk: courierd tells of it"), 1);
	for (int i = 0; i < 20; i++)
		reading("nobody", false, 1);
	assert_int_equal(times_logged("sensor nobody: courierd tells of it"), 1);
	for (int i = 0; i < 100; i++) {
		char name[PLACE_MAX_LEN + 1];

		snprintf(name, sizeof(name), "other-%d", i);
		reading(name, false, 1);
	}
	assert_int_equal(times_logged("courierd tells of it"), STRANGERS_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_files_are_heard, tear_down),
		cmocka_unit_test_teardown(test_one_bad_read_is_no_lost_sensor, tear_down),
		cmocka_unit_test_teardown(test_one_that_was_never_there, tear_down),
		cmocka_unit_test_teardown(test_a_hung_bus_holds_up_nobody, tear_down),
		cmocka_unit_test_teardown(test_simulated_sensors, tear_down),
		cmocka_unit_test_teardown(test_without_a_chip, tear_down),
		cmocka_unit_test_teardown(test_switches_have_a_line_each, tear_down),
		cmocka_unit_test_teardown(test_readings_of_courierd, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
