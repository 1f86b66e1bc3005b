/*
 * keys.c: what is signed by this office, and with which key. An office whose key is not in the set
 * that the root signed would be heard by no shop: it does not start.
 */
#include "officed/keys.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/es256.h"
#include "officed/private_file.h"
#include "token/statement.h"

#define KEYS_FILE_MAX 4096 /* bytes of a statement on SYNC_KEYS_MAX keys, in hex */

static bool private_read(const char *path, struct office_keys *k, char why[CONF_WHY_MAX])
{
	char line[2 * 32 + 2];
	const char *wrong = private_line_read(path, line, sizeof(line));
	bool good;

	if (wrong != NULL)
		return conf_refuse(why, "key_file %s: %s", path, wrong);
	good = hex_parse(line, (uint32_t)strlen(line), k->private_key, 32) &&
	       es256_public(k->private_key, &k->key) == 0;
	explicit_bzero(line, sizeof(line));
	if (!good)
		return conf_refuse(why, "key_file %s: want 64 hex digits, a P-256 private key",
				   path);
	k->kid = kid_of(&k->key);
	return true;
}

/** A statement is kept as it is, or in hex: then `bytes` becomes what the digits say. */
static size_t unhexed(uint8_t *bytes, size_t len)
{
	size_t digits = len; /* a signature may end with the byte of a line's end, digits do not */

	while (digits > 0 && (bytes[digits - 1] == '\n' || bytes[digits - 1] == '\r'))
		digits--;
	if (digits % 2 == 0 &&
	    hex_parse((const char *)bytes, (uint32_t)digits, bytes, (uint32_t)digits / 2))
		return digits / 2;
	return len;
}

/** Signed by the root over `payload`, under whatever name. */
static bool root_signed(const struct statement *s, const struct public_key *root)
{
	uint8_t *tbs = malloc(s->payload.len + STATEMENT_EXTRA);
	uint32_t len;
	bool good;

	if (tbs == NULL)
		return false;
	len = statement_to_be_signed(s->kid, s->payload, tbs, s->payload.len + STATEMENT_EXTRA);
	good = es256_verify(root, tbs, len, s->signature) == 1;
	free(tbs);
	return good;
}

static bool set_names_us(const struct office_keys *k, const struct sync_keys *set)
{
	for (uint32_t i = 0; i < set->keys; i++)
		if (memcmp(&set->key[i], &k->key, sizeof(k->key)) == 0)
			return true;
	return false;
}

static bool set_read(const char *path, struct office_keys *k, char why[CONF_WHY_MAX])
{
	static uint8_t bytes[KEYS_FILE_MAX + 1];
	ssize_t got = file_read(path, bytes, sizeof(bytes));
	struct statement s;
	struct sync_keys set;
	size_t len;

	if (got < 0)
		return conf_refuse(why, "keys_file %s: %s", path, strerrordesc_np((int)-got));
	len = got <= KEYS_FILE_MAX ? unhexed(bytes, (size_t)got) : 0;
	if (!statement_parse((struct span){bytes, (uint32_t)len}, &s) ||
	    !sync_keys_take(s.payload, &set))
		return conf_refuse(
			why,
			"keys_file %s: it is no statement on keys: make one with `shopctl "
			"root sign`",
			path);
	if (!root_signed(&s, &k->root))
		return conf_refuse(why, "keys_file %s: it was not signed by the root of `root =`",
				   path);
	if (!set_names_us(k, &set))
		return conf_refuse(
			why,
			"keys_file %s: it does not name the key of key_file: sign a new set "
			"with `shopctl root sign`",
			path);
	k->version = set.version;
	k->statement = malloc(len);
	if (k->statement == NULL)
		return conf_refuse(why, "keys_file %s: no memory", path);
	memcpy(k->statement, bytes, len);
	k->statement_len = (uint32_t)len;
	return true;
}

bool keys_load(const struct config *config, struct office_keys *ret, char why[CONF_WHY_MAX])
{
	*ret = (struct office_keys){0};
	if (!hex_parse(config->root, (uint32_t)strlen(config->root), &ret->root, sizeof(ret->root)))
		return conf_refuse(why, "root: want 128 hex digits");
	if (private_read(config->key_file, ret, why) && set_read(config->keys_file, ret, why))
		return true;
	keys_free(ret);
	return false;
}

void keys_free(struct office_keys *keys)
{
	free(keys->statement);
	explicit_bzero(keys, sizeof(*keys));
}

uint32_t office_sign(const struct office *o, const struct builder *payload, uint8_t *out,
		     uint32_t size)
{
	struct span p = {payload->data, payload->len};
	uint32_t room = p.len + STATEMENT_EXTRA, len;
	uint8_t *tbs = malloc(room), signature[64];
	int r;

	CHECK(!payload->failed && tbs != NULL);
	len = statement_to_be_signed(o->keys->kid, p, tbs, room);
	r = es256_sign_often(o->keys->private_key, tbs, len, signature);
	free(tbs);
	CHECK(r == 0); /* keys_load has proven that the key is one */
	len = statement_assemble(o->keys->kid, p, signature, out, size);
	CHECK(len > 0);
	return len;
}
