/*
 * backup.c: what a shop can be made of again: the ledger, and the catalogue, for without an office
 * nobody else has members and prices. The keys of the box are not in it (a new box makes its own).
 * A copy that nobody has read is no backup: it is verified whole, in a folder of its own, and only
 * then takes the place of the one before.
 */
#include "shopctl/backup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/backup.h"
#include "ledger/read.h"
#include "shopctl/file.h"
#include "shopctl/text.h"

#define CONF_FILE_MAX  65536
#define CONF_FILES_MAX 32
#define NEW_DIR	       "new"

/* --- configuration */

static bool is_conf(const char *name)
{
	size_t len = strlen(name);

	return name[0] != '.' && len > 5 && strcmp(name + len - 5, ".conf") == 0;
}

/** One file, to a place where there is none. */
static enum ctl_exit conf_copy(struct ctl *ctl, const char *from, const char *to)
{
	char *bytes = NULL;
	uint32_t len = 0;
	enum ctl_exit code = file_whole(ctl, from, CONF_FILE_MAX, &bytes, &len);
	bool good;
	int fd;

	if (code != CTL_DONE)
		return code;
	fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640);
	good = fd >= 0 && write(fd, bytes, len) == (ssize_t)len && fsync(fd) == 0;
	if (fd >= 0)
		close(fd);
	if (fd >= 0 && !good)
		unlink(to);
	explicit_bzero(bytes, len);
	free(bytes);
	return good ? CTL_DONE : ctl_fail(ctl, CTL_REFUSED, "%s cannot be written", to);
}

/** Every *.conf of one folder into another; with `over`, over what is there. A folder that is not
 * there has none. */
static enum ctl_exit confs_copy(struct ctl *ctl, const char *from, const char *to, bool over,
				uint32_t *ret)
{
	enum ctl_exit code = CTL_DONE;
	DIR *dir = opendir(from);
	const struct dirent *entry;

	*ret = 0;
	while (dir && code == CTL_DONE && *ret < CONF_FILES_MAX && (entry = readdir(dir))) {
		char source[CTL_PATH_SIZE], target[CTL_PATH_SIZE];

		if (!is_conf(entry->d_name))
			continue;
		if (!ctl_path(source, from, entry->d_name) || !ctl_path(target, to, entry->d_name))
			code = ctl_usage(ctl, "a path is too long");
		if (code == CTL_DONE && over)
			unlink(target);
		if (code != CTL_DONE || access(target, F_OK) == 0)
			continue;
		code = conf_copy(ctl, source, target);
		if (code == CTL_DONE && !over)
			ctl_note(ctl, "%s, from the backup", target);
		*ret += code == CTL_DONE;
	}
	if (dir)
		closedir(dir);
	return code;
}

enum ctl_exit backup_etc_back(struct ctl *ctl, const char *dir, const char *etc, uint32_t *ret)
{
	char from[CTL_PATH_SIZE];

	if (!ctl_path(from, dir, "etc"))
		return ctl_usage(ctl, "a path is too long");
	mkdir(etc, 0755);
	return confs_copy(ctl, from, etc, false, ret);
}

/* --- the ledger */

/** What a reader of a copy leaves beside it. */
void backup_beside_remove(const char *path)
{
	static const char *const suffix[] = {"-wal", "-shm", "-journal"};
	char beside[CTL_PATH_SIZE + 16];

	for (uint32_t i = 0; i < ARRAY_LEN(suffix); i++) {
		snprintf(beside, sizeof(beside), "%s%s", path, suffix[i]);
		unlink(beside);
	}
}

bool backup_dir_sync(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return good;
}

enum ctl_exit backup_open(struct ctl *ctl, const char *dir, int *ret_fd)
{
	char path[CTL_PATH_SIZE];
	struct stat st;
	int fd;

	if (!ctl_path(path, dir, "ledger.db"))
		return ctl_usage(ctl, "a path is too long");
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return ctl_fail(ctl, CTL_REFUSED, "%s: %s", path, strerror(errno));
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size == 0) {
		close(fd);
		return ctl_fail(ctl, CTL_REFUSED, "%s is no backup's ledger", path);
	}
	*ret_fd = fd;
	return CTL_DONE;
}

enum ctl_exit backup_verify(struct ctl *ctl, const char *dir, struct verify_result *ret)
{
	struct reader *r = NULL;
	int err = reader_open(dir, &r);

