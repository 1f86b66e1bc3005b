/* test_nfc.c: a reader's thread and the loop, over a PC/SC that is made up here: a reader that
 * comes and goes, what lies on it, and calls that never come back. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include <PCSC/winscard.h>

#include "device/nfc.h"
#include "loop/loop.h"

#define WAIT_MS 5000

/* --- PC/SC */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t moved;
static struct {
	bool service, reader, twin, denied, hangs, cancelled, broken;
	uint32_t state; /* of the reader: PRESENT or EMPTY, and the count above it */
	uint32_t contexts, releases, waits, connects, resets, transmits, cancels;
	uint8_t said[8][NFC_ANSWER_MAX + 50]; /* answers to come */
	uint32_t len[8];
	uint32_t next, answers;
	uint8_t heard[16][NFC_COMMAND_MAX];
	uint32_t heard_len[16];
} pc;

static LONG locked(LONG result)
{
	pthread_mutex_unlock(&lock);
	return result;
}

LONG SCardEstablishContext(DWORD scope, LPCVOID one, LPCVOID two, LPSCARDCONTEXT ret)
{
	(void)scope;
	(void)one;
	(void)two;
	pthread_mutex_lock(&lock);
	*ret = (SCARDCONTEXT)(1000 + pc.contexts++);
	return locked(pc.service ? SCARD_S_SUCCESS : (LONG)SCARD_E_NO_SERVICE);
}

LONG SCardReleaseContext(SCARDCONTEXT context)
{
	(void)context;
	pthread_mutex_lock(&lock);
	pc.releases++;
	pthread_cond_broadcast(&moved);
	return locked(SCARD_S_SUCCESS);
}

LONG SCardListReaders(SCARDCONTEXT context, LPCSTR groups, LPSTR names, LPDWORD size)
{
	static const char one[] = "ACS ACR122U 00 00\0",
			  two[] = "ACS ACR122U 00 00\0ACS ACR122U 01 00\0";
	const char *all;
	DWORD len;

	(void)context;
	(void)groups;
	pthread_mutex_lock(&lock);
	all = pc.twin ? two : one;
	len = pc.twin ? sizeof(two) : sizeof(one);
	if (!pc.service)
		return locked((LONG)SCARD_E_NO_SERVICE);
	if (!pc.reader)
		return locked((LONG)SCARD_E_NO_READERS_AVAILABLE);
	assert_true(*size >= len);
	memcpy(names, all, len);
	*size = len;
	return locked(SCARD_S_SUCCESS);
}

static DWORD now(void)
{
	return pc.reader ? pc.state : SCARD_STATE_UNKNOWN;
}

LONG SCardGetStatusChange(SCARDCONTEXT context, DWORD ms, SCARD_READERSTATE *states, DWORD readers)
{
	struct mono until = mono_add(loop_mono(), (int64_t)ms);
	struct timespec at = {.tv_sec = (time_t)(until.ms / 1000),
			      .tv_nsec = (long)(until.ms % 1000) * 1000000};

	(void)context;
	pthread_mutex_lock(&lock);
	assert_int_equal(readers, 1);
	pc.waits += ms > 0;
	pthread_cond_broadcast(&moved);
	while (pc.service && !pc.cancelled && now() == states->dwCurrentState)
		if (pthread_cond_timedwait(&moved, &lock, &at) == ETIMEDOUT)
			return locked((LONG)SCARD_E_TIMEOUT);
	if (!pc.service)
		return locked((LONG)SCARD_E_NO_SERVICE);
	if (pc.cancelled) {
		pc.cancelled = false;
		return locked((LONG)SCARD_E_CANCELLED);
	}
	states->dwEventState = now() | SCARD_STATE_CHANGED;
	return locked(SCARD_S_SUCCESS);
}

LONG SCardCancel(SCARDCONTEXT context)
{
	pthread_mutex_lock(&lock);
	assert_true(context >= 1000);
	pc.cancelled = true;
	pc.cancels++;
	pthread_cond_broadcast(&moved);
	return locked(SCARD_S_SUCCESS);
}

