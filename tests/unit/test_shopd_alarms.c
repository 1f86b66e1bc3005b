/*
 * test_shopd_alarms.c: alarms between the core and those outside of it: courierd, which has the
 * roads and knows the people; counterd and shopctl, which show them; the owner, who answers.
 * courierd is played here, also as one that was taken over.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "shopd_bench.h"

#include "shopd/office_sync.c"

#define MAINS "[sensor mains]\nkind = power\nsource = courier\ndebounce = 0 s\n"

static struct caller control, counter, courier;
static struct person owner, staff, member;

static void role_of(struct person *p, enum role role)
{
	union message m;

	assert_int_equal(shoptoken_key_make(&p->key), 0);
	message_init(&m, MESSAGE_MEMBER_ADD, 0);
	memcpy(m.member.x, p->key.public_key.x, sizeof(m.member.x));
	memcpy(m.member.y, p->key.public_key.y, sizeof(m.member.y));
	m.member.role = role;
	office_done(&control, &m);
	memcpy(p->customer.byte, m.done.customer, sizeof(p->customer.byte));
}

/* --- courierd, played */

static void courier_dial(struct caller *c)
{
	union message m;
	ssize_t n = 0;

	caller_connect(c, "courier.sock");
	message_init(&m, MESSAGE_HELLO, 0);
	m.hello.role = ROLE_COURIER;
	memcpy(m.hello.program, "courierd", 9);
	caller_say(c, &m);
	until((n = recv(c->fd, &m, sizeof(m), MSG_DONTWAIT)) > 0);
	assert_int_equal(m.head.type, MESSAGE_HELLO);
}

/* What is said to it and is of this type; what is about the office is passed over. */
static bool courier_took(enum message_type type, union message *ret)
{
	ssize_t n;

	while ((n = recv(courier.fd, ret, sizeof(*ret), MSG_DONTWAIT)) > 0) {
		assert_null(message_check(ret, (uint32_t)n, ROLE_COURIER, WAY_FROM_SHOPD));
		if (ret->head.type == type)
			return true;
	}
	return false;
}

static void courier_hears(enum message_type type, union message *ret)
{
	until(courier_took(type, ret));
}

static void contact(uint32_t number, uint32_t count, const char *name)
{
	union message m;

	message_init(&m, MESSAGE_CONTACT, 0);
	m.contact.number = number;
	m.contact.count = count;
	m.contact.roads = 1U << SMS_BY_GATEWAY | 1U << SMS_BY_MODEM;
	m.contact.role = number ? CONTACT_NEIGHBOUR : CONTACT_OWNER;
	m.contact.step = number + 1;
	snprintf(m.contact.name, sizeof(m.contact.name), "%s", name);
	caller_say(&courier, &m);
}

static void notified(uint64_t alarm, const char *name, enum text_outcome outcome)
{
	union message m;

	message_init(&m, MESSAGE_NOTIFIED, 0);
	m.notified.alarm = alarm;
	m.notified.kind = TEXT_RAISED;
	m.notified.outcome = outcome;
	m.notified.road = SMS_BY_MODEM;
	m.notified.texts = outcome != TEXT_STUCK;
	snprintf(m.notified.contact, sizeof(m.notified.contact), "%s", name);
	caller_say(&courier, &m);
}

static void fault(enum condition condition, const char *place, bool failing)
{
	union message m;

	message_init(&m, MESSAGE_FAULT, 0);
	m.fault.condition = condition;
	m.fault.failing = failing;
	snprintf(m.fault.place, sizeof(m.fault.place), "%s", place);
	caller_say(&courier, &m);
}

/* --- lists */

struct rows {
	uint32_t n;
	union message row[ALARMS_MAX + 32];
};

static struct rows rows;

/* A list, as it stands when all that was said before has been heard. */
static void list(struct caller *c, enum message_type question)
{
	union message m;

	rows.n = 0;
	message_init(&m, question, ++c->requests);
	caller_say(c, &m);
	for (caller_hear(c, &m); m.head.type != MESSAGE_DONE; caller_hear(c, &m)) {
		assert_int_equal(m.head.request, c->requests);
		assert_true(rows.n < ARRAY_LEN(rows.row));
		rows.row[rows.n++] = m;
	}
	assert_int_equal(m.done.error, 0);
}

