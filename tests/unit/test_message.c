/* test_message.c: what each role may say, and that every field is looked at before anybody
 * believes it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/catalog.h"
#include "core/event.h"
#include "ledger/desk.h"
#include "token/statement.h"
#include "wire/message.h"
#include "message_view.h"
#include "wire/picture.h"

#define COUNTER (1U << ROLE_COUNTER)
#define COURIER (1U << ROLE_COURIER)
#define CONTROL (1U << ROLE_CONTROL)
#define ALL	(COUNTER | COURIER | CONTROL)

/* Who says what to shopd, and hears what from it: written down here a second time, on purpose. */
static const struct {
	enum message_type type;
	size_t size;
	uint32_t up, down;
} types[] = {
	{MESSAGE_HELLO, sizeof(struct message_hello), ALL, ALL},
	{MESSAGE_BYE, sizeof(struct message_bye), ALL, ALL},
	{MESSAGE_UNLOCK, sizeof(struct message_token), COUNTER, 0},
	{MESSAGE_VISIT, sizeof(struct message_token), COUNTER, 0},
	{MESSAGE_SESSION, sizeof(struct message_token), COUNTER, 0},
	{MESSAGE_LINE_PUT, sizeof(struct message_line), COUNTER, 0},
	{MESSAGE_LINE_VOID, sizeof(struct message_line), COUNTER, 0},
	{MESSAGE_CLOSE, sizeof(struct message_bearer), COUNTER, 0},
	{MESSAGE_INVITE, sizeof(struct message_bearer), COUNTER, 0},
	{MESSAGE_KIOSK, sizeof(struct message_kiosk), COUNTER, 0},
	{MESSAGE_NONCE, sizeof(struct message_spot), COUNTER, 0},
	{MESSAGE_TILL_VISIT, sizeof(struct message_spot), COUNTER, 0},
	{MESSAGE_TILL_LEAVE, sizeof(struct message_spot), COUNTER, 0},
	{MESSAGE_PIN, sizeof(struct message_spot), COUNTER, 0},
	{MESSAGE_TILLS_ARE, sizeof(struct message_tills_are), 0, COUNTER},
	{MESSAGE_CHALLENGE_IS, sizeof(struct message_challenge_is), 0, COUNTER},
	{MESSAGE_SHOWN, sizeof(struct message_shown), 0, COUNTER},
	{MESSAGE_SCANNED, sizeof(struct message_scanned), 0, COUNTER},
	{MESSAGE_STATUS, sizeof(struct message_head), COUNTER | CONTROL, 0},
	{MESSAGE_DESK, sizeof(struct message_desk), COUNTER | CONTROL, 0},
	{MESSAGE_DESK_IS, sizeof(struct message_desk_is), 0, COUNTER | CONTROL},
	{MESSAGE_NOTICE, sizeof(struct message_notice), 0, COURIER},
	{MESSAGE_MEMBER_TRUST, sizeof(struct message_member), CONTROL, 0},
	{MESSAGE_SYNC, sizeof(struct message_sync), 0, COURIER},
	{MESSAGE_PROOF, sizeof(struct message_proof), COURIER, 0},
	{MESSAGE_PROOF_IS, sizeof(struct message_proof_is), 0, COURIER},
	{MESSAGE_SAID, sizeof(struct message_said), COURIER, 0},
	{MESSAGE_SAID_IS, sizeof(struct message_said_is), 0, COURIER},
	{MESSAGE_CARRIED, sizeof(struct message_carried), COURIER, 0},
	{MESSAGE_ENROL, sizeof(struct message_enrol), CONTROL, 0},
	{MESSAGE_LEAVE, sizeof(struct message_head), CONTROL, 0},
	{MESSAGE_VIEW, sizeof(struct message_view), COUNTER | CONTROL, 0},
	{MESSAGE_FIRST_OWNER, sizeof(struct message_first_owner), COUNTER, 0},
	{MESSAGE_FIRST_OWNER_IS, sizeof(struct message_first_owner_is), 0, COUNTER},
	{MESSAGE_OWNER_CODE, sizeof(struct message_head), CONTROL, 0},
	{MESSAGE_DOOR_ASKED, sizeof(struct message_door_asked), COUNTER, 0},
	{MESSAGE_INSIDE_IS, sizeof(struct message_inside_is), 0, COUNTER},
	{MESSAGE_NOW_IS, sizeof(struct message_now_is), 0, COUNTER | CONTROL},
	{MESSAGE_SETTINGS_IS, sizeof(struct message_settings_is), 0, COUNTER},
	{MESSAGE_VERDICT, sizeof(struct message_verdict), 0, COUNTER},
	{MESSAGE_VISIT_IS, sizeof(struct message_visit_is), 0, COUNTER},
	{MESSAGE_LINE_IS, sizeof(struct message_line_is), 0, COUNTER},
	{MESSAGE_ANSWER, sizeof(struct message_answer), 0, COUNTER},
	{MESSAGE_STATUS_IS, sizeof(struct message_status_is), 0, COUNTER | CONTROL},
	{MESSAGE_NEWS, sizeof(struct message_news), 0, COUNTER},
	{MESSAGE_BLOCKED, sizeof(struct message_blocked), 0, COUNTER},
	{MESSAGE_NOTIFY, sizeof(struct message_notify), 0, COURIER},
	{MESSAGE_NOTIFIED, sizeof(struct message_notified), COURIER, 0},
	{MESSAGE_ENOUGH, sizeof(struct message_enough), 0, COURIER},
	{MESSAGE_CONTACT, sizeof(struct message_contact), COURIER, COUNTER | CONTROL},
	{MESSAGE_REPLY, sizeof(struct message_reply), COURIER, 0},
	{MESSAGE_FAULT, sizeof(struct message_fault), COURIER, 0},
	{MESSAGE_READING, sizeof(struct message_reading), COURIER, 0},
	{MESSAGE_PICTURE, sizeof(struct message_picture), 0, COURIER},
	{MESSAGE_SENSORS, sizeof(struct message_head), COUNTER | CONTROL, 0},
	{MESSAGE_CONTACTS, sizeof(struct message_head), CONTROL, 0},
	{MESSAGE_REHEARSE, sizeof(struct message_head), CONTROL, 0},
	{MESSAGE_LOOK, sizeof(struct message_head), CONTROL, 0},
	{MESSAGE_DOORS, sizeof(struct message_head), CONTROL, 0},
	{MESSAGE_COMMAND, sizeof(struct message_command), CONTROL, 0},
	{MESSAGE_CHALLENGE, sizeof(struct message_command), CONTROL, 0},
	{MESSAGE_ALARMS, sizeof(struct message_head), COUNTER | CONTROL, 0},
	{MESSAGE_ALARM_ACK, sizeof(struct message_ack), COUNTER | CONTROL, 0},
	{MESSAGE_MEMBER_ADD, sizeof(struct message_member), CONTROL, 0},
	{MESSAGE_MEMBER_BLOCK, sizeof(struct message_member), CONTROL, 0},
	{MESSAGE_IMPORT, sizeof(struct message_import), CONTROL, 0},
	{MESSAGE_OFFICE_KEY, sizeof(struct message_member), CONTROL, 0},
	{MESSAGE_PASS, sizeof(struct message_pass), CONTROL, 0},
	{MESSAGE_CARD_ADD, sizeof(struct message_card), CONTROL, 0},
	{MESSAGE_CARD_GONE, sizeof(struct message_card), CONTROL, 0},
	{MESSAGE_CLOCK_TRUST, sizeof(struct message_head), CONTROL, 0},
	{MESSAGE_DOORS_ARE, sizeof(struct message_doors_are), 0, COUNTER | CONTROL},
	{MESSAGE_ALARM_IS, sizeof(struct message_alarm_is), 0, COUNTER | CONTROL},
	{MESSAGE_SENSOR_IS, sizeof(struct message_sensor_is), 0, COUNTER | CONTROL},
	{MESSAGE_DONE, sizeof(struct message_done), 0, COUNTER | CONTROL},
};

