/*
 * test_socket.c: local sockets between real descriptors: the listener and the link run in the
 * loop, and a second thread plays the peer, well-behaved or not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "net/socket.h"

#define BASE	   1000
#define PATIENCE_S 5

struct world {
	char dir[64], path[96];
	struct loop *loop;
	struct listener *listener;
	/* what the listener told */
	uint32_t greeted, gone, messages, last_peer;
	uint16_t last_type;
	int passed_size;     /* of the memfd that came with the last message; -1: none */
	uint32_t enrolments; /* without one */
	uint32_t flooded;
	_Atomic bool dropped; /* told to the peer's thread */
	/* the peer's thread */
	const char *(*play)(struct world *);
	const char *wrong;
	int finished[2];
};

/* The peer's thread must not leave by longjmp: it returns what is wrong. */
#define TEXT_OF(x) #x
#define LINE_OF(x) TEXT_OF(x)
#define NEED(c)                                                                                    \
	do {                                                                                       \
		if (!(c))                                                                          \
			return LINE_OF(__LINE__) ": " #c;                                          \
	} while (0)

static int count_fds(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = 0;

	assert_non_null(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

/* Answers DOORS with one message, STATUS with more than any socket holds. */
static void on_message(void *data, uint32_t peer, const union message *m, int fd)
{
	struct world *w = data;
	union message answer;
	struct stat s;

	w->messages++;
	w->last_peer = peer;
	w->last_type = m->head.type;
	if (m->head.type == MESSAGE_ENROL && fd < 0) {
		w->enrolments++;
	} else if (m->head.type == MESSAGE_IMPORT || m->head.type == MESSAGE_ENROL) {
		w->passed_size = fstat(fd, &s) == 0 ? (int)s.st_size : -1;
		close(fd);
	}
	message_init(&answer, MESSAGE_DONE, m->head.request);
	if (m->head.type == MESSAGE_STATUS) {
		while (listener_send(w->listener, peer, &answer))
			w->flooded++;
		/* dropped, and not yet told: its place in the row is still there */
		assert_int_equal(w->gone, 0);
		assert_false(listener_send(w->listener, peer, &answer));
		w->dropped = true;
		return;
	}
	assert_true(listener_send(w->listener, peer, &answer));
}

static void on_peer(void *data, uint32_t peer, bool here)
{
	struct world *w = data;

	assert_true(peer >= BASE);
	if (here) {
		assert_true(peer > w->last_peer); /* never a number twice */
		w->last_peer = peer;
		w->greeted++;
	} else {
		w->gone++;
	}
}

static void on_finished(void *data, int fd, uint32_t events)
{
	struct world *w = data;

	(void)fd;
	(void)events;
	loop_stop(w->loop);
}

static void *peer_thread(void *data)
{
	struct world *w = data;

	w->wrong = w->play(w);
	if (write(w->finished[1], "", 1) != 1)
		abort();
	return NULL;
}

static void make_world(struct world *w)
{
	*w = (struct world){.passed_size = -1};
	snprintf(w->dir, sizeof(w->dir), P_tmpdir "/shop-socket-XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	snprintf(w->path, sizeof(w->path), "%s/control.sock", w->dir);
	assert_int_equal(loop_new(&w->loop), 0);
	assert_int_equal(pipe2(w->finished, O_CLOEXEC), 0);
}

static void drop_world(struct world *w)
{
	listener_close(w->listener);
	loop_free(w->loop);
	close(w->finished[0]);
	close(w->finished[1]);
	unlink(w->path);
	assert_int_equal(rmdir(w->dir), 0);
}

/* Runs the listener until the peer has played its part. */
static void play(struct world *w, const char *(*part)(struct world *))
{
	struct watch *watch = NULL;
	pthread_t thread;
	int fds;

	make_world(w);
	w->play = part;
	fds = count_fds();
	assert_int_equal(listener_open(w->loop, w->path, 0660, ROLE_CONTROL, BASE, on_message,
				       on_peer, w, &w->listener),
			 0);
	assert_int_equal(
		watch_add(w->loop, w->finished[0], EPOLLIN, WATCH_IDLE, on_finished, w, &watch), 0);
	assert_int_equal(pthread_create(&thread, NULL, peer_thread, w), 0);
	assert_int_equal(loop_run(w->loop), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	watch_free(watch);
	if (w->wrong)
		fail_msg("%s", w->wrong);
	listener_close(w->listener);
	w->listener = NULL;
	/* what came is closed again, whatever it was (the loop may have made its timer's fd) */
	assert_in_range(count_fds(), fds, fds + 1);
}

/* --- the peer, by hand */

static int dial(const struct world *w)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct timeval patience = {.tv_sec = PATIENCE_S};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	memcpy(address.sun_path, w->path, strlen(w->path));
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) < 0 ||
	    connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		abort();
	return fd;
}

static bool say(int fd, const union message *m)
{
	return send(fd, m, message_size(m->head.type), MSG_NOSIGNAL) > 0;
}

static bool greet(int fd)
{
	union message m;

	message_init(&m, MESSAGE_HELLO, 0);
	m.hello.role = ROLE_CONTROL;
	snprintf(m.hello.program, sizeof(m.hello.program), "test");
	return say(fd, &m) && recv(fd, &m, sizeof(m), 0) == (ssize_t)sizeof(m.hello) &&
	       m.head.type == MESSAGE_HELLO;
}

static int greeted(const struct world *w)
{
	int fd = dial(w);

	if (!greet(fd))
		abort();
	return fd;
}

/* Whether the next thing heard is BYE with `why` in it, and then the end. */
static bool bye(int fd, const char *why)
{
	union message m;
	bool r = recv(fd, &m, sizeof(m), 0) == (ssize_t)sizeof(m.bye) &&
		 m.head.type == MESSAGE_BYE && strstr(m.bye.why, why) != NULL;
	ssize_t end = recv(fd, &m, sizeof(m), 0);

	close(fd);
	return r && (end == 0 || (end < 0 && errno == ECONNRESET));
}

/* --- parts */

static const char *asks_and_hears(struct world *w)
{
	union message m;
	char why[128];
	int fd = ask_open(w->path, ROLE_CONTROL, why);

	NEED(fd >= 0);
	for (uint32_t i = 1; i <= 200; i++) {
		message_init(&m, MESSAGE_DOORS, i);
		NEED(ask_send(fd, &m, -1) == 0);
		NEED(ask_receive(fd, &m, 5000) == 0);
		NEED(m.head.type == MESSAGE_DONE && m.head.request == i);
	}
	NEED(ask_receive(fd, &m, 20) == -ETIMEDOUT);
	close(fd);
	return NULL;
}

static void a_command_line_asks(void **state)
{
	struct world w;

	(void)state;
	play(&w, asks_and_hears);
	assert_int_equal(w.messages, 200);
	assert_int_equal(w.greeted, 1);
	drop_world(&w);
}

static const char *speaks_another_version(struct world *w)
{
	union message m;
	int fd = dial(w);

	message_init(&m, MESSAGE_HELLO, 0);
	m.head.version = 99;
	NEED(send(fd, &m, 10, MSG_NOSIGNAL) == 10); /* whatever their hello is like */
	NEED(bye(fd, "you speak version 99, shopd speaks version " LINE_OF(MESSAGE_VERSION)));
	return NULL;
}

static const char *has_another_role(struct world *w)
{
	char why[128];

	NEED(ask_open(w->path, ROLE_COURIER, why) == -EPROTO);
	NEED(strstr(why, "role") != NULL);
	return NULL;
}

static const char *does_not_greet(struct world *w)
{
	union message m;
	int fd = dial(w);

	message_init(&m, MESSAGE_DOORS, 1);
	NEED(say(fd, &m));
	NEED(bye(fd, "hello first"));
	NEED(bye(dial(w), "no hello in time"));
	return NULL;
}

static const char *greets_twice(struct world *w)
{
	union message m;
	int fd = greeted(w);

	message_init(&m, MESSAGE_HELLO, 0);
	m.hello.role = ROLE_CONTROL;
	snprintf(m.hello.program, sizeof(m.hello.program), "test");
	NEED(say(fd, &m));
	NEED(bye(fd, "once"));
	return NULL;
}

static void a_peer_is_refused_by_name(void **state)
{
	static const char *(*const parts[])(struct world *) = {
		speaks_another_version, has_another_role, does_not_greet, greets_twice};
	struct world w;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		play(&w, parts[i]);
		assert_int_equal(w.messages, 0);
		assert_int_equal(w.greeted, w.gone); /* only who was greeted is told as gone */
		drop_world(&w);
	}
}

static const char *talks_nonsense(struct world *w)
{
	static uint8_t noise[4 * MESSAGE_MAX];
	union message m;
	int fd = greeted(w);

	message_init(&m, MESSAGE_NOTIFIED, 1);
	m.notified.alarm = 1;
	NEED(say(fd, &m));
	NEED(bye(fd, "not this role's"));
	fd = greeted(w);
	message_init(&m, MESSAGE_COMMAND, 1);
	m.command.command = 4711;
	NEED(say(fd, &m));
	NEED(bye(fd, "command"));
	for (size_t len = 0; len <= sizeof(noise); len += len < 16 ? 1 : 509) {
		memset(noise, (int)len, sizeof(noise));
		fd = greeted(w);
		if (len > 0)
			NEED(send(fd, noise, len, MSG_NOSIGNAL) == (ssize_t)len);
		else
			shutdown(fd, SHUT_WR);
		NEED(recv(fd, &m, sizeof(m), 0) >= 0);
		close(fd);
	}
	fd = greeted(w); /* and it is well */
	message_init(&m, MESSAGE_DOORS, 1);
	NEED(say(fd, &m));
	NEED(recv(fd, &m, sizeof(m), 0) > 0);
	close(fd);
	return NULL;
}

static void nonsense_is_heard_by_nobody(void **state)
{
	struct world w;

	(void)state;
	play(&w, talks_nonsense);
	assert_int_equal(w.messages, 1);
	drop_world(&w);
}

/* Sends `m` with `count` descriptors. */
static bool say_with(int fd, const union message *m, int count)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(8 * sizeof(int))];
	} ancillary = {.bytes = {0}};
	struct iovec data = {.iov_base = (void *)(uintptr_t)m,
			     .iov_len = message_size(m->head.type)};
	struct msghdr packet = {.msg_iov = &data,
				.msg_iovlen = 1,
				.msg_control = ancillary.bytes,
				.msg_controllen = CMSG_SPACE((size_t)count * sizeof(int))};
	struct cmsghdr *c = CMSG_FIRSTHDR(&packet);
	int memory = memfd_create("rows", MFD_CLOEXEC);
	bool r = memory >= 0 && ftruncate(memory, 4096) == 0;

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN((size_t)count * sizeof(int));
	for (int i = 0; i < count; i++)
		memcpy(CMSG_DATA(c) + (size_t)i * sizeof(int), &memory, sizeof(int));
	r = r && sendmsg(fd, &packet, MSG_NOSIGNAL) > 0;
	close(memory);
	return r;
}

