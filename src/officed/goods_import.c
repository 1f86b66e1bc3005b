/*
 * goods_import.c: a list of articles, onto the tables and out to the shops. Good rows are taken in
 * transactions of some hundreds, bad ones are told with line, column and what to do; so a list that
 * was half taken when the power went is sent again, and what is there already changes nothing.
 *
 * A list that would be more rows of feed than a fetch of everything costs (FEED_ROWS_MAX) is not
 * told row by row: the shops are told to fetch.
 *
 * The text is read again for each transaction that has to be tried again: from the place where its
 * rows begin, so that nothing is kept but that place.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "books/product_rule.h"
#include "officed/goods_csv.h"
#include "officed/goods_products.h"
#include "officed/import_log.h"

enum {
	CHUNK_ROWS = 200, /* a fraction of a second, in which nobody else tells shops anything */
	CHUNK_ROWS_FETCHED = 5000, /* where shops fetch: a few fetches for the whole list */
	PROBLEMS_MAX = 5000,	   /* told; all are counted */
	SEEN_SLOTS = 1 << 18,
};
/* a row that is taken is no shorter than "12345670\n": at most half of the slots are ever used */
_Static_assert(SEEN_SLOTS >= 2 * (1024 * 1024 / 9), "seen has room for every row of a body");

struct counts {
	uint32_t rows, bad, changed, by_rule;
};

struct import {
	struct office *o;
	const struct ask *a;
	struct csv csv, chunk; /* where the next rows begin; and where this transaction's did */
	struct goods_header header;
	bool rule, dry, fetch, all, end;
	uint32_t chunk_rows;
	struct counts done, now; /* of what was committed; of this transaction */
	uint32_t problems, problems_done;
	struct goods_problem *problem;
	struct seen {
		uint64_t what;
		uint32_t line;
	} * seen;
	bool touched, touched_all; /* by this transaction: one scope, or several */
	struct scope touched_scope;
	struct csv_row row;
};

static void problem_add(struct import *m, const struct goods_problem *p)
{
	m->now.bad++;
	if (m->problems < PROBLEMS_MAX)
		m->problem[m->problems++] = *p;
}

static uint64_t mix(uint64_t h, uint64_t n)
{
	h = (h ^ n) * UINT64_C(0x9e3779b97f4a7c15);
	return h ^ h >> 29;
}

/** The line that said a price for the same article, scope and moment before; 0: none. */
static uint32_t seen_before(struct import *m, const struct goods_row *row)
{
	uint64_t what = mix(mix(row->gtin.n, (uint64_t)row->valid_from), row->scope.kind);
	uint32_t slot;

	for (const char *c = row->scope.name; *c; c++)
		what = mix(what, (uint8_t)*c);
	what |= 1;
	slot = (uint32_t)(what >> 20) % SEEN_SLOTS;
	while (m->seen[slot].what != 0 && m->seen[slot].what != what)
		slot = (slot + 1) % SEEN_SLOTS;
	if (m->seen[slot].what == what && m->seen[slot].line < row->line)
		return m->seen[slot].line;
	m->seen[slot] = (struct seen){what, row->line};
	return 0;
}

static void touch(struct import *m, const struct scope *s)
{
	if (!m->touched)
		m->touched_scope = *s;
	else if (m->touched_scope.kind != s->kind || strcmp(m->touched_scope.name, s->name) != 0)
		m->touched_all = true;
	m->touched = true;
}

/** What the row says, over what was known; a new article's gaps are filled by the rule. */
static void product_merge(const struct goods_row *row, bool there, bool rule, struct product *p)
{
	p->gtin = row->gtin;
	if (row->has_name)
		memcpy(p->name, row->product.name, sizeof(p->name));
	if (row->has_class)
		p->class = row->product.class;
	else if (!there)
		p->class = product_class(p->name);
	if (row->has_state)
		p->state = row->product.state;
	if (row->has_vat) {
		p->vat_class = row->product.vat_class;
		p->vat_bp = row->product.vat_bp;
	} else if (!there) {
		p->vat_class = product_vat(p->name, p->class);
	}
	if (row->has_deposit)
		p->deposit = row->product.deposit;
	else if (!there && rule)
		p->deposit = money_minor(product_deposit(p->name, p->class));
	if (row->has_reorder)
		p->reorder = row->product.reorder;
	if (row->has_nutrition)
		memcpy(p->nutrition, row->product.nutrition, sizeof(p->nutrition));
}

