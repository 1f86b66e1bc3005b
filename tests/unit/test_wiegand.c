/* test_wiegand.c: pulses of a keypad: keys out of bursts, in whatever order the two wires tell
 * them, and no card ever. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/check.h"
#include "wire/wiegand.h"

#define START_US 5000000
#define BIT_US	 2000

/* Pulses of "0101…" from `at_us` on; when the last one was. */
static int64_t burst(struct wiegand *w, int64_t at_us, const char *bits)
{
	for (; *bits; bits++, at_us += BIT_US)
		wiegand_pulse(w, at_us, *bits == '1');
	return at_us - BIT_US;
}

static struct mono after(int64_t at_us, int64_t ms)
{
	return (struct mono){at_us / 1000 + ms};
}

static enum wiegand_said said(const char *bits, char *ret_key, uint32_t *ret_bits)
{
	struct wiegand w;
	enum wiegand_said what;
	int64_t end;

	wiegand_init(&w);
	end = burst(&w, START_US, bits);
	what = wiegand_take(&w, after(end, 40), ret_key, ret_bits);
	assert_int_equal(wiegand_take(&w, after(end, 9999), ret_key, ret_bits), WIEGAND_NOTHING);
	return what;
}

static void keys_of_four_and_of_eight_bits(void **state)
{
	static const struct {
		const char *four, *eight;
		char key;
	} table[] = {
		{"0000", "11110000", '0'}, {"0001", "11100001", '1'}, {"0010", "11010010", '2'},
		{"0011", "11000011", '3'}, {"0100", "10110100", '4'}, {"0101", "10100101", '5'},
		{"0110", "10010110", '6'}, {"0111", "10000111", '7'}, {"1000", "01111000", '8'},
		{"1001", "01101001", '9'}, {"1010", "01011010", '*'}, {"1011", "01001011", '#'},
	};

	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(table); i++) {
		uint32_t bits = 0;
		char key = '?';

		assert_int_equal(said(table[i].four, &key, &bits), WIEGAND_KEY);
		assert_int_equal(key, table[i].key);
		assert_int_equal(bits, 4);
		key = '?';
		assert_int_equal(said(table[i].eight, &key, &bits), WIEGAND_KEY);
		assert_int_equal(key, table[i].key);
		assert_int_equal(bits, 8);
	}
}

static void what_no_key_has_is_broken(void **state)
{
	/* 12 to 15; a half that is not the other turned over; a bit lost, a bit too many */
	static const char *const table[] = {"1100",
					    "1111",
					    "00111100",
					    "11110001",
					    "00000000",
					    "11100011",
					    "0",
					    "101",
					    "1010101",
					    "101010101",
					    "01010101010101010101010"};
	uint32_t bits;

	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(table); i++) {
		char key = '?';

		assert_int_equal(said(table[i], &key, &bits), WIEGAND_BROKEN);
		assert_int_equal(bits, strlen(table[i]));
		assert_int_equal(key, '?');
	}
}

static void a_card_is_no_key(void **state)
{
	static const uint32_t lengths[] = {24, 26, 34, 37, 56, 64, 80, 200};
	char text[201], key = '?';
	uint32_t bits;

	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(lengths); i++) {
		for (uint32_t b = 0; b < lengths[i]; b++)
			text[b] = "01"[b * 7 % 3 == 0];
		text[lengths[i]] = '\0';
		assert_int_equal(said(text, &key, &bits), WIEGAND_CARD);
		assert_int_equal(bits, lengths[i] > 128 ? 128 : lengths[i]);
		assert_int_equal(key, '?');
	}
}

static void a_burst_is_over_after_its_silence(void **state)
{
	struct wiegand w;
	uint32_t bits;
	int64_t end;
	char key;

	(void)state;
	wiegand_init(&w);
	assert_int_equal(wiegand_deadline(&w).ms, MONO_NEVER.ms);
	assert_int_equal(wiegand_take(&w, after(START_US, 0), &key, &bits), WIEGAND_NOTHING);
	end = burst(&w, START_US, "0111");
	assert_int_equal(wiegand_deadline(&w).ms, end / 1000 + 1 + WIEGAND_GAP_MS);
	assert_int_equal(wiegand_take(&w, after(end, 30), &key, &bits), WIEGAND_NOTHING);
	assert_int_equal(wiegand_take(&w, after(end, 31), &key, &bits), WIEGAND_KEY);
	assert_int_equal(key, '7');
	assert_int_equal(wiegand_deadline(&w).ms, MONO_NEVER.ms);
}

