/* texting_modem.c: texts by the GSM modem (net/modem.h), and its state for the choice of road. */
#include "courierd/texting_parts.h"

#include <stdio.h>
#include <string.h>

static void on_state(void *data, enum modem_state state, const char *why)
{
	struct texting *t = data;

	fprintf(stderr, "modem: %s%s%s\n", modem_state_word(state), why[0] != '\0' ? ", " : "",
		why);
	sms_modem(&t->sms, loop_mono(), state == MODEM_READY);
	texting_work(t);
}

static void on_text(void *data, const char *from, const char *text)
{
	struct texting *t = data;

	texting_heard(t, SMS_BY_MODEM, "", from, text, 0);
	texting_work(t);
}

static void on_sent(void *data, bool sent, const char *trouble)
{
	struct flight *f = data;
	struct texting *t = f->texting;
	bool doubt = !sent && modem_in_doubt(t->modem);

	flight_landed(f, sent ? TRY_TAKEN : doubt ? TRY_DOUBT : TRY_BUSY, -1, "", trouble);
	texting_work(t);
}

void modem_text(struct texting *t, struct flight *f, const char *words)
{
	const char *phone = t->config->contact[f->due.name.contact].phone;
	int r = modem_send(t->modem, phone, words, on_sent, f);

	if (r < 0)
		flight_landed(f, TRY_NO_WAY, -1, "", strerror(-r));
}

int modem_fit(struct texting *t)
{
	struct modem_config config = {.bus = t->config->modem.bus, .pin = t->config->modem.pin};
	int r = modem_open(t->loop, &config, on_state, on_text, t, &t->modem);

	if (r == 0)
		sms_modem(&t->sms, loop_mono(), modem_state(t->modem) == MODEM_READY);
	return r;
}
