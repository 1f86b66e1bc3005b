/* policy_group.h: groups of shops, which prices and settings may be given to. */
#ifndef SHOP_OFFICED_POLICY_GROUP_H
#define SHOP_OFFICED_POLICY_GROUP_H

#include "officed/office.h"

extern route_fn group_put, group_delete, group_list, group_join;

#endif
