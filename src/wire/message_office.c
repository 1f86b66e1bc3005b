/*
 * message_office.c: what courierd and shopd tell each other of the office, and what a person asks
 * of it. What the office itself said is never in a packet: it lies in a memfd beside one, and shopd
 * believes none of it before the signature holds.
 */
#include "wire/message_fields.h"

#include <string.h>

/* An address is judged by who asks there; here it only must not break a log or a header. */
static bool is_url(const char *text, size_t size)
{
	return message_plain(text, size) && strchr(text, ' ') == NULL;
}

static const char *sync_doors(const struct message_sync *s)
{
	if (s->doors > DOORS_MAX)
		return "sync: doors";
	for (uint32_t i = 0; i < s->doors; i++) {
		if (!message_is_place(s->door[i].name, sizeof(s->door[i].name)))
			return "sync: door's name";
		if (s->door[i].mode >= DOOR_MODES || s->door[i].physical >= DOOR_PHYSICALS ||
		    s->door[i].alarm >= DOOR_ALARMS || !message_is_flag(s->door[i].tamper))
			return "sync: door's axis";
	}
	return NULL;
}

static const char *sync_flags(const struct message_sync *s)
{
	const uint32_t flags[] = {s->enrolled,	    s->want_epoch, s->want_tail,
				  s->want_snapshot, s->want_time,  s->want_keys,
				  s->clock_trusted, s->ledger_ok,  s->sms_ok};

	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		if (!message_is_flag(flags[i]))
			return "sync: flag";
	return NULL;
}

const char *message_sync_fields(const union message *m, enum message_role role)
{
	const struct message_sync *s = &m->sync;
	const char *wrong;

	(void)role;
	wrong = sync_flags(s);
	if (!wrong)
		wrong = sync_doors(s);
	if (wrong)
		return wrong;
	if (!is_url(s->url, sizeof(s->url)))
		return "sync: url";
	if (!message_is_place(s->shop, sizeof(s->shop)))
		return "sync: shop";
	if (!message_plain(s->code, sizeof(s->code)))
		return "sync: code";
	if (!message_is_number_or_none(s->acked) || !message_is_number_or_none(s->head_seq) ||
	    !message_is_number_or_none(s->feed) || !message_is_number_or_none(s->tail_after))
		return "sync: number";
	return s->up_ms >= 0 ? NULL : "sync: up";
}

const char *message_proof_fields(const union message *m, enum message_role role)
{
	(void)role;
	if (!message_is_place(m->proof.purpose, sizeof(m->proof.purpose)))
		return "proof: purpose";
	return message_is_flag(m->proof.has_nonce) ? NULL : "proof: flag";
}

const char *message_proof_is_fields(const union message *m, enum message_role role)
{
	(void)role;
	return m->proof_is.token_len <= sizeof(m->proof_is.token) ? NULL : "proof: length";
}

const char *message_said_fields(const union message *m, enum message_role role)
{
	(void)role;
	if (m->said.what != CARRY_STATEMENT && m->said.what != CARRY_TAIL)
		return "said: what";
	return m->said.bytes >= 1 && m->said.bytes <= SYNC_SAID_MAX ? NULL : "said: bytes";
}

const char *message_said_is_fields(const union message *m, enum message_role role)
{
	(void)role;
	if (!message_is_flag(m->said_is.taken))
		return "said: flag";
	return message_plain(m->said_is.why, sizeof(m->said_is.why)) ? NULL : "said: why";
}

const char *message_carried_fields(const union message *m, enum message_role role)
{
	(void)role;
	if (m->carried.how >= CARRIEDS)
		return "carried: how";
	return message_plain(m->carried.why, sizeof(m->carried.why)) ? NULL : "carried: why";
}

const char *message_enrol_fields(const union message *m, enum message_role role)
{
	const struct message_enrol *e = &m->enrol;

	(void)role;
	if (!is_url(e->url, sizeof(e->url)) || e->url[0] == '\0')
		return "enrol: url";
	return message_plain(e->code, sizeof(e->code)) && e->code[0] != '\0' ? NULL : "enrol: code";
}
