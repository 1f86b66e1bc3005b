/* Articles and prices: which price holds where and when, what of it shops are told, and whole lists
 * with each bad row named. Each test on SQLite, and on the PostgreSQL that SHOP_TEST_POSTGRES
 * names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "office_desk.h"
#include "officed/goods_csv.h"
#include "officed/goods_price.h"

#define MILK  "/v1/products/7310865004703"
#define BREAD "/v1/products/7300156480903"

/* --- which price holds */

static void the_narrowest_price_that_has_begun_holds(void **state)
{
	const struct price_row row[] = {
		{SCOPE_ALL, 100, 10},  {SCOPE_ALL, 400, 11},  {SCOPE_GROUP, 300, 20},
		{SCOPE_SHOP, 500, 30}, {SCOPE_SHOP, 600, 31},
	};
	struct price_step step[PRICE_STEPS_MAX];

	(void)state;
	assert_int_equal(price_steps(row, ARRAY_LEN(row), 50, 0, step), 5);
	assert_int_equal(step[0].begins, 100); /* nothing holds yet */
	assert_int_equal(price_steps(row, ARRAY_LEN(row), 200, 0, step), 5);
	assert_int_equal(step[0].begins, 0);
	assert_int_equal(step[0].price, 10);
	assert_int_equal(step[1].begins, 300);
	assert_int_equal(step[1].price, 20);
	/* a wider one that begins later makes no difference */
	assert_int_equal(step[2].begins, 400);
	assert_int_equal(step[2].price, 20);
	assert_int_equal(step[3].price, 30);
	assert_int_equal(step[4].price, 31);
	assert_int_equal(price_steps(row, ARRAY_LEN(row), 700, 0, step), 1);
	assert_int_equal(step[0].price, 31);
	/* a moment whose price was taken away says what holds instead */
	assert_int_equal(price_steps(row, 1, 200, 900, step), 2);
	assert_int_equal(step[1].begins, 900);
	assert_int_equal(step[1].price, 10);
	assert_int_equal(price_steps(row, 0, 200, 900, step), 0);
}

static const char milk[] =
	"{\"name\": \"Mjölk 1 l\", \"class\": \"grocery\", \"vat\": \"food\", \"deposit_minor\": 0,"
	" \"price_minor\": 1490, \"nutrition\": {\"fat_g\": 3, \"salt_g\": 0.1}}";

static void a_price_reaches_the_shops_it_concerns(void **state)
{
	struct desk *d = desk_of(state);
	const struct sync_change *c = NULL;

	desk_must(d, 200, "PUT", "/v1/groups/north", NULL);
	desk_shop(d, "torp", "north");
	desk_shop(d, "holm", "north");
	desk_must(d, 200, "PUT", MILK, milk);
	assert_int_equal(feed_to(d, "viken"), 1);
	/* the same again tells nobody anything */
	desk_must(d, 200, "PUT", MILK, milk);
	assert_int_equal(feed_to(d, "viken"), 1);
	desk_must(d, 200, "PUT", MILK "/prices",
		  "{\"scope\": \"shop:torp\", \"price_minor\": 990}");
	assert_int_equal(feed_to(d, "viken"), 1);
	assert_int_equal(feed_to(d, "holm"), 1);
	assert_int_equal(feed_after(d, "torp", 1), 200);
	assert_int_equal(changes_of(d, SYNC_ARTICLE, &c), 1);
	assert_int_equal(money_minor(c->article.price), 990);
	assert_int_equal(c->article.valid_from.ms, 0);
	assert_string_equal(c->article.name, "Mjölk 1 l");
	assert_int_equal(c->article.vat_class, VAT_FOOD);
	/* to come, in the group: torp goes on by its own */
	desk_must(d, 200, "PUT", MILK "/prices",
		  "{\"scope\": \"group:north\", \"price_minor\": 1290,"
		  " \"valid_from\": \"2026-12-01T00:00:00+01:00\"}");
	assert_int_equal(feed_after(d, "holm", 1), 200);
	assert_int_equal(changes_of(d, SYNC_ARTICLE, &c), 2);
	assert_int_equal(money_minor(c->article.price), 1290);
	assert_int_equal(c->article.valid_from.ms, 1796079600000);
	assert_int_equal(feed_after(d, "torp", 2), 200);
	for (uint32_t i = 0; i < d->changes; i++)
		assert_int_equal(money_minor(d->change[i].article.price), 990);
	assert_int_equal(feed_to(d, "viken"), 1);
	/* a recall reaches all, each with its own price */
	desk_must(d, 200, "PUT", MILK, "{\"state\": \"recalled\"}");
	assert_int_equal(feed_after(d, "torp", 4), 200);
	assert_int_equal(d->change[0].article.state, ARTICLE_RECALLED);
	assert_int_equal(money_minor(d->change[0].article.price), 990);
	assert_int_equal(feed_after(d, "viken", 1), 200);
	assert_int_equal(money_minor(d->change[0].article.price), 1490);
	feed_snapshot_all(d, "holm");
	assert_int_equal(changes_of(d, SYNC_ARTICLE, &c), 2);
	assert_int_equal(money_minor(c->article.price), 1290);
}

