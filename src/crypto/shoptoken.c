/*
 * shoptoken.c: the public library (include/shoptoken.h) over token/ and p256.c: the same bytes that
 * the daemons speak, for those who write phones, kiosks and passes. Values in, values out; what
 * verification needs of libcrypto is made for the call and freed in it.
 */
#include "shoptoken.h"

#include <errno.h>
#include <string.h>

#include "base/words.h"
#include "crypto/es256.h"
#include "crypto/verifier.h"
#include "token/claims.h"

/* The public header includes nothing of ours, so its numbers are held against ours here. */
_Static_assert(SHOPTOKEN_TOKEN_MAX == TOKEN_SIZE_MAX, "bytes of a token");
_Static_assert(SHOPTOKEN_AUDIENCE_SIZE == AUDIENCE_MAX + 1, "an audience and its NUL");
_Static_assert(SHOPTOKEN_CTI_MIN == CTI_SIZE_MIN && SHOPTOKEN_CTI_MAX == CTI_SIZE_MAX, "cti");
_Static_assert(SHOPTOKEN_NONCE_SIZE == NONCE_SIZE && SHOPTOKEN_KID_SIZE == KID_SIZE, "nonce, kid");
_Static_assert(SHOPTOKEN_COSE_KEY_SIZE == COSE_KEY_SIZE, "COSE_Key");
_Static_assert(SHOPTOKEN_LIFE_MAX_S == TOKEN_LIFE_MAX_S && SHOPTOKEN_SKEW_S == TOKEN_SKEW_S,
	       "times");
_Static_assert((int)SHOPTOKEN_GOOD == VERDICT_ADMITTED &&
		       (int)SHOPTOKEN_MALFORMED == VERDICT_MALFORMED &&
		       (int)SHOPTOKEN_UNKNOWN_KEY == VERDICT_UNKNOWN_KEY &&
		       (int)SHOPTOKEN_BAD_SIGNATURE == VERDICT_BAD_SIGNATURE &&
		       (int)SHOPTOKEN_WRONG_AUDIENCE == VERDICT_WRONG_AUDIENCE &&
		       (int)SHOPTOKEN_TOO_LONG_LIVED == VERDICT_TOO_LONG_LIVED &&
		       (int)SHOPTOKEN_NONCE_UNKNOWN == VERDICT_NONCE_UNKNOWN &&
		       (int)SHOPTOKEN_NOT_YET_VALID == VERDICT_NOT_YET_VALID &&
		       (int)SHOPTOKEN_EXPIRED == VERDICT_EXPIRED,
	       "verdicts");

#define SIGNATURE_SIZE	64
#define ISSUED_CTI_SIZE 8 /* 2^64 of them within two minutes of one key: and the QR stays small */

/* The private part is appended to the public COSE_Key: its label -4 sorts last. */
static const uint8_t private_head[] = {0x23, 0x58, 0x20};
#define MAP_OF_4 0xA4
#define MAP_OF_5 0xA5

static struct public_key inner_key(const struct shoptoken_public_key *key)
{
	struct public_key inner;

	memcpy(inner.x, key->x, sizeof(inner.x));
	memcpy(inner.y, key->y, sizeof(inner.y));
	return inner;
}

static struct shoptoken_public_key outer_key(const struct public_key *key)
{
	struct shoptoken_public_key outer;

	memcpy(outer.x, key->x, sizeof(outer.x));
	memcpy(outer.y, key->y, sizeof(outer.y));
	return outer;
}

static bool key_valid(const struct public_key *key)
{
	struct verifier *v = verifier_new();
	bool valid = v && verifier_key_valid(v, key);

	verifier_free(v);
	return valid;
}

int shoptoken_key_make(struct shoptoken_key *ret)
{
	struct public_key public;
	uint8_t private_key[32];
	int error = es256_make(private_key, &public);

	if (error)
		return error;
	ret->public_key = outer_key(&public);
	memcpy(ret->private_key, private_key, sizeof(private_key));
	explicit_bzero(private_key, sizeof(private_key));
	return 0;
}

int shoptoken_key_from_private(const uint8_t private_key[32], struct shoptoken_key *ret)
{
	struct public_key public;
	int error = es256_public(private_key, &public);

	if (error)
		return error;
	ret->public_key = outer_key(&public);
	memmove(ret->private_key, private_key, sizeof(ret->private_key));
	return 0;
}

