/* answer.h: what an answer of the office is to a lane. Pure. */
#ifndef SHOP_COURIERD_ANSWER_H
#define SHOP_COURIERD_ANSWER_H

#include "courierd/plan.h"
#include "net/http_client.h"

#define ANSWER_PROBLEM_MAX 8192 /* bytes of a refusal that are read */

struct office_answer {
	enum went went;
	bool doubts_clock; /* 401: ask again with this nonce in the proof */
	uint8_t nonce[16];
	char why[200]; /* for people, without control characters; "" where all is well */
};

/** answer_read - never fails: what makes no sense is WENT_ODD. */
void answer_read(enum lane lane, const struct http_answer *answer, struct office_answer *ret);

#endif