/** Whether the row can be, beside what is known and what its sender may. */
static bool row_allowed(struct import *m, const struct goods_row *row, bool there,
			struct goods_problem *problem)
{
	uint32_t line = seen_before(m, row);
	struct reply refused = {0};
	bool known;

	if (line != 0) {
		goods_problem_say(problem, row->line, "gtin",
				  "Line %u says this article's price for the same shops and moment "
				  "already: remove one of them.",
				  line);
		return false;
	}
	if (!there && (!row->has_name || (!row->has_price && !m->rule))) {
		goods_problem_say(problem, row->line, row->has_name ? "price" : "name",
				  "The article is new and has no %s: write it.",
				  row->has_name ? "price" : "name");
		return false;
	}
	known = scope_there(m->o, &row->scope, &refused);
	if (known && scope_may(m->a, RIGHT_GOODS, &row->scope, &refused)) {
		reply_free(&refused);
		return true;
	}
	reply_free(&refused);
	goods_problem_say(problem, row->line, "scope",
			  known ? "You have no right to set prices for '%s%s'."
				: "There is no %s'%s': make it first.",
			  known				   ? ""
			  : row->scope.kind == SCOPE_GROUP ? "group "
							   : "shop ",
			  row->scope.name);
	return false;
}

static bool price_apply(struct import *m, const struct goods_row *row, bool there,
			const struct product *p, bool *changed, struct goods_problem *problem)
{
	int64_t price = row->price;

	if (!row->has_price && (there || !m->rule))
		return true;
	if (!row->has_price) {
		price = money_minor(product_price(p->gtin, p->name, p->class));
		m->now.by_rule++;
	}
	switch (price_put(m->o, row->gtin, &row->scope, row->valid_from, price, m->a->now)) {
	case PRICE_SAME:
		return true;
	case PRICE_NEW:
		*changed = true;
		return true;
	case PRICE_TOO_MANY:
		break;
	}
	goods_problem_say(problem, row->line, "valid_from",
			  "%d prices of this article are to come already: take one back first.",
			  PRICES_AHEAD_MAX);
	return false;
}

static bool row_apply(struct import *m, const struct goods_row *row, struct goods_problem *problem)
{
	static const struct scope all = {.kind = SCOPE_ALL};
	struct product before = {0}, p;
	bool there = product_read(m->o, row->gtin, &before), written, good, priced = false;

	if (!row_allowed(m, row, there, problem))
		return false;
	p = before;
	product_merge(row, there, m->rule, &p);
	if (!m->all && (!there || memcmp(&p, &before, sizeof(p)) != 0)) {
		goods_problem_say(problem, row->line, "",
				  "You may set prices of your own shops alone: leave the article's "
				  "other columns empty.");
		return false;
	}
	written = product_write(m->o, &p, m->a->now);
	good = price_apply(m, row, there, &p, &priced, problem);
	m->now.changed += written || priced;
	if (written || priced) {
		touch(m, written ? &all : &row->scope);
		if (!m->fetch)
			goods_tell(m->o, (int64_t)row->gtin.n, written ? &all : &row->scope, 0,
				   m->a->now);
	}
	return good;
}

static void row_take(struct import *m, enum csv_got got, const char *why)
{
	struct goods_problem problem = {0};
	struct goods_row row;

	m->now.rows++;
	if (got == CSV_BAD) {
		goods_problem_say(&problem, m->row.line, "", "The line cannot be read: %s.", why);
		problem_add(m, &problem);
	} else if (!goods_row_read(&m->header, &m->row, &row, &problem) ||
		   !row_apply(m, &row, &problem)) {
		problem_add(m, &problem);
	}
}

static int chunk_work(struct db *d, void *data)
{
	struct import *m = data;
	uint32_t n = 0;

	m->csv = m->chunk;
	m->now = (struct counts){0};
	m->problems = m->problems_done;
	m->touched = m->touched_all = m->end = false;
	while (n++ < m->chunk_rows && !db_failed(d)) {
		const char *why = "";
		enum csv_got got = csv_next(&m->csv, &m->row, &why);

		m->end = got == CSV_END;
		if (m->end)
			break;
		row_take(m, got, why);
	}
	if (m->fetch && m->touched) {
		static const struct scope all = {.kind = SCOPE_ALL};

		feed_forget_scope(m->o, m->touched_all ? &all : &m->touched_scope);
	}
	if (db_failed(d))
		return db_failed(d);
	return m->dry ? WORK_REFUSED : 0;
}

