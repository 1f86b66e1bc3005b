/*
 * sim_core.h: a shop full of strangers, drawn from one number. The world makes the events, keeps
 * the disk, and remembers by itself what happened, so that the core can be held to it. It shares no
 * code with the core's decisions.
 *
 *   sim_core.c        seeds, worlds, the trace    sim_core_world.c   what happens, drawn at random
 *   sim_core_books.c  its disk and its books      sim_core_check.c   what must hold after each step
 *   sim_core_tokens.c what is shown at a reader
 *   sim_core_room.c   sensors, parts that fail    sim_core_texts.c   who is told, and what they say
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
	int64_t mono_ms; /* by the clock of this boot */
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

/** Something that is bad or well for a while before anybody calls it so. */
struct world_hold {
	bool up;		 /* it has been called bad */
	int64_t bad_ms, well_ms; /* since when; −1: it is not */
	int64_t ended_ms;	 /* when it was called well last */
};

/** A sensor as the outside sees it. */
struct world_sensor {
	bool heard, silent;
	int64_t value, heard_ms;
	bool warned; /* in this time beyond */
	struct world_hold beyond, lost;
};

struct world_fault {
	enum condition condition;
	struct place place;
	bool failing;
	int64_t named_by_ms; /* courierd is back: it names it by then, or it is gone */
	struct world_hold hold;
};
#define WORLD_FAULTS 16

/** Refusals at a door, since the last pause. */
struct world_refused {
	uint32_t count;
	int64_t at_ms[4096];
	bool up;
};

struct world_room {
	struct world_sensor sensor[SENSORS_MAX];
	struct world_fault fault[WORLD_FAULTS];
	struct world_refused refused[DOORS_MAX];
	bool motion_was[SENSORS_MAX]; /* an alarm, before the step */
	bool motion_may[SENSORS_MAX]; /* become one in it */
	int64_t inside_ms;	      /* when somebody was last inside by right */
	int64_t moved_ms;	      /* … or may have been, for all that the outside knows */
	int64_t empty_ms;	      /* since when it was seen that nobody has for long */
	int64_t looked_ms;	      /* at who is inside */
	int64_t warned_ms;	      /* when the buzzers were last said to sound */
	bool warns, may_warn;	      /* they should, or may */
};

enum world_text_state {
	TEXT_WAITS,   /* courierd has it, and no road has taken it */
	TEXT_IS_GONE, /* a road has */
	TEXT_DROPPED, /* courierd was told that it is enough */
	TEXT_LOST,    /* courierd has forgotten it */
};

/** A text that was asked for. */
struct world_text {
	enum world_text_state state;
	int64_t asked_ms;
	int64_t at_ms; /* in that state */
	struct alarm_id alarm;
	enum text_kind kind;
	enum severity severity;
	uint32_t person;
	bool again;
	uint32_t covers; /* of a group: the alarms that it may be about */
	struct alarm_id cover[ALARMS_MAX];
};

/** What the world knows of an alarm: who was told of it. */
struct world_alarm {
	struct alarm_id id;
	bool answered;
	bool before; /* it is from before the last start */
	bool seen;
	uint32_t first; /* bit per person: those who were to be told first */
	uint32_t moved; /* likewise: they were named anew since */
	uint32_t told;	/* likewise: asked for, and not dropped */
	uint32_t copy;	/* … and once more, by the other road */
};

/** Somebody who may be told. */
struct world_person {
	bool named; /* a contact */
	struct contact contact;
	int64_t asked_ms; /* the last text to them */
	uint32_t guesses; /* wrong codes since: */
	int64_t guessed_ms;
};

struct world_texts {
	uint32_t count, room;
	struct world_text *text; /* of this life */
	uint32_t alarms, alarms_room;
	struct world_alarm *alarm;
	uint32_t roads;
	struct world_person person[CONTACTS_MAX];
	bool said; /* courierd has said who is to be told, in this life */
	bool away; /* it has come again, and has not yet */
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
	bool quiet;	/* few people, and much of the night */
	bool went_back; /* the wall clock, ever */
	struct mono started;
	uint32_t draws;

	struct member member[WORLD_MEMBERS];
	struct kid kid[WORLD_MEMBERS];
	uint32_t version;
	struct article article[WORLD_VERSIONS][WORLD_ARTICLES];
	uint32_t tokens; /* ever; the newest WORLD_TOKENS are kept */
	struct token_shown token[WORLD_TOKENS];
	uint8_t token_reader[WORLD_TOKENS];   /* where it was shown */
	uint32_t card_reading[WORLD_MEMBERS]; /* of each member's card: how often it was read */
	uint32_t card_newest[WORLD_MEMBERS];  /* the newest that was honoured, as the rows tell */
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

	struct world_room room;
	struct world_texts texts;
	uint32_t parts; /* that may fail */

	/* the event was one whose answer is known */
	bool perfect;
	struct visit past;

	/* seen, for the summary */
	uint64_t steps, admissions, refusals, bought, restarts;
	uint64_t labels, deposits, discounts, checks;
	uint64_t beyonds, losts, warnings, motions, faults, tried, longs;
	uint64_t told[TEXT_KINDS], copies, answers, guesses;
	uint32_t alarms_max, hour_max;
	uint32_t nows_max, records_max, afters_max;
	char why[200]; /* what did not hold; empty: all well */
};

/** world_new - everything from `seed`; world_free. */
struct world *world_new(uint64_t seed);
void world_free(struct world *w);

/** world_draw - the next number below `below`. */
uint64_t world_draw(struct world *w, uint64_t below);

/** world_event - w->event is one of this kind, now, and nothing of it is said yet. */
struct event *world_event(struct world *w, enum event_kind kind);

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
struct world_opened *books_opened(const struct world *w, struct visit_id id);
void books_open_by(struct world *w, struct visit_id id, const struct member *member);

/** world_room - `array` with room for one more than `count`; grown by doubling. */
void *world_room(void *array, uint32_t count, uint32_t *room, size_t size);

/** books_keep - a row on its way to the disk. books_rebuild - visits and lines from the rows. */
void books_keep(struct world *w, const struct record *r);
void books_rebuild(struct world *w);
struct world_visit *books_visit(struct world *w, struct visit_id id);
struct world_line *books_line(struct world *w, struct visit_id id, const char *key);

/** books_remembered - what the rows on disk say, for a start. Lent until the next call. */
struct remembered books_remembered(struct world *w);

/** tokens_show - somebody shows one. tokens_try_again - whoever cut the power shows at once what
 * was shown just before. tokens_nonce - a door shows a nonce. */
void tokens_show(struct world *w);
void tokens_try_again(struct world *w);
void tokens_nonce(struct world *w);
/** tokens_cards_recall - where the cards' counters stand by the rows that are left. */
void tokens_cards_recall(struct world *w);

/** room_draw - what stands in the shop. room_happens - a sensor speaks, a part fails. */
void room_draw(struct world *w, struct shop_config *c);
void room_happens(struct world *w);
/** room_before, room_after - around a step: what should be so, worked out by the world itself, and
 * then held against what the shop says. */
void room_before(struct world *w);
void room_after(struct world *w);

/** texts_draw - who is told, and when nobody is. texts_happen - courierd, a road, a person who
 * answers. texts_start - courierd comes. */
void texts_draw(struct world *w, struct shop_config *c);
void texts_happen(struct world *w);
void texts_start(struct world *w);
/** texts_after - after a step: every text that it asks for is held against what was told before,
 * and so is every alarm that nobody was told of. */
void texts_after(struct world *w);

__attribute__((format(printf, 2, 3))) void world_fail(struct world *w, const char *format, ...);

#endif
