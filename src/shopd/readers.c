/*
 * readers.c: what scanners say: frames -> tokens at a door, tokens and goods at a till (till.c),
 *digits after a pass that wants its PIN. Every byte is hostile (design 8): a port is read in
 *bounded pieces, a frame is at most 512 bytes, and what is no token is told as malformed without
 *being looked at further.
 *
 *~ door 1: device/scanner.h brings bytes.  door 2: wire/frame.c cuts frames, this file decides what
 *they are.
 */
#include "shopd/shopd.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>

#include "device/scanner.h"
#include "shopd/till.h"
#include "token/base45.h"

#define REOPEN_MS 1000 /* a scanner plugged in again is found within a second */
#define LIGHT_MS                                                                                   \
	1500 /* long enough to be seen, short enough to be over for the next in the queue */
#define PIN_WAIT_MS 20000 /* to type four digits with a child on one arm */

static void reader_timer_set(struct shopd *sd);

static bool is_token_text(struct span frame)
{
	uint32_t prefix = sizeof(QR_TOKEN_PREFIX) - 1;

	return frame.len > prefix && memcmp(frame.data, QR_TOKEN_PREFIX, prefix) == 0;
}

static bool is_pin(struct span frame)
{
	if (frame.len < PASS_PIN_MIN || frame.len > PASS_PIN_MAX)
		return false;
	for (uint32_t i = 0; i < frame.len; i++)
		if (frame.data[i] < '0' || frame.data[i] > '9')
			return false;
	return true;
}

static void refuse_frame(struct shopd *sd, uint8_t reader)
{
	struct event e = shopd_event(sd, EVENT_FRAME_REFUSED);

	e.frame_refused.reader = reader;
	shopd_step(sd, &e);
}

/* Shows a token's bytes to the core; `pin` are the digits typed for it, or NULL. */
static void show(struct shopd *sd, uint8_t reader, struct span bytes, const char *pin)
{
	struct reader_port *port = &sd->port[reader];
	bool till = sd->shop.config.reader[reader].till;
	struct event e = shopd_event(sd, till ? EVENT_TILL_TOKEN : EVENT_DOOR_TOKEN);

	proof_of(sd, bytes, pin, &e.token.token);
	e.token.reader = reader;
	e.token.price_version = sd->articles->version;
	if (!pin)
		port->pass_len = 0;
	if (e.token.token.pass && bytes.len <= sizeof(port->pass) && !pin) {
		memcpy(port->pass, bytes.data, bytes.len);
		port->pass_len = bytes.len;
	}
	shopd_step(sd, &e);
}

static void show_text(struct shopd *sd, uint8_t reader, struct span frame)
{
	uint8_t bytes[TOKEN_SIZE_MAX];
	uint32_t len;

	if (qr_text_decode(QR_TOKEN_PREFIX, (const char *)frame.data, frame.len, bytes,
			   sizeof(bytes), &len))
		show(sd, reader, (struct span){bytes, len}, NULL);
	else
		refuse_frame(sd, reader);
}

void readers_verdict(struct shopd *sd, uint8_t reader, enum verdict verdict)
{
	struct reader_port *port = &sd->port[reader];

	if (!port->path || port->pass_len == 0)
		return;
	if (verdict == VERDICT_PIN_REQUIRED || verdict == VERDICT_PIN_WRONG)
		port->pass_until = mono_add(loop_mono(), PIN_WAIT_MS);
	else
		port->pass_len = 0;
}

static void show_pin(struct shopd *sd, uint8_t reader, struct span frame)
{
	struct reader_port *port = &sd->port[reader];
	struct span pass = {port->pass, port->pass_len};
	char digits[PASS_PIN_MAX + 1] = "";

	memcpy(digits, frame.data, frame.len);
	show(sd, reader, pass, digits);
}

static bool pin_awaited(const struct shopd *sd, uint8_t reader)
{
	const struct reader_port *port = &sd->port[reader];

	return port->pass_len > 0 && !mono_due(loop_mono(), port->pass_until);
}

bool readers_pin(struct shopd *sd, uint8_t reader, const char *digits)
{
	struct span typed = {(const uint8_t *)digits, (uint32_t)strlen(digits)};

	if (!pin_awaited(sd, reader) || !is_pin(typed))
		return false;
	show_pin(sd, reader, typed);
	return true;
}

void readers_forget_pass(struct shopd *sd, uint8_t reader)
{
	sd->port[reader].pass_len = 0;
}

