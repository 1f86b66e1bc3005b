/*
 * http_server.h: HTTP/1.1 by libmicrohttpd, run by the program's own loop (no thread). It brings
 * whole requests, takes whole answers or endless streams, and bounds everything: connections,
 * header and body sizes, and the time that a connection may take. What a request means is the
 * caller's.
 *
 * A request is lent to the handler until `gone` was called for it. It is answered at once, or held
 * and answered later; a stream is pulled whenever the peer has room.
 */
#ifndef SHOP_NET_HTTP_SERVER_H
#define SHOP_NET_HTTP_SERVER_H

#include <stddef.h>

#include "base/span.h"
#include "loop/loop.h"

enum {
	HTTP_CONNECTIONS_MAX = 512, /* phones, the kiosk, the owner, and nginx's spare ones */
	HTTP_CONNECTIONS_PER_IP_MAX = 384,  /* one address may not take them all; nginx is one */
	HTTP_CONNECTION_MEMORY = 12 * 1024, /* bytes for one request's line and headers */
	HTTP_BODY_MAX = 16 * 1024,	    /* bytes of a body that are kept (contracts 6) */
	HTTP_BODY_DRAIN_MAX = 64 * 1024, /* read past that to answer politely; more is hung up on */
	/* A connection that completes no request for so long is closed: idle, slow to ask and slow
	 * to read alike. A request that drips a byte a second does not buy itself more time. */
	HTTP_QUIET_MS = 30000,
	HTTP_ANSWER_HEADERS_MAX = 12,
};

/** The headers that anyone here looks at. */
enum http_header {
	HTTP_HOST = 0,
	HTTP_AUTHORIZATION,
	HTTP_CONTENT_TYPE,
	HTTP_COOKIE,
	HTTP_ORIGIN,
	HTTP_SEC_FETCH_SITE,
	HTTP_ACCEPT_LANGUAGE,
	HTTP_LAST_EVENT_ID,
	HTTP_CONTENT_LENGTH,
	HTTP_TRANSFER_ENCODING,
	HTTP_FORWARDED, /* any of Forwarded, X-Forwarded-For, X-Real-IP: it came through a proxy */
	HTTP_CONTENT_ENCODING,
	HTTP_IF_NONE_MATCH,
	HTTP_ACCEPT_ENCODING,
	HTTP_FORWARDED_FOR, /* X-Forwarded-For alone: what our own proxy sets */
};
#define HTTP_HEADERS 15

struct http_connection;

struct http_request {
	const char *method;		  /* as sent, e.g. "PUT" */
	const char *path;		  /* as sent, without the query; never percent-decoded */
	const char *header[HTTP_HEADERS]; /* NULL where absent; the last one where repeated */
	uint32_t repeated;		  /* bit per http_header that came more than once */
	bool peer_loopback;		  /* 127/8, ::1 or a Unix socket */
	bool body_too_large;		  /* more than body_max: `body` is cut off there */
	bool body_ambiguous; /* where it ends can be read in two ways (RFC 9112 6.3): no body was
				read, and the connection ends with the answer */
	struct span body;
	void *owner; /* the handler's own; starts NULL */

	/* the server's own */
	struct http_connection *connection;
	char *body_large;
	uint32_t body_room, drained; /* bytes that `body` has room for */
	bool complete, held, suspended, dropped;
	void *answer; /* struct MHD_Response, waiting to be sent */
	uint32_t status;
	const struct http_stream *stream;
	struct mono pulled_at;
	char body_small[]; /* a line's body fits; larger ones are allocated, none takes none */
};

struct http_answer_header {
	const char *name, *value;
};

/** An answer. `body` is copied, or with `body_owned` taken over and freed; with `body_is_file` it
 * is the first `body_len` bytes of `body_fd`, read as the peer takes them, and that is taken over.
 */
