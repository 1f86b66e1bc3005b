/*
 * http_server.c: libmicrohttpd inside our loop.
 *
 * The library brings its own epoll fd; we watch that, and run it until it says that nothing is due
 * now (else an answer that was queued in the last round would wait for the next packet of anybody).
 * Resuming a connection does not make the library's fd readable: the first answer given outside of
 * it kicks an eventfd, and the library runs once for all answers of that round.
 *
 * The library's own time-out counts from the last byte, so that a client which drips one byte at a
 * time holds its place for ever. Here every connection stands in a list by the time of its last
 * completed request, and one timer shuts the oldest ones down. A request that is held for the shop
 * or streamed is its handler's to time. No connection: no timer, no wake-up.
 *
 * Bodies: up to HTTP_BODY_MAX are kept, up to HTTP_BODY_DRAIN_MAX are read and thrown away, so that
 * a client which is told off has sent everything and hears it; beyond that it is hung up on.
 */
#include "net/http_server.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/http_listen.h"

#define QUIET_SLACK_MS 2000
#define RUNS_AT_ONCE   64   /* then the loop looks at its other fds first */
#define STREAM_BLOCK   4096 /* bytes pulled at a time */
#define STRICT_AS_RFC  1    /* MHD_OPTION_STRICT_FOR_CLIENT: refuse what HTTP/1.1 refuses */

struct http_connection {
	struct http_connection *next, *previous; /* by quiet_since */
	struct http_server *server;
	struct MHD_Connection *mhd;
	struct mono quiet_since;
	int fd;
	bool loopback, exempt, closing;
};

struct http_server {
	struct loop *loop;
	struct MHD_Daemon *mhd;
	struct watch *watch, *kick_watch;
	int kick_fd;
	bool kicked;
	struct timer *quiet_timer;
	bool quiet_armed;
	struct http_handler handler;
	struct http_connection *oldest, *newest;
	uint32_t connections;
	uint16_t port;
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
	timer_arm(s->quiet_timer, mono_add(c->quiet_since, HTTP_QUIET_MS));
}

/* Held and streamed requests are timed by their handler. */
static void quiet_exempt(struct http_connection *c)
{
	if (!c->exempt)
		quiet_unlink(c);
	c->exempt = true;
}

static void quiet_restart(struct http_connection *c)
{
	if (!c->exempt)
		quiet_unlink(c);
	c->exempt = false;
	quiet_append(c);
}

static void on_quiet(void *data)
{
	struct http_server *s = data;
	struct mono now = loop_mono();
	struct http_connection *c;

	/* shutting down makes the fd readable; the library closes it and tells on_connection */
	for (c = s->oldest; c && mono_due(now, mono_add(c->quiet_since, HTTP_QUIET_MS));
	     c = c->next)
		if (!c->closing) {
			c->closing = true;
			(void)shutdown(c->fd, SHUT_RDWR);
		}
	s->quiet_armed = c != NULL;
	if (c)
		timer_arm(s->quiet_timer, mono_add(c->quiet_since, HTTP_QUIET_MS));
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
		if (!c->exempt)
			quiet_unlink(c);
		s->connections--;
		*context = NULL;
		free(c);
	}
}

/* --- a request comes in --- */

static const char *const header_name[] = {
	[HTTP_HOST] = "Host",
	[HTTP_AUTHORIZATION] = "Authorization",
	[HTTP_CONTENT_TYPE] = "Content-Type",
	[HTTP_COOKIE] = "Cookie",
	[HTTP_ORIGIN] = "Origin",
	[HTTP_SEC_FETCH_SITE] = "Sec-Fetch-Site",
	[HTTP_ACCEPT_LANGUAGE] = "Accept-Language",
	[HTTP_LAST_EVENT_ID] = "Last-Event-ID",
	[HTTP_CONTENT_LENGTH] = MHD_HTTP_HEADER_CONTENT_LENGTH,
	[HTTP_TRANSFER_ENCODING] = MHD_HTTP_HEADER_TRANSFER_ENCODING,
	[HTTP_FORWARDED] = "Forwarded",
};

static int header_of(const char *name, size_t len)
{
	for (int i = 0; i < HTTP_HEADERS; i++)
		if (strlen(header_name[i]) == len && strcasecmp(header_name[i], name) == 0)
			return i;
	if (strcasecmp(name, "X-Forwarded-For") == 0 || strcasecmp(name, "X-Real-IP") == 0)
		return HTTP_FORWARDED;
	return -1;
}

