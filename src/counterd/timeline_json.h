/* timeline_json.h: what a page of the timeline and one visit of it have in common as JSON. */
#ifndef SHOP_COUNTERD_TIMELINE_JSON_H
#define SHOP_COUNTERD_TIMELINE_JSON_H

#include "counterd/config.h"
#include "counterd/shots.h"
#include "ledger/read_timeline.h"
#include "net/json.h"

struct counter;

#define SIGHT_ALARM_JSON_MAX (512 + 2 * JSON_TEXT_MAX(PLACE_MAX_LEN) + JSON_TEXT_MAX(NAME_MAX_LEN))
#define SIGHT_VISIT_JSON_MAX (640 + JSON_TEXT_MAX(PLACE_MAX_LEN))
#define SHOT_JSON_MAX	     (PICTURE_NAME_MAX + 4)

/** Members, without the braces. sight_visit_write - visit … invoice, check. */
void sight_visit_write(struct builder *b, struct counter *c, const struct sight_visit *v);
void sight_alarm_write(struct builder *b, const struct sight_alarm *a);

/** shots_write - the member `pictures`: those of what shots_want() said is `of`. */
void shots_write(struct builder *b, const struct shots *s, uint32_t of);

#endif
