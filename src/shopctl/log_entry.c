/*
 * log_entry.c: which place, verdict and customer an entry is about. Every kind is named here, so
 * that a new one cannot be forgotten.
 */
#include "shopctl/log_entry.h"

#include <string.h>

#include "shopctl/text.h"

struct about {
	const char *place;
	const char *verdict;
	const struct customer *customer;
};

/* A payment may be nobody's yet. */
static const struct customer *known(const struct customer *customer)
{
	static const struct customer nobody;

	return customer_is(*customer, nobody) ? NULL : customer;
}

static struct about about(const struct entry *e)
{
	switch (e->kind) {
	case ENTRY_ADMITTED:
		return (struct about){e->admitted.place.name, verdict_word(VERDICT_ADMITTED),
				      &e->admitted.customer};
	case ENTRY_REFUSED:
		return (struct about){e->refused.place.name, verdict_word(e->refused.verdict),
				      e->refused.customer_known ? &e->refused.customer : NULL};
	case ENTRY_REFUSALS:
		return (struct about){e->refusals.place.name, NULL, NULL};
	case ENTRY_DOOR:
		return (struct about){e->door.place.name, NULL,
				      e->door.customer_known ? &e->door.customer : NULL};
	case ENTRY_ALARM:
		return (struct about){condition_at_door(e->alarm.condition) ? e->alarm.place.name
									    : NULL,
				      NULL, NULL};
	case ENTRY_VISIT_OPENED:
		return (struct about){e->visit_opened.place.name, NULL, &e->visit_opened.customer};
	case ENTRY_VISIT_JOINED:
		return (struct about){NULL, NULL, &e->visit_joined.customer};
	case ENTRY_LINE:
		return (struct about){NULL, NULL, &e->line.customer};
	case ENTRY_LINE_VOIDED:
		return (struct about){NULL, NULL, &e->line_voided.customer};
	case ENTRY_INVOICE:
		return (struct about){NULL, NULL, &e->invoice.customer};
	case ENTRY_CREDIT_NOTE:
		return (struct about){NULL, NULL, &e->credit_note.customer};
	case ENTRY_LINE_CREDITED:
		return (struct about){NULL, NULL, &e->line_credited.customer};
	case ENTRY_PAYMENT:
		return (struct about){NULL, NULL, known(&e->payment.customer)};
	case ENTRY_PAYMENT_ASSIGNED:
		return (struct about){NULL, NULL, known(&e->payment_assigned.customer)};
	case ENTRY_COMMAND:
		return (struct about){e->command.place.name, NULL, NULL};
	case ENTRY_TOLD: /* its text says whom, of which alarm */
		break;
	case ENTRY_ERASED:
		return (struct about){NULL, NULL, e->erased.whose_known ? &e->erased.whose : NULL};
	case ENTRY_OFFICE:
	case ENTRY_START:
	case ENTRY_STOP:
	case ENTRY_CLOCK:
	case ENTRY_VISIT_CLOSED:
	case ENTRY_TAX:
	case ENTRY_CHART:
	case ENTRY_INVOICE_LINES:
	case ENTRY_PERIOD_CLOSED:
	case ENTRY_STOCK:
	case ENTRY_CHECK:
	case ENTRY_REPORTED:
	case ENTRY_LOST:
		break;
	}
	return (struct about){NULL, NULL, NULL};
}

void log_entry_text(const struct seq_entry *e, char text[ENTRY_TEXT_SIZE])
{
	if (e->readable)
		entry_text(&e->entry, text);
	else if (e->erased)
		snprintf(text, ENTRY_TEXT_SIZE, "erased after its retention");
	else
		snprintf(text, ENTRY_TEXT_SIZE, "kind %u: this program cannot read it", e->kind);
}

json_t *log_entry_json(const struct seq_entry *e)
{
	struct about a = e->readable ? about(&e->entry) : (struct about){NULL, NULL, NULL};
	char text[ENTRY_TEXT_SIZE];

	log_entry_text(e, text);
	return json_pack("{s:I, s:o, s:s, s:o, s:s?, s:o, s:o}", "seq", (json_int_t)e->seq, "at",
			 json_wall(e->entry.at.ms), "kind", entry_kind_word(e->kind), "door",
			 a.place && a.place[0] ? json_clean(a.place) : json_null(), "verdict",
			 a.verdict, "customer",
			 a.customer ? json_hex(a.customer->byte, sizeof(a.customer->byte))
				    : json_null(),
			 "text", json_clean(text));
}

static const enum entry_kind kinds[] = {
	ENTRY_START,	     ENTRY_STOP,	 ENTRY_CLOCK,	     ENTRY_ADMITTED,
	ENTRY_REFUSED,	     ENTRY_REFUSALS,	 ENTRY_DOOR,	     ENTRY_ALARM,
	ENTRY_VISIT_OPENED,  ENTRY_VISIT_JOINED, ENTRY_VISIT_CLOSED, ENTRY_LINE,
	ENTRY_LINE_VOIDED,   ENTRY_LOST,	 ENTRY_TAX,	     ENTRY_CHART,
	ENTRY_INVOICE_LINES, ENTRY_INVOICE,	 ENTRY_CREDIT_NOTE,  ENTRY_LINE_CREDITED,
	ENTRY_PERIOD_CLOSED, ENTRY_STOCK,	 ENTRY_PAYMENT,	     ENTRY_PAYMENT_ASSIGNED,
	ENTRY_CHECK,	     ENTRY_REPORTED,	 ENTRY_OFFICE,	     ENTRY_COMMAND,
	ENTRY_ERASED,	     ENTRY_TOLD,
};

bool log_kind_parse(const char *word, uint16_t *ret)
{
	for (uint32_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (strcmp(entry_kind_word((uint16_t)kinds[i]), word) != 0)
			continue;
		*ret = (uint16_t)kinds[i];
		return true;
	}
	return false;
}

const char *log_kinds(void)
{
	static char words[512];
	uint32_t len = 0;

	for (uint32_t i = 0; i < ARRAY_LEN(kinds) && len + 1 < sizeof(words); i++)
		len += (uint32_t)snprintf(words + len, sizeof(words) - len, "%s%s", i ? " " : "",
					  entry_kind_word((uint16_t)kinds[i]));
	return words;
}