static enum MHD_Result on_header(void *data, enum MHD_ValueKind kind, const char *name,
				 const char *value)
{
	struct http_request *r = data;
	int at = header_of(name, strlen(name));

	(void)kind;
	if (at >= 0) {
		if (r->header[at])
			r->repeated |= 1u << at;
		r->header[at] = value ? value : "";
	}
	return MHD_YES;
}

static struct http_request *request_new(struct http_connection *c, const char *method,
					const char *path)
{
	struct http_request *r = malloc(sizeof(*r));

	if (!r)
		return NULL;
	memset(r, 0, offsetof(struct http_request, body_small));
	r->connection = c;
	r->method = method;
	r->path = path;
	r->peer_loopback = c->loopback;
	r->body.data = (const uint8_t *)r->body_small;
	(void)MHD_get_connection_values(c->mhd, MHD_HEADER_KIND, on_header, r);
	return r;
}

/* Keeps what fits HTTP_BODY_MAX. False: hang up. */
static bool body_take(struct http_request *r, const char *bytes, size_t len)
{
	char *into = r->body_large ? r->body_large : r->body_small;

	if (r->body_too_large || len > HTTP_BODY_MAX - r->body.len) {
		r->body_too_large = true;
		r->drained += (uint32_t)(len < HTTP_BODY_DRAIN_MAX ? len : HTTP_BODY_DRAIN_MAX);
		return r->body.len + r->drained <= HTTP_BODY_DRAIN_MAX;
	}
	if (!r->body_large && r->body.len + len > sizeof(r->body_small)) {
		into = r->body_large = malloc(HTTP_BODY_MAX);
		if (!into)
			return false;
		memcpy(into, r->body_small, r->body.len);
		r->body.data = (const uint8_t *)into;
	}
	memcpy(into + r->body.len, bytes, len);
	r->body.len += (uint32_t)len;
	return true;
}

/* Two readers of the same bytes may not see two different requests (smuggling). */
static bool is_ambiguous(const struct http_request *r)
{
	uint32_t framing = 1u << HTTP_CONTENT_LENGTH | 1u << HTTP_TRANSFER_ENCODING;

	return (r->repeated & framing) != 0 ||
	       (r->header[HTTP_CONTENT_LENGTH] && r->header[HTTP_TRANSFER_ENCODING]);
}

/* What is refused before its body comes: it would not even be read to its end. */
static bool is_refused_early(struct http_request *r)
{
	const char *length = r->header[HTTP_CONTENT_LENGTH];

	r->body_ambiguous = is_ambiguous(r);
	r->body_too_large = length && strtoull(length, NULL, 10) > HTTP_BODY_DRAIN_MAX;
	return r->body_ambiguous || r->body_too_large;
}

static enum MHD_Result queue_answer(struct http_request *r)
{
	struct MHD_Response *answer = r->answer;
	enum MHD_Result queued;

	r->answer = NULL;
	queued = MHD_queue_response(r->connection->mhd, r->status, answer);
	MHD_destroy_response(answer);
	return queued;
}

static enum MHD_Result on_access(void *data, struct MHD_Connection *mhd, const char *path,
				 const char *method, const char *version, const char *bytes,
				 size_t *len, void **context)
{
	struct http_server *s = data;
	struct http_request *r = *context;

	(void)version;
	if (!r) {
		const union MHD_ConnectionInfo *info =
			MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
		struct http_connection *c = info ? info->socket_context : NULL;

		r = c ? request_new(c, method, path) : NULL;
		*context = r;
		if (!r)
			return MHD_NO;
		if (!is_refused_early(r))
			return MHD_YES;
		r->complete = true;
		s->handler.request(s->handler.data, r);
		CHECK(r->answer); /* see http_server.h: not to be held */
		return queue_answer(r);
	}
	if (*len > 0) {
		bool kept = body_take(r, bytes, *len);

		*len = 0;
		return kept ? MHD_YES : MHD_NO;
	}
	if (!r->complete) {
		r->complete = true;
		s->handler.request(s->handler.data, r);
		CHECK(r->answer || r->held);
		if (r->held && !r->answer) {
			r->suspended = true;
			quiet_exempt(r->connection);
			MHD_suspend_connection(mhd);
			return MHD_YES;
		}
	}
	if (r->dropped || !r->answer)
		return MHD_NO;
	return queue_answer(r);
}

static void on_completed(void *data, struct MHD_Connection *mhd, void **context,
			 enum MHD_RequestTerminationCode code)
{
	struct http_server *s = data;
	struct http_request *r = *context;

	(void)mhd;
	(void)code;
	if (!r)
		return;
	*context = NULL;
	if (r->complete)
		s->handler.gone(s->handler.data, r);
	if (r->answer)
		MHD_destroy_response(r->answer);
	quiet_restart(r->connection);
	free(r->body_large);
	free(r);
}

