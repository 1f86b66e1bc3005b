/*
 * http_private.h: what http_server.c (connections, the loop) and http_request.c (requests and their
 * answers) know of each other.
 */
#ifndef SHOP_NET_HTTP_PRIVATE_H
#define SHOP_NET_HTTP_PRIVATE_H

#include <microhttpd.h>

#include "net/http_server.h"

struct http_connection {
	struct http_connection *next, *previous; /* by quiet_since; or of those that are exempt */
	struct http_server *server;
	struct MHD_Connection *mhd;
	struct http_request *request;	 /* the one that waits for an answer or for its stream */
	struct http_connection *resumed; /* the next that the library is to go on with */
	struct mono quiet_since;
	int fd;
	bool loopback, exempt, closing;
};

/** http_quiet_exempt - held and streamed requests are timed by their handler. http_quiet_restart -
 * a request is complete: the connection's time begins anew. */
void http_quiet_exempt(struct http_connection *c);
void http_quiet_restart(struct http_connection *c);

/** http_resume_dropped - a request that waits is hung up on, at the server's end. */
void http_resume_dropped(struct http_request *r);

/** http_resume - the library goes on with this connection, once all answers of this round are
 * given.
 */
void http_resume(struct http_connection *c);

/** http_handler_of - whom requests are given to. http_limits_of - what they may take. */
const struct http_handler *http_handler_of(const struct http_server *s);
const struct http_limits *http_limits_of(const struct http_server *s);

/** http_on_access, http_on_completed - libmicrohttpd's callbacks for a request; `data` is the
 * server. */
enum MHD_Result http_on_access(void *data, struct MHD_Connection *mhd, const char *path,
			       const char *method, const char *version, const char *bytes,
			       size_t *len, void **context);
void http_on_completed(void *data, struct MHD_Connection *mhd, void **context,
		       enum MHD_RequestTerminationCode code);

#endif
