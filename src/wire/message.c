/*
 * message.c: what a packet on a local socket may be.
 *
 * One table says of each type how large it is, from whom shopd takes it and to whom shopd says it;
 * one small function a type says when its fields are sound. A peer that was taken over can
 * therefore say only what its role may say, in values that the rest of the house need not doubt:
 * every enum in range, every flag 0 or 1, every text with its end.
 *
 * What a person may have typed (a code scanned, a code to join by) is bounded here and judged by
 * the core: a peer must not be dropped for passing on a customer's mistake.
 */
#include "wire/message_fields.h"

#include <stddef.h>
#include <string.h>

#include "base/utf8.h"
#include "wire/goods.h"

enum {
	COUNTER = 1 << ROLE_COUNTER,
	COURIER = 1 << ROLE_COURIER,
	CONTROL = 1 << ROLE_CONTROL,
	EVERYBODY = COUNTER | COURIER | CONTROL,
	COMMANDS_KNOWN = 5, /* core/event.h enum command, which is above this floor */
	VAT_BP_MAX = 10000,
	MEMBER_FLAGS_KNOWN = 15 /* core/catalog.h enum member_flags */
};

/* Says of a message's fields what is wrong, or NULL. */
typedef const char *fields_fn(const union message *m, enum message_role role);

struct rule {
	uint16_t type;
	uint16_t size;
	uint8_t to_shopd;   /* bits of roles that may say it */
	uint8_t from_shopd; /* bits of roles that shopd says it to */
	fields_fn *fields;  /* NULL: nothing to check */
};

bool message_ends(const char *text, size_t size)
{
	return memchr(text, '\0', size) != NULL;
}

/* Text for a person or a log: it ends, and moves no terminal's cursor. */
bool message_plain(const char *text, size_t size)
{
	if (!message_ends(text, size))
		return false;
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return false;
	return true;
}

/* Text that may go into the ledger, which keeps out all that is not printed. */
bool message_is_words(const char *text, size_t size)
{
	return message_ends(text, size) && utf8_plain(text, (uint32_t)strlen(text));
}

bool message_is_name(const char *text, size_t size)
{
	return message_ends(text, size) && name_valid(text, (uint32_t)strlen(text));
}

bool message_is_place(const char *text, size_t size)
{
	return message_ends(text, size) && place_valid(text, (uint32_t)strlen(text));
}

bool message_is_place_or_empty(const char *text, size_t size)
{
	return text[0] == '\0' || message_is_place(text, size);
}

bool message_is_flag(uint32_t v)
{
	return v <= 1;
}

/* A visit's or an alarm's number: ascending from 1, and SQLite's integers are signed. */
static bool is_number(uint64_t n)
{
	return n >= 1 && n <= INT64_MAX;
}

bool message_is_number_or_none(uint64_t n)
{
	return n <= INT64_MAX;
}

bool message_is_day(int32_t n)
{
	return n >= 0 && n <= DAY_MAX;
}

static const char *hello_fields(const union message *m, enum message_role role)
{
	if (m->hello.role != (uint32_t)role)
		return "hello: this socket is for another role";
	return message_is_name(m->hello.program, sizeof(m->hello.program)) ? NULL
									   : "hello: program";
}

static const char *bye_fields(const union message *m, enum message_role role)
{
	(void)role;
	return message_plain(m->bye.why, sizeof(m->bye.why)) ? NULL : "bye: why";
}

static const char *token_fields(const union message *m, enum message_role role)
{
	const struct message_token *t = &m->token;

	(void)role;
	if (t->head.type == MESSAGE_UNLOCK ? !message_is_place(t->door, sizeof(t->door))
					   : !message_is_place_or_empty(t->door, sizeof(t->door)))
		return "token: door";
	if (!message_plain(t->join_code, sizeof(t->join_code)))
		return "token: join code";
	return t->token_len <= sizeof(t->token) ? NULL : "token: length";
}

static const char *line_fields(const union message *m, enum message_role role)
{
	const struct message_line *l = &m->line;

	(void)role;
	if (!is_number(l->visit))
		return "line: visit";
	if (!message_is_name(l->key, sizeof(l->key)))
		return "line: key";
	if (!message_ends(l->scanned, sizeof(l->scanned)))
		return "line: scanned";
	return l->scanned_at_ms >= 0 ? NULL : "line: scanned at";
}

