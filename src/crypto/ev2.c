/*
 * ev2.c: a session with an NTAG 424 DNA. Both sides prove that they know a key by turning the other
 * one's random number; from both numbers come two keys for this session alone. Each command is
 * counted; the count and the transaction's number are in every IV and every MAC, so that nothing
 * can be said twice or in another order. An answer whose MAC does not hold is no answer.
 */
#include "crypto/ev2.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "crypto/es256.h"

#define MORE_FRAMES 0x91af
#define DATA_MAX    200 /* bytes of one command that are enciphered: with all else, one frame */
#define PLAIN_MAX   240 /* … and in the plain */

enum {
	CMD_AUTHENTICATE = 0x71,
	CMD_MORE = 0xaf,
	CMD_UID = 0x51,
	CMD_KEY_VERSION = 0x64,
	CMD_WRITE = 0x8d,
	CMD_CONFIGURE = 0x5c,
	CMD_SETTINGS = 0x5f,
	CMD_CHANGE_KEY = 0xc4,
};

/* CBC over whole blocks; the IV of zeros for NULL. */
static void cbc(bool encrypt, const uint8_t key[16], const uint8_t *iv, const uint8_t *in,
		uint32_t len, uint8_t *out)
{
	static const uint8_t zero[16] = {0};
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int wrote = 0;

	CHECK(len % 16 == 0 && ctx &&
	      EVP_CipherInit_ex(ctx, EVP_aes_128_cbc(), NULL, key, iv ? iv : zero, encrypt) &&
	      EVP_CIPHER_CTX_set_padding(ctx, 0) &&
	      EVP_CipherUpdate(ctx, out, &wrote, in, (int)len) && wrote == (int)len);
	EVP_CIPHER_CTX_free(ctx);
}

void ev2_session_keys(const uint8_t key[SUN_KEY_SIZE], const uint8_t rnd_a[16],
		      const uint8_t rnd_b[16], uint8_t ret_enc[SUN_KEY_SIZE],
		      uint8_t ret_mac[SUN_KEY_SIZE])
{
	uint8_t sv[32] = {0xa5, 0x5a, 0x00, 0x01, 0x00, 0x80};

	memcpy(sv + 6, rnd_a, 2);
	for (uint32_t i = 0; i < 6; i++)
		sv[8 + i] = rnd_a[2 + i] ^ rnd_b[i];
	memcpy(sv + 14, rnd_b + 6, 10);
	memcpy(sv + 24, rnd_a + 8, 8);
	sun_cmac(key, (struct span){sv, sizeof(sv)}, ret_enc);
	sv[0] = 0x5a;
	sv[1] = 0xa5;
	sun_cmac(key, (struct span){sv, sizeof(sv)}, ret_mac);
	OPENSSL_cleanse(sv, sizeof(sv));
}

uint32_t ev2_crc(const uint8_t key[SUN_KEY_SIZE])
{
	uint32_t crc = 0xffffffff;

	for (uint32_t i = 0; i < SUN_KEY_SIZE; i++) {
		crc ^= key[i];
		for (uint32_t bit = 0; bit < 8; bit++)
			crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
	}
	return crc;
}

/* --- one command */

/* 90 `command` 00 00 Lc data 00, or a whole ISO command; what comes before the status word. */
static bool say(struct ev2 *e, struct builder *command, uint16_t wanted,
		uint8_t answer[EV2_ANSWER_MAX], uint32_t *ret_len)
{
	int got = command->failed ? -1 : e->transmit(e->data, command->data, command->len, answer);

	e->status = 0;
	if (got < 2 || got > EV2_ANSWER_MAX)
		return false;
	e->status = (uint16_t)(answer[got - 2] << 8 | answer[got - 1]);
	*ret_len = (uint32_t)got - 2;
	return e->status == wanted;
}

static void wrap(struct builder *b, uint8_t command, struct span data)
{
	const uint8_t head[4] = {0x90, command, 0, 0};

	build_bytes(b, head, sizeof(head));
	if (data.len > 0) {
		build_u8(b, (uint8_t)data.len);
		build_bytes(b, data.data, data.len);
	}
	build_u8(b, 0);
}

/* Wrong is what the card may not say: as good as gone. */
static bool wrong(struct ev2 *e)
{
	e->status = 0;
	return false;
}

bool ev2_select(struct ev2 *e)
{
	static const uint8_t select[] = {0x00, 0xa4, 0x04, 0x00, 0x07, 0xd2, 0x76,
					 0x00, 0x00, 0x85, 0x01, 0x01, 0x00};
	uint8_t bytes[sizeof(select)], answer[EV2_ANSWER_MAX];
	struct builder b = builder_of(bytes, sizeof(bytes));
	uint32_t len;

	build_bytes(&b, select, sizeof(select));
	return say(e, &b, EV2_STATUS_ISO, answer, &len);
}

/* One byte to the left, the first one to the end. */
static void turn(const uint8_t in[16], uint8_t out[16])
{
	memcpy(out, in + 1, 15);
	out[15] = in[0];
}

