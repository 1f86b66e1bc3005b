/*
 * web_site.c: what browsers make necessary. Under which name we were asked: our own, with the pages
 * of head office, or a shop's, with that shop's pages for phones that are away from it (design 3).
 * And whose pages may read our answers: a shop's page comes from another origin than ours and asks
 * us for what we alone know, with a signed token and never a cookie. So an answer is opened to the
 * origins of configured names alone (CORS), each by name, without credentials; `*` is never said.
 */
#include <stdio.h>
#include <string.h>

#include "officed/table.h"
#include "officed/web_inside.h"

#define PREFLIGHT_AGE_S "600"

/** Done in the shop, by its own box alone: what of include/api/shop.yaml is no path here. */
static const char *const in_shop[] = {
	"/v1/door/",	"/v1/visits",	"/v1/till/",	"/v1/session", "/v1/kiosk/",
	"/v1/now",	"/v1/timeline", "/v1/settings", "/v1/health",  "/v1/sensors",
	"/v1/pictures", "/v1/events",	"/v1/checks",	"/v1/reports",
};

static bool shop_known(const struct web *w, const char *shop)
{
	return shop[0] == '\0' || fleet_find(w->fleet, shop) != NULL;
}

static const char *origin_of(const struct web *w, const struct http_request *http)
{
	const char *origin = http->header[HTTP_ORIGIN];
	char shop[PLACE_MAX_LEN + 1];

	if (origin == NULL || (http->repeated >> HTTP_ORIGIN & 1) != 0 ||
	    !site_origin_known(w->config, origin, shop) || !shop_known(w, shop))
		return NULL;
	return origin;
}

static void header_add(struct http_answer *m, const char *name, const char *value)
{
	uint32_t n = 0;

	while (n < HTTP_ANSWER_HEADERS_MAX && m->header[n].name != NULL)
		n++;
	CHECK(n < HTTP_ANSWER_HEADERS_MAX);
	m->header[n] = (struct http_answer_header){name, value};
}

void web_send(struct web *w, struct http_request *http, struct http_answer *m)
{
	const char *origin = origin_of(w, http);

	if (origin != NULL) {
		header_add(m, "Access-Control-Allow-Origin", origin);
		header_add(m, "Access-Control-Expose-Headers", "ETag, Retry-After, SK-Next");
		header_add(m, "Vary", "Origin");
	}
	http_respond(http, m);
}

bool web_preflight(struct web *w, struct http_request *http)
{
	struct http_answer m = {
		.status = 204,
		.header = {{"Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE"},
			   {"Access-Control-Allow-Headers",
			    "Authorization, Content-Type, Accept-Language, If-None-Match"},
			   {"Access-Control-Max-Age", PREFLIGHT_AGE_S}}};

	if (strcmp(http->method, "OPTIONS") != 0 || origin_of(w, http) == NULL)
		return false;
	web_send(w, http, &m);
	return true;
}

bool web_shop(const struct web *w, const struct http_request *http, char ret[PLACE_MAX_LEN + 1])
{
	const char *host = http->header[HTTP_HOST];

	if (host == NULL || (http->repeated >> HTTP_HOST & 1) != 0 ||
	    !site_shop_of(w->config, host, ret))
		ret[0] = '\0';
	return shop_known(w, ret);
}

bool web_not_here(const char *path, const char *shop)
{
	for (uint32_t i = 0; i < ARRAY_LEN(in_shop) && shop[0] != '\0'; i++)
		if (strncmp(path, in_shop[i], strlen(in_shop[i])) == 0)
			return true;
	return false;
}

enum pages_found web_page(struct web *w, struct http_request *http, const char *shop)
{
	struct http_answer m;
	enum pages_found found =
		pages_find(w->pages, shop[0] != '\0' ? &w->shop_site : &w->own_site, http, &m);

	if (found == PAGES_FOUND)
		http_respond(http, &m);
	return found;
}

bool web_site_open(struct web *w)
{
	char own[SITE_ORIGIN_MAX + 1];

	site_own_origin(w->config, own);
	w->own_site = pages_site_of(PAGES_OFFICE, "");
	w->shop_site = pages_site_of(PAGES_SHOP, own);
	w->pages = pages_open(w->config->site.web);
	if (w->pages != NULL && !pages_there(w->pages))
		fprintf(stderr, "officed: there are no pages in %s: build them with `make web`\n",
			w->config->site.web);
	return w->pages != NULL;
}
