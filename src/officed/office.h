/*
 * office.h: what the files of officed share. The loop (main.c, web.c) holds connections and waits;
 * whatever touches the database is a job on a worker's thread, which has a `struct office` of its
 * own.
 *
 *   main.c     start and stop            config.c   officed.conf
 *   web.c      HTTP: route, proof, job   work.c     workers: their queue and their connections
 *   poll.c     held polls of the feed    pulse.c    heartbeats, who is silent, texts
 *   fleet.c    shops and their keys in memory, as the database last had them
 *   box_*.c    what a shop's box asks: enrol, epoch, entries, feed, heartbeat
 *   intake*.c  entries: chain, answer, and the tables that follow
 *   feed.c     changes for a shop: appended, read, snapshots
 *   people_*.c members, keys, invitations, passes, looks    goods_*.c articles, prices, policy
 *   bill_*.c   bundles, mail, payments                      pull_*.c  what accounting systems pull
 *   hook*.c    webhooks
 */
#ifndef SHOP_OFFICED_OFFICE_H
#define SHOP_OFFICED_OFFICE_H

#include <stddef.h>

#include "base/clock.h"
#include "base/ids.h"
#include "base/span.h"
#include "db/db.h"
#include "officed/config.h"
#include "officed/schema.h"
#include "wire/sync.h"

/** A key that this office signs with, and the set that it stands in. */
struct office_keys {
	uint8_t private_key[32];
	struct public_key key;
	struct kid kid;
	struct public_key root;
	uint8_t *statement; /* the root's word on the set, whole; never changed while we run */
	uint32_t statement_len;
	uint32_t version;
};

/** What a worker has. */
struct office {
	struct db *db;
	const struct config *config;
	const struct office_keys *keys;
};

/** office_sign - the payload in `b` as a statement by our key, into `out`; its length. CHECKs that
 * it fits. */
uint32_t office_sign(const struct office *o, const struct builder *payload, uint8_t *out,
		     uint32_t size);

/* --- who asks */

enum who_kind {
	WHO_NOBODY = 0,
	WHO_BOX = 1,	  /* a shop's box: `shop` */
	WHO_OPERATOR = 2, /* a person who works here: `name`, `rights`, `shops` */
	WHO_CLIENT = 3,	  /* a program with a secret of officed.conf: `name`, `shops`; reads only */
	WHO_MEMBER = 4,	  /* a member, about herself alone: `member`, `state` */
};

enum {
	MEMBER_TEXT_SIZE = 17, /* a member's number, 16 hex digits */
};

enum right {
	RIGHT_FLEET = 1,   /* shops, claims, revocation */
	RIGHT_MEMBERS = 2, /* people */
	RIGHT_GOODS = 3,   /* articles, prices, policy */
	RIGHT_REMOTE = 4,  /* doors and settings of a shop */
	RIGHT_MONEY = 5,   /* invoices with names, payments, bundles, webhooks */
	RIGHT_PULL = 6,	   /* invoices, stock, sales without names */
};

struct who {
	enum who_kind kind;
	char shop[PLACE_MAX_LEN + 1];
	char name[NAME_MAX_LEN + 1];
	uint32_t rights;   /* bit per enum right */
	const char *shops; /* words, spaced; "*": all. The configuration's own, or the request's */
	bool herself;	   /* a member asks of herself what operators ask of her (me.c) */
	bool owner; /* a member who owns `shops`: nothing that reaches further, whatever they are */
	char member[MEMBER_TEXT_SIZE]; /* who asks, where that is a member; else "" */
	enum member_state state;       /* of WHO_MEMBER */
	struct kid kid;		       /* of a token; for used_token */
	uint8_t cti_len, cti[CTI_SIZE_MAX];
	int64_t exp_s;
};

/** who_may - whether they have this right over this shop; shop NULL: over all of them, and what
 * belongs to none. Of a member about herself: none. */
bool who_may(const struct who *who, enum right right, const char *shop);

/* --- a request on a worker */

