/* first_body.c: jansson reads, this file judges: two texts, one of them the deterministic COSE_Key
 * of a public key in hex, as `shopctl member add` takes it. */
#include "counterd/first_body.h"

#include <jansson.h>
#include <string.h>

#include "token/claims.h"

static bool code_take(const json_t *value, char code[FIRST_CODE_MAX + 1])
{
	size_t len = json_string_length(value);

	if (!json_is_string(value) || len == 0 || len > FIRST_CODE_MAX)
		return false;
	for (size_t i = 0; i < len; i++) {
		char c = json_string_value(value)[i];

		if (c < ' ' || c > '~')
			return false;
	}
	memcpy(code, json_string_value(value), len + 1);
	return true;
}

static bool key_take(const json_t *value, struct public_key *ret)
{
	uint8_t bytes[COSE_KEY_SIZE];

	return json_string_length(value) == 2 * COSE_KEY_SIZE &&
	       hex_parse(json_string_value(value), 2 * COSE_KEY_SIZE, bytes, sizeof(bytes)) &&
	       cose_key_parse((struct span){bytes, sizeof(bytes)}, ret) == COSE_KEY_GOOD;
}

bool first_body_parse(struct span body, struct first_body *ret)
{
	json_t *root = json_loadb((const char *)body.data, body.len, JSON_REJECT_DUPLICATES, NULL);
	struct first_body b;
	bool good;

	memset(&b, 0, sizeof(b));
	good = json_object_size(root) == 2 && code_take(json_object_get(root, "code"), b.code) &&
	       key_take(json_object_get(root, "key"), &b.key);
	json_decref(root);
	if (good)
		*ret = b;
	explicit_bzero(&b, sizeof(b));
	return good;
}
