/*
 * words.c: the one place where the shop's numbers become words. A word is for programs and logs and
 * never changes.
 */
#include "base/words.h"

#include <string.h>

#include "base/check.h"

static const char *const verdicts[VERDICTS] = {
	[VERDICT_ADMITTED] = "admitted",
	[VERDICT_MALFORMED] = "malformed",
	[VERDICT_UNKNOWN_KEY] = "unknown_key",
	[VERDICT_BAD_SIGNATURE] = "bad_signature",
	[VERDICT_WRONG_AUDIENCE] = "wrong_audience",
	[VERDICT_TOO_LONG_LIVED] = "too_long_lived",
	[VERDICT_NONCE_UNKNOWN] = "nonce_unknown",
	[VERDICT_PREDATES_START] = "predates_start",
	[VERDICT_NOT_YET_VALID] = "not_yet_valid",
	[VERDICT_EXPIRED] = "expired",
	[VERDICT_CLOCK_UNTRUSTED] = "clock_untrusted",
	[VERDICT_REPLAYED] = "replayed",
	[VERDICT_REVOKED] = "revoked",
	[VERDICT_BLOCKED] = "blocked",
	[VERDICT_LOCKED_DOWN] = "locked_down",
	[VERDICT_CLOSED_HOURS] = "closed_hours",
	[VERDICT_SHOP_FULL] = "shop_full",
	[VERDICT_CREDIT_EXHAUSTED] = "credit_exhausted",
	[VERDICT_OVERDUE] = "overdue",
	[VERDICT_PIN_REQUIRED] = "pin_required",
	[VERDICT_PIN_WRONG] = "pin_wrong",
	[VERDICT_LEDGER_UNAVAILABLE] = "ledger_unavailable",
};

static const char *const answers[ANSWERS] = {
	[ANSWER_OK] = "ok",
	[ANSWER_REPEATED] = "repeated",
	[ANSWER_MALFORMED] = "malformed",
	[ANSWER_UNAUTHORIZED] = "unauthorized",
	[ANSWER_UNKNOWN_VISIT] = "unknown_visit",
	[ANSWER_UNKNOWN_LINE] = "unknown_line",
	[ANSWER_UNKNOWN_ARTICLE] = "unknown_article",
	[ANSWER_BARRED_CLASS] = "barred_class",
	[ANSWER_RECALLED] = "recalled",
	[ANSWER_EXPIRED] = "expired",
	[ANSWER_CREDIT_EXHAUSTED] = "credit_exhausted",
	[ANSWER_VISIT_OVER] = "visit_over",
	[ANSWER_VOIDED] = "voided",
	[ANSWER_KEY_REUSED] = "key_reused",
	[ANSWER_VISIT_FULL] = "visit_full",
	[ANSWER_LEDGER_UNAVAILABLE] = "ledger_unavailable",
	[ANSWER_JOIN_CODE_UNKNOWN] = "join_code_unknown",
	[ANSWER_NO_VISIT] = "no_visit",
	[ANSWER_NO_PASS] = "no_pass",
};

static const char *const door_modes[DOOR_MODES] = {
	[DOOR_LOCKED] = "locked",     [DOOR_ACCESSED] = "accessed",
	[DOOR_PROPPED] = "propped",   [DOOR_UNLOCKED] = "unlocked",
	[DOOR_LOCKDOWN] = "lockdown", [DOOR_RELEASED_BY_FIRE] = "released_by_fire",
};

static const char *const door_physicals[DOOR_PHYSICALS] = {
	[PHYSICAL_UNKNOWN] = "unknown",
	[PHYSICAL_OPEN] = "open",
	[PHYSICAL_CLOSED] = "closed",
	[PHYSICAL_FAULT] = "fault",
};

static const char *const door_alarms[DOOR_ALARMS] = {
	[DOOR_NORMAL] = "normal",
	[DOOR_FORCED] = "forced",
	[DOOR_HELD_OPEN] = "held_open",
};