#define SET(field, text) snprintf(field, sizeof(field), "%s", text)

static void notice(struct message_notice *n)
{
	SET(n->contact, "owner");
	SET(n->text, "2 left");
}

static void of_counter(union message *m, enum message_type type)
{
	if (type == MESSAGE_UNLOCK)
		SET(m->token.door, "front");
	if (type == MESSAGE_LINE_PUT || type == MESSAGE_LINE_VOID) {
		SET(m->line.key, "k-1");
		m->line.visit = 1;
	}
	if (type == MESSAGE_CLOSE || type == MESSAGE_INVITE)
		m->bearer.visit = 1;
}

static void of_courier(union message *m, enum message_type type)
{
	if (type == MESSAGE_NOTIFY) {
		m->notify.alarm = 1;
		m->notify.condition = CONDITION_FORCED;
		SET(m->notify.contact, "anna");
		SET(m->notify.shop, "viken");
	}
	if (type == MESSAGE_NOTIFIED) {
		m->notified.alarm = 1;
		SET(m->notified.contact, "anna");
	}
	if (type == MESSAGE_CONTACT) {
		m->contact.count = m->contact.step = 1;
		SET(m->contact.name, "anna");
	}
	if (type == MESSAGE_REPLY)
		SET(m->reply.contact, "anna");
	if (type == MESSAGE_FAULT) {
		m->fault.condition = CONDITION_CAMERA_LOST;
		SET(m->fault.place, "till");
	}
	if (type == MESSAGE_READING)
		SET(m->reading.sensor, "mains");
	if (type == MESSAGE_ENOUGH)
		m->enough.alarm = 1;
	if (type == MESSAGE_NOTICE)
		notice(&m->notice);
}

static void of_office(union message *m, enum message_type type)
{
	if (type == MESSAGE_SYNC)
		SET(m->sync.shop, "viken");
	if (type == MESSAGE_PROOF)
		SET(m->proof.purpose, "entries");
	if (type == MESSAGE_SAID)
		m->said = (struct message_said){m->said.head, CARRY_STATEMENT, 1};
	if (type == MESSAGE_ENROL) {
		SET(m->enrol.url, "https://office.example");
		SET(m->enrol.code, "VIKEN-0000");
	}
}

static void of_alarms(union message *m, enum message_type type, enum message_role role)
{
	if (type == MESSAGE_ALARM_ACK && role == ROLE_COUNTER)
		m->ack.token_len = sizeof(m->ack.token);
	else if (type == MESSAGE_ALARM_ACK)
		SET(m->ack.by, "owner");
	if (type == MESSAGE_SENSOR_IS)
		SET(m->sensor_is.name, "milk");
	if (type == MESSAGE_ALARM_IS) {
		m->alarm_is.alarm = 1;
		m->alarm_is.condition = CONDITION_TAMPER;
	}
}

/* A sound message of each type, as plain as it can be. */
static void sound(union message *m, enum message_type type, enum message_role role)
{
	message_init(m, type, 7);
	if (type == MESSAGE_HELLO) {
		m->hello.role = (uint32_t)role;
		SET(m->hello.program, "counterd");
	}
	if (type == MESSAGE_STATUS_IS)
		SET(m->status_is.shop, "viken");
	if (type == MESSAGE_PASS)
		m->pass.cti_len = CTI_SIZE_MIN;
	if (type == MESSAGE_DESK)
		m->desk.kind = DESK_REPORT;
	of_counter(m, type);
	of_kiosk(m, type);
	sound_view(m, type);
	of_courier(m, type);
	of_office(m, type);
	of_alarms(m, type, role);
}

static const char *check_as(const union message *m, enum message_role role)
{
	return message_check(m, message_size(m->head.type), role, WAY_TO_SHOPD);
}

/* The one role and way in which a type is checked for its fields. */
static const char *check(const union message *m)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		uint32_t roles = types[i].up ? types[i].up : types[i].down;
		enum message_role role = roles & COUNTER   ? ROLE_COUNTER
					 : roles & CONTROL ? ROLE_CONTROL
							   : ROLE_COURIER;

		if (types[i].type == m->head.type)
			return message_check(m, message_size(m->head.type), role,
					     types[i].up ? WAY_TO_SHOPD : WAY_FROM_SHOPD);
	}
	return "no such type";
}

