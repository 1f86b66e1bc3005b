/*
 * proof.c: what can be proven of a token's bytes, before anybody judges it: design 2, "the roster
 *row whose key verified the token (shopd calls libcrypto, the core and token/ do not)".
 *
 *~ door 3: token/claims.c takes the bytes apart; here the key is looked up and the signature
 *verified.
 */
#include "shopd/shopd.h"

#include <stdio.h>
#include <string.h>

#include "core/admission.h"
#include "crypto/es256.h"

static bool signature_holds(const struct token *t, const struct public_key *key)
{
	uint8_t bytes[TO_BE_SIGNED_MAX];
	uint32_t len = token_to_be_signed(t->protected_header, t->payload, bytes);

	return es256_verify(key, bytes, len, t->signature) == 1;
}

/* A key of the office: of the set that is pinned, and of it alone, for a key that was stolen ends
 * with the set that does not name it. Without an office: one that was told here. */
static const struct public_key *office_key(const struct shopd *sd, struct kid kid)
{
	const struct office_key_row *row;

	if (office_enrolled(sd))
		return office_key_of(sd, kid);
	row = roster_office_key(sd->roster, kid);
	return row ? &row->key : NULL;
}

/* The office looks at the shop's books as its owner does, by a token of its own: fresh, used once,
 * for the owner's page and nothing else. It is no member, opens no door, and has no customer key.
 */
static enum proof prove_office(const struct shopd *sd, const struct token *t,
			       struct token_shown *shown)
{
	const struct public_key *key = office_key(sd, t->kid);
	char audience[AUDIENCE_MAX + 1];

	snprintf(audience, sizeof(audience), "%s/" SESSION_PURPOSE, sd->config.shop);
	if (!key || strcmp(t->claims.audience, audience) != 0)
		return PROOF_UNKNOWN_KEY;
	if (!signature_holds(t, key))
		return PROOF_BAD_SIGNATURE;
	shown->member_known = true;
	shown->member = (struct member){.role = ROLE_OWNER};
	return PROOF_GOOD;
}

/* Two members may share one kid: each is tried, at most KID_SHARED_MAX (contracts 1). */
static enum proof prove_member(struct shopd *sd, const struct token *t, struct token_shown *shown)
{
	const struct key_row *key;
	uint32_t keys = roster_keys_of(sd->roster, t->kid, &key);

	for (uint32_t i = 0; i < keys; i++) {
		if (!signature_holds(t, &key[i].key))
			continue;
		shown->member_known = true;
		shown->member = accounts_member(sd, sd->roster->member[key[i].member].customer);
		return PROOF_GOOD;
	}
	return keys > 0 ? PROOF_BAD_SIGNATURE : prove_office(sd, t, shown);
}

static enum pin prove_pin(const struct pass_row *pass, const char *digits)
{
	uint8_t bytes[sizeof(pass->pin_salt) + 8];
	uint32_t len = digits ? (uint32_t)strnlen(digits, 8) : 0;
	struct sha256 hash;

	if (!pass->wants_pin)
		return PIN_NOT_WANTED;
	if (!digits)
		return PIN_MISSING;
	memcpy(bytes, pass->pin_salt, sizeof(pass->pin_salt));
	memcpy(bytes + sizeof(pass->pin_salt), digits, len);
	hash = sha256(bytes, (uint32_t)sizeof(pass->pin_salt) + len);
	return memcmp(hash.byte, pass->pin_hash.byte, sizeof(hash.byte)) == 0 ? PIN_RIGHT
									      : PIN_WRONG;
}

/* A pass names its holder itself; the office's word is enough, a guest need not stand in the
 * roster. */
static enum proof prove_pass(struct shopd *sd, const struct token *t, const char *pin,
			     struct token_shown *shown)
{
	const struct public_key *key = office_key(sd, t->kid);
	const struct pass_row *pass;

	if (!key)
		return PROOF_UNKNOWN_KEY;
	if (!signature_holds(t, key))
		return PROOF_BAD_SIGNATURE;
	shown->member_known = true;
	shown->member = accounts_member(sd, t->claims.sub);
	pass = roster_pass(sd->roster, t->claims.cti, t->claims.cti_len);
	if (pass) {
		shown->pass_revoked = pass->revoked;
		shown->pin = prove_pin(pass, pin);
	}
	return PROOF_GOOD;
}

void proof_of(struct shopd *sd, struct span bytes, const char *pin, struct token_shown *ret)
{
	struct token token;

	memset(ret, 0, sizeof(*ret));
	ret->bytes = sha256(bytes.data, bytes.len);
	if (bytes.len > TOKEN_SIZE_MAX || !token_parse(bytes, &token)) {
		ret->proof = PROOF_MALFORMED;
		return;
	}
	ret->claims = token.claims;
	ret->kid = token.kid;
	ret->pass = token.claims.is_pass;
	ret->proof = ret->pass ? prove_pass(sd, &token, pin, ret) : prove_member(sd, &token, ret);
}
