/*
 * es256.h: P-256 and SHA-256 by OpenSSL's libcrypto, for token/ and the programs. ES256 of RFC
 * 7518 3.4 / RFC 9053 2.1: signatures are raw r ‖ s. Keys are made from raw x ‖ y per use (6 us),
 * for an open key object costs 2 kB.
 */
#ifndef SHOP_CRYPTO_ES256_H
#define SHOP_CRYPTO_ES256_H

#include "base/check.h"
#include "base/ids.h"

/** es256_verify - 1 good, 0 bad, -EINVAL when the key is no point of the curve. Keeps a context a
 * thread. */
int es256_verify(const struct public_key *key, const uint8_t *bytes, uint32_t len,
		 const uint8_t signature[64]);

/** es256_key_valid - the point is on the curve and is not infinity. */
bool es256_key_valid(const struct public_key *key);

/** es256_make - a new key pair. es256_sign - r ‖ s over bytes. 0 or -errno: -EINVAL for a private
 * key that is 0 or not below the order, -EIO when libcrypto fails. */
MUST_CHECK int es256_make(uint8_t ret_private[32], struct public_key *ret);
MUST_CHECK int es256_sign(const uint8_t private_key[32], const uint8_t *bytes, uint32_t len,
			  uint8_t ret_signature[64]);

/** es256_sign_often - as es256_sign, for a key that signs again and again: the thread keeps it
 * ready, which makes all but the first four times as quick. */
MUST_CHECK int es256_sign_often(const uint8_t private_key[32], const uint8_t *bytes, uint32_t len,
				uint8_t ret_signature[64]);

/** es256_public - the public key of a private one. 0, or -EINVAL as above. */
MUST_CHECK int es256_public(const uint8_t private_key[32], struct public_key *ret);

/** sha256 - of bytes. random_bytes - from the kernel; panics when there are none. kid_of - RFC
 * 9679, first 8 bytes. */
struct sha256 sha256(const void *bytes, uint32_t len);
void random_bytes(void *bytes, uint32_t len);
/** hmac_sha256 - RFC 2104 over bytes. */
struct sha256 hmac_sha256(const uint8_t *key, uint32_t key_len, const void *bytes, uint32_t len);
struct kid kid_of(const struct public_key *key);

#endif
