/*
 * http_server.c: libmicrohttpd inside our loop.
 *
 * The library brings its own epoll fd; we watch that, and run it until it says that nothing is due
 * now (else an answer that was queued in the last round would wait for the next packet of anybody).
 * Resuming a connection does not make the library's fd readable: the first answer given outside of
 * it kicks an eventfd, and the library runs once for all answers of that round. It then looks
 * through every connection that is suspended; where those are thousands, answers are gathered for
 * some milliseconds first (10,000: 20 ms, and the looking takes 2 % of a core).
 *
 * The library's own time-out counts from the last byte, so that a client which drips one byte at a
 * time holds its place for ever. Here every connection stands in a list by the time of its last
 * completed request, and one timer shuts the oldest ones down. A request that is held for the shop
 * or streamed is its handler's to time. No connection: no timer, no wake-up.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/http_listen.h"
#include "net/http_private.h"

#define QUIET_SLACK_MS 2000
#define RUNS_AT_ONCE   64 /* then the loop looks at its other fds first */
#define HELD_MANY      512
#define HELD_PER_MS    500 /* so many more, and answers are gathered for a millisecond longer */
#define STRICT_AS_RFC  1   /* MHD_OPTION_STRICT_FOR_CLIENT: refuse what HTTP/1.1 refuses */

struct http_server {
	struct loop *loop;
	struct MHD_Daemon *mhd;
	struct watch *watch, *kick_watch;
	int kick_fd;
	bool kicked;
	struct timer *quiet_timer, *gather_timer;
	bool quiet_armed, gathering;
	struct http_limits limits;
	struct http_handler handler;
	struct http_connection *oldest, *newest;
	struct http_connection *exempt;	 /* held and streamed ones */
	struct http_connection *resumed; /* answered ones that are suspended still */
	uint32_t connections, exempted;
	uint16_t port;
};

const struct http_limits http_limits_shop = {
	.connections = HTTP_CONNECTIONS_MAX,
	.connections_per_ip = HTTP_CONNECTIONS_PER_IP_MAX,
	.connection_memory = HTTP_CONNECTION_MEMORY,
	.body_max = HTTP_BODY_MAX,
	.body_drain_max = HTTP_BODY_DRAIN_MAX,
	.quiet_ms = HTTP_QUIET_MS,
};

/* --- connections by the time of their last completed request --- */

static void quiet_unlink(struct http_connection *c)
{
	struct http_server *s = c->server;

	*(c->previous ? &c->previous->next : &s->oldest) = c->next;
	*(c->next ? &c->next->previous : &s->newest) = c->previous;
	c->next = c->previous = NULL;
}

static void quiet_append(struct http_connection *c)
{
	struct http_server *s = c->server;

	c->quiet_since = loop_mono();
	c->previous = s->newest;
	c->next = NULL;
	*(s->newest ? &s->newest->next : &s->oldest) = c;
	s->newest = c;
	if (s->quiet_armed)
		return;
	s->quiet_armed = true;
	timer_arm(s->quiet_timer, mono_add(c->quiet_since, s->limits.quiet_ms));
}

static void exempt_unlink(struct http_connection *c)
{
	*(c->previous ? &c->previous->next : &c->server->exempt) = c->next;
	if (c->next)
		c->next->previous = c->previous;
	c->next = c->previous = NULL;
	c->exempt = false;
	c->server->exempted--;
}

static void unlink_anyhow(struct http_connection *c)
{
	if (c->exempt)
		exempt_unlink(c);
	else
		quiet_unlink(c);
}

void http_quiet_exempt(struct http_connection *c)
{
	struct http_server *s = c->server;

	if (c->exempt)
		return;
	quiet_unlink(c);
	c->exempt = true;
	s->exempted++;
	c->next = s->exempt;
	if (c->next)
		c->next->previous = c;
	s->exempt = c;
}

