/* entry_samples.h: one good entry of each kind, for the tests of what keeps them. */
#ifndef SHOP_TESTS_ENTRY_SAMPLES_H
#define SHOP_TESTS_ENTRY_SAMPLES_H

#include <stdio.h>
#include <string.h>

#include "wire/entry.h"

static const enum entry_kind sample_kinds[] = {
	ENTRY_START,	    ENTRY_STOP, ENTRY_CLOCK,	   ENTRY_ADMITTED,     ENTRY_REFUSED,
	ENTRY_REFUSALS,	    ENTRY_DOOR, ENTRY_ALARM,	   ENTRY_VISIT_OPENED, ENTRY_VISIT_JOINED,
	ENTRY_VISIT_CLOSED, ENTRY_LINE, ENTRY_LINE_VOIDED, ENTRY_LOST,
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
	struct entry e = {.kind = ENTRY_LINE,
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
				   .late = true}};

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
						.wall_trusted = true};
		break;
	case ENTRY_STOP:
		e->stop = (struct entry_stop){.boot_id = {1, 2, 3}, .mono = {9}};
		break;
	case ENTRY_CLOCK:
		e->clock = (struct entry_clock){
			.boot_id = {4}, .mono = {77}, .before = {-5}, .wall_trusted = true};
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
	case ENTRY_TAX:
	case ENTRY_CHART:
	case ENTRY_INVOICE_LINES:
	case ENTRY_INVOICE:
	case ENTRY_CREDIT_NOTE:
	case ENTRY_LINE_CREDITED:
	case ENTRY_PERIOD_CLOSED:
	case ENTRY_STOCK:
	case ENTRY_PAYMENT:
	case ENTRY_PAYMENT_ASSIGNED:
	case ENTRY_CHECK:
	case ENTRY_REPORTED:
	case ENTRY_LOST:
		e->lost.rows = 12;
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
	return e;
}

#endif
