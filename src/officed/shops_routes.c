/* shops_routes.c: the fleet's routes, for its operators and for boxes. */
#include "officed/box.h"
#include "officed/routes.h"
#include "officed/shops.h"
#include "officed/timeline.h"

#define CBOR "application/cbor"
#define JSON "application/json"

enum {
	SMALL = 1024,
	SETTINGS = 8192,
};

const struct office_route shops_routes[] = {
	/* a heartbeat is answered by the loop (pulse.c): it has no work for a worker */
	{"POST", "/v1/shops/{shop}/heartbeat", FOR_BOX, 0, "heartbeat", CBOR, SYNC_HEARTBEAT_MAX,
	 NULL},
	{"POST", "/v1/shops/{shop}/enrol", FOR_BOX, 0, "enrol", CBOR, SMALL, box_enrol},
	{"POST", "/v1/shops/{shop}/epoch", FOR_BOX, 0, "epoch", CBOR, SMALL, box_epoch},
	{"GET", "/v1/shops/{shop}/time", FOR_BOX, 0, "time", NULL, 0, box_time},
	{"GET", "/v1/shops/{shop}/keys", FOR_BOX, 0, "keys", NULL, 0, box_keys},
	{"GET", "/v1/shops", FOR_OPERATOR, RIGHT_FLEET, NULL, NULL, 0, shops_list},
	{"POST", "/v1/shops", FOR_OPERATOR, RIGHT_FLEET, NULL, JSON, SETTINGS, shops_create},
	{"GET", "/v1/shops/{shop}", FOR_OPERATOR, RIGHT_FLEET, NULL, NULL, 0, shops_get},
	{"PATCH", "/v1/shops/{shop}", FOR_OPERATOR, RIGHT_FLEET, NULL, JSON, SETTINGS,
	 shops_change},
	{"POST", "/v1/shops/{shop}/claims", FOR_OPERATOR, RIGHT_FLEET, NULL, JSON, SMALL,
	 shops_claim},
	{"POST", "/v1/shops/{shop}/revoke", FOR_OPERATOR, RIGHT_FLEET, NULL, JSON, SMALL,
	 shops_revoke},
	{"POST", "/v1/shops/{shop}/allow-epoch", FOR_OPERATOR, RIGHT_FLEET, NULL, NULL, 0,
	 shops_allow_epoch},
	{"GET", "/v1/shops/{shop}/contacts", FOR_OPERATOR, RIGHT_FLEET, NULL, NULL, 0,
	 contacts_list},
	{"PUT", "/v1/shops/{shop}/contacts/{name}", FOR_OPERATOR, RIGHT_FLEET, NULL, JSON, SMALL,
	 contacts_put},
	{"DELETE", "/v1/shops/{shop}/contacts/{name}", FOR_OPERATOR, RIGHT_FLEET, NULL, NULL, 0,
	 contacts_delete},
	{"GET", "/v1/alarms", FOR_OPERATOR, RIGHT_FLEET, NULL, NULL, 0, alarms_everywhere},
	{"GET", "/v1/notices", FOR_OPERATOR, RIGHT_FLEET, NULL, NULL, 0, notices_list},
	{"GET", "/v1/shops/{shop}/notices", FOR_OPERATOR, RIGHT_FLEET, NULL, NULL, 0, notices_list},
	{"GET", "/v1/shops/{shop}/alarms", FOR_OPERATOR, RIGHT_FLEET, NULL, NULL, 0, alarms_list},
	{"GET", "/v1/shops/{shop}/timeline", FOR_OPERATOR, RIGHT_MEMBERS, NULL, NULL, 0,
	 timeline_list},
	{"GET", "/v1/shops/{shop}/timeline/{visit}", FOR_OPERATOR, RIGHT_MEMBERS, NULL, NULL, 0,
	 timeline_show},
	{"POST", "/v1/shops/{shop}/notices/{n}/acknowledge", FOR_OPERATOR, RIGHT_FLEET, NULL, NULL,
	 0, notices_acknowledge},
	{.method = NULL},
};