void http_quiet_restart(struct http_connection *c)
{
	unlink_anyhow(c);
	quiet_append(c);
}

static void on_quiet(void *data)
{
	struct http_server *s = data;
	struct mono now = loop_mono();
	struct http_connection *c;

	/* shutting down makes the fd readable; the library closes it and tells on_connection */
	for (c = s->oldest; c && mono_due(now, mono_add(c->quiet_since, s->limits.quiet_ms));
	     c = c->next)
		if (!c->closing) {
			c->closing = true;
			(void)shutdown(c->fd, SHUT_RDWR);
		}
	s->quiet_armed = c != NULL;
	if (c)
		timer_arm(s->quiet_timer, mono_add(c->quiet_since, s->limits.quiet_ms));
}

static void on_connection(void *data, struct MHD_Connection *mhd, void **context,
			  enum MHD_ConnectionNotificationCode code)
{
	struct http_server *s = data;
	struct http_connection *c = *context;

	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		const union MHD_ConnectionInfo *info;

		c = calloc(1, sizeof(*c));
		if (!c)
			return; /* its requests are hung up on */
		c->server = s;
		c->mhd = mhd;
		info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
		c->fd = info->connect_fd;
		info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
		c->loopback = info && info->client_addr && http_address_loopback(info->client_addr);
		*context = c;
		s->connections++;
		quiet_append(c);
	} else if (c) {
		unlink_anyhow(c);
		s->connections--;
		*context = NULL;
		free(c);
	}
}

/* --- the server --- */

const struct http_handler *http_handler_of(const struct http_server *s)
{
	return &s->handler;
}

const struct http_limits *http_limits_of(const struct http_server *s)
{
	return &s->limits;
}

static void kick(struct http_server *s)
{
	if (!s->kicked)
		(void)eventfd_write(s->kick_fd, 1); /* it counts to 2^64: there is always room */
	s->kicked = true;
}

void http_resume(struct http_connection *c)
{
	struct http_server *s = c->server;

	c->resumed = s->resumed;
	s->resumed = c;
	if (s->exempted < HELD_MANY) {
		kick(s);
	} else if (!s->gathering) {
		s->gathering = true;
		timer_arm(s->gather_timer, mono_add(loop_mono(), s->exempted / HELD_PER_MS));
	}
}

static void resume_all(struct http_server *s)
{
	while (s->resumed) {
		struct http_connection *c = s->resumed;

		s->resumed = c->resumed;
		c->resumed = NULL;
		MHD_resume_connection(c->mhd);
	}
}

static void run(struct http_server *s)
{
	MHD_UNSIGNED_LONG_LONG wait_ms = 0;
	uint32_t runs = 0;
	bool due;

	do {
		MHD_run(s->mhd);
		due = MHD_get_timeout(s->mhd, &wait_ms) == MHD_YES && wait_ms == 0;
	} while (due && ++runs < RUNS_AT_ONCE);
	if (due)
		kick(s);
}

static void on_ready(void *data, int fd, uint32_t events)
{
	(void)fd;
	(void)events;
	run(data);
}

static void on_kick(void *data, int fd, uint32_t events)
{
	struct http_server *s = data;
	eventfd_t count;

	(void)events;
	(void)eventfd_read(fd, &count);
	s->kicked = false;
	resume_all(s);
	run(s);
}

static void on_gathered(void *data)
{
	struct http_server *s = data;

	s->gathering = false;
	resume_all(s);
	run(s);
}

/* Paths and queries stay as sent: nothing that we serve needs a percent sign. */
static size_t unescape_nothing(void *data, struct MHD_Connection *mhd, char *text)
{
	(void)data;
	(void)mhd;
	return strlen(text);
}

static void log_nothing(void *data, const char *format, va_list arguments)
{
	(void)data;
	(void)format;
	(void)arguments;
}

