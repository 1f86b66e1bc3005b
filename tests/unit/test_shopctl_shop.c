/*
 * test_shopctl_shop.c: shopctl against a shop that answers as it is told to: what is asked, what is
 * made of each answer, and that nothing is asked where nothing may be.
 */
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

static void settle(void)
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

static int listen_at(const char *name)
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
static ssize_t question_take(int fd, union message *m)
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
static bool question_answer(int fd, const union message *m, uint32_t len)
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

static void peer_serve(int fd)
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

static void *shop_run(void *data)
{
	int fd;

	while ((fd = accept(shop.listening, NULL, NULL)) >= 0) {
		peer_serve(fd);
		close(fd);
	}
	return data;
}

static void *sim_run(void *data)
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

static int shop_open(void **state)
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

static int shop_close(void **state)
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
static union message *answer_with(enum message_type type)
{
	union message *m = &shop.answer[shop.answers++];

	message_init(m, type, 0);
	return m;
}

static int shop_forget(void **state)
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
static int shop_content(void **state)
{
	(void)state;
	assert_null(shop.wrong);
	return 0;
}

static void out_is(const char *wanted)
{
	json_t *have = out_json(), *want = json_loads(wanted, JSON_DECODE_ANY, NULL);

	assert_non_null(want);
	if (!have || !json_equal(have, want))
		fail_msg("printed %s, not %s", out, wanted);
	json_decref(have);
	json_decref(want);
}

/* --- tests */

static void no_shop_is_exit_3(void **state)
{
	const char *rightly = run_dir;

	(void)state;
	run_dir = "/nonexistent";
	assert_int_equal(run("--json", "status", NULL), CTL_UNREACHABLE);
	json_t *value = out_json();

	assert_string_equal(json_string_value(json_object_get(value, "error")), "unreachable");
	json_decref(value);
	assert_int_equal(run("door", NULL), CTL_UNREACHABLE);
	assert_int_equal(run("sim", "open", NULL), CTL_UNREACHABLE);
	assert_int_equal(run("alarm", "list", NULL), CTL_UNREACHABLE);
	run_dir = rightly;
	assert_int_equal(run("status", NULL), CTL_UNREACHABLE); /* it hangs up */
	assert_int_equal(shop.asked, 1);			/* and is not asked again */
	answer_with(MESSAGE_BYE);
	assert_int_equal(run("status", NULL), CTL_UNREACHABLE);
}

static void status_in_json(void **state)
{
	struct message_status_is *s = &answer_with(MESSAGE_STATUS_IS)->status_is;

	(void)state;
	memcpy(s->shop, "viken", 6);
	s->ledger_ok = s->clock_trusted = s->counter_connected = s->simulated = 1;
	s->head_seq = 12345678901;
	s->entries_written = 5;
	s->commits = 4;
	s->queue_rows = 3;
	s->admissions = 7;
	s->refusals = 8;
	s->lines = 9;
	s->visits_open = 1;
	s->members = 2;
	s->articles = 2379;
	s->price_version = 6;
	s->up_ms = 61000;
	assert_int_equal(run("status", "--json", NULL), 0);
	out_is("{\"shop\":\"viken\",\"ledger_ok\":true,\"clock_trusted\":true,"
	       "\"courier_connected\":false,\"counter_connected\":true,\"simulated\":true,"
	       "\"up_ms\":61000,\"head_seq\":12345678901,\"entries_written\":5,\"commits\":4,"
	       "\"queue_rows\":3,\"admissions\":7,\"refusals\":8,\"lines\":9,\"visits_open\":1,"
	       "\"alarms_open\":0,\"members\":2,\"articles\":2379,\"price_version\":6,"
	       "\"office\":null}");
	assert_int_equal(run("status", NULL), 0);
	assert_non_null(strstr(out, "courierd  NOT CONNECTED"));
	assert_non_null(strstr(out, "office    none"));
	s->enrolled = s->epoch = 1;
	s->acked_seq = 12345678801;
	s->feed = 42;
	s->road = CARRIED_REFUSED;
	s->heard_at_ms = 1795302004123;
	memcpy(s->office, "https://office.example", 23);
	assert_int_equal(run("status", "--json", NULL), 0);
	json_t *value = out_json(), *office = json_object_get(value, "office");

	assert_string_equal(json_string_value(json_object_get(office, "url")),
			    "https://office.example");
	assert_int_equal(json_integer_value(json_object_get(office, "not_yet_up")), 100);
	assert_string_equal(json_string_value(json_object_get(office, "road")), "refused");
	json_decref(value);
	assert_int_equal(run("status", NULL), 0);
	assert_non_null(strstr(out, "IT REFUSES THIS BOX"));
	assert_non_null(strstr(out, "100 entries not yet there"));
	s->restored = 7;
	s->restoring = 9;
	assert_int_equal(run("status", NULL), 0);
	assert_non_null(strstr(out, "TAKING BACK 7 of 9"));
}

