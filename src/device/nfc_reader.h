/* nfc_reader.h: a reader behind PC/SC. Every call here may wait, some for ever: none is for a loop.
 */
#ifndef SHOP_DEVICE_NFC_READER_H
#define SHOP_DEVICE_NFC_READER_H

#include <PCSC/winscard.h>

#include "device/nfc.h"

/** A reader, as one thread sees it. All zero at first. */
struct nfc_reader {
	bool open; /* context holds */
	SCARDCONTEXT context;
	SCARDHANDLE card;
	DWORD protocol;
	DWORD state;		     /* as it was seen last */
	uint32_t tries;		     /* of what was broken off, that are left */
	char name[NFC_NAME_MAX + 1]; /* in full; empty: it is not there */
};

enum nfc_wait {
	NFC_WAIT_GONE = 0,  /* *ret_trouble says why */
	NFC_WAIT_FOUND = 1, /* it is there, since now */
	NFC_WAIT_QUIET = 2, /* nothing new */
	NFC_WAIT_TAP = 3,   /* something has come, or lies there that was not heard to the end */
};

/** nfc_reader_wait - at most `ms`; less when something happens, or when it is not there. `part`: of
 * its name. */
enum nfc_wait nfc_reader_wait(struct nfc_reader *r, const char *part, uint32_t ms,
			      enum nfc_trouble *ret_trouble);

/** nfc_reader_context - opens it if need be, so that it can be cancelled by others. */
bool nfc_reader_context(struct nfc_reader *r);

/** nfc_reader_connect - nobody else speaks with the card until nfc_reader_disconnect(). False: it
 * is gone again, or (NFC_DENIED) it may not be. */
MUST_CHECK bool nfc_reader_connect(struct nfc_reader *r, enum nfc_trouble *ret_trouble);
void nfc_reader_disconnect(struct nfc_reader *r);

/** nfc_reader_over - what lies there has been heard to the end: it is no tap any more. Without it
 * nfc_reader_wait() says a few times that it is. */
void nfc_reader_over(struct nfc_reader *r);

/** nfc_reader_transmit - a command and its answer, of at most NFC_ANSWER_MAX bytes: how many, 0 for
 * a longer one, -1 when the card is gone. */
int nfc_reader_transmit(struct nfc_reader *r, const uint8_t *command, uint32_t len,
			uint8_t answer[258]);

/** nfc_reader_close - its context, if it has one. */
void nfc_reader_close(struct nfc_reader *r);

#endif
