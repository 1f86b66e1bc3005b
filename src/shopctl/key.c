/*
 * key.c: a key from the command line, looked at in full before it goes anywhere. A private key that
 * somebody pasted by mistake is refused by name and never shown, sent or kept.
 */
#include "shopctl/key.h"

#include <string.h>

#include "crypto/es256.h"
#include "shopctl/args.h"
#include "token/claims.h"

/** A private COSE_Key is 112 bytes; anything much longer is none. */
#define KEY_BYTES_MAX 256

enum ctl_exit key_read(struct ctl *ctl, const char *hex, struct public_key *ret)
{
	uint8_t bytes[KEY_BYTES_MAX];
	uint32_t len;

	if (!hex)
		return ctl_usage(ctl, "--key is missing");
	if (!bytes_parse(hex, bytes, 1, KEY_BYTES_MAX, &len))
		return ctl_usage(ctl, "--key is not a COSE_Key in hex");
	enum cose_key_parse parsed = cose_key_parse((struct span){bytes, len}, ret);

	explicit_bzero(bytes, sizeof(bytes));
	switch (parsed) {
	case COSE_KEY_PRIVATE:
		return ctl_fail(ctl, CTL_REFUSED,
				"refused: this is a private key (it holds -4). Whoever has seen it "
				"can be that member: make a new one and give only the public key");
	case COSE_KEY_MALFORMED:
		return ctl_fail(ctl, CTL_REFUSED,
				"refused: this is no deterministic COSE_Key {1: 2, -1: 1, -2: x, "
				"-3: y}");
	case COSE_KEY_GOOD:
		break;
	}
	if (!es256_key_valid(ret))
		return ctl_fail(ctl, CTL_REFUSED,
				"refused: the key is no point of the curve P-256");
	return CTL_DONE;
}
