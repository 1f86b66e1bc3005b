/* test_scanner_input.c: scanners that are keyboards: keys as the kernel tells them, through a pipe
 * in the device's place, come out as the bytes that were scanned. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/input.h>
#include <unistd.h>

#include "device/scanner_backend.h"
#include "device/scanner_keys.h"

struct world {
	int device; /* where the kernel's end would be; -1: unplugged */
	struct scanner *scanner;
};

static int set_up(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	int pipe_fd[2];

	if (!w || pipe2(pipe_fd, O_NONBLOCK | O_CLOEXEC) < 0)
		return -1;
	w->device = pipe_fd[1];
	w->scanner = scanner_input_over(pipe_fd[0]);
	*state = w;
	return w->scanner ? 0 : -1;
}

static int tear_down(void **state)
{
	struct world *w = *state;

	if (w->device >= 0)
		close(w->device);
	scanner_close(w->scanner);
	free(w);
	return 0;
}

static void event(struct world *w, uint16_t type, uint16_t code, int32_t value)
{
	struct input_event e = {.type = type, .code = code, .value = value};

	assert_int_equal(write(w->device, &e, sizeof(e)), sizeof(e));
}

static void key(struct world *w, uint16_t code, int32_t value)
{
	event(w, EV_MSC, MSC_SCAN, code);
	event(w, EV_KEY, code, value);
	event(w, EV_SYN, SYN_REPORT, 0);
}

static void press(struct world *w, uint16_t code)
{
	key(w, code, KEY_MOVE_DOWN);
	key(w, code, KEY_MOVE_UP);
}

static void press_with(struct world *w, uint16_t holding, uint16_t code)
{
	key(w, holding, KEY_MOVE_DOWN);
	press(w, code);
	key(w, holding, KEY_MOVE_UP);
}

/* Which key makes this byte, by asking every one of them. */
static uint16_t key_of(char want, bool *ret_shift)
{
	for (uint16_t code = 0; code < KEY_COMPOSE; code++)
		for (int shift = 0; shift < 2; shift++) {
			struct scanner_keys k = {.shift = (uint8_t)shift};
			uint8_t got;

			if (code != KEY_LEFTALT && scanner_key(&k, code, KEY_MOVE_DOWN, &got) &&
			    got == (uint8_t)want) {
				*ret_shift = shift == 1;
				return code;
			}
		}
	fail_msg("no key makes '%c'", want);
	return 0;
}

static void type(struct world *w, const char *text)
{
	for (; *text; text++) {
		bool shift;
		uint16_t code = key_of(*text, &shift);

		if (shift)
			press_with(w, KEY_LEFTSHIFT, code);
		else
			press(w, code);
	}
}

/* Not a byte before Enter, then all of them and a CR; one code a call. */
static void reads(struct world *w, const char *bytes, uint32_t len)
{
	uint8_t got[SCANNER_READ_SIZE];

	assert_int_equal(scanner_read(w->scanner, got, sizeof(got)), 0);
	press(w, KEY_ENTER);
	assert_int_equal(scanner_read(w->scanner, got, sizeof(got)), len + 1);
	assert_memory_equal(got, bytes, len);
	assert_int_equal(got[len], '\r');
	assert_int_equal(scanner_read(w->scanner, got, sizeof(got)), 0);
}

#define READS(w, text) reads(w, text, sizeof(text) - 1)

static void all_that_tokens_and_goods_are_made_of(void **state)
{
	static const char base45[] = "SK1:0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
	static const char gs1[] = "https://id.gs1.org/01/09506000134352?17=261231&10=aB_c~(1)";

	type(*state, base45);
	READS(*state, base45);
	type(*state, gs1);
	READS(*state, gs1);
}

static void every_printable_byte_has_one_key(void **state)
{
	char all[96] = "";

	for (int c = ' '; c <= '~'; c++)
		all[c - ' '] = (char)c;
	type(*state, all);
	reads(*state, all, 95);
}

