/* recover.h: codes mailed to members who have lost their phones, looked for again and again. */
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
	RECOVER_AN_HOUR = 3, /* mails to one address */
	RECOVER_PEOPLE = 8,  /* members who share one */
	RECOVER_ID_SIZE = 33,
	RECOVER_TITLE_SIZE = 81,
	RECOVER_NAME_SIZE = 121,
};

/** A mail in the making. */
struct recovering {
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

struct recover;

/** recover_open - begins to look, where the configuration has a [mail]. 0 or -errno. recover_close
 * - after work_close(); NULL is fine. */
MUST_CHECK int recover_open(struct loop *loop, struct work *work, const struct config *config,
			    struct recover **ret);
void recover_close(struct recover *r);

#endif
