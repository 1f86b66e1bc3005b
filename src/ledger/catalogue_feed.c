/*
 * catalogue_feed.c: a batch of the office's feed (contracts 5). Nothing of it is parsed before its
 * signature holds; it is applied only where it goes on from what was applied before; and either all
 * of it is on disk, with the cursor, or nothing.
 *
 * What is not for a table (a payment to record, somebody to forget, a new key set) is kept beside
 * the cursor in the same transaction until the loop says that it is done. A command is handed over
 * once and never kept: after a power cut it would come too late to be meant.
 */
#include "ledger/shelf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "token/statement.h"

/* The statement, mapped: sealed, so that it stays what was verified. */
static bool map_statement(int fd, struct span *ret, char why[WHY_MAX])
{
	const int wanted = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
	int seals = fd < 0 ? -1 : fcntl(fd, F_GET_SEALS);
	struct stat st;
	void *map = MAP_FAILED;

	if (seals < 0 || (seals & wanted) != wanted || fstat(fd, &st) < 0)
		why_format(why, "a feed comes in a sealed memfd");
	else if (st.st_size < 1 || st.st_size > STATEMENT_SIZE_MAX)
		why_format(why, "a feed has at most %d bytes", STATEMENT_SIZE_MAX);
	else
		map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return false;
	*ret = (struct span){map, (uint32_t)st.st_size};
	return true;
}

/* One change: onto its table, or for the loop. A result code. */
static int apply_one(struct feed_writer *w, const struct sync_change *c, struct span bytes,
		     struct changed *ret)
{
	uint64_t n = 0;
	int rc = SQLITE_OK;

	if (!feed_is_todo(c->kind))
		return feed_write(w, c);
	if (c->kind != SYNC_COMMAND)
		rc = feed_todo_keep(w->s, "", bytes, &n);
	if (rc == SQLITE_OK)
		feed_todo_of(c, n, &ret->todo[ret->todos++]);
	return rc;
}

/* All of them; sync_feed_take() has seen that they are well-formed. */
static int apply_all(struct feed_writer *w, const struct sync_feed *feed, struct changed *ret)
{
	struct span rest = feed->change;
	int rc = SQLITE_OK;

	for (uint32_t i = 0; i < feed->changes && rc == SQLITE_OK; i++) {
		const uint8_t *from = rest.data;
		struct sync_change change;
		enum sync_taken taken = sync_change_take(&rest, &change);
		struct span bytes = {from, (uint32_t)(rest.data - from)};

		CHECK(taken != SYNC_CHANGE_BAD);
		if (taken == SYNC_CHANGE_GOOD)
			rc = apply_one(w, &change, bytes, ret);
	}
	return rc;
}

/* What is now on disk, as the loop's arrays. */
static int load_again(struct feed_writer *w, struct changed *ret)
{
	struct shelf *s = w->s;
	int rc = SQLITE_OK;

	if (w->articles) {
		s->version = w->version;
		s->made_at = w->now;
		rc = articles_load(s, w->now, &ret->articles);
	}
	if (rc == SQLITE_OK && w->roster)
		rc = roster_load(s->writer.db, &ret->roster);
	return rc == SQLITE_OK ? due_find(s) : rc;
}

/* Nobody tells which revoked passes have run out, but a snapshot, which is without them. */
static int passes_fit(struct shelf *s, struct changed *ret)
{
	int64_t passes = 0;
	int rc = sql_number(s->writer.db, "SELECT count(*) FROM pass", &passes);

	ret->must_refetch = rc == SQLITE_OK && passes > PASSES_MAX;
	return rc;
}

static int write_batch(struct feed_writer *w, const struct sync_feed *feed, struct changed *ret)
{
	sqlite3 *db = w->s->writer.db;
	int rc = sql_exec(db, "BEGIN IMMEDIATE");

	if (rc == SQLITE_OK)
		rc = apply_all(w, feed, ret);
	if (rc == SQLITE_OK && w->articles)
		rc = price_version_new(w->s, w->version, w->now);
	if (rc == SQLITE_OK && w->roster)
		rc = passes_fit(w->s, ret);
	if (rc == SQLITE_OK && w->roster)
		rc = feed_room(w->s, "", ret->why);
	if (rc == SQLITE_OK)
		rc = feed_note(w->s, feed->to, feed->at);
	return rc == SQLITE_OK ? sql_exec(db, "COMMIT") : rc;
}

/* Nothing of the batch holds: what was said of it is taken back, but for the reason. */
static void take_back(struct shelf *s, int rc, struct changed *ret)
{
	char why[WHY_MAX];

	memcpy(why, ret->why, sizeof(why));
	for (uint32_t i = 0; i < ret->todos; i++)
		free(ret->todo[i].key_set);
	ret->todos = 0;
	shelf_fail(s, rc, "applying the office's feed", ret);
	if (why[0] != '\0') {
		ret->error = -E2BIG;
		memcpy(ret->why, why, sizeof(why));
	}
}

