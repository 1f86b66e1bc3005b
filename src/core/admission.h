/*
 * admission.h: whether a token is honoured. One function gives the verdict, in the order of
 * contracts 1; the rest keeps what it needs to know and bounds what refusals may cost.
 */
#ifndef SHOP_CORE_ADMISSION_H
#define SHOP_CORE_ADMISSION_H

#include "core/config.h"
#include "core/event.h"
#include "core/fresh.h"

struct step;

#define REFUSAL_ROWS_A_MINUTE 10 /* contracts 1, verdicts */
#define REREAD_ROWS	      3 /* of the same bytes after their admission: a scanner that stutters */
#define SESSION_PURPOSE	      "owner" /* of aud <shop>/owner */
#define PIN_TRIES	      5
#define PIN_TRIED_MAX	      16

/** Refusals at one reader in this minute. */
struct refusals {
	bool running;
	struct mono end; /* of the minute */
	uint32_t rows;
	uint32_t counted; /* Σ count */
	uint32_t count[VERDICTS];
};

/** The bytes that a reader admitted last. */
struct admitted_bytes {
	bool known;
	struct sha256 bytes;
	struct mono at;
	uint32_t rereads;
};

/** Wrong PINs for one pass. */
struct pin_tried {
	uint8_t cti_len; /* 0: free */
	uint8_t cti[CTI_SIZE_MAX];
	uint32_t wrong;
	struct mono last;
};

/** One more than the readers: session tokens are shown to none of them. */
#define REFUSAL_PLACES (READERS_MAX + 1)

struct admission {
	struct fresh fresh;
	struct nonces nonces[DOORS_MAX];
	struct admitted_bytes last[REFUSAL_PLACES];
	struct refusals refusals[REFUSAL_PLACES];
	struct pin_tried pin[PIN_TRIED_MAX];
};

/** What kind of thing the token is shown to. */
enum purpose {
	PURPOSE_DOOR,
	PURPOSE_TILL,
	PURPOSE_SESSION
};

/** A token at a place. */
struct showing {
	enum purpose purpose;
	uint8_t slot; /* in `refusals` and `last` */
	uint8_t door; /* PURPOSE_DOOR */
	enum road road;
	struct place place;
	const struct token_shown *token;
	struct customer customer; /* of the member, or the pass's subject */
	bool inside;		  /* the customer's visit is open */
	bool invited;		  /* a good join code came with it */
};

/** admission_init - nothing was ever shown. */
void admission_init(struct admission *a);

/** admission_showing - the token and its place, put together. False when the reader is none. */
bool admission_showing(const struct step *s, enum purpose purpose, uint8_t reader,
		       const struct token_shown *token, struct showing *ret);

/** admission_verdict - the first of contracts 1 that applies. Changes nothing but the count of
 * wrong PINs. */
enum verdict admission_verdict(struct step *s, const struct showing *w);

/** admission_reread - whether these bytes were admitted at this reader within the last 5 s. */
bool admission_reread(const struct step *s, const struct showing *w);

/** admission_consume - the token is honoured now: its id, its nonce are used. Fills what the row of
 * it must remember (kid, cti, iat, exp). */
void admission_consume(struct step *s, const struct showing *w, struct entry_admitted *row);

/** admission_refuse - a row for the refusal, or one more in this minute's count. Returns whether
 * the reader should show its refusal light: not for a stuttering scanner. */
bool admission_refuse(struct step *s, const struct showing *w, enum verdict verdict);

/** admission_time - minutes that are over. admission_deadline - when the next is. admission_flush -
 * all of them, at the stop. */
void admission_time(struct step *s);
void admission_flush(struct step *s);
struct mono admission_deadline(const struct admission *a);

/** hours_open - whether the shop is open at this minute of the week (Monday 00:00 = 0). */
bool hours_open(const struct hours hours[7], uint16_t minute_of_week);

/** admission_check - CHECKs what must always hold. */
void admission_check(const struct admission *a);

#endif
