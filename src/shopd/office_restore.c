/*
 * office_restore.c: a box that is behind its office takes back what it lacks: a new box in the
 * place of a stolen one, a card put back from an old copy, a ledger that parted from the office's
 * (contracts 5).
 *
 * The ledger is closed meanwhile, on the thread, and so is the shop: nobody is let in and nothing
 * is sold, exactly as with a full disk; doors are watched, and the way out is free. That is why it
 * is begun only while the road is well, and given up when nothing comes: the old ledger is opened
 * again, and it is tried anew after a pause that doubles. What was taken back is checked batch by
 * batch against the head that the office has signed; a file that ends elsewhere is never put in
 * place (ledger/restore.h).
 */
#include "shopd/office.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

#define PAUSE_FIRST_MS 60000
#define PAUSE_MAX_MS   3600000
#define FETCH_MS       60000 /* nothing came for so long */
#define COPY_MAX       (64LL << 30)
#define TAIL_MAX       (SYNC_BATCH_MAX + 64)

/* --- from the pinned head on */

static void wait_for(struct shopd *sd, int64_t ms)
{
	struct restore_side *r = &sd->office->restore;

	r->step = RESTORE_WAITS;
	r->at = mono_add(loop_mono(), ms);
	sync_look(sd);
}

/* The office knows nothing that we do not: the new epoch begins. */
static void begin_epoch(struct shopd *sd)
{
	struct office_side *o = sd->office;

	o->pin.restoring = false;
	o->acked = o->pin.head.seq;
	o->acked_hash = o->pin.head.hash;
	if (sd->ledger)
		ledger_acked(sd->ledger, o->acked);
	office_begins(sd, o->enrolling.on ? OFFICE_ENROLLED : OFFICE_EPOCH);
	enrol_done(sd, sd->ticket);
	pin_save(sd, NULL);
	sync_tell(sd);
}

static void on_head(struct shopd *sd, struct office_head head, int ours)
{
	struct office_side *o = sd->office;

	if (!o->pin.restoring || head.seq != o->pin.head.seq)
		return; /* it was left meanwhile */
	if (ours < 0) {
		wait_for(sd, PAUSE_FIRST_MS);
	} else if (ours > 0) {
		begin_epoch(sd);
	} else {
		journal_line(sd,
			     "office: it has entries up to %llu that this box lacks: they are "
			     "taken back",
			     (unsigned long long)head.seq);
		wait_for(sd, 0);
	}
}

void head_check(struct shopd *sd)
{
	struct office_side *o = sd->office;

	if (!o->pin.restoring || o->pin.head.seq == 0)
		begin_epoch(sd);
	else
		head_is_ours(sd, o->pin.head, on_head);
}

/* --- over, one way or the other */

static void failed(struct shopd *sd, const char *why)
{
	struct office_side *o = sd->office;
	char text[300];

	journal_line(sd, "office: the tail was not taken back: %s", why);
	snprintf(text, sizeof(text),
		 "enrolled, but the entries that the office has were not taken back: %s. It is "
		 "tried again by itself; see the log",
		 why);
	enrol_failed(sd, text);
	o->restore.pause_ms = o->restore.pause_ms == 0		       ? PAUSE_FIRST_MS
			      : o->restore.pause_ms < PAUSE_MAX_MS / 2 ? o->restore.pause_ms * 2
								       : PAUSE_MAX_MS;
	wait_for(sd, o->restore.pause_ms);
	keep_reopen(sd);
	sync_tell(sd);
}

struct end_job {
	struct job job;
	struct restore_side *side;
	bool keep;
	int error;
	uint32_t again;
	char why[200];
	char because[200]; /* it is thrown away */
};

static void end_run(struct job *job)
{
	struct end_job *j = (struct end_job *)job;

	if (j->side->under_way)
		j->error = restore_end(j->side->under_way, j->keep, &j->again, j->why);
	j->side->under_way = NULL;
	if (j->keep && j->error == 0)
		unlink(j->side->backup); /* ENOENT is as good */
}

