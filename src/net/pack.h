/* pack.h: batches of entries, packed with zstd (RFC 8878) for the road. */
#ifndef SHOP_NET_PACK_H
#define SHOP_NET_PACK_H

#include "base/check.h"
#include "base/span.h"

/** pack_bound - bytes that `len` may take at most once packed. */
uint32_t pack_bound(uint32_t len);
/** pack - `bytes` packed into `out`; its length, or 0 when it does not fit. */
uint32_t pack(struct span bytes, uint8_t *out, uint32_t size);
/** unpack - one frame, whole, of at most `size` bytes unpacked (so that a small body cannot become
 * a large one); its length in *ret. False when it is none or too large. */
MUST_CHECK bool unpack(struct span packed, uint8_t *out, uint32_t size, uint32_t *ret);

#endif
