/*
 * nfc.c: what phones and cards show on a reader -> the core. device/nfc.c has a thread for each
 * reader, so that who holds a phone to one door's for as long as he likes holds up nobody at
 * another.
 *
 * A phone is given the door's challenge as soon as it is near. It is the same for whoever comes
 * next, until a token has used it or it is half a minute old: else somebody who taps again and
 *again without a token would push the codes off the door's screen. At a till there is none: its
 *answer is held against the clock, like a code of the till's scanner.
 *
 *~ door 1, by NFC: device/nfc.c brings a token, or what a card holds; door 3 follows.
 */
#include "shopd/nfc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "device/nfc.h"
#include "shopd/challenge.h"
#include "shopd/till.h"

#define PLACES_MAX (DOORS_MAX + TILLS_MAX)
#define SAID_MS	   10000 /* a line of the log about what was no token, so often at most */

/** A reader at a door or a till. */
struct nfc_place {
	struct nfc *nfc;
	struct watch *watch;
	uint8_t reader;
	uint8_t voice; /* the reader that has lights or a beep: a till's is its scanner */
	bool known;    /* how it stands */
	bool there, stuck, twin;
	enum nfc_trouble trouble;
	char name[NFC_NAME_MAX + 1]; /* of the reader that is there */
	struct challenge challenge;
	uint32_t tap;	       /* that waits for its verdict; 0: none */
	struct visit_id visit; /* … which is yes, at a till, once that is on disk */
	struct mono said;
};

struct nfc_side {
	uint32_t places;
	struct nfc_place place[PLACES_MAX];
	struct timer *timer;
};

static const struct reader_config *config_of(const struct shopd *sd, const struct nfc_place *p)
{
	return &sd->shop.config.reader[p->reader];
}

/* --- whether it is there */

/* Two places whose names mean one reader: neither may have it. */
static bool has_twin(const struct nfc_side *side, const struct nfc_place *p)
{
	for (uint32_t i = 0; i < side->places && p->there; i++)
		if (&side->place[i] != p && side->place[i].there &&
		    strcmp(side->place[i].name, p->name) == 0)
			return true;
	return false;
}

static void tell(struct shopd *sd, struct nfc_place *p)
{
	const char *place = config_of(sd, p)->place.name;
	bool lost = !p->there || p->stuck || p->twin;

	if (p->stuck)
		journal_line(sd, "%s: the NFC reader does not answer", place);
	else if (p->twin)
		journal_line(sd,
			     "%s: the NFC reader %s is another place's too: write more of "
			     "both names",
			     place, p->name);
	else if (p->there)
		journal_line(sd, "%s: NFC reader %s", place, p->name);
	else
		journal_line(sd, "%s: no NFC reader: %s", place, nfc_trouble_words(p->trouble));
	readers_tell(sd, p->reader, lost);
}

static void look_at_twins(struct shopd *sd)
{
	struct nfc_side *side = sd->nfc;

	for (uint32_t i = 0; i < side->places; i++) {
		struct nfc_place *p = &side->place[i];

		if (p->twin == has_twin(side, p))
			continue;
		p->twin = !p->twin;
		tell(sd, p);
	}
}

static void stands(struct shopd *sd, struct nfc_place *p, const struct nfc_state *s)
{
	bool known = s->there || s->trouble != NFC_FINE;
	bool news = !p->known || p->there != s->there || p->trouble != s->trouble ||
		    strcmp(p->name, s->name) != 0;

	if (!known || !news)
		return;
	p->known = true;
	p->there = s->there;
	p->trouble = s->trouble;
	memcpy(p->name, s->name, sizeof(p->name));
	p->twin = has_twin(sd->nfc, p);
	tell(sd, p);
	look_at_twins(sd);
}

/* A card that keeps its reader busy, a pcscd that hangs: nobody else says so. */
static void on_timer(void *data)
{
	struct shopd *sd = data;

	for (uint32_t i = 0; i < sd->nfc->places; i++) {
		struct nfc_place *p = &sd->nfc->place[i];

		if (nfc_stuck(p->nfc, loop_mono()) == p->stuck)
			continue;
		p->stuck = !p->stuck;
		tell(sd, p);
	}
	timer_arm(sd->nfc->timer, mono_add(loop_mono(), NFC_WAIT_MS));
}

/* --- what is shown */

static void give_challenge(struct shopd *sd, struct nfc_place *p)
{
	const struct reader_config *r = config_of(sd, p);
	uint8_t bytes[NFC_CHALLENGE_MAX];
	char audience[AUDIENCE_MAX + 1];
	const char *purpose = r->till ? "till" : r->place.name;
	const uint8_t *nonce = NULL;
	uint32_t len;

	if (!r->till) {
		(void)challenge_renew(sd, r->door, &p->challenge);
		nonce = p->challenge.nonce;
	}
	snprintf(audience, sizeof(audience), "%s/%s", sd->config.shop, purpose);
	len = nfc_challenge_bytes(audience, nonce, bytes);
	nfc_challenge(p->nfc, (struct span){bytes, len});
}

static void answer(struct nfc_place *p, enum verdict verdict, uint32_t unlock_ms)
{
	nfc_verdict(p->nfc, p->tap, verdict_word(verdict), unlock_ms);
	p->tap = 0;
}

static void show(struct shopd *sd, struct nfc_place *p, const struct nfc_tap *tap)
{
	bool till = config_of(sd, p)->till;
	struct span bytes = {tap->bytes, tap->len};
	struct event e;

	if (till && !keep_room(sd)) {
		till_no_room(sd, p->voice, true);
		answer(p, VERDICT_LEDGER_UNAVAILABLE, 0);
		return;
	}
	e = shopd_event(sd, till ? EVENT_TILL_TOKEN : EVENT_DOOR_TOKEN);
	if (tap->shown == NFC_SHOWN_CARD)
		proof_of_card(sd, bytes, &e.token.token);
	else
		proof_of(sd, bytes, NULL, &e.token.token);
	e.token.reader = p->reader;
	e.token.price_version = sd->articles->version;
	shopd_step(sd, &e);
}

