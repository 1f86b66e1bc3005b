/* test_officed_config.c: officed.conf and the files it names: what is good, and that whatever is
 * wrong is told with its line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "crypto/es256.h"
#include "officed/keys.h"
#include "token/claims.h"
#include "token/statement.h"

#define ROOT                                                                                       \
	"6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"                         \
	"4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
#define HEAD  "url = https://office.example\nroot = " ROOT "\n"
#define ANNA  "[operator anna]\nkey = %s\nrights = fleet money\nshops = viken falun\n"
#define BOOKS "[client books]\nsecret_sha256 = " SUM "\nshops = *\n"
#define SUM   "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"

struct folder {
	char path[64];
	char key[2 * COSE_KEY_SIZE + 1]; /* of an operator */
	struct config config;
	char why[CONF_WHY_MAX];
};

static void name(const struct folder *f, const char *file, char path[128])
{
	snprintf(path, 128, "%s/%s", f->path, file);
}

static void put(const struct folder *f, const char *file, const char *text, mode_t mode)
{
	char path[128];
	FILE *out;

	name(f, file, path);
	out = fopen(path, "w");
	assert_non_null(out);
	fputs(text, out);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static int set_up(void **state)
{
	struct folder *f = calloc(1, sizeof(*f));
	uint8_t secret[32], cose[COSE_KEY_SIZE];
	struct public_key key;

	assert_non_null(f);
	snprintf(f->path, sizeof(f->path), "/tmp/officed-conf-XXXXXX");
	assert_non_null(mkdtemp(f->path));
	assert_int_equal(es256_make(secret, &key), 0);
	cose_key_encode(&key, cose);
	hex_text(cose, sizeof(cose), f->key);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	static const char *const files[] = {"officed.conf", "password", "key", "keys"};
	struct folder *f = *state;
	char path[128];

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		name(f, files[i], path);
		unlink(path);
	}
	rmdir(f->path);
	free(f);
	return 0;
}

__attribute__((format(printf, 2, 3))) static bool load(struct folder *f, const char *format, ...)
{
	char text[4096], path[128];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	put(f, "officed.conf", text, 0644);
	name(f, "officed.conf", path);
	memset(f->why, 0, sizeof(f->why));
	return config_load(path, &f->config, f->why);
}

static void assert_said(const struct folder *f, const char *what)
{
	if (strstr(f->why, what) == NULL)
		fail_msg("'%s' does not say '%s'", f->why, what);
}

static void a_good_one(void **state)
{
	struct folder *f = *state;

	assert_true(load(f, HEAD "workers = 4\n" ANNA BOOKS, f->key));
	assert_int_equal(f->config.operators, 1);
	assert_string_equal(f->config.operator[0].name, "anna");
	/* a bit per enum right */
	assert_int_equal(f->config.operator[0].rights, 1U << RIGHT_FLEET | 1U << RIGHT_MONEY);
	assert_string_equal(f->config.operator[0].shops, "viken falun");
	assert_int_equal(f->config.clients, 1);
	assert_int_equal(f->config.workers, 4);
	assert_int_equal(f->config.shops_max, 12000);
	assert_false(f->config.sms.given);
	assert_false(f->config.mail.given);
}

static void what_is_wrong_is_told(void **state)
{
	struct folder *f = *state;

	assert_false(load(f, HEAD "worker = 4\n" ANNA, f->key));
	assert_said(f, "officed.conf:3: ");
	assert_said(f, "'workers'");
	assert_false(load(f, HEAD "workers = 9\n" ANNA, f->key));
	assert_said(f, "1 to 8");
	assert_false(load(f, HEAD "workers = 0x4\n" ANNA, f->key));
	assert_false(load(f, HEAD "listen = 0.0.0.0:80\n" ANNA, f->key));
	assert_said(f, "nginx");
	assert_false(load(f, HEAD "database = office.db\n" ANNA, f->key));
	assert_said(f, "postgresql://");
	assert_false(load(f, "url = http://office.example\nroot = " ROOT "\n" ANNA, f->key));
	assert_said(f, "https://");
	assert_false(load(f, "url = https://office.example\nroot = 1234\n" ANNA, f->key));
	assert_said(f, "shopctl root make");
	assert_false(load(f, HEAD "[operator anna]\nkey = a4\nrights = fleet\nshops = *\n"));
	assert_said(f, "shopctl token key");
	assert_false(load(f, HEAD "[operator anna]\nkey = %s\nrights = flet\nshops = *\n", f->key));
	assert_said(f, "'fleet'");
	assert_false(
		load(f, HEAD "[operator anna]\nkey = %s\nrights = fleet\nshops = Viken\n", f->key));
	assert_said(f, "names of shops");
	assert_false(load(f, HEAD));
	assert_said(f, "[operator NAME]");
}

