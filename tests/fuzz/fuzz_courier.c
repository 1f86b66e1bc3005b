/*
 * fuzz_courier.c: whatever courierd says, in whatever order, while doors are forced and hours pass:
 * a shop takes every message that message_check() lets pass, the core's invariants hold, and what
 * it then tells courierd, counterd and shopctl is well-formed.
 *
 * The input is a row of acts: a byte that picks the act, then what belongs to it. A message's alarm
 * of 1 and code of 1 stand for the newest alarm's; a name that begins with 1 … 9 for a contact's.
 */
#include <stdarg.h>
#include <sys/syscall.h>
#include <time.h>

#include "shopd/courier.c"
#include "shopd/told.c"

#include "shop_shell.h"

#define PEER	    PEER_COURIER
#define RUNS_A_SHOP 20000

static int64_t passed_ms; /* by which the clock is ahead */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Hours pass in no time; but not by the wall clock, which is the fuzzer's too: to the shop it is
 * one that is set back again and again. */
int clock_gettime(clockid_t clock, struct timespec *ret)
{
	int r = (int)syscall(SYS_clock_gettime, clock, ret);

	if (r == 0 && clock == CLOCK_MONOTONIC) {
		int64_t ns = ret->tv_nsec + passed_ms % 1000 * 1000000;

		ret->tv_sec += passed_ms / 1000 + ns / 1000000000;
		ret->tv_nsec = ns % 1000000000;
	}
	return r;
}

/* Nobody reads this log, but it has to be fit to be read. */
void journal_line(struct shopd *sd, const char *format, ...)
{
	char line[2048];
	va_list args;

	(void)sd;
	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	for (const char *c = line; *c; c++)
		CHECK((uint8_t)*c >= 0x20 && *c != 0x7f);
}

static void set_up(void)
{
	static const char text[] = "shop = viken\nclock = rtc\ngpio = sim:/nonexistent\n"
				   "[door front]\nstrike = a\ncontact = b\nrex = c\n"
				   "[sensor mains]\nkind = power\nsource = courier\n";

	shell_load(text);
	shell_roster();
	shell_start();
}

static void settle(void)
{
	while (shell.ticket > shell.committed)
		shell_turn();
	shell_drain();
}

/* --- what the shop says then */

static void check_rows(row_fn *row)
{
	union message m;

	for (uint32_t i = 0; row(&shell, i, 7, &m); i++)
		CHECK(!message_check(&m, message_size(m.head.type), ROLE_CONTROL, WAY_FROM_SHOPD));
}

static void check_notify(const struct effect_notify *n)
{
	CHECK(place_valid(n->contact, (uint32_t)strlen(n->contact)));
	CHECK(n->alarm.n != 0 && n->condition >= CONDITION_HELD_OPEN && n->condition < CONDITIONS);
	CHECK(n->kind < TEXT_KINDS && n->severity < SEVERITIES);
	CHECK(n->by[0] == '\0' || name_valid(n->by, (uint32_t)strlen(n->by)));
}

static void check_texts(void)
{
	for (uint32_t i = 0; i < shell.effects.nows; i++)
		if (shell.effects.now[i].kind == EFFECT_NOTIFY)
			check_notify(&shell.effects.now[i].notify);
}

static void check_lists(void)
{
	check_rows(alarm_row);
	check_rows(contact_row);
	check_rows(sensor_row);
}

/* --- acts */

static void place_of(char place[PLACE_MAX_LEN + 1])
{
	if (place[0] >= 1 && place[0] <= 9)
		snprintf(place, PLACE_MAX_LEN + 1, "person-%d", place[0]);
}

static void stand_for(union message *m)
{
	const struct alarm *newest = shop_alarm_at(&shell.shop, 0);

	if (m->head.type == MESSAGE_NOTIFIED) {
		place_of(m->notified.contact);
		if (m->notified.alarm == 1 && newest)
			m->notified.alarm = newest->id.n;
	} else if (m->head.type == MESSAGE_CONTACT) {
		place_of(m->contact.name);
	} else if (m->head.type == MESSAGE_REPLY) {
		place_of(m->reply.contact);
		if (m->reply.code == 1 && newest)
			m->reply.code = newest->code;
	} else if (m->head.type == MESSAGE_FAULT) {
		place_of(m->fault.place);
	} else {
		place_of(m->reading.sensor);
		if (m->reading.sensor[0] == 'p')
			snprintf(m->reading.sensor, sizeof(m->reading.sensor), "mains");
	}
}

static size_t say(enum message_type type, const uint8_t *data, size_t size)
{
	union message m;
	size_t len = message_size((uint16_t)type) - sizeof(m.head);

	len = len < size ? len : size;
	message_init(&m, type, 0);
	memcpy((uint8_t *)&m + sizeof(m.head), data, len);
	stand_for(&m);
	if (!message_check(&m, message_size((uint16_t)type), ROLE_COURIER, WAY_TO_SHOPD))
		on_message(&shell, PEER, &m, -1);
	return len;
}

static void part(enum door_part part, bool level)
{
	struct event e = shopd_event(&shell, EVENT_PART);

	e.part.part = part;
	e.part.level = level;
	shopd_step(&shell, &e);
}

static void time_passes(uint8_t how_long)
{
	struct event e;

	/* a fifth of a second, up to a quarter of a day */
	passed_ms += how_long < 128 ? how_long * 200LL : (how_long - 127) * 180000LL;
	e = shopd_event(&shell, EVENT_TIME);
	shopd_step(&shell, &e);
}

static void step_plain(enum event_kind kind)
{
	struct event e = shopd_event(&shell, kind);

	shopd_step(&shell, &e);
}

/* One act off the front of the input; how many bytes it was. */
static size_t act(const uint8_t *data, size_t size)
{
	static const enum message_type said[] = {MESSAGE_NOTIFIED, MESSAGE_CONTACT, MESSAGE_REPLY,
						 MESSAGE_FAULT, MESSAGE_READING};
	uint8_t kind = data[0] % 12, more = size > 1 ? data[1] : 0;

	if (kind < ARRAY_LEN(said))
		return 1 + say(said[kind], data + 1, size - 1);
	if (kind == 5)
		part(PART_CONTACT, more & 1);
	else if (kind == 6)
		part(PART_TAMPER, more & 1);
	else if (kind == 7)
		part(PART_FIRE, more & 1);
	else if (kind == 8)
		step_plain(EVENT_COURIER_UP);
	else if (kind == 9)
		step_plain(EVENT_REHEARSE);
	else
		time_passes(more);
	return size > 1 ? 2 : 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint32_t runs;

	if (runs == 0)
		atexit(shell_close);
	if (runs++ % RUNS_A_SHOP == 0) {
		shell_close();
		set_up();
	}
	while (size > 0) {
		size_t used = act(data, size);

		data += used;
		size -= used;
		check_texts();
		if (shell.ticket > shell.committed + 64)
			settle();
	}
	check_lists();
	settle();
	return 0;
}
