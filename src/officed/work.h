/*
 * work.h: threads that do what would hold up the loop. A job is given by the loop, run by one
 * thread, and handed back to the loop.
 *
 * Database jobs run on N workers, each with a connection of its own (SQLite: one, for it has one
 * writer). Each class has a queue with a bound, and the classes share the workers' time evenly,
 * whatever their jobs take: an hour of entries catching up leaves a person's request waiting for
 * the one job that runs. Proofs have a thread without a database: who asks is known even while the
 * disk is slow; and so has the post, which waits for mail servers.
 */
#ifndef SHOP_OFFICED_WORK_H
#define SHOP_OFFICED_WORK_H

#include "loop/loop.h"
#include "officed/office.h"

enum work_class {
	WORK_PROOF = 0,	  /* signatures: no database */
	WORK_BOX = 1,	  /* what boxes ask but for entries */
	WORK_ENTRIES = 2, /* batches, large both ways */
	WORK_PEOPLE = 3,  /* operators, members, programs */
	WORK_OWN = 4,	  /* our own: heartbeats, fleet, silence, texts, mail, webhooks */
	WORK_POST = 5,	  /* drawing documents and handing mail to a server: no database */
};
#define WORK_CLASSES 6

struct job;
/** On a worker: `o` is its own, NULL for WORK_PROOF and WORK_POST. Sets j->result to 0 or the
 * -errno of db_transact(). */
typedef void job_run_fn(struct office *o, struct job *j);
/** On the loop: it ran, or j->result says why not: -ENOTCONN there is no database, -ECANCELED we
 * are ending. */
typedef void job_done_fn(struct job *j);

/** Part of the caller's own struct, which stays put until `done`. */
struct job {
	job_run_fn *run;
	job_done_fn *done;
	void *data;
	bool urgent; /* before those of its class that are not; room is kept for it */
	int result;
	/* work.c's own */
	struct job *next;
	enum work_class class;
};

struct work;

/** work_open - starts the threads. They open the database by themselves, again and again while it
 * is away. 0 or -errno. */
MUST_CHECK int work_open(struct loop *loop, const struct config *config,
			 const struct office_keys *keys, struct work **ret);
/** work_close - ends the threads; jobs that did not run are handed back with -ECANCELED. NULL is
 * fine. */
void work_close(struct work *w);

/** work_add - false when the queue of its class is full: 503. */
MUST_CHECK bool work_add(struct work *w, enum work_class class, struct job *j);

struct work_counts {
	uint32_t waiting;
	uint64_t done, refused, used_us;
};
/** work_counts - of a class, as it is now. */
struct work_counts work_counts(struct work *w, enum work_class class);

#endif
