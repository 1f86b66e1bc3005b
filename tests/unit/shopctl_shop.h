/*
 * shopctl_shop.h: a shop that answers as a test tells it to: shopd on its socket, the simulated
 * door on another, each on a thread, and what was asked of them.
 */
#ifndef SHOP_TESTS_SHOPCTL_SHOP_H
#define SHOP_TESTS_SHOPCTL_SHOP_H

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/catalog.h"
#include "core/event.h"
#include "crypto/es256.h"
#include "device/simchip.h"
#include "ledger/catalogue.h"
#include "shopctl_run.h"
#include "token/claims.h"
#include "token/statement.h"
#include "wire/message.h"

/* --- the shop */

#define ANSWERS_MAX 4

/* Held while a question is answered: what is set before a run and read after it is settled. */
static pthread_mutex_t answering = PTHREAD_MUTEX_INITIALIZER;

static inline void settle(void)
{
	pthread_mutex_lock(&answering);
	pthread_mutex_unlock(&answering);
}

static struct {
	int listening;
	pthread_t thread;
	uint32_t answers;
	union message answer[ANSWERS_MAX]; /* all go out to each question */
	bool tells_office;		   /* answers what its office is, and does not count it */
	struct message_status_is status;
	uint32_t asked;
	union message question; /* the last one */
	const char *wrong;	/* what was wrong with any of them */
	struct import_row row[8];
	int seals; /* of the memfd that came along; -1: none did */
} shop;

static struct {
	int listening;
	pthread_t thread;
	uint32_t asked;
	struct simchip_message question, answer;
} sim;

static char folder[] = P_tmpdir "/shopctl-XXXXXX";

static inline int listen_at(const char *name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s/%s", folder, name);
	unlink(address.sun_path);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(fd, 4), 0);
	return fd;
}

/* A packet and, if one came along, the memfd's first rows and seals. */
static inline ssize_t question_take(int fd, union message *m)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control;
	struct iovec iov = {m, sizeof(*m)};
	struct msghdr msg = {.msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = control.bytes,
			     .msg_controllen = sizeof(control.bytes)};
	ssize_t len = recvmsg(fd, &msg, MSG_CMSG_CLOEXEC);
	struct cmsghdr *c = len > 0 ? CMSG_FIRSTHDR(&msg) : NULL;

	if (c && c->cmsg_type == SCM_RIGHTS) {
		int passed;

		memcpy(&passed, CMSG_DATA(c), sizeof(passed));
		shop.seals = fcntl(passed, F_GET_SEALS);
		(void)!pread(passed, shop.row, sizeof(shop.row), 0);
		close(passed);
	}
	return len;
}

/* Greets, or answers. False: hangs up. */
static inline bool question_answer(int fd, const union message *m, uint32_t len)
{
	const char *wrong = message_check(m, len, ROLE_CONTROL, WAY_TO_SHOPD);
	union message hello;

	shop.wrong = wrong ? wrong : shop.wrong;
	if (m->head.type == MESSAGE_HELLO) {
		message_init(&hello, MESSAGE_HELLO, 0);
		hello.hello.role = m->hello.role;
		memcpy(hello.hello.program, "shopd", 6);
		send(fd, &hello, message_size(MESSAGE_HELLO), MSG_NOSIGNAL);
		return true;
	}
	/* which office it has is asked before many things */
	if (m->head.type == MESSAGE_STATUS && shop.tells_office) {
		message_init(&hello, MESSAGE_STATUS_IS, m->head.request);
		shop.status.head = hello.head;
		hello.status_is = shop.status;
		send(fd, &hello, message_size(MESSAGE_STATUS_IS), MSG_NOSIGNAL);
		return true;
	}
	shop.asked++;
	shop.question = *m;
	for (uint32_t i = 0; i < shop.answers; i++) {
		union message *a = &shop.answer[i];

		a->head.request = m->head.request;
		send(fd, a, message_size(a->head.type), MSG_NOSIGNAL);
	}
	return shop.answers > 0;
}

