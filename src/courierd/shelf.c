/* shelf.c: pictures as a flat array, put in order of age when something may have to go. */
#include "courierd/shelf.h"

#include <stdlib.h>
#include <string.h>

#define ROOM_FIRST 256

void shelf_init(struct shelf *s, int64_t keep_ms, uint64_t bytes_max)
{
	*s = (struct shelf){.keep_ms = keep_ms, .bytes_max = bytes_max};
}

void shelf_clear(struct shelf *s)
{
	s->used = 0;
	s->bytes = 0;
}

void shelf_free(struct shelf *s)
{
	free(s->place);
	*s = (struct shelf){0};
}

static bool shelf_grow(struct shelf *s)
{
	uint32_t room = s->room == 0 ? ROOM_FIRST : s->room * 2;
	struct shelved *place;

	if (s->used < s->room)
		return true;
	if (s->used >= SHELF_MAX)
		return false;
	place = realloc(s->place, room * sizeof(*place));
	if (place == NULL)
		return false;
	s->place = place;
	s->room = room;
	return true;
}

static bool shelf_put(struct shelf *s, const struct shelved *one)
{
	if (!shelf_grow(s))
		return false;
	s->place[s->used++] = *one;
	s->bytes += one->bytes;
	return true;
}

bool shelf_taken(struct shelf *s, const struct picture *p, uint32_t bytes, struct mono now)
{
	return shelf_put(s,
			 &(struct shelved){
				 .picture = *p, .bytes = bytes, .taken = true, .stamp_ms = now.ms});
}

bool shelf_found(struct shelf *s, const struct picture *p, uint32_t bytes, struct wall changed)
{
	return shelf_put(s,
			 &(struct shelved){.picture = *p, .bytes = bytes, .stamp_ms = changed.ms});
}

static int64_t age_ms(const struct shelved *one, struct mono mono, struct wall wall)
{
	if (one->taken)
		return mono.ms - one->stamp_ms;
	if (one->picture.at.ms <= wall.ms + SHELF_FUTURE_MS)
		return wall.ms - one->picture.at.ms;
	return wall.ms - one->stamp_ms;
}

/* The oldest last; of one age the name that sorts first. */
static int by_age(const void *a, const void *b)
{
	const struct shelved *x = a, *y = b;

	if (x->age_ms != y->age_ms)
		return x->age_ms < y->age_ms ? -1 : 1;
	if (x->picture.at.ms != y->picture.at.ms)
		return x->picture.at.ms > y->picture.at.ms ? -1 : 1;
	return strcmp(y->picture.camera, x->picture.camera);
}

void shelf_order(struct shelf *s, struct mono mono, struct wall wall)
{
	bool ordered = true;

	for (uint32_t i = 0; i < s->used; i++) {
		s->place[i].age_ms = age_ms(&s->place[i], mono, wall);
		ordered = ordered && (i == 0 || by_age(&s->place[i - 1], &s->place[i]) <= 0);
	}
	if (!ordered)
		qsort(s->place, s->used, sizeof(s->place[0]), by_age);
}

bool shelf_due(const struct shelf *s)
{
	return s->used > 0 && (s->used > PICTURES_MAX || s->bytes > s->bytes_max ||
			       s->place[s->used - 1].age_ms >= s->keep_ms);
}

bool shelf_oldest(struct shelf *s, struct picture *ret)
{
	if (s->used == 0)
		return false;
	s->used--;
	s->bytes -= s->place[s->used].bytes;
	*ret = s->place[s->used].picture;
	return true;
}

int64_t shelf_left_ms(const struct shelf *s)
{
	return s->used == 0 ? INT64_MAX : s->keep_ms - s->place[s->used - 1].age_ms;
}
