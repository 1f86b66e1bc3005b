/* entry_samples.h: one good entry of each kind, for the tests of what keeps them. */
#ifndef SHOP_TESTS_ENTRY_SAMPLES_H
#define SHOP_TESTS_ENTRY_SAMPLES_H

#include <stdio.h>
#include <string.h>

#include "wire/entry.h"
#include "wire/sync.h"

/* The first ones can be appended one after the other; those of the books speak of others. */
enum {
	SAMPLES_ALONE = 14
};
static const enum entry_kind sample_kinds[] = {
	ENTRY_START,	     ENTRY_STOP,	 ENTRY_CLOCK,	     ENTRY_ADMITTED,
	ENTRY_REFUSED,	     ENTRY_REFUSALS,	 ENTRY_DOOR,	     ENTRY_ALARM,
	ENTRY_VISIT_OPENED,  ENTRY_VISIT_JOINED, ENTRY_VISIT_CLOSED, ENTRY_LINE,
	ENTRY_LINE_VOIDED,   ENTRY_LOST,	 ENTRY_TAX,	     ENTRY_CHART,
	ENTRY_INVOICE_LINES, ENTRY_INVOICE,	 ENTRY_CREDIT_NOTE,  ENTRY_LINE_CREDITED,
	ENTRY_PERIOD_CLOSED, ENTRY_STOCK,	 ENTRY_PAYMENT,	     ENTRY_PAYMENT_ASSIGNED,
	ENTRY_CHECK,	     ENTRY_REPORTED,	 ENTRY_OFFICE,	     ENTRY_COMMAND,
	ENTRY_ERASED,	     ENTRY_TOLD,
};

static inline struct customer sample_customer(uint8_t n)
{
	struct customer c;

	for (uint8_t i = 0; i < sizeof(c.byte); i++)
		c.byte[i] = (uint8_t)(n + i);
	return c;
}

static inline struct place sample_place(const char *name)
{
	struct place p = {0};

	snprintf(p.name, sizeof(p.name), "%s", name);
	return p;
}

static inline struct entry sample_line(uint64_t visit, const char *key, int64_t total)
{
	struct entry e = {
		.kind = ENTRY_LINE,
		.at = {1790000001000},
		.line = {.visit = {visit},
			 .customer = sample_customer(0xc0),
			 .gtin = {7310865004703},
			 .name = "Mellanmj\xc3\xb6lk 1,5 l",
			 .quantity_milli = 2000,
			 .unit_price = money_of(total / 2),
			 .total = money_of(total),
			 .vat_bp = 600,
			 .class = CLASS_GROCERY,
			 .price_version = 7,
			 .scanned_at = {1790000000123},
			 .late = true,
			 .bought = {20717}, /* 2026-09-21, as the entry's own day in UTC */
			 .vat_class = VAT_FOOD,
			 .list_price = money_of(total / 2),
			 .best_before = {20727},
			 .lot = "L1"}};

	snprintf(e.line.key.text, sizeof(e.line.key.text), "%s", key);
	return e;
}

static inline struct entry sample_voided(uint64_t visit, const char *key, int64_t total)
{
	struct entry e = {.kind = ENTRY_LINE_VOIDED,
			  .at = {1790000002000},
			  .line_voided = {.visit = {visit},
					  .customer = sample_customer(0xc0),
					  .total = money_of(total)}};

	snprintf(e.line_voided.key.text, sizeof(e.line_voided.key.text), "%s", key);
	return e;
}

