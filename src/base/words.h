/*
 * words.h: the closed sets of words that the shop says to people and programs, each with its number
 * on disk and wire. Never renumber, never reuse: append.
 *
 * A word is what `code`, the log and the stories print ("wrong_audience"); a sentence is what a
 * person reads: what happened, and what to do next.
 */
#ifndef SHOP_BASE_WORDS_H
#define SHOP_BASE_WORDS_H

#include <stdbool.h>
#include <stdint.h>

/** What became of a token, in the order in which they are judged (contracts 1, verdicts). */
enum verdict {
	VERDICT_ADMITTED = 0,
	VERDICT_MALFORMED = 1,
	VERDICT_UNKNOWN_KEY = 2,
	VERDICT_BAD_SIGNATURE = 3,
	VERDICT_WRONG_AUDIENCE = 4,
	VERDICT_TOO_LONG_LIVED = 5,
	VERDICT_NONCE_UNKNOWN = 6,
	VERDICT_PREDATES_START = 7,
	VERDICT_NOT_YET_VALID = 8,
	VERDICT_EXPIRED = 9,
	VERDICT_CLOCK_UNTRUSTED = 10,
	VERDICT_REPLAYED = 11,
	VERDICT_REVOKED = 12,
	VERDICT_BLOCKED = 13,
	VERDICT_LOCKED_DOWN = 14,
	VERDICT_CLOSED_HOURS = 15,
	VERDICT_SHOP_FULL = 16,
	VERDICT_CREDIT_EXHAUSTED = 17,
	VERDICT_OVERDUE = 18,
	VERDICT_PIN_REQUIRED = 19,
	VERDICT_PIN_WRONG = 20,
	VERDICT_LEDGER_UNAVAILABLE = 21,
};
#define VERDICTS 22

/** What became of a request about a visit or a line (contracts 6). */
enum answer {
	ANSWER_OK = 0,		 /* done now */
	ANSWER_REPEATED = 1,	 /* was done before: the same answer again */
	ANSWER_MALFORMED = 2,	 /* 400 */
	ANSWER_UNAUTHORIZED = 3, /* 401: no such bearer on this visit */
	ANSWER_UNKNOWN_VISIT = 4,
	ANSWER_UNKNOWN_LINE = 5,
	ANSWER_UNKNOWN_ARTICLE = 6,
	ANSWER_BARRED_CLASS = 7,
	ANSWER_RECALLED = 8,
	ANSWER_EXPIRED = 9,
	ANSWER_CREDIT_EXHAUSTED = 10,
	ANSWER_VISIT_OVER = 11,
	ANSWER_VOIDED = 12,
	ANSWER_KEY_REUSED = 13,
	ANSWER_VISIT_FULL = 14, /* a bound of limits.h: lines, bearers or money */
	ANSWER_LEDGER_UNAVAILABLE = 15,
	ANSWER_JOIN_CODE_UNKNOWN = 16,
	ANSWER_NO_VISIT = 17, /* nobody stands at this till */
	ANSWER_NO_PASS = 18,  /* no pass waits for its PIN here */
};
#define ANSWERS 19

/** Door axes (contracts 2, after ONVIF). */
enum door_mode {
	DOOR_LOCKED = 0,
	DOOR_ACCESSED = 1,
	DOOR_PROPPED = 2,
	DOOR_UNLOCKED = 3,
	DOOR_LOCKDOWN = 4,
	DOOR_RELEASED_BY_FIRE = 5,
};
#define DOOR_MODES 6
enum door_physical {
	PHYSICAL_UNKNOWN = 0,
	PHYSICAL_OPEN = 1,
	PHYSICAL_CLOSED = 2,
	PHYSICAL_FAULT = 3
};
#define DOOR_PHYSICALS 4
enum door_alarm {
	DOOR_NORMAL = 0,
	DOOR_FORCED = 1,
	DOOR_HELD_OPEN = 2
};
#define DOOR_ALARMS 3

