/* test_counterd_parts.c: sessions, base64url and the configuration, without a house around them. */
#include "counterd_house.h"

/* --- parts on their own --- */

static void sessions_end(void **state)
{
	static struct sessions s;
	char secret[SESSION_SECRET_TEXT_SIZE], cookie[160];
	struct customer customer = {{1}};
	struct mono at = {1000};
	uint64_t number = session_open(&s, customer, ROLE_OWNER, at, secret);

	(void)state;
	snprintf(cookie, sizeof(cookie), "__Host-sk=%s", secret);
	assert_non_null(session_use(&s, cookie, at));
	at.ms += SESSION_IDLE_MS - 1;
	assert_non_null(session_use(&s, cookie, at));
	at.ms += SESSION_IDLE_MS;
	assert_null(session_use(&s, cookie, at));
	assert_false(session_alive(&s, number, at));

	number = session_open(&s, customer, ROLE_OWNER, at, secret);
	snprintf(cookie, sizeof(cookie), "__Host-sk=%s", secret);
	for (int64_t ms = 0; ms < SESSION_LIFE_MS; ms += 60000, at.ms += 60000)
		assert_non_null(session_use(&s, cookie, at));
	assert_null(session_use(&s, cookie, at)); /* however busy */
	snprintf(cookie, sizeof(cookie), "__Host-sk=%s; __Host-sk=%s", secret, secret);
	assert_null(session_use(&s, cookie, at));
}

static void sessions_of_the_blocked_end(void **state)
{
	static struct sessions s;
	char secret[SESSION_SECRET_TEXT_SIZE];
	struct customer blocked = {{1}}, other = {{2}};
	struct mono at = {1000};
	uint64_t first = session_open(&s, blocked, ROLE_STAFF, at, secret);
	uint64_t second = session_open(&s, other, ROLE_OWNER, at, secret);

	(void)state;
	sessions_close(&s, &blocked);
	assert_false(session_alive(&s, first, at));
	assert_true(session_alive(&s, second, at));
	sessions_close(&s, NULL);
	assert_false(session_alive(&s, second, at));
}

static void sessions_are_bounded(void **state)
{
	static struct sessions s;
	char secret[SESSION_SECRET_TEXT_SIZE], first[SESSION_SECRET_TEXT_SIZE], cookie[96];
	struct customer customer = {{1}};
	struct mono at = {1000};

	(void)state;
	(void)session_open(&s, customer, ROLE_OWNER, at, first);
	for (int i = 0; i < SESSIONS_MAX; i++, at.ms++)
		(void)session_open(&s, customer, ROLE_OWNER, at, secret);
	assert_int_equal(sessions_alive(&s, at), SESSIONS_MAX);
	snprintf(cookie, sizeof(cookie), "__Host-sk=%s", secret);
	assert_non_null(session_use(&s, cookie, at));
}

static void base64url_is_strict(void **state)
{
	uint8_t bytes[64], back[64];
	char text[128];
	uint32_t n;

	(void)state;
	for (uint32_t len = 0; len <= sizeof(bytes); len++) {
		for (uint32_t i = 0; i < len; i++)
			bytes[i] = (uint8_t)(i * 37 + len);
		base64url_encode(bytes, len, text);
		assert_int_equal(strlen(text), BASE64URL_LEN(len));
		assert_true(base64url_decode(text, (uint32_t)strlen(text), back, sizeof(back), &n));
		assert_int_equal(n, len);
		assert_memory_equal(bytes, back, len);
	}
	assert_false(base64url_decode("A", 1, back, sizeof(back), &n));
	assert_false(base64url_decode("AB", 2, back, sizeof(back), &n)); /* bits left over */
	assert_false(base64url_decode("AA==", 4, back, sizeof(back), &n));
	assert_false(base64url_decode("A+AA", 4, back, sizeof(back), &n));
	assert_false(base64url_decode("AAAA", 4, back, 2, &n));
}

static bool config_of(const char *text, char why[CONFIG_WHY_MAX])
{
	struct config config;

	return config_parse("counterd.conf",
			    (struct span){(const uint8_t *)text, (uint32_t)strlen(text)}, &config,
			    why);
}

static void config_errors_name_what_is_wrong(void **state)
{
	static const struct {
		const char *text, *says;
	} bad[] = {
		{"", "shop"},
		{"shop = viken\nlissen = 127.0.0.1:1\n", "listen"},
		{"shop = viken\nlisten = 0.0.0.0:80\n", "loopback"},
		{"shop = viken\nlisten = 192.168.0.1:80\n", "loopback"},
		{"shop = viken\nlisten = 127.0.0.1\n", "ADDRESS:PORT"},
		{"shop = viken\nlisten = 127.0.0.1:99999\n", "ADDRESS:PORT"},
		{"shop = viken\nlisten = localhost:80\n", "numeric"},
		{"shop = viken\nlisten = unix:relative\n", "absolute"},
		{"shop = viken\nhosts = viken.example:80\n", "hosts"},
		{"shop = viken\nhosts = a b c d e f g h i\n", "at most 8"},
		{"shop = viken\ncurrency = kr\n", "currency"},
		{"shop = viken\nrun = here\n", "absolute"},
		{"shop = viken\nlanguage = de\n", "language"},
		{"shop = viken\nweb = build/web\n", "absolute"},
		{"shop = viken\noffice = https://office.example/\n", "no slash"},
		{"shop = viken\noffice = http://office.example\n", "https://"},
		{"shop = viken\noffice = https://a.example; script-src *\n", "origin"},
	};
	char why[CONFIG_WHY_MAX];

	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_false(config_of(bad[i].text, why));
		if (!strstr(why, bad[i].says))
			fail_msg("'%s' does not say '%s'", why, bad[i].says);
		assert_non_null(strstr(why, "counterd.conf"));
	}
	assert_true(config_of("shop = viken\nlisten = [::1]:0\nlanguage = en\n", why));
	assert_true(config_of("shop = viken\nlisten = unix:/run/x.sock\n", why));
	assert_true(config_of("shop = viken\noffice = https://office.example\n", why));
	assert_true(config_of("shop = viken\noffice = http://127.0.0.1:18090\n", why));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sessions_end),
		cmocka_unit_test(sessions_of_the_blocked_end),
		cmocka_unit_test(sessions_are_bounded),
		cmocka_unit_test(base64url_is_strict),
		cmocka_unit_test(config_errors_name_what_is_wrong),
	};

	return cmocka_run_group_tests_name("counterd parts", tests, NULL, NULL);
}
