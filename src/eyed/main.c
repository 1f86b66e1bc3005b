/*
 * main.c: eyed looks through one camera and says what codes it sees, to shopd, which takes it for a
 * scanner (device/scanner_eye.c). It is a program of its own because a picture is the most hostile
 * thing that a shop reads: whoever makes its decoder stumble has a process without a network,
 * without files and without any device but the camera, and can say of it what anybody can print.
 *
 * The socket is there while there are pictures. A camera that is gone, or that sends none for
 * PICTURE_WAIT_MS, takes it along, so that shopd's scanner is lost and somebody is told; it is
 * opened again each REOPEN_MS. Pictures are looked at while somebody listens, `rate` a second at
 * most, and with twice the time that a look took between two looks: on the slowest machine, and by
 * the most tiresome picture, that is a third of one core.
 *
 * No code is ever written to the log, and no picture to anywhere.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "eyed/capture.h"
#include "eyed/config.h"
#include "eyed/seen.h"
#include "eyed/serve.h"
#include "loop/loop.h"

#define REOPEN_MS	1000
#define PICTURE_WAIT_MS 3000 /* longer than any camera takes to find its light */
#define REST_FACTOR	2

enum {
	EXIT_REFUSED = 1,
	EXIT_USAGE = 2,
};

struct eye {
	struct config config;
	char path[sizeof(((struct config *)0)->run) + PLACE_MAX_LEN + sizeof("/.sock")];
	struct loop *loop;
	struct timer *timer;
	struct capture *capture; /* NULL: not there */
	struct watch *watch;
	struct serve *serve; /* NULL: no picture has come yet */
	struct seen seen;
	struct mono look_at; /* not before */
	bool complained;
};

static void camera_lost(struct eye *e, const char *why)
{
	if (!e->complained)
		fprintf(stderr, "%s: %s\n", e->config.camera, why);
	e->complained = true;
	watch_free(e->watch);
	e->watch = NULL;
	capture_close(e->capture);
	e->capture = NULL;
	serve_close(e->serve);
	e->serve = NULL;
	timer_arm(e->timer, mono_add(loop_mono(), REOPEN_MS));
}

/* The first picture of a camera: now it can be relied on. */
static void camera_there(struct eye *e)
{
	int r = serve_open(e->loop, e->path, &e->serve);

	if (r < 0) {
		char why[200];

		snprintf(why, sizeof(why), "no socket at %.120s: %s", e->path, strerror(-r));
		camera_lost(e, why);
		return;
	}
	fprintf(stderr, "%s: the camera is there\n", e->config.camera);
	e->complained = false;
}

static void look(struct eye *e, const struct picture *p)
{
	struct mono before = loop_mono(), now;
	struct code code[CODES_MAX];
	uint32_t codes = decode(p, e->config.codes, code, CODES_MAX);
	int64_t pause = 1000 / e->config.rate, took;

	CHECK(codes <= CODES_MAX);
	now = loop_mono();
	took = now.ms - before.ms;
	for (uint32_t i = 0; i < codes; i++)
		if (seen_new(&e->seen, &code[i], now))
			serve_code(e->serve, &code[i]);
	if (pause < took * (1 + REST_FACTOR))
		pause = took * (1 + REST_FACTOR);
	e->look_at = mono_add(before, pause);
}

static void on_picture(void *data, int fd, uint32_t events)
{
	struct eye *e = data;
	struct picture p;
	int r = capture_picture(e->capture, &p);

	(void)fd;
	(void)events;
	if (r < 0) {
		camera_lost(e, r == -EPROTO ? "it says what no camera would" : strerror(-r));
		return;
	}
	if (r == 0)
		return;
	timer_arm(e->timer, mono_add(loop_mono(), PICTURE_WAIT_MS));
	if (!e->serve)
		camera_there(e);
	if (e->serve && serve_wanted(e->serve) && mono_due(loop_mono(), e->look_at))
		look(e, &p);
}

static void camera_open(struct eye *e)
{
	const struct config *c = &e->config;
	char why[200];
	int r = capture_open(c->camera, (uint32_t)c->width, (uint32_t)c->height, (uint32_t)c->rate,
			     &e->capture, why);

	if (r == 0) {
		r = watch_add(e->loop, capture_fd(e->capture), EPOLLIN, WATCH_NORMAL, on_picture, e,
			      &e->watch);
		snprintf(why, sizeof(why), "%s", strerror(-r));
	}
	if (r < 0) {
		camera_lost(e, why);
		return;
	}
	timer_arm(e->timer, mono_add(loop_mono(), PICTURE_WAIT_MS));
}

static void on_timer(void *data)
{
	struct eye *e = data;

	if (e->capture)
		camera_lost(e, "no picture comes");
	else
		camera_open(e);
}

static int eye_open(struct eye *e)
{
	int r = loop_new(&e->loop);

	snprintf(e->path, sizeof(e->path), "%s/%s.sock", e->config.run, e->config.name);
	if (r == 0)
		r = timer_add(e->loop, WATCH_NORMAL, 20, on_timer, e, &e->timer);
	if (r == 0)
		camera_open(e);
	return r;
}

static void eye_close(struct eye *e)
{
	serve_close(e->serve);
	watch_free(e->watch);
	capture_close(e->capture);
	timer_free(e->timer);
	loop_free(e->loop);
}

static int usage(FILE *out, int status)
{
	fputs("usage: eyed --config FILE   read codes with a camera, for shopd\n"
	      "       eyed --check FILE    say whether FILE can be used, and why not\n",
	      out);
	return status;
}

int main(int argc, char **argv)
{
	static struct eye eye;
	char why[CONF_WHY_MAX];
	bool check = argc == 3 && strcmp(argv[1], "--check") == 0;
	int r;

	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return usage(stdout, EXIT_SUCCESS);
	if (!check && !(argc == 3 && strcmp(argv[1], "--config") == 0))
		return usage(stderr, EXIT_USAGE);
	if (!config_load(argv[2], &eye.config, why)) {
		fprintf(stderr, "%s\n", why);
		return EXIT_REFUSED;
	}
	if (check) {
		printf("%s: good\n", argv[2]);
		return EXIT_SUCCESS;
	}
	r = eye_open(&eye);
	if (r == 0)
		r = loop_run(eye.loop);
	eye_close(&eye);
	if (r < 0)
		fprintf(stderr, "eyed: %s\n", strerror(-r));
	return r < 0 ? EXIT_REFUSED : EXIT_SUCCESS;
}