static void each_role_says_its_own_and_nothing_else(void **state)
{
	union message m;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		assert_int_equal(message_size((uint16_t)types[i].type), types[i].size);
		for (int role = ROLE_COUNTER; role <= ROLE_CONTROL; role++) {
			enum message_role r = (enum message_role)role;
			uint32_t len = (uint32_t)types[i].size;

			sound(&m, types[i].type, r);
			assert_int_equal(message_check(&m, len, r, WAY_TO_SHOPD) == NULL,
					 (types[i].up >> role) & 1);
			assert_int_equal(message_check(&m, len, r, WAY_FROM_SHOPD) == NULL,
					 (types[i].down >> role) & 1);
		}
	}
}

static void the_size_is_exact(void **state)
{
	union message m;

	(void)state;
	sound(&m, MESSAGE_STATUS, ROLE_CONTROL);
	assert_non_null(message_check(&m, 0, ROLE_CONTROL, WAY_TO_SHOPD));
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		for (uint32_t len = 0; len <= MESSAGE_MAX; len++) {
			if (len == types[i].size)
				continue;
			for (int role = ROLE_COUNTER; role <= ROLE_CONTROL; role++) {
				enum message_role r = (enum message_role)role;

				sound(&m, types[i].type, r);
				assert_non_null(message_check(&m, len, r, WAY_TO_SHOPD));
				assert_non_null(message_check(&m, len, r, WAY_FROM_SHOPD));
			}
		}
	}
}

static void other_versions_and_types_are_refused(void **state)
{
	union message m;
	uint32_t known = 0;

	(void)state;
	sound(&m, MESSAGE_STATUS, ROLE_CONTROL);
	m.head.version = MESSAGE_VERSION + 1;
	assert_string_equal(message_check(&m, sizeof(m.head), ROLE_CONTROL, WAY_TO_SHOPD),
			    "another version");
	for (uint32_t type = 0; type <= UINT16_MAX; type++)
		known += message_size((uint16_t)type) > 0;
	assert_int_equal(known, ARRAY_LEN(types));
}

/* Fills a text without an end. */
#define ENDLESS(field) memset(field, 'a', sizeof(field))
#define REFUSED(t, change)                                                                         \
	do {                                                                                       \
		sound(&m, t, ROLE_COUNTER);                                                        \
		assert_null(check(&m));                                                            \
		change;                                                                            \
		assert_non_null(check(&m));                                                        \
	} while (0)
#define TAKEN(t, change)                                                                           \
	do {                                                                                       \
		sound(&m, t, ROLE_COUNTER);                                                        \
		change;                                                                            \
		assert_null(check(&m));                                                            \
	} while (0)

#define TOLD(change) (m.alarm_is.tolds = 1, SET(m.alarm_is.told[0].contact, "anna"), change)

static void counterds_fields(void **state)
{
	union message m;

	(void)state;
	REFUSED(MESSAGE_HELLO, m.hello.role = ROLE_COURIER);
	REFUSED(MESSAGE_HELLO, m.hello.role = 0);
	REFUSED(MESSAGE_HELLO, ENDLESS(m.hello.program));
	REFUSED(MESSAGE_HELLO, m.hello.program[0] = '\0');
	REFUSED(MESSAGE_HELLO, SET(m.hello.program, "a b"));
	REFUSED(MESSAGE_BYE, ENDLESS(m.bye.why));
	REFUSED(MESSAGE_BYE, SET(m.bye.why, "\x1b[2J"));
	TAKEN(MESSAGE_BYE, SET(m.bye.why, "hej då"));
	REFUSED(MESSAGE_UNLOCK, m.token.door[0] = '\0');
	REFUSED(MESSAGE_UNLOCK, SET(m.token.door, "Front"));
	REFUSED(MESSAGE_UNLOCK, ENDLESS(m.token.door));
	REFUSED(MESSAGE_UNLOCK, m.token.token_len = TOKEN_SIZE_MAX + 1);
	TAKEN(MESSAGE_UNLOCK, m.token.token_len = TOKEN_SIZE_MAX);
	REFUSED(MESSAGE_VISIT, ENDLESS(m.token.join_code));
	REFUSED(MESSAGE_VISIT, SET(m.token.join_code, "A\nB"));
	TAKEN(MESSAGE_VISIT, SET(m.token.join_code, "ABCD2345"));
	REFUSED(MESSAGE_LINE_PUT, m.line.visit = 0);
	REFUSED(MESSAGE_LINE_PUT, m.line.visit = (uint64_t)INT64_MAX + 1);
	REFUSED(MESSAGE_LINE_PUT, m.line.key[0] = '\0');
	REFUSED(MESSAGE_LINE_PUT, SET(m.line.key, "../etc"));
	REFUSED(MESSAGE_LINE_PUT, ENDLESS(m.line.key));
	REFUSED(MESSAGE_LINE_PUT, ENDLESS(m.line.scanned));
	REFUSED(MESSAGE_LINE_PUT, m.line.scanned_at_ms = -1);
	TAKEN(MESSAGE_LINE_PUT, m.line.quantity_milli = INT64_MIN);
	TAKEN(MESSAGE_LINE_PUT, SET(m.line.scanned, "no gtin at all"));
	REFUSED(MESSAGE_LINE_VOID, m.line.key[0] = '\0');
	REFUSED(MESSAGE_CLOSE, m.bearer.visit = 0);
}