/* How many of them the loop will have to keep: with none a batch waits for nobody. */
static uint32_t todos_of(const struct sync_feed *feed)
{
	struct span rest = feed->change;
	struct sync_change change;
	uint32_t todos = 0;

	for (uint32_t i = 0; i < feed->changes; i++)
		if (sync_change_take(&rest, &change) == SYNC_CHANGE_GOOD &&
		    feed_is_todo(change.kind) && change.kind != SYNC_COMMAND)
			todos++;
	return todos;
}

static void batch(struct shelf *s, const struct sync_feed *feed, struct wall now,
		  struct changed *ret)
{
	uint32_t todos = todos_of(feed);
	struct feed_writer w = {.s = s, .now = now, .version = s->version + 1};
	int64_t waiting = 0;
	int rc = sql_number(s->writer.db, "SELECT count(*) FROM todo", &waiting);

	if (rc == SQLITE_OK && todos > 0 && waiting + todos > TODOS_MAX) {
		shelf_refuse(ret, -EAGAIN, "what the office said before is still being done");
		return;
	}
	ret->todo = calloc(feed->changes + 1, sizeof(*ret->todo));
	CHECK(ret->todo);
	if (rc == SQLITE_OK)
		rc = write_batch(&w, feed, ret);
	feed_writer_end(&w);
	if (rc != SQLITE_OK) {
		take_back(s, rc, ret);
		return;
	}
	s->feed_cursor = feed->to;
	s->feed_heard = feed->at;
	rc = load_again(&w, ret);
	if (rc != SQLITE_OK)
		shelf_fail(s, rc, "reading the catalogue", ret);
	else if (w.left_out > 0)
		why_format(ret->why, "%u left out; %s", w.left_out, w.why);
	ret->rows = feed->changes;
}

/* A batch goes on from the cursor; what was applied already is no news. */
static void changes(struct shelf *s, const struct sync_feed *feed, struct wall now,
		    struct changed *ret)
{
	if (s->feed_known && feed->to <= s->feed_cursor)
		shelf_refuse(ret, -EALREADY, "the feed was applied before");
	else if (!s->feed_known || feed->from != s->feed_cursor) {
		shelf_refuse(ret, -ESTALE, "the feed does not go on from where this shop is");
		ret->must_refetch = true;
	} else {
		batch(s, feed, now, ret);
	}
}

void change_feed(struct shelf *s, const struct change *c, struct wall now, struct changed *ret)
{
	struct span statement, payload;
	struct sync_feed feed;

	if (!map_statement(c->fd, &statement, ret->why)) {
		ret->error = -EINVAL;
	} else {
		if (!c->judge.verify(c->judge.data, statement, &payload, ret->why))
			ret->error = -EBADMSG;
		else if (!sync_feed_take(payload, &feed))
			shelf_refuse(ret, -EPROTO,
				     "the office's feed cannot be read: update this shop");
		else if (strcmp(feed.shop, c->judge.shop) != 0 || feed.epoch != c->judge.epoch)
			shelf_refuse(ret, -EBADMSG, "the feed is of another shop or epoch");
		else if (feed.part == 0)
			changes(s, &feed, now, ret);
		else
			snapshot_part(s, &feed, now, ret);
		munmap((void *)(uintptr_t)statement.data, statement.len);
	}
	ret->feed = feed_state_new(s);
}

void change_todo_done(struct shelf *s, const struct change *c, struct changed *ret)
{
	sqlite3_stmt *write = sql_prepare(s->writer.db, "DELETE FROM todo WHERE n = ?1");
	int rc = write ? SQLITE_OK : sqlite3_extended_errcode(s->writer.db);

	if (write) {
		bind_u64(write, 1, c->todo);
		rc = sqlite3_step(write);
	}
	sqlite3_finalize(write);
	if (rc != SQLITE_OK && rc != SQLITE_DONE)
		shelf_fail(s, rc, "noting that the office's wish was done", ret);
}

void change_leave(struct shelf *s, struct changed *ret)
{
	int rc = sql_exec(s->writer.db,
			  "BEGIN IMMEDIATE;"
			  "DELETE FROM meta WHERE name IN ('feed_cursor', 'feed_heard');"
			  "DELETE FROM todo;"
			  "COMMIT");

	if (rc == SQLITE_OK)
		rc = feed_open(s);
	if (rc != SQLITE_OK)
		shelf_fail(s, rc, "leaving the office", ret);
	ret->feed = feed_state_new(s);
}