LONG SCardConnect(SCARDCONTEXT context, LPCSTR reader, DWORD mode, DWORD protocols,
		  LPSCARDHANDLE ret_card, LPDWORD ret_protocol)
{
	(void)context;
	(void)protocols;
	pthread_mutex_lock(&lock);
	assert_string_equal(reader, "ACS ACR122U 00 00");
	assert_int_equal(mode, SCARD_SHARE_EXCLUSIVE);
	pc.connects++;
	pthread_cond_broadcast(&moved);
	*ret_card = 7;
	*ret_protocol = SCARD_PROTOCOL_T1;
	if (pc.denied)
		return locked((LONG)SCARD_W_SECURITY_VIOLATION);
	return locked(pc.state & SCARD_STATE_PRESENT ? SCARD_S_SUCCESS
						     : (LONG)SCARD_W_REMOVED_CARD);
}

LONG SCardReconnect(SCARDHANDLE card, DWORD mode, DWORD protocols, DWORD how, LPDWORD ret_protocol)
{
	(void)mode;
	(void)protocols;
	pthread_mutex_lock(&lock);
	assert_int_equal(card, 7);
	assert_int_equal(how, SCARD_RESET_CARD);
	*ret_protocol = SCARD_PROTOCOL_T1;
	pc.resets++;
	return locked(SCARD_S_SUCCESS);
}

LONG SCardDisconnect(SCARDHANDLE card, DWORD how)
{
	assert_int_equal(card, 7);
	assert_int_equal(how, SCARD_LEAVE_CARD);
	return SCARD_S_SUCCESS;
}

LONG SCardTransmit(SCARDHANDLE card, const SCARD_IO_REQUEST *pci, LPCBYTE command, DWORD len,
		   SCARD_IO_REQUEST *ret_pci, LPBYTE answer, LPDWORD size)
{
	uint32_t i;

	(void)ret_pci;
	pthread_mutex_lock(&lock);
	assert_int_equal(card, 7);
	assert_ptr_equal(pci, SCARD_PCI_T1);
	assert_true(len <= NFC_COMMAND_MAX && *size == NFC_ANSWER_MAX);
	i = pc.transmits++;
	if (i < 16) {
		memcpy(pc.heard[i], command, len);
		pc.heard_len[i] = (uint32_t)len;
	}
	pthread_cond_broadcast(&moved);
	while (pc.hangs)
		pthread_cond_wait(&moved, &lock);
	if (pc.broken || pc.next == pc.answers)
		return locked((LONG)SCARD_W_REMOVED_CARD);
	i = pc.next++;
	if (pc.len[i] > *size)
		return locked((LONG)SCARD_E_INSUFFICIENT_BUFFER);
	memcpy(answer, pc.said[i], pc.len[i]);
	*size = pc.len[i];
	return locked(SCARD_S_SUCCESS);
}

/* --- the test's hands */

static struct nfc *nfc;
static struct nfc_state state;

static int start(void **unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	memset(&pc, 0, sizeof(pc));
	pc.service = pc.reader = true;
	pc.state = SCARD_STATE_EMPTY;
	pthread_mutex_unlock(&lock);
	memset(&state, 0, sizeof(state));
	return nfc_open("ACR122U", &nfc);
}

static int end(void **unused)
{
	(void)unused;
	nfc_close(nfc);
	return 0;
}

/* Waits for news of the thread's. */
static void look(void)
{
	struct pollfd fd = {.fd = nfc_fd(nfc), .events = POLLIN};

	assert_int_equal(poll(&fd, 1, WAIT_MS), 1);
	nfc_look(nfc, &state);
}

static void look_for(bool there, enum nfc_trouble trouble)
{
	do
		look();
	while (state.there != there || state.trouble != trouble);
}

#define CHANGE(what)                                                                               \
	do {                                                                                       \
		pthread_mutex_lock(&lock);                                                         \
		what;                                                                              \
		pthread_cond_broadcast(&moved);                                                    \
		pthread_mutex_unlock(&lock);                                                       \
	} while (0)

static void wait_for(const uint32_t *count, uint32_t until)
{
	struct mono late = mono_add(loop_mono(), WAIT_MS);
	struct timespec at = {.tv_sec = (time_t)(late.ms / 1000)};

	pthread_mutex_lock(&lock);
	while (*count < until)
		assert_int_equal(pthread_cond_timedwait(&moved, &lock, &at), 0);
	pthread_mutex_unlock(&lock);
}

static uint32_t count(const uint32_t *of)
{
	uint32_t n;

	pthread_mutex_lock(&lock);
	n = *of;
	pthread_mutex_unlock(&lock);
	return n;
}