static void a_price_taken_back_is_told_as_what_holds(void **state)
{
	struct desk *d = desk_of(state);

	desk_must(d, 200, "PUT", MILK, milk);
	desk_must(d, 200, "PUT", MILK "/prices",
		  "{\"price_minor\": 1690, \"valid_from\": \"2026-12-01T00:00:00Z\"}");
	desk_must(d, 204, "DELETE", MILK "/prices?scope=&valid_from=2026-12-01T00:00:00Z", NULL);
	assert_int_equal(feed_after(d, "viken", 3), 200);
	assert_int_equal(d->changes, 2);
	assert_int_equal(d->change[1].article.valid_from.ms, 1796083200000);
	assert_int_equal(money_minor(d->change[1].article.price), 1490);
	desk_must(d, 200, "GET", MILK, NULL);
	assert_int_equal(json_array_size(json_object_get(d->json, "prices")), 1);
	/* the last price: the article is sold nowhere */
	desk_must(d, 204, "DELETE", MILK, NULL);
	assert_int_equal(feed_after(d, "viken", 5), 200);
	assert_int_equal(d->change[0].kind, SYNC_ARTICLE_GONE);
	desk_must(d, 404, "GET", MILK, NULL);
	desk_must(d, 404, "PUT", MILK "/prices", "{\"price_minor\": 1690}");
}

static void bounds_the_prices_to_come(void **state)
{
	struct desk *d = desk_of(state);
	char body[120];

	desk_must(d, 200, "PUT", MILK, milk);
	for (int i = 0; i < PRICES_AHEAD_MAX; i++) {
		snprintf(body, sizeof(body),
			 "{\"price_minor\": %d, \"valid_from\": \"2026-12-%02dT00:00:00Z\"}",
			 1000 + i, i + 1);
		desk_must(d, 200, "PUT", MILK "/prices", body);
	}
	desk_must(d, 409, "PUT", MILK "/prices",
		  "{\"price_minor\": 1, \"valid_from\": \"2026-12-31T00:00:00Z\"}");
	assert_string_equal(d->code, "too_many_prices");
	feed_snapshot_all(d, "viken");
	assert_int_equal(changes_of(d, SYNC_ARTICLE, NULL), PRICES_AHEAD_MAX + 1);
}

