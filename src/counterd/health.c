/*
 * health.c: GET /v1/health: whether the shop is well, check by check, in words for its keeper.
 * What fails comes first, with what to do about it. Nothing is measured here: shopd tells what it
 * knows, and which alarms hold; a check is what follows from that for a person.
 *
 * The backup that is known of is the office's copy. What somebody has copied onto a drive at home,
 * nobody here can know, and it is said so.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counterd/books.h"
#include "counterd/counter.h"
#include "counterd/health_words.h"
#include "counterd/problem.h"
#include "counterd/routes.h"

#define CHECK_TEXT_MAX                                                                             \
	200 /* a sentence with its number or name: those of the table are shorter                  \
	     */
#define CHECKS_JSON_MAX (128 + CHECKS_OF * (64 + 2 * JSON_TEXT_MAX(CHECK_TEXT_MAX)))
#define CONTACTS_LEAST	2

/* What is judged: shopd's last word, and the alarms and sensors that came before it. */
struct patient {
	const struct message_now_is *now;
	const struct pending_list *list;
};

struct result {
	enum finding finding;
	bool well;
	char about[48]; /* for the %s of its sentence */
};

static struct result well(enum finding finding)
{
	return (struct result){.finding = finding, .well = true};
}

static struct result ill(enum finding finding)
{
	return (struct result){.finding = finding};
}

static struct result about_number(struct result r, int64_t n)
{
	snprintf(r.about, sizeof(r.about), "%lld", (long long)n);
	return r;
}

static struct result about_name(struct result r, const char *name)
{
	snprintf(r.about, sizeof(r.about), "%s", name);
	return r;
}

/* "2026-11-22 10:15", UTC: a sentence has no room for what a page can do better. */
static struct result about_time(struct result r, int64_t at_ms)
{
	char text[WALL_TEXT_SIZE];

	wall_text((struct wall){at_ms}, text);
	snprintf(r.about, sizeof(r.about), "%.10s %.5s UTC", text, text + 11);
	return r;
}

/* An alarm of this condition that holds now, at `place` (NULL: wherever); NULL: none. */
static const struct message_alarm_is *holds(const struct patient *p, enum condition condition,
					    const char *place)
{
	for (uint32_t i = 0; i < p->list->rows; i++) {
		const struct message_alarm_is *a = &p->list->row[i].alarm_is;

		if (a->head.type == MESSAGE_ALARM_IS && a->condition == (uint32_t)condition &&
		    a->cleared_at_ms == 0 && (!place || strcmp(a->place, place) == 0))
			return a;
	}
	return NULL;
}

/* --- the checks, in the order of their words --- */

static struct result check_ledger(const struct patient *p)
{
	return p->now->ledger_ok ? well(FINDING_WELL) : ill(FINDING_BAD);
}

static struct result check_disk(const struct patient *p)
{
	if (p->now->free_mib < 0)
		return well(FINDING_NONE);
	return about_number(holds(p, CONDITION_DISK_FAILING, NULL) ? ill(FINDING_BAD)
								   : well(FINDING_WELL),
			    p->now->free_mib);
}

static struct result check_clock(const struct patient *p)
{
	return p->now->clock_trusted ? well(FINDING_WELL) : ill(FINDING_BAD);
}

static struct result check_doors(const struct patient *p)
{
	const struct message_alarm_is *failing = holds(p, CONDITION_SENSOR_FAILING, NULL);

	for (uint32_t i = 0; i < p->now->doors; i++)
		if (p->now->door[i].physical == PHYSICAL_FAULT)
			return about_name(ill(FINDING_BAD), p->now->door[i].name);
	if (failing)
		return about_name(ill(FINDING_BAD), failing->place);
	for (uint32_t i = 0; i < p->now->doors; i++)
		if (p->now->door[i].mode == DOOR_LOCKDOWN)
			return about_name(ill(FINDING_OTHER), p->now->door[i].name);
	return well(FINDING_WELL);
}

static struct result check_readers(const struct patient *p)
{
	if (p->now->readers == 0)
		return well(FINDING_NONE);
	return p->now->readers_lost > 0 ? ill(FINDING_BAD) : well(FINDING_WELL);
}

static struct result check_courier(const struct patient *p)
{
	return p->now->courier_connected ? well(FINDING_WELL) : ill(FINDING_BAD);
}

