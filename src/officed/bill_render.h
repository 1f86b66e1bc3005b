/*
 * bill_render.h: papers as documents. PDF by cairo in a process of its own that ends with it: cairo
 * and fontconfig keep what they have loaded, and what can go wrong in drawing goes wrong there.
 */
#ifndef SHOP_OFFICED_BILL_RENDER_H
#define SHOP_OFFICED_BILL_RENDER_H

#include <stddef.h>

#include "books/invoice.h"
#include "paper/party.h"

enum {
	RENDER_MS = 20000,	       /* a paper of 20,000 lines takes 6 s */
	RENDER_MAX = 32 * 1024 * 1024, /* bytes of one document */
	RENDER_WHY_MAX = 200,
};

/** render_pdf - blocking, bounded by RENDER_MS. *ret_bytes is the caller's: free(). 0 or -errno
 * with `why`. */
MUST_CHECK int render_pdf(const struct paper *p, const struct parties *parties, char **ret_bytes,
			  size_t *ret_len, char why[RENDER_WHY_MAX]);

/** render_ubl - the same as UBL, in this process. -EINVAL: the parties lack something, see `why`.
 */
MUST_CHECK int render_ubl(const struct paper *p, const struct parties *parties, char **ret_bytes,
			  size_t *ret_len, char why[RENDER_WHY_MAX]);

/** render_child - what `officed --render` does: a paper from stdin, its PDF to stdout. An exit
 * code. */
int render_child(void);

#endif
