/* http_route.h: method and path -> which row of a table, or why none. Pure; fuzzed. */
#ifndef SHOP_NET_HTTP_ROUTE_H
#define SHOP_NET_HTTP_ROUTE_H

#include <stdbool.h>
#include <stdint.h>

#define ROUTE_PARAMS_MAX 3
#define ROUTE_ALLOW_SIZE 48

/** A row: what is asked. Where two rows' paths fit, the first is the path that is meant. */
struct route_row {
	const char *method;
	const char *path; /* "/v1/visits/{visit}/lines/{key}" */
	bool endless;	  /* a GET without an end: there is no HEAD of it */
};

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
	uint32_t route;				    /* the row's number */
	struct route_param param[ROUTE_PARAMS_MAX]; /* in the order of the path */
	char allow[ROUTE_ALLOW_SIZE];		    /* "GET, HEAD" */
};

/** route_match - HEAD is taken as GET where the answer has an end. A path has one spelling: nothing
 * is percent-decoded, no dot or doubled slash is folded. */
enum routed route_match(const struct route_row *row, uint32_t rows, const char *method,
			const char *path, struct route_match *ret);

#endif
