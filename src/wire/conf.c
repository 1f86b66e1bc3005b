/*
 * conf.c: a configuration file is read by the person who must mend it, so this parser is strict and
 * talks. It reads one line at a time and knows three kinds of line: nothing (blank, or a comment),
 * `[kind name]`, and `word = value`. What the words mean stands in the program's table, how a value
 * of each type is written in conf_value.c.
 *
 * It promises: every byte of the text was looked at before it was used; nothing is guessed (a word
 * given twice, a word in the wrong section, a value out of range are errors, never "the last one
 * wins"); the first error ends the reading, and its message names file, line, the word, and what
 * would have been right.
 */
#include "wire/conf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/ids.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "wire/conf_value.h"
#include "wire/nearest.h"

enum {
	KEYS_MAX_OF_SECTION = 64,
	SECTIONS_MAX = 32,
	FILE_NAME_MAX = 80, /* bytes of the file's name in a message: its end tells more */
	KIND_MAX = 40,	    /* longer than any table's name of a section */
};

struct reading {
	const char *file;
	const struct conf_section *section;
	uint32_t sections;
	uint8_t *target;
	char *why;
	uint32_t line;
	const struct conf_section *current;   /* NULL: no table for what stands here */
	uint8_t *fields;		      /* the current section's struct */
	char name[PLACE_MAX_LEN + 1];	      /* of the current section, or "" */
	uint32_t opened_at;		      /* line of the current section */
	uint32_t key_at[KEYS_MAX_OF_SECTION]; /* line of each key given in it; 0: not given */
	uint32_t section_at[SECTIONS_MAX];    /* line of the newest section of each kind */
};

/* ---- messages ---- */

__attribute__((format(printf, 3, 4))) static bool fail(struct reading *r, uint32_t line,
						       const char *format, ...)
{
	va_list args;
	size_t name = strlen(r->file);
	size_t skip = name > FILE_NAME_MAX ? name - FILE_NAME_MAX : 0;
	int len = snprintf(r->why, CONF_WHY_MAX, "%s:%u: ", r->file + skip, line);

	CHECK(len > 0 && len < CONF_WHY_MAX);
	va_start(args, format);
	vsnprintf(r->why + len, (size_t)(CONF_WHY_MAX - len), format, args);
	va_end(args);
	return false;
}

/** The name of a section as its line shows it. */
struct title {
	char text[KIND_MAX + PLACE_MAX_LEN + 8];
};

static struct title title_of(const struct conf_section *s, const char *name)
{
	struct title t;

	if (s->kind[0] == '\0')
		snprintf(t.text, sizeof(t.text), "the first lines");
	else if (s->named)
		snprintf(t.text, sizeof(t.text), "[%s %s]", s->kind, name);
	else
		snprintf(t.text, sizeof(t.text), "[%s]", s->kind);
	return t;
}

/* ---- words of a table ---- */

static bool key_find(const struct conf_section *section, struct span s, uint32_t *ret)
{
	for (uint32_t i = 0; i < section->keys; i++) {
		if (span_is_word(s, section->key[i].name)) {
			*ret = i;
			return true;
		}
	}
	return false;
}

static const struct conf_section *section_find(const struct reading *r, struct span kind)
{
	for (uint32_t i = 0; i < r->sections; i++)
		if (span_is_word(kind, r->section[i].kind))
			return &r->section[i];
	return NULL;
}

/* ---- sections ---- */

static void section_enter(struct reading *r, const struct conf_section *section, uint8_t *fields)
{
	CHECK(section->keys <= KEYS_MAX_OF_SECTION);
	r->current = section;
	r->fields = fields;
	r->opened_at = r->line;
	r->section_at[section - r->section] = r->line;
	memset(r->key_at, 0, sizeof(r->key_at));
}

/** Whether all that the section must say has been said. */
static bool section_leave(struct reading *r)
{
	const struct conf_section *section = r->current;

	for (uint32_t i = 0; section != NULL && i < section->keys; i++) {
		if (section->key[i].required && r->key_at[i] == 0)
			return fail(r, r->opened_at, "%s must have a line '%s = …'",
				    title_of(section, r->name).text, section->key[i].name);
	}
	return true;
}

static bool fail_section(struct reading *r, struct span kind)
{
	struct nearest near = nearest_to(kind);

	for (uint32_t i = 0; i < r->sections; i++)
		if (r->section[i].kind[0] != '\0')
			nearest_consider(&near, r->section[i].kind);
	return fail(r, r->line, "unknown section '[%s]'%s", quote_of(kind).text,
		    nearest_hint(&near, "'[", "]'").text);
}

