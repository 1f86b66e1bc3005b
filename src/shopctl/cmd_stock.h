/* cmd_stock.h: the verbs of `stock` that stand in files of their own. */
#ifndef SHOP_SHOPCTL_CMD_STOCK_H
#define SHOP_SHOPCTL_CMD_STOCK_H

#include "shopctl/shopctl.h"

/* stock_lists.c */
command_fn stock_movements, stock_expiring, stock_order, stock_shrink;
/* stock_move.c */
command_fn stock_deliver, stock_count, stock_waste, stock_own_use, stock_scan;

#endif
