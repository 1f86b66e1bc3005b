/*
 * shelf.c: what catalog.db holds, and opening it.
 *
 * Articles are kept with the price versions in which they hold, [since, until): an import writes
 * the rows of the version to come ahead, invisible to all who read the present one, and one row in
 * price_version switches. What is the past of a price needs no table of its own.
 *
 * All of this came from the office, or can be typed again: a damaged file is moved aside.
 */
#include "ledger/shelf.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>

static const char first_form[] =
	"CREATE TABLE member("
	" customer BLOB PRIMARY KEY CHECK(length(customer) = 16),"
	" role INTEGER NOT NULL,"
	" flags INTEGER NOT NULL,"
	" credit_limit INTEGER NOT NULL"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE member_key("
	" kid BLOB NOT NULL CHECK(length(kid) = 8),"
	" customer BLOB NOT NULL REFERENCES member(customer),"
	" key BLOB NOT NULL CHECK(length(key) = 64)," /* x, y */
	" PRIMARY KEY(kid, customer, key)"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE office_key("
	" kid BLOB PRIMARY KEY CHECK(length(kid) = 8),"
	" key BLOB NOT NULL CHECK(length(key) = 64)"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE pass("
	" cti BLOB PRIMARY KEY CHECK(length(cti) BETWEEN 8 AND 16),"
	" revoked INTEGER NOT NULL,"
	" wants_pin INTEGER NOT NULL,"
	" pin_salt BLOB NOT NULL CHECK(length(pin_salt) = 16),"
	" pin_hash BLOB NOT NULL CHECK(length(pin_hash) = 32)"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE price_version("
	" version INTEGER PRIMARY KEY," /* the largest is today's */
	" at INTEGER NOT NULL,"
	" rows INTEGER NOT NULL"
	") STRICT;"
	"CREATE TABLE article("
	" gtin INTEGER NOT NULL,"
	" since INTEGER NOT NULL," /* price versions: from this one */
	" until INTEGER NOT NULL," /* to before this one; 0: it still holds */
	" price INTEGER NOT NULL,"
	" vat_bp INTEGER NOT NULL,"
	" class INTEGER NOT NULL,"
	" state INTEGER NOT NULL,"
	" name TEXT NOT NULL,"
	" PRIMARY KEY(gtin, since)"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX article_past ON article(until) WHERE until > 0;"
	"CREATE TABLE meta("
	" name TEXT PRIMARY KEY,"
	" value INTEGER NOT NULL"
	") STRICT, WITHOUT ROWID;";

/* What an article is for VAT, its deposit, when to order it; what the shop thinks of a member. The
 * rate that an older list gave stays as it was written: a fixed one. */
static const char vat_form[] =
	"ALTER TABLE article ADD COLUMN vat_class INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE article ADD COLUMN deposit INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE article ADD COLUMN reorder INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE member ADD COLUMN trust INTEGER NOT NULL DEFAULT 0;";

/* What an office says: its tables for a snapshot that is being staged (catalogue_snapshot.c makes
 * them anew), settings, what is still to be done, prices to come; and whom the shop has blocked
 * itself. */
static const char feed_form[] =
	"CREATE TABLE local_block("
	" customer BLOB PRIMARY KEY CHECK(length(customer) = 16)"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE setting("
	" name TEXT PRIMARY KEY,"
	" value TEXT NOT NULL"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE todo("
	" n INTEGER PRIMARY KEY AUTOINCREMENT," /* none is ever given twice */
	" change BLOB NOT NULL"			/* as it stood in the feed */
	") STRICT;"
	"CREATE TABLE article_next("
	" gtin INTEGER NOT NULL,"
	" valid_from INTEGER NOT NULL," /* UTC, milliseconds */
	" price INTEGER NOT NULL,"
	" vat_bp INTEGER NOT NULL,"
	" class INTEGER NOT NULL,"
	" state INTEGER NOT NULL,"
	" name TEXT NOT NULL,"
	" vat_class INTEGER NOT NULL,"
	" deposit INTEGER NOT NULL,"
	" reorder INTEGER NOT NULL,"
	" PRIMARY KEY(gtin, valid_from)"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX article_due ON article_next(valid_from);";

/* Cards: of each its kid alone, which only the shop that can read it finds again. */
static const char card_form[] = "CREATE TABLE member_card("
				" kid BLOB PRIMARY KEY CHECK(length(kid) = 8),"
				" customer BLOB NOT NULL"
				") STRICT, WITHOUT ROWID;";

static const char *const forms[] = {
	first_form,
	vat_form,
	feed_form,
	card_form,
};

const struct sql_file catalogue_file = {
	.name = "catalog.db",
	.application_id = 0x534b4354, /* "SKCT" */
	.migration = forms,
	.migrations = ARRAY_LEN(forms),
	/* it is read once and then seldom: a small cache, and a WAL that does not stay large */
	.pragmas = "PRAGMA cache_size=-1024; PRAGMA journal_size_limit=1048576;",
};

static int read_version(struct shelf *s)
{
	int64_t version = 0, at = 0;
	int rc = sql_number(s->writer.db, "SELECT coalesce(max(version), 0) FROM price_version",
			    &version);

	if (rc == SQLITE_OK && version > 0)
		rc = sql_number(s->writer.db,
				"SELECT at FROM price_version ORDER BY version DESC LIMIT 1", &at);
	if (rc == SQLITE_OK && (version < 0 || version > UINT32_MAX))
		rc = SQLITE_CORRUPT;
	s->version = (uint32_t)version;
	s->made_at.ms = at;
	return rc;
}

static int open_once(const char *dir, struct wall now, struct shelf *s, struct roster **ret_roster,
		     struct articles **ret_articles, char why[WHY_MAX])
{
	struct roster *roster = NULL;
	int r = sql_open_writer(dir, &catalogue_file, &s->writer, why);

	if (r < 0)
		return r;
	r = read_version(s);
	if (r == SQLITE_OK)
		r = import_tidy(s);
	if (r == SQLITE_OK)
		r = feed_open(s);
	if (r == SQLITE_OK)
		r = roster_load(s->writer.db, &roster);
	if (r == SQLITE_OK)
		r = articles_load(s, now, ret_articles);
	if (r == SQLITE_OK) {
		*ret_roster = roster;
		return 0;
	}
	why_format(why, "%s: %s (%d)", catalogue_file.name, sqlite3_errstr(r), r);
	r = sql_errno(s->writer.db, r);
	roster_free(roster);
	shelf_close(s);
	return r;
}

static int move_aside(const char *dir, char why[WHY_MAX])
{
	static const char *const parts[] = {"", "-wal", "-shm"};
	char from[PATH_MAX], to[PATH_MAX];

	for (uint32_t i = 0; i < ARRAY_LEN(parts); i++) {
		snprintf(from, sizeof(from), "%s/%s%s", dir, catalogue_file.name, parts[i]);
		snprintf(to, sizeof(to), "%s/%s.damaged%s", dir, catalogue_file.name, parts[i]);
		if (rename(from, to) < 0 && errno != ENOENT) {
			int error = errno;

			why_format(why, "%s is damaged and cannot be moved aside: %m",
				   catalogue_file.name);
			return -error;
		}
	}
	why_format(why,
		   "%s was damaged; it was moved aside as %s.damaged, and an empty one begun: "
		   "fetch or import members and articles again",
		   catalogue_file.name, catalogue_file.name);
	return 0;
}

int shelf_open(const char *dir, struct wall now, struct shelf *ret, struct roster **ret_roster,
	       struct articles **ret_articles, char why[WHY_MAX])
{
	struct shelf s = {0};
	char again[WHY_MAX] = "";
	int r = open_once(dir, now, &s, ret_roster, ret_articles, why);

	if (r == -EBADMSG) {
		r = move_aside(dir, why);
		if (r == 0)
			r = open_once(dir, now, &s, ret_roster, ret_articles, again);
		if (r < 0 && again[0] != '\0')
			memcpy(why, again, sizeof(again));
	}
	if (r < 0)
		return r;
	s.roster = *ret_roster;
	s.articles = *ret_articles;
	*ret = s;
	return 0;
}

void shelf_close(struct shelf *s)
{
	sql_close_writer(&s->writer);
}

void shelf_refuse(struct changed *ret, int error, const char *why)
{
	ret->error = error;
	why_format(ret->why, "%s", why);
}

void shelf_fail(struct shelf *s, int rc, const char *doing, struct changed *ret)
{
	ret->error = sql_errno(s->writer.db, rc);
	why_format(ret->why, "%s: %s (%d)", doing, sqlite3_errmsg(s->writer.db), rc);
	if (!sqlite3_get_autocommit(s->writer.db))
		sql_exec(s->writer.db, "ROLLBACK");
	/* a full disk or a busy file leaves all as it was; anything else ends our writing, and a
	 * restart reads what is really there */
	if (ret->error != -ENOSPC && ret->error != -EAGAIN)
		s->broken = true;
}
