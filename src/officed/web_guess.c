/*
 * web_guess.c: wrong codes. A claim code has 80 random bits and an invitation 60: nobody finds one
 * by trying. But whoever tries for a night, or goes on with one that he has misread, is to be slow
 * and seen, not to keep the database busy: of claim codes GUESSES_SHOP may be wrong a minute for
 * each shop; of invitations GUESSES_ALL in all, for a wrong one names no shop, and so few for
 * everybody would let one person keep all others out.
 *
 * Each try is counted when it begins and given back when its code was not the fault: many at once
 * are no more than many in turn. A shop that the fleet does not know has no code to find.
 */
#include <string.h>

#include "officed/web_inside.h"

enum {
	GUESSES_SHOP = 10,
	GUESSES_ALL = 120,
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

	if (strcmp(a->route->path, "/v1/register") == 0) {
		*ret_most = GUESSES_ALL;
		return &a->web->guesses;
	}
	if (!is_enrolment(a))
		return NULL;
	*ret_most = GUESSES_SHOP;
	shop = fleet_find(a->web->fleet, a->ask.param[0]);
	return shop != NULL ? &shop->guesses : NULL;
}

uint32_t web_guess(struct asked *a)
{
	struct mono now = loop_mono();
	uint32_t most = 0;
	struct guesses *g = guesses_of(a, &most);

	if (g == NULL)
		return 0;
	if (mono_due(now, g->until))
		*g = (struct guesses){.until = mono_add(now, WINDOW_MS)};
	if (g->tries >= most)
		return (uint32_t)((g->until.ms - now.ms + 999) / 1000);
	g->tries++;
	a->guesses = g;
	return 0;
}

void web_guessed(struct asked *a)
{
	if (a->guesses != NULL && a->reply.status != 403 && a->guesses->tries > 0)
		a->guesses->tries--;
	a->guesses = NULL;
}
