/*
 * test_ledger_cards.c: where the counters of cards stand: kept with the admission that told of
 * them, and never lower again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "ledger_house.h"

static int set_up(void **state)
{
	static struct house h;

	house_make(&h);
	*state = &h;
	return 0;
}

static int tear_down(void **state)
{
	house_remove(*state);
	return 0;
}

static void run_sql(const struct house *h, const char *sql)
{
	sqlite3 *db = house_raw(h, "ledger.db");

	assert_int_equal(sql_exec(db, sql), SQLITE_OK);
	sqlite3_close(db);
}

static struct entry card_entry(uint8_t card, uint32_t counter)
{
	struct entry e = sample_entry(ENTRY_ADMITTED);

	e.admitted.cti_len = 0;
	e.admitted.kid.byte[0] = card;
	e.admitted.card_counter = counter;
	return e;
}

/* The newest counter of a card as a start learns it; 0: none. */
static uint32_t card_recalled(const struct house *h, uint8_t card)
{
	for (uint32_t i = 0; i < h->recall->cards; i++)
		if (h->recall->card[i].kid.byte[0] == card)
			return h->recall->card[i].counter;
	return 0;
}

/* Of each card the largest, whatever came after it; with the transaction of its row or not at all;
 * and a file of the form before has none of them. */
static void used_cards(void **state)
{
	static const uint32_t said[][2] = {{9, 5}, {3, 0xffffff}, {9, 70000}, {9, 6}, {1, 1}};
	struct house *h = *state;
	struct entry e;

	house_open(h);
	assert_int_equal(h->recall->cards, 0);
	house_close(h);
	run_sql(h, "DROP TABLE card_used; PRAGMA user_version=5");
	house_open(h);
	for (uint32_t i = 0; i < ARRAY_LEN(said); i++) {
		e = card_entry((uint8_t)said[i][0], said[i][1]);
		house_write(h, &e);
	}
	house_close(h);
	for (uint32_t again = 0; again < 2; again++) {
		house_open(h);
		assert_int_equal(h->recall->cards, 3);
		assert_int_equal(card_recalled(h, 9), 70000);
		assert_int_equal(card_recalled(h, 3), 0xffffff);
		assert_int_equal(card_recalled(h, 1), 1);
		assert_int_equal(h->recall->card[0].kid.byte[0], 1); /* in their order */
		assert_int_equal(h->recall->remembered.tokens, 0);
		house_close(h);
		/* the tables made again say the same */
		run_sql(h, "UPDATE meta SET value = 0 WHERE name = 'derived'");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(used_cards, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
