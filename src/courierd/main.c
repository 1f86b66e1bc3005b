/*
 * main.c: courierd carries things out: alarms as text messages, and what head office and the shop
 * have to tell each other (office.h). shopd says NOTIFY on its socket; the words are made here,
 * every contact gets them through the HTTP gateway, and shopd hears whether anybody could be told.
 * A NOTICE, such as what has to be ordered, goes to one contact in shopd's words. It keeps nothing
 * on disk: what was not told when it ended is asked for again by shopd when it is back.
 *
 * Texts and the office share a loop and nothing else: an office that is slow takes none of the
 * requests that texts may need.
 *
 * Logs name a contact by its configured name; a number or a password is in none.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "courierd/config.h"
#include "courierd/office.h"
#include "courierd/sms.h"
#include "courierd/texts.h"
#include "loop/loop.h"
#include "net/http_client.h"
#include "net/socket.h"

enum {
	EXIT_REFUSED = 1,
	EXIT_USAGE = 2,
	RETRY_SLACK_MS = 200, /* a retry may wait so long for another wake-up */
};

/* every request that sms.c lets fly finds room, whatever the office is asked meanwhile */
_Static_assert((int)SMS_FLYING_MAX + LANES <= (int)HTTP_RUNNING_MAX, "a request for each");

struct courier;

/** A request on its way, for its callback. */
struct flight {
	struct courier *courier; /* NULL: free */
	uint32_t text, contact, tries;
	uint64_t alarm;
};

struct courier {
	struct config config;
	struct loop *loop;
	struct link *link;
	struct http_client *http;
	struct office *office;
	struct timer *timer;
	struct flight flight[SMS_FLYING_MAX];
	struct sms sms;
};

static void courier_work(struct courier *c);

/* ---- out ---- */

static void log_result(const struct flight *f, enum sms_outcome outcome,
		       const struct http_answer *answer)
{
	static const char *const words[] = {[SMS_ACCEPTED] = "taken by the gateway",
					    [SMS_REFUSED] = "refused by the gateway, for good",
					    [SMS_TROUBLE] = "not sent, tried again later"};

	const char *what = f->alarm & SMS_NOTICE ? "notice" : "alarm";

	fprintf(stderr, "%s %llu: text to %s: %s (try %u, status %ld%s%s)\n", what,
		(unsigned long long)(f->alarm & ~SMS_NOTICE),
		f->courier->config.contact[f->contact].name, words[outcome], f->tries,
		answer->status, answer->trouble[0] != '\0' ? ", " : "", answer->trouble);
}

static void on_answer(void *data, const struct http_answer *answer)
{
	struct flight *f = data;
	struct courier *c = f->courier;
	enum sms_outcome outcome = gateway_outcome(answer);
	int64_t retry_after_ms = answer->retry_after_s;

	if (retry_after_ms >= 0) /* a day is far past what sms.c honours */
		retry_after_ms = (retry_after_ms < 86400 ? retry_after_ms : 86400) * 1000;
	log_result(f, outcome, answer);
	sms_result(&c->sms, loop_mono(), f->text, f->contact, outcome, retry_after_ms);
	f->courier = NULL;
	courier_work(c);
}

static int text_post(struct courier *c, struct flight *f, const char *words)
{
	const struct gateway *g = &c->config.gateway;
	uint8_t bytes[HTTP_POST_MAX];
	struct builder body = builder_of(bytes, sizeof(bytes));
	bool fits = gateway_body(g, c->config.contact[f->contact].phone, words, &body);
	struct http_post post = {.url = g->url,
				 .user = g->user,
				 .password = g->password,
				 .content_type = "application/x-www-form-urlencoded",
				 .body = {body.data, body.len}};

	CHECK(fits); /* three bytes for each of SMS_TEXT_MAX, and the names */
	return http_post(c->http, &post, on_answer, f);
}

static struct flight *flight_free(struct courier *c)
{
	for (uint32_t i = 0; i < SMS_FLYING_MAX; i++)
		if (c->flight[i].courier == NULL)
			return &c->flight[i];
	panic(__FILE__, __LINE__, "more texts fly than sms.c lets go");
}

static void text_send(struct courier *c, const struct sms_due *due)
{
	struct flight *f = flight_free(c);
	int r;

	*f = (struct flight){.courier = c,
			     .text = due->text,
			     .contact = due->contact,
			     .tries = due->tries,
			     .alarm = due->alarm};
	r = text_post(c, f, due->words);
	if (r == 0)
		return;
	log_result(f, SMS_TROUBLE, &(struct http_answer){.trouble = strerror(-r)});
	f->courier = NULL;
	sms_result(&c->sms, loop_mono(), due->text, due->contact, SMS_TROUBLE, -1);
}

/** Tells shopd what has become of its texts; what cannot be said now is said when it is back. */
static void reports_send(struct courier *c)
{
	struct sms_report report;
	union message m;

	while (link_up(c->link) && sms_report(&c->sms, &report)) {
		message_init(&m, MESSAGE_NOTIFIED, 0);
		m.notified.alarm = report.name.alarm;
		m.notified.cleared = report.name.cleared;
		m.notified.sent = report.sent;
		if (!link_send(c->link, &m))
			return;
		sms_reported(&c->sms, &report);
	}
}

