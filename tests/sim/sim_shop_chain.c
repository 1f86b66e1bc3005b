/* sim_shop_chain.c: see sim_shop_chain.h. */
#include "sim_shop_chain.h"

#include <openssl/sha.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define ITEMS_MAX 24

/** One item of a body's array. */
struct item {
	int major; /* of RFC 8949; 7: a simple value, in `number` */
	int64_t number;
	const uint8_t *bytes;
	uint32_t len;
};

__attribute__((format(printf, 2, 3))) static void wrong(struct chain *c, const char *format, ...)
{
	va_list arguments;

	if (c->why[0] != '\0')
		return;
	va_start(arguments, format);
	vsnprintf(c->why, sizeof(c->why), format, arguments);
	va_end(arguments);
}

/* --- bytes */

static bool take(const uint8_t **at, const uint8_t *end, struct item *ret)
{
	uint32_t more, head;

	if (*at == end)
		return false;
	head = *(*at)++;
	ret->major = (int)(head >> 5);
	ret->number = head & 31;
	if (ret->number > 27 || (ret->major == 7 && ret->number > 23))
		return false;
	if (ret->number >= 24) {
		more = 1U << (ret->number - 24);
		ret->number = 0;
		if ((uint32_t)(end - *at) < more)
			return false;
		while (more-- > 0)
			ret->number = (int64_t)((uint64_t)ret->number << 8 | *(*at)++);
	}
	if (ret->major == 1)
		ret->number = -1 - ret->number;
	ret->bytes = *at;
	ret->len = 0;
	if (ret->major == 2 || ret->major == 3) {
		if (ret->number < 0 || end - *at < ret->number)
			return false;
		ret->len = (uint32_t)ret->number;
		*at += ret->len;
	}
	return true;
}

static uint32_t take_body(const uint8_t *at, uint32_t len, struct item item[ITEMS_MAX])
{
	const uint8_t *end = at + len;
	struct item array;
	uint32_t n = 0;

	if (!take(&at, end, &array) || array.major != 4 || array.number > ITEMS_MAX)
		return 0;
	while (n < (uint32_t)array.number && take(&at, end, &item[n]))
		n++;
	return n == (uint32_t)array.number && at == end && n > 0 && item[0].len == 16 ? n : 0;
}

static uint8_t *put_be(uint8_t *at, uint64_t number, uint32_t bytes)
{
	while (bytes > 0)
		*at++ = (uint8_t)(number >> (8 * --bytes));
	return at;
}

/* "hash = SHA-256("SKL1" || epoch u32 || seq u64 || at i64 || kind u16 || body_hash || prev_hash)"
 */
static void hash_of(sqlite3_stmt *row, const uint8_t prev[32], uint8_t ret[32])
{
	uint8_t bytes[90], *at = bytes;

	memcpy(at, "SKL1", 4);
	at = put_be(at + 4, (uint64_t)sqlite3_column_int64(row, 0), 4);
	at = put_be(at, (uint64_t)sqlite3_column_int64(row, 1), 8);
	at = put_be(at, (uint64_t)sqlite3_column_int64(row, 2), 8);
	at = put_be(at, (uint64_t)sqlite3_column_int64(row, 3), 2);
	memcpy(at, sqlite3_column_blob(row, 5), 32);
	memcpy(at + 32, prev, 32);
	SHA256(bytes, sizeof(bytes), ret);
}

/* --- facts */

struct chain_visit *chain_visit(struct chain *c, int64_t id)
{
	for (uint32_t i = c->visits; i > 0; i--)
		if (c->visit[i - 1].id == id)
			return &c->visit[i - 1];
	return NULL;
}

struct chain_line *chain_line(struct chain *c, int64_t visit, const char *key)
{
	for (uint32_t i = c->lines; i > 0; i--)
		if (c->line[i - 1].visit == visit && strcmp(c->line[i - 1].key, key) == 0)
			return &c->line[i - 1];
	return NULL;
}