void shoptoken_kid(const struct shoptoken_public_key *key, struct shoptoken_kid *ret)
{
	struct public_key inner = inner_key(key);
	struct kid kid = kid_of(&inner);

	memcpy(ret->byte, kid.byte, sizeof(kid.byte));
}

void shoptoken_cose_key(const struct shoptoken_public_key *key,
			uint8_t ret[SHOPTOKEN_COSE_KEY_SIZE])
{
	struct public_key inner = inner_key(key);

	cose_key_encode(&inner, ret);
}

int shoptoken_cose_key_parse(const uint8_t *bytes, size_t len, struct shoptoken_public_key *ret)
{
	struct public_key key;

	if (len > SHOPTOKEN_TOKEN_MAX)
		return -EINVAL;
	switch (cose_key_parse((struct span){bytes, (uint32_t)len}, &key)) {
	case COSE_KEY_GOOD:
		break;
	case COSE_KEY_PRIVATE:
		return -EPERM;
	case COSE_KEY_MALFORMED:
		return -EINVAL;
	}
	if (!key_valid(&key))
		return -EINVAL;
	*ret = outer_key(&key);
	return 0;
}

void shoptoken_cose_secret(const struct shoptoken_key *key, uint8_t ret[SHOPTOKEN_COSE_SECRET_SIZE])
{
	struct builder b = builder_of(ret, SHOPTOKEN_COSE_SECRET_SIZE);
	uint8_t public[COSE_KEY_SIZE];

	shoptoken_cose_key(&key->public_key, public);
	public[0] = MAP_OF_5;
	build_bytes(&b, public, sizeof(public));
	build_bytes(&b, private_head, sizeof(private_head));
	build_bytes(&b, key->private_key, sizeof(key->private_key));
	CHECK(!b.failed && b.len == SHOPTOKEN_COSE_SECRET_SIZE);
}

int shoptoken_cose_secret_parse(const uint8_t *bytes, size_t len, struct shoptoken_key *ret)
{
	struct span s = {bytes, SHOPTOKEN_COSE_SECRET_SIZE}, public, head;
	uint8_t encoded[COSE_KEY_SIZE];
	struct shoptoken_key key;
	struct public_key claimed;

	if (len != SHOPTOKEN_COSE_SECRET_SIZE || bytes[0] != MAP_OF_5 ||
	    !span_take(&s, COSE_KEY_SIZE, &public) || !span_take(&s, sizeof(private_head), &head) ||
	    !span_is(head, private_head, sizeof(private_head)))
		return -EINVAL;
	memcpy(encoded, public.data, sizeof(encoded));
	encoded[0] = MAP_OF_4;
	if (cose_key_parse((struct span){encoded, sizeof(encoded)}, &claimed) != COSE_KEY_GOOD ||
	    shoptoken_key_from_private(s.data, &key) != 0)
		return -EINVAL;
	if (memcmp(key.public_key.x, claimed.x, sizeof(claimed.x)) != 0 ||
	    memcmp(key.public_key.y, claimed.y, sizeof(claimed.y)) != 0)
		return -EINVAL;
	*ret = key;
	return 0;
}

/* --- making ---------------------------------------------------------------------------------- */

static bool claims_of(const struct shoptoken_claims *c, struct claims *ret)
{
	struct claims inner = {.iat_s = c->iat_s,
			       .exp_s = c->exp_s,
			       .nbf_s = c->nbf_s,
			       .cti_len = c->cti_len,
			       .has_nonce = c->has_nonce,
			       .is_pass = c->is_pass};
	size_t len = strnlen(c->audience, sizeof(c->audience));

	if (len == sizeof(c->audience) || !audience_valid(c->audience, (uint32_t)len))
		return false;
	memcpy(inner.audience, c->audience, len);
	memcpy(inner.cti, c->cti, sizeof(inner.cti));
	memcpy(inner.nonce, c->nonce, sizeof(inner.nonce));
	memcpy(inner.sub.byte, c->sub, sizeof(inner.sub.byte));
	*ret = inner;
	return true;
}

