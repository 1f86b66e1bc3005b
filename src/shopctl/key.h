/* key.h: public keys as people hand them over. */
#ifndef SHOP_SHOPCTL_KEY_H
#define SHOP_SHOPCTL_KEY_H

#include "base/ids.h"
#include "shopctl/shopctl.h"

/**
 * key_read - `hex` (NULL: --key is missing) as the deterministic COSE_Key of a public P-256 key.
 * @return CTL_DONE; CTL_USAGE where it is no key at all; CTL_REFUSED for a private one and for a
 * point off the curve. Messages name what is wrong and show no part of a private key.
 */
enum ctl_exit key_read(struct ctl *ctl, const char *hex, struct public_key *ret);

#endif
