/*
 * sim_shop_audit.c: after each life the books are opened by somebody else: a copy of the files, a
 * plain SQLite connection, and the chain read from its beginning (sim_shop_chain.c). They must say
 * what the village was told: every confirmed line once, at its price; nothing that nobody asked
 * for; and the derived tables what the chain says. Then the shop's own readers must agree.
 *
 * What was in flight at the death may be there or not; from then on it is known.
 */
#include "sim_shop.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/read.h"
#include "sim_shop_chain.h"

static struct chain chain;

/* --- the tables against the chain */

static sqlite3_stmt *query(struct village *v, sqlite3 *db, const char *sql)
{
	sqlite3_stmt *s = NULL;

	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK)
		village_fail(v, "%s", sqlite3_errmsg(db));
	return s;
}

static bool blob_is(sqlite3_stmt *s, int column, const void *bytes, int len)
{
	return sqlite3_column_bytes(s, column) == len &&
	       memcmp(sqlite3_column_blob(s, column), bytes, (size_t)len) == 0;
}

static void check_lines(struct village *v, sqlite3 *db)
{
	sqlite3_stmt *s = query(v, db,
				"SELECT seq, visit, key, customer, gtin, quantity_milli,"
				" unit_price, total, price_version, late, voided <> 0"
				" FROM line ORDER BY seq");
	uint32_t n = 0;

	for (; s && sqlite3_step(s) == SQLITE_ROW; n++) {
		const struct chain_line *l = &chain.line[n];
		const int64_t number[] = {l->seq,  l->visit,	0,	  0,
					  l->gtin, l->quantity, l->unit,  l->total,
					  l->list, l->late,	l->voided};

		for (int i = 0; i < (int)ARRAY_LEN(number) && n < chain.lines; i++)
			if (i != 2 && i != 3 && sqlite3_column_int64(s, i) != number[i])
				village_fail(v, "line %s: its column %d is not what was entered",
					     l->key, i);
		if (n < chain.lines &&
		    (strcmp((const char *)sqlite3_column_text(s, 2), l->key) != 0 ||
		     !blob_is(s, 3, l->customer, 16)))
			village_fail(v, "line %s: is another's", l->key);
	}
	if (n != chain.lines)
		village_fail(v, "%u lines in the table, %u in the chain", n, chain.lines);
	sqlite3_finalize(s);
}

static void check_visits(struct village *v, sqlite3 *db)
{
	sqlite3_stmt *s = query(v, db,
				"SELECT id, price_version, over, lines, lines_ever, total,"
				" (SELECT count(*) FROM bearer WHERE visit = id), customer"
				" FROM visit ORDER BY id");
	uint32_t n = 0;

	for (; s && sqlite3_step(s) == SQLITE_ROW && n < chain.visits; n++) {
		const struct chain_visit *c = &chain.visit[n];
		const int64_t number[] = {c->id,	 c->list,  c->over,   c->lines,
					  c->lines_ever, c->total, c->bearers};

		for (int i = 0; i < (int)ARRAY_LEN(number); i++)
			if (sqlite3_column_int64(s, i) != number[i])
				village_fail(v, "visit %lld: its column %d is not what was entered",
					     (long long)c->id, i);
		if (!blob_is(s, 7, c->customer, 16))
			village_fail(v, "visit %lld: is another's", (long long)c->id);
	}
	if (n != chain.visits)
		village_fail(v, "%u visits in the table, %u in the chain", n, chain.visits);
	sqlite3_finalize(s);
}

static int64_t owed(const struct villager *p)
{
	int64_t sum = 0;

	for (uint32_t i = 0; i < chain.lines; i++)
		if (!chain.line[i].voided &&
		    memcmp(chain.line[i].customer, &p->member.customer, 16) == 0)
			sum += chain.line[i].total;
	return sum;
}

static void check_balances(struct village *v, sqlite3 *db)
{
	sqlite3_stmt *s = query(v, db, "SELECT unbilled FROM balance WHERE customer = ?1");

	for (uint32_t i = 0; s && i < VILLAGE_MEMBERS; i++) {
		const struct villager *p = &v->villager[i];
		int64_t has = 0, sum = owed(p);

		sqlite3_bind_blob(s, 1, &p->member.customer, 16, SQLITE_STATIC);
		if (sqlite3_step(s) == SQLITE_ROW)
			has = sqlite3_column_int64(s, 0);
		sqlite3_reset(s);
		if (has != sum)
			village_fail(v, "member %u owes %lld, the lines say %lld", i,
				     (long long)has, (long long)sum);
		if (p->member.limited && sum > money_minor(p->member.credit_left))
			village_fail(v, "member %u was sold more than the limit", i);
	}
	sqlite3_finalize(s);
}

