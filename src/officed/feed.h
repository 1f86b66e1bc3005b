/*
 * feed.h: what shops are told, beside office.h's feed_add(): the finer aims of a change, a feed
 * that has to be fetched anew, and what a box asks for. Everything but the jobs is called inside
 * the caller's transaction, in which the tables change too.
 */
#ifndef SHOP_OFFICED_FEED_H
#define SHOP_OFFICED_FEED_H

#include "officed/office.h"

/** What prices and policy hold for. */
enum scope_kind {
	SCOPE_ALL = 0,	 /* '' */
	SCOPE_GROUP = 1, /* 'group:NAME' */
	SCOPE_SHOP = 2,	 /* 'shop:NAME' */
};

enum {
	SCOPE_TEXT_MAX = 6 + PLACE_MAX_LEN,
	/* more rows than this of one import are not written to each shop's feed: the shops fetch
	 * everything anew, which costs each of them one read of its tables */
	FEED_ROWS_MAX = 100000,
	FEED_TRIM_ROWS = 5000, /* of one transaction */
};

struct scope {
	enum scope_kind kind;
	char name[PLACE_MAX_LEN + 1];
};

/** scope_parse - "", "group:NAME" or "shop:NAME". scope_text - the other way. */
MUST_CHECK bool scope_parse(const char *text, struct scope *ret);
void scope_text(const struct scope *s, char text[SCOPE_TEXT_MAX + 1]);

/** feed_add_article - to the shops of `scope` that have no narrower price of this article.
 * feed_add_setting - to those that have no narrower value of this setting. */
void feed_add_article(struct office *o, const struct scope *scope, const struct sync_change *c,
		      struct wall now);
void feed_add_setting(struct office *o, const struct scope *scope, const struct sync_change *c,
		      struct wall now);

/** More changes than one shop is told between two backups. */
#define FEED_LEAP 10000000

/**
 * feed_forget - this shop has to fetch everything anew: its cursor stands for nothing any more. For
 * a shop that has changed its group.
 * feed_forget_scope - every shop of the scope.
 * feed_leap - the same, under a number past all that can have been given since an old backup that
 * this office was restored from.
 */
void feed_leap(struct office *o, const char *shop);
void feed_forget(struct office *o, const char *shop);
void feed_forget_scope(struct office *o, const struct scope *scope);

/** feed_member, feed_pass - a row's columns as what a shop is told. `state`: enum member_state. */
struct sync_member feed_member(struct span customer, int64_t role, int64_t flags, int64_t state,
			       int64_t credit_limit);
struct sync_pass feed_pass(struct span cti, bool revoked, bool wants_pin, struct span pin_salt,
			   struct span pin_hash);

/** feed_shops - how many shops a scope has. */
int64_t feed_shops(struct office *o, const struct scope *scope);

/** feed_trim - a job: forgets changes older than config's keep_feed_days, at most FEED_TRIM_ROWS of
 * them. How many, or -errno: call it again while it is more than none. */
int64_t feed_trim(struct office *o, struct wall now);

/** feed_key_set - a job: a set of our keys that is newer than any before is told to all shops,
 * once. `say`: and one that shops do not take is told to whoever runs us. 0 or -errno. */
MUST_CHECK int feed_key_set(struct office *o, struct wall now, bool say);

/** feed_snapshot - part of a snapshot: the first, or where `next` says. Fills in *r. 0 or -errno.
 */
int feed_snapshot(struct office *o, const struct ask *a, const char *next, struct reply *r);

#endif
