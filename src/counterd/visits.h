/* visits.h: the answer to who opens or joins a visit, for all who may. */
#ifndef SHOP_COUNTERD_VISITS_H
#define SHOP_COUNTERD_VISITS_H

#include "net/http_server.h"
#include "wire/message.h"

struct counter;

/** visit_is_reply - 201 or 200 with visit and bearer, or why not. */
void visit_is_reply(struct counter *c, struct http_request *r, const struct message_visit_is *v);

#endif
