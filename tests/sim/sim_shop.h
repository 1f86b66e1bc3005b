/*
 * sim_shop.h: a village and its shop over many lives. The shop is the real core on the real ledger,
 * in a process of its own that is killed, loses its power or stops in order; the village stays,
 * remembers what it was told, and looks into the books after each life.
 *
 *   sim_shop.c          seeds, lives and deaths         sim_shop_life.c   the shop: core + ledger
 *   sim_shop_village.c  who asks what, and the answers  sim_shop_disk.c   disks that fail
 *   sim_shop_audit.c    the books, read with nothing of ours but SQLite and SHA-256
 *   sim_shop_chain.c    the chain, likewise
 */
#ifndef SHOP_TESTS_SIM_SHOP_H
#define SHOP_TESTS_SIM_SHOP_H

#include "core/shop.h"

enum {
	VILLAGE_MEMBERS = 20,
	VILLAGE_ARTICLES = 60,
	VILLAGE_LISTS = 32, /* price lists, each replacing the one before */
	VILLAGE_PHONES = 40,
	VILLAGE_TOKENS = 1024,
	VILLAGE_VISITS = 1024,
	VILLAGE_WISHES = 4096,
	VILLAGE_PENDING = 16, /* questions of one batch */
	VILLAGE_ANSWERED = 256,
	VILLAGE_DOORS = 2,
	VILLAGE_SENSORS = 2,
	READER_TILL = VILLAGE_DOORS * 2, /* a scanner and a phone road a door come before it */
	READER_PHONES,
};

/* --- between the village and the shop's process */

/** One thing that happens outside, with all that the outside knows of that moment. */
struct ask {
	enum event_kind kind;
	uint32_t tag;
	struct now now;
	struct draw draw;
	uint32_t list;	  /* today's price list */
	uint32_t blocked; /* bit per member */
	bool hold;	  /* more follows at once: one commit for all */
	bool forget;	  /* the shop drops what it keeps of visits in memory */

	/* faults */
	uint32_t die_at;      /* the shop is killed before its n-th effect; 0: not */
	uint32_t die_at_call; /* … in the n-th call to the disk */
	bool sync_fails;      /* the next sync says EIO */
	bool disk_full;
	uint32_t disk_room; /* bytes that still find room on it */
	bool disk_well;

	uint8_t reader, door;
	struct token_shown token;
	char join_code[9];
	struct visit_id visit;
	struct sha256 bearer;
	struct line_key key;
	uint32_t article; /* index */
	int32_t quantity_milli;
	struct wall scanned_at;
	enum door_part part;
	bool level;
	enum command command;
	int64_t hold_ms;
	uint32_t alarm_code;
	uint8_t sensor;
	int64_t value;
	uint8_t nonce[NONCE_SIZE];
	struct customer customer;
	struct wall before;
};

enum told_kind {
	TOLD_STARTED = 1, /* what the ledger remembered */
	TOLD_EFFECT,
	TOLD_FULL, /* the disk is full: what waited was refused */
	TOLD_DONE, /* nothing more comes of this ask */
};

/** What the shop's process says: everything in it has left the shop and cannot be taken back. */
struct told {
	enum told_kind kind;
	uint32_t tag; /* of the ask that it answers; 0: of none */
	struct effect effect;
	struct sha256 bearer; /* with EFFECT_VISIT */
	bool ledger, clean;
	struct wall clock_floor;
};

/* --- what the village knows */

struct villager {
	struct member member; /* credit_left: the limit */
	struct kid kid;
};

/** A line that a phone (or a till) asked for, under its key. */
struct wish {
	struct visit_id visit;
	struct line_key key;
	uint32_t member;
	uint32_t article;
	int32_t quantity_milli;
	struct sha256 bearer; /* that asked */
	bool at_till;
	bool confirmed; /* somebody was told that it is bought */
	bool void_sent, void_confirmed;
	bool on_disk;	  /* when the books were last read */
	int64_t price[8]; /* what it may cost: one a price list under which it was asked for */
	uint32_t prices;
	int64_t unit, total; /* as confirmed */
};

struct village_visit {
	struct visit_id id;
	uint32_t member;
	uint32_t list;	/* pinned */
	bool confirmed; /* a phone holds a bearer of it */
	bool close_confirmed;
	uint32_t bearers;
	int64_t since_ms; /* wall */
};

struct phone {
	uint32_t member;
	bool has_visit;
	struct visit_id visit;
	struct sha256 bearer;
};

struct village_token {
	struct token_shown token;
	uint32_t member;
	uint8_t reader;
	bool admitted;
};

