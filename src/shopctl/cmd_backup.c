/*
 * cmd_backup.c: copies of the books and the configuration, and the way back. Restoring is for a
 * shop by itself: where there is an office the box takes back from it what is newer than any
 * backup, in a new epoch, or it would say the same numbers twice.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/backup.h"
#include "ledger/stamp.h"
#include "shopctl/args.h"
#include "shopctl/backup.h"
#include "shopctl/backup_files.h"
#include "shopctl/backup_kept.h"
#include "shopctl/restore.h"
#include "shopctl/text.h"

enum ctl_exit shopctl_backup(struct ctl *ctl)
{
	const char *dir = NULL, *etc = NULL, *conf_path = NULL, *stamp = NULL;
	const struct option options[] = {
		{"--etc", &etc, NULL}, {"--conf", &conf_path, NULL}, {"--stamp", &stamp, NULL}};
	enum ctl_exit code = args_read(ctl, options, ARRAY_LEN(options), &dir, 0, 1);
	struct backup_conf conf;

	etc = etc ? etc : ETC_DIR_DEFAULT;
	if (code != CTL_DONE)
		return code;
	if (dir && (conf_path || stamp))
		return ctl_usage(ctl, "a DIR of its own is on no schedule: no --conf, no --stamp");
	if (dir)
		return backup_make(ctl, dir, etc);
	code = backup_conf_read(ctl, conf_path ? conf_path : BACKUP_CONF, &conf);
	if (code != CTL_DONE)
		return code;
	return backup_kept_make(ctl, &conf, etc, stamp ? stamp : BACKUP_STAMP);
}

/* --- the way back */

/** One of the two files, copied and read whole before it may take its place. */
static enum ctl_exit one_ready(struct ctl *ctl, const char *dir, const char *room, bool catalogue)
{
	const char *name = catalogue ? "catalog.db" : "ledger.db";
	char from[CTL_PATH_SIZE], to[CTL_PATH_SIZE], why[200] = "";
	enum ctl_exit code;

	if (!ctl_path(from, dir, name) || !ctl_path(to, room, name))
		return ctl_usage(ctl, "a path is too long");
	if (catalogue && access(from, F_OK) != 0)
		return CTL_DONE;
	code = file_copy(ctl, from, to);
	if (code == CTL_DONE && backup_sound(to, catalogue, why) < 0)
		code = ctl_fail(ctl, CTL_REFUSED, "refused: %s", why);
	backup_beside_remove(to);
	return code;
}

static enum ctl_exit one_put(struct ctl *ctl, const char *state, bool catalogue)
{
	char why[200] = "";
	int err = backup_put_back(state, catalogue, why);

	if (err == 0 || (catalogue && err == -ENOENT))
		return CTL_DONE;
	return ctl_fail(ctl, CTL_REFUSED, "refused: %s", why[0] ? why : strerror(-err));
}

enum ctl_exit backup_put_books(struct ctl *ctl, const char *dir, const char *state,
			       struct verify_result *ret)
{
	char room[CTL_PATH_SIZE], file[CTL_PATH_SIZE];
	enum ctl_exit code;

	if (!ctl_path(room, state, RESTORE_DIR) || !ctl_path(file, room, "ledger.db"))
		return ctl_usage(ctl, "a path is too long");
	folder_remove(room); /* of one that was cut short */
	if ((mkdir(state, 0700) != 0 && errno != EEXIST) || mkdir(room, 0700) != 0)
		return ctl_fail(ctl, CTL_REFUSED, "%s: %s", room, strerror(errno));
	code = one_ready(ctl, dir, room, false);
	if (code == CTL_DONE)
		code = backup_verify(ctl, room, ret);
	backup_beside_remove(file);
	if (code == CTL_DONE)
		code = one_ready(ctl, dir, room, true);
	if (code == CTL_DONE)
		code = one_put(ctl, state, true);
	if (code == CTL_DONE)
		code = one_put(ctl, state, false);
	folder_remove(room);
	return code;
}

enum ctl_exit restore_books(struct ctl *ctl, const char *from, bool unsent)
{
	char pin[CTL_PATH_SIZE], dir[CTL_PATH_SIZE], head[65];
	struct verify_result verified = {0};
	enum ctl_exit code;

	if (!ctl_path(pin, ctl->state_dir, "office.cbor"))
		return ctl_usage(ctl, "a path is too long");
	if (!unsent && access(pin, F_OK) == 0)
		return ctl_fail(
			ctl, CTL_REFUSED,
			"refused: this shop has an office, which knows more than any backup: "
			"'shopctl restore URL CODE --backup %s'",
			from);
	code = backup_newest(ctl, from, dir);
	if (code == CTL_DONE)
		code = backup_put_books(ctl, dir, ctl->state_dir, &verified);
	if (code != CTL_DONE)
		return code;
	hex_text(verified.head.byte, sizeof(verified.head.byte), head);
	if (ctl->json)
		return ctl_json(ctl, CTL_DONE,
				json_pack("{s:s, s:I, s:s}", "from", dir, "entries",
					  (json_int_t)verified.entries, "head", head));
	ctl_say(ctl,
		"The books are those of %s: %llu entries. What was there before is beside them "
		"(*" RESTORE_BEFORE "). Start shopd.",
		dir, (unsigned long long)verified.entries);
	return CTL_DONE;
}
