/*
 * test_shopd_books.c: what shopd knows of a visit's lines when a phone repeats itself: at once,
 * after others have pushed it out of memory, after a restart, after the visit was over, and while
 * the disk keeps everybody waiting.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "shopd_bench.h"

#include "ledger/thread.h"
#include "shopd/books.c"

#define PRICE_MINOR 1250
#define TILL	    2 /* its reader */

static struct caller control, counter;
static struct person anna, bo;
static struct phone annas;
static int till;

static void dial(void)
{
	caller_dial(&control, ROLE_CONTROL);
	caller_dial(&counter, ROLE_COUNTER);
}

static int set_up(void **state)
{
	const struct price price = {.article = 1, .minor = PRICE_MINOR};

	(void)state;
	bench_make("clock = rtc\n");
	till = scanner_plug("one");
	bench_start();
	dial();
	prices_set(&control, &price, 1);
	member_add(&control, &anna, 0, 0);
	member_add(&control, &bo, 0, 0);
	phone_enters(&annas, &counter, &anna);
	return 0;
}

static void hang_up(void)
{
	caller_leave(&control);
	caller_leave(&counter);
}

static int tear_down(void **state)
{
	(void)state;
	hang_up();
	bench_stop();
	close(till);
	bench_remove();
	return 0;
}

static void restart(void)
{
	hang_up();
	bench_restart();
	dial();
}

static bool in_memory(const struct phone *p)
{
	return book_of(shell.books, (struct visit_id){p->visit}) != NULL;
}

/* The ledger's thread has read every book that it was asked for; we have not looked yet. Other
 * reports may have come before. */
static void wait_read(void)
{
	struct mono end = mono_add(loop_mono(), PATIENCE_MS);

	while (ring_used(&shell.ledger->asks, shell.ledger->asks_put) > 0) {
		assert_true(loop_mono().ms < end.ms);
		poll(NULL, 0, 1);
	}
}

static uint32_t books_kept(void)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < BOOKS_MAX; i++)
		count += shell.books->visit[i].n != 0;
	return count;
}

/* Said, and not yet answered. */
static void say_put(const struct phone *p, const char *key)
{
	union message m;

	line_message(p, MESSAGE_LINE_PUT, key, 1, 1000, &m);
	caller_say(p->counter, &m);
}

static enum answer heard(void)
{
	union message m;

	caller_hear(&counter, &m);
	if (m.head.type == MESSAGE_ANSWER)
		return (enum answer)m.answer.answer;
	assert_int_equal(m.head.type, MESSAGE_LINE_IS);
	return (enum answer)m.line_is.answer;
}

/* --- a line, again and again */

static void put_and_repeat(void **state)
{
	struct message_line_is first, again;

	(void)state;
	assert_int_equal(phone_puts(&annas, "k1", 1, 2000, &first), ANSWER_OK);
	assert_string_equal(first.key, "k1");
	assert_string_equal(first.name, "article 1");
	assert_int_equal(first.gtin, article_gtin(1));
	assert_int_equal(first.total_minor, 2 * PRICE_MINOR);
	assert_int_equal(first.visit_total_minor, 2 * PRICE_MINOR);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(phone_puts(&annas, "k1", 1, 2000, &again), ANSWER_REPEATED);
		first.head = again.head;
		first.answer = again.answer;
		assert_memory_equal(&first, &again, sizeof(again));
	}
	assert_int_equal(phone_puts(&annas, "k1", 1, 1000, &again), ANSWER_KEY_REUSED);
	assert_int_equal(again.total_minor, 0);
	assert_int_equal(phone_puts(&annas, "k2", 9, 1000, NULL), ANSWER_UNKNOWN_ARTICLE);
	assert_int_equal(phone_puts(&annas, "k2", 1, 0, NULL), ANSWER_MALFORMED);
	assert_int_equal(phone_puts(&annas, "k2", 1, INT64_MAX, NULL), ANSWER_MALFORMED);
	assert_int_equal(phone_puts(&annas, "k2", 1, (1LL << 32) + 1000, NULL), ANSWER_MALFORMED);
	assert_int_equal(shell.counts.lines, 1);
}