static const char *passes_descriptors(struct world *w)
{
	union message import, doors;
	char why[128];
	int memory, fd;

	message_init(&import, MESSAGE_IMPORT, 1);
	message_init(&doors, MESSAGE_DOORS, 1);
	for (int count = 1; count <= 8; count++) {
		fd = greeted(w);
		NEED(say_with(fd, &doors, count));
		NEED(bye(fd, "descriptor"));
	}
	for (int count = 2; count <= 8; count++) {
		fd = greeted(w);
		NEED(say_with(fd, &import, count));
		NEED(bye(fd, "descriptor"));
	}
	fd = greeted(w);
	NEED(say(fd, &import));
	NEED(bye(fd, "without its descriptor"));
	fd = ask_open(w->path, ROLE_CONTROL, why);
	NEED(fd >= 0);
	memory = memfd_create("rows", MFD_CLOEXEC);
	NEED(memory >= 0 && ftruncate(memory, 12345) == 0);
	NEED(ask_send(fd, &import, memory) == 0);
	NEED(ask_receive(fd, &doors, 5000) == 0);
	close(memory);
	close(fd);
	return NULL;
}

static const char *enrols(struct world *w)
{
	union message enrol, done;
	char why[128];
	int fd = ask_open(w->path, ROLE_CONTROL, why);
	int backup = memfd_create("backup", MFD_CLOEXEC);

	NEED(fd >= 0 && backup >= 0 && ftruncate(backup, 77) == 0);
	message_init(&enrol, MESSAGE_ENROL, 1);
	snprintf(enrol.enrol.url, sizeof(enrol.enrol.url), "https://office.example");
	snprintf(enrol.enrol.code, sizeof(enrol.enrol.code), "VIKEN-0000-0000");
	NEED(ask_send(fd, &enrol, -1) == 0);
	NEED(ask_receive(fd, &done, 5000) == 0);
	NEED(ask_send(fd, &enrol, backup) == 0);
	NEED(ask_receive(fd, &done, 5000) == 0);
	close(backup);
	close(fd);
	return NULL;
}

