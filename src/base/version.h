/* version.h: which Shopkeeper this is: what a box tells its office and its owner. */
#ifndef SHOP_BASE_VERSION_H
#define SHOP_BASE_VERSION_H

#define SHOPKEEPER_VERSION "0.4.0"

#endif