static void copy_key(char key[CHAIN_KEY], const struct item *item)
{
	uint32_t len = item->len < CHAIN_KEY ? item->len : CHAIN_KEY - 1;

	memcpy(key, item->bytes, len);
	key[len] = '\0';
}

static void add_opened(struct chain *c, const struct item *item)
{
	struct chain_visit *v = &c->visit[c->visits];

	if (chain_visit(c, item[1].number) || item[1].number <= c->last_visit ||
	    c->visits == CHAIN_VISITS)
		wrong(c, "a visit's number does not rise");
	else
		c->visits++;
	for (uint32_t i = 0; i + 1 < c->visits; i++)
		if (!c->visit[i].over && memcmp(c->visit[i].customer, item[2].bytes, 16) == 0)
			wrong(c, "a customer has two open visits");
	c->last_visit = item[1].number;
	*v = (struct chain_visit){.id = item[1].number, .list = item[4].number, .opened = true};
	memcpy(v->customer, item[2].bytes, 16);
}

static void add_closed(struct chain *c, const struct item *item, bool full_ever)
{
	struct chain_visit *v = chain_visit(c, item[1].number);

	if (!v) {
		if (!full_ever)
			wrong(c, "a visit ends that never began");
		return;
	}
	if (v->over)
		wrong(c, "a visit ends twice");
	if (!full_ever && (v->lines != item[3].number || v->total != item[4].number))
		wrong(c, "a visit ends with %lld lines for %lld, but has %lld for %lld",
		      (long long)item[3].number, (long long)item[4].number, (long long)v->lines,
		      (long long)v->total);
	v->over = true;
}

static void add_line(struct chain *c, const struct item *item, int64_t seq)
{
	struct chain_line *l = &c->line[c->lines];
	struct chain_visit *v = chain_visit(c, item[1].number);
	char key[CHAIN_KEY];

	copy_key(key, &item[2]);
	if (!v) {
		wrong(c, "a line of a visit that never began");
		return;
	}
	if (chain_line(c, v->id, key))
		wrong(c, "%s: charged twice", key);
	if (c->lines == CHAIN_LINES) {
		wrong(c, "too many lines to look at");
		return;
	}
	c->lines++;
	*l = (struct chain_line){.seq = seq,
				 .visit = v->id,
				 .gtin = item[4].number,
				 .quantity = item[6].number,
				 .unit = item[7].number,
				 .total = item[8].number,
				 .list = item[11].number,
				 .late = item[13].number == 21};
	memcpy(l->key, key, sizeof(key));
	memcpy(l->customer, item[3].bytes, 16);
	if (l->late != v->over)
		wrong(c, "%s: late is %d in a visit that is %s", key, l->late,
		      v->over ? "over" : "open");
	v->lines++;
	v->lines_ever++;
	v->total += l->total;
}

static void add_void(struct chain *c, const struct item *item)
{
	struct chain_visit *v = chain_visit(c, item[1].number);
	struct chain_line *l;
	char key[CHAIN_KEY];

	copy_key(key, &item[2]);
	l = chain_line(c, item[1].number, key);
	if (!v || !l || l->voided || l->total != item[4].number) {
		wrong(c, "%s: a void of nothing, or another time", key);
		return;
	}
	l->voided = true;
	v->lines--;
	v->total -= l->total;
}

static void add_admitted(struct chain *c, const struct item *item)
{
	struct chain_token *t = &c->token[c->tokens];

	if (item[6].len == 0 || c->tokens == CHAIN_TOKENS)
		return;
	memset(t, 0, sizeof(*t));
	memcpy(t->kid, item[4].bytes, 8);
	t->cti_len = item[6].len;
	memcpy(t->cti, item[6].bytes, t->cti_len);
	for (uint32_t i = 0; i < c->tokens; i++)
		if (memcmp(&c->token[i], t, sizeof(*t)) == 0)
			wrong(c, "a token's id is used twice");
	c->tokens++;
}