static void voids(void **state)
{
	struct message_line_is line;

	(void)state;
	assert_int_equal(phone_voids(&annas, "k1", NULL), ANSWER_UNKNOWN_LINE);
	assert_int_equal(phone_puts(&annas, "k1", 1, 1000, NULL), ANSWER_OK);
	assert_int_equal(phone_puts(&annas, "k2", 1, 3000, NULL), ANSWER_OK);
	assert_int_equal(phone_voids(&annas, "k1", &line), ANSWER_OK);
	assert_int_equal(line.voided, 1);
	assert_int_equal(line.visit_total_minor, 3 * PRICE_MINOR);
	assert_int_equal(phone_voids(&annas, "k1", &line), ANSWER_REPEATED);
	assert_int_equal(line.visit_total_minor, 3 * PRICE_MINOR);
	assert_int_equal(phone_puts(&annas, "k1", 1, 1000, NULL), ANSWER_VOIDED);
	restart();
	assert_int_equal(phone_puts(&annas, "k1", 1, 1000, NULL), ANSWER_VOIDED);
	assert_int_equal(phone_voids(&annas, "k1", NULL), ANSWER_REPEATED);
	assert_int_equal(phone_voids(&annas, "k2", &line), ANSWER_OK);
	assert_int_equal(line.visit_total_minor, 0);
}

static void only_its_bearer(void **state)
{
	struct phone thief = annas;

	(void)state;
	assert_int_equal(phone_puts(&annas, "k1", 1, 1000, NULL), ANSWER_OK);
	thief.bearer[31] ^= 1;
	assert_int_equal(phone_puts(&thief, "k2", 1, 1000, NULL), ANSWER_UNAUTHORIZED);
	assert_int_equal(phone_puts(&thief, "k1", 1, 1000, NULL), ANSWER_UNAUTHORIZED);
	assert_int_equal(phone_voids(&thief, "k1", NULL), ANSWER_UNAUTHORIZED);
	assert_int_equal(phone_closes(&thief), ANSWER_UNAUTHORIZED);
}

/* --- pushed out of memory */

static void by_other_visits(void **state)
{
	struct phone first = {0}, bos;
	struct message_line_is line;

	(void)state;
	assert_int_equal(phone_puts(&annas, "k1", 1, 1000, NULL), ANSWER_OK);
	for (int i = 0; i < BOOKS_MAX + 1; i++) {
		phone_enters(&bos, &counter, &bo);
		assert_int_equal(phone_puts(&bos, "b1", 1, 1000, NULL), ANSWER_OK);
		assert_int_equal(phone_closes(&bos), ANSWER_OK);
		if (i == 0)
			first = bos;
	}
	assert_int_equal(books_kept(), BOOKS_MAX);
	assert_false(in_memory(&annas));
	assert_int_equal(phone_puts(&annas, "k1", 1, 1000, &line), ANSWER_REPEATED);
	assert_int_equal(line.visit_total_minor, PRICE_MINOR);
	assert_string_equal(line.name, "article 1");
	assert_true(in_memory(&annas));
	assert_int_equal(phone_puts(&annas, "k2", 1, 1000, &line), ANSWER_OK);
	assert_int_equal(line.visit_total_minor, 2 * PRICE_MINOR);
	assert_false(in_memory(&first));
	assert_int_equal(phone_puts(&first, "b1", 1, 1000, NULL), ANSWER_REPEATED);
	assert_int_equal(phone_puts(&first, "b2", 1, 1000, NULL), ANSWER_OK);
	assert_int_equal(phone_puts(&first, "b2", 1, 1000, NULL), ANSWER_REPEATED);
}

/* A whole visit of `lines` lines, said in bursts that find room among the rows that wait. */
static void fill(struct phone *p, uint32_t lines)
{
	char key[16];

	for (uint32_t i = 0, answered = 0; i < lines || answered < i; answered++) {
		for (; i < lines && i - answered < 500; i++) {
			snprintf(key, sizeof(key), "f%u", i);
			say_put(p, key);
		}
		assert_int_equal(heard(), ANSWER_OK);
	}
}

static void by_other_rows(void **state)
{
	struct phone bos;
	char key[16];

	(void)state;
	assert_int_equal(phone_puts(&annas, "k1", 1, 1000, NULL), ANSWER_OK);
	for (uint32_t rows = 0; rows <= BOOK_ROWS_MAX; rows += VISIT_LINES_MAX) {
		phone_enters(&bos, &counter, &bo);
		fill(&bos, VISIT_LINES_MAX);
		assert_int_equal(phone_puts(&bos, "more", 1, 1000, NULL), ANSWER_VISIT_FULL);
		assert_int_equal(phone_closes(&bos), ANSWER_OK);
	}
	assert_false(in_memory(&annas));
	assert_int_equal(phone_puts(&annas, "k1", 1, 1000, NULL), ANSWER_REPEATED);
	snprintf(key, sizeof(key), "f%u", VISIT_LINES_MAX - 1);
	assert_int_equal(phone_puts(&bos, key, 1, 1000, NULL), ANSWER_REPEATED);
	assert_int_equal(phone_puts(&bos, "f0", 1, 1000, NULL), ANSWER_REPEATED);
}

/* --- over */