enum {
	ASK_PARAMS_MAX = 3,
	ASK_QUERY_MAX = 12,
};

/** Everything is lent for the call. Parameters and query values are decoded, checked for UTF-8,
 * and NUL-terminated. */
struct ask {
	struct who who;
	struct wall now;
	const char *param[ASK_PARAMS_MAX]; /* in the order of the path; "" where there is none */
	struct {
		const char *name, *value;
	} query[ASK_QUERY_MAX];
	uint32_t queries;
	struct span body;	       /* unpacked */
	const char *etag;	       /* If-None-Match, or NULL */
	char place[PLACE_MAX_LEN + 1]; /* the shop under whose name it was asked; "": under ours */
};

/** ask_query - the value of a query parameter, or NULL. */
const char *ask_query(const struct ask *a, const char *name);
/** ask_query_int - it as a whole number in low..high; `otherwise` where it is not there. False, and
 * the problem in *r, when it is not that. */
struct reply;
MUST_CHECK bool ask_query_int(const struct ask *a, const char *name, int64_t low, int64_t high,
			      int64_t otherwise, int64_t *ret, struct reply *r);

/** An answer in the making; zeroed before the call, freed after it was sent. */
struct reply {
	uint32_t status; /* 0: not answered */
	const char *content_type;
	void *bytes;
	size_t len;
	char etag[72];		/* quoted; empty: none */
	uint32_t retry_after_s; /* 0: none */
	char next[128];		/* the header SK-Next: where to go on; empty: none */
};

/** reply_* - fill in the whole of it; what was there is freed. reply_bytes copies. */
void reply_bytes(struct reply *r, uint32_t status, const char *content_type, const void *bytes,
		 size_t len);
/** reply_problem - problem+json (RFC 9457): `code` is a word of the API, `detail` a sentence that
 * says what to do. */
__attribute__((format(printf, 4, 5))) void reply_problem(struct reply *r, uint32_t status,
							 const char *code, const char *detail, ...);
void reply_free(struct reply *r);
/* reply_json() stands in officed/json.h, beside jansson. */

/**
 * A route's work. @return 0 when *r is filled in; or the -errno of db_transact(), which web.c
 * answers: 503 with Retry-After for a database that is away, full (507 for a person) or busy.
 */
typedef int route_fn(struct office *o, const struct ask *a, struct reply *r);

/* --- what one part asks of another, inside its own transaction: errors stick to o->db */

/** feed_add - a change for one shop. feed_add_all - for every live shop; feed_add_scope - for those
 * of a scope ('', group:NAME, shop:NAME); feed_add_member - for every shop of a member. */
void feed_add(struct office *o, const char *shop, const struct sync_change *c, struct wall now);
void feed_add_scope(struct office *o, const char *scope, const struct sync_change *c,
		    struct wall now);
void feed_add_member(struct office *o, const char *member, const struct sync_change *c,
		     struct wall now);

/** notice_add - tells a person of something about a shop: the row, and a text to each of its
 * contacts where the kind calls for one. One that still holds is not raised twice. */
void notice_add(struct office *o, const char *shop, enum notice_kind kind, const char *detail,
		struct wall now);
/** notice_over - it no longer holds: says so to whom it was told. */
void notice_over(struct office *o, const char *shop, enum notice_kind kind, const char *detail,
		 struct wall now);

/** look_add - somebody has looked at a member; who looks at herself has not. */
void look_add(struct office *o, const struct who *who, const char *member, const char *what,
	      struct wall now);

/** hook_add - something happened that webhooks are told: `kind` like "invoice.created"; `body` the
 * JSON of its data. */
void hook_add(struct office *o, const char *shop, const char *kind, const char *json,
	      struct wall now);

/** shop_touch - this shop's row changed (state, key, epoch, feed_to): every officed will see it
 * within FLEET_LOOK_MS. fleet_turn - the same for many: the number to write into shop.changed, for
 * statements of one's own. */
void shop_touch(struct office *o, const char *shop);
int64_t fleet_turn(struct office *o);

#endif