static const char *const conditions[CONDITIONS] = {
	[0] = "none",
	[CONDITION_HELD_OPEN] = "held_open",
	[CONDITION_FORCED] = "forced",
	[CONDITION_TAMPER] = "tamper",
	[CONDITION_LEDGER_FAILING] = "ledger_failing",
	[CONDITION_SMS_FAILING] = "sms_failing",
	[CONDITION_CLOCK_UNTRUSTED] = "clock_untrusted",
	[CONDITION_FIRE] = "fire",
	[CONDITION_SENSOR_FAILING] = "sensor_failing",
	[CONDITION_CLOSE_REFUSED] = "close_refused",
	[CONDITION_ROSTER_STALE] = "roster_stale",
	[CONDITION_OFFICE_REFUSED] = "office_refused",
	[CONDITION_POWER_LOST] = "power_lost",
	[CONDITION_BATTERY_LOW] = "battery_low",
	[CONDITION_FRIDGE_WARM] = "fridge_warm",
	[CONDITION_FREEZER_WARM] = "freezer_warm",
	[CONDITION_ROOM_COLD] = "room_cold",
	[CONDITION_HUMID] = "humid",
	[CONDITION_CO2_HIGH] = "co2_high",
	[CONDITION_WATER] = "water",
	[CONDITION_MOTION] = "motion",
	[CONDITION_SENSOR_LOST] = "sensor_lost",
	[CONDITION_READER_LOST] = "reader_lost",
	[CONDITION_CAMERA_LOST] = "camera_lost",
	[CONDITION_DISK_FAILING] = "disk_failing",
	[CONDITION_SYNC_STALE] = "sync_stale",
	[CONDITION_ROAD_FAILING] = "road_failing",
	[CONDITION_MANY_REFUSALS] = "many_refusals",
	[CONDITION_INSIDE_LONG] = "inside_long",
	[CONDITION_REHEARSAL] = "rehearsal",
};

static const char *const alarm_states[ALARM_STATES] = {
	[ALARM_RAISED] = "raised",	 [ALARM_NOTIFIED] = "notified",
	[ALARM_ESCALATED] = "escalated", [ALARM_ACKNOWLEDGED] = "acknowledged",
	[ALARM_CLEARED] = "cleared",
};

static const char *const severities[SEVERITIES] = {
	[SEVERITY_NOTICE] = "notice",
	[SEVERITY_WARNING] = "warning",
	[SEVERITY_URGENT] = "urgent",
	[SEVERITY_EMERGENCY] = "emergency",
};

static const char *const contact_roles[CONTACT_ROLES] = {
	[CONTACT_OWNER] = "owner",
	[CONTACT_KEYHOLDER] = "keyholder",
	[CONTACT_NEIGHBOUR] = "neighbour",
};

static const char *const text_kinds[TEXT_KINDS] = {
	[TEXT_RAISED] = "raised",
	[TEXT_OVER] = "over",
	[TEXT_TAKEN] = "taken",
	[TEXT_GROUP] = "group",
};

static const char *const sms_roads[SMS_ROADS] = {
	[SMS_BY_GATEWAY] = "gateway",
	[SMS_BY_MODEM] = "modem",
};

static const char *const text_outcomes[TEXT_OUTCOMES] = {
	[TEXT_LEFT] = "left",
	[TEXT_DELIVERED] = "delivered",
	[TEXT_STUCK] = "stuck",
};

static const char *const sensor_kinds[SENSOR_KINDS] = {
	[SENSOR_FRIDGE] = "fridge", [SENSOR_FREEZER] = "freezer",   [SENSOR_ROOM] = "room",
	[SENSOR_CO2] = "co2",	    [SENSOR_HUMIDITY] = "humidity", [SENSOR_WATER] = "water",
	[SENSOR_MOTION] = "motion", [SENSOR_POWER] = "power",	    [SENSOR_BATTERY] = "battery",
};

static const char *const sensor_states[SENSOR_STATES] = {
	[SENSOR_UNKNOWN] = "unknown", [SENSOR_OK] = "ok",	[SENSOR_BEYOND] = "beyond",
	[SENSOR_ALARM] = "alarm",     [SENSOR_STALE] = "stale",
};

static const char *const article_classes[ARTICLE_CLASSES] = {
	[CLASS_GROCERY] = "grocery", [CLASS_HOUSEHOLD] = "household", [CLASS_ALCOHOL] = "alcohol",
	[CLASS_TOBACCO] = "tobacco", [CLASS_MEDICINE] = "medicine",
};