static void the_keys_say_what_is_printed_on_them(void **state)
{
	/* by hand, so that the table is not held against itself */
	press_with(*state, KEY_RIGHTSHIFT, KEY_S);
	press_with(*state, KEY_LEFTSHIFT, KEY_K);
	press(*state, KEY_1);
	press_with(*state, KEY_LEFTSHIFT, KEY_SEMICOLON);
	press(*state, KEY_KP4);
	press(*state, KEY_KPPLUS);
	press_with(*state, KEY_LEFTSHIFT, KEY_5);
	press(*state, KEY_SLASH);
	READS(*state, "SK1:4+%/");
}

static void the_separator_of_gs1_comes_either_way(void **state)
{
	press_with(*state, KEY_LEFTCTRL, KEY_RIGHTBRACE);
	READS(*state, "\x1d");
	key(*state, KEY_LEFTALT, KEY_MOVE_DOWN);
	press(*state, KEY_KP0);
	press(*state, KEY_KP2);
	press(*state, KEY_KP9);
	key(*state, KEY_LEFTALT, KEY_MOVE_UP);
	READS(*state, "\x1d");
}

static void a_number_that_is_no_byte_makes_none(void **state)
{
	key(*state, KEY_LEFTALT, KEY_MOVE_DOWN);
	for (int i = 0; i < 40; i++)
		press(*state, KEY_KP9);
	press(*state, KEY_A);
	key(*state, KEY_LEFTALT, KEY_MOVE_UP);
	press_with(*state, KEY_LEFTALT, KEY_F4);
	press_with(*state, KEY_LEFTCTRL, KEY_3);
	press(*state, KEY_1);
	READS(*state, "1");
}

static void a_key_that_is_held_counts_once(void **state)
{
	key(*state, KEY_5, KEY_MOVE_DOWN);
	for (int i = 0; i < 20; i++)
		key(*state, KEY_5, KEY_MOVE_REPEAT);
	key(*state, KEY_5, KEY_MOVE_UP);
	event(*state, EV_KEY, KEY_6, 17);
	event(*state, EV_KEY, 0x2ff, KEY_MOVE_DOWN);
	event(*state, EV_REL, REL_X, 5);
	event(*state, 0xffff, 0xffff, INT32_MIN);
	READS(*state, "5");
}

static void caps_lock_turns_letters_alone(void **state)
{
	press(*state, KEY_CAPSLOCK);
	press(*state, KEY_A);
	press_with(*state, KEY_LEFTSHIFT, KEY_A);
	press(*state, KEY_1);
	press(*state, KEY_CAPSLOCK);
	press(*state, KEY_A);
	READS(*state, "Aa1a");
}

static void one_shift_let_go_is_not_both(void **state)
{
	key(*state, KEY_LEFTSHIFT, KEY_MOVE_DOWN);
	key(*state, KEY_RIGHTSHIFT, KEY_MOVE_DOWN);
	key(*state, KEY_LEFTSHIFT, KEY_MOVE_UP);
	press(*state, KEY_A);
	key(*state, KEY_RIGHTSHIFT, KEY_MOVE_UP);
	press(*state, KEY_A);
	READS(*state, "Aa");
}

static void what_the_kernel_lost_leaves_a_hole(void **state)
{
	type(*state, "SK1:AB");
	key(*state, KEY_LEFTSHIFT, KEY_MOVE_DOWN);
	event(*state, EV_SYN, SYN_DROPPED, 0);
	event(*state, EV_KEY, KEY_Z, KEY_MOVE_DOWN); /* of the packet that was torn */
	event(*state, EV_SYN, SYN_REPORT, 0);
	press(*state, KEY_C);
	READS(*state, "SK1:AB\0c");
}

static void its_end_may_be_any_of_these(void **state)
{
	static const uint16_t ends[] = {KEY_ENTER, KEY_KPENTER, KEY_TAB};
	struct world *w = *state;
	uint8_t got[SCANNER_READ_SIZE];

	for (uint32_t i = 0; i < ARRAY_LEN(ends); i++) {
		press(w, KEY_7);
		press(w, ends[i]);
	}
	press(w, KEY_8);
	press_with(w, KEY_RIGHTCTRL, KEY_M);
	for (uint32_t i = 0; i <= ARRAY_LEN(ends); i++) { /* each is told by itself */
		assert_int_equal(scanner_read(w->scanner, got, sizeof(got)), 2);
		assert_memory_equal(got, i < ARRAY_LEN(ends) ? "7\r" : "8\r", 2);
	}
}

