/*
 * place.c: GET /v1/place, by which a page learns where it is (counterd answers the same in the
 * shop). Under a shop's name: that shop, with its doors as its box last named them, so that a phone
 * which first saw this page at home shows the right code at the door. Under our own name: no shop.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "officed/json.h"
#include "officed/routes.h"

struct place_of {
	const struct config *config;
	const struct ask *ask;
	json_t *json;
	bool found;
};

static json_t *place_json(const struct place_of *p, const char *language, const char *currency,
			  json_t *doors)
{
	const char *shop = p->ask->place;
	char office[SITE_ORIGIN_MAX + 1];

	site_own_origin(p->config, office);
	return json_pack("{s:s, s:s?, s:o, s:[], s:s, s:s, s:s, s:s}", "here", "office", "shop",
			 shop[0] != '\0' ? shop : NULL, "doors", doors, "tills", "office", office,
			 "currency", currency, "language", language, "time_zone",
			 p->config->site.time_zone);
}

static json_t *doors_json(struct span said)
{
	json_t *doors = json_array();
	struct sync_heartbeat h;

	if (sync_heartbeat_take(said, &h))
		for (uint32_t i = 0; i < h.doors; i++)
			(void)json_array_append_new(doors, json_string(h.door[i].name));
	return doors;
}

static int place_read(struct db *d, void *data)
{
	struct place_of *p = data;
	struct db_rows *rows;

	db_ask(d, &rows,
	       "SELECT s.language, s.currency, n.said FROM shop s LEFT JOIN shop_seen n ON n.shop "
	       "= s.shop WHERE s.shop = $1",
	       DB_VALUES(db_text(p->ask->place)));

	json_decref(p->json);
	p->json = NULL;
	p->found = db_next(rows);
	if (p->found)
		p->json = place_json(p, db_col_text(rows, 0), db_col_text(rows, 1),
				     doors_json(db_col_bytes(rows, 2)));
	db_rows_end(rows);
	return db_failed(d);
}

/** Under our own name: and where the shops' pages are, for what leads people there. */
static json_t *own_json(const struct place_of *p)
{
	json_t *json = place_json(p, "sv", "SEK", json_array());
	char pages[SITE_ORIGIN_MAX + 1];

	if (site_shop_pages(p->config, pages))
		(void)json_object_set_new(json, "shop_pages", json_string(pages));
	return json;
}

static int place_show(struct office *o, const struct ask *a, struct reply *r)
{
	struct place_of p = {.config = o->config, .ask = a};
	int error = 0;

	if (a->place[0] == '\0')
		p.json = own_json(&p);
	else
		error = db_read(o->db, place_read, &p);
	if (error == 0 && p.json != NULL)
		reply_json(r, 200, p.json);
	else if (error == 0)
		reply_problem(r, 404, "unknown_shop", "There is no shop of this name.");
	else
		json_decref(p.json);
	return error;
}

const struct office_route place_routes[] = {
	{"GET", "/v1/place", FOR_ANYBODY, 0, NULL, NULL, 0, place_show},
	{.method = NULL},
};
