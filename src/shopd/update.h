/* update.h: whether a new version may be put in now. */
#ifndef SHOP_SHOPD_UPDATE_H
#define SHOP_SHOPD_UPDATE_H

#include "shopd/shopd.h"

/** What RUN/ has while it may, touched anew every UPDATE_LOOK_MS; who installs wants it fresh. */
#define UPDATE_MAY     "update-ok"
#define UPDATE_LOOK_MS 5000

/** update_start - looks now, and then again and again. 0 or -errno. update_stop - it may not. */
MUST_CHECK int update_start(struct shopd *sd);
void update_stop(struct shopd *sd);

/** update_may - in the hours for it, with nobody inside, every door shut and locked, and no alarm
 * that somebody has yet to look at. */
bool update_may(struct shopd *sd);

#endif
