/*
 * http_listen.c: where an HTTP server listens. Only loopback and Unix sockets are taken: TLS is
 * nginx's work, and a bearer in the clear on the shop's Wi-Fi would be anybody's.
 *
 * Socket options are set on the listener, for the kernel hands them down to every connection:
 * TCP_NODELAY, because an answer is one small packet that nobody should wait for, and
 * TCP_USER_TIMEOUT, because a phone that walked out of the Wi-Fi never says goodbye.
 *
 * A socket that the service manager passed (counterd.socket) comes before what the configuration
 * says: it was open before the program was, so nobody who asks while it starts is turned away.
 */
#include "net/http_listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "net/http_server.h"

#define BACKLOG	       4096 /* an office's nginx brings a fleet back at once; the kernel cuts it */
#define UNIX_PREFIX    "unix:"
#define UNIX_MODE      0660
#define PEER_SILENT_MS 30000 /* data that nobody acknowledged for so long: the peer is gone */
#define HOST_TEXT_SIZE 64

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct sockaddr_un local;
};

static bool port_parse(const char *text, uint16_t *ret)
{
	uint32_t port = 0;

	if (!*text || strlen(text) > 5)
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return false;
		port = port * 10 + (uint32_t)(*text - '0');
	}
	*ret = (uint16_t)port;
	return port <= UINT16_MAX;
}

/* "127.0.0.1:18080" or "[::1]:18080" */
static const char *tcp_parse(const char *text, union address *ret, socklen_t *ret_len)
{
	const char *colon = strrchr(text, ':');
	char host[HOST_TEXT_SIZE];
	size_t len;
	uint16_t port;

	if (!colon || !port_parse(colon + 1, &port))
		return "want ADDRESS:PORT or unix:/path";
	len = (size_t)(colon - text);
	if (len >= sizeof(host))
		return "the address is too long";
	memcpy(host, text, len);
	host[len] = '\0';
	memset(ret, 0, sizeof(*ret));
	if (len > 2 && host[0] == '[' && host[len - 1] == ']') {
		host[len - 1] = '\0';
		ret->v6.sin6_family = AF_INET6;
		ret->v6.sin6_port = htons(port);
		*ret_len = sizeof(ret->v6);
		if (inet_pton(AF_INET6, host + 1, &ret->v6.sin6_addr) != 1)
			return "want a numeric address";
	} else {
		ret->v4.sin_family = AF_INET;
		ret->v4.sin_port = htons(port);
		*ret_len = sizeof(ret->v4);
		if (inet_pton(AF_INET, host, &ret->v4.sin_addr) != 1)
			return "want a numeric address";
	}
	if (!http_address_loopback(&ret->any))
		return "only loopback or a Unix socket: put nginx with TLS in front";
	return NULL;
}

static const char *address_parse(const char *text, union address *ret, socklen_t *ret_len)
{
	const char *path = text + strlen(UNIX_PREFIX);

	if (strncmp(text, UNIX_PREFIX, strlen(UNIX_PREFIX)) != 0)
		return tcp_parse(text, ret, ret_len);
	if (path[0] != '/')
		return "want an absolute path behind unix:";
	if (strlen(path) >= sizeof(ret->local.sun_path))
		return "the path is too long for a socket";
	memset(ret, 0, sizeof(*ret));
	ret->local.sun_family = AF_UNIX;
	memcpy(ret->local.sun_path, path, strlen(path) + 1);
	*ret_len = sizeof(ret->local);
	return NULL;
}

const char *http_address_wrong(const char *listen)
{
	union address address;
	socklen_t len;

	return address_parse(listen, &address, &len);
}

bool http_address_loopback(const struct sockaddr *address)
{
	const struct sockaddr_in *v4 = (const void *)address;
	const struct sockaddr_in6 *v6 = (const void *)address;

	if (address->sa_family == AF_UNIX)
		return true;
	if (address->sa_family == AF_INET)
		return ntohl(v4->sin_addr.s_addr) >> 24 == 127;
	return address->sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
}

/* What is left of an earlier run may go; anything that is no socket is not ours. */
static void unlink_old(const char *path)
{
	struct stat st;

	if (lstat(path, &st) == 0 && S_ISSOCK(st.st_mode))
		(void)unlink(path);
}

static int listen_tcp(int fd, const union address *address, socklen_t len)
{
	int on = 1, silent_ms = PEER_SILENT_MS;

	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
	    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) < 0 ||
	    setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &silent_ms, sizeof(silent_ms)) < 0 ||
	    bind(fd, &address->any, len) < 0 || listen(fd, BACKLOG) < 0)
		return -errno;
	return 0;
}

static int listen_local(int fd, const union address *address, socklen_t len)
{
	unlink_old(address->local.sun_path);
	if (bind(fd, &address->any, len) < 0 || chmod(address->local.sun_path, UNIX_MODE) < 0 ||
	    listen(fd, BACKLOG) < 0)
		return -errno;
	return 0;
}

static bool given_fits(int fd)
{
	union address address;
	socklen_t len = sizeof(address);

	memset(&address, 0, sizeof(address));
	return sd_is_socket(fd, AF_UNSPEC, SOCK_STREAM, 1) > 0 &&
	       getsockname(fd, &address.any, &len) == 0 && http_address_loopback(&address.any) &&
	       fcntl(fd, F_SETFL, O_NONBLOCK) == 0;
}

/* The fd that the service manager passed to this process; 0 where it passed none. It is taken once:
 * whoever asks again, or is started from here, finds none. */
static int given(char why[200])
{
	int n = sd_listen_fds(1);

	if (n <= 0)
		return 0;
	if (n == 1 && given_fits(SD_LISTEN_FDS_START))
		return SD_LISTEN_FDS_START;
	for (int i = 0; i < n; i++)
		close(SD_LISTEN_FDS_START + i);
	snprintf(why, 200,
		 "cannot listen: want one stream socket from the service manager, "
		 "a Unix socket or loopback, and it passed %d",
		 n);
	return -EINVAL;
}

int http_listen_open(const char *listen, char why[200])
{
	union address address;
	socklen_t len;
	const char *wrong = address_parse(listen, &address, &len);
	int fd = given(why), r;

	if (fd != 0)
		return fd;
	if (wrong) {
		snprintf(why, 200, "listen = %.80s: %s", listen, wrong);
		return -EINVAL;
	}
	fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	r = fd < 0			       ? -errno
	    : address.any.sa_family == AF_UNIX ? listen_local(fd, &address, len)
					       : listen_tcp(fd, &address, len);
	if (r == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	snprintf(why, 200, "cannot listen on %.80s: %s", listen, strerrordesc_np(-r));
	return r;
}

uint16_t http_listen_port(int fd)
{
	union address address;
	socklen_t len = sizeof(address);

	memset(&address, 0, sizeof(address));
	if (getsockname(fd, &address.any, &len) < 0)
		return 0;
	if (address.any.sa_family == AF_INET)
		return ntohs(address.v4.sin_port);
	return address.any.sa_family == AF_INET6 ? ntohs(address.v6.sin6_port) : 0;
}
