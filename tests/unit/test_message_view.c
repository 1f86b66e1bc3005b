/* test_message_view.c: the owner's page's messages, field by field: nothing is believed that was
 * not looked at. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "message_view.h"

static const char *check(const union message *m)
{
	bool up = m->head.type == MESSAGE_VIEW || m->head.type == MESSAGE_DOOR_ASKED;

	return message_check(m, message_size(m->head.type), ROLE_COUNTER,
			     up ? WAY_TO_SHOPD : WAY_FROM_SHOPD);
}

#define ENDLESS(field) memset(field, 'a', sizeof(field))
#define TAKEN(t, change)                                                                           \
	do {                                                                                       \
		message_init(&m, t, 7);                                                            \
		sound_view(&m, t);                                                                 \
		change;                                                                            \
		assert_null(check(&m));                                                            \
	} while (0)
#define REFUSED(t, change)                                                                         \
	do {                                                                                       \
		TAKEN(t, (void)0);                                                                 \
		change;                                                                            \
		assert_non_null(check(&m));                                                        \
	} while (0)
#define PROP(ms) (m.door_asked.verb = DOOR_VERB_PROP, m.door_asked.hold_ms = (ms))

static void the_owners_fields(void **state)
{
	union message m;

	(void)state;
	REFUSED(MESSAGE_VIEW, m.view.what = 0);
	REFUSED(MESSAGE_VIEW, m.view.what = VIEW_SETTINGS + 1);
	REFUSED(MESSAGE_DOOR_ASKED, m.door_asked.verb = 0);
	REFUSED(MESSAGE_DOOR_ASKED, m.door_asked.verb = DOOR_VERB_LAST + 1);
	REFUSED(MESSAGE_DOOR_ASKED, m.door_asked.hold_ms = 1);
	REFUSED(MESSAGE_DOOR_ASKED, PROP(0));
	REFUSED(MESSAGE_DOOR_ASKED, PROP(12 * 3600 * 1000 + 1));
	TAKEN(MESSAGE_DOOR_ASKED, PROP(12 * 3600 * 1000));
	REFUSED(MESSAGE_DOOR_ASKED, m.door_asked.door[0] = '\0');
	REFUSED(MESSAGE_DOOR_ASKED, ENDLESS(m.door_asked.door));
	REFUSED(MESSAGE_DOOR_ASKED, m.door_asked.token_len = sizeof(m.door_asked.token) + 1);
	REFUSED(MESSAGE_INSIDE_IS, m.inside_is.visits = 0);
	REFUSED(MESSAGE_INSIDE_IS, m.inside_is.visits = INSIDE_MAX + 1);
	REFUSED(MESSAGE_INSIDE_IS, m.inside_is.visit[0].visit = 0);
	REFUSED(MESSAGE_INSIDE_IS, m.inside_is.visit[0].role = ROLES);
	REFUSED(MESSAGE_INSIDE_IS, ENDLESS(m.inside_is.visit[0].place));
	REFUSED(MESSAGE_NOW_IS, m.now_is.doors = DOORS_MAX + 1);
	REFUSED(MESSAGE_NOW_IS, m.now_is.doors = 1);
	REFUSED(MESSAGE_NOW_IS, m.now_is.ledger_ok = 2);
	REFUSED(MESSAGE_NOW_IS, m.now_is.restoring = 2);
	REFUSED(MESSAGE_NOW_IS, m.now_is.road = CARRIEDS);
	REFUSED(MESSAGE_NOW_IS, m.now_is.sms_roads = 1U << SMS_ROADS);
	REFUSED(MESSAGE_NOW_IS, m.now_is.head_seq = UINT64_MAX);
	REFUSED(MESSAGE_NOW_IS, m.now_is.heard_at_ms = -1);
	REFUSED(MESSAGE_NOW_IS, m.now_is.owners = 1);
	REFUSED(MESSAGE_NOW_IS, m.now_is.contacts = CONTACTS_MAX + 1);
	REFUSED(MESSAGE_NOW_IS, m.now_is.readers_lost = 1);
	REFUSED(MESSAGE_SETTINGS_IS, m.settings_is.doors = 1);
	REFUSED(MESSAGE_SETTINGS_IS, m.settings_is.doors = DOORS_MAX + 1);
	REFUSED(MESSAGE_SETTINGS_IS, m.settings_is.tills = 1);
	REFUSED(MESSAGE_SETTINGS_IS, m.settings_is.hours[6].close = 1441);
	REFUSED(MESSAGE_SETTINGS_IS, m.settings_is.barred = 1U << ARTICLE_CLASSES);
	REFUSED(MESSAGE_SETTINGS_IS, m.settings_is.trust[2].limited = 2);
	REFUSED(MESSAGE_SETTINGS_IS, m.settings_is.trust[2].check_bp = 10001);
	REFUSED(MESSAGE_SETTINGS_IS, m.settings_is.simulated = 2);
	REFUSED(MESSAGE_SETTINGS_IS, m.settings_is.sms_roads = 1U << SMS_ROADS);
	REFUSED(MESSAGE_SETTINGS_IS, m.settings_is.today = -1);
	REFUSED(MESSAGE_SETTINGS_IS, ENDLESS(m.settings_is.time_zone));
	REFUSED(MESSAGE_SETTINGS_IS, memcpy(m.settings_is.office, "a\nb", 4));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_owners_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
