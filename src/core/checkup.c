/*
 * checkup.c: the rules of the shop's health. Nothing is measured here: shopd tells what it knows,
 * and which alarms hold; a check is what follows from that for a person. counterd's page and
 * shopctl's doctor judge by these and no others.
 *
 * A backup is the office's copy, or, without an office, the newest that was made on this box and
 * read again. What somebody has copied onto a drive at home, nobody here can know.
 */
#include "core/checkup.h"

#include <stdio.h>
#include <string.h>

#define CONTACTS_LEAST 2

/* What is judged. */
struct patient {
	const struct message_now_is *now;
	const union message *row;
	uint32_t rows;
	const struct checkup_copy *copy;
};

static struct checkup_result well(enum finding finding)
{
	return (struct checkup_result){.finding = finding, .well = true};
}

static struct checkup_result ill(enum finding finding)
{
	return (struct checkup_result){.finding = finding};
}

static struct checkup_result about_number(struct checkup_result r, int64_t n)
{
	snprintf(r.about, sizeof(r.about), "%lld", (long long)n);
	return r;
}

static struct checkup_result about_name(struct checkup_result r, const char *name)
{
	snprintf(r.about, sizeof(r.about), "%s", name);
	return r;
}

/* "2026-11-22 10:15", UTC: a sentence has no room for what a page can do better. */
static struct checkup_result about_time(struct checkup_result r, int64_t at_ms)
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
	for (uint32_t i = 0; i < p->rows; i++) {
		const struct message_alarm_is *a = &p->row[i].alarm_is;

		if (a->head.type == MESSAGE_ALARM_IS && a->condition == (uint32_t)condition &&
		    a->cleared_at_ms == 0 && (!place || strcmp(a->place, place) == 0))
			return a;
	}
	return NULL;
}

/* --- the checks, in the order of their words --- */

static struct checkup_result check_ledger(const struct patient *p)
{
	return p->now->ledger_ok ? well(FINDING_WELL) : ill(FINDING_BAD);
}

static struct checkup_result check_disk(const struct patient *p)
{
	if (p->now->free_mib < 0)
		return well(FINDING_NONE);
	return about_number(holds(p, CONDITION_DISK_FAILING, NULL) ? ill(FINDING_BAD)
								   : well(FINDING_WELL),
			    p->now->free_mib);
}

static struct checkup_result check_clock(const struct patient *p)
{
	return p->now->clock_trusted ? well(FINDING_WELL) : ill(FINDING_BAD);
}

static struct checkup_result check_doors(const struct patient *p)
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

static struct checkup_result check_readers(const struct patient *p)
{
	if (p->now->readers == 0)
		return well(FINDING_NONE);
	return p->now->readers_lost > 0 ? ill(FINDING_BAD) : well(FINDING_WELL);
}

static struct checkup_result check_courier(const struct patient *p)
{
	return p->now->courier_connected ? well(FINDING_WELL) : ill(FINDING_BAD);
}

static struct checkup_result check_contacts(const struct patient *p)
{
	if (p->now->contacts == 0)
		return ill(FINDING_BAD);
	if (p->now->contacts < CONTACTS_LEAST)
		return ill(FINDING_OTHER);
	return about_number(well(FINDING_WELL), p->now->contacts);
}

static struct checkup_result check_gateway(const struct patient *p)
{
	if (!(p->now->sms_roads >> SMS_BY_GATEWAY & 1))
		return well(FINDING_NONE);
	return holds(p, CONDITION_ROAD_FAILING, sms_road_word(SMS_BY_GATEWAY)) ||
			       holds(p, CONDITION_SMS_FAILING, NULL)
		       ? ill(FINDING_BAD)
		       : well(FINDING_WELL);
}

static struct checkup_result check_modem(const struct patient *p)
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

static struct checkup_result check_rehearsal(const struct patient *p)
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

static struct checkup_result check_sensors(const struct patient *p)
{
	const char *stale = NULL, *beyond = NULL;
	int64_t sensors = 0;

	for (uint32_t i = 0; i < p->rows; i++) {
		const struct message_sensor_is *s = &p->row[i].sensor_is;

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

static struct checkup_result check_cameras(const struct patient *p)
{
	const struct message_alarm_is *lost = holds(p, CONDITION_CAMERA_LOST, NULL);

	return lost ? about_name(ill(FINDING_BAD), lost->place) : well(FINDING_WELL);
}

static struct checkup_result check_power(const struct patient *p)
{
	if (holds(p, CONDITION_BATTERY_LOW, NULL))
		return ill(FINDING_OTHER);
	return holds(p, CONDITION_POWER_LOST, NULL) ? ill(FINDING_BAD) : well(FINDING_WELL);
}

static struct checkup_result check_office(const struct patient *p)
{
	if (!p->now->enrolled)
		return well(FINDING_NONE);
	if (p->now->road == CARRIED_REFUSED || holds(p, CONDITION_OFFICE_REFUSED, NULL))
		return ill(FINDING_OTHER);
	if (p->now->road == CARRIED_WELL || p->now->road == CARRIED_BUSY)
		return well(FINDING_WELL);
	return about_time(ill(FINDING_BAD), p->now->heard_at_ms);
}

static struct checkup_result check_feed(const struct patient *p)
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

static struct checkup_result check_unsent(const struct patient *p)
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

static struct checkup_result check_books(const struct patient *p)
{
	return holds(p, CONDITION_CLOSE_REFUSED, NULL) ? ill(FINDING_BAD) : well(FINDING_WELL);
}

static struct checkup_result check_backup(const struct patient *p)
{
	const struct checkup_copy *c = p->copy;

	if (p->now->enrolled)
		return about_number(well(FINDING_WELL), unsent(p->now));
	if (c->at_ms == 0)
		return ill(FINDING_BAD);
	return about_time(c->now_ms - c->at_ms < CHECKUP_COPY_MS ? well(FINDING_NONE)
								 : ill(FINDING_OTHER),
			  c->at_ms);
}

static struct checkup_result check_alarms(const struct patient *p)
{
	return p->now->alarms_open > 0 ? about_number(ill(FINDING_BAD), p->now->alarms_open)
				       : well(FINDING_WELL);
}

static struct checkup_result (*const checks[CHECKS_OF])(const struct patient *p) = {
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

void checkup(const struct message_now_is *now, const union message *row, uint32_t rows,
	     const struct checkup_copy *copy, struct checkup_result ret[CHECKS_OF])
{
	const struct patient p = {now, row, rows, copy};

	for (uint32_t i = 0; i < CHECKS_OF; i++)
		ret[i] = checks[i](&p);
}

void checkup_text(uint32_t which, const struct checkup_result *r, enum language language,
		  char text[CHECKUP_TEXT_MAX])
{
	const char *pattern = finding_text(which, r->finding, language);
	const char *at = strstr(pattern, "%s");

	if (at)
		snprintf(text, CHECKUP_TEXT_MAX, "%.*s%s%s", (int)(at - pattern), pattern, r->about,
			 at + 2);
	else
		snprintf(text, CHECKUP_TEXT_MAX, "%s", pattern);
}
