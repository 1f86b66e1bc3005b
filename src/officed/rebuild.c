/*
 * rebuild.c: a person has the tables of a shop made again from its entries, or those of every shop:
 * after an upgrade that can read what an older officed could not, or where a table is in doubt.
 *
 * A SQLite file has one process, so officed must be stopped; db_open() refuses while it runs. On
 * PostgreSQL it may serve meanwhile: boxes of the shop that is being made again wait, nobody else
 * does. A shop is one transaction; whoever ends this halfway has some shops made again and the
 * others as they were, and can begin once more.
 */
#include "officed/rebuild.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "loop/loop.h"
#include "officed/intake.h"

struct rounds {
	char shop[PLACE_MAX_LEN + 1]; /* the newest; "" at first */
	int64_t left;		      /* shops behind it */
};

static int next_read(struct db *d, void *data)
{
	struct rounds *n = data;
	struct db_rows *rows;

	n->left = 0;
	db_one(d, &n->left, "SELECT count(*) FROM shop WHERE shop > $1",
	       DB_VALUES(db_text(n->shop)));
	db_ask(d, &rows, "SELECT shop FROM shop WHERE shop > $1 ORDER BY shop LIMIT 1",
	       DB_VALUES(db_text(n->shop)));
	if (db_next(rows))
		snprintf(n->shop, sizeof(n->shop), "%s", db_col_text(rows, 0));
	db_rows_end(rows);
	return db_failed(d);
}

/** 1 where something differed, 0, or -errno. */
static int rebuild_shop(struct office *o, const char *shop)
{
	struct rebuilt is;
	int r = intake_rebuild(o, shop, loop_wall(), &is);

	if (r == -ENOENT)
		fprintf(stderr, "officed: there is no shop %s\n", shop);
	else if (r < 0)
		fprintf(stderr, "officed: %s: %s (%s); it is as it was\n", shop, db_why(o->db),
			strerrordesc_np(-r));
	else if (is.differ == 0)
		printf("%s: %llu entries, nothing differed\n", shop,
		       (unsigned long long)is.entries);
	else
		printf("%s: %llu entries; made again: %s\n", shop, (unsigned long long)is.entries,
		       is.which);
	fflush(stdout);
	return r < 0 ? r : is.differ > 0;
}

static int rebuild_all(struct office *o)
{
	struct rounds n = {.shop = ""};
	int64_t shops = 0, differed = 0;
	int r = db_read(o->db, next_read, &n);

	for (; r == 0 && n.left > 0; shops++) {
		r = rebuild_shop(o, n.shop);
		differed += r > 0;
		if (r >= 0)
			r = db_read(o->db, next_read, &n);
		if (r == 0 && n.left > 0)
			printf("%lld of %lld shops\n", (long long)shops + 1,
			       (long long)(shops + 1 + n.left));
	}
	if (r == 0)
		printf("%lld shops, %lld of them made again\n", (long long)shops,
		       (long long)differed);
	return r < 0 ? r : differed > 0;
}

int rebuild_tables(const struct config *config, const char *shop)
{
	static const struct office_keys nothing_is_signed;
	struct office o = {.config = config, .keys = &nothing_is_signed};
	char why[DB_WHY_MAX] = "";
	int r = db_open(config->database, &o.db, why);

	if (r == 0)
		r = office_schema_ready(o.db, why);
	if (r < 0) {
		fprintf(stderr, "officed: the database does not open: %s (%s)\n", why,
			strerrordesc_np(-r));
		db_close(o.db);
		return REBUILD_FAILED;
	}
	r = strcmp(shop, "all") == 0 ? rebuild_all(&o) : rebuild_shop(&o, shop);
	db_close(o.db);
	return r < 0 ? REBUILD_FAILED : r > 0 ? REBUILD_DIFFERED : REBUILD_SAME;
}
