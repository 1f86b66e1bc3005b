/*
 * web_guess.c: wrong codes. A claim code has 80 random bits and an invitation 60: nobody finds one
 * by trying. But whoever tries for a night, or goes on with one that he has misread, is to be slow
 * and seen, not to keep the database busy: of claim codes GUESSES_SHOP may be wrong a minute for
 * each shop; of invitations GUESSES_ALL in all, for a wrong one names no shop, and so few for
 * everybody would let one person keep all others out.
 *
 * Codes that are mailed are asked for by anybody: MAILS_ASKER a minute from one address, MAILS_ALL
 * in all. These are counted whatever comes of them: it would tell whose address is known.
 *
 * Each try of a code is counted when it begins and given back when its code was not the fault: many
 * at once are no more than many in turn. A shop that the fleet does not know has no code to find.
 */
#include <string.h>

#include "crypto/es256.h"
#include "officed/web_inside.h"

enum {
	GUESSES_SHOP = 10,
	GUESSES_ALL = 120,
	MAILS_ASKER = 5,
	MAILS_ALL = 60,
	WINDOW_MS = 60000,
};

static bool is_enrolment(const struct asked *a)
{
	return a->route->purpose != NULL && strcmp(a->route->purpose, "enrol") == 0;
}

/** Where the tries of such a request are counted; NULL: they are not. */
static struct guesses *guesses_of(const struct asked *a, uint32_t *ret_most)
{
	struct shop_now *shop;

	if (strcmp(a->route->path, "/v1/register") == 0 ||
	    strcmp(a->route->path, "/v1/operators/enrol") == 0) {
		*ret_most = GUESSES_ALL;
		return &a->web->guesses;
	}
	if (!is_enrolment(a))
		return NULL;
	*ret_most = GUESSES_SHOP;
	shop = fleet_find(a->web->fleet, a->ask.param[0]);
	return shop != NULL ? &shop->guesses : NULL;
}

/** One more of at most so many: 0, or how many seconds there is no other. */
static uint32_t try(struct guesses *g, uint32_t most, struct mono now)
{
	if (mono_due(now, g->until))
		*g = (struct guesses){.until = mono_add(now, WINDOW_MS)};
	if (g->tries >= most)
		return (uint32_t)((g->until.ms - now.ms + 999) / 1000);
	g->tries++;
	return 0;
}

/* ---- mails ---- */

/** Where it comes from: what the proxy says last, which is what it saw itself. */
static uint64_t asker_mark(const struct asked *a)
{
	const char *from = a->http != NULL ? a->http->header[HTTP_FORWARDED] : NULL;
	const char *comma = from != NULL ? strrchr(from, ',') : NULL;
	struct sha256 hash;
	uint64_t mark;

	from = comma != NULL ? comma + 1 + strspn(comma + 1, " ") : from != NULL ? from : "";
	hash = sha256(from, (uint32_t)strlen(from));
	memcpy(&mark, hash.byte, sizeof(mark));
	return mark | 1;
}

/** The place of an asker; the one whose minute ends first makes room. */
static struct asker *asker_of(struct web *w, uint64_t mark)
{
	struct asker *room = &w->asker[0];

	for (uint32_t i = 0; i < ASKERS_MAX; i++) {
		struct asker *at = &w->asker[i];

		if (at->mark == mark)
			return at;
		if (at->mails.until.ms < room->mails.until.ms)
			room = at;
	}
	*room = (struct asker){.mark = mark};
	return room;
}

static uint32_t mail_guess(struct asked *a, struct mono now)
{
	uint32_t wait_s = try(&asker_of(a->web, asker_mark(a))->mails, MAILS_ASKER, now);

	return wait_s > 0 ? wait_s : try(&a->web->mails, MAILS_ALL, now);
}

uint32_t web_guess(struct asked *a)
{
	struct mono now = loop_mono();
	uint32_t most = 0, wait_s;
	struct guesses *g = guesses_of(a, &most);

	if (strcmp(a->route->path, "/v1/recover") == 0)
		return mail_guess(a, now);
	if (g == NULL)
		return 0;
	wait_s = try(g, most, now);
	if (wait_s == 0)
		a->guesses = g;
	return wait_s;
}

void web_guessed(struct asked *a)
{
	if (a->guesses != NULL && a->reply.status != 403 && a->guesses->tries > 0)
		a->guesses->tries--;
	a->guesses = NULL;
}
