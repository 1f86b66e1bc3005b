/*
 * update.c: the manifest first, then its packages in parts of UPDATE_PART bytes, each appended to
 * NAME.part: what has come stays, over a lost road and over a restart. How large a package may be
 * the manifest says, within RELEASE_FILE_MAX. A package that is all there and not what the manifest
 * says is fetched anew. When all are there the manifest takes its name, `ready`, by rename, and the
 * rest is root's, who verifies all of it again.
 *
 * A part is written to the cache and not synced: who installs reads a copy of his own.
 */
#include "courierd/update.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/version.h"
#include "crypto/es256.h"
#include "net/http_client.h"
#include "wire/release.h"

#define READY	  "ready"
#define PATH_ROOM 512
#define MIB	  1048576
#define RESULT	  "/var/lib/shopkeeper-update/result"

struct updater {
	const struct update_section *config;
	char dir[PATH_ROOM];
	struct http_client *http; /* of its own: a slow folder takes no request of the texts' */
	struct timer *timer;
	uint64_t random;
	int64_t again_ms;
	char manifest[RELEASE_TEXT_MAX];
	uint32_t manifest_len;
	struct release release;
	uint32_t at;	/* which of its files is being fetched */
	char said[160]; /* what the log was told last: once is enough */
};

static void next_file(struct updater *u);

/* --- pauses, and what the log is told */

static void rest(struct updater *u, int64_t ms)
{
	/* not every box of an office at once */
	u->random = u->random * 6364136223846793005ULL + 1442695040888963407ULL;
	timer_arm(u->timer, mono_add(loop_mono(),
				     ms + (int64_t)((u->random >> 33) % (uint64_t)(ms / 4 + 1))));
}

static void trouble(struct updater *u, const char *what)
{
	if (strcmp(u->said, what) != 0)
		fprintf(stderr, "updates: %s\n", what);
	snprintf(u->said, sizeof(u->said), "%.159s", what);
	rest(u, u->again_ms);
	u->again_ms = u->again_ms * 2 < UPDATE_AGAIN_MAX_MS ? u->again_ms * 2 : UPDATE_AGAIN_MAX_MS;
}

static void all_done(struct updater *u)
{
	u->again_ms = UPDATE_AGAIN_MS;
	u->said[0] = '\0';
	rest(u, u->config->every_minutes * 60000);
}

/* --- files */

static bool path_of(const struct updater *u, const char *name, const char *suffix,
		    char path[PATH_ROOM])
{
	return snprintf(path, PATH_ROOM, "%s/%s%s", u->dir, name, suffix) < PATH_ROOM;
}

/* Up to `max` bytes of a small file; 0: there is none, or it is larger. */
static uint32_t small_read(const char *path, char *bytes, uint32_t max)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	ssize_t n = fd >= 0 ? read(fd, bytes, max) : -1;
	char more;

	if (n == (ssize_t)max && read(fd, &more, 1) != 0)
		n = -1;
	if (fd >= 0)
		close(fd);
	return n > 0 ? (uint32_t)n : 0;
}

static bool of_release(const struct release *r, const char *name)
{
	for (uint32_t i = 0; i < r->files; i++) {
		size_t len = strlen(r->file[i].name);

		if (strncmp(name, r->file[i].name, len) == 0 &&
		    (name[len] == '\0' || strcmp(name + len, ".part") == 0))
			return true;
	}
	return false;
}

/* What belongs to another release goes: the folder never holds more than one. */
static void others_remove(const struct updater *u)
{
	DIR *dir = opendir(u->dir);
	const struct dirent *entry;
	char path[PATH_ROOM];

	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' && !of_release(&u->release, entry->d_name) &&
		    path_of(u, entry->d_name, "", path))
			unlink(path);
	if (dir)
		closedir(dir);
}

static bool room_for(const struct updater *u)
{
	uint64_t bytes = 0;
	struct statvfs vfs;

	for (uint32_t i = 0; i < u->release.files; i++)
		bytes += u->release.file[i].size;
	return statvfs(u->dir, &vfs) == 0 &&
	       (uint64_t)vfs.f_bavail * vfs.f_frsize >= bytes + (uint64_t)UPDATE_FREE_MIN_MB * MIB;
}

/* How much of a file is here; more than there is to it is none of it. */
static uint32_t have(const char *path, uint32_t size)
{
	struct stat st;

	if (lstat(path, &st) < 0 || !S_ISREG(st.st_mode))
		return 0;
	if (st.st_size > (off_t)size) {
		unlink(path);
		return 0;
	}
	return (uint32_t)st.st_size;
}

