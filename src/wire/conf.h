/*
 * conf.h: the configuration files' format, pure: text -> words and values, with errors that a
 * shopkeeper can mend.
 *
 *   # comment
 *   shop = viken
 *   [door front]
 *   unlock_ms = 5000
 *
 * Sections are `[kind]` or `[kind name]`; keys are words; values run to the line's end, trimmed.
 * What a program knows stands in a table; an unknown section or key, a value out of range, a key
 * given twice: the error names file, line, and the nearest known word.
 */
#ifndef SHOP_WIRE_CONF_H
#define SHOP_WIRE_CONF_H

#include <stddef.h>

#include "base/span.h"

enum conf_type {
	CONF_TEXT,  /* char[size], NUL-terminated */
	CONF_PLACE, /* char[PLACE_MAX_LEN + 1], place_valid() */
	CONF_INT,   /* int64_t, min..max */
	CONF_BOOL,  /* bool: yes, no */
	CONF_WORD,  /* uint32_t: index into words */
	CONF_HOURS, /* uint16_t[2]: "08:00-22:00" or "closed" */
	CONF_LIST,  /* uint32_t: bits of words, separated by spaces or commas */
	CONF_OWN,   /* what the program's own `read` makes of the text */
};

struct conf_key {
	const char *name;
	enum conf_type type;
	size_t offset;		  /* into the section's struct */
	size_t size;		  /* CONF_TEXT */
	int64_t min, max;	  /* CONF_INT */
	const char *const *words; /* CONF_WORD, CONF_LIST: NULL-terminated */
	bool required;
	/** CONF_TEXT: returns NULL, or what the text must be ("a number with its country"); or none
	 */
	const char *(*rule)(const char *text);
	/** CONF_OWN: writes the field; returns NULL, or what the text (≤ CONF_OWN_MAX bytes) must
	 * be
	 */
	const char *(*read)(const char *text, void *field);
	bool private; /* what was written for it stands in no message */
};

struct conf_section {
	const char *kind; /* "" for what stands before the first section */
	bool named;	  /* [kind name], any number of them up to max; else at most one */
	const struct conf_key *key;
	uint32_t keys;
	size_t offset;		  /* of the first struct in the target */
	size_t stride;		  /* named: size of one struct */
	uint32_t max;		  /* named */
	size_t count_offset;	  /* named: uint32_t in the target */
	size_t name_offset;	  /* named: char[PLACE_MAX_LEN + 1] in the struct */
	const void *defaults;	  /* named: what a new struct starts as, or NULL: zero */
	const char *const *names; /* named: NULL-terminated, which names there are; NULL: any */
};

#define CONF_TEXT_MAX (64 * 1024) /* bytes of a configuration file */
#define CONF_WHY_MAX  240
#define CONF_OWN_MAX  240 /* bytes of a value that a program reads by itself */

/**
 * conf_parse - fills `target` (defaults set by the caller).
 * @file: its name, for messages only.
 * @return true, or false with `why`: "shopd.conf:12: unknown word 'unlok_ms' in [door front]; did
 * you mean 'unlock_ms'?"
 */
MUST_CHECK bool conf_parse(const char *file, struct span text, const struct conf_section *section,
			   uint32_t sections, void *target, char why[CONF_WHY_MAX]);

/** conf_refuse - why a configuration cannot be used, printf into `why`; false. */
__attribute__((format(printf, 2, 3))) bool conf_refuse(char why[CONF_WHY_MAX], const char *format,
						       ...);

#endif
