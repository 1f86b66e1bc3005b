/*
 * message_desk.c: what may be asked of the books, and by whom; and what goes to a person's
 * telephone.
 */
#include "wire/message_fields.h"

#include <string.h>

#include "base/utf8.h"

enum {
	DESK_KINDS_KNOWN = 10,	/* ledger/desk.h enum desk_kind */
	DESK_ANSWERS_KNOWN = 5, /* ledger/desk.h enum desk_answer */
};

/* enum desk_kind, by the names that this floor may not know. Counterd speaks for shoppers and for
 * who holds an owner's or staff's token; shopd judges the token, we the kind. */
enum {
	DESK_CLOSES = 1,
	DESK_CREDITS = 2,
	DESK_STOCKS = 3,
	DESK_PAYS = 4,
	DESK_ASSIGNS = 5,
	DESK_CHECKS = 6,
	DESK_REPORTS = 7,
	COUNTER_DESK = 1 << DESK_CREDITS | 1 << DESK_STOCKS | 1 << DESK_CHECKS | 1 << DESK_REPORTS,
	CONTROL_DESK = COUNTER_DESK | 1 << DESK_CLOSES | 1 << DESK_PAYS | 1 << DESK_ASSIGNS,
};

/* How many words there are of the kind that `word` is one of. */
static uint32_t desk_words(uint32_t kind)
{
	switch (kind) {
	case DESK_CREDITS:
	case DESK_REPORTS:
		return CREDIT_REASONS;
	case DESK_STOCKS:
		return MOVEMENT_OWN_USE + 1;
	case DESK_CHECKS:
		return CHECK_STATES;
	}
	return 1;
}

static bool is_name_or_empty(const char *text, size_t size)
{
	return text[0] == '\0' || message_is_name(text, size);
}

static const char *desk_numbers(const struct message_desk *d)
{
	if (d->word >= desk_words(d->kind) || (d->kind == DESK_STOCKS && d->word == 0))
		return "desk: word";
	if (d->period < 0)
		return "desk: period";
	if (!message_is_day(d->day) || !message_is_day(d->use_by) ||
	    !message_is_day(d->best_before))
		return "desk: day";
	if (!message_is_number_or_none(d->gtin))
		return "desk: gtin";
	if (!message_is_number_or_none(d->invoice))
		return "desk: invoice";
	return message_is_number_or_none(d->visit) ? NULL : "desk: visit";
}

const char *message_desk_fields(const union message *m, enum message_role role)
{
	const struct message_desk *d = &m->desk;
	uint32_t allowed = role == ROLE_COUNTER ? COUNTER_DESK : CONTROL_DESK;
	const char *wrong;

	if (d->kind >= DESK_KINDS_KNOWN || !(allowed & (1U << d->kind)))
		return "desk: not this role's to ask";
	wrong = desk_numbers(d);
	if (wrong)
		return wrong;
	if (!is_name_or_empty(d->key, sizeof(d->key)))
		return "desk: key";
	if (!is_name_or_empty(d->line, sizeof(d->line)))
		return "desk: line";
	if (!is_name_or_empty(d->by, sizeof(d->by)))
		return "desk: by";
	if (!message_is_words(d->lot, sizeof(d->lot)))
		return "desk: lot";
	if (!message_is_words(d->why, sizeof(d->why)))
		return "desk: why";
	return d->token_len <= sizeof(d->token) ? NULL : "desk: token length";
}

const char *message_desk_is_fields(const union message *m, enum message_role role)
{
	const struct message_desk_is *d = &m->desk_is;

	(void)role;
	if (d->answer >= DESK_ANSWERS_KNOWN)
		return "desk: answer";
	if (!message_is_number_or_none(d->invoice) || !message_is_number_or_none(d->seq))
		return "desk: number";
	if (d->verdict >= VERDICTS)
		return "desk: verdict";
	return message_plain(d->why, sizeof(d->why)) ? NULL : "desk: why";
}

/* A text that is sent on to a telephone: lines are its only layout. */
const char *message_notice_fields(const union message *m, enum message_role role)
{
	const struct message_notice *n = &m->notice;

	(void)role;
	if (!message_is_name(n->contact, sizeof(n->contact)))
		return "notice: contact";
	if (!message_ends(n->text, sizeof(n->text)) ||
	    !utf8_valid(n->text, (uint32_t)strlen(n->text)))
		return "notice: text";
	for (const char *c = n->text; *c; c++)
		if (((unsigned char)*c < 0x20 && *c != '\n') || *c == 0x7f)
			return "notice: text";
	return n->text[0] != '\0' ? NULL : "notice: text";
}
