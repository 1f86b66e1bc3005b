/*
 * shoptoken.h: make and check the tokens that open a shop, for apps, kiosks, printers of passes and
 * test tools. The public face of libshoptoken; link with -lshoptoken.
 *
 * A token is a COSE_Sign1 (RFC 9052) over CWT claims (RFC 8392), signed with ES256, in the one
 * deterministic encoding (RFC 8949 4.2). A phone makes one for each use, valid for two minutes at
 * most, and shows it as a QR code: "SK1:" and base45 (RFC 9285). A pass is a longer-lived one that
 * the office signs for somebody. A challenge is what a door shows to a phone whose clock may be
 * wrong: "SKN1:" and base45 of [audience, nonce].
 *
 *	struct shoptoken_key key;
 *	struct shoptoken_token token;
 *	char text[SHOPTOKEN_TEXT_SIZE];
 *
 *	shoptoken_key_make(&key);
 *	shoptoken_issue(&key, "viken/front", time(NULL), 60, NULL, &token);
 *	shoptoken_text(&token, text, sizeof(text));
 *
 * The rules of the whole library:
 *  - all structs are plain values of yours: copy them, write them down, no function keeps a pointer
 *    or an allocation; whatever libcrypto allocates is freed before the call returns
 *  - no global state, no log, no locale, no clock: you say what time it is. Any thread may call
 *    anything at any time
 *  - a function that returns int returns 0, or a negative errno named beside it; ret_ arguments are
 *    written only on 0 (or on SHOPTOKEN_GOOD)
 *  - -EIO from any function that makes keys or signs: libcrypto failed (no memory, a broken
 *set-up). Without random bytes from the kernel the process is aborted: no key was ever better than
 *none
 *  - a text that is an argument is NUL-terminated UTF-8; one that is returned too. NULL is allowed
 *    only where said
 *  - two structs, shoptoken_kid and shoptoken_qr, have a function of their name, as stat has: write
 *    `struct` before them in C++ too
 *  - times are whole seconds since 1970-01-01 UTC, 0 to 2^53
 */
#ifndef SHOPTOKEN_H
#define SHOPTOKEN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SHOPTOKEN_TOKEN_MAX	   512 /* bytes of a token */
#define SHOPTOKEN_TEXT_SIZE	   401 /* characters of its QR text, and a NUL */
#define SHOPTOKEN_AUDIENCE_SIZE	   34 /* "<shop>/<purpose>", each 1 to 16 of [a-z0-9-], and a NUL */
#define SHOPTOKEN_CTI_MIN	   8
#define SHOPTOKEN_CTI_MAX	   16
#define SHOPTOKEN_NONCE_SIZE	   16
#define SHOPTOKEN_KID_SIZE	   8
#define SHOPTOKEN_COSE_KEY_SIZE	   75  /* a public COSE_Key */
#define SHOPTOKEN_COSE_SECRET_SIZE 110 /* one with its private part */
#define SHOPTOKEN_LIFE_MAX_S	   120 /* of a member's token, exp - iat */
#define SHOPTOKEN_SKEW_S	   10  /* a phone's clock may be ahead by this */

/* --- keys ------------------------------------------------------------------------------------- */

/** A P-256 public key: the affine coordinates, big-endian (RFC 9053 7.1.1). */
struct shoptoken_public_key {
	uint8_t x[32];
	uint8_t y[32];
};

/** A key pair. Keep it where your platform keeps secrets; overwrite it when you are done. */
struct shoptoken_key {
	struct shoptoken_public_key public_key;
	uint8_t private_key[32]; /* the scalar, big-endian */
};

/** A key's short name in a token: the first 8 bytes of its thumbprint (RFC 9679). Two keys may
 * share one, so it finds candidates and proves nothing. */
struct shoptoken_kid {
	uint8_t byte[SHOPTOKEN_KID_SIZE];
};

/** shoptoken_key_make - a new key pair from the kernel's random bytes. 0 or -EIO. */
int shoptoken_key_make(struct shoptoken_key *ret);

/** shoptoken_key_from_private - the pair of a scalar that you have kept. 0, or -EINVAL when it is 0
 *  or not below the curve's order. */
int shoptoken_key_from_private(const uint8_t private_key[32], struct shoptoken_key *ret);

/** shoptoken_kid - SHA-256 over the deterministic public COSE_Key, cut (RFC 9679 3, 5.2). Cannot
 *  fail; does not ask whether the point is on the curve. */
void shoptoken_kid(const struct shoptoken_public_key *key, struct shoptoken_kid *ret);

/** shoptoken_cose_key - the key as the deterministic COSE_Key `{1:2, -1:1, -2:x, -3:y}` (RFC 9052
 * 7, RFC 9053 7.1.1): what a member registers with. Cannot fail. */
void shoptoken_cose_key(const struct shoptoken_public_key *key,
			uint8_t ret[SHOPTOKEN_COSE_KEY_SIZE]);

/** shoptoken_cose_key_parse - the other way, strictly. 0; -EINVAL when it is anything else or the
 *  point is not on the curve; -EPERM when it holds a private part, which nobody should have sent.
 */