static void check_alarms(struct village *v, sqlite3 *db)
{
	sqlite3_stmt *s = query(v, db,
				"SELECT code, condition, state, over FROM alarm"
				" WHERE id = ?1");

	for (uint32_t i = 0; s && i < chain.alarms; i++) {
		const struct chain_alarm *a = &chain.alarm[i];

		sqlite3_bind_int64(s, 1, a->id);
		if (sqlite3_step(s) != SQLITE_ROW || sqlite3_column_int64(s, 0) != a->code ||
		    sqlite3_column_int64(s, 1) != a->condition ||
		    sqlite3_column_int64(s, 2) != a->state || sqlite3_column_int64(s, 3) != a->over)
			village_fail(v, "alarm %lld: is not what was entered", (long long)a->id);
		sqlite3_reset(s);
	}
	sqlite3_finalize(s);
}

static void check_sound(struct village *v, sqlite3 *db)
{
	sqlite3_stmt *s = query(v, db, "PRAGMA integrity_check");

	if (s && (sqlite3_step(s) != SQLITE_ROW ||
		  strcmp((const char *)sqlite3_column_text(s, 0), "ok") != 0))
		village_fail(v, "the file is damaged: %s", (const char *)sqlite3_column_text(s, 0));
	sqlite3_finalize(s);
}

/* --- the chain against what the village was told */

static void check_wish(struct village *v, struct wish *w)
{
	const struct chain_line *l = chain_line(&chain, (int64_t)w->visit.n, w->key.text);
	bool may = false;

	if (!l) {
		if (w->confirmed || w->on_disk)
			village_fail(v, "%s: was confirmed, and is lost", w->key.text);
		return;
	}
	for (uint32_t i = 0; i < w->prices; i++)
		may |= w->price[i] == l->unit;
	if (w->confirmed && (l->unit != w->unit || l->total != w->total))
		village_fail(v, "%s: is not what was confirmed", w->key.text);
	if (!may || l->quantity != w->quantity_milli ||
	    (uint64_t)l->gtin != v->article[0][w->article].gtin.n ||
	    memcmp(l->customer, &v->villager[w->member].member.customer, 16) != 0)
		village_fail(v, "%s: is not what was asked for", w->key.text);
	if (w->void_confirmed && !l->voided)
		village_fail(v, "%s: its void was confirmed, and is lost", w->key.text);
	if (l->voided && !w->void_sent)
		village_fail(v, "%s: is voided, and nobody asked", w->key.text);
	w->on_disk = true;
	w->unit = l->unit;
	w->total = l->total;
	w->void_confirmed |= l->voided;
}

static void check_wishes(struct village *v)
{
	uint32_t found = 0;

	for (uint32_t i = 0; i < v->wishes; i++) {
		check_wish(v, &v->wish[i]);
		found += v->wish[i].on_disk;
	}
	if (found != chain.lines)
		village_fail(v, "%u lines are entered, %u of them were asked for", chain.lines,
			     found);
}

static uint32_t member_of(const struct village *v, const uint8_t customer[16])
{
	for (uint32_t i = 0; i < VILLAGE_MEMBERS; i++)
		if (memcmp(v->villager[i].member.customer.byte, customer, 16) == 0)
			return i;
	return VILLAGE_MEMBERS;
}

static void check_village_visit(struct village *v, struct village_visit *have,
				const struct chain_visit *c)
{
	if (c->list != have->list || member_of(v, c->customer) != have->member)
		village_fail(v, "a visit is another's, or under another price list");
	if (have->close_confirmed && !c->over)
		village_fail(v, "a visit's close was confirmed, and is lost");
	if (have->bearers > c->bearers)
		village_fail(v, "a bearer is lost");
	have->bearers = (uint32_t)c->bearers;
}

/* Those that left no row were told of at a door only, which acts before it records; those that
 * nobody heard of began when the shop died over its answer. */
