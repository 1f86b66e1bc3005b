/*
 * mail.h: a mail with documents, handed to an SMTP server by libcurl. Blocking, bounded by
 * MAIL_TOTAL_MS: for a thread that has nothing else to do.
 *
 * TLS is required and verified, but to a server on this very machine. What goes into a header is
 * checked here: no control character, no bidi override, UTF-8 in RFC 2047's words.
 */
#ifndef SHOP_NET_MAIL_H
#define SHOP_NET_MAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/check.h"

enum {
	MAIL_CONNECT_MS = 10000,
	MAIL_TOTAL_MS = 60000,
	MAIL_PATH_MAX = 254,	/* RFC 5321 4.5.3.1.3, with its brackets */
	MAIL_SUBJECT_MAX = 200, /* bytes of UTF-8 */
	MAIL_PARTS_MAX = 32,
	MAIL_BYTES_MAX =
		16 * 1024 * 1024, /* of all parts: what servers commonly take is 25 MB in base64 */
	MAIL_WHY_MAX = 200,
};

/** A document that goes along. */
struct mail_part {
	const char *name; /* "viken-2026-000123.pdf" */
	const char *content_type;
	const void *bytes;
	size_t len;
};

struct mail {
	const char *server;	     /* smtps://host:465, smtp://host:587 */
	const char *user, *password; /* ""; none */
	const char *from, *from_name;
	const char *to, *to_name; /* names may be "" */
	const char *subject;
	const char *text; /* UTF-8, lines by \n */
	const char *id;	  /* Message-ID without brackets: the same mail again has the same */
	const char *date; /* RFC 5322 */
	uint32_t parts;
	struct mail_part part[MAIL_PARTS_MAX];
};

/** mail_address_valid - an address that we would write to: one @, printable ASCII without blanks,
 * quotes, brackets or commas, a dot in its domain. */
bool mail_address_valid(const char *address);

/** mail_server_allowed - NULL, or why it may not be used: neither smtps:// nor smtp://, or a user
 * in it. */
const char *mail_server_allowed(const char *server);

/** mail_send - 0 the server has taken it; -EINVAL it cannot be sent (an address, a 5xx to it);
 * -EAGAIN try again later (no answer, 4xx, login refused: a person may mend that). */
MUST_CHECK int mail_send(const struct mail *m, char why[MAIL_WHY_MAX]);

#endif
