/*
 * kiosk.c: while anybody listens, shopd is asked to say what happens, and what it said last of
 * doors and tills is kept here: who comes, or comes again, is told from it at once. While nobody
 * listens nothing is asked, nothing is said, and no timer runs.
 *
 * An event is written once, into a ring; a client has only its place in that. One that took nothing
 * for a whole ring is not sent what it missed but how things stand: that is what a screen needs.
 */
#include "counterd/kiosk.h"

#include <string.h>

#include "counterd/counter.h"
#include "counterd/events.h"
#include "counterd/kiosk_json.h"
#include "counterd/problem.h"
#include "counterd/routes.h"

#define KIOSK_COMMENT_SLACK_MS 5000
#define CHALLENGE_SLACK_MS     100
#define KIOSK_GREETING	       ": shopkeeper\nretry: 1000\n\n"
#define KIOSK_COMMENT	       ":\n\n"

/* --- giving to a client --- */

static void wake_all(struct kiosk *k)
{
	for (uint32_t i = 0; i < KIOSK_CLIENTS_MAX; i++)
		if (k->client[i].request)
			http_stream_wake(k->client[i].request);
}

static int64_t changes_in_ms(const struct kiosk *k, uint32_t door)
{
	return k->changes[door].ms - loop_mono().ms;
}

static void write_place(const struct kiosk *k, struct builder *b)
{
	kiosk_put_place(b, &k->doors, &k->tills);
	for (uint32_t i = 0; i < k->doors.doors; i++)
		if (k->challenge[i].text[0])
			kiosk_put_challenge(b, &k->challenge[i], changes_in_ms(k, i));
}

/* How things stand, or that nobody knows; true when events may follow. */
static bool write_standing(struct counter *c, struct kiosk_client *client, struct builder *b)
{
	struct kiosk *k = &c->kiosk;

	client->told = k->happened;
	if (k->known) {
		write_place(k, b);
		client->place = client->away = false;
	} else if (!link_up(c->link) && !client->away) {
		kiosk_put_away(b);
		client->away = true;
	}
	return k->known;
}

static void write_events(struct kiosk *k, struct kiosk_client *client, struct builder *b)
{
	while (client->told < k->happened && b->size - b->len >= KIOSK_EVENT_SIZE) {
		const struct kiosk_event *e = &k->event[client->told % KIOSK_EVENTS_MAX];

		build_bytes(b, e->text, e->len);
		client->told++;
	}
}

static long on_kiosk_pull(void *data, struct http_request *r, char *bytes, size_t size)
{
	struct counter *c = data;
	struct kiosk *k = &c->kiosk;
	struct kiosk_client *client = r->owner;
	struct builder b = builder_of(bytes, (uint32_t)size);

	if (!client)
		return -1;
	if (client->greet)
		json_put(&b, KIOSK_GREETING);
	else if (client->comment)
		json_put(&b, KIOSK_COMMENT);
	client->greet = client->comment = false;
	if (k->happened - client->told > KIOSK_EVENTS_MAX)
		client->place = true;
	if (!client->place || write_standing(c, client, &b))
		write_events(k, client, &b);
	CHECK(!b.failed);
	return (long)b.len;
}

/* --- what happens --- */

static struct builder event_new(struct kiosk *k)
{
	struct kiosk_event *e = &k->event[k->happened % KIOSK_EVENTS_MAX];

	return builder_of(e->text, sizeof(e->text));
}

static void event_done(struct kiosk *k, const struct builder *b)
{
	CHECK(!b->failed);
	k->event[k->happened % KIOSK_EVENTS_MAX].len = b->len;
	k->happened++;
	wake_all(k);
}

static void ask_challenge(struct counter *c, const char *door)
{
	union message m;

	message_init(&m, MESSAGE_NONCE, 0);
	memcpy(m.spot.name, door, sizeof(m.spot.name));
	(void)link_send(c->link, &m); /* without shopd there is no code: it is asked when back */
}

static void challenges_arm(struct kiosk *k)
{
	struct mono at = MONO_NEVER;

	for (uint32_t i = 0; i < k->doors.doors; i++)
		if (k->challenge[i].text[0])
			at = mono_min(at, k->changes[i]);
	timer_arm(k->challenges, at);
}

/* A code whose time is over is asked for once more; it stays the last one known until the answer.
 */
