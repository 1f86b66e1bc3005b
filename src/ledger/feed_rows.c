/*
 * feed_rows.c: one change of the office's feed onto its table, and what the file notes of the feed.
 *
 * The same change is written to the tables that hold, or to those of a snapshot that is being
 * staged; only articles differ, for those that hold are a list of versions (catalogue_import.c).
 * What cannot be (an article whose rate has no account) is left out and told: one bad row of an
 * office must not keep all others from the shop. A change that was applied before changes nothing.
 */
#include "ledger/shelf.h"

#include <errno.h>
#include <stdlib.h>

enum write {
	WRITE_MEMBER,
	WRITE_MEMBER_GONE,
	WRITE_MEMBER_KEYS_GONE,
	WRITE_MEMBER_CARDS_GONE,
	WRITE_KEY,
	WRITE_KEY_GONE,
	WRITE_CARD,
	WRITE_CARD_GONE,
	WRITE_PASS,
	WRITE_SETTING,
	WRITE_SETTING_GONE,
	WRITE_ARTICLE_NEXT, /* what begins later; of a snapshot all */
	WRITE_ARTICLE_NEXT_GONE,
	WRITE_ARTICLE_END,
	WRITE_ARTICLE_UNDO, /* begun in this very version */
	WRITE_ARTICLE_BEGIN,
	WRITES
};
_Static_assert(WRITES <= FEED_WRITES, "a statement each");

/* @ is "" or "_new" */
static const char *const texts[WRITES] = {
	[WRITE_MEMBER] = "INSERT INTO member@(customer, role, flags, credit_limit, trust)"
			 " VALUES(?1, ?2, ?3 | (SELECT count(*) FROM local_block"
			 "  WHERE customer = ?1), ?4, 0)"
			 " ON CONFLICT(customer) DO UPDATE SET role = excluded.role,"
			 " flags = excluded.flags, credit_limit = excluded.credit_limit",
	[WRITE_MEMBER_GONE] = "DELETE FROM member@ WHERE customer = ?1",
	[WRITE_MEMBER_KEYS_GONE] = "DELETE FROM member_key@ WHERE customer = ?1",
	[WRITE_MEMBER_CARDS_GONE] = "DELETE FROM member_card@ WHERE customer = ?1",
	[WRITE_KEY] = "INSERT OR IGNORE INTO member_key@(kid, customer, key)"
		      " SELECT ?1, customer, ?3 FROM member@ WHERE customer = ?2",
	[WRITE_KEY_GONE] = "DELETE FROM member_key@ WHERE kid = ?1 AND customer = ?2 AND key = ?3",
	/* whose it is now: the office gives a card to one member only, and says so last */
	[WRITE_CARD] = "INSERT OR REPLACE INTO member_card@(kid, customer)"
		       " SELECT ?1, customer FROM member@ WHERE customer = ?2",
	[WRITE_CARD_GONE] = "DELETE FROM member_card@ WHERE kid = ?1 AND customer = ?2",
	[WRITE_PASS] = "INSERT INTO pass@(cti, revoked, wants_pin, pin_salt, pin_hash)"
		       " VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT(cti) DO UPDATE SET"
		       " revoked = max(revoked, excluded.revoked), wants_pin = excluded.wants_pin,"
		       " pin_salt = excluded.pin_salt, pin_hash = excluded.pin_hash",
	[WRITE_SETTING] = "INSERT OR REPLACE INTO setting@(name, value) VALUES(?1, ?2)",
	[WRITE_SETTING_GONE] = "DELETE FROM setting@ WHERE name = ?1",
	[WRITE_ARTICLE_NEXT] = "INSERT OR REPLACE INTO article_%(gtin, valid_from, price, vat_bp,"
			       " class, state, name, vat_class, deposit, reorder)"
			       " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
	[WRITE_ARTICLE_NEXT_GONE] = "DELETE FROM article_% WHERE gtin = ?1",
	[WRITE_ARTICLE_END] = "UPDATE article SET until = ?2 WHERE gtin = ?1 AND until = 0",
	[WRITE_ARTICLE_UNDO] = "DELETE FROM article WHERE gtin = ?1 AND since = ?2",
	[WRITE_ARTICLE_BEGIN] = "INSERT INTO article(gtin, since, until, price, vat_bp, class,"
				" state, name, vat_class, deposit, reorder)"
				" VALUES(?1, ?2, 0, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
};
_Static_assert(MEMBER_BLOCKED == 1, "the flag that a local block is counted into");