static void refuses_what_is_no_article(void **state)
{
	static const char *const bad[] = {
		"{\"name\": \"A\", \"vat\": \"food\", \"price\": 3}",
		"{\"name\": \"A\"}",
		"{\"vat\": \"food\"}",
		"{\"name\": \"A\", \"vat\": \"fixed\"}",
		"{\"name\": \"A\", \"vat\": \"food\", \"vat_bp\": 1200}",
		"{\"name\": \"A\", \"vat_bp\": 10001}",
		"{\"name\": \"A\", \"vat\": \"food\", \"class\": \"drink\"}",
		"{\"name\": \"A\", \"vat\": \"food\", \"state\": \"gone\"}",
		"{\"name\": \"A\", \"vat\": \"food\", \"nutrition\": {\"fat_g\": 101}}",
		"{\"name\": \"A\", \"vat\": \"food\", \"nutrition\": {\"fats\": 1}}",
		"{\"name\": \"A\", \"vat\": \"food\", \"nutrition\": {\"fat_g\": \"1\"}}",
		"{\"name\": \"A\\u202e\", \"vat\": \"food\"}",
		"{\"name\": \"A\", \"vat\": \"food\", \"price_minor\": -1}",
		"{\"name\": \"A\", \"vat\": \"food\", \"price_minor\": 1.5}",
	};
	struct desk *d = desk_of(state);

	for (uint32_t i = 0; i < ARRAY_LEN(bad); i++) {
		desk_ask(d, "PUT", MILK, bad[i]);
		assert_in_range(d->status, 400, 422);
	}
	desk_must(d, 400, "PUT", "/v1/products/7310865004704", milk);
	assert_int_equal(feed_to(d, "viken"), 0);
	desk_as(d, "olle", "viken", RIGHTS_ALL);
	desk_must(d, 403, "PUT", MILK, milk);
	desk_must(d, 403, "PUT", MILK "/prices", "{\"price_minor\": 3}");
	desk_must(d, 403, "DELETE", MILK, NULL);
}

static void lists_articles_page_by_page(void **state)
{
	struct desk *d = desk_of(state);

	desk_must(d, 200, "PUT", MILK, milk);
	desk_must(d, 200, "PUT", BREAD,
		  "{\"name\": \"Bröd 100%\", \"vat_bp\": 600, \"price_minor\": 2500}");
	desk_must(d, 200, "GET", "/v1/products?limit=1", NULL);
	assert_int_equal(json_array_size(json_object_get(d->json, "products")), 1);
	assert_string_equal(text_of(d->json, "next"), "7300156480903");
	desk_must(d, 200, "GET", "/v1/products?limit=1&after=7300156480903", NULL);
	assert_true(json_is_null(json_object_get(d->json, "next")));
	desk_must(d, 200, "GET", "/v1/products?q=MJÖLK", NULL);
	assert_int_equal(json_array_size(json_object_get(d->json, "products")), 1);
	desk_must(d, 200, "GET", "/v1/products?q=0%", NULL);
	assert_int_equal(json_array_size(json_object_get(d->json, "products")), 1);
	desk_must(d, 200, "GET", "/v1/products?q=%", NULL);
	assert_int_equal(json_array_size(json_object_get(d->json, "products")), 1);
	desk_must(d, 200, "GET", "/v1/products?shop=viken&state=sold", NULL);
	assert_int_equal(
		number_of_json(
			json_array_get(
				json_object_get(
					json_array_get(json_object_get(d->json, "products"), 0),
					"prices"),
				0),
			"price_minor"),
		2500);
	desk_must(d, 404, "GET", "/v1/products?shop=nowhere", NULL);
}

/* --- whole lists */

static json_t *import(struct desk *d, uint32_t status, const char *query, const char *csv)
{
	char path[100];

	snprintf(path, sizeof(path), "/v1/products/import%s", query);
	return desk_must(d, status, "POST", path, csv);
}

static const char *problem(const struct desk *d, size_t i, const char *name)
{
	return text_of(json_array_get(json_object_get(d->json, "problems"), i), name);
}

static int64_t problem_line(const struct desk *d, size_t i)
{
	return number_of_json(json_array_get(json_object_get(d->json, "problems"), i), "line");
}

