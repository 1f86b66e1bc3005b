/*
 * test_shopctl_alarm.c: alarms, contacts, sensors, the rehearsal and the cameras by shopctl,
 * against a shop that answers as it is told to; one that was taken over among them.
 */
#include "shopctl_shop.h"

#include "core/config.h"

#define SET(field, text) snprintf(field, sizeof(field), "%s", text)
#define BIDI		 "\xe2\x80\xae"

static struct message_alarm_is *alarm_is(uint64_t alarm, uint32_t code)
{
	struct message_alarm_is *a = &answer_with(MESSAGE_ALARM_IS)->alarm_is;

	a->alarm = alarm;
	a->code = code;
	a->condition = CONDITION_HELD_OPEN;
	a->state = ALARM_NOTIFIED;
	a->severity = SEVERITY_WARNING;
	a->raised_at_ms = 1795302004123;
	SET(a->place, "front");
	return a;
}

static struct message_told *told(struct message_alarm_is *a, const char *contact)
{
	struct message_told *t = &a->told[a->tolds++];

	SET(t->contact, contact);
	t->at_ms = 1795302004500;
	return t;
}

static void alarms_in_json(void **state)
{
	struct message_alarm_is *a;

	(void)state;
	alarm_is(3, 123456);
	a = alarm_is(4, 654321);
	a->condition = CONDITION_LEDGER_FAILING;
	a->state = ALARM_ACKNOWLEDGED;
	a->severity = SEVERITY_URGENT;
	a->over = 1;
	a->place[0] = '\0';
	a->cleared_at_ms = 1795302005000;
	SET(a->by, "anna");
	answer_with(MESSAGE_DONE);
	assert_int_equal(run("alarm", "list", "--json", NULL), 0);
	out_is("[{\"alarm\":3,\"code\":123456,\"condition\":\"held_open\",\"door\":\"front\","
	       "\"place\":\"front\",\"state\":\"notified\",\"severity\":\"warning\","
	       "\"over\":false,\"raised_at\":\"2026-11-21T23:00:04.123Z\",\"cleared_at\":null,"
	       "\"acknowledged_by\":null,\"told\":[]},"
	       "{\"alarm\":4,\"code\":654321,\"condition\":\"ledger_failing\",\"door\":null,"
	       "\"place\":null,\"state\":\"acknowledged\",\"severity\":\"urgent\",\"over\":true,"
	       "\"raised_at\":\"2026-11-21T23:00:04.123Z\","
	       "\"cleared_at\":\"2026-11-21T23:00:05.000Z\",\"acknowledged_by\":\"anna\","
	       "\"told\":[]}]");
	shop.answers = 0;
	answer_with(MESSAGE_DONE);
	assert_int_equal(run("alarm", "list", "--json", NULL), 0);
	out_is("[]");
	assert_int_equal(run("alarm", NULL), 0);
	assert_string_equal(out, "No alarm: all is well.\n");
}

