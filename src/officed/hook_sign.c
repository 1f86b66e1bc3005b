/* hook_sign.c: what proves a webhook to its receiver (Standard Webhooks 1.0, "Verifying webhook
 * authenticity"). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "crypto/es256.h"
#include "officed/hook.h"

void hook_secret_text(const uint8_t secret[HOOK_SECRET_SIZE], char text[HOOK_SECRET_TEXT_SIZE])
{
	_Static_assert(sizeof("whsec_") + BASE64_SIZE(HOOK_SECRET_SIZE) <= HOOK_SECRET_TEXT_SIZE,
		       "room for it");
	memcpy(text, "whsec_", 6);
	base64_encode(secret, HOOK_SECRET_SIZE, text + 6);
}

void hook_signature(const struct hook_call *c, int64_t timestamp_s, char text[HOOK_SIGNATURE_SIZE])
{
	char *content = NULL, digits[BASE64_SIZE(32)];
	int len = asprintf(&content, "%s.%lld.%s", c->id, (long long)timestamp_s, c->body);
	size_t at = 0;

	CHECK(len > 0);
	text[0] = '\0';
	for (uint32_t i = 0; i < c->secrets; i++) {
		struct sha256 mac =
			hmac_sha256(c->secret[i], HOOK_SECRET_SIZE, content, (uint32_t)len);

		base64_encode(mac.byte, sizeof(mac.byte), digits);
		at += (size_t)snprintf(text + at, HOOK_SIGNATURE_SIZE - at, "%sv1,%s",
				       i > 0 ? " " : "", digits);
	}
	free(content);
}
