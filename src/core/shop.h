/*
 * shop.h: the core. One function decides; it allocates nothing, reads nothing, calls nobody back.
 *
 * shop_step() is given what happened and writes what is to be done. shop_deadline() says when it
 * wants to be stepped next though nothing happens. A restart is an event. Everything in here is
 * plain values: a copy of `struct shop` is a copy of the shop.
 */
#ifndef SHOP_CORE_SHOP_H
#define SHOP_CORE_SHOP_H

#include "core/effect.h"
#include "core/event.h"

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

/** Opening hours of a weekday, minutes since midnight; open == close means shut. Monday first. */
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

/* What each machine keeps; the structs are the machines' own business and stand in their headers.
 */
#include "core/alarm.h"
#include "core/admission.h"
#include "core/door.h"
#include "core/visit.h"

struct shop {
	struct shop_config config;
	bool started, stopped;
	bool ledger_ok;
	struct door door[DOORS_MAX];
	struct admission admission; /* fresh token ids, nonces, refusal counters */
	struct visits visits;	    /* open visits, tills */
	struct alarms alarms;
	struct mono start_mono;
	bool clean;
};

/** shop_init - a shop that has not started: only EVENT_START may follow. `config` is copied and
 * CHECKed. */
void shop_init(struct shop *shop, const struct shop_config *config);

/**
 * shop_step - what happened -> what to do. `effects` is overwritten. Deterministic: the same shop
 * and event give the same effects. CHECKs its invariants before it returns.
 */
void shop_step(struct shop *shop, const struct event *event, struct effects *effects);

/** shop_deadline - when to step EVENT_TIME next; MONO_NEVER when nothing is timed. */
struct mono shop_deadline(const struct shop *shop);

/** shop_visit - the open visit of this id, or NULL. shop_visit_of - of this customer, or NULL.
 * shop_till_visit - the one whose member stands at this till's reader, or NULL. Lent until the next
 * step. */
const struct visit *shop_visit(const struct shop *shop, struct visit_id id);
const struct visit *shop_visit_of(const struct shop *shop, struct customer customer);
const struct visit *shop_till_visit(const struct shop *shop, uint8_t reader);

#endif