static const char *bearer_fields(const union message *m, enum message_role role)
{
	(void)role;
	return is_number(m->bearer.visit) ? NULL : "bearer: visit";
}

static const char *first_owner_fields(const union message *m, enum message_role role)
{
	(void)role;
	return message_plain(m->first_owner.code, sizeof(m->first_owner.code))
		       ? NULL
		       : "first owner: code";
}

static const char *first_owner_is_fields(const union message *m, enum message_role role)
{
	(void)role;
	return m->first_owner_is.answer < FIRST_ANSWERS ? NULL : "first owner: answer";
}

static const char *verdict_fields(const union message *m, enum message_role role)
{
	const struct message_verdict *v = &m->verdict;

	(void)role;
	if (v->verdict >= VERDICTS)
		return "verdict: verdict";
	if (v->role >= ROLES)
		return "verdict: role";
	return message_is_number_or_none(v->visit) ? NULL : "verdict: visit";
}

static const char *visit_is_fields(const union message *m, enum message_role role)
{
	const struct message_visit_is *v = &m->visit_is;

	(void)role;
	if (v->verdict >= VERDICTS)
		return "visit: verdict";
	if (v->answer >= ANSWERS)
		return "visit: answer";
	if (!message_is_flag(v->limited))
		return "visit: limited";
	return message_is_number_or_none(v->visit) ? NULL : "visit: visit";
}

static const char *line_is_fields(const union message *m, enum message_role role)
{
	const struct message_line_is *l = &m->line_is;

	(void)role;
	if (l->answer >= ANSWERS)
		return "line: answer";
	if (!message_is_flag(l->voided))
		return "line: voided";
	/* a refusal tells of no line */
	if (l->key[0] != '\0' && !message_is_name(l->key, sizeof(l->key)))
		return "line: key";
	if (!message_ends(l->name, sizeof(l->name)))
		return "line: name";
	if (l->vat_bp < 0 || l->vat_bp > VAT_BP_MAX)
		return "line: VAT rate";
	return message_is_day(l->best_before) ? NULL : "line: best before";
}

static const char *answer_fields(const union message *m, enum message_role role)
{
	(void)role;
	if (m->answer.answer >= ANSWERS)
		return "answer: answer";
	if (!message_is_number_or_none(m->answer.visit))
		return "answer: visit";
	return message_plain(m->answer.text, sizeof(m->answer.text)) ? NULL : "answer: text";
}

static const char *place_fields(const struct message_status_is *s)
{
	if (s->doors > DOORS_MAX || s->tills > TILLS_MAX)
		return "status: place";
	for (uint32_t i = 0; i < s->doors; i++)
		if (!message_is_place(s->door[i], sizeof(s->door[i])))
			return "status: door";
	for (uint32_t i = 0; i < s->tills; i++)
		if (!message_is_place(s->till[i], sizeof(s->till[i])))
			return "status: till";
	return message_plain(s->time_zone, sizeof(s->time_zone)) ? NULL : "status: time zone";
}

static const char *status_is_fields(const union message *m, enum message_role role)
{
	const struct message_status_is *s = &m->status_is;

	(void)role;
	if (!message_is_flag(s->ledger_ok) || !message_is_flag(s->clock_trusted) ||
	    !message_is_flag(s->courier_connected) || !message_is_flag(s->counter_connected) ||
	    !message_is_flag(s->simulated))
		return "status: flag";
	if (s->barcodes >= GOODS_COUNTRIES)
		return "status: barcodes";
	if (!message_is_day(s->today) || !message_is_day(s->reminder_days) ||
	    !message_is_day(s->second_reminder_days) || !message_is_day(s->bar_days))
		return "status: days";
	if (!message_is_flag(s->enrolled) || !message_is_flag(s->boxes_key) ||
	    s->road >= CARRIEDS || s->heard_at_ms < 0 || !message_is_number_or_none(s->acked_seq) ||
	    !message_is_number_or_none(s->feed) || !message_plain(s->office, sizeof(s->office)))
		return "status: office";
	return message_is_place(s->shop, sizeof(s->shop)) ? place_fields(s) : "status: shop";
}