static void who_was_told(void **state)
{
	struct message_alarm_is *a = alarm_is(17, 123456);
	struct message_told *t;
	json_t *value;

	(void)state;
	a->condition = CONDITION_FREEZER_WARM;
	SET(a->place, "freezer-1");
	t = told(a, "anna");
	t->kind = TEXT_RAISED;
	t->outcome = TEXT_DELIVERED;
	t->road = SMS_BY_GATEWAY;
	t->texts = 1;
	t = told(a, "bo");
	t->kind = TEXT_TAKEN;
	t->outcome = TEXT_LEFT;
	t->road = SMS_BY_MODEM;
	t->texts = 2;
	t = told(a, "cia");
	t->outcome = TEXT_STUCK;
	answer_with(MESSAGE_DONE);
	assert_int_equal(run("alarm", "list", NULL), 0);
	assert_non_null(strstr(out, "freezer-1"));
	assert_non_null(strstr(out, "anna delivered by gateway; bo taken left by modem;"
				    " cia stuck\n"));
	assert_int_equal(run("alarm", "list", "--json", NULL), 0);
	value = out_json();
	assert_true(json_is_null(json_object_get(json_array_get(value, 0), "door")));
	assert_string_equal(json_string_value(json_object_get(json_array_get(value, 0), "place")),
			    "freezer-1");
	json_t *tolds = json_object_get(json_array_get(value, 0), "told");
	json_t *want = json_loads(
		"[{\"contact\":\"anna\",\"kind\":\"raised\",\"outcome\":\"delivered\","
		"\"road\":\"gateway\",\"texts\":1,\"at\":\"2026-11-21T23:00:04.500Z\"},"
		"{\"contact\":\"bo\",\"kind\":\"taken\",\"outcome\":\"left\",\"road\":\"modem\","
		"\"texts\":2,\"at\":\"2026-11-21T23:00:04.500Z\"},"
		"{\"contact\":\"cia\",\"kind\":\"raised\",\"outcome\":\"stuck\",\"road\":null,"
		"\"texts\":0,\"at\":\"2026-11-21T23:00:04.500Z\"}]",
		0, NULL);

	assert_true(json_equal(tolds, want));
	json_decref(want);
	json_decref(value);
}

/* Every contact of the largest shop, in the line of one alarm. */
static void all_were_told(void **state)
{
	struct message_alarm_is *a = alarm_is(17, 123456);
	char name[PLACE_MAX_LEN + 1];

	(void)state;
	for (uint32_t i = 0; i < CONTACTS_MAX; i++) {
		snprintf(name, sizeof(name), "abcdefghijklmno%u", i);
		told(a, name)->outcome = TEXT_DELIVERED;
	}
	answer_with(MESSAGE_DONE);
	assert_int_equal(run("alarm", "list", NULL), 0);
	assert_non_null(strstr(out, "abcdefghijklmno0 delivered by gateway; "));
	assert_non_null(strstr(out, "; abcdefghijklmno7 delivered by gateway\n"));
}

static void an_alarm_is_acknowledged(void **state)
{
	(void)state;
	alarm_is(3, 123456);
	answer_with(MESSAGE_DONE);
	assert_int_equal(run("alarm", "ack", "5", NULL), CTL_REFUSED);
	assert_int_equal(shop.question.head.type, MESSAGE_ALARMS);
	assert_int_equal(shop.asked, 1);
	/* a name is all that may be said of who it was: it stands in texts and in the ledger */
	shop.asked = 0;
	assert_int_equal(run("alarm", "ack", "3", "--by", "anna\r\nTo: +46", NULL), CTL_USAGE);
	assert_int_equal(run("alarm", "ack", "3", "--by", BIDI "anna", NULL), CTL_USAGE);
	assert_int_equal(run("alarm", "ack", "3", "--by", "\x1b[2J", NULL), CTL_USAGE);
	assert_int_equal(run("alarm", "ack", "3", "--by", "", NULL), CTL_USAGE);
	assert_int_equal(shop.asked, 0);
}

static void a_megabyte_is_no_name(void **state)
{
	char *name = malloc(1 << 20);

	(void)state;
	assert_non_null(name);
	memset(name, 'a', (1 << 20) - 1);
	name[(1 << 20) - 1] = '\0';
	assert_int_equal(run("alarm", "ack", "3", "--by", name, NULL), CTL_USAGE);
	assert_int_equal(shop.asked, 0);
	assert_true(strlen(err) < 1024);
	assert_int_equal(run("alarm", "ack", name, NULL), CTL_USAGE);
	assert_true(strlen(err) < 1024);
	free(name);
}

