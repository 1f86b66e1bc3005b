/* test_sun.c: AES-CMAC by the vectors of RFC 4493, SUN by those of NXP AN12196, the keys of cards
 * by a second implementation (tests/card), and every bit of a card's word turned over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "../data/card-vectors.h"
#include "crypto/ev2.h"
#include "crypto/sun.h"
#include "token/ndef.h"

static uint32_t bytes_of(const char *hex, void *bytes)
{
	uint32_t len = (uint32_t)strlen(hex) / 2;

	assert_true(hex_parse(hex, 2 * len, bytes, len));
	return len;
}

static void assert_hex(const void *bytes, uint32_t len, const char *hex)
{
	char text[129];

	assert_true(2 * len < sizeof(text));
	hex_text(bytes, len, text);
	assert_string_equal(text, hex);
}

static void cmacs(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(cmac_vectors); i++) {
		uint8_t key[16], bytes[64], mac[16];
		uint32_t len;

		bytes_of(cmac_vectors[i].key, key);
		len = bytes_of(cmac_vectors[i].bytes, bytes);
		sun_cmac(key, (struct span){bytes, len}, mac);
		assert_hex(mac, sizeof(mac), cmac_vectors[i].mac);
	}
}

static void the_card_of_an12196(void **state)
{
	static const uint8_t zeros[SUN_KEY_SIZE];
	uint8_t picc[16], mac[8];
	struct sun_tap tap;

	(void)state;
	bytes_of(nxp_picc, picc);
	bytes_of(nxp_mac, mac);
	assert_true(sun_open(zeros, picc, &tap));
	assert_hex(tap.uid.byte, sizeof(tap.uid.byte), nxp_uid);
	assert_int_equal(tap.counter, nxp_counter);
	assert_true(sun_mac_good(zeros, &tap, mac));
}

static void the_session_of_an12196(void **state)
{
	static const uint8_t zeros[SUN_KEY_SIZE];
	uint8_t rnd_a[16], rnd_b[16], enc[16], mac[16], key[16];

	(void)state;
	bytes_of(nxp_rnd_a, rnd_a);
	bytes_of(nxp_rnd_b, rnd_b);
	ev2_session_keys(zeros, rnd_a, rnd_b, enc, mac);
	assert_hex(enc, sizeof(enc), nxp_enc);
	assert_hex(mac, sizeof(mac), nxp_session_mac);
	bytes_of(nxp_new_key, key);
	assert_int_equal(ev2_crc(key), nxp_crc);
}

static void keys_and_name(void **state)
{
	uint8_t key[16], made[16];
	struct sun_uid uid;
	struct kid kid;

	(void)state;
	bytes_of(shop_key, key);
	bytes_of(card_uid, uid.byte);
	sun_meta_key(key, made);
	assert_hex(made, sizeof(made), card_meta_key);
	sun_file_key(key, &uid, made);
	assert_hex(made, sizeof(made), card_file_key);
	sun_master_key(key, &uid, made);
	assert_hex(made, sizeof(made), card_master_key);
	kid = sun_kid(key, &uid);
	assert_hex(kid.byte, sizeof(kid.byte), card_kid);
	key[15] ^= 1; /* the same card at another shop has another name */
	kid = sun_kid(key, &uid);
	assert_hex(kid.byte, sizeof(kid.byte), card_kid_elsewhere);
}

static void counters(void **state)
{
	uint8_t meta[16], file[16];

	(void)state;
	bytes_of(card_meta_key, meta);
	bytes_of(card_file_key, file);
	for (uint32_t i = 0; i < ARRAY_LEN(card_taps); i++) {
		uint8_t picc[16], mac[8];
		struct sun_tap tap;

		bytes_of(card_taps[i].picc, picc);
		bytes_of(card_taps[i].mac, mac);
		assert_true(sun_open(meta, picc, &tap));
		assert_hex(tap.uid.byte, sizeof(tap.uid.byte), card_uid);
		assert_int_equal(tap.counter, card_taps[i].counter);
		assert_true(sun_mac_good(file, &tap, mac));
		tap.counter ^= 1;
		assert_false(sun_mac_good(file, &tap, mac));
	}
}

/* No bit of the MAC is free; no bit of the ciphered data gives another card that is believed. */
static void every_bit_counts(void **state)
{
	uint8_t meta[16], file[16], picc[16], mac[8];
	struct sun_tap tap, other;

	(void)state;
	bytes_of(card_meta_key, meta);
	bytes_of(card_file_key, file);
	bytes_of(card_taps[0].picc, picc);
	bytes_of(card_taps[0].mac, mac);
	assert_true(sun_open(meta, picc, &tap));
	for (uint32_t bit = 0; bit < 64; bit++) {
		mac[bit / 8] ^= (uint8_t)(1U << bit % 8);
		assert_false(sun_mac_good(file, &tap, mac));
		mac[bit / 8] ^= (uint8_t)(1U << bit % 8);
	}
	for (uint32_t bit = 0; bit < 128; bit++) {
		picc[bit / 8] ^= (uint8_t)(1U << bit % 8);
		if (sun_open(meta, picc, &other))
			assert_false(sun_mac_good(file, &other, mac));
		picc[bit / 8] ^= (uint8_t)(1U << bit % 8);
	}
	file[15] ^= 1;
	assert_false(sun_mac_good(file, &tap, mac));
	meta[0] ^= 1;
	assert_false(sun_open(meta, picc, &other)); /* another shop's card says nothing here */
}

static void a_file_read_off_a_card(void **state)
{
	uint8_t file[256] = {0}, meta[16];
	uint32_t len = bytes_of(card_ndef, file);
	struct card_said said;
	struct sun_tap tap;

	(void)state;
	bytes_of(card_meta_key, meta);
	assert_true(ndef_card((struct span){file, len}, &said));
	assert_true(ndef_card((struct span){file, sizeof(file)}, &said));
	assert_true(sun_open(meta, said.picc, &tap));
	assert_int_equal(tap.counter, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cmacs),
		cmocka_unit_test(the_card_of_an12196),
		cmocka_unit_test(the_session_of_an12196),
		cmocka_unit_test(keys_and_name),
		cmocka_unit_test(counters),
		cmocka_unit_test(every_bit_counts),
		cmocka_unit_test(a_file_read_off_a_card),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
