/*
 * modem.c: the life of the modem, and all that its caller is told.
 *
 * Every other part only writes down what it has found: a state, a text, how a job went. It is told
 * from one place, a timer that is due at once, so that the caller is never called from within one
 * of its own calls, nor from the middle of a message of the bus's. He may close us while he is told
 * something: then nothing more is said, and the memory goes last.
 *
 * What has changed twice before the loop came round is told once, as it is now.
 */
#include "net/modem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "net/modem_private.h"

static const char *const words[MODEM_STATES] = {
	[MODEM_NO_MANAGER] = "no_manager", [MODEM_NONE] = "none",
	[MODEM_NO_SIM] = "no_sim",	   [MODEM_LOCKED] = "locked",
	[MODEM_FAILED] = "failed",	   [MODEM_SEARCHING] = "searching",
	[MODEM_READY] = "ready",
};

const char *modem_state_word(enum modem_state s)
{
	CHECK((uint32_t)s < MODEM_STATES);
	return words[s];
}

enum modem_state modem_state(const struct modem *m)
{
	return m->state;
}

bool modem_in_doubt(const struct modem *m)
{
	return m->doubt;
}

void modem_text_to(char *to, size_t size, const char *from)
{
	if (!utf8_valid(to, utf8_cut(from, to, size)))
		to[0] = 0;
}

void modem_tell_soon(struct modem *m)
{
	timer_arm(m->tell, loop_mono());
}

void modem_tick_soon(struct modem *m)
{
	timer_arm(m->tick, loop_mono());
}

void modem_say(struct modem *m, enum modem_state state, const char *why)
{
	modem_text_to(m->why, sizeof(m->why), why);
	m->state = state;
	if (!m->told_any || m->told != state)
		modem_tell_soon(m);
}

static void tell_state(struct modem *m)
{
	if (m->told_any && m->told == m->state)
		return;
	m->told_any = true;
	m->told = m->state;
	m->on_state(m->data, m->state, m->why);
}

/* One job that is over; false when there is none. */
static bool tell_job(struct modem *m)
{
	struct job *first = NULL;
	struct job told;

	for (uint32_t i = 0; i < MODEM_SENDING_MAX; i++) {
		struct job *j = &m->jobs[i];

		if (j->step == JOB_DONE && (!first || j->number < first->number))
			first = j;
	}
	if (!first)
		return false;
	told = *first;
	first->step = JOB_FREE;
	m->doubt = told.doubt;
	told.done(told.data, told.sent, told.sent ? "" : told.trouble);
	return true;
}

/* One text that came in; false when there is none. It is deleted from the card once it was told: a
 * text told twice does less harm than one that is lost. */
static bool tell_text(struct modem *m)
{
	struct arrived a;

	if (m->ring_count == 0)
		return false;
	a = m->ring[0];
	m->ring_count--;
	memmove(m->ring, m->ring + 1, m->ring_count * sizeof(m->ring[0]));
	m->on_text(m->data, a.from, a.text);
	if (!m->closed)
		modem_inbox_told(m, a.path);
	return true;
}

static void on_tell(void *data)
{
	struct modem *m = data;

	m->telling = true;
	tell_state(m);
	while (!m->closed && tell_job(m))
		;
	for (uint32_t i = 0; !m->closed && i < INBOX_RING && tell_text(m); i++)
		;
	m->telling = false;
	if (m->closed) {
		free(m);
		return;
	}
	modem_send_tend(m);
	modem_inbox_tend(m);
}

static void on_tick(void *data)
{
	struct modem *m = data;

	timer_arm(m->tick, mono_add(loop_mono(), TICK_MS));
	modem_bus_tend(m);
	modem_look(m);
	modem_tend(m);
	modem_send_tend(m);
	modem_inbox_tend(m);
}

static bool config_fits(const struct modem_config *config)
{
	return (!config->bus || strlen(config->bus) <= ADDRESS_MAX_LEN) &&
	       (!config->pin || strlen(config->pin) <= PIN_MAX_LEN);
}

int modem_open(struct loop *loop, const struct modem_config *config, modem_state_fn *on_state,
	       modem_text_fn *on_text, void *data, struct modem **ret)
{
	struct modem *m;
	int r;

	if (!config_fits(config))
		return -EINVAL;
	m = calloc(1, sizeof(*m));
	if (!m)
		return -ENOMEM;
	m->loop = loop;
	m->on_state = on_state;
	m->on_text = on_text;
	m->data = data;
	strncpy(m->address, config->bus ? config->bus : "", ADDRESS_MAX_LEN);
	strncpy(m->pin, config->pin ? config->pin : "", PIN_MAX_LEN);
	m->settle_ms = config->settle_ms > 0 ? config->settle_ms : SETTLE_MS;
	m->probe_ms = m->settle_ms < PROBE_MS ? m->settle_ms : PROBE_MS;
	m->revive_pause_ms = m->restart_pause_ms = m->settle_ms;
	m->refresh_at = mono_add(loop_mono(), modem_jittered(REFRESH_MS));
	m->manager_since = m->silent_since = MONO_NEVER;
	m->connect_pause_ms = CONNECT_FIRST_MS;
	m->state = MODEM_NO_MANAGER;
	modem_forget(m);
	r = timer_add(loop, WATCH_NORMAL, 0, on_tell, m, &m->tell);
	if (r == 0)
		r = timer_add(loop, WATCH_NORMAL, TICK_SLACK_MS, on_tick, m, &m->tick);
	if (r < 0) {
		modem_close(m);
		return r;
	}
	modem_tick_soon(m);
	*ret = m;
	return 0;
}

void modem_close(struct modem *m)
{
	if (!m)
		return;
	modem_bus_close(m);
	timer_free(m->tick);
	timer_free(m->tell);
	explicit_bzero(m->pin, sizeof(m->pin));
	m->closed = true;
	if (!m->telling)
		free(m);
}
