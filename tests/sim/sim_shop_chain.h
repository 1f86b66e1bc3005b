/*
 * sim_shop_chain.h: what the entries say, added up by somebody who has only the file, the contract
 * (contracts 4), SQLite and SHA-256. Shares no code with core, ledger and wire.
 */
#ifndef SHOP_TESTS_SIM_SHOP_CHAIN_H
#define SHOP_TESTS_SIM_SHOP_CHAIN_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#define CHAIN_VISITS 2048
#define CHAIN_LINES  4096
#define CHAIN_TOKENS 2048
#define CHAIN_ALARMS 512
#define CHAIN_KEY    65

struct chain_line {
	int64_t seq, visit, gtin, quantity, unit, total, list;
	char key[CHAIN_KEY];
	uint8_t customer[16];
	bool late, voided;
};

struct chain_visit {
	int64_t id, list, lines, lines_ever, total, bearers;
	uint8_t customer[16];
	bool opened, over;
};

struct chain_token {
	uint8_t kid[8], cti[16];
	uint32_t cti_len;
};

struct chain_alarm {
	int64_t id, code, condition, state;
	bool over;
};

struct chain {
	int64_t entries, starts, stops, last_visit;
	uint8_t head[32];
	bool running; /* the last of start and stop is a start */
	uint32_t visits, lines, tokens, alarms;
	struct chain_visit visit[CHAIN_VISITS];
	struct chain_line line[CHAIN_LINES];
	struct chain_token token[CHAIN_TOKENS];
	struct chain_alarm alarm[CHAIN_ALARMS];
	char why[160]; /* what does not hold; empty: all well */
};

/** chain_read - every entry, from the first: hashes recomputed, bodies taken apart, facts added
 * up. `full_ever`: a disk was full, so that what was refused may be spoken of (a visit's end
 * without its beginning). */
void chain_read(sqlite3 *db, bool full_ever, struct chain *c);

struct chain_visit *chain_visit(struct chain *c, int64_t id);
struct chain_line *chain_line(struct chain *c, int64_t visit, const char *key);

#endif
