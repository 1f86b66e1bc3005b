/*
 * picture.c: a picture's name, there and back. The time stands first and with fixed width, so that
 * names sort as the pictures were taken.
 */
#include "wire/picture.h"

#include <stdio.h>
#include <string.h>

#include "base/check.h"
#include "base/ids.h"

static const char *const kinds[PICTURE_KINDS] = {
	[PICTURE_ALARM] = "alarm",
	[PICTURE_ENTRY] = "entry",
	[PICTURE_REQUEST] = "request",
};

const char *picture_kind_word(enum picture_kind k)
{
	CHECK(k < PICTURE_KINDS);
	return kinds[k];
}

void picture_name(const struct picture *p, char name[PICTURE_NAME_MAX])
{
	char t[WALL_TEXT_SIZE];
	int len;

	CHECK(place_valid(p->camera, (uint32_t)strlen(p->camera)));
	CHECK(p->at.ms >= 0);
	wall_text(p->at, t); /* 2026-11-22T10:15:30.123Z */
	len = snprintf(name, PICTURE_NAME_MAX, "%.4s%.2s%.2sT%.2s%.2s%.2s%.3sZ-%s-%llu-%s.jpg", t,
		       t + 5, t + 8, t + 11, t + 14, t + 17, t + 20, picture_kind_word(p->kind),
		       (unsigned long long)p->ref, p->camera);
	CHECK(len > 0 && len < PICTURE_NAME_MAX);
}

/* Decimal digits without a leading zero; NULL: there is no such number. */
static const char *number(const char *c, uint64_t *ret)
{
	const char *begin = c;

	*ret = 0;
	for (; *c >= '0' && *c <= '9'; c++) {
		if (*ret > (UINT64_MAX - 9) / 10)
			return NULL;
		*ret = *ret * 10 + (uint64_t)(*c - '0');
	}
	return c == begin || (*begin == '0' && c > begin + 1) ? NULL : c;
}

/* "20261122T101530123Z" as RFC 3339. */
static bool time_of(const char *name, struct wall *ret)
{
	char t[WALL_TEXT_SIZE];

	if (strnlen(name, 19) < 19)
		return false;
	snprintf(t, sizeof(t), "%.4s-%.2s-%.5s:%.2s:%.2s.%.3sZ", name, name + 4, name + 6,
		 name + 11, name + 13, name + 15);
	return name[18] == 'Z' && wall_parse(t, (uint32_t)strlen(t), ret);
}

bool picture_parse(const char *name, struct picture *ret)
{
	char again[PICTURE_NAME_MAX];
	const char *c = name + 19;
	size_t camera;

	memset(ret, 0, sizeof(*ret));
	if (!time_of(name, &ret->at) || *c++ != '-')
		return false;
	for (uint32_t k = 0; k < PICTURE_KINDS; k++) {
		size_t len = strlen(kinds[k]);

		if (strncmp(c, kinds[k], len) != 0 || c[len] != '-')
			continue;
		ret->kind = (enum picture_kind)k;
		c = number(c + len + 1, &ret->ref);
		break;
	}
	if (c == NULL || c == name + 20 || *c++ != '-')
		return false;
	camera = strcspn(c, ".");
	if (camera > PLACE_MAX_LEN || strcmp(c + camera, ".jpg") != 0)
		return false;
	memcpy(ret->camera, c, camera);
	if (!place_valid(ret->camera, (uint32_t)camera))
		return false;
	picture_name(ret, again); /* nothing else makes the same picture of another name */
	return strcmp(again, name) == 0;
}
