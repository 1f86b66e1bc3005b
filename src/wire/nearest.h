/*
 * nearest.h: which of the words that a program knows somebody may have meant. For messages only:
 * nothing is ever done on a guess.
 */
#ifndef SHOP_WIRE_NEAREST_H
#define SHOP_WIRE_NEAREST_H

#include "base/span.h"

/** A search: start it, show it every word, look. */
struct nearest {
	struct span wanted;
	const char *word; /* the nearest so far; NULL: none is near */
	uint32_t edits;	  /* what `word` is away; before that, the first distance that is too far */
};

/** nearest_to - a search for what `wanted` may have meant: at most 3 edits away, and no more than
 * half its letters. */
struct nearest nearest_to(struct span wanted);

/** nearest_consider - one word that is known; the first of equally near ones stays. */
void nearest_consider(struct nearest *n, const char *word);

/** The end of a message: "; did you mean 'unlock_ms'?", or nothing. */
struct hint {
	char text[72];
};

/** nearest_hint - `open` and `close` stand around the word. */
struct hint nearest_hint(const struct nearest *n, const char *open, const char *close);

#endif
