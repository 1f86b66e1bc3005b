/*
 * fuzz_message.c: whatever a packet says, message_check() only lets pass what the programs behind
 * it may use without a look of their own. The first byte picks role and way, the rest is the
 * packet.
 */
#include <string.h>

#include "wire/message.h"
#include "wire/picture.h"

static void check_text(const char *text, size_t size)
{
	CHECK(strnlen(text, size) < size);
}

/* What those behind rely on, written down here a second time: for what counterd and shopd say. */
static void check_counters(const union message *m)
{
	switch (m->head.type) {
	case MESSAGE_HELLO:
		check_text(m->hello.program, sizeof(m->hello.program));
		break;
	case MESSAGE_BYE:
		check_text(m->bye.why, sizeof(m->bye.why));
		break;
	case MESSAGE_UNLOCK:
	case MESSAGE_VISIT:
	case MESSAGE_SESSION:
		CHECK(m->token.token_len <= sizeof(m->token.token));
		check_text(m->token.door, sizeof(m->token.door));
		check_text(m->token.join_code, sizeof(m->token.join_code));
		break;
	case MESSAGE_LINE_PUT:
	case MESSAGE_LINE_VOID:
		check_text(m->line.key, sizeof(m->line.key));
		check_text(m->line.scanned, sizeof(m->line.scanned));
		CHECK(m->line.visit != 0);
		break;
	case MESSAGE_CLOSE:
	case MESSAGE_INVITE:
		CHECK(m->bearer.visit != 0);
		break;
	case MESSAGE_VERDICT:
		(void)verdict_word((enum verdict)m->verdict.verdict);
		(void)role_word((enum role)m->verdict.role);
		break;
	case MESSAGE_VISIT_IS:
		(void)verdict_word((enum verdict)m->visit_is.verdict);
		(void)answer_word((enum answer)m->visit_is.answer);
		break;
	case MESSAGE_LINE_IS:
		(void)answer_word((enum answer)m->line_is.answer);
		check_text(m->line_is.key, sizeof(m->line_is.key));
		check_text(m->line_is.name, sizeof(m->line_is.name));
		break;
	case MESSAGE_ANSWER:
		(void)answer_word((enum answer)m->answer.answer);
		check_text(m->answer.text, sizeof(m->answer.text));
		break;
	case MESSAGE_SHOWN:
		(void)verdict_word((enum verdict)m->shown.verdict);
		check_text(m->shown.name, sizeof(m->shown.name));
		break;
	case MESSAGE_SCANNED:
		(void)answer_word((enum answer)m->scanned.answer);
		check_text(m->scanned.till, sizeof(m->scanned.till));
		check_text(m->scanned.key, sizeof(m->scanned.key));
		break;
	case MESSAGE_TILLS_ARE:
		CHECK(m->tills_are.tills <= TILLS_MAX);
		for (uint32_t i = 0; i < m->tills_are.tills; i++)
			check_text(m->tills_are.till[i].name, sizeof(m->tills_are.till[i].name));
		break;
	case MESSAGE_CHALLENGE_IS:
		check_text(m->challenge_is.door, sizeof(m->challenge_is.door));
		check_text(m->challenge_is.text, sizeof(m->challenge_is.text));
		break;
	case MESSAGE_NONCE:
	case MESSAGE_TILL_VISIT:
	case MESSAGE_TILL_LEAVE:
	case MESSAGE_PIN:
		check_text(m->spot.name, sizeof(m->spot.name));
		CHECK(strspn(m->spot.pin, "0123456789") == strnlen(m->spot.pin, PASS_PIN_MAX + 1));
		break;
	default:
		break;
	}
}

