/*
 * p256.c: P-256 signatures by libcrypto, quickly and without a crash on any input. A key is built
 * from raw x, y at each use out of a template that already knows the curve (6 us; importing a DER
 * key costs 140, keeping 100,000 open costs 200 MB); OpenSSL then checks that the point is on the
 * curve. What does not change between two uses (the template, the fetched SHA-256) is kept in a
 * verifier that the caller holds: nothing here is global.
 *
 * Promises: a verdict is "good" only if OpenSSL said exactly 1; r or s of 0 or not below the order
 * is bad, not an error; the thread's error queue is left empty, so a flood of bad tokens grows
 * nothing.
 */
#include "crypto/es256.h"

#include <errno.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <stdlib.h>
#include <sys/random.h>

#include "crypto/verifier.h"
#include "token/claims.h"

#define POINT_SIZE     65 /* 04 ‖ x ‖ y (SEC 1 2.3.3) */
#define HALF	       32
#define DER_INT_MAX    (2 + 1 + HALF)
#define DER_SIZE_MAX   (2 + 2 * DER_INT_MAX)
#define SIGNATURE_SIZE (2 * HALF)

struct verifier {
	EVP_PKEY *template; /* any P-256 key: only its parameters are used */
	EVP_MD *sha256;
	EVP_MD_CTX *hash; /* used anew for each */
	/* the key that verifier_sign was given last, ready to sign; NULL: none */
	EVP_PKEY_CTX *signer;
	uint8_t signer_key[HALF];
};

struct verifier *verifier_new(void)
{
	struct verifier *v = calloc(1, sizeof(*v));

	if (!v)
		return NULL;
	v->template = EVP_EC_gen("P-256");
	v->sha256 = EVP_MD_fetch(NULL, "SHA2-256", NULL);
	v->hash = EVP_MD_CTX_new();
	if (!v->template || !v->sha256 || !v->hash) {
		ERR_clear_error();
		verifier_free(v);
		return NULL;
	}
	return v;
}

void verifier_free(struct verifier *v)
{
	if (!v)
		return;
	EVP_PKEY_free(v->template);
	EVP_MD_free(v->sha256);
	EVP_MD_CTX_free(v->hash);
	EVP_PKEY_CTX_free(v->signer);
	OPENSSL_cleanse(v->signer_key, sizeof(v->signer_key));
	free(v);
}

/* The public key as OpenSSL wants it, or NULL when the point is not on the curve. */
static EVP_PKEY *pkey_of(const struct verifier *v, const struct public_key *key)
{
	uint8_t point[POINT_SIZE] = {POINT_CONVERSION_UNCOMPRESSED};
	EVP_PKEY *pkey = EVP_PKEY_new();

	memcpy(point + 1, key->x, HALF);
	memcpy(point + 1 + HALF, key->y, HALF);
	if (!pkey || EVP_PKEY_copy_parameters(pkey, v->template) != 1 ||
	    EVP_PKEY_set1_encoded_public_key(pkey, point, sizeof(point)) != 1) {
		ERR_clear_error();
		EVP_PKEY_free(pkey);
		return NULL;
	}
	return pkey;
}

/* One half of a signature as a DER INTEGER: no needless leading zero, one where the first bit would
 * say "negative". */
static size_t put_integer(const uint8_t half[HALF], uint8_t *out)
{
	size_t skip = 0, len, pad;

	while (skip < HALF - 1 && half[skip] == 0)
		skip++;
	pad = half[skip] >> 7;
	len = pad + HALF - skip;
	out[0] = 0x02;
	out[1] = (uint8_t)len;
	out[2] = 0;
	memcpy(out + 2 + pad, half + skip, HALF - skip);
	return 2 + len;
}

/* r ‖ s as the SEQUENCE that libcrypto verifies (RFC 3279 2.2.3): ≤ 72 bytes, so short lengths. */
static size_t der_of(const uint8_t signature[SIGNATURE_SIZE], uint8_t out[DER_SIZE_MAX])
{
	size_t len = put_integer(signature, out + 2);

	len += put_integer(signature + HALF, out + 2 + len);
	out[0] = 0x30;
	out[1] = (uint8_t)len;
	return 2 + len;
}

bool verifier_key_valid(const struct verifier *v, const struct public_key *key)
{
	EVP_PKEY *pkey = pkey_of(v, key);
	bool valid = pkey;

	EVP_PKEY_free(pkey);
	return valid;
}

