/*
 * http_request.c: a request as it comes in, and its answer as it goes out.
 *
 * Bodies: up to body_max are kept, up to body_drain_max are read and thrown away, so that a client
 * which is told off has sent everything and hears it; what announces more is refused before it
 * comes, and what brings more unannounced is hung up on. A body whose end two readers could see at
 * different bytes is not read at all. Room is taken as bytes come, never as they are announced: ten
 * thousand that announce a megabyte and send nothing cost nothing.
 *
 * A request that waits (for shopd, or for something to stream) is suspended: the library does not
 * look at its connection until it is resumed.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "net/http_private.h"

#define STREAM_BLOCK (32 * 1024) /* bytes pulled at a time: a batch of events */
#define BODY_SMALL   512	 /* a line's body fits; larger ones are allocated */

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
	[HTTP_CONTENT_ENCODING] = "Content-Encoding",
	[HTTP_IF_NONE_MATCH] = "If-None-Match",
	[HTTP_ACCEPT_ENCODING] = "Accept-Encoding",
	[HTTP_FORWARDED_FOR] = "X-Forwarded-For",
};

static int header_of(const char *name, size_t len)
{
	for (int i = 0; i < HTTP_HEADERS; i++)
		if (strlen(header_name[i]) == len && strcasecmp(header_name[i], name) == 0)
			return i;
	return strcasecmp(name, "X-Real-IP") == 0 ? HTTP_FORWARDED : -1;
}

static void header_keep(struct http_request *r, enum http_header at, const char *value)
{
	if (r->header[at])
		r->repeated |= 1u << at;
	r->header[at] = value ? value : "";
}

static enum MHD_Result on_header(void *data, enum MHD_ValueKind kind, const char *name,
				 const char *value)
{
	struct http_request *r = data;
	int at = header_of(name, strlen(name));

	(void)kind;
	if (at >= 0)
		header_keep(r, (enum http_header)at, value);
	if (at == HTTP_FORWARDED_FOR)
		header_keep(r, HTTP_FORWARDED, value);
	return MHD_YES;
}

/* A poll that is held for a minute has no body, and no room for one. */
static uint32_t room_for(struct MHD_Connection *mhd)
{
	return MHD_lookup_connection_value(mhd, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH) ||
			       MHD_lookup_connection_value(mhd, MHD_HEADER_KIND,
							   MHD_HTTP_HEADER_TRANSFER_ENCODING)
		       ? BODY_SMALL
		       : 0;
}

static struct http_request *request_new(struct http_connection *c, const char *method,
					const char *path)
{
	uint32_t room = room_for(c->mhd);
	struct http_request *r = malloc(sizeof(*r) + room);

	if (!r)
		return NULL;
	memset(r, 0, sizeof(*r));
	r->body_room = room;
	r->connection = c;
	r->method = method;
	r->path = path;
	r->peer_loopback = c->loopback;
	r->body.data = (const uint8_t *)r->body_small;
	(void)MHD_get_connection_values(c->mhd, MHD_HEADER_KIND, on_header, r);
	return r;
}

/* Room for `need` bytes, twice as much each time up to `most`. */
static bool body_grow(struct http_request *r, uint32_t need, uint32_t most)
{
	uint32_t room = r->body_room < BODY_SMALL ? BODY_SMALL : r->body_room;
	char *large;

	if (need <= r->body_room)
		return true;
	while (room < need)
		room = room > most / 2 ? most : room * 2;
	large = realloc(r->body_large, room);
	if (!large)
		return false;
	if (!r->body_large)
		memcpy(large, r->body_small, r->body.len);
	r->body_large = large;
	r->body_room = room;
	r->body.data = (const uint8_t *)large;
	return true;
}

