/*
 * office_settings.c: policy as it holds now. Three say something, the later word counts:
 * shopd.conf, the feed, and a command of the office, until the feed speaks of that setting again.
 * What is empty or cannot be read falls back to shopd.conf, with a line in the log: a typing error
 * at the office must not open or shut a shop.
 */
#include "shopd/office.h"

#include <stdio.h>
#include <string.h>

static bool policy_is(const struct policy_config *a, const struct policy_config *b)
{
	return memcmp(a->hours, b->hours, sizeof(a->hours)) == 0 &&
	       a->occupancy_max == b->occupancy_max && a->barred == b->barred &&
	       a->door_log_days == b->door_log_days && a->roster_max_hours == b->roster_max_hours;
}

static const struct sync_setting *find(const struct sync_setting *s, uint32_t settings,
				       const char *name)
{
	for (uint32_t i = 0; i < settings; i++)
		if (strcmp(s[i].name, name) == 0)
			return &s[i];
	return NULL;
}

static void apply_one(struct shopd *sd, const struct sync_setting *s, struct policy_config *policy)
{
	char why[CONF_WHY_MAX] = "";

	if (s->value[0] == '\0')
		return; /* as in shopd.conf */
	if (!config_setting(s->name, s->value, policy, why))
		journal_line(sd, "settings: %s; shopd.conf holds", why);
}

static void step(struct shopd *sd)
{
	struct event e;

	if (!sd->shop.started || sd->shop.stopped)
		return;
	e = shopd_event(sd, EVENT_SETTINGS);
	config_policy(&sd->policy, &e.settings.policy);
	shopd_step(sd, &e);
}

void settings_apply(struct shopd *sd)
{
	const struct office_side *o = sd->office;
	struct policy_config policy = sd->config.policy;
	bool other;

	if (o->pin.enrolled) {
		for (uint32_t i = 0; i < o->feed.settings; i++)
			if (!find(o->pin.set, o->pin.sets, o->feed.setting[i].name))
				apply_one(sd, &o->feed.setting[i], &policy);
		for (uint32_t i = 0; i < o->pin.sets; i++)
			apply_one(sd, &o->pin.set[i], &policy);
	}
	other = !policy_is(&policy, &sd->policy);
	sd->policy = policy;
	if (other)
		journal_line(
			sd, "settings: hours, occupancy, barred goods or retention are others now");
	step(sd);
}

bool settings_command(struct shopd *sd, const struct sync_setting *s, char why[200])
{
	struct office_side *o = sd->office;
	struct policy_config policy = sd->config.policy;
	struct sync_setting *old;
	char wrong[CONF_WHY_MAX] = "";

	if (s->value[0] != '\0' && !config_setting(s->name, s->value, &policy, wrong)) {
		snprintf(why, 200, "%.199s", wrong);
		return false;
	}
	old = (struct sync_setting *)find(o->pin.set, o->pin.sets, s->name);
	if (!old && o->pin.sets == SETTINGS_MAX) {
		snprintf(why, 200, "too many settings");
		return false;
	}
	if (!old)
		old = &o->pin.set[o->pin.sets++];
	*old = *s;
	pin_save(sd, NULL);
	settings_apply(sd);
	return true;
}

void settings_feed(struct shopd *sd, const struct feed_state *fresh)
{
	struct office_side *o = sd->office;
	uint32_t kept = 0;

	/* of what was commanded, that stays of which the feed says what it said before */
	for (uint32_t i = 0; i < o->pin.sets; i++) {
		const char *name = o->pin.set[i].name;
		const struct sync_setting *was = find(o->feed.setting, o->feed.settings, name);
		const struct sync_setting *is = find(fresh->setting, fresh->settings, name);

		if (is && (!was || strcmp(was->value, is->value) != 0))
			continue;
		o->pin.set[kept++] = o->pin.set[i];
	}
	if (kept != o->pin.sets) {
		o->pin.sets = kept;
		pin_save(sd, NULL);
	}
	o->feed = *fresh;
	settings_apply(sd);
}