static void courier_work(struct courier *c)
{
	struct sms_due due;

	while (sms_next(&c->sms, loop_mono(), &due))
		text_send(c, &due);
	reports_send(c);
	timer_arm(c->timer, sms_deadline(&c->sms));
}

static void on_due(void *data)
{
	courier_work(data);
}

/* ---- in ---- */

/** As much of a text as an SMS takes, never half a letter. */
static void words_cut(const char *text, char words[SMS_TEXT_MAX + 1])
{
	size_t len = strlen(text);

	if (len > SMS_TEXT_MAX)
		len = SMS_TEXT_MAX;
	while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
		len--;
	memset(words, 0, SMS_TEXT_MAX + 1);
	memcpy(words, text, len);
}

/** A text to one contact, by the name that the configuration gives them. */
static void on_notice(struct courier *c, const struct message_notice *n)
{
	char words[SMS_TEXT_MAX + 1];
	uint32_t contact = 0;

	while (contact < c->config.contacts &&
	       strcmp(c->config.contact[contact].name, n->contact) != 0)
		contact++;
	if (contact == c->config.contacts) {
		fprintf(stderr, "notice: there is no [contact %s] to tell\n", n->contact);
		return;
	}
	words_cut(n->text, words);
	if (!sms_notice(&c->sms, loop_mono(), contact, words))
		fprintf(stderr, "notice: too many texts wait already\n");
	courier_work(c);
}

static void on_notify(struct courier *c, const struct message_notify *n)
{
	struct sms_name name;
	char words[SMS_TEXT_MAX + 1];

	if (n->alarm == 0 || (n->alarm & SMS_NOTICE) != 0)
		return;
	name = (struct sms_name){.alarm = n->alarm, .at_ms = n->at_ms, .cleared = n->cleared != 0};
	text_make(c->config.shop, n, (enum language)c->config.language, words);
	fprintf(stderr, "alarm %llu: %s %s %s, code %u\n", (unsigned long long)n->alarm,
		condition_word((enum condition)n->condition), n->place,
		n->cleared ? "is over" : "is raised", n->code);
	if (!sms_take(&c->sms, loop_mono(), &name, (enum severity)n->severity, words))
		fprintf(stderr, "alarm %llu: too many texts wait already\n",
			(unsigned long long)n->alarm);
	courier_work(c);
}

static void on_message(void *data, const union message *m)
{
	if (m->head.type == MESSAGE_NOTIFY)
		on_notify(data, &m->notify);
	else if (m->head.type == MESSAGE_NOTICE)
		on_notice(data, &m->notice);
	else
		(void)office_message(((struct courier *)data)->office, m);
}

static void on_link(void *data, bool up)
{
	struct courier *c = data;

	fprintf(stderr, up ? "shopd is here\n" : "shopd is gone\n");
	office_link(c->office, up);
	if (up)
		courier_work(c);
}

/* ---- start and stop ---- */

static int courier_open(struct courier *c)
{
	char path[PATH_SIZE + sizeof("/courier.sock")];
	uint64_t seed;
	int r;

	if (getrandom(&seed, sizeof(seed), 0) != (ssize_t)sizeof(seed))
		return -errno;
	sms_init(&c->sms, c->config.contacts, seed);
	snprintf(path, sizeof(path), "%s/courier.sock", c->config.run);
	r = loop_new(&c->loop);
	if (r == 0)
		r = timer_add(c->loop, WATCH_NORMAL, RETRY_SLACK_MS, on_due, c, &c->timer);
	if (r == 0)
		r = http_client_new(c->loop, &c->http);
	if (r == 0)
		r = link_open(c->loop, path, ROLE_COURIER, "courierd", on_message, on_link, c,
			      &c->link);
	if (r == 0)
		r = office_open(c->loop, c->link, c->http, c->config.state, ~seed, &c->office);
	return r;
}

static void courier_close(struct courier *c)
{
	office_close(c->office);
	link_close(c->link);
	http_client_free(c->http);
	timer_free(c->timer);
	loop_free(c->loop);
	explicit_bzero(&c->config, sizeof(c->config));
}

static int usage(FILE *out, int status)
{
	fputs("usage: courierd --config FILE   carry alarms out as texts, and talk with the "
	      "office\n"
	      "       courierd --check FILE    say whether FILE can be used, and why not\n",
	      out);
	return status;
}

int main(int argc, char **argv)
{
	static struct courier courier; /* 50 kB: not for a stack */
	char why[CONF_WHY_MAX];
	bool check = argc == 3 && strcmp(argv[1], "--check") == 0;
	int r;

	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return usage(stdout, EXIT_SUCCESS);
	if (!check && !(argc == 3 && strcmp(argv[1], "--config") == 0))
		return usage(stderr, EXIT_USAGE);
	if (!config_load(argv[2], &courier.config, why)) {
		fprintf(stderr, "%s\n", why);
		return EXIT_REFUSED;
	}
	if (check) {
		printf("%s: good\n", argv[2]);
		return EXIT_SUCCESS;
	}
	setenv("TZ", courier.config.timezone, 1);
	tzset();
	r = courier_open(&courier);
	if (r == 0)
		r = loop_run(courier.loop);
	courier_close(&courier);
	if (r < 0)
		fprintf(stderr, "courierd: %s\n", strerror(-r));
	return r < 0 ? EXIT_REFUSED : EXIT_SUCCESS;
}
