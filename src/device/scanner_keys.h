/*
 * scanner_keys.h: the keys that a scanner presses -> the bytes that it read. Pure: key codes as in
 * <linux/input-event-codes.h>, US layout, as every scanner is set when it leaves its factory.
 *
 * What a keyboard has no key for comes in either of two ways, whichever the scanner was set to:
 * Ctrl and a key (Ctrl-] is GS, the separator that GS1 calls FNC1), or Alt and the byte's number
 * on the keypad, which holds for every layout.
 */
#ifndef SHOP_DEVICE_SCANNER_KEYS_H
#define SHOP_DEVICE_SCANNER_KEYS_H

#include <stdbool.h>
#include <stdint.h>

struct scanner_keys {
	uint8_t shift, control, alt; /* bit 0 left, bit 1 right: held down */
	bool caps;
	bool numbered;	 /* digits came while Alt was down: */
	uint32_t number; /* their number so far */
};

/** What value an input_event of a key has. */
enum key_move {
	KEY_MOVE_UP = 0,
	KEY_MOVE_DOWN = 1,
	KEY_MOVE_REPEAT = 2, /* the kernel's own, of a key that is held */
};

/** scanner_key - one event of a key; true when it made a byte. Enter, and Tab, which some are set
 * to end with, make CR; a repeat or a key without a byte makes none. */
bool scanner_key(struct scanner_keys *k, uint16_t code, int32_t move, uint8_t *ret);

/** scanner_keys_lost - events were lost: nothing is held down any more, as far as we know. */
void scanner_keys_lost(struct scanner_keys *k);

#endif
