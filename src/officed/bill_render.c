/*
 * bill_render.c: a paper goes to the child through a pipe as the structs that it is, for both are
 * the same program; names and pointers are put in their place again on the other side, and every
 * count is held to its bound there. The child gets no environment, no files, little time and
 * memory.
 */
#include "officed/bill_render.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <fcntl.h>

#include "loop/loop.h"
#include "paper/pdf.h"
#include "paper/ubl.h"

enum {
	CPU_S = 20,
	FIRST_ROOM = 64 * 1024,
};

#define NAME_SIZE (ARTICLE_NAME_MAX + 1)
#define WHY_SIZE  (REASON_MAX + 1)

/* --- to the child: the paper, its parties, its lines, their names, why */

static uint8_t *flatten(const struct paper *p, const struct parties *parties, size_t *ret_len)
{
	size_t lines = p->lines * sizeof(struct paper_line);
	size_t len =
		sizeof(*p) + sizeof(*parties) + lines + p->lines * (size_t)NAME_SIZE + WHY_SIZE;
	uint8_t *bytes = calloc(1, len), *at = bytes;

	CHECK(bytes);
	memcpy(at, p, sizeof(*p));
	at += sizeof(*p);
	memcpy(at, parties, sizeof(*parties));
	at += sizeof(*parties);
	if (lines > 0)
		memcpy(at, p->line, lines);
	at += lines;
	for (uint32_t i = 0; i < p->lines; i++, at += NAME_SIZE)
		strncpy((char *)at, p->line[i].name, NAME_SIZE - 1);
	if (p->why)
		strncpy((char *)at, p->why, WHY_SIZE - 1);
	*ret_len = len;
	return bytes;
}

/* --- the parent */

struct child {
	pid_t pid;
	int in, out; /* its stdin, its stdout */
	const uint8_t *bytes;
	size_t left;
	char *got;
	size_t got_len, got_size;
};

static int spawn(struct child *c)
{
	char self[] = "/proc/self/exe", word[] = "--render";
	char *argv[] = {self, word, NULL}, *none[] = {NULL};
	posix_spawn_file_actions_t actions;
	int in[2], out[2], r;

	if (pipe2(in, O_CLOEXEC) < 0)
		return -errno;
	if (pipe2(out, O_CLOEXEC) < 0) {
		r = -errno;
		close(in[0]);
		close(in[1]);
		return r;
	}
	CHECK(posix_spawn_file_actions_init(&actions) == 0);
	posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
	r = -posix_spawn(&c->pid, self, &actions, NULL, argv, none);
	posix_spawn_file_actions_destroy(&actions);
	close(in[0]);
	close(out[1]);
	c->in = in[1];
	c->out = out[0];
	if (r == 0)
		return 0;
	close(in[1]);
	close(out[0]);
	return r;
}

static void feed(struct child *c)
{
	ssize_t n = write(c->in, c->bytes, c->left);

	if (n > 0) {
		c->bytes += n;
		c->left -= (size_t)n;
	}
	if (c->left == 0 || (n < 0 && errno != EINTR && errno != EAGAIN)) {
		close(c->in);
		c->in = -1;
	}
}

/* False at the end of what it says. */
static bool hear(struct child *c)
{
	ssize_t n;

	if (c->got_len == c->got_size) {
		size_t size = c->got_size ? 2 * c->got_size : FIRST_ROOM;
		char *more = size <= RENDER_MAX ? realloc(c->got, size) : NULL;

		if (!more)
			return false;
		c->got = more;
		c->got_size = size;
	}
	n = read(c->out, c->got + c->got_len, c->got_size - c->got_len);
	if (n > 0)
		c->got_len += (size_t)n;
	return n > 0 || (n < 0 && (errno == EINTR || errno == EAGAIN));
}

static bool converse(struct child *c)
{
	struct mono until = mono_add(loop_mono(), RENDER_MS);

	for (;;) {
		struct pollfd fd[2] = {{.fd = c->out, .events = POLLIN},
				       {.fd = c->in, .events = POLLOUT}};
		int64_t left = until.ms - loop_mono().ms;

		if (left <= 0 || poll(fd, 2, (int)left) < 0)
			return false;
		if (fd[1].revents)
			feed(c);
		if (fd[0].revents && !hear(c))
			return true;
	}
}

