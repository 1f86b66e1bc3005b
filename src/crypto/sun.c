/*
 * sun.c: keys and MACs of cards, by AES of libcrypto. Nothing here is kept: each tap costs one
 * block deciphered and three CMACs, a few microseconds, and the keys of a card are wiped as soon as
 * they were used.
 */
#include "crypto/sun.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

/* PICCDataTag of AN12196: the UID is there, the counter is there, the UID has seven bytes. */
#define PICC_UID_AND_COUNTER 0xc7

void sun_cmac(const uint8_t key[SUN_KEY_SIZE], struct span bytes, uint8_t ret[16])
{
	static const uint8_t none[1] = {0};
	size_t len = 0;

	CHECK(EVP_Q_mac(NULL, "CMAC", NULL, "AES-128-CBC", NULL, key, SUN_KEY_SIZE,
			bytes.len > 0 ? bytes.data : none, bytes.len, ret, 16, &len) &&
	      len == 16);
}

/* Of the shop's key: what it is for, whose it is, a word. */
static void derive(const uint8_t shop_key[SUN_KEY_SIZE], uint8_t use, const struct sun_uid *uid,
		   const char *word, uint8_t ret[SUN_KEY_SIZE])
{
	uint8_t input[1 + SUN_UID_SIZE + 6];
	struct builder b = builder_of(input, sizeof(input));

	build_u8(&b, use);
	if (uid)
		build_bytes(&b, uid->byte, sizeof(uid->byte));
	build_bytes(&b, word, (uint32_t)strlen(word));
	CHECK(!b.failed);
	sun_cmac(shop_key, (struct span){input, b.len}, ret);
	OPENSSL_cleanse(input, sizeof(input));
}

void sun_meta_key(const uint8_t shop_key[SUN_KEY_SIZE], uint8_t ret[SUN_KEY_SIZE])
{
	derive(shop_key, 2, NULL, "SKMETA", ret);
}

void sun_file_key(const uint8_t shop_key[SUN_KEY_SIZE], const struct sun_uid *uid,
		  uint8_t ret[SUN_KEY_SIZE])
{
	derive(shop_key, 1, uid, "SKFILE", ret);
}

void sun_master_key(const uint8_t shop_key[SUN_KEY_SIZE], const struct sun_uid *uid,
		    uint8_t ret[SUN_KEY_SIZE])
{
	derive(shop_key, 3, uid, "SKMAST", ret);
}

/* One block is the same in CBC with an IV of zeros as without one. */
static void decipher(const uint8_t key[SUN_KEY_SIZE], const uint8_t in[16], uint8_t out[16])
{
	static const uint8_t zero[16] = {0};
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int len = 0;

	CHECK(ctx && EVP_DecryptInit_ex(ctx, EVP_aes_128_cbc(), NULL, key, zero) &&
	      EVP_CIPHER_CTX_set_padding(ctx, 0) && EVP_DecryptUpdate(ctx, out, &len, in, 16) &&
	      len == 16);
	EVP_CIPHER_CTX_free(ctx);
}

bool sun_open(const uint8_t meta_key[SUN_KEY_SIZE], const uint8_t picc[SUN_PICC_SIZE],
	      struct sun_tap *ret)
{
	uint8_t plain[SUN_PICC_SIZE];
	bool good;

	decipher(meta_key, picc, plain);
	good = plain[0] == PICC_UID_AND_COUNTER;
	if (good) {
		memcpy(ret->uid.byte, plain + 1, sizeof(ret->uid.byte));
		ret->counter = plain[8] | (uint32_t)plain[9] << 8 | (uint32_t)plain[10] << 16;
	}
	OPENSSL_cleanse(plain, sizeof(plain));
	return good;
}

void sun_mac(const uint8_t file_key[SUN_KEY_SIZE], const struct sun_tap *tap,
	     uint8_t ret[SUN_MAC_SIZE])
{
	/* SV2: 3C C3, 00 01 (one block), 00 80 (128 bits), UID, counter as it counts: low first */
	uint8_t sv2[16] = {0x3c, 0xc3, 0x00, 0x01, 0x00, 0x80}, session[16], whole[16];

	memcpy(sv2 + 6, tap->uid.byte, sizeof(tap->uid.byte));
	sv2[13] = (uint8_t)tap->counter;
	sv2[14] = (uint8_t)(tap->counter >> 8);
	sv2[15] = (uint8_t)(tap->counter >> 16);
	sun_cmac(file_key, (struct span){sv2, sizeof(sv2)}, session);
	sun_cmac(session, (struct span){NULL, 0}, whole);
	for (uint32_t i = 0; i < SUN_MAC_SIZE; i++)
		ret[i] = whole[2 * i + 1];
	OPENSSL_cleanse(sv2, sizeof(sv2));
	OPENSSL_cleanse(session, sizeof(session));
	OPENSSL_cleanse(whole, sizeof(whole));
}

bool sun_mac_good(const uint8_t file_key[SUN_KEY_SIZE], const struct sun_tap *tap,
		  const uint8_t mac[SUN_MAC_SIZE])
{
	uint8_t right[SUN_MAC_SIZE];

	sun_mac(file_key, tap, right);
	return CRYPTO_memcmp(right, mac, sizeof(right)) == 0;
}

struct kid sun_kid(const uint8_t shop_key[SUN_KEY_SIZE], const struct sun_uid *uid)
{
	uint8_t whole[16];
	struct kid kid;

	derive(shop_key, 4, uid, "SKKID", whole);
	memcpy(kid.byte, whole, sizeof(kid.byte));
	return kid;
}