/* --- the office */

static void cose_hex(const struct public_key *key, char hex[2 * COSE_KEY_SIZE + 1]);
static const char *list_of(const char *text);

static void a_shop_is_enrolled(void **state)
{
	(void)state;
	shop.tells_office = true;
	answer_with(MESSAGE_DONE);
	memcpy(shop.status.shop, "viken", 6);
	memcpy(shop.status.office, "https://office.example", 23);
	shop.status.enrolled = shop.status.epoch = 1;
	assert_int_equal(run("enrol", "https://office.example", "VIKEN-X", NULL), 0);
	assert_int_equal(shop.question.head.type, MESSAGE_ENROL);
	assert_string_equal(shop.question.enrol.url, "https://office.example");
	assert_string_equal(shop.question.enrol.code, "VIKEN-X");
	assert_int_equal(shop.seals, -1);
	assert_non_null(strstr(out, "viken is enrolled at https://office.example, epoch 1"));
	assert_int_equal(run("leave", NULL), 0);
	assert_int_equal(shop.question.head.type, MESSAGE_LEAVE);
	shop.answer[0].done.error = 1;
	memcpy(shop.answer[0].done.text, "this is no claim code", 22);
	assert_int_equal(run("enrol", "https://office.example", "VIKEN-X", NULL), CTL_REFUSED);
	assert_non_null(strstr(err, "no claim code"));
	assert_int_equal(run("enrol", "https://office.example", NULL), CTL_USAGE);
}

