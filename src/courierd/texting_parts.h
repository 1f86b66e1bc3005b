/* texting_parts.h: what texting.c and its two roads know of each other. */
#ifndef SHOP_COURIERD_TEXTING_PARTS_H
#define SHOP_COURIERD_TEXTING_PARTS_H

#include "courierd/inbox.h"
#include "courierd/sms.h"
#include "courierd/texting.h"
#include "net/modem.h"

/** A text, or a question about one, on its way, for its callback. */
struct flight {
	struct texting *texting; /* NULL: free */
	struct sms_due due;	 /* a question: `text` alone */
};

/** A contact's answer that shopd has not heard yet. */
struct answered {
	uint32_t contact, code;
	enum sms_road road;
};

#define ANSWERED_MAX 16 /* two of each contact, while shopd starts again */

struct texting {
	struct loop *loop;
	struct link *link;
	const struct config *config;
	struct http_client *http;
	struct modem *modem; /* NULL: not fitted */
	struct timer *timer;
	struct flight flight[SMS_ROADS][SMS_FLYING_MAX];
	struct flight asking[SMS_ASKING_MAX];
	struct mono look_at; /* when the gateway's inbox is looked into next */
	bool looking;
	struct sms sms;
	struct inbox inbox;
	struct answered answered[ANSWERED_MAX];
	uint32_t answered_count;
	struct gateway_text list[INBOX_LIST_MAX];
};

/** texting_work - does what is due. Called after everything that happens. */
void texting_work(struct texting *t);

/** flight_free - a place for one more of `count`; CHECKs that there is one. */
struct flight *flight_free(struct flight *flights, uint32_t count);

/** flight_landed - how a text went: into the log and to sms.h. The flight is free again. */
void flight_landed(struct flight *f, enum sms_try how, int64_t retry_after_ms, const char *id,
		   const char *why);

/** texting_heard - a text came in. */
void texting_heard(struct texting *t, enum sms_road road, const char *id, const char *from,
		   const char *text, int64_t at_ms);

/** gateway_send, modem_text - hands a text to the road. What became of it is said to
 * flight_landed(), at once where it cannot even begin. */
void gateway_send(struct texting *t, struct flight *f, const char *words);
void modem_text(struct texting *t, struct flight *f, const char *words);

/** gateway_ask - what became of the text of this name. gateway_look - into the inbox, when it is
 * time. */
void gateway_ask(struct texting *t, const struct sms_asked *asked);
void gateway_look(struct texting *t, struct mono now);

/** modem_fit - opens the modem of the configuration. 0 or -errno. */
MUST_CHECK int modem_fit(struct texting *t);

#endif
