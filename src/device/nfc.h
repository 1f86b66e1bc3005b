/*
 * nfc.h: a reader of phones and cards behind PC/SC, and its thread: whatever a reader, a card or
 * pcscd does, or does not do, the loop never waits for it.
 *
 * The thread finds the reader, and finds it again when it was unplugged or pcscd was started anew;
 * it talks with what comes near (nfc_apdu.h, include/nfc.md) and offers what that showed. The loop
 * is woken by nfc_fd(), takes it, and says what became of it. What the loop does not take in time
 * is withdrawn: nobody is let in long after they left.
 */
#ifndef SHOP_DEVICE_NFC_H
#define SHOP_DEVICE_NFC_H

#include "base/check.h"
#include "base/clock.h"
#include "device/nfc_apdu.h"

#define NFC_NAME_MAX	 127   /* of a reader, as PC/SC bounds it */
#define NFC_TAP_MS	 4000  /* past it what lies there is asked nothing more */
#define NFC_CHALLENGE_MS 500   /* … for the loop to give a challenge */
#define NFC_VERDICT_MS	 1500  /* … and a verdict: a till's waits for the disk */
#define NFC_WAIT_MS	 10000 /* a thread is heard of so often … */
#define NFC_STUCK_MS	 (NFC_WAIT_MS + 2 * NFC_TAP_MS) /* … or something hangs */

/** Why a reader is not there. */
enum nfc_trouble {
	NFC_FINE = 0,
	NFC_NO_SERVICE = 1, /* no pcscd */
	NFC_NO_READER = 2,  /* none with this in its name */
	NFC_SEVERAL = 3,    /* more than one */
	NFC_DENIED = 4,	    /* polkit does not let us at its cards */
	NFC_SILENT = 5,	    /* it is listed, and does not answer */
};

/** How it stands with a reader. */
struct nfc_state {
	bool there;
	enum nfc_trouble trouble;    /* why not; NFC_FINE while nothing is known yet */
	bool challenge;		     /* something has come near: nfc_challenge() is awaited */
	char name[NFC_NAME_MAX + 1]; /* in full, where it is there */
};

/** What a tap showed. */
struct nfc_tap {
	uint32_t number;
	enum nfc_shown shown; /* NOTHING: it was taken away too early */
	uint16_t status;
	uint32_t len;
	uint8_t bytes[NFC_SHOWN_MAX];
};

struct nfc;

/** nfc_open - a thread for the one reader whose name has `part` in it, which need not be there. 0
 * or -errno. */
MUST_CHECK int nfc_open(const char *part, struct nfc **ret);

/** nfc_stop - it is to end. nfc_close - waits for that, 200 ms at most; a thread that hangs in a
 * call is left behind with what it holds. NULL is fine. */
void nfc_stop(struct nfc *n);
void nfc_close(struct nfc *n);

/** nfc_fd - readable when there is something to look at. nfc_look - how it stands, and quiet until
 * there is more. */
int nfc_fd(const struct nfc *n);
void nfc_look(struct nfc *n, struct nfc_state *ret);

/** nfc_challenge - `[aud, nonce]` for what lies there now: 1..NFC_CHALLENGE_MAX bytes. */
void nfc_challenge(struct nfc *n, struct span bytes);

/** nfc_take - what was shown, once; false when there is nothing. */
bool nfc_take(struct nfc *n, struct nfc_tap *ret);

/** nfc_verdict - what became of tap `number`, for its phone to show, if it is still there. */
void nfc_verdict(struct nfc *n, uint32_t number, const char *word, uint32_t unlock_ms);

/** nfc_stuck - the thread has not been heard of for NFC_STUCK_MS. */
bool nfc_stuck(const struct nfc *n, struct mono now);

/** nfc_trouble_words - for the log. */
const char *nfc_trouble_words(enum nfc_trouble trouble);

#endif