static void an_enrolment_may_bring_a_backup(void **state)
{
	struct world w;

	(void)state;
	play(&w, enrols);
	assert_int_equal(w.messages, 2);
	assert_int_equal(w.enrolments, 1);
	assert_int_equal(w.passed_size, 77);
	drop_world(&w);
}

static void a_descriptor_comes_with_an_import_alone(void **state)
{
	struct world w;

	(void)state;
	play(&w, passes_descriptors);
	assert_int_equal(w.messages, 1);
	assert_int_equal(w.passed_size, 12345);
	drop_world(&w);
}

static const char *does_not_read(struct world *w)
{
	int deaf = greeted(w), well = greeted(w);
	union message m;
	ssize_t n, heard = 0;

	message_init(&m, MESSAGE_STATUS, 1);
	NEED(say(deaf, &m));
	/* another one is served all the while */
	for (int i = 0; i < 20; i++) {
		message_init(&m, MESSAGE_DOORS, 1);
		NEED(say(well, &m));
		NEED(recv(well, &m, sizeof(m), 0) > 0);
	}
	/* only then does it listen: to what was said before, and to the end */
	for (int i = 0; !w->dropped; i++) {
		NEED(i < PATIENCE_S * 1000);
		poll(NULL, 0, 1);
	}
	while ((n = recv(deaf, &m, sizeof(m), 0)) > 0)
		heard++;
	NEED(n == 0 || errno == ECONNRESET);
	NEED(heard >= 100);
	close(deaf);
	close(well);
	return NULL;
}

