/* base64url.h: RFC 4648 5 without padding: bearers, cookies and tokens in headers. Pure. */
#ifndef SHOP_NET_BASE64URL_H
#define SHOP_NET_BASE64URL_H

#include "base/check.h"

#include <stdbool.h>
#include <stdint.h>

/** Characters for `bytes` bytes, without a NUL. */
#define BASE64URL_LEN(bytes) (((bytes)*4 + 2) / 3)

/** base64url_encode - BASE64URL_LEN(len) characters and a NUL into text. */
void base64url_encode(const void *bytes, uint32_t len, char *text);

/** base64url_decode - at most `size` bytes. False on any other character, padding, an impossible
 * length, bits left over, or more than `size`. */
MUST_CHECK bool base64url_decode(const char *text, uint32_t len, uint8_t *bytes, uint32_t size,
				 uint32_t *ret_len);

#endif
