/* text_send.h: texts leave, by the SMS gateway of officed.conf. */
#ifndef SHOP_OFFICED_TEXT_SEND_H
#define SHOP_OFFICED_TEXT_SEND_H

#include "base/words.h"
#include "officed/work.h"

struct http_client;
struct texts;

/** texts_open - NULL in *ret when officed.conf has no [gateway]: then no texts are made either. */
MUST_CHECK int texts_open(struct loop *loop, struct work *work, struct http_client *http,
			  const struct config *config, struct texts **ret);
void texts_stop(struct texts *t); /* before work_close() and before the client is freed */
void texts_free(struct texts *t);

enum {
	TEXTS_MAX = 8, /* on their way at once */
	CONTACT_PHONE_MAX = 16,
};

/** A text that this officed has to send. */
struct text_due {
	char shop[PLACE_MAX_LEN + 1];
	int64_t n, made_at, tries;
	enum language language;
	char contact[NAME_MAX_LEN + 1];
	char phone[CONTACT_PHONE_MAX + 1];
	char words[321];
};

/** texts_lease - up to TEXTS_MAX that are due become this officed's for a minute. Storms are
 * grouped: of more than three to one phone, one goes that tells of all. 0 or -errno. */
MUST_CHECK int texts_lease(struct office *o, struct wall now, struct text_due *due,
			   uint32_t *ret_count);

enum text_end {
	TEXT_SENT = 0,
	TEXT_AGAIN = 1,	  /* the gateway did not take it now */
	TEXT_REFUSED = 2, /* it never will */
};
/** texts_end - what became of one. 0 or -errno. */
MUST_CHECK int texts_end(struct office *o, const struct text_due *due, enum text_end end,
			 struct wall now);

#endif