/* --- the answer goes out --- */

static void kick(struct http_server *s)
{
	if (!s->kicked)
		(void)eventfd_write(s->kick_fd, 1); /* it counts to 2^64: there is always room */
	s->kicked = true;
}

static void resume(struct http_request *r)
{
	if (!r->suspended)
		return;
	r->suspended = false;
	MHD_resume_connection(r->connection->mhd);
	kick(r->connection->server);
}

static void respond(struct http_request *r, uint32_t status, struct MHD_Response *answer)
{
	CHECK(answer && !r->answer);
	r->answer = answer;
	r->status = status;
	resume(r);
}

static void add_header(struct MHD_Response *m, const char *name, const char *value)
{
	enum MHD_Result r = MHD_add_response_header(m, name, value);

	CHECK(r == MHD_YES); /* only a control character or no memory could prevent it */
}

void http_respond(struct http_request *r, const struct http_answer *answer)
{
	enum MHD_ResponseMemoryMode mode = !answer->body_len	? MHD_RESPMEM_PERSISTENT
					   : answer->body_owned ? MHD_RESPMEM_MUST_FREE
								: MHD_RESPMEM_MUST_COPY;
	struct MHD_Response *m =
		MHD_create_response_from_buffer(answer->body_len, answer->body, mode);

	CHECK(m);
	if (answer->content_type)
		add_header(m, "Content-Type", answer->content_type);
	add_header(m, "Cache-Control", "no-store");
	if (r->body_ambiguous)
		add_header(m, "Connection", "close");
	for (int i = 0; i < HTTP_ANSWER_HEADERS_MAX && answer->header[i].name; i++)
		add_header(m, answer->header[i].name, answer->header[i].value);
	respond(r, answer->status, m);
}

void http_hold(struct http_request *r)
{
	CHECK(r->complete && !r->answer);
	r->held = true;
}

static ssize_t on_pull(void *data, uint64_t position, char *bytes, size_t size)
{
	struct http_request *r = data;
	long n;

	(void)position;
	if (r->dropped)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	r->pulled_at = loop_mono();
	n = r->stream->pull(r->stream->data, r, bytes, size);
	if (n < 0)
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (n == 0) {
		r->suspended = true;
		MHD_suspend_connection(r->connection->mhd);
	}
	return n;
}

void http_stream(struct http_request *r, const struct http_stream *stream)
{
	struct MHD_Response *m =
		MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, on_pull, r, NULL);

	CHECK(m);
	r->stream = stream;
	r->pulled_at = loop_mono();
	add_header(m, "Content-Type", stream->content_type);
	add_header(m, "Cache-Control", "no-store");
	add_header(m, "X-Accel-Buffering", "no"); /* nginx hands events on as they come */
	quiet_exempt(r->connection);
	respond(r, MHD_HTTP_OK, m);
}

void http_stream_wake(struct http_request *r)
{
	resume(r);
}

bool http_stream_stalled(const struct http_request *r, struct mono since)
{
	return !r->suspended && r->pulled_at.ms < since.ms;
}

bool http_peer_closed(const struct http_request *r)
{
	char byte;

	return recv(r->connection->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

void http_drop(struct http_request *r)
{
	r->dropped = true;
	(void)shutdown(r->connection->fd, SHUT_RDWR);
	resume(r);
}

const char *http_query(const struct http_request *r, const char *name)
{
	return MHD_lookup_connection_value(r->connection->mhd, MHD_GET_ARGUMENT_KIND, name);
}

/* --- the server --- */

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
		NULL, NULL, on_access, s, MHD_OPTION_EXTERNAL_LOGGER, log_nothing, NULL,
		MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT,
		(unsigned int)HTTP_CONNECTIONS_MAX, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
		(unsigned int)HTTP_CONNECTIONS_PER_IP_MAX, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		(size_t)HTTP_CONNECTION_MEMORY, MHD_OPTION_CONNECTION_TIMEOUT, 0u,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, s, MHD_OPTION_NOTIFY_CONNECTION,
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
		     struct http_server **ret, char why[200])
{
	struct http_server *s = calloc(1, sizeof(*s));
	int fd, r;

	if (!s)
		return -ENOMEM;
	s->loop = loop;
	s->kick_fd = -1;
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

void http_server_close(struct http_server *s)
{
	if (!s)
		return;
	watch_free(s->watch);
	if (s->mhd)
		MHD_stop_daemon(s->mhd); /* the caller has answered what it held */
	watch_free(s->kick_watch);
	if (s->kick_fd >= 0)
		close(s->kick_fd);
	timer_free(s->quiet_timer);
	free(s);
}
