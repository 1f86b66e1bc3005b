/*
 * derive_post.c: the postings of an entry, as rows. books/ says what is posted; here it is written
 * down: all rows of an entry by one statement, for a line has three of them and there are many
 * lines.
 */
#include "ledger/derive.h"

#include <stdio.h>

/* OR FAIL: a failure here ends the process, so no journal need be kept of each statement (4 % of a
 * line). */
static sqlite3_stmt *insert_of(struct store *s, uint32_t rows)
{
	char sql[64 + 40 * POSTINGS_MAX] =
		"INSERT OR FAIL INTO posting(id, account, amount) VALUES";
	uint32_t len = (uint32_t)strlen(sql);

	for (uint32_t i = 0; i < rows; i++)
		len += (uint32_t)snprintf(sql + len, sizeof(sql) - len, "%s(?1 + %u, ?%u, ?%u)",
					  i ? "," : "", i, 2 + 2 * i, 3 + 2 * i);
	CHECK(len < sizeof(sql));
	return sql_prepare(s->writer.db, sql);
}

enum stored derive_post(struct store *s, const struct postings *p)
{
	sqlite3_stmt *insert;
	int rc;

	if (p->count == 0)
		return STORED_OK;
	CHECK(p->count <= POSTINGS_MAX);
	if (!s->posting[p->count])
		s->posting[p->count] = insert_of(s, p->count);
	insert = s->posting[p->count];
	if (!insert)
		sql_panic(s->writer.db, sqlite3_extended_errcode(s->writer.db),
			  "preparing to post");
	CHECK(s->head.posted + p->count <= 1U << POSTING_SHIFT);
	bind_u64(insert, 1, s->head.seq << POSTING_SHIFT | s->head.posted);
	s->head.posted += p->count;
	for (uint32_t i = 0; i < p->count; i++) {
		bind_u64(insert, (int)(2 + 2 * i), p->posting[i].account);
		bind_money(insert, (int)(3 + 2 * i), p->posting[i].amount);
	}
	rc = sqlite3_step(insert);
	sqlite3_reset(insert);
	return rc == SQLITE_DONE ? STORED_OK : store_failed(s, rc, "posting");
}

/* The accounts of a rate: the chart's own, else the standard chart's, else those of the chart's
 * first rate. */
static struct chart_rate accounts_of(const struct entry_chart *chart, int32_t vat_bp)
{
	const struct entry_chart standard = chart_bas();
	const struct chart_rate *found = chart_rate(chart, vat_bp);
	struct chart_rate made;

	if (!found)
		found = chart_rate(&standard, vat_bp);
	if (found)
		return *found;
	made = chart->rates > 0 ? chart->rate[0] : standard.rate[0];
	made.vat_bp = vat_bp;
	return made;
}

const struct entry_chart *derive_chart(const struct store *s, const int32_t *vat_bp, uint32_t n,
				       struct entry_chart *room)
{
	const struct entry_chart *chart = &s->head.chart;
	uint32_t known = 0;

	CHECK(n <= RATES_MAX);
	while (known < n && chart_rate(chart, vat_bp[known]))
		known++;
	if (known == n)
		return chart;
	*room = *chart;
	room->rates = n;
	for (uint32_t i = 0; i < n; i++)
		room->rate[i] = accounts_of(chart, vat_bp[i]);
	return room;
}
