/*
 * spawn.c: only the program that reads a file knows whether it is good, so it is asked: `shopd
 * --check FILE`, run from where shopctl itself stands.
 */
#include "shopctl/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "loop/loop.h"
#include "shopctl/ask.h"

/** Where `program` stands: beside this one. */
static bool program_path(const char *program, char path[CTL_PATH_SIZE])
{
	char self[CTL_PATH_SIZE];
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (len <= 0)
		return false;
	self[len] = '\0';
	char *slash = strrchr(self, '/');

	if (!slash)
		return false;
	*slash = '\0';
	return ctl_path(path, self, program);
}

static int child_start(const char *path, const char *option, const char *file, int output,
		       pid_t *ret)
{
	char name[CTL_PATH_SIZE], argument[CTL_PATH_SIZE], word[32];
	char *const argv[] = {name, word, argument, NULL};
	posix_spawn_file_actions_t actions;

	if (strlen(file) >= sizeof(argument))
		return ENAMETOOLONG;
	snprintf(name, sizeof(name), "%s", path);
	snprintf(word, sizeof(word), "%s", option);
	snprintf(argument, sizeof(argument), "%s", file);
	int err = posix_spawn_file_actions_init(&actions);

	if (err != 0)
		return err;
	err = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (err == 0)
		err = posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
	if (err == 0)
		err = posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
	if (err == 0)
		err = posix_spawn(ret, path, &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return err;
}

/** All that comes from `fd` until it ends; what exceeds `size` is read and dropped. False when it
 * has not ended in time. */
static bool output_read(int fd, char *text, uint32_t size)
{
	struct mono deadline = mono_add(loop_mono(), ASK_TIMEOUT_MS);
	char dropped[512];
	uint32_t len = 0;

	for (;;) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		int64_t left = deadline.ms - loop_mono().ms;
		bool room = len + 1 < size;

		text[len] = '\0';
		if (left <= 0)
			return false;
		if (poll(&p, 1, (int)left) <= 0)
			continue;
		ssize_t n = read(fd, room ? text + len : dropped,
				 room ? size - 1 - len : sizeof(dropped));

		if (n <= 0)
			return n == 0;
		len += room ? (uint32_t)n : 0;
	}
}

enum ctl_exit program_ask(struct ctl *ctl, const char *program, const char *option,
			  const char *file, char *text, uint32_t size, int *ret_status)
{
	char path[CTL_PATH_SIZE];
	int ends[2], status = 0;
	pid_t pid;

	if (!program_path(program, path) || pipe2(ends, O_CLOEXEC) != 0)
		return ctl_fail(ctl, CTL_INTERNAL, "%s cannot be run", program);
	int err = child_start(path, option, file, ends[1], &pid);

	close(ends[1]);
	if (err != 0) {
		close(ends[0]);
		return ctl_fail(ctl, CTL_INTERNAL, "%s cannot be run: %s", path, strerror(err));
	}
	bool ended = output_read(ends[0], text, size);

	close(ends[0]);
	if (!ended)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (!ended || !WIFEXITED(status) || WEXITSTATUS(status) == 127)
		return ctl_fail(ctl, CTL_INTERNAL, "%s did not finish its look at %s", program,
				file);
	*ret_status = WEXITSTATUS(status);
	return CTL_DONE;
}
