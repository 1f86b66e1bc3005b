/*
 * people_list.c: members page by page, by number; found by a piece of name, address or mail, by the
 * first digits of their number or of the customer key, of which shops show eight. The letters
 * outside ASCII of what is looked for match any letter, so that "Åsa", "ÅSA" and "asa" find each
 * other in either engine.
 */
#include <stdio.h>
#include <string.h>

#include "officed/people.h"

enum {
	QUERY_MAX = 60
};

struct listing {
	struct office *o;
	const struct ask *a;
	struct reply *r;
	int64_t limit, state; /* -1: all but the erased */
	const char *after, *shop, *q;
	char pattern[4 * QUERY_MAX + 4], number[2 * MEMBER_TEXT_SIZE];
	struct customer low, high; /* customer keys that begin so; low above high: none do */
	json_t *items;
	char last[MEMBER_TEXT_SIZE];
	bool more;
};

static bool rest_of_letter(char c)
{
	return ((uint8_t)c & 0xc0) == 0x80;
}

static char lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

static void pattern_make(const char *q, char *to)
{
	*to++ = '%';
	for (; *q; q++) {
		if (rest_of_letter(*q))
			continue;
		if (*q == '%' || *q == '_' || *q == '\\')
			*to++ = '\\';
		*to++ = (uint8_t)*q >= 0xc0 ? '_' : lower(*q);
	}
	*to++ = '%';
	*to = '\0';
}

/** `q` at the begin of `text`, a letter outside ASCII standing for any. */
static bool begins(const char *text, const char *q)
{
	while (*q) {
		bool any = (uint8_t)*q >= 0x80;

		if (!*text || (!any && lower(*q) != lower(*text) && (uint8_t)*text < 0x80) ||
		    (!any && (uint8_t)*text >= 0x80))
			return false;
		do
			q++;
		while (rest_of_letter(*q));
		do
			text++;
		while (rest_of_letter(*text));
	}
	return true;
}

static bool holds(const char *text, const char *q)
{
	for (; *text; text++)
		if (!rest_of_letter(*text) && begins(text, q))
			return true;
	return false;
}

/** The database finds words of the JSON too: only its values count. */
static bool party_holds(const char *party, const char *q)
{
	json_t *p = json_loads(party, 0, NULL), *value;
	const char *key;
	bool found = false;

	json_object_foreach(p, key, value)
	{
		if (json_is_string(value) && holds(json_string_value(value), q))
			found = true;
	}
	json_decref(p);
	return found;
}

/** Eight hex digits and more are the begin of a customer key, or of a member's number. */
static void hex_make(struct listing *l)
{
	size_t digits = l->q ? strspn(l->q, "0123456789abcdefABCDEF") : 0;
	char even[2 * sizeof(l->low.byte) + 1] = "";

	memset(&l->low, 0xff, sizeof(l->low));
	memset(&l->high, 0, sizeof(l->high));
	if (digits < 8 || digits > 2 * sizeof(l->low.byte) || l->q[digits] != '\0')
		return;
	for (size_t i = 0; i < digits; i++)
		even[i] = lower(l->q[i]);
	if (digits < MEMBER_TEXT_SIZE)
		snprintf(l->number, sizeof(l->number), "%s%%", even);
	even[digits & ~(size_t)1] = '\0';
	memset(&l->low, 0, sizeof(l->low));
	memset(&l->high, 0xff, sizeof(l->high));
	CHECK(hex_parse(even, (uint32_t)strlen(even), l->low.byte, (uint32_t)strlen(even) / 2));
	memcpy(l->high.byte, l->low.byte, strlen(even) / 2);
}

static bool is_wanted(const struct listing *l, const struct person *p)
{
	size_t digits = strlen(l->number);

	if (!l->q || party_holds(p->party, l->q))
		return true;
	if (digits > 0 && strncmp(p->member, l->number, digits - 1) == 0)
		return true;
	return memcmp(&p->customer, &l->low, sizeof(l->low)) >= 0 &&
	       memcmp(&p->customer, &l->high, sizeof(l->high)) <= 0;
}

static bool in_sight(struct listing *l, const char *member)
{
	int64_t one;

	if (l->shop && !db_one(l->o->db, &one,
			       "SELECT 1 FROM member_shop WHERE member = $1 AND shop IN ($2, '*')"
			       " LIMIT 1",
			       DB_VALUES(db_text(member), db_text(l->shop))))
		return false;
	return person_reach(l->o, &l->a->who, member) != REACH_NONE;
}