int verifier_check(const struct verifier *v, const struct public_key *key, const uint8_t *bytes,
		   uint32_t len, const uint8_t signature[SIGNATURE_SIZE])
{
	struct sha256 digest = verifier_sha256(v, bytes, len);
	uint8_t der[DER_SIZE_MAX];
	size_t der_len = der_of(signature, der);
	EVP_PKEY *pkey = pkey_of(v, key);
	EVP_PKEY_CTX *context;
	bool good;

	if (!pkey)
		return -EINVAL;
	context = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
	good = context && EVP_PKEY_verify_init(context) == 1 &&
	       EVP_PKEY_verify(context, der, der_len, digest.byte, sizeof(digest.byte)) == 1;
	EVP_PKEY_CTX_free(context);
	EVP_PKEY_free(pkey);
	if (!good)
		ERR_clear_error();
	return good ? 1 : 0;
}

/* --- keys and signatures --- */

static bool public_of(EVP_PKEY *pkey, struct public_key *ret)
{
	uint8_t point[POINT_SIZE];
	size_t len = 0;

	if (EVP_PKEY_get_octet_string_param(pkey, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point),
					    &len) != 1 ||
	    len != sizeof(point) || point[0] != POINT_CONVERSION_UNCOMPRESSED)
		return false;
	memcpy(ret->x, point + 1, HALF);
	memcpy(ret->y, point + 1 + HALF, HALF);
	return true;
}

int es256_make(uint8_t ret_private[HALF], struct public_key *ret)
{
	EVP_PKEY *pkey = EVP_EC_gen("P-256");
	BIGNUM *secret = NULL;
	bool made = pkey && EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_PRIV_KEY, &secret) == 1 &&
		    public_of(pkey, ret) && BN_bn2binpad(secret, ret_private, HALF) == HALF;

	BN_clear_free(secret);
	EVP_PKEY_free(pkey);
	ERR_clear_error();
	return made ? 0 : -EIO;
}

/* secret × G, or false when the secret is 0 or not below the order. */
static bool point_of(const uint8_t private_key[HALF], uint8_t ret_point[POINT_SIZE])
{
	EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
	EC_POINT *point = group ? EC_POINT_new(group) : NULL;
	BIGNUM *secret = BN_secure_new();
	bool good = point && secret && BN_bin2bn(private_key, HALF, secret) &&
		    !BN_is_zero(secret) && BN_cmp(secret, EC_GROUP_get0_order(group)) < 0;

	if (good) {
		BN_set_flags(secret, BN_FLG_CONSTTIME);
		good = EC_POINT_mul(group, point, secret, NULL, NULL, NULL) == 1 &&
		       EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, ret_point,
					  POINT_SIZE, NULL) == POINT_SIZE;
	}
	BN_clear_free(secret);
	EC_POINT_free(point);
	EC_GROUP_free(group);
	ERR_clear_error();
	return good;
}

int es256_public(const uint8_t private_key[HALF], struct public_key *ret)
{
	uint8_t point[POINT_SIZE];

	if (!point_of(private_key, point))
		return -EINVAL;
	memcpy(ret->x, point + 1, HALF);
	memcpy(ret->y, point + 1 + HALF, HALF);
	return 0;
}

/* The key pair as OpenSSL wants it; `secret` must live as long as the build of it. */
static EVP_PKEY *pair_of(const uint8_t private_key[HALF], const uint8_t point[POINT_SIZE])
{
	BIGNUM *secret = BN_secure_new();
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	OSSL_PARAM *params = NULL;
	EVP_PKEY *pkey = NULL;

	if (secret && build && context && BN_bin2bn(private_key, HALF, secret) &&
	    OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) == 1 &&
	    OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point, POINT_SIZE) ==
		    1 &&
	    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, secret) == 1)
		params = OSSL_PARAM_BLD_to_param(build);
	if (!params || EVP_PKEY_fromdata_init(context) != 1 ||
	    EVP_PKEY_fromdata(context, &pkey, EVP_PKEY_KEYPAIR, params) != 1)
		pkey = NULL;
	OSSL_PARAM_free(params);
	EVP_PKEY_CTX_free(context);
	OSSL_PARAM_BLD_free(build);
	BN_clear_free(secret);
	return pkey;
}

/* OpenSSL's DER signature as r ‖ s. */
static bool raw_of(const uint8_t *der, size_t len, uint8_t ret[SIGNATURE_SIZE])
{
	ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &der, (long)len);
	bool good = pair && BN_bn2binpad(ECDSA_SIG_get0_r(pair), ret, HALF) == HALF &&
		    BN_bn2binpad(ECDSA_SIG_get0_s(pair), ret + HALF, HALF) == HALF;

	ECDSA_SIG_free(pair);
	return good;
}

