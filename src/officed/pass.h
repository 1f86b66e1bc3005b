/* pass.h: passes (contracts 1): longer-lived codes that this office signs, for guests, deliveries
 * and people without a phone. */
#ifndef SHOP_OFFICED_PASS_H
#define SHOP_OFFICED_PASS_H

#include "officed/office.h"

extern route_fn pass_make, pass_list, pass_revoke, pass_pin;

/** pass_tell - inside the caller's transaction: what holds of a pass, to its shop. */
void pass_tell(struct office *o, const char *shop, const struct sync_pass *pass, struct wall now);

/** pass_revoke_all - of a member, inside the caller's transaction: the shops are told. */
void pass_revoke_all(struct office *o, const char *member, struct wall now);

#endif