static void nobody_is_taken_for_another(void **state)
{
	struct folder *f = *state;

	assert_false(load(f, HEAD ANNA "[operator bo]\nkey = %s\nrights = fleet\nshops = *\n",
			  f->key, f->key));
	assert_said(f, "same key");
	assert_false(load(f, HEAD ANNA BOOKS "[client other]\nsecret_sha256 = " SUM "\nshops = *\n",
			  f->key));
	assert_said(f, "same secret");
}

static void a_password_is_its_files_owners_alone(void **state)
{
	struct folder *f = *state;
	static const char gateway[] = HEAD ANNA "[gateway]\npreset = 46elks\nuser = u\n"
						"password_file = %s/password\nfrom = Office\n";

	put(f, "password", "hush\n", 0640);
	assert_false(load(f, gateway, f->key, f->path));
	assert_said(f, "0600");
	put(f, "password", "hush\n", 0600);
	assert_true(load(f, gateway, f->key, f->path));
	assert_true(f->config.sms.given);
	assert_string_equal(f->config.sms.password, "hush");
	put(f, "password", "", 0600);
	assert_false(load(f, gateway, f->key, f->path));
	assert_null(strstr(f->why, "hush"));
}

static void mail_goes_nowhere_in_the_clear(void **state)
{
	struct folder *f = *state;

	assert_false(load(f, HEAD ANNA "[mail]\nserver = http://mail\nfrom = a@b.se\n", f->key));
	assert_said(f, "smtps://");
	assert_false(
		load(f, HEAD ANNA "[mail]\nserver = smtps://mail:465\nfrom = nobody\n", f->key));
	assert_false(load(f,
			  HEAD ANNA "[mail]\nserver = smtps://mail:465\nuser = u\nfrom = a@b.se\n",
			  f->key));
	assert_said(f, "go together");
	assert_true(
		load(f, HEAD ANNA "[mail]\nserver = smtps://mail:465\nfrom = a@b.se\n", f->key));
}

/* ---- names and origins of pages ---- */

#define SITES                                                                                      \
	"page_hosts = {shop}.example {shop}.localhost, butik-{shop}.handel.example\n"              \
	"page_origins = http://127.0.0.1:18080\n"

static void sites_are_spelt_out(void **state)
{
	static const char *const bad[] = {
		"viken.example", "{shop}",	     "*.example",
		"{shop}.",	 "{shop}.a:80",	     "{shop}.{shop}.example",
		"{butik}.a",	 "https://{shop}.a", "{shop}.a/b"};
	struct folder *f = *state;

	assert_true(load(f, HEAD SITES ANNA, f->key));
	assert_string_equal(f->config.site.web, "/usr/share/shopkeeper/web");
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_false(load(f, HEAD "page_hosts = %s\n" ANNA, bad[i], f->key));
		assert_said(f, "{shop}.example");
	}
	assert_false(load(f, HEAD "page_origins = https://viken.example/\n" ANNA, f->key));
	assert_said(f, "slash");
	assert_false(load(f, HEAD "page_origins = *\n" ANNA, f->key));
	assert_false(load(f, HEAD "page_origins = http://viken.example\n" ANNA, f->key));
	assert_said(f, "this machine only");
	assert_false(load(f, HEAD "web = web\n" ANNA, f->key));
	assert_said(f, "absolute");
	assert_false(load(f, HEAD "time_zone = <b>\n" ANNA, f->key));
	assert_said(f, "Europe/Stockholm");
}

static void a_host_is_a_shop_or_it_is_not(void **state)
{
	static const struct {
		const char *host, *shop;
	} want[] = {
		{"viken.example", "viken"},
		{"VIKEN.Example", "viken"},
		{"viken.example:443", "viken"},
		{"butik-falun-2.handel.example", "falun-2"},
		{"viken.localhost:18090", "viken"},
		{"office.example", NULL},     /* our own … */
		{"OFFICE.example:443", NULL}, /* … with a port, too: a proxy may leave it out */
		{"a.viken.example", NULL},
		{"viken.example.evil", NULL},
		{"viken.example.", NULL},
		{"viken.example:", NULL},
		{"viken.example:80a", NULL},
		{"viken.example:443:1", NULL},
		{".example", NULL},
		{"example", NULL},
		{"butik-.handel.example", NULL},
		{"a-name-that-no-shop-has.example", NULL},
		{"vi_ken.example", NULL},
		{"127.0.0.1:18090", NULL},
		{"localhost", NULL},
		{"", NULL},
	};
	struct folder *f = *state;

	assert_true(load(f, HEAD SITES ANNA, f->key));
	for (size_t i = 0; i < ARRAY_LEN(want); i++) {
		char shop[PLACE_MAX_LEN + 1] = "?";
		bool is = site_shop_of(&f->config, want[i].host, shop);

		if (is != (want[i].shop != NULL) || (is && strcmp(shop, want[i].shop) != 0))
			fail_msg("%s is %s", want[i].host, is ? shop : "none");
	}
	assert_true(load(f, HEAD ANNA, f->key)); /* without patterns nobody is */
	assert_false(site_shop_of(&f->config, "viken.example", (char[PLACE_MAX_LEN + 1]){""}));
}

