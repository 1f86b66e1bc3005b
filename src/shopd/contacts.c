/*
 * contacts.c: doors with two contacts: `contact`, closed while the door is shut, and `contact_2`,
 * open while it is shut. One of them alone shows a cut wire as an open door and a shorted one as a
 * shut door; of the two together exactly one is closed, whatever the door does. Where that is not
 * so for longer than a door takes to pass both magnets, somebody has been at a wire: the door is
 * not watched (`fault`) and that is tampering.
 *
 * The second contact has its line for itself: a name that is misspelt, or a line that somebody else
 * has, leaves the door to its first contact, and is told as a sensor that fails.
 */
#include "shopd/contacts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#define PAIR_MS	  1000 /* magnets a hand's breadth apart, and a door that is opened slowly */
#define RETRY_MS  1000 /* a cable plugged in again is noticed within a second */
#define EDGES_MAX 16   /* a wake-up: a chattering contact must not starve the readers */

static bool never(struct mono at)
{
	return at.ms == MONO_NEVER.ms;
}

struct heard {
	bool known, on;
};

struct pair {
	struct contacts *all;
	uint8_t door;
	struct gpio *gpio; /* of contact_2; NULL: not there */
	struct watch *watch;
	struct mono retry;
	struct heard first, second;
	struct heard tamper; /* of the door's own line; known and off where it has none */
	bool torn;	     /* they contradict each other, and the core knows */
	struct mono since;   /* … since when; MONO_NEVER: they do not */
};

struct contacts {
	struct shopd *sd;
	struct timer *timer;
	uint32_t pairs;
	struct pair pair[DOORS_MAX];
};

static void tell(const struct pair *p, enum door_part part, bool level, bool lost)
{
	struct shopd *sd = p->all->sd;
	struct event e = shopd_event(sd, EVENT_PART);

	e.part.door = p->door;
	e.part.part = part;
	e.part.level = level;
	e.part.lost = lost;
	shopd_step(sd, &e);
}

static void tell_contact(const struct pair *p)
{
	tell(p, PART_CONTACT, p->first.on, p->torn || !p->first.known);
}

static void tell_tamper(const struct pair *p)
{
	tell(p, PART_TAMPER, p->torn || p->tamper.on, !p->tamper.known || !p->second.known);
}

/* What both say now, against what they said before. */
static void pair_judge(struct pair *p)
{
	struct shopd *sd = p->all->sd;
	const char *door = sd->config.door[p->door].name;
	bool both = p->first.known && p->second.known;
	struct mono now = loop_mono();

	if (!both || p->first.on != p->second.on) {
		p->since = MONO_NEVER;
		if (!p->torn || !both)
			return;
		p->torn = false;
		journal_line(sd, "doors: %s: its contacts agree again", door);
	} else {
		if (never(p->since))
			p->since = now;
		if (p->torn || !mono_due(now, mono_add(p->since, PAIR_MS)))
			return;
		p->torn = true;
		journal_line(sd,
			     "doors: %s: its contacts contradict each other: a wire of theirs is "
			     "cut or shorted",
			     door);
	}
	tell_contact(p);
	tell_tamper(p);
}

static void timer_set(struct contacts *all)
{
	struct mono at = MONO_NEVER;

	for (uint32_t i = 0; i < all->pairs; i++) {
		const struct pair *p = &all->pair[i];

		if (!p->gpio)
			at = mono_min(at, p->retry);
		if (!p->torn && !never(p->since))
			at = mono_min(at, mono_add(p->since, PAIR_MS));
	}
	timer_arm(all->timer, at);
}

/* --- the second contact's line */

static void second_gone(struct pair *p, const char *why)
{
	struct shopd *sd = p->all->sd;
	const struct door_section *d = &sd->config.door[p->door];

	if (p->second.known || never(p->retry))
		journal_line(sd, "doors: %s: contact_2 = %s: %s", d->name, d->contact_2, why);
	watch_free(p->watch);
	p->watch = NULL;
	gpio_close(p->gpio);
	p->gpio = NULL;
	p->second.known = false;
	p->retry = mono_add(loop_mono(), RETRY_MS);
}

