/*
 * script_alarms.c: the half of the stories' language that is about alarms.
 *
 * Setup:   contact NAME owner|keyholder|neighbour STEP [hours=OPEN-CLOSE] [least=SEVERITY]
 *          roads both · courier late (it names the contacts by `courier up` alone)
 *          quiet OPEN-CLOSE · rehearsal DAYS HH:MM WAITMINUTES
 *          sensor NAME KIND [high=N] [low=N] [hysteresis=N] [debounce=S] [pre=S] [stale=S]
 * Input:   ack N by WHO · WHO replies CODE|N (the code of alarm N) · courier up · rehearse
 *          text N left|delivered|stuck [over|taken|group] [to=WHO] [by=modem] [texts=N]
 *          sensor NAME VALUE|lost · fault CONDITION [PLACE] failing|well
 */
#include "core/step.h"
#include "script_words.h"

/* --- setup
 * ------------------------------------------------------------------------------------ */

/* contact NAME owner|keyholder|neighbour STEP [hours=OPEN-CLOSE] [least=SEVERITY]: the first one
 * takes the place of `owner` */
static bool setup_contact(struct fake_shell *f, const struct words *w)
{
	struct contact *c;
	struct hours hours[7] = {{0}};

	if (w->count < 4)
		return false;
	if (!f->contacts_own)
		f->contacts.contacts = 0;
	f->contacts_own = true;
	if (f->contacts.contacts == CONTACTS_MAX)
		return false;
	c = &f->contacts.contact[f->contacts.contacts++];
	*c = (struct contact){.step = (uint8_t)number(w->word[3], 0)};
	snprintf(c->name, sizeof(c->name), "%.16s", w->word[1]);
	for (int i = 0; i < CONTACT_ROLES; i++)
		if (is(w, 2, contact_role_word((enum contact_role)i)))
			c->role = (enum contact_role)i;
	for (int i = 0; i < SEVERITIES && option(w, "least"); i++)
		if (strcmp(option(w, "least"), severity_word((enum severity)i)) == 0)
			c->least = (enum severity)i;
	if (option(w, "hours") && !setup_hours(hours, option(w, "hours")))
		return false;
	c->hours = hours[0];
	return true;
}

/* sensor NAME KIND [high=N] [low=N] [hysteresis=N] [debounce=S] [pre=S] [stale=S]; values as
 * whole degrees, per cent, ppm */
static bool setup_sensor(struct fake_shell *f, const struct words *w)
{
	struct sensor_config *c = &f->config.sensor[f->config.sensors];

	if (w->count < 3 || f->config.sensors == SENSORS_MAX)
		return false;
	*c = (struct sensor_config){.place = {""}, .high = SENSOR_NO_BOUND, .low = SENSOR_NO_BOUND};
	snprintf(c->place.name, sizeof(c->place.name), "%.16s", w->word[1]);
	for (int i = 0; i < SENSOR_KINDS; i++)
		if (is(w, 2, sensor_kind_word((enum sensor_kind)i)))
			c->kind = (enum sensor_kind)i;
	if (option(w, "high"))
		c->high = number(option(w, "high"), 0) * 1000;
	if (option(w, "low"))
		c->low = number(option(w, "low"), 0) * 1000;
	c->hysteresis = number(option(w, "hysteresis"), 0) * 1000;
	c->debounce_ms = number(option(w, "debounce"), 0) * 1000;
	c->pre_ms = number(option(w, "pre"), 0) * 1000;
	c->stale_ms = number(option(w, "stale"), 0) * 1000;
	f->config.sensors++;
	return true;
}

/* Who is told, and when: contact …, sensor …, roads both, quiet OPEN-CLOSE [below=SEVERITY],
 * rehearsal DAYS HH:MM WAITMIN, courier late. */
bool script_setup_alarms(struct fake_shell *f, const struct words *w)
{
	struct ladder_config *c = &f->config.ladder;
	struct hours hours[7];
	int hour, minute;

	if (is(w, 0, "contact"))
		return setup_contact(f, w);
	if (is(w, 0, "sensor"))
		return setup_sensor(f, w);
	if (is(w, 0, "roads") && is(w, 1, "both")) {
		f->contacts.roads = 1 << SMS_BY_GATEWAY | 1 << SMS_BY_MODEM;
		return true;
	}
	if (is(w, 0, "courier") && is(w, 1, "late")) {
		f->courier = false;
		return true;
	}
	if (is(w, 0, "quiet") && w->count == 2 && setup_hours(hours, w->word[1])) {
		c->quiet = hours[0];
		return true;
	}
	if (!is(w, 0, "rehearsal") || w->count != 4 ||
	    sscanf(w->word[2], "%d:%d", &hour, &minute) != 2)
		return false;
	c->rehearse_days = (uint16_t)number(w->word[1], 0);
	c->rehearse_at = (uint16_t)(hour * 60 + minute);
	c->rehearse_wait_ms = number(w->word[3], 0) * 60000;
	return true;
}

