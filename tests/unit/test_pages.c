/* test_pages.c: what a browser gets of a folder, and what nobody gets. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "net/pages.h"

#define OFFICE "https://office.example"

struct house {
	char dir[64], web[80];
	struct pages *pages;
	struct pages_site shop, office;
	/* the newest answer */
	enum pages_found found;
	struct http_answer answer;
	char body[256];
};

static const char *const files[][2] = {
	{"phone.html", "<title>phone</title>"},
	{"phone.html.gz", "packed phone"},
	{"kiosk.html", "<title>kiosk</title>"},
	{"owner.html", "<title>owner</title>"},
	{"office.html", "<title>office</title>"},
	{"sw.js", "worker"},
	{"manifest.webmanifest", "{}"},
	{"icon-192.png", "png"},
	{"notes.exe", "no page's"},
	{".hidden.js", "nobody's"},
	{"empty.js", ""},
	{"assets/phone-1A2B3C4D.js", "code"},
	{"assets/phone-1A2B3C4D.js.gz", "packed code"},
	{"assets/scan-11.wasm", "wasm"},
	{"assets/nothing-0.js", ""},
};

static void path_of(const struct house *h, const char *name, char path[256])
{
	snprintf(path, 256, "%s/%s", h->web, name);
}

static void put(const struct house *h, const char *name, const char *text)
{
	char path[256];
	FILE *file;

	path_of(h, name, path);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void take_away(const struct house *h, const char *name)
{
	char path[256];

	path_of(h, name, path);
	assert_int_equal(unlink(path), 0);
}

static void furnish(const struct house *h)
{
	char path[256];

	assert_int_equal(mkdir(h->web, 0755), 0);
	path_of(h, "assets", path);
	assert_int_equal(mkdir(path, 0755), 0);
	for (uint32_t i = 0; i < ARRAY_LEN(files); i++)
		put(h, files[i][0], files[i][1]);
}

static int setup(void **state)
{
	struct house *h = calloc(1, sizeof(*h));

	assert_non_null(h);
	snprintf(h->dir, sizeof(h->dir), "/tmp/test-pages-XXXXXX");
	assert_non_null(mkdtemp(h->dir));
	snprintf(h->web, sizeof(h->web), "%s/web", h->dir);
	h->shop = pages_site_of(PAGES_SHOP, OFFICE);
	h->office = pages_site_of(PAGES_OFFICE, "");
	*state = h;
	return 0;
}

static int teardown(void **state)
{
	struct house *h = *state;
	char command[256];

	pages_close(h->pages);
	for (uint32_t i = 0; i < ARRAY_LEN(files); i++) {
		path_of(h, files[i][0], command);
		unlink(command);
	}
	path_of(h, "assets", command);
	rmdir(command);
	rmdir(h->web);
	rmdir(h->dir);
	free(h);
	return 0;
}

static void open_house(struct house *h)
{
	furnish(h);
	h->pages = pages_open(h->web);
	assert_non_null(h->pages);
	assert_true(pages_there(h->pages));
}

static const char *header_of(const struct house *h, const char *name)
{
	for (uint32_t i = 0; i < HTTP_ANSWER_HEADERS_MAX && h->answer.header[i].name; i++)
		if (strcmp(h->answer.header[i].name, name) == 0)
			return h->answer.header[i].value;
	return "";
}

static void read_body(struct house *h)
{
	ssize_t n;

	memset(h->body, 0, sizeof(h->body));
	if (!h->answer.body_is_file) {
		if (h->answer.body_len > 0)
			memcpy(h->body, h->answer.body, h->answer.body_len);
		return;
	}
	n = read(h->answer.body_fd, h->body, sizeof(h->body) - 1);
	assert_int_equal(n, h->answer.body_len);
	close(h->answer.body_fd);
}

static void ask_with(struct house *h, const struct pages_site *site, const char *path,
		     const char *accept, const char *known)
{
	struct http_request *r = calloc(1, sizeof(*r));

	assert_non_null(r);
	r->method = "GET";
	r->path = path;
	r->header[HTTP_ACCEPT_ENCODING] = accept;
	r->header[HTTP_IF_NONE_MATCH] = known;
	memset(&h->answer, 0, sizeof(h->answer));
	h->found = pages_find(h->pages, site, r, &h->answer);
	if (h->found == PAGES_FOUND)
		read_body(h);
	free(r);
}

static void ask(struct house *h, const char *path)
{
	ask_with(h, &h->shop, path, NULL, NULL);
}

static void is_file(struct house *h, const char *text, const char *type)
{
	assert_int_equal(h->found, PAGES_FOUND);
	assert_int_equal(h->answer.status, 200);
	assert_string_equal(h->body, text);
	assert_string_equal(h->answer.content_type, type);
}

static void each_path_has_its_page(void **state)
{
	static const struct {
		const char *path, *text, *type;
		bool office;
	} want[] = {
		{"/", "<title>phone</title>", "text/html; charset=utf-8", false},
		{"/kiosk", "<title>kiosk</title>", "text/html; charset=utf-8", false},
		{"/owner", "<title>owner</title>", "text/html; charset=utf-8", false},
		{"/a/17", "<title>owner</title>", "text/html; charset=utf-8", false},
		{"/sw.js", "worker", "text/javascript; charset=utf-8", false},
		{"/manifest.webmanifest", "{}", "application/manifest+json", false},
		{"/icon-192.png", "png", "image/png", false},
		{"/assets/phone-1A2B3C4D.js", "code", "text/javascript; charset=utf-8", false},
		{"/assets/scan-11.wasm", "wasm", "application/wasm", false},
		{"/assets/nothing-0.js", "", "text/javascript; charset=utf-8", false},
		{"/", "<title>office</title>", "text/html; charset=utf-8", true},
		{"/assets/scan-11.wasm", "wasm", "application/wasm", true},
		{"/icon-192.png", "png", "image/png", true},
	};
	struct house *h = *state;

	open_house(h);
	for (uint32_t i = 0; i < ARRAY_LEN(want); i++) {
		ask_with(h, want[i].office ? &h->office : &h->shop, want[i].path, NULL, NULL);
		is_file(h, want[i].text, want[i].type);
	}
}

static void nothing_else_is_there(void **state)
{
	static const char *const nothing[] = {
		"/phone.html",
		"/index.html",
		"//",
		"/kiosk/",
		"/a/",
		"/a/1/2",
		"/assets",
		"/assets/",
		"/assets/none.js",
		"/assets/../phone.html",
		"/assets/..",
		"/assets/.",
		"/assets/%2e%2e/phone.html",
		"/assets/%2e%2e%2fphone.html",
		"/assets/..%2fphone.html",
		"/assets//phone-1A2B3C4D.js",
		"/assets/phone-1A2B3C4D.js/",
		"/assets/phone-1A2B3C4D.js.gz",
		"/assets/phone-1A2B3C4D.j",
		"/assets/phone-1a2b3c4d.js",
		"/icon",
		"/icon-192.png/",
		"/icon/../sw.js",
		"/notes.exe",
		"/.hidden.js",
		"/assets/link.js",
		"/assets/pipe.js",
		"/etc/passwd",
		"",
	};
	struct house *h = *state;
	char path[256], name[1200];

	furnish(h);
	path_of(h, "assets/link.js", path);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	path_of(h, "assets/pipe.js", path);
	assert_int_equal(mkfifo(path, 0644), 0);
	h->pages = pages_open(h->web);
	for (uint32_t i = 0; i < ARRAY_LEN(nothing); i++) {
		ask(h, nothing[i]);
		if (h->found != PAGES_NO_PATH)
			fail_msg("there is something at %s", nothing[i]);
	}
	memset(name, 'a', sizeof(name));
	memcpy(name, "/assets/", 8);
	name[sizeof(name) - 1] = '\0';
	ask(h, name);
	assert_int_equal(h->found, PAGES_NO_PATH);
	ask_with(h, &h->office, "/kiosk", NULL, NULL);
	assert_int_equal(h->found, PAGES_NO_PATH);
	ask_with(h, &h->office, "/sw.js", NULL, NULL);
	assert_int_equal(h->found, PAGES_NO_PATH);
	take_away(h, "assets/link.js");
	take_away(h, "assets/pipe.js");
}

static void other_methods_are_refused(void **state)
{
	struct house *h = *state;
	struct http_request *r = calloc(1, sizeof(*r));

	assert_non_null(r);
	open_house(h);
	r->method = "POST";
	r->path = "/owner";
	assert_int_equal(pages_find(h->pages, &h->shop, r, &h->answer), PAGES_NO_METHOD);
	r->path = "/nothing";
	assert_int_equal(pages_find(h->pages, &h->shop, r, &h->answer), PAGES_NO_PATH);
	r->method = "HEAD";
	r->path = "/owner";
	assert_int_equal(pages_find(h->pages, &h->shop, r, &h->answer), PAGES_FOUND);
	read_body(h);
	free(r);
}

static void the_headers_shut_everything_out(void **state)
{
	struct house *h = *state;

	open_house(h);
	ask(h, "/");
	assert_string_equal(
		header_of(h, "Content-Security-Policy"),
		"default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
		"img-src 'self' blob: data:; connect-src 'self' https://office.example; media-src "
		"'self' blob:; manifest-src 'self'; worker-src 'self'; base-uri 'none'; "
		"form-action "
		"'none'; frame-ancestors 'none'");
	assert_string_equal(header_of(h, "X-Content-Type-Options"), "nosniff");
	assert_string_equal(header_of(h, "Referrer-Policy"), "no-referrer");
	assert_non_null(strstr(header_of(h, "Permissions-Policy"), "camera=(self), microphone=()"));
	assert_string_equal(header_of(h, "Cross-Origin-Opener-Policy"), "same-origin");
	assert_string_equal(header_of(h, "Cache-Control"), "no-cache");
	ask_with(h, &h->office, "/", NULL, NULL);
	assert_non_null(strstr(header_of(h, "Content-Security-Policy"), "connect-src 'self'; "));
	ask(h, "/sw.js");
	assert_string_equal(header_of(h, "Cache-Control"), "no-cache");
	ask(h, "/assets/scan-11.wasm");
	assert_string_equal(header_of(h, "Cache-Control"), "public, max-age=31536000, immutable");
	assert_string_equal(header_of(h, "Vary"), "");
}

static void packed_for_those_who_take_it(void **state)
{
	static const char *const yes[] = {"gzip", "br, gzip", "deflate,GZIP;q=0.5", "gzip; q=1",
					  "gzip;q=0.001"};
	static const char *const no[] = {"",	       "br",	   "gzip;q=0", "gzip;q=0.000",
					 "gzip-extra", "x;q=gzip", "gzi, zip", "br;q=1, gzip;q=0"};
	struct house *h = *state;

	open_house(h);
	for (uint32_t i = 0; i < ARRAY_LEN(yes); i++) {
		ask_with(h, &h->shop, "/assets/phone-1A2B3C4D.js", yes[i], NULL);
		is_file(h, "packed code", "text/javascript; charset=utf-8");
		assert_string_equal(header_of(h, "Content-Encoding"), "gzip");
		assert_string_equal(header_of(h, "Vary"), "Accept-Encoding");
	}
	for (uint32_t i = 0; i < ARRAY_LEN(no); i++) {
		ask_with(h, &h->shop, "/assets/phone-1A2B3C4D.js", no[i], NULL);
		is_file(h, "code", "text/javascript; charset=utf-8");
		assert_string_equal(header_of(h, "Content-Encoding"), "");
		assert_string_equal(header_of(h, "Vary"), "Accept-Encoding");
	}
	ask_with(h, &h->shop, "/sw.js", "gzip", NULL);
	is_file(h, "worker", "text/javascript; charset=utf-8"); /* it has no twin */
}

static void the_same_is_not_sent_twice(void **state)
{
	struct house *h = *state;
	char tag[64], packed[64], list[200];

	open_house(h);
	ask(h, "/");
	snprintf(tag, sizeof(tag), "%s", header_of(h, "ETag"));
	ask_with(h, &h->shop, "/", "gzip", NULL);
	snprintf(packed, sizeof(packed), "%s", header_of(h, "ETag"));
	assert_true(tag[0] == '"' && strcmp(tag, packed) != 0);
	ask_with(h, &h->shop, "/", NULL, tag);
	assert_int_equal(h->answer.status, 304);
	assert_int_equal(h->answer.body_len, 0);
	assert_string_equal(header_of(h, "ETag"), tag);
	assert_string_equal(header_of(h, "Cache-Control"), "no-cache");
	assert_string_equal(header_of(h, "Vary"), "Accept-Encoding");
	snprintf(list, sizeof(list), "\"x\", W/%s", packed);
	ask_with(h, &h->shop, "/", "gzip", list);
	assert_int_equal(h->answer.status, 304);
	ask_with(h, &h->shop, "/", "gzip", tag); /* that one was another form of it */
	assert_int_equal(h->answer.status, 200);
	ask_with(h, &h->shop, "/", NULL, "*");
	assert_int_equal(h->answer.status, 304);
}

/* Of the same size, at the same time: what a package's files may be. */
static void another_content_has_another_tag(void **state)
{
	struct house *h = *state;
	char tag[64], path[256];
	struct stat st;

	open_house(h);
	ask(h, "/kiosk");
	snprintf(tag, sizeof(tag), "%s", header_of(h, "ETag"));
	path_of(h, "kiosk.html", path);
	assert_int_equal(stat(path, &st), 0);
	put(h, "kiosk.html", "<title>KIOSK</title>");
	assert_int_equal(utimensat(AT_FDCWD, path, (struct timespec[]){st.st_atim, st.st_mtim}, 0),
			 0);
	pages_close(h->pages);
	h->pages = pages_open(h->web);
	ask_with(h, &h->shop, "/kiosk", NULL, tag);
	is_file(h, "<title>KIOSK</title>", "text/html; charset=utf-8");
}

static void new_files_are_noticed(void **state)
{
	struct house *h = *state;

	open_house(h);
	put(h, "owner.html", "<title>the new one</title>"); /* in its place */
	ask(h, "/owner");
	is_file(h, "<title>the new one</title>", "text/html; charset=utf-8");
	take_away(h, "kiosk.html");
	ask(h, "/kiosk");
	assert_int_equal(h->answer.status, 503);
	put(h, "kiosk.html", "back");
	ask(h, "/kiosk");
	is_file(h, "back", "text/html; charset=utf-8");
	take_away(h, "assets/scan-11.wasm");
	ask(h, "/assets/scan-11.wasm");
	assert_int_equal(h->found, PAGES_NO_PATH);
	put(h, "assets/scan-11.wasm", "again");
	ask(h, "/assets/scan-11.wasm");
	is_file(h, "again", "application/wasm");
}

static void without_pages_it_says_what_to_do(void **state)
{
	struct house *h = *state;

	h->pages = pages_open(h->web);
	assert_non_null(h->pages);
	assert_false(pages_there(h->pages));
	ask(h, "/");
	assert_int_equal(h->found, PAGES_FOUND);
	assert_int_equal(h->answer.status, 503);
	assert_string_equal(h->answer.content_type, "text/plain; charset=utf-8");
	assert_non_null(strstr(h->body, "make web"));
	assert_non_null(strstr(header_of(h, "Content-Security-Policy"), "default-src 'none'"));
	ask(h, "/assets/x.js");
	assert_int_equal(h->answer.status, 503);
	ask(h, "/nothing");
	assert_int_equal(h->found, PAGES_NO_PATH);
	furnish(h); /* they come while it runs */
	ask(h, "/");
	is_file(h, "<title>phone</title>", "text/html; charset=utf-8");
}

/* Out of open files: nothing is forgotten for that. */
static void too_many_ask(void **state)
{
	struct house *h = *state;
	struct rlimit was, none = {0, 0};

	open_house(h);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &was), 0);
	none.rlim_max = was.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	ask(h, "/");
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &was), 0);
	assert_int_equal(h->answer.status, 503);
	assert_string_equal(header_of(h, "Retry-After"), "2");
	assert_true(pages_there(h->pages));
	ask(h, "/");
	is_file(h, "<title>phone</title>", "text/html; charset=utf-8");
}

