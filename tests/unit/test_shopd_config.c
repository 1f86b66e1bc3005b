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

#include "books/chart.h"
#include "books/vat.h"
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
	assert_true(config.policy.barred & 1U << CLASS_ALCOHOL);
	assert_true(config_simulated(&config));
}

static void test_settings_are_written_as_in_the_file(void **state)
{
	static struct config config;
	struct policy_config p;
	struct policy core;
	char why[CONF_WHY_MAX] = "";

	(void)state;
	assert_true(load(whole, &config, why));
	p = config.policy;
	assert_true(config_setting("hours.tuesday", "closed", &p, why));
	assert_true(config_setting("hours.sunday", "10:00-14:30", &p, why));
	assert_true(config_setting("occupancy_max", "12", &p, why));
	assert_true(config_setting("barred", "tobacco", &p, why));
	assert_true(config_setting("door_log_days", "0", &p, why));
	assert_true(config_setting("roster_max_hours", "24", &p, why));
	config_policy(&p, &core);
	assert_int_equal(core.hours[1].open, core.hours[1].close);
	assert_int_equal(core.hours[6].open, 600);
	assert_int_equal(core.hours[6].close, 870);
	assert_int_equal(core.occupancy_max, 12);
	assert_int_equal(core.barred_classes, 1U << CLASS_TOBACCO);
	assert_int_equal(p.door_log_days, 0);
	assert_int_equal(p.roster_max_hours, 24);
	/* what cannot be changes nothing */
	assert_false(config_setting("occupancy_max", "0", &p, why));
	assert_false(config_setting("occupancy_max", "1\n2", &p, why));
	assert_false(config_setting("occupancy_max", "", &p, why));
	assert_false(config_setting("hours.payday", "closed", &p, why));
	assert_false(config_setting("gpio", "chip:*", &p, why)); /* not the office's */
	assert_false(config_setting("state", "/", &p, why));
	assert_int_equal(p.occupancy_max, 12);
}

static void with_door_line(const char *lines, const char *because)
{
	char text[1000];

	snprintf(text, sizeof(text), "%s%s", whole, lines);
	refused(text, because);
}

static void test_scanners_and_pads(void **state)
{
	static struct config config;
	char text[1000], why[CONF_WHY_MAX] = "";

	(void)state;
	snprintf(text, sizeof(text),
		 "%sscanner = input:/dev/input/by-id/usb-x-event-kbd\npad_d0 = GPIO8\n"
		 "pad_d1 = GPIO11\n[till one]\nscanner = eye:/run/shopkeeper-eye/till.sock\n",
		 whole);
	assert_true(load(text, &config, why));
	assert_string_equal(config.door[0].pad[0], "GPIO8");
	assert_string_equal(config.door[0].pad[1], "GPIO11");
	with_door_line("scanner = ttyACM0\n", "input:/dev/input");
	with_door_line("scanner = input:event3\n", "eye:/run");
	with_door_line("scanner = /dev/t\npad_d0 = a\n", "two lines, pad_d0 and pad_d1");
	with_door_line("scanner = /dev/t\npad_d1 = a\n", "two lines, pad_d0 and pad_d1");
	with_door_line("pad_d0 = a\npad_d1 = b\n", "needs the door's scanner");
	with_door_line("[till one]\nscanner = /dev/t\npad_d0 = a\npad_d1 = b\n", "pad_d0");
}

