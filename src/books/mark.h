/*
 * mark.h: starts and clock entries as marks between which the days of lines are put right
 * (contracts 4): one rule, for the shop's tables and for the office's.
 */
#ifndef SHOP_BOOKS_MARK_H
#define SHOP_BOOKS_MARK_H

#include "wire/entry.h"

/** A start or a clock entry: what both clocks said. kind 0: one that could not be read. */
struct mark {
	uint64_t seq;
	bool trusted;
	enum entry_kind kind;
	uint8_t boot_id[BOOT_ID_SIZE];
	struct mono mono;
	struct wall at;
	struct wall before; /* of a clock entry */
	int64_t offset_ms;
};

/** mark_of - of an ENTRY_START or ENTRY_CLOCK with its `at`. */
struct mark mark_of(uint64_t seq, const struct entry *e);

/** mark_same_boot - whether both are of one boot: only then the one clock tells of the other. */
bool mark_same_boot(const struct mark *a, const struct mark *b);

/** mark_step - how far the wall clock was moved at `now`, over what ran on by itself since
 * `before`: a clock entry says so; between two starts of one boot the clock that does not step
 * tells it. 0 for what does not fit 64 bits. */
int64_t mark_step(const struct mark *before, const struct mark *now);

/** mark_bought - the day on which a line of `line_at` was bought, as found out at `trusted`, and
 * never after that day. `known`: `shift_ms` is what the clock was moved by since; else only that
 * day is known. */
struct day mark_bought(const struct mark *trusted, struct wall line_at, bool known,
		       int64_t shift_ms);

#endif