static void shopds_answers(void **state)
{
	union message m;

	(void)state;
	REFUSED(MESSAGE_VERDICT, m.verdict.verdict = VERDICTS);
	REFUSED(MESSAGE_VERDICT, m.verdict.role = ROLES);
	REFUSED(MESSAGE_VERDICT, m.verdict.visit = UINT64_MAX);
	REFUSED(MESSAGE_VISIT_IS, m.visit_is.verdict = VERDICTS);
	REFUSED(MESSAGE_VISIT_IS, m.visit_is.answer = ANSWERS);
	REFUSED(MESSAGE_VISIT_IS, m.visit_is.limited = 2);
	REFUSED(MESSAGE_VISIT_IS, m.visit_is.visit = UINT64_MAX);
	REFUSED(MESSAGE_LINE_IS, m.line_is.answer = ANSWERS);
	REFUSED(MESSAGE_LINE_IS, m.line_is.voided = 2);
	REFUSED(MESSAGE_LINE_IS, SET(m.line_is.key, "a/b"));
	REFUSED(MESSAGE_LINE_IS, ENDLESS(m.line_is.name));
	TAKEN(MESSAGE_LINE_IS, SET(m.line_is.name, "Ägg 6-pack"));
	REFUSED(MESSAGE_LINE_IS, m.line_is.vat_bp = 10001);
	REFUSED(MESSAGE_LINE_IS, m.line_is.vat_bp = -1);
	REFUSED(MESSAGE_LINE_IS, m.line_is.best_before = -1);
	REFUSED(MESSAGE_LINE_IS, m.line_is.best_before = DAY_MAX + 1);
	REFUSED(MESSAGE_ANSWER, m.answer.answer = ANSWERS);
	REFUSED(MESSAGE_ANSWER, m.answer.visit = UINT64_MAX);
	REFUSED(MESSAGE_ANSWER, ENDLESS(m.answer.text));
	REFUSED(MESSAGE_STATUS_IS, m.status_is.ledger_ok = 2);
	REFUSED(MESSAGE_STATUS_IS, m.status_is.clock_trusted = 2);
	REFUSED(MESSAGE_STATUS_IS, m.status_is.courier_connected = 2);
	REFUSED(MESSAGE_STATUS_IS, m.status_is.counter_connected = 2);
	REFUSED(MESSAGE_STATUS_IS, m.status_is.simulated = 2);
	REFUSED(MESSAGE_STATUS_IS, m.status_is.shop[0] = '\0');
	REFUSED(MESSAGE_STATUS_IS, m.status_is.doors = DOORS_MAX + 1);
	REFUSED(MESSAGE_STATUS_IS, m.status_is.doors = 1);
	TAKEN(MESSAGE_STATUS_IS, m.status_is.doors = 1; SET(m.status_is.door[0], "front"));
	REFUSED(MESSAGE_STATUS_IS, m.status_is.tills = TILLS_MAX + 1);
	REFUSED(MESSAGE_STATUS_IS, m.status_is.tills = 1; SET(m.status_is.till[0], "Till"));
	REFUSED(MESSAGE_STATUS_IS, SET(m.status_is.time_zone, "Europe\n"));
	REFUSED(MESSAGE_STATUS_IS, ENDLESS(m.status_is.time_zone));
}

/* Who answered, who is told, what is seen: all that is of a person's making. */
static void no_name_is_a_trick(void **state)
{
	static const char *const bad[] = {
		"\xe2\x80\xae-anna", /* right to left */
		"anna\r\nTo: +4670", "anna\x1b[2J", "Anna", "+46701234567", "a b",
		"../door",	     "\xff",	    ""};
	union message m;

	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(bad); i++) {
		REFUSED(MESSAGE_NOTIFY, SET(m.notify.contact, bad[i]));
		REFUSED(MESSAGE_NOTIFIED, SET(m.notified.contact, bad[i]));
		REFUSED(MESSAGE_CONTACT, SET(m.contact.name, bad[i]));
		REFUSED(MESSAGE_REPLY, SET(m.reply.contact, bad[i]));
		REFUSED(MESSAGE_FAULT, SET(m.fault.place, bad[i]));
		REFUSED(MESSAGE_READING, SET(m.reading.sensor, bad[i]));
		REFUSED(MESSAGE_SENSOR_IS, SET(m.sensor_is.name, bad[i]));
		REFUSED(MESSAGE_ALARM_IS, TOLD(SET(m.alarm_is.told[0].contact, bad[i])));
		if (bad[i][0] == '\0')
			continue;
		REFUSED(MESSAGE_NOTIFY, SET(m.notify.place, bad[i]));
		REFUSED(MESSAGE_ALARM_IS, SET(m.alarm_is.place, bad[i]));
	}
	REFUSED(MESSAGE_NOTIFY, SET(m.notify.by, "anna\r\n"));
	TAKEN(MESSAGE_NOTIFY, SET(m.notify.by, "owner-c0c1c2c3"));
	REFUSED(MESSAGE_NOTIFY, ENDLESS(m.notify.by));
	REFUSED(MESSAGE_NOTIFY, ENDLESS(m.notify.contact));
	REFUSED(MESSAGE_NOTIFIED, ENDLESS(m.notified.contact));
	REFUSED(MESSAGE_CONTACT, ENDLESS(m.contact.name));
	REFUSED(MESSAGE_REPLY, ENDLESS(m.reply.contact));
	REFUSED(MESSAGE_FAULT, ENDLESS(m.fault.place));
	REFUSED(MESSAGE_READING, ENDLESS(m.reading.sensor));
	REFUSED(MESSAGE_SENSOR_IS, ENDLESS(m.sensor_is.name));
	REFUSED(MESSAGE_ALARM_IS, SET(m.alarm_is.by, "a\x1b[0m"));
}

static void who_is_told_and_answers(void **state)
{
	union message m;

	(void)state;
	REFUSED(MESSAGE_CONTACT, m.contact.count = 0);
	REFUSED(MESSAGE_CONTACT, m.contact.count = CONTACTS_MAX + 1);
	REFUSED(MESSAGE_CONTACT, m.contact.number = 1);
	TAKEN(MESSAGE_CONTACT, (m.contact.number = 7, m.contact.count = 8));
	REFUSED(MESSAGE_CONTACT, m.contact.roads = 1U << SMS_ROADS);
	TAKEN(MESSAGE_CONTACT, m.contact.roads = 0);
	REFUSED(MESSAGE_CONTACT, m.contact.role = CONTACT_ROLES);
	REFUSED(MESSAGE_CONTACT, m.contact.least = SEVERITIES);
	REFUSED(MESSAGE_CONTACT, m.contact.step = 0);
	REFUSED(MESSAGE_CONTACT, m.contact.step = CONTACTS_MAX + 1);
	REFUSED(MESSAGE_CONTACT, m.contact.open = 1441);
	REFUSED(MESSAGE_CONTACT, m.contact.close = UINT16_MAX);
	REFUSED(MESSAGE_CONTACT, m.contact.on_duty = 2);
	REFUSED(MESSAGE_REPLY, m.reply.road = SMS_ROADS);
	TAKEN(MESSAGE_REPLY, m.reply.code = UINT32_MAX); /* the core judges it */
	for (uint32_t i = 0; i < CONDITIONS + 2; i++) {
		sound(&m, MESSAGE_FAULT, ROLE_COURIER);
		m.fault.condition = i;
		/* a courierd that was taken over raises no forced door */
		assert_int_equal(check(&m) == NULL,
				 i == CONDITION_CAMERA_LOST || i == CONDITION_ROAD_FAILING);
	}
	REFUSED(MESSAGE_FAULT, m.fault.failing = 2);
	REFUSED(MESSAGE_READING, m.reading.lost = 2);
	TAKEN(MESSAGE_READING, m.reading.value = INT64_MIN);
	REFUSED(MESSAGE_ENOUGH, m.enough.alarm = 0);
	REFUSED(MESSAGE_ENOUGH, m.enough.alarm = UINT64_MAX);
	REFUSED(MESSAGE_PICTURE, m.picture.kind = PICTURE_KINDS);
	REFUSED(MESSAGE_PICTURE, m.picture.ref = UINT64_MAX);
}

