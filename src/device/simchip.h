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
 *
 * Beside the doors it keeps the values of simulated sensors, by name. Who LISTENs names those that
 * it wants to hear of, and is told each (SENSE) as soon as it has a value and whenever that
 * changes; only what somebody listens to can be set. A line "sensor-<name>", taken alone, is the
 * same value as a switch: active when it is not 0.
 *
 * And a door may have a PIN pad: the lines "<door>-pad_d0" and "<door>-pad_d1", taken together and
 * alone. What is typed there (TYPE) are the bits of one burst; each is a pulse on one of the lines.
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
	SIM_SENSE = 11,	  /* shopctl sim -> chip, answered; chip -> ear: a sensor's value */
	SIM_LISTEN = 12,  /* ear -> chip: the names of sensors, as lines; no answer but SENSE */
	SIM_TYPE = 13, /* test -> chip, answered: `text` is a burst on a door's pad, as 0 and 1 */
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
	uint32_t level; /* 0 or 1; LEVELS: bit i = line i; SENSE: 0 is lost */
	uint32_t hand;
	int64_t at_us; /* CLOCK_MONOTONIC when the chip saw it; SENSE: the value, in thousandths, or
			  1 and 0 of a switch */
	uint32_t lines; /* TAKE, LEVELS, LISTEN */
	char door[17];	/* HAND; empty: the only one. SENSE: the sensor's name */
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

/** How the line of a simulated sensor is called. */
#define SIMCHIP_SENSOR_LINE "sensor-"

/** simchip_listen - listens to these sensors (at most SIMCHIP_LINES_MAX) of the chip at `path`: an
 * fd that is readable when simchip_heard() has something, or -errno. */
MUST_CHECK int simchip_listen(const char *path, const char (*name)[17], uint32_t names);

/** simchip_heard - the next value: 1, 0 when there is none, -ENODEV when the chip is gone. */
struct simchip_heard {
	char name[17];
	bool lost;
	int64_t value;
};
MUST_CHECK int simchip_heard(int fd, struct simchip_heard *ret);

#endif