static const char list[] =
	"gtin,name,price,vat,class,deposit,state,scope,valid_from,salt_g_100g,brand\n"
	"7310865004703,Mjölk,\"14,90\",food,grocery,,,,,0.1,Arla\n"
	"7310865004703,,9.90,,,,,shop:torp,,,\n"
	"7310865004703,,16.90,,,,,,2026-12-01T00:00:00+01:00,,\n"
	"7310865004704,Fel,1,food,,,,,,,\n"
	"7300156480903,Ägg,abc,food,,,,,,,\n"
	"7300156480903,Ägg,30,food,spirits,,,,,,\n"
	"7300156480903,Ägg,30,food,,,,shop:nowhere,,,\n"
	"7300156480903,Ägg,30,food,,,,,soon,,\n"
	"7300156480903,Ägg,30,food,,,,,,101,\n"
	"7300156480903,Ägg\n"
	"7300156480903,\"Ägg,30\n"
	"7300156480903,Ägg,30,food,,,,,,,\n"
	"7300156480903,Ägg,31,food,,,,,,,\n"
	"8076800195057,,3,food,,,,,,,\n";

static void takes_a_list_and_names_each_bad_row(void **state)
{
	static const struct {
		int64_t line;
		const char *column;
	} bad[] = {
		{5, "gtin"},	     {6, "price"}, {7, "class"}, {8, "scope"}, {9, "valid_from"},
		{10, "salt_g_100g"}, {11, ""},	   {12, ""},	 {14, "gtin"}, {15, "name"},
	};
	struct desk *d = desk_of(state);
	int64_t torp, viken;

	desk_shop(d, "torp", "");
	import(d, 200, "?dry_run=1", list);
	assert_int_equal(number_of_json(d->json, "bad"), 10);
	assert_int_equal(feed_to(d, "viken"), 0);
	desk_must(d, 404, "GET", MILK, NULL);
	db_trouble_inject(d->h.o.db, 2); /* others are in the way: nothing is told or taken twice */
	import(d, 200, "", list);
	assert_int_equal(number_of_json(d->json, "rows"), 14);
	assert_int_equal(number_of_json(d->json, "taken"), 4);
	assert_int_equal(number_of_json(d->json, "bad"), ARRAY_LEN(bad));
	assert_int_equal(json_array_size(json_object_get(d->json, "problems")), ARRAY_LEN(bad));
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_int_equal(problem_line(d, i), bad[i].line);
		assert_string_equal(problem(d, i, "column"), bad[i].column);
		assert_true(strlen(problem(d, i, "problem")) > 10);
	}
	feed_snapshot_all(d, "torp");
	assert_int_equal(changes_of(d, SYNC_ARTICLE, NULL), 3);
	desk_must(d, 200, "GET", MILK, NULL);
	assert_int_equal(json_array_size(json_object_get(d->json, "prices")), 3);
	torp = feed_to(d, "torp");
	viken = feed_to(d, "viken");
	/* again: nothing changes, nobody is told */
	import(d, 200, "", list);
	assert_int_equal(number_of_json(d->json, "changed"), 0);
	assert_int_equal(feed_to(d, "torp"), torp);
	assert_int_equal(feed_to(d, "viken"), viken);
}

static void takes_a_list_without_prices_by_the_rule(void **state)
{
	struct desk *d = desk_of(state);
	static const char csv[] = "gtin,name\n7300156480903,Ägg\n";

	import(d, 200, "", csv);
	assert_int_equal(number_of_json(d->json, "bad"), 1);
	assert_string_equal(problem(d, 0, "column"), "price");
	import(d, 200, "?rule=1", csv);
	assert_int_equal(number_of_json(d->json, "priced_by_rule"), 1);
	desk_must(d, 200, "GET", BREAD, NULL);
	assert_string_equal(text_of(d->json, "vat"), "food");
	import(d, 422, "", "name,price\nx,1\n");
	import(d, 422, "", "gtin;name;price\n");
	import(d, 422, "", "gtin,name,name\n");
	import(d, 422, "", "");
}

