/*
 * release.h: what a signed release says of itself: which version, for which machines, which
 *packages it is made of, and in which form it keeps the books. Text, a line a fact, in this order:
 *
 *	shopkeeper-release 1
 *	version 0.5.0-1
 *	arch arm64
 *	form LEDGER CATALOGUE
 *	file NAME BYTES SHA256        1 to 4 of them
 *	signature HEX                 ES256 (r ‖ s) over all that stands above it
 */
#ifndef SHOP_WIRE_RELEASE_H
#define SHOP_WIRE_RELEASE_H

#include "base/ids.h"
#include "base/span.h"

enum {
	RELEASE_TEXT_MAX = 4096,
	RELEASE_FILES_MAX = 4,
	RELEASE_FILE_MAX = 64 * 1024 * 1024, /* bytes of a package: ours have five of them */
	RELEASE_NAME_MAX = 120,
	RELEASE_VERSION_MAX = 40,
	RELEASE_ARCH_MAX = 16,
	RELEASE_FORM_MAX = 9999,
	RELEASE_KEYS_MAX = 4,
	RELEASE_KEYS_TEXT_MAX = 2048, /* bytes of the file of keys */
};

struct release_file {
	char name[RELEASE_NAME_MAX + 1]; /* a plain name that ends in .deb */
	uint32_t size;
	struct sha256 hash;
};

struct release {
	char version[RELEASE_VERSION_MAX + 1];
	char arch[RELEASE_ARCH_MAX + 1];
	uint32_t ledger_form, catalogue_form;
	uint32_t files;
	struct release_file file[RELEASE_FILES_MAX];
	uint32_t signed_len; /* bytes of the text that the signature is about */
	uint8_t signature[64];
};

/** release_parse - false, and *ret untouched, for anything else. Whether the signature holds is for
 * crypto/ to say. Pure, fuzzed. */
MUST_CHECK bool release_parse(struct span text, struct release *ret);

/** release_put - the text up to its signature, which release_sign_put() adds. */
void release_put(struct builder *b, const struct release *r);
void release_sign_put(struct builder *b, const uint8_t signature[64]);

/** release_newer - whether version `a` comes after `b`, as Debian orders them (deb-version(7)). */
bool release_newer(const char *a, const char *b);

/** release_keys - a file of public keys, 128 hex digits a line, # begins a remark: how many, 0 when
 * it is none, or more than RELEASE_KEYS_MAX. */
uint32_t release_keys(struct span text, struct public_key ret[RELEASE_KEYS_MAX]);

#endif