static void add_alarm(struct chain *c, const struct item *item)
{
	struct chain_alarm *a = NULL;

	for (uint32_t i = 0; i < c->alarms; i++)
		if (c->alarm[i].id == item[1].number)
			a = &c->alarm[i];
	if (!a) {
		if (c->alarms == CHAIN_ALARMS) {
			wrong(c, "too many alarms to look at");
			return;
		}
		a = &c->alarm[c->alarms++];
		*a = (struct chain_alarm){
			.id = item[1].number, .code = item[2].number, .condition = item[3].number};
	} else if (a->over && item[7].number != 21) {
		wrong(c, "alarm %lld was over, and goes on", (long long)a->id);
	}
	if (a->code != item[2].number || a->condition != item[3].number)
		wrong(c, "alarm %lld is two alarms", (long long)a->id);
	a->state = item[6].number;
	a->over = item[7].number == 21;
}

static void add(struct chain *c, int64_t kind, const struct item *item, int64_t seq, bool full_ever)
{
	struct chain_visit *v;

	if (kind == 1) {
		c->running = true;
		c->starts++;
	} else if (kind == 2) {
		c->running = false;
		c->stops++;
	} else if (kind == 10) {
		add_admitted(c, item);
	} else if (kind == 30) {
		add_alarm(c, item);
	} else if (kind == 40) {
		add_opened(c, item);
	} else if (kind == 41) {
		v = chain_visit(c, item[1].number);
		if (!v)
			wrong(c, "a device joins a visit that never began");
		else
			v->bearers++;
	} else if (kind == 42) {
		add_closed(c, item, full_ever);
	} else if (kind == 50) {
		add_line(c, item, seq);
	} else if (kind == 51) {
		add_void(c, item);
	}
}

/* --- the chain */

static const uint8_t fields[64] = {
	[1] = 6, [2] = 3, [10] = 10, [30] = 9, [40] = 5, [41] = 4, [42] = 5, [50] = 21, [51] = 5,
};

static void read_entry(sqlite3_stmt *row, bool full_ever, struct chain *c)
{
	const uint8_t *body = sqlite3_column_blob(row, 4);
	uint32_t len = (uint32_t)sqlite3_column_bytes(row, 4);
	int64_t kind = sqlite3_column_int64(row, 3), seq = sqlite3_column_int64(row, 1);
	struct item item[ITEMS_MAX];
	uint8_t hash[32];

	if (seq != c->entries + 1 || memcmp(sqlite3_column_blob(row, 6), c->head, 32) != 0)
		wrong(c, "entry %lld does not follow entry %lld", (long long)seq,
		      (long long)c->entries);
	SHA256(body, len, hash);
	if (memcmp(hash, sqlite3_column_blob(row, 5), 32) != 0)
		wrong(c, "entry %lld: its body is another", (long long)seq);
	hash_of(row, c->head, c->head);
	if (memcmp(c->head, sqlite3_column_blob(row, 7), 32) != 0)
		wrong(c, "entry %lld: its hash is another", (long long)seq);
	c->entries = seq;
	if (kind < 0 || kind >= 64 || fields[kind] == 0)
		return;
	if (take_body(body, len, item) != fields[kind])
		wrong(c, "entry %lld: a body of kind %lld that cannot be read", (long long)seq,
		      (long long)kind);
	else
		add(c, kind, item, seq, full_ever);
}

void chain_read(sqlite3 *db, bool full_ever, struct chain *c)
{
	sqlite3_stmt *row = NULL;
	int rc;

	memset(c, 0, sizeof(*c));
	if (sqlite3_prepare_v2(db,
			       "SELECT epoch, seq, at, kind, body, body_hash, prev_hash, hash"
			       " FROM entry ORDER BY seq",
			       -1, &row, NULL) != SQLITE_OK) {
		wrong(c, "%s", sqlite3_errmsg(db));
		return;
	}
	while ((rc = sqlite3_step(row)) == SQLITE_ROW && c->why[0] == '\0')
		read_entry(row, full_ever, c);
	if (rc != SQLITE_DONE && c->why[0] == '\0')
		wrong(c, "%s", sqlite3_errmsg(db));
	sqlite3_finalize(row);
}
