/* input.h: one input line of a door, without its bounces: the level is read, never toggled. */
#ifndef SHOP_CORE_INPUT_H
#define SHOP_CORE_INPUT_H

#include "base/clock.h"

struct input {
	bool known; /* a level was read since the start or since the line was lost */
	bool lost;
	bool level; /* believed */
	bool raw;   /* as read last */
	bool pending;
	struct mono edge;	  /* pending: when `raw` was last seen to change */
	struct mono restless_end; /* pending: by then it is taken as true, bouncing or not */
};

/** What input_read and input_settle tell. */
enum input_news {
	INPUT_NOTHING = 0,
	INPUT_FOUND = 1,   /* the first level after the start or a fault */
	INPUT_CHANGED = 2, /* `level` is another one, since `edge` */
	INPUT_LOST = 3,
};

/** input_read - a level, or the loss of the line. A first level is believed at once. */
enum input_news input_read(struct input *in, struct mono now, bool level, bool lost,
			   int32_t debounce_ms);

/** input_settle - time has passed: believes a level that has stood for `debounce_ms`. */
enum input_news input_settle(struct input *in, struct mono now, int32_t debounce_ms);

/** input_deadline - when input_settle will tell something. */
struct mono input_deadline(const struct input *in, int32_t debounce_ms);

#endif
