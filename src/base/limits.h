/*
 * limits.h: every bound that more than one file relies on, with its reason. A buffer, a queue or a
 * table whose size stands nowhere here is bounded in the one file that owns it.
 */
#ifndef SHOP_BASE_LIMITS_H
#define SHOP_BASE_LIMITS_H

enum {
	/* names (contracts, first paragraph) */
	NAME_MAX_LEN = 64,  /* ids, line keys: [A-Za-z0-9_-]{1,64} */
	PLACE_MAX_LEN = 16, /* a shop's and a door's name: [a-z0-9-]{1,16} */
	ARTICLE_NAME_MAX =
		96,	    /* bytes of UTF-8 kept of an article's name: fits a label and a line */
	GTIN_TEXT_MAX = 14, /* GTIN-14 is the longest */
	BASKET_LINES_MAX = 12, /* of one code that a phone shows the till: 325 bytes of 338 */
	SCANNED_MAX =
		160,  /* characters of goods as scanned: a GS1 Digital Link with lot and expiry */
	LOT_MAX = 20, /* GS1 AI 10 */
	REASON_MAX = 80, /* bytes of UTF-8 of why somebody did something at the desk */

	/* the books (design 4) */
	VAT_RATES_MAX = 24,	   /* (class, rate, valid from): four classes, six changes each */
	RATES_MAX = 6,		   /* VAT rates that may meet on one invoice, and in a chart */
	INVOICE_LINES_MAX = 20000, /* ten times what one household can carry home in a month */
	INVOICE_PACKED_MAX = 384,  /* bytes of line numbers in one entry: 120 to 380 lines */
	STOCK_QUANTITY_MAX_MILLI = 1000000000, /* a million pieces in one delivery or count */
	UNIT_COST_MAX_MINOR = 1000000000,      /* ten million a piece */
	LOTS_MAX = 64, /* lots of one article that an expiry list looks through */

	/* tokens (contracts 1) */
	TOKEN_SIZE_MAX = 512, /* bytes of a token, and of one scanner frame */
	TOKEN_QR_MAX = 400,   /* characters of "SK1:" + base45 */
	CTI_SIZE_MIN = 8,
	CTI_SIZE_MAX = 16,
	NONCE_SIZE = 16,
	KID_SIZE = 8,
	KID_SHARED_MAX = 4, /* members that may share one kid: try each */
	TOKEN_LIFE_MAX_S = 120,
	TOKEN_SKEW_S = 10,
	NONCE_LIFE_MS = 60000,
	NONCE_RENEW_MS = 30000,
	CHALLENGE_TEXT_MAX = 95, /* SKN1: and base45 of an audience and a nonce: 85 */
	PASS_PIN_MIN = 4,	 /* digits */
	PASS_PIN_MAX = 8,
	FRESH_TOKENS_MAX =
		4096,	/* ids remembered for their 130 s; past it the oldest raise iat_floor */
	NONCES_MAX = 8, /* a door: 60 s of life, a new one each 30 s, and a few NFC challenges */

	/* cards (contracts 1) */
	CARD_NDEF_MAX = 256,	     /* bytes of a card's NDEF file: NTAG 424 DNA has no more */
	CARDS_USED_MAX = 500000,     /* whose counter is remembered: all that a shop ever knew */
	CARD_COUNTER_MAX = 0xffffff, /* a card counts its readings in three bytes */

	/* the shop */
	DOORS_MAX = 4,
	TILLS_MAX = 4,
	READERS_MAX = 21, /* a scanner, a phone road and NFC a door, a scanner and NFC a till, the
			     phones' own till */
	VISITS_OPEN_MAX = 256,	/* phones in one shop at once, far past any village's */
	BEARERS_MAX = 8,	/* devices of one visit: a family and the kiosk */
	VISIT_LINES_MAX = 1000, /* scans in one visit: a phone that runs wild is stopped here */
	SENSORS_MAX = 24,	/* of the room: a shop has a dozen fridges at most, and the rest */
	CAMERAS_MAX = 8,
	CONTACTS_MAX = 8,	    /* people who are told */
	TEXTS_AN_HOUR = 6,	    /* to one person (design 5) */
	REFUSALS_WATCHED_MAX = 64,  /* at one door: watch.refusals may not be more */
	ALARMS_MAX = 128,	    /* unfinished alarms: each condition at each place, with room */
	VISIT_SILENCE_MS = 7200000, /* 2 h */
	VISIT_LATE_DAYS = 7,
	QUANTITY_MAX_MILLI = 999000, /* 999 pieces or kilograms a line: more is a typing error */

	/* roster and catalogue in memory */
	MEMBERS_MAX = 250000,
	KEYS_MAX = 500000,
	CARDS_MAX = 250000,
	ARTICLES_MAX = 200000,
	PRICES_PAST_MAX =
		131072, /* superseded prices of the last 8 days, for visits pinned to them */

	/* the ledger's queue */
	LEDGER_QUEUE_MAX = 2048, /* rows waiting for the disk: 30 s of a busy shop */
	LEDGER_RESERVED = 512,	 /* the last of them are for the door: money is refused first */
	ENTRY_BODY_MAX = 576,	 /* bytes of one encoded body: a credit note of every rate */
	LEDGER_RETRY_MS = 10000, /* one small write every 10 s while the disk is full (design 2) */

	/* local sockets */
	MESSAGE_MAX = 1024, /* bytes of one SEQPACKET message */
	PEERS_MAX = 8,	    /* connections of one role */
	REPLIES_MAX = 2048, /* answers that wait for the disk; past it new requests are refused */
};

#endif