/** Whether there may be a section of this name. */
static bool name_known(struct reading *r, const struct conf_section *section, struct span name)
{
	struct nearest near = nearest_to(name);

	if (section->names == NULL)
		return true;
	for (uint32_t i = 0; section->names[i] != NULL; i++) {
		if (span_is_word(name, section->names[i]))
			return true;
		nearest_consider(&near, section->names[i]);
	}
	return fail(r, r->line, "there is no [%s %s]%s", section->kind, quote_of(name).text,
		    nearest_hint(&near, "'", "'").text);
}

/** A new struct of a named section, behind those that the target already holds. */
static bool section_named(struct reading *r, const struct conf_section *section, struct span name)
{
	uint32_t count;
	uint8_t *first = r->target + section->offset, *fields;

	if (name.len == 0)
		return fail(r, r->line, "[%s] needs a name, as in [%s front]", section->kind,
			    section->kind);
	if (!place_valid((const char *)name.data, name.len))
		return fail(r, r->line,
			    "the name '%s' must be 1 to 16 of the characters a-z, 0-9 and -",
			    quote_of(name).text);
	if (!name_known(r, section, name))
		return false;
	memcpy(&count, r->target + section->count_offset, sizeof(count));
	for (uint32_t i = 0; i < count; i++) {
		const char *other =
			(const char *)first + i * section->stride + section->name_offset;

		if (span_is_word(name, other))
			return fail(r, r->line, "[%s %s] stands here a second time", section->kind,
				    other);
	}
	if (count >= section->max)
		return fail(r, r->line, "too many [%s …] sections: at most %u", section->kind,
			    section->max);
	fields = first + count * section->stride;
	if (section->defaults != NULL)
		memcpy(fields, section->defaults, section->stride);
	else
		memset(fields, 0, section->stride);
	memset(r->name, 0, sizeof(r->name));
	memcpy(r->name, name.data, name.len);
	memcpy(fields + section->name_offset, r->name, sizeof(r->name));
	count++;
	memcpy(r->target + section->count_offset, &count, sizeof(count));
	section_enter(r, section, fields);
	return true;
}

static bool section_plain(struct reading *r, const struct conf_section *section, struct span name)
{
	uint32_t before = r->section_at[section - r->section];

	if (name.len > 0)
		return fail(r, r->line, "[%s] takes no name", section->kind);
	if (before != 0)
		return fail(r, r->line, "[%s] stands here a second time; the first is on line %u",
			    section->kind, before);
	memset(r->name, 0, sizeof(r->name));
	section_enter(r, section, r->target + section->offset);
	return true;
}

/* ---- lines ---- */

static bool is_blank(uint8_t byte)
{
	return byte == ' ' || byte == '\t';
}

static struct span trimmed(struct span s)
{
	while (s.len > 0 && is_blank(s.data[0])) {
		s.data++;
		s.len--;
	}
	while (s.len > 0 && is_blank(s.data[s.len - 1]))
		s.len--;
	return s;
}

/** What stands before the first blank; *ret_rest, trimmed, is what stands after it, maybe nothing.
 */
static struct span before_blank(struct span s, struct span *ret_rest)
{
	uint32_t i = 0;

	while (i < s.len && !is_blank(s.data[i]))
		i++;
	*ret_rest = trimmed((struct span){s.data + i, s.len - i});
	return (struct span){s.data, i};
}

static bool line_section(struct reading *r, struct span line)
{
	const struct conf_section *section;
	struct span kind, name;

	if (line.data[line.len - 1] != ']')
		return fail(r, r->line,
			    "the section's name must end with ']', and nothing after it");
	if (!section_leave(r))
		return false;
	kind = before_blank(trimmed((struct span){line.data + 1, line.len - 2}), &name);
	section = kind.len > 0 ? section_find(r, kind) : NULL;
	if (section == NULL)
		return fail_section(r, kind);
	return section->named ? section_named(r, section, name) : section_plain(r, section, name);
}

