/*
 * main.c: courierd carries things out of the shop, and nothing in that could open a door: alarms as
 * texts, and the answers to them (texting.h); what head office and the shop have to tell each other
 * (office.h); pictures of what happened (cameras.h); how the UPS stands (ups.h).
 *
 * They share a loop and the link to shopd, and nothing else: each has requests of its own, so an
 * office or a camera that hangs takes none of those that texts need.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "courierd/cameras.h"
#include "courierd/config.h"
#include "courierd/office.h"
#include "courierd/texting.h"
#include "courierd/update.h"
#include "courierd/ups.h"
#include "loop/loop.h"
#include "net/http_client.h"
#include "net/socket.h"

enum {
	EXIT_REFUSED = 1,
	EXIT_USAGE = 2,
};

_Static_assert(LANES <= (int)HTTP_RUNNING_MAX, "a request for each of the office's lanes");

struct courier {
	struct config config;
	struct loop *loop;
	struct link *link;
	struct http_client *http; /* the office's */
	struct office *office;
	struct texting *texting;
	struct cameras *cameras;
	struct updater *updater;
	struct ups *ups[UPSES_MAX];
};

/* ---- between shopd and the parts ---- */

static void on_camera(void *data, const char *camera, bool failing)
{
	struct courier *c = data;
	union message m;

	message_init(&m, MESSAGE_FAULT, 0);
	m.fault.condition = CONDITION_CAMERA_LOST;
	m.fault.failing = failing;
	snprintf(m.fault.place, sizeof(m.fault.place), "%s", camera);
	(void)link_send(c->link, &m); /* cameras_faults() says it again */
}

static void on_reading(void *data, const char *sensor, bool lost, int64_t value)
{
	struct courier *c = data;
	union message m;

	message_init(&m, MESSAGE_READING, 0);
	m.reading.lost = lost;
	m.reading.value = value;
	snprintf(m.reading.sensor, sizeof(m.reading.sensor), "%s", sensor);
	(void)link_send(c->link, &m); /* the next one comes in UPS_EVERY_MS */
}

static void on_message(void *data, const union message *m)
{
	struct courier *c = data;

	if (m->head.type == MESSAGE_PICTURE)
		cameras_take(c->cameras, (enum picture_kind)m->picture.kind, m->picture.ref);
	else if (!texting_message(c->texting, m))
		(void)office_message(c->office, m);
}

static void on_link(void *data, bool up)
{
	struct courier *c = data;

	fprintf(stderr, up ? "shopd is here\n" : "shopd is gone\n");
	office_link(c->office, up);
	if (!up)
		return;
	texting_link(c->texting);
	cameras_faults(c->cameras);
}

/* ---- start and stop ---- */

static int parts_open(struct courier *c, uint64_t seed)
{
	int r = http_client_new(c->loop, &c->http);

	if (r == 0)
		r = office_open(c->loop, c->link, c->http, c->config.state, ~seed, &c->office);
	if (r == 0)
		r = texting_open(c->loop, c->link, &c->config, seed, &c->texting);
	if (r == 0)
		r = cameras_open(c->loop, &c->config, on_camera, c, &c->cameras);
	if (r == 0)
		r = updater_open(c->loop, &c->config, seed ^ 1, &c->updater);
	for (uint32_t i = 0; r == 0 && i < c->config.upses; i++)
		r = ups_open(c->loop, &c->config.ups[i], on_reading, c, &c->ups[i]);
	return r;
}

static int courier_open(struct courier *c)
{
	char path[PATH_SIZE + sizeof("/courier.sock")];
	uint64_t seed;
	int r;

	if (getrandom(&seed, sizeof(seed), 0) != (ssize_t)sizeof(seed))
		return -errno;
	snprintf(path, sizeof(path), "%s/courier.sock", c->config.run);
	r = loop_new(&c->loop);
	if (r == 0) /* says nothing before the loop runs */
		r = link_open(c->loop, path, ROLE_COURIER, "courierd", on_message, on_link, c,
			      &c->link);
	return r == 0 ? parts_open(c, seed) : r;
}

static void courier_close(struct courier *c)
{
	for (uint32_t i = 0; i < UPSES_MAX; i++)
		ups_close(c->ups[i]);
	updater_close(c->updater);
	cameras_close(c->cameras);
	texting_close(c->texting);
	office_close(c->office);
	link_close(c->link);
	http_client_free(c->http);
	loop_free(c->loop);
	explicit_bzero(&c->config, sizeof(c->config));
}

static int usage(FILE *out, int status)
{
	fputs("usage: courierd --config FILE   carry alarms out as texts, bring their answers in, "
	      "talk with the office\n"
	      "       courierd --check FILE    say whether FILE can be used, and why not\n",
	      out);
	return status;
}

int main(int argc, char **argv)
{
	static struct courier courier; /* 30 kB: not for a stack */
	char why[CONF_WHY_MAX];
	bool check = argc == 3 && strcmp(argv[1], "--check") == 0;
	int r;

	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return usage(stdout, EXIT_SUCCESS);
	if (!check && !(argc == 3 && strcmp(argv[1], "--config") == 0))
		return usage(stderr, EXIT_USAGE);
	if (!config_load(argv[2], &courier.config, why)) {
		fprintf(stderr, "%s\n", why);
		return EXIT_REFUSED;
	}
	if (check) {
		printf("%s: good\n", argv[2]);
		return EXIT_SUCCESS;
	}
	setenv("TZ", courier.config.timezone, 1);
	tzset();
	r = courier_open(&courier);
	if (r == 0)
		r = loop_run(courier.loop);
	courier_close(&courier);
	if (r < 0)
		fprintf(stderr, "courierd: %s\n", strerror(-r));
	return r < 0 ? EXIT_REFUSED : EXIT_SUCCESS;
}
