/*
 * modem.h: texts by a GSM modem, through ModemManager over D-Bus (sd-bus in the loop): the road
 * that needs no internet. ModemManager knows the modems; this file asks it to enable the one it is
 * given, to send, and to hand over what comes in.
 *
 * Nothing blocks. Every call to the bus has a time-out, and whatever the bus says is bounded before
 * it is believed: a modem that answers garbage makes a broken road, no broken program.
 */
#ifndef SHOP_NET_MODEM_H
#define SHOP_NET_MODEM_H

#include "loop/loop.h"

#define MODEM_CALL_MS	  25000 /* a call to ModemManager, a text on the air included */
#define MODEM_TEXT_MAX	  1024	/* bytes of a text that came in: longer ones are cut */
#define MODEM_PHONE_MAX	  32	/* of the number it says that it comes from */
#define MODEM_SENDING_MAX 8	/* texts on their way at once */

/** How the road stands. All but READY are failing. */
enum modem_state {
	MODEM_NO_MANAGER = 0, /* nobody answers on the bus */
	MODEM_NONE = 1,	      /* it knows no modem */
	MODEM_NO_SIM = 2,     /* no card, or a broken one */
	MODEM_LOCKED = 3,     /* the card wants a PIN that we were not given, or took another */
	MODEM_FAILED = 4,     /* it was seen and does not work: garbage, time-outs */
	MODEM_SEARCHING = 5,  /* not registered: no network, or jammed */
	MODEM_READY = 6,
};
#define MODEM_STATES 7
const char *modem_state_word(enum modem_state s);

struct modem;

/** Told whenever the state changes; `why`: in words, for the log. */
typedef void modem_state_fn(void *data, enum modem_state state, const char *why);
/** A text that came in: UTF-8 as ModemManager says it, valid and bounded, but of anybody's making.
 */
typedef void modem_text_fn(void *data, const char *from, const char *text);
/** How a text went that modem_send() took: modem_in_doubt() says what "not sent" is worth. */
typedef void modem_sent_fn(void *data, bool sent, const char *trouble);

struct modem_config {
	const char *bus;   /* the bus's address; NULL or "": the system's */
	const char *pin;   /* of the card; NULL or "": none */
	int64_t settle_ms; /* a modem that has not worked for that long is set up anew; 0: 60 s */
};

/** modem_open - begins to look for a modem and goes on for as long as it lives: a bus, a manager or
 * a modem that goes away and comes back is found again. 0 or -errno (then there is nothing to
 * close). */
MUST_CHECK int modem_open(struct loop *loop, const struct modem_config *config,
			  modem_state_fn *on_state, modem_text_fn *on_text, void *data,
			  struct modem **ret);
/** modem_close - nothing is called afterwards, a `done` that waits neither; also from within one of
 * its callbacks. NULL is fine. */
void modem_close(struct modem *m);

/** modem_state - how it stands now; the same as was told last, or is about to be. */
enum modem_state modem_state(const struct modem *m);

/** modem_in_doubt - from within a modem_sent_fn: the text that was not sent may have left all the
 * same, for the modem was told to send it and never said what became of that. */
bool modem_in_doubt(const struct modem *m);

/** modem_send - one text to one number. `done` is called once, from the loop, never from in here.
 * @return 0; -ENOTCONN when the state is not READY; -EBUSY when MODEM_SENDING_MAX are on their way;
 * -EINVAL when number or words are empty, too long or no UTF-8. */
MUST_CHECK int modem_send(struct modem *m, const char *to, const char *words, modem_sent_fn *done,
			  void *data);

#endif
