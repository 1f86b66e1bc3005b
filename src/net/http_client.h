/*
 * http_client.h: requests that leave the box, by libcurl inside the loop. Nothing blocks; every
 * request ends, with an answer or with a reason, within HTTP_TOTAL_MS.
 *
 * TLS is verified, redirects are not followed (they would carry a password elsewhere), the
 * environment's proxy is ignored, and plain http goes to loopback addresses only; what is asked
 * `on_site`, also to those of the networks that the box stands in, and is looked at once more when
 * its name has been resolved.
 */
#ifndef SHOP_NET_HTTP_CLIENT_H
#define SHOP_NET_HTTP_CLIENT_H

#include "base/span.h"
#include "loop/loop.h"

#define HTTP_CONNECT_MS	 4000	     /* name, TCP and TLS together */
#define HTTP_TOTAL_MS	 8000	     /* from the call to the callback */
#define HTTP_ANSWER_MAX	 (64 * 1024) /* bytes of a body: past it the answer counts as cut off */
#define HTTP_URL_MAX	 512
#define HTTP_POST_MAX	 4096		   /* bytes of a small request's body */
#define HTTP_LONG_MAX	 (2 * 1024 * 1024) /* bytes of a body of http_ask(), either way */
#define HTTP_RUNNING_MAX 20		   /* requests on their way at once */

struct http_client;

/** A request. Everything is copied before http_post() returns. */
struct http_post {
	const char *url;	  /* https, or http to a loopback address: http_url_allowed() */
	const char *user;	  /* of basic authentication, or NULL */
	const char *password;	  /* likewise */
	const char *content_type; /* of the body */
	struct span body;	  /* ≤ HTTP_POST_MAX */
};

/** A request of any method, with a body and an answer that may be large, that may be held for long.
 * Everything is copied but the body, which stays the caller's until `done`. */
struct http_ask {
	const char *method, *url;
	const char *authorization; /* whole value of the header, or NULL */
	const char *user,
		*password; /* of basic or, with `digest`, digest authentication; or NULL */
	bool digest;	   /* RFC 7616: never send the password itself */
	bool on_site;	   /* a camera's or a UPS's: plain http to a private address is allowed;
			      never by a connection that another request left */
	const char *content_type;     /* NULL: no body */
	const char *content_encoding; /* NULL: none */
	const char *if_none_match;    /* NULL: none */
	const char *extra[4];	      /* whole header lines more, up to the first NULL */
	struct span body;	      /* ≤ HTTP_LONG_MAX */
	uint32_t answer_max;	      /* ≤ HTTP_LONG_MAX; past it the answer counts as cut off */
	int64_t total_ms;	      /* from the call to the callback */
	bool public_only; /* refuse addresses that are not of the public internet (a webhook's) */
};

/** How a request ended. Lent: valid until the callback returns. */
struct http_answer {
	long status;  /* 100..599; 0: none came */
	bool whole;   /* the body is all there; else it was cut off, by the peer or by our bounds */
	bool reached; /* the request was on its way, or may have been: the other side may have done
			 it */
	const char *trouble;   /* whole: ""; else what went wrong, in libcurl's words */
	int64_t retry_after_s; /* ≥ 0 when the answer said so, else -1 */
	struct span body;
	char content_type[64]; /* "": none */
	char next[128];	       /* the header SK-Next, "" where it lacks */
};

/** Told how a request ended. It may start others, but not free the client. */
typedef void http_done_fn(void *data, const struct http_answer *answer);

/** http_client_new - a client that lives in `loop`; it costs nothing while nothing is asked. 0 or
 * -ENOMEM. */
MUST_CHECK int http_client_new(struct loop *loop, struct http_client **ret);

/** http_client_free - requests on their way are dropped; their callbacks are not called. */
void http_client_free(struct http_client *c);

/** http_post - starts a request. `done` is called once, from the loop, never from in here.
 * @return 0; -EINVAL for a URL that is not allowed or a body that is too large; -EBUSY when
 * HTTP_RUNNING_MAX are on their way; -ENOMEM. */
MUST_CHECK int http_post(struct http_client *c, const struct http_post *post, http_done_fn *done,
			 void *data);

/** http_ask - as http_post. */
MUST_CHECK int http_ask(struct http_client *c, const struct http_ask *ask, http_done_fn *done,
			void *data);

/** http_forget - drops the request that was given this `data`, if there is one: `done` is not
 * called for it. Not from within its own callback. */
void http_forget(struct http_client *c, const void *data);

/** http_url_allowed - NULL, or why a request may not go there: it is no http(s) URL, holds a
 * user or a control character, or is plain http to an address that is not 127.0.0.0/8 or [::1]. */
const char *http_url_allowed(const char *url);

/** http_url_on_site - the same for an http_ask that is `on_site`: plain http to a name is allowed
 * (its address is looked at when it is known), and to an address that is http_address_on_site(). */
const char *http_url_on_site(const char *url);

#endif