/* What the owner's page asks, and what it is told. */
static void check_owners(const union message *m)
{
	switch (m->head.type) {
	case MESSAGE_VIEW:
		CHECK(m->view.what == VIEW_NOW || m->view.what == VIEW_HEALTH ||
		      m->view.what == VIEW_SETTINGS);
		break;
	case MESSAGE_DOOR_ASKED:
		check_text(m->door_asked.door, sizeof(m->door_asked.door));
		CHECK(m->door_asked.token_len <= sizeof(m->door_asked.token));
		CHECK((m->door_asked.verb == DOOR_VERB_PROP) == (m->door_asked.hold_ms > 0));
		break;
	case MESSAGE_INSIDE_IS:
		CHECK(m->inside_is.visits <= INSIDE_MAX);
		for (uint32_t i = 0; i < m->inside_is.visits; i++) {
			check_text(m->inside_is.visit[i].place, PLACE_MAX_LEN + 1);
			(void)role_word((enum role)m->inside_is.visit[i].role);
		}
		break;
	case MESSAGE_NOW_IS:
		CHECK(m->now_is.doors <= DOORS_MAX && m->now_is.road < CARRIEDS);
		for (uint32_t i = 0; i < m->now_is.doors; i++)
			(void)door_mode_word((enum door_mode)m->now_is.door[i].mode);
		break;
	case MESSAGE_SETTINGS_IS:
		CHECK(m->settings_is.doors <= DOORS_MAX && m->settings_is.tills <= TILLS_MAX);
		check_text(m->settings_is.time_zone, sizeof(m->settings_is.time_zone));
		check_text(m->settings_is.office, sizeof(m->settings_is.office));
		break;
	default:
		break;
	}
}

/* What somebody typed at the desk: the ledger would keep every text of it. */
static void check_desk(const struct message_desk *d)
{
	struct entry e = {.kind = ENTRY_STOCK};

	check_text(d->line, sizeof(d->line));
	CHECK(d->token_len <= sizeof(d->token));
	e.stock = (struct entry_stock){.key = "k", .kind = MOVEMENT_WASTE, .gtin = {1}};
	if (d->key[0] != '\0')
		memcpy(e.stock.key, d->key, sizeof(e.stock.key));
	memcpy(e.stock.by, d->by, sizeof(e.stock.by));
	memcpy(e.stock.lot, d->lot, sizeof(e.stock.lot));
	memcpy(e.stock.why, d->why, sizeof(e.stock.why));
	e.stock.day.n = d->day;
	e.stock.use_by.n = d->use_by;
	e.stock.best_before.n = d->best_before;
	CHECK(entry_valid(&e));
}

/* For the books, from counterd and from shopctl. */
static void check_books(const union message *m)
{
	switch (m->head.type) {
	case MESSAGE_DESK:
		check_desk(&m->desk);
		break;
	case MESSAGE_DESK_IS:
		(void)verdict_word((enum verdict)m->desk_is.verdict);
		check_text(m->desk_is.why, sizeof(m->desk_is.why));
		break;
	case MESSAGE_NOTICE:
		check_text(m->notice.contact, sizeof(m->notice.contact));
		check_text(m->notice.text, sizeof(m->notice.text));
		break;
	case MESSAGE_MEMBER_TRUST:
		(void)trust_word((enum trust)m->member.role);
		break;
	default:
		break;
	}
}

static void check_doors(const struct message_doors_are *d)
{
	CHECK(d->doors <= DOORS_MAX);
	for (uint32_t i = 0; i < d->doors; i++) {
		check_text(d->door[i].name, sizeof(d->door[i].name));
		(void)door_mode_word((enum door_mode)d->door[i].mode);
		(void)door_physical_word((enum door_physical)d->door[i].physical);
		(void)door_alarm_word((enum door_alarm)d->door[i].alarm);
	}
}

static void check_alarm_is(const struct message_alarm_is *a)
{
	CHECK(a->alarm != 0 && a->tolds <= CONTACTS_MAX);
	(void)condition_word((enum condition)a->condition);
	(void)alarm_state_word((enum alarm_state)a->state);
	(void)severity_word((enum severity)a->severity);
	check_text(a->place, sizeof(a->place));
	check_text(a->by, sizeof(a->by));
	for (uint32_t i = 0; i < a->tolds; i++) {
		(void)text_kind_word((enum text_kind)a->told[i].kind);
		(void)text_outcome_word((enum text_outcome)a->told[i].outcome);
		(void)sms_road_word((enum sms_road)a->told[i].road);
		CHECK(place_valid(a->told[i].contact, (uint32_t)strlen(a->told[i].contact)));
	}
}