static const char *const article_states[ARTICLE_STATES] = {
	[ARTICLE_SOLD] = "sold",
	[ARTICLE_RECALLED] = "recalled",
	[ARTICLE_EXPIRED] = "expired",
};

static const char *const roles[ROLES] = {
	[ROLE_MEMBER] = "member",
	[ROLE_OWNER] = "owner",
	[ROLE_STAFF] = "staff",
	[ROLE_DELIVERY] = "delivery",
};

static const char *const vat_classes[VAT_CLASSES] = {
	[VAT_FIXED] = "fixed",		 [VAT_STANDARD] = "standard", [VAT_FOOD] = "food",
	[VAT_RESTAURANT] = "restaurant", [VAT_CULTURE] = "culture",   [VAT_NONE] = "none",
};

static const char *const movements[MOVEMENTS] = {
	[0] = "none",
	[MOVEMENT_DELIVERY] = "delivery",
	[MOVEMENT_COUNT] = "count",
	[MOVEMENT_WASTE] = "waste",
	[MOVEMENT_OWN_USE] = "own_use",
	[MOVEMENT_SALE] = "sale",
	[MOVEMENT_RETURN] = "return",
};

static const char *const credit_reasons[CREDIT_REASONS] = {
	[CREDIT_WRONG_LINE] = "wrong_line",
	[CREDIT_BROKEN] = "broken",
	[CREDIT_PRICE] = "price",
	[CREDIT_GOODWILL] = "goodwill",
};

static const char *const trusts[TRUSTS] = {
	[TRUST_NEW] = "new",
	[TRUST_TRUSTED] = "trusted",
	[TRUST_RESTRICTED] = "restricted",
};

static const char *const check_reasons[CHECK_REASONS] = {
	[CHECK_LONG_AND_EMPTY] = "long_and_empty",
	[CHECK_MANY_VOIDS] = "many_voids",
	[CHECK_SHRINKING_ARTICLE] = "shrinking_article",
	[CHECK_SHARE] = "share",
	[CHECK_REPORTED] = "reported",
	[CHECK_OWNER] = "owner",
};

static const char *const check_states[CHECK_STATES] = {
	[CHECK_PICKED] = "picked",
	[CHECK_PASSED] = "passed",
	[CHECK_FAILED] = "failed",
	[CHECK_WAIVED] = "waived",
};

static const char *const visit_ends[VISIT_ENDS] = {
	[END_CLOSED] = "closed",
	[END_SILENCE] = "silence",
	[END_EXIT] = "exit",
};

static const char *const door_events[DOOR_EVENTS] = {
	[DOOR_EVENT_UNLOCKED] = "unlocked",
	[DOOR_EVENT_OPENED] = "opened",
	[DOOR_EVENT_CLOSED] = "closed",
	[DOOR_EVENT_RELOCKED] = "relocked",
	[DOOR_EVENT_NOT_ENTERED] = "not_entered",
	[DOOR_EVENT_EXIT] = "exit",
	[DOOR_EVENT_MODE] = "mode",
	[DOOR_EVENT_FAULT] = "fault",
	[DOOR_EVENT_FOUND_OPEN] = "found_open",
};

/* Asserts that the number is one of the set, so that a wild enum dies here and not in a log. */
#define WORD(table, i) (CHECK((uint32_t)(i) < ARRAY_LEN(table)), (table)[i])

const char *verdict_word(enum verdict v)
{
	return WORD(verdicts, v);
}

const char *answer_word(enum answer a)
{
	return WORD(answers, a);
}

const char *door_mode_word(enum door_mode m)
{
	return WORD(door_modes, m);
}

const char *door_physical_word(enum door_physical p)
{
	return WORD(door_physicals, p);
}

const char *door_alarm_word(enum door_alarm a)
{
	return WORD(door_alarms, a);
}

const char *condition_word(enum condition c)
{
	return WORD(conditions, c);
}

bool condition_at_door(enum condition c)
{
	return c == CONDITION_HELD_OPEN || c == CONDITION_FORCED || c == CONDITION_TAMPER ||
	       c == CONDITION_FIRE || c == CONDITION_SENSOR_FAILING || c == CONDITION_MANY_REFUSALS;
}

const char *alarm_state_word(enum alarm_state s)
{
	return WORD(alarm_states, s);
}

