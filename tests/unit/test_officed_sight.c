/* What an operator of one shop sees where there are others: his part, all of it, and his looks are
 * written down whatever else he did. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "office_desk.h"

#define INVOICE                                                                                    \
	"INSERT INTO invoice(shop, id, seq, first_seq, credit_note, customer, period, issued, "    \
	"due,"                                                                                     \
	" lines, gross, rounding, payable, original, paid, credited) "

static void a_bundle_shows_ones_own_invoices(void **state)
{
	struct desk *d = desk_of(state);

	desk_shop(d, "torp", "");
	house_do(&d->h, INVOICE "VALUES('viken', 2026000001, 2, 1, 0, '0123456789abcdef', 202610,"
				" 20700, 20730, 1, 100, 0, 100, 0, 0, 0), ('torp', 2026000001, 2,"
				" 1, 0, '0123456789abcdef', 202610, 20700, 20730, 1, 900, 0, 900,"
				" 0, 0, 0)");
	house_do(&d->h, "INSERT INTO bundle_invoice(shop, invoice, bundle, customer, period)"
			" VALUES('viken', 2026000001, 7, '0123456789abcdef', 202610),"
			" ('torp', 2026000001, 7, '0123456789abcdef', 202610)");
	house_do(&d->h, "INSERT INTO bundle(shop, id, kind, invoice, member, customer, period, "
			"payable, due,"
			" made_at, due_at, tries, mailed_at, outcome) VALUES('torp', 7, 0, 0,"
			" '0011223344556677', '0123456789abcdef', 202610, 1000, 20730, 0, 0, 0, 0,"
			" '')");
	desk_must(d, 200, "GET", "/v1/bundles/7", NULL);
	assert_int_equal(json_array_size(json_object_get(d->json, "invoices")), 2);
	desk_as(d, "olle", "torp", RIGHTS_ALL);
	desk_must(d, 200, "GET", "/v1/bundles/7", NULL);
	assert_int_equal(json_array_size(json_object_get(d->json, "invoices")), 1);
	desk_as(d, "vera", "viken", RIGHTS_ALL);
	desk_must(d, 404, "GET", "/v1/bundles/7", NULL);
}

/** A thousand older ones of another shop. */
static void others_come_first(struct desk *d)
{
	desk_shop(d, "torp", "");
	house_do(&d->h,
		 "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE"
		 " i < 1000) " INVOICE "SELECT 'aby', 2026000000 + i, i, i, 0,"
		 " '0123456789abcdef', 202609, 20600, 20630, 1, 100, 0, 100, 0, 0, 0 FROM n");
	house_do(&d->h, INVOICE "VALUES('torp', 2026000001, 2, 1, 0, '0123456789abcdef', 202610,"
				" 20650, 20680, 1, 900, 0, 900, 0, 0, 0)");
	house_do(&d->h, "INSERT INTO bundle_invoice(shop, invoice, bundle, customer, period)"
			" SELECT shop, id, -1, customer, period FROM invoice");
}

static void ones_own_are_found_behind_others(void **state)
{
	struct desk *d = desk_of(state);

	desk_shop(d, "aby", "");
	others_come_first(d);
	desk_must(d, 200, "GET", "/v1/reminders?date=2026-10-31", NULL);
	assert_int_equal(json_array_size(json_object_get(d->json, "reminders")), 1000);
	desk_as(d, "olle", "torp", RIGHTS_ALL);
	desk_must(d, 200, "GET", "/v1/reminders?date=2026-10-31", NULL);
	assert_int_equal(json_array_size(json_object_get(d->json, "reminders")), 1);
	desk_must(d, 200, "GET", "/v1/unbilled?limit=10", NULL);
	assert_int_equal(json_array_size(json_object_get(d->json, "invoices")), 1);
}

static void what_is_shown_in_passing_is_a_look(void **state)
{
	struct desk *d = desk_of(state);
	char path[100];

	desk_must(d, 201, "POST", "/v1/members", "{\"shop\": \"viken\"}");
	snprintf(path, sizeof(path), "/v1/members/%s/block", text_of(d->json, "member"));
	desk_as(d, "berit", "viken", RIGHTS_ALL);
	desk_must(d, 200, "POST", path, NULL);
	assert_non_null(json_object_get(d->json, "party"));
	assert_int_equal(
		house_number(&d->h, "SELECT count(*) FROM look WHERE who = 'berit' LIMIT 1"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(a_bundle_shows_ones_own_invoices),
		ON_BOTH(ones_own_are_found_behind_others),
		ON_BOTH(what_is_shown_in_passing_is_a_look),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
