/*
 * cameras.h: pictures of what happened. When shopd says so (MESSAGE_PICTURE), each camera is asked
 * for one, and what it gives is kept in STATE/pictures under a name that says beside which event
 * (wire/picture.h). Nobody waits for a camera: each has its own time-outs, at most one request of
 * it flies, and what it owes meanwhile is bounded.
 */
#ifndef SHOP_COURIERD_CAMERAS_H
#define SHOP_COURIERD_CAMERAS_H

#include "courierd/config.h"
#include "loop/loop.h"
#include "wire/picture.h"

struct cameras;

/** Told when a camera begins or ceases to fail: by its name. Also that it does not, when its first
 * picture has come: whoever listens may remember that it did. */
typedef void camera_fault_fn(void *data, const char *camera, bool failing);

/** cameras_open - with a client of its own, so that hanging cameras take no request from texts or
 * office. `config` outlives it. Without cameras it costs nothing. 0 or -errno. */
MUST_CHECK int cameras_open(struct loop *loop, const struct config *config, camera_fault_fn *fault,
			    void *data, struct cameras **ret);
void cameras_close(struct cameras *c);

/** cameras_take - a picture from each, beside this event, as soon as each can. */
void cameras_take(struct cameras *c, enum picture_kind kind, uint64_t ref);

/** cameras_faults - tells the fault function again how every camera fares: shopd is back. */
void cameras_faults(struct cameras *c);

#endif
