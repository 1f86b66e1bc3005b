/*
 * roads.h: how the two ways out stand, the HTTP gateway and the GSM modem: which one a text should
 * try first, and when a broken one is to be said. Pure: time and results arrive.
 */
#ifndef SHOP_COURIERD_ROADS_H
#define SHOP_COURIERD_ROADS_H

#include "base/check.h"
#include "base/clock.h"
#include "base/words.h"

enum {
	ROAD_FAILURES = 2,	   /* in a row: one lost packet is no alarm */
	ROAD_LOSSES = 2,	   /* likewise of texts that it took: one phone may be off */
	ROAD_DEAF = 3,		   /* looks into the inbox that failed in a row */
	ROAD_LOST_MS = 30000,	   /* a modem that is not ready for so long is failing … */
	ROAD_SHUN_MS = 60000,	   /* a failing road is not the first choice for so long … */
	ROAD_SHUN_MAX_MS = 600000, /* … doubled with each failure up to 10 min */
};

/** How one try to hand a text to a road went. */
enum sms_try {
	TRY_TAKEN = 0,	 /* the road has it */
	TRY_REFUSED = 1, /* this text to this number never will: it is no fault of the road */
	TRY_BARRED = 2,	 /* the road takes nothing from us: no money, a wrong password or page */
	TRY_BUSY = 3,	 /* it answered, and has not taken it: 429, 5xx */
	TRY_NO_WAY = 4,	 /* nobody answered, and it cannot have been taken */
	TRY_DOUBT = 5,	 /* no answer came, and it may have been taken */
};
#define SMS_TRIES 6

struct way {
	bool fitted;
	bool ready;   /* a gateway always is */
	bool lost;    /* not ready for ROAD_LOST_MS */
	bool broken;  /* it does not take texts */
	bool lossy;   /* it takes them, and they do not arrive */
	bool reached; /* … though it read them, or may have: that its inbox works proves nothing */
	bool known;   /* whether it works: said to nobody before */
	bool told, told_as; /* shopd has heard … that it fails */
	uint32_t failures;  /* in a row */
	uint32_t losses;    /* in a row, each of another person's text */
	uint32_t loser;	    /* whose the last one was */
	uint32_t deaf;	    /* looks into the inbox that failed, in a row */
	uint32_t shuns;
	struct mono ready_since; /* since when `ready` is as it is */
	struct mono shun_until;
	struct mono taken_at; /* the newest text that it took; 0: none yet */
};

struct roads {
	struct way road[SMS_ROADS];
};

/** roads_init - those with their bit in `fitted` are there; a modem is not ready yet. */
void roads_init(struct roads *r, struct mono now, uint32_t fitted);

/** roads_ready - the modem has become ready, or ceased to be. */
void roads_ready(struct roads *r, struct mono now, bool ready);
/** roads_tried - what became of a text that was tried there so often. */
void roads_tried(struct roads *r, struct mono now, enum sms_road road, enum sms_try how,
		 uint32_t tries);
/** roads_lost - a text to this one of `people` that the gateway took did not arrive.
 * roads_delivered - one did. */
void roads_lost(struct roads *r, struct mono now, uint32_t contact, uint32_t people);
void roads_delivered(struct roads *r);
/** roads_heard - the gateway's inbox could be read, or not. */
void roads_heard(struct roads *r, struct mono now, bool heard);
/** roads_time - what falls due by now. roads_deadline - when the next thing does. */
void roads_time(struct roads *r, struct mono now);
struct mono roads_deadline(const struct roads *r);

/** road_failing - a text goes by the other one first, and shopd is told. */
bool road_failing(const struct way *road);
/** road_open - a text can be handed to it now. */
bool road_open(const struct way *road);
/** roads_both - there are two, whether they work or not. */
bool roads_both(const struct roads *r);

/** roads_first - the one that a new text tries first: the gateway, unless it fails and the modem
 * does not. A road that fails gets a text now and then that is no emergency, to see. `prove`: the
 * one that has been silent for longer, so that a rehearsal tries both in turn. */
enum sms_road roads_first(struct roads *r, struct mono now, enum severity severity, bool prove);

/** roads_fault - the next road of which shopd does not know how it stands. roads_told - it does.
 * roads_untold - shopd is another one: all are said again. */
bool roads_fault(const struct roads *r, enum sms_road *ret, bool *ret_failing);
void roads_told(struct roads *r, enum sms_road road, bool failing);
void roads_untold(struct roads *r);

#endif
