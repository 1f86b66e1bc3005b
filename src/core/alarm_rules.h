/* alarm_rules.h: what sets the conditions apart: how grave each is, and what ends it (design 5). */
#ifndef SHOP_CORE_ALARM_RULES_H
#define SHOP_CORE_ALARM_RULES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/words.h"

struct alarm_rule {
	enum severity severity;
	bool latches;	   /* over only when a person has answered too */
	bool ends_cleared; /* the ladder ends when it clears, with one text */
	bool silent;	   /* no text: it is about texts */
	bool of_door;	   /* its place is a door's */
	bool pictures;	   /* a camera may see something of it */
};

/** alarm_rule - of this condition; CHECKs that it is one. */
const struct alarm_rule *alarm_rule(enum condition condition);

#endif
