/*
 * operators.h: who may work here. Those of officed.conf are there whatever becomes of the database;
 * those made here have a key of their browser; and a member who owns a shop is one over that shop
 * (web_people.c). Nobody gives away what he has not.
 */
#ifndef SHOP_OFFICED_OPERATORS_H
#define SHOP_OFFICED_OPERATORS_H

#include "officed/json.h"
#include "officed/office.h"

/** What an owner may do in his shops, and what he may read there besides. */
#define OWNER_RIGHTS                                                                               \
	(1U << RIGHT_MEMBERS | 1U << RIGHT_GOODS | 1U << RIGHT_REMOTE | 1U << RIGHT_PULL)
#define OWNER_READS (1U << RIGHT_FLEET | 1U << RIGHT_MONEY)

/** How an owner is called in logs and looks, with his number behind it; no operator's name begins
 * so. */
#define OWNER_PREFIX "owner-"

/** operator_rights_json, operator_shops_json - as lists of words. */
json_t *operator_rights_json(uint32_t rights);
json_t *operator_shops_json(const char *words);

extern route_fn operators_list, operator_make, operator_enrol, operator_delete, operator_whoami;

#endif
