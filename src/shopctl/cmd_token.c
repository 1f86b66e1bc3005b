/*
 * cmd_token.c: a phone for tests and for trying a shop: it has a key in a file and makes tokens
 * with it, by the same library that an app would use. It makes wrong ones too when it is told to
 * (another audience, another time, too long a life): what a door says to those is to be seen as
 * well.
 */
#include <string.h>

#include "base/clock.h"
#include "crypto/es256.h"
#include "loop/loop.h"
#include "shoptoken.h"
#include "shopctl/args.h"
#include "shopctl/keyfile.h"
#include "shopctl/picture.h"
#include "shopctl/text.h"

static enum ctl_exit token_key(struct ctl *ctl)
{
	const char *path;
	struct shoptoken_key key;
	struct shoptoken_kid kid;
	uint8_t cose[SHOPTOKEN_COSE_KEY_SIZE];
	char hex[2 * sizeof(cose) + 1], name[2 * sizeof(kid) + 1];
	enum ctl_exit code = args_read(ctl, NULL, 0, &path, 1, 1);

	if (code != CTL_DONE)
		return code;
	if (shoptoken_key_make(&key) != 0)
		return ctl_fail(ctl, CTL_INTERNAL, "no key could be made");
	code = keyfile_write(ctl, path, &key);
	shoptoken_cose_key(&key.public_key, cose);
	shoptoken_kid(&key.public_key, &kid);
	explicit_bzero(&key, sizeof(key));
	if (code != CTL_DONE)
		return code;
	hex_text(cose, sizeof(cose), hex);
	hex_text(kid.byte, sizeof(kid.byte), name);
	if (ctl->json)
		return ctl_json(ctl, CTL_DONE, json_pack("{s:s, s:s}", "key", hex, "kid", name));
	ctl_say(ctl, "kid %s, private key in %s. To let it in:", name, path);
	ctl_say(ctl, "shopctl member add --key %s", hex);
	return CTL_DONE;
}

/** A day: long enough to show what a shop says to a token that lives too long. */
#define LIFE_MAX_S 86400
#define LIFE_S	   60

struct make_options {
	const char *key, *audience, *life, *nonce, *challenge, *at;
	bool text;
};

/** The door's nonce: given as hex, or in its challenge, which names the audience as well. */
static enum ctl_exit nonce_read(struct ctl *ctl, struct make_options *o,
				struct shoptoken_challenge *challenge,
				struct shoptoken_claims *claims)
{
	if (o->nonce && o->challenge)
		return ctl_usage(ctl, "--nonce and --challenge exclude each other");
	if (o->nonce) {
		uint32_t len;

		if (!bytes_parse(o->nonce, claims->nonce, NONCE_SIZE, NONCE_SIZE, &len))
			return ctl_usage(ctl, "--nonce is not 16 bytes in hex");
		claims->has_nonce = 1;
	}
	if (o->challenge) {
		if (shoptoken_challenge_parse(o->challenge, strlen(o->challenge), challenge) != 0)
			return ctl_usage(ctl, "--challenge is no SKN1: text");
		memcpy(claims->nonce, challenge->nonce, sizeof(claims->nonce));
		claims->has_nonce = 1;
		if (!o->audience)
			o->audience = challenge->audience;
	}
	return CTL_DONE;
}

static enum ctl_exit claims_make(struct ctl *ctl, struct make_options *o,
				 struct shoptoken_claims *claims)
{
	struct shoptoken_challenge challenge;
	struct wall at = loop_wall();
	uint64_t life = LIFE_S;
	enum ctl_exit code = nonce_read(ctl, o, &challenge, claims);

	if (code != CTL_DONE)
		return code;
	if (!o->key)
		return ctl_usage(ctl, "--key FILE is missing: the one of 'token key'");
	if (!o->audience)
		return ctl_usage(ctl, "--aud is missing: SHOP/DOOR, SHOP/till or SHOP/owner");
	if (strlen(o->audience) >= sizeof(claims->audience))
		return ctl_usage(ctl, "'%s' is no audience", o->audience);
	if (o->life && (!digits_read(o->life, LIFE_MAX_S, &life) || life == 0))
		return ctl_usage(ctl, "--life is 1 to %d seconds", LIFE_MAX_S);
	if (o->at && !wall_parse(o->at, (uint32_t)strnlen(o->at, 64), &at))
		return ctl_usage(ctl, "--at is no time like 2026-11-21T23:00:00Z");
	memcpy(claims->audience, o->audience, strlen(o->audience));
	claims->iat_s = at.ms / 1000;
	claims->exp_s = claims->iat_s + (int64_t)life;
	claims->cti_len = SHOPTOKEN_CTI_MIN;
	random_bytes(claims->cti, claims->cti_len);
	return CTL_DONE;
}

static enum ctl_exit token_print(struct ctl *ctl, const struct shoptoken_token *token,
				 const struct shoptoken_claims *claims, bool text_only)
{
	char text[SHOPTOKEN_TEXT_SIZE];

	if (shoptoken_text(token, text, sizeof(text)) != 0)
		return ctl_fail(ctl, CTL_INTERNAL, "the token does not fit a QR code");
	if (ctl->json)
		return ctl_json(ctl, CTL_DONE,
				json_pack("{s:s, s:o, s:s, s:o, s:I, s:I}", "text", text, "token",
					  json_hex(token->byte, (uint32_t)token->len), "audience",
					  claims->audience, "cti",
					  json_hex(claims->cti, claims->cti_len), "iat",
					  (json_int_t)claims->iat_s, "exp",
					  (json_int_t)claims->exp_s));
	ctl_say(ctl, "%s", text);
	return text_only ? CTL_DONE : picture_print(ctl, text);
}

static enum ctl_exit token_make(struct ctl *ctl)
{
	struct make_options o = {0};
	const struct option options[] = {
		{"--key", &o.key, NULL},   {"--aud", &o.audience, NULL},
		{"--life", &o.life, NULL}, {"--nonce", &o.nonce, NULL},
		{"--at", &o.at, NULL},	   {"--challenge", &o.challenge, NULL},
		{"--text", NULL, &o.text},
	};
	struct shoptoken_claims claims = {0};
	struct shoptoken_key key;
	struct shoptoken_token token;
	enum ctl_exit code = args_read(ctl, options, ARRAY_LEN(options), NULL, 0, 0);

	if (code == CTL_DONE)
		code = claims_make(ctl, &o, &claims);
	if (code == CTL_DONE)
		code = keyfile_read(ctl, o.key, &key);
	if (code != CTL_DONE)
		return code;
	int err = shoptoken_sign(&key, &claims, &token);

	explicit_bzero(&key, sizeof(key));
	if (err != 0)
		return ctl_usage(ctl, "'%s' is no audience, or a time is out of range",
				 claims.audience);
	return token_print(ctl, &token, &claims, o.text);
}

enum ctl_exit shopctl_token(struct ctl *ctl)
{
	static const struct verb verbs[] = {
		{"key", token_key},
		{"make", token_make},
	};

	return ctl_verb(ctl, verbs, ARRAY_LEN(verbs), NULL);
}