/** An unknown word: perhaps it is a good one in the wrong section, or a good one misspelt. */
static bool fail_key(struct reading *r, struct span word)
{
	struct nearest near = nearest_to(word);
	struct title title;
	uint32_t index;

	for (uint32_t i = 0; i < r->sections; i++) {
		if (key_find(&r->section[i], word, &index)) {
			title = title_of(&r->section[i], "NAME");
			return fail(r, r->line, "'%s' does not belong here but in %s",
				    quote_of(word).text, title.text);
		}
	}
	if (r->current == NULL)
		return fail(r, r->line, "'%s' must stand in a section", quote_of(word).text);
	for (uint32_t i = 0; i < r->current->keys; i++)
		nearest_consider(&near, r->current->key[i].name);
	title = title_of(r->current, r->name);
	return fail(r, r->line, "unknown word '%s' in %s%s", quote_of(word).text, title.text,
		    nearest_hint(&near, "'", "'").text);
}

static bool line_key(struct reading *r, struct span line)
{
	const uint8_t *equals = memchr(line.data, '=', line.len);
	char reason[CONF_WHY_MAX];
	struct span word, value;
	uint32_t index, head;

	if (equals == NULL)
		return fail(r, r->line, "'%s' is neither 'word = value' nor '[section]'",
			    quote_of(line).text);
	head = (uint32_t)(equals - line.data);
	word = trimmed((struct span){line.data, head});
	value = trimmed((struct span){equals + 1, line.len - head - 1});
	if (word.len == 0)
		return fail(r, r->line, "there is no word before '='");
	if (r->current == NULL || !key_find(r->current, word, &index))
		return fail_key(r, word);
	if (r->key_at[index] != 0)
		return fail(r, r->line, "'%s' stands here a second time; the first is on line %u",
			    r->current->key[index].name, r->key_at[index]);
	if (value.len == 0)
		return fail(r, r->line, "'%s' has no value", r->current->key[index].name);
	r->key_at[index] = r->line;
	if (!conf_value(&r->current->key[index], value, r->fields, reason))
		return fail(r, r->line, "%s", reason);
	return true;
}

/** Bytes of the UTF-8 character at the front of `s`; 0 when there is none, or when it is a control
 * character. */
static uint32_t character_len(struct span s)
{
	uint32_t code, len = utf8_one((const char *)s.data, s.len, &code);

	return len > 0 && (!utf8_control(code) || code == '\t') ? len : 0;
}

/** Every character of a line is printable, so that any of it may stand in a message. */
static bool line_printable(struct reading *r, struct span line)
{
	for (uint32_t i = 0; i < line.len;) {
		uint32_t len = character_len((struct span){line.data + i, line.len - i});

		if (len == 0)
			return fail(r, r->line,
				    "byte %u of the line (0x%02x) is no printable UTF-8 text",
				    i + 1, line.data[i]);
		i += len;
	}
	return true;
}

static bool line_read(struct reading *r, struct span line)
{
	if (line.len > 0 && line.data[line.len - 1] == '\r')
		line.len--;
	if (!line_printable(r, line))
		return false;
	line = trimmed(line);
	if (line.len == 0 || line.data[0] == '#')
		return true;
	return line.data[0] == '[' ? line_section(r, line) : line_key(r, line);
}

static struct span line_take(struct span *text)
{
	const uint8_t *end = memchr(text->data, '\n', text->len);
	uint32_t len = end != NULL ? (uint32_t)(end - text->data) : text->len;
	uint32_t taken = end != NULL ? len + 1 : len;
	struct span line = {text->data, len};

	text->data += taken;
	text->len -= taken;
	return line;
}

bool conf_parse(const char *file, struct span text, const struct conf_section *section,
		uint32_t sections, void *target, char why[CONF_WHY_MAX])
{
	struct reading r = {.file = file,
			    .section = section,
			    .sections = sections,
			    .target = target,
			    .why = why,
			    .line = 1};
	const struct conf_section *top = section_find(&r, (struct span){(const uint8_t *)"", 0});

	CHECK(sections <= SECTIONS_MAX);
	if (text.len > CONF_TEXT_MAX)
		return fail(&r, 1, "the file is larger than %d bytes", CONF_TEXT_MAX);
	if (text.len >= 3 && memcmp(text.data, "\xef\xbb\xbf", 3) == 0)
		text = (struct span){text.data + 3, text.len - 3};
	if (top != NULL)
		section_enter(&r, top, r.target + top->offset);
	for (; text.len > 0; r.line++) {
		if (!line_read(&r, line_take(&text)))
			return false;
	}
	return section_leave(&r);
}

bool conf_refuse(char why[CONF_WHY_MAX], const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why, CONF_WHY_MAX, format, args);
	va_end(args);
	return false;
}
