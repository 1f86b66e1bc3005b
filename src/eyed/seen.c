/*
 * seen.c: eight codes and when each was last in a picture. The silence counts from there and not
 * from when it was told: a phone that is held still for a minute is one request, not sixty.
 */
#include "eyed/seen.h"

#include <string.h>

#include "base/check.h"

bool seen_new(struct seen *s, const struct code *code, struct mono now)
{
	uint32_t at = 0;

	CHECK(code->len > 0 && code->len <= CODE_SIZE_MAX);
	for (uint32_t i = 0; i < SEEN_MAX; i++) {
		const struct code *old = &s->row[i].code;

		if (old->len == code->len && memcmp(old->bytes, code->bytes, code->len) == 0) {
			bool again = mono_due(now, mono_add(s->row[i].last, SEEN_SILENCE_MS));

			s->row[i].last = now;
			return again;
		}
		if (s->row[i].last.ms < s->row[at].last.ms)
			at = i;
	}
	s->row[at].code = *code;
	s->row[at].last = now;
	return true;
}
