/* staff.h: whether the owner or somebody of the staff asks, by a token that came through counterd.
 */
#ifndef SHOP_SHOPD_STAFF_H
#define SHOP_SHOPD_STAFF_H

#include "shopd/shopd.h"

enum staff_is {
	STAFF_PROVEN = 0,
	STAFF_REFUSED = 1, /* `verdict` says why */
	STAFF_AGAIN = 2,   /* not judged: the same with a new token */
};

struct staff {
	enum verdict verdict;
	enum role role;		   /* proven: of the key's member; the office's own is an owner's */
	bool other;		   /* the token is good, but it is neither an owner's nor staff's */
	char by[NAME_MAX_LEN + 1]; /* proven: the role and the key of the customer, or `office` */
};

/** staff_prove - the core judges the token as it judges a sign-in: fresh, ours, used once. */
enum staff_is staff_prove(struct shopd *sd, struct span token, struct staff *ret);

#endif
