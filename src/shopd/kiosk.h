/*
 * kiosk.h: what the screens beside doors and tills are told, by way of counterd, and what they may
 * ask for. Nothing is sent while no counterd has said that somebody listens; nothing here blocks,
 * or waits for who listens.
 */
#ifndef SHOP_SHOPD_KIOSK_H
#define SHOP_SHOPD_KIOSK_H

#include "shopd/shopd.h"

/** kiosk_start - nobody listens: 0 or -errno. kiosk_stop - forgets all. */
MUST_CHECK int kiosk_start(struct shopd *sd);
void kiosk_stop(struct shopd *sd);

/** kiosk_message - KIOSK, NONCE, TILL_VISIT, TILL_LEAVE and PIN of counterd; false: none of them.
 */
bool kiosk_message(struct shopd *sd, uint32_t peer, const union message *m);
/** kiosk_gone - this counterd is gone. */
void kiosk_gone(struct shopd *sd, uint32_t peer);

/** kiosk_verdict - of a token at a scanner; but one that admits at a till is told by kiosk_beep(),
 * when it is on disk. */
void kiosk_verdict(struct shopd *sd, const struct effect_verdict *v);
/** kiosk_beep - what a till's beep is about. */
void kiosk_beep(struct shopd *sd, const struct effect_beep *beep);
/** kiosk_moved - a step was done: doors that changed are told at once, whose visit a till serves
 * when that is on disk. kiosk_committed - more is on disk. */
void kiosk_moved(struct shopd *sd);
void kiosk_committed(struct shopd *sd);

#endif
