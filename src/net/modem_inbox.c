/*
 * modem_inbox.c: texts that come in. The card is looked through when the modem is ready, every ten
 * minutes, and whenever more came in than the table holds; in between ModemManager says what is
 * new.
 *
 * Each is read, told, and then deleted, so that the card never fills up: a full card takes no
 * answer from anybody. A flood is bounded everywhere: so many are known, so many are read, so many
 * are told in one turn of the loop; the others wait on the card. A long text is told when its last
 * part is there; one whose parts do not come within a quarter of an hour is deleted unread. What is
 * no text that came in (drafts, copies of sent ones) is deleted as well: the card is the shop's
 * own.
 *
 * ModemManager (seen in 1.20) overlooks a text that comes in while it reads or deletes another. So
 * what was told is deleted one by one, and only when nothing has come in for some seconds: the
 * parts of a long text come close behind each other. Where something may be missing all the same,
 * and once a day, the modem is switched off and on (modem_revive.c), for then its card is read
 * whole.
 */
#include <errno.h>
#include <string.h>

#include "net/modem_private.h"

static struct incoming *find(struct modem *m, const char *path)
{
	for (uint32_t i = 0; i < INBOX_MAX; i++)
		if (m->inbox[i].modem && strcmp(m->inbox[i].path, path) == 0)
			return &m->inbox[i];
	return NULL;
}

static void forget(struct incoming *in)
{
	sd_bus_slot_unref(in->call);
	*in = (struct incoming){.modem = NULL};
}

void modem_inbox_note(struct modem *m, const char *path)
{
	struct incoming *free_one = NULL;

	if (strlen(path) > PATH_MAX_LEN || modem_sending(m, path) || find(m, path))
		return;
	for (uint32_t i = 0; i < INBOX_MAX && !free_one; i++)
		if (!m->inbox[i].modem)
			free_one = &m->inbox[i];
	if (!free_one) {
		m->list_wanted = true;
		return;
	}
	*free_one = (struct incoming){
		.modem = m,
		.step = INCOMING_NEW,
		.since = loop_mono(),
	};
	modem_text_to(free_one->path, sizeof(free_one->path), path);
}

void modem_inbox_clear(struct modem *m)
{
	for (uint32_t i = 0; i < INBOX_MAX; i++)
		if (m->inbox[i].modem)
			forget(&m->inbox[i]);
	m->list_wanted = false;
	/* what is in the ring was read, and is told */
}

/* Not at once: what has just failed would fail again. */
static void list_soon(struct modem *m)
{
	m->list_at = mono_min(m->list_at, mono_add(loop_mono(), TICK_MS));
}

static bool quiet(const struct modem *m)
{
	return mono_due(loop_mono(), mono_add(m->heard_at, INBOX_QUIET_MS));
}

bool modem_inbox_idle(const struct modem *m)
{
	for (uint32_t i = 0; i < INBOX_MAX; i++) {
		const struct incoming *in = &m->inbox[i];

		if (in->modem && in->step != INCOMING_PARTS &&
		    (in->step != INCOMING_TOLD || in->deletes < DELETE_TRIES || in->call))
			return false;
	}
	return m->ring_count == 0 && !m->calls[CALL_LIST] && quiet(m);
}

void modem_inbox_heard(struct modem *m, const char *path, bool added)
{
	struct incoming *in;

	if (added)
		modem_inbox_note(m, path);
	in = find(m, path);
	if (!in)
		return;
	for (uint32_t i = 0; i < INBOX_MAX; i++)
		if (m->inbox[i].step == INCOMING_TOLD && m->inbox[i].call)
			modem_suspect(m); /* this one was seen, its neighbour perhaps not */
	m->heard_at = loop_mono();
	if (in->step == INCOMING_PARTS)
		in->step = INCOMING_NEW;
	modem_inbox_tend(m);
}

/* --- deleting --------------------------------------------------------------------------------- */

static int on_deleted(sd_bus_message *answer, void *data, sd_bus_error *ret)
{
	struct incoming *in = data;
	struct modem *m = in->modem;
	const char *error = modem_answered(&in->call, answer);

	(void)ret;
	/* one that cannot be deleted stays in the table: it is not told a second time */
	if (!error || strcmp(error, "ModemManager1.Error.Core.NotFound") == 0)
		forget(in);
	modem_inbox_tend(m);
	return 0;
}

static void delete_one(struct incoming *in)
{
	struct modem *m = in->modem;

	in->deletes++;
	if (!quiet(m))
		modem_suspect(m);
	if (modem_call(m, &in->call, m->sight.path, MM_MESSAGING, "Delete", MODEM_CALL_MS,
		       on_deleted, in, "o", in->path) < 0)
		in->call = NULL; /* the next sweep tries again */
}

/* One at a time, when there is quiet or no more room to wait for it. */
static void delete_next(struct modem *m)
{
	struct incoming *first = NULL;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < INBOX_MAX; i++) {
		struct incoming *in = &m->inbox[i];

		if (!in->modem || in->step != INCOMING_TOLD || in->deletes >= DELETE_TRIES)
			continue;
		if (in->call)
			return;
		kept++;
		if (!first || in->since.ms < first->since.ms)
			first = in;
	}
	if (first && (kept >= INBOX_KEPT_MAX || quiet(m)))
		delete_one(first);
}

