/*
 * disk.c: the disk under the books, looked at once a minute. Asking a file system may block for as
 * long as the disk does, so a thread asks; that it gets no answer is an answer too.
 *
 * Failing is: less room than shopd.conf wants (well again with a quarter more, for a shop writes
 * and cleans all day), read-only (what Linux makes of a card that has failed), no answer, and a
 * commit of the ledger that takes more than 10 s, under way or done. A card that stalls once is
 * watched for ten minutes: cards that stall die.
 */
#include "shopd/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "shopd/aside.h"

#define MIB	      1048576
#define NO_ANSWER_MS  (3 * DISK_LOOK_MS)
#define TICK_SLACK_MS 1000

/* What is wrong, a bit each. */
enum {
	DISK_LOW = 1,
	DISK_READ_ONLY = 2,
	DISK_SILENT = 4, /* it is not told how it is */
	DISK_SLOW = 8,
};

static const struct {
	uint32_t bit;
	const char *word;
} words[] = {{DISK_LOW, "nearly full"},
	     {DISK_READ_ONLY, "read-only"},
	     {DISK_SILENT, "does not answer"},
	     {DISK_SLOW, "slow"}};

/* What the thread tells. */
struct seen {
	int32_t error;
	uint32_t read_only;
	int64_t free_mib;
};

struct looker {
	char path[PATH_SIZE];
	int fd; /* of the pipe, its own */
};

struct disk {
	struct aside *aside;
	int fd;
	struct watch *watch;
	struct timer *timer;
	struct mono seen_at;
	int64_t free_mib;
	bool seen; /* it was, since the start */
	uint32_t wrong;
	bool told;
	/* of the ledger */
	struct mono slow_until; /* MONO_NEVER: it was not */
	bool waits;		/* a ticket was waiting at the last tick … */
	uint64_t committed;	/* … behind this one */
};

/* --- the thread */

static int64_t look(void *data)
{
	const struct looker *l = data;
	struct statvfs vfs;
	struct seen seen;
	uint64_t bytes;

	memset(&seen, 0, sizeof(seen));
	if (statvfs(l->path, &vfs) < 0) {
		seen.error = -errno;
	} else {
		seen.read_only = (vfs.f_flag & ST_RDONLY) != 0;
		/* as whoever is not root sees it */
		if (__builtin_mul_overflow(vfs.f_bavail, vfs.f_frsize, &bytes))
			bytes = UINT64_MAX;
		seen.free_mib = (int64_t)(bytes / MIB);
	}
	(void)!write(l->fd, &seen, sizeof(seen));
	return DISK_LOOK_MS;
}

static void looker_end(void *data)
{
	struct looker *l = data;

	close(l->fd);
	free(l);
}

/* --- the loop's side */

static void wrong_words(uint32_t wrong, char text[80])
{
	size_t len = 0;

	text[0] = '\0';
	for (uint32_t i = 0; i < ARRAY_LEN(words); i++)
		if (wrong & words[i].bit)
			len += (size_t)snprintf(text + len, 80 - len, "%s%s", len > 0 ? ", " : "",
						words[i].word);
}

static void judge(struct shopd *sd, uint32_t wrong)
{
	struct disk *d = sd->disk;
	bool failing = wrong != 0, changed = !d->told || failing != (d->wrong != 0);
	char text[80];
	struct event e;

	if (wrong != d->wrong) {
		wrong_words(wrong, text);
		journal_line(sd, "disk of %s: %s, %lld MiB free", sd->config.state,
			     failing ? text : "well again", (long long)d->free_mib);
	}
	d->wrong = wrong;
	if (!changed)
		return;
	d->told = true;
	e = shopd_event(sd, EVENT_FAULT);
	e.fault.condition = CONDITION_DISK_FAILING;
	e.fault.failing = failing;
	shopd_step(sd, &e);
}

static uint32_t with(uint32_t wrong, uint32_t bit, bool is)
{
	return is ? wrong | bit : wrong & ~bit;
}

