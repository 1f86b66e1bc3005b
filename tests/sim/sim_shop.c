/*
 * sim_shop.c: the lives of a shop, one after the other: each starts, serves the village for a
 * while, and stops in order, is killed between two effects or in the middle of a write, loses its
 * power, or finds a disk that does not sync. Then the books are read (sim_shop_audit.c) and the
 * next life must go on from there.
 *
 * Everything is drawn from the seed, the moment of death too: the same seed gives the same trace,
 * whose hash is printed.
 *
 *   sim_shop [--seeds A..B] [--quiet]     with SIM_KEEP=1 the books are kept
 */
#include "sim_shop.h"

#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define LIVES 6

enum death {
	DEATH_STOP,
	DEATH_EFFECT,
	DEATH_WRITE,
	DEATH_SYNC
};

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void make_dir(struct village *v)
{
	const char *tmp = getenv("TMPDIR");

	if (access("/dev/shm", W_OK) == 0)
		tmp = "/dev/shm";
	snprintf(v->dir, sizeof(v->dir), "%s/shopkeeper-sim-XXXXXX", tmp ? tmp : "/tmp");
	CHECK(mkdtemp(v->dir));
}

/* --- one life */

/* What the shop's process says on stderr is kept for the case that its death is a surprise. */
static void redirect_stderr(const struct village *v)
{
	char path[160];
	int fd;

	snprintf(path, sizeof(path), "%s/said", v->dir);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	CHECK(fd >= 0 && dup2(fd, STDERR_FILENO) == STDERR_FILENO);
	close(fd);
}

static void print_said(const struct village *v)
{
	char path[160], line[400];
	FILE *f;

	snprintf(path, sizeof(path), "%s/said", v->dir);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f))
		printf("  the shop said: %s", line);
	if (f)
		fclose(f);
}

static void be_born(struct village *v)
{
	int fd[2];

	CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fd) == 0);
	disk_make();
	fflush(NULL);
	v->pid = fork();
	CHECK(v->pid >= 0);
	if (v->pid == 0) {
		close(fd[0]);
		redirect_stderr(v);
		life_run(v, fd[1]);
	}
	close(fd[1]);
	v->fd = fd[0];
	v->life++;
	v->full = v->disk_ends = false;
	v->pendings = 0;
	v->till_visit.n = 0;
	v->join_code[0] = '\0';
	memset(v->nonce_known, 0, sizeof(v->nonce_known));
	memset(v->contact, 0, sizeof(v->contact));
}

static void start(struct village *v)
{
	struct pending p;

	be_born(v);
	if (village_draw(v, 12) == 0) {
		v->fault.disk_full = true;
		v->fault.disk_room = (uint32_t)village_draw(v, 9000);
		v->full_ever = true;
	}
	if (village_draw(v, 10) == 0)
		v->fault.die_at = 1 + (uint32_t)village_draw(v, 12);
	else if (village_draw(v, 10) == 0)
		v->fault.die_at_call = 1 + (uint32_t)village_draw(v, 40);
	p = village_question(v, EVENT_START);
	village_send(v, &p);
	for (uint8_t i = 0; i < VILLAGE_DOORS && v->fd >= 0; i++) {
		p = village_question(v, EVENT_PART);
		p.ask.door = i;
		village_send(v, &p);
	}
	village_tries_again(v);
}

