/*
 * backup_kept.c: a folder of backups. A name is a promise: what has one was restored and read
 * whole. What is being made has none (".new", ".try"), and what is left of one that was cut short
 * is removed by the next. "20261122T031500Z", UTC: names in order are times in order.
 */
#include "shopctl/backup_kept.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "ledger/backup.h"
#include "ledger/stamp.h"
#include "loop/loop.h"
#include "shopctl/backup.h"
#include "shopctl/backup_files.h"
#include "shopctl/file.h"
#include "wire/conf.h"

#define NAME_LEN  16 /* 20261122T031500Z */
#define KEPT_MAX  400
#define KEEP_MAX  365
#define DIR_USUAL "/var/backups/shopkeeper"

/* --- backup.conf */

static const char *absolute(const char *text)
{
	return text[0] == '/' ? NULL : "an absolute path";
}

enum ctl_exit backup_conf_read(struct ctl *ctl, const char *path, struct backup_conf *ret)
{
	static const struct conf_key keys[] = {
		{.name = "dir",
		 .type = CONF_TEXT,
		 .offset = offsetof(struct backup_conf, dir),
		 .size = sizeof(ret->dir),
		 .rule = absolute},
		{.name = "also",
		 .type = CONF_TEXT,
		 .offset = offsetof(struct backup_conf, also),
		 .size = sizeof(ret->also),
		 .rule = absolute},
		{.name = "keep",
		 .type = CONF_INT,
		 .offset = offsetof(struct backup_conf, keep),
		 .min = 1,
		 .max = KEEP_MAX},
		{.name = "same_disk",
		 .type = CONF_BOOL,
		 .offset = offsetof(struct backup_conf, same_disk)},
	};
	static const struct conf_section section = {
		.kind = "", .key = keys, .keys = ARRAY_LEN(keys)};
	struct backup_conf conf = {.dir = DIR_USUAL, .keep = 14};
	char why[CONF_WHY_MAX], *text = NULL;
	enum ctl_exit code = CTL_DONE;
	uint32_t len = 0;

	if (access(path, F_OK) == 0)
		code = file_whole(ctl, path, CONF_TEXT_MAX, &text, &len);
	if (code == CTL_DONE && text &&
	    !conf_parse(path, (struct span){(const uint8_t *)text, len}, &section, 1, &conf, why))
		code = ctl_fail(ctl, CTL_REFUSED, "%s", why);
	free(text);
	if (code == CTL_DONE)
		*ret = conf;
	return code;
}

/* --- those with a name */

struct kept {
	uint32_t names;
	char name[KEPT_MAX][NAME_LEN + 1]; /* in order */
};

static bool is_name(const char *name)
{
	static const char form[] = "00000000T000000Z";

	for (uint32_t i = 0; i < NAME_LEN; i++)
		if (form[i] == '0' ? name[i] < '0' || name[i] > '9' : name[i] != form[i])
			return false;
	return name[NAME_LEN] == '\0';
}

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void kept_list(const char *path, struct kept *ret)
{
	DIR *dir = opendir(path);
	const struct dirent *entry;

	ret->names = 0;
	while (dir && ret->names < KEPT_MAX && (entry = readdir(dir)))
		if (is_name(entry->d_name))
			memcpy(ret->name[ret->names++], entry->d_name, NAME_LEN + 1);
	if (dir)
		closedir(dir);
	qsort(ret->name, ret->names, sizeof(ret->name[0]), by_name);
}

/** The oldest beyond `keep`, but never the one that was just `made`: a clock that was put back
 * names it before all others. One that is going has lost its name first. */
static void prune(const char *dir, int64_t keep, const char *made)
{
	struct kept *kept = malloc(sizeof(*kept));
	char path[CTL_PATH_SIZE], old[CTL_PATH_SIZE];

	CHECK(kept);
	kept_list(dir, kept);
	for (uint32_t i = 0; (int64_t)(kept->names - i) > keep; i++)
		if (strcmp(kept->name[i], made) != 0 && ctl_path(path, dir, kept->name[i]) &&
		    ctl_path(old, dir, ".old") && rename(path, old) == 0)
			folder_remove(old);
	free(kept);
}

/** What was being made when the power went. */
static enum ctl_exit leftovers_remove(struct ctl *ctl, const char *dir)
{
	static const char *const name[] = {".new", ".try", ".old"};
	char path[CTL_PATH_SIZE];

	for (uint32_t i = 0; i < ARRAY_LEN(name); i++) {
		if (!ctl_path(path, dir, name[i]))
			return ctl_usage(ctl, "a path is too long");
		folder_remove(path);
	}
	return CTL_DONE;
}

enum ctl_exit backup_newest(struct ctl *ctl, const char *dir, char ret[CTL_PATH_SIZE])
{
	char path[CTL_PATH_SIZE];
	struct kept *kept;
	bool good;

	if (!ctl_path(path, dir, "ledger.db") || !ctl_path(ret, dir, "."))
		return ctl_usage(ctl, "a path is too long");
	if (access(path, F_OK) == 0)
		return CTL_DONE;
	kept = malloc(sizeof(*kept));
	CHECK(kept);
	kept_list(dir, kept);
	good = kept->names > 0 && ctl_path(ret, dir, kept->name[kept->names - 1]);
	free(kept);
	return good ? CTL_DONE : ctl_fail(ctl, CTL_REFUSED, "%s holds no backup", dir);
}

/* --- a new one */

static enum ctl_exit name_it(struct ctl *ctl, const char *dir, const char *name, const char *fresh)
{
	char place[CTL_PATH_SIZE];

