/*
 * statement.h: what an office signs (contracts 5): COSE_Sign1 in exactly the envelope of a token
 * (statement bytes = D2 84 4D A2 01 26 04 48 <kid> A0 <payload bstr> 58 40 <r, s>), around a
 * payload of up to STATEMENT_PAYLOAD_MAX bytes that is a CBOR array beginning with a text which
 * says what it is ("feed", "ack" …, wire/sync.h). A pass's payload is a map: neither can pass for
 * the other. Pure: hashing and verifying are the caller's.
 */
#ifndef SHOP_TOKEN_STATEMENT_H
#define SHOP_TOKEN_STATEMENT_H

#include "base/ids.h"
#include "base/span.h"

#define STATEMENT_PAYLOAD_MAX (1024 * 1024)
/** What the envelope adds; and what the Sig_structure adds. */
#define STATEMENT_EXTRA	   112
#define STATEMENT_SIZE_MAX (STATEMENT_PAYLOAD_MAX + STATEMENT_EXTRA)

/** A statement taken apart; spans point into the caller's bytes. */
struct statement {
	struct kid kid;
	struct span payload;
	uint8_t signature[64]; /* r ‖ s */
};

/** statement_parse - ≤ STATEMENT_SIZE_MAX bytes as a statement; the payload is not looked at. False
 * when malformed. */
MUST_CHECK bool statement_parse(struct span bytes, struct statement *ret);

/** statement_to_be_signed - the Sig_structure (RFC 9052 4.4, external_aad empty) of this payload
 * under this kid into `out`, which has room for payload.len + STATEMENT_EXTRA; its length. */
uint32_t statement_to_be_signed(struct kid kid, struct span payload, uint8_t *out, uint32_t size);

/** statement_assemble - the whole of it; length, or 0 when it does not fit `size`. */
uint32_t statement_assemble(struct kid kid, struct span payload, const uint8_t signature[64],
			    uint8_t *out, uint32_t size);

#endif
