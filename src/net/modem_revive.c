/*
 * modem_revive.c: what a person would try when the modem does not work, before driving to the shop.
 *
 * A modem that ModemManager could not make work (no card, no sense in its answers) is not looked at
 * again before it is plugged in anew. To inhibit the device and let go of it (InhibitDevice) is the
 * same without a hand, so that a card that was put in late is found. One that has only fallen
 * silent is left alone: to switch it off takes so many open questions that ModemManager would drop
 * it.
 *
 * When that has happened, or ModemManager itself hangs, the service manager is asked to start it
 * anew.
 *
 * Both again and again after a pause that doubles, and both only where the machine allows them
 * (systemd/modem.rules, systemd/modem-bus.conf); without them it takes a hand as before.
 */
#include "net/modem_private.h"

#define SYSTEMD	     "org.freedesktop.systemd1"
#define SYSTEMD_PATH "/org/freedesktop/systemd1"

enum {
	REVIVED_MS = 20000, /* as long it takes ModemManager to know a modem again */
	REVIVE_MS = 60000,  /* it is switched off meanwhile, question by question */
};

static void let_go(struct modem *m);

static int on_let_go(sd_bus_message *answer, void *data, sd_bus_error *ret)
{
	struct modem *m = data;
	const char *error = modem_answered(&m->calls[CALL_REVIVE], answer);

	(void)ret;
	/* one that it never held, or that has left: there is nothing to let go of */
	if (!error || !modem_left_open(error))
		m->inhibited = false;
	m->revived_at = loop_mono();
	modem_look(m);
	modem_tend(m);
	return 0;
}

static void let_go(struct modem *m)
{
	if (modem_call(m, &m->calls[CALL_REVIVE], MM_PATH, MM_NAME, "InhibitDevice", REVIVE_MS,
		       on_let_go, m, "sb", m->revived, 0) < 0)
		modem_tick_soon(m);
}

static int on_inhibited(sd_bus_message *answer, void *data, sd_bus_error *ret)
{
	struct modem *m = data;
	const char *error = modem_answered(&m->calls[CALL_REVIVE], answer);

	(void)ret;
	/* no answer may be a yes that comes too late */
	m->inhibited = !error || modem_left_open(error);
	if (m->inhibited)
		let_go(m);
	modem_tend(m);
	return 0;
}

static void revive(struct modem *m)
{
	struct mono now = loop_mono();

	if (m->calls[CALL_REVIVE] || !m->sight.device[0])
		return;
	m->revive_at = mono_add(now, modem_jittered(m->revive_pause_ms));
	m->revive_pause_ms *= 2;
	if (m->revive_pause_ms > REVIVE_MAX_MS)
		m->revive_pause_ms = REVIVE_MAX_MS;
	modem_text_to(m->revived, sizeof(m->revived), m->sight.device);
	/* where nobody allows us it fails, and is asked again after a longer pause */
	if (modem_call(m, &m->calls[CALL_REVIVE], MM_PATH, MM_NAME, "InhibitDevice", REVIVE_MS,
		       on_inhibited, m, "sb", m->revived, 1) < 0)
		modem_look(m);
}

/* One that is there, and that ModemManager cannot make work. */
static bool troubled(const struct modem *m)
{
	if (!m->sight.path[0])
		return false;
	switch (m->sight.state) {
	case MM_FAILED:
	case MM_UNKNOWN:
	case MM_INITIALIZING:
	case MM_DISABLING:
	case MM_ENABLING:
		return true;
	case MM_DISABLED:
		return m->refused[0] != 0;
	default: /* a number of ModemManager's, no enum of ours */
		return false;
	}
}

bool modem_being_revived(const struct modem *m)
{
	return m->inhibited || m->calls[CALL_REVIVE] ||
	       (!m->sight.path[0] && m->revived_at.ms > 0 &&
		!mono_due(loop_mono(), mono_add(m->revived_at, REVIVED_MS)));
}