/* Only shopctl may say who acknowledges: from counterd a token says it. */
static void who_may_acknowledge(void **state)
{
	union message m;

	(void)state;
	sound(&m, MESSAGE_ALARM_ACK, ROLE_COUNTER);
	assert_null(check_as(&m, ROLE_COUNTER));
	SET(m.ack.by, "owner");
	assert_non_null(check_as(&m, ROLE_COUNTER));
	m.ack.by[0] = '\0';
	m.ack.token_len = 0;
	assert_non_null(check_as(&m, ROLE_COUNTER));
	m.ack.token_len = sizeof(m.ack.token) + 1;
	assert_non_null(check_as(&m, ROLE_COUNTER));
	m.ack.token_len = 1;
	m.ack.alarm = UINT64_MAX;
	assert_non_null(check_as(&m, ROLE_COUNTER));

	sound(&m, MESSAGE_ALARM_ACK, ROLE_CONTROL);
	assert_null(check_as(&m, ROLE_CONTROL));
	m.ack.alarm = UINT64_MAX;
	assert_non_null(check_as(&m, ROLE_CONTROL));
	sound(&m, MESSAGE_ALARM_ACK, ROLE_CONTROL);
	m.ack.token_len = 1;
	assert_non_null(check_as(&m, ROLE_CONTROL));
	m.ack.token_len = 0;
	m.ack.by[0] = '\0';
	assert_non_null(check_as(&m, ROLE_CONTROL));
	ENDLESS(m.ack.by);
	assert_non_null(check_as(&m, ROLE_CONTROL));
}

static void courierds_fields(void **state)
{
	union message m;

	(void)state;
	REFUSED(MESSAGE_NOTIFY, m.notify.alarm = 0);
	REFUSED(MESSAGE_NOTIFY, m.notify.condition = 0);
	REFUSED(MESSAGE_NOTIFY, m.notify.condition = CONDITIONS);
	REFUSED(MESSAGE_NOTIFY, m.notify.severity = SEVERITIES);
	REFUSED(MESSAGE_NOTIFY, m.notify.kind = TEXT_KINDS);
	REFUSED(MESSAGE_NOTIFY, m.notify.again = 2);
	REFUSED(MESSAGE_NOTIFY, m.notify.value_known = 2);
	REFUSED(MESSAGE_NOTIFY, m.notify.alarm = UINT64_MAX);
	REFUSED(MESSAGE_NOTIFY, SET(m.notify.place, "a b"));
	TAKEN(MESSAGE_NOTIFY, SET(m.notify.place, "front"));
	REFUSED(MESSAGE_NOTIFY, ENDLESS(m.notify.shop));
	REFUSED(MESSAGE_NOTIFIED, m.notified.alarm = 0);
	REFUSED(MESSAGE_NOTIFIED, m.notified.kind = TEXT_KINDS);
	REFUSED(MESSAGE_NOTIFIED, m.notified.outcome = TEXT_OUTCOMES);
	REFUSED(MESSAGE_NOTIFIED, m.notified.road = SMS_ROADS);
	REFUSED(MESSAGE_NOTIFIED, m.notified.texts = SMS_ROADS + 1);
	REFUSED(MESSAGE_NOTICE, m.notice.contact[0] = '\0');
	REFUSED(MESSAGE_NOTICE, ENDLESS(m.notice.contact));
	REFUSED(MESSAGE_NOTICE, SET(m.notice.contact, "+46 70"));
	REFUSED(MESSAGE_NOTICE, m.notice.text[0] = '\0');
	REFUSED(MESSAGE_NOTICE, ENDLESS(m.notice.text));
	REFUSED(MESSAGE_NOTICE, SET(m.notice.text, "a\rb"));
	REFUSED(MESSAGE_NOTICE, SET(m.notice.text, "\xff"));
	TAKEN(MESSAGE_NOTICE, SET(m.notice.text, "Reorder:\nMilk"));
}

#define DOORED(change) (m.sync.doors = 1, SET(m.sync.door[0].name, "front"), change)

