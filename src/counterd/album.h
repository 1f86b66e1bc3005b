/*
 * album.h: the folder of pictures that courierd keeps, as the owner leafs through it: the newest
 * first, one page at a time. A folder is read in slices, between which phones are served: it may
 * hold tens of thousands of files.
 */
#ifndef SHOP_COUNTERD_ALBUM_H
#define SHOP_COUNTERD_ALBUM_H

#include <dirent.h>

#include "counterd/query.h"
#include "loop/loop.h"
#include "net/http_server.h"
#include "wire/picture.h"

struct counter;

enum {
	ALBUM_LOOKS_MAX = 4,		    /* pages that are looked up at once */
	ALBUM_SLICE = 512,		    /* files a turn of the loop: about a millisecond */
	ALBUM_FILES_MAX = 2 * PICTURES_MAX, /* of a folder: past them `truncated` says so */
	ALBUM_TIME_SIZE = sizeof("20261122T101530123Z"),
};

/** What stands on a page, and the page so far: names, the newest first. */
struct album_page {
	char beside[48];	       /* "-alarm-17-"; empty: anything */
	char from[ALBUM_TIME_SIZE];    /* as names tell the time; empty: since ever */
	char to[ALBUM_TIME_SIZE];      /* … and to eternity */
	char before[PICTURE_NAME_MAX]; /* what stood last on the page before; empty: none did */
	uint32_t max, names;	       /* one name more than `max` says that there are more */
	char name[PAGE_MAX + 1][PICTURE_NAME_MAX];
};

/** album_page_of - an empty page for what `q` asks. album_page_offer - a name of the folder, which
 * takes its place where it has one. Pure. */
void album_page_of(const struct query *q, struct album_page *ret);
void album_page_offer(struct album_page *p, const char *name);

/** A page that is being looked up for a request that is held. */
struct album_look {
	struct http_request *request; /* NULL: a free place */
	DIR *dir;
	uint32_t files;
	struct album_page page;
};

struct album {
	struct timer *timer;
	uint32_t looking;
	struct album_look look[ALBUM_LOOKS_MAX];
};

/** pictures_read - courierd's folder, to be read; NULL: there is none, or errno says why. */
DIR *pictures_read(const struct counter *c);

/** album_open, album_close - with the counter; what is still looked up is answered 503. 0 or
 * -errno.
 */
MUST_CHECK int album_open(struct counter *c);
void album_close(struct counter *c);

#endif
