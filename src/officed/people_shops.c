/* people_shops.c: which shops a member may enter: one by one, or all of them, now and later. */
#include <stdio.h>
#include <string.h>

#include "officed/people.h"

bool place_may(struct office *o, const struct ask *a, const char *shop, struct reply *r)
{
	struct scope s = {.kind = strcmp(shop, EVERY_SHOP) == 0 ? SCOPE_ALL : SCOPE_SHOP};

	if (s.kind == SCOPE_SHOP && !place_valid(shop, (uint32_t)strnlen(shop, 64))) {
		reply_problem(r, 400, "malformed",
			      "A shop's name is 1 to %d of a-z, 0-9 and -; \"*\" is all of them.",
			      PLACE_MAX_LEN);
		return false;
	}
	if (s.kind == SCOPE_SHOP)
		memcpy(s.name, shop, strlen(shop) + 1);
	return scope_may(a, RIGHT_MEMBERS, &s, r) && scope_there(o, &s, r);
}

void shop_join(struct office *o, const struct person *p, const char *shop, struct wall now)
{
	if (db_do(o->db,
		  "INSERT INTO member_shop(shop, member, customer) VALUES($1, $2, $3)"
		  " ON CONFLICT(shop, member) DO NOTHING",
		  DB_VALUES(db_text(shop), db_text(p->member),
			    db_bytes(p->customer.byte, sizeof(p->customer.byte)))) == 1)
		person_tell_shop(o, p, shop, now);
}

struct joining {
	struct office *o;
	const struct ask *a;
	struct reply *r;
	const char *shop;
	struct person p;
	json_t *shops;
};

/** In a path `all` stands for every shop. */
static const char *shop_of(const struct ask *a)
{
	return strcmp(a->param[1], "all") == 0 ? EVERY_SHOP : a->param[1];
}

static bool too_many(struct joining *j)
{
	int64_t n = 0;

	db_one(j->o->db, &n, "SELECT count(*) FROM member_shop WHERE member = $1 LIMIT 1",
	       DB_VALUES(db_text(j->p.member)));
	if (n < MEMBER_SHOPS_MAX)
		return false;
	reply_problem(j->r, 409, "too_many_shops",
		      "A member has at most %d shops of his own: let him into all.",
		      MEMBER_SHOPS_MAX);
	return true;
}

static int add_work(struct db *d, void *data)
{
	struct joining *j = data;

	person_hold(j->o, j->a->param[0]);
	if (!person_find(j->o, j->a, REACH_SOME, &j->p, j->r) ||
	    !place_may(j->o, j->a, j->shop, j->r) || too_many(j) ||
	    !owner_may(&j->a->who, j->p.role, j->r))
		return db_failed(d) ? db_failed(d) : WORK_REFUSED;
	if (j->p.state == MEMBER_ERASED) {
		reply_problem(j->r, 409, "erased", "This member was erased.");
		return WORK_REFUSED;
	}
	shop_join(j->o, &j->p, j->shop, j->a->now);
	json_decref(j->shops);
	j->shops = person_shops_json(j->o, j->p.member);
	return db_failed(d);
}

/** PUT /v1/members/{member}/shops/{place} */
int member_shop_add(struct office *o, const struct ask *a, struct reply *r)
{
	struct joining j = {.o = o, .a = a, .r = r, .shop = shop_of(a)};
	int error = db_transact(o->db, add_work, &j);

	if (error == 0)
		reply_json(r, 200, json_pack("{s:O}", "shops", j.shops));
	json_decref(j.shops);
	return work_answered(error);
}

static int remove_work(struct db *d, void *data)
{
	struct joining *j = data;
	struct sync_change c = {.kind = SYNC_MEMBER_GONE};

	person_hold(j->o, j->a->param[0]);
	if (!person_find(j->o, j->a, REACH_SOME, &j->p, j->r) ||
	    !place_may(j->o, j->a, j->shop, j->r))
		return db_failed(d) ? db_failed(d) : WORK_REFUSED;
	c.gone = j->p.customer;
	if (j->p.state != MEMBER_ERASED &&
	    db_do(d, "DELETE FROM member_shop WHERE shop = $1 AND member = $2",
		  DB_VALUES(db_text(j->shop), db_text(j->p.member))) == 1) {
		if (strcmp(j->shop, EVERY_SHOP) == 0)
			feed_add_scope(j->o, "", &c, j->a->now);
		else
			feed_add(j->o, j->shop, &c, j->a->now);
		/* what is left lets the member in there again: by '*', or shops of his own */
		person_tell(j->o, &j->p, j->a->now);
	}
	json_decref(j->shops);
	j->shops = person_shops_json(j->o, j->p.member);
	return db_failed(d);
}

/** DELETE /v1/members/{member}/shops/{place} */
int member_shop_remove(struct office *o, const struct ask *a, struct reply *r)
{
	struct joining j = {.o = o, .a = a, .r = r, .shop = shop_of(a)};
	int error = db_transact(o->db, remove_work, &j);

	if (error == 0)
		reply_json(r, 200, json_pack("{s:O}", "shops", j.shops));
	json_decref(j.shops);
	return work_answered(error);
}