static void tells_shops_to_fetch_what_is_too_much(void **state)
{
	struct desk *d = desk_of(state);
	char why[DB_WHY_MAX], shop[8];
	static char csv[600 * 40], sql[500];
	size_t len = (size_t)snprintf(csv, sizeof(csv), "gtin,name,price,vat\n");

	for (int i = 0; i < 250; i++) {
		snprintf(shop, sizeof(shop), "s-%d", i);
		snprintf(sql, sizeof(sql),
			 "INSERT INTO shop(shop, shop_group, title, language, currency, seller,"
			 " state, key, epoch, granted_at, head_seq, head_hash, head_at, took_at,"
			 " feed_to, feed_from, changed) VALUES('%s', '', '', 'sv', 'SEK', '{}', 1,"
			 " '', 1, 0, 0, '', 0, 0, 0, 0, 0)",
			 shop);
		assert_int_equal(db_script(d->h.o.db, sql, why), 0);
	}
	for (uint64_t i = 0; i < 500; i++) {
		uint64_t n = 731000000000 + i, sum = 0;

		for (uint64_t rest = n, w = 3; rest > 0; rest /= 10, w = 4 - w)
			sum += rest % 10 * w;
		len += (size_t)snprintf(csv + len, sizeof(csv) - len, "%llu%llu,Vara,10,food\n",
					(unsigned long long)n,
					(unsigned long long)((10 - sum % 10) % 10));
	}
	import(d, 200, "", csv);
	assert_int_equal(number_of_json(d->json, "taken"), 500);
	assert_int_equal(house_number(&d->h, "SELECT count(*) FROM feed LIMIT 1"), 0);
	assert_int_equal(feed_to(d, "viken"), 1);
	assert_int_equal(feed_snapshot_all(d, "viken"), 1);
	assert_int_equal(changes_of(d, SYNC_ARTICLE, NULL), 500);
}

static void a_shops_owner_sets_prices_of_his_shop_alone(void **state)
{
	struct desk *d = desk_of(state);

	desk_must(d, 200, "PUT", MILK, milk);
	desk_as(d, "olle", "viken", RIGHTS_ALL);
	import(d, 200, "", "gtin,price,scope\n7310865004703,12,shop:viken\n7310865004703,12,\n");
	assert_int_equal(number_of_json(d->json, "taken"), 1);
	assert_int_equal(problem_line(d, 0), 3);
	import(d, 200, "", "gtin,name,price,scope\n7310865004703,Annat,11,shop:viken\n");
	assert_int_equal(number_of_json(d->json, "bad"), 1);
}

/* Shops refuse an article without a name: the office says so first. */
static void an_article_has_a_name(void **state)
{
	struct desk *d = desk_of(state);

	desk_must(d, 422, "PUT", "/v1/products/7310865004703",
		  "{\"name\": \"\", \"vat\": \"food\", \"price_minor\": 1490}");
	assert_string_equal(d->code, "bad_name");
	desk_must(d, 200, "PUT", "/v1/products/7310865004703",
		  "{\"name\": \"Mjölk\", \"vat\": \"food\", \"price_minor\": 1490}");
	desk_must(d, 422, "PUT", "/v1/products/7310865004703", "{\"name\": \"\"}");
	assert_int_equal(feed_to(d, "viken"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_narrowest_price_that_has_begun_holds),
		ON_BOTH(an_article_has_a_name),
		ON_BOTH(a_price_reaches_the_shops_it_concerns),
		ON_BOTH(a_price_taken_back_is_told_as_what_holds),
		ON_BOTH(bounds_the_prices_to_come),
		ON_BOTH(refuses_what_is_no_article),
		ON_BOTH(lists_articles_page_by_page),
		ON_BOTH(takes_a_list_and_names_each_bad_row),
		ON_BOTH(takes_a_list_without_prices_by_the_rule),
		ON_BOTH(tells_shops_to_fetch_what_is_too_much),
		ON_BOTH(a_shops_owner_sets_prices_of_his_shop_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
