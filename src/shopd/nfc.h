/*
 * nfc.h: readers of NFC at doors and tills: what is shown there goes the way of a scanner's token,
 * and a phone that is still near is told what became of it.
 */
#ifndef SHOP_SHOPD_NFC_H
#define SHOP_SHOPD_NFC_H

#include "shopd/shopd.h"

/** nfc_start - a thread for each place that has one: 0 or -errno. A reader that is not there is no
 * error. nfc_end - does not wait for one that hangs. */
MUST_CHECK int nfc_start(struct shopd *sd);
void nfc_end(struct shopd *sd);

/** nfc_verdict_is - told of every verdict. nfc_beep - of what a till has made of a token, once it
 * is on disk: there a yes is said no sooner. Both: no matter at which reader. */
void nfc_verdict_is(struct shopd *sd, const struct effect_verdict *v);
void nfc_beep(struct shopd *sd, const struct effect_beep *beep);

#endif
