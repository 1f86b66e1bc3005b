/* member_office.h: members of a shop that has a head office: said there, known here by the feed. */
#ifndef SHOP_SHOPCTL_MEMBER_OFFICE_H
#define SHOP_SHOPCTL_MEMBER_OFFICE_H

#include "base/ids.h"
#include "shopctl/office_api.h"
#include "wire/message.h"

/** member_office_add - a member of this shop by this key (NULL: with none yet); the customer key in
 * *ret, and whether the key was known. */
enum ctl_exit member_office_add(struct ctl *ctl, const struct office_api *api,
				const struct public_key *key, const struct message_member *terms,
				struct customer *ret, bool *ret_existed);

/** member_office_block - blocks or unblocks at every shop of the member's. `quiet`: says nothing
 * when the office is out of reach. */
enum ctl_exit member_office_block(struct ctl *ctl, const struct office_api *api,
				  struct customer customer, bool on, bool quiet);

/** member_office_card - a card is this member's. member_office_card_gone - no longer. */
enum ctl_exit member_office_card(struct ctl *ctl, const struct office_api *api,
				 struct customer customer, struct kid kid, const char *label);
enum ctl_exit member_office_card_gone(struct ctl *ctl, const struct office_api *api,
				      struct customer customer, struct kid kid);

/** member_office_list - the members of this shop, as the office has them. */
enum ctl_exit member_office_list(struct ctl *ctl, const struct office_api *api);

#endif