int shoptoken_cose_key_parse(const uint8_t *bytes, size_t len, struct shoptoken_public_key *ret);

/** shoptoken_cose_secret - the pair as `{1:2, -1:1, -2:x, -3:y, -4:d}`, to be kept in a file of
 * your own. Cannot fail. */
void shoptoken_cose_secret(const struct shoptoken_key *key,
			   uint8_t ret[SHOPTOKEN_COSE_SECRET_SIZE]);

/** shoptoken_cose_secret_parse - the other way. 0, or -EINVAL when it is anything else or x, y are
 *  not the public key of d. */
int shoptoken_cose_secret_parse(const uint8_t *bytes, size_t len, struct shoptoken_key *ret);

/* --- tokens ----------------------------------------------------------------------------------- */

/** What a token says. For a member's token leave is_pass 0; for a pass set it, sub and nbf_s. */
struct shoptoken_claims {
	char audience[SHOPTOKEN_AUDIENCE_SIZE]; /* 3: "viken/front"; of a pass "viken". Empty after
						   parsing: for nobody that a shop could be */
	int64_t exp_s;				/* 4 */
	int64_t iat_s;				/* 6; 0 in a pass without one */
	uint8_t cti[SHOPTOKEN_CTI_MAX];		/* 7: names this token, once */
	uint8_t cti_len;			/* 8 to 16 */
	uint8_t has_nonce;			/* 0 or 1 */
	uint8_t is_pass;			/* 0 or 1 */
	uint8_t nonce[SHOPTOKEN_NONCE_SIZE]; /* 10: the door's, see shoptoken_challenge_parse() */
	uint8_t sub[16];		     /* 2: a pass's customer key */
	int64_t nbf_s;			     /* 5: of a pass: not before */
};

/** A token's bytes: over NFC and HTTP (application/cose) as they are, in a QR code as text. */
struct shoptoken_token {
	size_t len;
	uint8_t byte[SHOPTOKEN_TOKEN_MAX];
};

/** shoptoken_issue - a member's token as a phone makes it: for `audience` from `now_s` for `life_s`
 *  (1 to SHOPTOKEN_LIFE_MAX_S), with a random cti of 8 bytes, and with the door's nonce unless that
 *  is NULL. 0, or -EINVAL for an argument out of range or a key that is none, or -EIO. */
int shoptoken_issue(const struct shoptoken_key *key, const char *audience, int64_t now_s,
		    int64_t life_s, const uint8_t nonce[SHOPTOKEN_NONCE_SIZE],
		    struct shoptoken_token *ret);

/** shoptoken_issue_pass - a pass as an office makes it: `shop` alone is its audience, `sub` its
 *  customer key, good for nbf_s <= now < exp_s; random cti of 16 bytes, given back in *ret_cti
 *  (unless NULL) because a pass is revoked by it. Errors as above. */
int shoptoken_issue_pass(const struct shoptoken_key *office, const char *shop,
			 const uint8_t sub[16], int64_t nbf_s, int64_t exp_s,
			 struct shoptoken_token *ret, uint8_t ret_cti[SHOPTOKEN_CTI_MAX]);

/** shoptoken_sign - signs claims of your own making, whether or not a shop would take them: times
 * may lie anywhere, the life may be too long. 0; -EINVAL when they cannot be said at all (an
 * audience that is no name, a cti out of range, a pass with a nonce, a key that is none); -EIO. */
int shoptoken_sign(const struct shoptoken_key *key, const struct shoptoken_claims *claims,
		   struct shoptoken_token *ret);

/** What a check finds, in the order in which it asks; the numbers and words are the shop's own.
 * What only the shop knows (was it used before, is the member blocked, is it open) is not here. */
enum shoptoken_verdict {
	SHOPTOKEN_GOOD = 0,
	SHOPTOKEN_MALFORMED = 1,
	SHOPTOKEN_UNKNOWN_KEY = 2,    /* another key's kid; a pass by no office, a token by one */
	SHOPTOKEN_BAD_SIGNATURE = 3,  /* also when the key is no point of the curve */
	SHOPTOKEN_WRONG_AUDIENCE = 4, /* compared bytewise */
	SHOPTOKEN_TOO_LONG_LIVED = 5, /* exp - iat > 120 s */
	SHOPTOKEN_NONCE_UNKNOWN = 6,  /* it holds one, and not the one expected */
	SHOPTOKEN_NOT_YET_VALID = 8,  /* iat (of a pass: nbf) is to come, skew apart */
	SHOPTOKEN_EXPIRED = 9,
};

/** What is expected of a token. */
struct shoptoken_expected {
	const char *audience; /* "viken/front"; a pass has to say "viken" */
	int64_t now_s;	      /* your clock, which you trust */
	const uint8_t *nonce; /* the 16 bytes last shown, or NULL: none */
	int office;	      /* whose key it is: an office's (passes only), or 0: a member's */
};

/** shoptoken_parse - reads without judging: good or malformed only. *ret_kid and *ret_claims may be
 *  NULL. `bytes` may be anything of any length. */