/* --- what happens
 * ------------------------------------------------------------------------------------ */

/* text N left|delivered|stuck [over|taken|group] [to=WHO] [by=modem] [texts=N] */
static bool about_text(struct fake_shell *f, const struct words *w)
{
	struct event e = fake_event(f, EVENT_NOTIFIED);
	struct event_notified *n = &e.notified;
	const char *to = option(w, "to"), *by = option(w, "by");

	n->alarm.n = (uint64_t)number(w->word[1], 0);
	for (int i = 0; i < TEXT_KINDS; i++)
		if (flag(w, text_kind_word((enum text_kind)i)))
			n->kind = (enum text_kind)i;
	n->outcome = is(w, 2, "left")	     ? TEXT_LEFT
		     : is(w, 2, "delivered") ? TEXT_DELIVERED
					     : TEXT_STUCK;
	n->road = by && strcmp(by, "modem") == 0 ? SMS_BY_MODEM : SMS_BY_GATEWAY;
	n->texts = (uint32_t)number(option(w, "texts"), n->outcome != TEXT_STUCK);
	snprintf(n->contact, sizeof(n->contact), "%s", to ? to : "owner");
	fake_step(f, &e);
	return n->outcome != TEXT_STUCK || is(w, 2, "stuck");
}

/* WHO replies CODE|N: the code of alarm N, or any other */
static bool reply(struct fake_shell *f, const struct words *w)
{
	struct event e = fake_event(f, EVENT_REPLY);
	const struct alarm *a;

	snprintf(e.reply.contact, sizeof(e.reply.contact), "%.16s", w->word[0]);
	e.reply.code = (uint32_t)number(w->word[2], 0);
	for (uint32_t i = 0; (a = shop_alarm_at(&f->shop, i)); i++)
		if (a->id.n == e.reply.code)
			e.reply.code = a->code;
	fake_step(f, &e);
	return true;
}

bool script_alarm(struct fake_shell *f, const struct words *w)
{
	struct event e;

	if (is(w, 0, "courier") && is(w, 1, "up")) {
		fake_contacts(f);
		return true;
	}
	if (is(w, 0, "ack") && w->count == 4) {
		e = fake_event(f, EVENT_ALARM_ACK);
		e.alarm_ack.request = (struct request){2, 1};
		e.alarm_ack.alarm.n = (uint64_t)number(w->word[1], 0);
		snprintf(e.alarm_ack.by, sizeof(e.alarm_ack.by), "%s", w->word[3]);
	} else if (is(w, 0, "text") && w->count >= 3) {
		return about_text(f, w);
	} else if (is(w, 1, "replies") && w->count == 3) {
		return reply(f, w);
	} else if (is(w, 0, "rehearse")) {
		e = fake_event(f, EVENT_REHEARSE);
		e.rehearse.request = (struct request){2, 1};
	} else {
		return false;
	}
	fake_step(f, &e);
	return true;
}

/* "-18.5" -> -18500 */
static int64_t thousandths(const char *text)
{
	const char *point = strchr(text, '.');
	int64_t whole = strtoll(text, NULL, 10) * 1000, part = 0, each = 100;

	for (; point && *++point; each /= 10)
		part += (*point - '0') * each;
	return text[0] == '-' ? whole - part : whole + part;
}

/* sensor NAME VALUE|lost · fault CONDITION [PLACE] failing|well */
bool script_room(struct fake_shell *f, const struct words *w)
{
	struct event e;

	if (is(w, 0, "sensor") && w->count == 3) {
		e = fake_event(f, EVENT_SENSOR);
		while (e.sensor.sensor < f->config.sensors &&
		       !is(w, 1, f->config.sensor[e.sensor.sensor].place.name))
			e.sensor.sensor++;
		e.sensor.lost = is(w, 2, "lost");
		e.sensor.value = e.sensor.lost ? 0 : thousandths(w->word[2]);
	} else if (is(w, 0, "fault") && w->count >= 3) {
		e = fake_event(f, EVENT_FAULT);
		if (!condition_parse(w->word[1], &e.fault.condition))
			return false;
		if (w->count == 4)
			e.fault.place = step_place(w->word[2]);
		e.fault.failing = is(w, w->count - 1, "failing");
	} else {
		return false;
	}
	fake_step(f, &e);
	return true;
}
