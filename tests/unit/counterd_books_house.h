/*
 * counterd_books_house.h: the books that counterd reads, played for counterd_house.h: three of
 * each thing, and what asks for them of the year 1970 finds a file that cannot be read.
 */
#ifndef TESTS_UNIT_COUNTERD_BOOKS_HOUSE_H
#define TESTS_UNIT_COUNTERD_BOOKS_HOUSE_H

#include "books/number.h"
#include "ledger/desk.h"
#include "ledger/read_books.h"

#define PLAYED_ROWS 3
#define OCTOBER	    202610
#define UNREADABLE  197001
#define GTIN_BAD    4006381333931 /* of it nothing can be read */
#define WORST_WHY   "\x01\x02\x03"

int reader_rates(struct reader *r, struct entry_tax *ret_tax, struct entry_chart *ret_chart)
{
	(void)r;
	assert_non_null(ret_tax);
	assert_null(ret_chart);
	ret_tax->rates = 0; /* none on record yet: the country's */
	return 0;
}

static inline void play_invoice(struct invoice_row *i, uint32_t n)
{
	*i = (struct invoice_row){.id = number_of(2026, n),
				  .seq = 100 + n,
				  .period = {OCTOBER},
				  .issued = {20759},
				  .due = {20789},
				  .lines = 2,
				  .rates = 2,
				  .gross = money_of(10050),
				  .rounding = money_of(-50),
				  .payable = money_of(10000),
				  .paid = money_of(4000)};
	i->rate[0] = (struct invoice_rate){2500, money_of(5000), money_of(4000), money_of(1000),
					   money_of(1000)};
	i->rate[1] = (struct invoice_rate){600, money_of(5050), money_of(4764), money_of(286),
					   money_of(285)};
	memset(i->customer.byte, (int)n, sizeof(i->customer.byte));
	if (n == 3) {
		i->original = number_of(2026, 1);
		i->line = 55;
		i->reason = CREDIT_BROKEN;
		memcpy(i->why, WORST_WHY, sizeof(WORST_WHY));
	}
}

int reader_invoices(struct reader *r, struct period period, struct invoice_id after,
		    struct invoice_row *ret, uint32_t max)
{
	int n = 0;

	(void)r;
	if (period.n == UNREADABLE)
		return -EAGAIN;
	for (uint32_t i = 1; i <= PLAYED_ROWS && (uint32_t)n < max; i++)
		if (number_of(2026, i).n > after.n && (period.n == 0 || period.n == OCTOBER))
			play_invoice(&ret[n++], i);
	return n;
}

int reader_invoice(struct reader *r, struct invoice_id id, struct invoice_row *ret)
{
	(void)r;
	if (number_year(id) == 1970)
		return -EAGAIN;
	if (number_year(id) != 2026 || number_counter(id) > PLAYED_ROWS)
		return 0;
	play_invoice(ret, number_counter(id));
	return 1;
}

int reader_paper(struct reader *r, struct invoice_id id, struct paper **ret)
{
	struct paper *p = calloc(1, sizeof(*p) + 2 * sizeof(struct paper_line));

	(void)r;
	assert_non_null(p);
	p->id = id;
	p->lines = 2;
	p->line = (struct paper_line *)(p + 1);
	p->line[0] = (struct paper_line){.seq = 41,
					 .bought = {20740},
					 .gtin = {7310865004703},
					 .name = NASTY_NAME,
					 .quantity_milli = 2000,
					 .vat_bp = 600,
					 .unit_price = money_of(1250),
					 .gross = money_of(2500),
					 .deposit = money_of(200),
					 .net = money_of(2358),
					 .deposit_net = money_of(189),
					 .list_price = money_of(1500)};
	p->line[1] = p->line[0];
	p->line[1].late = true;
	*ret = p;
	return number_counter(id) == 2 ? (free(p), *ret = NULL, -EIO) : 1;
}

int reader_stock(struct reader *r, struct gtin after, struct stock_row *ret, uint32_t max)
{
	static const uint64_t gtin[PLAYED_ROWS] = {73513537, 7310865004703, 17310865004700};
	int n = 0;

	(void)r;
	if (after.n == GTIN_BAD)
		return -EAGAIN;
	for (uint32_t i = 0; i < PLAYED_ROWS && (uint32_t)n < max; i++)
		if (gtin[i] > after.n)
			ret[n++] = (struct stock_row){.gtin = {gtin[i]},
						      .on_hand_milli = -3000,
						      .value = money_of(-2100),
						      .unit_cost = money_of(700),
						      .counted_at = {i ? 1764000000000 : 0},
						      .shrunk_milli = 1000};
	return n;
}

int reader_stock_one(struct reader *r, struct gtin gtin, struct stock_row *ret)
{
	if (gtin.n == GTIN_BAD)
		return -EAGAIN;
	return reader_stock(r, (struct gtin){gtin.n - 1}, ret, 1) == 1 && ret->gtin.n == gtin.n;
}