static void on_frame(struct shopd *sd, uint8_t reader, struct span frame)
{
	bool till = sd->shop.config.reader[reader].till;

	if (is_token_text(frame))
		show_text(sd, reader, frame);
	else if (pin_awaited(sd, reader) && is_pin(frame))
		show_pin(sd, reader, frame);
	else if (till && till_basket_text(frame))
		till_basket(sd, reader, frame);
	else if (till)
		till_goods(sd, reader, frame);
	else
		refuse_frame(sd, reader);
}

/* What is shown at a till, token or goods, is a claim, and its beep waits for the disk: without
 * room for both it is no at once. */
static void on_framed(struct shopd *sd, uint8_t reader, enum framed framed, struct span frame)
{
	if (framed != FRAMED_NOTHING && sd->shop.config.reader[reader].till && !keep_room(sd))
		till_no_room(sd, reader, framed != FRAMED_FRAME || is_token_text(frame));
	else if (framed == FRAMED_FRAME)
		on_frame(sd, reader, frame);
	else if (framed == FRAMED_OVERLONG)
		refuse_frame(sd, reader);
}

/* Whether a scanner of this name is gone, or the PIN pad: a door and a till may share one. */
static bool place_lost(const struct shopd *sd, const struct place *place)
{
	for (uint32_t i = 0; i < sd->shop.config.readers; i++)
		if ((sd->port[i].lost || sd->port[i].pad_lost) &&
		    strcmp(sd->shop.config.reader[i].place.name, place->name) == 0)
			return true;
	return false;
}

/* For how long that is nobody's business the core decides. */
static void tell_fault(struct shopd *sd, uint8_t reader)
{
	struct event e = shopd_event(sd, EVENT_FAULT);

	e.fault.condition = CONDITION_READER_LOST;
	e.fault.place = sd->shop.config.reader[reader].place;
	e.fault.failing = place_lost(sd, &e.fault.place);
	shopd_step(sd, &e);
}

void readers_tell(struct shopd *sd, uint8_t reader, bool lost)
{
	struct reader_port *port = &sd->port[reader];

	if (port->told && port->lost == lost)
		return;
	port->told = true;
	port->lost = lost;
	tell_fault(sd, reader);
}

void readers_pad(struct shopd *sd, uint8_t reader, bool lost)
{
	if (sd->port[reader].pad_lost == lost)
		return;
	sd->port[reader].pad_lost = lost;
	tell_fault(sd, reader);
}

static void port_gone(struct shopd *sd, uint8_t reader)
{
	struct reader_port *port = &sd->port[reader];

	journal_line(sd, "%s: the scanner is gone", sd->shop.config.reader[reader].place.name);
	watch_free(port->watch);
	port->watch = NULL;
	scanner_close(port->scanner);
	port->scanner = NULL;
	port->fd = -1;
	port->reopen_at = mono_add(loop_mono(), REOPEN_MS);
	framer_init(&port->framer);
	readers_tell(sd, reader, true);
}

/* Takes what the port holds now, in one bounded piece. */
static void port_read(struct shopd *sd, uint8_t reader)
{
	/* a wake-up and port: 100 scans a second must not starve the contact */
	uint8_t bytes[SCANNER_READ_SIZE];
	struct span rest = {bytes, 0}, frame;
	enum framed framed;
	int got = scanner_read(sd->port[reader].scanner, bytes, sizeof(bytes));

	if (got < 0) {
		port_gone(sd, reader);
		return;
	}
	rest.len = (uint32_t)got;
	while ((framed = framer_take(&sd->port[reader].framer, &rest, loop_mono(), &frame)) !=
	       FRAMED_NOTHING)
		on_framed(sd, reader, framed, frame);
}

static void on_bytes(void *data, int fd, uint32_t events)
{
	struct shopd *sd = data;
	uint8_t reader = 0;

	(void)events;
	while (reader < READERS_MAX && sd->port[reader].fd != fd)
		reader++;
	CHECK(reader < READERS_MAX);
	port_read(sd, reader);
	reader_timer_set(sd);
}

static bool port_open(struct shopd *sd, uint8_t reader)
{
	struct reader_port *port = &sd->port[reader];
	char why[200];
	int r = scanner_open(port->path, &port->scanner, why);

	if (r == 0) {
		port->fd = scanner_fd(port->scanner);
		r = watch_add(sd->loop, port->fd, EPOLLIN, WATCH_DOOR, on_bytes, sd, &port->watch);
		snprintf(why, sizeof(why), "%s", strerror(-r));
	}
	if (r == 0) {
		framer_init(&port->framer);
		port->complained = false;
		return true;
	}
	scanner_close(port->scanner);
	port->scanner = NULL;
	port->fd = -1;
	port->reopen_at = mono_add(loop_mono(), REOPEN_MS);
	if (!port->complained)
		journal_line(sd, "%s: no scanner at %s yet: %s",
			     sd->shop.config.reader[reader].place.name, port->path, why);
	port->complained = true;
	return false;
}

