/* config.h: what a shop is made of: doors with their timings, readers, hours, rules. Given at the
 * start, never changed. */
#ifndef SHOP_CORE_CONFIG_H
#define SHOP_CORE_CONFIG_H

#include "base/limits.h"
#include "wire/entry.h"

enum exit_sensing {
	EXIT_NONE = 0,
	EXIT_REX = 1,
	EXIT_HANDLE = 2
};
enum relock {
	RELOCK_ON_OPEN = 0,
	RELOCK_ON_CLOSE = 1
};

/** A door's timings (contracts 2), all monotonic milliseconds; the defaults stand in
 * door_config_default(). */
struct door_config {
	struct place place;
	enum exit_sensing exit_sensing;
	enum relock relock;
	int32_t unlock_ms;	    /* 5000 */
	int32_t unlock_extended_ms; /* 15000 */
	int32_t opening_grace_ms; /* 500: an opening so soon after the window still belongs to it */
	int32_t buzzer_ms;	  /* 5000 from the opening edge */
	int32_t held_open_ms;	  /* 8000 */
	int32_t held_open_extended_ms; /* 30000 */
	int32_t rex_grace_ms;	       /* 700: a REX that comes after its opening */
	int32_t debounce_ms;	       /* 30 */
	int32_t settle_ms;	       /* 1000 after close */
};

struct door_config door_config_default(void);

/** What can show a token or goods. */
struct reader_config {
	enum road road;
	bool till;    /* goods and till tokens; else a door's */
	uint8_t door; /* index, where it is a door's */
	struct place place;
};

/** Opening hours of a weekday, minutes since midnight; open == close means shut, close < open past
 * midnight. Monday first. */
struct hours {
	uint16_t open, close;
};

struct shop_config {
	struct place shop;
	uint32_t doors, readers;
	struct door_config door[DOORS_MAX];
	struct reader_config reader[READERS_MAX];
	struct hours hours[7];
	uint32_t occupancy_max;	 /* visits that count as inside; 0: VISITS_OPEN_MAX */
	uint16_t barred_classes; /* bit per enum article_class */
};

#endif