/* What the program, its clock and its doors tell. */
static inline void sample_of_doors(struct entry *e)
{
	switch ((int)e->kind) {
	case ENTRY_START:
		e->start = (struct entry_start){.boot_id = {1, 2, 3},
						.mono = {123456},
						.clean = true,
						.wall_trusted = true,
						.utc_offset_min = 120};
		break;
	case ENTRY_STOP:
		e->stop = (struct entry_stop){.boot_id = {1, 2, 3}, .mono = {9}};
		break;
	case ENTRY_CLOCK:
		e->clock = (struct entry_clock){.boot_id = {4},
						.mono = {77},
						.before = {-5},
						.wall_trusted = true,
						.utc_offset_min = -60};
		break;
	case ENTRY_ADMITTED:
		e->admitted = (struct entry_admitted){.place = sample_place("front"),
						      .road = ROAD_SCANNER,
						      .customer = sample_customer(0xc0),
						      .kid = {{0, 1, 2, 3, 4, 5, 6, 7}},
						      .visit = {5},
						      .cti_len = 8,
						      .cti = {1, 2, 3, 4, 5, 6, 7, 8},
						      .iat_s = 1790000000,
						      .exp_s = 1790000060};
		break;
	case ENTRY_REFUSED:
		e->refused = (struct entry_refused){.place = sample_place("front"),
						    .road = ROAD_PHONE,
						    .verdict = VERDICT_REPLAYED,
						    .customer_known = true,
						    .customer = sample_customer(1),
						    .kid = {{9}}};
		break;
	case ENTRY_REFUSALS:
		e->refusals =
			(struct entry_refusals){.place = sample_place("till-1"), .road = ROAD_NFC};
		e->refusals.count[VERDICT_MALFORMED] = 4000000000U;
		e->refusals.count[VERDICT_LEDGER_UNAVAILABLE] = 7;
		break;
	case ENTRY_DOOR:
		e->door = (struct entry_door){.place = sample_place("front"),
					      .event = DOOR_EVENT_UNLOCKED,
					      .mode = DOOR_ACCESSED,
					      .customer_known = true,
					      .customer = sample_customer(2)};
		break;
	}
}

/* What visits, alarms and a full disk tell. */
static inline void sample_of_visits(struct entry *e)
{
	switch ((int)e->kind) {
	case ENTRY_ALARM:
		e->alarm = (struct entry_alarm){.alarm = {3},
						.code = 123456,
						.condition = CONDITION_HELD_OPEN,
						.place = sample_place("front"),
						.severity = SEVERITY_URGENT,
						.state = ALARM_ACKNOWLEDGED,
						.by = "owner"};
		break;
	case ENTRY_VISIT_OPENED:
		e->visit_opened = (struct entry_visit_opened){.visit = {5},
							      .customer = sample_customer(0xc0),
							      .place = sample_place("front"),
							      .price_version = 7};
		break;
	case ENTRY_VISIT_JOINED:
		e->visit_joined = (struct entry_visit_joined){
			.visit = {5}, .customer = sample_customer(0xc0), .bearer = {{8, 8}}};
		break;
	case ENTRY_VISIT_CLOSED:
		e->visit_closed = (struct entry_visit_closed){
			.visit = {5}, .end = END_EXIT, .lines = 1, .total = money_of(3100)};
		break;
	case ENTRY_LINE:
		*e = sample_line(5, "k-1", 3100);
		break;
	case ENTRY_LINE_VOIDED:
		*e = sample_voided(5, "k-1", 3100);
		break;
	case ENTRY_LOST:
		e->lost.rows = 12;
		break;
	}
}

/* An invoice of 100.13: 53.00 at 12 %, 47.13 at 6 %. */
static inline struct entry_invoice sample_invoice(void)
{
	return (struct entry_invoice){
		.invoice = {2026000123},
		.customer = sample_customer(0xc0),
		.period = {202610},
		.issued = {20758}, /* 2026-11-01 */
		.due = {20788},
		.lines = 2,
		.rates = 2,
		.rate = {{1200, money_of(5300), money_of(4732), money_of(568), money_of(568)},
			 {600, money_of(4713), money_of(4446), money_of(267), money_of(266)}},
		.gross = money_of(10013),
		.rounding = money_of(-13),
		.payable = money_of(10000),
	};
}

/* What invoices and their lines tell. */
static inline void sample_of_invoices(struct entry *e)
{
	const struct entry_invoice i = sample_invoice();

	switch ((int)e->kind) {
	case ENTRY_INVOICE_LINES:
		e->invoice_lines = (struct entry_invoice_lines){
			.invoice = i.invoice, .lines = 2, .packed_len = 3, .packed = {0xac, 2, 1}};
		break;
	case ENTRY_INVOICE:
		e->invoice = i;
		break;
	case ENTRY_CREDIT_NOTE:
		e->credit_note = (struct entry_credit_note){
			.credit_note = {2026000124},
			.invoice = i.invoice,
			.line = 300,
			.customer = i.customer,
			.issued = {20760},
			.rates = 1,
			.rate = {{1200, money_of(5300), money_of(4732), money_of(568),
				  money_of(568)}},
			.gross = money_of(5300),
			.payable = money_of(5300),
			.reason = CREDIT_BROKEN,
			.why = "the jar was broken",
			.by = "owner",
			.key = "credit-1",
		};
		break;
	case ENTRY_LINE_CREDITED:
		e->line_credited = (struct entry_line_credited){.line = 300,
								.customer = i.customer,
								.total = money_of(5300),
								.reason = CREDIT_PRICE,
								.why = "7 on the shelf",
								.by = "owner",
								.key = "credit-2"};
		break;
	case ENTRY_PERIOD_CLOSED:
		e->period_closed = (struct entry_period_closed){.period = {202610},
								.upto = 400,
								.invoices = 1,
								.lines = money_of(10513),
								.invoiced = money_of(10013),
								.unbilled = money_of(500),
								.payable = money_of(10000),
								.paid = money_of(2500),
								.receivable = money_of(8000),
								.vat = money_of(863),
								.low = 301};
		break;
	}
}

