/*
 * fake_shell.h: the outside of a story's shop: a roster, a price list, a ledger in memory, phones
 * with their bearers, two clocks that only move when the story says so. It does for the core what
 * shopd does, without a disk, a socket or a key.
 */
#ifndef SHOP_TESTS_FAKE_SHELL_H
#define SHOP_TESTS_FAKE_SHELL_H

#include "core/shop.h"

#define FAKE_MEMBERS  24
#define FAKE_ARTICLES 24
#define FAKE_VERSIONS 8
#define FAKE_DEVICES  40
#define FAKE_ROWS     4096
#define FAKE_LINES    2048
#define FAKE_NONCES   8

struct fake_member {
	char name[20];
	struct member member; /* credit_left is worked out: limit − unbilled − unpaid */
	struct money limit;
	bool limited;	       /* by the own limit */
	struct money unpaid;   /* of invoices */
	struct day oldest_due; /* of those not paid */
	struct kid kid;
	struct token_shown last; /* token shown last, for `again` */
	uint32_t readings[3];	 /* of each of the member's cards */
};

struct fake_article {
	char name[20];
	struct article article;
};

/** A phone: the bearer that it was given last. */
struct fake_device {
	char name[20];
	struct sha256 bearer;
	struct visit_id visit;
};

struct fake_line {
	struct visit_id visit;
	struct line line;
};

struct fake_shell {
	struct shop shop;
	struct shop_config config;
	struct effects effects;

	uint32_t members, devices, rows, lines, nonces;
	struct fake_member member[FAKE_MEMBERS];
	uint32_t articles, version; /* version: of the price list, from 1 */
	struct fake_article article[FAKE_VERSIONS][FAKE_ARTICLES];
	struct fake_device device[FAKE_DEVICES];
	struct entry row[FAKE_ROWS]; /* what is on disk */
	struct fake_line line[FAKE_LINES];
	char nonce_name[FAKE_NONCES][20];
	char join_code[9]; /* told last */

	/* clocks */
	int64_t at_ms;	   /* the story's time: of the day, local */
	int64_t boot_ms;   /* mono = at_ms − boot_ms */
	int64_t wall_0_ms; /* wall = wall_0_ms + at_ms */
	uint32_t weekday;  /* 0: Monday */
	bool trusted;
	bool disk_full;
	bool kept;			/* the step is about a line that a phone had kept */
	struct event_contacts contacts; /* whom courierd names */
	bool contacts_own;		/* the story has its own */
	bool courier;			/* it is there when the program starts */
	uint32_t draws;
	uint32_t lot; /* that the next visits draw */

	/* where lines of output go */
	void (*say)(void *data, const char *text);
	void *data;
};

/** fake_init - an empty shop `viken` with one door `front` (scanner and phone) and one till, and
 * `owner` who is always told. */
void fake_init(struct fake_shell *f, void (*say)(void *data, const char *text), void *data);

/** fake_event - an event of now, with its draw. fake_step - steps it, performs and tells what comes
 * out. */
struct event fake_event(struct fake_shell *f, enum event_kind kind);
void fake_step(struct fake_shell *f, const struct event *e);

/** fake_contacts - courierd is here and names whom it knows. */
void fake_contacts(struct fake_shell *f);

/** fake_advance - lets time pass up to `at_ms`, stepping each deadline at its own time. False when
 * a deadline did not move on (a busy loop). */
bool fake_advance(struct fake_shell *f, int64_t at_ms);

/** fake_start - boots the program on what the rows say. fake_power_cut - everything but the disk is
 * gone. */
void fake_start(struct fake_shell *f);
void fake_power_cut(struct fake_shell *f);

/** fake_ledger_well - the disk takes rows again; the core gets what it holds. */
void fake_ledger_well(struct fake_shell *f);

struct fake_member *fake_member(struct fake_shell *f, const char *name);

/** fake_card_last - the newest counter of this card that the rows tell of. */
uint32_t fake_card_last(const struct fake_shell *f, struct kid kid);
struct fake_article *fake_article(struct fake_shell *f, const char *name);
struct fake_device *fake_device(struct fake_shell *f, const char *name);

/** fake_member_now - the member with the credit that is left. */
struct member fake_member_now(struct fake_shell *f, struct customer customer);

/** fake_day - the day of an instant: the stories' shop keeps UTC. fake_bought - the day on which a
 * line scanned then was bought, as shopd says it. */
struct day fake_day(struct wall wall);
struct day fake_bought(const struct fake_shell *f, const struct visit *visit,
		       struct wall scanned_at);

/** fake_articles - the article of this name as in price version `version`, and now, at the Swedish
 * rates of `bought`. fake_named - the name of the article with this number, or "". */
void fake_articles(struct fake_shell *f, const char *name, uint32_t version, struct day bought,
		   struct article *then, struct article *now);
const char *fake_named(const struct fake_shell *f, struct gtin gtin);

/** fake_reprice - a new price list, a copy of the last one to be changed. */
void fake_reprice(struct fake_shell *f);

/** fake_call - what shopd looks up about a visit and a line's key. `past` is the caller's room. */
void fake_call(struct fake_shell *f, const struct fake_device *d, const char *key,
	       struct visit *past, struct visit_call *ret);

#endif
