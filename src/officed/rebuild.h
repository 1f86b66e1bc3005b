/* rebuild.h: officed --rebuild-tables, in the hands of a person. */
#ifndef SHOP_OFFICED_REBUILD_H
#define SHOP_OFFICED_REBUILD_H

#include "officed/office.h"

/** What rebuild_tables() ends the program with. */
enum {
	REBUILD_SAME = 0,     /* every table was as its entries say */
	REBUILD_DIFFERED = 1, /* some were not, and are now: which, stands on stdout */
	REBUILD_FAILED = 3,   /* it could not be done, or not for all: stderr says why */
};

/** rebuild_tables - makes the tables of a shop ("all": of every shop) again from its entries, over
 * a connection of its own, one transaction a shop; says on stdout how far it is. */
int rebuild_tables(const struct config *config, const char *shop);

#endif
