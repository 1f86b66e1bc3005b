/*
 * modem_tend.c: what we make of the picture, and what we do to the modem.
 *
 * One function turns all that is known into one of MODEM_STATES with its reason, and it is asked
 * after each thing that is learned; nobody else decides. What has to be done follows from the same
 * picture: a modem that is off is switched on, a card that wants a PIN gets it, one that is
 * registered is asked something now and then, and one that does not work for a minute is set up
 * anew.
 *
 * The PIN: three wrong ones block a card, and somebody has to drive to the shop with a PUK. So it
 * is said once; again only after the card has taken it before, and never when the card says that a
 * try has gone already: that survives a restart of ours, for it is the card that counts.
 *
 * Whether the modem still answers is asked of itself, every few seconds; but once it does not, more
 * seldom: ModemManager drops a modem that has left ten questions open.
 */
#include <stdio.h>
#include <string.h>

#include "net/modem_private.h"

enum {
	CALLS_OF_MODEM = 5,
	PROBE_SILENT =
		2, /* the pause times that, once it is known: ten in a row are the end of it */
	PROBE_AGAIN_MS = 1000, /* after a question that was left open */
	PROBE_CALL_MS = 15000,
};

void modem_forget(struct modem *m)
{
	static const enum call of_modem[CALLS_OF_MODEM] = {CALL_ENABLE, CALL_PIN, CALL_PROBE,
							   CALL_SEND, CALL_LIST};

	for (uint32_t i = 0; i < CALLS_OF_MODEM; i++)
		m->calls[of_modem[i]] = sd_bus_slot_unref(m->calls[of_modem[i]]);
	m->sight = (struct sight){.tries = -1};
	m->silent = 0;
	m->probe_at = m->enable_at = (struct mono){0};
	m->enable_pause_ms = ENABLE_FIRST_MS;
	m->refused[0] = 0;
	m->troubled_since = m->silent_since = MONO_NEVER;
	m->ready_at = loop_mono();
	modem_send_fail(m, true, "the modem is gone");
	modem_inbox_clear(m);
	m->list_at = (struct mono){0};
}

/* The modem has said nothing. `Connected` is ModemManager's word for a port that does not open. */
bool modem_left_open(const char *error)
{
	return strncmp(error, "ModemManager1.Error.Serial.", 27) == 0 ||
	       strcmp(error, "ModemManager1.Error.Core.Connected") == 0 ||
	       strcmp(error, "DBus.Error.NoReply") == 0 || strcmp(error, "DBus.Error.Timeout") == 0;
}

void modem_heard(struct modem *m, const char *error)
{
	bool about_modem = !error || strncmp(error, "ModemManager1.Error.Core.", 25) != 0;

	if (error && modem_left_open(error)) {
		m->silent++;
		m->probe_at =
			mono_add(loop_mono(), m->silent < SILENT_MAX ? PROBE_AGAIN_MS
								     : PROBE_SILENT * m->probe_ms);
	} else if (about_modem || m->silent < SILENT_MAX) {
		m->silent = 0;
	}
}

static bool not_allowed(const char *error)
{
	return strcmp(error, "DBus.Error.AccessDenied") == 0 ||
	       strcmp(error, "ModemManager1.Error.Core.Unauthorized") == 0;
}

/* --- switching on ----------------------------------------------------------------------------- */

static int on_enable(sd_bus_message *answer, void *data, sd_bus_error *ret)
{
	struct modem *m = data;
	const char *error = modem_answered(&m->calls[CALL_ENABLE], answer);

	(void)ret;
	if (!error) {
		m->refused[0] = 0;
		m->enable_pause_ms = ENABLE_FIRST_MS;
	} else if (not_allowed(error)) {
		snprintf(m->refused, sizeof(m->refused),
			 "we may not switch it on: polkit has no rule for us");
	} else {
		snprintf(m->refused, sizeof(m->refused), "it cannot be switched on: %.100s", error);
	}
	modem_look(m);
	modem_tend(m);
	return 0;
}

static void enable(struct modem *m)
{
	struct mono now = loop_mono();

	if (m->calls[CALL_ENABLE] || !mono_due(now, m->enable_at))
		return;
	m->enable_at = mono_add(now, modem_jittered(m->enable_pause_ms));
	m->enable_pause_ms *= 2;
	if (m->enable_pause_ms > ENABLE_MAX_MS)
		m->enable_pause_ms = ENABLE_MAX_MS;
	if (modem_call(m, &m->calls[CALL_ENABLE], m->sight.path, MM_MODEM, "Enable", MODEM_CALL_MS,
		       on_enable, m, "b", 1) < 0)
		snprintf(m->refused, sizeof(m->refused), "the bus does not take our call");
}

/* --- the PIN ---------------------------------------------------------------------------------- */

static int on_pin(sd_bus_message *answer, void *data, sd_bus_error *ret)
{
	struct modem *m = data;

	(void)ret;
	m->pin_taken = !modem_answered(&m->calls[CALL_PIN], answer);
	modem_look(m);
	modem_tend(m);
	return 0;
}