static void a_folder_has_bounds(void **state)
{
	struct house *h = *state;
	char name[32];

	furnish(h);
	for (uint32_t i = 0; i < 2 * PAGES_FILES_MAX; i++) {
		snprintf(name, sizeof(name), "assets/many-%u.js", i);
		put(h, name, "x");
	}
	h->pages = pages_open(h->web);
	assert_true(pages_there(h->pages));
	ask(h, "/");
	is_file(h, "<title>phone</title>", "text/html; charset=utf-8");
	for (uint32_t i = 0; i < 2 * PAGES_FILES_MAX; i++) {
		snprintf(name, sizeof(name), "assets/many-%u.js", i);
		take_away(h, name);
	}
}

static void origins_are_strict(void **state)
{
	static const char *const good[] = {
		"https://office.example", "https://office.example:8443",  "http://127.0.0.1:18090",
		"http://localhost:1",	  "http://viken.localhost:18090", "http://[::1]:18090"};
	static const char *const bad[] = {
		"",
		"office.example",
		"https://",
		"https://office.example/",
		"https://office.example/x",
		"https://office.example:",
		"https://office.example:123456",
		"https://Office.example",
		"https://a b",
		"https://a; script-src *",
		"https://*",
		"https://user@a",
		"http://office.example",
		"http://127.0.0.2.example",
		"http://127.0.0.1.example",
		"http://evillocalhost",
		"http://[::1].example",
		"http://1",
		"ftp://127.0.0.1",
	};

	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(good); i++)
		if (!pages_origin_valid(good[i]))
			fail_msg("%s is refused", good[i]);
	for (uint32_t i = 0; i < ARRAY_LEN(bad); i++)
		if (pages_origin_valid(bad[i]))
			fail_msg("%s is taken", bad[i]);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_path_has_its_page),
		TEST(nothing_else_is_there),
		TEST(other_methods_are_refused),
		TEST(the_headers_shut_everything_out),
		TEST(packed_for_those_who_take_it),
		TEST(the_same_is_not_sent_twice),
		TEST(another_content_has_another_tag),
		TEST(new_files_are_noticed),
		TEST(without_pages_it_says_what_to_do),
		TEST(too_many_ask),
		TEST(a_folder_has_bounds),
		cmocka_unit_test(origins_are_strict),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