static void on_challenges(void *data)
{
	struct counter *c = data;
	struct kiosk *k = &c->kiosk;
	struct mono now = loop_mono();

	if (k->clients == 0 || !k->known)
		return;
	for (uint32_t i = 0; i < k->doors.doors; i++) {
		if (!k->challenge[i].text[0] || !mono_due(now, k->changes[i]))
			continue;
		k->changes[i] = MONO_NEVER;
		ask_challenge(c, k->doors.door[i].name);
	}
	challenges_arm(k);
}

static void on_challenge(struct counter *c, const struct message_challenge_is *is)
{
	struct kiosk *k = &c->kiosk;
	struct builder b;
	uint32_t i = 0;
	bool other;

	while (i < k->doors.doors && strcmp(k->doors.door[i].name, is->door) != 0)
		i++;
	if (i == k->doors.doors || !is->text[0])
		return;
	other = strcmp(k->challenge[i].text, is->text) != 0;
	k->challenge[i] = *is;
	k->changes[i] = mono_add(loop_mono(), is->changes_in_ms);
	challenges_arm(k);
	if (!other)
		return;
	b = event_new(k);
	kiosk_put_challenge(&b, is, is->changes_in_ms);
	event_done(k, &b);
}

static void on_doors(struct kiosk *k, const struct message_doors_are *now)
{
	struct message_doors_are was = k->doors;

	k->doors = *now;
	k->doors_known = true;
	for (uint32_t i = 0; i < now->doors && k->known; i++) {
		const struct message_door *x = &was.door[i], *y = &now->door[i];
		struct builder b;

		if (x->mode == y->mode && x->physical == y->physical && x->alarm == y->alarm)
			continue;
		b = event_new(k);
		kiosk_put_door(&b, y);
		event_done(k, &b);
	}
}

/* With the tills all is said. */
static void on_tills(struct counter *c, const struct message_tills_are *now)
{
	struct kiosk *k = &c->kiosk;
	struct message_tills_are was = k->tills;

	k->tills = *now;
	for (uint32_t i = 0; i < now->tills && k->known; i++) {
		struct builder b;

		if (was.till[i].visit == now->till[i].visit)
			continue;
		b = event_new(k);
		kiosk_put_visit(&b, now->till[i].name, now->till[i].visit);
		event_done(k, &b);
	}
	if (k->known || !k->doors_known)
		return;
	k->known = true;
	for (uint32_t i = 0; i < k->doors.doors; i++)
		ask_challenge(c, k->doors.door[i].name);
	wake_all(k);
}

static void on_happened(struct kiosk *k, const union message *m)
{
	struct builder b;

	if (!k->known)
		return;
	b = event_new(k);
	if (m->head.type == MESSAGE_SHOWN)
		kiosk_put_verdict(&b, &m->shown);
	else
		kiosk_put_line(&b, &m->scanned);
	event_done(k, &b);
}

bool kiosk_message(struct counter *c, const union message *m)
{
	struct kiosk *k = &c->kiosk;
	uint16_t type = m->head.type;

	if (m->head.request != 0 ||
	    (type != MESSAGE_DOORS_ARE && type != MESSAGE_TILLS_ARE &&
	     type != MESSAGE_CHALLENGE_IS && type != MESSAGE_SHOWN && type != MESSAGE_SCANNED))
		return false;
	if (k->clients == 0)
		return true; /* said before shopd heard that nobody listens any more */
	if (type == MESSAGE_DOORS_ARE)
		on_doors(k, &m->doors_are);
	else if (type == MESSAGE_TILLS_ARE)
		on_tills(c, &m->tills_are);
	else if (type == MESSAGE_CHALLENGE_IS)
		on_challenge(c, &m->challenge_is);
	else
		on_happened(k, m);
	return true;
}

/* --- coming and going --- */

static void kiosk_forget(struct kiosk *k)
{
	k->known = k->doors_known = false;
	memset(k->challenge, 0, sizeof(k->challenge));
	timer_arm(k->challenges, MONO_NEVER);
}

static void say_listens(struct counter *c, bool listens)
{
	union message m;

	message_init(&m, MESSAGE_KIOSK, 0);
	m.kiosk.listens = listens;
	(void)link_send(c->link, &m); /* when shopd is away: kiosk_shopd() says it again */
}

