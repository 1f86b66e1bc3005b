/*
 * test_courierd_texting.c: texts and answers between a played shopd and a gateway that nobody is
 * at, in one loop: who is told to shopd first, what waits for it, and that no secret stands in the
 * log. Nothing waits but the loop, and that with an end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "courierd/texting_parts.h"

#define ANNA	 "+46705551234"
#define PASSWORD "hush-hush"
#define PIN	 "4711"

enum {
	PATIENCE_MS = 20000,
	HEARD_MAX = 64,
};

static struct loop *loop;
static struct listener *shopd;
static struct link *link_to;
static struct texting *texting;
static struct config config; /* 20 kB */
static char dir[64], path[96], log_path[96];
static uint32_t peer, heard_count;
static union message heard[HEARD_MAX];
static int real_stderr;

/* --- the played shopd */

static void on_heard(void *data, uint32_t from, const union message *m, int fd)
{
	(void)data;
	(void)from;
	if (m->head.type == MESSAGE_READING)
		return; /* of no sensor: only there to fill the socket */
	assert_true(fd < 0 && heard_count < HEARD_MAX);
	heard[heard_count++] = *m;
}

static void on_peer(void *data, uint32_t which, bool here)
{
	(void)data;
	peer = here ? which : 0;
}

static void shopd_opens(void)
{
	assert_int_equal(listener_open(loop, path, 0600, ROLE_COURIER, 1 << 28, on_heard, on_peer,
				       NULL, &shopd),
			 0);
}

static void shopd_goes(void)
{
	listener_close(shopd);
	shopd = NULL;
	peer = 0;
	heard_count = 0;
}

static uint32_t count_of(uint16_t type)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < heard_count; i++)
		count += heard[i].head.type == type;
	return count;
}

static const union message *first_of(uint16_t type)
{
	for (uint32_t i = 0; i < heard_count; i++)
		if (heard[i].head.type == type)
			return &heard[i];
	fail_msg("no message %u", type);
	return NULL;
}

static void notify(uint64_t alarm, const char *contact)
{
	union message m;

	message_init(&m, MESSAGE_NOTIFY, 0);
	m.notify.alarm = alarm;
	m.notify.code = 471147;
	m.notify.condition = CONDITION_FORCED;
	m.notify.severity = SEVERITY_EMERGENCY;
	m.notify.at_ms = INT64_C(1795355104123);
	m.notify.count = 1;
	snprintf(m.notify.contact, sizeof(m.notify.contact), "%s", contact);
	snprintf(m.notify.place, sizeof(m.notify.place), "front");
	snprintf(m.notify.shop, sizeof(m.notify.shop), "viken");
	assert_true(listener_send(shopd, peer, &m));
}

/* --- the loop */

/** Turns the loop until it is so. */
static void run_until(bool (*enough)(void))
{
	struct mono late = mono_add(loop_mono(), PATIENCE_MS);

	while (!enough()) {
		assert_true(sd_event_run(loop_event(loop), 1000 * PATIENCE_MS) >= 0);
		assert_false(mono_due(loop_mono(), late));
	}
}

static void on_message(void *data, const union message *m)
{
	(void)data;
	assert_true(texting_message(texting, m));
}

static void on_link(void *data, bool up)
{
	(void)data;
	if (up)
		texting_link(texting);
}

static void configure(void)
{
	static const char *const names[] = {"anna", "bo"};
	static const char *const phones[] = {ANNA, "+46705551235"};

	memset(&config, 0, sizeof(config));
	snprintf(config.shop, sizeof(config.shop), "viken");
	config.gateway_fitted = true;
	snprintf(config.gateway.user, sizeof(config.gateway.user), "u");
	snprintf(config.gateway.password, sizeof(config.gateway.password), PASSWORD);
	snprintf(config.gateway.from, sizeof(config.gateway.from), "+46701740605");
	assert_null(gateway_address(&config.gateway, "http://127.0.0.1:1")); /* nobody is there */
	config.modem.fitted = true;
	snprintf(config.modem.bus, sizeof(config.modem.bus), "unix:path=/nowhere");
	snprintf(config.modem.pin, sizeof(config.modem.pin), PIN);
	for (uint32_t i = 0; i < 2; i++) {
		snprintf(config.contact[i].name, sizeof(config.contact[i].name), "%s", names[i]);
		snprintf(config.contact[i].phone, sizeof(config.contact[i].phone), "%s", phones[i]);
		config.contact[i].step = 1 + (int64_t)i;
		config.contact[i].role = i;
	}
	config.contacts = 2;
}

