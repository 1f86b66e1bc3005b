/*
 * cmd_doctor.c: is the shop well? What shopd knows of itself is judged by the rules of its page
 * (core/checkup.h); what it cannot know, because it does not run, or because it is about the box,
 * is looked at from here. Every check is a row: well or not, why, and what to do. With --since only
 * what was well before counts, and with --wait it may take a while: that is how an update is
 * judged.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/read.h"
#include "ledger/stamp.h"
#include "loop/loop.h"
#include "net/socket.h"
#include "shopctl/args.h"
#include "shopctl/ask.h"
#include "shopctl/doctor.h"
#include "shopctl/file.h"
#include "shopctl/spawn.h"
#include "shopctl/text.h"

#define WAIT_MAX_S    600
#define WAIT_STEP_MS  1000
#define BEFORE_MAX    65536
#define OUTPUT_SIZE   2048
#define ROWS_ROOM     (ALARMS_MAX + SENSORS_MAX + 1)
#define ETC_DEFAULT   "/etc/shopkeeper"
#define UPDATE_RESULT "/var/lib/shopkeeper-update/result"

struct options {
	const char *etc, *stamp, *update, *since;
	uint64_t wait_s;
};

static void set(struct doctor *d, uint32_t check, enum finding finding, bool good,
		const char *about)
{
	d->known[check] = true;
	d->row[check].finding = finding;
	d->row[check].well = good;
	snprintf(d->row[check].about, sizeof(d->row[check].about), "%.159s", about);
}

/* --- what shopd says */

struct rows {
	union message *row;
	uint32_t rows;
};

static bool row_take(struct rows *rows, const union message *m)
{
	if (rows->rows == ROWS_ROOM)
		return false;
	rows->row[rows->rows++] = *m;
	return true;
}

/** All that comes up to NOW_IS; false when it did not come whole. */
static bool view_read(int fd, struct rows *rows, union message *m)
{
	message_init(m, MESSAGE_VIEW, ASK_REQUEST);
	m->view.what = VIEW_HEALTH;
	if (ask_send(fd, m, -1) != 0)
		return false;
	for (;;) {
		if (ask_receive(fd, m, ASK_TIMEOUT_MS) != 0)
			return false;
		if (m->head.type == MESSAGE_NOW_IS)
			return true;
		if (m->head.request == ASK_REQUEST && !row_take(rows, m))
			return false;
	}
}

/* A strike that is on at a locked door has no reason of the door's. */
static void levels_look(struct doctor *d, const struct message_now_is *now)
{
	for (uint32_t i = 0; i < now->doors; i++) {
		const struct message_door *door = &now->door[i];

		if (door->strike && (door->mode == DOOR_LOCKED || door->mode == DOOR_LOCKDOWN)) {
			set(d, CHECK_OF_LEVELS, FINDING_BAD, false, door->name);
			return;
		}
	}
	for (uint32_t i = 0; i < now->doors; i++)
		if (now->door[i].tamper || now->door[i].mode == DOOR_RELEASED_BY_FIRE) {
			set(d, CHECK_OF_LEVELS, FINDING_OTHER, false, now->door[i].name);
			return;
		}
	set(d, CHECK_OF_LEVELS, FINDING_WELL, true, "");
}

static void owner_look(struct doctor *d, int fd, bool enrolled)
{
	union message m;

	message_init(&m, MESSAGE_OWNER_CODE, ASK_REQUEST);
	if (enrolled)
		set(d, CHECK_OF_OWNER, FINDING_NONE, true, "");
	else if (ask_send(fd, &m, -1) == 0 && ask_receive(fd, &m, ASK_TIMEOUT_MS) == 0 &&
		 m.head.type == MESSAGE_DONE)
		set(d, CHECK_OF_OWNER, m.done.error ? FINDING_WELL : FINDING_BAD, m.done.error, "");
	explicit_bzero(&m, sizeof(m));
}

static void shopd_asked(struct doctor *d, int fd, const struct checkup_copy *copy)
{
	struct rows rows = {malloc(ROWS_ROOM * sizeof(union message)), 0};
	union message m;

	CHECK(rows.row);
	if (view_read(fd, &rows, &m)) {
		set(d, CHECK_OF_SHOPD, FINDING_WELL, true, "");
		checkup(&m.now_is, rows.row, rows.rows, copy, d->row);
		for (uint32_t i = 0; i < CHECKS_OF; i++)
			d->known[i] = true;
		levels_look(d, &m.now_is);
		owner_look(d, fd, m.now_is.enrolled);
	} else {
		set(d, CHECK_OF_SHOPD, FINDING_BAD, false, strerror(ETIMEDOUT));
	}
	free(rows.row);
}