static int chunks_run(struct import *m)
{
	int error = 0;

	do {
		m->chunk = m->csv;
		error = db_transact(m->o->db, chunk_work, m);
		if (error == WORK_REFUSED && m->dry)
			error = 0;
		if (error != 0)
			break;
		m->done.rows += m->now.rows;
		m->done.bad += m->now.bad;
		m->done.changed += m->now.changed;
		m->done.by_rule += m->now.by_rule;
		m->problems_done = m->problems;
	} while (!m->end);
	return error;
}

static int shops_work(struct db *d, void *data)
{
	struct import *m = data;
	static const struct scope all = {.kind = SCOPE_ALL};
	int64_t lines = 0;

	for (uint32_t i = 0; i < m->csv.rest.len; i++)
		lines += m->csv.rest.data[i] == '\n';
	m->fetch = lines * feed_shops(m->o, &all) > FEED_ROWS_MAX;
	return db_failed(d);
}

static json_t *answer_json(const struct import *m)
{
	json_t *problems = json_array();

	for (uint32_t i = 0; i < m->problems; i++)
		json_array_append_new(problems,
				      json_pack("{s:i, s:s, s:s}", "line", (int)m->problem[i].line,
						"column", m->problem[i].column, "problem",
						m->problem[i].problem));
	return json_pack("{s:b, s:i, s:i, s:i, s:i, s:i, s:o}", "dry_run", m->dry, "rows",
			 (int)m->done.rows, "taken", (int)(m->done.rows - m->done.bad), "changed",
			 (int)m->done.changed, "bad", (int)m->done.bad, "priced_by_rule",
			 (int)m->done.by_rule, "problems", problems);
}

/** A list that ended in the middle has changed what it has changed: that is written down too. */
static int log_it(const struct import *m)
{
	struct import_counts counts = {
		.rows = m->done.rows, .changed = m->done.changed, .bad = m->done.bad};

	return m->dry || m->done.rows == 0 ? 0 : import_log(m->o, m->a, IMPORT_GOODS, "", &counts);
}

static bool header_take(struct import *m, struct reply *r)
{
	char why[GOODS_PROBLEM_MAX];
	const char *reason = "it is empty";

	csv_init(&m->csv, m->a->body);
	if (csv_next(&m->csv, &m->row, &reason) != CSV_ROW) {
		reply_problem(r, 422, "bad_header", "The first line cannot be read: %s.", reason);
		return false;
	}
	if (goods_header_read(&m->row, &m->header, why))
		return true;
	reply_problem(r, 422, "bad_header", "%s", why);
	return false;
}

/** POST /v1/products/import?dry_run=1&rule=1&file=NAME, text/csv */
int product_import(struct office *o, const struct ask *a, struct reply *r)
{
	int64_t dry = 0, rule = 0;
	struct import *m;
	int error = 0;

	if (!ask_query_int(a, "dry_run", 0, 1, 0, &dry, r) ||
	    !ask_query_int(a, "rule", 0, 1, 0, &rule, r))
		return 0;
	m = calloc(1, sizeof(*m));
	CHECK(m);
	m->o = o;
	m->a = a;
	m->dry = dry;
	m->rule = rule;
	m->all = who_may(&a->who, RIGHT_GOODS, NULL);
	m->problem = calloc(PROBLEMS_MAX, sizeof(*m->problem));
	m->seen = calloc(SEEN_SLOTS, sizeof(*m->seen));
	CHECK(m->problem && m->seen);
	if (header_take(m, r)) {
		error = db_read(o->db, shops_work, m);
		m->chunk_rows = m->dry ? UINT32_MAX : m->fetch ? CHUNK_ROWS_FETCHED : CHUNK_ROWS;
		if (error == 0) {
			int logged;

			error = chunks_run(m);
			logged = log_it(m);
			error = error != 0 ? error : logged;
		}
		if (error == 0)
			reply_json(r, 200, answer_json(m));
	}
	free(m->problem);
	free(m->seen);
	free(m);
	return error;
}
