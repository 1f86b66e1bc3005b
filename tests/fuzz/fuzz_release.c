/* fuzz_release.c: a manifest from any web server, and a file of keys; what is read is written the
 * same. */
#include <string.h>

#include "wire/first_code.h"
#include "wire/release.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = {data, size > UINT32_MAX ? UINT32_MAX : (uint32_t)size};
	struct public_key key[RELEASE_KEYS_MAX];
	char again[RELEASE_TEXT_MAX], typed[FIRST_CODE_MAX + 1];
	uint8_t code[FIRST_CODE_SIZE];
	struct release r;

	if (release_parse(text, &r)) {
		struct builder b = builder_of(again, sizeof(again));

		release_put(&b, &r);
		CHECK(!b.failed && b.len == r.signed_len && memcmp(again, data, b.len) == 0);
		CHECK(!release_newer(r.version, r.version));
	}
	CHECK(release_keys(text, key) <= RELEASE_KEYS_MAX);
	if (size <= FIRST_CODE_MAX) {
		memcpy(typed, data, size);
		typed[size] = '\0';
		if (first_code_parse(typed, code)) {
			char shown[FIRST_CODE_TEXT + 1];
			uint8_t back[FIRST_CODE_SIZE];

			first_code_text(code, shown);
			CHECK(first_code_parse(shown, back) &&
			      memcmp(code, back, sizeof(code)) == 0);
		}
	}
	return 0;
}
