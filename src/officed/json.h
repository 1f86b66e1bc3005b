/* json.h: JSON answers and bodies, beside jansson. Conventions: contracts 6. */
#ifndef SHOP_OFFICED_JSON_H
#define SHOP_OFFICED_JSON_H

#include <jansson.h>

#include "officed/office.h"

/** reply_json - takes `value` over (NULL: no memory, which is answered as 500). */
void reply_json(struct reply *r, uint32_t status, json_t *value);

/** ask_json - the body as a JSON object of at most JSON_DEPTH levels, duplicates refused; NULL with
 * the problem in *r. The caller's to json_decref(). */
json_t *ask_json(const struct ask *a, struct reply *r);

/** json_wall - RFC 3339 in UTC; null for 0. */
json_t *json_wall(int64_t ms);

/** json_only - whether the object has no member but these (NULL-terminated); else the problem,
 * which names the stranger. */
MUST_CHECK bool json_only(const json_t *object, const char *const *names, struct reply *r);

#define JSON_INTS_MAX INT64_C(9007199254740991) /* 2^53 - 1: every reader holds it exactly */

/** json_take_* - a member of an object, held to its bounds; false with the problem in *r when it is
 * wrong. Where it is missing: false too if `required`, else *ret is left as it was. A text is
 * valid UTF-8 without controls, its bytes lent by the object. */
MUST_CHECK bool json_take_text(const json_t *object, const char *name, bool required,
			       uint32_t max_len, const char **ret, struct reply *r);
MUST_CHECK bool json_take_int(const json_t *object, const char *name, bool required, int64_t low,
			      int64_t high, int64_t *ret, struct reply *r);
MUST_CHECK bool json_take_bool(const json_t *object, const char *name, bool required, bool *ret,
			       struct reply *r);

#endif