static void port_reopen(struct shopd *sd, uint8_t reader)
{
	if (!port_open(sd, reader))
		return;
	journal_line(sd, "%s: the scanner is there", sd->shop.config.reader[reader].place.name);
	readers_tell(sd, reader, false);
}

void readers_light(struct shopd *sd, uint8_t reader, bool yes)
{
	const struct reader_config *r = &sd->shop.config.reader[reader];

	if (r->till) {
		readers_beep(sd, reader, yes);
		return;
	}
	doors_set(sd, r->door, PART_LIGHT_YES, yes);
	doors_set(sd, r->door, PART_LIGHT_NO, !yes);
	sd->port[reader].light_until = mono_add(loop_mono(), LIGHT_MS);
	reader_timer_set(sd);
}

void readers_beep(struct shopd *sd, uint8_t reader, bool yes)
{
	if (sd->port[reader].scanner)
		scanner_beep(sd->port[reader].scanner, yes);
}

/* One timer for all that readers wait for: a frame's silence, a light's end, a port that is to be
 * opened again. */
static void on_reader_timer(void *data)
{
	struct shopd *sd = data;
	struct mono now = loop_mono();
	struct span frame;

	for (uint8_t i = 0; i < sd->shop.config.readers; i++) {
		struct reader_port *port = &sd->port[i];

		if (mono_due(now, port->light_until)) {
			port->light_until = MONO_NEVER;
			doors_set(sd, sd->shop.config.reader[i].door, PART_LIGHT_YES, false);
			doors_set(sd, sd->shop.config.reader[i].door, PART_LIGHT_NO, false);
		}
		if (port->path && port->fd < 0 && mono_due(now, port->reopen_at))
			port_reopen(sd, i);
		/* what arrived while we were late came before the silence */
		if (port->fd >= 0 && mono_due(now, framer_deadline(&port->framer)))
			port_read(sd, i);
		if (port->fd >= 0 && mono_due(now, framer_deadline(&port->framer)))
			on_framed(sd, i, framer_silence(&port->framer, now, &frame), frame);
	}
	reader_timer_set(sd);
}

static void reader_timer_set(struct shopd *sd)
{
	struct mono at = MONO_NEVER;

	for (uint32_t i = 0; i < sd->shop.config.readers; i++) {
		const struct reader_port *port = &sd->port[i];

		at = mono_min(at, port->light_until);
		if (port->fd >= 0)
			at = mono_min(at, framer_deadline(&port->framer));
		else if (port->path)
			at = mono_min(at, port->reopen_at);
	}
	timer_arm(sd->reader_timer, at);
}

uint8_t readers_phone(const struct shopd *sd, const char *door)
{
	const struct shop_config *c = &sd->shop.config;

	for (uint8_t i = 0; i < c->readers; i++) {
		if (c->reader[i].road != ROAD_PHONE || c->reader[i].till != !door)
			continue;
		if (!door || strcmp(c->reader[i].place.name, door) == 0)
			return i;
	}
	return UINT8_MAX;
}

/* config_shop() put a scanner and a phone road for each door first, then the tills, then the
 * phones' own till. */
int readers_start(struct shopd *sd)
{
	const struct config *c = &sd->config;

	for (uint32_t i = 0; i < READERS_MAX; i++)
		sd->port[i] = (struct reader_port){.fd = -1, .light_until = MONO_NEVER};
	for (uint32_t i = 0; i < c->doors; i++)
		if (c->door[i].scanner[0])
			sd->port[2 * i].path = c->door[i].scanner;
	for (uint32_t i = 0; i < c->tills; i++)
		sd->port[2 * c->doors + i].path = c->till[i].scanner;
	if (timer_add(sd->loop, WATCH_DOOR, 0, on_reader_timer, sd, &sd->reader_timer) < 0)
		return -ENOMEM;
	for (uint8_t i = 0; i < sd->shop.config.readers; i++) {
		if (!sd->port[i].path)
			continue;
		readers_tell(sd, i, !port_open(sd, i));
	}
	reader_timer_set(sd);
	return 0;
}

void readers_stop(struct shopd *sd)
{
	for (uint32_t i = 0; i < READERS_MAX; i++) {
		watch_free(sd->port[i].watch);
		scanner_close(sd->port[i].scanner);
		sd->port[i].scanner = NULL;
		sd->port[i].fd = -1;
	}
	timer_free(sd->reader_timer);
}