int shoptoken_sign(const struct shoptoken_key *key, const struct shoptoken_claims *claims,
		   struct shoptoken_token *ret)
{
	struct public_key public = inner_key(&key->public_key);
	uint8_t payload[TOKEN_SIZE_MAX], protected[TOKEN_PROTECTED_SIZE], signature[SIGNATURE_SIZE];
	uint8_t to_be_signed[TO_BE_SIGNED_MAX];
	struct kid kid = kid_of(&public);
	struct shoptoken_token token;
	struct claims inner;
	uint32_t len, signed_len;
	int error;

	if (!claims_of(claims, &inner))
		return -EINVAL;
	len = token_payload(&inner, payload, sizeof(payload));
	if (len == 0)
		return -EINVAL;
	token_protected(kid, protected);
	signed_len = token_to_be_signed((struct span){protected, sizeof(protected)},
					(struct span){payload, len}, to_be_signed);
	error = es256_sign(key->private_key, to_be_signed, signed_len, signature);
	if (error)
		return error;
	token.len = token_assemble(kid, (struct span){payload, len}, signature, token.byte,
				   sizeof(token.byte));
	CHECK(token.len > 0);
	*ret = token;
	return 0;
}

static bool audience_put(const char *audience, struct shoptoken_claims *c)
{
	size_t len = strnlen(audience, sizeof(c->audience));

	if (len == sizeof(c->audience))
		return false;
	memcpy(c->audience, audience, len + 1);
	return true;
}

int shoptoken_issue(const struct shoptoken_key *key, const char *audience, int64_t now_s,
		    int64_t life_s, const uint8_t nonce[SHOPTOKEN_NONCE_SIZE],
		    struct shoptoken_token *ret)
{
	struct shoptoken_claims c = {.iat_s = now_s, .cti_len = ISSUED_CTI_SIZE};

	if (life_s < 1 || life_s > SHOPTOKEN_LIFE_MAX_S || !audience_put(audience, &c) ||
	    __builtin_add_overflow(now_s, life_s, &c.exp_s))
		return -EINVAL;
	random_bytes(c.cti, ISSUED_CTI_SIZE);
	if (nonce) {
		c.has_nonce = 1;
		memcpy(c.nonce, nonce, sizeof(c.nonce));
	}
	return shoptoken_sign(key, &c, ret);
}

int shoptoken_issue_pass(const struct shoptoken_key *office, const char *shop,
			 const uint8_t sub[16], int64_t nbf_s, int64_t exp_s,
			 struct shoptoken_token *ret, uint8_t ret_cti[SHOPTOKEN_CTI_MAX])
{
	struct shoptoken_claims c = {
		.is_pass = 1, .nbf_s = nbf_s, .exp_s = exp_s, .cti_len = SHOPTOKEN_CTI_MAX};
	int error;

	if (nbf_s >= exp_s || !audience_put(shop, &c) || strchr(shop, '/'))
		return -EINVAL;
	memcpy(c.sub, sub, sizeof(c.sub));
	random_bytes(c.cti, sizeof(c.cti));
	error = shoptoken_sign(office, &c, ret);
	if (!error && ret_cti)
		memcpy(ret_cti, c.cti, sizeof(c.cti));
	return error;
}

/* --- checking -------------------------------------------------------------------------------- */

static bool parse(const uint8_t *bytes, size_t len, struct token *ret)
{
	return len <= TOKEN_SIZE_MAX && token_parse((struct span){bytes, (uint32_t)len}, ret);
}

static struct shoptoken_claims claims_out(const struct claims *c)
{
	struct shoptoken_claims outer = {.exp_s = c->exp_s,
					 .iat_s = c->iat_s,
					 .nbf_s = c->nbf_s,
					 .cti_len = c->cti_len,
					 .has_nonce = c->has_nonce,
					 .is_pass = c->is_pass};

	memcpy(outer.audience, c->audience, sizeof(outer.audience));
	memcpy(outer.cti, c->cti, sizeof(outer.cti));
	memcpy(outer.nonce, c->nonce, sizeof(outer.nonce));
	memcpy(outer.sub, c->sub.byte, sizeof(outer.sub));
	return outer;
}

enum shoptoken_verdict shoptoken_parse(const uint8_t *bytes, size_t len,
				       struct shoptoken_kid *ret_kid,
				       struct shoptoken_claims *ret_claims)
{
	struct token token;

