/*
 * conf.c: a configuration file is read by the person who must mend it, so this parser is strict and
 * talks. It reads one line at a time and knows three kinds of line: nothing (blank, or a comment),
 * `[kind name]`, and `word = value`. What the words mean stands in the program's table; here is
 * only how a value of each type is written.
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

enum {
	KEYS_MAX_OF_SECTION = 64,
	SECTIONS_MAX = 32,
	QUOTE_MAX = 40,	    /* characters of the reader's own text handed back in a message */
	FILE_NAME_MAX = 80, /* of the file's name likewise */
	WORD_MAX = 40,	    /* longer than any word that a table holds */
	NEAR_EDITS = 3,	    /* a word further away is no misspelling of it */
	DIGITS_MAX = 18,    /* always fits an int64_t */
	DAY_MINUTES = 1440,
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
	int len = snprintf(r->why, CONF_WHY_MAX, "%.*s:%u: ", FILE_NAME_MAX, r->file, line);

	CHECK(len > 0 && len < CONF_WHY_MAX);
	va_start(args, format);
	vsnprintf(r->why + len, (size_t)(CONF_WHY_MAX - len), format, args);
	va_end(args);
	return false;
}

/** What the reader wrote, short enough for a message. Cut between characters, never inside one. */
struct quote {
	char text[QUOTE_MAX + sizeof("…")];
};

static struct quote quote_of(struct span s)
{
	struct quote q = {{0}};
	uint32_t len = s.len;

	if (len > QUOTE_MAX) {
		len = QUOTE_MAX;
		while (len > 0 && (s.data[len] & 0xc0) == 0x80)
			len--;
	}
	if (len > 0)
		memcpy(q.text, s.data, len);
	if (len < s.len)
		memcpy(q.text + len, "…", sizeof("…"));
	return q;
}

