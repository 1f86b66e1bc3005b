/*
 * pages.h: the pages that browsers get: the files of one folder, as `make web` builds them, served
 * by counterd and officed alike. What a path means stands in a table here; what the folder has is
 * read at start, into a small table of names, sizes and tags. No content stays in memory: each
 * answer reads its file as the peer takes it.
 *
 * The folder holds pages, and in assets/ what they load, each of which bears a hash of its content
 * in its name. A file FILE.gz beside FILE is the same, packed.
 */
#ifndef SHOP_NET_PAGES_H
#define SHOP_NET_PAGES_H

#include "net/http_server.h"

enum {
	PAGES_FILES_MAX = 512,		   /* without their packed twins */
	PAGES_NAME_MAX = 80,		   /* "assets/scan-1a2b3c4d.js" */
	PAGES_BYTES_MAX = 8 * 1024 * 1024, /* of one file */
	PAGES_ENTRIES_MAX = 4096,	   /* of a folder that are looked at */
	PAGES_ORIGIN_MAX = 300,		   /* "https://office.example" */
	PAGES_POLICY_SIZE = 480 + PAGES_ORIGIN_MAX,
};

struct pages;

/** Whose pages stand under a name. */
enum pages_whose {
	PAGES_SHOP = 0,	  /* phone, kiosk, owner */
	PAGES_OFFICE = 1, /* head office */
};

/** A site: whose pages, and whom they may talk to. */
struct pages_site {
	enum pages_whose whose;
	char policy[PAGES_POLICY_SIZE]; /* Content-Security-Policy */
};

/** pages_site_of - `office`: the origin that its pages ask beside their own; "" for none. */
struct pages_site pages_site_of(enum pages_whose whose, const char *office);

/** pages_origin_valid - whether `text` is an origin: https://HOST[:PORT], or http:// for a loopback
 * address or a name under localhost, without a path or a slash at its end. */
bool pages_origin_valid(const char *text);

/** pages_open - reads what `folder` (an absolute path) has; one that is not there is none, and is
 * looked for again with each request. NULL without memory. */
struct pages *pages_open(const char *folder);
void pages_close(struct pages *p);

/** pages_there - whether there is any page. */
bool pages_there(const struct pages *p);

enum pages_found {
	PAGES_NO_PATH = 0,   /* nothing of the site's */
	PAGES_NO_METHOD = 1, /* there is, for PAGES_METHODS */
	PAGES_FOUND = 2,     /* *ret is the answer */
};
#define PAGES_METHODS "GET, HEAD"

/** pages_find - what to answer a request with; ret's headers lie in `p`, in `site` and in
 * constants. The answer owns its file: it goes to http_respond(), or its body_fd is closed. */
enum pages_found pages_find(struct pages *p, const struct pages_site *site,
			    const struct http_request *r, struct http_answer *ret);

#endif