/* The text for these tables: @ is their suffix, % the list of prices to come. */
static sqlite3_stmt *statement(struct feed_writer *w, enum write which)
{
	const char *suffix = w->into == INTO_STAGED ? "_new" : "";
	const char *list = w->into == INTO_STAGED ? "new" : "next";
	char sql[512];
	uint32_t len = 0;

	if (w->write[which])
		return w->write[which];
	for (const char *at = texts[which]; *at; at++) {
		const char *put = *at == '@' ? suffix : *at == '%' ? list : NULL;
		size_t n = put ? strlen(put) : 1;

		CHECK(len + n < sizeof(sql));
		memcpy(sql + len, put ? put : at, n);
		len += (uint32_t)n;
	}
	sql[len] = '\0';
	return w->write[which] = sql_prepare(w->s->writer.db, sql);
}

void feed_writer_end(struct feed_writer *w)
{
	for (uint32_t i = 0; i < WRITES; i++) {
		sqlite3_finalize(w->write[i]);
		w->write[i] = NULL;
	}
}

static int step(struct feed_writer *w, sqlite3_stmt *write)
{
	int rc;

	if (!write)
		return sqlite3_extended_errcode(w->s->writer.db);
	rc = sqlite3_step(write);
	sqlite3_reset(write);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static void leave_out(struct feed_writer *w, const char *what, const char *why)
{
	if (w->left_out++ == 0)
		why_format(w->why, "%s: %s", what, why);
}

static int write_member(struct feed_writer *w, const struct sync_member *m)
{
	sqlite3_stmt *write = statement(w, WRITE_MEMBER);

	w->roster = true;
	if (write) {
		bind_blob(write, 1, m->customer.byte, sizeof(m->customer.byte));
		bind_u64(write, 2, m->role);
		bind_u64(write, 3, m->flags);
		bind_money(write, 4, m->credit_limit);
	}
	return step(w, write);
}

static int write_customer(struct feed_writer *w, enum write which, struct customer customer)
{
	sqlite3_stmt *write = statement(w, which);

	w->roster = true;
	if (write)
		bind_blob(write, 1, customer.byte, sizeof(customer.byte));
	return step(w, write);
}

/* A key's kid is the hash that its public form has (RFC 9679); this folder computes it by itself.
 */
static int write_key(struct feed_writer *w, enum write which, const struct sync_key *k)
{
	sqlite3_stmt *write = statement(w, which);
	struct kid kid = shelf_kid(&k->key);

	w->roster = true;
	if (write) {
		bind_blob(write, 1, kid.byte, sizeof(kid.byte));
		bind_blob(write, 2, k->customer.byte, sizeof(k->customer.byte));
		bind_blob(write, 3, &k->key, sizeof(k->key));
	}
	return step(w, write);
}

static int write_card(struct feed_writer *w, enum write which, const struct sync_card *c)
{
	sqlite3_stmt *write = statement(w, which);

	w->roster = true;
	if (write) {
		bind_blob(write, 1, c->kid.byte, sizeof(c->kid.byte));
		bind_blob(write, 2, c->customer.byte, sizeof(c->customer.byte));
	}
	return step(w, write);
}

static int write_pass(struct feed_writer *w, const struct sync_pass *p)
{
	sqlite3_stmt *write = statement(w, WRITE_PASS);

	w->roster = true;
	if (write) {
		bind_blob(write, 1, p->cti, p->cti_len);
		bind_i64(write, 2, p->revoked);
		bind_i64(write, 3, p->wants_pin);
		bind_blob(write, 4, p->pin_salt, sizeof(p->pin_salt));
		bind_blob(write, 5, p->pin_hash.byte, sizeof(p->pin_hash.byte));
	}
	return step(w, write);
}

static int write_setting(struct feed_writer *w, const struct sync_setting *t)
{
	sqlite3_stmt *write = statement(w, t->value[0] ? WRITE_SETTING : WRITE_SETTING_GONE);

	if (write) {
		bind_text(write, 1, t->name);
		if (t->value[0])
			bind_text(write, 2, t->value);
	}
	return step(w, write);
}

static struct import_row row_of(const struct sync_article *a)
{
	struct import_row r = {
		.gtin = a->gtin.n,
		.price_minor = money_minor(a->price),
		.deposit_minor = a->deposit_minor,
		.vat_bp = a->vat_bp,
		.reorder = a->reorder,
		.class = a->class,
		.state = a->state,
		.vat_class = a->vat_class,
		.name_len = (uint8_t)strlen(a->name),
	};

	memcpy(r.name, a->name, r.name_len);
	return r;
}

/* An article as of `second`: a version, or a moment. */
static int write_article_row(struct feed_writer *w, enum write which, const struct sync_article *a,
			     int64_t second)
{
	sqlite3_stmt *write = statement(w, which);

	if (write) {
		bind_u64(write, 1, a->gtin.n);
		bind_i64(write, 2, second);
		bind_money(write, 3, a->price);
		bind_i64(write, 4, a->vat_bp);
		bind_u64(write, 5, a->class);
		bind_u64(write, 6, a->state);
		bind_text(write, 7, a->name);
		bind_u64(write, 8, a->vat_class);
		bind_i64(write, 9, a->deposit_minor);
		bind_u64(write, 10, a->reorder);
	}
	return step(w, write);
}

/* The article as it is now ends with this version, or goes whole where it began in it. */
static int end_article(struct feed_writer *w, struct gtin gtin)
{
	static const enum write both[] = {WRITE_ARTICLE_UNDO, WRITE_ARTICLE_END};
	int rc = SQLITE_OK;

	w->articles = true;
	for (uint32_t i = 0; i < ARRAY_LEN(both) && rc == SQLITE_OK; i++) {
		sqlite3_stmt *write = statement(w, both[i]);

		if (write) {
			bind_u64(write, 1, gtin.n);
			bind_u64(write, 2, w->version);
		}
		rc = step(w, write);
	}
	return rc;
}

static int write_article(struct feed_writer *w, const struct sync_article *a)
{
	struct import_row row = row_of(a);
	const char *wrong = import_row_wrong(&row, w->s->chart);
	char gtin[GTIN_TEXT_MAX + 1 + sizeof("article ")] = "article ";
	int rc;

	if (wrong) {
		gtin_text(a->gtin, gtin + sizeof("article ") - 1);
		leave_out(w, gtin, wrong);
		return SQLITE_OK;
	}
	if (w->into == INTO_STAGED || a->valid_from.ms > w->now.ms)
		return write_article_row(w, WRITE_ARTICLE_NEXT, a, a->valid_from.ms);
	rc = end_article(w, a->gtin);
	return rc == SQLITE_OK ? write_article_row(w, WRITE_ARTICLE_BEGIN, a, w->version) : rc;
}

static int write_article_gone(struct feed_writer *w, struct gtin gtin)
{
	sqlite3_stmt *write = statement(w, WRITE_ARTICLE_NEXT_GONE);
	int rc;

	if (write)
		bind_u64(write, 1, gtin.n);
	rc = step(w, write);
	return rc == SQLITE_OK && w->into == INTO_LIVE ? end_article(w, gtin) : rc;
}

/* The keys and cards go with their member. */
static int write_member_gone(struct feed_writer *w, struct customer customer)
{
	static const enum write all[] = {WRITE_MEMBER_KEYS_GONE, WRITE_MEMBER_CARDS_GONE,
					 WRITE_MEMBER_GONE};
	int rc = SQLITE_OK;

	for (uint32_t i = 0; i < ARRAY_LEN(all) && rc == SQLITE_OK; i++)
		rc = write_customer(w, all[i], customer);
	return rc;
}

int feed_write(struct feed_writer *w, const struct sync_change *c)
{
	switch (c->kind) {
	case SYNC_MEMBER:
		return write_member(w, &c->member);
	case SYNC_MEMBER_GONE:
		return write_member_gone(w, c->gone);
	case SYNC_KEY:
		return write_key(w, WRITE_KEY, &c->key);
	case SYNC_KEY_GONE:
		return write_key(w, WRITE_KEY_GONE, &c->key);
	case SYNC_CARD:
		return write_card(w, WRITE_CARD, &c->card);
	case SYNC_CARD_GONE:
		return write_card(w, WRITE_CARD_GONE, &c->card);
	case SYNC_ARTICLE:
		return write_article(w, &c->article);
	case SYNC_ARTICLE_GONE:
		return write_article_gone(w, c->article_gone);
	case SYNC_PASS:
		return write_pass(w, &c->pass);
	case SYNC_SETTING:
		return write_setting(w, &c->setting);
	case SYNC_KEY_SET:
	case SYNC_COMMAND:
	case SYNC_PAYMENT:
	case SYNC_PAYMENT_ASSIGNED:
	case SYNC_ERASE:
		break;
	}
	panic(__FILE__, __LINE__, "a todo is kept, not written");
}
