/*
 * feed_keys.c: a new set of the office's keys. The root has signed it, the operator has put it
 * beside officed.conf and started officed again, which still signs with a key of the old set; the
 * shops have to have the new one before a key is used that only it names. So every version is told
 * once, to all shops, by whichever officed sees it first: as it starts, and before it gives the set
 * to a shop that asks for it (box_time.c); else an officed that ended between the two would leave
 * shops with a version that the office does not know it gave. One that is older than what they have
 * been told, or another one under the same number, is taken by none of them: whoever runs this
 * office hears so.
 */
#include <stdio.h>

#include "officed/feed.h"

struct keying {
	struct office *o;
	struct wall now;
	bool say;
};

/** Whether this version was told with these very bytes. */
static bool told_as(struct db *d, const struct office_keys *keys)
{
	struct db_rows *rows;
	bool same = false;

	db_ask(d, &rows, "SELECT statement FROM office_key WHERE version = $1 LIMIT 1",
	       DB_VALUES(db_int(keys->version)));
	if (db_next(rows))
		same = span_is(db_col_bytes(rows, 0), keys->statement, keys->statement_len);
	db_rows_end(rows);
	return same;
}

static int keys_work(struct db *d, void *data)
{
	const struct keying *k = data;
	const struct office_keys *keys = k->o->keys;
	struct sync_change c = {.kind = SYNC_KEY_SET,
				.key_set = {keys->statement, keys->statement_len}};
	int64_t newest = 0;
	bool other;

	db_one(d, &newest, "SELECT version FROM office_key ORDER BY version DESC LIMIT 1", 0, NULL);
	if (newest >= keys->version || keys->statement_len == 0) {
		other = newest == keys->version && !told_as(d, keys);
		if (k->say && (newest > keys->version || other))
			fprintf(stderr,
				"officed: keys_file has version %u of the office's keys, and shops "
				"have been told %sversion %lld: they do not take this one. Sign a "
				"higher version with `shopctl root sign`\n",
				keys->version, other ? "another " : "", (long long)newest);
		return db_failed(d);
	}
	if (db_do(d,
		  "INSERT INTO office_key(version, statement) VALUES($1, $2)"
		  " ON CONFLICT(version) DO NOTHING",
		  DB_VALUES(db_int(keys->version),
			    db_bytes(keys->statement, keys->statement_len))) == 1)
		feed_add_scope(k->o, "", &c, k->now);
	return db_failed(d);
}

int feed_key_set(struct office *o, struct wall now, bool say)
{
	struct keying k = {o, now, say};

	return db_transact(o->db, keys_work, &k);
}