static void the_offices_fields(void **state)
{
	union message m;

	(void)state;
	REFUSED(MESSAGE_SYNC, m.sync.enrolled = 2);
	REFUSED(MESSAGE_SYNC, m.sync.want_epoch = 2);
	REFUSED(MESSAGE_SYNC, m.sync.want_tail = 2);
	REFUSED(MESSAGE_SYNC, m.sync.want_snapshot = 2);
	REFUSED(MESSAGE_SYNC, m.sync.want_keys = 2);
	REFUSED(MESSAGE_SYNC, m.sync.want_time = 2);
	REFUSED(MESSAGE_SYNC, m.sync.clock_trusted = 2);
	REFUSED(MESSAGE_SYNC, m.sync.ledger_ok = 2);
	REFUSED(MESSAGE_SYNC, m.sync.sms_ok = 2);
	REFUSED(MESSAGE_SYNC, ENDLESS(m.sync.url));
	REFUSED(MESSAGE_SYNC, SET(m.sync.url, "https://a\r\nHost: b"));
	REFUSED(MESSAGE_SYNC, SET(m.sync.url, "https://a b"));
	REFUSED(MESSAGE_SYNC, m.sync.shop[0] = '\0');
	REFUSED(MESSAGE_SYNC, ENDLESS(m.sync.code));
	REFUSED(MESSAGE_SYNC, m.sync.acked = UINT64_MAX);
	REFUSED(MESSAGE_SYNC, m.sync.head_seq = UINT64_MAX);
	REFUSED(MESSAGE_SYNC, m.sync.feed = UINT64_MAX);
	REFUSED(MESSAGE_SYNC, m.sync.tail_after = UINT64_MAX);
	REFUSED(MESSAGE_SYNC, m.sync.up_ms = -1);
	REFUSED(MESSAGE_SYNC, m.sync.doors = DOORS_MAX + 1);
	REFUSED(MESSAGE_SYNC, m.sync.doors = 1);
	TAKEN(MESSAGE_SYNC, DOORED(m.sync.door[0].tamper = 1));
	REFUSED(MESSAGE_SYNC, DOORED(m.sync.door[0].mode = DOOR_MODES));
	REFUSED(MESSAGE_SYNC, DOORED(m.sync.door[0].physical = DOOR_PHYSICALS));
	REFUSED(MESSAGE_SYNC, DOORED(m.sync.door[0].alarm = DOOR_ALARMS));
	REFUSED(MESSAGE_SYNC, DOORED(m.sync.door[0].tamper = 2));
	REFUSED(MESSAGE_PROOF, m.proof.purpose[0] = '\0');
	REFUSED(MESSAGE_PROOF, SET(m.proof.purpose, "a/b"));
	REFUSED(MESSAGE_PROOF, m.proof.has_nonce = 2);
	REFUSED(MESSAGE_PROOF_IS, m.proof_is.token_len = sizeof(m.proof_is.token) + 1);
	REFUSED(MESSAGE_SAID, m.said.what = 0);
	REFUSED(MESSAGE_SAID, m.said.what = CARRY_TAIL + 1);
	REFUSED(MESSAGE_SAID, m.said.bytes = 0);
	REFUSED(MESSAGE_SAID, m.said.bytes = SYNC_SAID_MAX + 1);
	TAKEN(MESSAGE_SAID, m.said.bytes = STATEMENT_SIZE_MAX);
	REFUSED(MESSAGE_SAID_IS, m.said_is.taken = 2);
	REFUSED(MESSAGE_SAID_IS, ENDLESS(m.said_is.why));
	REFUSED(MESSAGE_CARRIED, m.carried.how = CARRIEDS);
	REFUSED(MESSAGE_CARRIED, SET(m.carried.why, "\x1b[2J"));
	REFUSED(MESSAGE_ENROL, m.enrol.url[0] = '\0');
	REFUSED(MESSAGE_ENROL, m.enrol.code[0] = '\0');
	REFUSED(MESSAGE_ENROL, ENDLESS(m.enrol.url));
	REFUSED(MESSAGE_ENROL, ENDLESS(m.enrol.code));
	REFUSED(MESSAGE_STATUS_IS, m.status_is.enrolled = 2);
	REFUSED(MESSAGE_STATUS_IS, m.status_is.boxes_key = 2);
	REFUSED(MESSAGE_STATUS_IS, m.status_is.road = CARRIEDS);
	REFUSED(MESSAGE_STATUS_IS, m.status_is.heard_at_ms = -1);
	REFUSED(MESSAGE_STATUS_IS, m.status_is.acked_seq = UINT64_MAX);
	REFUSED(MESSAGE_STATUS_IS, m.status_is.feed = UINT64_MAX);
	REFUSED(MESSAGE_STATUS_IS, ENDLESS(m.status_is.office));
}

static bool may_ask(enum desk_kind kind, enum message_role role)
{
	union message m;

	sound(&m, MESSAGE_DESK, role);
	m.desk.kind = (uint32_t)kind;
	m.desk.word = kind == DESK_STOCK ? MOVEMENT_DELIVERY : 0;
	return !message_check(&m, sizeof(m.desk), role, WAY_TO_SHOPD);
}

/* Counterd is taken over: what could it ask of the books? */
static void who_may_ask_the_desk(void **state)
{
	static const bool counter[DESK_KINDS] = {[DESK_CREDIT] = true,
						 [DESK_STOCK] = true,
						 [DESK_CHECK] = true,
						 [DESK_REPORT] = true};
	static const bool control[DESK_KINDS] = {
		[DESK_CLOSE] = true,   [DESK_CREDIT] = true, [DESK_STOCK] = true,
		[DESK_PAYMENT] = true, [DESK_ASSIGN] = true, [DESK_CHECK] = true,
		[DESK_REPORT] = true};

	(void)state;
	for (int kind = 0; kind < DESK_KINDS; kind++) {
		assert_int_equal(may_ask((enum desk_kind)kind, ROLE_COUNTER), counter[kind]);
		assert_int_equal(may_ask((enum desk_kind)kind, ROLE_CONTROL), control[kind]);
		assert_false(may_ask((enum desk_kind)kind, ROLE_COURIER));
	}
	assert_false(may_ask((enum desk_kind)DESK_KINDS, ROLE_CONTROL));
	assert_false(may_ask((enum desk_kind)UINT32_MAX, ROLE_CONTROL));
}

