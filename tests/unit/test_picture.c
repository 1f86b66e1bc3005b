/* test_picture.c: a picture's name says all there is to say of it, and nothing else is a picture:
 * what lies in the folder is shown to a browser and deleted by its age. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/check.h"
#include "wire/picture.h"

static struct picture picture_of(int64_t at_ms, enum picture_kind kind, uint64_t ref,
				 const char *camera)
{
	struct picture p = {.at = {at_ms}, .kind = kind, .ref = ref};

	snprintf(p.camera, sizeof(p.camera), "%s", camera);
	return p;
}

static void there_and_back(void **state)
{
	static const struct {
		int64_t at_ms;
		enum picture_kind kind;
		uint64_t ref;
		const char *camera, *name;
	} pictures[] = {
		{1795342530123, PICTURE_ALARM, 17, "front",
		 "20261122T101530123Z-alarm-17-front.jpg"},
		{0, PICTURE_REQUEST, 0, "a", "19700101T000000000Z-request-0-a.jpg"},
		{253402300799999, PICTURE_ENTRY, INT64_MAX, "abcdefgh-1234567",
		 "99991231T235959999Z-entry-9223372036854775807-abcdefgh-1234567.jpg"},
		{1795342530123, PICTURE_ENTRY, 5, "-", "20261122T101530123Z-entry-5--.jpg"},
	};
	char name[PICTURE_NAME_MAX];
	struct picture back;

	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(pictures); i++) {
		struct picture p = picture_of(pictures[i].at_ms, pictures[i].kind, pictures[i].ref,
					      pictures[i].camera);

		memset(name, 'x', sizeof(name));
		picture_name(&p, name);
		assert_string_equal(name, pictures[i].name);
		memset(&back, 0xee, sizeof(back));
		assert_true(picture_parse(name, &back));
		assert_int_equal(back.at.ms, p.at.ms);
		assert_int_equal(back.kind, p.kind);
		assert_int_equal(back.ref, p.ref);
		assert_string_equal(back.camera, p.camera);
	}
}

/* The oldest are the first of the folder's names, whatever they are of. */
static void names_sort_as_they_were_taken(void **state)
{
	char earlier[PICTURE_NAME_MAX], later[PICTURE_NAME_MAX];
	struct picture a = picture_of(1795342530123, PICTURE_REQUEST, 9, "z");
	struct picture b = picture_of(1795342530124, PICTURE_ALARM, 1, "a");

	(void)state;
	picture_name(&a, earlier);
	picture_name(&b, later);
	assert_true(strcmp(earlier, later) < 0);
}

static void nothing_else_is_a_picture(void **state)
{
	static const char *const names[] = {
		"",
		".",
		"..",
		"../../etc/passwd",
		"20261122T101530123Z",
		"20261122T101530123Z-",
		"20261122T101530123Z-alarm",
		"20261122T101530123Z-alarm-",
		"20261122T101530123Z-alarm-17",
		"20261122T101530123Z-alarm-17-",
		"20261122T101530123Z-alarm-17-.jpg",
		"20261122T101530123Z-alarm-17-front",
		"20261122T101530123Z-alarm-17-front.jpe",
		"20261122T101530123Z-alarm-17-front.jpg.part",
		"20261122T101530123Z-alarm-17-front.jpg ",
		"20261122T101530123Z-alarm-17-front.part",
		"20261122T101530123Z-alarm-17-Front.jpg",
		"20261122T101530123Z-alarm-17-fr/nt.jpg",
		"20261122T101530123Z-alarm-17-abcdefgh-12345678.jpg", /* a name too long */
		"20261122T101530123Z-alarm--17-front.jpg",
		"20261122T101530123Z-alarm-017-front.jpg",
		"20261122T101530123Z-alarm-+17-front.jpg",
		"20261122T101530123Z-alarm-18446744073709551616-front.jpg",
		"20261122T101530123Z-alarm-99999999999999999999999999-front.jpg",
		"20261122T101530123Z-Alarm-17-front.jpg",
		"20261122T101530123Z-visit-17-front.jpg",
		"20261122T101530123Z--17-front.jpg",
		"20261122T101530123z-alarm-17-front.jpg",
		"20261122 101530123Z-alarm-17-front.jpg",
		"20261122T101530Z-alarm-17-front.jpg",
		"20261322T101530123Z-alarm-17-front.jpg",
		"20260230T101530123Z-alarm-17-front.jpg",
		"20261122T241530123Z-alarm-17-front.jpg",
		"20261122T101560123Z-alarm-17-front.jpg",
		"20161231T235960123Z-alarm-17-front.jpg", /* a leap second: the next one's name */
		"19691231T235959999Z-alarm-17-front.jpg",
		"2026+122T101530123Z-alarm-17-front.jpg",
		"20261122T101530123Z-alarm-17-\xe2\x80\xae.jpg",
		"20261122T101530123Z-alarm-17-front\n.jpg",
	};
	char longest[4096];
	struct picture p;

	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(names); i++)
		if (picture_parse(names[i], &p))
			fail_msg("a picture: %s", names[i]);
	memset(longest, '1', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_false(picture_parse(longest, &p));
	memcpy(longest, "20261122T101530123Z-alarm-", 26);
	assert_false(picture_parse(longest, &p));
}

/* Of each name cut, and each with one byte changed: what parses is the name of what it says. */
static void cut_and_changed(void **state)
{
	static const char whole[] = "20261122T101530123Z-alarm-17-front.jpg";
	char name[PICTURE_NAME_MAX], again[PICTURE_NAME_MAX];
	struct picture p;

	(void)state;
	for (size_t len = 0; len < sizeof(whole) - 1; len++) {
		memset(name, 0, sizeof(name));
		memcpy(name, whole, len);
		assert_false(picture_parse(name, &p));
	}
	for (size_t i = 0; i < sizeof(whole) - 1; i++) {
		for (int c = 1; c < 256; c++) {
			memset(name, 0, sizeof(name));
			memcpy(name, whole, sizeof(whole));
			name[i] = (char)c;
			if (!picture_parse(name, &p))
				continue;
			picture_name(&p, again);
			assert_string_equal(again, name);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(names_sort_as_they_were_taken),
		cmocka_unit_test(nothing_else_is_a_picture),
		cmocka_unit_test(cut_and_changed),
	};

	return cmocka_run_group_tests_name("picture", tests, NULL, NULL);
}