static const struct message_alarm_is *alarm_of(struct caller *c, enum condition condition)
{
	list(c, MESSAGE_ALARMS);
	for (uint32_t i = 0; i < rows.n; i++)
		if (rows.row[i].alarm_is.condition == (uint32_t)condition)
			return &rows.row[i].alarm_is;
	return NULL;
}

static uint32_t contacts_known(void)
{
	list(&control, MESSAGE_CONTACTS);
	return rows.n;
}

/* --- the house */

static void begin(const char *more)
{
	char text[512];

	snprintf(text, sizeof(text), "clock = rtc\n%s", more);
	bench_make(text);
	chip_start();
	bench_start();
	caller_dial(&control, ROLE_CONTROL);
	caller_dial(&counter, ROLE_COUNTER);
	courier_dial(&courier);
}

static int set_up(void **state)
{
	(void)state;
	begin("");
	role_of(&owner, ROLE_OWNER);
	role_of(&staff, ROLE_STAFF);
	role_of(&member, ROLE_MEMBER);
	contact(0, 2, "anna");
	contact(1, 2, "bo");
	until(contacts_known() == 2);
	return 0;
}

static int set_up_bare(void **state)
{
	(void)state;
	begin(MAINS);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	caller_leave(&control);
	caller_leave(&counter);
	caller_leave(&courier);
	bench_stop();
	bench_remove();
	return 0;
}

/* The shop is shut and opened; whoever talked to it connects anew. */
static void again(void)
{
	caller_leave(&control);
	caller_leave(&counter);
	caller_leave(&courier);
	bench_restart();
	caller_dial(&control, ROLE_CONTROL);
	caller_dial(&counter, ROLE_COUNTER);
	courier_dial(&courier);
}

/* Breaks the door open; the text about it to the first contact. */
static void forced(union message *ret)
{
	until(shell.shop.door[0].contact.known);
	assert_int_equal(chip_hand(HAND_FORCE), SIM_OK);
	do
		courier_hears(MESSAGE_NOTIFY, ret);
	while (ret->notify.condition != CONDITION_FORCED);
}

/* --- who is told */

static void contacts_are_gathered(void **state)
{
	struct caller other;

	(void)state;
	assert_int_equal(contacts_known(), 0);
	contact(0, 2, "anna");
	assert_int_equal(contacts_known(), 0); /* half of the people are nobody */
	contact(0, 2, "anna");		       /* it was killed, and begins again */
	contact(1, 2, "bo");
	until(contacts_known() == 2);
	assert_string_equal(rows.row[0].contact.name, "anna");
	assert_int_equal(rows.row[0].contact.count, 2);
	assert_int_equal(rows.row[0].contact.roads, 3);
	assert_int_equal(rows.row[0].contact.role, CONTACT_OWNER);
	assert_int_equal(rows.row[0].contact.on_duty, 1);
	assert_int_equal(rows.row[1].contact.number, 1);
	assert_int_equal(rows.row[1].contact.step, 2);
	assert_int_equal(shell.shop.ladder.contacts, 2);
	/* out of order, of another length, twice, by another: each time the set before holds */
	log_forget();
	contact(0, 3, "cia");
	contact(2, 3, "dan");
	until(logged_that("dan, is out of order"));
	contact(1, 3, "dan"); /* the order is lost until it begins anew */
	contact(0, 2, "cia");
	contact(1, 3, "dan");
	contact(0, 2, "cia");
	contact(1, 2, "cia");
	log_forget();
	contact(0, 2, "cia");
	other = courier;
	courier_dial(&courier);
	contact(1, 2, "dan");
	until(logged_that("dan, is out of order"));
	caller_leave(&courier);
	courier = other;
	assert_int_equal(contacts_known(), 2);
	assert_string_equal(rows.row[0].contact.name, "anna");
	contact(0, 1, "cia"); /* and a new configuration takes its place */
	until(contacts_known() == 1);
	assert_string_equal(rows.row[0].contact.name, "cia");
}

static void hours_of_duty(void **state)
{
	union message m;
	uint16_t now = time_now(&shell).minute_of_week % 1440;

	(void)state;
	message_init(&m, MESSAGE_CONTACT, 0);
	m.contact.count = 1;
	m.contact.step = 1;
	snprintf(m.contact.name, sizeof(m.contact.name), "anna");
	for (uint32_t i = 0; i < 2; i++) { /* the two hours from now on, and the 22 after them */
		m.contact.open = (uint16_t)((now + (i ? 120 : 1439)) % 1440);
		m.contact.close = (uint16_t)((now + (i ? 1439 : 120)) % 1440);
		caller_say(&courier, &m);
		until(contacts_known() == 1 && rows.row[0].contact.open == m.contact.open);
		assert_int_equal(rows.row[0].contact.on_duty, i == 0);
	}
}

