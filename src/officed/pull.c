/*
 * pull.c: pages by cursor. A page looks into a window of batches: as many as it takes to fill it,
 * found by their numbers alone, so that what is read and sorted is never much more than what is
 * answered.
 */
#include "officed/pull.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "books/number.h"

/* --- cursors: "N" after all of a batch, "N-SEQ" after that entry of it */

static bool take_number(const char **text, int64_t *ret)
{
	int64_t n = 0;
	uint32_t digits = 0;

	for (; **text >= '0' && **text <= '9'; (*text)++, digits++)
		if (__builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, **text - '0', &n))
			return false;
	*ret = n;
	return digits > 0;
}

static bool cursor_parse(const char *text, struct pull_cursor *ret)
{
	struct pull_cursor c = {.seq = INT64_MAX};

	if (!take_number(&text, &c.n))
		return false;
	if (*text == '-') {
		text++;
		if (!take_number(&text, &c.seq))
			return false;
	}
	*ret = c;
	return *text == '\0';
}

static json_t *cursor_json(const struct pull_cursor *c)
{
	if (c->seq == INT64_MAX)
		return json_sprintf("%lld", (long long)c->n);
	return json_sprintf("%lld-%lld", (long long)c->n, (long long)c->seq);
}

/* --- what is asked */

/* One shop where only one may be seen. */
static const char *only_shop(const struct who *who)
{
	return strcmp(who->shops, "*") != 0 && strchr(who->shops, ' ') == NULL ? who->shops : "";
}

bool pull_page_ask(struct pull_page *p, const struct ask *a, struct reply *r)
{
	const char *after = ask_query(a, "after"), *shop = ask_query(a, "shop");

	*p = (struct pull_page){.a = a, .r = r, .after = {.seq = INT64_MAX}};
	if (!ask_query_int(a, "limit", 1, PULL_LIMIT_MAX, PULL_LIMIT, &p->limit, r))
		return false;
	if (after && !cursor_parse(after, &p->after)) {
		reply_problem(r, 400, "malformed",
			      "`after` is what the page before gave as `next`.");
		return false;
	}
	if (shop && !place_valid(shop, (uint32_t)strlen(shop))) {
		reply_problem(r, 400, "malformed", "`shop` is a shop's name.");
		return false;
	}
	p->shop = shop ? shop : only_shop(&a->who);
	if (p->shop[0] != '\0' && !who_may(&a->who, RIGHT_PULL, p->shop)) {
		reply_problem(r, 403, "forbidden", "You may not see shop %s.", p->shop);
		return false;
	}
	return true;
}

void pull_page_begin(struct pull_page *p)
{
	json_decref(p->rows);
	p->rows = json_array();
	p->scanned = 0;
	p->more = p->full = false;
	p->at = p->after;
	p->window = p->after.n;
}

/* One more than the page takes says that there is more. Where some are not for this eye, many are
 * looked at. */
int64_t pull_rows(const struct pull_page *p)
{
	bool all = p->shop[0] != '\0' || strcmp(p->a->who.shops, "*") == 0;

	return 1 + (all ? p->limit : PULL_SCAN);
}

bool pull_mine(const struct pull_page *p, const char *shop)
{
	return who_may(&p->a->who, RIGHT_PULL, shop);
}

/* --- the window */

static void ask_window(struct db *d, const struct pull_page *p, enum pull_what what,
		       struct db_rows **ret)
{
	static const char lines[] = "SELECT n, lines FROM arrival WHERE n >= $1 AND lines > 0"
				    " ORDER BY n LIMIT $2";
	static const char lines_of[] =
		"SELECT n, lines FROM arrival WHERE shop = $3 AND n >= $1 AND lines > 0"
		" ORDER BY n LIMIT $2";
	static const char invoices[] = "SELECT n, invoices FROM arrival WHERE n >= $1"
				       " AND invoices > 0 ORDER BY n LIMIT $2";
	static const char invoices_of[] =
		"SELECT n, invoices FROM arrival WHERE shop = $3 AND n >= $1 AND invoices > 0"
		" ORDER BY n LIMIT $2";
	int64_t from = p->after.seq == INT64_MAX ? p->after.n + 1 : p->after.n;

