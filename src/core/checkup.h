/*
 * checkup.h: whether the shop is well, check by check, from what shopd tells of itself: the one
 * source of GET /v1/health and `shopctl doctor`. Pure.
 */
#ifndef SHOP_CORE_CHECKUP_H
#define SHOP_CORE_CHECKUP_H

#include "core/checkup_words.h"
#include "wire/message.h"

#define CHECKUP_TEXT_MAX 360 /* a sentence with what it is about */

/** A copy on this box that is older than that is none to rely on. */
#define CHECKUP_COPY_MS (48LL * 3600 * 1000)

struct checkup_result {
	enum finding finding;
	bool well;
	char about[160]; /* for the %s of its sentence */
};

/** The newest backup that was made here and read again; at_ms 0: none is known of. */
struct checkup_copy {
	int64_t at_ms, now_ms; /* UTC */
};

/** checkup - judges shopd's answer to VIEW_HEALTH: its last message, and the alarms and sensors
 * that came before it. */
void checkup(const struct message_now_is *now, const union message *row, uint32_t rows,
	     const struct checkup_copy *copy, struct checkup_result ret[CHECKS_OF]);

/** checkup_text - the sentence with what it is about in the place of its %s. */
void checkup_text(uint32_t which, const struct checkup_result *r, enum language language,
		  char text[CHECKUP_TEXT_MAX]);

#endif