/** The name of a section as its line shows it. */
struct title {
	char text[WORD_MAX + PLACE_MAX_LEN + 8];
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

/* ---- the nearest word ---- */

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/** Letters to insert, drop, change or swap with their neighbour until `a` is `b`; WORD_MAX when
 * either is too long to be compared. */
static uint32_t edits_between(struct span a, const char *b)
{
	uint32_t row[3][WORD_MAX + 1];
	uint32_t len = (uint32_t)strlen(b);

	if (a.len > WORD_MAX || len > WORD_MAX)
		return WORD_MAX;
	for (uint32_t j = 0; j <= len; j++)
		row[0][j] = j;
	for (uint32_t i = 1; i <= a.len; i++) {
		uint32_t *now = row[i % 3], *before = row[(i - 1) % 3];

		now[0] = i;
		for (uint32_t j = 1; j <= len; j++) {
			uint32_t change = before[j - 1] + (a.data[i - 1] != (uint8_t)b[j - 1]);

			now[j] = least(change, least(before[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && a.data[i - 1] == (uint8_t)b[j - 2] &&
			    a.data[i - 2] == (uint8_t)b[j - 1])
				now[j] = least(now[j], row[(i - 2) % 3][j - 2] + 1);
		}
	}
	return row[a.len % 3][len];
}

/** The best so far of a search for the nearest word. */
struct nearest {
	struct span wanted;
	const char *word; /* NULL: none is near */
	uint32_t edits;
};

static struct nearest nearest_to(struct span wanted)
{
	uint32_t near = least(NEAR_EDITS, wanted.len / 2);

	return (struct nearest){.wanted = wanted, .edits = (near > 0 ? near : 1) + 1};
}

static void nearest_consider(struct nearest *n, const char *word)
{
	uint32_t edits = edits_between(n->wanted, word);

	if (edits < n->edits) {
		n->edits = edits;
		n->word = word;
	}
}

/** "; did you mean 'word'?", or nothing. */
struct hint {
	char text[WORD_MAX + 32];
};

static struct hint hint_of(const struct nearest *n, const char *open, const char *close)
{
	struct hint h = {{0}};

	if (n->word != NULL)
		snprintf(h.text, sizeof(h.text), "; did you mean %s%s%s?", open, n->word, close);
	return h;
}

/* ---- words of a table ---- */

static bool span_is_word(struct span s, const char *word)
{
	return span_is(s, word, (uint32_t)strlen(word));
}

static bool word_find(const char *const *words, struct span s, uint32_t *ret)
{
	for (uint32_t i = 0; words[i] != NULL; i++) {
		if (span_is_word(s, words[i])) {
			*ret = i;
			return true;
		}
	}
	return false;
}

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

/* ---- values: each takes the value's bytes and writes the field, or says what is allowed ---- */

static bool fail_value(struct reading *r, const struct conf_key *key, struct span value,
		       const char *allowed)
{
	bool comment = value.len > 0 && memchr(value.data, '#', value.len) != NULL;

	return fail(r, r->line, "'%s' is '%s': it must be %s%s", key->name, quote_of(value).text,
		    allowed, comment ? " (a comment needs a line of its own)" : "");
}

static bool fail_word(struct reading *r, const struct conf_key *key, struct span value)
{
	struct nearest near = nearest_to(value);
	char list[120] = "";
	size_t len = 0;

	for (uint32_t i = 0; key->words[i] != NULL; i++) {
		size_t room = sizeof(list) - len;
		int more = snprintf(list + len, room, "%s%s", i == 0 ? "" : ", ", key->words[i]);

		nearest_consider(&near, key->words[i]);
		if (more < 0 || (size_t)more >= room) {
			list[len] = '\0'; /* whole words only */
			continue;
		}
		len += (size_t)more;
	}
	return fail(r, r->line, "'%s' is '%s': it must be %s: %s%s", key->name,
		    quote_of(value).text, key->type == CONF_LIST ? "some of" : "one of", list,
		    hint_of(&near, "'", "'").text);
}

static bool value_text(struct reading *r, const struct conf_key *key, struct span value)
{
	char allowed[48];

	CHECK(key->size > 0);
	if (value.len >= key->size) {
		snprintf(allowed, sizeof(allowed), "at most %zu bytes long", key->size - 1);
		return fail_value(r, key, value, allowed);
	}
	memset(r->fields + key->offset, 0, key->size);
	memcpy(r->fields + key->offset, value.data, value.len);
	return true;
}

static bool value_place(struct reading *r, const struct conf_key *key, struct span value)
{
	if (!place_valid((const char *)value.data, value.len))
		return fail_value(r, key, value, "1 to 16 of the characters a-z, 0-9 and -");
	memset(r->fields + key->offset, 0, PLACE_MAX_LEN + 1);
	memcpy(r->fields + key->offset, value.data, value.len);
	return true;
}

/** Decimal digits only, at most DIGITS_MAX of them. */
static bool digits_parse(struct span s, int64_t *ret)
{
	int64_t n = 0;

	if (s.len == 0 || s.len > DIGITS_MAX)
		return false;
	for (uint32_t i = 0; i < s.len; i++) {
		if (s.data[i] < '0' || s.data[i] > '9')
			return false;
		n = n * 10 + (s.data[i] - '0');
	}
	*ret = n;
	return true;
}

static bool value_int(struct reading *r, const struct conf_key *key, struct span value)
{
	struct span digits = value;
	bool negative = value.len > 0 && value.data[0] == '-';
	int64_t n = 0;
	char allowed[80];

	if (negative)
		digits = (struct span){value.data + 1, value.len - 1};
	if (digits_parse(digits, &n)) {
		n = negative ? -n : n;
		if (n >= key->min && n <= key->max) {
			memcpy(r->fields + key->offset, &n, sizeof(n));
			return true;
		}
	}
	snprintf(allowed, sizeof(allowed), "a whole number from %lld to %lld", (long long)key->min,
		 (long long)key->max);
	return fail_value(r, key, value, allowed);
}

static bool value_bool(struct reading *r, const struct conf_key *key, struct span value)
{
	bool yes = span_is_word(value, "yes");

	if (!yes && !span_is_word(value, "no"))
		return fail_value(r, key, value, "yes or no");
	memcpy(r->fields + key->offset, &yes, sizeof(yes));
	return true;
}

static bool value_word(struct reading *r, const struct conf_key *key, struct span value)
{
	uint32_t index;

	if (!word_find(key->words, value, &index))
		return fail_word(r, key, value);
	memcpy(r->fields + key->offset, &index, sizeof(index));
	return true;
}

static bool is_list_gap(uint8_t byte)
{
	return byte == ' ' || byte == '\t' || byte == ',';
}

static bool value_list(struct reading *r, const struct conf_key *key, struct span value)
{
	uint32_t bits = 0, i = 0;

	while (i < value.len) {
		uint32_t start = i, index;

		while (i < value.len && !is_list_gap(value.data[i]))
			i++;
		if (i == start) {
			i++;
			continue;
		}
		struct span word = {value.data + start, i - start};

		if (!word_find(key->words, word, &index))
			return fail_word(r, key, word);
		CHECK(index < 32);
		if (bits & (UINT32_C(1) << index))
			return fail(r, r->line, "'%s' names '%s' twice", key->name,
				    key->words[index]);
		bits |= UINT32_C(1) << index;
	}
	memcpy(r->fields + key->offset, &bits, sizeof(bits));
	return true;
}

/** "08:30" -> 510; up to "24:00". */
static bool minutes_parse(const uint8_t *text, uint16_t *ret)
{
	int64_t hour, minute;

	if (text[2] != ':' || !digits_parse((struct span){text, 2}, &hour) ||
	    !digits_parse((struct span){text + 3, 2}, &minute))
		return false;
	if (minute > 59 || hour * 60 + minute > DAY_MINUTES)
		return false;
	*ret = (uint16_t)(hour * 60 + minute);
	return true;
}

static bool value_hours(struct reading *r, const struct conf_key *key, struct span value)
{
	enum {
		TIME_LEN = 5,
		HOURS_LEN = 11
	};
	uint16_t minutes[2] = {0, 0}; /* closed: opens and shuts at the same minute */

	if (!span_is_word(value, "closed")) {
		if (value.len != HOURS_LEN || value.data[TIME_LEN] != '-' ||
		    !minutes_parse(value.data, &minutes[0]) ||
		    !minutes_parse(value.data + TIME_LEN + 1, &minutes[1]))
			return fail_value(r, key, value, "like 08:00-22:00, or closed");
		if (minutes[0] >= minutes[1])
			return fail_value(r, key, value,
					  "a later time after the dash, at most 24:00");
	}
	memcpy(r->fields + key->offset, minutes, sizeof(minutes));
	return true;
}

static bool value_set(struct reading *r, const struct conf_key *key, struct span value)
{
	switch (key->type) {
	case CONF_TEXT:
		return value_text(r, key, value);
	case CONF_PLACE:
		return value_place(r, key, value);
	case CONF_INT:
		return value_int(r, key, value);
	case CONF_BOOL:
		return value_bool(r, key, value);
	case CONF_WORD:
		return value_word(r, key, value);
	case CONF_HOURS:
		return value_hours(r, key, value);
	case CONF_LIST:
		return value_list(r, key, value);
	}
	panic(__FILE__, __LINE__, "a conf_type that does not exist");
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
		    hint_of(&near, "'[", "]'").text);
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
		    hint_of(&near, "'", "'").text);
}

static bool line_key(struct reading *r, struct span line)
{
	const uint8_t *equals = memchr(line.data, '=', line.len);
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
	return value_set(r, &r->current->key[index], value);
}

/** Bytes of the UTF-8 character at the front of `s`; 0 when there is none, or when it is a control
 * character. */
static uint32_t character_len(struct span s)
{
	uint8_t lead = s.data[0];
	uint32_t len, value;

	if (lead < 0x80)
		return (lead >= 0x20 && lead != 0x7f) || lead == '\t' ? 1 : 0;
	len = lead >= 0xc2 && lead < 0xe0   ? 2
	      : lead >= 0xe0 && lead < 0xf0 ? 3
	      : lead >= 0xf0 && lead < 0xf5 ? 4
					    : 0;
	if (len == 0 || len > s.len)
		return 0;
	value = lead & (0x7fU >> len);
	for (uint32_t i = 1; i < len; i++) {
		if ((s.data[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (s.data[i] & 0x3f);
	}
	if (value < 0xa0 || (len == 3 && value < 0x800) || (len == 4 && value < 0x10000) ||
	    (value >= 0xd800 && value < 0xe000) || value > 0x10ffff)
		return 0;
	return len;
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
