/* test_officed_pulse.c: heartbeats written down, silence told once and taken back, texts leased,
 * retried, grouped. On SQLite, and on PostgreSQL where there is one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "intake_house.h"
#include "officed/notice.h"
#include "officed/pulse.h"
#include "officed/text_send.h"
#include "officed/texts.h"

#define T0 INT64_C(1790000000000)

static struct wall at(int64_t ms)
{
	return (struct wall){T0 + ms};
}

static void beat(struct office_house *h, const char *shop, int64_t ms)
{
	uint8_t said[] = "said";
	struct beat b = {.at = at(ms), .said_len = 4, .said = said};

	memcpy(b.shop, shop, strlen(shop) + 1);
	assert_int_equal(pulse_write(&h->o, &b, 1), 0);
}

static void with_contacts(struct office_house *h)
{
	h->config.sms.given = true;
	house_do(h, "INSERT INTO shop_contact(shop, name, phone) VALUES('viken', 'anna', "
		    "'+46701'), ('viken', 'bo', '+46702')");
}

static void silence_is_told_once_and_taken_back(struct office_house *h)
{
	with_contacts(h);
	beat(h, "viken", 0);
	assert_int_equal(pulse_judge(&h->o, at(46000)), 0);
	assert_int_equal(house_number(h, "SELECT count(*) FROM notice"), 0); /* not yet */
	assert_int_equal(pulse_judge(&h->o, at(46001)), 0);
	assert_int_equal(pulse_judge(&h->o, at(47000)), 0); /* another officed looks too */
	assert_int_equal(house_number(h, "SELECT count(*) FROM notice WHERE kind = 1"), 1);
	assert_int_equal(house_number(h, "SELECT count(*) FROM text_out WHERE n = 1"), 2);
	assert_int_equal(house_number(h, "SELECT silent_since FROM shop_seen"), T0);
	/* within the 60 s that the owner may wait */
	assert_true(house_number(h, "SELECT max(due_at) FROM text_out") <= T0 + 60000);

	beat(h, "viken", 300000);
	assert_int_equal(pulse_judge(&h->o, at(301000)), 0);
	assert_int_equal(pulse_judge(&h->o, at(302000)), 0);
	assert_int_equal(house_number(h, "SELECT silent_since FROM shop_seen"), 0);
	assert_int_equal(house_number(h, "SELECT over_at FROM notice"), T0 + 300000);
	/* the first had not left: over says all, and goes once to each */
	assert_int_equal(
		house_number(h, "SELECT count(*) FROM text_out WHERE n = 1 AND due_at > 0"), 0);
	assert_int_equal(
		house_number(h, "SELECT count(*) FROM text_out WHERE n = -1 AND due_at > 0"), 2);
}

static void an_older_beat_changes_nothing(struct office_house *h)
{
	beat(h, "viken", 5000);
	beat(h, "viken", 4000);
	assert_int_equal(house_number(h, "SELECT seen_at FROM shop_seen"), T0 + 5000);
}

/* Our clock was a day ahead: a shop that falls silent after that is noticed all the same. */
static void a_beat_of_tomorrow_does_not_hide_silence(struct office_house *h)
{
	beat(h, "viken", 86400000);
	beat(h, "viken", 0);
	assert_int_equal(house_number(h, "SELECT seen_at FROM shop_seen"), T0);
	assert_int_equal(pulse_judge(&h->o, at(60000)), 0);
	assert_int_equal(house_number(h, "SELECT count(*) FROM notice WHERE kind = 1"), 1);
}

static void many_at_once_are_all_written(struct office_house *h)
{
	enum {
		SHOPS = 21
	};
	struct beat b[SHOPS];
	uint8_t said[] = "x";

	for (int i = 0; i < SHOPS; i++) {
		b[i] = (struct beat){.at = at(i), .said_len = 1, .said = said};
		b[i].shop[0] = 's';
		b[i].shop[1] = (char)('a' + (SHOPS - i));
	}
	assert_int_equal(pulse_write(&h->o, b, SHOPS), 0);
	assert_int_equal(house_number(h, "SELECT count(*) FROM shop_seen"), SHOPS);
	assert_int_equal(house_number(h, "SELECT CAST(sum(seen_at) AS BIGINT) FROM shop_seen"),
			 SHOPS * T0 + SHOPS * (SHOPS - 1) / 2);
}

static void a_revoked_shop_is_not_silent(struct office_house *h)
{
	beat(h, "viken", 0);
	house_do(h, "UPDATE shop SET state = 2");
	assert_int_equal(pulse_judge(&h->o, at(100000)), 0);
	assert_int_equal(house_number(h, "SELECT count(*) FROM notice"), 0);
}

struct raising {
	struct office *o;
	enum notice_kind kind;
};

static int raise_work(struct db *d, void *data)
{
	struct raising *r = data;

	notice_add(r->o, HOUSE_SHOP, r->kind, "A detail.", at(0));
	return db_failed(d);
}