static void on_edge(void *data, int fd, uint32_t events)
{
	struct pair *p = data;
	struct gpio_edge edge;
	int r = 0;

	(void)fd;
	(void)events;
	for (int i = 0; i < EDGES_MAX && (r = gpio_edge(p->gpio, &edge)) > 0; i++)
		p->second.on = edge.level;
	if (r < 0) {
		second_gone(p, strerror(-r));
		tell_tamper(p);
	}
	pair_judge(p);
	timer_set(p->all);
}

static void second_open(struct pair *p)
{
	struct shopd *sd = p->all->sd;
	struct gpio_line line = {.pull_up = true};
	char why[200] = "";
	int level = -ENODEV, r;

	snprintf(line.name, sizeof(line.name), "%s", sd->config.door[p->door].contact_2);
	r = gpio_open(sd->config.gpio, &line, 1, &p->gpio, why);
	if (r == 0)
		r = watch_add(sd->loop, gpio_fd(p->gpio), EPOLLIN, WATCH_DOOR, on_edge, p,
			      &p->watch);
	if (r == 0)
		level = r = gpio_get(p->gpio, 0);
	if (r < 0)
		second_gone(p, why[0] ? why : strerror(-r));
	else
		p->second = (struct heard){.known = true, .on = level > 0};
}

static void on_timer(void *data)
{
	struct contacts *all = data;

	for (uint32_t i = 0; i < all->pairs; i++) {
		struct pair *p = &all->pair[i];

		if (!p->gpio && mono_due(loop_mono(), p->retry)) {
			second_open(p);
			if (p->second.known)
				tell_tamper(p);
		}
		pair_judge(p);
	}
	timer_set(all);
}

/* --- the door's own lines */

bool contacts_part(struct shopd *sd, uint8_t door, enum door_part part, bool level, bool lost)
{
	struct pair *p = NULL;

	for (uint32_t i = 0; sd->contacts && i < sd->contacts->pairs; i++)
		if (sd->contacts->pair[i].door == door)
			p = &sd->contacts->pair[i];
	if (!p || (part != PART_CONTACT && part != PART_TAMPER))
		return false;
	if (part == PART_TAMPER) {
		p->tamper = (struct heard){.known = !lost, .on = level};
		tell_tamper(p);
		return true;
	}
	p->first = (struct heard){.known = !lost, .on = level};
	if (lost)
		p->torn = false;
	if (!p->torn)
		tell_contact(p);
	pair_judge(p);
	timer_set(p->all);
	return true;
}

void contacts_levels(struct shopd *sd)
{
	for (uint32_t i = 0; sd->contacts && i < sd->contacts->pairs; i++)
		tell_tamper(&sd->contacts->pair[i]);
}

int contacts_start(struct shopd *sd)
{
	struct contacts *all;
	int r;

	for (uint32_t d = 0; d < sd->config.doors; d++) {
		if (!sd->config.door[d].contact_2[0])
			continue;
		if (!sd->contacts && !(sd->contacts = calloc(1, sizeof(*sd->contacts))))
			return -ENOMEM;
		sd->contacts->pair[sd->contacts->pairs++] = (struct pair){.all = sd->contacts,
									  .door = (uint8_t)d,
									  .tamper = {.known = true},
									  .retry = MONO_NEVER,
									  .since = MONO_NEVER};
	}
	all = sd->contacts;
	if (!all)
		return 0;
	all->sd = sd;
	r = timer_add(sd->loop, WATCH_DOOR, 0, on_timer, all, &all->timer);
	if (r < 0)
		return r;
	for (uint32_t i = 0; i < all->pairs; i++)
		second_open(&all->pair[i]);
	timer_set(all);
	return 0;
}

void contacts_stop(struct shopd *sd)
{
	for (uint32_t i = 0; sd->contacts && i < sd->contacts->pairs; i++) {
		watch_free(sd->contacts->pair[i].watch);
		gpio_close(sd->contacts->pair[i].gpio);
	}
	if (sd->contacts)
		timer_free(sd->contacts->timer);
	free(sd->contacts);
	sd->contacts = NULL;
}