static struct result check_contacts(const struct patient *p)
{
	if (p->now->contacts == 0)
		return ill(FINDING_BAD);
	if (p->now->contacts < CONTACTS_LEAST)
		return ill(FINDING_OTHER);
	return about_number(well(FINDING_WELL), p->now->contacts);
}

static struct result check_gateway(const struct patient *p)
{
	if (!(p->now->sms_roads >> SMS_BY_GATEWAY & 1))
		return well(FINDING_NONE);
	return holds(p, CONDITION_ROAD_FAILING, sms_road_word(SMS_BY_GATEWAY)) ||
			       holds(p, CONDITION_SMS_FAILING, NULL)
		       ? ill(FINDING_BAD)
		       : well(FINDING_WELL);
}

static struct result check_modem(const struct patient *p)
{
	if (p->now->sms_roads == 0 && p->now->contacts > 0)
		return ill(FINDING_OTHER);
	if (!(p->now->sms_roads >> SMS_BY_MODEM & 1))
		return well(FINDING_NONE);
	return holds(p, CONDITION_ROAD_FAILING, sms_road_word(SMS_BY_MODEM)) ||
			       holds(p, CONDITION_SMS_FAILING, NULL)
		       ? ill(FINDING_BAD)
		       : well(FINDING_WELL);
}

static struct result check_rehearsal(const struct patient *p)
{
	const struct message_alarm_is *open = holds(p, CONDITION_REHEARSAL, NULL);

	if (open && open->state == ALARM_ESCALATED)
		return ill(FINDING_BAD);
	if (p->now->rehearse_days == 0)
		return ill(FINDING_NONE);
	if (p->now->rehearsed_at_ms == 0)
		return well(FINDING_OTHER);
	return about_time(well(FINDING_WELL), p->now->rehearsed_at_ms);
}

static struct result check_sensors(const struct patient *p)
{
	const char *stale = NULL, *beyond = NULL;
	int64_t sensors = 0;

	for (uint32_t i = 0; i < p->list->rows; i++) {
		const struct message_sensor_is *s = &p->list->row[i].sensor_is;

		if (s->head.type != MESSAGE_SENSOR_IS)
			continue;
		sensors++;
		if (s->state == SENSOR_STALE)
			stale = s->name;
		else if (s->state == SENSOR_ALARM)
			beyond = s->name;
	}
	if (sensors == 0)
		return well(FINDING_NONE);
	if (stale)
		return about_name(ill(FINDING_BAD), stale);
	return beyond ? about_name(ill(FINDING_OTHER), beyond)
		      : about_number(well(FINDING_WELL), sensors);
}

static struct result check_cameras(const struct patient *p)
{
	const struct message_alarm_is *lost = holds(p, CONDITION_CAMERA_LOST, NULL);

	return lost ? about_name(ill(FINDING_BAD), lost->place) : well(FINDING_WELL);
}

static struct result check_power(const struct patient *p)
{
	if (holds(p, CONDITION_BATTERY_LOW, NULL))
		return ill(FINDING_OTHER);
	return holds(p, CONDITION_POWER_LOST, NULL) ? ill(FINDING_BAD) : well(FINDING_WELL);
}

static struct result check_office(const struct patient *p)
{
	if (!p->now->enrolled)
		return well(FINDING_NONE);
	if (p->now->road == CARRIED_REFUSED || holds(p, CONDITION_OFFICE_REFUSED, NULL))
		return ill(FINDING_OTHER);
	if (p->now->road == CARRIED_WELL || p->now->road == CARRIED_BUSY)
		return well(FINDING_WELL);
	return about_time(ill(FINDING_BAD), p->now->heard_at_ms);
}

static struct result check_feed(const struct patient *p)
{
	if (!p->now->enrolled)
		return well(FINDING_NONE);
	return holds(p, CONDITION_ROSTER_STALE, NULL)
		       ? about_time(ill(FINDING_BAD), p->now->heard_at_ms)
		       : well(FINDING_WELL);
}

static int64_t unsent(const struct message_now_is *n)
{
	return n->enrolled && n->head_seq > n->acked_seq ? (int64_t)(n->head_seq - n->acked_seq)
							 : 0;
}

static struct result check_unsent(const struct patient *p)
{
	int64_t entries = unsent(p->now);

	if (p->now->enrolled && p->now->restoring)
		return ill(FINDING_OTHER);
	if (entries == 0)
		return well(FINDING_NONE);
	return about_number(holds(p, CONDITION_SYNC_STALE, NULL) ? ill(FINDING_BAD)
								 : well(FINDING_WELL),
			    entries);
}

