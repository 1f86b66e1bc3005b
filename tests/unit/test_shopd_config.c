/* test_shopd_config.c: shopd.conf as a struct: what is taken, what is refused and in which words.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shopd/config.h"

static const char whole[] = "shop = viken\n"
			    "gpio = sim:/run/shop/sim.sock\n"
			    "[door front]\n"
			    "strike = a\n"
			    "contact = b\n"
			    "rex = c\n";

/* Loads `text` from a file; false with `why`. */
static bool load(const char *text, struct config *config, char why[CONF_WHY_MAX])
{
	char path[] = "/tmp/shopd.conf.XXXXXX";
	int fd = mkstemp(path);
	bool good;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	good = config_load(path, config, why);
	unlink(path);
	return good;
}

static void refused(const char *text, const char *because)
{
	static struct config config;
	char why[CONF_WHY_MAX] = "";

	assert_false(load(text, &config, why));
	if (!strstr(why, because))
		fail_msg("said \"%s\", not \"%s\"", why, because);
}

static void test_defaults(void **state)
{
	static struct config config;
	char why[CONF_WHY_MAX] = "";

	(void)state;
	assert_true(load(whole, &config, why));
	assert_string_equal(config.shop, "viken");
	assert_int_equal(config.doors, 1);
	assert_int_equal(config.door[0].unlock_ms, 5000);
	assert_int_equal(config.door[0].held_open_ms, 8000);
	assert_int_equal(config.door[0].exit_sensing, EXIT_REX);
	assert_int_equal(config.clock, CLOCK_NETWORK);
	assert_true(config.barred & 1U << CLASS_ALCOHOL);
	assert_true(config_simulated(&config));
}

static void test_readers_stand_in_order(void **state)
{
	static struct config config;
	struct shop_config shop;
	char text[1000], why[CONF_WHY_MAX] = "";

	(void)state;
	snprintf(text, sizeof(text),
		 "%s[door back]\nstrike = d\ncontact = e\nexit = none\n[till one]\nscanner = "
		 "/dev/t\n",
		 whole);
	assert_true(load(text, &config, why));
	config_shop(&config, &shop);
	assert_int_equal(shop.doors, 2);
	assert_int_equal(shop.readers, 6);
	assert_int_equal(shop.reader[0].road, ROAD_SCANNER);
	assert_int_equal(shop.reader[1].road, ROAD_PHONE);
	assert_string_equal(shop.reader[3].place.name, "back");
	assert_int_equal(shop.reader[3].door, 1);
	assert_true(shop.reader[4].till);
	assert_string_equal(shop.reader[4].place.name, "one");
	assert_true(shop.reader[5].till);
	assert_int_equal(shop.reader[5].road, ROAD_PHONE);
}

static void test_refusals_help(void **state)
{
	char text[1000];

	(void)state;
	refused("gpio = sim:/x\n", "shop");
	refused("shop = viken\ngpio = sim:/x\n", "no [door NAME]");
	refused("shop = viken\ngpio = 17\n[door front]\nstrike=a\ncontact=b\nrex=c\n",
		"chip:LABEL");
	refused("shop = viken\ngpio = sim:/x\n[door front]\ncontact=b\nrex=c\n", "strike");
	refused("shop = viken\ngpio = sim:/x\n[door front]\nstrike=b\nrex=c\n", "contact");
	refused("shop = viken\ngpio = sim:/x\n[door front]\nstrike=b\ncontact=c\n", "rex");
	refused("shop = viken\ngpio = sim:/x\n[door till]\nstrike=a\ncontact=b\nrex=c\n",
		"no door names");
	snprintf(text, sizeof(text), "%sunlok_ms = 5000\n", whole);
	refused(text, "unlock_ms");
	snprintf(text, sizeof(text), "%sunlok_ms = 5000\n", whole);
	refused(text, ":7:");
	snprintf(text, sizeof(text), "%sunlock_ms = 100\n", whole);
	refused(text, "3000");
	snprintf(text, sizeof(text), "%sbuzzer_ms = 9000\n", whole);
	refused(text, "buzzer_ms");
	snprintf(text, sizeof(text), "%s[door front]\nstrike = z\n", whole);
	refused(text, "front");
}

static void test_no_file(void **state)
{
	static struct config config;
	char why[CONF_WHY_MAX] = "";

	(void)state;
	assert_false(config_load("/no/such/shopd.conf", &config, why));
	assert_non_null(strstr(why, "/no/such/shopd.conf"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_readers_stand_in_order),
		cmocka_unit_test(test_refusals_help),
		cmocka_unit_test(test_no_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
