/*
 * nfc_apdu.h: what is said to a phone or a card on the reader, byte for byte as include/nfc.md has
 * it, without a reader: bytes in, bytes out.
 */
#ifndef SHOP_DEVICE_NFC_APDU_H
#define SHOP_DEVICE_NFC_APDU_H

#include "base/check.h"
#include "base/limits.h"
#include "base/span.h"

#define NFC_VERSION	  1   /* of the talk with a phone */
#define NFC_COMMAND_MAX	  64  /* bytes of the longest command: a challenge */
#define NFC_ANSWER_MAX	  258 /* … and of an answer: 256 and the status word */
#define NFC_SHOWN_MAX	  256
#define NFC_CHALLENGE_MAX 56 /* [aud, nonce] of the longest names: 53 */

/** What it showed, once the talk is over. */
enum nfc_shown {
	NFC_SHOWN_NOTHING = 0, /* not yet */
	NFC_SHOWN_TOKEN = 1,   /* a phone: a token's bytes */
	NFC_SHOWN_CARD = 2,    /* a card: its NDEF file as it gave it */
	NFC_SHOWN_ASIDE = 3,   /* a phone of ours that has no token to give; `status` says why */
	NFC_SHOWN_STRANGE = 4, /* anything else; `status` is what it said last */
};

/** Where the talk is. */
enum nfc_word {
	NFC_SELECT_APP = 0,
	NFC_CHALLENGE = 1,
	NFC_SELECT_NDEF = 2,
	NFC_SELECT_FILE = 3,
	NFC_READ = 4,
	NFC_OVER = 5,
};

/** One tap: all zero at its beginning. */
struct nfc_talk {
	enum nfc_word word;
	enum nfc_shown shown;
	uint16_t status;
	uint8_t le;  /* of READ BINARY; 0: 256 */
	bool reread; /* it named the length it wants: asked once more */
	uint32_t len;
	uint8_t bytes[NFC_SHOWN_MAX]; /* TOKEN, CARD */
};

/** nfc_say - the next command into `out`: its length, or 0 when the talk is over. `challenge`
 * (1..NFC_CHALLENGE_MAX bytes) is used where word is NFC_CHALLENGE. */
uint32_t nfc_say(const struct nfc_talk *t, struct span challenge, uint8_t out[NFC_COMMAND_MAX]);

/** nfc_hear - what it answered, with the status word at the end; of any length. */
void nfc_hear(struct nfc_talk *t, struct span answer);

/** nfc_verdict_say - tells a phone what became of its token: a verdict's word, and for how long the
 * door is open to it (0: not at all). The length. */
uint32_t nfc_verdict_say(const char *word, uint32_t unlock_ms, uint8_t out[NFC_COMMAND_MAX]);

/** nfc_challenge_bytes - `[aud, nonce]`, or `[aud]` where `nonce` is NULL: the length. */
uint32_t nfc_challenge_bytes(const char *audience, const uint8_t *nonce,
			     uint8_t out[NFC_CHALLENGE_MAX]);

#endif
