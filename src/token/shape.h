/* shape.h: between the files of this floor: the claims inside a token's payload. */
#ifndef SHOP_TOKEN_SHAPE_H
#define SHOP_TOKEN_SHAPE_H

#include "token/claims.h"

/** claims_parse - the whole payload as the claims of a token or of a pass; false when it is
 *  neither. */
MUST_CHECK bool claims_parse(struct span payload, struct claims *ret);

#endif
