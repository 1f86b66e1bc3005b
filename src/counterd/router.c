/*
 * router.c: one table, a row for each method and path. Rows are tried in the order of enum route,
 * the busiest first; where two rows' paths fit, the first is the path that is meant.
 */
#include "counterd/router.h"

#include "base/check.h"

static const struct route_row table[ROUTES] = {
	[ROUTE_LINE_PUT] = {"PUT", "/v1/visits/{visit}/lines/{key}"},
	[ROUTE_LINE_VOID] = {"DELETE", "/v1/visits/{visit}/lines/{key}"},
	[ROUTE_UNLOCK] = {"POST", "/v1/door/{door}/unlock"},
	[ROUTE_VISIT_OPEN] = {"POST", "/v1/visits"},
	[ROUTE_VISIT] = {"GET", "/v1/visits/{visit}"},
	[ROUTE_CLOSE] = {"POST", "/v1/visits/{visit}/close"},
	[ROUTE_RECEIPT] = {"GET", "/v1/visits/{visit}/receipt"},
	[ROUTE_INVITE] = {"POST", "/v1/visits/{visit}/invite"},
	[ROUTE_PRODUCT] = {"GET", "/v1/products/{gtin}"},
	[ROUTE_HEALTH] = {"GET", "/healthz"},
	[ROUTE_SESSION_OPEN] = {"POST", "/v1/session"},
	[ROUTE_SESSION_CLOSE] = {"DELETE", "/v1/session"},
	[ROUTE_EVENTS] = {"GET", "/v1/events", .endless = true},
	[ROUTE_METRICS] = {"GET", "/metrics"},
	[ROUTE_LINE_REPORT] = {"POST", "/v1/visits/{visit}/lines/{key}/report"},
	[ROUTE_LINE_CREDIT] = {"POST", "/v1/visits/{visit}/lines/{key}/credit"},
	[ROUTE_INVOICES] = {"GET", "/v1/invoices"},
	[ROUTE_INVOICE] = {"GET", "/v1/invoices/{number}"},
	[ROUTE_INVOICE_CREDIT] = {"POST", "/v1/invoices/{number}/credit"},
	[ROUTE_STOCK] = {"GET", "/v1/stock"},
	[ROUTE_MOVEMENTS] = {"GET", "/v1/stock/movements"},
	[ROUTE_MOVE] = {"POST", "/v1/stock/movements"},
	[ROUTE_LOTS] = {"GET", "/v1/stock/lots"},
	[ROUTE_SHRINK] = {"GET", "/v1/stock/shrink"},
	[ROUTE_STOCK_ONE] = {"GET", "/v1/stock/{gtin}"},
	[ROUTE_CHECKS] = {"GET", "/v1/checks"},
	[ROUTE_CHECK] = {"POST", "/v1/checks/{visit}"},
	[ROUTE_REPORTS] = {"GET", "/v1/reports"},
};

enum routed route_find(const char *method, const char *path, struct route_match *ret)
{
	return route_match(table, ROUTES, method, path, ret);
}