	if (err == 0) {
		err = reader_verify(r, ret, NULL, NULL);
		reader_close(r);
	}
	if (err < 0)
		return ctl_fail(ctl, CTL_INTERNAL, "the copy cannot be read: %s", strerror(-err));
	if (!ret->ok)
		return ctl_fail(ctl, CTL_REFUSED,
				"the copy is not sound, the backup before stays: "
				"entry %llu: %s",
				(unsigned long long)ret->bad_seq, ret->why);
	return CTL_DONE;
}

static enum ctl_exit ledger_copy(struct ctl *ctl, const char *dir, struct verify_result *ret)
{
	char fresh[CTL_PATH_SIZE], file[CTL_PATH_SIZE], place[CTL_PATH_SIZE], why[200] = "";
	enum ctl_exit code;
	int err;

	if (!ctl_path(fresh, dir, NEW_DIR) || !ctl_path(file, fresh, "ledger.db") ||
	    !ctl_path(place, dir, "ledger.db"))
		return ctl_usage(ctl, "a path is too long");
	if (mkdir(fresh, 0700) != 0 && errno != EEXIST)
		return ctl_fail(ctl, CTL_REFUSED, "%s: %s", fresh, strerror(errno));
	unlink(file); /* of one that was cut short */
	backup_beside_remove(file);
	err = ledger_backup(ctl->state_dir, file, why);
	if (err < 0)
		code = ctl_fail(ctl, CTL_REFUSED, "%s", why[0] ? why : strerror(-err));
	else
		code = backup_verify(ctl, fresh, ret);
	backup_beside_remove(file);
	if (code == CTL_DONE && (rename(file, place) != 0 || !backup_dir_sync(dir)))
		code = ctl_fail(ctl, CTL_REFUSED, "%s: %s", place, strerror(errno));
	unlink(file);
	rmdir(fresh);
	return code;
}

/** Members, prices and passes: of a shop by itself nobody else has them. None yet is none. */
static enum ctl_exit catalogue_copy(struct ctl *ctl, const char *dir)
{
	char source[CTL_PATH_SIZE], fresh[CTL_PATH_SIZE], place[CTL_PATH_SIZE], why[200] = "";
	int err;

	if (!ctl_path(source, ctl->state_dir, "catalog.db") ||
	    !ctl_path(fresh, dir, "catalog.db.new") || !ctl_path(place, dir, "catalog.db"))
		return ctl_usage(ctl, "a path is too long");
	if (access(source, F_OK) != 0)
		return CTL_DONE;
	unlink(fresh); /* of one that was cut short */
	err = catalogue_backup(ctl->state_dir, fresh, why);
	if (err == 0)
		err = backup_sound(fresh, true, why);
	backup_beside_remove(fresh);
	if (err == 0 && (rename(fresh, place) != 0 || !backup_dir_sync(dir)))
		err = -errno;
	if (err == 0)
		return CTL_DONE;
	unlink(fresh);
	return ctl_fail(ctl, CTL_REFUSED, "%s", why[0] ? why : strerror(-err));
}

enum ctl_exit backup_copy(struct ctl *ctl, const char *dir, const char *etc,
			  struct verify_result *ret, uint32_t *ret_confs)
{
	char to[CTL_PATH_SIZE];
	enum ctl_exit code;

	if (!ctl_path(to, dir, "etc"))
		return ctl_usage(ctl, "a path is too long");
	if ((mkdir(dir, 0700) != 0 && errno != EEXIST) || (mkdir(to, 0700) != 0 && errno != EEXIST))
		return ctl_fail(ctl, CTL_REFUSED, "%s: %s", dir, strerror(errno));
	code = ledger_copy(ctl, dir, ret);
	if (code == CTL_DONE)
		code = catalogue_copy(ctl, dir);
	return code == CTL_DONE ? confs_copy(ctl, etc, to, true, ret_confs) : code;
}

enum ctl_exit backup_make(struct ctl *ctl, const char *dir, const char *etc)
{
	struct verify_result verified = {0};
	char head[65];
	uint32_t confs = 0;
	enum ctl_exit code = backup_copy(ctl, dir, etc, &verified, &confs);

	if (code != CTL_DONE)
		return code;
	hex_text(verified.head.byte, sizeof(verified.head.byte), head);
	if (ctl->json)
		return ctl_json(ctl, CTL_DONE,
				json_pack("{s:s, s:I, s:s, s:i}", "dir", dir, "entries",
					  (json_int_t)verified.entries, "head", head,
					  "configuration_files", (int)confs));
	ctl_say(ctl, "%s: %llu entries, verified; %u configuration files.", dir,
		(unsigned long long)verified.entries, confs);
	return CTL_DONE;
}
