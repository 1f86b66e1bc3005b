/* site.h: what a browser gets before it asks for anything of the shop's: the pages, and where they
 * are. */
#ifndef SHOP_COUNTERD_SITE_H
#define SHOP_COUNTERD_SITE_H

#include "net/pages.h"
#include "wire/message.h"

struct counter;

struct site {
	struct pages *pages;
	struct pages_site whose;
	bool known; /* the place, as shopd last said */
	struct message_status_is place;
};

/** site_open - reads the folder of the pages; 0, or -ENOMEM. One without pages is said on stderr,
 * and no reason not to go on. site_close - also after it failed. */
MUST_CHECK int site_open(struct counter *c);
void site_close(struct counter *c);

/** site_page - answers with a page or a part of one; false: the path is none of theirs. */
MUST_CHECK bool site_page(struct counter *c, struct http_request *r);

#endif