static void a_restore_brings_the_backup_s_ledger(void **state)
{
	char backup[128], path[160], etc[128];
	FILE *f;

	(void)state;
	shop.tells_office = true;
	snprintf(backup, sizeof(backup), "%s/backup", folder);
	snprintf(etc, sizeof(etc), "%s/etc", folder);
	snprintf(path, sizeof(path), "%s/etc", backup);
	assert_int_equal(mkdir(backup, 0700), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	answer_with(MESSAGE_DONE);
	assert_int_equal(run("restore", "https://o.example", "VIKEN-X", "--backup", backup, "--etc",
			     etc, NULL),
			 CTL_REFUSED); /* it holds no ledger */
	assert_int_equal(shop.asked, 0);
	snprintf(path, sizeof(path), "%s/ledger.db", backup);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs("a ledger", f);
	fclose(f);
	shop.seals = -2;
	assert_int_equal(run("restore", "https://o.example", "VIKEN-X", "--backup", backup, "--etc",
			     etc, NULL),
			 0);
	assert_int_equal(shop.question.head.type, MESSAGE_ENROL);
	assert_int_not_equal(shop.seals, -2); /* a descriptor came along */
	unlink(path);
	/* configuration that is not here is put in place, and looked at before anything is asked */
	snprintf(path, sizeof(path), "%s/etc/shopd.conf", backup);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs("shop = viken\n", f);
	fclose(f);
	snprintf(path, sizeof(path), "%s/ledger.db", backup);
	f = fopen(path, "w");
	fputs("a ledger", f);
	fclose(f);
	shop.asked = 0;
	assert_int_equal(run("restore", "https://o.example", "VIKEN-X", "--backup", backup, "--etc",
			     etc, NULL),
			 CTL_REFUSED);
	assert_int_equal(shop.asked, 0);
	assert_non_null(strstr(err, "shopd.conf, from the backup"));
	assert_int_equal(run("restore", "https://o.example", "VIKEN-X", "--backup", backup, "--etc",
			     etc, NULL),
			 0);
	unlink(path);
	snprintf(path, sizeof(path), "%s/etc/shopd.conf", backup);
	unlink(path);
	snprintf(path, sizeof(path), "%s/etc", backup);
	rmdir(path);
	rmdir(backup);
	snprintf(path, sizeof(path), "%s/shopd.conf", etc);
	unlink(path);
	rmdir(etc);
}

static void once_enrolled_the_office_is_asked(void **state)
{
	struct public_key key;
	uint8_t secret[32];
	char hex[2 * COSE_KEY_SIZE + 1], file[128];

	(void)state;
	shop.tells_office = true;
	assert_int_equal(es256_make(secret, &key), 0);
	cose_hex(&key, hex);
	snprintf(file, sizeof(file), "%s/operator.key", folder);
	assert_int_equal(run("token", "key", file, NULL), 0);
	setenv("HOME", folder, 1);
	answer_with(MESSAGE_DONE);
	shop.status.enrolled = 1;
	memcpy(shop.status.shop, "viken", 6);
	memcpy(shop.status.office, "http://127.0.0.1:1", 19); /* nobody is there */
	assert_int_equal(run("member", "add", "--key", hex, NULL), CTL_REFUSED);
	assert_non_null(strstr(err, "operator's key"));
	assert_int_equal(run("member", "add", "--key", hex, "--operator", file, NULL),
			 CTL_UNREACHABLE);
	assert_non_null(strstr(err, "out of reach"));
	assert_int_equal(run("product", "import", list_of("gtin,name\n"), "--operator", file, NULL),
			 CTL_UNREACHABLE);
	assert_int_equal(run("member", "unblock", "000102030405060708090a0b0c0d0e0f", "--operator",
			     file, NULL),
			 CTL_UNREACHABLE);
	assert_int_equal(shop.asked, 0);
	/* but whom not to let in cannot wait */
	assert_int_equal(run("member", "block", "000102030405060708090a0b0c0d0e0f", "--operator",
			     file, NULL),
			 0);
	assert_int_equal(shop.question.head.type, MESSAGE_MEMBER_BLOCK);
	assert_non_null(strstr(err, "at this shop alone"));
	unlink(file);
}

static void a_root_signs_a_set_of_keys(void **state)
{
	char root[128], one[128], out_file[128], public[2][129], text[4096] = "";
	uint8_t bytes[2048], tbs[2048];
	struct public_key root_key;
	struct statement s;
	struct sync_keys keys;
	FILE *f;

	(void)state;
	snprintf(root, sizeof(root), "%s/root.key", folder);
	snprintf(one, sizeof(one), "%s/office.key", folder);
	snprintf(out_file, sizeof(out_file), "%s/office.keys", folder);
	assert_int_equal(run("root", "make", root, NULL), 0);
	assert_int_equal(strlen(out), 129);
	memcpy(public[0], out, 128);
	public[0][128] = '\0';
	assert_int_equal(run("root", "make", root, NULL), CTL_REFUSED); /* never over another */
	assert_int_equal(run("root", "public", root, NULL), 0);
	assert_memory_equal(out, public[0], 128);
	assert_int_equal(run("root", "key", one, NULL), 0);
	memcpy(public[1], out, 128);
	public[1][128] = '\0';
	assert_int_equal(run("root", "sign", "--root", root, "--version", "0", "--out", out_file,
			     public[1], NULL),
			 CTL_USAGE);
	assert_int_equal(run("root", "sign", "--root", root, "--version", "3", "--out", out_file,
			     "beef", NULL),
			 CTL_USAGE);
	assert_int_equal(run("root", "sign", "--root", root, "--version", "3", "--out", out_file,
			     public[1], public[0], NULL),
			 0);
	f = fopen(out_file, "r");
	assert_non_null(f);
	assert_non_null(fgets(text, sizeof(text), f));
	fclose(f);
	text[strcspn(text, "\n")] = '\0';
	assert_true(hex_parse(text, (uint32_t)strlen(text), bytes, (uint32_t)strlen(text) / 2));
	assert_true(statement_parse((struct span){bytes, (uint32_t)strlen(text) / 2}, &s));
	assert_true(sync_keys_take(s.payload, &keys));
	assert_int_equal(keys.version, 3);
	assert_int_equal(keys.keys, 2);
	assert_true(hex_parse(public[0], 128, &root_key, 64));
	assert_memory_equal(&keys.key[1], &root_key, 64);
	assert_int_equal(es256_verify(&root_key, tbs,
				      statement_to_be_signed(s.kid, s.payload, tbs, sizeof(tbs)),
				      s.signature),
			 1);
	/* a root that others may read is not used */
	assert_int_equal(chmod(root, 0640), 0);
	assert_int_equal(run("root", "public", root, NULL), CTL_REFUSED);
	unlink(root);
	unlink(one);
	unlink(out_file);
}

static void doors_in_json(void **state)
{
	struct message_doors_are *d = &answer_with(MESSAGE_DOORS_ARE)->doors_are;

	(void)state;
	d->doors = 2;
	d->door[0] = (struct message_door){.name = "front",
					   .mode = DOOR_ACCESSED,
					   .physical = PHYSICAL_CLOSED,
					   .strike = 1,
					   .since_ms = 1795302004123};
	d->door[1] = (struct message_door){.name = "back",
					   .mode = DOOR_LOCKED,
					   .physical = PHYSICAL_OPEN,
					   .alarm = DOOR_HELD_OPEN,
					   .tamper = 1,
					   .since_ms = 1795302004000};
	assert_int_equal(run("door", "--json", NULL), 0);
	out_is("[{\"door\":\"front\",\"mode\":\"accessed\",\"physical\":\"closed\","
	       "\"alarm\":\"normal\",\"tamper\":false,\"strike\":\"on\","
	       "\"since\":\"2026-11-21T23:00:04.123Z\"},"
	       "{\"door\":\"back\",\"mode\":\"locked\",\"physical\":\"open\","
	       "\"alarm\":\"held_open\",\"tamper\":true,\"strike\":\"off\","
	       "\"since\":\"2026-11-21T23:00:04.000Z\"}]");
	assert_int_equal(run("door", NULL), 0);
	assert_non_null(strstr(out, "front  accessed  closed"));
	assert_non_null(strstr(out, "back   locked    open"));
}

static void door_commands(void **state)
{
	static const struct {
		const char *verb;
		enum command command;
	} cases[] = {
		{"lock", COMMAND_LOCK},
		{"unlock", COMMAND_UNLOCK},
		{"lockdown", COMMAND_LOCKDOWN},
		{"release", COMMAND_RELEASE},
	};

	(void)state;
	answer_with(MESSAGE_DONE);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(run("door", cases[i].verb, NULL), 0);
		assert_int_equal(shop.question.head.type, MESSAGE_COMMAND);
		assert_int_equal(shop.question.command.command, cases[i].command);
		assert_string_equal(shop.question.command.door, "");
	}
	assert_int_equal(run("door", "prop", "15", "back", "--json", NULL), 0);
	assert_int_equal(shop.question.command.command, COMMAND_PROP);
	assert_int_equal(shop.question.command.hold_ms, 15 * 60 * 1000);
	assert_string_equal(shop.question.command.door, "back");
	out_is("{\"ok\":true}");
}