/** What can be told of the books without shopd. */
static void ledger_look(struct ctl *ctl, struct doctor *d)
{
	struct reader *r = NULL;
	int err = reader_open(ctl->state_dir, &r);
	uint64_t head;

	if (err == 0) {
		err = reader_head(r, &head);
		reader_close(r);
	}
	if (err < 0 && err != -EACCES)
		set(d, CHECK_OF_LEDGER, FINDING_BAD, false, "");
}

static void shopd_look(struct ctl *ctl, struct doctor *d, const struct checkup_copy *copy)
{
	char path[CTL_PATH_SIZE], why[128] = "", about[256];
	int fd;

	if (!ctl_path(path, ctl->run_dir, "control.sock"))
		return;
	fd = ask_open(path, ROLE_CONTROL, why);
	if (fd >= 0) {
		shopd_asked(d, fd, copy);
		close(fd);
		return;
	}
	if (fd == -EACCES || fd == -EPERM) {
		set(d, CHECK_OF_SHOPD, FINDING_OTHER, false, "");
		return;
	}
	snprintf(about, sizeof(about), "%.160s: %.80s", path, fd == -EPROTO ? why : strerror(-fd));
	set(d, CHECK_OF_SHOPD, FINDING_BAD, false, about);
	ledger_look(ctl, d);
}

/* --- what the box says */

/** One line of `shopd --doctor`: WORD FINDING WELL ABOUT, the two in the middle of one digit. */
static void box_line(struct doctor *d, char *line)
{
	size_t len = strcspn(line, " ");
	char *rest = line + len;
	uint32_t check, finding;

	if (len == 0 || strlen(rest) < 5 || rest[2] != ' ' || rest[4] != ' ')
		return;
	*rest = '\0';
	check = check_of_parse(line);
	finding = (uint32_t)(rest[1] - '0');
	if (check == CHECKS_ALL || finding >= FINDINGS || d->known[check] ||
	    !finding_known(check, (enum finding)finding))
		return;
	set(d, check, (enum finding)finding, rest[3] == '1', rest + 5);
}

static void config_bad(struct doctor *d, char *text)
{
	text[strcspn(text, "\n")] = '\0';
	set(d, CHECK_OF_CONFIG, FINDING_BAD, false, text);
}

static void box_look(struct ctl *ctl, struct doctor *d, const char *etc)
{
	static const char *const programs[] = {"shopd", "counterd", "courierd"};
	char file[CTL_PATH_SIZE], name[32], text[OUTPUT_SIZE] = "";
	int status = 0;

	for (uint32_t i = 0; i < ARRAY_LEN(programs); i++) {
		snprintf(name, sizeof(name), "%s.conf", programs[i]);
		if (!ctl_path(file, etc, name))
			return;
		if (access(file, R_OK) != 0 && errno == EACCES) {
			set(d, CHECK_OF_CONFIG, FINDING_NONE, true, file);
			continue;
		}
		if (program_ask(ctl, programs[i], i == 0 ? "--doctor" : "--check", file, text,
				sizeof(text), &status) != CTL_DONE)
			return;
		if (status != 0) {
			config_bad(d, text);
			return;
		}
		for (char *line = text, *next; i == 0 && line && *line; line = next) {
			next = strchr(line, '\n');
			if (next)
				*next++ = '\0';
			box_line(d, line);
		}
	}
	if (!d->known[CHECK_OF_CONFIG])
		set(d, CHECK_OF_CONFIG, FINDING_WELL, true, "");
}

/** The last update's outcome: `done VERSION`, `back VERSION`, or `under VERSION` while it is being
 * made. */
static void update_look(struct doctor *d, const char *path)
{
	static const char *const word[] = {"done ", "back ", "under "};
	static const enum finding finding[] = {FINDING_WELL, FINDING_BAD, FINDING_OTHER};
	FILE *file = fopen(path, "re");
	char text[128] = "";
	struct stat st;

	set(d, CHECK_OF_UPDATE, FINDING_NONE, true, "");
	if (!file)
		return;
	if (fstat(fileno(file), &st) == 0 && S_ISREG(st.st_mode) && fgets(text, sizeof(text), file))
		text[strcspn(text, "\n")] = '\0';
	for (uint32_t i = 0; i < ARRAY_LEN(word); i++)
		if (strncmp(text, word[i], strlen(word[i])) == 0)
			set(d, CHECK_OF_UPDATE, finding[i], i == 0, text + strlen(word[i]));
	fclose(file);
}