static void raise_one(struct office_house *h, enum notice_kind kind)
{
	struct raising r = {&h->o, kind};

	assert_int_equal(db_transact(h->o.db, raise_work, &r), 0);
}

static void what_holds_is_told_once_what_happens_each_time(struct office_house *h)
{
	raise_one(h, NOTICE_CLONE);
	raise_one(h, NOTICE_CLONE);
	raise_one(h, NOTICE_ENROLLED);
	raise_one(h, NOTICE_ENROLLED);
	assert_int_equal(house_number(h, "SELECT count(*) FROM notice WHERE kind = 2"), 1);
	assert_int_equal(house_number(h, "SELECT count(*) FROM notice WHERE kind = 5"), 2);
	assert_int_equal(house_number(h, "SELECT max(n) FROM notice"), 3);
	/* nobody can be told: no gateway */
	assert_int_equal(house_number(h, "SELECT count(*) FROM text_out"), 0);
}

static void texts_are_leased_retried_and_end(struct office_house *h)
{
	struct text_due due[TEXTS_MAX];
	uint32_t count;

	with_contacts(h);
	raise_one(h, NOTICE_CLONE);
	assert_int_equal(texts_lease(&h->o, at(0), due, &count), 0);
	assert_int_equal(count, 2);
	assert_int_equal(due[0].tries, 1);
	assert_non_null(strstr(due[0].words, "Viken"));
	assert_int_equal(texts_lease(&h->o, at(1000), due + 2, &count), 0);
	assert_int_equal(count, 0); /* they are somebody's for a minute */

	assert_int_equal(texts_end(&h->o, &due[0], TEXT_SENT, at(1000)), 0);
	assert_int_equal(texts_end(&h->o, &due[1], TEXT_AGAIN, at(1000)), 0);
	assert_int_equal(texts_lease(&h->o, at(5999), due, &count), 0);
	assert_int_equal(count, 0);
	assert_int_equal(texts_lease(&h->o, at(6000), due, &count), 0);
	assert_int_equal(count, 1);
	assert_int_equal(due[0].tries, 2);
	assert_int_equal(texts_end(&h->o, &due[0], TEXT_REFUSED, at(6000)), 0);
	assert_int_equal(house_number(h, "SELECT count(*) FROM notice WHERE kind = 11"), 1);
	assert_int_equal(house_number(h, "SELECT count(*) FROM text_out WHERE due_at > 0"), 0);
}

static void a_storm_is_one_text(struct office_house *h)
{
	struct text_due due[TEXTS_MAX];
	uint32_t count;

	h->config.sms.given = true;
	house_do(h, "INSERT INTO shop_contact(shop, name, phone) VALUES('viken', 'anna', "
		    "'+46701')");
	for (int i = 0; i < 5; i++)
		raise_one(h, NOTICE_ENROLLED);
	assert_int_equal(texts_lease(&h->o, at(0), due, &count), 0);
	assert_int_equal(count, 1);
	assert_non_null(strstr(due[0].words, "5 meddelanden"));
	assert_int_equal(house_number(h, "SELECT count(*) FROM text_out WHERE due_at > 0"), 1);
}

static void every_kind_has_words_that_fit(struct office_house *h)
{
	(void)h;
	for (int k = 1; k < NOTICE_KINDS; k++) {
		char words[TEXT_WORDS_MAX + 1];
		struct notice_text t = {.kind = (enum notice_kind)k,
					.title = "Lanthandeln vid Vikens torg i det långa namnet",
					.since = at(0),
					.minutes = INT64_C(99999999)};

		assert_string_not_equal(notice_word((enum notice_kind)k), "other");
		for (int l = 0; l < LANGUAGES; l++) {
			t.language = (enum language)l;
			text_over(&t, words);
			assert_null(strchr(words, '{'));
			if (!notice_is_told((enum notice_kind)k))
				continue;
			text_raised(&t, words);
			assert_null(strchr(words, '{'));
			assert_non_null(strstr(words, "Lanthandeln"));
		}
	}
}

static void (*const cases[])(struct office_house *) = {
	silence_is_told_once_and_taken_back,
	an_older_beat_changes_nothing,
	a_beat_of_tomorrow_does_not_hide_silence,
	many_at_once_are_all_written,
	a_revoked_shop_is_not_silent,
	what_holds_is_told_once_what_happens_each_time,
	texts_are_leased_retried_and_end,
	a_storm_is_one_text,
	every_kind_has_words_that_fit,
};

static void run(enum db_engine engine)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct office_house h;

		if (!house_open(&h, engine))
			skip();
		cases[i](&h);
		house_close(&h);
	}
}

static void on_sqlite(void **state)
{
	(void)state;
	run(DB_SQLITE);
}

static void on_postgres(void **state)
{
	(void)state;
	run(DB_POSTGRES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(on_sqlite),
					   cmocka_unit_test(on_postgres)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