static void a_challenge_is_shown(void **state)
{
	struct message_done *d = &answer_with(MESSAGE_DONE)->done;

	(void)state;
	snprintf(d->text, sizeof(d->text), "SKN1:ABC");
	assert_int_equal(run("door", "challenge", "--json", NULL), 0);
	assert_int_equal(shop.question.head.type, MESSAGE_CHALLENGE);
	out_is("{\"challenge\":\"SKN1:ABC\"}");
	assert_int_equal(run("door", "challenge", NULL), 0);
	assert_memory_equal(out, "SKN1:ABC\n", 9);
	assert_non_null(strstr(out, "▀"));
}

static void a_refusal_is_exit_1_in_the_shops_words(void **state)
{
	struct message_done *d = &answer_with(MESSAGE_DONE)->done;

	(void)state;
	d->error = 1;
	snprintf(d->text, sizeof(d->text), "no such door");
	assert_int_equal(run("door", "lock", "side", "--json", NULL), CTL_REFUSED);
	assert_non_null(strstr(err, "no such door"));
	json_t *value = out_json();

	assert_string_equal(json_string_value(json_object_get(value, "error")), "refused");
	json_decref(value);
	assert_int_equal(run("clock", "trust", NULL), CTL_REFUSED);
}

static void another_answer_is_exit_4(void **state)
{
	(void)state;
	answer_with(MESSAGE_DOORS_ARE);
	assert_int_equal(run("status", NULL), CTL_INTERNAL);
	shop.answers = 0;
	answer_with(MESSAGE_DONE);
	assert_int_equal(run("door", NULL), CTL_INTERNAL);
	shop.answer[0].done.error = 1; /* in words that would move the cursor */
	memcpy(shop.answer[0].done.text, "\x1b[31m", 6);
	assert_int_equal(run("clock", "trust", NULL), CTL_INTERNAL);
	assert_null(strchr(err, '\x1b'));
}

