/*
 * album.c: which names stand on a page. Names sort as the pictures were taken, so that nothing but
 * the names has to be read; one that courierd did not make is on no page.
 */
#include "counterd/album.h"

#include <stdio.h>
#include <string.h>

/* The time as every name begins with it. */
static void time_text(struct wall at, char text[ALBUM_TIME_SIZE])
{
	struct picture p = {.at = at, .camera = "x"};
	char name[PICTURE_NAME_MAX];

	picture_name(&p, name);
	memcpy(text, name, ALBUM_TIME_SIZE - 1);
	text[ALBUM_TIME_SIZE - 1] = '\0';
}

void album_page_of(const struct query *q, struct album_page *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->max = q->max;
	if (q->given & QUERY_ALARM)
		snprintf(ret->beside, sizeof(ret->beside), "-%s-%llu-",
			 picture_kind_word(PICTURE_ALARM), (unsigned long long)q->alarm);
	else if (q->given & QUERY_VISIT)
		snprintf(ret->beside, sizeof(ret->beside), "-%s-%llu-",
			 picture_kind_word(PICTURE_ENTRY), (unsigned long long)q->visit.n);
	if (q->given & QUERY_FROM)
		time_text(q->from, ret->from);
	if (q->given & QUERY_TO)
		time_text(q->to, ret->to);
	if (q->given & QUERY_AFTER_PICTURE)
		memcpy(ret->before, q->after_picture, sizeof(ret->before));
}

static bool wanted(const struct album_page *p, const char *name)
{
	size_t time = ALBUM_TIME_SIZE - 1;

	if (strnlen(name, PICTURE_NAME_MAX) <= time ||
	    strncmp(name + time, p->beside, strlen(p->beside)) != 0)
		return false;
	if (p->before[0] != '\0' && strcmp(name, p->before) >= 0)
		return false;
	if (p->from[0] != '\0' && strncmp(name, p->from, time) < 0)
		return false;
	return p->to[0] == '\0' || strncmp(name, p->to, time) < 0;
}

void album_page_offer(struct album_page *p, const char *name)
{
	struct picture picture;
	uint32_t at = p->names;

	if (p->names > p->max && strcmp(name, p->name[p->max]) <= 0)
		return;
	if (!wanted(p, name) || !picture_parse(name, &picture))
		return;
	while (at > 0 && strcmp(name, p->name[at - 1]) > 0)
		at--;
	if (p->names <= p->max)
		p->names++;
	memmove(p->name[at + 1], p->name[at], (p->names - 1 - at) * sizeof(p->name[0]));
	memcpy(p->name[at], name, strlen(name) + 1);
}
