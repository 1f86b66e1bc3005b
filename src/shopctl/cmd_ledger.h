/* cmd_ledger.h: the verbs of `ledger` that stand in files of their own. */
#ifndef SHOP_SHOPCTL_CMD_LEDGER_H
#define SHOP_SHOPCTL_CMD_LEDGER_H

#include "shopctl/shopctl.h"

/* ledger_books.c */
command_fn ledger_check, ledger_rebuild, ledger_export;
/* ledger_sie.c */
command_fn ledger_sie;

#endif