static struct MHD_Daemon *start_daemon(struct http_server *s, int fd)
{
	return MHD_start_daemon(
		MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO | MHD_USE_ERROR_LOG, 0,
		NULL, NULL, http_on_access, s, MHD_OPTION_EXTERNAL_LOGGER, log_nothing, NULL,
		MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT,
		(unsigned int)s->limits.connections, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
		(unsigned int)s->limits.connections_per_ip, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		(size_t)s->limits.connection_memory, MHD_OPTION_CONNECTION_TIMEOUT, 0u,
		MHD_OPTION_NOTIFY_COMPLETED, http_on_completed, s, MHD_OPTION_NOTIFY_CONNECTION,
		on_connection, s, MHD_OPTION_UNESCAPE_CALLBACK, unescape_nothing, NULL,
		MHD_OPTION_STRICT_FOR_CLIENT, STRICT_AS_RFC, MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,
		MHD_OPTION_END);
}

/* Looked at last, when all answers of a round have been given. */
static int watch_kicks(struct http_server *s)
{
	s->kick_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (s->kick_fd < 0)
		return -errno;
	return watch_add(s->loop, s->kick_fd, EPOLLIN, WATCH_IDLE, on_kick, s, &s->kick_watch);
}

static int start(struct http_server *s, int fd, char why[200])
{
	const union MHD_DaemonInfo *info;
	int r;

	s->port = http_listen_port(fd);
	r = timer_add(s->loop, WATCH_IDLE, QUIET_SLACK_MS, on_quiet, s, &s->quiet_timer);
	if (r == 0)
		r = timer_add(s->loop, WATCH_NORMAL, 0, on_gathered, s, &s->gather_timer);
	if (r == 0)
		r = watch_kicks(s);
	s->mhd = r == 0 ? start_daemon(s, fd) : NULL;
	if (!s->mhd) {
		close(fd);
		snprintf(why, 200, "the HTTP server does not start");
		return r ? r : -ENOMEM;
	}
	info = MHD_get_daemon_info(s->mhd, MHD_DAEMON_INFO_EPOLL_FD);
	r = watch_add(s->loop, info->epoll_fd, EPOLLIN, WATCH_NORMAL, on_ready, s, &s->watch);
	if (r < 0)
		snprintf(why, 200, "cannot watch the HTTP server");
	return r;
}

int http_server_open(struct loop *loop, const char *listen, const struct http_handler *handler,
		     const struct http_limits *limits, struct http_server **ret, char why[200])
{
	struct http_server *s = calloc(1, sizeof(*s));
	int fd, r;

	if (!s)
		return -ENOMEM;
	s->loop = loop;
	s->kick_fd = -1;
	s->limits = *limits;
	s->handler = *handler;
	fd = http_listen_open(listen, why);
	r = fd < 0 ? fd : start(s, fd, why);
	if (r < 0) {
		http_server_close(s);
		return r;
	}
	*ret = s;
	return 0;
}

uint16_t http_server_port(const struct http_server *s)
{
	return s->port;
}

uint32_t http_server_connections(const struct http_server *s)
{
	return s->connections;
}

void http_server_set_quiet(struct http_server *s, int64_t quiet_ms)
{
	s->limits.quiet_ms = quiet_ms;
}

/* The library does not end while a connection is suspended: what still waits is hung up on. */
static void end_waiting(struct http_server *s)
{
	for (struct http_connection *c = s->exempt; c; c = c->next)
		if (c->request)
			http_resume_dropped(c->request);
	resume_all(s);
	MHD_run(s->mhd);
}

void http_server_close(struct http_server *s)
{
	if (!s)
		return;
	watch_free(s->watch);
	if (s->mhd) {
		end_waiting(s);
		MHD_stop_daemon(s->mhd);
	}
	watch_free(s->kick_watch);
	if (s->kick_fd >= 0)
		close(s->kick_fd);
	timer_free(s->quiet_timer);
	timer_free(s->gather_timer);
	free(s);
}
