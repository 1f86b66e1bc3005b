/*
 * test_core_calls.c: that the calls about an alarm reach somebody though the world changes under
 * them: the clock is set, and whoever was called is a contact no more.
 */
#include "core_room.h"

static uint16_t minute_of_day;
static uint32_t texts; /* that were asked for, ever */
static struct effect_notify newest;

static void count_texts(void)
{
	for (uint32_t i = 0; i < effects.nows; i++) {
		if (effects.now[i].kind != EFFECT_NOTIFY)
			continue;
		newest = effects.now[i].notify;
		texts++;
	}
}

static void happen(struct event *e)
{
	e->now.minute_of_week = minute_of_day;
	step(e);
	count_texts();
}

static void contact(struct event *e, const char *name, uint8_t on_step)
{
	struct contact *c = &e->contacts.contact[e->contacts.contacts++];

	snprintf(c->name, sizeof(c->name), "%s", name);
	c->step = on_step;
}

static struct event contacts(void)
{
	struct event e = event_of(EVENT_CONTACTS);

	e.contacts.roads = 1U << SMS_BY_GATEWAY;
	return e;
}

static void one_contact(const char *name)
{
	struct event e = contacts();

	contact(&e, name, 1);
	happen(&e);
}

static void hear_at(uint8_t sensor, int64_t value)
{
	struct event e = event_of(EVENT_SENSOR);

	e.sensor.sensor = sensor;
	e.sensor.value = value;
	happen(&e);
}

static int setup(void **state)
{
	room_setup(state);
	config.ladder = ladder_config_default();
	config.ladder.rehearse_days = 0;
	minute_of_day = 600;
	texts = 0;
	memset(&newest, 0, sizeof(newest));
	return 0;
}

/* A clock that was wrong at the start says that it is night; set right, nothing waits for the
 * morning that it saw. */
static void test_clock_set_in_the_night(void **state)
{
	struct event e;

	(void)state;
	config.ladder.quiet = (struct hours){22 * 60, 7 * 60};
	sensor(SENSOR_POWER, "mains")->debounce_ms = 0;
	start();
	one_contact("olle");
	minute_of_day = 23 * 60;
	hear_at(0, 1);
	assert_true(is_up(CONDITION_POWER_LOST, "mains"));
	assert_int_equal(texts, 0);
	now_ms += 1000;
	minute_of_day = 10 * 60;
	e = event_of(EVENT_CLOCK);
	happen(&e);
	assert_int_equal(texts, 1);
	assert_string_equal(newest.contact, "olle");
}

/* Told is only who is a contact: another list, another first call. A notice has no next step that
 * would make up for it. */
static void test_other_contacts(void **state)
{
	struct event e;

	(void)state;
	start();
	one_contact("olle");
	e = event_of(EVENT_CLOCK);
	e.now.wall_trusted = false;
	happen(&e);
	now_ms += CLOCK_UNTRUSTED_MS;
	e = event_of(EVENT_TIME);
	e.now.wall_trusted = false;
	happen(&e);
	assert_int_equal(texts, 1);
	assert_int_equal(newest.condition, CONDITION_CLOCK_UNTRUSTED);
	e = contacts();
	e.now.wall_trusted = false;
	contact(&e, "karin", 1);
	happen(&e);
	assert_int_equal(texts, 2);
	assert_string_equal(newest.contact, "karin");
	e = contacts(); /* the same list again is no news: only what has not left is asked for */
	e.now.wall_trusted = false;
	contact(&e, "karin", 1);
	happen(&e);
	assert_int_equal(texts, 3);
	assert_int_equal(shop.ladder.told[0].count, 1);
}

/* A person asks for a rehearsal while the clock is years behind; set right, it is not due again. */
static void test_rehearsal_by_a_wrong_clock(void **state)
{
	struct event e;

	(void)state;
	config.ladder.rehearse_days = 30;
	start();
	one_contact("olle");
	e = event_of(EVENT_REHEARSE);
	e.now.wall_trusted = false;
	e.now.wall.ms -= 6 * 365 * 86400000LL;
	e.now.day.n -= 6 * 365;
	happen(&e);
	assert_int_equal(texts, 1);
	now_ms += 60000;
	e = event_of(EVENT_CLOCK);
	happen(&e);
	e = event_of(EVENT_TIME);
	happen(&e);
	assert_int_equal(texts, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_clock_set_in_the_night, setup),
		cmocka_unit_test_setup(test_other_contacts, setup),
		cmocka_unit_test_setup(test_rehearsal_by_a_wrong_clock, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