/* The card's second answer: its transaction's number, and our own random number, turned. */
static bool proven(struct ev2 *e, const uint8_t key[16], const uint8_t rnd_a[16],
		   const uint8_t *answer, uint32_t len)
{
	uint8_t plain[32], turned[16];

	if (len != sizeof(plain))
		return wrong(e);
	cbc(false, key, NULL, answer, sizeof(plain), plain);
	turn(rnd_a, turned);
	if (CRYPTO_memcmp(plain + 4, turned, sizeof(turned)) != 0)
		return wrong(e);
	memcpy(e->transaction, plain, sizeof(e->transaction));
	e->counter = 0;
	return true;
}

bool ev2_authenticate(struct ev2 *e, uint8_t key_no, const uint8_t key[SUN_KEY_SIZE])
{
	const uint8_t first[2] = {key_no, 0};
	uint8_t bytes[64], answer[EV2_ANSWER_MAX], rnd_a[16], rnd_b[16], both[32];
	struct builder b = builder_of(bytes, sizeof(bytes));
	uint32_t len;
	bool good;

	wrap(&b, CMD_AUTHENTICATE, (struct span){first, sizeof(first)});
	if (!say(e, &b, MORE_FRAMES, answer, &len))
		return false;
	if (len != sizeof(rnd_b))
		return wrong(e);
	cbc(false, key, NULL, answer, sizeof(rnd_b), rnd_b);
	random_bytes(rnd_a, sizeof(rnd_a));
	memcpy(both, rnd_a, sizeof(rnd_a));
	turn(rnd_b, both + 16);
	cbc(true, key, NULL, both, sizeof(both), both);
	b = builder_of(bytes, sizeof(bytes));
	wrap(&b, CMD_MORE, (struct span){both, sizeof(both)});
	good = say(e, &b, EV2_STATUS_OK, answer, &len) && proven(e, key, rnd_a, answer, len);
	if (good)
		ev2_session_keys(key, rnd_a, rnd_b, e->enc, e->mac);
	OPENSSL_cleanse(rnd_a, sizeof(rnd_a));
	OPENSSL_cleanse(rnd_b, sizeof(rnd_b));
	return good;
}

/* --- in a session */

static void build_counter(struct builder *b, uint16_t counter)
{
	build_u8(b, (uint8_t)counter);
	build_u8(b, (uint8_t)(counter >> 8));
}

/* The even bytes of a CMAC over command or status, counter, transaction and data. */
static void mac_of(const struct ev2 *e, uint8_t first, struct span head, struct span data,
		   uint8_t ret[SUN_MAC_SIZE])
{
	uint8_t bytes[7 + EV2_ANSWER_MAX], whole[16];
	struct builder b = builder_of(bytes, sizeof(bytes));

	build_u8(&b, first);
	build_counter(&b, e->counter);
	build_bytes(&b, e->transaction, sizeof(e->transaction));
	if (head.len > 0)
		build_bytes(&b, head.data, head.len);
	if (data.len > 0)
		build_bytes(&b, data.data, data.len);
	CHECK(!b.failed);
	sun_cmac(e->mac, (struct span){bytes, b.len}, whole);
	for (uint32_t i = 0; i < SUN_MAC_SIZE; i++)
		ret[i] = whole[2 * i + 1];
}

/* The IV of a command (a5 5a) or of its answer (5a a5). */
static void iv_of(const struct ev2 *e, bool answer, uint8_t ret[16])
{
	uint8_t plain[16] = {answer ? 0x5a : 0xa5, answer ? 0xa5 : 0x5a};

	memcpy(plain + 2, e->transaction, sizeof(e->transaction));
	plain[6] = (uint8_t)e->counter;
	plain[7] = (uint8_t)(e->counter >> 8);
	cbc(true, e->enc, NULL, plain, sizeof(plain), ret);
}

/* 80 and zeros, to whole blocks; enciphered for this command. */
static uint32_t encipher(const struct ev2 *e, struct span data, uint8_t out[DATA_MAX + 16])
{
	uint8_t iv[16], padded[DATA_MAX + 16] = {0};
	uint32_t len = (data.len / 16 + 1) * 16;

	if (data.len == 0)
		return 0;
	memcpy(padded, data.data, data.len);
	padded[data.len] = 0x80;
	iv_of(e, false, iv);
	cbc(true, e->enc, iv, padded, len, out);
	OPENSSL_cleanse(padded, sizeof(padded));
	return len;
}

/* The answer's MAC holds; what stands before it. */
static bool answered(struct ev2 *e, const uint8_t *answer, uint32_t len, uint32_t *ret_len)
{
	uint8_t mac[SUN_MAC_SIZE];

	e->counter++;
	if (len < sizeof(mac))
		return wrong(e);
	*ret_len = len - (uint32_t)sizeof(mac);
	mac_of(e, 0, (struct span){NULL, 0}, (struct span){answer, *ret_len}, mac);
	return CRYPTO_memcmp(mac, answer + *ret_len, sizeof(mac)) == 0 || wrong(e);
}

