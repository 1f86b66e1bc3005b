/* read_sight.h: what a page of the timeline and one visit of it share. Internal to
 * ledger/read_timeline.c and ledger/read_sight*.c. */
#ifndef SHOP_LEDGER_READ_SIGHT_H
#define SHOP_LEDGER_READ_SIGHT_H

#include "ledger/read_timeline.h"
#include "ledger/reader.h"

#define SIGHT_VISIT                                                                                \
	"SELECT v.id, v.customer, v.place, v.opened_at, v.closed_at, v.over, v.ended, v.lines,"    \
	" v.total, v.last_line, k.state FROM visit v LEFT JOIN visit_check k ON k.visit = v.id "

/** sight_take_visit - a row of SIGHT_VISIT; false: it holds what it cannot. */
bool sight_take_visit(sqlite3_stmt *s, struct sight_visit *v);

/** sight_alarms - the alarms that are about these visits. A result code. */
int sight_alarms(struct reader *r, const struct sight_visit *visit, uint32_t visits,
		 struct sight_alarm *ret, uint32_t max, uint32_t *ret_n);

/** sight_invoice_prepare - a statement for sight_invoice_of(); NULL, and *ret_rc says why.
 * sight_invoice_of - the invoice that bears a line of this customer: the first of theirs after it
 * that has it; none: 0. SQLITE_OK, or the code that stopped it. */
sqlite3_stmt *sight_invoice_prepare(struct reader *r, int *ret_rc);
int sight_invoice_of(sqlite3_stmt *get, const struct customer *customer, uint64_t line,
		     struct invoice_id *ret);

/** sight_step_new - one more step, of an entry; NULL: there is no room, and `truncated` says so. */
struct sight_step *sight_step_new(struct sight_whole *w, enum sight_kind kind, struct wall at,
				  uint64_t seq);

/** sight_entries - the steps that stand in entries alone: who was admitted, what the door told, the
 * alarms and who was told. sight_papers - the invoices, what was credited and paid. Result codes.
 */
int sight_entries(struct reader *r, struct sight_whole *w);
int sight_papers(struct reader *r, struct sight_whole *w);

#endif
