/*
 * events.c: each client has a place in the ledger, and reads on from there; nothing is kept for it
 * meanwhile. The cost is bounded by time: a client is given one batch a tick, however far behind it
 * is or however fast the ledger grows, so that a shop in full swing and an owner who asks for a
 * year's entries do not slow the tills. No client: no timer.
 *
 * A client that is slow holds nothing but its place, and loses that after EVENT_STALLED_MS.
 */
#include "counterd/events.h"

#include <string.h>

#include "counterd/counter.h"
#include "counterd/problem.h"
#include "counterd/reply.h"
#include "counterd/routes.h"

#define TICK_SLACK_MS	 5
#define COMMENT_SLACK_MS 5000

/* What one event may come to; entry_text has no control characters, so escaping doubles it at most.
 */
#define EVENT_SIZE_MAX (512 + 2 * ENTRY_TEXT_SIZE)
#define GREETING       ": shopkeeper\nretry: 2000\n\n"
#define COMMENT	       ":\n\n"

/* --- an entry as an event --- */

static const struct place *entry_door(const struct entry *e)
{
	switch (e->kind) {
	case ENTRY_ADMITTED:
		return &e->admitted.place;
	case ENTRY_REFUSED:
		return &e->refused.place;
	case ENTRY_REFUSALS:
		return &e->refusals.place;
	case ENTRY_DOOR:
		return &e->door.place;
	case ENTRY_ALARM:
		return condition_at_door(e->alarm.condition) ? &e->alarm.place : NULL;
	case ENTRY_VISIT_OPENED:
		return &e->visit_opened.place;
	case ENTRY_COMMAND:
		return &e->command.place;
	case ENTRY_OFFICE:
	case ENTRY_ERASED:
	case ENTRY_TOLD:
	case ENTRY_START:
	case ENTRY_STOP:
	case ENTRY_CLOCK:
	case ENTRY_VISIT_JOINED:
	case ENTRY_VISIT_CLOSED:
	case ENTRY_LINE:
	case ENTRY_LINE_VOIDED:
	case ENTRY_TAX:
	case ENTRY_CHART:
	case ENTRY_INVOICE_LINES:
	case ENTRY_INVOICE:
	case ENTRY_CREDIT_NOTE:
	case ENTRY_LINE_CREDITED:
	case ENTRY_PERIOD_CLOSED:
	case ENTRY_STOCK:
	case ENTRY_PAYMENT:
	case ENTRY_PAYMENT_ASSIGNED:
	case ENTRY_CHECK:
	case ENTRY_REPORTED:
	case ENTRY_LOST:
		break;
	}
	return NULL;
}

/* A payment may be nobody's yet. */
static const struct customer *known(const struct customer *customer)
{
	static const struct customer nobody;

	return customer_is(*customer, nobody) ? NULL : customer;
}

static const struct customer *entry_customer(const struct entry *e)
{
	switch (e->kind) {
	case ENTRY_ADMITTED:
		return &e->admitted.customer;
	case ENTRY_REFUSED:
		return e->refused.customer_known ? &e->refused.customer : NULL;
	case ENTRY_DOOR:
		return e->door.customer_known ? &e->door.customer : NULL;
	case ENTRY_VISIT_OPENED:
		return &e->visit_opened.customer;
	case ENTRY_VISIT_JOINED:
		return &e->visit_joined.customer;
	case ENTRY_LINE:
		return &e->line.customer;
	case ENTRY_LINE_VOIDED:
		return &e->line_voided.customer;
	case ENTRY_INVOICE:
		return &e->invoice.customer;
	case ENTRY_CREDIT_NOTE:
		return &e->credit_note.customer;
	case ENTRY_LINE_CREDITED:
		return &e->line_credited.customer;
	case ENTRY_PAYMENT:
		return known(&e->payment.customer);
	case ENTRY_PAYMENT_ASSIGNED:
		return known(&e->payment_assigned.customer);
	case ENTRY_ERASED:
		return e->erased.whose_known ? &e->erased.whose : NULL;
	case ENTRY_OFFICE:
	case ENTRY_COMMAND:
	case ENTRY_START:
	case ENTRY_STOP:
	case ENTRY_CLOCK:
	case ENTRY_REFUSALS:
	case ENTRY_ALARM:
	case ENTRY_TOLD:
	case ENTRY_VISIT_CLOSED:
	case ENTRY_TAX:
	case ENTRY_CHART:
	case ENTRY_INVOICE_LINES:
	case ENTRY_PERIOD_CLOSED:
	case ENTRY_STOCK:
	case ENTRY_CHECK:
	case ENTRY_REPORTED:
	case ENTRY_LOST:
		break;
	}
	return NULL;
}

