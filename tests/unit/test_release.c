/*
 * test_release.c: a manifest is read in one form and no other, versions are in Debian's order, a
 * file of keys is bounded; and the small files that tell of a backup.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/checkup.h"
#include "crypto/es256.h"
#include "ledger/backup.h"
#include "ledger/sql.h"
#include "ledger/stamp.h"
#include "ledger/store.h"
#include "wire/release.h"

static struct span span_of(const char *text, uint32_t len)
{
	return (struct span){(const uint8_t *)text, len};
}

static uint32_t made(char text[RELEASE_TEXT_MAX], struct release *r)
{
	struct builder b = builder_of(text, RELEASE_TEXT_MAX);

	memset(r, 0, sizeof(*r));
	*r = (struct release){
		.version = "1.2.0-1", .arch = "amd64", .ledger_form = 7, .catalogue_form = 3};
	r->files = 2;
	r->file[0] = (struct release_file){.name = "a_1.2.0_all.deb", .size = 1};
	r->file[1] = (struct release_file){.name = "b+c~1.deb", .size = RELEASE_FILE_MAX};
	memset(r->file[1].hash.byte, 0xab, sizeof(r->file[1].hash.byte));
	memset(r->signature, 0x5a, sizeof(r->signature));
	release_put(&b, r);
	r->signed_len = b.len;
	release_sign_put(&b, r->signature);
	assert_false(b.failed);
	return b.len;
}

static void a_manifest_there_and_back(void **state)
{
	char text[RELEASE_TEXT_MAX];
	struct release r, back;
	uint32_t len = made(text, &r);

	(void)state;
	assert_true(release_parse(span_of(text, len), &back));
	assert_memory_equal(&r, &back, sizeof(r));
}

/* With one piece of it changed. */
static bool parses_with(const char *was, const char *is)
{
	char text[RELEASE_TEXT_MAX], other[2 * RELEASE_TEXT_MAX];
	struct release r, back;
	uint32_t len = made(text, &r);
	char *at;
	int n;

	text[len] = '\0';
	at = strstr(text, was);
	assert_non_null(at);
	n = snprintf(other, sizeof(other), "%.*s%s%s", (int)(at - text), text, is,
		     at + strlen(was));
	return release_parse(span_of(other, (uint32_t)n), &back);
}

static void one_form_and_no_other(void **state)
{
	char text[RELEASE_TEXT_MAX + 1];
	struct release r, back;
	uint32_t len = made(text, &r);

	(void)state;
	assert_true(parses_with("amd64", "arm64"));
	assert_false(parses_with("release 1", "release 2"));
	assert_false(parses_with("version 1", "version v1"));
	assert_false(parses_with("1.2.0-1", "1.2.0 1"));
	assert_false(parses_with("1.2.0-1", "1.2.0:1"));
	assert_false(parses_with("1.2.0-1", "10000000000000000000000000000000000000000"));
	assert_false(parses_with("amd64", "amd/64"));
	assert_false(parses_with("form 7 3", "form 07 3"));
	assert_false(parses_with("form 7 3", "form 0 3"));
	assert_false(parses_with("form 7 3", "form 7 10000"));
	assert_false(parses_with("form 7 3", "form 7"));
	assert_false(parses_with("a_1.2.0_all.deb", "../x.deb"));
	assert_false(parses_with("a_1.2.0_all.deb", ".x.deb"));
	assert_false(parses_with("a_1.2.0_all.deb", "-x.deb"));
	assert_false(parses_with("a_1.2.0_all.deb", "a.tar"));
	assert_false(parses_with("a_1.2.0_all.deb", ".deb"));
	assert_false(parses_with("a_1.2.0_all.deb", "b+c~1.deb"));
	assert_false(parses_with("67108864", "67108865"));
	assert_false(parses_with("67108864", "67108864 "));
	assert_false(parses_with("abab", "abaB "));
	assert_false(parses_with("signature ", "signature  "));
	assert_false(parses_with("signature ", "file c.deb 1 00\nsignature "));
	for (uint32_t cut = 0; cut < len; cut++)
		assert_false(release_parse(span_of(text, cut), &back));
	text[len] = '\n';
	assert_false(release_parse(span_of(text, len + 1), &back));
	text[30] = '\0';
	assert_false(release_parse(span_of(text, len), &back));
}

static void versions_in_their_order(void **state)
{
	static const char *const order[] = {"0.4.0~rc1", "0.4.0",   "0.4.0-1", "0.4.0-1+b1",
					    "0.4.0-2",	 "0.4.0+x", "0.4.1",   "0.4.10",
					    "0.10.0",	 "1",	    "1.0a",    "10"};

	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(order); i++)
		for (uint32_t j = 0; j < ARRAY_LEN(order); j++)
			if (release_newer(order[i], order[j]) != (i > j))
				fail_msg("%s and %s", order[i], order[j]);
	assert_false(release_newer("1.01", "1.1"));
	assert_false(release_newer("1.1", "1.01"));
}

