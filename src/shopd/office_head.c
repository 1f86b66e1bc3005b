/*
 * office_head.c: whether an entry that the office speaks of stands in our own ledger, with the same
 * hash. The file is asked, by a reader of its own on the thread: the loop knows the head and no
 * more.
 */
#include "shopd/office.h"

#include <errno.h>
#include <string.h>

#include "ledger/read.h"

struct head_job {
	struct job job;
	char dir[PATH_SIZE];
	struct office_head head;
	int ours;
	void (*then)(struct shopd *sd, struct office_head head, int ours);
};

static bool compare(void *data, const struct raw_entry *e)
{
	struct head_job *j = data;

	j->ours = e && e->seq == j->head.seq &&
		  memcmp(e->hash.byte, j->head.hash.byte, sizeof(e->hash.byte)) == 0;
	return true;
}

static void head_run(struct job *job)
{
	struct head_job *j = (struct head_job *)job;
	struct reader *reader = NULL;
	int r = reader_open(j->dir, &reader);

	if (r == 0) {
		r = reader_raw(reader, j->head.seq - 1, 1, compare, j);
		reader_close(reader);
	}
	if (r < 0)
		j->ours = r == -ENOENT ? 0 : r;
}

static void head_done(struct shopd *sd, struct job *job)
{
	const struct head_job *j = (const struct head_job *)job;

	j->then(sd, j->head, j->ours);
}

void head_is_ours(struct shopd *sd, struct office_head head,
		  void (*then)(struct shopd *sd, struct office_head head, int ours))
{
	struct head_job *j = office_job_new(sizeof(*j), head_run, head_done);

	CHECK(head.seq > 0);
	memcpy(j->dir, sd->config.state, sizeof(j->dir));
	j->head = head;
	j->then = then;
	office_job(sd, &j->job);
}