/* What there is to say about a card that wants a PIN; what can be done is done. */
static const char *unlock(struct modem *m)
{
	const struct sight *s = &m->sight;

	if (s->lock != MM_LOCK_SIM_PIN)
		return "the card wants a PUK or another code that only a person has";
	if (!m->pin[0])
		return "the card wants a PIN, and none is configured";
	if (m->calls[CALL_PIN])
		return "the card is told its PIN";
	if (m->pin_taken)
		return "the card has taken its PIN";
	if (m->pin_spent)
		return "the card did not take the PIN; it is not tried again";
	if (s->tries >= 0 && s->tries < PIN_TRIES)
		return "the card has been told a wrong PIN before; it is not tried again: "
		       "enter the right one by hand";
	m->pin_spent = true; /* before it is said: a time-out may be a wrong one too */
	if (modem_call(m, &m->calls[CALL_PIN], s->sim, MM_SIM, "SendPin", MODEM_CALL_MS, on_pin, m,
		       "s", m->pin) < 0)
		return "the bus does not take the PIN";
	return "the card is told its PIN";
}

/* --- asking it something ---------------------------------------------------------------------- */

static int on_probe(sd_bus_message *answer, void *data, sd_bus_error *ret)
{
	struct modem *m = data;

	(void)ret;
	m->probe_at = mono_add(loop_mono(), m->probe_ms);
	modem_heard(m, modem_answered(&m->calls[CALL_PROBE], answer));
	if (m->silent > 0 && m->silent < SILENT_MAX)
		timer_arm(m->tick, m->probe_at);
	modem_tend(m);
	return 0;
}

void modem_changed(struct modem *m)
{
	/* one that has fallen silent seems to have said something: it is asked at once */
	if (m->silent >= SILENT_MAX)
		m->probe_at = loop_mono();
	modem_look(m);
}

/* What the network says that the time is: a question that the modem answers, not ModemManager. */
static void probe(struct modem *m)
{
	if (!m->sight.time || m->calls[CALL_PROBE] || m->flying || m->calls[CALL_REVIVE] ||
	    !mono_due(loop_mono(), m->probe_at))
		return;
	if (modem_call(m, &m->calls[CALL_PROBE], m->sight.path, MM_TIME, "GetNetworkTime",
		       PROBE_CALL_MS, on_probe, m, "") < 0)
		m->probe_at = mono_add(loop_mono(), m->probe_ms);
}

/* --- how it stands ---------------------------------------------------------------------------- */

static enum modem_state failed(const struct sight *s, const char **why)
{
	if (s->reason == MM_REASON_SIM_MISSING) {
		*why = "no card in the modem";
		return MODEM_NO_SIM;
	}
	if (s->reason == MM_REASON_SIM_ERROR) {
		*why = "the card cannot be read";
		return MODEM_NO_SIM;
	}
	*why = "ModemManager cannot make it work";
	return MODEM_FAILED;
}

static enum modem_state registered(struct modem *m, const char **why)
{
	m->pin_spent = m->pin_taken = false;
	if (!m->sight.messaging) {
		*why = "the modem knows no text messages";
		return MODEM_FAILED;
	}
	probe(m);
	if (m->silent >= SILENT_MAX) {
		*why = "the modem does not answer";
		return MODEM_FAILED;
	}
	*why = "registered";
	return MODEM_READY;
}

/* A modem that is there. */
static enum modem_state stands(struct modem *m, const char **why)
{
	const struct sight *s = &m->sight;

	switch (s->state) {
	case MM_FAILED:
		return failed(s, why);
	case MM_LOCKED:
		*why = unlock(m);
		return MODEM_LOCKED;
	case MM_UNKNOWN:
	case MM_INITIALIZING:
		*why = "the modem starts";
		return MODEM_SEARCHING;
	case MM_DISABLED:
		enable(m);
		*why = m->refused[0] ? m->refused : "the modem is being switched on";
		return m->refused[0] ? MODEM_FAILED : MODEM_SEARCHING;
	case MM_DISABLING:
	case MM_ENABLING:
		*why = "the modem is being switched on";
		return MODEM_SEARCHING;
	case MM_ENABLED:
	case MM_SEARCHING:
		if (s->registration == MM_REGISTRATION_HOME_SMS_ONLY ||
		    s->registration == MM_REGISTRATION_ROAMING_SMS_ONLY)
			return registered(m, why);
		*why = "no network takes it";
		return MODEM_SEARCHING;
	default: /* registered, and what is more than that */
		return registered(m, why);
	}
}

/* All that is known, as one word; false while it is not known yet. */
static bool decide(struct modem *m, enum modem_state *state, const char **why)
{
	*state = MODEM_NO_MANAGER;
	if (!m->bus) {
		*why = m->trouble;
		return true;
	}
	if (!m->asked)
		return false;
	if (!m->owner[0]) {
		*why = "ModemManager does not run";
		return true;
	}
	*state = MODEM_FAILED;
	if (m->unanswered >= SILENT_MAX) {
		*why = "ModemManager does not answer";
		return true;
	}
	if (m->nonsense[0]) {
		*why = m->nonsense;
		return true;
	}
	if (!m->looked)
		return false;
	if (modem_being_revived(m)) {
		*why = "the modem is set up anew";
		return true;
	}
	if (m->sight.path[0]) {
		*state = stands(m, why);
		return true;
	}
	*state = MODEM_NONE;
	*why = "ModemManager knows no modem";
	return true;
}

void modem_tend(struct modem *m)
{
	enum modem_state state;
	const char *why = "";

	if (!decide(m, &state, &why))
		return;
	if (state == MODEM_READY && m->state != MODEM_READY)
		m->list_at = (struct mono){0}; /* who knows what came in meanwhile */
	modem_say(m, state, why);
	modem_revive_tend(m);
	if (state != MODEM_READY)
		modem_send_fail(m, false, why);
}
