/* step.h: one step of the core while it runs: what the machines share, and how they say what is to
 * be done. */
#ifndef SHOP_CORE_STEP_H
#define SHOP_CORE_STEP_H

#include "core/shop.h"

struct step {
	struct shop *shop;
	const struct now *now;
	const struct draw *draw;
	struct effects *effects;
	uint32_t codes; /* alarms raised in this step: each gets a code of its own */
	bool settling;	/* the event has happened: nothing need be kept free for it any more */
};

/** step_now, step_after - room for an effect of this kind, zeroed. CHECK that there is some. */
struct effect *step_now(struct step *s, enum effect_kind kind);
struct effect *step_after(struct step *s, enum effect_kind kind);

/** step_fact, step_claim - room for a row (effect.h, struct record), dated now. */
struct entry *step_fact(struct step *s, enum entry_kind kind);
struct entry *step_claim(struct step *s, enum entry_kind kind);

/** step_room - whether `rows` more rows (and three effects for each) surely fit: work that can wait
 * for the next step looks first. */
bool step_room(const struct step *s, uint32_t rows);

/** step_output - a door's output has this level from now on. */
void step_output(struct step *s, uint8_t door, enum door_part part, bool level);

/** step_light - a reader says yes or no. */
void step_light(struct step *s, uint8_t reader, bool yes);

/** step_log - "<place>: <text>" for the log. */
__attribute__((format(printf, 3, 4))) void step_log(struct step *s, const struct place *place,
						    const char *format, ...);

/** step_place - `name` as a place, cut to what fits. */
struct place step_place(const char *name);

#endif