/** What an alarm is about (contracts 7). */
enum condition {
	CONDITION_HELD_OPEN = 1,
	CONDITION_FORCED = 2,
	CONDITION_TAMPER = 3,
	CONDITION_LEDGER_FAILING = 4,
	CONDITION_SMS_FAILING = 5,
	CONDITION_CLOCK_UNTRUSTED = 6,
	CONDITION_FIRE = 7,	       /* the fire panel has released a door */
	CONDITION_SENSOR_FAILING = 8,  /* an input of a door cannot be read */
	CONDITION_CLOSE_REFUSED = 9,   /* a month's sums do not hold, or it cannot be closed */
	CONDITION_ROSTER_STALE = 10,   /* the office was not heard for longer than policy says */
	CONDITION_OFFICE_REFUSED = 11, /* the office refuses this box: another one writes, or it was
					  revoked */
	CONDITION_POWER_LOST = 12,     /* the shop runs on its battery */
	CONDITION_BATTERY_LOW = 13,    /* and that is nearly empty */
	CONDITION_FRIDGE_WARM = 14,
	CONDITION_FREEZER_WARM = 15,
	CONDITION_ROOM_COLD = 16, /* pipes may freeze */
	CONDITION_HUMID = 17,
	CONDITION_CO2_HIGH = 18,
	CONDITION_WATER = 19,
	CONDITION_MOTION = 20,	      /* somebody moves while the shop counts as empty */
	CONDITION_SENSOR_LOST = 21,   /* a sensor of the room does not answer */
	CONDITION_READER_LOST = 22,   /* a scanner or a reader of NFC is gone */
	CONDITION_CAMERA_LOST = 23,   /* a camera gives no picture */
	CONDITION_DISK_FAILING = 24,  /* nearly full, or slow beyond what cards do */
	CONDITION_SYNC_STALE = 25,    /* entries have waited for the office for too long */
	CONDITION_ROAD_FAILING = 26,  /* one of the texts' roads (place: gateway or modem) */
	CONDITION_MANY_REFUSALS = 27, /* somebody tries codes at a door */
	CONDITION_INSIDE_LONG = 28,   /* somebody has been inside for too long */
	CONDITION_REHEARSAL = 29,     /* a text that only asks to be answered, on a schedule */
};
#define CONDITIONS 30

/** An alarm's life (design 5). `over` = cleared and, where the condition asks for it, acknowledged.
 */
enum alarm_state {
	ALARM_RAISED = 0,
	ALARM_NOTIFIED = 1,
	ALARM_ESCALATED = 2,
	ALARM_ACKNOWLEDGED = 3,
	ALARM_CLEARED = 4,
};
#define ALARM_STATES 5
enum severity {
	SEVERITY_NOTICE = 0,
	SEVERITY_WARNING = 1,
	SEVERITY_URGENT = 2,
	SEVERITY_EMERGENCY = 3
};
#define SEVERITIES 4

/** Whom the texts go to, and with that in which order: the ladder begins at the owner. */
enum contact_role {
	CONTACT_OWNER = 0,
	CONTACT_KEYHOLDER = 1, /* can unlock */
	CONTACT_NEIGHBOUR = 2, /* lives near, and has a crowbar */
};
#define CONTACT_ROLES 3

/** What a text says. */
enum text_kind {
	TEXT_RAISED = 0,
	TEXT_OVER = 1,	/* the condition holds no more, and nobody has to do anything */
	TEXT_TAKEN = 2, /* somebody else has answered: `by` */
	TEXT_GROUP = 3, /* so many alarms in one text, the gravest by name */
};
#define TEXT_KINDS 4

/** The two ways that a text may leave the shop. */
enum sms_road {
	SMS_BY_GATEWAY = 0,
	SMS_BY_MODEM = 1,
};
#define SMS_ROADS 2

/** What became of a text to one contact. */
enum text_outcome {
	TEXT_LEFT = 0,	    /* a road has taken it */
	TEXT_DELIVERED = 1, /* and says that the phone has it, which may be untrue */
	TEXT_STUCK = 2,	    /* no road takes it; it is still tried */
};
#define TEXT_OUTCOMES 3

