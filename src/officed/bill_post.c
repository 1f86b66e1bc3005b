/*
 * bill_post.c: the loop's side of billing: one job at a time, each begun by the end of the one
 * before. A look makes bundles and leases a mail; the post's thread draws and sends it; its outcome
 * is noted; then it looks again, at once while there was something to do.
 */
#include "officed/bill_post.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "officed/bill_payment.h"

struct post {
	struct loop *loop;
	struct work *work;
	const struct config *config;
	struct timer *timer;
	struct job job;
	struct wall now;
	struct bundle_walk walk;
	struct mono overdue_at; /* when to look next who owes too long */
	bool more;		/* the look has left something to do */
	bool leased;		/* there is a mail in `mailing` */
	int trouble;		/* what the last look ended with: said once */
	struct mailing mailing;
};

static void look(struct post *p);

static void look_again(struct post *p, int64_t in_ms)
{
	timer_arm(p->timer, mono_add(loop_mono(), in_ms));
}

static void add(struct post *p, enum work_class class, job_run_fn *run, job_done_fn *done)
{
	p->now = loop_wall();
	p->job = (struct job){.run = run, .done = done, .data = p};
	if (!work_add(p->work, class, &p->job))
		look_again(p, POST_LOOK_MS);
}

/* --- noting */

static int note_work(struct db *d, void *data)
{
	struct post *p = ((struct job *)data)->data;
	struct office o = {.db = d, .config = p->config};

	mailing_note(&o, &p->mailing, p->now);
	return db_failed(d);
}

static void note_run(struct office *o, struct job *j)
{
	j->result = db_transact(o->db, note_work, j);
}

/* A note that was lost is a mail that goes twice, under the same Message-ID: better than none. */
static void note_done(struct job *j)
{
	struct post *p = j->data;

	if (j->result < 0 && j->result != -ECANCELED)
		fprintf(stderr, "mail: what became of bundle %llu was not noted: it goes again\n",
			(unsigned long long)p->mailing.bundle);
	mailing_free(&p->mailing);
	p->leased = false;
	look_again(p, 0);
}

/* --- sending */

static void send_run(struct office *o, struct job *j)
{
	struct post *p = j->data;

	(void)o;
	mailing_send(p->config, &p->mailing);
}

static void send_done(struct job *j)
{
	struct post *p = j->data;
	const struct mailing *m = &p->mailing;

	fprintf(stderr, "mail: bundle %llu of %s: %s%s\n", (unsigned long long)m->bundle, m->shop,
		m->result == 0	       ? "sent"
		: m->result == -EAGAIN ? "not sent, tried again later: "
				       : "cannot be sent: ",
		m->result == 0 ? "" : m->why);
	add(p, WORK_OWN, note_run, note_done);
}

/* --- looking */

static int look_work(struct db *d, void *data)
{
	struct post *p = ((struct job *)data)->data;
	struct office o = {.db = d, .config = p->config};
	struct bundle_walk walk = p->walk;

	p->more = bundle_gather(&o);
	p->more = bundle_make(&o, &walk, p->now) || p->more;
	if (mono_due(loop_mono(), p->overdue_at))
		p->more = overdue_mark(&o, p->now) + reminder_make(&o, p->now) > 0 || p->more;
	if (db_failed(d) == 0)
		p->walk = walk;
	return db_failed(d);
}

static int lease_work(struct db *d, void *data)
{
	struct post *p = ((struct job *)data)->data;
	struct office o = {.db = d, .config = p->config};

	mailing_free(&p->mailing); /* of a try that others were in the way of */
	p->leased = mailing_lease(&o, p->now, &p->mailing);
	return db_failed(d);
}

static void look_run(struct office *o, struct job *j)
{
	struct post *p = j->data;

	j->result = db_transact(o->db, look_work, j);
	if (j->result == 0 && p->config->mail.given)
		j->result = db_transact(o->db, lease_work, j);
	if (j->result < 0)
		mailing_free(&p->mailing);
}

static void look_done(struct job *j)
{
	struct post *p = j->data;

	if (j->result < 0 && j->result != -ECANCELED && j->result != p->trouble)
		fprintf(stderr, "billing: waits, the database says: %s\n",
			strerrordesc_np(-j->result));
	p->trouble = j->result;
	if (j->result < 0)
		p->leased = false;
	else if (!p->more && mono_due(loop_mono(), p->overdue_at))
		p->overdue_at = mono_add(loop_mono(), OVERDUE_LOOK_MS);
	if (p->leased)
		add(p, WORK_POST, send_run, send_done);
	else
		look_again(p, j->result == 0 && p->more ? 0 : POST_LOOK_MS);
}

static void look(struct post *p)
{
	add(p, WORK_OWN, look_run, look_done);
}

static void on_time(void *data)
{
	look(data);
}

int post_open(struct loop *loop, struct work *work, const struct config *config, struct post **ret)
{
	struct post *p = calloc(1, sizeof(*p));
	int r;

	if (!p)
		return -ENOMEM;
	p->loop = loop;
	p->work = work;
	p->config = config;
	r = timer_add(loop, WATCH_IDLE, 0, on_time, p, &p->timer);
	if (r < 0) {
		free(p);
		return r;
	}
	look_again(p, 0);
	*ret = p;
	return 0;
}

void post_close(struct post *p)
{
	if (!p)
		return;
	mailing_free(&p->mailing);
	timer_free(p->timer);
	free(p);
}
