/* router.h: method and path -> which route of counterd's, or why none. Pure; fuzzed. */
#ifndef SHOP_COUNTERD_ROUTER_H
#define SHOP_COUNTERD_ROUTER_H

#include "net/http_route.h"

enum route {
	ROUTE_LINE_PUT = 0,
	ROUTE_LINE_VOID,
	ROUTE_UNLOCK,
	ROUTE_VISIT_OPEN,
	ROUTE_VISIT,
	ROUTE_CLOSE,
	ROUTE_RECEIPT,
	ROUTE_INVITE,
	ROUTE_PRODUCT,
	ROUTE_HEALTH,
	ROUTE_SESSION_OPEN,
	ROUTE_SESSION_CLOSE,
	ROUTE_EVENTS,
	ROUTE_METRICS,
	ROUTE_INVOICES,
	ROUTE_INVOICE,
	ROUTE_INVOICE_CREDIT,
	ROUTE_STOCK,
	ROUTE_MOVEMENTS,
	ROUTE_MOVE,
	ROUTE_LOTS,
	ROUTE_SHRINK,
	ROUTE_STOCK_ONE,
	ROUTE_LINE_CREDIT,
	ROUTE_LINE_REPORT,
	ROUTE_CHECKS,
	ROUTE_CHECK,
	ROUTE_REPORTS,
	ROUTE_ALARMS,
	ROUTE_ALARM_ACK,
	ROUTE_SENSORS,
	ROUTE_PICTURES,
	ROUTE_PICTURE,
	ROUTE_PLACE,
	ROUTE_NOW,
	ROUTE_SETTINGS,
	ROUTE_CHECKUP,
	ROUTE_DOOR_COMMAND,
};
#define ROUTES 38

/** route_find - ret->route is an enum route. HEAD is taken as GET where the answer has an end. */
enum routed route_find(const char *method, const char *path, struct route_match *ret);

#endif