struct http_answer {
	uint32_t status;
	const char *content_type;				   /* NULL: no body */
	struct http_answer_header header[HTTP_ANSWER_HEADERS_MAX]; /* up to the first NULL name */
	void *body;
	size_t body_len;
	bool body_owned, body_is_file;
	int body_fd;
};

/** A stream's source: up to `size` bytes into `bytes`; 0: nothing now, wait for http_stream_wake();
 * negative: the end. */
typedef long http_pull_fn(void *data, struct http_request *r, char *bytes, size_t size);

struct http_stream {
	const char *content_type;
	http_pull_fn *pull;
	void *data;
};

struct http_handler {
	/** A whole request: answer it, hold it, or stream, before returning. One whose body is too
	 * large or ambiguous may be here before its body: answer it at once. */
	void (*request)(void *data, struct http_request *r);
	/** The request is over, answered or not: let go of it. */
	void (*gone)(void *data, struct http_request *r);
	void *data;
};

struct http_server;

/** What one server allows; http_limits_shop is counterd's, as named above. */
struct http_limits {
	uint32_t connections, connections_per_ip;
	uint32_t connection_memory;
	uint32_t body_max;	 /* bytes of a body that are kept */
	uint32_t body_drain_max; /* read past that to answer politely */
	int64_t quiet_ms;
};
extern const struct http_limits http_limits_shop;

/**
 * http_server_open - listens on `listen`: "127.0.0.1:18080", "[::1]:18080", or "unix:/path" (an old
 * socket there is unlinked; file mode 0660). Port 0 takes any free one.
 * @return 0, or -errno with `why` in words.
 */
MUST_CHECK int http_server_open(struct loop *loop, const char *listen,
				const struct http_handler *handler,
				const struct http_limits *limits, struct http_server **ret,
				char why[200]);

/** http_server_port - the TCP port listened on; 0 for a Unix socket. */
uint16_t http_server_port(const struct http_server *s);

/** http_server_connections - how many are open. */
uint32_t http_server_connections(const struct http_server *s);

/** http_server_set_quiet - another time than HTTP_QUIET_MS, for connections to come. */
void http_server_set_quiet(struct http_server *s, int64_t quiet_ms);

/** http_server_close - hangs up on all and frees; `gone` is called for every open request. NULL is
 * fine. */
void http_server_close(struct http_server *s);

/** http_respond - the answer to a request, from within the handler or, when it was held, later. */
void http_respond(struct http_request *r, const struct http_answer *answer);

/** http_hold - the answer comes later; only from within the handler. */
void http_hold(struct http_request *r);

/** http_stream - 200 and an endless body, pulled from `stream` (which must outlive the request).
 * From within the handler or, when it was held, later. */
void http_stream(struct http_request *r, const struct http_stream *stream);

/** http_stream_wake - there is something to pull again. */
void http_stream_wake(struct http_request *r);

/** http_stream_stalled - the peer has taken nothing since `since`, though there was something. */
bool http_stream_stalled(const struct http_request *r, struct mono since);

/** http_peer_closed - the peer of a waiting stream has hung up (looked up, not remembered). */
bool http_peer_closed(const struct http_request *r);

/** http_drop - hangs up on this request's connection; `gone` follows from the loop. */
void http_drop(struct http_request *r);

/** http_query - the value of `?name=value` as sent, not decoded; NULL when absent. */
const char *http_query(const struct http_request *r, const char *name);

/** http_query_each - gives `take` every name and value of the query in turn, as sent (value NULL:
 * without a '='), until it says no. False when it did. */
MUST_CHECK bool http_query_each(const struct http_request *r,
				bool (*take)(void *data, const char *name, const char *value),
				void *data);

/** http_address_parse - whether http_server_open could listen on `listen`: loopback or a Unix
 * socket, for TLS is nginx's and nothing else may be asked in the clear. NULL, or what is wrong. */
const char *http_address_wrong(const char *listen);

#endif
