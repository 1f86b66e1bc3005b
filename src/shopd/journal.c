/*
 * journal.c: the log, written by a thread of its own. stderr may be a pipe that nobody reads, or a
 * journal on a card that stalls for seconds: the loop puts a line into a ring and goes on. A full
 * ring drops lines and says how many.
 */
#include "shopd/shopd.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINES_MAX 256 /* a burst: every alarm and refusal of a bad minute */
#define LINE_SIZE (ENTRY_TEXT_SIZE + 64)

struct journal {
	pthread_t thread;
	sem_t filled;
	atomic_uint head; /* lines ever put, by the loop */
	atomic_uint tail; /* lines ever written, by the thread */
	atomic_bool stop;
	uint32_t dropped; /* the loop's */
	char line[LINES_MAX][LINE_SIZE];
};

static void *write_lines(void *data)
{
	struct journal *j = data;

	for (;;) {
		uint32_t tail = atomic_load_explicit(&j->tail, memory_order_relaxed);

		while (sem_wait(&j->filled) < 0 && errno == EINTR)
			;
		if (tail == atomic_load_explicit(&j->head, memory_order_acquire)) {
			if (atomic_load(&j->stop))
				return NULL;
			continue;
		}
		fputs(j->line[tail % LINES_MAX], stderr);
		atomic_store_explicit(&j->tail, tail + 1, memory_order_release);
	}
}

static bool put(struct journal *j, const char *text)
{
	uint32_t head = atomic_load_explicit(&j->head, memory_order_relaxed);
	uint32_t tail = atomic_load_explicit(&j->tail, memory_order_acquire);
	char *line = j->line[head % LINES_MAX];
	char at[WALL_TEXT_SIZE];
	size_t len;

	if (head - tail >= LINES_MAX)
		return false;
	wall_text(loop_wall(), at);
	len = (size_t)snprintf(line, LINE_SIZE, "%s %s", at, text);
	if (len > LINE_SIZE - 2)
		len = LINE_SIZE - 2;
	/* whatever came from outside: one line, and no escape sequence for the terminal of whoever
	 * reads it */
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
			line[i] = '?';
	line[len] = '\n';
	line[len + 1] = '\0';
	atomic_store_explicit(&j->head, head + 1, memory_order_release);
	sem_post(&j->filled);
	return true;
}

void journal_line(struct shopd *sd, const char *format, ...)
{
	struct journal *j = sd->journal;
	char text[LINE_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (j->dropped > 0) {
		char told[64];

		snprintf(told, sizeof(told), "journal: %u lines found no room", j->dropped);
		if (put(j, told))
			j->dropped = 0;
	}
	if (!put(j, text))
		j->dropped++;
}

int journal_start(struct shopd *sd)
{
	struct journal *j = malloc(sizeof(*j));
	sigset_t all, before;
	int r;

	if (!j)
		return -ENOMEM;
	memset(j, 0, sizeof(*j));
	if (sem_init(&j->filled, 0, 0) < 0) {
		free(j);
		return -errno;
	}
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	r = pthread_create(&j->thread, NULL, write_lines, j);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (r != 0) {
		sem_destroy(&j->filled);
		free(j);
		return -r;
	}
	sd->journal = j;
	return 0;
}

void journal_stop(struct shopd *sd)
{
	struct journal *j = sd->journal;

	if (!j)
		return;
	atomic_store(&j->stop, true);
	sem_post(&j->filled);
	pthread_join(j->thread, NULL);
	sem_destroy(&j->filled);
	free(j);
	sd->journal = NULL;
}
