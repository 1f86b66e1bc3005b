/*
 * folder.h: STATE/pictures on disk: files written, files removed. For one thread, which may wait
 * for the disk as long as that takes; it says in the log, once, when none can be kept.
 */
#ifndef SHOP_COURIERD_FOLDER_H
#define SHOP_COURIERD_FOLDER_H

#include "base/span.h"
#include "courierd/shelf.h"

enum {
	FOLDER_PATH_SIZE = 256,
	FOLDER_LOOK_MS = 3600000, /* what is too old is looked for so often at least */
	FOLDER_AGAIN_MS = 1000,	  /* the shelf has room again for the rest of a folder */
	FOLDER_FREE_MIN_MB = 64,  /* the disk is the ledger's first: less than this is left to it */
};

struct folder {
	char path[FOLDER_PATH_SIZE];
	int fd;		     /* -1: not open */
	bool loaded;	     /* all of it is on the shelf */
	bool broken;	     /* the log knows that none can be kept */
	struct mono look_at; /* when folder_look() is due */
	struct shelf shelf;
};

/** folder_init - nothing is opened yet: folder_look() and folder_write() do that, and try again
 * where it fails. False: the path is too long. folder_free. */
MUST_CHECK bool folder_init(struct folder *f, const char *state, int64_t keep_ms,
			    uint64_t bytes_max);
void folder_free(struct folder *f);

/** folder_path - STATE/pictures. False: it is too long. */
MUST_CHECK bool folder_path(const char *state, char path[FOLDER_PATH_SIZE]);

/** folder_look - removes what has to go, and says in `look_at` when to look again. */
void folder_look(struct folder *f);

/** folder_write - keeps a picture. */
void folder_write(struct folder *f, const struct picture *picture, struct span jpeg);

#endif
