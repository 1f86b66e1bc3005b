/*
 * shopd_bench.h: shopd within a test: its own start and stop, its loop turned by the test, a folder
 * of its own; and those who stand around it, played by the test: counterd and shopctl on their
 * sockets, phones, members with keys, scanners on ptys, the simulated door as a process.
 *
 * Nothing here sleeps: until() turns the loop until something is so, or fails.
 */
#ifndef SHOP_TESTS_SHOPD_BENCH_H
#define SHOP_TESTS_SHOPD_BENCH_H

#include <dlfcn.h>
#include <fcntl.h>
#include <ftw.h>
#include <libgen.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "crypto/es256.h"
#include "device/simchip.h"
#include "shoptoken.h"

int shopd_main(int argc, char **argv);
#define main shopd_main
#include "shopd/main.c"
#undef main

#define PATIENCE_MS 10000

static struct shopd shell;

static struct {
	sd_event *event; /* of the shell's loop */
	char dir[64];
	char conf[2048];
	char log[1 << 18]; /* what the shell has logged, the newest part */
	size_t log_len;
	pid_t chip;
	uint32_t blocked; /* members of whom counterd was told that they are */
} bench;

/* --- the loop and the log */

/* The loop is made by its own constructor; here it is only looked at on its way out. */
int sd_event_new(sd_event **ret)
{
	union {
		void *object;
		int (*function)(sd_event **);
	} real = {.object = dlsym(RTLD_NEXT, "sd_event_new")};
	int r = real.function(ret);

	bench.event = *ret;
	return r;
}

/* One turn: what is due now, or what comes within 10 ms. */
static inline void turn(void)
{
	assert_true(sd_event_run(bench.event, 10000) >= 0);
}

#define until(condition)                                                                           \
	do {                                                                                       \
		struct mono until_ = mono_add(loop_mono(), PATIENCE_MS);                           \
		while (!(condition)) {                                                             \
			if (mono_due(loop_mono(), until_))                                         \
				fail_msg("not in time: %s", #condition);                           \
			turn();                                                                    \
		}                                                                                  \
	} while (0)

/* The journal, in memory: a test reads it, and its thread writes to no terminal. */
int journal_start(struct shopd *sd)
{
	(void)sd;
	bench.log_len = 0;
	bench.log[0] = '\0';
	return 0;
}

void journal_stop(struct shopd *sd)
{
	(void)sd;
}

void journal_line(struct shopd *sd, const char *format, ...)
{
	size_t room = sizeof(bench.log) - bench.log_len;
	va_list args;
	int len;

	(void)sd;
	if (room < 1024) {
		bench.log_len = 0;
		room = sizeof(bench.log);
	}
	va_start(args, format);
	len = vsnprintf(bench.log + bench.log_len, room - 1, format, args);
	va_end(args);
	if (getenv("SHOPD_LOG"))
		print_message("    %s\n", bench.log + bench.log_len);
	bench.log_len += (size_t)len < room - 1 ? (size_t)len : room - 2;
	bench.log[bench.log_len++] = '\n';
	bench.log[bench.log_len] = '\0';
}

static inline void log_forget(void)
{
	bench.log_len = 0;
	bench.log[0] = '\0';
}

static inline bool logged_that(const char *text)
{
	return strstr(bench.log, text) != NULL;
}

/* --- the disk */

/* Every sync of the ledger goes through here: none ends while the test holds the gate. */
static pthread_mutex_t disk_gate = PTHREAD_MUTEX_INITIALIZER;
static bool disk_stalled;

int fdatasync(int fd)
{
	pthread_mutex_lock(&disk_gate);
	pthread_mutex_unlock(&disk_gate);
	return (int)syscall(SYS_fdatasync, fd);
}

static inline void disk_stalls(void)
{
	pthread_mutex_lock(&disk_gate);
	disk_stalled = true;
}

static inline void disk_goes_on(void)
{
	disk_stalled = false;
	pthread_mutex_unlock(&disk_gate);
}

/* --- a folder, a start, a stop */

static inline void bench_path(const char *name, char path[128])
{
	snprintf(path, 128, "%s/%s", bench.dir, name);
}

/* A folder and a configuration; `more` are lines of its own before the first section. */
static inline void bench_make(const char *more)
{
	char path[128], why[CONF_WHY_MAX] = "";
	FILE *f;

	memset(&bench, 0, sizeof(bench));
	memset(&shell, 0, sizeof(shell));
	snprintf(bench.dir, sizeof(bench.dir), "%s", P_tmpdir "/shopd-bench-XXXXXX");
	assert_non_null(mkdtemp(bench.dir));
	snprintf(bench.conf, sizeof(bench.conf),
		 "shop = viken\nrun = %s\nstate = %s\ngpio = sim:%s/chip.sock\n"
		 "timezone = Europe/Stockholm\n%s"
		 "[door front]\nscanner = %s/front\nstrike = front-strike\n"
		 "contact = front-contact\nrex = front-rex\nlight_no = front-light_no\n"
		 "[till one]\nscanner = %s/one\n",
		 bench.dir, bench.dir, bench.dir, more, bench.dir, bench.dir);
	bench_path("shopd.conf", path);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs(bench.conf, f) >= 0);
	assert_int_equal(fclose(f), 0);
	if (!config_load(path, &shell.config, why))
		fail_msg("%s", why);
}