static void cose_hex(const struct public_key *key, char hex[2 * COSE_KEY_SIZE + 1])
{
	uint8_t bytes[COSE_KEY_SIZE];

	cose_key_encode(key, bytes);
	hex_text(bytes, sizeof(bytes), hex);
}

static void a_member_is_added(void **state)
{
	struct public_key key;
	uint8_t secret[32];
	char hex[2 * COSE_KEY_SIZE + 1], wanted[128], kid[17];
	struct message_done *d = &answer_with(MESSAGE_DONE)->done;

	(void)state;
	shop.tells_office = true;
	assert_int_equal(es256_make(secret, &key), 0);
	cose_hex(&key, hex);
	d->customer[15] = 7;
	hex_text(kid_of(&key).byte, KID_SIZE, kid);
	snprintf(wanted, sizeof(wanted),
		 "{\"customer\":\"00000000000000000000000000000007\",\"kid\":\"%s\"}", kid);
	assert_int_equal(run("member", "add", "--key", hex, "--json", NULL), 0);
	out_is(wanted);
	assert_int_equal(shop.question.head.type, MESSAGE_MEMBER_ADD);
	assert_memory_equal(shop.question.member.x, key.x, 32);
	assert_memory_equal(shop.question.member.y, key.y, 32);
	assert_int_equal(shop.question.member.role, ROLE_MEMBER);
	assert_int_equal(shop.question.member.flags, 0);

	d->existed = 1;
	assert_int_equal(run("member", "add", "--key", hex, "--role", "owner", "--limit", "499,50",
			     "--extended", "--json", NULL),
			 0);
	out_is(wanted);
	assert_int_equal(shop.question.member.role, ROLE_OWNER);
	assert_int_equal(shop.question.member.flags, MEMBER_LIMITED | MEMBER_EXTENDED);
	assert_int_equal(shop.question.member.credit_limit_minor, 49950);
	assert_int_equal(run("member", "add", "--key", hex, "--role", "king", NULL), CTL_USAGE);
	assert_int_equal(run("member", "add", "--key", hex, "--limit", "1e3", NULL), CTL_USAGE);
}

