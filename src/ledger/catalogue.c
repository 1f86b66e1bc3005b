/*
 * catalogue.c: the thread that writes catalog.db, and the queue to it. The loop hands in a change
 * and finds, some time later, a roster or a list of articles with it made; it never waits.
 */
#include "ledger/shelf.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "ledger/pulse.h"
#include "ledger/ring.h"

enum {
	NICE = 10,	  /* the ledger and the door go first */
	CHANGES_MAX = 16, /* asked for and not yet read */
};

struct asked {
	struct change change;
	struct wall now;
};

struct catalogue {
	struct ring asks, answers;
	struct asked asked[CHANGES_MAX];
	struct changed changed[CHANGES_MAX];
	int64_t due_ms[CHANGES_MAX]; /* as each answer left it */
	_Atomic bool stopping;
	int wake_fd, changed_fd, done_fd;

	/* the loop's own */
	alignas(64) uint32_t asks_put, answers_taken;
	pthread_t thread;
	struct wall due;
	bool due_asked;

	/* the thread's own */
	alignas(64) uint32_t asks_taken, answers_put;
	struct shelf shelf;
};

static void make(struct shelf *s, const struct asked *a, struct changed *ret)
{
	if (s->broken) {
		ret->error = -EIO;
		why_format(ret->why, "an earlier write failed: start shopd again");
		return;
	}
	switch (a->change.kind) {
	case CHANGE_MEMBER_ADD:
		change_member_add(s, &a->change, ret);
		return;
	case CHANGE_CARD_ADD:
		change_card_add(s, &a->change, ret);
		return;
	case CHANGE_CARD_GONE:
		change_card_gone(s, &a->change, ret);
		return;
	case CHANGE_MEMBER_GONE:
		change_member_gone(s, &a->change, ret);
		return;
	case CHANGE_MEMBER_BLOCK:
		change_member_block(s, &a->change, ret);
		return;
	case CHANGE_IMPORT:
		change_import(s, &a->change, a->now, ret);
		return;
	case CHANGE_OFFICE_KEY_ADD:
		change_office_key(s, &a->change, ret);
		return;
	case CHANGE_PASS:
		change_pass(s, &a->change, ret);
		return;
	case CHANGE_MEMBER_TRUST:
		change_member_trust(s, &a->change, ret);
		return;
	case CHANGE_FEED:
		change_feed(s, &a->change, a->now, ret);
		return;
	case CHANGE_TODO_DONE:
		change_todo_done(s, &a->change, ret);
		return;
	case CHANGE_LEAVE:
		change_leave(s, ret);
		return;
	case CHANGE_DUE:
		change_due(s, a->now, ret);
		return;
	}
	ret->error = -EINVAL;
	why_format(ret->why, "no such change");
}

static void drop(const struct asked *a)
{
	if ((a->change.kind == CHANGE_IMPORT || a->change.kind == CHANGE_FEED) && a->change.fd >= 0)
		close(a->change.fd);
}

static void take_one(struct catalogue *c)
{
	const struct asked *a = &c->asked[c->asks_taken % CHANGES_MAX];
	struct changed *ret = &c->changed[c->answers_put % CHANGES_MAX];

	*ret = (struct changed){.kind = a->change.kind, .tag = a->change.tag};
	make(&c->shelf, a, ret);
	drop(a);
	if (ret->roster)
		c->shelf.roster = ret->roster;
	if (ret->articles)
		c->shelf.articles = ret->articles;
	c->due_ms[c->answers_put % CHANGES_MAX] = c->shelf.due.ms;
	ring_release(&c->asks, ++c->asks_taken);
	ring_publish(&c->answers, ++c->answers_put);
	eventfd_tell(c->changed_fd);
}

static void *run(void *data)
{
	struct catalogue *c = data;
	struct pollfd fd = {.fd = c->wake_fd, .events = POLLIN};

	thread_be_nice(NICE);
	while (!atomic_load(&c->stopping)) {
		if (ring_waiting(&c->asks, c->asks_taken) > 0)
			take_one(c);
		else if (poll(&fd, 1, -1) > 0)
			eventfd_clear(c->wake_fd);
	}
	eventfd_tell(c->done_fd);
	return NULL;
}