enum shoptoken_verdict shoptoken_parse(const uint8_t *bytes, size_t len,
				       struct shoptoken_kid *ret_kid,
				       struct shoptoken_claims *ret_claims);

/** shoptoken_check - parses, then verifies under one key, then holds the claims against what is
 *  expected; with a nonce the times are not held against the clock. *ret_claims may be NULL. */
enum shoptoken_verdict shoptoken_check(const uint8_t *bytes, size_t len,
				       const struct shoptoken_public_key *key,
				       const struct shoptoken_expected *expected,
				       struct shoptoken_claims *ret_claims);

/** shoptoken_verdict_word - "wrong_audience" …; never NULL; "unknown" for a number that is none. A
 *  constant: do not free. */
const char *shoptoken_verdict_word(enum shoptoken_verdict verdict);

/* --- texts ------------------------------------------------------------------------------------ */

/** shoptoken_text - "SK1:" and base45 (RFC 9285) with a NUL, for a QR code. 0; -EMSGSIZE when
 * `size` is too small or the text would pass 400 characters; -EINVAL for an empty token. */
int shoptoken_text(const struct shoptoken_token *token, char *ret_text, size_t size);

/** shoptoken_text_parse - the other way: `len` characters as a scanner gave them, without CR or LF.
 *  0 or -EINVAL. The bytes are not judged: hand them to shoptoken_check(). */
int shoptoken_text_parse(const char *text, size_t len, struct shoptoken_token *ret);

/** What a door's screen shows. */
struct shoptoken_challenge {
	char audience[SHOPTOKEN_AUDIENCE_SIZE];
	uint8_t nonce[SHOPTOKEN_NONCE_SIZE];
};

/** shoptoken_challenge_text - "SKN1:" and base45 of the CBOR array [audience, nonce]. 0, or -EINVAL
 *  for an audience that is none, or -EMSGSIZE. */
int shoptoken_challenge_text(const struct shoptoken_challenge *challenge, char *ret_text,
			     size_t size);

/** shoptoken_challenge_parse - the other way. 0 or -EINVAL. */
int shoptoken_challenge_parse(const char *text, size_t len, struct shoptoken_challenge *ret);

/* --- pictures --------------------------------------------------------------------------------- */

/** How much of a QR code may be dirty or torn: 7, 15, 25, 30 % (ISO/IEC 18004). */
enum shoptoken_qr_level {
	SHOPTOKEN_QR_L = 0, /* on a screen */
	SHOPTOKEN_QR_M = 1, /* on paper */
	SHOPTOKEN_QR_Q = 2,
	SHOPTOKEN_QR_H = 3,
};

#define SHOPTOKEN_QR_SIDE_MAX                                                                      \
	97		     /* modules: version 20, past which phones read badly off a screen */
#define SHOPTOKEN_QR_QUIET 4 /* modules of margin that a reader needs around it */

/** A QR code: row by row, 1 is dark. Without its margin. */
struct shoptoken_qr {
	uint8_t version; /* 1 to 20 */
	uint8_t side;	 /* modules: 17 + 4 * version */
	uint8_t module[SHOPTOKEN_QR_SIDE_MAX * SHOPTOKEN_QR_SIDE_MAX]; /* at [y * side + x] */
};

/** shoptoken_qr - the smallest code that holds the text. 0; -EINVAL for an empty text or level; or
 *  -EMSGSIZE when version 20 does not hold it; -EIO. */
int shoptoken_qr(const char *text, enum shoptoken_qr_level level, struct shoptoken_qr *ret);

/** Room for shoptoken_qr_pbm() of a code of `side` modules at `scale`: a head, and a character and
 *  its share of line breaks a pixel. */
#define SHOPTOKEN_PBM_SIZE(side, scale)                                                            \
	(32 +                                                                                      \
	 (size_t)((side) + 8) * (scale) *                                                          \
		 ((size_t)((side) + 8) * (scale) + 1 + ((size_t)((side) + 8) * (scale)) / 70))

/** shoptoken_qr_pbm - as a plain PBM picture (P1: text, margin included), `scale` pixels a module,
 * 1 to 16; with a NUL. Every picture tool reads it. *ret_len, without the NUL, may be NULL. 0, or
 *  -EINVAL for scale or a code that is none, or -EMSGSIZE. */
int shoptoken_qr_pbm(const struct shoptoken_qr *qr, unsigned scale, char *ret_text, size_t size,
		     size_t *ret_len);

/** Room for shoptoken_qr_terminal(): three bytes a character, half as many lines as modules. */
#define SHOPTOKEN_TERMINAL_SIZE(side)                                                              \
	(1 + ((size_t)(side) + 9) / 2 * (((size_t)(side) + 8) * 3 + 1))

/** shoptoken_qr_terminal - as lines of UTF-8 half blocks, two rows of modules a line, with a NUL
 * and margin. `light_on_dark`: as most terminals are; else dark text on a light ground. *ret_len
 * may be NULL. 0, -EINVAL or -EMSGSIZE. */
int shoptoken_qr_terminal(const struct shoptoken_qr *qr, int light_on_dark, char *ret_text,
			  size_t size, size_t *ret_len);

#ifdef __cplusplus
}
#endif

#endif
