/* mark.c: what two readings of the clocks tell of the time between them. */
#include "books/mark.h"

#include <string.h>

#define DAY_MS	  86400000LL
#define MINUTE_MS 60000LL

struct mark mark_of(uint64_t seq, const struct entry *e)
{
	struct mark m = {.seq = seq, .kind = e->kind, .at = e->at};

	if (e->kind == ENTRY_START) {
		memcpy(m.boot_id, e->start.boot_id, sizeof(m.boot_id));
		m.mono = e->start.mono;
		m.offset_ms = e->start.utc_offset_min * MINUTE_MS;
		m.trusted = e->start.wall_trusted;
	} else {
		memcpy(m.boot_id, e->clock.boot_id, sizeof(m.boot_id));
		m.mono = e->clock.mono;
		m.before = e->clock.before;
		m.offset_ms = e->clock.utc_offset_min * MINUTE_MS;
		m.trusted = e->clock.wall_trusted;
	}
	return m;
}

bool mark_same_boot(const struct mark *a, const struct mark *b)
{
	return memcmp(a->boot_id, b->boot_id, sizeof(a->boot_id)) == 0;
}

int64_t mark_step(const struct mark *before, const struct mark *now)
{
	int64_t step, ran, took;

	if (now->kind == ENTRY_CLOCK)
		return __builtin_sub_overflow(now->at.ms, now->before.ms, &step) ? 0 : step;
	if (__builtin_sub_overflow(now->at.ms, before->at.ms, &ran) ||
	    __builtin_sub_overflow(now->mono.ms, before->mono.ms, &took) ||
	    __builtin_sub_overflow(ran, took, &step))
		return 0;
	return step;
}

static struct day day_at(struct wall at, int64_t offset_ms)
{
	int64_t ms, days;

	if (__builtin_add_overflow(at.ms, offset_ms, &ms))
		return DAY_NONE;
	days = ms / DAY_MS - (ms % DAY_MS < 0);
	return days < 0 || days > DAY_MAX ? DAY_NONE : (struct day){(int32_t)days};
}

struct day mark_bought(const struct mark *trusted, struct wall line_at, bool known,
		       int64_t shift_ms)
{
	struct day latest = day_at(trusted->at, trusted->offset_ms), day;
	struct wall at;

	if (!known || __builtin_add_overflow(line_at.ms, shift_ms, &at.ms))
		return latest;
	day = day_at(at, trusted->offset_ms);
	return day.n == DAY_NONE.n || day.n > latest.n ? latest : day;
}
