/* recover.h: codes mailed to members who have lost their phones, looked for again and again; and a
 * word to an address that is a member's no more. */
#ifndef SHOP_OFFICED_RECOVER_H
#define SHOP_OFFICED_RECOVER_H

#include "net/mail.h"
#include "officed/me.h"
#include "officed/people_code.h"
#include "officed/work.h"

enum {
	RECOVER_LOOK_MS = 1000,
	RECOVER_LEASE_MS = 90000, /* longer than a mail takes */
	RECOVER_RETRY_MS = 15000,
	RECOVER_TRIES_MAX = 4,
	RECOVER_TOLD_TRIES_MAX = 12, /* of a word that is no code: over 17 hours */
	RECOVER_AN_HOUR = 3,	     /* mails to one address */
	RECOVER_PEOPLE = 8,	     /* members who share one */
	RECOVER_ID_SIZE = 33,
	RECOVER_TITLE_SIZE = 81,
	RECOVER_NAME_SIZE = 121,
};

/** What a mail is about; a number of the database. */
enum recover_kind {
	RECOVER_CODE = 0,
	RECOVER_CHANGED = 1,	     /* her address was changed by herself … */
	RECOVER_CHANGED_BY_SHOP = 2, /* … or by who works for the shop */
};

/** A mail in the making. */
struct recovering {
	enum recover_kind kind;
	char member[MEMBER_TEXT_SIZE]; /* of RECOVER_CHANGED and _BY_SHOP */
	char id[RECOVER_ID_SIZE];
	char email[MAIL_PATH_MAX + 1]; /* as it was asked for; then as it stands here */
	int64_t tries;
	struct wall made;
	enum language language;
	char title[RECOVER_TITLE_SIZE]; /* of the first one's shop */
	uint32_t people;
	struct {
		char name[RECOVER_NAME_SIZE];
		char code[INVITE_CODE_SIZE];
	} person[RECOVER_PEOPLE];
	int result; /* of mail_send() */
	char why[MAIL_WHY_MAX];
};

/** recover_lease - takes what is due and makes codes for whoever has the address; false: nothing
 * is due. Nobody has it: no people, and done. recover_note - how it went. Within a transaction. */
bool recover_lease(struct office *o, struct wall now, struct recovering *ret);
void recover_note(struct office *o, const struct recovering *r, struct wall now);
/** recover_send - hands the mail to the server; sets r->result. Needs no database. */
void recover_send(const struct config *config, struct recovering *r);
/** recover_words - the mail's text and subject: free() the text. */
char *recover_words(const struct recovering *r, char subject[MAIL_SUBJECT_MAX]);

/** recover_changed - whoever had the address `before` is told that it is no longer the member's,
 * where it is another now: a code goes to the new one, so that who has lost a phone unlocked loses
 * no more by it in silence. `by`: who changed it. In the caller's transaction. */
void recover_changed(struct office *o, const struct person *before, const struct person *after,
		     enum recover_kind by, struct wall now);

struct recover;

/** recover_open - begins to look, where the configuration has a [mail]. 0 or -errno. recover_close
 * - after work_close(); NULL is fine. */
MUST_CHECK int recover_open(struct loop *loop, struct work *work, const struct config *config,
			    struct recover **ret);
void recover_close(struct recover *r);

#endif
