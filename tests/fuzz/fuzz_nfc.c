/*
 * fuzz_nfc.c: whatever lies on the reader, the talk with it is short, every command is well formed,
 * and what it showed is what it said. The input is its answers, each behind its length in two
 * bytes.
 */
#include <string.h>

#include "device/nfc_apdu.h"

#define COMMANDS_MAX 5

/* One answer off the front: a length in two bytes, and so many. */
static struct span take_answer(struct span *input)
{
	struct span answer = {input->data, 0};

	if (input->len < 2)
		return answer;
	answer.len = (uint32_t)(input->data[0] << 8 | input->data[1]);
	input->data += 2;
	input->len -= 2;
	if (answer.len > input->len)
		answer.len = input->len;
	answer.data = input->data;
	input->data += answer.len;
	input->len -= answer.len;
	return answer;
}

static void is_command(const uint8_t *c, uint32_t len)
{
	CHECK(len >= 5 && len <= NFC_COMMAND_MAX);
	CHECK(c[0] == 0x00 || c[0] == 0x80);
	CHECK(len == 5 || len == 5U + c[4] || len == 6U + c[4]);
}

static void is_shown(const struct nfc_talk *t, struct span answer)
{
	bool bytes = t->shown == NFC_SHOWN_TOKEN || t->shown == NFC_SHOWN_CARD;

	CHECK(t->shown != NFC_SHOWN_NOTHING);
	CHECK(bytes == (t->len > 0) && t->len <= NFC_SHOWN_MAX);
	if (bytes)
		CHECK(t->len + 2 == answer.len && memcmp(t->bytes, answer.data, t->len) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t challenge[NFC_CHALLENGE_MAX] = {0x82};
	struct span input = {data, (uint32_t)size}, answer = {data, 0};
	struct nfc_talk t = {0};
	uint8_t command[NFC_COMMAND_MAX];
	uint32_t commands = 0, len;

	if (size > 4096)
		return 0;
	while ((len = nfc_say(&t, (struct span){challenge, sizeof(challenge)}, command)) > 0) {
		is_command(command, len);
		CHECK(++commands <= COMMANDS_MAX);
		answer = take_answer(&input);
		nfc_hear(&t, answer);
	}
	is_shown(&t, answer);
	return 0;
}