int es256_sign(const uint8_t private_key[HALF], const uint8_t *bytes, uint32_t len,
	       uint8_t ret_signature[SIGNATURE_SIZE])
{
	uint8_t point[POINT_SIZE], der[DER_SIZE_MAX + 8];
	size_t der_len = sizeof(der);
	EVP_PKEY *pkey;
	EVP_MD_CTX *context;
	bool good;

	if (!point_of(private_key, point))
		return -EINVAL;
	pkey = pair_of(private_key, point);
	context = EVP_MD_CTX_new();
	good = pkey && context &&
	       EVP_DigestSignInit_ex(context, NULL, "SHA2-256", NULL, NULL, pkey, NULL) == 1 &&
	       EVP_DigestSign(context, der, &der_len, bytes, len) == 1 &&
	       raw_of(der, der_len, ret_signature);
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(pkey);
	ERR_clear_error();
	return good ? 0 : -EIO;
}

/* The key made ready to sign, as it is or anew. Making one costs four times what it signs for. */
static EVP_PKEY_CTX *signer_of(struct verifier *v, const uint8_t private_key[HALF])
{
	uint8_t point[POINT_SIZE];
	EVP_PKEY *pkey;

	if (v->signer && CRYPTO_memcmp(v->signer_key, private_key, HALF) == 0)
		return v->signer;
	EVP_PKEY_CTX_free(v->signer);
	v->signer = NULL;
	pkey = point_of(private_key, point) ? pair_of(private_key, point) : NULL;
	v->signer = pkey ? EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL) : NULL;
	EVP_PKEY_free(pkey);
	if (v->signer && EVP_PKEY_sign_init(v->signer) != 1) {
		EVP_PKEY_CTX_free(v->signer);
		v->signer = NULL;
	}
	memcpy(v->signer_key, private_key, HALF);
	return v->signer;
}

int verifier_sign(struct verifier *v, const uint8_t private_key[HALF], const uint8_t *bytes,
		  uint32_t len, uint8_t ret_signature[SIGNATURE_SIZE])
{
	struct sha256 digest = verifier_sha256(v, bytes, len);
	uint8_t der[DER_SIZE_MAX + 8];
	size_t der_len = sizeof(der);
	EVP_PKEY_CTX *signer = signer_of(v, private_key);
	bool good = signer &&
		    EVP_PKEY_sign(signer, der, &der_len, digest.byte, sizeof(digest.byte)) == 1 &&
		    raw_of(der, der_len, ret_signature);

	ERR_clear_error();
	return good ? 0 : signer ? -EIO : -EINVAL;
}

/* --- hashes and random bytes --- */

struct sha256 verifier_sha256(const struct verifier *v, const void *bytes, uint32_t len)
{
	struct sha256 digest;
	int done = EVP_DigestInit_ex2(v->hash, v->sha256, NULL) == 1 &&
		   EVP_DigestUpdate(v->hash, bytes, len) == 1 &&
		   EVP_DigestFinal_ex(v->hash, digest.byte, NULL) == 1;

	CHECK(done);
	return digest;
}

struct sha256 hmac_sha256(const uint8_t *key, uint32_t key_len, const void *bytes, uint32_t len)
{
	struct sha256 ret;
	unsigned int got = 0;

	CHECK(HMAC(EVP_sha256(), key, (int)key_len, bytes, len, ret.byte, &got) &&
	      got == sizeof(ret.byte));
	return ret;
}

void random_bytes(void *bytes, uint32_t len)
{
	uint8_t *at = bytes;

	while (len > 0) {
		ssize_t got = getrandom(at, len, 0);

		CHECK(got > 0 || (got < 0 && errno == EINTR));
		if (got > 0) {
			at += got;
			len -= (uint32_t)got;
		}
	}
}

struct kid kid_of(const struct public_key *key)
{
	uint8_t encoded[COSE_KEY_SIZE];
	struct sha256 digest;
	struct kid kid;
	int done;

	cose_key_encode(key, encoded);
	done = EVP_Digest(encoded, sizeof(encoded), digest.byte, NULL, EVP_sha256(), NULL);
	CHECK(done == 1);
	memcpy(kid.byte, digest.byte, sizeof(kid.byte));
	return kid;
}
