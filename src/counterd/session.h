/*
 * session.h: browser sessions of owner and staff (contracts 6): a cookie of 256 random bits, kept
 * as its SHA-256, in memory only: a restart logs everybody out. 30 min idle, 12 h at most.
 */
#ifndef SHOP_COUNTERD_SESSION_H
#define SHOP_COUNTERD_SESSION_H

#include "base/clock.h"
#include "base/ids.h"
#include "base/words.h"

enum {
	SESSIONS_MAX = 64, /* an owner, staff, and all their devices */
	SESSION_IDLE_MS = 30 * 60 * 1000,
	SESSION_LIFE_MS = 12 * 60 * 60 * 1000,
	SESSION_SECRET_SIZE = 32,
};
#define SESSION_COOKIE "__Host-sk"

struct session {
	struct sha256 secret; /* of the cookie's value */
	struct mono opened_at, used_at;
	uint64_t number; /* 0: a free place */
	struct customer customer;
	enum role role;
};

struct sessions {
	struct session place[SESSIONS_MAX];
	uint64_t last_number;
};

/** session_open - a new one for `customer`; the one unused for longest gives way where all are
 * taken. Its number; the cookie's value (base64url) into ret_secret. */
#define SESSION_SECRET_TEXT_SIZE 44
uint64_t session_open(struct sessions *s, struct customer customer, enum role role, struct mono now,
		      char ret_secret[SESSION_SECRET_TEXT_SIZE]);

/** session_use - the live session of a Cookie header, marked as used now; NULL when there is none.
 */
struct session *session_use(struct sessions *s, const char *cookie, struct mono now);

/** session_alive - whether the session of this number still lives; does not mark it as used. */
bool session_alive(const struct sessions *s, uint64_t number, struct mono now);

/** session_close - its cookie is worth nothing from now on. */
void session_close(struct session *session);

/** sessions_close - all of this customer's; of everybody for NULL. */
void sessions_close(struct sessions *s, const struct customer *customer);

/** sessions_alive - how many. */
uint32_t sessions_alive(const struct sessions *s, struct mono now);

#endif
