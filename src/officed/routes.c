/*
 * routes.c: the tables of all authors, joined once. Where a path of one could be read as a path of
 * another, the first is meant: literal segments stand before {names} by the order below.
 */
#include "officed/table.h"

#include "base/check.h"

enum {
	ROUTES_MAX = 160
};

static const struct office_route *const tables[] = {
	place_routes, shops_routes, feed_routes, intake_routes, pull_routes,	 people_routes,
	goods_routes, bill_routes,  hook_routes, me_routes,	operator_routes,
};

static struct {
	uint32_t rows;
	struct route_row row[ROUTES_MAX];
	const struct office_route *route[ROUTES_MAX];
} joined;

/* Before any request comes: only the loop's thread asks. */
static void join(void)
{
	if (joined.rows > 0)
		return;
	for (uint32_t t = 0; t < ARRAY_LEN(tables); t++) {
		for (const struct office_route *r = tables[t]; r->method != NULL; r++) {
			CHECK(joined.rows < ROUTES_MAX);
			joined.row[joined.rows] =
				(struct route_row){.method = r->method, .path = r->path};
			joined.route[joined.rows++] = r;
		}
	}
}

enum routed table_find(const char *method, const char *path, const struct office_route **ret,
		       struct route_match *ret_match)
{
	enum routed routed;

	join();
	routed = route_match(joined.row, joined.rows, method, path, ret_match);
	if (routed == ROUTED)
		*ret = joined.route[ret_match->route];
	return routed;
}

uint32_t table_body_max(void)
{
	uint32_t most = 0;

	join();
	for (uint32_t i = 0; i < joined.rows; i++)
		if (joined.route[i]->body_max > most)
			most = joined.route[i]->body_max;
	return most;
}

const struct office_route *table_each(uint32_t i)
{
	join();
	return i < joined.rows ? joined.route[i] : NULL;
}
