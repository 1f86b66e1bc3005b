/*
 * bill.h: shops' invoices joined with people (design 4): one bundle a member and month over all
 * shops, its mail, and what is paid of it.
 *
 *   bill_bundle.c   which invoices go together, and when     bill_mail.c   a bundle as a mail
 *   bill_post.c     the loop's side: jobs that come again    bill_words.c  what the mail says
 *   bill_paper.c    an invoice from its entries              bill_render.c   as a document
 *   bill_remind.c   what is not paid, a friendly word
 *   bill_payment.c  bank files: whose money                  bill_overdue.c  who may not come in
 *   bill_routes.c, bill_payment_routes.c   what operators ask of it
 */
#ifndef SHOP_OFFICED_BILL_H
#define SHOP_OFFICED_BILL_H

#include "base/day.h"
#include "books/number.h"
#include "officed/bill_paper.h"
#include "officed/bill_render.h"
#include "officed/office.h"
#include "paper/party.h"

enum {
	BUNDLE_PAPERS_MAX = 24, /* documents of one mail; more are a second bundle */
	BUNDLE_WAIT_DAYS = 5,	/* of the month after, for shops that have not closed theirs */
	BUNDLES_A_JOB = 100,	/* made in one transaction */
	ARRIVALS_A_JOB = 200,
	MAIL_LEASE_MS = 5 * 60 * 1000, /* longer than drawing and sending can take */
	MAIL_TRIES_MAX = 12,	       /* 5, 10, 20 min … 12 h: two days and a half */
	MAIL_RETRY_MS = 5 * 60 * 1000,
	MAIL_RETRY_MAX_MS = 12 * 60 * 60 * 1000,
};

/** bundle_reference - the number by which all of a bundle can be paid at once: 14 digits with
 * length digit and Luhn check digit, so that it is no invoice's (those have 12).
 * bundle_of_reference - back; false when it is none. */
void bundle_reference(uint64_t bundle, char text[OCR_TEXT_SIZE]);
MUST_CHECK bool bundle_of_reference(const char *text, uint32_t len, uint64_t *ret_bundle);

/** bundle_gather - notes invoices that have come in since the last time. True when there may be
 * more. bundle_make - makes bundles of what waits and is ready: every shop that the member may
 * enter has closed the month, or BUNDLE_WAIT_DAYS are over. True when there may be more. Each
 * within a transaction. */
bool bundle_gather(struct office *o);
/** Where the walk over all waiting months stands; zero: at its begin. */
struct bundle_walk {
	struct customer customer;
	struct period period;
};
bool bundle_make(struct office *o, struct bundle_walk *walk, struct wall now);

/** reminder_make - mails about invoices that are not paid: a first word and a second, each once, on
 * the days that reminder_policy_default() names. True when there may be more. Within a transaction.
 */
bool reminder_make(struct office *o, struct wall now);

/** One document of a bundle. */
struct bundled {
	struct paper *paper;
	struct parties parties;
	char *pdf;
	size_t pdf_len;
};

/** A mail that is to be sent, and how it went. */
struct mailing {
	char shop[PLACE_MAX_LEN + 1];
	uint64_t bundle;
	int64_t tries; /* this one included */
	enum bundle_kind kind;
	int64_t invoice; /* of a reminder */
	struct period period;
	struct money payable;
	struct day due;
	bool one_seller; /* all of it can be paid at once */
	uint32_t papers;
	struct bundled paper[BUNDLE_PAPERS_MAX];
	struct wall made; /* of the bundle: the mail's date, again and again */
	int result;	  /* 0 sent, -EAGAIN later, else never */
	char why[200];
};

/** mailing_lease - the next bundle whose mail is due, read whole, and kept from others for
 * MAIL_LEASE_MS. True when there is one; `result` is not 0 when it cannot be made. Within a
 * transaction. mailing_send - draws and sends it; blocking; no database. mailing_note - how it
 * went. */
bool mailing_lease(struct office *o, struct wall now, struct mailing *ret);
void mailing_send(const struct config *config, struct mailing *m);
/** mail_date - an instant as RFC 5322 has it in a header. */
void mail_date(struct wall at, char text[64]);
void mailing_note(struct office *o, const struct mailing *m, struct wall now);
/** mailing_free - wipes and frees what it holds. */
void mailing_free(struct mailing *m);

/** bill_subject, bill_text - what the mail says. bill_text is the caller's: free(). */
#define BILL_SUBJECT_SIZE 200
void bill_subject(const struct mailing *m, char text[BILL_SUBJECT_SIZE]);
char *bill_text(const struct mailing *m);

/** parties_of - the parties of one document: a shop's seller, a member's party, its language, each
 * JSON as in the tables. False with `why`: what lacks. */
MUST_CHECK bool parties_of(const char *seller, const char *buyer, const char *language,
			   struct parties *ret, char why[PARTY_WHY_MAX]);

#endif
