/*
 * cmd_office.c: the shop and its head office, from the shop's side: enrolling, leaving, and a
 * backup that another box can begin with. shopd does the enrolling and says how it went when all is
 * done, which takes as long as there is to be taken back; meanwhile it is asked now and then how
 * far it is.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "loop/loop.h"
#include "net/socket.h"
#include "shopctl/args.h"
#include "shopctl/ask.h"
#include "shopctl/backup.h"
#include "shopctl/restore.h"
#include "shopctl/text.h"

#define ENROL_STEP_MS 2000
#define ENROL_MAX_MS  3600000 /* ten years of a shop over a village's line */

/** How far it is, on a connection of its own; whatever goes wrong with it is not this command's. */
static void progress_say(struct ctl *ctl, uint64_t *said)
{
	struct ctl quiet = *ctl;
	union message m;
	int fd = -1;

	if (ctl->json)
		return;
	quiet.err = ctl->err;
	if (shop_connect(&quiet, &fd) != CTL_DONE)
		return;
	message_init(&m, MESSAGE_STATUS, ASK_REQUEST);
	if (shop_ask(&quiet, fd, &m, -1, MESSAGE_STATUS_IS, ASK_TIMEOUT_MS) == CTL_DONE &&
	    m.status_is.restoring > 0 && m.status_is.restored != *said) {
		*said = m.status_is.restored;
		ctl_note(ctl, "taken back: %llu of %llu entries",
			 (unsigned long long)m.status_is.restored,
			 (unsigned long long)m.status_is.restoring);
	}
	close(fd);
}

/** The answer to an enrolment, however long it takes. */
static enum ctl_exit enrol_wait(struct ctl *ctl, int fd, union message *m)
{
	struct mono end = mono_add(loop_mono(), ENROL_MAX_MS);
	uint64_t said = 0;
	int err;

	while ((err = ask_receive(fd, m, ENROL_STEP_MS)) == -ETIMEDOUT) {
		if (mono_due(loop_mono(), end))
			return ctl_fail(ctl, CTL_UNREACHABLE,
					"it takes more than an hour: see 'shopctl status'");
		progress_say(ctl, &said);
	}
	if (err != 0)
		return ctl_fail(ctl, CTL_UNREACHABLE,
				"the shop hung up; 'shopctl status' tells whether it is enrolled");
	if (m->head.type != MESSAGE_DONE)
		return ctl_fail(ctl, CTL_INTERNAL, "shopd answered with message %u", m->head.type);
	if (m->done.error != 0)
		return ctl_fail(ctl, CTL_REFUSED, "refused: %s", m->done.text);
	return CTL_DONE;
}

static enum ctl_exit enrol_say(struct ctl *ctl)
{
	const struct message_status_is *s;
	union message m;
	enum ctl_exit code;

	message_init(&m, MESSAGE_STATUS, ASK_REQUEST);
	code = shop_call(ctl, &m, MESSAGE_STATUS_IS);
	if (code != CTL_DONE)
		return code;
	s = &m.status_is;
	if (ctl->json)
		return ctl_json(ctl, CTL_DONE,
				json_pack("{s:o, s:o, s:i, s:I}", "shop", json_clean(s->shop),
					  "office", json_clean(s->office), "epoch", (int)s->epoch,
					  "head_seq", (json_int_t)s->head_seq));
	ctl_say(ctl, "%s is enrolled at %s, epoch %u, entry %llu.", s->shop, s->office, s->epoch,
		(unsigned long long)s->head_seq);
	return CTL_DONE;
}

/** `ledger`: the ledger.db of a backup, or -1. */
static enum ctl_exit enrol_with(struct ctl *ctl, const char *url, const char *code_text, int ledger)
{
	union message m;
	int fd = -1, err;
	enum ctl_exit code;

	message_init(&m, MESSAGE_ENROL, ASK_REQUEST);
	if (strlen(url) >= sizeof(m.enrol.url) || strlen(code_text) >= sizeof(m.enrol.code))
		return ctl_usage(ctl, "the address or the code is too long");
	memcpy(m.enrol.url, url, strlen(url));
	memcpy(m.enrol.code, code_text, strlen(code_text));
	code = shop_connect(ctl, &fd);
	if (code != CTL_DONE)
		return code;
	if (!ctl->json)
		ctl_note(ctl, "Asking %s …", url);
	err = ask_send(fd, &m, ledger);
	code = err == 0 ? enrol_wait(ctl, fd, &m)
			: ctl_fail(ctl, CTL_UNREACHABLE, "the shop took no question: %s",
				   strerror(-err));
	close(fd);
	return code == CTL_DONE ? enrol_say(ctl) : code;
}

enum ctl_exit shopctl_enrol(struct ctl *ctl)
{
	const char *word[2];
	enum ctl_exit code = args_read(ctl, NULL, 0, word, 2, 2);

	return code == CTL_DONE ? enrol_with(ctl, word[0], word[1], -1) : code;
}

enum ctl_exit shopctl_restore(struct ctl *ctl)
{
	const char *word[2], *backup = NULL, *etc = NULL;
	bool unsent = false;
	const struct option options[] = {
		{"--backup", &backup, NULL}, {"--etc", &etc, NULL}, {"--unsent", NULL, &unsent}};
	uint32_t copied = 0;
	int ledger = -1;
	enum ctl_exit code = args_read(ctl, options, ARRAY_LEN(options), word, 1, 2);

	if (code == CTL_DONE && !word[1])
		return backup || etc ? ctl_usage(ctl, "--backup and --etc go with URL and CODE")
				     : restore_books(ctl, word[0], unsent);
	if (code == CTL_DONE && unsent)
		return ctl_usage(ctl, "--unsent goes with FROM alone");
	if (code == CTL_DONE && backup)
		code = backup_open(ctl, backup, &ledger);
	if (code == CTL_DONE && backup)
		code = backup_etc_back(ctl, backup, etc ? etc : ETC_DIR_DEFAULT, &copied);
	if (code == CTL_DONE && copied > 0)
		code = ctl_fail(
			ctl, CTL_REFUSED,
			"%u configuration files of the backup stand in %s now. Look at them, "
			"start shopd, counterd and courierd with them, and say this again",
			copied, etc ? etc : ETC_DIR_DEFAULT);
	if (code == CTL_DONE)
		code = enrol_with(ctl, word[0], word[1], ledger);
	if (ledger >= 0)
		close(ledger);
	return code;
}

enum ctl_exit shopctl_leave(struct ctl *ctl)
{
	union message m;
	enum ctl_exit code = args_read(ctl, NULL, 0, NULL, 0, 0);

	message_init(&m, MESSAGE_LEAVE, ASK_REQUEST);
	if (code == CTL_DONE)
		code = shop_call(ctl, &m, MESSAGE_DONE);
	if (code == CTL_DONE)
		ctl_say(ctl, "The shop has no office any more. Members and prices stay as they are "
			     "and are kept here.");
	return code;
}