void modem_inbox_told(struct modem *m, const char *path)
{
	struct incoming *in = find(m, path);

	if (in)
		in->step = INCOMING_TOLD;
}

/* --- reading ---------------------------------------------------------------------------------- */

struct properties {
	uint32_t state;
	const char *from, *text;
};

static int read_one(sd_bus_message *a, struct properties *p)
{
	const char *name;
	int r = sd_bus_message_read(a, "s", &name);

	if (r < 0)
		return r;
	if (strcmp(name, "State") == 0)
		return sd_bus_message_read(a, "v", "u", &p->state);
	if (strcmp(name, "Number") == 0)
		return sd_bus_message_read(a, "v", "s", &p->from);
	if (strcmp(name, "Text") == 0)
		return sd_bus_message_read(a, "v", "s", &p->text);
	return sd_bus_message_skip(a, "v");
}

static int read_properties(sd_bus_message *a, struct properties *p)
{
	int r = sd_bus_message_enter_container(a, 'a', "{sv}");

	while (r >= 0) {
		r = sd_bus_message_enter_container(a, 'e', "sv");
		if (r <= 0)
			break;
		r = read_one(a, p);
		if (r >= 0)
			r = sd_bus_message_exit_container(a);
	}
	return r;
}

/* What it is; what it says goes into the ring. */
static void take(struct modem *m, struct incoming *in, const struct properties *p)
{
	struct arrived *a;

	if (p->state == MM_SMS_RECEIVING) {
		in->step = INCOMING_PARTS;
		return;
	}
	if (p->state == MM_SMS_SENDING || modem_sending(m, in->path)) {
		forget(in);
		return;
	}
	in->step = INCOMING_TOLD;
	if (p->state != MM_SMS_RECEIVED || !p->text[0])
		return;
	CHECK(m->ring_count < INBOX_RING);
	in->step = INCOMING_READ;
	a = &m->ring[m->ring_count++];
	modem_text_to(a->path, sizeof(a->path), in->path);
	modem_text_to(a->from, sizeof(a->from), p->from);
	modem_text_to(a->text, sizeof(a->text), p->text);
	modem_tell_soon(m);
}

static int on_read(sd_bus_message *answer, void *data, sd_bus_error *ret)
{
	struct incoming *in = data;
	struct modem *m = in->modem;
	struct properties p = {.from = "", .text = ""};
	const char *error = modem_answered(&in->call, answer);

	(void)ret;
	if (error || read_properties(answer, &p) < 0) {
		forget(in); /* it is found again, if it is still there */
		list_soon(m);
	} else {
		take(m, in, &p);
	}
	modem_inbox_tend(m);
	return 0;
}

static uint32_t count(const struct modem *m, enum incoming_step step)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < INBOX_MAX; i++)
		n += m->inbox[i].modem && m->inbox[i].step == step;
	return n;
}

static void read_next(struct modem *m)
{
	uint32_t reading = count(m, INCOMING_READING);

	for (uint32_t i = 0; i < INBOX_MAX; i++) {
		struct incoming *in = &m->inbox[i];

		if (reading >= INBOX_READING_MAX || reading + m->ring_count >= INBOX_RING)
			return;
		if (!in->modem || in->step != INCOMING_NEW)
			continue;
		if (modem_call(m, &in->call, in->path, "org.freedesktop.DBus.Properties", "GetAll",
			       MODEM_CALL_MS, on_read, in, "s", MM_SMS) < 0)
			return;
		in->step = INCOMING_READING;
		reading++;
	}
}

/* --- looking through the card ----------------------------------------------------------------- */

static int on_list(sd_bus_message *answer, void *data, sd_bus_error *ret)
{
	struct modem *m = data;
	const char *path;

	(void)ret;
	if (modem_answered(&m->calls[CALL_LIST], answer) ||
	    sd_bus_message_enter_container(answer, 'a', "o") < 0) {
		list_soon(m);
		return 0;
	}
	while (sd_bus_message_read(answer, "o", &path) > 0)
		modem_inbox_note(m, path);
	modem_inbox_tend(m);
	return 0;
}

static void sweep(struct modem *m)
{
	struct mono now = loop_mono();

	for (uint32_t i = 0; i < INBOX_MAX; i++) {
		struct incoming *in = &m->inbox[i];

		if (!in->modem || in->step != INCOMING_PARTS)
			continue;
		if (!in->suspect && mono_due(now, mono_add(in->since, m->settle_ms))) {
			in->suspect = true;
			modem_suspect(m);
		}
		if (mono_due(now, mono_add(in->since, INBOX_PARTS_MS)))
			in->step = INCOMING_TOLD;
	}
}

void modem_inbox_tend(struct modem *m)
{
	struct mono now = loop_mono();

	if (m->state != MODEM_READY)
		return;
	sweep(m);
	delete_next(m);
	read_next(m);
	if (m->calls[CALL_LIST] || m->flying)
		return;
	if (!mono_due(now, m->list_at) && !(m->list_wanted && count(m, INCOMING_NEW) == 0))
		return;
	m->list_wanted = false;
	m->list_at = mono_add(now, INBOX_LIST_MS);
	if (modem_call(m, &m->calls[CALL_LIST], m->sight.path, MM_MESSAGING, "List", MODEM_CALL_MS,
		       on_list, m, "") < 0)
		m->list_wanted = true;
}
