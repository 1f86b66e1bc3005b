/* shops.h: the fleet for its operators: shops, claims, revocation, contacts, notices. */
#ifndef SHOP_OFFICED_SHOPS_H
#define SHOP_OFFICED_SHOPS_H

#include "officed/json.h"
#include "officed/office.h"

enum {
	SHOPS_PAGE_MAX = 500,
	SELLER_TEXT_MAX = 4000, /* bytes of a seller's JSON */
	CLAIMS_OPEN_MAX = 16,	/* of one shop */
};

/** shops_list - GET /v1/shops?q=&after=&limit= */
int shops_list(struct office *o, const struct ask *a, struct reply *r);
/** shops_create - POST /v1/shops */
int shops_create(struct office *o, const struct ask *a, struct reply *r);
/** shops_get - GET /v1/shops/{shop} */
int shops_get(struct office *o, const struct ask *a, struct reply *r);
/** shops_change - PATCH /v1/shops/{shop} */
int shops_change(struct office *o, const struct ask *a, struct reply *r);
/** shops_claim - POST /v1/shops/{shop}/claims */
int shops_claim(struct office *o, const struct ask *a, struct reply *r);
/** shops_revoke - POST /v1/shops/{shop}/revoke */
int shops_revoke(struct office *o, const struct ask *a, struct reply *r);
/** shops_allow_epoch - POST /v1/shops/{shop}/allow-epoch */
int shops_allow_epoch(struct office *o, const struct ask *a, struct reply *r);
/** contacts_list - GET /v1/shops/{shop}/contacts */
int contacts_list(struct office *o, const struct ask *a, struct reply *r);
/** contacts_put - PUT /v1/shops/{shop}/contacts/{name} */
int contacts_put(struct office *o, const struct ask *a, struct reply *r);
/** contacts_delete - DELETE /v1/shops/{shop}/contacts/{name} */
int contacts_delete(struct office *o, const struct ask *a, struct reply *r);
/** notices_list - GET /v1/notices, /v1/shops/{shop}/notices */
int notices_list(struct office *o, const struct ask *a, struct reply *r);
/** alarms_list - GET /v1/shops/{shop}/alarms; alarms_everywhere - GET /v1/alarms */
int alarms_everywhere(struct office *o, const struct ask *a, struct reply *r);
int alarms_list(struct office *o, const struct ask *a, struct reply *r);
/** alarms_before - of one shop, the newest first, those before the alarm `before` (0: of all) onto
 * the list. */
void alarms_before(struct office *o, const char *shop, int64_t before, uint32_t limit,
		   json_t *list);
/** notices_acknowledge - POST /v1/shops/{shop}/notices/{n}/acknowledge */
int notices_acknowledge(struct office *o, const struct ask *a, struct reply *r);

/** shop_columns - what shop_json() reads, in its order, of `shop h LEFT JOIN shop_seen s`. */
#define SHOP_COLUMNS                                                                               \
	"h.shop, h.shop_group, h.title, h.language, h.currency, h.seller, h.state, h.epoch, "      \
	"h.granted_at, h.head_seq, h.head_at, h.took_at, h.feed_to, h.feed_from, s.seen_at, "      \
	"s.said, s.silent_since"
/** shop_json - a row as JSON; what it is worth stands beside each value as its age. */
json_t *shop_json(struct db_rows *rows, struct wall now);

/** shop_unknown - 404. */
void shop_unknown(struct reply *r);

#endif