void kiosk_shopd(struct counter *c, bool up)
{
	struct kiosk *k = &c->kiosk;

	kiosk_forget(k);
	if (k->clients == 0)
		return;
	for (uint32_t i = 0; i < KIOSK_CLIENTS_MAX; i++)
		k->client[i].place = true;
	if (up)
		say_listens(c, true);
	else
		wake_all(k);
}

static void kiosk_free(struct counter *c, struct kiosk_client *client)
{
	struct kiosk *k = &c->kiosk;

	client->request->owner = NULL;
	client->request = NULL;
	CHECK(k->clients > 0);
	if (--k->clients > 0)
		return;
	kiosk_forget(k);
	timer_arm(k->comments, MONO_NEVER);
	if (c->link)
		say_listens(c, false);
}

static struct kiosk_client *kiosk_client_of(struct kiosk *k, const struct http_request *r)
{
	for (uint32_t i = 0; i < KIOSK_CLIENTS_MAX && r->owner; i++)
		if (r->owner == &k->client[i])
			return &k->client[i];
	return NULL;
}

bool kiosk_gone(struct counter *c, struct http_request *r)
{
	struct kiosk_client *client = kiosk_client_of(&c->kiosk, r);

	if (client)
		kiosk_free(c, client);
	return client;
}

static void kiosk_drop(struct counter *c, struct kiosk_client *client)
{
	struct http_request *r = client->request;

	kiosk_free(c, client);
	http_drop(r);
}

static void on_kiosk_comments(void *data)
{
	struct counter *c = data;
	struct kiosk *k = &c->kiosk;
	struct mono now = loop_mono(), stalled = {now.ms - EVENT_STALLED_MS};

	for (uint32_t i = 0; i < KIOSK_CLIENTS_MAX; i++) {
		struct kiosk_client *client = &k->client[i];

		if (!client->request)
			continue;
		if (http_peer_closed(client->request) ||
		    http_stream_stalled(client->request, stalled)) {
			kiosk_drop(c, client);
			continue;
		}
		client->comment = true;
		http_stream_wake(client->request);
	}
	if (k->clients > 0)
		timer_arm(k->comments, mono_add(now, EVENT_COMMENT_MS));
}

/* A page that was reloaded is noticed at the next comment only; when every place is taken, now. */
static struct kiosk_client *kiosk_place(struct counter *c)
{
	struct kiosk *k = &c->kiosk;

	for (uint32_t i = 0; i < KIOSK_CLIENTS_MAX && k->clients == KIOSK_CLIENTS_MAX; i++)
		if (http_peer_closed(k->client[i].request))
			kiosk_drop(c, &k->client[i]);
	for (uint32_t i = 0; i < KIOSK_CLIENTS_MAX; i++)
		if (!k->client[i].request)
			return &k->client[i];
	return NULL;
}

void kiosk_listen(struct counter *c, const struct call *call)
{
	struct kiosk *k = &c->kiosk;
	struct http_request *r = call->request;
	struct kiosk_client *client = kiosk_place(c);

	if (!client) {
		problem_fault(c, r, FAULT_TOO_MANY);
		return;
	}
	*client = (struct kiosk_client){
		.request = r, .told = k->happened, .greet = true, .place = true};
	r->owner = client;
	if (k->clients++ == 0) {
		timer_arm(k->comments, mono_add(loop_mono(), EVENT_COMMENT_MS));
		say_listens(c, true);
	}
	c->tally.responses[2]++;
	http_stream(r, &k->stream);
}

int kiosk_open(struct counter *c)
{
	struct kiosk *k = &c->kiosk;
	int r = timer_add(c->loop, WATCH_IDLE, KIOSK_COMMENT_SLACK_MS, on_kiosk_comments, c,
			  &k->comments);

	k->stream = (struct http_stream){
		.content_type = "text/event-stream", .pull = on_kiosk_pull, .data = c};
	if (r == 0)
		r = timer_add(c->loop, WATCH_IDLE, CHALLENGE_SLACK_MS, on_challenges, c,
			      &k->challenges);
	return r;
}

void kiosk_close(struct counter *c)
{
	struct kiosk *k = &c->kiosk;

	for (uint32_t i = 0; i < KIOSK_CLIENTS_MAX; i++)
		if (k->client[i].request)
			kiosk_drop(c, &k->client[i]);
	timer_free(k->comments);
	timer_free(k->challenges);
	k->comments = k->challenges = NULL;
}
