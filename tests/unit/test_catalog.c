/* test_catalog.c: look-ups in the flat arrays: first, last, none, runs, and prices of other days.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "core/catalog.h"

static struct kid kid_of(uint8_t n)
{
	return (struct kid){{n, n}};
}

static void keys(void **state)
{
	struct key_row rows[12];
	struct roster r = {.keys = 12, .key = rows};
	const struct key_row *found = NULL;

	(void)state;
	memset(rows, 0, sizeof(rows));
	/* 1, then 5 of 2 (one more than may share), then 3 to 8 */
	for (uint8_t i = 0; i < 12; i++)
		rows[i].kid = kid_of((uint8_t)(i == 0 ? 1 : i < 6 ? 2 : i - 3));
	assert_int_equal(roster_keys_of(&r, kid_of(1), &found), 1);
	assert_ptr_equal(found, &rows[0]);
	assert_int_equal(roster_keys_of(&r, kid_of(2), &found), KID_SHARED_MAX);
	assert_ptr_equal(found, &rows[1]);
	assert_int_equal(roster_keys_of(&r, kid_of(8), &found), 1);
	assert_ptr_equal(found, &rows[11]);
	found = NULL;
	assert_int_equal(roster_keys_of(&r, kid_of(0), &found), 0);
	assert_int_equal(roster_keys_of(&r, kid_of(9), &found), 0);
	assert_null(found);
	r.keys = 0;
	assert_int_equal(roster_keys_of(&r, kid_of(1), &found), 0);
}

static void members_and_passes(void **state)
{
	struct member_row members[3];
	struct pass_row passes[4];
	struct office_key_row office[1];
	struct roster r = {.members = 3,
			   .member = members,
			   .passes = 4,
			   .pass = passes,
			   .office_keys = 1,
			   .office_key = office};
	struct customer c = {{0}};
	uint8_t cti[CTI_SIZE_MAX + 1] = {7, 7, 7};

	(void)state;
	memset(members, 0, sizeof(members));
	memset(passes, 0, sizeof(passes));
	memset(office, 0, sizeof(office));
	for (uint8_t i = 0; i < 3; i++)
		members[i].customer.byte[15] = (uint8_t)(2 * i + 1);
	for (uint8_t i = 0; i < 7; i++) {
		const struct member_row *m;

		c.byte[15] = i;
		m = roster_member(&r, c);
		if (i % 2)
			assert_ptr_equal(m, &members[i / 2]);
		else
			assert_null(m);
	}
	/* shorter ids first; the same bytes of another length are another id */
	for (uint8_t i = 0; i < 4; i++) {
		passes[i].cti_len = (uint8_t)(i < 2 ? 8 : 16);
		passes[i].cti[0] = (uint8_t)(i % 2 ? 9 : 7);
		passes[i].cti[1] = passes[i].cti[2] = 7;
	}
	assert_ptr_equal(roster_pass(&r, cti, 8), &passes[0]);
	assert_ptr_equal(roster_pass(&r, cti, 16), &passes[2]);
	assert_null(roster_pass(&r, cti, 12));
	assert_null(roster_pass(&r, cti, CTI_SIZE_MAX + 1));
	cti[0] = 9;
	assert_ptr_equal(roster_pass(&r, cti, 8), &passes[1]);
	assert_ptr_equal(roster_pass(&r, cti, 16), &passes[3]);
	office[0].kid = kid_of(4);
	assert_ptr_equal(roster_office_key(&r, kid_of(4)), &office[0]);
	assert_null(roster_office_key(&r, kid_of(5)));
}

static void articles(void **state)
{
	static char names[] = "milk\0bread";
	struct article_row rows[2] = {{.gtin = {10}, .price = {0}, .name_at = 0},
				      {.gtin = {30}, .price = {0}, .name_at = 5}};
	struct article_past pasts[] = {
		/* 10: dearer in 2, as ever before; 20: gone since 6, absent until 3; 30: new in 4
		 */
		{.row = {.gtin = {10}, .vat_bp = 1}, .until = 2},
		{.row = {.gtin = {10}, .vat_bp = 2}, .until = 3},
		{.row = {.gtin = {20}}, .until = 3, .absent = true},
		{.row = {.gtin = {20}, .vat_bp = 3}, .until = 6},
		{.row = {.gtin = {30}}, .until = 4, .absent = true},
	};
	struct articles a = {.version = 6,
			     .rows = 2,
			     .pasts = 5,
			     .names_len = sizeof(names),
			     .row = rows,
			     .past = pasts,
			     .names = names};

	(void)state;
	assert_ptr_equal(articles_now(&a, (struct gtin){10}), &rows[0]);
	assert_ptr_equal(articles_now(&a, (struct gtin){30}), &rows[1]);
	assert_null(articles_now(&a, (struct gtin){20}));
	assert_null(articles_now(&a, (struct gtin){31}));
	assert_string_equal(articles_name(&a, &rows[1]), "bread");

	assert_int_equal(articles_then(&a, (struct gtin){10}, 0)->vat_bp, 1);
	assert_int_equal(articles_then(&a, (struct gtin){10}, 1)->vat_bp, 1);
	assert_int_equal(articles_then(&a, (struct gtin){10}, 2)->vat_bp, 2);
	assert_ptr_equal(articles_then(&a, (struct gtin){10}, 3), &rows[0]);
	assert_ptr_equal(articles_then(&a, (struct gtin){10}, 6), &rows[0]);
	assert_null(articles_then(&a, (struct gtin){20}, 2));
	assert_int_equal(articles_then(&a, (struct gtin){20}, 3)->vat_bp, 3);
	assert_int_equal(articles_then(&a, (struct gtin){20}, 5)->vat_bp, 3);
	assert_null(articles_then(&a, (struct gtin){20}, 6));
	assert_null(articles_then(&a, (struct gtin){30}, 3));
	assert_ptr_equal(articles_then(&a, (struct gtin){30}, 4), &rows[1]);
	assert_null(articles_then(&a, (struct gtin){99}, 4));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys),
		cmocka_unit_test(members_and_passes),
		cmocka_unit_test(articles),
	};

	return cmocka_run_group_tests_name("catalog", tests, NULL, NULL);
}
