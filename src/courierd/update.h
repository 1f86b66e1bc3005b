/*
 * update.h: releases, fetched from a folder on the web and left for whoever installs them. The
 * folder is any web server's; who it is need not be trusted, for the manifest is signed by a key
 * that stands on the box, and is looked at before a package of it is asked for.
 */
#ifndef SHOP_COURIERD_UPDATE_H
#define SHOP_COURIERD_UPDATE_H

#include "courierd/config.h"
#include "loop/loop.h"

enum {
	UPDATE_FIRST_MS = 2000,	 /* after the start */
	UPDATE_AGAIN_MS = 60000, /* after a request that failed, doubled up to … */
	UPDATE_AGAIN_MAX_MS = 3600000,
	UPDATE_PART = 256 * 1024, /* bytes asked for at once: what came is kept */
	UPDATE_PART_MS = 60000,	  /* … within this: 4 kB/s */
	UPDATE_FREE_MIN_MB = 256, /* the disk is the ledger's first */
};

struct updater;

/** updater_open - fetches into STATE/updates what is newer than this program; nothing where the
 * configuration names no folder (*ret is NULL then). 0 or -errno. updater_close - NULL is fine. */
MUST_CHECK int updater_open(struct loop *loop, const struct config *config, uint64_t seed,
			    struct updater **ret);
void updater_close(struct updater *u);

/** update_version - which version this is, and which one was taken back here after it was tried:
 * what the office is told of it ("0.4.0", "0.4.0, not 0.5.0"). */
void update_version(char *text, uint32_t size);

#endif
