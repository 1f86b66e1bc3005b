/*
 * shop.h: the core. One function decides; it allocates nothing, reads nothing, calls nobody back.
 *
 * shop_step() is given what happened and writes what is to be done. shop_deadline() says when it
 * wants to be stepped next though nothing happens. A restart is an event. Everything in here is
 * plain values: a copy of `struct shop` is a copy of the shop.
 */
#ifndef SHOP_CORE_SHOP_H
#define SHOP_CORE_SHOP_H

/* What each machine keeps; the structs are the machines' own business and stand in their headers.
 */
#include "core/admission.h"
#include "core/alarm.h"
#include "core/config.h"
#include "core/door.h"
#include "core/effect.h"
#include "core/event.h"
#include "core/ladder.h"
#include "core/rehearsal.h"
#include "core/sensor.h"
#include "core/visit.h"
#include "core/watch.h"

struct shop {
	struct shop_config config;
	bool started, stopped;
	bool ledger_ok;		   /* else nobody is let in and nothing is sold */
	bool recalled;		   /* what the ledger remembers of the doors has been taken over */
	bool commanded[DOORS_MAX]; /* a person has said what holds since the start */
	struct door door[DOORS_MAX];
	struct admission admission; /* fresh token ids, nonces, refusal counters */
	struct visits visits;	    /* open visits, tills */
	struct alarms alarms;
	struct ladder ladder; /* who is told of them */
	struct rehearsal rehearsal;
	struct sensors sensors; /* of the room */
	struct watches watches; /* all else that is watched */
	struct mono start_mono;
	uint8_t boot_id[BOOT_ID_SIZE];
	bool clean; /* the stop before this start was in order: used ids came back from the ledger
		     */
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

/** shop_till_customer - whose goods this till's scanner takes; false when nobody's. (In a visit
 * that several members share it is the one who showed a token last.) */
bool shop_till_customer(const struct shop *shop, uint8_t reader, struct customer *ret);

/** shop_nonce_live - whether this door gave the nonce and a token may still use it. */
bool shop_nonce_live(const struct shop *shop, uint8_t door, const uint8_t nonce[NONCE_SIZE],
		     struct mono now);

/** shop_alarm_at - the alarms for a list, newest first: those that are not over, then the last
 * finished ones. NULL past the end. Lent until the next step. shop_alarms_open - how many are not
 * over. */
const struct alarm *shop_alarm_at(const struct shop *shop, uint32_t i);
uint32_t shop_alarms_open(const struct shop *shop);

#endif
