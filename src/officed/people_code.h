/* people_code.h: an invitation's code, as people type it: Crockford's base32, either case, I and L
 * read as 1, O as 0, hyphens and blanks left out. */
#ifndef SHOP_OFFICED_PEOPLE_CODE_H
#define SHOP_OFFICED_PEOPLE_CODE_H

#include "officed/people.h"

/** code_for_member - a code for another key of this member, once; those that the same `made_by` had
 * for her are good no more. Within a transaction. */
void code_for_member(struct office *o, const char *member, const char *made_by,
		     const struct sha256 *hash, struct wall now, int64_t expires_at);
/** key_proves - whether `text` is a token, in base64url, that this key has signed for `audience`
 * just now. It opens nothing: it shows that whoever asks holds the private part. */
MUST_CHECK bool key_proves(const char *text, const struct public_key *key, const char *audience,
			   struct wall now);
/** code_new - 60 random bits. code_hash - SHA-256 of its plain form; false: it is none. */
void code_new(char text[INVITE_CODE_SIZE]);
MUST_CHECK bool code_hash(const char *text, struct sha256 *ret);

#endif