static void slow_keys_are_one_code_and_lost_ends_are_two(void **state)
{
	struct world *w = *state;
	struct input_event e = {.type = EV_KEY, .code = KEY_1, .value = KEY_MOVE_DOWN};
	uint8_t got[SCANNER_READ_SIZE];

	for (int64_t ms = 0; ms <= 6000; ms += 2000) { /* as somebody types a PIN */
		e.input_event_sec = ms / 1000;
		assert_int_equal(write(w->device, &e, sizeof(e)), sizeof(e));
		assert_int_equal(scanner_read(w->scanner, got, sizeof(got)), 0);
	}
	e.input_event_sec = 8;
	e.input_event_usec = 1000;
	assert_int_equal(write(w->device, &e, sizeof(e)), sizeof(e));
	assert_int_equal(scanner_read(w->scanner, got, sizeof(got)), 5);
	assert_memory_equal(got, "1111\r", 5);
	e.code = KEY_ENTER;
	assert_int_equal(write(w->device, &e, sizeof(e)), sizeof(e));
	assert_int_equal(scanner_read(w->scanner, got, sizeof(got)), 2);
	assert_memory_equal(got, "1\r", 2);
}

static void one_that_never_ends_is_told_all_the_same(void **state)
{
	struct world *w = *state;
	uint8_t got[SCANNER_READ_SIZE];
	uint32_t all = 0;

	for (int i = 0; i < 700; i++) {
		event(w, EV_KEY, KEY_7, KEY_MOVE_DOWN);
		all += (uint32_t)scanner_read(w->scanner, got, sizeof(got));
	}
	/* more than a frame may have, so that it is refused as too long */
	assert_in_range(all, 513, 700);
}

static void a_read_is_bounded(void **state)
{
	struct world *w = *state;
	uint8_t got[9];
	uint32_t all = 0;

	for (int i = 0; i < 100; i++)
		press(w, KEY_7);
	press(w, KEY_ENTER);
	memset(got, 0x55, sizeof(got));
	while (all < 101) {
		int n = scanner_read(w->scanner, got, 8);

		assert_in_range(n, 0, 8);
		all += (uint32_t)n;
		assert_int_equal(got[8], 0x55);
	}
	assert_int_equal(scanner_read(w->scanner, got, 8), 0);
}

static void unplugged_is_gone_after_what_it_said(void **state)
{
	struct world *w = *state;
	uint8_t got[8];

	press(w, KEY_7);
	press(w, KEY_ENTER);
	press(w, KEY_8); /* half a code is none */
	close(w->device);
	w->device = -1;
	assert_int_equal(scanner_read(w->scanner, got, sizeof(got)), 2);
	assert_int_equal(scanner_read(w->scanner, got, sizeof(got)), -ENODEV);
	scanner_beep(w->scanner, true);
}

static void half_an_event_is_no_keyboard(void **state)
{
	struct world *w = *state;
	uint8_t got[8];

	assert_int_equal(write(w->device, "half", 4), 4);
	assert_int_equal(scanner_read(w->scanner, got, sizeof(got)), -ENODEV);
}

int main(void)
{
#define WITH_PIPE(t) cmocka_unit_test_setup_teardown(t, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		WITH_PIPE(all_that_tokens_and_goods_are_made_of),
		WITH_PIPE(every_printable_byte_has_one_key),
		WITH_PIPE(the_keys_say_what_is_printed_on_them),
		WITH_PIPE(the_separator_of_gs1_comes_either_way),
		WITH_PIPE(a_number_that_is_no_byte_makes_none),
		WITH_PIPE(a_key_that_is_held_counts_once),
		WITH_PIPE(caps_lock_turns_letters_alone),
		WITH_PIPE(one_shift_let_go_is_not_both),
		WITH_PIPE(what_the_kernel_lost_leaves_a_hole),
		WITH_PIPE(its_end_may_be_any_of_these),
		WITH_PIPE(slow_keys_are_one_code_and_lost_ends_are_two),
		WITH_PIPE(one_that_never_ends_is_told_all_the_same),
		WITH_PIPE(a_read_is_bounded),
		WITH_PIPE(unplugged_is_gone_after_what_it_said),
		WITH_PIPE(half_an_event_is_no_keyboard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
