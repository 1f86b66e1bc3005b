/*
 * nearest.c: the distance between two words, counted in slips of the typing hand: a letter too
 * many, one too few, a wrong one, two swapped (optimal string alignment). Words longer than any
 * that we know are never near.
 */
#include "wire/nearest.h"

#include <stdio.h>
#include <string.h>

enum {
	COMPARED_MAX = 40, /* longer than any word that a table holds */
	NEAR_EDITS = 3,	   /* a word further away is no misspelling of it */
};

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/** Letters to insert, drop, change or swap with their neighbour until `a` is `b`; COMPARED_MAX when
 * either is too long to be compared. */
static uint32_t edits_between(struct span a, const char *b)
{
	uint32_t row[3][COMPARED_MAX + 1];
	uint32_t len = (uint32_t)strlen(b);

	if (a.len > COMPARED_MAX || len > COMPARED_MAX)
		return COMPARED_MAX;
	for (uint32_t j = 0; j <= len; j++)
		row[0][j] = j;
	for (uint32_t i = 1; i <= a.len; i++) {
		uint32_t *now = row[i % 3], *before = row[(i - 1) % 3];

		now[0] = i;
		for (uint32_t j = 1; j <= len; j++) {
			uint32_t change = before[j - 1] + (a.data[i - 1] != (uint8_t)b[j - 1]);

			now[j] = least(change, least(before[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && a.data[i - 1] == (uint8_t)b[j - 2] &&
			    a.data[i - 2] == (uint8_t)b[j - 1])
				now[j] = least(now[j], row[(i - 2) % 3][j - 2] + 1);
		}
	}
	return row[a.len % 3][len];
}

struct nearest nearest_to(struct span wanted)
{
	uint32_t near = least(NEAR_EDITS, wanted.len / 2);

	return (struct nearest){.wanted = wanted, .edits = (near > 0 ? near : 1) + 1};
}

void nearest_consider(struct nearest *n, const char *word)
{
	uint32_t edits = edits_between(n->wanted, word);

	if (edits < n->edits) {
		n->edits = edits;
		n->word = word;
	}
}

struct hint nearest_hint(const struct nearest *n, const char *open, const char *close)
{
	struct hint h = {{0}};

	if (n->word != NULL)
		snprintf(h.text, sizeof(h.text), "; did you mean %s%s%s?", open, n->word, close);
	return h;
}