static void stick_look(struct doctor *d, const struct backup_stamp *stamp, int64_t now_ms)
{
	char text[WALL_TEXT_SIZE];

	if (stamp->also == 0) {
		set(d, CHECK_OF_STICK, FINDING_NONE, true, "");
		return;
	}
	wall_text(stamp->also_at, text);
	if (now_ms - stamp->also_at.ms < CHECKUP_COPY_MS)
		set(d, CHECK_OF_STICK, FINDING_WELL, true, text);
	else
		set(d, CHECK_OF_STICK, FINDING_BAD, false, stamp->also_at.ms == 0 ? "-" : text);
}

static void look(struct ctl *ctl, const struct options *o, struct doctor *d)
{
	struct backup_stamp stamp = {.also = 0};
	struct checkup_copy copy = {.now_ms = loop_wall().ms};

	memset(d, 0, sizeof(*d));
	if (backup_stamp_read(o->stamp, &stamp))
		copy.at_ms = stamp.at.ms;
	shopd_look(ctl, d, &copy);
	box_look(ctl, d, o->etc);
	stick_look(d, &stamp, copy.now_ms);
	update_look(d, o->update);
}

/* --- the command */

/** Marks what was not well before: a file of `shopctl --json doctor`. */
static enum ctl_exit before_read(struct ctl *ctl, const char *path, bool ill_before[CHECKS_ALL])
{
	char *text = NULL;
	uint32_t len = 0;
	enum ctl_exit code = file_whole(ctl, path, BEFORE_MAX, &text, &len);
	json_t *root, *row;
	size_t i;

	if (code != CTL_DONE)
		return code;
	root = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
	free(text);
	json_array_foreach(json_object_get(root, "checks"), i, row)
	{
		const char *word = json_string_value(json_object_get(row, "check"));
		uint32_t check = word ? check_of_parse(word) : CHECKS_ALL;

		if (check < CHECKS_ALL)
			ill_before[check] = json_is_false(json_object_get(row, "ok"));
	}
	if (!json_is_array(json_object_get(root, "checks")))
		code = ctl_fail(ctl, CTL_REFUSED, "%s is no answer of 'shopctl --json doctor'",
				path);
	json_decref(root);
	return code;
}

static bool fails(const struct doctor *d, const bool ill_before[CHECKS_ALL])
{
	for (uint32_t i = 0; i < CHECKS_ALL; i++)
		if (d->known[i] && !d->row[i].well && !ill_before[i])
			return true;
	return false;
}

static enum ctl_exit doctor_run(struct ctl *ctl, const struct options *o)
{
	struct mono end = mono_add(loop_mono(), (int64_t)o->wait_s * 1000);
	bool ill_before[CHECKS_ALL] = {false};
	struct doctor *d = malloc(sizeof(*d));
	enum ctl_exit code = CTL_DONE;

	CHECK(d);
	if (o->since)
		code = before_read(ctl, o->since, ill_before);
	while (code == CTL_DONE) {
		look(ctl, o, d);
		if (!fails(d, ill_before) || mono_due(loop_mono(), end))
			break;
		poll(NULL, 0, WAIT_STEP_MS);
	}
	if (code == CTL_DONE)
		code = doctor_print(ctl, d, doctor_language(),
				    fails(d, ill_before) ? CTL_REFUSED : CTL_DONE);
	free(d);
	return code;
}

enum ctl_exit shopctl_doctor(struct ctl *ctl)
{
	struct options o = {ETC_DEFAULT, BACKUP_STAMP, UPDATE_RESULT, NULL, 0};
	const char *etc = NULL, *stamp = NULL, *update = NULL, *wait = NULL;
	const struct option options[] = {
		{"--etc", &etc, NULL},	     {"--stamp", &stamp, NULL}, {"--update", &update, NULL},
		{"--since", &o.since, NULL}, {"--wait", &wait, NULL},
	};
	enum ctl_exit code = args_read(ctl, options, ARRAY_LEN(options), NULL, 0, 0);

	if (code != CTL_DONE)
		return code;
	if (wait && !digits_read(wait, WAIT_MAX_S, &o.wait_s))
		return ctl_usage(ctl, "--wait is seconds, %d at most", WAIT_MAX_S);
	o.etc = etc ? etc : o.etc;
	o.stamp = stamp ? stamp : o.stamp;
	o.update = update ? update : o.update;
	return doctor_run(ctl, &o);
}