/* What is said of alarms, and of the room. */
static void check_alarms(const union message *m)
{
	switch (m->head.type) {
	case MESSAGE_NOTIFY:
		(void)condition_word((enum condition)m->notify.condition);
		(void)severity_word((enum severity)m->notify.severity);
		(void)text_kind_word((enum text_kind)m->notify.kind);
		check_text(m->notify.contact, sizeof(m->notify.contact));
		check_text(m->notify.place, sizeof(m->notify.place));
		check_text(m->notify.shop, sizeof(m->notify.shop));
		check_text(m->notify.by, sizeof(m->notify.by));
		break;
	case MESSAGE_NOTIFIED:
		(void)text_kind_word((enum text_kind)m->notified.kind);
		(void)text_outcome_word((enum text_outcome)m->notified.outcome);
		(void)sms_road_word((enum sms_road)m->notified.road);
		check_text(m->notified.contact, sizeof(m->notified.contact));
		break;
	case MESSAGE_CONTACT:
		CHECK(m->contact.number < m->contact.count && m->contact.count <= CONTACTS_MAX);
		CHECK(m->contact.step >= 1 && m->contact.step <= CONTACTS_MAX);
		(void)contact_role_word((enum contact_role)m->contact.role);
		(void)severity_word((enum severity)m->contact.least);
		check_text(m->contact.name, sizeof(m->contact.name));
		break;
	case MESSAGE_REPLY:
		(void)sms_road_word((enum sms_road)m->reply.road);
		check_text(m->reply.contact, sizeof(m->reply.contact));
		break;
	case MESSAGE_FAULT:
		CHECK(m->fault.condition == CONDITION_CAMERA_LOST ||
		      m->fault.condition == CONDITION_ROAD_FAILING);
		check_text(m->fault.place, sizeof(m->fault.place));
		break;
	case MESSAGE_READING:
		check_text(m->reading.sensor, sizeof(m->reading.sensor));
		break;
	case MESSAGE_PICTURE:
		(void)picture_kind_word((enum picture_kind)m->picture.kind);
		break;
	case MESSAGE_SENSOR_IS:
		(void)sensor_kind_word((enum sensor_kind)m->sensor_is.kind);
		(void)sensor_state_word((enum sensor_state)m->sensor_is.state);
		check_text(m->sensor_is.name, sizeof(m->sensor_is.name));
		break;
	case MESSAGE_ALARM_ACK:
		check_text(m->ack.by, sizeof(m->ack.by));
		CHECK(m->ack.token_len <= sizeof(m->ack.token));
		break;
	case MESSAGE_ALARM_IS:
		check_alarm_is(&m->alarm_is);
		break;
	default:
		break;
	}
}

/* For courierd and shopctl. */
static void check_others(const union message *m)
{
	switch (m->head.type) {
	case MESSAGE_STATUS_IS:
		check_text(m->status_is.shop, sizeof(m->status_is.shop));
		break;
	case MESSAGE_COMMAND:
	case MESSAGE_CHALLENGE:
		check_text(m->command.door, sizeof(m->command.door));
		break;
	case MESSAGE_MEMBER_ADD:
	case MESSAGE_MEMBER_BLOCK:
	case MESSAGE_OFFICE_KEY:
		(void)role_word((enum role)m->member.role);
		break;
	case MESSAGE_IMPORT:
		CHECK(m->import.rows <= ARTICLES_MAX);
		break;
	case MESSAGE_CARD_ADD:
	case MESSAGE_CARD_GONE:
		CHECK(m->card.role < ROLES && m->card.make <= 1);
		break;
	case MESSAGE_PASS:
		CHECK(m->pass.cti_len <= sizeof(m->pass.cti));
		break;
	case MESSAGE_DOORS_ARE:
		check_doors(&m->doors_are);
		break;
	case MESSAGE_DONE:
		check_text(m->done.text, sizeof(m->done.text));
		break;
	default:
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static union message m;
	enum message_role role;
	enum message_way way;

	if (size < 1 || size - 1 > sizeof(m))
		return 0;
	role = (enum message_role)(ROLE_COUNTER + data[0] % 3);
	way = data[0] & 0x80 ? WAY_FROM_SHOPD : WAY_TO_SHOPD;
	memset(&m, 0, sizeof(m));
	memcpy(&m, data + 1, size - 1);
	if (message_check(&m, (uint32_t)(size - 1), role, way) != NULL)
		return 0;
	CHECK(message_size(m.head.type) == size - 1);
	check_counters(&m);
	check_owners(&m);
	check_others(&m);
	check_alarms(&m);
	check_books(&m);
	return 0;
}
