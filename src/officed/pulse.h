/*
 * pulse.h: heartbeats, and who is silent (design 5). What boxes say is kept in memory and written
 * down once a second; who was not heard for SYNC_SILENT_MS by our clock is told to people, once,
 * by whichever officed sees it first.
 */
#ifndef SHOP_OFFICED_PULSE_H
#define SHOP_OFFICED_PULSE_H

#include "officed/web.h"

enum {
	PULSE_WRITE_MS = 1000,
	PULSE_GRACE_MS = 1000, /* another officed may be that late to write what it heard */
	PULSE_LATE_MS = 5000,  /* a job that took longer judges nobody */
};

struct pulse;

/** pulse_open - 0 or -errno. pulse_stop - before work_close(). pulse_free - after it. NULL is fine.
 */
MUST_CHECK int pulse_open(struct loop *loop, struct work *work, struct pulse **ret);
void pulse_stop(struct pulse *p);
void pulse_free(struct pulse *p);

/** pulse_heard - a proven heartbeat: notes it and answers. */
void pulse_heard(struct pulse *p, struct asked *a);

/** What was heard of one shop, on its way into the table. */
struct beat {
	char shop[PLACE_MAX_LEN + 1];
	struct wall at;
	uint16_t said_len;
	uint8_t *said;
};

/** pulse_write - into shop_seen: whatever is newer than what stands there. 0 or -errno. */
MUST_CHECK int pulse_write(struct office *o, const struct beat *beat, uint32_t beats);
/** pulse_texts - whose texts do not leave the shop, by these heartbeats, and whose do again. 0 or
 * -errno. */
MUST_CHECK int pulse_texts(struct office *o, const struct beat *beat, uint32_t beats,
			   struct wall now);
/** pulse_judge - who has fallen silent by now, and who is back. 0 or -errno. */
MUST_CHECK int pulse_judge(struct office *o, struct wall now);

#endif