int reader_movements(struct reader *r, struct gtin gtin, uint64_t after, struct movement_row *ret,
		     uint32_t max)
{
	int n = 0;

	(void)r;
	if (gtin.n == GTIN_BAD)
		return -EAGAIN;
	for (uint64_t seq = 11; seq <= 13 && (uint32_t)n < max; seq++) {
		struct movement_row *m = &ret[n];

		if (seq <= after)
			continue;
		*m = (struct movement_row){.seq = seq,
					   .at = {1764000000000},
					   .day = {20416},
					   .kind = MOVEMENT_SALE,
					   .gtin = {gtin.n ? gtin.n : 73513537},
					   .quantity_milli = -1000,
					   .value = money_of(-700),
					   .visit = {VISIT_KNOWN}};
		if (seq == 12) {
			m->kind = MOVEMENT_DELIVERY;
			m->visit.n = 0;
			m->use_by.n = 20500;
			memcpy(m->lot, "L1", 3);
			memcpy(m->by, "owner-1", 8);
			memcpy(m->why, WORST_WHY, sizeof(WORST_WHY));
		}
		n++;
	}
	return n;
}

int reader_lots(struct reader *r, struct day until, struct lot_row *ret, uint32_t max)
{
	(void)r;
	if (until.n < 365)
		return -EAGAIN;
	for (uint32_t i = 0; i < PLAYED_ROWS && i < max; i++)
		ret[i] = (struct lot_row){
			.gtin = {7310865004703}, .use_by = {i ? 20500 : 0}, .left_milli = 2000};
	return max < PLAYED_ROWS ? (int)max : PLAYED_ROWS;
}

int reader_shrink(struct reader *r, uint64_t after, struct shrink_row *ret, uint32_t max)
{
	int n = 0;

	(void)r;
	if (after == UNREADABLE)
		return -EAGAIN;
	for (uint64_t seq = 31; seq <= 33 && (uint32_t)n < max; seq++)
		if (seq > after)
			ret[n++] = (struct shrink_row){.seq = seq,
						       .at = {1764000000000},
						       .gtin = {73513537},
						       .missing_milli = 2000,
						       .value = money_of(1400),
						       .visits = 17};
	return n;
}

int reader_checks(struct reader *r, bool open, struct visit_id after, struct check_row *ret,
		  uint32_t max)
{
	int n = 0;

	(void)r;
	if (after.n == VISIT_UNREADABLE)
		return -EAGAIN;
	for (uint64_t v = 1; v <= PLAYED_ROWS && (uint32_t)n < max; v++)
		if (v > after.n && (!open || v == 2))
			ret[n++] = (struct check_row){.visit = {v},
						      .seq = 60 + v,
						      .picked_at = {1764000000000},
						      .state = v == 2 ? CHECK_PICKED : CHECK_PASSED,
						      .reason = CHECK_SHARE};
	return n;
}

int reader_reported(struct reader *r, bool open, uint64_t after, struct reported_row *ret,
		    uint32_t max)
{
	int n = 0;

	(void)r;
	if (after == UNREADABLE)
		return -EAGAIN;
	for (uint64_t seq = 21; seq <= 23 && (uint32_t)n < max; seq++) {
		if (seq <= after || (open && seq == 21))
			continue;
		ret[n] = (struct reported_row){.seq = seq,
					       .at = {1764000000000},
					       .visit = {VISIT_KNOWN},
					       .gtin = {7310865004703},
					       .total = money_of(1250),
					       .reason = CREDIT_WRONG_LINE,
					       .answered = seq == 21 ? 30 : 0};
		memcpy(ret[n].key.text, "k-1", 4);
		memcpy(ret[n].name, PLAIN_NAME, sizeof(PLAIN_NAME));
		n++;
	}
	return n;
}

/* --- the desk, played: the first byte of the token (a report: of the bearer) is the verdict, the
 * second the answer; what stands in the request comes back as an invoice's and an entry's number.
 */

/* 1, or the number of the first thing in a request that is not as test_counterd_money.c asked. */
static inline uint64_t desk_as_asked(const struct message_desk *d)
{
	if (strcmp(d->key, "k-1") != 0)
		return 2;
	if (strcmp(d->why, "med \xc3\xa5") != 0)
		return 3;
	if (d->kind == DESK_CREDIT)
		return d->word != CREDIT_PRICE ? 4
		       : d->invoice	       ? (d->visit || d->line[0] ? 5 : 1)
		       : d->visit != VISIT_KNOWN || strcmp(d->line, "l-9") != 0 ? 6
										: 1;
	if (d->word != MOVEMENT_DELIVERY || d->gtin != 7310865004703)
		return 7;
	if (d->quantity_milli != -5 || d->amount_minor != 1 || strcmp(d->lot, "L/1") != 0)
		return 8;
	return d->use_by != 20500 || d->best_before != 20501 || d->day != 0 ? 9 : 1;
}

static inline void play_desk(const struct message_desk *d, union message *m)
{
	const uint8_t *proof = d->kind == DESK_REPORT ? d->bearer : d->token;

	message_init(m, MESSAGE_DESK_IS, d->head.request);
	m->desk_is.verdict = proof[0] < VERDICTS ? proof[0] : 0;
	m->desk_is.answer = proof[1];
	m->desk_is.seq = d->key[0] ? desk_as_asked(d) : d->visit;
	if (d->kind == DESK_REPORT && (strcmp(d->line, "l-9") != 0 || d->word != CREDIT_BROKEN))
		m->desk_is.seq = 10;
	if (d->kind == DESK_CREDIT && !d->invoice)
		m->desk_is.invoice = number_of(2026, 9).n;
	if (m->desk_is.answer == DESK_REFUSED && proof[2] == 2)
		memcpy(m->desk_is.why, "key_reused: make another", 25);
	if (m->desk_is.answer == DESK_REFUSED && proof[2] == 0)
		memcpy(m->desk_is.why, "there is no such line", 22);
}

#endif