static void text_or_null(struct builder *b, const char *text)
{
	if (text && *text)
		json_text(b, text);
	else
		json_put(b, "null");
}

static void event_fields(struct builder *b, const struct entry *e)
{
	const struct place *door = entry_door(e);
	const struct customer *customer = entry_customer(e);
	char hex[2 * sizeof(customer->byte) + 1] = "", text[ENTRY_TEXT_SIZE];
	const char *verdict = NULL;

	if (e->kind == ENTRY_ADMITTED)
		verdict = verdict_word(VERDICT_ADMITTED);
	if (e->kind == ENTRY_REFUSED)
		verdict = verdict_word(e->refused.verdict);
	if (customer)
		hex_text(customer->byte, sizeof(customer->byte), hex);
	entry_text(e, text);
	json_put(b, ",\"door\":");
	text_or_null(b, door ? door->name : NULL);
	json_put(b, ",\"verdict\":");
	text_or_null(b, verdict);
	json_put(b, ",\"customer\":");
	text_or_null(b, hex);
	json_put(b, ",\"text\":");
	json_text(b, text);
}

static void event_write(struct builder *b, const struct seq_entry *s)
{
	json_put(b, "id: ");
	json_int(b, (int64_t)s->seq);
	json_put(b, "\nevent: entry\ndata: {\"seq\":");
	json_int(b, (int64_t)s->seq);
	json_put(b, ",\"at\":");
	json_time(b, s->entry.at);
	json_put(b, ",\"kind\":");
	json_text(b, entry_kind_word(s->kind));
	if (s->readable)
		event_fields(b, &s->entry);
	else
		json_put(b, s->erased ? ",\"door\":null,\"verdict\":null,\"customer\":null,"
					"\"text\":\"erased\""
				      : ",\"door\":null,\"verdict\":null,\"customer\":null,"
					"\"text\":\"unreadable\"");
	json_put(b, "}\n\n");
}

/* --- giving to a client --- */

static void tick_soon(struct events *e)
{
	struct mono at = mono_add(e->ticked_at, EVENT_TICK_MS);

	if (e->ticking || e->clients == 0)
		return;
	e->ticking = true;
	timer_arm(e->tick, at);
}

static void batch_write(struct counter *c, struct event_client *client, struct builder *b)
{
	static struct seq_entry entry[EVENT_BATCH_MAX];
	int n;

	if (client->spent || client->after >= c->events.head)
		return;
	n = reader_entries(c->reader, client->after, entry, EVENT_BATCH_MAX);
	for (int i = 0; i < n && b->size - b->len >= EVENT_SIZE_MAX; i++) {
		event_write(b, &entry[i]);
		client->after = entry[i].seq;
	}
	CHECK(!b->failed);
	client->spent = true;
	tick_soon(&c->events); /* for what is left, or when the ledger was busy */
}

static bool client_over(const struct counter *c, const struct event_client *client)
{
	struct mono now = loop_mono();

	return client->session ? !session_alive(&c->sessions, client->session, now)
			       : mono_due(now, client->until);
}

static long on_event_pull(void *data, struct http_request *r, char *bytes, size_t size)
{
	struct counter *c = data;
	struct event_client *client = r->owner;
	struct builder b = builder_of(bytes, (uint32_t)size);

	if (!client || client_over(c, client))
		return -1;
	if (client->greet)
		json_put(&b, GREETING);
	else if (client->comment)
		json_put(&b, COMMENT);
	client->greet = client->comment = false;
	batch_write(c, client, &b);
	return (long)b.len;
}

static void client_free(struct events *e, struct event_client *client)
{
	client->request->owner = NULL;
	client->request = NULL;
	CHECK(e->clients > 0);
	e->clients--;
}

void events_gone(void *data, struct http_request *r)
{
	struct counter *c = data;

	if (r->owner)
		client_free(&c->events, r->owner);
}

static void client_drop(struct events *e, struct event_client *client)
{
	struct http_request *r = client->request;

	client_free(e, client);
	http_drop(r);
}

/* --- time --- */

