/*
 * run_stories.c: tells the stories to the core and holds what it does against what is written.
 *
 * A story is a day in a shop. `08:00:05.000 > front: token of anna` is something that happens; the
 * lines below it without `>` are everything that the shop then does, with its time, in the words of
 * the daemon's log. Hours go on past 24, for what takes days. Nothing more and nothing less may
 * come out. `#` starts a comment.
 *
 * stories FILE…          each file is one test
 * stories --write FILE…  writes what comes out into the files: then read the difference
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script.h"

#define LINES_MAX 2000
#define LINE_MAX  300

struct story {
	const char *path;
	uint32_t lines, outs;
	char line[LINES_MAX][LINE_MAX]; /* as written */
	char out[LINES_MAX][LINE_MAX];	/* as it came out, with the inputs and comments between */
	struct fake_shell shell;
	char why[SCRIPT_WHY + 40];
};

static void out(struct story *s, const char *text)
{
	size_t len = strnlen(text, LINE_MAX - 1);

	CHECK(s->outs < LINES_MAX);
	memmove(s->out[s->outs++], text, len); /* what was zeroed ends it */
}

static void say(void *data, const char *text)
{
	struct story *s = data;
	int64_t ms = s->shell.at_ms;
	char line[LINE_MAX];

	snprintf(line, sizeof(line), "%02d:%02d:%02d.%03d %.270s", (int)(ms / 3600000),
		 (int)(ms / 60000 % 60), (int)(ms / 1000 % 60), (int)(ms % 1000), text);
	out(s, line);
}

static bool story_read(struct story *s)
{
	FILE *f = fopen(s->path, "r");

	if (!f)
		return false;
	while (s->lines < LINES_MAX && fgets(s->line[s->lines], LINE_MAX, f)) {
		s->line[s->lines][strcspn(s->line[s->lines], "\r\n")] = '\0';
		s->lines++;
	}
	fclose(f);
	return s->lines > 0 && s->lines < LINES_MAX;
}

/* The time at the start of a line, in ms; -1 where there is none. The rest of it in *ret. */
static int64_t line_time(const char *line, const char **ret)
{
	int h, m, sec, ms, used = 0;

	if (sscanf(line, "%3d:%2d:%2d.%3d %n", &h, &m, &sec, &ms, &used) != 4 || used == 0)
		return -1;
	*ret = line + used;
	return ((h * 60LL + m) * 60 + sec) * 1000 + ms;
}

/* One written line; false with `why` when the story cannot go on. */
static bool tell(struct story *s, uint32_t i)
{
	const char *line = s->line[i], *rest;
	int64_t at = line_time(line, &rest);
	char why[SCRIPT_WHY];

	if (at >= 0 && rest[0] != '>')
		return true; /* expected: it comes out by itself, or not */
	if (at >= 0) {
		if (at < s->shell.at_ms || !fake_advance(&s->shell, at)) {
			snprintf(s->why, sizeof(s->why), "line %u: time does not pass", i + 1);
			return false;
		}
		out(s, line);
		if (script_input(&s->shell, rest + 1, why))
			return true;
	} else {
		out(s, line);
		if (line[0] == '#' || line[0] == '\0' || script_setup(&s->shell, line, why))
			return true;
	}
	snprintf(s->why, sizeof(s->why), "line %u: %s", i + 1, why);
	return false;
}

static void story_write(const struct story *s)
{
	FILE *f = fopen(s->path, "w");

	CHECK(f);
	for (uint32_t i = 0; i < s->outs; i++)
		fprintf(f, "%s\n", s->out[i]);
	fclose(f);
}

/* Shows the first difference with what stands around it. */
static bool story_same(const struct story *s)
{
	uint32_t i = 0;

	while (i < s->lines && i < s->outs && strcmp(s->line[i], s->out[i]) == 0)
		i++;
	if (i == s->lines && i == s->outs)
		return true;
	printf("--- %s, from line %u\n", s->path, i + 1);
	for (uint32_t j = i > 4 ? i - 4 : 0; j < i; j++)
		printf("  %s\n", s->line[j]);
	for (uint32_t j = i; j < i + 6 && j < s->lines; j++)
		printf("- %s\n", s->line[j]);
	for (uint32_t j = i; j < i + 6 && j < s->outs; j++)
		printf("+ %s\n", s->out[j]);
	return false;
}

static bool story_run(const char *path, bool write)
{
	struct story *s = calloc(1, sizeof(*s));
	bool ok;

	CHECK(s);
	s->path = path;
	fake_init(&s->shell, say, s);
	ok = story_read(s);
	if (!ok)
		snprintf(s->why, sizeof(s->why), "cannot be read, or is too long");
	for (uint32_t i = 0; ok && i < s->lines; i++)
		ok = tell(s, i);
	if (!ok)
		printf("--- %s: %s\n", path, s->why);
	else if (write)
		story_write(s);
	else
		ok = story_same(s);
	free(s);
	return ok;
}

int main(int argc, char **argv)
{
	bool write = argc > 1 && strcmp(argv[1], "--write") == 0;
	int passed = 0, failed = 0;

	for (int i = write ? 2 : 1; i < argc; i++) {
		if (story_run(argv[i], write))
			passed++;
		else
			failed++;
	}
	printf("%d passed, %d failed\n", passed, failed);
	return failed > 0 || passed == 0;
}