static void one_add(struct listing *l, const char *member)
{
	struct person p;
	json_t *item;

	if (!person_read(l->o, member, &p) || !is_wanted(l, &p))
		return;
	item = person_json(&p, false);
	json_object_set_new(item, "shops", person_shops_json(l->o, member));
	json_array_append_new(l->items, item);
	look_add(l->o, &l->a->who, member, "list", l->a->now);
	explicit_bzero(p.party, sizeof(p.party));
}

/** Steps over who is out of sight; ends when the page is full. */
static bool page_read(struct listing *l)
{
	struct db_rows *rows;
	uint32_t n = 0;

	db_ask(l->o->db, &rows,
	       "SELECT member FROM member WHERE member > $1 AND (state = $2 OR ($2 < 0 AND"
	       " state <> 4)) AND ($3 = '' OR lower(party) LIKE $3 ESCAPE '\\'"
	       " OR (customer >= $4 AND customer <= $5) OR member LIKE $6)"
	       " ORDER BY member LIMIT 500",
	       DB_VALUES(db_text(l->last), db_int(l->state), db_text(l->pattern),
			 db_bytes(l->low.byte, sizeof(l->low.byte)),
			 db_bytes(l->high.byte, sizeof(l->high.byte)), db_text(l->number)));
	while (db_next(rows)) {
		n++;
		l->more = (int64_t)json_array_size(l->items) == l->limit;
		if (l->more)
			break;
		snprintf(l->last, sizeof(l->last), "%s", db_col_text(rows, 0));
		if (in_sight(l, l->last))
			one_add(l, l->last);
	}
	db_rows_end(rows);
	return n == 500 && !l->more;
}

static int list_work(struct db *d, void *data)
{
	struct listing *l = data;

	json_array_clear(l->items);
	snprintf(l->last, sizeof(l->last), "%s", l->after);
	l->more = false;
	while (page_read(l) && !db_failed(d))
		;
	return db_failed(d);
}

static bool state_read(const char *word, int64_t *ret)
{
	for (enum member_state s = MEMBER_ASKS; s <= MEMBER_ERASED; s++) {
		if (strcmp(member_state_word(s), word) == 0) {
			*ret = s;
			return true;
		}
	}
	return false;
}

static bool list_read(struct listing *l)
{
	const char *after = ask_query(l->a, "after"), *state = ask_query(l->a, "state");

	l->state = -1;
	l->q = ask_query(l->a, "q");
	l->shop = ask_query(l->a, "shop");
	l->after = after ? after : "";
	if (!page_limit(l->a, &l->limit, l->r))
		return false;
	if (strlen(l->after) >= MEMBER_TEXT_SIZE || (l->q && strlen(l->q) > QUERY_MAX))
		reply_problem(l->r, 400, "malformed", "after or q is too long.");
	else if (state && !state_read(state, &l->state))
		reply_problem(l->r, 400, "malformed",
			      "state is asks, live, blocked, declined or erased.");
	else
		return true;
	return false;
}

/** GET /v1/members?after=&limit=&q=&state=&shop= */
int member_list(struct office *o, const struct ask *a, struct reply *r)
{
	struct listing l = {.o = o, .a = a, .r = r};
	int error;

	if (!list_read(&l))
		return 0;
	if (l.q && !l.q[0])
		l.q = NULL;
	if (l.q)
		pattern_make(l.q, l.pattern);
	hex_make(&l);
	l.items = json_array();
	error = db_transact(o->db, list_work, &l);
	if (error == 0)
		reply_json(r, 200,
			   json_pack("{s:O, s:o}", "members", l.items, "next",
				     l.more ? json_string(l.last) : json_null()));
	json_decref(l.items);
	return error;
}

struct showing {
	struct office *o;
	const struct ask *a;
	struct reply *r;
	json_t *answer;
};

static int show_work(struct db *d, void *data)
{
	struct showing *s = data;
	struct person p;

	if (!person_find(s->o, s->a, REACH_SOME, &p, s->r))
		return db_failed(d) ? db_failed(d) : WORK_REFUSED;
	json_decref(s->answer);
	s->answer = person_json(&p, true);
	json_object_set_new(s->answer, "shops", person_shops_json(s->o, p.member));
	json_object_set_new(s->answer, "keys", person_keys_json(s->o, p.member, false));
	look_add(s->o, &s->a->who, p.member, "show", s->a->now);
	explicit_bzero(p.party, sizeof(p.party));
	return db_failed(d);
}

/** GET /v1/members/{member} */
int member_show(struct office *o, const struct ask *a, struct reply *r)
{
	struct showing s = {.o = o, .a = a, .r = r};
	int error = db_transact(o->db, show_work, &s);

	if (error == 0)
		reply_json(r, 200, json_incref(s.answer));
	json_decref(s.answer);
	return work_answered(error);
}
