/*
 * door.c: how long from the last byte of a token to the strike, for shopd and for a control that
 * only imports the key and verifies the same bytes, in turn on ptys of the same kind, each with a
 * chip of its own. The chips stamp the strike; this program stamps the write. Reads no line back
 * from shopd.
 *
 *   door N PACE_US SHOP_PTY_FD SHOP_CHIP CONTROL_PTY_FD CONTROL_CHIP CONTROL_SHM RUN_DIR PRIVATE
 * PUBLIC AUDIENCE
 *
 * Prints one line a pair: shopd's and the control's latency in microseconds (0: no strike within 2
 * s).
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "crypto/es256.h"
#include "device/simchip.h"
#include "net/socket.h"
#include "rival_verify.h"
#include "token/base45.h"
#include "token/claims.h"

#define STRIKE_WAIT_MS 2000

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

static void fail(const char *what)
{
	fprintf(stderr, "door: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int eye_open(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	static struct simchip_message m;
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		fail(path);
	m = (struct simchip_message){.version = SIMCHIP_VERSION, .say = SIM_WATCH};
	if (send(fd, &m, sizeof(m), 0) < 0)
		fail(path);
	return fd;
}

/* When this chip's strike took this level; 0 when it did not in time. */
static int64_t strike_at(int fd, uint32_t level)
{
	static struct simchip_message m;
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
	int64_t end = now_us() + STRIKE_WAIT_MS * 1000;

	while (now_us() < end) {
		if (poll(&poll_fd, 1, STRIKE_WAIT_MS) <= 0)
			return 0;
		if (recv(fd, &m, sizeof(m), 0) <= 0)
			fail("chip");
		if (m.say == SIM_SEEN && strstr(m.text, "-strike") && m.level == level)
			return m.at_us;
	}
	return 0;
}

struct made {
	char text[TOKEN_QR_MAX + 2];
	uint32_t len;
};

/* A fresh token, as QR text with its CR, and what the control needs of it. */
static void make(const uint8_t private_key[32], const struct public_key *key, const char *audience,
		 struct verify_job *job, struct made *ret)
{
	struct claims c = {.iat_s = time(NULL), .cti_len = 8};
	uint8_t payload[256], token[TOKEN_SIZE_MAX], protected_header[TOKEN_PROTECTED_SIZE];
	uint32_t len;
	struct kid kid = kid_of(key);

	c.exp_s = c.iat_s + 60;
	snprintf(c.audience, sizeof(c.audience), "%s", audience);
	random_bytes(c.cti, c.cti_len);
	len = token_payload(&c, payload, sizeof(payload));
	token_protected(kid, protected_header);
	job->len = token_to_be_signed((struct span){protected_header, sizeof(protected_header)},
				      (struct span){payload, len}, job->bytes);
	if (es256_sign(private_key, job->bytes, job->len, job->signature) < 0)
		fail("sign");
	memcpy(job->point + 1, key->x, 32);
	memcpy(job->point + 33, key->y, 32);
	job->point[0] = 4;
	len = token_assemble(kid, (struct span){payload, len}, job->signature, token,
			     sizeof(token));
	memcpy(ret->text, QR_TOKEN_PREFIX, 4);
	ret->len = 4 + base45_encode(token, len, ret->text + 4, sizeof(ret->text) - 5);
	ret->text[ret->len++] = '\r';
}

static int64_t shown(int pty, int eye, const struct made *token)
{
	int64_t start = now_us(), at;

	if (write(pty, token->text, token->len) != (ssize_t)token->len)
		fail("pty");
	at = strike_at(eye, 1);
	return at ? at - start : 0;
}

static void lock_again(int control, int eye)
{
	union message m;

	message_init(&m, MESSAGE_COMMAND, 1);
	if (ask_send(control, &m, -1) < 0 || strike_at(eye, 0) == 0)
		fail("lock");
	while (ask_receive(control, &m, 2000) == 0 && m.head.type != MESSAGE_DONE)
		;
}

int main(int argc, char **argv)
{
	uint8_t private_key[32];
	struct public_key key;
	struct verify_job *job;
	struct made token;
	char why[128] = "", path[200];
	int shop_eye, control_eye, control, shm;

	if (argc != 12 || !hex_parse(argv[9], (uint32_t)strlen(argv[9]), private_key, 32) ||
	    !hex_parse(argv[10], (uint32_t)strlen(argv[10]), &key, 64))
		return fprintf(stderr, "door: see the head of tests/bench/door.c\n"), 2;
	shop_eye = eye_open(argv[4]);
	control_eye = eye_open(argv[6]);
	shm = open(argv[7], O_RDWR | O_CLOEXEC);
	job = mmap(NULL, sizeof(*job), PROT_READ | PROT_WRITE, MAP_SHARED, shm, 0);
	if (shm < 0 || job == MAP_FAILED)
		fail(argv[7]);
	snprintf(path, sizeof(path), "%s/control.sock", argv[8]);
	control = ask_open(path, ROLE_CONTROL, why);
	if (control < 0)
		fail(path);
	for (int i = 0, n = (int)strtol(argv[1], NULL, 10); i < n; i++) {
		int64_t shop, verify;

		make(private_key, &key, argv[11], job, &token);
		shop = shown((int)strtol(argv[3], NULL, 10), shop_eye, &token);
		if (shop)
			lock_again(control, shop_eye);
		usleep((useconds_t)(int)strtol(argv[2], NULL, 10));
		verify = shown((int)strtol(argv[5], NULL, 10), control_eye, &token);
		if (strike_at(control_eye, 0) == 0)
			fail("the control's chip");
		usleep((useconds_t)(int)strtol(argv[2], NULL, 10));
		printf("%lld %lld\n", (long long)shop, (long long)verify);
	}
	return 0;
}