static void the_desks_fields(void **state)
{
	union message m;

	(void)state;
	REFUSED(MESSAGE_DESK, m.desk.word = CREDIT_REASONS);
	REFUSED(MESSAGE_DESK, (m.desk.kind = DESK_STOCK, m.desk.word = 0));
	REFUSED(MESSAGE_DESK, (m.desk.kind = DESK_STOCK, m.desk.word = MOVEMENT_SALE));
	TAKEN(MESSAGE_DESK, (m.desk.kind = DESK_STOCK, m.desk.word = MOVEMENT_OWN_USE));
	REFUSED(MESSAGE_DESK, (m.desk.kind = DESK_CHECK, m.desk.word = CHECK_STATES));
	REFUSED(MESSAGE_DESK, m.desk.period = -1);
	REFUSED(MESSAGE_DESK, m.desk.day = -1);
	REFUSED(MESSAGE_DESK, m.desk.use_by = DAY_MAX + 1);
	REFUSED(MESSAGE_DESK, m.desk.best_before = INT32_MIN);
	REFUSED(MESSAGE_DESK, m.desk.gtin = UINT64_MAX);
	REFUSED(MESSAGE_DESK, m.desk.invoice = UINT64_MAX);
	REFUSED(MESSAGE_DESK, m.desk.visit = UINT64_MAX);
	REFUSED(MESSAGE_DESK, SET(m.desk.key, "a b"));
	REFUSED(MESSAGE_DESK, ENDLESS(m.desk.key));
	REFUSED(MESSAGE_DESK, ENDLESS(m.desk.line));
	REFUSED(MESSAGE_DESK, SET(m.desk.by, "\x1b"));
	REFUSED(MESSAGE_DESK, ENDLESS(m.desk.lot));
	REFUSED(MESSAGE_DESK, ENDLESS(m.desk.why));
	REFUSED(MESSAGE_DESK, SET(m.desk.why, "\xc2\x9b")); /* C1, which the ledger keeps out */
	REFUSED(MESSAGE_DESK, SET(m.desk.why, "\xc3"));
	TAKEN(MESSAGE_DESK, SET(m.desk.why, "burken \xc3\xa4r trasig"));
	REFUSED(MESSAGE_DESK, m.desk.token_len = sizeof(m.desk.token) + 1);
	TAKEN(MESSAGE_DESK, m.desk.quantity_milli = INT64_MIN); /* the desk judges it */
	REFUSED(MESSAGE_DESK_IS, m.desk_is.answer = DESK_WORKING + 1);
	TAKEN(MESSAGE_DESK_IS, m.desk_is.answer = DESK_WORKING);
	REFUSED(MESSAGE_DESK_IS, m.desk_is.verdict = VERDICTS);
	REFUSED(MESSAGE_DESK_IS, m.desk_is.invoice = UINT64_MAX);
	REFUSED(MESSAGE_DESK_IS, ENDLESS(m.desk_is.why));
	REFUSED(MESSAGE_MEMBER_TRUST, m.member.role = TRUSTS);
	TAKEN(MESSAGE_MEMBER_TRUST, m.member.role = TRUST_RESTRICTED);
}

static void shopctls_fields(void **state)
{
	union message m;

	(void)state;
	/* the bounds that this floor may not include are those of the core */
	TAKEN(MESSAGE_COMMAND, m.command.command = COMMANDS - 1);
	REFUSED(MESSAGE_COMMAND, m.command.command = COMMANDS);
	TAKEN(MESSAGE_CHALLENGE, m.command.command = COMMANDS);
	REFUSED(MESSAGE_COMMAND, m.command.hold_ms = -1);
	REFUSED(MESSAGE_COMMAND, SET(m.command.door, "A"));
	REFUSED(MESSAGE_MEMBER_ADD, m.member.role = ROLES);
	TAKEN(MESSAGE_MEMBER_ADD,
	      m.member.flags = MEMBER_BLOCKED | MEMBER_OVERDUE | MEMBER_EXTENDED | MEMBER_LIMITED);
	REFUSED(MESSAGE_MEMBER_ADD, m.member.flags = MEMBER_LIMITED << 1);
	REFUSED(MESSAGE_MEMBER_ADD, m.member.credit_limit_minor = -1);
	TAKEN(MESSAGE_MEMBER_BLOCK, m.member.flags = 1);
	REFUSED(MESSAGE_MEMBER_BLOCK, m.member.flags = 2);
	REFUSED(MESSAGE_IMPORT, m.import.rows = ARTICLES_MAX + 1);
	TAKEN(MESSAGE_CARD_ADD, m.card.make = 1);
	REFUSED(MESSAGE_CARD_ADD, m.card.make = 2);
	REFUSED(MESSAGE_CARD_ADD, m.card.role = ROLES);
	REFUSED(MESSAGE_CARD_ADD, m.card.flags = 16);
	REFUSED(MESSAGE_CARD_ADD, m.card.credit_limit_minor = -1);
	TAKEN(MESSAGE_CARD_GONE, m.card.kid[0] = 0xff);
	REFUSED(MESSAGE_PASS, m.pass.cti_len = CTI_SIZE_MIN - 1);
	REFUSED(MESSAGE_PASS, m.pass.cti_len = CTI_SIZE_MAX + 1);
	REFUSED(MESSAGE_PASS, m.pass.revoked = 2);
	REFUSED(MESSAGE_PASS, m.pass.wants_pin = 2);
}

static void one_door(union message *m)
{
	m->doors_are.doors = 1;
	SET(m->doors_are.door[0].name, "front");
}

static void one_till(union message *m)
{
	m->tills_are.tills = 1;
	SET(m->tills_are.till[0].name, "one");
}

static void what_screens_ask(void **state)
{
	union message m;

	(void)state;
	REFUSED(MESSAGE_KIOSK, m.kiosk.listens = 2);
	TAKEN(MESSAGE_KIOSK, m.kiosk.listens = 1);
	for (uint32_t type = MESSAGE_NONCE; type <= MESSAGE_PIN; type++) {
		REFUSED(type, m.spot.till = 2);
		REFUSED(type, m.spot.name[0] = '\0');
		REFUSED(type, SET(m.spot.name, "Front"));
		REFUSED(type, ENDLESS(m.spot.name));
	}
	REFUSED(MESSAGE_TILL_VISIT, SET(m.spot.pin, "4711"));
	TAKEN(MESSAGE_PIN, SET(m.spot.pin, "47114711"));
	REFUSED(MESSAGE_PIN, SET(m.spot.pin, "471"));
	REFUSED(MESSAGE_PIN, SET(m.spot.pin, ""));
	REFUSED(MESSAGE_PIN, SET(m.spot.pin, "47a1"));
	REFUSED(MESSAGE_PIN, SET(m.spot.pin, "-471"));
	REFUSED(MESSAGE_PIN, memset(m.spot.pin, '1', sizeof(m.spot.pin)));
}