static void will_say(const char *bytes, uint32_t len)
{
	memcpy(pc.said[pc.answers], bytes, len);
	pc.len[pc.answers++] = len;
}
#define WILL_SAY(text) will_say(text, sizeof(text) - 1)

static void put_on(void)
{
	CHANGE(pc.state = ((pc.state >> 16) + 1) << 16 | SCARD_STATE_PRESENT);
}

static void take_away(void)
{
	CHANGE(pc.state = ((pc.state >> 16) + 1) << 16 | SCARD_STATE_EMPTY);
}

static void give_challenge(void)
{
	static const uint8_t bytes[] = {0x81, 0x61, 'a'};

	while (!state.challenge)
		look();
	nfc_challenge(nfc, (struct span){bytes, sizeof(bytes)});
}

static void take(enum nfc_shown shown, struct nfc_tap *ret)
{
	struct pollfd fd = {.fd = nfc_fd(nfc), .events = POLLIN};

	while (!nfc_take(nfc, ret)) {
		assert_int_equal(poll(&fd, 1, WAIT_MS), 1);
		nfc_look(nfc, &state);
	}
	assert_int_equal(ret->shown, shown);
}

/* --- tests */

static void phone_from_near_to_verdict(void **unused)
{
	struct nfc_tap tap;

	(void)unused;
	look_for(true, NFC_FINE);
	assert_string_equal(state.name, "ACS ACR122U 00 00");
	CHANGE(WILL_SAY("\x01\x90\x00"); WILL_SAY("token\x90\x00"); WILL_SAY("\x90\x00"));
	put_on();
	give_challenge();
	take(NFC_SHOWN_TOKEN, &tap);
	assert_int_equal(tap.len, 5);
	assert_memory_equal(tap.bytes, "token", 5);
	nfc_verdict(nfc, tap.number + 1, "expired", 0); /* of another tap */
	nfc_verdict(nfc, tap.number, "admitted", 5000);
	nfc_verdict(nfc, tap.number, "expired", 0); /* said already */
	wait_for(&pc.transmits, 3);
	assert_int_equal(pc.heard_len[1], 9);
	assert_memory_equal(pc.heard[1],
			    "\x80\xc0\x00\x00\x03\x81\x61"
			    "a\x00",
			    9);
	assert_memory_equal(pc.heard[2] + 7, "admitted", 8);
	/* it lies there, and is asked nothing more; the next one is */
	take_away();
	put_on();
	wait_for(&pc.connects, 2);
	assert_int_equal(count(&pc.resets), 0);
}

static void one_that_came_while_nobody_looked(void **unused)
{
	struct nfc_tap tap;

	(void)unused;
	look_for(true, NFC_FINE);
	CHANGE(for (int i = 0; i < 4; i++) WILL_SAY("\x6a\x82"));
	put_on();
	take(NFC_SHOWN_STRANGE, &tap);
	CHANGE(pc.state = ((pc.state >> 16) + 2) << 16 | SCARD_STATE_PRESENT);
	take(NFC_SHOWN_STRANGE, &tap);
	assert_int_equal(tap.number, 2);
}

static void what_lies_there_is_no_tap(void **unused)
{
	(void)unused;
	look_for(true, NFC_FINE);
	CHANGE(pc.reader = false);
	look_for(false, NFC_NO_READER);
	CHANGE(pc.reader = true; pc.state = 5U << 16 | SCARD_STATE_PRESENT);
	look_for(true, NFC_FINE);
	CHANGE(pc.state |= SCARD_STATE_INUSE); /* looked at again */
	take_away();
	assert_int_equal(count(&pc.connects), 0);
	put_on();
	wait_for(&pc.connects, 1);
}

static void torn_away_and_back_is_one_tap(void **unused)
{
	struct nfc_tap tap;

	(void)unused;
	look_for(true, NFC_FINE);
	CHANGE(pc.broken = true);
	put_on();
	wait_for(&pc.transmits, 2);
	CHANGE(pc.broken = false; will_say("\x6a\x82", 2); will_say("\x6a\x82", 2));
	take(NFC_SHOWN_STRANGE, &tap);
	assert_true(count(&pc.resets) > 0);
	assert_int_equal(tap.number, 1);
}

