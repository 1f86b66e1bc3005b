/* web_inside.h: what web.c (arrival, answer) and web_proof.c (who asks) know of each other. */
#ifndef SHOP_OFFICED_WEB_INSIDE_H
#define SHOP_OFFICED_WEB_INSIDE_H

#include "net/http_server.h"
#include "net/pages.h"
#include "officed/proof.h"
#include "officed/web.h"

enum {
	ASKERS_MAX = 256,
};

/** Who has asked for a code by mail, or brought wrong ones, within the minute. */
struct asker {
	uint64_t mark; /* of the address it came from; 0: free */
	struct guesses mails, codes;
};

struct web {
	struct loop *loop;
	const struct config *config;
	struct work *work;
	struct fleet *fleet;
	struct http_server *http;
	struct pages *pages;
	struct pages_site own_site, shop_site;
	struct proofs *proofs;
	struct web_listener listener;
	struct kid operator_kid[OPERATORS_MAX];
	struct asked *parked, *settling;
	uint32_t parked_count, open;
	struct guesses guesses; /* of invitations and operators' codes */
	struct guesses mails;	/* codes that were asked for, by all */
	struct asker asker[ASKERS_MAX];
	bool stopping;
};

/** web_prove - who asks, from the Authorization header (NULL: none); goes on with web_proven(), now
 * or later, or answers. */
void web_prove(struct asked *a, const char *authorization);
#define AUDIENCE_ADMIN "office/admin"
#define AUDIENCE_ME    "office/me"

/** web_find - in a transaction: whose key, of those in the database, signed a->token. a->good and
 * a->ask.who. */
db_work_fn web_find;
/** web_unparked - a parked request is judged once more. */
void web_unparked(struct asked *a);

/** web_proven - it is known who asks: rights, and then the work. */
void web_proven(struct asked *a);
/** web_site_open - reads the pages; false without memory. */
bool web_site_open(struct web *w);
/** web_shop - the shop under whose name we were asked, "" for our own; false: for no shop there is.
 * web_not_here - a path that is that shop's own box's. */
bool web_shop(const struct web *w, const struct http_request *http, char ret[PLACE_MAX_LEN + 1]);
bool web_not_here(const char *path, const char *shop);
/** web_page - answers with a page, where there is one of this path. */
enum pages_found web_page(struct web *w, struct http_request *http, const char *shop);
/** web_preflight - answers a browser that asks whether a shop's page may ask (CORS); false: it is
 * no such question, or from nobody we know. */
bool web_preflight(struct web *w, struct http_request *http);
/** web_send - http_respond(), opened to the shop's page that asks. */
void web_send(struct web *w, struct http_request *http, struct http_answer *m);

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