static void keys_are_bounded(void **state)
{
	char text[RELEASE_KEYS_TEXT_MAX + 2] = "# who\n", line[130];
	struct public_key key[RELEASE_KEYS_MAX];

	(void)state;
	memset(line, 'a', 128);
	line[128] = '\n';
	line[129] = '\0';
	assert_int_equal(release_keys(span_of(text, (uint32_t)strlen(text)), key), 0);
	for (uint32_t i = 1; i <= RELEASE_KEYS_MAX; i++) {
		strncat(text, line, sizeof(text) - strlen(text) - 1);
		assert_int_equal(release_keys(span_of(text, (uint32_t)strlen(text)), key), i);
	}
	assert_int_equal(release_keys(span_of(text, (uint32_t)strlen(text) - 1), key),
			 RELEASE_KEYS_MAX);
	strncat(text, line, sizeof(text) - strlen(text) - 1);
	assert_int_equal(release_keys(span_of(text, (uint32_t)strlen(text)), key), 0);
	assert_int_equal(release_keys(span_of("abc\n", 4), key), 0);
}

static void a_stamp_there_and_back(void **state)
{
	static const char *const none[] = {
		"", "shopkeeper backup 1 0 0\n", "shopkeeper backup 0 0 0 1\n",
		"shopkeeper backup 1 0 0 -1\n", "shopkeeper backup 1 0 0 1234567890123456789\n"};
	struct backup_stamp stamp = {{1795372587000}, true, {17}, 42}, back;
	char dir[] = P_tmpdir "/stamp-XXXXXX", path[64];

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/last", dir);
	assert_false(backup_stamp_read(path, &back));
	assert_int_equal(backup_stamp_write(path, &stamp), 0);
	assert_true(backup_stamp_read(path, &back));
	assert_int_equal(back.at.ms, stamp.at.ms);
	assert_int_equal(back.also_at.ms, 17);
	assert_true(back.also);
	assert_int_equal(back.entries, 42);
	for (uint32_t i = 0; i < ARRAY_LEN(none); i++) {
		FILE *f = fopen(path, "w");

		assert_non_null(f);
		fputs(none[i], f);
		fclose(f);
		assert_false(backup_stamp_read(path, &back));
	}
	unlink(path);
	rmdir(dir);
}

/* A file that a newer program has written is refused by name, and stays as it is. */
static void books_of_a_newer_program(void **state)
{
	char dir[] = P_tmpdir "/newer-XXXXXX", path[64], why[WHY_MAX] = "";
	struct sql_writer w;
	uint32_t ledger, catalogue;
	int64_t form = 0;

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_int_equal(sql_open_writer(dir, &ledger_file, &w, why), 0);
	books_forms(&ledger, &catalogue);
	assert_int_equal(sql_number(w.db, "PRAGMA user_version", &form), SQLITE_OK);
	assert_int_equal(form, ledger);
	assert_int_equal(sql_exec(w.db, "PRAGMA user_version = 9999"), SQLITE_OK);
	sql_close_writer(&w);
	assert_int_equal(sql_open_writer(dir, &ledger_file, &w, why), -EPROTO);
	assert_non_null(strstr(why, "newer program"));
	snprintf(path, sizeof(path), "%s/ledger.db", dir);
	why[0] = '\0';
	assert_int_equal(backup_sound(path, false, why), -EPROTO);
	assert_non_null(strstr(why, "newer program"));
	assert_int_equal(backup_sound(path, true, why), -EBADMSG);
	static const char *const left[] = {"ledger.db", "ledger.db-wal", "ledger.db-shm",
					   "ledger.db.lock"};

	for (uint32_t i = 0; i < ARRAY_LEN(left); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, left[i]);
		unlink(path);
	}
	rmdir(dir);
}

/* A copy on the box is what there is to rely on where there is no office. */
static void a_backups_age(void **state)
{
	struct checkup_result r[CHECKS_OF];
	struct checkup_copy copy = {0, 1000 * CHECKUP_COPY_MS};
	struct message_now_is now;
	char text[CHECKUP_TEXT_MAX];

	(void)state;
	memset(&now, 0, sizeof(now));
	checkup(&now, NULL, 0, &copy, r);
	assert_int_equal(r[CHECK_OF_BACKUP].finding, FINDING_BAD);
	copy.at_ms = copy.now_ms - CHECKUP_COPY_MS;
	checkup(&now, NULL, 0, &copy, r);
	assert_int_equal(r[CHECK_OF_BACKUP].finding, FINDING_OTHER);
	assert_false(r[CHECK_OF_BACKUP].well);
	copy.at_ms++;
	checkup(&now, NULL, 0, &copy, r);
	assert_true(r[CHECK_OF_BACKUP].well);
	checkup_text(CHECK_OF_BACKUP, &r[CHECK_OF_BACKUP], LANGUAGE_SV, text);
	assert_non_null(strstr(text, "UTC"));
	now.enrolled = 1;
	now.head_seq = 5;
	checkup(&now, NULL, 0, &copy, r);
	assert_int_equal(r[CHECK_OF_BACKUP].finding, FINDING_WELL);
	/* every sentence in both languages, and a word for each check that is read back */
	for (uint32_t c = 0; c < CHECKS_ALL; c++) {
		assert_int_equal(check_of_parse(check_of_word(c)), c);
		for (uint32_t f = 0; f < FINDINGS; f++)
			if (finding_known(c, (enum finding)f))
				for (uint32_t l = 0; l < LANGUAGES; l++)
					assert_non_null(
						finding_text(c, (enum finding)f, (enum language)l));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_manifest_there_and_back),
		cmocka_unit_test(one_form_and_no_other),
		cmocka_unit_test(versions_in_their_order),
		cmocka_unit_test(keys_are_bounded),
		cmocka_unit_test(a_stamp_there_and_back),
		cmocka_unit_test(books_of_a_newer_program),
		cmocka_unit_test(a_backups_age),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
