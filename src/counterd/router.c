/*
 * router.c: one table, a row for each method and path, the busiest first. A path is compared
 * segment by segment as it was sent: no percent-decoding, no dots, no doubled slashes, so that
 * there is one spelling of each. Where two rows' paths fit, the first is the path that is meant.
 */
#include "counterd/router.h"

#include <string.h>

#include "base/check.h"

static const struct {
	const char *method;
	const char *path;
	enum route route;
} table[ROUTES] = {
	{"PUT", "/v1/visits/{visit}/lines/{key}", ROUTE_LINE_PUT},
	{"DELETE", "/v1/visits/{visit}/lines/{key}", ROUTE_LINE_VOID},
	{"POST", "/v1/door/{door}/unlock", ROUTE_UNLOCK},
	{"POST", "/v1/visits", ROUTE_VISIT_OPEN},
	{"GET", "/v1/visits/{visit}", ROUTE_VISIT},
	{"POST", "/v1/visits/{visit}/close", ROUTE_CLOSE},
	{"GET", "/v1/visits/{visit}/receipt", ROUTE_RECEIPT},
	{"POST", "/v1/visits/{visit}/invite", ROUTE_INVITE},
	{"GET", "/v1/products/{gtin}", ROUTE_PRODUCT},
	{"GET", "/healthz", ROUTE_HEALTH},
	{"POST", "/v1/session", ROUTE_SESSION_OPEN},
	{"DELETE", "/v1/session", ROUTE_SESSION_CLOSE},
	{"GET", "/v1/events", ROUTE_EVENTS},
	{"GET", "/metrics", ROUTE_METRICS},
	{"POST", "/v1/visits/{visit}/lines/{key}/report", ROUTE_LINE_REPORT},
	{"POST", "/v1/visits/{visit}/lines/{key}/credit", ROUTE_LINE_CREDIT},
	{"GET", "/v1/invoices", ROUTE_INVOICES},
	{"GET", "/v1/invoices/{number}", ROUTE_INVOICE},
	{"POST", "/v1/invoices/{number}/credit", ROUTE_INVOICE_CREDIT},
	{"GET", "/v1/stock", ROUTE_STOCK},
	{"GET", "/v1/stock/movements", ROUTE_MOVEMENTS},
	{"POST", "/v1/stock/movements", ROUTE_MOVE},
	{"GET", "/v1/stock/lots", ROUTE_LOTS},
	{"GET", "/v1/stock/shrink", ROUTE_SHRINK},
	{"GET", "/v1/stock/{gtin}", ROUTE_STOCK_ONE},
	{"GET", "/v1/checks", ROUTE_CHECKS},
	{"POST", "/v1/checks/{visit}", ROUTE_CHECK},
	{"GET", "/v1/reports", ROUTE_REPORTS},
};

static bool path_fits(const char *pattern, const char *path, struct route_param *param)
{
	uint32_t params = 0;

	while (*pattern) {
		if (*pattern != '{') {
			if (*pattern++ != *path++)
				return false;
			continue;
		}
		CHECK(params < ROUTE_PARAMS_MAX);
		param[params].text = path;
		param[params].len = (uint32_t)strcspn(path, "/");
		if (param[params].len == 0)
			return false;
		path += param[params++].len;
		pattern += strcspn(pattern, "}") + 1;
	}
	return *path == '\0';
}

static void allow_add(char allow[ROUTE_ALLOW_SIZE], const char *method)
{
	size_t len = strlen(allow), more = strlen(method);

	CHECK(len + 2 + more < ROUTE_ALLOW_SIZE);
	if (len > 0) {
		memcpy(allow + len, ", ", 2);
		len += 2;
	}
	memcpy(allow + len, method, more + 1);
}

/* An event stream never ends, so there is no answer whose head alone could be told. */
static bool head_too(uint32_t row)
{
	return strcmp(table[row].method, "GET") == 0 && table[row].route != ROUTE_EVENTS;
}

static bool method_fits(uint32_t row, const char *method)
{
	return strcmp(table[row].method, method) == 0 ||
	       (head_too(row) && strcmp(method, "HEAD") == 0);
}

enum routed route_find(const char *method, const char *path, struct route_match *ret)
{
	enum routed routed = ROUTED_NO_PATH;
	const char *meant = NULL;

	memset(ret, 0, sizeof(*ret));
	for (uint32_t i = 0; i < ROUTES; i++) {
		struct route_param param[ROUTE_PARAMS_MAX] = {{NULL, 0}};

		if (!path_fits(table[i].path, path, param) ||
		    (meant && strcmp(table[i].path, meant) != 0))
			continue;
		meant = table[i].path;
		if (method_fits(i, method)) {
			ret->allow[0] = '\0';
			ret->route = table[i].route;
			memcpy(ret->param, param, sizeof(param));
			return ROUTED;
		}
		routed = ROUTED_NO_METHOD;
		allow_add(ret->allow, table[i].method);
		if (head_too(i))
			allow_add(ret->allow, "HEAD");
	}
	return routed;
}