static void late(void **state)
{
	struct message_line_is line;

	(void)state;
	assert_int_equal(phone_puts(&annas, "k1", 1, 1000, NULL), ANSWER_OK);
	assert_int_equal(phone_closes(&annas), ANSWER_OK);
	assert_int_equal(phone_closes(&annas), ANSWER_REPEATED);
	assert_int_equal(phone_puts(&annas, "k1", 1, 1000, NULL), ANSWER_REPEATED);
	assert_int_equal(phone_puts(&annas, "k2", 1, 1000, &line), ANSWER_OK);
	assert_int_equal(line.visit_total_minor, 2 * PRICE_MINOR);
	assert_int_equal(phone_voids(&annas, "k2", NULL), ANSWER_VISIT_OVER);
	restart();
	assert_int_equal(phone_puts(&annas, "k2", 1, 1000, &line), ANSWER_REPEATED);
	assert_int_equal(line.visit_total_minor, 2 * PRICE_MINOR);
	assert_int_equal(phone_puts(&annas, "k3", 1, 1000, NULL), ANSWER_OK);
	assert_int_equal(phone_closes(&annas), ANSWER_REPEATED);
}

/* The book was read after the restart, while the visit was still open. */
static void over_after_it_was_read(void **state)
{
	(void)state;
	assert_int_equal(phone_puts(&annas, "k1", 1, 1000, NULL), ANSWER_OK);
	restart();
	assert_int_equal(phone_puts(&annas, "k2", 1, 1000, NULL), ANSWER_OK);
	assert_int_equal(phone_closes(&annas), ANSWER_OK);
	assert_int_equal(phone_puts(&annas, "k2", 1, 1000, NULL), ANSWER_REPEATED);
	assert_int_equal(phone_puts(&annas, "k3", 1, 1000, NULL), ANSWER_OK);
	assert_int_equal(phone_closes(&annas), ANSWER_REPEATED);
}

/* The book was asked for while the visit was open, and arrives when it is not. */
static void over_while_it_is_read(void **state)
{
	union message m;
	struct event e;

	(void)state;
	assert_int_equal(phone_puts(&annas, "k1", 1, 1000, NULL), ANSWER_OK);
	restart();
	line_message(&annas, MESSAGE_LINE_PUT, "k2", 1, 1000, &m);
	until(shell.ticket == shell.committed);
	counter_message(&shell, counter.number, &m, -1);
	wait_read();
	e = shopd_event(&shell, EVENT_TIME);
	e.now.mono.ms += VISIT_SILENCE_MS;
	shopd_step(&shell, &e);
	assert_null(shop_visit(&shell.shop, (struct visit_id){annas.visit}));
	assert_int_equal(heard(), ANSWER_OK);
	assert_int_equal(phone_puts(&annas, "k2", 1, 1000, NULL), ANSWER_REPEATED);
}

/* The second answer to a book that was asked for twice was read before what the first one led to
 * was on disk: the line is not forgotten, and not bought again. */
static void second_answer_is_older(void **state)
{
	struct visit_book *late = calloc(1, sizeof(*late));
	struct report report = {.kind = REPORT_VISIT, .visit = {annas.visit}, .book = late};
	struct event e;

	(void)state;
	assert_non_null(late);
	assert_int_equal(phone_puts(&annas, "k1", 1, 1000, NULL), ANSWER_OK);
	restart();
	e = shopd_event(&shell, EVENT_TIME);
	e.now.mono.ms += VISIT_SILENCE_MS;
	shopd_step(&shell, &e);
	assert_int_equal(phone_puts(&annas, "k2", 1, 1000, NULL), ANSWER_OK);
	late->known = true;
	late->visit.id.n = annas.visit;
	late->visit.over = true;
	books_loaded(&shell, &report);
	free(late);
	assert_int_equal(phone_puts(&annas, "k2", 1, 1000, NULL), ANSWER_REPEATED);
}

/* Over, and asked for before how it ended is on disk. */
static void over_before_its_rows(void **state)
{
	union message m;

	(void)state;
	assert_int_equal(phone_puts(&annas, "k1", 1, 1000, NULL), ANSWER_OK);
	disk_stalls();
	say_put(&annas, "k2");
	bearer_message(&annas, MESSAGE_CLOSE, &m);
	caller_say(&counter, &m);
	say_put(&annas, "k1");
	say_put(&annas, "k3");
	say_put(&annas, "k2");
	caller_heard_nothing(&counter);
	disk_goes_on();
	assert_int_equal(heard(), ANSWER_OK);
	assert_int_equal(heard(), ANSWER_OK);
	assert_int_equal(heard(), ANSWER_REPEATED);
	assert_int_equal(heard(), ANSWER_OK);
	assert_int_equal(heard(), ANSWER_REPEATED);
}

