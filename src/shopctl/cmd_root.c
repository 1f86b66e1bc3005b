/*
 * cmd_root.c: an office's keys, on a machine that need not be on any network. The root signs
 * nothing but the set of keys that the office may sign with; its private half is used by these
 * commands alone. Keys of an office are files of 64 hex digits that nobody else may read; public
 * ones are their x and y, 128 hex digits, as officed.conf wants them.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/es256.h"
#include "loop/loop.h"
#include "shopctl/args.h"
#include "shopctl/file.h"
#include "shopctl/secret.h"
#include "token/statement.h"
#include "wire/sync.h"

#define SECRET_TEXT_LEN 65 /* hex and a line end */
#define STATEMENT_MAX	1024

enum ctl_exit file_new(struct ctl *ctl, const char *path, const void *bytes, size_t len,
		       mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
	bool good;
	int err;

	if (fd < 0)
		return ctl_fail(ctl, CTL_REFUSED,
				errno == EEXIST ? "refused: %s is there already"
						: "%s cannot be made",
				path);
	good = fchmod(fd, mode) == 0 && write(fd, bytes, len) == (ssize_t)len && fsync(fd) == 0;
	err = errno;
	if (close(fd) == 0 && good)
		return CTL_DONE;
	unlink(path);
	return ctl_fail(ctl, CTL_REFUSED, "%s cannot be written: %s", path, strerror(err));
}

enum ctl_exit secret_read(struct ctl *ctl, const char *path, uint8_t secret[32],
			  struct public_key *ret)
{
	char text[SECRET_TEXT_LEN + 1];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	ssize_t len;
	bool good;

	if (fd < 0)
		return ctl_fail(ctl, CTL_REFUSED, "%s: %s", path, strerror(errno));
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || (st.st_mode & 077) != 0) {
		close(fd);
		return ctl_fail(ctl, CTL_REFUSED,
				"refused: %s is not a file that you alone may read (mode 0600)",
				path);
	}
	len = file_read(fd, text, sizeof(text));
	close(fd);
	good = len == SECRET_TEXT_LEN && text[len - 1] == '\n' &&
	       hex_parse(text, SECRET_TEXT_LEN - 1, secret, 32) && es256_public(secret, ret) == 0;
	explicit_bzero(text, sizeof(text));
	return good ? CTL_DONE
		    : ctl_fail(ctl, CTL_REFUSED, "refused: %s holds no key of 'root make'", path);
}

static void public_text(const struct public_key *key, char text[129])
{
	hex_text(key->x, 32, text);
	hex_text(key->y, 32, text + 64);
}

static enum ctl_exit public_say(struct ctl *ctl, const struct public_key *key)
{
	char text[129];

	public_text(key, text);
	if (ctl->json)
		return ctl_json(ctl, CTL_DONE, json_pack("{s:s}", "public", text));
	ctl_say(ctl, "%s", text);
	return CTL_DONE;
}

/** A new private key in a file; its public half on stdout. */
static enum ctl_exit key_make(struct ctl *ctl, const char *what)
{
	uint8_t secret[32];
	char text[SECRET_TEXT_LEN + 1];
	struct public_key key;
	const char *path;
	enum ctl_exit code = args_read(ctl, NULL, 0, &path, 1, 1);

	if (code != CTL_DONE)
		return code;
	if (es256_make(secret, &key) != 0)
		return ctl_fail(ctl, CTL_INTERNAL, "no key could be made");
	hex_text(secret, sizeof(secret), text);
	text[SECRET_TEXT_LEN - 1] = '\n';
	code = file_new(ctl, path, text, SECRET_TEXT_LEN, 0600);
	explicit_bzero(secret, sizeof(secret));
	explicit_bzero(text, sizeof(text));
	if (code != CTL_DONE)
		return code;
	ctl_note(ctl, "%s %s", what, path);
	return public_say(ctl, &key);
}

static enum ctl_exit root_make(struct ctl *ctl)
{
	return key_make(ctl, "The root key is in this file: keep it off the network, and twice:");
}

static enum ctl_exit root_key(struct ctl *ctl)
{
	return key_make(ctl,
			"The office's signing key is in this file; let the root sign the public "
			"one below:");
}

static enum ctl_exit root_public(struct ctl *ctl)
{
	uint8_t secret[32];
	struct public_key key;
	const char *path;
	enum ctl_exit code = args_read(ctl, NULL, 0, &path, 1, 1);

	if (code == CTL_DONE)
		code = secret_read(ctl, path, secret, &key);
	explicit_bzero(secret, sizeof(secret));
	return code == CTL_DONE ? public_say(ctl, &key) : code;
}

