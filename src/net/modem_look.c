/*
 * modem_look.c: what ModemManager knows. It is asked for everything at once (GetManagedObjects), at
 * each sign that something has changed and every few seconds anyhow, and its answer is one whole
 * picture: a signal that got lost, came twice or came late makes no difference.
 *
 * Of several modems the one that we have is kept for as long as it can send texts; else the first
 * that can, else the first that there is, so that it can be said what is wrong with it.
 * One that has not been ready for long gives way to the next.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "net/modem_private.h"

enum {
	SIGHTS_MAX = 16, /* modems that are looked at */
	LOOK_MS = 15000, /* a picture that takes longer is none */
	TIRED_TIMES = 2, /* settle_ms, before another modem is tried */
};

struct view {
	struct sight sights[SIGHTS_MAX];
	uint32_t count;
};

static int read_text(sd_bus_message *a, const char *type, char *to, size_t size)
{
	const char *text;
	int r = sd_bus_message_read(a, "v", type, &text);

	if (r < 0)
		return r;
	if (strlen(text) >= size)
		return -EMSGSIZE;
	modem_text_to(to, size, text);
	return 0;
}

/* How often a PIN may still be wrong: {lock: tries} */
static int read_tries(sd_bus_message *a, int64_t *ret)
{
	int r = sd_bus_message_enter_container(a, 'v', "a{uu}");

	if (r >= 0)
		r = sd_bus_message_enter_container(a, 'a', "{uu}");
	while (r >= 0) {
		uint32_t lock, tries;

		r = sd_bus_message_read(a, "{uu}", &lock, &tries);
		if (r <= 0)
			break;
		if (lock == MM_LOCK_SIM_PIN)
			*ret = tries;
	}
	if (r >= 0)
		r = sd_bus_message_exit_container(a);
	if (r >= 0)
		r = sd_bus_message_exit_container(a);
	return r;
}

static int read_modem(sd_bus_message *a, const char *name, struct sight *s)
{
	if (strcmp(name, "State") == 0)
		return sd_bus_message_read(a, "v", "i", &s->state);
	if (strcmp(name, "StateFailedReason") == 0)
		return sd_bus_message_read(a, "v", "u", &s->reason);
	if (strcmp(name, "UnlockRequired") == 0)
		return sd_bus_message_read(a, "v", "u", &s->lock);
	if (strcmp(name, "UnlockRetries") == 0)
		return read_tries(a, &s->tries);
	if (strcmp(name, "Sim") == 0)
		return read_text(a, "o", s->sim, sizeof(s->sim));
	if (strcmp(name, "Device") == 0)
		return read_text(a, "s", s->device, sizeof(s->device));
	return sd_bus_message_skip(a, "v");
}

static int read_3gpp(sd_bus_message *a, const char *name, struct sight *s)
{
	if (strcmp(name, "RegistrationState") == 0)
		return sd_bus_message_read(a, "v", "u", &s->registration);
	return sd_bus_message_skip(a, "v");
}

typedef int property_fn(sd_bus_message *a, const char *name, struct sight *s);

static int read_properties(sd_bus_message *a, property_fn *fn, struct sight *s)
{
	int r = sd_bus_message_enter_container(a, 'a', "{sv}");

	while (r >= 0) {
		const char *name;

		r = sd_bus_message_enter_container(a, 'e', "sv");
		if (r <= 0)
			break;
		r = sd_bus_message_read(a, "s", &name);
		if (r >= 0)
			r = fn(a, name, s);
		if (r >= 0)
			r = sd_bus_message_exit_container(a);
	}
	return r < 0 ? r : sd_bus_message_exit_container(a);
}

static int read_interface(sd_bus_message *a, struct sight *s, bool *is_modem)
{
	const char *name;
	int r = sd_bus_message_read(a, "s", &name);

	if (r < 0)
		return r;
	if (strcmp(name, MM_MODEM) == 0) {
		*is_modem = true;
		return read_properties(a, read_modem, s);
	}
	if (strcmp(name, MM_3GPP) == 0)
		return read_properties(a, read_3gpp, s);
	if (strcmp(name, MM_MESSAGING) == 0)
		s->messaging = true;
	else if (strcmp(name, MM_TIME) == 0)
		s->time = true;
	return sd_bus_message_skip(a, "a{sv}");
}

