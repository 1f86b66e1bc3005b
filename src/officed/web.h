/*
 * web.h: requests in the hands of the loop. A request is copied, its sender proven on a thread
 * (work.h), and then done: by a job on a worker, or at once where no database is needed
 * (heartbeats, polls of the feed).
 */
#ifndef SHOP_OFFICED_WEB_H
#define SHOP_OFFICED_WEB_H

#include "officed/fleet.h"
#include "officed/routes.h"
#include "token/claims.h"

struct http_request;
struct web;

enum asked_at {
	ASKED_WORKING = 0,  /* a thread has it */
	ASKED_HELD = 1,	    /* poll.c holds it */
	ASKED_PARKED = 2,   /* it waits for the next look at the fleet */
	ASKED_SETTLING = 3, /* done; answered when the loop has seen what it changed */
};

/** One request, from its arrival to its answer. */
struct asked {
	struct job job;
	struct web *web;
	struct http_request *http; /* NULL: its sender has hung up */
	const struct office_route *route;
	struct shop_now *shop; /* of a box */
	enum asked_at at;
	bool packed, write, judged_twice;
	struct guesses *guesses; /* its code counts there, until it was good … */
	uint64_t asker;		 /* … and with who brings it, where that is anybody */
	/* its proof */
	struct token token; /* points into token_bytes */
	struct public_key key;
	bool good;
	uint32_t token_len;
	uint8_t *token_bytes;
	char *shops; /* of whoever stands in the database: ask.who.shops */
	struct ask ask;
	struct reply reply;
	/* poll.c's, or the list of the parked */
	struct asked *next, **link, *next_of_shop;
	uint64_t after; /* a poll's cursor; or the look that it settles with */
	struct mono until;
	/* everything of the request, copied */
	uint32_t body_len;
	uint8_t *body;
	char text[];
};

/** What the loop does by itself with a proven request of a box. */
struct web_listener {
	void (*heartbeat)(void *data, struct asked *a); /* answers it */
	void (*poll)(void *data, struct asked *a);	/* answers, holds or asks the database */
	void (*poll_answered)(void *data, struct asked *a); /* the database's answer is in a->reply:
							       web_answer() it, or hold it again */
	void (*gone)(void *data, struct asked *a);	    /* a held one's sender has hung up */
	void *data;
};

/** web_open - listens. 0, or -errno with `why`. */
MUST_CHECK int web_open(struct loop *loop, const struct config *config,
			const struct office_keys *keys, struct work *work, struct fleet *fleet,
			const struct web_listener *listener, struct web **ret,
			char why[CONF_WHY_MAX]);
/** web_stop - takes no more requests and hangs up on all; web_free - after work_close(). */
void web_stop(struct web *w);
void web_free(struct web *w);
/** web_port - the TCP port listened on; 0 for a Unix socket. */
uint16_t web_port(const struct web *w);

/** web_answer - sends a->reply and lets go of it: the last word on it. */
void web_answer(struct asked *a);
/** web_job - its route's work on a worker, then web_answer() or poll_answered. */
void web_job(struct asked *a);
/** web_job_room - whether web_job would find room in the queue of boxes. */
bool web_job_room(struct web *w);
/** web_looked - the fleet was looked at, or (not good) could not be: the parked are judged again,
 * and who changed it is answered. */
void web_looked(struct web *w, bool good);

/** asked_run - the work on a worker: unpacks, uses up an operator's token, answers. */
void asked_run(struct office *o, struct job *j);

#endif