static void end_done(struct shopd *sd, struct job *job)
{
	struct restore_side *r = &sd->office->restore;
	const struct end_job *j = (const struct end_job *)job;

	if (!j->keep || j->error < 0) {
		failed(sd, j->keep ? j->why : j->because);
		return;
	}
	journal_line(sd, "office: taken back up to entry %llu; %u entries of our own follow",
		     (unsigned long long)sd->office->pin.head.seq, j->again);
	r->step = RESTORE_OPENS;
	r->pause_ms = 0;
	keep_reopen(sd);
}

static void end(struct shopd *sd, bool keep, const char *because)
{
	struct end_job *j = office_job_new(sizeof(*j), end_run, end_done);

	j->side = &sd->office->restore;
	j->keep = keep;
	snprintf(j->because, sizeof(j->because), "%s", because);
	sd->office->restore.step = RESTORE_ENDS;
	office_job(sd, &j->job);
}

void restore_opened(struct shopd *sd)
{
	struct office_side *o = sd->office;

	o->restore.step = RESTORE_NONE;
	o->pin.restoring = false;
	o->pin.told = true; /* the new file begins the epoch by itself */
	if (o->acked < o->pin.head.seq) {
		o->acked = o->pin.head.seq;
		o->acked_hash = o->pin.head.hash;
		ledger_acked(sd->ledger, o->acked);
	}
	o->refused_by_word = false;
	o->want_snapshot = true; /* who came back from nothing has no roster either */
	pin_save(sd, NULL);
	enrol_done(sd, sd->ticket);
	office_committed(sd); /* nothing may have been queued since */
	journal_line(sd, "office: the ledger is whole again, epoch %u", o->pin.epoch);
}

/* --- the beginning */

struct begin_job {
	struct job job;
	struct restore_side *side;
	struct ledger *ledger; /* to be closed first */
	int backup_fd;
	struct wall now;
	uint64_t after;
	int error;
	char why[200];
};

/* The backup's file beside our own: the fd may be of a stick that is pulled, or of a file that we
 * may not open again by its name. */
