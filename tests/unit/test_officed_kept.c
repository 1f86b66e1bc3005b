/* What has done its work goes: what webhooks were told, and a name that was erased, to the last
 * byte of SQLite's files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "office_desk.h"
#include "officed/keep.h"

#define DAY_MS INT64_C(86400000)

static void tidy(struct desk *d)
{
	bool more = false;

	assert_int_equal(keep_tidy(&d->h.o, d->now, &more), 0);
}

/* --- webhooks */

static int tell_work(struct db *db, void *data)
{
	struct desk *d = data;

	hook_add(&d->h.o, "viken", "invoice.created", "{}", d->now);
	return db_failed(db);
}

static int64_t calls(struct desk *d)
{
	return house_number(&d->h, "SELECT count(*) FROM hook_out LIMIT 1");
}

static void what_a_webhook_was_told_is_not_kept_for_ever(void **state)
{
	struct desk *d = desk_of(state);

	desk_must(d, 201, "POST", "/v1/webhooks", "{\"url\": \"https://books.example/in\"}");
	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(db_transact(d->h.o.db, tell_work, d), 0);
	assert_int_equal(calls(d), 3);
	/* one was taken, one given up, one is to be told still */
	house_do(&d->h, "UPDATE hook_out SET due_at = 0, outcome = 'taken' WHERE id ="
			" (SELECT min(id) FROM hook_out)");
	house_do(&d->h, "UPDATE hook_out SET due_at = 0, outcome = 'answered 500' WHERE id ="
			" (SELECT max(id) FROM hook_out)");
	tidy(d);
	assert_int_equal(calls(d), 3);
	d->now.ms += 8 * DAY_MS;
	tidy(d);
	assert_int_equal(calls(d), 2);
	d->now.ms += 90 * DAY_MS;
	tidy(d);
	assert_int_equal(calls(d), 1);
}

/* --- a name */

static bool file_holds(const char *path, const char *text)
{
	FILE *f = fopen(path, "rb");
	char *bytes = NULL;
	size_t len = 0, room = 0;
	bool found;

	if (!f)
		return false;
	do {
		room = room ? 2 * room : 1 << 20;
		bytes = realloc(bytes, room);
		assert_non_null(bytes);
		len += fread(bytes + len, 1, room - len, f);
	} while (len == room);
	fclose(f);
	found = memmem(bytes, len, text, strlen(text)) != NULL;
	free(bytes);
	return found;
}

static bool files_hold(const struct desk *d, const char *text)
{
	char log[1100];

	snprintf(log, sizeof(log), "%s-wal", d->h.db.where);
	return file_holds(d->h.db.where, text) || file_holds(log, text);
}

static void a_name_that_was_erased_is_in_no_file(void **state)
{
	struct desk *d = desk_of(state);
	char path[80];

	desk_must(d, 201, "POST", "/v1/members",
		  "{\"shop\": \"viken\", \"party\": {\"name\": \"Gunborg Quist\", \"street\":"
		  " \"Gatan 1\", \"postcode\": \"263 61\", \"city\": \"Viken\", \"country\":"
		  " \"SE\", \"email\": \"gunborg@example.com\"}}");
	snprintf(path, sizeof(path), "/v1/members/%s", text_of(d->json, "member"));
	assert_true(files_hold(d, "Gunborg Quist"));
	desk_must(d, 200, "DELETE", path, NULL);
	tidy(d);
	assert_false(files_hold(d, "Gunborg"));
	assert_false(files_hold(d, "gunborg@"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(what_a_webhook_was_told_is_not_kept_for_ever),
		{"a_name_that_was_erased_is_in_no_file", a_name_that_was_erased_is_in_no_file,
		 desk_set_up, desk_tear_down, (void *)(uintptr_t)&house_sqlite},
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
