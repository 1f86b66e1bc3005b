/* test_courierd_config.c: what courierd.conf may say, and that what it may not is said with a clear
 * word and without a secret. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "courierd/config.h"

#define GATEWAY "[gateway]\npreset = 46elks\nuser = u1\npassword_file = secret\nfrom = Viken\n"
#define ANNA	"[contact anna]\nphone = +46705551234\n"

static struct config config; /* 20 kB */
static char why[CONF_WHY_MAX];

static void put(const char *name, const char *text)
{
	FILE *file = fopen(name, "w");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static bool load(const char *text)
{
	put("courierd.conf", text);
	why[0] = '\0';
	return config_load("courierd.conf", &config, why);
}

static void good(const char *text)
{
	if (!load(text))
		fail_msg("%s", why);
}

static void bad(const char *text, const char *because)
{
	if (load(text))
		fail_msg("taken: %s", text);
	if (strstr(why, because) == NULL)
		fail_msg("'%s' lacks '%s'", why, because);
	assert_memory_equal(why, "courierd.conf", strlen("courierd.conf"));
	assert_null(strstr(why, "hush"));
	assert_null(strstr(why, "0705551234"));
	assert_null(strstr(why, "46705551234"));
}

static int folder(void **state)
{
	static char path[] = "/tmp/courierd-config-XXXXXX";

	(void)state;
	if (mkdtemp(path) == NULL || chdir(path) != 0)
		return -1;
	put("secret", "hush\n");
	put("camera-secret", "hush-camera");
	put("pin", "1234\n");
	return 0;
}

static int folder_gone(void **state)
{
	static const char *const files[] = {"secret", "camera-secret", "pin", "bad",
					    "courierd.conf"};
	char path[64];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		unlink(files[i]);
	return getcwd(path, sizeof(path)) != NULL && chdir("/") == 0 ? rmdir(path) : -1;
}

static void little_is_enough(void **state)
{
	(void)state;
	good("shop = viken\n" GATEWAY ANNA);
	assert_true(config.gateway_fitted);
	assert_false(config.modem.fitted);
	assert_string_equal(config.gateway.url, "https://api.46elks.com/a1/sms");
	assert_string_equal(config.gateway.password, "hush");
	assert_int_equal(config.contacts, 1);
	assert_int_equal(config.contact[0].role, CONTACT_OWNER);
	assert_int_equal(config.contact[0].step, 1);
	assert_int_equal(config.contact[0].least, SEVERITY_NOTICE);
	assert_int_equal(config.contact[0].language, LANGUAGE_SV);
	assert_int_equal(config.contact[0].hours[0], config.contact[0].hours[1]);
	assert_int_equal(config.pictures.keep_hours, 72);
	assert_int_equal(config.pictures.disk_mb, 512);
	assert_string_equal(config.page, "");
}

static void a_modem_alone_is_a_road(void **state)
{
	(void)state;
	good("shop = viken\n[modem]\nbus = system\n" ANNA);
	assert_true(config.modem.fitted);
	assert_string_equal(config.modem.bus, "");
	assert_string_equal(config.modem.pin, "");
	assert_false(config.gateway_fitted);
	good("shop = viken\n[modem]\nbus = unix:path=/run/x\npin_file = pin\n" ANNA);
	assert_string_equal(config.modem.bus, "unix:path=/run/x");
	assert_string_equal(config.modem.pin, "1234");
	bad("shop = viken\n" ANNA, "[gateway], a [modem], or both");
	bad("shop = viken\n[modem]\n" ANNA, "'bus = …'");
	bad("shop = viken\n[modem]\nbus = sistem\n" ANNA, "system, or a D-Bus address");
	bad("shop = viken\n[modem]\nbus = system\npin_file = none\n" ANNA, "No such file");
	put("bad", "12a4\n");
	bad("shop = viken\n[modem]\nbus = system\npin_file = bad\n" ANNA, "4 to 8 digits");
	put("bad", "123\n");
	bad("shop = viken\n[modem]\nbus = system\npin_file = bad\n" ANNA, "4 to 8 digits");
	put("bad", "123456789\n");
	bad("shop = viken\n[modem]\nbus = system\npin_file = bad\n" ANNA, "1 to 8 characters");
}

static void contacts_say_who_and_when(void **state)
{
	(void)state;
	good("shop = viken\nlanguage = en\n" GATEWAY ANNA
	     "[contact kim]\nphone = +46701234568\nrole = keyholder\nhours = 07:00-23:00\n"
	     "least = urgent\nlanguage = sv\n"
	     "[contact lo]\nphone = +46701234569\nrole = neighbour\nhours = 22:30-06:00\n"
	     "[contact mo]\nphone = +46701234570\nrole = neighbour\nstep = 1\nhours = always\n");
	assert_int_equal(config.contacts, 4);
	assert_int_equal(config.contact[0].language, LANGUAGE_EN);
	assert_int_equal(config.contact[1].role, CONTACT_KEYHOLDER);
	assert_int_equal(config.contact[1].step, 2);
	assert_int_equal(config.contact[1].hours[0], 7 * 60);
	assert_int_equal(config.contact[1].hours[1], 23 * 60);
	assert_int_equal(config.contact[1].least, SEVERITY_URGENT);
	assert_int_equal(config.contact[1].language, LANGUAGE_SV);
	assert_int_equal(config.contact[2].step, 3);
	assert_int_equal(config.contact[2].hours[0], 22 * 60 + 30);
	assert_int_equal(config.contact[2].hours[1], 6 * 60);
	assert_int_equal(config.contact[3].step, 1);
	assert_int_equal(config.contact[3].hours[0], config.contact[3].hours[1]);
}

static void a_contact_that_is_wrong(void **state)
{
	static const char *const hours[] = {"closed",	   "7-23",	  "07:00 23:00",
					    "07:00-23:60", "07:00-24:01", "07:00-07:00",
					    "07:00-2:300", "+7:00-08:00"};
	char text[400];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hours); i++) {
		snprintf(text, sizeof(text), "shop = viken\n" GATEWAY ANNA "hours = %s\n",
			 hours[i]);
		bad(text, "or always");
	}
	good("shop = viken\n" GATEWAY ANNA "hours = 00:00-24:00\n");
	bad("shop = viken\n" GATEWAY ANNA "step = 9\n", "from 1 to 8");
	bad("shop = viken\n" GATEWAY ANNA "role = boss\n", "owner");
	bad("shop = viken\n" GATEWAY ANNA "least = urgnt\n", "did you mean 'urgent'");
	bad("shop = viken\n" GATEWAY "[contact anna]\nphone = 0705551234\n", "with its country");
	bad("shop = viken\n" GATEWAY ANNA "[contact bo]\nphone = +46705551234\n",
	    "[contact anna] and [contact bo] have the same phone");
	bad("shop = viken\n" GATEWAY, "[contact NAME]");
}

