/*
 * input.c: an input line without its bounces.
 *
 * A level is believed when it has stood for the debounce time, and then since its first edge: the
 * eight seconds of an open door run from when it opened. A line that never comes to rest is
 * believed to be true after ten such times; every input is wired so that true is what must not be
 * missed (open, pressed, tampered, on fire), and a burglar who rattles the door opens no window in
 * which it is not watched.
 */
#include "core/input.h"

#define RESTLESS 10

enum input_news input_read(struct input *in, struct mono now, bool level, bool lost,
			   int32_t debounce_ms)
{
	if (lost) {
		if (in->lost)
			return INPUT_NOTHING;
		*in = (struct input){.lost = true};
		return INPUT_LOST;
	}
	if (!in->known) {
		*in = (struct input){.known = true, .level = level, .raw = level, .edge = now};
		return INPUT_FOUND;
	}
	if (level == in->raw)
		return INPUT_NOTHING;
	in->raw = level;
	in->edge = now;
	if (!in->pending)
		in->restless_end = mono_add(now, (int64_t)RESTLESS * debounce_ms);
	in->pending = true;
	return input_settle(in, now, debounce_ms);
}

enum input_news input_settle(struct input *in, struct mono now, int32_t debounce_ms)
{
	bool was = in->level;

	if (!in->pending)
		return INPUT_NOTHING;
	if (mono_due(now, mono_add(in->edge, debounce_ms))) {
		in->pending = false;
		in->level = in->raw;
	} else if (mono_due(now, in->restless_end)) {
		in->restless_end = MONO_NEVER;
		in->level = true;
	}
	return in->level == was ? INPUT_NOTHING : INPUT_CHANGED;
}

struct mono input_deadline(const struct input *in, int32_t debounce_ms)
{
	if (!in->pending)
		return MONO_NEVER;
	return mono_min(mono_add(in->edge, debounce_ms), in->restless_end);
}