	if (p->shop[0] == '\0')
		db_ask(d, ret, what == PULL_LINES ? lines : invoices,
		       DB_VALUES(db_int(from), db_int(PULL_WINDOW)));
	else
		db_ask(d, ret, what == PULL_LINES ? lines_of : invoices_of,
		       DB_VALUES(db_int(from), db_int(PULL_WINDOW), db_text(p->shop)));
}

bool pull_window(struct db *d, struct pull_page *p, enum pull_what what)
{
	int64_t brought = 0, batches = 0;
	struct db_rows *rows;

	ask_window(d, p, what, &rows);
	while (!p->more && db_next(rows)) {
		/* one batch past what fills the page says that there is more */
		p->more = brought >= p->limit;
		if (p->more)
			break;
		p->window = db_col_int(rows, 0);
		brought += db_col_int(rows, 1);
		batches++;
	}
	db_rows_end(rows);
	p->more = p->more || batches == PULL_WINDOW;
	return batches > 0;
}

bool pull_take(struct pull_page *p, int64_t n, int64_t seq, json_t *value)
{
	if (json_array_size(p->rows) == (size_t)p->limit || p->scanned == PULL_SCAN) {
		json_decref(value);
		p->full = true;
		return false;
	}
	p->scanned++;
	p->at = (struct pull_cursor){n, seq};
	if (value)
		json_array_append_new(p->rows, value);
	return true;
}

/* --- the answer */

static void etag_of(const char *text, size_t len, char etag[72])
{
	uint8_t sum[EVP_MAX_MD_SIZE];
	char hex[65];

	CHECK(EVP_Digest(text, len, sum, NULL, EVP_sha256(), NULL) == 1);
	hex_text(sum, 32, hex);
	snprintf(etag, 72, "\"%s\"", hex);
}

/* Whether `etag` is among those of an If-None-Match (RFC 9110 13.1.2). */
static bool has_already(const char *known, const char *etag)
{
	return known && (strcmp(known, "*") == 0 || strstr(known, etag) != NULL);
}

void pull_send(const struct ask *a, struct reply *r, json_t *value)
{
	char *text = value ? json_dumps(value, JSON_COMPACT) : NULL;
	char etag[72];

	json_decref(value);
	CHECK(text);
	etag_of(text, strlen(text), etag);
	if (has_already(a->etag, etag))
		reply_bytes(r, 304, NULL, NULL, 0);
	else
		reply_bytes(r, 200, "application/json", text, strlen(text));
	memcpy(r->etag, etag, sizeof(etag));
	free(text);
}

void pull_page_send(struct pull_page *p, const char *name)
{
	json_t *page = json_object();

	if (!p->full)
		p->at = (struct pull_cursor){p->window, INT64_MAX};
	json_object_set_new(page, name, p->rows);
	json_object_set_new(page, "next", cursor_json(&p->at));
	json_object_set_new(page, "up_to_date", json_boolean(!p->more && !p->full));
	p->rows = NULL;
	pull_send(p->a, p->r, page);
}

/* --- words */

json_t *pull_customer(struct span bytes)
{
	char text[33];

	if (bytes.len != 16)
		return json_null();
	hex_text(bytes.data, bytes.len, text);
	return json_string(text);
}

json_t *pull_day(int64_t day)
{
	char text[DAY_TEXT_SIZE];

	if (day <= 0 || day > DAY_MAX)
		return json_null();
	day_text((struct day){(int32_t)day}, text);
	return json_string(text);
}

json_t *pull_gtin(int64_t gtin)
{
	char text[GTIN_TEXT_MAX + 1];

	gtin_text((struct gtin){(uint64_t)gtin}, text);
	return json_string(text);
}

json_t *pull_number(const char *shop, int64_t id)
{
	char text[NUMBER_TEXT_SIZE];
	struct place place = {""};

	if (!number_valid((struct invoice_id){(uint64_t)id}))
		return json_null();
	snprintf(place.name, sizeof(place.name), "%s", shop);
	number_text(place, (struct invoice_id){(uint64_t)id}, text);
	return json_string(text);
}