static void check_village_visits(struct village *v)
{
	uint32_t left = 0;

	for (uint32_t i = 0; i < v->visits; i++) {
		const struct chain_visit *c = chain_visit(&chain, (int64_t)v->visit[i].id.n);

		if (!c && v->visit[i].confirmed)
			village_fail(v, "a visit with a bearer is lost");
		if (!c)
			continue;
		check_village_visit(v, &v->visit[i], c);
		v->visit[left++] = v->visit[i];
	}
	v->visits = left;
	for (uint32_t i = 0; i < chain.visits && v->visits < VILLAGE_VISITS; i++) {
		const struct chain_visit *c = &chain.visit[i];

		if (village_visit(v, (struct visit_id){(uint64_t)c->id}))
			continue;
		v->visit[v->visits++] = (struct village_visit){
			.id = {(uint64_t)c->id},
			.member = member_of(v, c->customer),
			.list = (uint32_t)c->list,
			.bearers = (uint32_t)c->bearers,
			.since_ms = v->real_ms,
		};
	}
}

/* --- the shop's own readers */

static void check_readers(struct village *v)
{
	struct verify_result result;
	struct reader *r;
	int rc = reader_open(v->dir, &r);

	if (rc < 0) {
		village_fail(v, "reader_open: %d", rc);
		return;
	}
	rc = reader_verify(r, &result, NULL, NULL);
	if (rc < 0 || !result.ok || result.entries != (uint64_t)chain.entries ||
	    (chain.entries > 0 && memcmp(result.head.byte, chain.head, 32) != 0))
		village_fail(v, "reader_verify: %d, %s", rc, rc < 0 ? "" : result.why);
	for (uint32_t i = 0; i < 4 && chain.visits > 0; i++) {
		const struct chain_visit *c = &chain.visit[village_draw(v, chain.visits)];
		static struct line line[VISIT_LINES_MAX];
		static char names[VISIT_LINES_MAX * 16];
		struct visit visit;
		uint32_t lines;

		rc = reader_visit(r, (struct visit_id){(uint64_t)c->id}, NULL, &visit, line,
				  VISIT_LINES_MAX, &lines, names, sizeof(names));
		if (rc != 1 || visit.over != c->over || lines != c->lines_ever ||
		    money_minor(visit.total) != c->total)
			village_fail(v, "reader_visit: %d, another visit than was entered", rc);
	}
	reader_close(r);
}

/* --- all of it */

static bool copy(const char *from, const char *to)
{
	int in = open(from, O_RDONLY | O_CLOEXEC), out;
	ssize_t n;

	if (in < 0)
		return false;
	out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	CHECK(out >= 0);
	while ((n = copy_file_range(in, NULL, out, NULL, 1 << 24, 0)) > 0)
		;
	CHECK(n == 0);
	close(in);
	close(out);
	return true;
}

static void path_in(const struct village *v, const char *name, char path[160])
{
	snprintf(path, 160, "%s/%s", v->dir, name);
}

static void read_books(struct village *v, sqlite3 *db)
{
	chain_read(db, v->full_ever, &chain);
	if (chain.why[0] != '\0') {
		village_fail(v, "%s", chain.why);
		return;
	}
	if (v->clean_stop && chain.running)
		village_fail(v, "an orderly stop left no trace");
	v->clean_known = v->clean_stop || chain.running;
	v->entries = (uint64_t)chain.entries;
	check_lines(v, db);
	check_visits(v, db);
	check_balances(v, db);
	check_alarms(v, db);
	check_sound(v, db);
	check_wishes(v);
	check_village_visits(v);
}

void audit(struct village *v)
{
	static const char *const files[2][2] = {{"ledger.db", "copy.db"},
						{"ledger.db-wal", "copy.db-wal"}};
	char from[160], to[160];
	sqlite3 *db;

	for (uint32_t i = 0; i < 2; i++) {
		path_in(v, files[i][0], from);
		path_in(v, files[i][1], to);
		unlink(to);
		if (!copy(from, to) && i == 0) { /* it died before there was one */
			v->clean_known = false;
			return;
		}
	}
	path_in(v, files[0][1], from);
	if (sqlite3_open_v2(from, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
		village_fail(v, "the books do not open: %s", sqlite3_errmsg(db));
	else if (sqlite3_table_column_metadata(db, NULL, "entry", NULL, NULL, NULL, NULL, NULL,
					       NULL) != SQLITE_OK)
		v->clean_known = false; /* it died while they were made */
	else
		read_books(v, db);
	sqlite3_close(db);
	if (v->why[0] == '\0' && v->entries > 0)
		check_readers(v);
}
