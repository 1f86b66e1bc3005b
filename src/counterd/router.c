/*
 * router.c: one table, a row for each method and path. Rows are tried in the order of enum route,
 * the busiest first; where two rows' paths fit, the first is the path that is meant.
 */
#include "counterd/router.h"

#include "base/check.h"

static const struct route_row table[ROUTES] = {
	[ROUTE_LINE_PUT] = {"PUT", "/v1/visits/{visit}/lines/{key}", false},
	[ROUTE_LINE_VOID] = {"DELETE", "/v1/visits/{visit}/lines/{key}", false},
	[ROUTE_UNLOCK] = {"POST", "/v1/door/{door}/unlock", false},
	[ROUTE_VISIT_OPEN] = {"POST", "/v1/visits", false},
	[ROUTE_VISIT] = {"GET", "/v1/visits/{visit}", false},
	[ROUTE_CLOSE] = {"POST", "/v1/visits/{visit}/close", false},
	[ROUTE_RECEIPT] = {"GET", "/v1/visits/{visit}/receipt", false},
	[ROUTE_INVITE] = {"POST", "/v1/visits/{visit}/invite", false},
	[ROUTE_PRODUCT] = {"GET", "/v1/products/{gtin}", false},
	[ROUTE_PRODUCTS] = {"GET", "/v1/products", false},
	[ROUTE_CHALLENGE] = {"GET", "/v1/door/{door}/challenge", false},
	[ROUTE_DOOR_PIN] = {"POST", "/v1/door/{door}/pin", false},
	[ROUTE_TILL_PIN] = {"POST", "/v1/till/{till}/pin", false},
	[ROUTE_TILL_VISIT] = {"POST", "/v1/till/{till}/visit", false},
	[ROUTE_TILL_LEAVE] = {"DELETE", "/v1/till/{till}/visit", false},
	[ROUTE_KIOSK_EVENTS] = {"GET", "/v1/kiosk/events", true},
	[ROUTE_PLACE] = {"GET", "/v1/place", false},
	[ROUTE_HEALTH] = {"GET", "/healthz", false},
	[ROUTE_SESSION_OPEN] = {"POST", "/v1/session", false},
	[ROUTE_SESSION_CLOSE] = {"DELETE", "/v1/session", false},
	[ROUTE_EVENTS] = {"GET", "/v1/events", true},
	[ROUTE_METRICS] = {"GET", "/metrics", false},
	[ROUTE_LINE_REPORT] = {"POST", "/v1/visits/{visit}/lines/{key}/report", false},
	[ROUTE_LINE_CREDIT] = {"POST", "/v1/visits/{visit}/lines/{key}/credit", false},
	[ROUTE_INVOICES] = {"GET", "/v1/invoices", false},
	[ROUTE_INVOICE] = {"GET", "/v1/invoices/{number}", false},
	[ROUTE_INVOICE_CREDIT] = {"POST", "/v1/invoices/{number}/credit", false},
	[ROUTE_STOCK] = {"GET", "/v1/stock", false},
	[ROUTE_MOVEMENTS] = {"GET", "/v1/stock/movements", false},
	[ROUTE_MOVE] = {"POST", "/v1/stock/movements", false},
	[ROUTE_LOTS] = {"GET", "/v1/stock/lots", false},
	[ROUTE_SHRINK] = {"GET", "/v1/stock/shrink", false},
	[ROUTE_ORDER] = {"GET", "/v1/stock/order", false},
	[ROUTE_STOCK_ONE] = {"GET", "/v1/stock/{gtin}", false},
	[ROUTE_CHECKS] = {"GET", "/v1/checks", false},
	[ROUTE_CHECK] = {"POST", "/v1/checks/{visit}", false},
	[ROUTE_REPORTS] = {"GET", "/v1/reports", false},
	[ROUTE_ALARMS] = {"GET", "/v1/alarms", false},
	[ROUTE_ALARM_ACK] = {"POST", "/v1/alarms/{alarm}/acknowledge", false},
	[ROUTE_SENSORS] = {"GET", "/v1/sensors", false},
	[ROUTE_PICTURES] = {"GET", "/v1/pictures", false},
	[ROUTE_PICTURE] = {"GET", "/v1/pictures/{name}", false},
	[ROUTE_NOW] = {"GET", "/v1/now", false},
	[ROUTE_SETTINGS] = {"GET", "/v1/settings", false},
	[ROUTE_CHECKUP] = {"GET", "/v1/health", false},
	[ROUTE_DOOR_COMMAND] = {"POST", "/v1/door/{door}/commands", false},
	[ROUTE_TIMELINE] = {"GET", "/v1/timeline", false},
	[ROUTE_TIMELINE_ONE] = {"GET", "/v1/timeline/{visit}", false},
	[ROUTE_SALES] = {"GET", "/v1/sales", false},
	[ROUTE_FIRST_OWNER] = {"POST", "/v1/first-owner", false},
};

enum routed route_find(const char *method, const char *path, struct route_match *ret)
{
	return route_match(table, ROUTES, method, path, ret);
}