/* Of two contacts one is closed, whatever the door does. */
static void test_two_contacts(void **state)
{
	static struct config config;
	char text[1000], why[CONF_WHY_MAX] = "";

	(void)state;
	snprintf(text, sizeof(text), "%scontact_2 = d\nactive_low = rex\n", whole);
	assert_true(load(text, &config, why));
	assert_string_equal(config.door[0].contact_2, "d");
	snprintf(text, sizeof(text), "%sactive_low = contact rex\n", whole);
	assert_true(load(text, &config, why));
	with_door_line("contact_2 = d\nactive_low = contact\n", "a cut wire not seen");
	with_door_line("active_low = rex contact\ncontact_2 = d\n", "out of active_low");
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

/* --- money */

/* Loads `whole` and `more`, which must be good. */
static const struct config *loaded(const char *more)
{
	static struct config config;
	static char text[4000];
	char why[CONF_WHY_MAX] = "";

	snprintf(text, sizeof(text), "%s%s", whole, more);
	if (!load(text, &config, why))
		fail_msg("%s", why);
	return &config;
}

/* `more` behind `whole` is refused because of `because`, at the line that is the last of it, where
 * `line` says so. */
static void refused_more(const char *more, const char *because, bool line)
{
	static struct config config;
	static char text[4000];
	char why[CONF_WHY_MAX] = "", at[16];
	uint32_t lines = 0;

	snprintf(text, sizeof(text), "%s%s", whole, more);
	for (const char *c = text; *c; c++)
		lines += *c == '\n';
	assert_false(load(text, &config, why));
	if (!strstr(why, because))
		fail_msg("said \"%s\", not \"%s\"", why, because);
	snprintf(at, sizeof(at), ":%u: ", lines);
	if (line && !strstr(why, at))
		fail_msg("said \"%s\", not line %u", why, lines);
}

static void test_money_is_sweden_s_unless_told(void **state)
{
	struct entry_tax sweden = vat_sweden();
	struct entry_chart bas = chart_bas();
	const struct config *c = loaded("");
	struct shop_config shop;

	(void)state;
	assert_int_equal(c->books.close_at, 180);
	assert_int_equal(c->books.close.due_days, 30);
	assert_int_equal(money_minor(c->books.close.roll_least), 10000);
	assert_int_equal(c->books.close.roll_months, 3);
	assert_int_equal(c->reminder.first_days, 5);
	assert_int_equal(c->reminder.second_days, 15);
	assert_int_equal(money_minor(c->reminder.fee), 6000);
	assert_int_equal(c->reminder.bar_days, 30);
	assert_int_equal(c->country, GOODS_SE);
	assert_int_equal(c->tax.rates, sweden.rates);
	for (uint32_t i = 0; i < sweden.rates; i++) {
		assert_int_equal(c->tax.rate[i].class, sweden.rate[i].class);
		assert_int_equal(c->tax.rate[i].vat_bp, sweden.rate[i].vat_bp);
		assert_int_equal(c->tax.rate[i].from.n, sweden.rate[i].from.n);
	}
	assert_int_equal(c->chart.receivable, bas.receivable);
	assert_int_equal(c->chart.rates, bas.rates);
	assert_int_equal(c->chart.rate[0].vat, 2611);
	assert_string_equal(c->stock.contact, "");
	assert_int_equal(c->stock.notice_at, 480);
	config_shop(c, &shop);
	assert_int_equal(shop.check.long_ms, 15 * 60000);
	assert_int_equal(shop.check.voids_min, 4);
	assert_int_equal(shop.check.voids_bp, 5000);
	assert_false(shop.trust[TRUST_NEW].limited);
	assert_false(shop.trust[TRUST_NEW].hours_apart);
	assert_int_equal(shop.past_best_before_bp, 0);
}

static void test_money_is_read(void **state)
{
	const struct config *c =
		loaded("[books]\ncurrency = SEK\nclose_at = 02:30\ndue_days = 20\nroll_below = 0\n"
		       "roll_months = 2\nreminder_days = 3\nsecond_reminder_days = 10\n"
		       "reminder_fee = 50\nbar_days = 10\n"
		       "[vat]\nfood = 14 %, 2027-01-01 13,5 %, 2027-07-01 6.25%\n"
		       "culture = 6.25 %\n"
		       "[chart]\nreceivable = 1511\nown_use = 4961\n"
		       "[rate a]\nrate = 25 %\nsales = 3101\nvat = 2611\ndeposit = 3101\n"
		       "[rate b]\nrate = 14 %\nsales = 3102\nvat = 2621\ndeposit = 3592\n"
		       "[rate c]\nrate = 13.5 %\nsales = 3103\nvat = 2631\ndeposit = 3593\n"
		       "[rate d]\nrate = 6,25 %\nsales = 3104\nvat = 2632\ndeposit = 3594\n"
		       "[rate e]\nrate = 0 %\nsales = 3105\ndeposit = 3595\n"
		       "[rate f]\nrate = 12 %\nsales = 3106\nvat = 2633\ndeposit = 3596\n"
		       "[barcode]\ncountry = no\n"
		       "[stock]\ncontact = owner\nnotice_at = 00:05\nlanguage = en\n"
		       "past_best_before = 30 %\n"
		       "[checks]\nlong = 2 h\nvoids = 6\nvoid_share = 12.5 %\n"
		       "[trust new]\nlimit = 500\ncheck = 10 %\n"
		       "[trust restricted]\nhours = 08:00-20:00\nsunday = closed\nlimit = 0\n");
	const struct vat_rate *food = NULL;
	struct shop_config shop;

	(void)state;
	assert_int_equal(c->books.close_at, 150);
	assert_int_equal(c->books.close.due_days, 20);
	assert_int_equal(money_minor(c->books.close.roll_least), 0);
	assert_int_equal(c->reminder.bar_days, 10);
	assert_int_equal(money_minor(c->reminder.fee), 5000);
	for (uint32_t i = 0; i < c->tax.rates && !food; i++)
		if (c->tax.rate[i].class == VAT_FOOD)
			food = &c->tax.rate[i];
	assert_non_null(food);
	assert_int_equal(food[0].vat_bp, 1400);
	assert_int_equal(food[0].from.n, 0);
	assert_int_equal(food[1].vat_bp, 1350);
	assert_int_equal(food[2].vat_bp, 625);
	assert_int_equal(food[2].class, VAT_FOOD);
	assert_int_equal(c->chart.receivable, 1511);
	assert_int_equal(c->chart.rates, 6);
	for (uint32_t i = 1; i < c->chart.rates; i++)
		assert_true(c->chart.rate[i - 1].vat_bp > c->chart.rate[i].vat_bp);
	assert_int_equal(chart_rate(&c->chart, 625)->sales, 3104);
	assert_int_equal(c->country, GOODS_NO);
	assert_int_equal(c->stock.language, LANGUAGE_EN);
	config_shop(c, &shop);
	assert_int_equal(shop.past_best_before_bp, 3000);
	assert_int_equal(shop.check.long_ms, 7200000);
	assert_int_equal(shop.check.voids_bp, 1250);
	assert_true(shop.trust[TRUST_NEW].limited);
	assert_int_equal(money_minor(shop.trust[TRUST_NEW].credit_limit), 50000);
	assert_int_equal(shop.trust[TRUST_NEW].check_bp, 1000);
	assert_false(shop.trust[TRUST_TRUSTED].limited);
	assert_true(shop.trust[TRUST_RESTRICTED].limited);
	assert_int_equal(money_minor(shop.trust[TRUST_RESTRICTED].credit_limit), 0);
	assert_true(shop.trust[TRUST_RESTRICTED].hours_apart);
	assert_int_equal(shop.trust[TRUST_RESTRICTED].hours[0].open, 480);
	assert_int_equal(shop.trust[TRUST_RESTRICTED].hours[6].close,
			 shop.trust[TRUST_RESTRICTED].hours[6].open);
}

/* Who names one rate names that one; the others that [vat] speaks of are BAS's. */
static void test_a_rate_of_its_own(void **state)
{
	const struct config *c =
		loaded("[rate mine]\nrate = 12 %\nsales = 3012\nvat = 2622\ndeposit = 3012\n");

	(void)state;
	assert_int_equal(c->chart.rates, 4);
	assert_int_equal(chart_rate(&c->chart, 1200)->sales, 3012);
	assert_int_equal(chart_rate(&c->chart, 2500)->sales, 3001);
	assert_int_equal(chart_rate(&c->chart, 0)->sales, 3004);
	c = loaded("[vat]\nstandard = 24 %\nfood = 6 %\nrestaurant = 6 %\n"
		   "[rate a]\nrate = 24 %\nsales = 3001\nvat = 2611\ndeposit = 3591\n");
	assert_int_equal(c->chart.rates, 3);
	assert_null(chart_rate(&c->chart, 2500));
}

static void test_values_of_money_are_refused_at_their_line(void **state)
{
	(void)state;
	refused_more("[vat]\nfod = 12 %\n", "did you mean 'food'", true);
	refused_more("[vat]\nfood = 12\n", "12 %, 2026-04-01 6 %", true);
	refused_more("[vat]\nfood = 12 %, 6 %\n", "calendar", true);
	refused_more("[vat]\nfood = 12 %, 2026-02-30 6 %\n", "calendar", true);
	refused_more("[vat]\nfood = 12 %, 2026-13-01 6 %\n", "calendar", true);
	refused_more("[vat]\nfood = 12 % 2026-04-01 6 %\n", "2026-04-01", true);
	refused_more("[vat]\nfood = 12 %, 2028-01-01 6 %, 2026-01-01 12 %\n", "earliest", true);
	refused_more("[vat]\nfood = 12 %, 2026-01-01 6 %, 2026-01-01 12 %\n", "earliest", true);
	refused_more("[vat]\nfood = 101 %\n", "food", true);
	refused_more("[vat]\nfood = 12.345 %\n", "food", true);
	refused_more("[vat]\nfood = -6 %\n", "food", true);
	refused_more("[vat]\nfood = 1 %, 2026-01-01 2 %, 2026-02-01 3 %, 2026-03-01 4 %,"
		     " 2026-04-01 5 %, 2026-05-01 6 %, 2026-06-01 7 %\n",
		     "at most 5", true);
	refused_more("[books]\ncurrency = USD\n", "SEK", true);
	refused_more("[books]\nclose_at = 24:00\n", "23:59", true);
	refused_more("[books]\nclose_at = 3:00\n", "23:59", true);
	refused_more("[books]\ndue_days = 0\n", "1", true);
	refused_more("[books]\nreminder_fee = 61\n", "60", true);
	refused_more("[chart]\nreceivable = 151\n", "1000", true);
	refused_more("[chart]\nrecievable = 1510\n", "receivable", true);
	refused_more("[barcode]\ncountry = sweden\n", "se", true);
	refused_more("[stock]\npast_best_before = 30\n", "share", true);
	refused_more("[checks]\nlong = 15\n", "15 min", true);
	refused_more("[checks]\nlong = 25 h\n", "24 h", true);
	refused_more("[trust knew]\n", "did you mean 'new'", true);
	refused_more("[trust new]\nlimit = -1\n", "0", true);
	refused_more("[trust new]\ncheck = 110 %\n", "100 %", true);
}

static void test_what_does_not_fit_together_is_refused(void **state)
{
	(void)state;
	refused_more("[books]\nreminder_days = 20\n", "reminder_days", false);
	refused_more("[books]\nbar_days = 10\n", "bar_days", false);
	refused_more("[vat]\nfood = 13 %\n", "'food' is 13.00 %", false);
	refused_more("[vat]\nfood = 12 %, 2030-01-01 7 %\n", "from 2030-01-01", false);
	refused_more("[vat]\nfood = 10 %, 2026-01-01 11 %\n", "accounts", false);
	refused_more("[rate a]\nrate = 25 %\nsales = 3001\ndeposit = 3591\n", "[rate a]", false);
	refused_more("[rate a]\nrate = 0 %\nsales = 3001\nvat = 2611\ndeposit = 3591\n", "0 %",
		     false);
	refused_more("[rate a]\nsales = 3001\ndeposit = 3591\n", "rate", false);
	refused_more("[chart]\nbank = 1510\n", "[chart]", false);
}

static void test_long_may_be_never(void **state)
{
	(void)state;
	assert_int_equal(loaded("[checks]\nlong = never\nvoids = 0\n")->checks.long_ms, 0);
}

/* --- sensors and alarms */

static void test_two_lines_make_a_sensor(void **state)
{
	const struct config *c =
		loaded("[sensor milk]\nkind = fridge\nsource = w1:28-0123456789ab\n"
		       "[sensor ice]\nkind = freezer\nsource = hwmon:sht3x/temp1\n"
		       "[sensor shop]\nkind = room\nsource = iio:scd41/in_temp\n"
		       "[sensor damp]\nkind = humidity\nsource = sim\n"
		       "[sensor air]\nkind = co2\nsource = sim\n"
		       "[sensor floor]\nkind = water\nsource = gpio:GPIO24\n"
		       "[sensor eyes]\nkind = motion\nsource = gpio:GPIO25\n"
		       "[sensor mains]\nkind = power\nsource = courier\n"
		       "[sensor cells]\nkind = battery\nsource = courier\n");
	static const struct sensor_config want[SENSOR_KINDS] = {
		{.high = 8000,
		 .low = SENSOR_NO_BOUND,
		 .hysteresis = 1000,
		 .debounce_ms = 1800000,
		 .pre_ms = 300000},
		{.high = -15000,
		 .low = SENSOR_NO_BOUND,
		 .hysteresis = 1000,
		 .debounce_ms = 1200000,
		 .pre_ms = 300000},
		{.high = SENSOR_NO_BOUND, .low = 5000, .hysteresis = 500, .debounce_ms = 1800000},
		{.high = 75000, .low = SENSOR_NO_BOUND, .hysteresis = 3000, .debounce_ms = 1800000},
		{.high = 1500000,
		 .low = SENSOR_NO_BOUND,
		 .hysteresis = 100000,
		 .debounce_ms = 600000},
		{.low = SENSOR_NO_BOUND, .debounce_ms = 3000},
		{.low = SENSOR_NO_BOUND, .debounce_ms = 0},
		{.low = SENSOR_NO_BOUND, .debounce_ms = 10000},
		{.low = SENSOR_NO_BOUND, .debounce_ms = 30000},
	};
	struct shop_config shop;

	(void)state;
	config_shop(c, &shop);
	assert_int_equal(shop.sensors, SENSOR_KINDS);
	for (uint32_t i = 0; i < SENSOR_KINDS; i++) {
		const struct sensor_config *s = &shop.sensor[i];

		assert_int_equal(s->kind, i);
		assert_string_equal(s->place.name, c->sensor[i].name);
		assert_int_equal(s->high, want[i].high);
		assert_int_equal(s->low, want[i].low);
		assert_int_equal(s->hysteresis, want[i].hysteresis);
		assert_int_equal(s->debounce_ms, want[i].debounce_ms);
		assert_int_equal(s->pre_ms, want[i].pre_ms);
		assert_int_equal(s->stale_ms, 300000);
		assert_int_equal(c->sensor[i].every_ms, 15000);
	}
}

static void test_a_sensor_is_as_it_is_written(void **state)
{
	const struct config *c = loaded(
		"[sensor milk]\nkind = fridge\nsource = sim\nhigh = 7,5 °C\nhysteresis = 0.25\n"
		"debounce = 90 s\npre = never\nevery = 1 min\nstale = 1 h\n"
		"[sensor yard]\nkind = room\nsource = sim\nlow = none\nhigh = none\n"
		"[sensor damp]\nkind = humidity\nsource = sim\nhigh = 80 %\n"
		"[sensor air]\nkind = co2\nsource = sim\nhigh = 1200ppm\ndebounce = 0 s\n"
		"[sensor floor]\nkind = water\nsource = gpio:GPIO24\nactive_low = yes\npre = 1 "
		"s\n");
	struct shop_config shop;

	(void)state;
	config_shop(c, &shop);
	assert_int_equal(shop.sensor[0].high, 7500);
	assert_int_equal(shop.sensor[0].hysteresis, 250);
	assert_int_equal(shop.sensor[0].debounce_ms, 90000);
	assert_int_equal(shop.sensor[0].pre_ms, 0);
	assert_int_equal(shop.sensor[0].stale_ms, 3600000);
	assert_int_equal(c->sensor[0].every_ms, 60000);
	assert_int_equal(shop.sensor[1].low, SENSOR_NO_BOUND); /* only shown */
	assert_int_equal(shop.sensor[1].high, SENSOR_NO_BOUND);
	assert_int_equal(shop.sensor[2].high, 80000);
	assert_int_equal(shop.sensor[3].high, 1200000);
	assert_int_equal(shop.sensor[3].debounce_ms, 0);
	assert_true(c->sensor[4].active_low);
	assert_int_equal(shop.sensor[4].pre_ms, 1000);
}

#define FRIDGE "[sensor milk]\nkind = fridge\nsource = sim\n"
#define WATER  "[sensor floor]\nkind = water\nsource = gpio:GPIO24\n"

static void test_sensors_are_refused_at_their_line(void **state)
{
	(void)state;
	refused_more("[sensor milk]\nkind = frigde\n", "did you mean 'fridge'", true);
	refused_more("[sensor milk]\nknd = fridge\n", "did you mean 'kind'", true);
	refused_more("[senser milk]\n", "did you mean '[sensor]'", true);
	refused_more("[sensor Milk]\n", "a-z", true);
	refused_more("[sensor milk]\nsource = usb:1\n", "gpio:LINE", true);
	refused_more("[sensor milk]\nsource = w1:../../etc\n", "28-0123456789ab", true);
	refused_more("[sensor milk]\nsource = hwmon:sht3x/fan1\n", "temp1", true);
	refused_more("[sensor milk]\nsource = gpio:\n", "gpio:GPIO7", true);
	refused_more("[sensor milk]\nhigh = warm\n", "8.5", true);
	refused_more("[sensor milk]\nhigh = 8 F\n", "8.5", true);
	refused_more("[sensor milk]\nhigh = 8 # degrees\n", "line of its own", true);
	refused_more("[sensor milk]\nhigh = 1.0000000001\n", "8.5", true);
	refused_more("[sensor milk]\nhysteresis = -1\n", "from 0", true);
	refused_more("[sensor milk]\ndebounce = 10\n", "15 min", true);
	refused_more("[sensor milk]\ndebounce = never\n", "15 min", true);
	refused_more("[sensor milk]\nactive_low = maybe\n", "yes or no", true);
	/* and where only the whole shows it, by the sensor's name */
	refused_more("[sensor milk]\nkind = fridge\n", "'source = …'", false);
	refused_more("[sensor milk]\nsource = sim\n", "'kind = …'", false);
	refused_more(FRIDGE "low = 2\n", "[sensor milk]: a fridge has no 'low', only 'high'",
		     false);
	refused_more("[sensor a]\nkind = room\nsource = sim\nhigh = 30\n", "only 'low'", false);
	refused_more(FRIDGE "high = 80 %\n", "measured in °C, not %", false);
	refused_more(FRIDGE "high = 75\n", "from -10 to 30 °C", false);
	refused_more(FRIDGE "hysteresis = 25\n", "at most 20 °C", false);
	refused_more(FRIDGE "active_low = yes\n", "'active_low'", false);
	refused_more(FRIDGE "every = 0 s\n", "'every'", false);
	refused_more(FRIDGE "every = 2 h\n", "'every'", false);
	refused_more(FRIDGE "stale = 44 s\n", "three times", false);
	refused_more("[sensor milk]\nkind = fridge\nsource = gpio:GPIO24\n", "on or off", false);
	refused_more("[sensor floor]\nkind = water\nsource = hwmon:sht3x/temp1\n", "switch", false);
	refused_more("[sensor milk]\nkind = fridge\nsource = courier\n", "tells of a UPS", false);
	refused_more(WATER "high = 1\n", "a switch is on or off", false);
	refused_more(WATER "[sensor two]\nkind = motion\nsource = gpio:GPIO24\n",
		     "line GPIO24 is that of [sensor floor]", false);
	refused_more("[sensor floor]\nkind = water\nsource = gpio:c\n", "one of [door front]",
		     false);
	refused("shop = viken\ngpio = chip:*\n[door front]\nstrike = a\ncontact = b\nrex = "
		"c\n" FRIDGE,
		"these are real");
}

static void test_no_more_sensors_than_there_is_room_for(void **state)
{
	char text[4000] = "";
	size_t len = 0;

	(void)state;
	for (int i = 0; i < SENSORS_MAX; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
					"[sensor s%d]\nkind = room\nsource = sim\n", i);
	assert_int_equal(loaded(text)->sensors, SENSORS_MAX);
	snprintf(text + len, sizeof(text) - len, "[sensor more]\n");
	refused_more(text, "at most 24", true);
}

static void test_alarms_are_told_in_time(void **state)
{
	struct ladder_config ladder = ladder_config_default();
	const struct config *c = loaded("");
	struct shop_config shop;

	(void)state;
	config_shop(c, &shop);
	for (uint32_t i = 0; i < SEVERITIES; i++)
		assert_int_equal(shop.ladder.step_ms[i], ladder.step_ms[i]);
	assert_int_equal(shop.ladder.quiet_below, ladder.quiet_below);
	assert_int_equal(shop.ladder.rehearse_days, ladder.rehearse_days);
	assert_int_equal(shop.watch.refusals, 10);
	assert_int_equal(shop.watch.refusals_ms, 600000);
	assert_int_equal(shop.watch.inside_ms, 4 * 3600000);
	assert_int_equal(shop.watch.empty_grace_ms, 120000);
	assert_int_equal(c->alarms.disk_free_mb, 200);
	assert_int_equal(c->alarms.sync_max_hours, 24);

	c = loaded("[alarms]\nescalate_emergency = 90 s\nescalate_urgent = 10 min\n"
		   "escalate_warning = never\nquiet = 22:30-06:15\nquiet_below = emergency\n"
		   "rehearsal_every = 14 days\nrehearsal_at = 17:45\nrehearsal_wait = 1 h\n"
		   "inside_max = never\nrefusals = 0\nrefusals_within = 5 min\n"
		   "empty_grace = 30 s\ndisk_free_mb = 0\nsync_max_hours = 6\n");
	config_shop(c, &shop);
	assert_int_equal(shop.ladder.step_ms[SEVERITY_EMERGENCY], 90000);
	assert_int_equal(shop.ladder.step_ms[SEVERITY_URGENT], 600000);
	assert_int_equal(shop.ladder.step_ms[SEVERITY_WARNING], 0);
	assert_int_equal(shop.ladder.quiet.open, 22 * 60 + 30);
	assert_int_equal(shop.ladder.quiet.close, 6 * 60 + 15);
	assert_int_equal(shop.ladder.quiet_below, SEVERITY_EMERGENCY);
	assert_int_equal(shop.ladder.rehearse_days, 14);
	assert_int_equal(shop.ladder.rehearse_at, 17 * 60 + 45);
	assert_int_equal(shop.ladder.rehearse_wait_ms, 3600000);
	assert_int_equal(shop.watch.inside_ms, 0);
	assert_int_equal(shop.watch.refusals, 0);
	assert_int_equal(c->alarms.disk_free_mb, 0);
	assert_int_equal(c->alarms.sync_max_hours, 6);

	c = loaded("[alarms]\nquiet = never\nrehearsal_every = never\n");
	assert_int_equal(c->alarms.ladder.quiet.open, c->alarms.ladder.quiet.close);
	assert_int_equal(c->alarms.ladder.rehearse_days, 0);
}

static void test_times_of_alarms_are_refused_at_their_line(void **state)
{
	(void)state;
	refused_more("[alarms]\nescalate_urgnt = 5 min\n", "escalate_urgent", true);
	refused_more("[alarms]\nescalate_urgent = 0 s\n", "1 s", true);
	refused_more("[alarms]\nescalate_urgent = 25 h\n", "24 h", true);
	refused_more("[alarms]\nquiet = 22:00\n", "22:00-07:00", true);
	refused_more("[alarms]\nquiet = 22:00-22:00\n", "22:00-07:00", true);
	refused_more("[alarms]\nquiet = 22:00-24:00\n", "22:00-07:00", true);
	refused_more("[alarms]\nquiet = 22:00-07:00 \"\n", "22:00-07:00", true);
	refused_more("[alarms]\nquiet_below = urgnt\n", "did you mean 'urgent'", true);
	refused_more("[alarms]\nrehearsal_every = 30\n", "30 days", true);
	refused_more("[alarms]\nrehearsal_every = 0 days\n", "30 days", true);
	refused_more("[alarms]\nrehearsal_every = 367 days\n", "30 days", true);
	refused_more("[alarms]\nrehearsal_at = 9:00\n", "23:59", true);
	refused_more("[alarms]\nrefusals = 65\n", "64", true);
	refused_more("[alarms]\nsync_max_hours = 0\n", "1", true);
	refused_more("[alarms]\nrefusals_within = 0 s\n", "refusals_within", false);
	refused_more("[alarms]\nrehearsal_wait = 0 s\n", "rehearsal_wait", false);
}

/* Readers of NFC come after all others, doors' first; what means one reader twice is refused. */
static void test_nfc(void **state)
{
	static struct config config;
	static struct shop_config shop;
	char text[1024], why[CONF_WHY_MAX] = "";

	(void)state;
	snprintf(text, sizeof(text),
		 "%snfc = ACR1252 01\n[door back]\nstrike = d\ncontact = e\nexit = none\n"
		 "[till one]\nscanner = /dev/x\nnfc = ACR1252 00\n",
		 whole);
	assert_true(load(text, &config, why));
	config_shop(&config, &shop);
	assert_int_equal(shop.readers, 8);
	for (uint32_t i = 0; i < 6; i++)
		assert_int_not_equal(shop.reader[i].road, ROAD_NFC);
	assert_int_equal(shop.reader[6].road, ROAD_NFC);
	assert_false(shop.reader[6].till);
	assert_int_equal(shop.reader[6].door, 0);
	assert_string_equal(shop.reader[6].place.name, "front");
	assert_int_equal(shop.reader[7].road, ROAD_NFC);
	assert_true(shop.reader[7].till);
	assert_string_equal(shop.reader[7].place.name, "one");
	snprintf(text, sizeof(text),
		 "%snfc = ACR1252 01\n[till one]\nscanner = /dev/x\nnfc = ACR1252\n", whole);
	refused(text, "write more of both names");
	snprintf(text, sizeof(text), "%snfc = A\n[till one]\nscanner = /dev/x\nnfc = A\n", whole);
	refused(text, "write more of both names");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nfc),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_settings_are_written_as_in_the_file),
		cmocka_unit_test(test_scanners_and_pads),
		cmocka_unit_test(test_two_contacts),
		cmocka_unit_test(test_readers_stand_in_order),
		cmocka_unit_test(test_refusals_help),
		cmocka_unit_test(test_no_file),
		cmocka_unit_test(test_money_is_sweden_s_unless_told),
		cmocka_unit_test(test_money_is_read),
		cmocka_unit_test(test_a_rate_of_its_own),
		cmocka_unit_test(test_values_of_money_are_refused_at_their_line),
		cmocka_unit_test(test_what_does_not_fit_together_is_refused),
		cmocka_unit_test(test_long_may_be_never),
		cmocka_unit_test(test_two_lines_make_a_sensor),
		cmocka_unit_test(test_a_sensor_is_as_it_is_written),
		cmocka_unit_test(test_sensors_are_refused_at_their_line),
		cmocka_unit_test(test_no_more_sensors_than_there_is_room_for),
		cmocka_unit_test(test_alarms_are_told_in_time),
		cmocka_unit_test(test_times_of_alarms_are_refused_at_their_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