/* Waits for the process to be gone; false when it did not die as it should. */
static bool buried(struct village *v, bool sync_failed)
{
	int status = 0;

	if (v->fd >= 0)
		close(v->fd);
	v->fd = -1;
	CHECK(waitpid(v->pid, &status, 0) == v->pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
		v->stops++;
		return true;
	}
	v->kills++;
	if (WIFSIGNALED(status) &&
	    (WTERMSIG(status) == SIGKILL || (sync_failed && WTERMSIG(status) == SIGABRT)))
		return true;
	village_fail(v, "life %u ended by itself (%s %d)", v->life,
		     WIFSIGNALED(status) ? "signal" : "status",
		     WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	print_said(v);
	return false;
}

static void stop_in_order(struct village *v)
{
	struct pending p = village_question(v, EVENT_STOP);
	bool well = !v->full && v->ledger && !v->disk_ends;

	p.ask.hold = false;
	village_send(v, &p);
	if (v->fd >= 0 && well)
		v->clean_stop = true;
}

/* The life's end is drawn before it comes. Killed it is at the latest after as many more asks as
 * its last moment needs. */
static void die(struct village *v, enum death death)
{
	if (death == DEATH_SYNC)
		v->fault.sync_fails = true;
	else if (death == DEATH_WRITE)
		v->fault.die_at_call = 1 + (uint32_t)village_draw(v, 60);
	for (int i = 0; i < 400 && v->fd >= 0; i++) {
		if (death == DEATH_EFFECT)
			v->fault.die_at = 1 + (uint32_t)village_draw(v, 9);
		village_goes_on(v);
	}
	if (v->fd >= 0) { /* nothing was written any more: the disk is full, or the shop rests */
		kill(v->pid, SIGKILL);
	}
}

static void live(struct village *v, bool last)
{
	static const enum death deaths[] = {DEATH_STOP,	 DEATH_STOP,  DEATH_EFFECT, DEATH_EFFECT,
					    DEATH_WRITE, DEATH_WRITE, DEATH_WRITE,  DEATH_SYNC};
	uint64_t asks = v->asks + 20 + village_draw(v, 120);
	enum death death = last ? DEATH_STOP : deaths[village_draw(v, ARRAY_LEN(deaths))];

	start(v);
	v->clean_stop = false;
	while (v->fd >= 0 && v->asks < asks && v->why[0] == '\0')
		village_goes_on(v);
	if (v->fd >= 0 && death == DEATH_STOP)
		stop_in_order(v);
	else if (v->fd >= 0)
		die(v, death);
	v->fault = (struct ask){0};
	if (!buried(v, death == DEATH_SYNC) || v->why[0] != '\0')
		return;
	if (!v->clean_stop && disk_unsynced() > 0 && village_draw(v, 2) == 0) {
		v->cuts++;
		disk_cut(v->dir, (uint32_t)village_draw(v, 257));
	}
	audit(v);
}

/* Between two lives; now and then the machine boots anew, and its clock may be wrong. */
static void rest(struct village *v)
{
	int64_t ms = 500 + (int64_t)village_draw(v, 20000);

	v->real_ms += ms;
	v->mono_ms += ms;
	if (village_draw(v, 2) == 0)
		v->mono_ms = 4000 + (int64_t)village_draw(v, 9000);
	v->vouched = v->trusted = false;
	v->synchronised = village_draw(v, 5) > 0;
	v->offset_ms = village_draw(v, 6) == 0 ? (int64_t)village_draw(v, 7200000) - 3600000 : 0;
}

/* --- seeds */

static void run(struct village *v, uint64_t seed)
{
	village_make(v, seed);
	v->synchronised = true;
	v->clean_stop = v->clean_known = true;
	make_dir(v);
	for (int i = 0; i < LIVES && v->why[0] == '\0'; i++) {
		live(v, i == LIVES - 1);
		rest(v);
	}
	if (v->fd >= 0) {
		close(v->fd);
		v->fd = -1;
	}
	if (v->why[0] == '\0' && getenv("SIM_KEEP") == NULL)
		nftw(v->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	else
		printf("seed %llu: its books are in %s\n", (unsigned long long)seed, v->dir);
}

static bool held(struct village *v, unsigned long long seed, bool twice)
{
	uint64_t trace;

	run(v, seed);
	trace = v->trace;
	if (twice && v->why[0] == '\0') {
		run(v, seed);
		if (v->trace != trace)
			village_fail(v, "a second run went another way");
	}
	if (v->why[0] == '\0')
		return true;
	printf("seed %llu, life %u, ask %llu: FAILED: %s\n  again: sim_shop --seeds %llu\n", seed,
	       v->life, (unsigned long long)v->asks, v->why, seed);
	return false;
}

/* Sums over all seeds. */
struct totals {
	unsigned long long asks, confirmed, texts, answers, kills, cuts, stops, fulls;
	int passed, failed;
};

static void add(struct totals *t, const struct village *v)
{
	t->asks += v->asks;
	t->confirmed += v->confirmed;
	t->texts += v->texts;
	t->answers += v->answereds;
	t->kills += v->kills;
	t->cuts += v->cuts;
	t->stops += v->stops;
	t->fulls += v->fulls;
}

/* A simulation in which nothing happens would pass too. */
static bool lively(const struct totals *t)
{
	return t->texts > t->asks / 50 && t->answers > t->asks / 500 &&
	       t->confirmed > t->asks / 20 && t->cuts > 0 && t->stops > 0 && t->fulls > 0;
}

int main(int argc, char **argv)
{
	unsigned long long first = 1, last = 40;
	static struct village v;
	struct totals t = {0};
	bool quiet = false;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--seeds") == 0 && i + 1 < argc) {
			if (sscanf(argv[++i], "%llu..%llu", &first, &last) < 2)
				last = first;
		} else if (strcmp(argv[i], "--quiet") == 0) {
			quiet = true;
		} else {
			fprintf(stderr, "usage: sim_shop [--seeds A..B] [--quiet]\n");
			return 2;
		}
	}
	for (unsigned long long seed = first; seed <= last; seed++) {
		if (held(&v, seed, seed == first))
			t.passed++;
		else
			t.failed++;
		if (!quiet && last - first < 50)
			printf("seed %llu: %016llx, %llu asks, %llu entries\n", seed,
			       (unsigned long long)v.trace, (unsigned long long)v.asks,
			       (unsigned long long)v.entries);
		add(&t, &v);
	}
	printf("%llu asks, %llu lines confirmed, %llu texts, %llu answered; %llu stops, %llu "
	       "kills, "
	       "%llu power cuts; %llu times refused by a full disk\n",
	       t.asks, t.confirmed, t.texts, t.answers, t.stops, t.kills, t.cuts, t.fulls);
	if (last - first >= 10 && !lively(&t)) {
		printf("too little happened\n");
		t.failed++;
	}
	printf("%d passed, %d failed\n", t.passed, t.failed);
	return t.failed > 0 || t.passed == 0;
}