static int run_child(struct child *c, char why[RENDER_WHY_MAX])
{
	int status = 0, r = spawn(c);
	bool ended;

	if (r < 0) {
		snprintf(why, RENDER_WHY_MAX, "the renderer cannot be started: %s", strerror(-r));
		return r;
	}
	fcntl(c->in, F_SETFL, O_NONBLOCK);
	ended = converse(c);
	if (!ended)
		kill(c->pid, SIGKILL);
	if (c->in >= 0)
		close(c->in);
	close(c->out);
	while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR)
		;
	if (ended && WIFEXITED(status) && WEXITSTATUS(status) == 0 && c->got_len > 0)
		return 0;
	snprintf(why, RENDER_WHY_MAX, "the document could not be drawn%s", ended ? "" : " in time");
	return -EIO;
}

int render_pdf(const struct paper *p, const struct parties *parties, char **ret_bytes,
	       size_t *ret_len, char why[RENDER_WHY_MAX])
{
	struct child c = {.in = -1, .out = -1};
	size_t len;
	uint8_t *bytes = flatten(p, parties, &len);
	int r;

	c.bytes = bytes;
	c.left = len;
	r = run_child(&c, why);
	explicit_bzero(bytes, len); /* a name and an address */
	free(bytes);
	if (r < 0) {
		free(c.got);
		return r;
	}
	*ret_bytes = c.got;
	*ret_len = c.got_len;
	return 0;
}

int render_ubl(const struct paper *p, const struct parties *parties, char **ret_bytes,
	       size_t *ret_len, char why[RENDER_WHY_MAX])
{
	FILE *out = open_memstream(ret_bytes, ret_len);
	int r;

	CHECK(out);
	why[0] = '\0';
	r = ubl_write(p, parties, out, why);
	if (fclose(out) != 0 && r == 0)
		r = -ENOMEM;
	if (r < 0) {
		free(*ret_bytes);
		*ret_bytes = NULL;
	}
	return r;
}

/* --- the child */

static bool take(void *into, size_t len)
{
	return fread(into, 1, len, stdin) == len;
}

/* Whoever forbids us to bound ourselves is told so, in officed's log: a document is drawn all the
 * same, for the parent waits RENDER_MS and no longer. */
static void bound(__rlimit_resource_t what, rlim_t most, const char *name)
{
	struct rlimit limit;

	if (getrlimit(what, &limit) == 0 && limit.rlim_max != RLIM_INFINITY &&
	    limit.rlim_max < most)
		most = limit.rlim_max;
	limit = (struct rlimit){most, most};
	if (setrlimit(what, &limit) < 0)
		fprintf(stderr, "officed: the renderer's limit of %s cannot be set: %s\n", name,
			strerror(errno));
}

static void bound_itself(void)
{
	bound(RLIMIT_CPU, CPU_S, "processor time");
	bound(RLIMIT_NOFILE, 64, "open files");
	bound(RLIMIT_FSIZE, RENDER_MAX, "file size");
	signal(SIGPIPE, SIG_DFL);
}

static bool read_lines(struct paper *p, char (**ret_names)[NAME_SIZE])
{
	p->line = calloc(p->lines + 1, sizeof(*p->line));
	*ret_names = calloc(p->lines + 1, NAME_SIZE);
	if (!p->line || !*ret_names || !take(p->line, p->lines * sizeof(*p->line)) ||
	    !take(*ret_names, p->lines * (size_t)NAME_SIZE))
		return false;
	for (uint32_t i = 0; i < p->lines; i++) {
		(*ret_names)[i][NAME_SIZE - 1] = '\0';
		p->line[i].name = (*ret_names)[i];
	}
	return true;
}

int render_child(void)
{
	static struct paper p;
	static struct parties parties;
	static char why[WHY_SIZE];
	char(*names)[NAME_SIZE] = NULL;

	bound_itself();
	if (!take(&p, sizeof(p)) || !take(&parties, sizeof(parties)) ||
	    p.lines > INVOICE_LINES_MAX || p.rates > RATES_MAX || !read_lines(&p, &names) ||
	    !take(why, sizeof(why)))
		return EXIT_FAILURE;
	why[sizeof(why) - 1] = '\0';
	p.why = why;
	return pdf_write(&p, &parties, stdout) == 0 && fflush(stdout) == 0 ? EXIT_SUCCESS
									   : EXIT_FAILURE;
}
