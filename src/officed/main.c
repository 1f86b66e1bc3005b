/*
 * main.c: officed, the head office of one shop or of ten thousand. One loop holds all connections;
 * threads hold the database (work.h). This file makes the parts, tells them of each other, and
 * takes them down in an order in which nobody is left holding what is gone.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "net/http_client.h"
#include "officed/bill_post.h"
#include "officed/bill_render.h"
#include "officed/hook.h"
#include "officed/keep.h"
#include "officed/keys.h"
#include "officed/poll.h"
#include "officed/pulse.h"
#include "officed/rebuild.h"
#include "officed/recover.h"
#include "officed/text_send.h"
#include "officed/web.h"

enum {
	EXIT_REFUSED = 1,
	EXIT_USAGE = 2,
	SPARE_FDS = 1100,
};

struct officed {
	struct config config;
	struct office_keys keys;
	struct loop *loop;
	struct work *work;
	struct fleet *fleet;
	struct polls *polls;
	struct pulse *pulse;
	struct http_client *http;
	struct texts *texts;
	struct post *post;
	struct recover *recover;
	struct hook_post *hooks;
	struct keep *keep;
	struct web *web;
};

/* ---- who hears of what ---- */

static void on_changed(void *data, struct shop_now *shop)
{
	struct officed *o = data;

	polls_changed(o->polls, shop);
}

static void on_looked(void *data, bool good)
{
	struct officed *o = data;

	if (o->web != NULL)
		web_looked(o->web, good);
}

static void on_heartbeat(void *data, struct asked *a)
{
	struct officed *o = data;

	pulse_heard(o->pulse, a);
}

static void on_poll(void *data, struct asked *a)
{
	struct officed *o = data;

	polls_take(o->polls, a);
}

static void on_poll_answered(void *data, struct asked *a)
{
	struct officed *o = data;

	polls_answered(o->polls, a);
}

static void on_gone(void *data, struct asked *a)
{
	struct officed *o = data;

	polls_gone(o->polls, a);
}

/* ---- start and stop ---- */

/** A connection for each shop's poll and its next request, and what nginx keeps spare. */
static void files_allow(const struct config *c)
{
	struct rlimit limit;
	rlim_t want = 2 * (rlim_t)c->shops_max + SPARE_FDS;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= want)
		return;
	limit.rlim_cur = want < limit.rlim_max ? want : limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_cur < want)
		fprintf(stderr,
			"officed: %llu open files are allowed, shops_max = %u wants %llu: raise "
			"LimitNOFILE\n",
			(unsigned long long)limit.rlim_cur, c->shops_max, (unsigned long long)want);
}

static int open_all(struct officed *o, char why[CONF_WHY_MAX])
{
	struct fleet_listener changes = {on_changed, on_looked, o};
	struct web_listener requests = {on_heartbeat, on_poll, on_poll_answered, on_gone, o};
	int r = work_open(o->loop, &o->config, &o->keys, &o->work);

	snprintf(why, CONF_WHY_MAX, "cannot start");
	if (r == 0)
		r = polls_open(o->loop, &o->polls);
	if (r == 0)
		r = fleet_open(o->loop, o->work, &changes, &o->fleet);
	if (r == 0)
		r = pulse_open(o->loop, o->work, &o->pulse);
	if (r == 0)
		r = http_client_new(o->loop, &o->http);
	if (r == 0)
		r = texts_open(o->loop, o->work, o->http, &o->config, &o->texts);
	if (r == 0)
		r = post_open(o->loop, o->work, &o->config, &o->post);
	if (r == 0)
		r = recover_open(o->loop, o->work, &o->config, &o->recover);
	if (r == 0)
		r = hook_post_open(o->loop, o->work, &o->config, &o->hooks);
	if (r == 0)
		r = keep_open(o->loop, o->work, &o->keep);
	if (r == 0)
		r = web_open(o->loop, &o->config, &o->keys, o->work, o->fleet, &requests, &o->web,
			     why);
	return r;
}

static void close_all(struct officed *o)
{
	web_stop(o->web);
	polls_stop(o->polls);
	pulse_stop(o->pulse);
	texts_stop(o->texts);
	keep_stop(o->keep);
	hook_post_stop(o->hooks);
	http_client_free(o->http); /* its callbacks are not called any more */
	work_close(o->work);	   /* what ran is answered, what waited is refused */
	polls_stop(o->polls);	   /* what those answers would have held on */
	web_free(o->web);
	texts_free(o->texts);
	post_close(o->post);
	recover_close(o->recover);
	hook_post_free(o->hooks);
	keep_free(o->keep);
	pulse_free(o->pulse);
	fleet_close(o->fleet);
	polls_free(o->polls);
	loop_free(o->loop);
	keys_free(&o->keys);
	explicit_bzero(&o->config, sizeof(o->config));
}

static int serve(struct officed *o)
{
	char why[CONF_WHY_MAX] = "no event loop";
	int r = loop_new(&o->loop);

	setenv("TZ", o->config.site.time_zone, 1); /* whose hours its texts tell */
	tzset();
	files_allow(&o->config);
	if (r == 0)
		r = open_all(o, why);
	if (r < 0) {
		fprintf(stderr, "officed: %s: %s\n", why, strerrordesc_np(-r));
	} else {
		fprintf(stderr, "officed: listening on %s (port %u)\n", o->config.listen,
			web_port(o->web));
		r = loop_run(o->loop);
		if (r < 0)
			fprintf(stderr, "officed: %s\n", strerrordesc_np(-r));
	}
	close_all(o);
	return r < 0 ? EXIT_REFUSED : EXIT_SUCCESS;
}

static int usage(FILE *out, int status)
{
	fputs("usage: officed --config FILE   serve\n"
	      "       officed --check FILE    say whether FILE and the keys it names can be used\n"
	      "       officed --rebuild-tables SHOP|all --config FILE\n"
	      "                               make tables again from the entries; 1: some "
	      "differed\n",
	      out);
	return status;
}

static int rebuild(struct officed *o, const char *shop, const char *file)
{
	char why[CONF_WHY_MAX];

	if (config_load(file, &o->config, why))
		return rebuild_tables(&o->config, shop);
	fprintf(stderr, "%s\n", why);
	return REBUILD_FAILED;
}

int main(int argc, char **argv)
{
	static struct officed officed; /* large: not for a stack */
	char why[CONF_WHY_MAX];
	bool check = argc == 3 && strcmp(argv[1], "--check") == 0;

	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return usage(stdout, EXIT_SUCCESS);
	if (argc == 2 && strcmp(argv[1], "--render") == 0) /* of ourselves: bill_render.h */
		return render_child();
	if (argc == 5 && strcmp(argv[1], "--rebuild-tables") == 0 &&
	    strcmp(argv[3], "--config") == 0)
		return rebuild(&officed, argv[2], argv[4]);
	if (!check && !(argc == 3 && strcmp(argv[1], "--config") == 0))
		return usage(stderr, EXIT_USAGE);
	if (!config_load(argv[2], &officed.config, why) ||
	    !keys_load(&officed.config, &officed.keys, why)) {
		fprintf(stderr, "%s\n", why);
		return EXIT_REFUSED;
	}
	if (!check)
		return serve(&officed);
	printf("%s: good\n", argv[2]);
	keys_free(&officed.keys);
	return EXIT_SUCCESS;
}
