/*
 * goods_scope.c: what a price or a setting holds for. Whoever changes what reaches every shop, or
 * every shop of a group, needs the right over all shops: a group may grow by another's shop.
 */
#include "officed/goods_scope.h"

#include <stdio.h>
#include <string.h>

bool scope_read(const char *text, struct scope *ret, struct reply *r)
{
	char plain[SCOPE_TEXT_MAX + 1];
	size_t len = strlen(text);

	if (len < sizeof(plain)) {
		memcpy(plain, text, len + 1);
		if (strncmp(plain, "group_", 6) == 0)
			plain[5] = ':';
		else if (strncmp(plain, "shop_", 5) == 0)
			plain[4] = ':';
		else if (strcmp(plain, "all") == 0)
			plain[0] = '\0';
		if (scope_parse(plain, ret))
			return true;
	}
	reply_problem(r, 400, "malformed",
		      "A scope is all, group:NAME or shop:NAME; this is none of them.");
	return false;
}

bool scope_take(const json_t *object, struct scope *ret, struct reply *r)
{
	const char *text = "";

	return json_take_text(object, "scope", false, SCOPE_TEXT_MAX, &text, r) &&
	       scope_read(text, ret, r);
}

bool scope_may(const struct ask *a, enum right right, const struct scope *s, struct reply *r)
{
	if (who_may(&a->who, right, s->kind == SCOPE_SHOP ? s->name : NULL))
		return true;
	reply_problem(r, 403, "forbidden",
		      s->kind == SCOPE_SHOP
			      ? "You have no such right over this shop."
			      : "This reaches shops that are not yours: name one of your own, as "
				"shop:NAME.");
	return false;
}

bool scope_there(struct office *o, const struct scope *s, struct reply *r)
{
	int64_t one = 0;
	bool there = true;

	switch (s->kind) {
	case SCOPE_ALL:
		break;
	case SCOPE_GROUP:
		there = db_one(o->db, &one, "SELECT 1 FROM shop_group WHERE name = $1 LIMIT 1",
			       DB_VALUES(db_text(s->name)));
		break;
	case SCOPE_SHOP:
		there = db_one(o->db, &one, "SELECT 1 FROM shop WHERE shop = $1 LIMIT 1",
			       DB_VALUES(db_text(s->name)));
		break;
	}
	if (!there && !db_failed(o->db))
		reply_problem(r, 404, s->kind == SCOPE_GROUP ? "unknown_group" : "unknown_shop",
			      "There is no %s '%s'.", s->kind == SCOPE_GROUP ? "group" : "shop",
			      s->name);
	return there;
}

json_t *json_scope(const struct scope *s)
{
	char text[SCOPE_TEXT_MAX + 1];

	scope_text(s, text);
	return json_string(text);
}

bool page_limit(const struct ask *a, int64_t *ret, struct reply *r)
{
	return ask_query_int(a, "limit", 1, PAGE_MAX, 50, ret, r);
}
