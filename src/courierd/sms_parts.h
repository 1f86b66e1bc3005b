/* sms_parts.h: what sms.c and sms_road.c know of each other. */
#ifndef SHOP_COURIERD_SMS_PARTS_H
#define SHOP_COURIERD_SMS_PARTS_H

#include "courierd/sms.h"

static inline bool text_is_notice(const struct sms_text *t)
{
	return (t->name.alarm & SMS_NOTICE) != 0;
}

static inline enum sms_road road_beside(enum sms_road road)
{
	return road == SMS_BY_GATEWAY ? SMS_BY_MODEM : SMS_BY_GATEWAY;
}

/** text_flies - by how many roads it is on its way now. */
uint32_t text_flies(const struct sms_text *t);

/** text_waits - it is still to leave for the first time. */
bool text_waits(const struct sms *s, const struct sms_text *t);

/** text_blocked - "over" waits for "raised": which has not left, and is not stuck either. */
bool text_blocked(const struct sms *s, const struct sms_text *t);

/** text_begin - its two legs, as it is taken. text_hurry - what waits for its next try is due now.
 * text_turn - the road beside this one need not wait any longer. text_both - by the other road as
 * well. */
void text_begin(struct sms *s, struct mono now, struct sms_text *t, bool prove);
void text_hurry(struct sms_text *t, struct mono now);
void text_turn(struct sms_text *t, struct mono now, enum sms_road road);
void text_both(struct sms_text *t, struct mono now);

/** text_graver - goes first. */
bool text_graver(const struct sms_text *a, const struct sms_text *b);

/** text_give_way - "raised" that is stuck leaves it to "over". */
void text_give_way(struct sms *s, struct sms_text *t);

/** sms_awaited - an alarm has been told. */
void sms_awaited(struct sms *s, struct mono now, const struct sms_text *t);

/** sms_time - what the passing of time does to texts and roads. */
void sms_time(struct sms *s, struct mono now);

#endif
