/*
 * settings.c: GET /v1/settings: what holds here, asked of shopd, which has it of its own file and
 * of the office. Shown and never changed: a shop's file is its keeper's, and policy is the
 * office's to set. Nobody's number is in it; only courierd knows those.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/version.h"
#include "core/config.h"
#include "counterd/books.h"
#include "counterd/counter.h"
#include "counterd/problem.h"
#include "counterd/routes.h"
#include "counterd/view_words.h"

#define SETTINGS_JSON_MAX                                                                          \
	(6144 + DOORS_MAX * 512 + TILLS_MAX * 96 + SENSORS_MAX * 256 + CONTACTS_MAX * 256 +        \
	 JSON_TEXT_MAX(OFFICE_URL_MAX))
#define API_VERSION "1.0.0" /* include/api/shop.yaml */

static const char *const exits[] = {
	[EXIT_NONE] = "none", [EXIT_REX] = "rex", [EXIT_HANDLE] = "handle"};
static const char *const relocks[] = {[RELOCK_ON_OPEN] = "on_open", [RELOCK_ON_CLOSE] = "on_close"};

static void int_member(struct builder *b, const char *name, int64_t n)
{
	json_member(b, name);
	json_int(b, n);
}

/* A minute of the day as people write it; 24:00 is a day's end. */
static void minute_member(struct builder *b, const char *name, bool known, uint16_t minute)
{
	char text[8];

	snprintf(text, sizeof(text), "%02u:%02u", minute / 60U % 100, minute % 60U);
	json_member(b, name);
	json_words(b, known ? text : "");
}

static void words_member(struct builder *b, const char *name, const char *text)
{
	json_member(b, name);
	json_words(b, text);
}

/* --- places --- */

static void doors_write(struct builder *b, const struct message_settings_is *s)
{
	json_member(b, "doors");
	json_put(b, "[");
	for (uint32_t i = 0; i < s->doors; i++) {
		json_put(b, i > 0 ? ",{" : "{");
		words_member(b, "door", s->door[i].name);
		words_member(b, "exit", exits[s->door[i].exit]);
		words_member(b, "relock", relocks[s->door[i].relock]);
		json_member(b, "scanner");
		json_bool(b, s->door[i].scanner != 0);
		int_member(b, "unlock_ms", s->door[i].unlock_ms);
		int_member(b, "unlock_extended_ms", s->door[i].unlock_extended_ms);
		int_member(b, "opening_grace_ms", s->door[i].opening_grace_ms);
		int_member(b, "buzzer_ms", s->door[i].buzzer_ms);
		int_member(b, "held_open_ms", s->door[i].held_open_ms);
		int_member(b, "held_open_extended_ms", s->door[i].held_open_extended_ms);
		int_member(b, "rex_grace_ms", s->door[i].rex_grace_ms);
		int_member(b, "debounce_ms", s->door[i].debounce_ms);
		int_member(b, "settle_ms", s->door[i].settle_ms);
		json_put(b, "}");
	}
	json_put(b, "]");
}

static void tills_write(struct builder *b, const struct message_settings_is *s)
{
	json_member(b, "tills");
	json_put(b, "[");
	for (uint32_t i = 0; i < s->tills; i++) {
		json_put(b, i > 0 ? ",{" : "{");
		words_member(b, "till", s->till[i].name);
		json_member(b, "scanner");
		json_bool(b, s->till[i].scanner != 0);
		json_put(b, "}");
	}
	json_put(b, "]");
}

/* --- what came before, row by row --- */

static void sensor_write(struct builder *b, const struct message_sensor_is *s)
{
	const char *unit = sensor_unit((enum sensor_kind)s->kind);

	words_member(b, "sensor", s->name);
	words_member(b, "kind", sensor_kind_word((enum sensor_kind)s->kind));
	words_member(b, "unit", unit);
	json_int_or_null(b, "low_milli", unit && s->low != SENSOR_NO_BOUND, s->low);
	json_int_or_null(b, "high_milli", unit && s->high != SENSOR_NO_BOUND, s->high);
}

static void contact_write(struct builder *b, const struct message_contact *c)
{
	words_member(b, "contact", c->name);
	words_member(b, "role", contact_role_word((enum contact_role)c->role));
	int_member(b, "step", c->step);
	words_member(b, "least", severity_word((enum severity)c->least));
	minute_member(b, "from", c->open != c->close, c->open);
	minute_member(b, "to", c->open != c->close, c->close);
	json_member(b, "on_duty");
	json_bool(b, c->on_duty != 0);
}

static void rows_write(struct builder *b, const char *name, const struct pending_list *list,
		       enum message_type type)
{
	bool first = true;

	json_member(b, name);
	json_put(b, "[");
	for (uint32_t i = 0; i < list->rows; i++) {
		if (list->row[i].head.type != type)
			continue;
		json_put(b, first ? "{" : ",{");
		first = false;
		if (type == MESSAGE_SENSOR_IS)
			sensor_write(b, &list->row[i].sensor_is);
		else
			contact_write(b, &list->row[i].contact);
		json_put(b, "}");
	}
	json_put(b, "]");
}

/* --- policy --- */

static void hours_write(struct builder *b, const struct message_settings_is *s)
{
	json_member(b, "hours");
	json_put(b, "[");
	for (uint32_t i = 0; i < ARRAY_LEN(s->hours); i++) {
		bool open = s->hours[i].open != s->hours[i].close;

		json_put(b, i > 0 ? ",{" : "{");
		words_member(b, "day", weekday_word(i));
		minute_member(b, "open", open, s->hours[i].open);
		minute_member(b, "close", open, s->hours[i].close);
		json_put(b, "}");
	}
	json_put(b, "]");
}