static void on_tick(void *data)
{
	struct counter *c = data;
	struct events *e = &c->events;

	e->ticking = false;
	e->ticked_at = loop_mono();
	for (uint32_t i = 0; i < EVENT_CLIENTS_MAX; i++) {
		struct event_client *client = &e->client[i];

		if (!client->request)
			continue;
		client->spent = false;
		if (client->after < e->head)
			http_stream_wake(client->request);
	}
}

static void on_comments(void *data)
{
	struct counter *c = data;
	struct events *e = &c->events;
	struct mono now = loop_mono(), stalled = {now.ms - EVENT_STALLED_MS};

	for (uint32_t i = 0; i < EVENT_CLIENTS_MAX; i++) {
		struct event_client *client = &e->client[i];

		if (!client->request)
			continue;
		if (http_stream_stalled(client->request, stalled)) {
			client_drop(e, client);
			continue;
		}
		client->comment = true;
		http_stream_wake(client->request);
	}
	if (e->clients > 0)
		timer_arm(e->comments, mono_add(now, EVENT_COMMENT_MS));
}

void events_news(struct counter *c, uint64_t head)
{
	c->events.head = head;
	tick_soon(&c->events);
}

void events_session_ended(struct counter *c)
{
	for (uint32_t i = 0; i < EVENT_CLIENTS_MAX; i++) {
		struct event_client *client = &c->events.client[i];

		if (client->request && client_over(c, client))
			http_stream_wake(client->request);
	}
}

/* --- coming and going --- */

static struct event_client *place_free(struct events *e)
{
	for (uint32_t i = 0; i < EVENT_CLIENTS_MAX; i++)
		if (!e->client[i].request)
			return &e->client[i];
	return NULL;
}

/* Pages that were closed are noticed at the next comment only; when every place is taken, now. */
static struct event_client *place_find(struct events *e)
{
	for (uint32_t i = 0; i < EVENT_CLIENTS_MAX && e->clients == EVENT_CLIENTS_MAX; i++)
		if (http_peer_closed(e->client[i].request))
			client_drop(e, &e->client[i]);
	return place_free(e);
}

/* Where to begin: behind the event that the client names, or now. False: it names none. */
static bool start_after(const struct counter *c, const struct http_request *r, uint64_t *ret)
{
	const char *text = r->header[HTTP_LAST_EVENT_ID];
	size_t len = text ? strlen(text) : 0;
	uint64_t after = 0;

	if (len == 0) {
		*ret = c->events.head;
		return true;
	}
	if (len > 18 || strspn(text, "0123456789") != len)
		return false;
	for (; *text; text++)
		after = after * 10 + (uint64_t)(*text - '0');
	*ret = after;
	return true;
}

void events_listen(struct counter *c, const struct call *call)
{
	struct events *e = &c->events;
	struct http_request *r = call->request;
	struct event_client *client;
	uint64_t head, after;

	if (reader_head(c->reader, &head) < 0) {
		problem_fault(c, r, FAULT_UNAVAILABLE);
		return;
	}
	e->head = head > e->head ? head : e->head;
	if (!start_after(c, r, &after)) {
		problem_fault(c, r, FAULT_MALFORMED);
		return;
	}
	client = place_find(e);
	if (!client) {
		problem_fault(c, r, FAULT_TOO_MANY);
		return;
	}
	*client = (struct event_client){
		.request = r,
		.after = after,
		.session = call->session,
		.until = mono_add(loop_mono(), SESSION_LIFE_MS),
		.greet = true,
	};
	r->owner = client;
	if (e->clients++ == 0)
		timer_arm(e->comments, mono_add(loop_mono(), EVENT_COMMENT_MS));
	c->tally.responses[2]++;
	http_stream(r, &e->stream);
}

int events_open(struct counter *c)
{
	struct events *e = &c->events;
	int r = timer_add(c->loop, WATCH_IDLE, TICK_SLACK_MS, on_tick, c, &e->tick);

	e->stream = (struct http_stream){
		.content_type = "text/event-stream", .pull = on_event_pull, .data = c};
	if (r == 0)
		r = timer_add(c->loop, WATCH_IDLE, COMMENT_SLACK_MS, on_comments, c, &e->comments);
	return r;
}

void events_close(struct counter *c)
{
	struct events *e = &c->events;

	for (uint32_t i = 0; i < EVENT_CLIENTS_MAX; i++)
		if (e->client[i].request)
			client_drop(e, &e->client[i]);
	timer_free(e->tick);
	timer_free(e->comments);
	e->tick = e->comments = NULL;
}
