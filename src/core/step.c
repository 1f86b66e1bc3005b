/*
 * step.c: where effects are put. The arrays are fixed and a step that would run over them dies
 * here: the machines bound what one step does, and the simulation prints how near they ever came.
 */
#include "core/step.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define EVENT_ROWS 6 /* kept free for what the event itself does, after what was due */

struct effect *step_now(struct step *s, enum effect_kind kind)
{
	struct effect *e = &s->effects->now[s->effects->nows];

	CHECK(s->effects->nows < EFFECTS_NOW_MAX);
	memset(e, 0, sizeof(*e));
	e->kind = kind;
	s->effects->nows++;
	return e;
}

struct effect *step_after(struct step *s, enum effect_kind kind)
{
	struct effect *e = &s->effects->after[s->effects->afters];

	CHECK(s->effects->afters < EFFECTS_AFTER_MAX);
	memset(e, 0, sizeof(*e));
	e->kind = kind;
	s->effects->afters++;
	return e;
}

static struct entry *record(struct step *s, enum entry_kind kind, bool fact)
{
	struct record *r = &s->effects->record[s->effects->records];

	CHECK(s->effects->records < EFFECTS_RECORD_MAX);
	memset(r, 0, sizeof(*r));
	r->fact = fact;
	r->entry.kind = kind;
	r->entry.at = s->now->wall;
	s->effects->records++;
	return &r->entry;
}

struct entry *step_fact(struct step *s, enum entry_kind kind)
{
	return record(s, kind, true);
}

struct entry *step_claim(struct step *s, enum entry_kind kind)
{
	return record(s, kind, false);
}

bool step_room(const struct step *s, uint32_t rows)
{
	uint32_t kept = s->settling ? 0 : EVENT_ROWS;

	return s->effects->records + rows + kept <= EFFECTS_RECORD_MAX &&
	       s->effects->nows + 3 * (rows + kept) <= EFFECTS_NOW_MAX;
}

void step_output(struct step *s, uint8_t door, enum door_part part, bool level)
{
	struct effect *e = step_now(s, EFFECT_OUTPUT);

	e->output.door = door;
	e->output.part = part;
	e->output.level = level;
}

void step_light(struct step *s, uint8_t reader, bool yes)
{
	struct effect *e = step_now(s, EFFECT_LIGHT);

	e->light.reader = reader;
	e->light.yes = yes;
}

void step_log(struct step *s, const struct place *place, const char *format, ...)
{
	struct effect *e = step_now(s, EFFECT_LOG);
	uint32_t at = (uint32_t)snprintf(e->log.text, sizeof(e->log.text), "%s: ", place->name);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(e->log.text + at, sizeof(e->log.text) - at, format, arguments);
	va_end(arguments);
}

struct place step_place(const char *name)
{
	struct place place = {.name = ""};

	for (uint32_t i = 0; i < PLACE_MAX_LEN && name[i] != '\0'; i++)
		place.name[i] = name[i];
	return place;
}
