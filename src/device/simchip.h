/*
 * simchip.h: the words between the simulated door (a process of its own, tests/standin/simdoor.c)
 * and those who talk to it: gpio_sim.c as the chip's user, `shopctl sim` as the hands of shopper
 * and burglar, a test as the eye that reads the strike. SOCK_SEQPACKET; one struct a packet, both
 * ways. A packet may end after SIMCHIP_HEAD_SIZE bytes where it names no lines: the rest is zero.
 *
 * The chip has eight lines a door, "<door>-<part>": contact rex tamper fire (inputs), strike buzzer
 * light_yes light_no (outputs). Its user numbers them as it took them (TAKE, SET, EDGE, and the
 * LEVELS that answer TAKE); everybody else as the chip does (ASK's LEVELS, which names them all,
 * and SEEN).
 */
#ifndef SHOP_DEVICE_SIMCHIP_H
#define SHOP_DEVICE_SIMCHIP_H

#include <stddef.h>
#include <stdint.h>

#include "device/gpio.h"

#define SIMCHIP_VERSION	  1
#define SIMCHIP_LINES_MAX GPIO_LINES_MAX

enum simchip_say {
	SIM_TAKE = 1, /* user -> chip: line names; then this peer is the user, another one is
			 refused */
	SIM_SET = 2,  /* user -> chip: an output's level; no answer */
	SIM_EDGE = 3, /* chip -> user: an input changed */
	SIM_HAND = 4, /* shopctl sim -> chip: open, close, force, rex, tamper, untamper of a door;
			 answered */
	SIM_ASK = 5,  /* eye -> chip: answered by SIM_LEVELS */
	SIM_LEVELS = 6,
	SIM_WATCH = 7, /* eye -> chip: from now on a SIM_SEEN for every change of an output or an
			  input */
	SIM_SEEN = 8,
	SIM_OK = 9,
	SIM_REFUSED = 10, /* with `text`: e.g. "the strike is on hold: the door does not open" */
};

enum sim_hand {
	HAND_OPEN = 1,
	HAND_CLOSE,
	HAND_FORCE,
	HAND_REX,
	HAND_TAMPER,
	HAND_UNTAMPER,
	HAND_UNPLUG,
	HAND_FIRE,
	HAND_UNFIRE,
	HAND_EXIT, /* the handle from inside: presses the REX and opens, whatever the strike says */
	HANDS_END
};

struct simchip_message {
	uint16_t version;
	uint16_t say;
	uint32_t line;	/* SET, EDGE: index of SIM_TAKE's names; SEEN: of the chip's own */
	uint32_t level; /* 0 or 1; LEVELS: bit i = line i */
	uint32_t hand;
	int64_t at_us;	/* CLOCK_MONOTONIC when the chip saw it */
	uint32_t lines; /* TAKE, LEVELS */
	char door[17];	/* HAND; empty: the only one */
	char text[111];
	struct {
		char name[GPIO_LINE_NAME_MAX]; /* "front-strike", "front-contact" …: <door>-<part>
						*/
		uint8_t output;
		uint8_t reserved[3];
	} line_name[SIMCHIP_LINES_MAX];
};

/** What comes before the names. */
#define SIMCHIP_HEAD_SIZE offsetof(struct simchip_message, line_name)

#endif