/* A shop that was taken over writes nothing onto the operator's terminal. */
static void what_is_no_name_is_not_shown(void **state)
{
	static const char *const bad[] = {BIDI "anna", "a\r\nb", "\x1b[2J", "\xff", "A b"};

	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(bad); i++) {
		shop.answers = 0;
		SET(alarm_is(3, 123456)->by, bad[i]);
		answer_with(MESSAGE_DONE);
		assert_int_equal(run("alarm", "list", NULL), CTL_INTERNAL);
		assert_null(strstr(out, bad[i]));
		shop.answers = 0;
		told(alarm_is(3, 123456), bad[i]);
		answer_with(MESSAGE_DONE);
		assert_int_equal(run("alarm", "list", "--json", NULL), CTL_INTERNAL);
		assert_null(strstr(err, bad[i]));
		shop.answers = 0;
		answer_with(MESSAGE_DONE)->done.error = 1;
		SET(shop.answer[0].done.text, bad[i]);
		(void)run("rehearse", NULL); /* words of any kind, cleaned */
		if (strcmp(bad[i], "A b") != 0)
			assert_null(strstr(err, bad[i]));
	}
	shop.wrong = NULL;
}

/* --- contacts */

static struct message_contact *contact_is(const char *name, enum contact_role role, uint32_t step)
{
	struct message_contact *c = &answer_with(MESSAGE_CONTACT)->contact;

	c->number = step - 1;
	c->count = 2;
	c->roads = 1U << SMS_BY_GATEWAY | 1U << SMS_BY_MODEM;
	c->role = role;
	c->step = step;
	c->on_duty = 1;
	SET(c->name, name);
	return c;
}

static void contacts(void **state)
{
	struct message_contact *c;

	(void)state;
	contact_is("anna", CONTACT_OWNER, 1);
	c = contact_is("bo", CONTACT_NEIGHBOUR, 2);
	c->open = 22 * 60;
	c->close = 6 * 60 + 30;
	c->least = SEVERITY_EMERGENCY;
	c->on_duty = 0;
	answer_with(MESSAGE_DONE);
	assert_int_equal(run("contact", "list", "--json", NULL), 0);
	assert_int_equal(shop.question.head.type, MESSAGE_CONTACTS);
	out_is("[{\"contact\":\"anna\",\"role\":\"owner\",\"step\":1,\"from\":null,\"to\":null,"
	       "\"least\":\"notice\",\"on_duty\":true,\"roads\":[\"gateway\",\"modem\"]},"
	       "{\"contact\":\"bo\",\"role\":\"neighbour\",\"step\":2,\"from\":\"22:00\","
	       "\"to\":\"06:30\",\"least\":\"emergency\",\"on_duty\":false,"
	       "\"roads\":[\"gateway\",\"modem\"]}]");
	assert_int_equal(run("contact", NULL), 0);
	assert_non_null(strstr(out, "anna     owner      "));
	assert_non_null(strstr(out, "22:00-06:30  emergency  no\n"));
	assert_non_null(strstr(out, "by the modem where that fails"));
	shop.answer[0].contact.roads = 1U << SMS_BY_MODEM;
	assert_int_equal(run("contact", NULL), 0);
	assert_non_null(strstr(out, "by the modem, and there is no other road"));
	shop.answer[0].contact.roads = 0;
	assert_int_equal(run("contact", NULL), 0);
	assert_non_null(strstr(out, "NO ROAD"));
	shop.answers = 0;
	answer_with(MESSAGE_DONE);
	assert_int_equal(run("contact", NULL), 0);
	assert_non_null(strstr(out, "Nobody is told"));
	assert_int_equal(run("contact", "list", "--json", NULL), 0);
	out_is("[]");
}

/* --- sensors */

static struct message_sensor_is *sensor_is(const char *name, enum sensor_kind kind, int64_t value)
{
	struct message_sensor_is *s = &answer_with(MESSAGE_SENSOR_IS)->sensor_is;

	s->kind = kind;
	s->state = SENSOR_OK;
	s->heard = 1;
	s->value = value;
	s->age_ms = 12345;
	s->high = s->low = SENSOR_NO_BOUND;
	SET(s->name, name);
	return s;
}

