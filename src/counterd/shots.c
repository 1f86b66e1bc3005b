/* shots.c: names of pictures, matched by what they say they are of. No file is opened. */
#include "counterd/shots.h"

#include <stdlib.h>
#include <string.h>

#include "counterd/album.h"
#include "counterd/counter.h"

void shots_open(const struct counter *c, struct shots *s)
{
	s->dir = pictures_read(c);
	s->files = s->wanted = s->n = 0;
}

void shots_close(struct shots *s)
{
	if (s->dir)
		closedir(s->dir);
	s->dir = NULL;
}

uint32_t shots_want(struct shots *s, enum picture_kind kind, uint64_t ref)
{
	if (s->wanted == SHOTS_WANTED_MAX)
		return UINT32_MAX;
	s->want[s->wanted].kind = kind;
	s->want[s->wanted].ref = ref;
	s->want[s->wanted].shots = 0;
	return s->wanted++;
}

static void offer(struct shots *s, const char *name)
{
	struct picture p;

	if (s->n == SHOTS_MAX || !picture_parse(name, &p) || p.kind == PICTURE_REQUEST)
		return;
	for (uint32_t i = 0; i < s->wanted; i++) {
		if (s->want[i].ref != p.ref || s->want[i].kind != p.kind)
			continue;
		if (s->want[i].shots++ >= SHOTS_EACH_MAX)
			return;
		s->shot[s->n].of = i;
		memcpy(s->shot[s->n++].name, name, strlen(name) + 1);
		return;
	}
}

/* Names sort as the pictures were taken. */
static int in_order(const void *a, const void *b)
{
	const struct shot *x = a, *y = b;

	if (x->of != y->of)
		return x->of < y->of ? -1 : 1;
	return strcmp(x->name, y->name);
}

bool shots_look(struct shots *s)
{
	uint32_t until = s->files + SHOTS_SLICE;
	const struct dirent *entry = NULL;

	while (s->dir && s->files < until && s->files < ALBUM_FILES_MAX &&
	       (entry = readdir(s->dir)) != NULL) {
		offer(s, entry->d_name);
		s->files++;
	}
	if (entry && s->files < ALBUM_FILES_MAX)
		return true;
	shots_close(s);
	if (s->n > 1)
		qsort(s->shot, s->n, sizeof(s->shot[0]), in_order);
	return false;
}