static struct result check_books(const struct patient *p)
{
	return holds(p, CONDITION_CLOSE_REFUSED, NULL) ? ill(FINDING_BAD) : well(FINDING_WELL);
}

static struct result check_backup(const struct patient *p)
{
	return p->now->enrolled ? about_number(well(FINDING_WELL), unsent(p->now))
				: ill(FINDING_BAD);
}

static struct result check_alarms(const struct patient *p)
{
	return p->now->alarms_open > 0 ? about_number(ill(FINDING_BAD), p->now->alarms_open)
				       : well(FINDING_WELL);
}

static struct result (*const checks[CHECKS_OF])(const struct patient *p) = {
	[CHECK_OF_LEDGER] = check_ledger,     [CHECK_OF_DISK] = check_disk,
	[CHECK_OF_CLOCK] = check_clock,	      [CHECK_OF_DOORS] = check_doors,
	[CHECK_OF_READERS] = check_readers,   [CHECK_OF_COURIER] = check_courier,
	[CHECK_OF_CONTACTS] = check_contacts, [CHECK_OF_GATEWAY] = check_gateway,
	[CHECK_OF_MODEM] = check_modem,	      [CHECK_OF_REHEARSAL] = check_rehearsal,
	[CHECK_OF_SENSORS] = check_sensors,   [CHECK_OF_CAMERAS] = check_cameras,
	[CHECK_OF_POWER] = check_power,	      [CHECK_OF_OFFICE] = check_office,
	[CHECK_OF_FEED] = check_feed,	      [CHECK_OF_UNSENT] = check_unsent,
	[CHECK_OF_BOOKS] = check_books,	      [CHECK_OF_BACKUP] = check_backup,
	[CHECK_OF_ALARMS] = check_alarms,
};

/* --- the answer --- */

/* The sentence with what it is about in the place of its %s. */
static void sentence(const char *pattern, const char *about, char text[CHECK_TEXT_MAX])
{
	const char *at = strstr(pattern, "%s");

	if (at)
		snprintf(text, CHECK_TEXT_MAX, "%.*s%s%s", (int)(at - pattern), pattern, about,
			 at + 2);
	else
		snprintf(text, CHECK_TEXT_MAX, "%s", pattern);
}

static void check_write(struct builder *b, enum check_of which, const struct result *r,
			enum language language)
{
	char text[CHECK_TEXT_MAX];

	sentence(finding_text(which, r->finding, language), r->about, text);
	json_put(b, "{");
	json_member(b, "check");
	json_text(b, check_of_word(which));
	json_member(b, "ok");
	json_bool(b, r->well);
	json_member(b, "text");
	json_text(b, text);
	json_member(b, "fix");
	json_words(b, finding_fix(which, r->finding, language));
	json_put(b, "}");
}

static void on_health(struct counter *c, struct http_request *r, const union message *m)
{
	const struct patient p = {&m->now_is, &c->pending.list};
	enum language language =
		language_of(r->header[HTTP_ACCEPT_LANGUAGE], (enum language)c->config.language);
	struct builder b = builder_of(malloc(CHECKS_JSON_MAX), CHECKS_JSON_MAX);
	struct result result[CHECKS_OF];
	bool all = true, first = true;

	CHECK(b.data);
	for (uint32_t i = 0; i < CHECKS_OF; i++) {
		result[i] = checks[i](&p);
		all = all && result[i].well;
	}
	json_put(&b, "{");
	json_member(&b, "ok");
	json_bool(&b, all);
	json_member(&b, "at");
	json_time(&b, loop_wall());
	json_member(&b, "checks");
	json_put(&b, "[");
	for (uint32_t turn = 0; turn < 2; turn++) {
		for (uint32_t i = 0; i < CHECKS_OF; i++) {
			if (result[i].well != (turn == 1))
				continue;
			json_put(&b, first ? "" : ",");
			first = false;
			check_write(&b, (enum check_of)i, &result[i], language);
		}
	}
	json_put(&b, "]}");
	books_send(c, r, &b);
}

void health_show(struct counter *c, const struct call *call)
{
	union message m;

	message_init(&m, MESSAGE_VIEW, 0);
	m.view.what = VIEW_HEALTH;
	pending_ask_rows(c, call->request, &m, MESSAGE_NOW_IS, on_health);
}