static bool part_append(const char *path, uint32_t at, struct span bytes)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0640);
	bool good = fd >= 0 && pwrite(fd, bytes.data, bytes.len, at) == (ssize_t)bytes.len;

	if (fd >= 0)
		close(fd);
	return good;
}

static bool file_is(const char *path, const struct release_file *f)
{
	uint8_t *bytes = malloc(f->size);
	struct sha256 hash = {{0}};
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	uint32_t len = 0;
	ssize_t n;

	while (bytes && fd >= 0 && len < f->size && (n = read(fd, bytes + len, f->size - len)) > 0)
		len += (uint32_t)n;
	if (bytes && len == f->size)
		hash = sha256(bytes, len);
	if (fd >= 0)
		close(fd);
	free(bytes);
	return memcmp(&hash, &f->hash, sizeof(hash)) == 0;
}

/* --- packages */

/* All are here: the manifest by its name is the word that they are. */
static void ready(struct updater *u)
{
	char path[PATH_ROOM], beside[PATH_ROOM];

	if (!path_of(u, READY, "", path) || !path_of(u, READY, ".new", beside))
		return;
	unlink(beside);
	if (!part_append(beside, 0, (struct span){(const uint8_t *)u->manifest, u->manifest_len}) ||
	    rename(beside, path) < 0) {
		trouble(u, "the folder cannot be written");
		return;
	}
	fprintf(stderr, "updates: %s is here, and waits until the shop lets it in\n",
		u->release.version);
	all_done(u);
}

static void on_part(void *data, const struct http_answer *answer)
{
	struct updater *u = data;
	const struct release_file *f = &u->release.file[u->at];
	char path[PATH_ROOM], why[120];
	uint32_t at, left;

	if (!path_of(u, f->name, ".part", path))
		return;
	at = have(path, f->size);
	left = f->size - at < UPDATE_PART ? f->size - at : UPDATE_PART;
	/* a server without ranges sends all of it: good where that is as much */
	if (!answer->whole ||
	    !((answer->status == 206 && answer->body.len == left) ||
	      (answer->status == 200 && at == 0 && answer->body.len == f->size))) {
		snprintf(why, sizeof(why), "a package cannot be fetched (status %ld%s%.60s)",
			 answer->status, answer->trouble[0] ? ", " : "", answer->trouble);
		trouble(u, why);
	} else if (!part_append(path, at, answer->body)) {
		trouble(u, "the folder cannot be written");
	} else {
		u->again_ms = UPDATE_AGAIN_MS;
		next_file(u);
	}
}

static void part_ask(struct updater *u, const struct release_file *f, uint32_t at)
{
	uint32_t end = f->size - at < UPDATE_PART ? f->size : at + UPDATE_PART;
	char url[HTTP_URL_MAX], range[64];
	struct http_ask ask = {.method = "GET",
			       .url = url,
			       .extra = {range},
			       .answer_max = UPDATE_PART,
			       .total_ms = UPDATE_PART_MS};

	snprintf(range, sizeof(range), "Range: bytes=%u-%u", at, end - 1);
	if (snprintf(url, sizeof(url), "%s/%s", u->config->url, f->name) >= (int)sizeof(url) ||
	    http_ask(u->http, &ask, on_part, u) < 0)
		trouble(u, "a package's address may not be asked");
}

static void next_file(struct updater *u)
{
	for (; u->at < u->release.files; u->at++) {
		const struct release_file *f = &u->release.file[u->at];
		char part[PATH_ROOM], path[PATH_ROOM];
		uint32_t at;

		if (!path_of(u, f->name, "", path) || !path_of(u, f->name, ".part", part))
			return;
		if (have(path, f->size) == f->size)
			continue;
		at = have(part, f->size);
		if (at < f->size) {
			part_ask(u, f, at);
			return;
		}
		if (!file_is(part, f)) {
			unlink(part);
			trouble(u, "a package is not what was signed: it is fetched anew");
			return;
		}
		if (rename(part, path) < 0) {
			trouble(u, "the folder cannot be written");
			return;
		}
	}
	ready(u);
}

/* --- the manifest */