static void free_catalogue(struct catalogue *c)
{
	const int fds[] = {c->wake_fd, c->changed_fd, c->done_fd};

	for (uint32_t i = 0; i < ARRAY_LEN(fds); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	shelf_close(&c->shelf);
	free(c);
}

int catalogue_open(const char *dir, struct wall now, struct catalogue **ret,
		   struct roster **ret_roster, struct articles **ret_articles, char why[200])
{
	struct catalogue *c = aligned_alloc(64, sizeof(*c));
	int r;

	CHECK(c);
	memset(c, 0, sizeof(*c));
	r = shelf_open(dir, now, &c->shelf, ret_roster, ret_articles, why);
	if (r < 0) {
		free(c);
		return r;
	}
	c->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	c->changed_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	c->done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (c->wake_fd < 0 || c->changed_fd < 0 || c->done_fd < 0)
		r = -errno;
	if (r == 0)
		r = thread_start(&c->thread, run, c, "catalogue");
	if (r < 0) {
		why_format(why, "%s: %s", catalogue_file.name, strerror(-r));
		roster_free(*ret_roster);
		articles_free(*ret_articles);
		free_catalogue(c);
		return r;
	}
	c->due = c->shelf.due;
	*ret = c;
	return 0;
}

struct feed_state *catalogue_feed(struct catalogue *c, struct feed_todo **ret_todo,
				  uint32_t *ret_todos)
{
	CHECK(c->asks_put == 0); /* the thread has nothing to do: the file is ours */
	*ret_todo = NULL;
	*ret_todos = 0;
	if (feed_todos_load(&c->shelf, 0, ret_todo, ret_todos) != SQLITE_OK)
		return NULL;
	return feed_state_new(&c->shelf);
}

struct wall catalogue_due(const struct catalogue *c)
{
	return c->due;
}

bool catalogue_clock(struct catalogue *c, struct wall now)
{
	struct change change = {.kind = CHANGE_DUE, .fd = -1};

	if (c->due_asked || c->due.ms == 0 || now.ms < c->due.ms)
		return false;
	c->due_asked = catalogue_change(c, &change, now);
	return c->due_asked;
}

/* Read by the thread after it has taken a change, which is queued after this. */
void catalogue_chart(struct catalogue *c, const struct entry_chart *chart)
{
	CHECK(c->asks_put == 0);
	c->shelf.chart = chart;
}

int catalogue_fd(const struct catalogue *c)
{
	return c->changed_fd;
}

bool catalogue_change(struct catalogue *c, const struct change *change, struct wall now)
{
	/* counted until the answer is read, so that every answer finds its room */
	if (c->asks_put - c->answers_taken == CHANGES_MAX)
		return false;
	c->asked[c->asks_put % CHANGES_MAX] = (struct asked){.change = *change, .now = now};
	ring_publish(&c->asks, ++c->asks_put);
	eventfd_tell(c->wake_fd);
	return true;
}

bool catalogue_changed(struct catalogue *c, struct changed *ret)
{
	if (ring_waiting(&c->answers, c->answers_taken) == 0) {
		eventfd_clear(c->changed_fd);
		if (ring_waiting(&c->answers, c->answers_taken) == 0)
			return false;
	}
	*ret = c->changed[c->answers_taken % CHANGES_MAX];
	c->due.ms = c->due_ms[c->answers_taken % CHANGES_MAX];
	if (ret->kind == CHANGE_DUE)
		c->due_asked = false;
	ring_release(&c->answers, ++c->answers_taken);
	return true;
}

void changed_free(struct changed *changed)
{
	for (uint32_t i = 0; i < changed->todos; i++)
		free(changed->todo[i].key_set);
	free(changed->todo);
	free(changed->feed);
	changed->todo = NULL;
	changed->todos = 0;
	changed->feed = NULL;
}

void catalogue_stop(struct catalogue *c)
{
	struct changed changed;

	atomic_store(&c->stopping, true);
	eventfd_tell(c->wake_fd);
	CHECK(pthread_join(c->thread, NULL) == 0);
	while (catalogue_changed(c, &changed)) {
		roster_free(changed.roster);
		articles_free(changed.articles);
		changed_free(&changed);
	}
	for (; c->asks_taken != c->asks_put; c->asks_taken++)
		drop(&c->asked[c->asks_taken % CHANGES_MAX]);
	free_catalogue(c);
}
