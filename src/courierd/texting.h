/*
 * texting.h: texts out and answers in. shopd says whom to tell what (MESSAGE_NOTIFY, NOTICE,
 * ENOUGH); the words are made here, they leave by the HTTP gateway or the GSM modem, and shopd
 * hears what became of each (NOTIFIED), which road fails (FAULT), and which code a contact has
 * answered with (REPLY). sms.h and inbox.h decide; this is where their decisions are done.
 *
 *   texting.c          messages, and what is due
 *   texting_gateway.c  the gateway: texts, what became of them, its inbox
 *   texting_modem.c    the modem
 */
#ifndef SHOP_COURIERD_TEXTING_H
#define SHOP_COURIERD_TEXTING_H

#include "courierd/config.h"
#include "loop/loop.h"
#include "net/socket.h"

struct texting;

/** texting_open - `config` and `link` outlive it; `seed` spreads retries. The requests have a
 * client of their own: an office or cameras that hang take none of them. 0 or -errno. */
MUST_CHECK int texting_open(struct loop *loop, struct link *link, const struct config *config,
			    uint64_t seed, struct texting **ret);
void texting_close(struct texting *t);

/** texting_link - shopd is here: it hears the contacts first, then what it may have missed.
 * texting_message - one of its messages; false when it is not about texts. */
void texting_link(struct texting *t);
bool texting_message(struct texting *t, const union message *m);

#endif