/** What a sensor of the room measures. */
enum sensor_kind {
	SENSOR_FRIDGE = 0,   /* thousandths of a degree Celsius */
	SENSOR_FREEZER = 1,  /* likewise */
	SENSOR_ROOM = 2,     /* likewise */
	SENSOR_HUMIDITY = 3, /* thousandths of a per cent */
	SENSOR_CO2 = 4,	     /* thousandths of a ppm */
	SENSOR_WATER = 5,    /* 1: wet */
	SENSOR_MOTION = 6,   /* 1: somebody moves */
	SENSOR_POWER = 7,    /* 1: on battery */
	SENSOR_BATTERY = 8,  /* 1: low */
};
#define SENSOR_KINDS 9

/** How a sensor of the room stands. */
enum sensor_state {
	SENSOR_UNKNOWN = 0, /* not heard yet */
	SENSOR_OK = 1,
	SENSOR_BEYOND = 2, /* beyond its bound, not yet for long enough */
	SENSOR_ALARM = 3,
	SENSOR_STALE = 4, /* not heard lately: its value is old */
};
#define SENSOR_STATES 5

/** Article classes that a shop may bar (contracts 3). */
enum article_class {
	CLASS_GROCERY = 0,
	CLASS_HOUSEHOLD = 1,
	CLASS_ALCOHOL = 2,
	CLASS_TOBACCO = 3,
	CLASS_MEDICINE = 4,
};
#define ARTICLE_CLASSES 5

/** What an article is for VAT; the rate then follows from the date (design 4). */
enum vat_class {
	VAT_FIXED = 0, /* the rate was given as a number, and no date changes it */
	VAT_STANDARD = 1,
	VAT_FOOD = 2,	    /* 12 %, 6 % from 2026-04-01 to 2027-12-31 */
	VAT_RESTAURANT = 3, /* served food: stays 12 % */
	VAT_CULTURE = 4,    /* newspapers, books: 6 % */
	VAT_NONE = 5,	    /* exempt */
};
#define VAT_CLASSES 6

/** What moved an article's stock (design 4); a sale is its line. */
enum movement {
	MOVEMENT_DELIVERY = 1,
	MOVEMENT_COUNT = 2, /* quantity is what stood on the shelf */
	MOVEMENT_WASTE = 3,
	MOVEMENT_OWN_USE = 4,
	MOVEMENT_SALE = 5,   /* only read: a line */
	MOVEMENT_RETURN = 6, /* only read: a line that was voided or credited, its goods back */
};
#define MOVEMENTS 7

/** Why a line or an invoice is credited. */
enum credit_reason {
	CREDIT_WRONG_LINE = 0, /* scanned by mistake: the goods stand on the shelf */
	CREDIT_BROKEN = 1,     /* the goods are waste */
	CREDIT_PRICE = 2,      /* another price was shown: the goods are sold */
	CREDIT_GOODWILL = 3,
};
#define CREDIT_REASONS 4

/** What the shop thinks of a member's dealings: decides limit, hours, and how often a visit is
 * checked. */
enum trust {
	TRUST_NEW = 0,
	TRUST_TRUSTED = 1,
	TRUST_RESTRICTED = 2,
};
#define TRUSTS 3

/** Why a visit was picked for a check. Only ever a question: nobody is held. */
enum check_reason {
	CHECK_LONG_AND_EMPTY = 0,
	CHECK_MANY_VOIDS = 1,
	CHECK_SHRINKING_ARTICLE = 2,
	CHECK_SHARE = 3,    /* drawn by lot */
	CHECK_REPORTED = 4, /* the shopper said that something is wrong */
	CHECK_OWNER = 5,    /* the owner wanted to look */
};
#define CHECK_REASONS 6
enum check_state {
	CHECK_PICKED = 0,
	CHECK_PASSED = 1,
	CHECK_FAILED = 2,
	CHECK_WAIVED = 3,
};
#define CHECK_STATES 4