static void cameras_pictures_and_ups(void **state)
{
	(void)state;
	good("shop = viken\npage = https://viken.example\n" GATEWAY ANNA
	     "[camera till]\nurl = http://192.168.1.20/snapshot.jpg\nuser = u\n"
	     "password_file = camera-secret\n"
	     "[camera door]\nonvif = http://192.168.1.21/onvif/device_service\n"
	     "[pictures]\nkeep_hours = 24\ndisk_mb = 100\n"
	     "[ups eaton]\npower = power\nbattery = battery\n");
	assert_string_equal(config.page, "https://viken.example");
	assert_int_equal(config.cameras, 2);
	assert_string_equal(config.camera[0].name, "till");
	assert_string_equal(config.camera[0].password, "hush-camera");
	assert_string_equal(config.camera[1].onvif, "http://192.168.1.21/onvif/device_service");
	assert_int_equal(config.pictures.keep_hours, 24);
	assert_int_equal(config.upses, 1);
	assert_string_equal(config.ups[0].server, "127.0.0.1:3493");
	assert_string_equal(config.ups[0].power, "power");
}

static void what_stands_on_site_and_is_wrong(void **state)
{
	(void)state;
	bad("shop = viken\n" GATEWAY ANNA "[camera till]\n", "either 'url");
	bad("shop = viken\n" GATEWAY ANNA
	    "[camera till]\nurl = http://10.0.0.1/a\nonvif = http://10.0.0.1/b\n",
	    "either 'url");
	bad("shop = viken\n" GATEWAY ANNA "[camera till]\nurl = http://u:hush@10.0.0.1/a\n", "url");
	bad("shop = viken\n" GATEWAY ANNA "[camera till]\nurl = http://10.0.0.1/a\nuser = u\n",
	    "both 'user' and");
	bad("shop = viken\n" GATEWAY ANNA
	    "[camera till]\nurl = http://10.0.0.1/a\nuser = u\npassword_file = none\n",
	    "No such file");
	bad("shop = viken\n" GATEWAY ANNA "[pictures]\nkeep_hours = 721\n", "from 1 to 720");
	bad("shop = viken\n" GATEWAY ANNA "[ups eaton]\n", "must name a sensor");
	bad("shop = viken\n" GATEWAY ANNA "[ups eaton]\npower = p\nserver = nas:3493\n",
	    "an address and a port");
	bad("shop = viken\n" GATEWAY ANNA "[ups eaton]\npower = p\nserver = 127.0.0.1:0\n",
	    "an address and a port");
	bad("shop = viken\n" GATEWAY ANNA "[ups eaton]\npower = p\nserver = 127.0.0.1:65536\n",
	    "an address and a port");
	bad("shop = viken\n" GATEWAY ANNA "[ups eaton]\npower = p\nserver = 127.0.0.1\n",
	    "an address and a port");
	bad("shop = viken\npage = http://viken.example\n" GATEWAY ANNA, "https://");
	bad("shop = viken\n" GATEWAY ANNA "[camra till]\n", "did you mean '[camera]'");
}

static void ninth_of_eight(void **state)
{
	char text[2000] = "shop = viken\n" GATEWAY;

	(void)state;
	for (int i = 0; i < CONTACTS_MAX + 1; i++) {
		size_t len = strlen(text);

		snprintf(text + len, sizeof(text) - len, "[contact c%d]\nphone = +4670123457%d\n",
			 i, i);
		if (i < CONTACTS_MAX)
			good(text);
	}
	bad(text, "8");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(little_is_enough),
		cmocka_unit_test(a_modem_alone_is_a_road),
		cmocka_unit_test(contacts_say_who_and_when),
		cmocka_unit_test(a_contact_that_is_wrong),
		cmocka_unit_test(cameras_pictures_and_ups),
		cmocka_unit_test(what_stands_on_site_and_is_wrong),
		cmocka_unit_test(ninth_of_eight),
	};
	return cmocka_run_group_tests(tests, folder, folder_gone);
}