static void an_origin_is_known_or_it_is_not(void **state)
{
	static const char *const known[] = {
		"https://viken.example", "https://butik-falun.handel.example",
		"http://viken.localhost:18090", "http://viken.localhost", "http://127.0.0.1:18080"};
	static const char *const unknown[] = {"http://viken.example",
					      "https://viken.example:8443",
					      "https://viken.example.evil",
					      "https://evil.example.evil/viken.example",
					      "https://viken.example/",
					      "https://user@viken.example",
					      "http://127.0.0.1:18081",
					      "http://127.0.0.1",
					      "https://a.b.example",
					      "https://",
					      "null",
					      "*",
					      "",
					      "viken.example",
					      "ftp://viken.example"};
	struct folder *f = *state;
	char shop[PLACE_MAX_LEN + 1], origin[SITE_ORIGIN_MAX + 1];

	assert_true(load(f, HEAD SITES ANNA, f->key));
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (!site_origin_known(&f->config, known[i], shop))
			fail_msg("%s is refused", known[i]);
	assert_string_equal(shop, "");
	assert_true(site_origin_known(&f->config, known[0], shop));
	assert_string_equal(shop, "viken");
	for (size_t i = 0; i < ARRAY_LEN(unknown); i++)
		if (site_origin_known(&f->config, unknown[i], shop))
			fail_msg("%s is taken", unknown[i]);
	site_own_origin(&f->config, origin);
	assert_string_equal(origin, "https://office.example");
}

/* ---- the keys ---- */

struct pair {
	uint8_t secret[32];
	struct public_key key;
};

static void put_keys(struct folder *f, const struct pair *signer, const struct pair *named)
{
	struct sync_keys set = {.version = 3, .at = {1790000000000}, .keys = 1};
	uint8_t payload[512], tbs[1024], out[1024], signature[64];
	struct builder b = builder_of(payload, sizeof(payload));
	char hex[2048];
	uint32_t len;

	set.key[0] = named->key;
	sync_keys_put(&b, &set);
	assert_false(b.failed);
	len = statement_to_be_signed(kid_of(&signer->key), (struct span){payload, b.len}, tbs,
				     sizeof(tbs));
	assert_int_equal(es256_sign(signer->secret, tbs, len, signature), 0);
	len = statement_assemble(kid_of(&signer->key), (struct span){payload, b.len}, signature,
				 out, sizeof(out));
	assert_true(len > 0);
	hex_text(out, len, hex);
	put(f, "keys", hex, 0644);
}

static void keys_have_to_fit(void **state)
{
	struct folder *f = *state;
	struct pair root, ours, other;
	struct office_keys keys;
	char hex[65];

	assert_int_equal(es256_make(root.secret, &root.key), 0);
	assert_int_equal(es256_make(ours.secret, &ours.key), 0);
	assert_int_equal(es256_make(other.secret, &other.key), 0);
	memset(&f->config, 0, sizeof(f->config));
	name(f, "key", f->config.key_file);
	name(f, "keys", f->config.keys_file);
	hex_text(&root.key, sizeof(root.key), f->config.root);
	hex_text(ours.secret, 32, hex);

	put(f, "key", hex, 0644);
	assert_false(keys_load(&f->config, &keys, f->why));
	assert_said(f, "chmod 600");
	put(f, "key", hex, 0600);
	assert_false(keys_load(&f->config, &keys, f->why));
	assert_said(f, "keys_file");
	put_keys(f, &other, &ours);
	assert_false(keys_load(&f->config, &keys, f->why));
	assert_said(f, "not signed by the root");
	put_keys(f, &root, &other);
	assert_false(keys_load(&f->config, &keys, f->why));
	assert_said(f, "does not name");
	put_keys(f, &root, &ours);
	assert_true(keys_load(&f->config, &keys, f->why));
	assert_int_equal(keys.version, 3);
	assert_memory_equal(&keys.key, &ours.key, sizeof(ours.key));
	keys_free(&keys);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_good_one, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_wrong_is_told, set_up, tear_down),
		cmocka_unit_test_setup_teardown(nobody_is_taken_for_another, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_password_is_its_files_owners_alone, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(mail_goes_nowhere_in_the_clear, set_up, tear_down),
		cmocka_unit_test_setup_teardown(sites_are_spelt_out, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_host_is_a_shop_or_it_is_not, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_origin_is_known_or_it_is_not, set_up, tear_down),
		cmocka_unit_test_setup_teardown(keys_have_to_fit, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
