/*
 * sim_core.h: a shop full of strangers, drawn from one number. The world makes the events, keeps
 * the disk, and remembers by itself what happened, so that the core can be held to it. It shares no
 * code with the core's decisions.
 *
 *   sim_core.c        seeds, worlds, the trace    sim_core_world.c   what happens, drawn at random
 *   sim_core_books.c  its disk and its books      sim_core_check.c   what must hold after each step
 */
#ifndef SHOP_TESTS_SIM_CORE_H
#define SHOP_TESTS_SIM_CORE_H

#include "core/shop.h"

#define WORLD_MEMBERS  12
#define WORLD_ARTICLES 8
#define WORLD_VERSIONS 64
#define WORLD_TOKENS   128
#define WORLD_DEVICES  48

/** A phone with a bearer. */
struct world_device {
	struct visit_id visit;
	struct sha256 bearer;
	struct customer customer;
};

/** A line as the books have it: on disk or on its way there. */
struct world_line {
	struct visit_id visit;
	struct line line;
};

/** A visit as the rows tell of it. */
struct world_visit {
	struct visit visit;
	uint32_t lines; /* rows ever */
};

/** Who began a visit, as the roster had it then. */
struct world_opened {
	struct visit_id visit;
	enum role role;
	enum trust trust;
};

/** What the outside knows of a door. */
struct world_door {
	bool strike; /* as the core told the output last */
	bool buzzer;
	bool fire, contact; /* levels */
	bool contact_lost;
	struct mono fire_changed, contact_changed;
	struct mono allowed; /* an admission allows the strike until then */
	enum door_mode word; /* a person's: locked, unlocked, propped, lockdown */
	struct mono prop_end;
	bool admitted_once;
};

struct world {
	uint64_t random;
	uint64_t hash; /* of the whole trace */
	struct shop shop;
	struct effects effects;
	struct event event;

	struct mono mono;
	int64_t wall_ms;
	bool trusted;
	bool went_back; /* the wall clock, ever */
	struct mono started;
	uint32_t draws;

	struct member member[WORLD_MEMBERS];
	struct kid kid[WORLD_MEMBERS];
	uint32_t version;
	struct article article[WORLD_VERSIONS][WORLD_ARTICLES];
	uint32_t tokens; /* ever; the newest WORLD_TOKENS are kept */
	struct token_shown token[WORLD_TOKENS];
	uint8_t token_reader[WORLD_TOKENS]; /* where it was shown */
	struct world_device device[WORLD_DEVICES];
	uint32_t devices;
	struct world_door door[DOORS_MAX];
	uint8_t nonce[NONCE_SIZE];
	char join_code[9];
	uint32_t line_keys;

	/* the disk: rows in order; from `on_disk` on they are only queued */
	struct record *row;
	uint32_t rows, on_disk, rows_room;
	bool full;
	bool running; /* on disk, since it was opened: the stop before the next start was not in
			 order */

	/* derived from the rows by the world itself */
	struct world_visit *visit;
	uint32_t visits, visits_room;
	struct world_line *line;
	uint32_t lines, lines_room;

	struct world_opened *opened; /* ever */
	uint32_t openeds, openeds_room;

	/* what was let in, ever: never lost, for a burglar's memory is not on our disk */
	struct token_shown *admitted;
	uint32_t admitteds, admitteds_room;

	/* the event was one whose answer is known */
	bool perfect;
	struct visit past;

	/* seen, for the summary */
	uint64_t steps, admissions, refusals, bought, restarts;
	uint64_t labels, deposits, discounts, checks;
	uint32_t nows_max, records_max, afters_max;
	char why[200]; /* what did not hold; empty: all well */
};

/** world_new - everything from `seed`; world_free. */
struct world *world_new(uint64_t seed);
void world_free(struct world *w);

/** world_draw - the next number below `below`. */
uint64_t world_draw(struct world *w, uint64_t below);

/** world_go_on - draws what happens next and steps the core with it (and with every deadline before
 * it, unless the machine was too busy). Several steps may come of it. */
void world_go_on(struct world *w);

/** world_step - one step of w->event: performs, keeps, checks. */
void world_step(struct world *w);

/** check_step - everything that must hold after a step; the first thing that does not is put into
 * w->why. check_books - the sums, now and then. */
void check_step(struct world *w);
void check_books(struct world *w);

/** books_opened - who began a visit; NULL when nobody was seen to. books_open_by - remembers it. */
const struct world_opened *books_opened(const struct world *w, struct visit_id id);
void books_open_by(struct world *w, struct visit_id id, const struct member *member);

/** books_keep - a row on its way to the disk. books_rebuild - visits and lines from the rows. */
void books_keep(struct world *w, const struct record *r);
void books_rebuild(struct world *w);
struct world_visit *books_visit(struct world *w, struct visit_id id);
struct world_line *books_line(struct world *w, struct visit_id id, const char *key);

/** books_remembered - what the rows on disk say, for a start. Lent until the next call. */
struct remembered books_remembered(struct world *w);

__attribute__((format(printf, 2, 3))) void world_fail(struct world *w, const char *format, ...);

#endif