static void sensors(void **state)
{
	struct message_sensor_is *s;

	(void)state;
	s = sensor_is("freezer-1", SENSOR_FREEZER, -18249);
	s->high = -15000;
	s = sensor_is("mains", SENSOR_POWER, 1);
	s->state = SENSOR_ALARM;
	s->high = 0;
	s = sensor_is("damp", SENSOR_HUMIDITY, 0);
	s->heard = 0;
	s->state = SENSOR_UNKNOWN;
	s->age_ms = 0;
	answer_with(MESSAGE_DONE);
	assert_int_equal(run("sensor", "list", "--json", NULL), 0);
	assert_int_equal(shop.question.head.type, MESSAGE_SENSORS);
	out_is("[{\"sensor\":\"freezer-1\",\"kind\":\"freezer\",\"state\":\"ok\","
	       "\"value_milli\":-18249,\"unit\":\"°C\",\"on\":null,\"age_ms\":12345,"
	       "\"low_milli\":null,\"high_milli\":-15000},"
	       "{\"sensor\":\"mains\",\"kind\":\"power\",\"state\":\"alarm\",\"value_milli\":null,"
	       "\"unit\":null,\"on\":true,\"age_ms\":12345,\"low_milli\":null,\"high_milli\":null},"
	       "{\"sensor\":\"damp\",\"kind\":\"humidity\",\"state\":\"unknown\","
	       "\"value_milli\":null,\"unit\":\"%\",\"on\":null,\"age_ms\":null,"
	       "\"low_milli\":null,\"high_milli\":null}]");
	assert_int_equal(run("sensor", NULL), 0);
	assert_non_null(strstr(out, "-18.2 °C  12 s ago     ok       to -15.0 °C\n"));
	assert_non_null(strstr(out, "ON BATTERY  12 s ago     ALARM"));
	assert_non_null(strstr(out, "-  never heard  unknown"));
	shop.answers = 0;
	answer_with(MESSAGE_DONE);
	assert_int_equal(run("sensor", "list", NULL), 0);
	assert_string_equal(out, "No sensor is fitted.\n");
}

/* "A value nobody has heard lately is shown as stale with its age, never as OK." */
static void a_stale_value_is_shown_as_stale(void **state)
{
	static const struct {
		int64_t age_ms;
		const char *age;
	} cases[] = {
		{119999, "119 s ago"},
		{120000, "2 min ago"},
		{7199999, "119 min ago"},
		{7200000, "2 h ago"},
		{172799999, "47 h ago"},
		{172800000, "2 days ago"},
		{INT64_MAX, "106751991167 days ago"},
	};

	(void)state;
	struct message_sensor_is *s = sensor_is("milk", SENSOR_FRIDGE, 4000);

	s->state = SENSOR_STALE;
	answer_with(MESSAGE_DONE);
	for (uint32_t i = 0; i < ARRAY_LEN(cases); i++) {
		s->age_ms = cases[i].age_ms;
		assert_int_equal(run("sensor", NULL), 0);
		assert_non_null(strstr(out, "STALE"));
		assert_non_null(strstr(out, cases[i].age));
		assert_null(strstr(out, "ok"));
	}
	assert_int_equal(run("sensor", "--json", NULL), 0);
	assert_non_null(strstr(out, "\"stale\""));
}