static int setup(void **state)
{
	int fd;

	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/courierd-texting-XXXXXX");
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/courier.sock", dir);
	snprintf(log_path, sizeof(log_path), "%s/log", dir);
	real_stderr = dup(2);
	fd = open(log_path, O_WRONLY | O_CREAT | O_APPEND, 0600);
	assert_true(fd >= 0 && dup2(fd, 2) == 2);
	close(fd);
	configure();
	heard_count = 0;
	peer = 0;
	assert_int_equal(loop_new(&loop), 0);
	assert_int_equal(link_open(loop, path, ROLE_COURIER, "courierd", on_message, on_link, NULL,
				   &link_to),
			 0);
	assert_int_equal(texting_open(loop, link_to, &config, 7, &texting), 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	texting_close(texting);
	link_close(link_to);
	if (shopd != NULL)
		shopd_goes();
	loop_free(loop);
	dup2(real_stderr, 2);
	close(real_stderr);
	unlink(log_path);
	unlink(path);
	return rmdir(dir);
}

/* --- */

static bool contacts_are_here(void)
{
	return count_of(MESSAGE_CONTACT) == 2;
}

static bool answers_are_here(void)
{
	return count_of(MESSAGE_REPLY) >= 2;
}

static bool fault_is_here(void)
{
	return count_of(MESSAGE_FAULT) > 0;
}

static bool nobody_is_here(void)
{
	return !link_up(link_to);
}

static void who_is_told_is_said_first(void **state)
{
	(void)state;
	shopd_opens();
	run_until(contacts_are_here);
	for (uint32_t i = 0; i < 2; i++) {
		const struct message_contact *c = &heard[i].contact;

		assert_int_equal(c->head.type, MESSAGE_CONTACT);
		assert_int_equal(c->number, i);
		assert_int_equal(c->count, 2);
		assert_int_equal(c->roads, 3);
		assert_int_equal(c->step, 1 + i);
		assert_int_equal(c->role, i);
		assert_string_equal(c->name, i == 0 ? "anna" : "bo");
		assert_null(message_check(&heard[i], sizeof(*c), ROLE_COURIER, WAY_TO_SHOPD));
	}
}

static void answers_wait_for_shopd(void **state)
{
	(void)state;
	shopd_opens();
	run_until(contacts_are_here);
	shopd_goes();
	run_until(nobody_is_here);
	texting_heard(texting, SMS_BY_MODEM, "", ANNA, "Kvittera 471147", 0);
	texting_heard(texting, SMS_BY_GATEWAY, "", ANNA, "471148", 0);
	texting_heard(texting, SMS_BY_GATEWAY, "", "+46700000000", "471149", 0);
	shopd_opens();
	run_until(answers_are_here);
	assert_int_equal(heard[0].head.type, MESSAGE_CONTACT); /* or the answers were nobody's */
	assert_int_equal(heard[1].head.type, MESSAGE_CONTACT);
	assert_int_equal(count_of(MESSAGE_REPLY), 2);
	assert_int_equal(first_of(MESSAGE_REPLY)->reply.code, 471147);
	assert_int_equal(first_of(MESSAGE_REPLY)->reply.road, SMS_BY_MODEM);
	assert_string_equal(first_of(MESSAGE_REPLY)->reply.contact, "anna");
}

/* shopd does not read for a while: what it is told waits, and is told by itself. */
static void an_answer_waits_for_a_slow_shopd(void **state)
{
	union message m;

	(void)state;
	shopd_opens();
	run_until(contacts_are_here);
	message_init(&m, MESSAGE_READING, 0);
	snprintf(m.reading.sensor, sizeof(m.reading.sensor), "power");
	while (link_send(link_to, &m))
		;
	texting_heard(texting, SMS_BY_MODEM, "", ANNA, "Kvittera 471147", 0);
	texting_heard(texting, SMS_BY_MODEM, "", ANNA, "Kvittera 471148", 0);
	assert_int_equal(texting->answered_count, 2);
	run_until(answers_are_here);
	assert_int_equal(count_of(MESSAGE_CONTACT), 2); /* by the same link */
}

static bool log_has(const char *words)
{
	char text[16384] = "";
	int fd = open(log_path, O_RDONLY);
	ssize_t len = read(fd, text, sizeof(text) - 1);

	close(fd);
	assert_true(len > 0);
	return strstr(text, words) != NULL;
}

static void a_dead_road_is_told_and_no_secret(void **state)
{
	(void)state;
	shopd_opens();
	run_until(contacts_are_here);
	notify(1, "anna");
	notify(2, "nobody");
	texting_heard(texting, SMS_BY_MODEM, "", ANNA, "unlock " ANNA " 1234567", 0);
	run_until(fault_is_here);
	assert_int_equal(first_of(MESSAGE_FAULT)->fault.failing, 1);
	assert_string_equal(first_of(MESSAGE_FAULT)->fault.place, "gateway");
	assert_true(log_has("alarm 1: forced front, raised to anna"));
	assert_true(log_has("there is no [contact nobody]"));
	assert_true(log_has("a text from anna without effect: \"unlock +*********** *******\""));
	assert_false(log_has(&ANNA[1]));
	assert_false(log_has(PASSWORD));
	assert_false(log_has(PIN));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(who_is_told_is_said_first, setup, teardown),
		cmocka_unit_test_setup_teardown(answers_wait_for_shopd, setup, teardown),
		cmocka_unit_test_setup_teardown(an_answer_waits_for_a_slow_shopd, setup, teardown),
		cmocka_unit_test_setup_teardown(a_dead_road_is_told_and_no_secret, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
