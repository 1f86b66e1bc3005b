/* verifier.h: what is kept between two verifications, for who would rather hold it himself
 * than have one a thread. */
#ifndef SHOP_CRYPTO_VERIFIER_H
#define SHOP_CRYPTO_VERIFIER_H

#include "base/check.h"
#include "base/ids.h"

struct verifier;

/** verifier_new - NULL without memory. One may be used by one thread at a time. */
struct verifier *verifier_new(void);
void verifier_free(struct verifier *v);

/** verifier_key_valid - the point is on the curve and is not infinity. */
bool verifier_key_valid(const struct verifier *v, const struct public_key *key);

/** verifier_check - 1 good, 0 bad, -EINVAL when the key is no point of the curve. */
int verifier_check(const struct verifier *v, const struct public_key *key, const uint8_t *bytes,
		   uint32_t len, const uint8_t signature[64]);

/** verifier_sign - r ‖ s over bytes. The key stays ready for the next time. 0, -EINVAL for a
 * private key that is 0 or not below the order, or -EIO. */
MUST_CHECK int verifier_sign(struct verifier *v, const uint8_t private_key[32],
			     const uint8_t *bytes, uint32_t len, uint8_t ret_signature[64]);

/** verifier_sha256 - of bytes, without looking the algorithm up again. */
struct sha256 verifier_sha256(const struct verifier *v, const void *bytes, uint32_t len);

#endif
