/*
 * problem.h: every refusal as application/problem+json (RFC 9457): type, title, status, detail,
 * code. The code of anything about tokens, visits and lines is shopd's word; counterd's own codes
 * are about HTTP alone. The detail is for the person who waits, in Swedish or English.
 */
#ifndef SHOP_COUNTERD_PROBLEM_H
#define SHOP_COUNTERD_PROBLEM_H

#include "base/words.h"
#include "net/http_server.h"

struct counter;

/** What is wrong with a request before anyone looks at what it asks for. */
enum fault {
	FAULT_MALFORMED = 0, /* 400 malformed */
	FAULT_UNAUTHORIZED,  /* 401 unauthorized */
	FAULT_LOGGED_OUT,    /* 401 unauthorized: no session, or not any more */
	FAULT_UNSIGNED,	     /* 401 unauthorized: what writes must be signed */
	FAULT_FORBIDDEN,     /* 403 forbidden: a member asks what is the owner's */
	FAULT_CROSS_SITE,    /* 403 cross_site: a cookie's write from another page */
	FAULT_NOT_FOUND,     /* 404 not_found */
	FAULT_METHOD,	     /* 405 method_not_allowed, see problem_method() */
	FAULT_TOO_LARGE,     /* 413 too_large */
	FAULT_MEDIA_TYPE,    /* 415 unsupported_media_type */
	FAULT_WRONG_HOST,    /* 421 wrong_host */
	FAULT_TOO_MANY,	     /* 429 too_many: event streams */
	FAULT_UNKNOWN_CODE,  /* 404 unknown_code: not what the console shows */
	FAULT_HAS_OWNER,     /* 409 has_owner: the first was another */
	FAULT_BUSY,	     /* 429 busy, see problem_busy() */
	FAULT_UNAVAILABLE,   /* 503 unavailable: shopd or its files are away, or too slow */
};
#define FAULTS 16

/** problem_fault - answers with this fault. */
void problem_fault(struct counter *c, struct http_request *r, enum fault fault);
/** problem_busy - 429: too many wrong codes; to come again after `seconds`. */
void problem_busy(struct counter *c, struct http_request *r, uint32_t seconds);
/** problem_method - 405 with the methods that this path has. */
void problem_method(struct counter *c, struct http_request *r, const char *allow);
/** problem_verdict - a token that was refused; not for `admitted`. */
void problem_verdict(struct counter *c, struct http_request *r, enum verdict verdict);
/** problem_answer - what a visit or a line was refused for; not for `ok` and `repeated`. */
void problem_answer(struct counter *c, struct http_request *r, enum answer answer);

/** problem_refused - 409 `refused`: the books do not allow it; or, where the desk's words begin
 * with that name, 422 `key_reused`. `why` are those words, in English. */
void problem_refused(struct counter *c, struct http_request *r, const char *why);

/** verdict_status, answer_status - the HTTP status of each (contracts 6). */
uint32_t verdict_status(enum verdict v);
uint32_t answer_status(enum answer a);

/** language_of - the first of sv and en in an Accept-Language header (RFC 9110 12.5.4), or
 * `otherwise`. NULL is no header. */
enum language language_of(const char *accept, enum language otherwise);

#endif