static enum ctl_exit keys_take(struct ctl *ctl, const char *const *word, struct sync_keys *ret)
{
	for (; ret->keys < SYNC_KEYS_MAX && word[ret->keys]; ret->keys++) {
		const char *hex = word[ret->keys];
		struct public_key *key = &ret->key[ret->keys];
		uint8_t both[64];

		if (!hex_parse(hex, (uint32_t)strnlen(hex, 256), both, sizeof(both)))
			return ctl_usage(ctl, "'%.20s…' is no public key: 128 hex digits", hex);
		memcpy(key->x, both, 32);
		memcpy(key->y, both + 32, 32);
		if (!es256_key_valid(key))
			return ctl_fail(ctl, CTL_REFUSED,
					"refused: '%.20s…' is no point of the curve P-256", hex);
		for (uint32_t i = 0; i < ret->keys; i++)
			if (memcmp(&ret->key[i], key, sizeof(*key)) == 0)
				return ctl_usage(ctl, "'%.20s…' is named twice", hex);
	}
	return CTL_DONE;
}

/** The set of keys as the root's statement; its length. */
static uint32_t keys_sign(const uint8_t secret[32], const struct public_key *root,
			  const struct sync_keys *keys, uint8_t out[STATEMENT_MAX])
{
	uint8_t payload[STATEMENT_MAX], tbs[STATEMENT_MAX + STATEMENT_EXTRA], signature[64];
	struct builder b = builder_of(payload, sizeof(payload));
	struct kid kid = kid_of(root);
	uint32_t len;

	sync_keys_put(&b, keys);
	if (b.failed)
		return 0;
	len = statement_to_be_signed(kid, (struct span){payload, b.len}, tbs, sizeof(tbs));
	if (len == 0 || es256_sign(secret, tbs, len, signature) != 0)
		return 0;
	return statement_assemble(kid, (struct span){payload, b.len}, signature, out,
				  STATEMENT_MAX);
}

static enum ctl_exit sign_write(struct ctl *ctl, const char *root_path,
				const struct sync_keys *keys, const char *out_path)
{
	uint8_t secret[32], statement[STATEMENT_MAX];
	char text[2 * STATEMENT_MAX + 2];
	struct public_key root;
	enum ctl_exit code = secret_read(ctl, root_path, secret, &root);
	uint32_t len;

	if (code != CTL_DONE)
		return code;
	len = keys_sign(secret, &root, keys, statement);
	explicit_bzero(secret, sizeof(secret));
	if (len == 0)
		return ctl_fail(ctl, CTL_INTERNAL, "the set could not be signed");
	hex_text(statement, len, text);
	text[2 * len] = '\n';
	code = file_new(ctl, out_path, text, 2 * len + 1, 0644);
	if (code != CTL_DONE)
		return code;
	if (ctl->json)
		return ctl_json(ctl, CTL_DONE,
				json_pack("{s:i, s:i, s:s}", "version", (int)keys->version, "keys",
					  (int)keys->keys, "file", out_path));
	ctl_say(ctl,
		"%s: %u keys, version %u. It is no secret: put it where officed.conf says "
		"(keys_file).",
		out_path, keys->keys, keys->version);
	return CTL_DONE;
}

static enum ctl_exit root_sign(struct ctl *ctl)
{
	const char *root = NULL, *version = NULL, *out = NULL, *word[SYNC_KEYS_MAX];
	const struct option options[] = {
		{"--root", &root, NULL}, {"--version", &version, NULL}, {"--out", &out, NULL}};
	struct sync_keys keys = {.at = loop_wall()};
	enum ctl_exit code = args_read(ctl, options, ARRAY_LEN(options), word, 1, SYNC_KEYS_MAX);
	uint64_t number = 0;

	if (code != CTL_DONE)
		return code;
	if (!root || !out || !version)
		return ctl_usage(ctl, "--root FILE, --version N and --out FILE are needed");
	if (!digits_read(version, UINT32_MAX, &number) || number == 0)
		return ctl_usage(ctl, "--version is a number above that of the set before");
	keys.version = (uint32_t)number;
	code = keys_take(ctl, word, &keys);
	return code == CTL_DONE ? sign_write(ctl, root, &keys, out) : code;
}

enum ctl_exit shopctl_root(struct ctl *ctl)
{
	static const struct verb verbs[] = {
		{"make", root_make},
		{"public", root_public},
		{"sign", root_sign},
		{"key", root_key},
	};

	return ctl_verb(ctl, verbs, ARRAY_LEN(verbs), NULL);
}
