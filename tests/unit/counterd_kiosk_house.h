/*
 * counterd_kiosk_house.h: the shop's doors and tills, played for counterd_house.h: a door `front`,
 * a till `one` where visit 1234 is open. A name like a17 gets answer 17, `gone` is no place. A PIN
 * of four digits brings so many verdicts to whoever listens before it is answered. The code of the
 * door `heard` tells how often counterd has said that somebody listens, and that nobody does.
 */
#ifndef TESTS_UNIT_COUNTERD_KIOSK_HOUSE_H
#define TESTS_UNIT_COUNTERD_KIOSK_HOUSE_H

static inline void shopd_say(uint32_t peer, const union message *m);

static uint32_t listens_heard, leaves_heard, codes_drawn;

static inline void play_standing(uint32_t peer)
{
	union message m;

	message_init(&m, MESSAGE_DOORS_ARE, 0);
	m.doors_are.doors = 1;
	memcpy(m.doors_are.door[0].name, "front", 6);
	m.doors_are.door[0].physical = PHYSICAL_CLOSED;
	shopd_say(peer, &m);
	message_init(&m, MESSAGE_TILLS_ARE, 0);
	m.tills_are.tills = 1;
	m.tills_are.silence_ms = 90000;
	memcpy(m.tills_are.till[0].name, "one", 4);
	m.tills_are.till[0].visit = VISIT_KNOWN;
	shopd_say(peer, &m);
}

static inline void play_code(uint32_t peer, const struct message_spot *s)
{
	struct message_challenge_is *is;
	union message m;

	message_init(&m, MESSAGE_CHALLENGE_IS, s->head.request);
	is = &m.challenge_is;
	memcpy(is->door, s->name, sizeof(is->door));
	is->changes_in_ms = NONCE_RENEW_MS;
	if (strcmp(s->name, "front") == 0)
		snprintf(is->text, sizeof(is->text), "SKN1:%u", ++codes_drawn);
	else if (strcmp(s->name, "heard") == 0)
		snprintf(is->text, sizeof(is->text), "SKN1:%u/%u", listens_heard, leaves_heard);
	shopd_say(peer, &m);
}

static inline void play_verdicts(uint32_t peer, uint32_t count)
{
	union message m;

	message_init(&m, MESSAGE_SHOWN, 0);
	memcpy(m.shown.name, "front", 6);
	m.shown.verdict = VERDICT_EXPIRED;
	for (uint32_t i = 0; i < count; i++)
		shopd_say(peer, &m);
}

/* The till's visit changes, the door opens, a line is taken and one is not, the code is used. */
static inline void play_everything(uint32_t peer)
{
	union message m;

	message_init(&m, MESSAGE_SHOWN, 0);
	m.shown.till = 1;
	memcpy(m.shown.name, "one", 4);
	shopd_say(peer, &m);
	message_init(&m, MESSAGE_TILLS_ARE, 0);
	m.tills_are.tills = 1;
	m.tills_are.silence_ms = 90000;
	memcpy(m.tills_are.till[0].name, "one", 4);
	shopd_say(peer, &m);
	message_init(&m, MESSAGE_SCANNED, 0);
	memcpy(m.scanned.till, "one", 4);
	memcpy(m.scanned.key, "k-1", 4);
	m.scanned.visit = VISIT_KNOWN;
	m.scanned.gtin = 7310865004703;
	shopd_say(peer, &m);
	m.scanned = (struct message_scanned){.head = m.head, .till = "one"};
	m.scanned.answer = ANSWER_NO_VISIT;
	shopd_say(peer, &m);
	message_init(&m, MESSAGE_DOORS_ARE, 0);
	m.doors_are.doors = 1;
	memcpy(m.doors_are.door[0].name, "front", 6);
	m.doors_are.door[0].mode = DOOR_ACCESSED;
	m.doors_are.door[0].physical = PHYSICAL_OPEN;
	shopd_say(peer, &m);
	shopd_say(peer, &m); /* said twice, it is no news */
	message_init(&m, MESSAGE_CHALLENGE_IS, 0);
	memcpy(m.challenge_is.door, "front", 6);
	snprintf(m.challenge_is.text, sizeof(m.challenge_is.text), "SKN1:%u", codes_drawn);
	shopd_say(peer, &m); /* used up: there is another at once */
}

static inline void play_spot(uint32_t peer, const struct message_spot *s)
{
	bool gone = strcmp(s->name, "gone") == 0;
	uint32_t answer = s->name[0] == 'a' ? (uint32_t)strtoul(s->name + 1, NULL, 10) : 0;
	union message m;

	if (s->head.type == MESSAGE_TILL_VISIT && !gone) {
		message_init(&m, MESSAGE_VISIT_IS, s->head.request);
		m.visit_is.answer = answer ? answer : ANSWER_REPEATED;
		m.visit_is.visit = VISIT_KNOWN;
		m.visit_is.prices_as_of_ms = 1764000000000;
		shopd_say(peer, &m);
		return;
	}
	if (strcmp(s->pin, "9999") == 0)
		play_everything(peer);
	else if (s->head.type == MESSAGE_PIN && strlen(s->pin) == 4)
		play_verdicts(peer, (uint32_t)strtoul(s->pin, NULL, 10));
	message_init(&m, MESSAGE_ANSWER, s->head.request);
	m.answer.answer = gone ? ANSWER_UNKNOWN_VISIT : answer;
	shopd_say(peer, &m);
}

/* False: it is about something else. */
static inline bool play_kiosk(uint32_t peer, const union message *m)
{
	uint16_t type = m->head.type;

	if (type == MESSAGE_KIOSK && m->kiosk.listens) {
		listens_heard++;
		play_standing(peer);
	} else if (type == MESSAGE_KIOSK) {
		leaves_heard++;
	} else if (type == MESSAGE_NONCE) {
		play_code(peer, &m->spot);
	} else if (type == MESSAGE_TILL_VISIT || type == MESSAGE_TILL_LEAVE ||
		   type == MESSAGE_PIN) {
		play_spot(peer, &m->spot);
	} else {
		return false;
	}
	return true;
}

#endif