/* It has had a modem and knows of none, or it does not answer. */
static bool manager_troubled(const struct modem *m)
{
	return m->owner[0] && !modem_being_revived(m) &&
	       (m->unanswered >= SILENT_MAX || (m->had_one && m->looked && !m->sight.path[0]));
}

/* No answer is waited for: it is seen when ModemManager has another name on the bus. */
static void restart_manager(struct modem *m)
{
	sd_bus_message *message = NULL;

	m->restart_at = mono_add(loop_mono(), modem_jittered(m->restart_pause_ms));
	m->restart_pause_ms *= 2;
	if (m->restart_pause_ms > RESTART_MAX_MS)
		m->restart_pause_ms = RESTART_MAX_MS;
	if (sd_bus_message_new_method_call(m->bus, &message, SYSTEMD, SYSTEMD_PATH,
					   SYSTEMD ".Manager", "RestartUnit") >= 0 &&
	    sd_bus_message_append(message, "ss", "ModemManager.service", "replace") >= 0 &&
	    sd_bus_message_set_expect_reply(message, 0) >= 0)
		(void)sd_bus_send(m->bus, message, NULL);
	sd_bus_message_unref(message);
}

static bool lasted(struct modem *m, struct mono *since, bool is)
{
	struct mono now = loop_mono();

	if (!is)
		*since = MONO_NEVER;
	else if (since->ms == MONO_NEVER.ms)
		*since = now;
	return is && mono_due(now, mono_add(*since, m->settle_ms));
}

/* --- reading the card whole ------------------------------------------------------------------- */

void modem_suspect(struct modem *m)
{
	m->refresh_at = mono_min(m->refresh_at, mono_add(loop_mono(), m->settle_ms));
}

static int on_refresh(sd_bus_message *answer, void *data, sd_bus_error *ret)
{
	struct modem *m = data;

	(void)ret;
	/* where that fails the modem is on as before, and has another day */
	if (!modem_answered(&m->calls[CALL_ENABLE], answer))
		modem_inbox_clear(m); /* what is on the card is named anew */
	m->enable_at = (struct mono){0};
	modem_look(m);
	return 0;
}

/* Off; it is switched on again as any modem that is found switched off. */
static void refresh(struct modem *m)
{
	struct mono now = loop_mono();

	if (!mono_due(now, m->refresh_at) || m->calls[CALL_ENABLE] || !modem_send_idle(m) ||
	    !modem_inbox_idle(m) ||
	    (m->refreshed_at.ms > 0 &&
	     !mono_due(now, mono_add(m->refreshed_at, REFRESH_PAUSES * m->settle_ms))))
		return;
	m->refreshed_at = now;
	m->refresh_at = mono_add(now, modem_jittered(REFRESH_MS));
	if (modem_call(m, &m->calls[CALL_ENABLE], m->sight.path, MM_MODEM, "Enable", MODEM_CALL_MS,
		       on_refresh, m, "b", 0) < 0)
		modem_look(m);
}

void modem_revive_tend(struct modem *m)
{
	struct mono now = loop_mono();

	if (m->inhibited && !m->calls[CALL_REVIVE])
		let_go(m);
	if (m->sight.path[0])
		m->had_one = true;
	if (m->state == MODEM_READY) {
		refresh(m);
		m->ready_at = now;
		m->revive_pause_ms = m->restart_pause_ms = m->settle_ms;
		m->revive_at = m->restart_at = (struct mono){0};
	}
	if (lasted(m, &m->troubled_since, troubled(m)) && mono_due(now, m->revive_at))
		revive(m);
	if (lasted(m, &m->manager_since, manager_troubled(m)) && mono_due(now, m->restart_at))
		restart_manager(m);
	/* nothing can be asked of it but to send: so it gets another try */
	if (lasted(m, &m->silent_since, m->silent >= SILENT_MAX && !m->sight.time))
		m->silent = 0;
}