/* A courierd that was taken over is dropped before a name of its making is looked at. */
static void no_name_is_a_trick(void **state)
{
	static const char *const bad[] = {"\xe2\x80\xae-anna", "a\r\nb", "\x1b[2J", "+4670",
					  "Anna"};
	union message m;

	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(bad); i++) {
		log_forget();
		contact(0, 1, bad[i]);
		until(logged_that("courierd is gone"));
		assert_null(strstr(bench.log, bad[i]));
		caller_leave(&courier);
		courier_dial(&courier);
	}
	message_init(&m, MESSAGE_FAULT, 0); /* nor may it raise what is the door's */
	m.fault.condition = CONDITION_FORCED;
	m.fault.failing = 1;
	snprintf(m.fault.place, sizeof(m.fault.place), "front");
	log_forget();
	caller_say(&courier, &m);
	until(logged_that("courierd is gone"));
	assert_null(alarm_of(&control, CONDITION_FORCED));
	assert_int_equal(contacts_known(), 0);
}

/* --- what became of it */

static void who_was_told(void **state)
{
	const struct message_alarm_is *a;
	union message m;

	(void)state;
	forced(&m);
	assert_string_equal(m.notify.contact, "anna");
	assert_string_equal(m.notify.place, "front");
	assert_string_equal(m.notify.shop, "viken");
	assert_int_equal(m.notify.kind, TEXT_RAISED);
	assert_true(m.notify.code >= 100000);
	a = alarm_of(&counter, CONDITION_FORCED);
	assert_int_equal(a->tolds, 0);
	notified(m.notify.alarm, "anna", TEXT_LEFT);
	until((a = alarm_of(&counter, CONDITION_FORCED))->tolds == 1);
	assert_int_equal(a->alarm, m.notify.alarm);
	assert_string_equal(a->told[0].contact, "anna");
	assert_int_equal(a->told[0].outcome, TEXT_LEFT);
	assert_int_equal(a->told[0].road, SMS_BY_MODEM);
	assert_int_equal(a->told[0].texts, 1);
	assert_true(a->told[0].at_ms >= a->raised_at_ms);
	assert_int_equal(a->state, ALARM_NOTIFIED);
	/* the newest alone */
	notified(m.notify.alarm, "anna", TEXT_DELIVERED);
	until((a = alarm_of(&control, CONDITION_FORCED))->told[0].outcome == TEXT_DELIVERED);
	assert_int_equal(a->tolds, 1);
	/* also after a restart, by the ledger's word */
	again();
	a = alarm_of(&control, CONDITION_FORCED);
	assert_int_equal(a->tolds, 1);
	assert_string_equal(a->told[0].contact, "anna");
	assert_int_equal(a->told[0].outcome, TEXT_DELIVERED);
	assert_int_equal(a->told[0].road, SMS_BY_MODEM);
	/* of alarms that there are none of nothing is kept, however many */
	for (uint32_t i = 0; i < 2000; i++)
		notified(1000 + i, i % 2 ? "anna" : "nobody", TEXT_STUCK);
	notified(m.notify.alarm, "bo", TEXT_STUCK);
	until((a = alarm_of(&control, CONDITION_FORCED))->tolds == 2);
	assert_string_equal(a->told[0].contact, "anna");
	assert_int_equal(a->told[0].outcome, TEXT_DELIVERED);
	assert_int_equal(a->told[1].outcome, TEXT_STUCK);
	/* and of people that there are none of no more than a list has room for */
	for (uint32_t i = 0; i < CONTACTS_MAX; i++) {
		char name[PLACE_MAX_LEN + 1];

		snprintf(name, sizeof(name), "nobody-%u", i);
		notified(m.notify.alarm, name, TEXT_LEFT);
	}
	until((a = alarm_of(&control, CONDITION_FORCED))->tolds == CONTACTS_MAX);
}