static inline void peer_serve(int fd)
{
	for (bool more = true; more;) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		union message m;

		poll(&p, 1, -1);
		pthread_mutex_lock(&answering);
		ssize_t len = question_take(fd, &m);

		more = len > 0 && question_answer(fd, &m, (uint32_t)len);
		pthread_mutex_unlock(&answering);
	}
}

static inline void *shop_run(void *data)
{
	int fd;

	while ((fd = accept(shop.listening, NULL, NULL)) >= 0) {
		peer_serve(fd);
		close(fd);
	}
	return data;
}

static inline void *sim_run(void *data)
{
	struct simchip_message edge = {.version = SIMCHIP_VERSION, .say = SIM_EDGE};
	int fd;

	while ((fd = accept(sim.listening, NULL, NULL)) >= 0) {
		struct simchip_message m;
		ssize_t len = recv(fd, &m, sizeof(m), 0);

		pthread_mutex_lock(&answering);
		if (len > 0) {
			sim.question = m;
			sim.asked++;
			send(fd, &edge, SIMCHIP_HEAD_SIZE, MSG_NOSIGNAL);
			send(fd, &sim.answer, sizeof(sim.answer), MSG_NOSIGNAL);
		}
		pthread_mutex_unlock(&answering);
		close(fd);
	}
	return data;
}

static inline int shop_open(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(folder));
	run_around = settle;
	run_dir = folder;
	state_dir = folder;
	shop.listening = listen_at("control.sock");
	sim.listening = listen_at("sim.sock");
	assert_int_equal(pthread_create(&shop.thread, NULL, shop_run, NULL), 0);
	return pthread_create(&sim.thread, NULL, sim_run, NULL);
}

static inline int shop_close(void **state)
{
	char path[128];

	(void)state;
	shutdown(shop.listening, SHUT_RDWR);
	shutdown(sim.listening, SHUT_RDWR);
	pthread_join(shop.thread, NULL);
	pthread_join(sim.thread, NULL);
	close(shop.listening);
	close(sim.listening);
	snprintf(path, sizeof(path), "%s/control.sock", folder);
	unlink(path);
	snprintf(path, sizeof(path), "%s/sim.sock", folder);
	unlink(path);
	snprintf(path, sizeof(path), "%s/list.csv", folder);
	unlink(path);
	return rmdir(folder);
}

/* The shop's next answers: none but those that follow. */
static inline union message *answer_with(enum message_type type)
{
	union message *m = &shop.answer[shop.answers++];

	message_init(m, type, 0);
	return m;
}

static inline int shop_forget(void **state)
{
	(void)state;
	shop.answers = shop.asked = 0;
	shop.tells_office = false;
	memset(&shop.status, 0, sizeof(shop.status));
	memcpy(shop.status.shop, "viken", 6);
	shop.wrong = NULL;
	shop.seals = -1;
	memset(&shop.question, 0, sizeof(shop.question));
	sim.asked = 0;
	memset(&sim.question, 0, sizeof(sim.question));
	sim.answer = (struct simchip_message){.version = SIMCHIP_VERSION, .say = SIM_OK};
	return 0;
}

/* No question was malformed. */
static inline int shop_content(void **state)
{
	(void)state;
	assert_null(shop.wrong);
	return 0;
}

static inline void out_is(const char *wanted)
{
	json_t *have = out_json(), *want = json_loads(wanted, JSON_DECODE_ANY, NULL);

	assert_non_null(want);
	if (!have || !json_equal(have, want))
		fail_msg("printed %s, not %s", out, wanted);
	json_decref(have);
	json_decref(want);
}

static inline void cose_hex(const struct public_key *key, char hex[2 * COSE_KEY_SIZE + 1])
{
	uint8_t bytes[COSE_KEY_SIZE];

	cose_key_encode(key, bytes);
	hex_text(bytes, sizeof(bytes), hex);
}

static inline const char *list_of(const char *text)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/list.csv", folder);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	return path;
}

#endif
