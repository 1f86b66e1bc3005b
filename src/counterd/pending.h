/*
 * pending.h: requests that wait for shopd's word. Each has a place in a fixed table, a number that
 * shopd hands back, and a deadline; one that shopd does not answer in time, or cannot hear, is
 * answered 503 with Retry-After. A late word for a number that is no longer waited for is dropped:
 * every request may safely be repeated by the phone.
 */
#ifndef SHOP_COUNTERD_PENDING_H
#define SHOP_COUNTERD_PENDING_H

#include "loop/loop.h"
#include "net/http_server.h"
#include "wire/message.h"

struct counter;

enum {
	PENDING_MAX = HTTP_CONNECTIONS_MAX, /* a connection waits for one answer at a time */
	PENDING_DEADLINE_MS = 5000, /* a phone shows a spinner no longer; a sync takes far less */
	PENDING_ROWS_MAX = ALARMS_MAX + 64, /* of a list: the longest is that of the alarms */
};

/** pending_ask() for an answer of whatever type: `fn` looks. */
#define PENDING_ANY ((enum message_type)0)

/** Rows of more than one type. */
#define PENDING_ROW_ANY UINT16_MAX

/** shopd's word, of the type that was asked for. Answer the request. */
typedef void pending_fn(struct counter *c, struct http_request *r, const union message *m);

struct waiting {
	struct http_request *request; /* NULL: a free place */
	pending_fn *fn;
	struct mono deadline;
	uint32_t number; /* as shopd hands it back */
	uint16_t want;	 /* enum message_type */
	uint16_t row;	 /* … and of the rows that come before it; 0: none do; PENDING_ROW_ANY */
	uint16_t next, previous;
};

/** A list on its way. shopd says all of one before it says anything else, so there is but one. */
struct pending_list {
	uint32_t number; /* of the request */
	uint32_t rows;
	union message row[PENDING_ROWS_MAX];
};

struct pending {
	struct pending_list list;
	struct waiting place[PENDING_MAX];
	uint32_t waiting;
	uint16_t free, oldest, newest; /* lists of places; PENDING_NONE ends them */
	struct timer *timer;
	bool armed;
	int64_t deadline_ms;
};

/** pending_open - an empty table; 0 or -errno. pending_close - refuses what still waits. */
MUST_CHECK int pending_open(struct counter *c);
void pending_close(struct counter *c);

/** pending_ask - sends `m` (its number is set here) to shopd and holds `r` until a message of type
 * `want` comes back; or answers 503 at once. */
void pending_ask(struct counter *c, struct http_request *r, union message *m,
		 enum message_type want, pending_fn *fn);

/** pending_ask_list - asks for a list: `fn` hears MESSAGE_DONE, and the rows of type `row` that
 * came before it are c->pending.list. */
void pending_ask_list(struct counter *c, struct http_request *r, enum message_type question,
		      enum message_type row, pending_fn *fn);

/** pending_ask_rows - asks with `m` for rows of whatever types and, last, one of type `want`, which
 * `fn` hears; the rows are c->pending.list. */
void pending_ask_rows(struct counter *c, struct http_request *r, union message *m,
		      enum message_type want, pending_fn *fn);

/** pending_reply - a message from shopd that answers something. */
void pending_reply(struct counter *c, const union message *m);

/** pending_refuse_all - shopd is gone, or we are going. */
void pending_refuse_all(struct counter *c);

#endif
