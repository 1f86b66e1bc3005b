/*
 * events.h: /v1/events: the ledger as server-sent events for the owner's page (WHATWG HTML 9.2). An
 * event's id is its entry's seq, so that a browser which lost the line takes up where it was
 * (Last-Event-ID).
 */
#ifndef SHOP_COUNTERD_EVENTS_H
#define SHOP_COUNTERD_EVENTS_H

#include "loop/loop.h"
#include "net/http_server.h"

struct counter;

enum {
	EVENT_CLIENTS_MAX = 32, /* pages that owner and staff have open */
	EVENT_TICK_MS = 100,	/* a client is given at most one batch in so long */
	EVENT_BATCH_MAX = 32, /* entries of one batch: one short query; what a pull has room for */
	EVENT_COMMENT_MS = 25000, /* so that no proxy takes silence for death */
	EVENT_STALLED_MS = 20000, /* a client that takes nothing for so long is hung up on */
};

struct event_client {
	struct http_request *request; /* NULL: a free place */
	uint64_t after;		      /* seq of the newest entry told */
	uint64_t session;	      /* 0: came with a token of its own */
	struct mono until;	      /* a token's stream ends like a session would */
	bool greet, comment, spent;
};

struct events {
	struct event_client client[EVENT_CLIENTS_MAX];
	uint32_t clients;
	uint64_t head;
	struct timer *tick, *comments;
	bool ticking;
	struct mono ticked_at;
	struct http_stream stream;
};

/** events_open - the timers; 0 or -errno. events_close - hangs up on every client. */
MUST_CHECK int events_open(struct counter *c);
void events_close(struct counter *c);

/** events_news - shopd says that the ledger's newest entry is `head`. */
void events_news(struct counter *c, uint64_t head);

/** events_session_ended - streams of sessions that live no longer are ended. */
void events_session_ended(struct counter *c);

/** events_gone - http_server's handler: a request is over; if it was a client, its place is free.
 */
void events_gone(void *data, struct http_request *r);

#endif
