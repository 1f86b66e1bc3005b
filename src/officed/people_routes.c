/* people_routes.c: what may be asked of people, passes and doors, and by whom. Programs with a
 * secret ask nothing of people: who looks is a person with a name. */
#include "officed/command.h"
#include "officed/pass.h"
#include "officed/people.h"
#include "officed/routes.h"

#define JSON "application/json"

enum {
	BODY_MAX = 8192
};

#define GET(p, of, fn)                                                                             \
	{                                                                                          \
		.method = "GET", .path = p, .who = FOR_OPERATOR, .right = of, .answer = fn         \
	}
#define SEND(m, p, of, fn)                                                                         \
	{                                                                                          \
		.method = m, .path = p, .who = FOR_OPERATOR, .right = of, .content_type = JSON,    \
		.body_max = BODY_MAX, .answer = fn                                                 \
	}
#define DO(m, p, fn)                                                                               \
	{                                                                                          \
		.method = m, .path = p, .who = FOR_OPERATOR, .right = RIGHT_MEMBERS, .answer = fn  \
	}

const struct office_route people_routes[] = {
	{.method = "POST",
	 .path = "/v1/register",
	 .who = FOR_ANYBODY,
	 .content_type = JSON,
	 .body_max = BODY_MAX,
	 .answer = member_register},
	SEND("POST", "/v1/invitations", RIGHT_MEMBERS, invitation_make),
	GET("/v1/invitations", RIGHT_MEMBERS, invitation_list),
	DO("DELETE", "/v1/invitations/{invitation}", invitation_delete),
	SEND("POST", "/v1/members", RIGHT_MEMBERS, member_make),
	GET("/v1/members", RIGHT_MEMBERS, member_list),
	GET("/v1/members/{member}", RIGHT_MEMBERS, member_show),
	SEND("PUT", "/v1/members/{member}", RIGHT_MEMBERS, member_change),
	DO("DELETE", "/v1/members/{member}", member_erase),
	DO("POST", "/v1/members/{member}/approve", member_approve),
	DO("POST", "/v1/members/{member}/decline", member_decline),
	DO("POST", "/v1/members/{member}/block", member_block),
	DO("POST", "/v1/members/{member}/unblock", member_unblock),
	GET("/v1/members/{member}/keys", RIGHT_MEMBERS, member_keys),
	SEND("POST", "/v1/members/{member}/keys", RIGHT_MEMBERS, member_key_add),
	DO("DELETE", "/v1/members/{member}/keys/{kid}", member_key_remove),
	DO("PUT", "/v1/members/{member}/shops/{place}", member_shop_add),
	DO("DELETE", "/v1/members/{member}/shops/{place}", member_shop_remove),
	GET("/v1/members/{member}/view", RIGHT_MEMBERS, member_view),
	GET("/v1/members/{member}/looks", RIGHT_MEMBERS, member_looks),
	GET("/v1/members/{member}/export", RIGHT_MEMBERS, member_export),
	SEND("POST", "/v1/passes", RIGHT_MEMBERS, pass_make),
	GET("/v1/passes", RIGHT_MEMBERS, pass_list),
	DO("DELETE", "/v1/passes/{pass}", pass_revoke),
	SEND("PUT", "/v1/passes/{pass}/pin", RIGHT_MEMBERS, pass_pin),
	SEND("POST", "/v1/shops/{shop}/commands", RIGHT_REMOTE, command_make),
	GET("/v1/shops/{shop}/commands", RIGHT_REMOTE, command_list),
	GET("/v1/shops/{shop}/commands/{command}", RIGHT_REMOTE, command_show),
	{0},
};