static void refuse(struct shopd *sd, const struct nfc_place *p)
{
	struct event e = shopd_event(sd, EVENT_FRAME_REFUSED);

	e.frame_refused.reader = p->reader;
	shopd_step(sd, &e);
}

/* A phone that is locked, or knows another shop, tells its person itself: no row, a light. */
static void turn_away(struct shopd *sd, struct nfc_place *p, uint16_t status)
{
	readers_light(sd, p->voice, false);
	if (!mono_due(loop_mono(), p->said))
		return;
	p->said = mono_add(loop_mono(), SAID_MS);
	journal_line(sd, "%s: a phone gave no token (%04x)", config_of(sd, p)->place.name, status);
}

static void on_tap(struct shopd *sd, struct nfc_place *p, const struct nfc_tap *tap)
{
	p->tap = tap->number;
	p->visit = (struct visit_id){0};
	switch (tap->shown) {
	case NFC_SHOWN_NOTHING:
		break; /* taken away too early: whoever it is tries again */
	case NFC_SHOWN_TOKEN:
	case NFC_SHOWN_CARD:
		show(sd, p, tap);
		break;
	case NFC_SHOWN_ASIDE:
		turn_away(sd, p, tap->status);
		break;
	case NFC_SHOWN_STRANGE:
		refuse(sd, p);
		break;
	}
}

static void on_nfc(void *data, int fd, uint32_t events)
{
	struct shopd *sd = data;
	struct nfc_place *p = sd->nfc->place;
	struct nfc_state state;
	struct nfc_tap tap;

	(void)events;
	while (nfc_fd(p->nfc) != fd) {
		p++;
		CHECK(p < sd->nfc->place + sd->nfc->places);
	}
	nfc_look(p->nfc, &state);
	stands(sd, p, &state);
	if (p->twin)
		return;
	if (state.challenge)
		give_challenge(sd, p);
	if (nfc_take(p->nfc, &tap))
		on_tap(sd, p, &tap);
}

/* --- what became of it */

void nfc_verdict_is(struct shopd *sd, const struct effect_verdict *v)
{
	for (uint32_t i = 0; sd->nfc && i < sd->nfc->places; i++) {
		struct nfc_place *p = &sd->nfc->place[i];

		if (p->reader != v->reader || p->tap == 0)
			continue;
		if (config_of(sd, p)->till && v->verdict == VERDICT_ADMITTED)
			p->visit = v->visit;
		else
			answer(p, v->verdict, v->unlock_ms);
	}
}

void nfc_beep(struct shopd *sd, const struct effect_beep *beep)
{
	for (uint32_t i = 0; sd->nfc && i < sd->nfc->places && beep->yes; i++) {
		struct nfc_place *p = &sd->nfc->place[i];

		if (p->tap != 0 && p->visit.n != 0 && p->visit.n == beep->visit.n)
			answer(p, VERDICT_ADMITTED, 0);
	}
}

/* --- start and end */

static int place_start(struct shopd *sd, uint8_t reader, uint8_t voice, const char *part)
{
	struct nfc_side *side = sd->nfc;
	struct nfc_place *p = &side->place[side->places];
	int r = nfc_open(part, &p->nfc);

	if (r < 0)
		return r;
	side->places++;
	p->reader = reader;
	p->voice = voice;
	p->said = loop_mono();
	return watch_add(sd->loop, nfc_fd(p->nfc), EPOLLIN, WATCH_DOOR, on_nfc, sd, &p->watch);
}

/* config_shop() put them after all other readers, doors' first. */
static int places_start(struct shopd *sd)
{
	const struct config *c = &sd->config;
	uint8_t reader = (uint8_t)(2 * c->doors + c->tills + 1);
	int r = 0;

	for (uint32_t i = 0; i < c->doors && r == 0; i++) {
		if (!c->door[i].nfc[0])
			continue;
		r = place_start(sd, reader, reader, c->door[i].nfc);
		reader++;
	}
	for (uint32_t i = 0; i < c->tills && r == 0; i++) {
		if (!c->till[i].nfc[0])
			continue;
		r = place_start(sd, reader, (uint8_t)(2 * c->doors + i), c->till[i].nfc);
		reader++;
	}
	return r;
}

static bool any_place(const struct shop_config *c)
{
	for (uint32_t i = 0; i < c->readers; i++)
		if (c->reader[i].road == ROAD_NFC)
			return true;
	return false;
}

int nfc_start(struct shopd *sd)
{
	int r;

	if (!any_place(&sd->shop.config))
		return 0;
	sd->nfc = calloc(1, sizeof(*sd->nfc));
	if (!sd->nfc)
		return -ENOMEM;
	r = timer_add(sd->loop, WATCH_NORMAL, 1000, on_timer, sd, &sd->nfc->timer);
	if (r < 0)
		return r;
	timer_arm(sd->nfc->timer, mono_add(loop_mono(), NFC_WAIT_MS));
	return places_start(sd);
}

void nfc_end(struct shopd *sd)
{
	struct nfc_side *side = sd->nfc;

	if (!side)
		return;
	for (uint32_t i = 0; i < side->places; i++)
		nfc_stop(side->place[i].nfc);
	for (uint32_t i = 0; i < side->places; i++) {
		watch_free(side->place[i].watch);
		nfc_close(side->place[i].nfc);
	}
	timer_free(side->timer);
	free(side);
	sd->nfc = NULL;
}
