/*
 * bill_mail.c: a bundle as a mail. Three steps on two threads: what is due is read and leased by a
 * worker, drawn and sent where nothing else waits, and noted by a worker. Whoever dies between them
 * leaves a lease that runs out; the mail then goes again, under the same Message-ID and date, so
 * that a mail program shows it once.
 *
 * Names and addresses pass through memory that is wiped, and no log.
 */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "net/mail.h"
#include "officed/bill.h"

/* --- whose it is */

bool parties_of(const char *seller, const char *buyer, const char *language, struct parties *ret,
		char why[PARTY_WHY_MAX])
{
	json_t *from = json_loads(seller, JSON_REJECT_DUPLICATES, NULL);
	json_t *to = json_loads(buyer, JSON_REJECT_DUPLICATES, NULL);
	json_t *root = from && to ? json_pack("{s:O, s:O, s:s}", "seller", from, "buyer", to,
					      "language", language)
				  : NULL;
	char *text = root ? json_dumps(root, JSON_COMPACT) : NULL;
	bool good = false;

	if (text)
		good = party_read(text, (uint32_t)strlen(text), ret, why);
	else
		snprintf(why, PARTY_WHY_MAX, "%s",
			 from ? "the member has no name and address" : "the shop has no seller");
	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
	json_decref(root);
	json_decref(from);
	json_decref(to);
	return good;
}

/* --- what is due */

static bool take_due(struct office *o, struct wall now, struct mailing *m)
{
	struct db_rows *rows;
	bool found;

	db_ask(o->db, &rows,
	       "UPDATE bundle SET due_at = $2, tries = tries + 1 WHERE (shop, id) IN"
	       " (SELECT shop, id FROM bundle WHERE due_at > 0 AND due_at <= $1"
	       "  ORDER BY due_at LIMIT 1)"
	       " AND due_at > 0 AND due_at <= $1"
	       " RETURNING shop, id, tries, period, payable, due, made_at, kind, invoice",
	       DB_VALUES(db_int(now.ms), db_int(now.ms + MAIL_LEASE_MS)));
	found = db_next(rows);
	if (found) {
		snprintf(m->shop, sizeof(m->shop), "%s", db_col_text(rows, 0));
		m->bundle = (uint64_t)db_col_int(rows, 1);
		m->tries = db_col_int(rows, 2);
		m->period.n = (int32_t)db_col_int(rows, 3);
		m->payable = money_of(db_col_int(rows, 4));
		m->due.n = (int32_t)db_col_int(rows, 5);
		m->made.ms = db_col_int(rows, 6);
		m->kind = (enum bundle_kind)db_col_int(rows, 7);
		m->invoice = db_col_int(rows, 8);
	}
	db_rows_end(rows);
	return found;
}

static void give_up(struct mailing *m, const char *what, const char *why)
{
	m->result = -EINVAL;
	snprintf(m->why, sizeof(m->why), "%s: %s", what, why);
}

static void read_one(struct office *o, struct mailing *m, const char *shop, int64_t invoice,
		     struct db_rows *rows)
{
	struct bundled *b = &m->paper[m->papers];
	char why[PARTY_WHY_MAX] = "";
	int error;

	b->paper = bill_paper(o, shop, (struct invoice_id){(uint64_t)invoice}, &error);
	if (!b->paper) {
		if (!db_failed(o->db))
			give_up(m, shop, "its invoice does not add up from its entries");
		return;
	}
	m->papers++;
	if (!parties_of(db_col_text(rows, 2), db_col_text(rows, 3), db_col_text(rows, 4),
			&b->parties, why))
		give_up(m, shop, why);
	else if (!b->parties.buyer.email[0])
		give_up(m, "the member", "there is no mail address");
	m->one_seller =
		m->one_seller &&
		strcmp(b->parties.seller.bankgiro, m->paper[0].parties.seller.bankgiro) == 0 &&
		strcmp(b->parties.seller.name, m->paper[0].parties.seller.name) == 0;
}

bool mailing_lease(struct office *o, struct wall now, struct mailing *ret)
{
	struct db_rows *rows;

	memset(ret, 0, sizeof(*ret));
	if (!take_due(o, now, ret))
		return false;
	ret->one_seller = true;
	if (ret->kind == BUNDLE_MONTH)
		db_ask(o->db, &rows,
		       "SELECT b.shop, b.invoice, s.seller, m.party, m.language FROM "
		       "bundle_invoice b"
		       " JOIN shop s ON s.shop = b.shop JOIN member m ON m.customer = b.customer"
		       " WHERE b.bundle = $1 ORDER BY b.shop, b.invoice LIMIT $2",
		       DB_VALUES(db_int((int64_t)ret->bundle), db_int(BUNDLE_PAPERS_MAX)));
	else
		db_ask(o->db, &rows,
		       "SELECT i.shop, i.id, s.seller, m.party, m.language FROM invoice i"
		       " JOIN shop s ON s.shop = i.shop JOIN member m ON m.customer = i.customer"
		       " WHERE i.shop = $1 AND i.id = $2 LIMIT 1",
		       DB_VALUES(db_text(ret->shop), db_int(ret->invoice)));
	while (ret->result == 0 && db_next(rows))
		read_one(o, ret, db_col_text(rows, 0), db_col_int(rows, 1), rows);
	db_rows_end(rows);
	if (ret->result == 0 && ret->papers == 0)
		give_up(ret, "the bundle", "it has no invoice or no member any more");
	return true;
}

