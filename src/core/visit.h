/* visit.h: who is inside (contracts 3): visits from entry to exit, the devices that speak for them,
 * the codes by which another's device joins, and whose goods a till scans. */
#ifndef SHOP_CORE_VISIT_H
#define SHOP_CORE_VISIT_H

#include "core/config.h"
#include "core/effect.h"

struct step;

#define JOIN_CODES_MAX	  32
#define JOIN_CODE_LIFE_MS 60000
#define TILL_SILENCE_MS	  90000

/** A code that a device of the visit shows to another member's phone: once, within 60 s. */
struct join_code {
	char code[9]; /* empty: free */
	struct visit_id visit;
	struct mono end;
};

/** Whose goods a till's scanner takes. */
struct till {
	struct visit_id visit; /* 0: nobody's */
	struct customer customer;
	struct mono end;
};

/** Who speaks for a visit at a till's screen; stays when the till lets go, until it gets another.
 */
struct till_bearer {
	struct visit_id visit; /* 0: nobody */
	struct sha256 hash;
};

struct visits {
	uint32_t count;
	struct visit open[VISITS_OPEN_MAX];
	struct visit_id last;
	struct join_code join[JOIN_CODES_MAX];
	struct till till[READERS_MAX];
	struct till_bearer till_bearer[READERS_MAX];
	uint32_t endeds; /* over since the disk was full: what it remembers may not know yet */
	struct visit_id ended[VISITS_OPEN_MAX];
};

/** visits_remember - the open visits as the ledger has them replace ours; their silence counts
 * from now. */
void visits_remember(struct step *s, const struct remembered *r);

/** visits_find - by number; visits_find_of - the newest of this customer; NULL when not open. */
struct visit *visits_find(struct visits *v, struct visit_id id);
struct visit *visits_find_of(struct visits *v, struct customer customer);

/** visits_has_room - whether one more may open. */
bool visits_has_room(const struct visits *v);

/** visits_open - a new visit of this customer, with its row; role and trust are the member's.
 * `claim`: nobody has been told yet, it may still be refused by a full disk. CHECKs
 * visits_has_room(). */
struct visit *visits_open(struct step *s, const struct member *member, struct customer customer,
			  struct place place, uint32_t price_version, bool claim);

/** visits_bear - gives the drawn bearer to the visit. When all places are taken the same customer's
 * oldest makes room (that device signs a new token and is back); another's never does: false. */
bool visits_bear(struct step *s, struct visit *visit, struct customer customer);
bool visits_can_bear(const struct visit *visit, struct customer customer);

/** visits_invited - the visit that this code joins now, or NULL. visits_invite_used - burns it. */
struct visit *visits_invited(struct visits *v, const char code[9], struct mono now);
void visits_invite_used(struct visits *v, const char code[9]);

/** visit_bearer - the device of this hash, or NULL. */
const struct bearer *visit_bearer(const struct visit *visit, const struct sha256 *hash);

/** visits_called - the open visit that this caller's bearer speaks for. Else NULL and the answer
 * that refuses the call: ANSWER_VISIT_OVER where it speaks for one that is over (`past`), and
 * ANSWER_UNAUTHORIZED for all the rest, so that nobody without a bearer learns which visits exist.
 */
struct visit *visits_called(struct step *s, const struct visit_call *c, enum answer *ret);

/** visits_end - over, with its row, and one more if it is picked for a check. `claim` as above. */
void visits_end(struct step *s, struct visit *visit, enum visit_end end, bool claim);

/** visits_door_shut - a door has shut after an exit: the only visit inside ends. */
void visits_door_shut(struct step *s);

/** visits_close, visits_invite - the events. */
void visits_close(struct step *s, const struct event_visit_close *e);
void visits_invite(struct step *s, const struct event_visit_invite *e);

/** visits_till_take, visits_till_touch - a till belongs to this visit's customer; once more. */
void visits_till_take(struct step *s, uint8_t reader, const struct visit *visit,
		      struct customer customer);
void visits_till_touch(struct step *s, uint8_t reader);
/** visits_till_free - the till forgets whose goods it takes; the visit goes on. */
void visits_till_free(struct step *s, uint8_t reader);

/** visits_till_visit, visits_till_leave - the events. */
void visits_till_visit(struct step *s, const struct event_till *e);
void visits_till_leave(struct step *s, const struct event_till *e);

/** visits_blocked - this customer's tills and codes end; goods taken can still be recorded. */
void visits_blocked(struct step *s, struct customer customer);

/** visits_time - silence. visits_deadline - when. */
void visits_time(struct step *s);
struct mono visits_deadline(const struct visits *v);

/** visits_check - CHECKs what must always hold. */
void visits_check(const struct visits *v);

#endif