/* What the desk tells besides. */
static inline void sample_of_desk(struct entry *e)
{
	switch ((int)e->kind) {
	case ENTRY_TAX:
		e->tax = (struct entry_tax){.rates = 3,
					    .rate = {{VAT_STANDARD, 2500, {0}},
						     {VAT_FOOD, 1200, {0}},
						     {VAT_FOOD, 600, {20544}}}}; /* 2026-04-01 */
		break;
	case ENTRY_CHART:
		e->chart = (struct entry_chart){
			.receivable = 1510,
			.rounding = 3740,
			.stock = 1460,
			.received = 4960,
			.cost = 4961,
			.waste = 4962,
			.shrink = 4963,
			.own_use = 4964,
			.bank = 1930,
			.unassigned = 2990,
			.rates = 2,
			.rate = {{1200, 3002, 2621, 3592}, {600, 3003, 2631, 3593}}};
		break;
	case ENTRY_STOCK:
		e->stock = (struct entry_stock){.key = "delivery-1",
						.kind = MOVEMENT_DELIVERY,
						.gtin = {7310865004703},
						.quantity_milli = 24000,
						.unit_cost = money_of(950),
						.best_before = {20770},
						.lot = "L7",
						.day = {20717},
						.why = "weekly",
						.by = "owner"};
		break;
	case ENTRY_PAYMENT:
		e->payment = (struct entry_payment){.key = "b1946ac9",
						    .customer = sample_customer(0xc0),
						    .invoice = {2026000123},
						    .amount = money_of(2500),
						    .booked = {20770}};
		break;
	case ENTRY_PAYMENT_ASSIGNED:
		e->payment_assigned = (struct entry_payment_assigned){
			.key = "b1946ac9", .customer = sample_customer(0xc0), .by = "owner"};
		break;
	case ENTRY_CHECK:
		e->check = (struct entry_check){.visit = {5},
						.state = CHECK_PASSED,
						.reason = CHECK_SHARE,
						.why = "all there",
						.by = "owner"};
		break;
	case ENTRY_REPORTED:
		e->reported = (struct entry_reported){
			.visit = {5}, .line = {"k-1"}, .reason = CREDIT_BROKEN, .why = "it leaks"};
		break;
	}
}

static inline void sample_of_office(struct entry *e)
{
	switch ((int)e->kind) {
	case ENTRY_OFFICE:
		e->office = (struct entry_office){.event = OFFICE_EPOCH,
						  .epoch = 2,
						  .seq = 120,
						  .again = 3,
						  .keys_version = 4};
		break;
	case ENTRY_COMMAND:
		e->command = (struct entry_command){.id = 12,
						    .verb = VERB_SET,
						    .outcome = COMMAND_DONE,
						    .place = sample_place("front"),
						    .hold_ms = 90000,
						    .by = "operator",
						    .setting = "hours.monday",
						    .value = "05:00-23:00"};
		break;
	case ENTRY_ERASED:
		e->erased = (struct entry_erased){.first = 3,
						  .last = 500,
						  .bodies = 12,
						  .whose_known = true,
						  .whose = sample_customer(0xc0)};
		break;
	case ENTRY_TOLD:
		e->told = (struct entry_told){.alarm = {3},
					      .kind = TEXT_OVER,
					      .outcome = TEXT_DELIVERED,
					      .road = SMS_BY_GATEWAY,
					      .texts = 2,
					      .contact = sample_place("anna")};
		break;
	}
}

static inline struct entry sample_entry(enum entry_kind kind)
{
	struct entry e;

	memset(&e, 0, sizeof(e));
	e.kind = kind;
	e.at.ms = 1790000000000;
	sample_of_doors(&e);
	sample_of_visits(&e);
	sample_of_invoices(&e);
	sample_of_desk(&e);
	sample_of_office(&e);
	return e;
}

#endif