static int read_object(sd_bus_message *a, struct view *v)
{
	struct sight s = {.state = MM_UNKNOWN, .tries = -1};
	bool is_modem = false;
	const char *path;
	int r = sd_bus_message_read(a, "o", &path);

	if (r < 0)
		return r;
	if (strlen(path) >= sizeof(s.path))
		return -EMSGSIZE;
	modem_text_to(s.path, sizeof(s.path), path);
	r = sd_bus_message_enter_container(a, 'a', "{sa{sv}}");
	while (r >= 0) {
		r = sd_bus_message_enter_container(a, 'e', "sa{sv}");
		if (r <= 0)
			break;
		r = read_interface(a, &s, &is_modem);
		if (r >= 0)
			r = sd_bus_message_exit_container(a);
	}
	if (r >= 0)
		r = sd_bus_message_exit_container(a);
	if (r >= 0 && is_modem && v->count < SIGHTS_MAX)
		v->sights[v->count++] = s;
	return r;
}

static int read_view(sd_bus_message *a, struct view *v)
{
	int r = sd_bus_message_enter_container(a, 'a', "{oa{sa{sv}}}");

	while (r >= 0) {
		r = sd_bus_message_enter_container(a, 'e', "oa{sa{sv}}");
		if (r <= 0)
			break;
		r = read_object(a, v);
		if (r >= 0)
			r = sd_bus_message_exit_container(a);
	}
	return r;
}

static const struct sight *pick(const struct modem *m, const struct view *v)
{
	const struct sight *ours = NULL, *able = NULL, *next = NULL;
	struct mono tired = mono_add(m->ready_at, TIRED_TIMES * m->settle_ms);

	for (uint32_t i = 0; i < v->count; i++) {
		const struct sight *s = &v->sights[i];

		if (strcmp(s->path, m->sight.path) == 0) {
			ours = s;
			next = &v->sights[(i + 1) % v->count];
		}
		if (s->messaging && !able)
			able = s;
	}
	if (ours && v->count > 1 && mono_due(loop_mono(), tired))
		return next;
	if (ours && (ours->messaging || !able))
		return ours;
	if (able)
		return able;
	return v->count > 0 ? &v->sights[0] : NULL;
}

static void see(struct modem *m, sd_bus_message *answer)
{
	struct view v = {.count = 0};
	const struct sight *s;

	if (read_view(answer, &v) < 0) {
		snprintf(m->nonsense, sizeof(m->nonsense), "what ModemManager says makes no sense");
		return;
	}
	m->nonsense[0] = 0;
	s = pick(m, &v);
	if (!s || strcmp(s->path, m->sight.path) != 0)
		modem_forget(m);
	if (s)
		m->sight = *s;
	m->looked = true;
}

static int on_look(sd_bus_message *answer, void *data, sd_bus_error *ret)
{
	struct modem *m = data;
	bool again = m->look_again;

	(void)ret;
	if (modem_answered(&m->calls[CALL_LOOK], answer)) {
		m->unanswered++;
	} else {
		m->unanswered = 0;
		see(m, answer);
	}
	m->look_again = false;
	if (again)
		modem_look(m);
	modem_tend(m);
	modem_send_tend(m);
	modem_inbox_tend(m);
	return 0;
}

void modem_look(struct modem *m)
{
	int r;

	if (m->calls[CALL_LOOK]) {
		m->look_again = true;
		return;
	}
	r = modem_call(m, &m->calls[CALL_LOOK], MM_PATH, "org.freedesktop.DBus.ObjectManager",
		       "GetManagedObjects", LOOK_MS, on_look, m, "");
	if (r < 0 && r != -ENOTCONN)
		m->unanswered++;
}

void modem_blind(struct modem *m)
{
	m->calls[CALL_LOOK] = sd_bus_slot_unref(m->calls[CALL_LOOK]);
	m->calls[CALL_REVIVE] = sd_bus_slot_unref(m->calls[CALL_REVIVE]);
	m->inhibited = false; /* it ends with either of us */
	m->revived_at = (struct mono){0};
	m->look_again = m->looked = false;
	m->unanswered = 0;
	m->nonsense[0] = 0;
}
