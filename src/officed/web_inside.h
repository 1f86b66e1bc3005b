/* web_inside.h: what web.c (arrival, answer) and web_proof.c (who asks) know of each other. */
#ifndef SHOP_OFFICED_WEB_INSIDE_H
#define SHOP_OFFICED_WEB_INSIDE_H

#include "net/http_server.h"
#include "officed/proof.h"
#include "officed/web.h"

struct web {
	struct loop *loop;
	const struct config *config;
	struct work *work;
	struct fleet *fleet;
	struct http_server *http;
	struct proofs *proofs;
	struct web_listener listener;
	struct kid operator_kid[OPERATORS_MAX];
	struct asked *parked, *settling;
	uint32_t parked_count, open;
	struct guesses guesses; /* of invitations */
	bool stopping;
};

/** web_prove - who asks, from the Authorization header (NULL: none); goes on with web_proven(), now
 * or later, or answers. */
void web_prove(struct asked *a, const char *authorization);
/** web_unparked - a parked request is judged once more. */
void web_unparked(struct asked *a);

/** web_proven - it is known who asks: rights, and then the work. */
void web_proven(struct asked *a);
/** web_guess - a request that brings a code: 0, or how many seconds nobody may try another one.
 * web_guessed - what became of it. */
uint32_t web_guess(struct asked *a);
void web_guessed(struct asked *a);
/** web_refuse - answers with a problem. */
__attribute__((format(printf, 4, 5))) void web_refuse(struct asked *a, uint32_t status,
						      const char *code, const char *detail, ...);
/** web_busy - 503: what there is to do does not fit its queue. */
void web_busy(struct asked *a);

#endif