static void a_reply_is_an_answer(void **state)
{
	const struct message_alarm_is *a;
	union message m, reply;

	(void)state;
	forced(&m);
	notified(m.notify.alarm, "anna", TEXT_LEFT);
	until(alarm_of(&control, CONDITION_FORCED)->tolds == 1);
	message_init(&reply, MESSAGE_REPLY, 0);
	reply.reply.road = SMS_BY_MODEM;
	snprintf(reply.reply.contact, sizeof(reply.reply.contact), "anna");
	reply.reply.code = m.notify.code ^ 1;
	log_forget();
	caller_say(&courier, &reply);
	until(logged_that("anna"));
	assert_string_equal(alarm_of(&control, CONDITION_FORCED)->by, "");
	reply.reply.code = m.notify.code;
	caller_say(&courier, &reply);
	until((a = alarm_of(&control, CONDITION_FORCED))->by[0] != '\0');
	assert_string_equal(a->by, "anna");
	courier_hears(MESSAGE_ENOUGH, &m);
	assert_int_equal(m.enough.alarm, a->alarm);
}

/* --- the owner's page */

static void ack_message(const struct person *p, const char *audience, uint64_t alarm,
			union message *ret)
{
	struct shoptoken_token token;

	token_of(p, audience, &token);
	message_init(ret, MESSAGE_ALARM_ACK, 0);
	ret->ack.alarm = alarm;
	ret->ack.token_len = (uint16_t)token.len;
	memcpy(ret->ack.token, token.byte, token.len);
}

static void refused(const struct person *p, const char *audience, uint64_t alarm,
		    enum verdict verdict)
{
	union message m;

	ack_message(p, audience, alarm, &m);
	caller_ask(&counter, &m, MESSAGE_VERDICT);
	assert_int_equal(m.verdict.verdict, verdict);
}

static void the_owners_word(void **state)
{
	char by[NAME_MAX_LEN + 1] = "owner-";
	union message m, again;
	struct person stranger;
	uint64_t alarm;

	(void)state;
	forced(&m);
	alarm = m.notify.alarm;
	assert_int_equal(shoptoken_key_make(&stranger.key), 0);
	refused(&member, "viken/owner", alarm, VERDICT_WRONG_AUDIENCE);
	refused(&owner, "viken/front", alarm, VERDICT_WRONG_AUDIENCE);
	refused(&owner, "other/owner", alarm, VERDICT_WRONG_AUDIENCE);
	refused(&stranger, "viken/owner", alarm, VERDICT_UNKNOWN_KEY);
	ack_message(&owner, "viken/owner", alarm, &m);
	m.ack.token[m.ack.token_len - 1] ^= 1;
	caller_ask(&counter, &m, MESSAGE_VERDICT);
	assert_int_equal(m.verdict.verdict, VERDICT_BAD_SIGNATURE);
	assert_string_equal(alarm_of(&control, CONDITION_FORCED)->by, "");

	ack_message(&owner, "viken/owner", alarm, &m);
	again = m;
	caller_ask(&counter, &m, MESSAGE_ALARM_IS);
	hex_text(owner.customer.byte, 4, by + 6);
	assert_int_equal(m.alarm_is.alarm, alarm);
	assert_string_equal(m.alarm_is.by, by);
	courier_hears(MESSAGE_ENOUGH, &m);
	assert_int_equal(m.enough.alarm, alarm);
	/* a token is good for one answer; another one is answered the same */
	caller_ask(&counter, &again, MESSAGE_VERDICT);
	assert_int_equal(again.verdict.verdict, VERDICT_REPLAYED);
	ack_message(&staff, "viken/owner", alarm, &m);
	caller_ask(&counter, &m, MESSAGE_ALARM_IS);
	assert_string_equal(m.alarm_is.by, by);
	ack_message(&owner, "viken/owner", alarm + 1, &m);
	caller_ask(&counter, &m, MESSAGE_DONE);
	assert_int_equal(m.done.error, 1);
}

static void shopctls_word(void **state)
{
	union message m;

	(void)state;
	forced(&m);
	message_init(&m, MESSAGE_ALARM_ACK, 0);
	m.ack.code = alarm_of(&control, CONDITION_FORCED)->code;
	snprintf(m.ack.by, sizeof(m.ack.by), "shopctl");
	caller_ask(&control, &m, MESSAGE_DONE);
	assert_int_equal(m.done.error, 0);
	assert_string_equal(alarm_of(&counter, CONDITION_FORCED)->by, "shopctl");
	message_init(&m, MESSAGE_ALARM_ACK, 0);
	m.ack.alarm = 4711;
	snprintf(m.ack.by, sizeof(m.ack.by), "shopctl");
	caller_ask(&control, &m, MESSAGE_DONE);
	assert_int_equal(m.done.error, 1);
}

