/*
 * modem_send.c: texts that leave. One after another, for one modem has one air: Create, Send, and
 * the object is deleted whatever became of it. Each text has MODEM_CALL_MS to wait for its turn and
 * as long again to leave. What was to be sent and not answered may have left all the same; only the
 * caller knows whether the other road may say it twice.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "net/modem_private.h"

static void finish(struct modem *m, struct job *j, const char *trouble)
{
	j->sent = !trouble;
	j->doubt = trouble && j->step == JOB_SENDING && !j->answered;
	modem_text_to(j->trouble, sizeof(j->trouble), trouble ? trouble : "");
	j->step = JOB_DONE;
	explicit_bzero(j->words, sizeof(j->words));
	if (m->flying == j) {
		m->flying = NULL;
		m->calls[CALL_SEND] = sd_bus_slot_unref(m->calls[CALL_SEND]);
	}
	modem_tell_soon(m);
}

/* Nobody waits for its answer: what stays is found when the card is looked through. */
static void drop(struct modem *m, const char *path)
{
	sd_bus_message *message = NULL;

	if (path[0] && modem_message(m, m->sight.path, MM_MESSAGING, "Delete", &message) >= 0 &&
	    sd_bus_message_append(message, "o", path) >= 0 &&
	    sd_bus_message_set_expect_reply(message, 0) >= 0)
		(void)sd_bus_send(m->bus, message, NULL);
	sd_bus_message_unref(message);
}

static bool no_answer(const char *error)
{
	return strcmp(error, "DBus.Error.NoReply") == 0 || strcmp(error, "DBus.Error.Timeout") == 0;
}

static void lands(struct modem *m, const char *error)
{
	struct job *j = m->flying;
	char why[WHY_MAX_LEN + 1];
	char path[PATH_MAX_LEN + 1];

	j->answered = !error || !no_answer(error);
	if (error)
		snprintf(why, sizeof(why), "the modem did not send it: %.100s", error);
	memcpy(path, j->path, sizeof(path));
	finish(m, j, error ? why : NULL);
	drop(m, path);
	modem_heard(m, error);
	modem_tend(m);
}

static int on_sent(sd_bus_message *answer, void *data, sd_bus_error *ret)
{
	struct modem *m = data;

	(void)ret;
	lands(m, modem_answered(&m->calls[CALL_SEND], answer));
	return 0;
}

static int on_created(sd_bus_message *answer, void *data, sd_bus_error *ret)
{
	struct modem *m = data;
	struct job *j = m->flying;
	const char *error = modem_answered(&m->calls[CALL_SEND], answer);
	const char *path = "";

	(void)ret;
	if (!error && sd_bus_message_read(answer, "o", &path) < 0)
		error = "no sense in the answer";
	if (!error && strlen(path) > PATH_MAX_LEN)
		error = "no sense in the answer";
	if (!error) {
		modem_text_to(j->path, sizeof(j->path), path);
		j->step = JOB_SENDING;
		if (modem_call(m, &m->calls[CALL_SEND], j->path, MM_SMS, "Send", MODEM_CALL_MS,
			       on_sent, m, "") < 0)
			error = "the bus does not take it";
	}
	if (error)
		lands(m, error);
	return 0;
}

static int create(struct modem *m, const struct job *j)
{
	sd_bus_message *message = NULL;
	int r = modem_message(m, m->sight.path, MM_MESSAGING, "Create", &message);

	if (r >= 0)
		r = sd_bus_message_append(message, "a{sv}", 2, "number", "s", j->to, "text", "s",
					  j->words);
	if (r < 0) {
		sd_bus_message_unref(message);
		return r;
	}
	return modem_call_message(m, &m->calls[CALL_SEND], message, MODEM_CALL_MS, on_created, m);
}

static struct job *oldest(struct modem *m, enum job_step step)
{
	struct job *first = NULL;

	for (uint32_t i = 0; i < MODEM_SENDING_MAX; i++) {
		struct job *j = &m->jobs[i];

		if (j->step == step && (!first || j->number < first->number))
			first = j;
	}
	return first;
}

void modem_send_tend(struct modem *m)
{
	struct mono now = loop_mono();
	struct job *j;

	while ((j = oldest(m, JOB_WAITING)) && mono_due(now, j->until))
		finish(m, j, "the modem was busy with others");
	if (m->flying || !j || m->state != MODEM_READY)
		return;
	m->flying = j;
	j->step = JOB_CREATING;
	if (create(m, j) < 0)
		finish(m, j, "the bus does not take it");
}

void modem_send_fail(struct modem *m, bool flying, const char *why)
{
	struct job *j;

	if (flying && m->flying)
		finish(m, m->flying, why);
	while ((j = oldest(m, JOB_WAITING)))
		finish(m, j, why);
}

bool modem_send_idle(const struct modem *m)
{
	for (uint32_t i = 0; i < MODEM_SENDING_MAX; i++)
		if (m->jobs[i].step != JOB_FREE)
			return false;
	return true;
}

bool modem_sending(const struct modem *m, const char *path)
{
	return m->flying && strcmp(m->flying->path, path) == 0;
}

int modem_send(struct modem *m, const char *to, const char *words, modem_sent_fn *done, void *data)
{
	size_t len = strlen(words);
	struct job *j;

	if (m->state != MODEM_READY)
		return -ENOTCONN;
	if (len == 0 || len > MODEM_TEXT_MAX || !utf8_valid(words, (uint32_t)len) || !to[0] ||
	    strlen(to) > MODEM_PHONE_MAX || !utf8_valid(to, (uint32_t)strlen(to)))
		return -EINVAL;
	j = oldest(m, JOB_FREE);
	if (!j)
		return -EBUSY;
	*j = (struct job){
		.step = JOB_WAITING,
		.number = ++m->jobs_taken,
		.until = mono_add(loop_mono(), MODEM_CALL_MS),
		.done = done,
		.data = data,
	};
	memcpy(j->words, words, len);
	memcpy(j->to, to, strlen(to));
	modem_tell_soon(m); /* it goes on from there */
	return 0;
}
