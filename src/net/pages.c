/*
 * pages.c: a path -> a file of one folder, or nothing. Only names of the table are ever opened, so
 * that no path, however it is written, leads out of the folder; links in it are not followed.
 *
 * Tags are of the content: a page that names other assets than before may have the same size, and a
 * package's files the same time. Whoever exchanges files under a running program (`make web`) is
 * noticed: by a folder's time, or by a file that is not as it was read. Then all is read again.
 *
 * What bears a hash in its name never changes and is kept for a year; everything else is asked for
 * again each time, and answered with 304 where it is the same.
 */
#include "net/pages.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "net/http_route.h"

#define ASSETS	 "assets"
#define PACKED	 ".gz"
#define TAG_SIZE (2 + 2 * 12 + 3 + 1) /* quoted hex of 96 bits, -gz */

static const struct {
	const char *ending, *type;
} types[] = {
	{".html", "text/html; charset=utf-8"},
	{".js", "text/javascript; charset=utf-8"},
	{".css", "text/css; charset=utf-8"},
	{".json", "application/json"},
	{".webmanifest", "application/manifest+json"},
	{".wasm", "application/wasm"},
	{".svg", "image/svg+xml"},
	{".png", "image/png"},
	{".ico", "image/x-icon"},
	{".woff2", "font/woff2"},
	{".txt", "text/plain; charset=utf-8"},
};

/** One form of a file: plain or packed. */
struct form {
	bool there;
	int64_t size;
	struct timespec changed;
	char tag[TAG_SIZE];
};

struct file {
	char name[PAGES_NAME_MAX + 1]; /* "phone.html", "assets/…" */
	const char *type;
	struct form plain, packed;
};

struct pages {
	char *folder;
	struct timespec changed[2]; /* of the folder, of assets/; 0: not there */
	uint32_t files;
	struct file file[PAGES_FILES_MAX];
};

/* --- sites --- */

/** A path and its file; a file that ends in '/' is a folder of which {name} is a file, and one that
 * is "" the file of the path's own name. A promised one is there once the pages are built. */
struct page {
	const char *path, *file;
	bool promised;
};

static const struct page shop_pages[] = {
	{"/", "phone.html", true},
	{"/kiosk", "kiosk.html", true},
	{"/owner", "owner.html", true},
	{"/a/{alarm}", "owner.html", true},
	{"/" ASSETS "/{name}", ASSETS "/", false},
	{"/sw.js", "", false},
	{"/manifest.webmanifest", "", false},
	{"/icon{name}", "", false},
};

static const struct page office_pages[] = {
	{"/", "office.html", true},
	{"/" ASSETS "/{name}", ASSETS "/", false},
	{"/icon{name}", "", false},
};

struct pages_site pages_site_of(enum pages_whose whose, const char *office)
{
	struct pages_site site = {.whose = whose};
	int n = snprintf(site.policy, sizeof(site.policy),
			 "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; "
			 "style-src 'self'; img-src 'self' blob: data:; connect-src 'self'%s%s; "
			 "media-src 'self' blob:; manifest-src 'self'; worker-src 'self'; "
			 "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
			 office[0] != '\0' ? " " : "", office);

	CHECK(n > 0 && (size_t)n < sizeof(site.policy));
	return site;
}

static bool host_plain(const char *host)
{
	size_t name = host[0] == '[' ? strspn(host + 1, "0123456789abcdef:") + 2
				     : strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789.-");
	size_t port;

	if (name == 0 || (host[0] == '[' && host[name - 1] != ']'))
		return false;
	if (host[name] == '\0')
		return true;
	port = strspn(host + name + 1, "0123456789");
	return host[name] == ':' && port > 0 && port <= 5 && host[name + 1 + port] == '\0';
}

/** An address of this machine, or a name that browsers take for one (RFC 6761 6.3). */
static bool host_is_loopback(const char *host)
{
	static const char local[] = "localhost";
	size_t len = strcspn(host, ":"), end = sizeof(local) - 1;

	if (strncmp(host, "[::1]", 5) == 0)
		return host[5] == '\0' || host[5] == ':';
	if (len == 9 && strncmp(host, "127.0.0.1", len) == 0)
		return true;
	return len >= end && strncmp(host + len - end, local, end) == 0 &&
	       (len == end || host[len - end - 1] == '.');
}

