/*
 * cmd_pass.c: passes are signed by an office; a shop without one is told here whose signature
 * counts, which pass is revoked, and which wants a PIN. The shop never learns the PIN: it keeps a
 * salted hash, which guards a door's log more than a secret of four digits.
 */
#include <string.h>
#include <unistd.h>

#include "crypto/es256.h"
#include "shopctl/args.h"
#include "shopctl/ask.h"
#include "shopctl/key.h"

static enum ctl_exit pass_key(struct ctl *ctl)
{
	const char *hex = NULL;
	const struct option options[] = {{"--key", &hex, NULL}};
	struct public_key key;
	union message m;
	enum ctl_exit code = args_read(ctl, options, ARRAY_LEN(options), NULL, 0, 0);

	if (code == CTL_DONE)
		code = key_read(ctl, hex, &key);
	if (code != CTL_DONE)
		return code;
	message_init(&m, MESSAGE_OFFICE_KEY, ASK_REQUEST);
	memcpy(m.member.x, key.x, sizeof(key.x));
	memcpy(m.member.y, key.y, sizeof(key.y));
	code = shop_call(ctl, &m, MESSAGE_DONE);
	if (code != CTL_DONE)
		return code;

	struct kid kid = kid_of(&key);
	char name[2 * sizeof(kid) + 1];

	hex_text(kid.byte, sizeof(kid.byte), name);
	if (ctl->json)
		return ctl_json(ctl, CTL_DONE, json_pack("{s:s}", "kid", name));
	ctl_say(ctl, "Passes signed by %s are accepted.", name);
	return CTL_DONE;
}

static enum ctl_exit cti_read(struct ctl *ctl, const char *word, struct message_pass *pass)
{
	uint32_t len;

	if (!bytes_parse(word, pass->cti, CTI_SIZE_MIN, CTI_SIZE_MAX, &len))
		return ctl_usage(ctl, "'%s' is no pass's id: 16 to 32 hex digits", word);
	pass->cti_len = (uint8_t)len;
	return CTL_DONE;
}

static enum ctl_exit pass_revoke(struct ctl *ctl)
{
	const char *word;
	union message m;
	enum ctl_exit code = args_read(ctl, NULL, 0, &word, 1, 1);

	message_init(&m, MESSAGE_PASS, ASK_REQUEST);
	m.pass.revoked = 1;
	if (code == CTL_DONE)
		code = cti_read(ctl, word, &m.pass);
	if (code == CTL_DONE)
		code = shop_call(ctl, &m, MESSAGE_DONE);
	if (code == CTL_DONE)
		ctl_say(ctl, "Revoked.");
	return code;
}

#define PIN_MIN 4
#define PIN_MAX 8

/** The PIN from the command line, or with "-" a line of stdin, which no other user can see. */
static bool pin_take(const char *word, char pin[PIN_MAX + 2])
{
	size_t len = 0;

	if (strcmp(word, "-") != 0) {
		len = strnlen(word, PIN_MAX + 1);
		memcpy(pin, word, len);
	}
	while (strcmp(word, "-") == 0 && len < PIN_MAX + 1) {
		if (read(STDIN_FILENO, pin + len, 1) != 1 || pin[len] == '\n')
			break;
		len++;
	}
	pin[len] = '\0';
	for (size_t i = 0; i < len; i++)
		if (pin[i] < '0' || pin[i] > '9')
			return false;
	return len >= PIN_MIN && len <= PIN_MAX;
}

static void pin_hash(const char *pin, struct message_pass *pass)
{
	uint8_t salted[sizeof(pass->pin_salt) + PIN_MAX];
	size_t len = strlen(pin);

	random_bytes(pass->pin_salt, sizeof(pass->pin_salt));
	memcpy(salted, pass->pin_salt, sizeof(pass->pin_salt));
	memcpy(salted + sizeof(pass->pin_salt), pin, len);
	struct sha256 hash = sha256(salted, (uint32_t)(sizeof(pass->pin_salt) + len));

	memcpy(pass->pin_hash, hash.byte, sizeof(pass->pin_hash));
	explicit_bzero(salted, sizeof(salted));
}

static enum ctl_exit pass_pin(struct ctl *ctl)
{
	const char *word[2];
	char pin[PIN_MAX + 2];
	union message m;
	enum ctl_exit code = args_read(ctl, NULL, 0, word, 2, 2);

	message_init(&m, MESSAGE_PASS, ASK_REQUEST);
	m.pass.wants_pin = 1;
	if (code == CTL_DONE)
		code = cti_read(ctl, word[0], &m.pass);
	if (code != CTL_DONE)
		return code;
	if (!pin_take(word[1], pin))
		return ctl_usage(ctl, "a PIN has %d to %d digits", PIN_MIN, PIN_MAX);
	pin_hash(pin, &m.pass);
	explicit_bzero(pin, sizeof(pin));
	code = shop_call(ctl, &m, MESSAGE_DONE);
	if (code == CTL_DONE)
		ctl_say(ctl, "The pass wants its PIN from now on.");
	return code;
}

enum ctl_exit shopctl_pass(struct ctl *ctl)
{
	static const struct verb verbs[] = {
		{"key", pass_key},
		{"revoke", pass_revoke},
		{"pin", pass_pin},
	};

	return ctl_verb(ctl, verbs, ARRAY_LEN(verbs), NULL);
}
