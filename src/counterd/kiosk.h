/*
 * kiosk.h: /v1/kiosk/events: what happens at the doors and tills, as server-sent events for the
 * screens beside them. Who comes is told how everything stands, then what changes. All is in fixed
 * room: one ring of events for all who listen; who falls behind it is told anew how things stand.
 */
#ifndef SHOP_COUNTERD_KIOSK_H
#define SHOP_COUNTERD_KIOSK_H

#include "loop/loop.h"
#include "net/http_server.h"
#include "wire/message.h"

struct counter;

enum {
	KIOSK_CLIENTS_MAX = 8, /* screens of one shop, and a reload of each before it is noticed */
	KIOSK_EVENTS_MAX = 64, /* a basket's lines, and what comes after; then: how things stand */
	KIOSK_EVENT_SIZE = 1536, /* two sentences, escaped */
};

struct kiosk_client {
	struct http_request *request; /* NULL: a free place */
	uint64_t told;		      /* events of the ring */
	bool greet, comment;
	bool place; /* is to be told how things stand … */
	bool away;  /* … and was told that nobody knows */
};

struct kiosk_event {
	uint32_t len;
	char text[KIOSK_EVENT_SIZE];
};

struct kiosk {
	struct kiosk_client client[KIOSK_CLIENTS_MAX];
	uint32_t clients;
	uint64_t happened; /* events since start: the newest is number happened - 1 */
	struct kiosk_event event[KIOSK_EVENTS_MAX];
	/* how things stand, as shopd says it while we listen */
	bool doors_known, known;
	struct message_doors_are doors;
	struct message_tills_are tills;
	struct message_challenge_is challenge[DOORS_MAX]; /* text empty: not known */
	struct mono changes[DOORS_MAX];
	struct timer *comments, *challenges;
	struct http_stream stream;
};

/** kiosk_open - the timers; 0 or -errno. kiosk_close - hangs up on every client. */
MUST_CHECK int kiosk_open(struct counter *c);
void kiosk_close(struct counter *c);

/** kiosk_message - what shopd says unasked; false: it is nothing for the kiosks. */
bool kiosk_message(struct counter *c, const union message *m);
/** kiosk_shopd - shopd is here, or gone. */
void kiosk_shopd(struct counter *c, bool up);

/** kiosk_gone - a request is over; false: it was no kiosk's. */
bool kiosk_gone(struct counter *c, struct http_request *r);

#endif