bool pages_origin_valid(const char *text)
{
	if (strlen(text) > PAGES_ORIGIN_MAX)
		return false;
	if (strncmp(text, "https://", 8) == 0)
		return host_plain(text + 8);
	return strncmp(text, "http://", 7) == 0 && host_plain(text + 7) &&
	       host_is_loopback(text + 7);
}

/* --- the folder is read --- */

static const char *type_of(const char *name)
{
	size_t len = strlen(name);

	for (uint32_t i = 0; i < ARRAY_LEN(types); i++) {
		size_t ending = strlen(types[i].ending);

		if (len > ending && strcmp(name + len - ending, types[i].ending) == 0)
			return types[i].type;
	}
	return NULL;
}

static bool name_plain(const char *name)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				  ".-_");

	return len > 0 && name[len] == '\0' && name[0] != '.' &&
	       len + sizeof(ASSETS "/" PACKED) <= PAGES_NAME_MAX;
}

/** The folder, or its assets; no link in the place of these. */
static int folder_open(const struct pages *p, bool assets)
{
	int top = open(p->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), fd;

	if (top < 0 || !assets)
		return top;
	fd = openat(top, ASSETS, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	close(top);
	return fd;
}

/** A regular file of sane size, and how it stands; -errno. */
static int file_open(int folder, const char *name, struct stat *ret)
{
	int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (fstat(fd, ret) < 0 || !S_ISREG(ret->st_mode) || ret->st_size > PAGES_BYTES_MAX) {
		close(fd);
		return -ENOENT;
	}
	return fd;
}

static bool content_tag(int fd, bool packed, char tag[TAG_SIZE])
{
	uint8_t bytes[4096], hash[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *sha = EVP_MD_CTX_new();
	bool good = sha != NULL && EVP_DigestInit_ex(sha, EVP_sha256(), NULL) == 1;
	ssize_t n = 0;
	size_t at = 1;

	while (good && (n = read(fd, bytes, sizeof(bytes))) > 0)
		good = EVP_DigestUpdate(sha, bytes, (size_t)n) == 1;
	good = good && n == 0 && EVP_DigestFinal_ex(sha, hash, NULL) == 1;
	EVP_MD_CTX_free(sha);
	if (!good)
		return false;
	tag[0] = '"';
	for (uint32_t i = 0; i < 12; i++, at += 2)
		snprintf(tag + at, 3, "%02x", hash[i]);
	snprintf(tag + at, TAG_SIZE - at, "%s\"", packed ? "-gz" : "");
	return true;
}

static void form_read(int folder, const char *name, bool packed, struct form *ret)
{
	struct stat st;
	int fd = file_open(folder, name, &st);

	if (fd < 0)
		return;
	if (content_tag(fd, packed, ret->tag)) {
		ret->changed = st.st_mtim;
		ret->size = st.st_size;
		ret->there = true;
	}
	close(fd);
}

static void file_read(struct pages *p, int folder, const char *name, bool assets)
{
	struct file *f = &p->file[p->files];
	char packed[PAGES_NAME_MAX + 1];

	if (!name_plain(name) || p->files == PAGES_FILES_MAX)
		return;
	memset(f, 0, sizeof(*f));
	f->type = type_of(name);
	if (f->type == NULL)
		return;
	/* name_plain() has seen that it is shorter than that */
	snprintf(f->name, sizeof(f->name), "%s%.70s", assets ? ASSETS "/" : "", name);
	snprintf(packed, sizeof(packed), "%.70s" PACKED, name);
	form_read(folder, name, false, &f->plain);
	form_read(folder, packed, true, &f->packed);
	if (f->plain.there)
		p->files++;
}

static void folder_read(struct pages *p, bool assets)
{
	int fd = folder_open(p, assets);
	struct dirent *entry;
	struct stat st;
	DIR *dir;

	p->changed[assets] = (struct timespec){0};
	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0)
		p->changed[assets] = st.st_mtim;
	dir = fdopendir(fd);
	if (dir == NULL) {
		close(fd);
		return;
	}
	for (uint32_t n = 0; n < PAGES_ENTRIES_MAX && (entry = readdir(dir)) != NULL; n++)
		file_read(p, fd, entry->d_name, assets);
	closedir(dir);
}

static void pages_read(struct pages *p)
{
	p->files = 0;
	folder_read(p, false);
	folder_read(p, true);
}

struct pages *pages_open(const char *folder)
{
	struct pages *p = calloc(1, sizeof(*p));

	if (p != NULL)
		p->folder = strdup(folder);
	if (p == NULL || p->folder == NULL) {
		free(p);
		return NULL;
	}
	pages_read(p);
	return p;
}

void pages_close(struct pages *p)
{
	if (p != NULL)
		free(p->folder);
	free(p);
}

bool pages_there(const struct pages *p)
{
	return p->files > 0;
}

/* --- a request --- */

static bool same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

/** Whether files came or went since they were read. */
static bool folder_changed(const struct pages *p)
{
	for (int assets = 0; assets < 2; assets++) {
		int fd = folder_open(p, assets != 0);
		struct stat st = {0};
		bool there = fd >= 0 && fstat(fd, &st) == 0;

		if (fd >= 0)
			close(fd);
		if (!same_time(p->changed[assets], there ? st.st_mtim : (struct timespec){0}))
			return true;
	}
	return false;
}

static const struct file *file_named(const struct pages *p, const char *folder, const char *name,
				     size_t len)
{
	size_t before = strlen(folder);

	for (uint32_t i = 0; i < p->files; i++) {
		const char *is = p->file[i].name;

		if (strncmp(is, folder, before) == 0 && strncmp(is + before, name, len) == 0 &&
		    is[before + len] == '\0')
			return &p->file[i];
	}
	return NULL;
}

/** The form's file, as it was read; -ESTALE when it is not that any more, or another -errno. */
static int form_open(const struct pages *p, const struct file *f, const struct form *form)
{
	bool assets = strncmp(f->name, ASSETS "/", sizeof(ASSETS)) == 0;
	int folder = folder_open(p, assets), fd;
	char name[PAGES_NAME_MAX + sizeof(PACKED)];
	struct stat st;

	if (folder < 0)
		return -errno;
	snprintf(name, sizeof(name), "%s%s", f->name + (assets ? sizeof(ASSETS) : 0),
		 form == &f->packed ? PACKED : "");
	fd = file_open(folder, name, &st);
	close(folder);
	if (fd >= 0 && (st.st_size != form->size || !same_time(st.st_mtim, form->changed))) {
		close(fd);
		fd = -ESTALE;
	}
	return fd;
}

/** Not the pages' fault: for the moment nobody can open anything. */
static bool out_of_room(int error)
{
	return error == -EMFILE || error == -ENFILE || error == -ENOMEM;
}

/** Whether an Accept-Encoding names gzip, and not to forbid it (RFC 9110 12.5.3). */
static bool admits_gzip(const char *accept)
{
	while (accept != NULL && *accept != '\0') {
		const char *element = accept + strspn(accept, " \t,");
		size_t len = strcspn(element, ","), name = strcspn(element, ",; \t");
		const char *q = memchr(element, '=', len);

		accept = element + len;
		if (name == 4 && strncasecmp(element, "gzip", 4) == 0)
			return q == NULL || strcspn(q, "123456789") < (size_t)(accept - q);
	}
	return false;
}

static void header(struct http_answer *m, uint32_t *n, const char *name, const char *value)
{
	CHECK(*n < HTTP_ANSWER_HEADERS_MAX);
	m->header[(*n)++] = (struct http_answer_header){name, value};
}

/** What every answer of a site bears. */
static uint32_t headers_common(const struct pages_site *site, struct http_answer *m)
{
	uint32_t n = 0;

	header(m, &n, "Content-Security-Policy", site->policy);
	header(m, &n, "X-Content-Type-Options", "nosniff");
	header(m, &n, "Referrer-Policy", "no-referrer");
	header(m, &n, "Permissions-Policy",
	       "camera=(self), microphone=(), geolocation=(), payment=(), usb=(), serial=(), "
	       "display-capture=()");
	header(m, &n, "Cross-Origin-Opener-Policy", "same-origin");
	header(m, &n, "Cross-Origin-Resource-Policy", "same-origin");
	return n;
}

static void busy_answer(const struct pages_site *site, struct http_answer *ret)
{
	static char words[] = "F\xc3\xb6r m\xc3\xa5nga fr\xc3\xa5gar just nu. Ladda om strax.\n"
			      "Too many ask right now. Reload in a moment.\n";
	uint32_t n;

	*ret = (struct http_answer){.status = 503,
				    .content_type = "text/plain; charset=utf-8",
				    .body = words,
				    .body_len = sizeof(words) - 1};
	n = headers_common(site, ret);
	header(ret, &n, "Retry-After", "2");
}

/** False: the file is not as it was read. */
static bool file_answer(const struct pages *p, const struct pages_site *site, const struct file *f,
			const struct http_request *r, struct http_answer *ret)
{
	bool packed = f->packed.there && admits_gzip(r->header[HTTP_ACCEPT_ENCODING]);
	const struct form *form = packed ? &f->packed : &f->plain;
	const char *known = r->header[HTTP_IF_NONE_MATCH];
	struct http_answer m = {.status = 200,
				.content_type = f->type,
				.body_len = (size_t)form->size,
				.body_is_file = true};
	uint32_t n = headers_common(site, &m);

	header(&m, &n, "ETag", form->tag);
	header(&m, &n, "Cache-Control",
	       strncmp(f->name, ASSETS "/", sizeof(ASSETS)) == 0
		       ? "public, max-age=31536000, immutable"
		       : "no-cache");
	if (f->packed.there)
		header(&m, &n, "Vary", "Accept-Encoding");
	if (packed)
		header(&m, &n, "Content-Encoding", "gzip");
	m.body_fd = form_open(p, f, form);
	if (out_of_room(m.body_fd)) {
		busy_answer(site, ret);
		return true;
	}
	if (m.body_fd < 0)
		return false;
	/* the tag is quoted, so that it stands for itself in a list, weak or not */
	if (known != NULL && (strstr(known, form->tag) != NULL || strcmp(known, "*") == 0)) {
		m.status = 304;
		m.content_type = NULL;
		m.body_len = 0;
	}
	if (m.body_len == 0) {
		close(m.body_fd);
		m.body_is_file = false;
	}
	*ret = m;
	return true;
}

/* A path that the site has, and no file for it: the pages are not built, or not where we look. */
static void missing_answer(const struct pages_site *site, struct http_answer *ret)
{
	static char words[] =
		"Sidorna \xc3\xa4r inte installerade h\xc3\xa4r. Bygg dem med \"make web\" och "
		"ladda om.\n"
		"The pages are not installed here. Build them with \"make web\", then reload.\n";

	*ret = (struct http_answer){.status = 503,
				    .content_type = "text/plain; charset=utf-8",
				    .body = words,
				    .body_len = sizeof(words) - 1};
	(void)headers_common(site, ret);
}

static const struct page *page_at(const struct pages_site *site, const struct http_request *r,
				  struct route_param *ret, enum routed *ret_routed)
{
	const struct page *pages = site->whose == PAGES_SHOP ? shop_pages : office_pages;
	uint32_t count =
		site->whose == PAGES_SHOP ? ARRAY_LEN(shop_pages) : ARRAY_LEN(office_pages);

	*ret_routed = ROUTED_NO_PATH;
	for (uint32_t i = 0; i < count && *ret_routed == ROUTED_NO_PATH; i++) {
		struct route_row row = {"GET", pages[i].path, false};
		struct route_match match;

		*ret_routed = route_match(&row, 1, r->method, r->path, &match);
		*ret = match.param[0];
		if (*ret_routed != ROUTED_NO_PATH)
			return &pages[i];
	}
	return NULL;
}

static const struct file *page_file(const struct pages *p, const struct page *page,
				    const struct route_param *param, const char *path)
{
	size_t len = strlen(page->file);

	if (len == 0)
		return file_named(p, "", path + 1, strlen(path + 1));
	if (page->file[len - 1] == '/')
		return file_named(p, page->file, param->text, param->len);
	return file_named(p, "", page->file, len);
}

enum pages_found pages_find(struct pages *p, const struct pages_site *site,
			    const struct http_request *r, struct http_answer *ret)
{
	struct route_param param = {NULL, 0};
	enum routed routed;
	const struct page *page = page_at(site, r, &param, &routed);
	const struct file *f;

	if (page == NULL)
		return PAGES_NO_PATH;
	if (routed == ROUTED_NO_METHOD)
		return PAGES_NO_METHOD;
	f = page_file(p, page, &param, r->path);
	if (f != NULL && file_answer(p, site, f, r, ret))
		return PAGES_FOUND;
	if (f != NULL || folder_changed(p)) {
		pages_read(p);
		f = page_file(p, page, &param, r->path);
		if (f != NULL && file_answer(p, site, f, r, ret))
			return PAGES_FOUND;
	}
	if (pages_there(p) && !page->promised)
		return PAGES_NO_PATH;
	missing_answer(site, ret);
	return PAGES_FOUND;
}
