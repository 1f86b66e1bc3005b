/*
 * onvif_answer.c: the XML of an answer, by libexpat. A document type, and with it every entity, is
 * refused when it begins; depth and texts are bounded. Elements are known by their local names and
 * their two parents' at most: whose prefix stands before them differs from camera to camera.
 */
#include <expat.h>
#include <stdio.h>
#include <string.h>

#include "courierd/onvif.h"

#define DEPTH_MAX 24
#define PATH_SIZE 256
#define SEPARATOR '|'

enum part {
	PART_HOUR,
	PART_MINUTE,
	PART_SECOND,
	PART_YEAR,
	PART_MONTH,
	PART_DAY,
};
#define PARTS 6

struct parse {
	XML_Parser xml;
	enum onvif_step step;
	struct onvif_said *said;
	const char *wrong;
	bool fault, found;
	char path[PATH_SIZE]; /* "/Envelope/Body/…", local names */
	uint32_t depth, path_len[DEPTH_MAX + 1];
	char text[HTTP_URL_MAX + 1];
	uint32_t text_len;
	bool text_over;
	uint32_t part[PARTS], parts; /* bits of those that came */
};

static const char *const time_parts[PARTS] = {
	[PART_HOUR] = "/UTCDateTime/Time/Hour",	    [PART_MINUTE] = "/UTCDateTime/Time/Minute",
	[PART_SECOND] = "/UTCDateTime/Time/Second", [PART_YEAR] = "/UTCDateTime/Date/Year",
	[PART_MONTH] = "/UTCDateTime/Date/Month",   [PART_DAY] = "/UTCDateTime/Date/Day",
};

static void stop(struct parse *p, const char *why)
{
	if (p->wrong == NULL)
		p->wrong = why;
	XML_StopParser(p->xml, XML_FALSE);
}

static bool path_ends(const struct parse *p, const char *end)
{
	size_t len = strlen(end), all = p->path_len[p->depth];

	return all >= len && memcmp(p->path + all - len, end, len) == 0;
}

/* ---- what an element says ---- */

static void part_set(struct parse *p, uint32_t part)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < p->text_len; i++) {
		if (p->text[i] < '0' || p->text[i] > '9' || i >= 4)
			return;
		n = n * 10 + (uint32_t)(p->text[i] - '0');
	}
	if (p->text_len == 0)
		return;
	p->part[part] = n;
	p->parts |= 1U << part;
}

static void url_set(struct parse *p)
{
	if (p->found || p->text_over || p->text_len == 0)
		return;
	memcpy(p->said->url, p->text, p->text_len);
	p->said->url[p->text_len] = '\0';
	p->found = true;
}

static void profile_set(struct parse *p, const char **attribute)
{
	for (; attribute[0] != NULL; attribute += 2) {
		size_t len = strlen(attribute[1]);

		if (strcmp(attribute[0], "token") != 0 || len == 0 || len > ONVIF_PROFILE_BYTES ||
		    p->found)
			continue;
		memcpy(p->said->profile, attribute[1], len + 1);
		p->found = true;
	}
}

static void element_end(struct parse *p)
{
	if (path_ends(p, "/Body/Fault"))
		p->fault = true;
	switch (p->step) {
	case ONVIF_CLOCK:
		for (uint32_t i = 0; i < PARTS; i++)
			if (path_ends(p, time_parts[i]))
				part_set(p, i);
		break;
	case ONVIF_SERVICES:
		if (path_ends(p, "/Media/XAddr"))
			url_set(p);
		break;
	case ONVIF_PROFILES:
		break;
	case ONVIF_SNAPSHOT:
		if (path_ends(p, "/MediaUri/Uri"))
			url_set(p);
		break;
	}
}

/* ---- libexpat's callbacks ---- */

