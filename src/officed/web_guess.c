/*
 * web_guess.c: wrong codes. A claim code has 80 random bits and an invitation 60: nobody finds one
 * by trying. But whoever tries for a night, or goes on with one that he has misread, is to be slow
 * and seen, not to keep the database busy: of claim codes GUESSES_SHOP may be wrong a minute for
 * each shop; of invitations, where a wrong one names no shop, GUESSES_ASKER from one address, so
 * that nobody keeps all others out, and GUESSES_ALL in all.
 *
 * Codes that are mailed are asked for by anybody: MAILS_ASKER a minute from one address, MAILS_ALL
 * in all. These are counted whatever comes of them: it would tell whose address is known.
 *
 * Each try of a code is counted when it begins and given back when its code was not the fault: many
 * at once are no more than many in turn. A shop that the fleet does not know has no code to find.
 *
 * The address is what our own proxy says it saw. Of IPv6 it is the network, for whoever has one
 * address there has them all.
 */
#include <arpa/inet.h>
#include <string.h>

#include "crypto/es256.h"
#include "officed/web_inside.h"

enum {
	GUESSES_SHOP = 10,
	GUESSES_ASKER = 20, /* all phones of a shop may come from one address */
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

/* ---- who asks ---- */

#define NETWORK_BYTES 8 /* of an IPv6 address: /64 */

/** What of an address says whose it is. */
static struct sha256 address_hash(const char *from)
{
	struct in6_addr v6;

	if (inet_pton(AF_INET6, from, &v6) == 1 && !IN6_IS_ADDR_V4MAPPED(&v6))
		return sha256(&v6, NETWORK_BYTES);
	return sha256(from, (uint32_t)strlen(from));
}

/** Where it comes from: what the proxy says last, which is what it saw itself. */
static uint64_t asker_mark(const struct asked *a)
{
	const char *from = a->http != NULL ? a->http->header[HTTP_FORWARDED_FOR] : NULL;
	const char *comma = from != NULL ? strrchr(from, ',') : NULL;
	struct sha256 hash;
	uint64_t mark;

	from = comma != NULL ? comma + 1 + strspn(comma + 1, " ") : from != NULL ? from : "";
	hash = address_hash(from);
	memcpy(&mark, hash.byte, sizeof(mark));
	return mark | 1;
}

static struct asker *asker_there(struct web *w, uint64_t mark)
{
	for (uint32_t i = 0; i < ASKERS_MAX; i++)
		if (w->asker[i].mark == mark)
			return &w->asker[i];
	return NULL;
}

static int64_t asker_end(const struct asker *k)
{
	return k->mails.until.ms > k->codes.until.ms ? k->mails.until.ms : k->codes.until.ms;
}

/** The place of an asker; the one whose minute ends first makes room. */
static struct asker *asker_of(struct web *w, uint64_t mark)
{
	struct asker *there = asker_there(w, mark), *room = &w->asker[0];

	if (there != NULL)
		return there;
	for (uint32_t i = 1; i < ASKERS_MAX; i++)
		if (asker_end(&w->asker[i]) < asker_end(room))
			room = &w->asker[i];
	*room = (struct asker){.mark = mark};
	return room;
}

static uint32_t mail_guess(struct asked *a, struct mono now)
{
	uint32_t wait_s = try(&asker_of(a->web, asker_mark(a))->mails, MAILS_ASKER, now);

	return wait_s > 0 ? wait_s : try(&a->web->mails, MAILS_ALL, now);
}

/* ---- codes ---- */

static void take_back(struct guesses *g)
{
	if (g->tries > 0)
		g->tries--;
}

uint32_t web_guess(struct asked *a)
{
	struct mono now = loop_mono();
	struct guesses *g, *asker = NULL;
	uint32_t most = 0, wait_s;

	if (strcmp(a->route->path, "/v1/recover") == 0)
		return mail_guess(a, now);
	g = guesses_of(a, &most);
	if (g == NULL)
		return 0;
	if (g == &a->web->guesses) {
		a->asker = asker_mark(a);
		asker = &asker_of(a->web, a->asker)->codes;
		wait_s = try(asker, GUESSES_ASKER, now);
		if (wait_s > 0)
			return wait_s;
	}
	wait_s = try(g, most, now);
	if (wait_s == 0)
		a->guesses = g;
	else if (asker != NULL)
		take_back(asker);
	return wait_s;
}

void web_guessed(struct asked *a)
{
	struct asker *asker = a->asker != 0 ? asker_there(a->web, a->asker) : NULL;

	if (a->guesses != NULL && a->reply.status != 403) {
		take_back(a->guesses);
		if (asker != NULL)
			take_back(&asker->codes);
	}
	a->guesses = NULL;
}
