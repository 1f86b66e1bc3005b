/*
 * site.c: pages, and GET /v1/place, which tells a page where it is: which shop, what its doors and
 * tills are called, which office knows the people. A phone that has heard so once shows tokens at
 * the door without asking again; so a shopd that is away for a moment does not take the answer
 * away.
 */
#include "counterd/site.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "counterd/counter.h"
#include "counterd/problem.h"
#include "counterd/reply.h"
#include "counterd/routes.h"

#define PLACE_JSON_MAX                                                                             \
	(512 + (DOORS_MAX + TILLS_MAX) * (PLACE_MAX_LEN + 3) + JSON_TEXT_MAX(64) + PAGES_ORIGIN_MAX)

int site_open(struct counter *c)
{
	c->site.pages = pages_open(c->config.web);
	if (!c->site.pages)
		return -ENOMEM;
	if (!pages_there(c->site.pages))
		fprintf(stderr, "counterd: there are no pages in %s: build them with `make web`\n",
			c->config.web);
	c->site.whose = pages_site_of(PAGES_SHOP, c->config.office);
	return 0;
}

void site_close(struct counter *c)
{
	pages_close(c->site.pages);
	c->site.pages = NULL;
}

bool site_page(struct counter *c, struct http_request *r)
{
	struct http_answer answer;

	switch (pages_find(c->site.pages, &c->site.whose, r, &answer)) {
	case PAGES_NO_PATH:
		return false;
	case PAGES_NO_METHOD:
		problem_method(c, r, PAGES_METHODS);
		return true;
	case PAGES_FOUND:
		reply_answer(c, r, &answer);
		return true;
	}
	panic(__FILE__, __LINE__, "a page that is none");
}

/* --- where we are --- */

static void put_names(struct builder *b, uint32_t names, const char name[][PLACE_MAX_LEN + 1])
{
	json_put(b, "[");
	for (uint32_t i = 0; i < names; i++) {
		json_put(b, i > 0 ? "," : "");
		json_text(b, name[i]);
	}
	json_put(b, "]");
}

static void place_reply(struct counter *c, struct http_request *r)
{
	const struct message_status_is *place = &c->site.place;
	char body[PLACE_JSON_MAX];
	struct builder b = builder_of(body, sizeof(body));

	json_put(&b, "{\"here\":\"shop\",\"shop\":");
	json_text(&b, c->config.shop);
	json_put(&b, ",\"doors\":");
	put_names(&b, place->doors, place->door);
	json_put(&b, ",\"tills\":");
	put_names(&b, place->tills, place->till);
	json_put(&b, ",\"office\":");
	if (c->config.office[0] != '\0')
		json_text(&b, c->config.office);
	else
		json_put(&b, "null");
	json_put(&b, ",\"currency\":");
	json_text(&b, c->config.currency);
	json_put(&b, c->config.language == LANGUAGE_SV ? ",\"language\":\"sv\""
						       : ",\"language\":\"en\"");
	json_put(&b, ",\"time_zone\":");
	json_text(&b, place->time_zone);
	json_put(&b, "}");
	reply_json(c, r, 200, &b);
}

static void on_place(struct counter *c, struct http_request *r, const union message *m)
{
	c->site.place = m->status_is;
	c->site.known = true;
	place_reply(c, r);
}

void place_show(struct counter *c, const struct call *call)
{
	union message m;

	if (c->site.known && !link_up(c->link)) {
		place_reply(c, call->request);
		return;
	}
	message_init(&m, MESSAGE_STATUS, 0);
	pending_ask(c, call->request, &m, MESSAGE_STATUS_IS, on_place);
}