static void bad_keys_never_leave(void **state)
{
	struct public_key key;
	uint8_t secret[32];
	char hex[2 * COSE_KEY_SIZE + 1], more[512];

	(void)state;
	assert_int_equal(es256_make(secret, &key), 0);
	cose_hex(&key, hex);
	/* {…, -4: d}: five pairs */
	snprintf(more, sizeof(more), "a5%s235820%064d", hex + 2, 17);
	assert_int_equal(run("member", "add", "--key", more, NULL), CTL_REFUSED);
	assert_non_null(strstr(err, "private"));
	assert_non_null(strstr(err, "-4"));
	assert_null(strstr(err, "0017"));
	assert_int_equal(run("pass", "key", "--key", more, NULL), CTL_REFUSED);
	/* longer, shorter, another curve, off the curve */
	snprintf(more, sizeof(more), "%s00", hex);
	assert_int_equal(run("member", "add", "--key", more, NULL), CTL_REFUSED);
	assert_int_equal(run("member", "add", "--key", "a0", NULL), CTL_REFUSED);
	key.y[31] ^= 1;
	cose_hex(&key, hex);
	assert_int_equal(run("member", "add", "--key", hex, NULL), CTL_REFUSED);
	assert_non_null(strstr(err, "curve"));
	assert_int_equal(shop.asked, 0);
}

static void members_are_blocked(void **state)
{
	(void)state;
	shop.tells_office = true;
	answer_with(MESSAGE_DONE);
	assert_int_equal(run("member", "block", "000102030405060708090a0b0c0d0e0f", NULL), 0);
	assert_int_equal(shop.question.head.type, MESSAGE_MEMBER_BLOCK);
	assert_int_equal(shop.question.member.customer[15], 15);
	assert_int_equal(shop.question.member.flags, 1);
	assert_int_equal(run("member", "unblock", "000102030405060708090a0b0c0d0e0f", NULL), 0);
	assert_int_equal(shop.question.member.flags, 0);
}

static void passes(void **state)
{
	const struct message_pass *p = &shop.question.pass;
	uint8_t salted[16 + 5], salt[16];

	(void)state;
	answer_with(MESSAGE_DONE);
	assert_int_equal(run("pass", "revoke", "0001020304050607", NULL), 0);
	assert_int_equal(shop.question.head.type, MESSAGE_PASS);
	assert_int_equal(p->cti_len, 8);
	assert_int_equal(p->cti[7], 7);
	assert_int_equal(p->revoked, 1);
	assert_int_equal(run("pass", "pin", "000102030405060708090a0b0c0d0e0f", "01234", NULL), 0);
	assert_int_equal(p->cti_len, 16);
	assert_int_equal(p->revoked, 0);
	assert_int_equal(p->wants_pin, 1);
	memcpy(salt, p->pin_salt, 16);
	memcpy(salted, p->pin_salt, 16);
	memcpy(salted + 16, "01234", 5);
	struct sha256 hash = sha256(salted, sizeof(salted));

	assert_memory_equal(hash.byte, p->pin_hash, 32);
	assert_int_equal(run("pass", "pin", "000102030405060708090a0b0c0d0e0f", "01234", NULL), 0);
	assert_memory_not_equal(salt, p->pin_salt, 16);
}

static void alarm_is(uint64_t alarm, uint32_t code)
{
	struct message_alarm_is *a = &answer_with(MESSAGE_ALARM_IS)->alarm_is;

	a->alarm = alarm;
	a->code = code;
	a->condition = CONDITION_HELD_OPEN;
	a->state = ALARM_NOTIFIED;
	a->severity = SEVERITY_WARNING;
	a->raised_at_ms = 1795302004123;
	memcpy(a->place, "front", 6);
}

