/* policy.h: the settings that an office may give its shops (wire/sync.h), and what they may say. */
#ifndef SHOP_OFFICED_POLICY_H
#define SHOP_OFFICED_POLICY_H

#include "officed/feed.h"

#define POLICY_NAMES 11

/** policy_check - whether there is such a setting and `value` is one for it; "" always is: as in
 * the shop's own shopd.conf. False with `why`: a sentence. */
#define POLICY_WHY_MAX 320
MUST_CHECK bool policy_check(const char *name, const char *value, char why[POLICY_WHY_MAX]);

/** policy_effective - what holds in a shop: of each setting the narrowest scope's value. How many.
 */
uint32_t policy_effective(struct office *o, const char *shop, const char *group,
			  struct sync_setting ret[POLICY_NAMES]);

/** policy_put - inside the caller's transaction: this scope's value, "" for none, and the shops
 * that it concerns are told. */
void policy_put(struct office *o, const struct scope *scope, const char *name, const char *value,
		struct wall now);

extern route_fn policy_set, policy_list, policy_of_shop;

#endif