static inline void bench_start(void)
{
	assert_int_equal(loop_new(&shell.loop), 0);
	assert_int_equal(start(&shell), 0);
}

static inline void bench_stop(void)
{
	struct config config = shell.config;

	if (disk_stalled) /* a test that failed */
		disk_goes_on();
	if (!shell.loop)
		return;
	stop(&shell);
	loop_free(shell.loop);
	memset(&shell, 0, sizeof(shell));
	shell.config = config;
}

static inline void bench_restart(void)
{
	bench_stop();
	bench_start();
}

static inline int bench_remove_one(const char *path, const struct stat *st, int type,
				   struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline void bench_remove(void)
{
	int status;

	if (bench.chip > 0) {
		kill(bench.chip, SIGTERM);
		waitpid(bench.chip, &status, 0);
		bench.chip = 0;
	}
	nftw(bench.dir, bench_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* --- those on the sockets */

struct caller {
	int fd;
	uint32_t number; /* by which the shell knows it */
	uint32_t requests;
};

/* The next message to this caller, if there is one now; what nobody asked for is left out. */
static inline bool caller_took(const struct caller *c, union message *ret)
{
	ssize_t n;

	do {
		n = recv(c->fd, ret, sizeof(*ret), MSG_DONTWAIT);
		bench.blocked += n > 0 && ret->head.type == MESSAGE_BLOCKED;
	} while (n > 0 && (ret->head.type == MESSAGE_NEWS || ret->head.type == MESSAGE_BLOCKED));
	if (n > 0)
		assert_null(message_check(ret, (uint32_t)n, ROLE_COUNTER, WAY_FROM_SHOPD) &&
					    message_check(ret, (uint32_t)n, ROLE_CONTROL,
							  WAY_FROM_SHOPD)
				    ? "neither counterd nor shopctl may be told this"
				    : NULL);
	return n > 0;
}

static inline void caller_hear(const struct caller *c, union message *ret)
{
	until(caller_took(c, ret));
}

static inline void caller_say(const struct caller *c, const union message *m)
{
	uint32_t size = message_size(m->head.type);

	until(send(c->fd, m, size, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)size);
}

/* Asks under a number of its own and hears the answer, which must be of this type. */
static inline void caller_ask(struct caller *c, union message *m, enum message_type type)
{
	uint32_t request = m->head.request = ++c->requests;

	caller_say(c, m);
	caller_hear(c, m);
	assert_int_equal(m->head.type, type);
	assert_int_equal(m->head.request, request);
}

/* The answer to a question about the shell's state leaves at once: what has not come before it was
 * not sent. */
static inline void caller_heard_nothing(struct caller *c)
{
	union message m;

	message_init(&m, MESSAGE_STATUS, 0);
	caller_ask(c, &m, MESSAGE_STATUS_IS);
}

static inline void caller_connect(struct caller *c, const char *name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	*c = (struct caller){.fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0)};
	assert_true(c->fd >= 0);
	assert_true((size_t)snprintf(address.sun_path, sizeof(address.sun_path), "%s/%s", bench.dir,
				     name) < sizeof(address.sun_path));
	assert_int_equal(connect(c->fd, (struct sockaddr *)&address, sizeof(address)), 0);
}

static inline void caller_dial(struct caller *c, enum message_role role)
{
	union message m;
	ssize_t n = 0;

	caller_connect(c, role == ROLE_COUNTER ? "counter.sock" : "control.sock");
	message_init(&m, MESSAGE_HELLO, 0);
	m.hello.role = role;
	memcpy(m.hello.program, "bench", 6);
	caller_say(c, &m);
	until((n = recv(c->fd, &m, sizeof(m), MSG_DONTWAIT)) > 0);
	assert_int_equal(m.head.type, MESSAGE_HELLO);
	const struct listener *l = role == ROLE_COUNTER ? shell.counter : shell.control;

	c->number = listener_peer_at(l, listener_peers(l) - 1);
}

static inline void caller_leave(struct caller *c)
{
	close(c->fd);
	c->fd = -1;
}

/* --- members, passes, prices, as the office says them */

struct person {
	struct shoptoken_key key;
	struct customer customer;
};

static inline void office_done(struct caller *control, union message *m)
{
	caller_ask(control, m, MESSAGE_DONE);
	if (m->done.error)
		fail_msg("refused: %s", m->done.text);
}

static inline void member_add(struct caller *control, struct person *p, uint32_t flags,
			      int64_t limit_minor)
{
	union message m;

	assert_int_equal(shoptoken_key_make(&p->key), 0);
	message_init(&m, MESSAGE_MEMBER_ADD, 0);
	memcpy(m.member.x, p->key.public_key.x, sizeof(m.member.x));
	memcpy(m.member.y, p->key.public_key.y, sizeof(m.member.y));
	m.member.flags = flags;
	m.member.credit_limit_minor = limit_minor;
	office_done(control, &m);
	memcpy(p->customer.byte, m.done.customer, sizeof(p->customer.byte));
}

static inline void member_block(struct caller *control, const struct person *p, bool on)
{
	union message m;

	message_init(&m, MESSAGE_MEMBER_BLOCK, 0);
	memcpy(m.member.customer, p->customer.byte, sizeof(m.member.customer));
	m.member.flags = on;
	office_done(control, &m);
}

static inline void office_key(struct caller *control, struct shoptoken_key *key)
{
	union message m;

	assert_int_equal(shoptoken_key_make(key), 0);
	message_init(&m, MESSAGE_OFFICE_KEY, 0);
	memcpy(m.member.x, key->public_key.x, sizeof(m.member.x));
	memcpy(m.member.y, key->public_key.y, sizeof(m.member.y));
	office_done(control, &m);
}

/* What the office says of a pass: revoked, or that it wants these digits (NULL: none). */
static inline void pass_told(struct caller *control, const uint8_t cti[CTI_SIZE_MAX], bool revoked,
			     const char *pin)
{
	uint8_t salted[16 + 8] = "sixteen salt by";
	union message m;
	struct sha256 hash;

	message_init(&m, MESSAGE_PASS, 0);
	m.pass.cti_len = CTI_SIZE_MAX;
	memcpy(m.pass.cti, cti, CTI_SIZE_MAX);
	m.pass.revoked = revoked;
	m.pass.wants_pin = pin != NULL;
	if (pin) {
		memcpy(m.pass.pin_salt, salted, sizeof(m.pass.pin_salt));
		memcpy(salted + 16, pin, strlen(pin));
		hash = sha256(salted, 16 + (uint32_t)strlen(pin));
		memcpy(m.pass.pin_hash, hash.byte, sizeof(hash.byte));
	}
	office_done(control, &m);
}

/* An article of the tests' shop: number n has this code on its package. */
static inline uint64_t article_gtin(uint64_t n)
{
	uint64_t digits = 730000000000 + n, sum = 0;

	for (uint64_t rest = digits, weight = 3; rest > 0; rest /= 10, weight = 4 - weight)
		sum += rest % 10 * weight;
	return digits * 10 + (10 - sum % 10) % 10;
}

static inline void article_code(uint64_t n, char text[33])
{
	snprintf(text, 33, "%013llu", (unsigned long long)article_gtin(n));
}

struct price {
	uint64_t article;
	int64_t minor;
	enum article_class class;
	enum article_state state;
	enum vat_class vat; /* VAT_FIXED: 12 %, or: */
	uint16_t vat_bp;
	int32_t deposit_minor;
	uint64_t gtin; /* instead of the article's own */
};

static inline void prices_set(struct caller *control, const struct price *price, uint32_t prices)
{
	int fd = memfd_create("prices", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	uint32_t request = ++control->requests;
	union message m;

	assert_true(fd >= 0);
	for (uint32_t i = 0; i < prices; i++) {
		struct import_row row = {
			.gtin = price[i].gtin ? price[i].gtin : article_gtin(price[i].article),
			.price_minor = price[i].minor,
			.vat_bp = price[i].vat != VAT_FIXED ? 0
				  : price[i].vat_bp	    ? price[i].vat_bp
							    : 1200,
			.vat_class = (uint8_t)price[i].vat,
			.deposit_minor = price[i].deposit_minor,
			.class = (uint8_t)price[i].class,
			.state = (uint8_t)price[i].state,
		};
		char name[32];

		row.name_len = (uint8_t)snprintf(name, sizeof(name), "article %llu",
						 (unsigned long long)price[i].article);
		memcpy(row.name, name, row.name_len);
		assert_int_equal(write(fd, &row, sizeof(row)), sizeof(row));
	}
	assert_int_equal(
		fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL),
		0);
	message_init(&m, MESSAGE_IMPORT, request);
	m.import.rows = prices;
	assert_int_equal(ask_send(control->fd, &m, fd), 0);
	close(fd);
	caller_hear(control, &m);
	assert_int_equal(m.head.type, MESSAGE_DONE);
	if (m.done.error)
		fail_msg("%s", m.done.text);
}

/* --- tokens and phones */

static inline void token_of(const struct person *p, const char *audience,
			    struct shoptoken_token *ret)
{
	assert_int_equal(shoptoken_issue(&p->key, audience, loop_wall().ms / 1000, 60, NULL, ret),
			 0);
}

static inline void token_message(enum message_type type, const char *door,
				 const struct shoptoken_token *token, union message *ret)
{
	message_init(ret, type, 0);
	if (type == MESSAGE_UNLOCK)
		snprintf(ret->token.door, sizeof(ret->token.door), "%s", door);
	ret->token.token_len = (uint16_t)token->len;
	memcpy(ret->token.token, token->byte, token->len);
}

struct phone {
	struct caller *counter; /* by way of whom it speaks */
	const struct person *person;
	uint64_t visit;
	uint8_t bearer[32];
};

/* Asks for a visit; the answer is left in *ret. */
static inline void phone_asks_in(struct phone *p, union message *ret)
{
	struct shoptoken_token token;

	token_of(p->person, "viken/till", &token);
	token_message(MESSAGE_VISIT, NULL, &token, ret);
	caller_ask(p->counter, ret, MESSAGE_VISIT_IS);
	p->visit = ret->visit_is.visit;
	memcpy(p->bearer, ret->visit_is.bearer, sizeof(p->bearer));
}

static inline void phone_enters(struct phone *p, struct caller *counter,
				const struct person *person)
{
	union message m;

	*p = (struct phone){.counter = counter, .person = person};
	phone_asks_in(p, &m);
	assert_int_equal(m.visit_is.verdict, VERDICT_ADMITTED);
	assert_true(m.visit_is.answer <= ANSWER_REPEATED);
	assert_true(p->visit != 0);
}

static inline void line_message(const struct phone *p, enum message_type type, const char *key,
				uint64_t article, int64_t quantity_milli, union message *ret)
{
	message_init(ret, type, 0);
	ret->line.visit = p->visit;
	memcpy(ret->line.bearer, p->bearer, sizeof(p->bearer));
	snprintf(ret->line.key, sizeof(ret->line.key), "%s", key);
	if (type != MESSAGE_LINE_PUT)
		return;
	article_code(article, ret->line.scanned);
	ret->line.quantity_milli = quantity_milli;
}

static inline void bearer_message(const struct phone *p, enum message_type type, union message *ret)
{
	message_init(ret, type, 0);
	ret->bearer.visit = p->visit;
	memcpy(ret->bearer.bearer, p->bearer, sizeof(p->bearer));
}

/* The answer to a line; the whole of it in *ret unless that is NULL. */
static inline enum answer phone_puts(const struct phone *p, const char *key, uint64_t article,
				     int64_t quantity_milli, struct message_line_is *ret)
{
	union message m;

	line_message(p, MESSAGE_LINE_PUT, key, article, quantity_milli, &m);
	caller_ask(p->counter, &m, MESSAGE_LINE_IS);
	if (ret)
		*ret = m.line_is;
	return (enum answer)m.line_is.answer;
}

static inline enum answer phone_voids(const struct phone *p, const char *key,
				      struct message_line_is *ret)
{
	union message m;

	line_message(p, MESSAGE_LINE_VOID, key, 0, 0, &m);
	caller_ask(p->counter, &m, MESSAGE_LINE_IS);
	if (ret)
		*ret = m.line_is;
	return (enum answer)m.line_is.answer;
}

static inline enum answer phone_closes(const struct phone *p)
{
	union message m;

	bearer_message(p, MESSAGE_CLOSE, &m);
	caller_ask(p->counter, &m, MESSAGE_ANSWER);
	return (enum answer)m.answer.answer;
}

/* --- scanners */

/* A scanner under the name that the configuration has for it; the test holds its other end. */
static inline int scanner_plug(const char *name)
{
	int fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	char path[128];

	assert_true(fd >= 0);
	assert_int_equal(grantpt(fd), 0);
	assert_int_equal(unlockpt(fd), 0);
	bench_path(name, path);
	(void)!unlink(path);
	assert_int_equal(symlink(ptsname(fd), path), 0);
	return fd;
}

/* Sends all of it, while the shell reads. */
static inline void scan_bytes(int fd, const void *bytes, size_t len)
{
	const uint8_t *at = bytes;

	while (len > 0) {
		ssize_t n = -1;

		until((n = write(fd, at, len)) > 0);
		at += n;
		len -= (size_t)n;
	}
}

static inline void scan(int fd, const char *text)
{
	scan_bytes(fd, text, strlen(text));
	scan_bytes(fd, "\r", 1);
}

static inline void scan_token(int fd, const struct shoptoken_token *token)
{
	char text[SHOPTOKEN_TEXT_SIZE];

	assert_int_equal(shoptoken_text(token, text, sizeof(text)), 0);
	scan(fd, text);
}

/* How many bells the next sound has: 1 for yes, 2 for no. */
static inline int scanner_heard(int fd)
{
	char bell[2];
	ssize_t n = 0;

	until((n = read(fd, bell, 1)) == 1);
	n += read(fd, bell + 1, 1) == 1;
	return (int)n;
}

/* --- the door */

static inline void chip_path(char path[512])
{
	char self[400] = "";

	assert_true(readlink("/proc/self/exe", self, sizeof(self) - 1) > 0);
	snprintf(path, 512, "%s/../simdoor", dirname(self));
	if (access(path, X_OK) < 0)
		fail_msg("%s is not built", path);
}

/* Before bench_start(): the door front as a process. */
static inline void chip_start(void)
{
	struct mono end = mono_add(loop_mono(), PATIENCE_MS);
	char program[512], path[128];

	chip_path(program);
	bench_path("chip.sock", path);
	bench.chip = fork();
	assert_true(bench.chip >= 0);
	if (bench.chip == 0) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		execl(program, "simdoor", path, "front", (char *)NULL);
		_exit(127);
	}
	while (access(path, F_OK) < 0) {
		assert_false(mono_due(loop_mono(), end));
		poll(NULL, 0, 5);
	}
}

/* A hand at the door; the chip's answer. Does not turn the loop. */
static inline enum simchip_say chip_hand(enum sim_hand hand)
{
	struct simchip_message m = {
		.version = SIMCHIP_VERSION, .say = SIM_HAND, .hand = (uint32_t)hand};
	struct pollfd answered;
	struct caller c;

	caller_connect(&c, "chip.sock");
	assert_int_equal(send(c.fd, &m, SIMCHIP_HEAD_SIZE, MSG_NOSIGNAL), SIMCHIP_HEAD_SIZE);
	answered = (struct pollfd){.fd = c.fd, .events = POLLIN};
	assert_int_equal(poll(&answered, 1, PATIENCE_MS), 1);
	assert_true(recv(c.fd, &m, sizeof(m), 0) >= (ssize_t)SIMCHIP_HEAD_SIZE);
	caller_leave(&c);
	return (enum simchip_say)m.say;
}

#endif