enum article_state {
	ARTICLE_SOLD = 0,
	ARTICLE_RECALLED = 1,
	ARTICLE_EXPIRED = 2
};
#define ARTICLE_STATES 3

enum role {
	ROLE_MEMBER = 0,
	ROLE_OWNER = 1,
	ROLE_STAFF = 2,
	ROLE_DELIVERY = 3
};
#define ROLES 4

/** Why a visit ended (contracts 3). */
enum visit_end {
	END_CLOSED = 0,
	END_SILENCE = 1,
	END_EXIT = 2
};
#define VISIT_ENDS 3

/** What a door told, for its row in the ledger and its line in the log. */
enum door_event {
	DOOR_EVENT_UNLOCKED = 0, /* the strike released for an admission */
	DOOR_EVENT_OPENED = 1,
	DOOR_EVENT_CLOSED = 2,
	DOOR_EVENT_RELOCKED = 3,
	DOOR_EVENT_NOT_ENTERED = 4, /* admitted, and nobody opened */
	DOOR_EVENT_EXIT = 5,	    /* opened from inside */
	DOOR_EVENT_MODE = 6,	    /* locked, propped, unlocked, locked down by a person */
	DOOR_EVENT_FAULT = 7,	    /* contact or REX out of order, or well again */
	DOOR_EVENT_FOUND_OPEN = 8,  /* open when the program started: not forced */
};
#define DOOR_EVENTS 9

/** The word of each; never NULL, CHECKs the range. */
const char *verdict_word(enum verdict v);
const char *answer_word(enum answer a);
const char *door_mode_word(enum door_mode m);
const char *door_physical_word(enum door_physical p);
const char *door_alarm_word(enum door_alarm a);
const char *condition_word(enum condition c);
/** condition_at_door - its place is a door's name. Of others it is a sensor's, a reader's, a
 * camera's, a road's, or there is none. */
bool condition_at_door(enum condition c);
const char *alarm_state_word(enum alarm_state s);
const char *severity_word(enum severity s);
const char *contact_role_word(enum contact_role r);
const char *text_kind_word(enum text_kind k);
const char *sms_road_word(enum sms_road r);
const char *text_outcome_word(enum text_outcome o);
const char *sensor_kind_word(enum sensor_kind k);
const char *sensor_state_word(enum sensor_state s);
const char *article_class_word(enum article_class c);
const char *article_state_word(enum article_state s);
const char *role_word(enum role r);
const char *vat_class_word(enum vat_class c);
const char *movement_word(enum movement m);
const char *credit_reason_word(enum credit_reason r);
const char *trust_word(enum trust t);
const char *check_reason_word(enum check_reason r);
const char *check_state_word(enum check_state s);
const char *visit_end_word(enum visit_end e);
const char *door_event_word(enum door_event e);

/** The other way: false when there is no such word. `text` is NUL-terminated. */
bool article_class_parse(const char *text, enum article_class *ret);
bool article_state_parse(const char *text, enum article_state *ret);
bool role_parse(const char *text, enum role *ret);
bool vat_class_parse(const char *text, enum vat_class *ret);
bool movement_parse(const char *text, enum movement *ret);
bool credit_reason_parse(const char *text, enum credit_reason *ret);
bool trust_parse(const char *text, enum trust *ret);
bool check_state_parse(const char *text, enum check_state *ret);
bool condition_parse(const char *text, enum condition *ret);
bool verdict_parse(const char *text, enum verdict *ret);

/** Languages in which people are spoken to. */
enum language {
	LANGUAGE_SV = 0,
	LANGUAGE_EN = 1
};
#define LANGUAGES 2

/** The sentence of a verdict or an answer for a person: what happened, what to do next. Never NULL.
 */
const char *verdict_sentence(enum verdict v, enum language l);
/** condition_title - an alarm in a few words, "door forced", for lists and for texts about it. */
const char *condition_title(enum condition c, enum language l);
const char *answer_sentence(enum answer a, enum language l);

#endif