static void never_was(void **state)
{
	struct phone ghost = annas;
	uint32_t kept = books_kept();

	(void)state;
	for (uint64_t i = 1; i < 50; i++) {
		ghost.visit = annas.visit + i * 1000003;
		assert_int_equal(phone_puts(&ghost, "k1", 1, 1000, NULL), ANSWER_UNAUTHORIZED);
	}
	ghost.visit = INT64_MAX;
	assert_int_equal(phone_puts(&ghost, "k1", 1, 1000, NULL), ANSWER_UNAUTHORIZED);
	assert_int_equal(phone_closes(&ghost), ANSWER_UNAUTHORIZED);
	assert_int_equal(books_kept(), kept);
}

/* --- parked */

static void too_many_parked(void **state)
{
	struct phone ghost = annas;
	uint32_t busy = 0, answered = 0, kept;

	(void)state;
	kept = books_kept();
	disk_stalls();
	say_put(&annas, "k1");
	for (uint32_t i = 0; i < PARKED_MAX + 10; i++) {
		ghost.visit = annas.visit + 1 + i;
		say_put(&ghost, "k1");
	}
	for (; busy < 10; busy++)
		assert_int_equal(heard(), ANSWER_LEDGER_UNAVAILABLE);
	caller_heard_nothing(&counter);
	disk_goes_on();
	assert_int_equal(heard(), ANSWER_OK);
	for (; answered < PARKED_MAX; answered++)
		assert_int_equal(heard(), ANSWER_UNAUTHORIZED);
	assert_int_equal(books_kept(), kept);
	assert_int_equal(phone_puts(&ghost, "k1", 1, 1000, NULL), ANSWER_UNAUTHORIZED);
}

/* What a phone says is done in the order in which it was said, wherever it was parked. */
static void parked_in_order(void **state)
{
	struct phone bos;
	struct event e;
	union message m;

	(void)state;
	phone_enters(&bos, &counter, &bo);
	restart();
	until(shell.ticket == shell.committed);
	/* bo's is asked for at once, and read; anna's two wait for a row in between */
	line_message(&bos, MESSAGE_LINE_PUT, "b1", 1, 1000, &m);
	counter_message(&shell, counter.number, &m, -1);
	wait_read();
	disk_stalls();
	e = shopd_event(&shell, EVENT_FRAME_REFUSED);
	e.frame_refused.reader = TILL;
	shopd_step(&shell, &e);
	assert_true(shell.ticket > shell.committed);
	line_message(&annas, MESSAGE_LINE_PUT, "k1", 1, 1000, &m);
	counter_message(&shell, counter.number, &m, -1);
	until(in_memory(&bos));
	line_message(&annas, MESSAGE_LINE_VOID, "k1", 1, 1000, &m);
	counter_message(&shell, counter.number, &m, -1);
	disk_goes_on();
	assert_int_equal(heard(), ANSWER_OK); /* bo's */
	assert_int_equal(heard(), ANSWER_OK); /* bought */
	assert_int_equal(heard(), ANSWER_OK); /* and taken back */
	assert_int_equal(phone_voids(&annas, "k1", NULL), ANSWER_REPEATED);
}

/* Goods at the till would be missing in a book that is being read: no, and a moment later yes. */
static void till_waits_for_a_book(void **state)
{
	struct shoptoken_token token;
	struct phone bos;
	char code[33];

	(void)state;
	article_code(1, code);
	assert_int_equal(phone_puts(&annas, "k1", 1, 1000, NULL), ANSWER_OK);
	phone_enters(&bos, &counter, &bo);
	restart();
	token_of(&anna, "viken/till", &token);
	scan_token(till, &token);
	assert_int_equal(scanner_heard(till), 1);
	assert_int_equal(phone_puts(&bos, "b1", 1, 1000, NULL), ANSWER_OK);
	disk_stalls();
	say_put(&bos, "b2");
	say_put(&annas, "k2");
	caller_heard_nothing(&counter);
	assert_false(in_memory(&annas));
	scan(till, code);
	assert_int_equal(scanner_heard(till), 2);
	disk_goes_on();
	assert_int_equal(heard(), ANSWER_OK);
	assert_int_equal(heard(), ANSWER_OK);
	scan(till, code);
	assert_int_equal(scanner_heard(till), 1);
	assert_int_equal(shop_till_visit(&shell.shop, TILL)->lines, 3);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(put_and_repeat),
		T(voids),
		T(only_its_bearer),
		T(by_other_visits),
		T(by_other_rows),
		T(late),
		T(over_after_it_was_read),
		T(over_while_it_is_read),
		T(second_answer_is_older),
		T(over_before_its_rows),
		T(never_was),
		T(too_many_parked),
		T(parked_in_order),
		T(till_waits_for_a_book),
	};

	return cmocka_run_group_tests_name("shopd_books", tests, NULL, NULL);
}
