/*
 * ev2.h: the secure messaging of an NTAG 424 DNA (NXP AN12196, "EV2"), as far as a card is written
 * with it. Command by command over a way to the card that the caller has; nothing is kept but the
 * session, which ev2_end() wipes.
 */
#ifndef SHOP_CRYPTO_EV2_H
#define SHOP_CRYPTO_EV2_H

#include "crypto/sun.h"

#define EV2_ANSWER_MAX 258
#define EV2_STATUS_OK  0x9100 /* of the card's own commands */
#define EV2_STATUS_ISO 0x9000

/** A command and its answer with the status word: how many bytes, at most EV2_ANSWER_MAX; below 2:
 * the card is gone. */
typedef int ev2_transmit_fn(void *data, const uint8_t *command, uint32_t len,
			    uint8_t answer[EV2_ANSWER_MAX]);

struct ev2 {
	ev2_transmit_fn *transmit;
	void *data;
	uint16_t status; /* the last status word; 0: the card is gone, or said what it may not */
	uint8_t transaction[4];
	uint16_t counter;
	uint8_t enc[SUN_KEY_SIZE], mac[SUN_KEY_SIZE];
};

/** ev2_session_keys - of AuthenticateEV2First: the session's two keys from the key and both random
 * numbers. */
void ev2_session_keys(const uint8_t key[SUN_KEY_SIZE], const uint8_t rnd_a[16],
		      const uint8_t rnd_b[16], uint8_t ret_enc[SUN_KEY_SIZE],
		      uint8_t ret_mac[SUN_KEY_SIZE]);

/** ev2_crc - CRC-32 of a new key as ChangeKey has it: not complemented at its end. */
uint32_t ev2_crc(const uint8_t key[SUN_KEY_SIZE]);

/** ev2_select - the card's application. All of these: false with `status` saying why. */
MUST_CHECK bool ev2_select(struct ev2 *e);
/** ev2_authenticate - with this key: the card has proven that it knows it too. */
MUST_CHECK bool ev2_authenticate(struct ev2 *e, uint8_t key_no, const uint8_t key[SUN_KEY_SIZE]);
/** ev2_uid - the card's number, enciphered on its way. ev2_key_version - 0 in a new card. */
MUST_CHECK bool ev2_uid(struct ev2 *e, struct sun_uid *ret);
MUST_CHECK bool ev2_key_version(struct ev2 *e, uint8_t key_no, uint8_t *ret);
/** ev2_write - into a file whose data go in the plain. ev2_settings - a file's settings. */
MUST_CHECK bool ev2_write(struct ev2 *e, uint8_t file, struct span bytes);
MUST_CHECK bool ev2_settings(struct ev2 *e, uint8_t file, struct span settings);
/** ev2_random_id - from the next field on the card answers a reader's first question with a number
 * drawn anew each time, in place of its own; for ever. What it mirrors is its own number still. */
MUST_CHECK bool ev2_random_id(struct ev2 *e);
/** ev2_change_key - `old` counts for every key but 0, whose change ends the session. */
MUST_CHECK bool ev2_change_key(struct ev2 *e, uint8_t key_no, const uint8_t new[SUN_KEY_SIZE],
			       const uint8_t old[SUN_KEY_SIZE], uint8_t version);
void ev2_end(struct ev2 *e);

#endif
