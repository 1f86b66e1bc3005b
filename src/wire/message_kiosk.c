/*
 * message_kiosk.c: the fields of what is said for the screens beside doors and tills. They come
 * from a kiosk by way of counterd, which may be taken over: a name is a name, digits are digits.
 */
#include "wire/message_fields.h"

#include <string.h>

const char *message_kiosk_fields(const union message *m, enum message_role role)
{
	(void)role;
	return message_is_flag(m->kiosk.listens) ? NULL : "kiosk: listens";
}

static bool is_pin(const char pin[PASS_PIN_MAX + 1])
{
	uint32_t len = 0;

	while (len <= PASS_PIN_MAX && pin[len] >= '0' && pin[len] <= '9')
		len++;
	return len >= PASS_PIN_MIN && len <= PASS_PIN_MAX && pin[len] == '\0';
}

const char *message_spot_fields(const union message *m, enum message_role role)
{
	const struct message_spot *s = &m->spot;

	(void)role;
	if (!message_is_flag(s->till))
		return "spot: till";
	if (!message_is_place(s->name, sizeof(s->name)))
		return "spot: name";
	if (s->head.type == MESSAGE_PIN)
		return is_pin(s->pin) ? NULL : "spot: pin";
	return s->pin[0] == '\0' ? NULL : "spot: pin";
}

const char *message_tills_are_fields(const union message *m, enum message_role role)
{
	const struct message_tills_are *t = &m->tills_are;

	(void)role;
	if (t->tills > TILLS_MAX)
		return "tills: count";
	for (uint32_t i = 0; i < t->tills; i++) {
		if (!message_is_place(t->till[i].name, sizeof(t->till[i].name)))
			return "tills: name";
		if (!message_is_number_or_none(t->till[i].visit))
			return "tills: visit";
	}
	return NULL;
}

const char *message_challenge_is_fields(const union message *m, enum message_role role)
{
	const struct message_challenge_is *c = &m->challenge_is;

	(void)role;
	if (!message_is_place(c->door, sizeof(c->door)))
		return "challenge: door";
	if (!message_plain(c->text, sizeof(c->text)))
		return "challenge: text";
	return c->changes_in_ms <= NONCE_RENEW_MS ? NULL : "challenge: changes in";
}

const char *message_shown_fields(const union message *m, enum message_role role)
{
	const struct message_shown *s = &m->shown;

	(void)role;
	if (!message_is_flag(s->till))
		return "shown: till";
	if (!message_is_place(s->name, sizeof(s->name)))
		return "shown: name";
	return s->verdict < VERDICTS ? NULL : "shown: verdict";
}

const char *message_scanned_fields(const union message *m, enum message_role role)
{
	const struct message_scanned *s = &m->scanned;

	(void)role;
	if (!message_is_place(s->till, sizeof(s->till)))
		return "scanned: till";
	if (s->key[0] != '\0' && !message_is_name(s->key, sizeof(s->key)))
		return "scanned: key";
	if (!message_is_number_or_none(s->visit) || !message_is_number_or_none(s->gtin))
		return "scanned: number";
	return s->answer < ANSWERS ? NULL : "scanned: answer";
}