/* "Ledger failing" is an alarm too: it is shown and answered though there is none. */
static void without_a_ledger(void **state)
{
	const struct message_alarm_is *a;
	struct shoptoken_token token;
	uint64_t alarm;
	int64_t start_s;
	char path[128];
	union message m;

	(void)state;
	bench_stop();
	caller_leave(&control);
	caller_leave(&counter);
	caller_leave(&courier);
	bench_path("ledger.db", path);
	assert_int_equal(truncate(path, 4096 + 100), 0);
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	assert_int_equal(pwrite(fd, "this is no database, nor ever was one", 37, 0), 37);
	close(fd);
	bench_path("ledger.db-wal", path); /* which would make it whole again */
	(void)unlink(path);
	bench_start();
	caller_dial(&control, ROLE_CONTROL);
	caller_dial(&counter, ROLE_COUNTER);
	courier_dial(&courier);
	a = alarm_of(&counter, CONDITION_LEDGER_FAILING);
	assert_non_null(a);
	/* what was used before cannot be known: a token must be of after the start (contracts 1) */
	alarm = a->alarm;
	start_s = (loop_wall().ms - (loop_mono().ms - shell.started.ms) + 999) / 1000;
	until(loop_wall().ms / 1000 > start_s);
	assert_int_equal(shoptoken_issue(&owner.key, "viken/owner",
					 loop_wall().ms / 1000 + TOKEN_SKEW_S, 60, NULL, &token),
			 0);
	message_init(&m, MESSAGE_ALARM_ACK, 0);
	m.ack.alarm = alarm;
	m.ack.token_len = (uint16_t)token.len;
	memcpy(m.ack.token, token.byte, token.len);
	caller_ask(&counter, &m, MESSAGE_ALARM_IS);
	assert_int_equal(m.alarm_is.condition, CONDITION_LEDGER_FAILING);
	assert_true(strncmp(m.alarm_is.by, "owner-", 6) == 0);
	list(&counter, MESSAGE_SENSORS);
	assert_int_equal(rows.n, 0);
}

/* --- what courierd sees of the shop */

/* A camera's is told when it has lasted; how long that is, is the core's. */
static bool camera_fails(void)
{
	for (uint32_t i = 0; i < shell.shop.watches.faults; i++)
		if (shell.shop.watches.fault[i].condition == CONDITION_CAMERA_LOST &&
		    strcmp(shell.shop.watches.fault[i].place.name, "till") == 0)
			return shell.shop.watches.fault[i].failing;
	return false;
}

static void faults_stay_while_courierd_is_away(void **state)
{
	const struct message_alarm_is *a;
	uint64_t alarm;

	(void)state;
	fault(CONDITION_CAMERA_LOST, "till", true);
	fault(CONDITION_ROAD_FAILING, "modem", true);
	until((a = alarm_of(&counter, CONDITION_ROAD_FAILING)) != NULL);
	assert_string_equal(a->place, "modem");
	assert_int_equal(a->over, 0);
	alarm = a->alarm;
	assert_true(camera_fails());
	log_forget();
	caller_leave(&courier);
	until(logged_that("courierd is gone"));
	a = alarm_of(&counter, CONDITION_ROAD_FAILING);
	assert_int_equal(a->cleared_at_ms, 0);
	assert_true(camera_fails());
	courier_dial(&courier);
	fault(CONDITION_ROAD_FAILING, "modem", true);
	fault(CONDITION_CAMERA_LOST, "till", false);
	until(!camera_fails());
	a = alarm_of(&counter, CONDITION_ROAD_FAILING);
	assert_int_equal(a->alarm, alarm); /* the same, and no other */
	assert_int_equal(rows.n, 1);
	fault(CONDITION_ROAD_FAILING, "modem", false);
	until((a = alarm_of(&counter, CONDITION_ROAD_FAILING))->cleared_at_ms != 0);
}

static void what_the_ups_says(void **state)
{
	const struct message_sensor_is *s = &rows.row[0].sensor_is;
	union message m;

	(void)state;
	list(&counter, MESSAGE_SENSORS);
	assert_int_equal(rows.n, 1);
	assert_string_equal(s->name, "mains");
	assert_int_equal(s->kind, SENSOR_POWER);
	assert_int_equal(s->heard, 0);
	assert_int_equal(s->state, SENSOR_UNKNOWN);
	message_init(&m, MESSAGE_READING, 0);
	m.reading.value = 1;
	snprintf(m.reading.sensor, sizeof(m.reading.sensor), "mains");
	caller_say(&courier, &m);
	until((list(&control, MESSAGE_SENSORS), s->heard == 1));
	assert_int_equal(s->value, 1);
	assert_true(s->age_ms >= 0 && s->age_ms < PATIENCE_MS);
	until(alarm_of(&control, CONDITION_POWER_LOST) != NULL);
	log_forget();
	snprintf(m.reading.sensor, sizeof(m.reading.sensor), "freezer");
	caller_say(&courier, &m);
	until(logged_that("sensor freezer: courierd tells of it"));
}

