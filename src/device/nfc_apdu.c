/*
 * nfc_apdu.c: the talk with what lies on the reader. A phone with the shop's app is asked first,
 * for it proves more; what does not know the app is asked for an NDEF file, as any card of type 4
 * has one. Nothing asks for a serial number: a phone draws a new one each time, and a card's would
 * be a number to follow a person by.
 *
 * Every answer is a stranger's. It is at most 258 bytes, its last two are the status word, and the
 * talk is five commands long at the most, whatever is answered.
 */
#include "device/nfc_apdu.h"

#include <string.h>

#include "base/cbor.h"

enum {
	CLA_ISO = 0x00,
	CLA_OURS = 0x80,
	INS_SELECT = 0xA4,
	INS_READ = 0xB0,
	INS_CHALLENGE = 0xC0,
	INS_VERDICT = 0xC2,
	SW_OK = 0x9000,
	SW_END_OF_FILE = 0x6282,
	SW_LENGTH_IS = 0x6C00,
	SW_LOCKED = 0x6982,  /* the phone wants to be unlocked first */
	SW_NOT_NOW = 0x6985, /* its person has to do something in the app */
	SW_NO_KEY = 0x6A88,  /* it has no key for this shop */
};

static const uint8_t app[] = {0xF0, 'S', 'H', 'O', 'P', 'K', 'E', 'E', 'P'};
static const uint8_t ndef_application[] = {0xD2, 0x76, 0x00, 0x00, 0x85, 0x01, 0x01};
static const uint8_t ndef_file[] = {0xE1, 0x04};

/* CLA INS P1 P2 Lc data, and Le = 256 where an answer is wanted. */
static uint32_t command(const uint8_t head[4], struct span data, bool answer,
			uint8_t out[NFC_COMMAND_MAX])
{
	uint32_t len = 4;

	CHECK(data.len > 0 && 4 + 1 + data.len + 1 <= NFC_COMMAND_MAX);
	memcpy(out, head, 4);
	out[len++] = (uint8_t)data.len;
	memcpy(out + len, data.data, data.len);
	len += data.len;
	if (answer)
		out[len++] = 0;
	return len;
}

static uint32_t command_read(uint8_t le, uint8_t out[NFC_COMMAND_MAX])
{
	static const uint8_t head[4] = {CLA_ISO, INS_READ, 0, 0};

	memcpy(out, head, 4);
	out[4] = le;
	return 5;
}

uint32_t nfc_say(const struct nfc_talk *t, struct span challenge, uint8_t out[NFC_COMMAND_MAX])
{
	static const uint8_t by_name[4] = {CLA_ISO, INS_SELECT, 0x04, 0x00};
	static const uint8_t by_file[4] = {CLA_ISO, INS_SELECT, 0x00, 0x0C};
	static const uint8_t ours[4] = {CLA_OURS, INS_CHALLENGE, 0, 0};

	switch (t->word) {
	case NFC_SELECT_APP:
		return command(by_name, (struct span){app, sizeof(app)}, true, out);
	case NFC_CHALLENGE:
		CHECK(challenge.len <= NFC_CHALLENGE_MAX);
		return command(ours, challenge, true, out);
	case NFC_SELECT_NDEF:
		return command(by_name, (struct span){ndef_application, sizeof(ndef_application)},
			       true, out);
	case NFC_SELECT_FILE:
		return command(by_file, (struct span){ndef_file, sizeof(ndef_file)}, false, out);
	case NFC_READ:
		return command_read(t->le, out);
	case NFC_OVER:
		return 0;
	}
	return 0;
}

static void over(struct nfc_talk *t, enum nfc_shown shown)
{
	t->word = NFC_OVER;
	t->shown = shown;
}

static void showed(struct nfc_talk *t, enum nfc_shown shown, struct span data)
{
	CHECK(data.len <= NFC_SHOWN_MAX);
	memcpy(t->bytes, data.data, data.len);
	t->len = data.len;
	over(t, shown);
}

/* Of another version, or a card that says yes to every name: it may still have an NDEF file. */
static void hear_app(struct nfc_talk *t, struct span data)
{
	bool ours = t->status == SW_OK && data.len > 0 && data.data[0] == NFC_VERSION;

	t->word = ours ? NFC_CHALLENGE : NFC_SELECT_NDEF;
}

static void hear_token(struct nfc_talk *t, struct span data)
{
	if (t->status == SW_OK && data.len > 0)
		showed(t, NFC_SHOWN_TOKEN, data);
	else if (t->status == SW_LOCKED || t->status == SW_NOT_NOW || t->status == SW_NO_KEY)
		over(t, NFC_SHOWN_ASIDE);
	else
		over(t, NFC_SHOWN_STRANGE);
}

static void hear_read(struct nfc_talk *t, struct span data)
{
	if ((t->status == SW_OK || t->status == SW_END_OF_FILE) && data.len > 0) {
		showed(t, NFC_SHOWN_CARD, data);
	} else if ((t->status & 0xFF00) == SW_LENGTH_IS && !t->reread) {
		t->le = (uint8_t)t->status;
		t->reread = true;
	} else {
		over(t, NFC_SHOWN_STRANGE);
	}
}

void nfc_hear(struct nfc_talk *t, struct span answer)
{
	struct span data = answer;

	if (answer.len < 2 || answer.len > NFC_ANSWER_MAX) {
		t->status = 0;
		over(t, NFC_SHOWN_STRANGE);
		return;
	}
	data.len -= 2;
	t->status = (uint16_t)(answer.data[data.len] << 8 | answer.data[data.len + 1]);
	switch (t->word) {
	case NFC_SELECT_APP:
		hear_app(t, data);
		break;
	case NFC_CHALLENGE:
		hear_token(t, data);
		break;
	case NFC_SELECT_NDEF:
	case NFC_SELECT_FILE:
		if (t->status == SW_OK)
			t->word = t->word == NFC_SELECT_NDEF ? NFC_SELECT_FILE : NFC_READ;
		else
			over(t, NFC_SHOWN_STRANGE);
		break;
	case NFC_READ:
		hear_read(t, data);
		break;
	case NFC_OVER:
		break;
	}
}

uint32_t nfc_verdict_say(const char *word, uint32_t unlock_ms, uint8_t out[NFC_COMMAND_MAX])
{
	static const uint8_t head[4] = {CLA_OURS, INS_VERDICT, 0, 0};
	uint8_t bytes[NFC_COMMAND_MAX - 6];
	struct builder b = builder_of(bytes, sizeof(bytes));

	cbor_put_array(&b, 2);
	cbor_put_text(&b, word, (uint32_t)strlen(word));
	cbor_put_uint(&b, unlock_ms);
	CHECK(!b.failed); /* the longest word of ours is 18 letters */
	return command(head, (struct span){bytes, b.len}, true, out);
}

uint32_t nfc_challenge_bytes(const char *audience, const uint8_t *nonce,
			     uint8_t out[NFC_CHALLENGE_MAX])
{
	struct builder b = builder_of(out, NFC_CHALLENGE_MAX);

	cbor_put_array(&b, nonce ? 2 : 1);
	cbor_put_text(&b, audience, (uint32_t)strlen(audience));
	if (nonce)
		cbor_put_bytes(&b, nonce, NONCE_SIZE);
	CHECK(!b.failed); /* 1 + 2 + 33 + 17 */
	return b.len;
}
