/* test_http_listen.c: a socket that the service manager passed is taken, once, if it is local. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "net/http_listen.h"

#define OWN "127.0.0.1:0"

typedef int child_fn(void);

static int local_socket(void)
{
	struct sockaddr_un any = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	/* a name of the kernel's choice */
	return fd >= 0 && bind(fd, (void *)&any, sizeof(any.sun_family)) == 0 && listen(fd, 4) == 0
		       ? fd
		       : -1;
}

static int tcp_socket(uint32_t address)
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr = {htonl(address)}};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	return fd >= 0 && bind(fd, (void *)&in, sizeof(in)) == 0 && listen(fd, 4) == 0 ? fd : -1;
}

/* As the service manager leaves them: from 3 on, and two words in the environment. */
static bool pass(int fd, int n)
{
	char pid[16], count[16];

	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	snprintf(count, sizeof(count), "%d", n);
	for (int i = 0; i < n; i++)
		if (fd < 0 ||
		    (fd != SD_LISTEN_FDS_START + i && dup2(fd, SD_LISTEN_FDS_START + i) < 0))
			return false;
	return setenv("LISTEN_PID", pid, 1) == 0 && setenv("LISTEN_FDS", count, 1) == 0;
}

static int takes_unix(void)
{
	char why[200] = "";

	if (!pass(local_socket(), 1) || http_listen_open("unix:/nowhere/at/all", why) != 3)
		return 1;
	/* taken once: the next one listens by itself */
	if (getenv("LISTEN_FDS") || http_listen_open(OWN, why) <= 3)
		return 2;
	return why[0] ? 3 : 0;
}

static int takes_loopback(void)
{
	char why[200] = "";

	return pass(tcp_socket(INADDR_LOOPBACK), 1) && http_listen_open(OWN, why) == 3 &&
			       http_listen_port(3) != 0
		       ? 0
		       : 1;
}

static int refused(int fd, int n)
{
	char why[200] = "";

	if (!pass(fd, n) || http_listen_open(OWN, why) != -EINVAL)
		return 1;
	return strstr(why, "from the service manager") ? 0 : 2;
}

static int refuses_the_world(void)
{
	return refused(tcp_socket(INADDR_ANY), 1);
}

static int refuses_two(void)
{
	return refused(local_socket(), 2);
}

static int refuses_what_does_not_listen(void)
{
	return refused(socket(AF_UNIX, SOCK_STREAM, 0), 1);
}

static int leaves_anothers(void)
{
	char why[200] = "";

	/* meant for the parent: not ours */
	return pass(local_socket(), 1) && setenv("LISTEN_PID", "1", 1) == 0 &&
			       http_listen_open(OWN, why) > 3
		       ? 0
		       : 1;
}

/* In a process of its own: fd 3 is the test program's otherwise. */
static void in_child(child_fn *run)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(run());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

#define CASE(name)                                                                                 \
	static void test_##name(void **state)                                                      \
	{                                                                                          \
		(void)state;                                                                       \
		in_child(name);                                                                    \
	}

CASE(takes_unix)
CASE(takes_loopback)
CASE(refuses_the_world)
CASE(refuses_two)
CASE(refuses_what_does_not_listen)
CASE(leaves_anothers)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_takes_unix),
		cmocka_unit_test(test_takes_loopback),
		cmocka_unit_test(test_refuses_the_world),
		cmocka_unit_test(test_refuses_two),
		cmocka_unit_test(test_refuses_what_does_not_listen),
		cmocka_unit_test(test_leaves_anothers),
	};

	return cmocka_run_group_tests_name("http_listen", tests, NULL, NULL);
}
