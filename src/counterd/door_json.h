/* door_json.h: a door as the pages see it. */
#ifndef SHOP_COUNTERD_DOOR_JSON_H
#define SHOP_COUNTERD_DOOR_JSON_H

#include "net/json.h"
#include "wire/message.h"

#define DOOR_JSON_MAX (256 + JSON_TEXT_MAX(PLACE_MAX_LEN))

/** json_door_stands - the members door, mode, physical, alarm: what everybody there may see. */
void json_door_stands(struct builder *b, const struct message_door *d);

/** json_door - {door, mode, physical, alarm, tamper, strike, since}. */
void json_door(struct builder *b, const struct message_door *d);

#endif
