/* routes.h: what each route asks of a request before its handler sees it, and the handlers. */
#ifndef SHOP_COUNTERD_ROUTES_H
#define SHOP_COUNTERD_ROUTES_H

#include "base/ids.h"
#include "counterd/query.h"
#include "counterd/router.h"
#include "net/http_server.h"

struct counter;

/** Bytes of a token that is shown in a header; ours have 128 to 160 (wire/message.h). */
#define SIGNATURE_SIZE_MAX 256

/** A request that passed its route's checks. */
struct call {
	struct http_request *request;
	struct route_match match;
	uint8_t bearer[32]; /* routes that ask for a bearer */
	uint64_t session;   /* routes that ask for a session: its number; 0 when proven by token */
	struct visit_id visit; /* routes whose first parameter is {visit} */
	struct query query;    /* routes that list things */
	uint16_t token_len;    /* routes that ask for a signature */
	uint8_t token[SIGNATURE_SIZE_MAX];
};

/** Answers or holds the call's request. */
typedef void route_fn(struct counter *c, const struct call *call);

/** routes_serve - http_server's handler: Host, route, proof, body, then the handler. */
void routes_serve(void *data, struct http_request *r);

/** call_again - reads visit and bearer of a held request's route once more, for the handler of
 * shopd's word: nothing but the request itself is kept while it waits. False: they are not there.
 */
bool call_again(struct call *call);

/** routes_query - the query of a held request once more, read as it was; false: it cannot be. */
bool routes_query(const struct counter *c, struct http_request *r, struct query *ret);

/* door.c */
route_fn door_unlock;
/* visits.c */
route_fn visit_open, visit_show, visit_close, visit_receipt, visit_invite;
/* lines.c */
route_fn line_put, line_void;
/* products.c */
route_fn product_show, products_list;
/* challenge.c */
route_fn challenge_show;
/* till.c */
route_fn till_visit, till_leave, till_pin, door_pin;
/* kiosk.c */
route_fn kiosk_listen;
/* site.c */
route_fn place_show;
/* owner.c */
route_fn owner_session_open, owner_session_close;
/* events.c */
route_fn events_listen;
/* metrics.c */
route_fn metrics_health, metrics_show;
/* invoices.c */
route_fn invoices_list, invoice_show;
/* stock.c */
route_fn stock_list, stock_show, stock_movements, stock_lots, stock_shrink;
/* reviews.c */
route_fn checks_list, reports_list;
/* desk.c */
route_fn post_movement, post_invoice_credit, post_line_credit, post_report, post_check;
/* alarms.c */
route_fn alarms_list, alarm_acknowledge;
/* pictures.c */
route_fn pictures_list, picture_show;
/* sensors.c */
route_fn sensors_list;
/* now.c, settings.c, health.c, commands.c */
route_fn now_show, settings_show, health_show, door_command_post;
/* timeline.c, timeline_visit.c */
route_fn timeline_list, timeline_show;
/* first.c */
route_fn first_owner_post;
/* sales.c, order.c */
route_fn sales_show, order_list;

#endif
