/* The door's control: on the same kind of pty and loop, what no door can do without: import the
 * key, verify the bytes (libcrypto), set the line. PTY SHARED_MEMORY CHIP LINE */
#include <fcntl.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <systemd/sd-event.h>
#include <unistd.h>
#include "device/simchip.h"
#include "rival_verify.h"

static struct verify_job *job;
static EVP_PKEY *curve;
static struct simchip_message m = {.version = SIMCHIP_VERSION};
static int chip;
static int verify(void)
{
	EVP_PKEY *key = EVP_PKEY_new();
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	ECDSA_SIG *sig = ECDSA_SIG_new();
	const uint8_t *s = job->signature;
	uint8_t der[80], *end = der;
	int good = EVP_PKEY_copy_parameters(key, curve) &&
		   EVP_PKEY_set1_encoded_public_key(key, job->point, 65) &&
		   ECDSA_SIG_set0(sig, BN_bin2bn(s, 32, 0), BN_bin2bn(s + 32, 32, 0)) &&
		   EVP_DigestVerifyInit(c, 0, EVP_sha256(), 0, key) &&
		   EVP_DigestVerify(c, der, (size_t)i2d_ECDSA_SIG(sig, &end), job->bytes,
				    job->len) == 1;
	return ECDSA_SIG_free(sig), EVP_MD_CTX_free(c), EVP_PKEY_free(key), good;
}
static int on_bytes(__attribute__((unused)) sd_event_source *s, int fd, uint32_t e, void *data)
{
	char bytes[1024];
	ssize_t got = read(fd, bytes, sizeof(bytes));
	m.say = SIM_SET;
	m.level = got > 0 && bytes[got - 1] == '\r' && verify();
	for (; m.level == 1 && send(chip, &m, SIMCHIP_HEAD_SIZE, 0) > 0; m.level = 0)
		usleep(200);
	return send(chip, &m, SIMCHIP_HEAD_SIZE, 0), (void)e, (void)data, 0;
}

int main(__attribute__((unused)) int argc, char **argv)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int pty = open(argv[1], O_RDWR | O_NONBLOCK | O_NOCTTY), shm = open(argv[2], O_RDWR);
	sd_event *loop;
	curve = EVP_EC_gen("P-256");
	job = mmap(0, sizeof(*job), PROT_READ, MAP_SHARED, shm, 0);
	chip = socket(AF_UNIX, SOCK_SEQPACKET, 0);
	strncpy(at.sun_path, argv[3], sizeof(at.sun_path) - 1);
	strncpy(m.line_name[0].name, argv[4], sizeof(m.line_name[0].name) - 1);
	m.say = SIM_TAKE, m.lines = m.line_name[0].output = 1;
	return connect(chip, (void *)&at, sizeof(at)) || send(chip, &m, sizeof(m), 0) < 0 ||
	       sd_event_default(&loop) < 0 ||
	       sd_event_add_io(loop, 0, pty, EPOLLIN, on_bytes, 0) < 0 || sd_event_loop(loop) < 0;
}
