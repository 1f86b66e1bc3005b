/*
 * modem_bus.c: the bus, and who answers there to ModemManager's name.
 *
 * Nothing waits: the bus is connected, greeted and asked by sd-bus within the loop. A connection
 * that breaks is taken down in the next tick, never under the feet of whoever is reading from it,
 * and made anew after a pause that doubles, each a little different from its neighbours'.
 *
 * Anybody on the system's bus may send us a signal. Those that count come from the present owner of
 * ModemManager's name, or from the bus itself, and even they only say when to look: what is
 * believed is what the owner answers to a call.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "net/modem_private.h"

#define DBUS	    "org.freedesktop.DBus"
#define DBUS_PATH   "/org/freedesktop/DBus"
#define SYSTEM_BUS  "unix:path=/run/dbus/system_bus_socket"
#define ERROR_START "org.freedesktop."

bool modem_from_owner(const struct modem *m, sd_bus_message *message)
{
	const char *sender = sd_bus_message_get_sender(message);

	return sender && m->owner[0] && strcmp(sender, m->owner) == 0;
}

static bool from_bus(sd_bus_message *message)
{
	const char *sender = sd_bus_message_get_sender(message);

	return sender && strcmp(sender, DBUS) == 0;
}

/* --- calls ------------------------------------------------------------------------------------ */

int modem_message(struct modem *m, const char *path, const char *interface, const char *member,
		  sd_bus_message **ret)
{
	if (!m->bus || !m->owner[0])
		return -ENOTCONN;
	return sd_bus_message_new_method_call(m->bus, ret, m->owner, path, interface, member);
}

int modem_call_message(struct modem *m, sd_bus_slot **slot, sd_bus_message *message,
		       int64_t timeout_ms, sd_bus_message_handler_t fn, void *data)
{
	int r;

	CHECK(!*slot);
	r = sd_bus_call_async(m->bus, slot, message, fn, data, (uint64_t)timeout_ms * 1000);
	sd_bus_message_unref(message);
	return r < 0 ? r : 0;
}

int modem_call(struct modem *m, sd_bus_slot **slot, const char *path, const char *interface,
	       const char *member, int64_t timeout_ms, sd_bus_message_handler_t fn, void *data,
	       const char *types, ...)
{
	sd_bus_message *message = NULL;
	va_list args;
	int r = modem_message(m, path, interface, member, &message);

	if (r < 0)
		return r;
	va_start(args, types);
	r = sd_bus_message_appendv(message, types, args);
	va_end(args);
	if (r < 0) {
		sd_bus_message_unref(message);
		return r;
	}
	return modem_call_message(m, slot, message, timeout_ms, fn, data);
}

const char *modem_answered(sd_bus_slot **slot, sd_bus_message *answer)
{
	const sd_bus_error *error = sd_bus_message_get_error(answer);
	const char *name;

	*slot = sd_bus_slot_unref(*slot);
	if (!error)
		return NULL;
	name = error->name ? error->name : "error";
	if (strncmp(name, ERROR_START, strlen(ERROR_START)) == 0)
		name += strlen(ERROR_START);
	return name;
}

/* --- ModemManager's name ---------------------------------------------------------------------- */

static void owner_is(struct modem *m, const char *owner)
{
	if (strcmp(m->owner, owner) == 0)
		return;
	modem_blind(m);
	modem_forget(m);
	modem_text_to(m->owner, sizeof(m->owner), owner);
	if (m->owner[0])
		modem_look(m);
	modem_tend(m);
}

static int on_owner(sd_bus_message *answer, void *data, sd_bus_error *ret)
{
	struct modem *m = data;
	const char *owner = "";

	(void)ret;
	if (modem_answered(&m->calls[CALL_OWNER], answer) ||
	    sd_bus_message_read(answer, "s", &owner) < 0)
		owner = "";
	m->asked = true;
	owner_is(m, owner);
	modem_tend(m);
	return 0;
}