static void values_are_rounded_as_they_are_read(void **state)
{
	static const struct {
		enum sensor_kind kind;
		int64_t value;
		const char *text;
	} cases[] = {
		{SENSOR_FRIDGE, 0, " 0.0 °C"},
		{SENSOR_FRIDGE, -49, " 0.0 °C"},
		{SENSOR_FRIDGE, -50, " -0.1 °C"},
		{SENSOR_FRIDGE, 8450, " 8.5 °C"},
		{SENSOR_FRIDGE, 8449, " 8.4 °C"},
		{SENSOR_ROOM, 21950, " 22.0 °C"},
		{SENSOR_HUMIDITY, 49500, " 50 %"},
		{SENSOR_CO2, 1234499, " 1234 ppm"},
		{SENSOR_WATER, 1, " WET"},
		{SENSOR_WATER, 0, " dry"},
		{SENSOR_MOTION, 1, " somebody moves"},
		{SENSOR_BATTERY, 1, " LOW"},
		{SENSOR_BATTERY, 0, " good"},
		{SENSOR_CO2, INT64_MIN, " -9223372036854776 ppm"},
		{SENSOR_ROOM, INT64_MAX, " 9223372036854775.8 °C"},
	};

	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(cases); i++) {
		shop.answers = 0;
		sensor_is("one", cases[i].kind, cases[i].value);
		answer_with(MESSAGE_DONE);
		assert_int_equal(run("sensor", NULL), 0);
		if (!strstr(out, cases[i].text))
			fail_msg("no %s in %s", cases[i].text, out);
	}
	shop.answers = 0;
	struct message_sensor_is *s = sensor_is("one", SENSOR_ROOM, 20000);

	s->low = 5000;
	answer_with(MESSAGE_DONE);
	assert_int_equal(run("sensor", NULL), 0);
	assert_non_null(strstr(out, "from 5.0 °C\n"));
	s->high = 30000;
	assert_int_equal(run("sensor", NULL), 0);
	assert_non_null(strstr(out, "5.0 °C to 30.0 °C\n"));
}

/* --- the rest */

static void a_rehearsal(void **state)
{
	(void)state;
	answer_with(MESSAGE_DONE)->done.number = 21;
	assert_int_equal(run("rehearse", NULL), 0);
	assert_int_equal(shop.question.head.type, MESSAGE_REHEARSE);
	assert_non_null(strstr(out, "alarm 21"));
	assert_int_equal(run("rehearse", "--json", NULL), 0);
	out_is("{\"alarm\":21}");
	assert_int_equal(run("rehearse", "now", NULL), CTL_USAGE);
	shop.answers = 0;
	answer_with(MESSAGE_DONE)->done.error = 1;
	assert_int_equal(run("rehearse", NULL), CTL_REFUSED);
}

static void a_look(void **state)
{
	(void)state;
	answer_with(MESSAGE_DONE);
	assert_int_equal(run("look", NULL), 0);
	assert_int_equal(shop.question.head.type, MESSAGE_LOOK);
	assert_int_equal(run("look", "front", NULL), CTL_USAGE);
	shop.answers = 0;
	answer_with(MESSAGE_DONE)->done.error = 1;
	SET(shop.answer[0].done.text, "courierd, which has the cameras, is away");
	assert_int_equal(run("look", NULL), CTL_REFUSED);
	assert_non_null(strstr(err, "courierd"));
}

static void no_shop_is_exit_3(void **state)
{
	static const char *const words[] = {"contact", "sensor", "rehearse", "look", "alarm"};
	const char *rightly = run_dir;

	(void)state;
	run_dir = "/nonexistent";
	for (uint32_t i = 0; i < ARRAY_LEN(words); i++) {
		assert_int_equal(run(words[i], NULL), CTL_UNREACHABLE);
		assert_int_equal(run(words[i], "--json", NULL), CTL_UNREACHABLE);
		json_t *value = out_json();

		assert_string_equal(json_string_value(json_object_get(value, "error")),
				    "unreachable");
		json_decref(value);
	}
	run_dir = rightly;
	/* it hangs up in the middle of a list: what came of it is not shown as if it were all */
	alarm_is(3, 123456);
	shop.answers = 1;
	assert_int_equal(run("alarm", "list", NULL), CTL_UNREACHABLE);
	assert_string_equal(out, "");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, shop_forget, shop_content)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(alarms_in_json),
		TEST(who_was_told),
		TEST(all_were_told),
		TEST(an_alarm_is_acknowledged),
		TEST(a_megabyte_is_no_name),
		TEST(what_is_no_name_is_not_shown),
		TEST(contacts),
		TEST(sensors),
		TEST(a_stale_value_is_shown_as_stale),
		TEST(values_are_rounded_as_they_are_read),
		TEST(a_rehearsal),
		TEST(a_look),
		TEST(no_shop_is_exit_3),
	};

	return cmocka_run_group_tests(tests, shop_open, shop_close);
}
