/*
 * turns.h: answers that take longer than a phone should wait at the door: worked out a slice a turn
 * of the loop, between which everybody else is served. Few at once; who comes then is told to come
 * again.
 */
#ifndef SHOP_COUNTERD_TURNS_H
#define SHOP_COUNTERD_TURNS_H

#include "loop/loop.h"
#include "net/http_server.h"

struct counter;

#define TURNS_MAX 4 /* at once: an owner's page asks for one after the other */

/** One slice, of a few milliseconds. True: go on; false: it has answered `r`. */
typedef bool turn_fn(struct counter *c, struct http_request *r, void *data);

struct turn {
	struct http_request *request; /* NULL: a free place */
	turn_fn *go_on;
	void (*end)(void *data);
	void *data;
};

struct turns {
	struct timer *timer;
	uint32_t going;
	struct turn turn[TURNS_MAX];
};

/** turns_open, turns_close - with the counter; what is under way is answered 503. 0 or -errno. */
MUST_CHECK int turns_open(struct counter *c);
void turns_close(struct counter *c);

/** turns_hold - holds `r` and calls `go_on` until it says no, then `end` for `data`; or answers
 * 429 at once, and ends it. */
void turns_hold(struct counter *c, struct http_request *r, turn_fn *go_on, void (*end)(void *data),
		void *data);

/** turns_begin - the same of a request that is held already. */
void turns_begin(struct counter *c, struct http_request *r, turn_fn *go_on, void (*end)(void *data),
		 void *data);

#endif