static void a_program_that_was_late_finds_every_key(void **state)
{
	struct wiegand w;
	uint32_t bits;
	int64_t end = START_US;
	char typed[8] = "", key;
	uint32_t n = 0;

	(void)state;
	wiegand_init(&w);
	for (uint32_t i = 0; i < 4; i++) /* 1, 2, 3, # at a hundred milliseconds */
		end = burst(&w, START_US + i * 100000,
			    (const char *const[]){"0001", "0010", "0011", "1011"}[i]);
	while (wiegand_take(&w, after(end, 5000), &key, &bits) == WIEGAND_KEY && n < 7)
		typed[n++] = key;
	assert_string_equal(typed, "123#");
}

static void the_wires_may_tell_in_any_order(void **state)
{
	static const char bits_sent[] = "01101001"; /* 9 */
	struct wiegand w;
	uint32_t bits;
	char key = '?';

	(void)state;
	wiegand_init(&w);
	/* all of D1, the last first, then all of D0 */
	for (int i = 7; i >= 0; i--)
		if (bits_sent[i] == '1')
			wiegand_pulse(&w, START_US + i * 200, true);
	for (int i = 0; i < 8; i++)
		if (bits_sent[i] == '0')
			wiegand_pulse(&w, START_US + i * 200, false);
	assert_int_equal(wiegand_take(&w, after(START_US, 100), &key, &bits), WIEGAND_KEY);
	assert_int_equal(key, '9');
}

static void a_wire_that_rings_is_heard_once(void **state)
{
	struct wiegand w;
	uint32_t bits;
	char key = '?';

	(void)state;
	wiegand_init(&w);
	for (uint32_t i = 0; i < 8; i++) { /* 1, and each edge echoes 20 and 60 µs later */
		bool one = "11100001"[i] == '1';

		for (int64_t echo = 0; echo <= 60; echo += echo ? 40 : 20)
			wiegand_pulse(&w, START_US + i * 300 + echo, one);
	}
	assert_int_equal(wiegand_take(&w, after(START_US, 100), &key, &bits), WIEGAND_KEY);
	assert_int_equal(bits, 8);
	assert_int_equal(key, '1');
}

static void noise_without_end_is_one_thing(void **state)
{
	struct wiegand w;
	uint32_t bits;
	int64_t at = START_US;
	char key = '?';

	(void)state;
	wiegand_init(&w);
	for (int i = 0; i < 100000; i++, at += 700)
		wiegand_pulse(&w, at, i % 3 == 0);
	assert_int_equal(wiegand_take(&w, after(at, 10), &key, &bits), WIEGAND_NOTHING);
	assert_int_equal(wiegand_take(&w, after(at, 100), &key, &bits), WIEGAND_CARD);
	burst(&w, at + 1000000, "0100");
	assert_int_equal(wiegand_take(&w, after(at, 2000), &key, &bits), WIEGAND_KEY);
	assert_int_equal(key, '4');
}

static void times_that_no_clock_says_do_no_harm(void **state)
{
	struct wiegand w;
	uint32_t bits;
	char key;

	(void)state;
	wiegand_init(&w);
	wiegand_pulse(&w, INT64_MAX, true);
	wiegand_pulse(&w, INT64_MIN, false);
	wiegand_pulse(&w, -1, true);
	assert_int_equal(wiegand_take(&w, (struct mono){INT64_MAX - 1}, &key, &bits),
			 WIEGAND_BROKEN);
	assert_int_equal(bits, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_of_four_and_of_eight_bits),
		cmocka_unit_test(what_no_key_has_is_broken),
		cmocka_unit_test(a_card_is_no_key),
		cmocka_unit_test(a_burst_is_over_after_its_silence),
		cmocka_unit_test(a_program_that_was_late_finds_every_key),
		cmocka_unit_test(the_wires_may_tell_in_any_order),
		cmocka_unit_test(a_wire_that_rings_is_heard_once),
		cmocka_unit_test(noise_without_end_is_one_thing),
		cmocka_unit_test(times_that_no_clock_says_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
