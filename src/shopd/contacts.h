/*
 * contacts.h: doors with a second contact (`contact_2`), which tells a shorted wire as well as a
 * cut one. doors.c hands the levels of a door's own lines to it first.
 */
#ifndef SHOP_SHOPD_CONTACTS_H
#define SHOP_SHOPD_CONTACTS_H

#include "shopd/shopd.h"

struct contacts; /* NULL in shopd: no door has two */

/** contacts_start - takes the second contacts' lines; one that is not there is tried again. 0 or
 * -errno. contacts_stop - lets go of them. */
MUST_CHECK int contacts_start(struct shopd *sd);
void contacts_stop(struct shopd *sd);

/** contacts_part - a line of the door's own has this level, or is lost. True: the door has two
 * contacts, the part is one that they bear on, and the core has been told what follows. */
bool contacts_part(struct shopd *sd, uint8_t door, enum door_part part, bool level, bool lost);

/** contacts_levels - tells the core, as after a start, of what no line of the door's own tells. */
void contacts_levels(struct shopd *sd);

#endif
