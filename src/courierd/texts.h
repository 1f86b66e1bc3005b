/*
 * texts.h: what an owner reads on the phone when something is wrong: what happened, where, since
 * when, what to do, and the code that acknowledges it. Never who: no member's name or key is ever
 * known here.
 */
#ifndef SHOP_COURIERD_TEXTS_H
#define SHOP_COURIERD_TEXTS_H

#include "base/words.h"
#include "courierd/sms.h"
#include "wire/message.h"

#define SEPTETS_OF_ONE 160 /* GSM 03.38 characters of one SMS; a longer text costs two */

/** text_make - the words for one NOTIFY. The time is told in the process's time zone (TZ). */
void text_make(const char *shop, const struct message_notify *notify, enum language language,
	       char words[SMS_TEXT_MAX + 1]);

/** text_septets - what a text takes of SEPTETS_OF_ONE; 0 when a character is not in the GSM
 * alphabet (it would be sent as UCS-2, 70 characters a part) or `words` is no UTF-8. */
uint32_t text_septets(const char *words);

#endif