	if (!parse(bytes, len, &token))
		return SHOPTOKEN_MALFORMED;
	if (ret_kid)
		memcpy(ret_kid->byte, token.kid.byte, sizeof(ret_kid->byte));
	if (ret_claims)
		*ret_claims = claims_out(&token.claims);
	return SHOPTOKEN_GOOD;
}

static enum shoptoken_verdict check_signature(const struct token *token,
					      const struct public_key *key)
{
	uint8_t to_be_signed[TO_BE_SIGNED_MAX];
	uint32_t len = token_to_be_signed(token->protected_header, token->payload, to_be_signed);
	struct kid kid = kid_of(key);
	struct verifier *v;
	bool good;

	if (memcmp(kid.byte, token->kid.byte, sizeof(kid.byte)) != 0)
		return SHOPTOKEN_UNKNOWN_KEY;
	v = verifier_new();
	good = v && verifier_check(v, key, to_be_signed, len, token->signature) == 1;
	verifier_free(v);
	return good ? SHOPTOKEN_GOOD : SHOPTOKEN_BAD_SIGNATURE;
}

/* A pass names the shop alone, and fits each of its doors and its till. */
static bool audience_fits(const struct claims *c, const char *expected)
{
	size_t len = c->is_pass ? strcspn(expected, "/") : strlen(expected);

	return strlen(c->audience) == len && memcmp(c->audience, expected, len) == 0;
}

static enum shoptoken_verdict check_claims(const struct claims *c,
					   const struct shoptoken_expected *expected)
{
	int64_t now_s = expected->now_s;

	if (!audience_fits(c, expected->audience))
		return SHOPTOKEN_WRONG_AUDIENCE;
	if (!c->is_pass && c->exp_s - c->iat_s > TOKEN_LIFE_MAX_S)
		return SHOPTOKEN_TOO_LONG_LIVED;
	if (c->has_nonce)
		return expected->nonce && memcmp(expected->nonce, c->nonce, NONCE_SIZE) == 0
			       ? SHOPTOKEN_GOOD
			       : SHOPTOKEN_NONCE_UNKNOWN;
	if (c->is_pass ? c->nbf_s > now_s : c->iat_s - TOKEN_SKEW_S > now_s)
		return SHOPTOKEN_NOT_YET_VALID;
	return now_s < c->exp_s ? SHOPTOKEN_GOOD : SHOPTOKEN_EXPIRED;
}

enum shoptoken_verdict shoptoken_check(const uint8_t *bytes, size_t len,
				       const struct shoptoken_public_key *key,
				       const struct shoptoken_expected *expected,
				       struct shoptoken_claims *ret_claims)
{
	struct public_key inner = inner_key(key);
	enum shoptoken_verdict verdict;
	struct token token;

	if (!parse(bytes, len, &token))
		return SHOPTOKEN_MALFORMED;
	if (token.claims.is_pass != (expected->office != 0))
		return SHOPTOKEN_UNKNOWN_KEY;
	verdict = check_signature(&token, &inner);
	if (verdict == SHOPTOKEN_GOOD)
		verdict = check_claims(&token.claims, expected);
	if (verdict == SHOPTOKEN_GOOD && ret_claims)
		*ret_claims = claims_out(&token.claims);
	return verdict;
}

const char *shoptoken_verdict_word(enum shoptoken_verdict verdict)
{
	switch (verdict) {
	case SHOPTOKEN_GOOD:
		return "good";
	case SHOPTOKEN_MALFORMED:
		return "malformed";
	case SHOPTOKEN_UNKNOWN_KEY:
		return "unknown_key";
	case SHOPTOKEN_BAD_SIGNATURE:
		return "bad_signature";
	case SHOPTOKEN_WRONG_AUDIENCE:
		return "wrong_audience";
	case SHOPTOKEN_TOO_LONG_LIVED:
		return "too_long_lived";
	case SHOPTOKEN_NONCE_UNKNOWN:
		return "nonce_unknown";
	case SHOPTOKEN_NOT_YET_VALID:
		return "not_yet_valid";
	case SHOPTOKEN_EXPIRED:
		return "expired";
	}
	return "unknown";
}
