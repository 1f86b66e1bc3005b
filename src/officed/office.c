/* office.c: what every route's work leans on: rights, query parameters, answers, and the number
 * that tells every officed that a shop's row has changed. */
#include "officed/office.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/json.h"

#define DETAIL_MAX 400 /* bytes of a problem's sentence */

/* ---- who asks ---- */

static bool in_words(const char *words, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = words; *at != '\0'; at += strspn(at, " ")) {
		size_t here = strcspn(at, " ");

		if (here == len && memcmp(at, word, len) == 0)
			return true;
		at += here;
	}
	return false;
}

bool who_may(const struct who *who, enum right right, const char *shop)
{
	if (who->kind != WHO_OPERATOR && who->kind != WHO_CLIENT)
		return false;
	if ((who->rights & 1U << right) == 0)
		return false;
	if (strcmp(who->shops, "*") == 0)
		return shop != NULL || !who->owner;
	return shop != NULL && in_words(who->shops, shop);
}

/* ---- what they ask ---- */

const char *ask_query(const struct ask *a, const char *name)
{
	for (uint32_t i = 0; i < a->queries; i++)
		if (strcmp(a->query[i].name, name) == 0)
			return a->query[i].value;
	return NULL;
}

bool ask_query_int(const struct ask *a, const char *name, int64_t low, int64_t high,
		   int64_t otherwise, int64_t *ret, struct reply *r)
{
	const char *text = ask_query(a, name);
	size_t len = text != NULL ? strlen(text) : 0, digits;
	int64_t n = 0;

	if (text == NULL) {
		*ret = otherwise;
		return true;
	}
	digits = strspn(text + (text[0] == '-'), "0123456789");
	if (digits > 0 && digits <= 18 && digits + (text[0] == '-') == len) {
		n = strtoll(text, NULL, 10);
		if (n >= low && n <= high) {
			*ret = n;
			return true;
		}
	}
	reply_problem(r, 400, "malformed",
		      "The query parameter \"%s\" must be a whole number, %lld to %lld.", name,
		      (long long)low, (long long)high);
	return false;
}

/* ---- what they get ---- */

void reply_free(struct reply *r)
{
	free(r->bytes);
	*r = (struct reply){0};
}

void reply_bytes(struct reply *r, uint32_t status, const char *content_type, const void *bytes,
		 size_t len)
{
	void *copy = len > 0 ? malloc(len) : NULL;

	reply_free(r);
	if (len > 0 && copy == NULL) {
		r->status = 503;
		r->retry_after_s = 1;
		return;
	}
	if (len > 0)
		memcpy(copy, bytes, len);
	*r = (struct reply){
		.status = status, .content_type = content_type, .bytes = copy, .len = len};
}

void reply_problem(struct reply *r, uint32_t status, const char *code, const char *detail, ...)
{
	char sentence[DETAIL_MAX], body[JSON_TEXT_MAX(DETAIL_MAX) + 256];
	struct builder b = builder_of(body, sizeof(body));
	va_list args;

	va_start(args, detail);
	vsnprintf(sentence, sizeof(sentence), detail, args);
	va_end(args);
	problem_put(&b, status, code, sentence, NULL, NULL);
	CHECK(!b.failed);
	reply_bytes(r, status, HTTP_PROBLEM_TYPE, body, b.len);
}

/* ---- shops ---- */

int64_t fleet_turn(struct office *o)
{
	int64_t n = 0;

	(void)db_one(o->db, &n, "UPDATE counter SET n = n + 1 WHERE name = 'fleet' RETURNING n", 0,
		     NULL);
	return n;
}

void shop_touch(struct office *o, const char *shop)
{
	int64_t turn = fleet_turn(o);

	db_do(o->db, "UPDATE shop SET changed = $1 WHERE shop = $2",
	      DB_VALUES(db_int(turn), db_text(shop)));
}
