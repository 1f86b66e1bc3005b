/*
 * proof_card.c: what can be proven of a card's bytes: who it is, that it has this shop's key, and
 * whose it is. With it what only this file knows: the shop's card key, read once from a file of its
 * own, and where the counter of every card stands.
 *
 * The counters come from the ledger at each start, and go up here with the admission's row, before
 * it is on disk: the same reading at two doors at once opens one of them. They never go down, not
 * even with a row that a full disk has lost. A card's own number stays on this stack.
 */
#include "shopd/shopd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/es256.h"
#include "crypto/sun.h"
#include "token/ndef.h"

#define CARDS_ROOM 64 /* cards whose first time it is between two growths, at first */

struct cards {
	bool known; /* there is a key */
	uint8_t shop_key[SUN_KEY_SIZE], meta_key[SUN_KEY_SIZE];
	uint32_t count, size;
	struct card_used *used; /* ascending by kid */
};

/* --- where the counters stand */

/* The first that is not before `kid`. */
static uint32_t place_of(const struct cards *c, struct kid kid)
{
	uint32_t low = 0, high = c->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (memcmp(c->used[middle].kid.byte, kid.byte, sizeof(kid.byte)) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_at(const struct cards *c, uint32_t at, struct kid kid)
{
	return at < c->count && memcmp(c->used[at].kid.byte, kid.byte, sizeof(kid.byte)) == 0;
}

static void grow(struct cards *c, uint32_t size)
{
	if (size <= c->size)
		return;
	c->size = size < 2 * c->size ? 2 * c->size : size;
	c->used = realloc(c->used, c->size * sizeof(*c->used));
	CHECK(c->used);
}

static void raise_counter(struct cards *c, struct kid kid, uint32_t counter)
{
	uint32_t at = place_of(c, kid);

	if (is_at(c, at, kid)) {
		if (c->used[at].counter < counter)
			c->used[at].counter = counter;
		return;
	}
	grow(c, c->count + 1);
	memmove(&c->used[at + 1], &c->used[at], (c->count - at) * sizeof(*c->used));
	c->used[at] = (struct card_used){kid, counter};
	c->count++;
}

void cards_recall(struct shopd *sd, const struct recall *recall)
{
	struct cards *c = sd->cards;

	grow(c, recall->cards + CARDS_ROOM);
	for (uint32_t i = 0; i < recall->cards; i++)
		raise_counter(c, recall->card[i].kid, recall->card[i].counter);
}

void cards_record(struct shopd *sd, const struct entry_admitted *a)
{
	if (a->card_counter > 0)
		raise_counter(sd->cards, a->kid, a->card_counter);
}

/* --- the shop's key */

/* 32 hex digits and perhaps the end of their line; nobody but its owner and group may read it. */
static const char *read_key(const char *path, uint8_t key[SUN_KEY_SIZE])
{
	char text[2 * SUN_KEY_SIZE + 2];
	const char *why = NULL;
	struct stat st;
	ssize_t got;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) < 0)
		why = strerror(errno);
	else if (!S_ISREG(st.st_mode) || (st.st_mode & (S_IRWXO | S_IWGRP)) != 0)
		why = "others may read it: chmod 0640, or make a new one";
	if (!why) {
		got = read(fd, text, sizeof(text));
		if (got == 2 * SUN_KEY_SIZE + 1 && text[2 * SUN_KEY_SIZE] == '\n')
			got--;
		if (got != 2 * SUN_KEY_SIZE ||
		    !hex_parse(text, 2 * SUN_KEY_SIZE, key, SUN_KEY_SIZE))
			why = "it is not 32 hex digits, as `shopctl card key` writes them";
		explicit_bzero(text, sizeof(text));
	}
	if (fd >= 0)
		close(fd);
	return why;
}

int cards_start(struct shopd *sd)
{
	struct cards *c = calloc(1, sizeof(*c));
	const char *path = sd->config.card_key, *why;

	if (!c)
		return -ENOMEM;
	sd->cards = c;
	if (!path[0])
		return 0;
	why = read_key(path, c->shop_key);
	if (why) {
		journal_line(sd, "card_key %s: %s: no card opens anything", path, why);
		return 0;
	}
	c->known = true;
	sun_meta_key(c->shop_key, c->meta_key);
	return 0;
}

void cards_stop(struct shopd *sd)
{
	struct cards *c = sd->cards;

	if (!c)
		return;
	free(c->used);
	explicit_bzero(c, sizeof(*c));
	free(c);
	sd->cards = NULL;
}

/* --- a card at a reader */

/* Which card it is, if it is one of this shop's at all. */
static enum proof prove_card(const struct cards *c, const struct card_said *said,
			     struct token_shown *shown)
{
	uint8_t key[SUN_KEY_SIZE];
	struct sun_tap tap;
	bool good;

	if (!c->known || !sun_open(c->meta_key, said->picc, &tap))
		return PROOF_UNKNOWN_KEY;
	sun_file_key(c->shop_key, &tap.uid, key);
	good = sun_mac_good(key, &tap, said->mac);
	explicit_bzero(key, sizeof(key));
	if (good) {
		shown->kid = sun_kid(c->shop_key, &tap.uid);
		shown->card_counter = tap.counter;
	}
	explicit_bzero(&tap, sizeof(tap));
	return good ? PROOF_GOOD : PROOF_BAD_SIGNATURE;
}

void proof_of_card(struct shopd *sd, struct span ndef, struct token_shown *ret)
{
	const struct cards *c = sd->cards;
	const struct card_row *card;
	struct card_said said;
	uint32_t at;

	memset(ret, 0, sizeof(*ret));
	ret->card = true;
	ret->bytes = sha256(ndef.data, ndef.len);
	if (!ndef_card(ndef, &said))
		return; /* PROOF_MALFORMED */
	ret->proof = prove_card(c, &said, ret);
	if (ret->proof != PROOF_GOOD)
		return;
	at = place_of(c, ret->kid);
	if (is_at(c, at, ret->kid))
		ret->card_last = c->used[at].counter;
	card = roster_card(sd->roster, ret->kid);
	if (!card)
		return; /* of this shop, and no member's: an unknown key to the core */
	ret->member_known = true;
	ret->member = accounts_member(sd, sd->roster->member[card->member].customer);
}