static int on_owner_changed(sd_bus_message *signal, void *data, sd_bus_error *ret)
{
	struct modem *m = data;
	const char *name, *before, *owner;

	(void)ret;
	if (from_bus(signal) && sd_bus_message_read(signal, "sss", &name, &before, &owner) >= 0 &&
	    strcmp(name, MM_NAME) == 0)
		owner_is(m, owner);
	return 0;
}

static int on_objects(sd_bus_message *signal, void *data, sd_bus_error *ret)
{
	struct modem *m = data;

	(void)ret;
	if (modem_from_owner(m, signal))
		modem_look(m);
	return 0;
}

static int on_changed(sd_bus_message *signal, void *data, sd_bus_error *ret)
{
	struct modem *m = data;
	const char *path = sd_bus_message_get_path(signal);
	const char *interface;

	(void)ret;
	if (!path || !modem_from_owner(m, signal) ||
	    sd_bus_message_read(signal, "s", &interface) < 0)
		return 0;
	if (strcmp(interface, MM_SMS) == 0)
		modem_inbox_heard(m, path, false);
	else if (strcmp(path, m->sight.path) == 0)
		modem_changed(m);
	return 0;
}

/* Added(path, received) and Deleted(path) of the modem that we look at. */
static int on_text_signal(sd_bus_message *signal, void *data, sd_bus_error *ret)
{
	struct modem *m = data;
	const char *path = sd_bus_message_get_path(signal);
	const char *text;
	int received;

	(void)ret;
	if (!path || !modem_from_owner(m, signal) || strcmp(path, m->sight.path) != 0 ||
	    !sd_bus_message_is_signal(signal, MM_MESSAGING, "Added"))
		return 0;
	if (sd_bus_message_read(signal, "ob", &text, &received) < 0)
		return 0;
	if (received)
		modem_inbox_heard(m, text, true);
	else if (!m->flying)
		m->list_wanted = true; /* found on the card at the start, and not made by us */
	modem_inbox_tend(m);
	return 0;
}

static int on_gone(sd_bus_message *signal, void *data, sd_bus_error *ret)
{
	struct modem *m = data;

	(void)signal;
	(void)ret;
	m->broken = true;
	modem_tick_soon(m);
	return 0;
}

/* --- the connection --------------------------------------------------------------------------- */

static int add_matches(struct modem *m)
{
	static const struct {
		const char *sender, *path, *interface, *member;
		sd_bus_message_handler_t fn;
	} wanted[MATCHES] = {
		[MATCH_GONE] = {DBUS ".Local", DBUS_PATH "/Local", DBUS ".Local", "Disconnected",
				on_gone},
		[MATCH_OWNER] = {DBUS, DBUS_PATH, DBUS, "NameOwnerChanged", on_owner_changed},
		[MATCH_ADDED] = {MM_NAME, MM_PATH, DBUS ".ObjectManager", "InterfacesAdded",
				 on_objects},
		[MATCH_REMOVED] = {MM_NAME, MM_PATH, DBUS ".ObjectManager", "InterfacesRemoved",
				   on_objects},
		[MATCH_CHANGED] = {MM_NAME, NULL, DBUS ".Properties", "PropertiesChanged",
				   on_changed},
		[MATCH_TEXT] = {MM_NAME, NULL, MM_MESSAGING, NULL, on_text_signal},
	};

	for (uint32_t i = 0; i < MATCHES; i++) {
		int r = sd_bus_match_signal_async(m->bus, &m->matches[i], wanted[i].sender,
						  wanted[i].path, wanted[i].interface,
						  wanted[i].member, wanted[i].fn, NULL, m);

		if (r < 0)
			return r;
	}
	return 0;
}