static void what_screens_are_told(void **state)
{
	union message m;

	(void)state;
	TAKEN(MESSAGE_TILLS_ARE, one_till(&m));
	REFUSED(MESSAGE_TILLS_ARE, m.tills_are.tills = TILLS_MAX + 1);
	REFUSED(MESSAGE_TILLS_ARE, m.tills_are.tills = 1);
	REFUSED(MESSAGE_TILLS_ARE, (one_till(&m), m.tills_are.till[0].visit = UINT64_MAX));
	TAKEN(MESSAGE_CHALLENGE_IS, SET(m.challenge_is.text, "SKN1:ABC"));
	REFUSED(MESSAGE_CHALLENGE_IS, m.challenge_is.door[0] = '\0');
	REFUSED(MESSAGE_CHALLENGE_IS, ENDLESS(m.challenge_is.text));
	REFUSED(MESSAGE_CHALLENGE_IS, SET(m.challenge_is.text, "SKN1:\n"));
	REFUSED(MESSAGE_CHALLENGE_IS, m.challenge_is.changes_in_ms = NONCE_RENEW_MS + 1);
	REFUSED(MESSAGE_SHOWN, m.shown.till = 2);
	REFUSED(MESSAGE_SHOWN, ENDLESS(m.shown.name));
	REFUSED(MESSAGE_SHOWN, m.shown.verdict = VERDICTS);
	TAKEN(MESSAGE_SCANNED, SET(m.scanned.key, "k-1"));
	REFUSED(MESSAGE_SCANNED, m.scanned.till[0] = '\0');
	REFUSED(MESSAGE_SCANNED, SET(m.scanned.key, "a b"));
	REFUSED(MESSAGE_SCANNED, ENDLESS(m.scanned.key));
	REFUSED(MESSAGE_SCANNED, m.scanned.visit = UINT64_MAX);
	REFUSED(MESSAGE_SCANNED, m.scanned.gtin = UINT64_MAX);
	REFUSED(MESSAGE_SCANNED, m.scanned.answer = ANSWERS);
}

static void what_shopctl_prints(void **state)
{
	union message m;

	(void)state;
	TAKEN(MESSAGE_DOORS_ARE, one_door(&m));
	REFUSED(MESSAGE_DOORS_ARE, m.doors_are.doors = DOORS_MAX + 1);
	REFUSED(MESSAGE_DOORS_ARE, m.doors_are.doors = 1);
	REFUSED(MESSAGE_DOORS_ARE, (one_door(&m), m.doors_are.door[0].mode = DOOR_MODES));
	REFUSED(MESSAGE_DOORS_ARE, (one_door(&m), m.doors_are.door[0].physical = DOOR_PHYSICALS));
	REFUSED(MESSAGE_DOORS_ARE, (one_door(&m), m.doors_are.door[0].alarm = DOOR_ALARMS));
	REFUSED(MESSAGE_DOORS_ARE, (one_door(&m), m.doors_are.door[0].tamper = 2));
	REFUSED(MESSAGE_DOORS_ARE, (one_door(&m), m.doors_are.door[0].strike = 2));
	REFUSED(MESSAGE_ALARM_IS, m.alarm_is.alarm = 0);
	REFUSED(MESSAGE_ALARM_IS, m.alarm_is.condition = CONDITIONS);
	REFUSED(MESSAGE_ALARM_IS, m.alarm_is.state = ALARM_STATES);
	REFUSED(MESSAGE_ALARM_IS, m.alarm_is.severity = SEVERITIES);
	REFUSED(MESSAGE_ALARM_IS, SET(m.alarm_is.place, "A"));
	REFUSED(MESSAGE_ALARM_IS, ENDLESS(m.alarm_is.by));
	REFUSED(MESSAGE_ALARM_IS, m.alarm_is.over = 2);
	TAKEN(MESSAGE_ALARM_IS, TOLD((void)0));
	REFUSED(MESSAGE_ALARM_IS, m.alarm_is.tolds = CONTACTS_MAX + 1);
	REFUSED(MESSAGE_ALARM_IS, m.alarm_is.tolds = 1);
	REFUSED(MESSAGE_ALARM_IS, TOLD(m.alarm_is.told[0].kind = TEXT_KINDS));
	REFUSED(MESSAGE_ALARM_IS, TOLD(m.alarm_is.told[0].outcome = TEXT_OUTCOMES));
	REFUSED(MESSAGE_ALARM_IS, TOLD(m.alarm_is.told[0].road = SMS_ROADS));
	REFUSED(MESSAGE_ALARM_IS, TOLD(m.alarm_is.told[0].texts = SMS_ROADS + 1));
	REFUSED(MESSAGE_SENSOR_IS, m.sensor_is.kind = SENSOR_KINDS);
	REFUSED(MESSAGE_SENSOR_IS, m.sensor_is.state = SENSOR_STATES);
	REFUSED(MESSAGE_SENSOR_IS, m.sensor_is.heard = 2);
	REFUSED(MESSAGE_SENSOR_IS, m.sensor_is.age_ms = -1);
	TAKEN(MESSAGE_SENSOR_IS, m.sensor_is.value = INT64_MIN);
	REFUSED(MESSAGE_DONE, m.done.error = 2);
	REFUSED(MESSAGE_DONE, m.done.existed = 2);
	REFUSED(MESSAGE_DONE, ENDLESS(m.done.text));
	REFUSED(MESSAGE_DONE, SET(m.done.text, "\x1b]0;x\a"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_role_says_its_own_and_nothing_else),
		cmocka_unit_test(the_size_is_exact),
		cmocka_unit_test(other_versions_and_types_are_refused),
		cmocka_unit_test(counterds_fields),
		cmocka_unit_test(shopds_answers),
		cmocka_unit_test(courierds_fields),
		cmocka_unit_test(no_name_is_a_trick),
		cmocka_unit_test(who_is_told_and_answers),
		cmocka_unit_test(who_may_acknowledge),
		cmocka_unit_test(the_offices_fields),
		cmocka_unit_test(who_may_ask_the_desk),
		cmocka_unit_test(the_desks_fields),
		cmocka_unit_test(shopctls_fields),
		cmocka_unit_test(what_screens_ask),
		cmocka_unit_test(what_screens_are_told),
		cmocka_unit_test(what_shopctl_prints),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