static int backup_copy(struct begin_job *j)
{
	struct restore_side *r = j->side;
	int to = open(r->backup, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	off_t at = 0;
	ssize_t n = 1;
	int error = 0;

	if (to < 0)
		return -errno;
	while (n > 0 && at < COPY_MAX)
		n = sendfile(to, j->backup_fd, &at, 1 << 20);
	if (n < 0)
		error = -errno;
	if (close(to) < 0 && error == 0)
		error = -errno;
	if (error < 0)
		unlink(r->backup);
	return error;
}

static void begin_run(struct job *job)
{
	struct begin_job *j = (struct begin_job *)job;
	struct restore_side *r = j->side;

	if (j->ledger)
		ledger_stop(j->ledger);
	if (j->backup_fd >= 0)
		j->error = backup_copy(j);
	if (j->error < 0) {
		snprintf(j->why, sizeof(j->why), "the backup cannot be read: %s",
			 strerror(-j->error));
		return;
	}
	r->what.backup = access(r->backup, R_OK) == 0 ? r->backup : NULL;
	j->error = restore_common(&r->what, &j->after, j->why);
	if (j->error == 0)
		j->error = restore_begin(&r->what, j->now, &r->under_way, j->why);
}

static void fetch(struct shopd *sd)
{
	struct restore_side *r = &sd->office->restore;

	if (r->after >= sd->office->pin.head.seq) {
		end(sd, true, "");
		return;
	}
	r->step = RESTORE_FETCHES;
	r->at = mono_add(loop_mono(), FETCH_MS);
	sync_look(sd);
	sync_tell(sd);
}

static void begin_done(struct shopd *sd, struct job *job)
{
	struct restore_side *r = &sd->office->restore;
	const struct begin_job *j = (const struct begin_job *)job;

	if (r->backup_fd >= 0)
		close(r->backup_fd);
	r->backup_fd = -1;
	if (j->error < 0) {
		end(sd, false, j->why[0] ? j->why : strerror(-j->error));
		return;
	}
	r->after = j->after;
	fetch(sd);
}

static void begin(struct shopd *sd)
{
	struct office_side *o = sd->office;
	struct restore_side *r = &o->restore;
	struct ledger *ledger = NULL;
	struct begin_job *j;

	/* somebody waits at the keyboard, or the road is known to be well */
	if ((!o->enrolling.on && o->road != CARRIED_WELL) || !keep_release(sd, &ledger)) {
		r->at = mono_add(loop_mono(), LEDGER_RETRY_MS);
		return;
	}
	j = office_job_new(sizeof(*j), begin_run, begin_done);
	memcpy(r->dir, sd->config.state, sizeof(r->dir));
	snprintf(r->backup, sizeof(r->backup), "%s/restore.db", r->dir);
	r->what = (struct restore){.dir = r->dir};
	memcpy(r->what.head.shop, sd->config.shop, sizeof(r->what.head.shop));
	r->what.head.epoch = o->pin.epoch;
	r->what.head.seq = o->pin.head.seq;
	r->what.head.hash = o->pin.head.hash;
	r->what.head.at = loop_wall();
	j->side = r;
	j->ledger = ledger;
	j->backup_fd = r->backup_fd;
	j->now = loop_wall();
	r->step = RESTORE_BEGINS;
	journal_line(sd, "office: the shop is closed while its ledger is made whole");
	office_job(sd, &j->job);
}

/* --- a batch of it */

struct take_job {
	struct job job;
	struct restore_side *side;
	int fd;
	uint32_t bytes;
	uint64_t after;
	int error;
	char why[200];
};

static void take_run(struct job *job)
{
	struct take_job *j = (struct take_job *)job;
	void *map = mmap(NULL, j->bytes, PROT_READ, MAP_SHARED, j->fd, 0);

	if (map == MAP_FAILED) {
		j->error = -errno;
	} else {
		j->error = restore_take(j->side->under_way, (struct span){map, j->bytes}, &j->after,
					j->why);
		munmap(map, j->bytes);
	}
	close(j->fd);
}

static void take_done(struct shopd *sd, struct job *job)
{
	struct restore_side *r = &sd->office->restore;
	const struct take_job *j = (const struct take_job *)job;
	bool forward = j->error == 0 && j->after > r->after;

	if (!forward) {
		const char *why = j->error == 0 ? "the office has sent no further entry"
				  : j->why[0]	? j->why
						: strerror(-j->error);

		said_answer(sd, why);
		end(sd, false, why);
		return;
	}
	r->after = j->after;
	fetch(sd);
	said_answer(sd, NULL);
}

void restore_tail(struct shopd *sd, int fd, uint32_t bytes)
{
	struct restore_side *r = &sd->office->restore;
	struct take_job *j;

	if (r->step != RESTORE_FETCHES || bytes == 0 || bytes > TAIL_MAX) {
		close(fd);
		said_answer(sd, r->step != RESTORE_FETCHES ? "no tail was asked for"
							   : "a batch has at most a MiB");
		return;
	}
	j = office_job_new(sizeof(*j), take_run, take_done);
	j->side = r;
	j->fd = fd;
	j->bytes = bytes;
	r->step = RESTORE_TAKES;
	office_job(sd, &j->job);
}

/* --- when */

struct mono restore_look(struct shopd *sd)
{
	struct restore_side *r = &sd->office->restore;

	if (r->step == RESTORE_WAITS && mono_due(loop_mono(), r->at))
		begin(sd);
	else if (r->step == RESTORE_FETCHES && mono_due(loop_mono(), r->at))
		end(sd, false, "the office did not send them");
	return r->step == RESTORE_WAITS || r->step == RESTORE_FETCHES ? r->at : MONO_NEVER;
}

void restore_stop(struct shopd *sd)
{
	struct restore_side *r = &sd->office->restore;
	uint32_t again;
	char why[200];

	if (r->under_way && restore_end(r->under_way, false, &again, why) < 0)
		journal_line(sd, "office: %s", why);
	r->under_way = NULL;
}
