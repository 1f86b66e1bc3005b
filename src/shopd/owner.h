/* owner.h: what the owner's page asks of shopd through counterd: how things stand, and a person's
 * signed word to a door. */
#ifndef SHOP_SHOPD_OWNER_H
#define SHOP_SHOPD_OWNER_H

#include "shopd/shopd.h"

/** Who asks where a command came from the owner's page: no socket has this number. */
#define PEER_OWNER 2U

/** owner_message - answers VIEW and DOOR_ASKED; false: it is none of them. From memory: also while
 * the ledger is away. */
bool owner_message(struct shopd *sd, uint32_t peer, const union message *m);

/** owner_commanded - what the core made of the owner's command. */
void owner_commanded(struct shopd *sd, bool ok);

/** owner_doors - MESSAGE_DOORS_ARE, all doors as they stand. */
void owner_doors(const struct shopd *sd, uint32_t request, union message *ret);

/** view_message - answers VIEW. */
void view_message(struct shopd *sd, uint32_t peer, const struct message_view *m);

#endif
