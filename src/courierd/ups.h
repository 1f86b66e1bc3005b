/*
 * ups.h: a UPS by Network UPS Tools (RFC 9271): whether the shop runs on mains and whether the
 * battery is low. upsd has it, on this machine or on the shop's network; shopd, which may use no
 * network, hears it as readings of sensors.
 */
#ifndef SHOP_COURIERD_UPS_H
#define SHOP_COURIERD_UPS_H

#include "courierd/config.h"
#include "loop/loop.h"

struct ups;

/** A reading of a sensor by its name in shopd.conf: 0 or 1; `lost`: the server, the UPS or its
 * driver does not answer, or makes no sense. */
typedef void ups_reading_fn(void *data, const char *sensor, bool lost, int64_t value);

/** ups_open - asks every UPS_EVERY_MS, and as soon as it is there again. `section` outlives it. 0
 * or -errno. */
#define UPS_EVERY_MS 5000
MUST_CHECK int ups_open(struct loop *loop, const struct ups_section *section,
			ups_reading_fn *reading, void *data, struct ups **ret);
void ups_close(struct ups *u); /* NULL is fine */

/** ups_server_rule - NULL, or what the text must be: for the configuration. */
const char *ups_server_rule(const char *server);

#endif