static void what_cannot_be_read_is_refused_at_last(void **unused)
{
	struct nfc_tap tap;
	uint32_t connects;

	(void)unused;
	look_for(true, NFC_FINE);
	CHANGE(pc.broken = true);
	put_on();
	take(NFC_SHOWN_STRANGE, &tap);
	connects = count(&pc.connects);
	assert_true(connects > 2);
	take_away();
	put_on();
	wait_for(&pc.connects, connects + 1);
}

static void answer_too_long(void **unused)
{
	static const char zeros[NFC_ANSWER_MAX + 40];
	struct nfc_tap tap;

	(void)unused;
	look_for(true, NFC_FINE);
	CHANGE(will_say("\x01\x90\x00", 3); will_say(zeros, sizeof(zeros)));
	put_on();
	give_challenge();
	take(NFC_SHOWN_STRANGE, &tap);
}

static void nobody_takes_it(void **unused)
{
	struct nfc_tap tap;

	(void)unused;
	look_for(true, NFC_FINE);
	CHANGE(will_say("\x6a\x82", 2); will_say("\x6a\x82", 2));
	put_on();
	wait_for(&pc.transmits, 2);
	take_away();
	CHANGE(will_say("\x6a\x82", 2); will_say("\x6a\x82", 2));
	put_on();
	wait_for(&pc.transmits, 4); /* the first was withdrawn by then */
	take(NFC_SHOWN_STRANGE, &tap);
	assert_int_equal(tap.number, 2);
}

static void troubles(void **unused)
{
	(void)unused;
	look_for(true, NFC_FINE);
	CHANGE(pc.service = false);
	look_for(false, NFC_NO_SERVICE);
	CHANGE(pc.service = true; pc.twin = true);
	look_for(false, NFC_SEVERAL);
	CHANGE(pc.twin = false; pc.state = SCARD_STATE_UNAVAILABLE);
	look_for(false, NFC_SILENT);
	CHANGE(pc.state = SCARD_STATE_EMPTY);
	look_for(true, NFC_FINE);
	CHANGE(pc.denied = true);
	put_on();
	look_for(false, NFC_DENIED);
	take_away();
	CHANGE(pc.denied = false);
	put_on();
	look_for(true, NFC_FINE);
	for (enum nfc_trouble t = NFC_FINE; t <= NFC_SILENT; t++)
		assert_true(strlen(nfc_trouble_words(t)) > 0);
}

/* A phone that never answers holds its own reader, and nobody who ends the program. */
static void hangs(void **unused)
{
	struct mono began;

	(void)unused;
	look_for(true, NFC_FINE);
	CHANGE(pc.hangs = true);
	put_on();
	wait_for(&pc.transmits, 1);
	assert_false(nfc_stuck(nfc, loop_mono()));
	assert_true(nfc_stuck(nfc, mono_add(loop_mono(), NFC_STUCK_MS + 1)));
	began = loop_mono();
	nfc_close(nfc);
	nfc = NULL;
	assert_true(loop_mono().ms - began.ms < 2000);
	CHANGE(pc.hangs = false); /* now it ends, and frees what it had */
	wait_for(&pc.releases, 1);
}

static void stops_at_once(void **unused)
{
	struct mono began;

	(void)unused;
	look_for(true, NFC_FINE);
	wait_for(&pc.waits, 1);
	began = loop_mono();
	nfc_close(nfc);
	nfc = NULL;
	assert_true(loop_mono().ms - began.ms < 150);
	assert_true(count(&pc.cancels) > 0);
}

int main(void)
{
	pthread_condattr_t attr;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(phone_from_near_to_verdict, start, end),
		cmocka_unit_test_setup_teardown(one_that_came_while_nobody_looked, start, end),
		cmocka_unit_test_setup_teardown(what_lies_there_is_no_tap, start, end),
		cmocka_unit_test_setup_teardown(torn_away_and_back_is_one_tap, start, end),
		cmocka_unit_test_setup_teardown(what_cannot_be_read_is_refused_at_last, start, end),
		cmocka_unit_test_setup_teardown(answer_too_long, start, end),
		cmocka_unit_test_setup_teardown(nobody_takes_it, start, end),
		cmocka_unit_test_setup_teardown(troubles, start, end),
		cmocka_unit_test_setup_teardown(hangs, start, end),
		cmocka_unit_test_setup_teardown(stops_at_once, start, end),
	};

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&moved, &attr);
	pthread_condattr_destroy(&attr);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
