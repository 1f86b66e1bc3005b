/*
 * desk_body.h: the JSON of what is asked of the books: goods that came, a line taken back, a visit
 * looked at. Read as strictly as body.h: nothing unknown, nothing twice, no fractions, every word
 * one that there is. What a request then means, and whether it can be, the desk says. Fuzzed.
 */
#ifndef SHOP_COUNTERD_DESK_BODY_H
#define SHOP_COUNTERD_DESK_BODY_H

#include "base/day.h"
#include "base/ids.h"
#include "base/limits.h"
#include "base/span.h"
#include "base/words.h"

enum desk_form {
	DESK_FORM_MOVEMENT = 0, /* {kind, gtin, quantity, key, unit_cost_minor?, lot?, use_by?,
				   best_before?, why?}; waste has a why */
	DESK_FORM_CREDIT = 1,	/* {reason, key, why?} */
	DESK_FORM_REPORT = 2,	/* {reason, why?}; no reason but those a shopper can have */
	DESK_FORM_CHECK = 3,	/* {result, why?} */
};
#define DESK_FORMS 4

struct desk_body {
	uint32_t word; /* movement, credit_reason or check_state */
	struct gtin gtin;
	int64_t quantity_milli; /* any integer: the desk judges */
	int64_t unit_cost_minor;
	struct day use_by, best_before; /* DAY_NONE: not given */
	char lot[LOT_MAX + 1];
	char why[REASON_MAX + 1];
	char key[NAME_MAX_LEN + 1];
};

/** desk_body_parse - false, and *ret untouched, on anything else than this form. */
MUST_CHECK bool desk_body_parse(struct span body, enum desk_form form, struct desk_body *ret);

#endif
