/*
 * schema_ready.c: tables in a database that has none, or not those of today. Several officed may
 * start at once on one PostgreSQL: one makes the tables, for the others the script fails as a
 * whole, and they look again. A database that was taken on is refused by the officed of before,
 * which says so.
 */
#include "officed/schema.h"

#include <errno.h>
#include <stdio.h>

static const char form_of[] = "SELECT value FROM meta WHERE name = 'form' LIMIT 1";

struct look {
	bool there;
	int64_t form;
};

static int look_work(struct db *d, void *data)
{
	struct look *l = data;

	*l = (struct look){false, 0};
	l->there = db_has_table(d, "meta");
	if (l->there && !db_one(d, &l->form, form_of, 0, NULL))
		l->form = 0;
	return db_failed(d);
}

static int form_work(struct db *d, void *data)
{
	(void)data;
	db_do(d, "INSERT INTO meta(name, value) VALUES('form', 1) ON CONFLICT(name) DO NOTHING", 0,
	      NULL);
	return db_failed(d);
}

/** The tables, or somebody else has just made them. */
static int make(struct db *d, struct look *l, char why[DB_WHY_MAX])
{
	int r = db_script(d, office_schema, why), again;

	again = db_transact(d, look_work, l);
	if (again < 0 || !l->there)
		return r < 0 ? r : -EIO;
	return l->form == 0 ? db_transact(d, form_work, NULL) : 0;
}

/** One form further, by us or by somebody else. */
static int step(struct db *d, struct look *l, char why[DB_WHY_MAX])
{
	int64_t before = l->form;
	int r = db_script(d, office_steps[before + 1], why), again;

	again = db_transact(d, look_work, l);
	if (again == 0 && l->form > before)
		return 0;
	return r < 0 ? r : again < 0 ? again : -EIO;
}

int office_schema_ready(struct db *d, char why[DB_WHY_MAX])
{
	struct look l;
	int r = db_transact(d, look_work, &l);

	snprintf(why, DB_WHY_MAX, "%s", r < 0 ? db_why(d) : "");
	if (r == 0 && (!l.there || l.form == 0)) {
		r = l.there ? db_transact(d, form_work, NULL) : make(d, &l, why);
		if (r == 0)
			r = db_transact(d, look_work, &l);
	}
	while (r == 0 && l.form > 0 && l.form < OFFICE_FORM)
		r = step(d, &l, why);
	if (r == 0 && l.form != OFFICE_FORM) {
		snprintf(why, DB_WHY_MAX,
			 "its tables are of form %lld, this program knows form %d: run the officed "
			 "that made them, or a newer one",
			 (long long)l.form, OFFICE_FORM);
		return -EPROTO;
	}
	return r;
}
