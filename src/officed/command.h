/* command.h: what a person asks of a shop's doors and settings from afar, as signed commands of its
 * feed. */
#ifndef SHOP_OFFICED_COMMAND_H
#define SHOP_OFFICED_COMMAND_H

#include "officed/office.h"

extern route_fn command_make, command_show, command_list;

#endif
