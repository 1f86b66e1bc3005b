/* product_office.h: a price list for the head office. */
#ifndef SHOP_SHOPCTL_PRODUCT_OFFICE_H
#define SHOP_SHOPCTL_PRODUCT_OFFICE_H

#include "shopctl/office_api.h"

/** product_office_import - sends the CSV text to the office, in parts that it takes, and tells what
 * became of its rows. With `strict` nothing is taken unless all can be. `rule`: articles without a
 * price get one made up. */
enum ctl_exit product_office_import(struct ctl *ctl, const struct office_api *api, struct span text,
				    bool rule, bool strict);

#endif
