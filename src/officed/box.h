/* box.h: what a shop's box asks of the fleet's tables: its enrolment, a new epoch, the time,
 * our keys. */
#ifndef SHOP_OFFICED_BOX_H
#define SHOP_OFFICED_BOX_H

#include "officed/office.h"

#define CLAIM_LIFE_MS	INT64_C(86400000) /* of a claim code that nobody used */
#define EPOCH_EVERY_MS	INT64_C(86400000) /* between two epochs granted without a person */
#define EPOCH_AHEAD_MAX 1000		  /* epochs that a restored office may be behind a box */

/** POST /v1/shops/{shop}/enrol, …/epoch, GET …/time?nonce=HEX, …/keys */
int box_enrol(struct office *o, const struct ask *a, struct reply *r);
int box_epoch(struct office *o, const struct ask *a, struct reply *r);
int box_time(struct office *o, const struct ask *a, struct reply *r);
int box_keys(struct office *o, const struct ask *a, struct reply *r);

/** reply_signed - a statement of ours. */
void reply_signed(struct office *o, const struct builder *payload, struct reply *r);

#endif