/** What a phone, a person or a door waits to hear. */
struct pending {
	uint32_t tag;
	struct ask ask;
	uint32_t phone, token, wish; /* UINT32_MAX: none */
	bool lost;		     /* the answer gets lost on its way to the phone */
	bool other;		     /* the key again, with other content */
	bool full;		     /* the disk was full meanwhile */
};

enum lockdown {
	LOCKDOWN_NO,
	LOCKDOWN_YES,
	LOCKDOWN_MAYBE /* the shop died over the question */
};

struct village {
	uint64_t seed, random, trace;
	char dir[96];
	struct shop_config config;
	struct villager villager[VILLAGE_MEMBERS];
	struct article article[VILLAGE_LISTS][VILLAGE_ARTICLES];

	/* clocks: phones go by the real one */
	int64_t real_ms, mono_ms, offset_ms;
	bool synchronised, vouched, trusted;
	int64_t floor_ms;     /* the latest trusted time */
	int64_t floor_max_ms; /* … ever */

	uint32_t list, blocked, tags;
	struct phone phone[VILLAGE_PHONES];
	uint32_t tokens, visits, wishes, pendings;
	struct village_token token[VILLAGE_TOKENS];
	struct village_visit visit[VILLAGE_VISITS];
	struct wish wish[VILLAGE_WISHES];
	struct pending pending[VILLAGE_PENDING];
	struct ask fault; /* what goes wrong in the next ask: only those members count */
	struct visit_id till_visit;
	uint32_t till_member;
	enum lockdown lockdown[VILLAGE_DOORS];
	bool contact[VILLAGE_DOORS];
	uint32_t alarm_code;	  /* of the last text */
	struct alarm_id answered; /* by this question, if it gets as far as the disk */
	uint32_t answereds;	  /* ever: nobody is called about these any more */
	struct alarm_id answer[VILLAGE_ANSWERED];
	char join_code[9];
	uint8_t nonce[VILLAGE_DOORS][NONCE_SIZE];
	bool nonce_known[VILLAGE_DOORS];

	/* the shop's process */
	int fd; /* −1: dead */
	int pid;
	uint32_t life;
	bool full, full_ever, ledger;
	bool disk_ends;	  /* sooner or later there is no room on it */
	bool clean_stop;  /* the last life stopped in order, and its stop is on disk */
	bool clean_known; /* else it died before its start was on disk */

	/* for the summary */
	uint64_t texts, asks, confirmed, admitted, replays, fulls, kills, cuts, stops, entries;
	char why[240];
};

/** village_draw - the next number below `below`. village_fail - notes the first thing that does not
 * hold. village_mix - into the trace. */
uint64_t village_draw(struct village *v, uint64_t below);
__attribute__((format(printf, 2, 3))) void village_fail(struct village *v, const char *format, ...);
void village_mix(struct village *v, const void *bytes, size_t len);

/** village_make - people, articles with all their price lists, the shop's doors. */
void village_make(struct village *v, uint64_t seed);
/** village_now - both clocks as the shop reads them. */
struct now village_now(struct village *v);
/** village_ask - fills in what every ask bears. */
struct ask village_ask(struct village *v, enum event_kind kind);
/** village_goes_on - somebody does something; more than one ask may come of it. */
void village_goes_on(struct village *v);
/** village_tries_again - whoever cut the power shows at once what was shown just before. */
void village_tries_again(struct village *v);
/** village_question - a question that nobody in particular asks. */
struct pending village_question(struct village *v, enum event_kind kind);
/** village_visit - what is known of this visit, or NULL. */
struct village_visit *village_visit(struct village *v, struct visit_id id);
/** village_send - asks, and hears all that comes of it, or the shop's death: then v->fd is −1. */
void village_send(struct village *v, const struct pending *p);
/** village_hears - one answer, held against all that was said before. */
void village_hears(struct village *v, const struct told *t);
/** village_price - what this article costs in a visit under that price list; −1: not for sale. */
int64_t village_price(const struct village *v, uint32_t article, uint32_t pinned);

/** audit - reads the books as a stranger would and holds them against the village's memory. */
void audit(struct village *v);

/** life_run - the shop's process: from its start until its death. Never returns. */
_Noreturn void life_run(const struct village *v, int fd);

/* --- the disk under one life */

/** What may go wrong; set by the shop's loop while its ledger's thread rests. */
void disk_fill(uint32_t room);
void disk_empty(void);
void disk_die_at(uint32_t call);
void disk_sync_fails(void);
/** disk_on - from here on this process's files are on the disk that may fail. */
void disk_on(void);
/** disk_make - before the fork; disk_cut - after the death: the power goes, and of what was not
 * synced only the first `kept` of 256 parts are left. disk_unsynced - how many writes that were. */
void disk_make(void);
uint32_t disk_unsynced(void);
void disk_cut(const char *dir, uint32_t kept);

#endif
