/* log_entry.h: one entry of the ledger as `shopctl log` tells it. */
#ifndef SHOP_SHOPCTL_LOG_ENTRY_H
#define SHOP_SHOPCTL_LOG_ENTRY_H

#include "ledger/read.h"
#include "shopctl/shopctl.h"

/** log_entry_json - {seq, at, kind, door, verdict, customer, text}: null where a field does not
 * apply. NULL when memory ran out. */
json_t *log_entry_json(const struct seq_entry *e);

/** log_entry_text - what happened in words; says so where the body is erased or of a newer kind. */
void log_entry_text(const struct seq_entry *e, char text[ENTRY_TEXT_SIZE]);

/** log_kind_parse - a kind by its word. log_kinds - all of the words, for a message. */
MUST_CHECK bool log_kind_parse(const char *word, uint16_t *ret);
const char *log_kinds(void);

#endif
