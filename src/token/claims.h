/*
 * claims.h: what a token says (contracts 1), between COSE_Sign1 bytes and a struct. Pure: knows no
 * key, no clock and no crypto; what has to be hashed and verified is handed out as spans.
 */
#ifndef SHOP_TOKEN_CLAIMS_H
#define SHOP_TOKEN_CLAIMS_H

#include "base/ids.h"
#include "base/span.h"

/** "<shop>/<purpose>" or, for a pass, "<shop>": each ≤ 16 characters. */
#define AUDIENCE_MAX (PLACE_MAX_LEN + 1 + PLACE_MAX_LEN)

struct claims {
	char audience[AUDIENCE_MAX + 1]; /* NUL-terminated; longer ones in a token are cut to a text
					    that fits nothing */
	int64_t iat_s;			 /* ≥ 0 and ≤ 2^53; 0 in a pass without one */
	int64_t exp_s;
	uint8_t cti_len; /* 8..16 */
	uint8_t cti[CTI_SIZE_MAX];
	bool has_nonce;
	uint8_t nonce[NONCE_SIZE];
	bool is_pass; /* has sub and nbf: signed by an office */
	struct customer sub;
	int64_t nbf_s;
};

/** A token taken apart; spans point into the caller's bytes. */
struct token {
	struct kid kid;
	struct span protected_header; /* the bstr's content, for the Sig_structure */
	struct span payload;
	uint8_t signature[64]; /* r ‖ s */
	struct claims claims;
};

/**
 * token_parse - `bytes` (≤ TOKEN_SIZE_MAX) as a token of contracts 1, and nothing else: tag 18,
 * deterministic encoding, exactly the headers and claims named there. RFC 9052 4.2, RFC 8392, RFC
 * 8949 4.2.
 * @return false when malformed; *ret is then unspecified.
 */
MUST_CHECK bool token_parse(struct span bytes, struct token *ret);

/** Room for the Sig_structure of the largest token. */
#define TO_BE_SIGNED_MAX (TOKEN_SIZE_MAX + 32)

/** token_to_be_signed - `["Signature1", protected, h'', payload]` (RFC 9052 4.4) into `out`; its
 * length. */
uint32_t token_to_be_signed(struct span protected_header, struct span payload,
			    uint8_t out[TO_BE_SIGNED_MAX]);

/** token_payload - the claims as a deterministic CBOR map; length, or 0 when they do not fit
 * `size`. */
uint32_t token_payload(const struct claims *c, uint8_t *out, uint32_t size);

/** token_protected - `{1: -7, 4: kid}`; always 13 bytes. */
#define TOKEN_PROTECTED_SIZE 13
void token_protected(struct kid kid, uint8_t out[TOKEN_PROTECTED_SIZE]);

/** token_assemble - the whole COSE_Sign1; length, or 0 when it does not fit `size`. */
uint32_t token_assemble(struct kid kid, struct span payload, const uint8_t signature[64],
			uint8_t *out, uint32_t size);

/** cose_key_encode - deterministic `{1:2, -1:1, -2:x, -3:y}`: what a kid is the hash of (RFC 9679).
 */
#define COSE_KEY_SIZE 75
void cose_key_encode(const struct public_key *key, uint8_t out[COSE_KEY_SIZE]);

enum cose_key_parse {
	COSE_KEY_GOOD = 0,
	COSE_KEY_MALFORMED = 1,
	COSE_KEY_PRIVATE = 2
};

/** cose_key_parse - the deterministic COSE_Key of a public P-256 key; one with a private `-4` is
 * told apart. Whether the point is on the curve is for crypto/ to say. */
enum cose_key_parse cose_key_parse(struct span bytes, struct public_key *ret);

/** challenge_encode - the CBOR array `[aud, nonce]` that a door shows; length, or 0 when it does
 * not fit. */
uint32_t challenge_encode(const char *audience, const uint8_t nonce[NONCE_SIZE], uint8_t *out,
			  uint32_t size);

/** challenge_parse - the array back: what a phone reads off a door. False when it is not exactly
 * that, or its audience is none that a shop could have. */
MUST_CHECK bool challenge_parse(struct span bytes, char ret_audience[AUDIENCE_MAX + 1],
				uint8_t ret_nonce[NONCE_SIZE]);

/** audience_valid - `<shop>/<purpose>` or `<shop>`, each a place_valid() name. */
bool audience_valid(const char *text, uint32_t len);

#endif
