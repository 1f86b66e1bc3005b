/* routes.h: what each route asks of a request before its handler sees it, and the handlers. */
#ifndef SHOP_COUNTERD_ROUTES_H
#define SHOP_COUNTERD_ROUTES_H

#include "base/ids.h"
#include "counterd/router.h"
#include "net/http_server.h"

struct counter;

/** A request that passed its route's checks. */
struct call {
	struct http_request *request;
	struct route_match match;
	uint8_t bearer[32]; /* routes that ask for a bearer */
	uint64_t session;   /* routes that ask for a session: its number; 0 when proven by token */
	struct visit_id visit; /* routes under /v1/visits/{visit} */
};

/** Answers or holds the call's request. */
typedef void route_fn(struct counter *c, const struct call *call);

/** routes_serve - http_server's handler: Host, route, proof, body, then the handler. */
void routes_serve(void *data, struct http_request *r);

/** call_again - reads visit and bearer of a held request's route once more, for the handler of
 * shopd's word: nothing but the request itself is kept while it waits. False: they are not there.
 */
bool call_again(struct call *call);

/* door.c */
route_fn door_unlock;
/* visits.c */
route_fn visit_open, visit_show, visit_close, visit_receipt, visit_invite;
/* lines.c */
route_fn line_put, line_void;
/* products.c */
route_fn product_show;
/* owner.c */
route_fn owner_session_open, owner_session_close;
/* events.c */
route_fn events_listen;
/* metrics.c */
route_fn metrics_health, metrics_show;

#endif
