/*
 * sun.h: what an NTAG 424 DNA says of itself in its address by SUN (NXP AN12196): who it is,
 * enciphered under one key of the shop, and a MAC under a key of that card alone, over a counter
 * that the card raises each time it is read. By OpenSSL's libcrypto.
 *
 * The shop keeps one key of 16 bytes. From it come, by AES-CMAC (RFC 4493) in the manner of
 * NXP AN10922:
 *   the key for reading who it is    CMAC(shop key, 02 ‖ "SKMETA")         the same in every card
 *   the key of a card's own MAC      CMAC(shop key, 01 ‖ uid ‖ "SKFILE")
 *   the key for changing the card    CMAC(shop key, 03 ‖ uid ‖ "SKMAST")   kept by nobody else
 *   its name everywhere, 8 bytes     CMAC(shop key, 04 ‖ uid ‖ "SKKID")    says nothing of the uid
 * The MAC is over no bytes of the address at all (SDMMACInputOffset = SDMMACOffset): what stands in
 * it beside p= and m= is for people.
 */
#ifndef SHOP_CRYPTO_SUN_H
#define SHOP_CRYPTO_SUN_H

#include "base/check.h"
#include "base/ids.h"
#include "base/span.h"

#define SUN_KEY_SIZE  16
#define SUN_PICC_SIZE 16
#define SUN_MAC_SIZE  8
#define SUN_UID_SIZE  7

/** A card's own number; it never leaves the program that has read it. */
struct sun_uid {
	uint8_t byte[SUN_UID_SIZE];
};

/** One reading of a card. */
struct sun_tap {
	struct sun_uid uid;
	uint32_t counter; /* 24 bits */
};

/** sun_cmac - AES-128-CMAC of RFC 4493. */
void sun_cmac(const uint8_t key[SUN_KEY_SIZE], struct span bytes, uint8_t ret[16]);

/** sun_meta_key, sun_file_key, sun_master_key - the keys above. */
void sun_meta_key(const uint8_t shop_key[SUN_KEY_SIZE], uint8_t ret[SUN_KEY_SIZE]);
void sun_file_key(const uint8_t shop_key[SUN_KEY_SIZE], const struct sun_uid *uid,
		  uint8_t ret[SUN_KEY_SIZE]);
void sun_master_key(const uint8_t shop_key[SUN_KEY_SIZE], const struct sun_uid *uid,
		    uint8_t ret[SUN_KEY_SIZE]);

/** sun_open - PICC data deciphered: a UID of seven bytes and the counter must be in it. False when
 * they are not, as with another shop's card. */
MUST_CHECK bool sun_open(const uint8_t meta_key[SUN_KEY_SIZE], const uint8_t picc[SUN_PICC_SIZE],
			 struct sun_tap *ret);

/** sun_mac - the eight bytes that a card with this key says at this counter. sun_mac_good - whether
 * these are they; takes as long for every wrong one. */
void sun_mac(const uint8_t file_key[SUN_KEY_SIZE], const struct sun_tap *tap,
	     uint8_t ret[SUN_MAC_SIZE]);
MUST_CHECK bool sun_mac_good(const uint8_t file_key[SUN_KEY_SIZE], const struct sun_tap *tap,
			     const uint8_t mac[SUN_MAC_SIZE]);

/** sun_kid - the name that a card has everywhere else. By the shop's key: a UID can be read by any
 * phone near the card, and nobody without the key can find it in books, feed or office by that. */
struct kid sun_kid(const uint8_t shop_key[SUN_KEY_SIZE], const struct sun_uid *uid);

#endif
