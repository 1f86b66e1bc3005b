/*
 * sms_gateway.h: how the SMS gateways that we know want to be asked, as a table of presets. One
 * request sends one text to one number.
 */
#ifndef SHOP_NET_SMS_GATEWAY_H
#define SHOP_NET_SMS_GATEWAY_H

#include "net/http_client.h"

#define GATEWAY_SECRET_MAX     128  /* bytes of a user or a password */
#define PHONE_MAX	       16   /* "+" and up to 15 digits (ITU-T E.164) */
#define GATEWAY_INBOX_TEXT_MAX 1024 /* bytes of a text that came in: longer ones are cut */
#define SENDER_MAX	       16   /* a number, or a name of up to 11 letters */

/** What one request came to. */
enum sms_outcome {
	SMS_ACCEPTED = 0, /* the gateway has taken the text */
	SMS_REFUSED = 1,  /* it never will: wrong number, no money, wrong password */
	SMS_TROUBLE = 2,  /* it may, later: no answer, 429, 5xx */
};

/** The presets' names in the order of their numbers, NULL-terminated: for the configuration. */
extern const char *const gateway_presets[];

struct gateway {
	uint32_t preset;
	char url[HTTP_URL_MAX + 1]; /* whole, ready to post to */
	char user[GATEWAY_SECRET_MAX + 1];
	char password[GATEWAY_SECRET_MAX + 1];
	char from[SENDER_MAX + 1];
};

/** gateway_address - writes g->url: the preset's, or `url` where that is not empty. A `url` without
 * a path is the preset's server elsewhere; its path is kept. NULL, or why it may not be used. */
const char *gateway_address(struct gateway *g, const char *url);

/** gateway_body - "application/x-www-form-urlencoded" of one text. False when it does not fit;
 * HTTP_POST_MAX is room for 320 bytes of words. */
MUST_CHECK bool gateway_body(const struct gateway *g, const char *to, const char *words,
			     struct builder *body);

/** gateway_outcome - what the answer says about the text. */
enum sms_outcome gateway_outcome(const struct http_answer *answer);

/** What became of a text that a gateway has taken. */
enum sms_delivery {
	DELIVERY_WAITING = 0, /* not known yet */
	DELIVERY_DONE = 1,    /* it says that the phone has it */
	DELIVERY_FAILED = 2,  /* it says that the phone will not get it */
	DELIVERY_UNKNOWN = 3, /* it does not say, or makes no sense */
};

#define GATEWAY_ID_MAX 64 /* characters of the name that a gateway gives a text: [A-Za-z0-9_-] */

/** gateway_id - the name that the answer to a text gives it; "" when it gives none. */
void gateway_id(const struct gateway *g, const struct http_answer *answer,
		char id[GATEWAY_ID_MAX + 1]);

/** gateway_status_url - where to ask (GET, basic authentication) what became of the text of this
 * name. False when that does not fit. gateway_status - what the answer says. */
MUST_CHECK bool gateway_status_url(const struct gateway *g, const char *id,
				   char url[HTTP_URL_MAX + 1]);
enum sms_delivery gateway_status(const struct gateway *g, const struct http_answer *answer);

/** A text that came in at the gateway. Of anybody's making: bounded, valid UTF-8, nothing more. */
struct gateway_text {
	char id[GATEWAY_ID_MAX + 1];
	char from[PHONE_MAX + 1]; /* E.164, or "" when it is no number */
	char text[GATEWAY_INBOX_TEXT_MAX + 1];
	int64_t at_ms; /* UTC, as the gateway says; 0: it does not */
};

/** gateway_inbox_url - where to ask (GET) for the newest `texts`; of one gateway's they are those
 * that left, too. gateway_inbox - at
 * most `max` of them, newest first; how many, or -EBADMSG when the answer makes no sense. */
MUST_CHECK bool gateway_inbox_url(const struct gateway *g, uint32_t texts,
				  char url[HTTP_URL_MAX + 1]);
int gateway_inbox(const struct gateway *g, const struct http_answer *answer,
		  struct gateway_text *ret, uint32_t max);

/** phone_valid - E.164: "+", a digit that is not 0, 6 to 14 more. sender_valid - such a number, or
 * 1 to 11 letters and digits with at least one letter. */
bool phone_valid(const char *text);
bool sender_valid(const char *text);

#endif