static void on_seen(void *data, int fd, uint32_t events)
{
	struct shopd *sd = data;
	struct disk *d = sd->disk;
	uint32_t wrong = d->wrong;
	int64_t least = sd->config.alarms.disk_free_mb;
	struct seen seen;

	(void)events;
	if (read(fd, &seen, sizeof(seen)) != sizeof(seen))
		return;
	d->seen_at = loop_mono();
	wrong = with(wrong, DISK_SILENT, seen.error != 0);
	if (seen.error == 0) {
		d->free_mib = seen.free_mib;
		d->seen = true;
		if (wrong & DISK_LOW)
			least += least / 4;
		wrong = with(wrong, DISK_LOW, seen.free_mib < least);
		wrong = with(wrong, DISK_READ_ONLY, seen.read_only);
	}
	judge(sd, wrong);
}

/* A commit that does not end is not reported: the same ticket waits at two ticks. */
static bool stuck(struct shopd *sd)
{
	struct disk *d = sd->disk;
	bool waits = sd->ledger && sd->shop.ledger_ok && sd->ticket > sd->committed;
	bool same = waits && d->waits && sd->committed == d->committed;

	d->waits = waits;
	d->committed = sd->committed;
	return same;
}

static void on_tick(void *data)
{
	struct shopd *sd = data;
	struct disk *d = sd->disk;
	struct mono now = loop_mono();
	uint32_t wrong = d->wrong;

	timer_arm(d->timer, mono_add(now, DISK_SLOW_MS));
	if (stuck(sd))
		d->slow_until = mono_add(now, DISK_AFTER_MS);
	wrong = with(wrong, DISK_SLOW,
		     d->slow_until.ms != MONO_NEVER.ms && !mono_due(now, d->slow_until));
	if (mono_due(now, mono_add(d->seen_at, NO_ANSWER_MS)))
		wrong |= DISK_SILENT;
	if (wrong != d->wrong)
		judge(sd, wrong);
}

int64_t disk_free_mib(const struct shopd *sd)
{
	return sd->disk && sd->disk->seen ? sd->disk->free_mib : -1;
}

void disk_committed(struct shopd *sd, int64_t commit_us)
{
	struct disk *d = sd->disk;

	if (!d || commit_us < DISK_SLOW_MS * INT64_C(1000))
		return;
	d->slow_until = mono_add(loop_mono(), DISK_AFTER_MS);
	judge(sd, d->wrong | DISK_SLOW);
}

static int looker_start(struct shopd *sd, int pipe_fd)
{
	struct looker *l = calloc(1, sizeof(*l));

	if (!l)
		return -ENOMEM;
	memcpy(l->path, sd->config.state, sizeof(l->path));
	l->fd = fcntl(pipe_fd, F_DUPFD_CLOEXEC, 0);
	if (l->fd < 0) {
		free(l);
		return -errno;
	}
	return aside_start("disk", look, looker_end, l, &sd->disk->aside);
}

int disk_open(struct shopd *sd)
{
	struct disk *d = calloc(1, sizeof(*d));
	int fd[2], r;

	if (!d)
		return -ENOMEM;
	sd->disk = d;
	d->fd = -1;
	d->slow_until = MONO_NEVER;
	d->seen_at = loop_mono();
	if (pipe2(fd, O_CLOEXEC | O_NONBLOCK) < 0)
		return -errno;
	d->fd = fd[0];
	r = watch_add(sd->loop, d->fd, EPOLLIN, WATCH_IDLE, on_seen, sd, &d->watch);
	if (r == 0)
		r = timer_add(sd->loop, WATCH_IDLE, TICK_SLACK_MS, on_tick, sd, &d->timer);
	if (r == 0)
		r = looker_start(sd, fd[1]);
	close(fd[1]);
	if (r == 0)
		timer_arm(d->timer, mono_add(loop_mono(), DISK_SLOW_MS));
	return r;
}

void disk_close(struct shopd *sd)
{
	struct disk *d = sd->disk;

	if (!d)
		return;
	aside_stop(d->aside);
	timer_free(d->timer);
	watch_free(d->watch);
	if (d->fd >= 0)
		close(d->fd);
	free(d);
	sd->disk = NULL;
}
