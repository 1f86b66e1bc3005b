/* counter.c: puts counterd together and takes it apart, in an order in which nothing waits for what
 * is gone: shopd's line first, the HTTP server last; at the end the other way round. */
#include "counterd/counter.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "counterd/routes.h"

/* NULL: everybody's */
static void end_sessions(struct counter *c, const uint8_t customer[16])
{
	struct customer of;

	if (customer)
		memcpy(of.byte, customer, sizeof(of.byte));
	sessions_close(&c->sessions, customer ? &of : NULL);
	events_session_ended(c);
}

static void on_shopd_message(void *data, const union message *m)
{
	struct counter *c = data;

	if (m->head.type == MESSAGE_NEWS)
		events_news(c, m->news.head_seq);
	else if (m->head.type == MESSAGE_BLOCKED)
		end_sessions(c, m->blocked.customer);
	else if (!kiosk_message(c, m) && m->head.request != 0)
		pending_reply(c, m);
}

static void on_shopd_state(void *data, bool up)
{
	struct counter *c = data;

	kiosk_shopd(c, up);
	if (up)
		return;
	c->tally.shopd_absences += c->pending.waiting;
	pending_refuse_all(c);
	end_sessions(c, NULL); /* who is blocked while we cannot hear it must not go on */
}

static void on_gone(void *data, struct http_request *r)
{
	struct counter *c = data;

	if (!kiosk_gone(c, r))
		events_gone(c, r);
}

static int open_link(struct counter *c, char why[CONFIG_WHY_MAX])
{
	char path[CONFIG_PATH_MAX + sizeof("/counter.sock")];
	int r;

	snprintf(path, sizeof(path), "%s/counter.sock", c->config.run);
	r = link_open(c->loop, path, ROLE_COUNTER, "counterd", on_shopd_message, on_shopd_state, c,
		      &c->link);
	if (r < 0)
		snprintf(why, CONFIG_WHY_MAX, "%s: %s", path, strerrordesc_np(-r));
	return r;
}

int counter_open(struct counter *c, struct loop *loop, const struct config *config,
		 char why[CONFIG_WHY_MAX])
{
	const struct http_handler handler = {routes_serve, on_gone, c};
	int r;

	memset(c, 0, sizeof(*c));
	c->config = *config;
	c->loop = loop;
	r = pending_open(c);
	if (r == 0)
		r = events_open(c);
	if (r == 0)
		r = kiosk_open(c);
	if (r == 0)
		r = album_open(c);
	if (r == 0)
		r = turns_open(c);
	if (r == 0)
		r = site_open(c);
	if (r == 0)
		r = reader_open(config->state, &c->reader);
	if (r < 0) {
		snprintf(why, CONFIG_WHY_MAX, "cannot start: %s", strerrordesc_np(-r));
		return r;
	}
	r = open_link(c, why);
	return r < 0 ? r
		     : http_server_open(loop, config->listen, &handler, &http_limits_shop, &c->http,
					why);
}

void counter_close(struct counter *c)
{
	events_close(c);
	kiosk_close(c);
	album_close(c);
	turns_close(c);
	pending_close(c);
	http_server_close(c->http);
	if (c->link)
		link_close(c->link);
	if (c->reader)
		reader_close(c->reader);
	site_close(c);
	memset(c, 0, sizeof(*c));
}
