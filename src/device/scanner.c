/*
 * scanner.c: which kind of scanner it is, by the first letters of what the configuration says; all
 * else is that kind's own file.
 */
#include "device/scanner.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "device/scanner_backend.h"

static const struct {
	const char *prefix;
	const struct scanner_backend *backend;
} kinds[] = {
	{"input:", &scanner_backend_input},
	{"eye:", &scanner_backend_eye},
	{"", &scanner_backend_serial},
};

/* Of which kind, and where; NULL: of none. */
static const struct scanner_backend *kind_of(const char *spec, const char **ret_where)
{
	for (uint32_t i = 0; i < ARRAY_LEN(kinds); i++) {
		size_t len = strlen(kinds[i].prefix);

		if (strncmp(spec, kinds[i].prefix, len) != 0)
			continue;
		*ret_where = spec + len;
		return spec[len] == '/' ? kinds[i].backend : NULL;
	}
	return NULL;
}

bool scanner_spec_valid(const char *spec)
{
	const char *where;

	return kind_of(spec, &where) != NULL;
}

int scanner_open(const char *spec, struct scanner **ret, char why[200])
{
	const char *where;
	const struct scanner_backend *backend = kind_of(spec, &where);
	int r;

	why[0] = '\0';
	r = backend ? backend->open(where, ret, why) : -EINVAL;
	if (r < 0 && why[0] == '\0')
		snprintf(why, 200, "%s", strerror(-r));
	return r;
}

int scanner_fd(const struct scanner *s)
{
	return s->fd;
}

int scanner_read(struct scanner *s, uint8_t *bytes, uint32_t size)
{
	CHECK(size > 0 && size <= INT32_MAX);
	return s->backend->read(s, bytes, size);
}

void scanner_beep(struct scanner *s, bool yes)
{
	if (s->backend->beep)
		s->backend->beep(s, yes);
}

void scanner_close(struct scanner *s)
{
	if (!s)
		return;
	/* a grabbed keyboard is let go with its descriptor */
	close(s->fd);
	free(s);
}