const char *severity_word(enum severity s)
{
	return WORD(severities, s);
}

const char *contact_role_word(enum contact_role r)
{
	return WORD(contact_roles, r);
}

const char *text_kind_word(enum text_kind k)
{
	return WORD(text_kinds, k);
}

const char *sms_road_word(enum sms_road r)
{
	return WORD(sms_roads, r);
}

const char *text_outcome_word(enum text_outcome o)
{
	return WORD(text_outcomes, o);
}

const char *sensor_kind_word(enum sensor_kind k)
{
	return WORD(sensor_kinds, k);
}

const char *sensor_state_word(enum sensor_state s)
{
	return WORD(sensor_states, s);
}

const char *article_class_word(enum article_class c)
{
	return WORD(article_classes, c);
}

const char *article_state_word(enum article_state s)
{
	return WORD(article_states, s);
}

const char *role_word(enum role r)
{
	return WORD(roles, r);
}

const char *vat_class_word(enum vat_class c)
{
	return WORD(vat_classes, c);
}

const char *movement_word(enum movement m)
{
	return WORD(movements, m);
}

const char *credit_reason_word(enum credit_reason r)
{
	return WORD(credit_reasons, r);
}

const char *trust_word(enum trust t)
{
	return WORD(trusts, t);
}

const char *check_reason_word(enum check_reason r)
{
	return WORD(check_reasons, r);
}

const char *check_state_word(enum check_state s)
{
	return WORD(check_states, s);
}

const char *visit_end_word(enum visit_end e)
{
	return WORD(visit_ends, e);
}

const char *door_event_word(enum door_event e)
{
	return WORD(door_events, e);
}

/* The number of `text` in a table of words from `first` on, or -1. */
static int number_of(const char *text, const char *const *words, int first, int count)
{
	for (int i = first; i < count; i++)
		if (strcmp(text, words[i]) == 0)
			return i;
	return -1;
}

bool article_class_parse(const char *text, enum article_class *ret)
{
	int i = number_of(text, article_classes, 0, ARTICLE_CLASSES);

	if (i >= 0)
		*ret = (enum article_class)i;
	return i >= 0;
}

bool article_state_parse(const char *text, enum article_state *ret)
{
	int i = number_of(text, article_states, 0, ARTICLE_STATES);

	if (i >= 0)
		*ret = (enum article_state)i;
	return i >= 0;
}

bool role_parse(const char *text, enum role *ret)
{
	int i = number_of(text, roles, 0, ROLES);

	if (i >= 0)
		*ret = (enum role)i;
	return i >= 0;
}

bool vat_class_parse(const char *text, enum vat_class *ret)
{
	int i = number_of(text, vat_classes, 0, VAT_CLASSES);

	if (i >= 0)
		*ret = (enum vat_class)i;
	return i >= 0;
}

bool movement_parse(const char *text, enum movement *ret)
{
	int i = number_of(text, movements, MOVEMENT_DELIVERY, MOVEMENTS);

	if (i >= 0)
		*ret = (enum movement)i;
	return i >= 0;
}

bool credit_reason_parse(const char *text, enum credit_reason *ret)
{
	int i = number_of(text, credit_reasons, 0, CREDIT_REASONS);

	if (i >= 0)
		*ret = (enum credit_reason)i;
	return i >= 0;
}

bool trust_parse(const char *text, enum trust *ret)
{
	int i = number_of(text, trusts, 0, TRUSTS);

	if (i >= 0)
		*ret = (enum trust)i;
	return i >= 0;
}

bool check_state_parse(const char *text, enum check_state *ret)
{
	int i = number_of(text, check_states, 0, CHECK_STATES);

	if (i >= 0)
		*ret = (enum check_state)i;
	return i >= 0;
}

bool condition_parse(const char *text, enum condition *ret)
{
	int i = number_of(text, conditions, CONDITION_HELD_OPEN, CONDITIONS);

	if (i >= 0)
		*ret = (enum condition)i;
	return i >= 0;
}

bool verdict_parse(const char *text, enum verdict *ret)
{
	int i = number_of(text, verdicts, 0, VERDICTS);

	if (i >= 0)
		*ret = (enum verdict)i;
	return i >= 0;
}
