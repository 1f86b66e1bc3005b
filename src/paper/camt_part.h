/* camt_part.h: one entry of a camt.054, between the reader of its XML and what adds it up. */
#ifndef SHOP_PAPER_CAMT_PART_H
#define SHOP_PAPER_CAMT_PART_H

#include "paper/bankfile_part.h"

#define CAMT_ID_SIZE 141 /* Max35Text in UTF-8, and its NUL */

/** Credit or debit; NONE where it is not said. */
enum side {
	SIDE_NONE = 0,
	SIDE_CREDIT = 1,
	SIDE_DEBIT = 2
};

struct told {
	bool given;
	struct money amount;
	char currency[4];
};

/** One structured remittance (Strd). */
struct camt_part {
	uint32_t transaction; /* index */
	char reference[REFERENCE_MAX + 1];
	struct told remitted;
};

/** One TxDtls. */
struct camt_transaction {
	struct told amount;
	enum side side;
	char bank_id[CAMT_ID_SIZE], transaction_id[CAMT_ID_SIZE], end_to_end[CAMT_ID_SIZE];
	char text[161]; /* Ustrd, joined */
	bool text_too_long;
	uint32_t first_part, parts;
};

/** One Ntry, zeroed to begin; the arrays are kept from entry to entry. */
struct camt_entry {
	uint64_t line; /* of the file, where it begins */
	struct told amount;
	enum side side;
	bool reversal, status_given, booked_status;
	struct day booked, valued;
	char bank_id[CAMT_ID_SIZE], reference[CAMT_ID_SIZE];
	bool batch_counted;
	uint64_t batch_count; /* Btch/NbOfTxs */
	uint32_t transactions, parts;
};

/** A notification (Ntfctn): what it tells of itself, and what its entries come to. */
struct camt_summary {
	bool count_given, sum_given;
	uint64_t count;
	struct money sum;
	uint64_t have_count;
	struct money have_sum;
};

struct camt {
	struct harvest *h;
	char message[CAMT_ID_SIZE], notification[CAMT_ID_SIZE], account[CAMT_ID_SIZE];
	struct camt_summary all, credits, debits;
	struct camt_entry entry;
	struct camt_transaction *transaction; /* of this entry */
	struct camt_part *part;
	uint32_t transactions_room, parts_room;
	uint64_t entries; /* of the whole file */
};

/** camt_transaction_begin, camt_part_begin - one more of this entry; NULL when memory is out, which
 * ends the file. */
struct camt_transaction *camt_transaction_begin(struct camt *c);
struct camt_part *camt_part_begin(struct camt *c);

/** camt_entry_end - judges the entry and adds its payments. camt_notification_end - holds the
 * entries against what the notification says of itself. */
void camt_entry_end(struct camt *c);
void camt_notification_end(struct camt *c);

#endif