static const char *command_fields(const union message *m, enum message_role role)
{
	const struct message_command *c = &m->command;

	(void)role;
	if (c->head.type == MESSAGE_COMMAND && c->command >= COMMANDS_KNOWN)
		return "command: command";
	if (c->hold_ms < 0)
		return "command: hold";
	return message_is_place_or_empty(c->door, sizeof(c->door)) ? NULL : "command: door";
}

static const char *member_fields(const union message *m, enum message_role role)
{
	const struct message_member *b = &m->member;

	(void)role;
	if (b->role >= ROLES)
		return "member: role";
	if (b->head.type == MESSAGE_MEMBER_BLOCK ? !message_is_flag(b->flags)
						 : b->flags > MEMBER_FLAGS_KNOWN)
		return "member: flags";
	return b->credit_limit_minor >= 0 ? NULL : "member: credit limit";
}

static const char *trust_fields(const union message *m, enum message_role role)
{
	(void)role;
	return m->member.role < TRUSTS ? NULL : "member: trust";
}

static const char *card_fields(const union message *m, enum message_role role)
{
	const struct message_card *b = &m->card;

	(void)role;
	if (!message_is_flag(b->make))
		return "card: make";
	if (b->role >= ROLES)
		return "card: role";
	if (b->flags > MEMBER_FLAGS_KNOWN)
		return "card: flags";
	return b->credit_limit_minor >= 0 ? NULL : "card: credit limit";
}

static const char *import_fields(const union message *m, enum message_role role)
{
	(void)role;
	return m->import.rows <= ARTICLES_MAX ? NULL : "import: rows";
}

static const char *pass_fields(const union message *m, enum message_role role)
{
	(void)role;
	if (m->pass.cti_len < CTI_SIZE_MIN || m->pass.cti_len > CTI_SIZE_MAX)
		return "pass: cti";
	return message_is_flag(m->pass.revoked) && message_is_flag(m->pass.wants_pin)
		       ? NULL
		       : "pass: flag";
}

static const char *done_fields(const union message *m, enum message_role role)
{
	(void)role;
	if (!message_is_flag(m->done.error) || !message_is_flag(m->done.existed))
		return "done: flag";
	return message_plain(m->done.text, sizeof(m->done.text)) ? NULL : "done: text";
}

#define HEAD sizeof(struct message_head)