static void alarms_in_json(void **state)
{
	(void)state;
	alarm_is(3, 123456);
	alarm_is(4, 654321);
	shop.answer[1].alarm_is.condition = CONDITION_LEDGER_FAILING;
	shop.answer[1].alarm_is.state = ALARM_ACKNOWLEDGED;
	shop.answer[1].alarm_is.severity = SEVERITY_URGENT;
	shop.answer[1].alarm_is.place[0] = '\0';
	shop.answer[1].alarm_is.cleared_at_ms = 1795302005000;
	memcpy(shop.answer[1].alarm_is.by, "anna", 5);
	answer_with(MESSAGE_DONE);
	assert_int_equal(run("alarm", "list", "--json", NULL), 0);
	out_is("[{\"alarm\":3,\"code\":123456,\"condition\":\"held_open\",\"door\":\"front\","
	       "\"state\":\"notified\",\"severity\":\"warning\","
	       "\"raised_at\":\"2026-11-21T23:00:04.123Z\",\"cleared_at\":null,"
	       "\"acknowledged_by\":null},"
	       "{\"alarm\":4,\"code\":654321,\"condition\":\"ledger_failing\",\"door\":null,"
	       "\"state\":\"acknowledged\",\"severity\":\"urgent\","
	       "\"raised_at\":\"2026-11-21T23:00:04.123Z\","
	       "\"cleared_at\":\"2026-11-21T23:00:05.000Z\",\"acknowledged_by\":\"anna\"}]");
	shop.answers = 0;
	answer_with(MESSAGE_DONE);
	assert_int_equal(run("alarm", "list", "--json", NULL), 0);
	out_is("[]");
}

static void an_unknown_alarm_is_not_acknowledged(void **state)
{
	(void)state;
	alarm_is(3, 123456);
	answer_with(MESSAGE_DONE);
	assert_int_equal(run("alarm", "ack", "5", NULL), CTL_REFUSED);
	assert_int_equal(shop.question.head.type, MESSAGE_ALARMS);
	assert_int_equal(shop.asked, 1);
}

/* --- the list */

static const char *list_of(const char *text)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/list.csv", folder);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	return path;
}

static void a_list_goes_over_sealed(void **state)
{
	const char *path = list_of("gtin,name,price,vat_bp\n"
				   "7310865004703,Mjölk,14.90,600\n"
				   "nonsense,x,1,600\n"
				   "96385074,Bröd,,600\n");
	int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;

	(void)state;
	shop.tells_office = true;
	answer_with(MESSAGE_DONE)->done.number = 2;
	assert_int_equal(run("product", "import", path, "--json", NULL), 0);
	assert_int_equal(shop.question.head.type, MESSAGE_IMPORT);
	assert_int_equal(shop.question.import.rows, 2);
	assert_int_equal(shop.seals & seals, seals);
	assert_int_equal(shop.row[0].gtin, 7310865004703);
	assert_int_equal(shop.row[0].price_minor, 1490);
	assert_int_equal(shop.row[1].gtin, 96385074);
	assert_true(shop.row[1].price_minor > 0);
	json_t *value = out_json();

	assert_int_equal(json_integer_value(json_object_get(value, "rows")), 2);
	assert_int_equal(json_integer_value(json_object_get(value, "bad")), 1);
	assert_int_equal(json_integer_value(json_object_get(value, "priced_by_rule")), 1);
	json_decref(value);
	assert_non_null(strstr(err, "line 3: 'nonsense' is no GTIN"));
	assert_non_null(strstr(err, "without a price: 1,"));
}

