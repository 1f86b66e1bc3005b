/* box_time.c: the time, signed over a nonce that the shop drew: nobody can answer it with an older
 * answer (contracts 1, clock). And our keys, as the root has signed them, for a shop that was away
 * while they were changed: it cannot verify what we sign, but it can verify that. */
#include "officed/box.h"

#include <string.h>

#include "officed/feed.h"

int box_time(struct office *o, const struct ask *a, struct reply *r)
{
	const char *text = ask_query(a, "nonce");
	struct sync_time t = {.at = a->now};
	uint8_t payload[64];
	struct builder b = builder_of(payload, sizeof(payload));

	if (text == NULL || !hex_parse(text, (uint32_t)strlen(text), t.nonce, sizeof(t.nonce))) {
		reply_problem(r, 400, "malformed", "The query needs nonce=, 32 hex digits.");
		return 0;
	}
	sync_time_put(&b, &t);
	reply_signed(o, &b, r);
	return 0;
}

int box_keys(struct office *o, const struct ask *a, struct reply *r)
{
	int error = feed_key_set(o, a->now, false);

	if (error == 0)
		reply_bytes(r, 200, "application/cose", o->keys->statement, o->keys->statement_len);
	return error;
}