static const struct rule rules[] = {
	{MESSAGE_HELLO, sizeof(struct message_hello), EVERYBODY, EVERYBODY, hello_fields},
	{MESSAGE_BYE, sizeof(struct message_bye), EVERYBODY, EVERYBODY, bye_fields},

	{MESSAGE_UNLOCK, sizeof(struct message_token), COUNTER, 0, token_fields},
	{MESSAGE_VISIT, sizeof(struct message_token), COUNTER, 0, token_fields},
	{MESSAGE_SESSION, sizeof(struct message_token), COUNTER, 0, token_fields},
	{MESSAGE_LINE_PUT, sizeof(struct message_line), COUNTER, 0, line_fields},
	{MESSAGE_LINE_VOID, sizeof(struct message_line), COUNTER, 0, line_fields},
	{MESSAGE_CLOSE, sizeof(struct message_bearer), COUNTER, 0, bearer_fields},
	{MESSAGE_INVITE, sizeof(struct message_bearer), COUNTER, 0, bearer_fields},
	{MESSAGE_KIOSK, sizeof(struct message_kiosk), COUNTER, 0, message_kiosk_fields},
	{MESSAGE_NONCE, sizeof(struct message_spot), COUNTER, 0, message_spot_fields},
	{MESSAGE_TILL_VISIT, sizeof(struct message_spot), COUNTER, 0, message_spot_fields},
	{MESSAGE_TILL_LEAVE, sizeof(struct message_spot), COUNTER, 0, message_spot_fields},
	{MESSAGE_PIN, sizeof(struct message_spot), COUNTER, 0, message_spot_fields},
	{MESSAGE_FIRST_OWNER, sizeof(struct message_first_owner), COUNTER, 0, first_owner_fields},
	{MESSAGE_STATUS, HEAD, COUNTER | CONTROL, 0, NULL},
	{MESSAGE_DESK, sizeof(struct message_desk), COUNTER | CONTROL, 0, message_desk_fields},

	{MESSAGE_VIEW, sizeof(struct message_view), COUNTER | CONTROL, 0, message_view_fields},
	{MESSAGE_DOOR_ASKED, sizeof(struct message_door_asked), COUNTER, 0,
	 message_door_asked_fields},
	{MESSAGE_INSIDE_IS, sizeof(struct message_inside_is), 0, COUNTER, message_inside_is_fields},
	{MESSAGE_NOW_IS, sizeof(struct message_now_is), 0, COUNTER | CONTROL,
	 message_now_is_fields},
	{MESSAGE_SETTINGS_IS, sizeof(struct message_settings_is), 0, COUNTER,
	 message_settings_is_fields},
	{MESSAGE_FIRST_OWNER_IS, sizeof(struct message_first_owner_is), 0, COUNTER,
	 first_owner_is_fields},

	{MESSAGE_VERDICT, sizeof(struct message_verdict), 0, COUNTER, verdict_fields},
	{MESSAGE_VISIT_IS, sizeof(struct message_visit_is), 0, COUNTER, visit_is_fields},
	{MESSAGE_LINE_IS, sizeof(struct message_line_is), 0, COUNTER, line_is_fields},
	{MESSAGE_ANSWER, sizeof(struct message_answer), 0, COUNTER, answer_fields},
	{MESSAGE_STATUS_IS, sizeof(struct message_status_is), 0, COUNTER | CONTROL,
	 status_is_fields},
	{MESSAGE_DESK_IS, sizeof(struct message_desk_is), 0, COUNTER | CONTROL,
	 message_desk_is_fields},
	{MESSAGE_NEWS, sizeof(struct message_news), 0, COUNTER, NULL},
	{MESSAGE_BLOCKED, sizeof(struct message_blocked), 0, COUNTER, NULL},
	{MESSAGE_TILLS_ARE, sizeof(struct message_tills_are), 0, COUNTER, message_tills_are_fields},
	{MESSAGE_CHALLENGE_IS, sizeof(struct message_challenge_is), 0, COUNTER,
	 message_challenge_is_fields},
	{MESSAGE_SHOWN, sizeof(struct message_shown), 0, COUNTER, message_shown_fields},
	{MESSAGE_SCANNED, sizeof(struct message_scanned), 0, COUNTER, message_scanned_fields},

	{MESSAGE_NOTIFY, sizeof(struct message_notify), 0, COURIER, message_notify_fields},
	{MESSAGE_NOTIFIED, sizeof(struct message_notified), COURIER, 0, message_notified_fields},
	{MESSAGE_ENOUGH, sizeof(struct message_enough), 0, COURIER, message_enough_fields},
	{MESSAGE_CONTACT, sizeof(struct message_contact), COURIER, COUNTER | CONTROL,
	 message_contact_fields},
	{MESSAGE_REPLY, sizeof(struct message_reply), COURIER, 0, message_reply_fields},
	{MESSAGE_FAULT, sizeof(struct message_fault), COURIER, 0, message_fault_fields},
	{MESSAGE_READING, sizeof(struct message_reading), COURIER, 0, message_reading_fields},
	{MESSAGE_PICTURE, sizeof(struct message_picture), 0, COURIER, message_picture_fields},
	{MESSAGE_NOTICE, sizeof(struct message_notice), 0, COURIER, message_notice_fields},

	{MESSAGE_SYNC, sizeof(struct message_sync), 0, COURIER, message_sync_fields},
	{MESSAGE_PROOF, sizeof(struct message_proof), COURIER, 0, message_proof_fields},
	{MESSAGE_PROOF_IS, sizeof(struct message_proof_is), 0, COURIER, message_proof_is_fields},
	{MESSAGE_SAID, sizeof(struct message_said), COURIER, 0, message_said_fields},
	{MESSAGE_SAID_IS, sizeof(struct message_said_is), 0, COURIER, message_said_is_fields},
	{MESSAGE_CARRIED, sizeof(struct message_carried), COURIER, 0, message_carried_fields},

	{MESSAGE_ENROL, sizeof(struct message_enrol), CONTROL, 0, message_enrol_fields},
	{MESSAGE_LEAVE, HEAD, CONTROL, 0, NULL},
	{MESSAGE_DOORS, HEAD, CONTROL, 0, NULL},
	{MESSAGE_COMMAND, sizeof(struct message_command), CONTROL, 0, command_fields},
	{MESSAGE_CHALLENGE, sizeof(struct message_command), CONTROL, 0, command_fields},
	{MESSAGE_ALARMS, HEAD, COUNTER | CONTROL, 0, NULL},
	{MESSAGE_ALARM_ACK, sizeof(struct message_ack), COUNTER | CONTROL, 0, message_ack_fields},
	{MESSAGE_SENSORS, HEAD, COUNTER | CONTROL, 0, NULL},
	{MESSAGE_CONTACTS, HEAD, CONTROL, 0, NULL},
	{MESSAGE_REHEARSE, HEAD, CONTROL, 0, NULL},
	{MESSAGE_LOOK, HEAD, CONTROL, 0, NULL},
	{MESSAGE_MEMBER_ADD, sizeof(struct message_member), CONTROL, 0, member_fields},
	{MESSAGE_MEMBER_BLOCK, sizeof(struct message_member), CONTROL, 0, member_fields},
	{MESSAGE_CARD_ADD, sizeof(struct message_card), CONTROL, 0, card_fields},
	{MESSAGE_CARD_GONE, sizeof(struct message_card), CONTROL, 0, card_fields},
	{MESSAGE_IMPORT, sizeof(struct message_import), CONTROL, 0, import_fields},
	{MESSAGE_OFFICE_KEY, sizeof(struct message_member), CONTROL, 0, member_fields},
	{MESSAGE_PASS, sizeof(struct message_pass), CONTROL, 0, pass_fields},
	{MESSAGE_MEMBER_TRUST, sizeof(struct message_member), CONTROL, 0, trust_fields},
	{MESSAGE_CLOCK_TRUST, HEAD, CONTROL, 0, NULL},
	{MESSAGE_OWNER_CODE, HEAD, CONTROL, 0, NULL},

	{MESSAGE_DOORS_ARE, sizeof(struct message_doors_are), 0, COUNTER | CONTROL,
	 message_doors_are_fields},
	{MESSAGE_ALARM_IS, sizeof(struct message_alarm_is), 0, COUNTER | CONTROL,
	 message_alarm_is_fields},
	{MESSAGE_SENSOR_IS, sizeof(struct message_sensor_is), 0, COUNTER | CONTROL,
	 message_sensor_is_fields},
	{MESSAGE_DONE, sizeof(struct message_done), 0, COUNTER | CONTROL, done_fields},
};

