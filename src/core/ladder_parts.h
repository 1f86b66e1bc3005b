/* ladder_parts.h: what the files of the ladder give to each other, and to nobody else:
 * ladder.c (who is called, and when the next), ladder_hours.c (may they be), ladder_texts.c (which
 * text now), ladder_places.c (whether one more, and what became of it), ladder_heard.c (who they
 * are, and what they answer). */
#ifndef SHOP_CORE_LADDER_PARTS_H
#define SHOP_CORE_LADDER_PARTS_H

#include "core/alarm.h"
#include "core/step.h"

/** ladder_bit - the set of this contact alone. */
static inline uint16_t ladder_bit(uint32_t contact)
{
	return (uint16_t)(1U << contact);
}

/* --- ladder_hours.c */

/** ladder_on_duty - whether this contact's hours are now. */
bool ladder_on_duty(const struct contact *c, const struct now *now);

/** ladder_quiet - whether what is so grave waits for the end of the quiet hours; *ret: until when.
 */
bool ladder_quiet(const struct step *s, enum severity severity, struct mono *ret_end);

/* --- ladder.c */

/** ladder_contact - the contact of this name; CONTACTS_MAX: none. */
uint32_t ladder_contact(const struct ladder *l, const char *name);

/** ladder_called - this contact was asked to be told that it is raised: the pause runs from now. */
void ladder_called(struct step *s, struct alarm *alarm, uint32_t contact, bool alone);

/** ladder_begins - the calls about it, where they have not begun. */
void ladder_begins(struct step *s, struct alarm *alarm);

/** ladder_anew - once more from the first step. */
void ladder_anew(struct step *s, struct alarm *alarm);

/** ladder_calls - whether an answer to it is still wanted. */
bool ladder_calls(const struct alarm *alarm);

/* --- ladder_texts.c */

/** texts_serve - asks for what is owed and has a place. Returns when there is more to do. */
struct mono texts_serve(struct step *s);

/* --- ladder_places.c */

/** places_free - whether a text so grave may be asked for now; else *ret: when, at the earliest. */
bool places_free(const struct ladder_contact *c, enum severity severity, struct mono *ret);

/** places_gravest - whether all texts of the hour were less grave than this. */
bool places_gravest(const struct ladder_contact *c, enum severity severity);

/** places_take - holds one. CHECKs that it was free, unless the text is the gravest of the hour. */
struct ladder_sent *places_take(struct ladder_contact *c, const struct ladder_sent *sent);

/** places_find - the text of this alarm and kind, not a copy of it; NULL: none in the hour. */
struct ladder_sent *places_find(struct ladder_contact *c, struct alarm_id alarm,
				enum text_kind kind);

/** places_time - frees what is an hour old, and lets go of what need not leave any more. */
void places_time(struct step *s);

/** places_waits - whether a text that tells this contact of the alarm has not left yet. */
bool places_waits(struct ladder *l, uint32_t contact, const struct alarm *alarm);

#endif
