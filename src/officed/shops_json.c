/*
 * shops_json.c: a shop as its operators see it. What only the shop can know is told with the age of
 * the heartbeat that said it, and is stale when three of them are missing: never shown as if it
 * were so now (design 5).
 */
#include "officed/shops.h"

#include <string.h>

#include "base/words.h"

enum column {
	SHOP = 0,
	GROUP,
	TITLE,
	LANGUAGE,
	CURRENCY,
	SELLER,
	STATE,
	EPOCH,
	GRANTED_AT,
	HEAD_SEQ,
	HEAD_AT,
	TOOK_AT,
	FEED_TO,
	FEED_FROM,
	SEEN_AT,
	SAID,
	SILENT_SINCE,
};

static const char *const state_words[] = {
	[SHOP_WAITING] = "waiting", [SHOP_LIVE] = "live", [SHOP_REVOKED] = "revoked"};

static json_t *age(struct wall now, int64_t at)
{
	return at == 0 ? json_null() : json_integer(now.ms > at ? now.ms - at : 0);
}

static void put(json_t *object, const char *name, json_t *value)
{
	(void)json_object_set_new(object, name, value);
}

static json_t *door_json(const struct sync_door *d)
{
	json_t *j = json_object();

	put(j, "door", json_string(d->name));
	put(j, "mode",
	    d->mode < DOOR_MODES ? json_string(door_mode_word((enum door_mode)d->mode))
				 : json_null());
	put(j, "physical",
	    d->physical < DOOR_PHYSICALS
		    ? json_string(door_physical_word((enum door_physical)d->physical))
		    : json_null());
	put(j, "alarm",
	    d->alarm < DOOR_ALARMS ? json_string(door_alarm_word((enum door_alarm)d->alarm))
				   : json_null());
	put(j, "tamper", json_boolean(d->tamper != 0));
	return j;
}

/** What it said of itself when it was last heard; null: nothing yet. */
static json_t *said_json(struct span said)
{
	struct sync_heartbeat h;
	json_t *j, *doors;

	if (!sync_heartbeat_take(said, &h))
		return json_null();
	j = json_object();
	doors = json_array();
	put(j, "version", json_string(h.version));
	put(j, "up_ms", json_integer(h.up_ms));
	put(j, "shop_clock", json_wall(h.at.ms));
	put(j, "clock_trusted", json_boolean(h.clock_trusted));
	put(j, "ledger_ok", json_boolean(h.ledger_ok));
	put(j, "sms_ok", json_boolean(h.sms_ok));
	put(j, "epoch", json_integer(h.epoch));
	put(j, "head_seq", json_integer((json_int_t)h.head_seq));
	put(j, "acked_seq", json_integer((json_int_t)h.acked_seq));
	put(j, "feed", json_integer((json_int_t)h.feed));
	put(j, "visits_open", json_integer(h.visits_open));
	put(j, "alarms_open", json_integer(h.alarms_open));
	for (uint32_t i = 0; i < h.doors; i++)
		(void)json_array_append_new(doors, door_json(&h.door[i]));
	put(j, "doors", doors);
	return j;
}

static json_t *seen_json(struct db_rows *rows, struct wall now)
{
	int64_t at = db_col_int(rows, SEEN_AT);
	json_t *j = json_object();

	put(j, "at", json_wall(at));
	put(j, "age_ms", age(now, at));
	put(j, "stale", json_boolean(at == 0 || now.ms - at > SYNC_SILENT_MS));
	put(j, "silent_since", json_wall(db_col_int(rows, SILENT_SINCE)));
	put(j, "said", said_json(db_col_bytes(rows, SAID)));
	return j;
}

static json_t *head_json(struct db_rows *rows, struct wall now)
{
	int64_t took = db_col_int(rows, TOOK_AT);
	json_t *j = json_object();

	put(j, "seq", json_integer(db_col_int(rows, HEAD_SEQ)));
	put(j, "at", json_wall(db_col_int(rows, HEAD_AT)));
	put(j, "taken_at", json_wall(took));
	put(j, "age_ms", age(now, took));
	return j;
}

static json_t *feed_json(struct db_rows *rows)
{
	json_t *j = json_object();

	put(j, "to", json_integer(db_col_int(rows, FEED_TO)));
	put(j, "from", json_integer(db_col_int(rows, FEED_FROM)));
	return j;
}

json_t *shop_json(struct db_rows *rows, struct wall now)
{
	json_t *j = json_object(), *seller = json_loads(db_col_text(rows, SELLER), 0, NULL);
	int64_t state = db_col_int(rows, STATE);

	put(j, "shop", json_string(db_col_text(rows, SHOP)));
	put(j, "title", json_string(db_col_text(rows, TITLE)));
	put(j, "group", json_string(db_col_text(rows, GROUP)));
	put(j, "language", json_string(db_col_text(rows, LANGUAGE)));
	put(j, "currency", json_string(db_col_text(rows, CURRENCY)));
	put(j, "seller", seller != NULL ? seller : json_null());
	put(j, "state",
	    json_string(state >= 0 && state <= SHOP_REVOKED ? state_words[state] : "other"));
	put(j, "epoch", json_integer(db_col_int(rows, EPOCH)));
	put(j, "epoch_granted_at", json_wall(db_col_int(rows, GRANTED_AT)));
	put(j, "head", head_json(rows, now));
	put(j, "feed", feed_json(rows));
	put(j, "seen", seen_json(rows, now));
	return j;
}

void shop_unknown(struct reply *r)
{
	reply_problem(r, 404, "unknown_shop", "There is no shop of this name.");
}
