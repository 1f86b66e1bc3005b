/* router.h: method and path -> which route, or why none. Pure; fuzzed. */
#ifndef SHOP_COUNTERD_ROUTER_H
#define SHOP_COUNTERD_ROUTER_H

#include <stdbool.h>
#include <stdint.h>

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
};
#define ROUTES 28

#define ROUTE_PARAMS_MAX 2
#define ROUTE_ALLOW_SIZE 40

/** A path's segment that stood for {name}: within the path, never empty, without a slash. */
struct route_param {
	const char *text;
	uint32_t len;
};

enum routed {
	ROUTED = 0,	      /* route and param are set */
	ROUTED_NO_PATH = 1,   /* 404 */
	ROUTED_NO_METHOD = 2, /* 405: allow is set */
};

struct route_match {
	enum route route;
	struct route_param param[ROUTE_PARAMS_MAX]; /* in the order of the path */
	char allow[ROUTE_ALLOW_SIZE];		    /* "GET, HEAD" */
};

/** route_find - HEAD is taken as GET where the answer has an end. */
enum routed route_find(const char *method, const char *path, struct route_match *ret);

#endif
