/*
 * sync_beat.c: what a box says of itself: every fifteen seconds how it is, and the two questions
 * that it asks, to be enrolled and for a new epoch. None is signed, for each comes with a token
 * made for the one request; so all that is in them is held to its range here.
 *
 *	["heartbeat", epoch, head_seq, acked_seq, feed, at, clock_trusted, ledger_ok, sms_ok,
 *	 up_ms, visits_open, alarms_open, [[name, mode, physical, alarm, tamper] …], version]
 */
#include "wire/sync_parts.h"

#include <string.h>

#define HEARTBEAT_ITEMS 14
#define DOOR_ITEMS	5

static void put_word(struct builder *b, uint32_t items, const char *word)
{
	cbor_put_array(b, items);
	cbor_put_text(b, word, (uint32_t)strlen(word));
}

/* --- heartbeat */

static bool door_good(const struct sync_door *d)
{
	return text_place(d->name, sizeof(d->name), false) && d->mode < DOOR_MODES &&
	       d->physical < DOOR_PHYSICALS && d->alarm < DOOR_ALARMS && d->tamper <= 1;
}

static bool heartbeat_good(const struct sync_heartbeat *h)
{
	if (h->head_seq > INT64_MAX || h->acked_seq > INT64_MAX || h->feed > INT64_MAX ||
	    h->up_ms < 0 || h->doors > DOORS_MAX || !text_plain(h->version, sizeof(h->version)))
		return false;
	for (uint32_t i = 0; i < h->doors; i++)
		if (!door_good(&h->door[i]))
			return false;
	return true;
}

static void put_door(struct builder *b, const struct sync_door *d)
{
	cbor_put_array(b, DOOR_ITEMS);
	put_text(b, d->name, sizeof(d->name));
	cbor_put_uint(b, d->mode);
	cbor_put_uint(b, d->physical);
	cbor_put_uint(b, d->alarm);
	cbor_put_bool(b, d->tamper);
}

void sync_heartbeat_put(struct builder *b, const struct sync_heartbeat *h)
{
	if (!heartbeat_good(h)) {
		b->failed = true;
		return;
	}
	put_word(b, HEARTBEAT_ITEMS, "heartbeat");
	cbor_put_uint(b, h->epoch);
	cbor_put_uint(b, h->head_seq);
	cbor_put_uint(b, h->acked_seq);
	cbor_put_uint(b, h->feed);
	cbor_put_int(b, h->at.ms);
	cbor_put_bool(b, h->clock_trusted);
	cbor_put_bool(b, h->ledger_ok);
	cbor_put_bool(b, h->sms_ok);
	cbor_put_int(b, h->up_ms);
	cbor_put_uint(b, h->visits_open);
	cbor_put_uint(b, h->alarms_open);
	cbor_put_array(b, h->doors);
	for (uint32_t i = 0; i < h->doors; i++)
		put_door(b, &h->door[i]);
	put_text(b, h->version, sizeof(h->version));
}

static void read_door(struct reading *r, struct sync_door *d)
{
	reading_array(r, DOOR_ITEMS, DOOR_ITEMS);
	reading_text(r, d->name, sizeof(d->name));
	d->mode = reading_u8(r, DOOR_MODES - 1);
	d->physical = reading_u8(r, DOOR_PHYSICALS - 1);
	d->alarm = reading_u8(r, DOOR_ALARMS - 1);
	d->tamper = reading_bool(r);
}

bool sync_heartbeat_take(struct span bytes, struct sync_heartbeat *ret)
{
	struct reading r = {.rest = bytes};
	struct sync_heartbeat h;

	if (bytes.len > SYNC_HEARTBEAT_MAX)
		return false;
	memset(&h, 0, sizeof(h));
	reading_array(&r, HEARTBEAT_ITEMS, HEARTBEAT_ITEMS);
	reading_word(&r, "heartbeat");
	h.epoch = reading_u32(&r);
	h.head_seq = reading_number(&r);
	h.acked_seq = reading_number(&r);
	h.feed = reading_number(&r);
	h.at = reading_wall(&r);
	h.clock_trusted = reading_bool(&r);
	h.ledger_ok = reading_bool(&r);
	h.sms_ok = reading_bool(&r);
	h.up_ms = reading_int(&r, 0, INT64_MAX);
	h.visits_open = reading_u32(&r);
	h.alarms_open = reading_u32(&r);
	h.doors = reading_array(&r, 0, DOORS_MAX);
	for (uint32_t i = 0; i < h.doors; i++)
		read_door(&r, &h.door[i]);
	reading_text(&r, h.version, sizeof(h.version));
	if (!reading_good(&r) || !heartbeat_good(&h))
		return false;
	*ret = h;
	return true;
}

/* --- to be enrolled */

static bool enrol_good(const struct sync_enrol *e)
{
	return e->code[0] != '\0' && text_plain(e->code, sizeof(e->code)) &&
	       text_plain(e->version, sizeof(e->version));
}

void sync_enrol_put(struct builder *b, const struct sync_enrol *e)
{
	if (!enrol_good(e)) {
		b->failed = true;
		return;
	}
	put_word(b, 4, "enrol");
	put_text(b, e->code, sizeof(e->code));
	put_key(b, &e->key);
	put_text(b, e->version, sizeof(e->version));
}

bool sync_enrol_take(struct span bytes, struct sync_enrol *ret)
{
	struct reading r = {.rest = bytes};
	struct sync_enrol e;

	memset(&e, 0, sizeof(e));
	reading_array(&r, 4, 4);
	reading_word(&r, "enrol");
	reading_text(&r, e.code, sizeof(e.code));
	reading_key(&r, &e.key);
	reading_text(&r, e.version, sizeof(e.version));
	if (!reading_good(&r) || !enrol_good(&e))
		return false;
	*ret = e;
	return true;
}

/* --- a new epoch */

void sync_epoch_put(struct builder *b, const struct sync_epoch *e)
{
	if (e->seq > INT64_MAX) {
		b->failed = true;
		return;
	}
	put_word(b, 4, "epoch");
	cbor_put_uint(b, e->epoch);
	cbor_put_uint(b, e->seq);
	cbor_put_bytes(b, e->hash.byte, sizeof(e->hash.byte));
}

bool sync_epoch_take(struct span bytes, struct sync_epoch *ret)
{
	struct reading r = {.rest = bytes};
	struct sync_epoch e;

	memset(&e, 0, sizeof(e));
	reading_array(&r, 4, 4);
	reading_word(&r, "epoch");
	e.epoch = reading_u32(&r);
	e.seq = reading_number(&r);
	reading_bytes(&r, e.hash.byte, sizeof(e.hash.byte));
	if (!reading_good(&r))
		return false;
	*ret = e;
	return true;
}