static void pictures(void **state)
{
	struct shoptoken_token token;
	union message m;
	uint64_t visit;

	(void)state;
	message_init(&m, MESSAGE_LOOK, 0);
	caller_ask(&control, &m, MESSAGE_DONE);
	assert_int_equal(m.done.error, 0);
	courier_hears(MESSAGE_PICTURE, &m);
	assert_int_equal(m.picture.kind, PICTURE_REQUEST);
	assert_int_equal(m.picture.ref, 0);
	token_of(&member, "viken/front", &token);
	token_message(MESSAGE_UNLOCK, "front", &token, &m);
	caller_ask(&counter, &m, MESSAGE_VERDICT);
	assert_int_equal(m.verdict.verdict, VERDICT_ADMITTED);
	visit = m.verdict.visit;
	courier_hears(MESSAGE_PICTURE, &m);
	assert_int_equal(m.picture.kind, PICTURE_ENTRY);
	assert_true(m.picture.ref == visit);
	/* nobody waits for a camera: without courierd the door opens, and the look is refused */
	log_forget();
	caller_leave(&courier);
	until(logged_that("courierd is gone"));
	message_init(&m, MESSAGE_LOOK, 0);
	caller_ask(&control, &m, MESSAGE_DONE);
	assert_int_equal(m.done.error, 1);
	assert_non_null(strstr(m.done.text, "courierd"));
	token_of(&owner, "viken/front", &token);
	token_message(MESSAGE_UNLOCK, "front", &token, &m);
	caller_ask(&counter, &m, MESSAGE_VERDICT);
	assert_int_equal(m.verdict.verdict, VERDICT_ADMITTED);
	courier_dial(&courier);
}

static void a_rehearsal(void **state)
{
	const struct message_alarm_is *a;
	union message m;

	(void)state;
	message_init(&m, MESSAGE_REHEARSE, 0);
	caller_ask(&control, &m, MESSAGE_DONE);
	assert_int_equal(m.done.error, 0);
	assert_true(m.done.number > 0);
	a = alarm_of(&control, CONDITION_REHEARSAL);
	assert_true(a->alarm == m.done.number);
	courier_hears(MESSAGE_NOTIFY, &m);
	assert_int_equal(m.notify.condition, CONDITION_REHEARSAL);
	assert_string_equal(m.notify.contact, "anna");
}

/* --- the heartbeat's word about the roads */

static bool texts_leave_as_told(void)
{
	return texts_leave(&shell);
}

static void roads_fail(void **state)
{
	(void)state;
	assert_true(texts_leave_as_told());
	fault(CONDITION_ROAD_FAILING, "gateway", true);
	until(alarm_of(&control, CONDITION_ROAD_FAILING) != NULL);
	assert_true(texts_leave_as_told()); /* the modem is left */
	fault(CONDITION_ROAD_FAILING, "modem", true);
	until(!texts_leave_as_told());
	fault(CONDITION_ROAD_FAILING, "gateway", false);
	until(texts_leave_as_told());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(contacts_are_gathered, set_up_bare, tear_down),
		cmocka_unit_test_setup_teardown(hours_of_duty, set_up_bare, tear_down),
		cmocka_unit_test_setup_teardown(no_name_is_a_trick, set_up_bare, tear_down),
		cmocka_unit_test_setup_teardown(who_was_told, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_reply_is_an_answer, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_owners_word, set_up, tear_down),
		cmocka_unit_test_setup_teardown(shopctls_word, set_up, tear_down),
		cmocka_unit_test_setup_teardown(without_a_ledger, set_up, tear_down),
		cmocka_unit_test_setup_teardown(faults_stay_while_courierd_is_away, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(what_the_ups_says, set_up_bare, tear_down),
		cmocka_unit_test_setup_teardown(pictures, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_rehearsal, set_up, tear_down),
		cmocka_unit_test_setup_teardown(roads_fail, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