static void on_start(void *data, const char *name, const char **attribute)
{
	struct parse *p = data;
	const char *local = strrchr(name, SEPARATOR);
	uint32_t at = p->path_len[p->depth];
	size_t len;

	local = local != NULL ? local + 1 : name;
	len = strlen(local);
	if (p->depth == DEPTH_MAX || at + 1 + len >= PATH_SIZE) {
		stop(p, "its answer is nested too deeply");
		return;
	}
	p->path[at] = '/';
	memcpy(p->path + at + 1, local, len);
	p->path_len[++p->depth] = at + 1 + (uint32_t)len;
	p->text_len = 0;
	p->text_over = false;
	if (p->step == ONVIF_PROFILES && path_ends(p, "/GetProfilesResponse/Profiles"))
		profile_set(p, attribute);
}

static void on_end(void *data, const char *name)
{
	struct parse *p = data;

	(void)name;
	CHECK(p->depth > 0);
	element_end(p);
	p->depth--;
	p->text_len = 0;
}

/* Spaces around a text are layout. */
static void on_text(void *data, const char *text, int len)
{
	struct parse *p = data;

	for (int i = 0; i < len; i++) {
		if (text[i] == ' ' || text[i] == '\t' || text[i] == '\r' || text[i] == '\n')
			continue;
		if (p->text_len == HTTP_URL_MAX) {
			p->text_over = true;
			return;
		}
		p->text[p->text_len++] = text[i];
	}
}

static void on_doctype(void *data, const char *name, const char *system, const char *public,
		       int internal)
{
	(void)name;
	(void)system;
	(void)public;
	(void)internal;
	stop(data, "its answer brings a document type");
}

/* ---- an answer ---- */

static bool clock_set(const struct parse *p)
{
	char t[WALL_TEXT_SIZE + 8];
	const uint32_t *n = p->part;

	if (p->parts != (1U << PARTS) - 1)
		return false;
	snprintf(t, sizeof(t), "%04u-%02u-%02uT%02u:%02u:%02uZ", n[PART_YEAR] % 10000,
		 n[PART_MONTH] % 100, n[PART_DAY] % 100, n[PART_HOUR] % 100, n[PART_MINUTE] % 100,
		 n[PART_SECOND] % 100);
	return wall_parse(t, (uint32_t)strlen(t), &p->said->clock);
}

static const char *missing(const struct parse *p)
{
	static const char *const what[ONVIF_STEPS] = {
		[ONVIF_CLOCK] = "it does not say what time it is",
		[ONVIF_SERVICES] = "it names no media service",
		[ONVIF_PROFILES] = "it names no profile",
		[ONVIF_SNAPSHOT] = "it names no snapshot",
	};
	bool found = p->step == ONVIF_CLOCK ? clock_set(p) : p->found;

	if (p->fault)
		return "it refuses the request (SOAP fault)";
	return found ? NULL : what[p->step];
}

const char *onvif_answer(enum onvif_step step, struct span body, struct onvif_said *ret)
{
	struct onvif_said said = *ret;
	struct parse p = {.step = step, .said = &said};
	enum XML_Status status;

	CHECK(step < ONVIF_STEPS);
	if (body.len == 0 || body.len > ONVIF_ANSWER_MAX)
		return "its answer is empty or too large";
	p.xml = XML_ParserCreateNS("UTF-8", SEPARATOR);
	CHECK(p.xml != NULL);
	XML_SetUserData(p.xml, &p);
	XML_SetElementHandler(p.xml, on_start, on_end);
	XML_SetCharacterDataHandler(p.xml, on_text);
	XML_SetStartDoctypeDeclHandler(p.xml, on_doctype);
	status = XML_Parse(p.xml, (const char *)body.data, (int)body.len, 1);
	XML_ParserFree(p.xml);
	if (status != XML_STATUS_OK)
		return p.wrong != NULL ? p.wrong : "its answer is no XML";
	p.wrong = missing(&p);
	if (p.wrong == NULL)
		*ret = said;
	return p.wrong;
}
