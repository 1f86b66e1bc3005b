/* picture.h: a QR code in the terminal. */
#ifndef SHOP_SHOPCTL_PICTURE_H
#define SHOP_SHOPCTL_PICTURE_H

#include "shopctl/shopctl.h"

/** picture_print - `text` as a QR code of half blocks on stdout, for a phone or a scanner held to
 * the screen; dark modules dark on a light ground, as scanners want them. */
enum ctl_exit picture_print(struct ctl *ctl, const char *text);

#endif