/* Keeps what fits body_max. False: hang up. */
static bool body_take(struct http_request *r, const char *bytes, size_t len)
{
	const struct http_limits *limits = http_limits_of(r->connection->server);
	uint32_t most = limits->body_max, drain = limits->body_drain_max;

	if (r->body_too_large || len > most - r->body.len) {
		r->body_too_large = true;
		r->drained += (uint32_t)(len < drain ? len : drain);
		return r->body.len + r->drained <= drain;
	}
	if (!body_grow(r, r->body.len + (uint32_t)len, most))
		return false;
	memcpy((r->body_large ? r->body_large : r->body_small) + r->body.len, bytes, len);
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
	r->body_too_large = length && strtoull(length, NULL, 10) >
					      http_limits_of(r->connection->server)->body_drain_max;
	return r->body_ambiguous || r->body_too_large;
}

static void suspend(struct http_request *r)
{
	r->suspended = true;
	r->connection->request = r;
	MHD_suspend_connection(r->connection->mhd);
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

enum MHD_Result http_on_access(void *data, struct MHD_Connection *mhd, const char *path,
			       const char *method, const char *version, const char *bytes,
			       size_t *len, void **context)
{
	const struct http_handler *handler = http_handler_of(data);
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
		handler->request(handler->data, r);
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
		handler->request(handler->data, r);
		CHECK(r->answer || r->held);
		if (r->held && !r->answer) {
			http_quiet_exempt(r->connection);
			suspend(r);
			return MHD_YES;
		}
	}
	if (r->dropped || !r->answer)
		return MHD_NO;
	return queue_answer(r);
}

void http_on_completed(void *data, struct MHD_Connection *mhd, void **context,
		       enum MHD_RequestTerminationCode code)
{
	const struct http_handler *handler = http_handler_of(data);
	struct http_request *r = *context;

	(void)mhd;
	(void)code;
	if (!r)
		return;
	*context = NULL;
	if (r->complete)
		handler->gone(handler->data, r);
	if (r->answer)
		MHD_destroy_response(r->answer);
	http_quiet_restart(r->connection);
	free(r->body_large);
	free(r);
}

/* --- the answer goes out --- */

static void resume(struct http_request *r)
{
	if (!r->suspended)
		return;
	r->suspended = false;
	r->connection->request = NULL;
	http_resume(r->connection);
}

void http_resume_dropped(struct http_request *r)
{
	r->dropped = true;
	resume(r);
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

static bool header_given(const struct http_answer *answer, const char *name)
{
	for (int i = 0; i < HTTP_ANSWER_HEADERS_MAX && answer->header[i].name; i++)
		if (strcasecmp(answer->header[i].name, name) == 0)
			return true;
	return false;
}

static struct MHD_Response *response_of(const struct http_answer *answer)
{
	enum MHD_ResponseMemoryMode mode = !answer->body_len	? MHD_RESPMEM_PERSISTENT
					   : answer->body_owned ? MHD_RESPMEM_MUST_FREE
								: MHD_RESPMEM_MUST_COPY;

	if (answer->body_is_file)
		return MHD_create_response_from_fd64(answer->body_len, answer->body_fd);
	return MHD_create_response_from_buffer(answer->body_len, answer->body, mode);
}

void http_respond(struct http_request *r, const struct http_answer *answer)
{
	struct MHD_Response *m = response_of(answer);

	CHECK(m);
	if (answer->content_type)
		add_header(m, "Content-Type", answer->content_type);
	if (!header_given(answer, "Cache-Control"))
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
		suspend(r);
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
	http_quiet_exempt(r->connection);
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
	ssize_t n = recv(r->connection->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);

	/* one that left something unread resets the connection */
	return n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
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

struct each {
	bool (*take)(void *data, const char *name, const char *value);
	void *data;
	bool taken;
};

static enum MHD_Result on_argument(void *data, enum MHD_ValueKind kind, const char *name,
				   const char *value)
{
	struct each *e = data;

	(void)kind;
	e->taken = e->take(e->data, name, value);
	return e->taken ? MHD_YES : MHD_NO;
}

bool http_query_each(const struct http_request *r,
		     bool (*take)(void *data, const char *name, const char *value), void *data)
{
	struct each e = {take, data, true};

	MHD_get_connection_values(r->connection->mhd, MHD_GET_ARGUMENT_KIND, on_argument, &e);
	return e.taken;
}
