/*
 * es256.c: the verifier that each thread keeps, so that a daemon's verification, or a hash, pays
 * for nothing but itself. It is made at the thread's first use and freed when the thread ends.
 */
#include "crypto/es256.h"

#include <pthread.h>

#include "crypto/verifier.h"

static pthread_key_t kept_key;
static pthread_once_t kept_once = PTHREAD_ONCE_INIT;

static void kept_free(void *v)
{
	verifier_free(v);
}

static void kept_init(void)
{
	int error = pthread_key_create(&kept_key, kept_free);

	CHECK(error == 0);
}

/* Without memory for it there is no door to open either: the supervisor restarts us. */
static struct verifier *kept(void)
{
	int error = pthread_once(&kept_once, kept_init);
	struct verifier *v;

	CHECK(error == 0);
	v = pthread_getspecific(kept_key);
	if (!v) {
		v = verifier_new();
		CHECK(v);
		error = pthread_setspecific(kept_key, v);
		CHECK(error == 0);
	}
	return v;
}

int es256_verify(const struct public_key *key, const uint8_t *bytes, uint32_t len,
		 const uint8_t signature[64])
{
	return verifier_check(kept(), key, bytes, len, signature);
}

int es256_sign_often(const uint8_t private_key[32], const uint8_t *bytes, uint32_t len,
		     uint8_t ret_signature[64])
{
	return verifier_sign(kept(), private_key, bytes, len, ret_signature);
}

bool es256_key_valid(const struct public_key *key)
{
	return verifier_key_valid(kept(), key);
}

struct sha256 sha256(const void *bytes, uint32_t len)
{
	return verifier_sha256(kept(), bytes, len);
}
