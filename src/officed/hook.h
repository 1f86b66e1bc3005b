/*
 * hook.h: webhooks after the Standard Webhooks specification: what happened is posted to whoever
 * asked for it, signed, again and again until it was taken.
 *
 *   hook.c        what is to be told, and to whom        hook_sign.c   the headers
 *   hook_post.c   the loop's side: posting               hook_routes.c what operators ask
 */
#ifndef SHOP_OFFICED_HOOK_H
#define SHOP_OFFICED_HOOK_H

#include "officed/office.h"
#include "officed/work.h"

enum {
	HOOKS_MAX = 64,
	HOOK_SECRET_SIZE = 32,
	HOOK_ID_MAX = 40,
	HOOK_KINDS_MAX = 255,
	HOOK_BODY_MAX = 32 * 1024, /* what is larger is told without its data */
	HOOKS_A_LOOK = 8,	   /* posted at once */
	HOOK_LOOK_MS = 1000,
	HOOK_LEASE_MS = 60 * 1000,
	HOOK_POST_MS = 15 * 1000,	      /* what a receiver may take to answer */
	HOOK_TRIES_MAX = 11,		      /* over three days: hook_retry_ms() */
	HOOK_ROTATE_MS = 24 * 60 * 60 * 1000, /* the old secret signs beside the new one */
};

/** Something to be told to one receiver. */
struct hook_call {
	char shop[PLACE_MAX_LEN + 1];
	char id[HOOK_ID_MAX + 1]; /* the same at every try: the receiver's key against doubles */
	char hook[HOOK_ID_MAX + 1];
	char url[OFFICE_URL_MAX + 1];
	char *body;    /* free() */
	int64_t tries; /* this one included */
	uint32_t secrets;
	uint8_t secret[2][HOOK_SECRET_SIZE];
	/* how it went */
	long status; /* 0: no answer */
	char trouble[120];
};

/** hook_lease - what is due, at most HOOKS_A_LOOK, kept from others for HOOK_LEASE_MS; how many.
 * hook_note - how it went. Each within a transaction. hook_call_free - wipes it. */
uint32_t hook_lease(struct office *o, struct wall now, struct hook_call call[HOOKS_A_LOOK]);
void hook_note(struct office *o, const struct hook_call *call, struct wall now);
void hook_call_free(struct hook_call *call);

/** hook_retry_ms - the pause after so many tries; 0: it is given up. */
int64_t hook_retry_ms(int64_t tries);

/** hook_signature - "v1,BASE64" of HMAC-SHA256 over "ID.TIMESTAMP.BODY", one for each secret with a
 * blank between them. */
#define HOOK_SIGNATURE_SIZE 128
void hook_signature(const struct hook_call *call, int64_t timestamp_s,
		    char text[HOOK_SIGNATURE_SIZE]);

/** hook_secret_text - "whsec_BASE64". */
#define HOOK_SECRET_TEXT_SIZE 64
void hook_secret_text(const uint8_t secret[HOOK_SECRET_SIZE], char text[HOOK_SECRET_TEXT_SIZE]);

/** hook_kind_wanted - whether a hook with these kinds ("": all; words, spaced; "invoice.*") is told
 * of `kind`. */
bool hook_kind_wanted(const char *kinds, const char *kind);

struct hook_post;
/** hook_post_open - begins to look for what is due. hook_post_stop - before work_close() and before
 * its client is gone. hook_post_free - after work_close(). */
MUST_CHECK int hook_post_open(struct loop *loop, struct work *work, const struct config *config,
			      struct hook_post **ret);
void hook_post_stop(struct hook_post *p);
void hook_post_free(struct hook_post *p);

#endif
