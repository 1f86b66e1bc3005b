/*
 * serve.h: the socket on which codes are told: a stream to one reader at a time, each code and a
 * CR, as a serial scanner would send them. What nobody listens to is lost, on purpose: a code that
 * was shown while the shop was away is no request any more.
 */
#ifndef SHOP_EYED_SERVE_H
#define SHOP_EYED_SERVE_H

#include "eyed/decode.h"
#include "loop/loop.h"

struct serve;

/** serve_open - listens at `path` (a dead program's socket there goes). 0 or -errno. */
MUST_CHECK int serve_open(struct loop *loop, const char *path, struct serve **ret);

/** serve_wanted - whether somebody listens. */
bool serve_wanted(const struct serve *s);

/** serve_code - tells it; a reader that does not take it all at once is let go. */
void serve_code(struct serve *s, const struct code *code);

/** serve_close - the reader is let go, the socket removed. NULL is fine. */
void serve_close(struct serve *s);

#endif