static void policy_write(struct builder *b, const struct message_settings_is *s)
{
	bool first = true;

	json_member(b, "policy");
	json_put(b, "{");
	words_member(b, "set_by", s->set_by_office ? "office" : "shop");
	int_member(b, "occupancy_max", s->occupancy_max);
	json_member(b, "barred");
	json_put(b, "[");
	for (uint32_t i = 0; i < ARTICLE_CLASSES; i++) {
		if (!(s->barred >> i & 1))
			continue;
		json_put(b, first ? "" : ",");
		first = false;
		json_text(b, article_class_word((enum article_class)i));
	}
	json_put(b, "]");
	int_member(b, "roster_max_hours", s->roster_max_hours);
	json_put(b, "}");
}

static void trust_write(struct builder *b, const struct message_settings_is *s)
{
	json_member(b, "trust");
	json_put(b, "[");
	for (uint32_t i = 0; i < TRUSTS; i++) {
		json_put(b, i > 0 ? ",{" : "{");
		words_member(b, "trust", trust_word((enum trust)i));
		json_int_or_null(b, "credit_limit_minor", s->trust[i].limited != 0,
				 s->trust[i].credit_limit_minor);
		int_member(b, "check_bp", s->trust[i].check_bp);
		json_put(b, "}");
	}
	json_put(b, "]");
}

static void alarms_write(struct builder *b, const struct message_settings_is *s)
{
	json_member(b, "alarms");
	json_put(b, "{");
	int_member(b, "warning_step_ms", s->step_ms[SEVERITY_WARNING]);
	int_member(b, "urgent_step_ms", s->step_ms[SEVERITY_URGENT]);
	int_member(b, "emergency_step_ms", s->step_ms[SEVERITY_EMERGENCY]);
	int_member(b, "rehearse_days", s->rehearse_days);
	int_member(b, "inside_ms", s->inside_ms);
	int_member(b, "refusals", s->refusals);
	int_member(b, "refusals_ms", s->refusals_ms);
	int_member(b, "disk_free_mb", s->disk_free_mb);
	int_member(b, "sync_max_hours", s->sync_max_hours);
	json_put(b, "}");
}

static void roads_write(struct builder *b, const struct message_settings_is *s)
{
	bool first = true;

	json_member(b, "sms_roads");
	json_put(b, "[");
	for (uint32_t i = 0; i < SMS_ROADS; i++) {
		if (!(s->sms_roads >> i & 1))
			continue;
		json_put(b, first ? "" : ",");
		first = false;
		json_text(b, sms_road_word((enum sms_road)i));
	}
	json_put(b, "]");
}

static void rest_write(struct builder *b, const struct message_settings_is *s)
{
	json_member(b, "reminders");
	json_put(b, "{");
	int_member(b, "first_days", s->reminder_days);
	int_member(b, "second_days", s->second_reminder_days);
	int_member(b, "fee_minor", s->reminder_fee_minor);
	int_member(b, "bar_days", s->bar_days);
	json_put(b, "}");
	json_member(b, "retention");
	json_put(b, "{");
	int_member(b, "door_log_days", s->door_log_days);
	json_put(b, "}");
	json_member(b, "office");
	json_put(b, "{");
	words_member(b, "url", s->office);
	int_member(b, "epoch", s->epoch);
	int_member(b, "feed", (int64_t)s->feed);
	json_member(b, "heard_at");
	json_moment(b, (struct wall){s->heard_at_ms});
	json_put(b, "}");
	json_member(b, "versions");
	json_put(b, "{");
	words_member(b, "program", SHOPKEEPER_VERSION);
	words_member(b, "api", API_VERSION);
	int_member(b, "price_list", s->price_version);
	int_member(b, "members", s->members);
	int_member(b, "articles", s->articles);
	int_member(b, "up_ms", s->up_ms);
	json_put(b, "}");
}

static void on_settings(struct counter *c, struct http_request *r, const union message *m)
{
	const struct message_settings_is *s = &m->settings_is;
	struct builder b = builder_of(malloc(SETTINGS_JSON_MAX), SETTINGS_JSON_MAX);

	CHECK(b.data);
	json_put(&b, "{");
	words_member(&b, "shop", c->config.shop);
	json_currency(&b, &c->config);
	words_member(&b, "language", c->config.language == LANGUAGE_SV ? "sv" : "en");
	words_member(&b, "time_zone", s->time_zone);
	json_member(&b, "today");
	json_day(&b, (struct day){s->today});
	json_member(&b, "simulated");
	json_bool(&b, s->simulated != 0);
	doors_write(&b, s);
	tills_write(&b, s);
	rows_write(&b, "sensors", &c->pending.list, MESSAGE_SENSOR_IS);
	hours_write(&b, s);
	policy_write(&b, s);
	trust_write(&b, s);
	alarms_write(&b, s);
	rows_write(&b, "contacts", &c->pending.list, MESSAGE_CONTACT);
	roads_write(&b, s);
	rest_write(&b, s);
	json_put(&b, "}");
	books_send(c, r, &b);
}

void settings_show(struct counter *c, const struct call *call)
{
	union message m;

	message_init(&m, MESSAGE_VIEW, 0);
	m.view.what = VIEW_SETTINGS;
	pending_ask_rows(c, call->request, &m, MESSAGE_SETTINGS_IS, on_settings);
}
