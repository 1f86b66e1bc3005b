/*
 * texts.h: what an owner reads on the phone when something is wrong: what happened, where, since
 * when, what to do, and the code that acknowledges it. Never who: no member's name or key is ever
 * known here, and nothing that came from a network stands in a text.
 *
 *   texts.c      fills the sentences in
 *   texts_sv.c   Swedish
 *   texts_en.c   English
 *   gsm.c        what a text costs
 */
#ifndef SHOP_COURIERD_TEXTS_H
#define SHOP_COURIERD_TEXTS_H

#include "base/words.h"
#include "courierd/config.h"
#include "wire/message.h"

#define SEPTETS_OF_ONE 160 /* GSM 03.38 characters of one SMS … */
#define SEPTETS_OF_TWO 306 /* … and of two, each with its header */

/** What is said of one condition. `{place}`, `{time}`, `{for}`, `{value}` and `{code}` are filled
 * in; `{value}` begins with a space, or is empty. */
struct condition_words {
	const char *name;   /* short, for "taken" and "group": only `{place}` */
	const char *raised; /* what happened, where, since when; what to do; the code */
	const char *over;
};

struct language_words {
	struct condition_words condition[CONDITIONS];
	const char *taken;	/* `{by}`, `{name}`, `{code}` */
	const char *group;	/* `{count}`, `{name}`, `{time}`, `{code}` */
	const char *taken_many; /* `{by}`, `{count}`, `{name}`, `{code}` */
	const char *over_many;	/* `{count}`, `{name}`, `{code}` */
	const char *link;	/* `{page}`, `{alarm}` */
	const char *role[CONTACT_ROLES];
	const char *somebody; /* who answered on the page or at the box */
	const char *time;     /* for strftime */
	const char *degrees;
	char comma; /* of decimals */
};

extern const struct language_words texts_sv, texts_en;

/** text_make - the words for one NOTIFY: within SEPTETS_OF_ONE, or SEPTETS_OF_TWO with the link to
 * the pictures, where there are cameras and an owner's page. The time is told in the process's time
 * zone (TZ). */
void text_make(const struct config *config, const struct message_notify *notify,
	       enum language language, char words[SMS_TEXT_MAX + 1]);

/** text_septets - what a text takes of SEPTETS_OF_ONE; 0 when a character is not in the GSM
 * alphabet (it would be sent as UCS-2, 70 characters a part) or `words` is no UTF-8. */
uint32_t text_septets(const char *words);

#endif
