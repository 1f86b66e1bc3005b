/*
 * staff.c: who asks through counterd (staff.h). counterd is not believed: each request of the
 * owner's or of staff bears a token, and what is written down of who asked is what it proves.
 */
#include "shopd/staff.h"

#include <stdio.h>

#include "crypto/es256.h"

enum staff_is staff_prove(struct shopd *sd, struct span token, struct staff *ret)
{
	struct event e = shopd_event(sd, EVENT_SESSION_TOKEN);
	const struct effect_verdict *v = NULL;
	char customer[9];

	*ret = (struct staff){.verdict = VERDICT_ADMITTED};
	e.token.reader = readers_phone(sd, NULL);
	e.token.price_version = sd->articles->version;
	proof_of(sd, token, NULL, &e.token.token);
	shopd_step(sd, &e);
	for (uint32_t i = 0; i < sd->effects.nows && !v; i++)
		if (sd->effects.now[i].kind == EFFECT_VERDICT)
			v = &sd->effects.now[i].verdict;
	if (!v) /* the clock's own row came after it: rare, and the same token anew will do */
		return STAFF_AGAIN;
	ret->verdict = v->verdict;
	if (v->verdict != VERDICT_ADMITTED)
		return STAFF_REFUSED;
	ret->other = v->role != ROLE_OWNER && v->role != ROLE_STAFF;
	if (ret->other)
		return STAFF_REFUSED;
	ret->role = v->role;
	hex_text(v->customer.byte, 4, customer);
	if (customer_is(v->customer, (struct customer){{0}}))
		snprintf(ret->by, sizeof(ret->by), "office"); /* signed by its key: nobody's here */
	else
		snprintf(ret->by, sizeof(ret->by), "%s-%s", role_word(v->role), customer);
	return STAFF_PROVEN;
}