_Static_assert(sizeof(union message) == MESSAGE_MAX, "a message outgrew the packet");

static const struct rule *rule_of(uint16_t type)
{
	for (size_t i = 0; i < ARRAY_LEN(rules); i++)
		if (rules[i].type == type)
			return &rules[i];
	return NULL;
}

uint32_t message_size(uint16_t type)
{
	const struct rule *rule = rule_of(type);

	return rule ? rule->size : 0;
}

const char *message_check(const union message *m, uint32_t len, enum message_role role,
			  enum message_way way)
{
	const struct rule *rule;
	uint32_t allowed;

	CHECK(role >= ROLE_COUNTER && role <= ROLE_CONTROL);
	if (len < sizeof(struct message_head))
		return "shorter than a head";
	if (m->head.version != MESSAGE_VERSION)
		return "another version";
	rule = rule_of(m->head.type);
	if (!rule)
		return "no such type";
	if (len != rule->size)
		return "not the size of its type";
	allowed = way == WAY_TO_SHOPD ? rule->to_shopd : rule->from_shopd;
	if (!(allowed & (1U << role)))
		return "not this role's to say";
	return rule->fields ? rule->fields(m, role) : NULL;
}

void message_init(union message *m, enum message_type type, uint32_t request)
{
	memset(m, 0, sizeof(*m));
	m->head = (struct message_head){MESSAGE_VERSION, (uint16_t)type, request};
}
