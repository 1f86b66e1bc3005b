/*
 * counter.h: counterd as one struct. It carries requests between phones and shopd and judges none
 * of them; what it keeps is requests under way, browser sessions and event streams, all bounded,
 * none on disk.
 */
#ifndef SHOP_COUNTERD_COUNTER_H
#define SHOP_COUNTERD_COUNTER_H

#include "counterd/album.h"
#include "counterd/config.h"
#include "counterd/events.h"
#include "counterd/kiosk.h"
#include "counterd/pending.h"
#include "counterd/session.h"
#include "counterd/turns.h"
#include "counterd/site.h"
#include "ledger/read.h"
#include "loop/loop.h"
#include "net/http_server.h"
#include "net/socket.h"

/** What /metrics tells of counterd itself, since start. */
struct tally {
	uint64_t responses[6]; /* by the hundreds of their status: [2] = 2xx */
	uint64_t shopd_timeouts, shopd_absences;
};

struct counter {
	struct config config;
	struct loop *loop;
	struct link *link;
	struct reader *reader;
	struct http_server *http;
	struct pending pending;
	struct sessions sessions;
	struct events events;
	struct kiosk kiosk;
	struct album album;
	struct turns turns;
	struct site site;
	struct tally tally;
};

/** counter_open - connects to shopd (now or when it comes), then listens. 0, or -errno with `why`.
 */
MUST_CHECK int counter_open(struct counter *c, struct loop *loop, const struct config *config,
			    char why[CONFIG_WHY_MAX]);

/** counter_close - refuses what waits, hangs up, frees. Also after a failed counter_open. */
void counter_close(struct counter *c);

#endif
