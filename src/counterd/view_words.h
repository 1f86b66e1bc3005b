/* view_words.h: words that only pages and their API use. */
#ifndef SHOP_COUNTERD_VIEW_WORDS_H
#define SHOP_COUNTERD_VIEW_WORDS_H

#include "wire/message.h"

/** weekday_word - "monday" for 0 to "sunday" for 6. carried_word - "well", "no_road" … of an enum
 * carried. sensor_unit - "°C", "%", "ppm"; NULL: it is a switch. */
const char *weekday_word(uint32_t day);
const char *carried_word(uint32_t carried);
const char *sensor_unit(enum sensor_kind kind);

#endif
