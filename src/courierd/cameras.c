/*
 * cameras.c: a camera each (camera.h decides, camera_ask.h asks), one timer, and the folder that
 * their pictures go to (pictures.h writes). Nothing here is waited for: cameras have an HTTP client
 * of their own, so that eight which hang take no request from a text, and the disk has a thread.
 *
 * Logs name a camera by its configured name; its address may hold a password, and is in none.
 */
#include "courierd/cameras.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "courierd/camera.h"
#include "courierd/camera_ask.h"
#include "courierd/pictures.h"

enum {
	TIMER_SLACK_MS = 50,
	PROBE_FIRST_MS = 1000, /* after the start, and one camera after the other */
	FORGET_FAILURES = 3,   /* in a row: perhaps the picture is elsewhere now */
	COMPLAIN_MS = 60000,
};

struct one {
	struct cameras *all;
	const struct camera_section *section;
	struct camera camera;
	struct camera_ask ask;
	uint64_t told_lost; /* of camera.lost, in the log */
};

struct cameras {
	struct loop *loop;
	camera_fault_fn *fault;
	void *data;
	struct http_client *client;
	struct pictures *pictures;
	struct timer *timer;
	struct mono complain_at;
	uint32_t cameras;
	struct one one[CAMERAS_MAX];
};

/* ---- how one fares ---- */

static void failed_tell(const struct one *o, const char *why)
{
	const struct camera_owed *f = &o->camera.flight;

	/* the first time, and whenever a picture is missing for it beside an alarm */
	if (o->camera.failures == 1)
		fprintf(stderr, "camera %s: %s\n", o->section->name, why);
	else if (!f->probe && f->kind == PICTURE_ALARM)
		fprintf(stderr, "camera %s: no picture of alarm %llu: %s\n", o->section->name,
			(unsigned long long)f->ref, why);
}

static void result(struct one *o, const char *why)
{
	enum camera_change change = camera_result(&o->camera, loop_mono(), why == NULL);

	if (why != NULL) {
		failed_tell(o, why);
		if (o->camera.failures % FORGET_FAILURES == 0)
			camera_ask_forget(&o->ask);
	}
	if (change == CAMERA_SAME)
		return;
	fprintf(stderr, "camera %s: %s%s\n", o->section->name,
		change == CAMERA_FAILS ? "it fails: " : "it is well",
		change == CAMERA_FAILS ? why : "");
	o->all->fault(o->all->data, o->section->name, change == CAMERA_FAILS);
}

/* Pictures that nobody had time to take: a line a minute, however many there are. */
static void lost_tell(struct cameras *c)
{
	struct mono now = loop_mono();

	if (!mono_due(now, c->complain_at))
		return;
	for (uint32_t i = 0; i < c->cameras; i++) {
		struct one *o = &c->one[i];

		if (o->camera.lost == o->told_lost)
			continue;
		fprintf(stderr, "camera %s: pictures that could not be taken in time: %llu\n",
			o->section->name, (unsigned long long)(o->camera.lost - o->told_lost));
		o->told_lost = o->camera.lost;
		c->complain_at = mono_add(now, COMPLAIN_MS);
	}
}

/* ---- asking ---- */

static void one_work(struct one *o)
{
	struct camera_owed owed;

	while (camera_next(&o->camera, loop_mono(), &owed)) {
		const char *why = camera_ask_start(&o->ask);

		if (why == NULL)
			return;
		result(o, why);
	}
}

static void work(struct cameras *c)
{
	struct mono at = MONO_NEVER;

	for (uint32_t i = 0; i < c->cameras; i++) {
		one_work(&c->one[i]);
		at = mono_min(at, camera_deadline(&c->one[i].camera));
	}
	lost_tell(c);
	timer_arm(c->timer, at);
}

static void on_due(void *data)
{
	work(data);
}

static void keep(struct one *o, struct span jpeg, struct wall at)
{
	struct picture p = {
		.at = at,
		.kind = o->camera.flight.kind,
		.ref = o->camera.flight.ref,
	};

	if (p.at.ms < 0) /* a clock that was never set */
		p.at.ms = 0;
	memcpy(p.camera, o->section->name, sizeof(p.camera));
	(void)pictures_keep(o->all->pictures, &p, jpeg); /* it says so itself when it cannot */
}

static void on_asked(void *data, struct span jpeg, struct wall at, const char *why)
{
	struct one *o = data;

	if (why == NULL && !o->camera.flight.probe)
		keep(o, jpeg, at);
	result(o, why);
	work(o->all);
}

/* ---- start and stop ---- */

static int all_open(struct cameras *c, const struct config *config)
{
	int r = http_client_new(c->loop, &c->client);

	if (r == 0)
		r = timer_add(c->loop, WATCH_NORMAL, TIMER_SLACK_MS, on_due, c, &c->timer);
	if (r < 0)
		return r;
	for (uint32_t i = 0; i < config->cameras; i++) {
		struct one *o = &c->one[c->cameras++];

		o->all = c;
		o->section = &config->camera[i];
		camera_init(&o->camera, loop_mono(), PROBE_FIRST_MS * (int64_t)(i + 1));
		camera_ask_init(&o->ask, c->client, o->section, on_asked, o);
	}
	work(c);
	return 0;
}

int cameras_open(struct loop *loop, const struct config *config, camera_fault_fn *fault, void *data,
		 struct cameras **ret)
{
	struct cameras *c = calloc(1, sizeof(*c));
	int r = 0;

	if (c == NULL)
		return -ENOMEM;
	*c = (struct cameras){.loop = loop, .fault = fault, .data = data};
	/* what was kept goes its way also when the last camera is gone */
	if (config->cameras > 0 || pictures_there(config->state))
		r = pictures_open(config->state, config->pictures.keep_hours,
				  config->pictures.disk_mb, &c->pictures);
	if (r == 0 && config->cameras > 0)
		r = all_open(c, config);
	if (r < 0)
		cameras_close(c);
	else
		*ret = c;
	return r;
}

void cameras_close(struct cameras *c)
{
	if (c == NULL)
		return;
	http_client_free(c->client);
	timer_free(c->timer);
	pictures_close(c->pictures);
	free(c);
}

/* ---- what is asked of it ---- */

void cameras_take(struct cameras *c, enum picture_kind kind, uint64_t ref)
{
	struct mono now = loop_mono();

	if (c->cameras == 0)
		return;
	for (uint32_t i = 0; i < c->cameras; i++)
		camera_owe(&c->one[i].camera, now, kind, ref);
	work(c);
}

void cameras_faults(struct cameras *c)
{
	for (uint32_t i = 0; i < c->cameras; i++)
		if (c->one[i].camera.known)
			c->fault(c->data, c->one[i].section->name, c->one[i].camera.failing);
}
