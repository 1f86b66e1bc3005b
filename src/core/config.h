/* config.h: what a shop is made of: doors with their timings, readers, hours, rules. Given at the
 * start; what an office may set (struct policy) is changed by an event and by nothing else. */
#ifndef SHOP_CORE_CONFIG_H
#define SHOP_CORE_CONFIG_H

#include "base/limits.h"
#include "base/money.h"
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

/** What an office may set while the shop is open (wire/sync.h, settings). */
struct policy {
	struct hours hours[7];
	uint32_t occupancy_max;	 /* as in struct shop_config */
	uint16_t barred_classes; /* likewise */
};

/** What a level of trust means. */
struct trust_config {
	bool limited; /* credit_limit holds, where the member's own is not lower */
	struct money credit_limit;
	bool hours_apart; /* `hours` hold beside the shop's own */
	struct hours hours[7];
	uint16_t check_bp; /* share of the visits that are picked for a check, by lot: 0..10000 */
};

/** When a visit is picked for a check by rule. */
struct check_config {
	int64_t long_ms;    /* inside for so long, and nothing taken (15 min); 0: never */
	uint32_t voids_min; /* so many lines taken back … (4); 0: never */
	uint32_t voids_bp;  /* … and such a share of all lines (5000) */
};

/** A sensor of the room: what it measures, and from where on that is an alarm. */
struct sensor_config {
	struct place place; /* its name, in texts and lists */
	enum sensor_kind kind;
	int64_t high;	     /* above it (a switch: 0): beyond; SENSOR_NO_BOUND: none */
	int64_t low;	     /* below it: beyond; SENSOR_NO_BOUND: none */
	int64_t hysteresis;  /* so far back within the bound before it is well again */
	int64_t debounce_ms; /* beyond for so long: an alarm */
	int64_t pre_ms; /* beyond for so long: the doors' buzzers, for whoever is inside; 0: none */
	int64_t stale_ms; /* not heard for so long: lost */
};
#define SENSOR_NO_BOUND INT64_MIN

/** How the calls for help go from one person to the next, and when nobody is called (design 5). */
struct ladder_config {
	int64_t step_ms[SEVERITIES]; /* no answer for so long: the next step; 0: there is none */
	struct hours quiet; /* texts less grave than `quiet_below` wait until it is over; from ==
			       to: never */
	enum severity quiet_below;
	uint16_t rehearse_days;	  /* a rehearsal so often; 0: never */
	uint16_t rehearse_at;	  /* minute of the day */
	int64_t rehearse_wait_ms; /* no answer for so long: rehearsal is escalated */
};

/** ladder_config_default - warnings wait an hour a step, what is urgent five minutes, an emergency
 * two; no quiet hours; a rehearsal a month. */
struct ladder_config ladder_config_default(void);

/** Somebody who is told. Their number is known to courierd alone. */
struct contact {
	char name[PLACE_MAX_LEN + 1];
	enum contact_role role;
	uint8_t step;	     /* 1..CONTACTS_MAX: of the ladder */
	struct hours hours;  /* may be called; from == to: always */
	enum severity least; /* nothing less grave */
};

/** What else is watched. */
struct watch_config {
	int64_t inside_ms;	/* a visit that has been open for so long; 0: not watched */
	uint32_t refusals;	/* so many at one door … ; 0: not watched */
	int64_t refusals_ms;	/* … within so long */
	int64_t empty_grace_ms; /* motion is nobody's business so long after the last one left */
};

struct shop_config {
	struct place shop;
	uint32_t doors, readers;
	struct door_config door[DOORS_MAX];
	struct reader_config reader[READERS_MAX];
	struct hours hours[7];
	uint32_t occupancy_max;	      /* visits that count as inside; 0: VISITS_OPEN_MAX */
	uint16_t barred_classes;      /* bit per enum article_class */
	uint16_t past_best_before_bp; /* discount on what is past its best-before date: 0..10000 */
	struct trust_config trust[TRUSTS];
	struct check_config check;
	uint32_t sensors;
	struct sensor_config sensor[SENSORS_MAX];
	struct ladder_config ladder;
	struct watch_config watch;
};

#endif