/* --- how it is sent */

void mail_date(struct wall at, char text[64])
{
	/* RFC 5322 has English names, whatever the locale */
	static const char *const day[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char *const month[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
					    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	time_t s = (time_t)(at.ms / 1000);
	struct tm t = {0};

	gmtime_r(&s, &t);
	snprintf(text, 64, "%s, %02d %s %04d %02d:%02d:%02d +0000", day[t.tm_wday % 7],
		 t.tm_mday % 100, month[t.tm_mon % 12], (t.tm_year + 1900) % 10000, t.tm_hour % 100,
		 t.tm_min % 100, t.tm_sec % 100);
}

static bool draw(struct mailing *m)
{
	for (uint32_t i = 0; i < m->papers; i++) {
		struct bundled *b = &m->paper[i];

		m->result = render_pdf(b->paper, &b->parties, &b->pdf, &b->pdf_len, m->why);
		if (m->result < 0)
			return m->result = -EAGAIN, false;
	}
	return true;
}

static void file_name(const struct paper *p, char name[NUMBER_TEXT_SIZE + 4])
{
	char number[NUMBER_TEXT_SIZE];

	number_text(p->shop, p->id, number);
	for (char *c = number; *c; c++)
		*c = (char)(*c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a' : *c);
	snprintf(name, NUMBER_TEXT_SIZE + 4, "%s.pdf", number);
}

void mailing_send(const struct config *config, struct mailing *m)
{
	char subject[BILL_SUBJECT_SIZE], id[160], date[64];
	char names[BUNDLE_PAPERS_MAX][NUMBER_TEXT_SIZE + 4];
	const char *domain = strchr(config->mail.from, '@');
	char *text;
	struct mail mail = {.server = config->mail.server,
			    .user = config->mail.user,
			    .password = config->mail.password,
			    .from = config->mail.from,
			    .from_name = m->paper[0].parties.seller.name,
			    .to = m->paper[0].parties.buyer.email,
			    .to_name = m->paper[0].parties.buyer.name,
			    .subject = subject,
			    .id = id,
			    .date = date,
			    .parts = m->papers};

	if (m->result != 0 || !draw(m))
		return;
	snprintf(id, sizeof(id), "bundle-%llu%s", (unsigned long long)m->bundle,
		 domain ? domain : "@localhost");
	mail_date(m->made, date);
	bill_subject(m, subject);
	text = bill_text(m);
	mail.text = text;
	for (uint32_t i = 0; i < m->papers; i++) {
		file_name(m->paper[i].paper, names[i]);
		mail.part[i] = (struct mail_part){.name = names[i],
						  .content_type = "application/pdf",
						  .bytes = m->paper[i].pdf,
						  .len = m->paper[i].pdf_len};
	}
	m->result = mail_send(&mail, m->why);
	explicit_bzero(text, strlen(text));
	free(text);
}

/* --- how it went */

static int64_t retry_ms(int64_t tries)
{
	int64_t ms = MAIL_RETRY_MS;

	for (int64_t i = 1; i < tries && ms < MAIL_RETRY_MAX_MS; i++)
		ms *= 2;
	return ms < MAIL_RETRY_MAX_MS ? ms : MAIL_RETRY_MAX_MS;
}

void mailing_note(struct office *o, const struct mailing *m, struct wall now)
{
	bool later = m->result == -EAGAIN && m->tries < MAIL_TRIES_MAX;
	char detail[300];

	db_do(o->db,
	      "UPDATE bundle SET due_at = $3, mailed_at = $4, outcome = $5"
	      " WHERE shop = $1 AND id = $2",
	      DB_VALUES(db_text(m->shop), db_int((int64_t)m->bundle),
			db_int(later ? now.ms + retry_ms(m->tries) : 0),
			db_int(m->result == 0 ? now.ms : 0),
			db_text(m->result == 0 ? "sent" : m->why)));
	if (m->result == 0 || later)
		return;
	snprintf(detail, sizeof(detail), "bundle %llu: %s", (unsigned long long)m->bundle, m->why);
	notice_add(o, m->shop, NOTICE_MAIL, detail, now);
}

void mailing_free(struct mailing *m)
{
	for (uint32_t i = 0; i < BUNDLE_PAPERS_MAX; i++) {
		struct bundled *b = &m->paper[i];

		if (b->pdf)
			explicit_bzero(b->pdf, b->pdf_len);
		free(b->pdf);
		free(b->paper);
	}
	explicit_bzero(m, sizeof(*m));
}