static void a_peer_that_does_not_read_is_dropped(void **state)
{
	struct world w;

	(void)state;
	play(&w, does_not_read);
	assert_int_equal(w.messages, 21);
	assert_true(w.gone >= 1);
	/* room for a burst of answers, and an end to it */
	assert_in_range(w.flooded, 100, 100000);
	print_message("a peer's socket held %u messages\n", w.flooded);
	drop_world(&w);
}

static const char *comes_and_goes(struct world *w)
{
	int fd[PEERS_MAX];

	for (int i = 0; i < 3 * PEERS_MAX; i++)
		close(greeted(w));
	for (int i = 0; i < PEERS_MAX; i++)
		fd[i] = greeted(w);
	NEED(bye(dial(w), "too many"));
	for (int i = 0; i < PEERS_MAX; i++)
		close(fd[i]);
	return NULL;
}

static void places_are_bounded_and_numbers_are_not_reused(void **state)
{
	struct world w;

	(void)state;
	play(&w, comes_and_goes);
	assert_int_equal(w.greeted, 4 * PEERS_MAX);
	assert_true(w.gone >= 3 * PEERS_MAX);
	drop_world(&w);
}

static void the_path_is_ours_or_refused(void **state)
{
	struct world w;
	struct listener *second = NULL;
	struct stat s;
	char other[128], far[200];
	int fd;

	(void)state;
	make_world(&w);
	assert_int_equal(listener_open(w.loop, w.path, 0620, ROLE_CONTROL, BASE, on_message,
				       on_peer, &w, &w.listener),
			 0);
	assert_int_equal(stat(w.path, &s), 0);
	assert_int_equal(s.st_mode & 0777, 0620);
	assert_int_equal(listener_open(w.loop, w.path, 0620, ROLE_CONTROL, 2000, on_message,
				       on_peer, &w, &second),
			 -EADDRINUSE);
	listener_close(w.listener);
	assert_int_equal(access(w.path, F_OK), -1);

	/* what is no socket stays what it is */
	snprintf(other, sizeof(other), "%s/file", w.dir);
	fd = open(other, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(listener_open(w.loop, other, 0620, ROLE_CONTROL, BASE, on_message, on_peer,
				       &w, &second),
			 -EEXIST);
	assert_int_equal(unlink(other), 0);

	/* what a dead program left is replaced */
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	memcpy(address.sun_path, w.path, strlen(w.path));
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	close(fd);
	assert_int_equal(listener_open(w.loop, w.path, 0620, ROLE_CONTROL, BASE, on_message,
				       on_peer, &w, &w.listener),
			 0);
	memset(far, 'x', sizeof(far));
	far[0] = '/';
	far[sizeof(far) - 1] = '\0';
	assert_int_equal(listener_open(w.loop, far, 0620, ROLE_CONTROL, BASE, on_message, on_peer,
				       &w, &second),
			 -ENAMETOOLONG);
	drop_world(&w);
}

static void nobody_there_is_an_error(void **state)
{
	struct world w;
	char why[128];

	(void)state;
	make_world(&w);
	assert_int_equal(ask_open(w.path, ROLE_CONTROL, why), -ENOENT);
	drop_world(&w);
}

/* --- a daemon's link: shopd comes, speaks, goes, comes again */

struct linked {
	struct world w;
	struct link *link;
	struct timer *shopd; /* opens or closes the listener */
	uint32_t ups, downs, heard;
	struct mono started;
};

static void on_shopd(void *data)
{
	struct linked *l = data;

	if (l->w.listener) {
		listener_close(l->w.listener);
		l->w.listener = NULL;
		timer_arm(l->shopd, mono_add(loop_mono(), 1));
		return;
	}
	assert_int_equal(listener_open(l->w.loop, l->w.path, 0660, ROLE_CONTROL,
				       BASE + 100 * (l->downs + 1), on_message, on_peer, &l->w,
				       &l->w.listener),
			 0);
}

static void on_link_message(void *data, const union message *m)
{
	struct linked *l = data;

	assert_int_equal(m->head.type, MESSAGE_DONE);
	assert_int_equal(m->head.request, 5 + l->heard);
	l->heard++;
	if (l->ups == 2)
		loop_stop(l->w.loop);
	else
		timer_arm(l->shopd, (struct mono){0});
}

static void on_link_state(void *data, bool up)
{
	struct linked *l = data;
	union message m;

	assert_int_equal(link_up(l->link), up);
	message_init(&m, MESSAGE_DOORS, 5 + l->heard);
	assert_int_equal(link_send(l->link, &m), up);
	if (up)
		l->ups++;
	else
		l->downs++;
}

static void a_link_finds_shopd_again(void **state)
{
	struct linked l = {.ups = 0};

	(void)state;
	make_world(&l.w);
	assert_int_equal(timer_add(l.w.loop, WATCH_NORMAL, 0, on_shopd, &l, &l.shopd), 0);
	assert_int_equal(link_open(l.w.loop, l.w.path, ROLE_CONTROL, "courierd", on_link_message,
				   on_link_state, &l, &l.link),
			 0);
	assert_false(link_up(l.link));
	/* shopd comes after the link has looked for it once in vain */
	l.started = loop_mono();
	timer_arm(l.shopd, mono_add(l.started, 50));
	assert_int_equal(loop_run(l.w.loop), 0);
	assert_int_equal(l.ups, 2);
	assert_int_equal(l.downs, 1);
	assert_int_equal(l.heard, 2);
	assert_true(loop_mono().ms < l.started.ms + PATIENCE_S * 1000);
	link_close(l.link);
	timer_free(l.shopd);
	drop_world(&l.w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_command_line_asks),
		cmocka_unit_test(a_peer_is_refused_by_name),
		cmocka_unit_test(nonsense_is_heard_by_nobody),
		cmocka_unit_test(a_descriptor_comes_with_an_import_alone),
		cmocka_unit_test(an_enrolment_may_bring_a_backup),
		cmocka_unit_test(a_peer_that_does_not_read_is_dropped),
		cmocka_unit_test(places_are_bounded_and_numbers_are_not_reused),
		cmocka_unit_test(the_path_is_ours_or_refused),
		cmocka_unit_test(nobody_there_is_an_error),
		cmocka_unit_test(a_link_finds_shopd_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
