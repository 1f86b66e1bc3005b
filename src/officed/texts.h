/* texts.h: what a shop's contacts read on their phones when the office has to tell them something:
 * which shop, what, since when, what to do. Never who. */
#ifndef SHOP_OFFICED_TEXTS_H
#define SHOP_OFFICED_TEXTS_H

#include "base/clock.h"
#include "base/limits.h"
#include "base/words.h"
#include "officed/schema.h"

enum {
	TEXT_WORDS_MAX = 320, /* bytes; two SMS */
	TITLE_MAX = 40,	      /* bytes of a shop's title */
};

struct notice_text {
	enum notice_kind kind;
	const char *title;
	enum language language;
	struct wall since;
	int64_t minutes;	  /* of what is over */
	enum condition condition; /* of an alarm: 0 in notices that are about none */
	const char *place;	  /* of it; "" or NULL: none */
};

/** notice_is_told - whether contacts get a text of this kind of notice. */
bool notice_is_told(enum notice_kind kind);
/** notice_is_event - it happened, and does not go on: there is nothing that could be over. */
bool notice_is_event(enum notice_kind kind);
/** notice_word - "silent", "clone" … */
const char *notice_word(enum notice_kind kind);

/** text_raised, text_over - the words. Times are told in the process's time zone (TZ). */
void text_raised(const struct notice_text *t, char words[TEXT_WORDS_MAX + 1]);
void text_over(const struct notice_text *t, char words[TEXT_WORDS_MAX + 1]);
/** text_many - in place of `count` texts to one phone at once; `titles`: a few of them. */
void text_many(uint32_t count, const char *titles, enum language language,
	       char words[TEXT_WORDS_MAX + 1]);

#endif
