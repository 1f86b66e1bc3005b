/*
 * feed_keys.c: a new set of the office's keys. The root has signed it, the operator has put it
 * beside officed.conf and started officed again, which still signs with a key of the old set; the
 * shops have to have the new one before a key is used that only it names. So every version is told
 * once, to all shops, by whichever officed sees it first.
 */
#include <errno.h>

#include "officed/feed.h"

struct keying {
	struct office *o;
	struct wall now;
};

static int keys_work(struct db *d, void *data)
{
	const struct keying *k = data;
	const struct office_keys *keys = k->o->keys;
	struct sync_change c = {.kind = SYNC_KEY_SET,
				.key_set = {keys->statement, keys->statement_len}};
	int64_t newest = 0;

	db_one(d, &newest, "SELECT version FROM office_key ORDER BY version DESC LIMIT 1", 0, NULL);
	if (newest >= keys->version || keys->statement_len == 0)
		return db_failed(d);
	if (db_do(d,
		  "INSERT INTO office_key(version, statement) VALUES($1, $2)"
		  " ON CONFLICT(version) DO NOTHING",
		  DB_VALUES(db_int(keys->version),
			    db_bytes(keys->statement, keys->statement_len))) == 1)
		feed_add_scope(k->o, "", &c, k->now);
	return db_failed(d);
}

int feed_key_set(struct office *o, struct wall now)
{
	struct keying k = {o, now};

	return db_transact(o->db, keys_work, &k);
}