	if (!ctl_path(place, dir, name))
		return ctl_usage(ctl, "a path is too long");
	if (rename(fresh, place) != 0 || !backup_dir_sync(dir))
		return ctl_fail(ctl, CTL_REFUSED, "%s: %s", place, strerror(errno));
	return CTL_DONE;
}

/** Made, restored beside it by the very way in which a shop is, read whole there, and named. */
static enum ctl_exit fresh_make(struct ctl *ctl, const char *dir, const char *name, const char *etc,
				struct verify_result *ret, uint32_t *ret_confs)
{
	char fresh[CTL_PATH_SIZE], try[CTL_PATH_SIZE];
	struct verify_result again = {0};
	enum ctl_exit code;

	if (!ctl_path(fresh, dir, ".new") || !ctl_path(try, dir, ".try"))
		return ctl_usage(ctl, "a path is too long");
	code = backup_copy(ctl, fresh, etc, ret, ret_confs);
	if (code == CTL_DONE)
		code = backup_put_books(ctl, fresh, try, &again);
	if (code == CTL_DONE && (again.entries != ret->entries ||
				 memcmp(&again.head, &ret->head, sizeof(again.head)) != 0))
		code = ctl_fail(ctl, CTL_REFUSED, "the backup is another when it is restored");
	if (code == CTL_DONE)
		code = name_it(ctl, dir, name, fresh);
	folder_remove(try);
	folder_remove(fresh); /* gone already, where all went well */
	return code;
}

/** The same beyond this box: `also` has to be there, for a stick that is not is an empty folder of
 * this very disk. */
static enum ctl_exit also_make(struct ctl *ctl, const struct backup_conf *conf, const char *name)
{
	char from[CTL_PATH_SIZE], fresh[CTL_PATH_SIZE];
	struct verify_result again;
	struct stat own, stick;
	enum ctl_exit code;

	if (!ctl_path(from, conf->dir, name) || !ctl_path(fresh, conf->also, ".new"))
		return ctl_usage(ctl, "a path is too long");
	if (stat(conf->dir, &own) < 0 || stat(conf->also, &stick) < 0)
		return ctl_fail(ctl, CTL_REFUSED, "%s: %s", conf->also, strerror(errno));
	if (own.st_dev == stick.st_dev && !conf->same_disk)
		return ctl_fail(ctl, CTL_REFUSED,
				"%s is on the same disk as %s: the stick is not plugged in, or not "
				"mounted there",
				conf->also, conf->dir);
	code = leftovers_remove(ctl, conf->also);
	if (code == CTL_DONE)
		code = folder_copy(ctl, from, fresh);
	if (code == CTL_DONE)
		code = backup_verify(ctl, fresh, &again);
	if (code == CTL_DONE)
		code = name_it(ctl, conf->also, name, fresh);
	if (code == CTL_DONE)
		prune(conf->also, conf->keep, name);
	folder_remove(fresh);
	return code;
}

static enum ctl_exit made_say(struct ctl *ctl, const struct backup_conf *conf, const char *name,
			      const struct verify_result *v, uint32_t confs, bool also)
{
	char head[65];

	hex_text(v->head.byte, sizeof(v->head.byte), head);
	if (ctl->json)
		return ctl_json(ctl, CTL_DONE,
				json_pack("{s:s, s:s, s:I, s:s, s:i, s:b}", "dir", conf->dir,
					  "name", name, "entries", (json_int_t)v->entries, "head",
					  head, "configuration_files", (int)confs, "also", also));
	ctl_say(ctl, "%s/%s: %llu entries, restored and verified; %u configuration files.%s%s",
		conf->dir, name, (unsigned long long)v->entries, confs, also ? " Also on " : "",
		also ? conf->also : "");
	return CTL_DONE;
}

enum ctl_exit backup_kept_make(struct ctl *ctl, const struct backup_conf *conf, const char *etc,
			       const char *stamp_path)
{
	struct backup_stamp stamp = {.also = false};
	struct verify_result verified = {0};
	struct wall now = loop_wall();
	time_t seconds = (time_t)(now.ms / 1000);
	enum ctl_exit code, also = CTL_DONE;
	char name[NAME_LEN + 1];
	uint32_t confs = 0;
	struct tm utc;

	if (!gmtime_r(&seconds, &utc) ||
	    strftime(name, sizeof(name), "%Y%m%dT%H%M%SZ", &utc) != NAME_LEN)
		return ctl_fail(ctl, CTL_INTERNAL, "the clock is beyond the calendar");
	if (mkdir(conf->dir, 0700) != 0 && errno != EEXIST)
		return ctl_fail(ctl, CTL_REFUSED, "%s: %s", conf->dir, strerror(errno));
	code = leftovers_remove(ctl, conf->dir);
	if (code == CTL_DONE)
		code = fresh_make(ctl, conf->dir, name, etc, &verified, &confs);
	if (code != CTL_DONE)
		return code;
	prune(conf->dir, conf->keep, name);
	if (!backup_stamp_read(stamp_path, &stamp))
		stamp.also_at = (struct wall){0};
	stamp.at = now;
	stamp.entries = verified.entries;
	stamp.also = conf->also[0] != '\0';
	if (stamp.also) {
		also = also_make(ctl, conf, name);
		stamp.also_at = also == CTL_DONE ? now : stamp.also_at;
	}
	if (backup_stamp_write(stamp_path, &stamp) < 0)
		ctl_note(ctl, "%s cannot be written: nobody is told of this backup", stamp_path);
	if (also != CTL_DONE)
		return also;
	return made_say(ctl, conf, name, &verified, confs, stamp.also);
}
