/* schema.h: the office's tables, and the words for the numbers in them. Never renumber. */
#ifndef SHOP_OFFICED_SCHEMA_H
#define SHOP_OFFICED_SCHEMA_H

#include "db/db.h"

/** The version of the form that office_schema and its steps make; meta 'form'. */
#define OFFICE_FORM 3

/** office_schema_ready - makes the tables in an empty database (several officed may try at once),
 * takes an older one on by its steps, and refuses one of a form to come. 0, or -errno with `why`.
 */
MUST_CHECK int office_schema_ready(struct db *d, char why[DB_WHY_MAX]);

extern const char office_schema[];
/** What has come since: office_steps[n] makes form n of the one before. Never changed, only added
 * to; the first two are NULL. */
extern const char *const office_steps[OFFICE_FORM + 1];
/** Tables that belong to no shop, NULL-terminated. */
extern const char *const office_reference_tables[];

enum shop_state {
	SHOP_WAITING = 0, /* no box has enrolled yet */
	SHOP_LIVE = 1,
	SHOP_REVOKED = 2, /* its box was stolen: nothing of it is heard */
};

enum member_state {
	MEMBER_ASKS = 0, /* has registered, nobody has approved */
	MEMBER_LIVE = 1,
	MEMBER_BARRED = 2, /* blocked: the flag goes to the shops */
	MEMBER_DECLINED = 3,
	MEMBER_ERASED = 4, /* what the law lets go is gone */
};

/** What a mail is about. */
enum bundle_kind {
	BUNDLE_MONTH = 0,  /* a month's invoices and credit notes */
	BUNDLE_FIRST = 1,  /* a friendly word about one that is not paid */
	BUNDLE_SECOND = 2, /* a second one */
};
#define BUNDLE_KINDS 3

enum notice_kind {
	NOTICE_SILENT = 1,     /* three heartbeats missed */
	NOTICE_CLONE = 2,      /* an old epoch, or the same entry with another hash */
	NOTICE_EPOCH = 3,      /* a box has taken up from an older state */
	NOTICE_UNREADABLE = 4, /* an entry that nobody here can read */
	NOTICE_ENROLLED = 5,
	NOTICE_BROKEN = 6, /* hashes that do not follow */
	NOTICE_MAIL = 7,   /* a mail could not be delivered */
	NOTICE_HOOK = 8,   /* a webhook was given up */
	NOTICE_MONEY = 9,  /* the office's sums are not the shop's */
	NOTICE_REVOKED = 10,
	NOTICE_TEXT = 11, /* a text could not be sent */
	NOTICE_UNANSWERED =
		12,	       /* an alarm of the shop that nobody has answered, or could hear of */
	NOTICE_REHEARSAL = 13, /* nor its rehearsal */
	NOTICE_NO_TEXTS = 14,  /* texts do not leave the shop: the office tells in its place */
};
#define NOTICE_KINDS 15

#endif
