/* routes.h: a route as its author writes it down; web.c joins the tables and proves who asks. */
#ifndef SHOP_OFFICED_ROUTES_H
#define SHOP_OFFICED_ROUTES_H

#include "officed/office.h"

/** Bits of enum who_kind that a route admits. */
#define FOR_ANYBODY  1U
#define FOR_BOX	     2U
#define FOR_OPERATOR 4U
#define FOR_CLIENT   8U
#define FOR_MEMBER   16U

struct office_route {
	const char *method;
	const char *path; /* "/v1/shops/{shop}/feed": {shop} is a place name, others are names */
	uint32_t who;	  /* FOR_… bits */
	enum right right; /* of operators and clients; over {shop} where the path has one; 0: any */
	const char *purpose;	  /* of a box's token: aud office/PURPOSE; NULL: no box */
	const char *content_type; /* of the body; NULL: no body is taken */
	uint32_t body_max;	  /* bytes, unpacked */
	route_fn *answer;
};

/* one table an author, ended by a row whose method is NULL */
extern const struct office_route place_routes[], shops_routes[], intake_routes[], pull_routes[],
	people_routes[], goods_routes[], feed_routes[], bill_routes[], hook_routes[], me_routes[],
	operator_routes[];

#endif
