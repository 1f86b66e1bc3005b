/*
 * office_pulse.c: what a heartbeat says. It is shopd's own view of itself, as old as its last
 * message (which comes when anything of it changes); the time is the shop's clock, right or wrong.
 */
#include <stdio.h>
#include <string.h>

#include "courierd/office.h"
#include "courierd/update.h"
#include "wire/sync.h"

void office_pulse(const struct plan *p, struct mono now, struct wall wall, struct builder *b)
{
	const struct message_sync *s = &p->sync;
	struct sync_heartbeat h = {
		.epoch = s->epoch,
		.head_seq = s->head_seq,
		.acked_seq = s->acked,
		.feed = s->feed,
		.at = wall,
		.clock_trusted = s->clock_trusted != 0,
		.ledger_ok = s->ledger_ok != 0,
		.sms_ok = s->sms_ok != 0,
		.up_ms = s->up_ms + (now.ms - p->sync_at.ms),
		.visits_open = s->visits_open,
		.alarms_open = s->alarms_open,
		.doors = s->doors,
	};

	CHECK(s->doors <= DOORS_MAX);
	update_version(h.version, sizeof(h.version));
	for (uint32_t i = 0; i < s->doors; i++) {
		memcpy(h.door[i].name, s->door[i].name, sizeof(h.door[i].name));
		h.door[i].mode = s->door[i].mode;
		h.door[i].physical = s->door[i].physical;
		h.door[i].alarm = s->door[i].alarm;
		h.door[i].tamper = s->door[i].tamper;
	}
	sync_heartbeat_put(b, &h);
}