static bool signed_by_us(const struct updater *u)
{
	struct public_key key[RELEASE_KEYS_MAX];
	char text[RELEASE_KEYS_TEXT_MAX];
	uint32_t len = small_read(u->config->keys, text, sizeof(text));
	uint32_t keys = release_keys((struct span){(const uint8_t *)text, len}, key);

	for (uint32_t i = 0; i < keys; i++)
		if (es256_verify(&key[i], (const uint8_t *)u->manifest, u->release.signed_len,
				 u->release.signature) == 1)
			return true;
	return false;
}

/* It was tried, and the shop was not as well with it as before. */
static bool taken_back(const char *version)
{
	char text[128], back[128];
	uint32_t len = small_read(RESULT, text, sizeof(text) - 1);

	text[len] = '\0';
	snprintf(back, sizeof(back), "back %s\n", version);
	return strcmp(text, back) == 0;
}

void update_version(char *text, uint32_t size)
{
	char result[128], *back = result + 5;
	uint32_t len = small_read(RESULT, result, sizeof(result) - 1);

	result[len] = '\0';
	result[strcspn(result, "\n")] = '\0';
	if (strncmp(result, "back ", 5) == 0 && strlen(back) <= RELEASE_VERSION_MAX &&
	    release_newer(back, SHOPKEEPER_VERSION))
		snprintf(text, size, SHOPKEEPER_VERSION ", not %.20s", back);
	else
		snprintf(text, size, "%s", SHOPKEEPER_VERSION);
}

static bool here_already(const struct updater *u)
{
	char path[PATH_ROOM], text[RELEASE_TEXT_MAX];

	return path_of(u, READY, "", path) &&
	       small_read(path, text, sizeof(text)) == u->manifest_len &&
	       memcmp(text, u->manifest, u->manifest_len) == 0;
}

static void manifest_judge(struct updater *u)
{
	if (!release_parse((struct span){(const uint8_t *)u->manifest, u->manifest_len},
			   &u->release)) {
		trouble(u, "what the folder calls its manifest is none");
	} else if (!signed_by_us(u)) {
		trouble(u, "no key of this box has signed the manifest");
	} else if (!release_newer(u->release.version, SHOPKEEPER_VERSION) ||
		   taken_back(u->release.version) || here_already(u)) {
		all_done(u);
	} else if (!room_for(u)) {
		trouble(u, "there is no room for it on the disk");
	} else {
		others_remove(u);
		u->at = 0;
		next_file(u);
	}
}

static void on_manifest(void *data, const struct http_answer *answer)
{
	struct updater *u = data;
	char why[120];

	if (answer->status != 200 || !answer->whole || answer->body.len > sizeof(u->manifest)) {
		snprintf(why, sizeof(why), "no manifest (status %ld%s%.80s)", answer->status,
			 answer->trouble[0] ? ", " : "", answer->trouble);
		trouble(u, why);
		return;
	}
	memcpy(u->manifest, answer->body.data, answer->body.len);
	u->manifest_len = answer->body.len;
	manifest_judge(u);
}

static void on_timer(void *data)
{
	struct updater *u = data;
	char url[HTTP_URL_MAX];
	struct http_ask ask = {.method = "GET",
			       .url = url,
			       .answer_max = RELEASE_TEXT_MAX,
			       .total_ms = UPDATE_PART_MS};

	if (snprintf(url, sizeof(url), "%s/manifest", u->config->url) >= (int)sizeof(url) ||
	    http_ask(u->http, &ask, on_manifest, u) < 0)
		trouble(u, "the folder's address may not be asked");
}

/* --- start and stop */

int updater_open(struct loop *loop, const struct config *config, uint64_t seed,
		 struct updater **ret)
{
	struct updater *u;
	int r;

	*ret = NULL;
	if (!config->update.url[0])
		return 0;
	u = calloc(1, sizeof(*u));
	if (!u)
		return -ENOMEM;
	*ret = u;
	u->config = &config->update;
	u->random = seed;
	u->again_ms = UPDATE_AGAIN_MS;
	if (snprintf(u->dir, sizeof(u->dir), "%s/updates", config->state) >= (int)sizeof(u->dir))
		return -ENAMETOOLONG;
	mkdir(u->dir, 0750); /* tmpfiles makes it where there is a system */
	r = http_client_new(loop, &u->http);
	if (r == 0)
		r = timer_add(loop, WATCH_IDLE, 1000, on_timer, u, &u->timer);
	if (r == 0)
		timer_arm(u->timer, mono_add(loop_mono(), UPDATE_FIRST_MS));
	return r;
}

void updater_close(struct updater *u)
{
	if (!u)
		return;
	timer_free(u->timer);
	http_client_free(u->http);
	free(u);
}