static void a_bad_list_never_leaves(void **state)
{
	(void)state;
	shop.tells_office = true;
	answer_with(MESSAGE_DONE);
	const char *path = list_of("gtin,name\n7310865004703,Mjölk\nnonsense,x\n");

	assert_int_equal(run("product", "import", path, "--strict", NULL), CTL_REFUSED);
	assert_int_equal(run("product", "import", path, "--no-rule", NULL), CTL_REFUSED);
	assert_int_equal(run("product", "import", list_of("gtin;name\n"), NULL), CTL_REFUSED);
	assert_int_equal(run("product", "import", list_of(""), NULL), CTL_REFUSED);
	assert_int_equal(run("product", "import", folder, NULL), CTL_REFUSED);
	assert_int_equal(run("product", "import", "/dev/zero", NULL), CTL_REFUSED);
	assert_int_equal(run("product", "import", "/nonexistent", NULL), CTL_REFUSED);
	assert_int_equal(shop.asked, 0);
}

/* --- the simulated door */

static void hands(void **state)
{
	static const struct {
		const char *verb;
		enum sim_hand hand;
	} cases[] = {
		{"open", HAND_OPEN},	     {"close", HAND_CLOSE},   {"force", HAND_FORCE},
		{"rex", HAND_REX},	     {"exit", HAND_EXIT},     {"tamper", HAND_TAMPER},
		{"untamper", HAND_UNTAMPER}, {"unplug", HAND_UNPLUG}, {"fire", HAND_FIRE},
		{"unfire", HAND_UNFIRE},
	};

	(void)state;
	answer_with(MESSAGE_STATUS_IS)->status_is.simulated = 1;
	memcpy(shop.answer[0].status_is.shop, "viken", 6);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(run("sim", cases[i].verb, "front", NULL), 0);
		assert_int_equal(sim.question.say, SIM_HAND);
		assert_int_equal(sim.question.hand, cases[i].hand);
		assert_string_equal(sim.question.door, "front");
	}
	sim.answer.say = SIM_REFUSED;
	snprintf(sim.answer.text, sizeof(sim.answer.text), "the strike holds");
	assert_int_equal(run("sim", "open", NULL), CTL_REFUSED);
	assert_string_equal(sim.question.door, "");
	assert_non_null(strstr(err, "the strike holds"));
}

static void real_doors_are_not_moved(void **state)
{
	(void)state;
	memcpy(answer_with(MESSAGE_STATUS_IS)->status_is.shop, "viken", 6);
	assert_int_equal(run("sim", "force", NULL), CTL_REFUSED);
	assert_non_null(strstr(err, "real"));
	assert_int_equal(sim.asked, 0);
}

static void no_ledger_is_exit_3(void **state)
{
	(void)state;
	assert_int_equal(run("log", "--json", NULL), CTL_UNREACHABLE);
	assert_int_equal(run("visit", NULL), CTL_UNREACHABLE);
	assert_int_equal(run("visit", "0000000000000001", NULL), CTL_UNREACHABLE);
	assert_int_equal(run("ledger", "verify", NULL), CTL_UNREACHABLE);
	assert_int_equal(run("product", "show", "7310865004703", NULL), CTL_UNREACHABLE);
	assert_int_equal(shop.asked, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, shop_forget, shop_content)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(no_shop_is_exit_3),
		TEST(status_in_json),
		TEST(a_shop_is_enrolled),
		TEST(a_restore_brings_the_backup_s_ledger),
		TEST(once_enrolled_the_office_is_asked),
		TEST(a_root_signs_a_set_of_keys),
		TEST(doors_in_json),
		TEST(door_commands),
		TEST(a_challenge_is_shown),
		TEST(a_refusal_is_exit_1_in_the_shops_words),
		TEST(another_answer_is_exit_4),
		TEST(a_member_is_added),
		TEST(bad_keys_never_leave),
		TEST(members_are_blocked),
		TEST(passes),
		TEST(alarms_in_json),
		TEST(an_unknown_alarm_is_not_acknowledged),
		TEST(a_list_goes_over_sealed),
		TEST(a_bad_list_never_leaves),
		TEST(hands),
		TEST(real_doors_are_not_moved),
		TEST(no_ledger_is_exit_3),
	};

	return cmocka_run_group_tests(tests, shop_open, shop_close);
}
