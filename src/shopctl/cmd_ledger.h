/* cmd_ledger.h: the verbs of `ledger` that stand in ledger_books.c. */
#ifndef SHOP_SHOPCTL_CMD_LEDGER_H
#define SHOP_SHOPCTL_CMD_LEDGER_H

#include "shopctl/shopctl.h"

command_fn ledger_check, ledger_rebuild, ledger_export, ledger_sie;

#endif