static int ask_owner(struct modem *m)
{
	sd_bus_message *message = NULL;
	int r = sd_bus_message_new_method_call(m->bus, &message, DBUS, DBUS_PATH, DBUS,
					       "GetNameOwner");

	if (r >= 0)
		r = sd_bus_message_append(message, "s", MM_NAME);
	if (r < 0) {
		sd_bus_message_unref(message);
		return r;
	}
	return modem_call_message(m, &m->calls[CALL_OWNER], message, MODEM_CALL_MS, on_owner, m);
}

static int reach_bus(struct modem *m)
{
	const char *given = secure_getenv("DBUS_SYSTEM_BUS_ADDRESS");
	const char *address = m->address[0] ? m->address : given && given[0] ? given : SYSTEM_BUS;
	int r = sd_bus_new(&m->bus);

	if (r >= 0)
		r = sd_bus_set_address(m->bus, address);
	if (r >= 0)
		r = sd_bus_set_bus_client(m->bus, 1);
	if (r >= 0)
		r = sd_bus_attach_event(m->bus, loop_event(m->loop), SD_EVENT_PRIORITY_NORMAL);
	if (r >= 0)
		r = sd_bus_start(m->bus);
	if (r >= 0)
		r = add_matches(m);
	if (r >= 0)
		r = ask_owner(m);
	return r < 0 ? r : 0;
}

void modem_bus_close(struct modem *m)
{
	modem_inbox_clear(m);
	for (uint32_t i = 0; i < CALLS; i++)
		m->calls[i] = sd_bus_slot_unref(m->calls[i]);
	for (uint32_t i = 0; i < MATCHES; i++)
		m->matches[i] = sd_bus_slot_unref(m->matches[i]);
	if (m->bus) {
		(void)sd_bus_detach_event(m->bus);
		sd_bus_close(m->bus);
	}
	m->bus = sd_bus_unref(m->bus);
	m->broken = false;
	m->asked = false;
}

/* A quarter more or less, so that a hundred shops do not come back in one step. */
int64_t modem_jittered(int64_t ms)
{
	uint16_t random = 0;

	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) != sizeof(random))
		return ms;
	return ms - ms / 4 + ms / 2 * random / UINT16_MAX;
}

static void lose_bus(struct modem *m)
{
	modem_bus_close(m);
	modem_blind(m);
	modem_forget(m);
	m->owner[0] = 0;
	m->connect_at = mono_add(loop_mono(), modem_jittered(m->connect_pause_ms));
	m->connect_pause_ms *= 2;
	if (m->connect_pause_ms > CONNECT_MAX_MS)
		m->connect_pause_ms = CONNECT_MAX_MS;
	timer_arm(m->tick, mono_min(m->connect_at, mono_add(loop_mono(), TICK_MS)));
}

/* Nobody has the name: whoever starts services on demand is asked to. No answer is waited for. */
static void start_manager(struct modem *m)
{
	sd_bus_message *message = NULL;

	m->start_at = mono_add(loop_mono(), modem_jittered(START_MS));
	if (sd_bus_message_new_method_call(m->bus, &message, DBUS, DBUS_PATH, DBUS,
					   "StartServiceByName") >= 0 &&
	    sd_bus_message_append(message, "su", MM_NAME, 0u) >= 0 &&
	    sd_bus_message_set_expect_reply(message, 0) >= 0)
		(void)sd_bus_send(m->bus, message, NULL);
	sd_bus_message_unref(message);
}

void modem_bus_tend(struct modem *m)
{
	struct mono now = loop_mono();
	int r;

	if (m->bus && m->broken) {
		modem_text_to(m->trouble, sizeof(m->trouble), "the bus has gone");
		lose_bus(m);
	}
	if (!m->bus && mono_due(now, m->connect_at)) {
		r = reach_bus(m);
		if (r < 0) {
			snprintf(m->trouble, sizeof(m->trouble), "no bus: %s", strerror(-r));
			lose_bus(m);
		}
	}
	if (m->asked && m->owner[0]) {
		m->connect_pause_ms = CONNECT_FIRST_MS;
	} else if (m->asked && mono_due(now, m->start_at)) {
		start_manager(m);
	}
}