/* A command with its head in the plain, its data enciphered, and a MAC over all. */
static bool command(struct ev2 *e, uint8_t code, struct span head, struct span data,
		    uint8_t answer[EV2_ANSWER_MAX], uint32_t *ret_len)
{
	uint8_t bytes[300], body[300], cipher[DATA_MAX + 16], mac[SUN_MAC_SIZE];
	struct builder b = builder_of(bytes, sizeof(bytes)), d = builder_of(body, sizeof(body));
	struct span enciphered = {cipher, 0};

	CHECK(data.len < DATA_MAX);
	enciphered.len = encipher(e, data, cipher);
	mac_of(e, code, head, enciphered, mac);
	if (head.len > 0)
		build_bytes(&d, head.data, head.len);
	build_bytes(&d, cipher, enciphered.len);
	build_bytes(&d, mac, sizeof(mac));
	CHECK(!d.failed && d.len < 256);
	wrap(&b, code, (struct span){body, d.len});
	return say(e, &b, EV2_STATUS_OK, answer, ret_len);
}

bool ev2_uid(struct ev2 *e, struct sun_uid *ret)
{
	static const uint8_t padding[9] = {0x80};
	uint8_t answer[EV2_ANSWER_MAX], iv[16], plain[16];
	const struct span none = {NULL, 0};
	uint32_t len;

	if (!command(e, CMD_UID, none, none, answer, &len) || !answered(e, answer, len, &len))
		return false;
	if (len != sizeof(plain))
		return wrong(e);
	iv_of(e, true, iv);
	cbc(false, e->enc, iv, answer, sizeof(plain), plain);
	if (memcmp(plain + SUN_UID_SIZE, padding, sizeof(padding)) != 0)
		return wrong(e);
	memcpy(ret->byte, plain, sizeof(ret->byte));
	return true;
}

bool ev2_key_version(struct ev2 *e, uint8_t key_no, uint8_t *ret)
{
	uint8_t answer[EV2_ANSWER_MAX];
	uint32_t len;

	if (!command(e, CMD_KEY_VERSION, (struct span){&key_no, 1}, (struct span){NULL, 0}, answer,
		     &len) ||
	    !answered(e, answer, len, &len))
		return false;
	if (len != 1)
		return wrong(e);
	*ret = answer[0];
	return true;
}

/* Data in the plain bear no MAC; the command counts all the same. */
bool ev2_write(struct ev2 *e, uint8_t file, struct span bytes)
{
	uint8_t body[7 + PLAIN_MAX], apdu[300], answer[EV2_ANSWER_MAX];
	struct builder d = builder_of(body, sizeof(body)), b = builder_of(apdu, sizeof(apdu));
	const uint8_t head[7] = {file, 0, 0, 0, (uint8_t)bytes.len, 0, 0};
	uint32_t len;

	build_bytes(&d, head, sizeof(head));
	build_bytes(&d, bytes.data, bytes.len);
	CHECK(!d.failed);
	wrap(&b, CMD_WRITE, (struct span){body, d.len});
	if (!say(e, &b, EV2_STATUS_OK, answer, &len))
		return false;
	e->counter++;
	return true;
}

bool ev2_settings(struct ev2 *e, uint8_t file, struct span settings)
{
	uint8_t answer[EV2_ANSWER_MAX];
	uint32_t len;

	return command(e, CMD_SETTINGS, (struct span){&file, 1}, settings, answer, &len) &&
	       answered(e, answer, len, &len);
}

bool ev2_random_id(struct ev2 *e)
{
	static const uint8_t picc = 0x00, random_id = 0x02;
	uint8_t answer[EV2_ANSWER_MAX];
	uint32_t len;

	return command(e, CMD_CONFIGURE, (struct span){&picc, 1}, (struct span){&random_id, 1},
		       answer, &len) &&
	       answered(e, answer, len, &len);
}

bool ev2_change_key(struct ev2 *e, uint8_t key_no, const uint8_t new[SUN_KEY_SIZE],
		    const uint8_t old[SUN_KEY_SIZE], uint8_t version)
{
	uint8_t data[SUN_KEY_SIZE + 5], answer[EV2_ANSWER_MAX];
	struct builder b = builder_of(data, sizeof(data));
	uint32_t crc = ev2_crc(new), len;
	bool good;

	for (uint32_t i = 0; i < SUN_KEY_SIZE; i++)
		build_u8(&b, key_no == 0 ? new[i] : new[i] ^ old[i]);
	build_u8(&b, version);
	for (uint32_t i = 0; key_no != 0 && i < 4; i++)
		build_u8(&b, (uint8_t)(crc >> 8 * i));
	CHECK(!b.failed);
	good = command(e, CMD_CHANGE_KEY, (struct span){&key_no, 1}, (struct span){data, b.len},
		       answer, &len);
	OPENSSL_cleanse(data, sizeof(data));
	if (!good || key_no == 0)
		return good; /* the session is over with its own key */
	return answered(e, answer, len, &len);
}

void ev2_end(struct ev2 *e)
{
	OPENSSL_cleanse(e->enc, sizeof(e->enc));
	OPENSSL_cleanse(e->mac, sizeof(e->mac));
}
