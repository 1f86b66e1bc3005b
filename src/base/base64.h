/* base64.h: RFC 4648 4, with padding, as mail and webhooks write it. Pure. */
#ifndef SHOP_BASE_BASE64_H
#define SHOP_BASE_BASE64_H

#include <stdint.h>

/** Room for `len` bytes as text, with its NUL. */
#define BASE64_SIZE(len) (((len) + 2) / 3 * 4 + 1)

/** base64_encode - `len` bytes as text into `text`, which has room for BASE64_SIZE(len). */
void base64_encode(const void *bytes, uint32_t len, char *text);

#endif
