/* goods_scope.h: scopes as requests say them, whether they are there and who may change them. */
#ifndef SHOP_OFFICED_GOODS_SCOPE_H
#define SHOP_OFFICED_GOODS_SCOPE_H

#include <errno.h>

#include "officed/feed.h"
#include "officed/json.h"

/** scope_read - "", "all", "group:NAME", "shop:NAME" (in a path also group_NAME, shop_NAME); false
 * with the problem in *r. scope_take - the member `scope` of a body; missing: all. */
MUST_CHECK bool scope_read(const char *text, struct scope *ret, struct reply *r);
MUST_CHECK bool scope_take(const json_t *object, struct scope *ret, struct reply *r);

/** scope_may - whether who asks has this right over every shop that the scope can reach; else 403
 * in *r. */
MUST_CHECK bool scope_may(const struct ask *a, enum right right, const struct scope *s,
			  struct reply *r);

/** scope_there - inside a transaction: its group or shop is known; else 404 in *r. */
MUST_CHECK bool scope_there(struct office *o, const struct scope *s, struct reply *r);

/** json_scope - "" for all. */
json_t *json_scope(const struct scope *s);

/** How a body of work says that it has refused: *r is filled in, and nothing of it holds. */
#define WORK_REFUSED (-ECANCELED)

/** work_answered - what a route returns for db_transact()'s answer. */
static inline int work_answered(int error)
{
	return error == -ECANCELED ? 0 : error;
}

/** page_limit - the query's `limit`: 1..200, 50 where there is none. */
#define PAGE_MAX 200
MUST_CHECK bool page_limit(const struct ask *a, int64_t *ret, struct reply *r);

#endif
