/* kiosk_json.h: the events of the kiosks' stream, written out. */
#ifndef SHOP_COUNTERD_KIOSK_JSON_H
#define SHOP_COUNTERD_KIOSK_JSON_H

#include "net/json.h"
#include "wire/message.h"

/** Each writes one whole event. */
void kiosk_put_place(struct builder *b, const struct message_doors_are *doors,
		     const struct message_tills_are *tills);
void kiosk_put_away(struct builder *b);
void kiosk_put_door(struct builder *b, const struct message_door *door);
void kiosk_put_visit(struct builder *b, const char *till, uint64_t visit);
void kiosk_put_verdict(struct builder *b, const struct message_shown *shown);
void kiosk_put_line(struct builder *b, const struct message_scanned *scanned);
void kiosk_put_challenge(struct builder *b, const struct message_challenge_is *c,
			 int64_t changes_in_ms);

/** challenge_put - its object alone, for GET /v1/door/{door}/challenge. */
void challenge_put(struct builder *b, const struct message_challenge_is *c, int64_t changes_in_ms);

#endif
