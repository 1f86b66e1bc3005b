/*
 * office.c: one request from beginning to end: made, proven by shopd, asked, asked once more with
 * the office's nonce if it doubts our clock, and what it said carried to shopd, which hears one
 * thing at a time.
 *
 * It keeps nothing on disk and promises nothing to the office: killed in the middle of anything, it
 * begins again from what shopd says, and the office takes what it has already as taken.
 */
#include "courierd/office.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "courierd/answer.h"
#include "net/base64url.h"
#include "net/pack.h"
#include "token/statement.h"

enum {
	RETRY_SLACK_MS = 50,
	TOKEN_MAX = sizeof(((struct message_proof_is *)0)->token),
};

enum step {
	STEP_NONE = 0,	/* nothing is on its way */
	STEP_PROOF = 1, /* shopd makes a token */
	STEP_HTTP = 2,
	STEP_QUEUE = 3, /* answered; shopd is busy with another lane's answer */
	STEP_SAID = 4,	/* shopd judges */
};

struct flight {
	struct office *office;
	enum lane lane;
	enum step step;
	uint32_t request; /* towards shopd */
	bool repeated;	  /* with the office's nonce: once is enough */
	struct office_request ask;
	int said_fd; /* QUEUE: the answer, or -1 */
	uint32_t said_len;
};

struct office {
	struct link *link;
	struct http_client *http;
	struct reader *ledger;
	struct timer *timer;
	uint32_t requests;
	bool working, again;
	struct flight flight[LANES];
	struct plan plan;
};

static void work(struct office *o);

/* ---- the end of a flight ---- */

static void flight_free(struct flight *f)
{
	if (f->step == STEP_HTTP)
		http_forget(f->office->http, f);
	if (f->said_fd >= 0)
		close(f->said_fd);
	office_request_free(&f->ask);
	f->said_fd = -1;
	f->step = STEP_NONE;
}

/** The first failure in a row is worth a line; a week without a road is not one a second. */
static void say_first(const struct office *o, enum lane lane, const char *why)
{
	if (o->plan.lane[lane].tries == 0)
		fprintf(stderr, "office: %s: %s\n", lane_word(lane), why);
}

static void flight_end(struct flight *f, enum went went, int64_t retry_after_s, const char *why)
{
	struct office *o = f->office;

	flight_free(f);
	if (went != WENT_WELL && went != WENT_REFETCH)
		say_first(o, f->lane, why);
	plan_answer(&o->plan, loop_mono(), f->lane, went, retry_after_s, why, "");
	work(o);
}

/* ---- what the office said, to shopd ---- */

static bool shopd_judges(const struct office *o)
{
	for (uint32_t i = 0; i < LANES; i++)
		if (o->flight[i].step == STEP_SAID)
			return true;
	return false;
}

/** shopd hears one thing at a time, in the order of the lanes. */
static void said_send(struct office *o)
{
	for (uint32_t i = 0; i < LANES && !shopd_judges(o); i++) {
		struct flight *f = &o->flight[i];
		union message m;

		if (f->step != STEP_QUEUE)
			continue;
		message_init(&m, MESSAGE_SAID, f->request);
		m.said.what = f->lane == LANE_TAIL ? CARRY_TAIL : CARRY_STATEMENT;
		m.said.bytes = f->said_len;
		if (!link_send_fd(o->link, &m, f->said_fd))
			return; /* it is gone, or about to be: office_link() follows */
		close(f->said_fd);
		f->said_fd = -1;
		f->step = STEP_SAID;
	}
}

/** Keeps the answer in a memfd, for it is lent. 0 or -errno. */
static int said_keep(struct flight *f, const struct http_answer *answer)
{
	struct span bytes = answer->body;
	uint8_t *tail = NULL;

	if (bytes.len == 0)
		return -EBADMSG;
	if (f->lane == LANE_TAIL) {
		tail = office_batch_open(answer->body, &bytes.len);
		bytes.data = tail;
		if (tail == NULL)
			return -EBADMSG;
	}
	f->said_fd = link_sealed(bytes.data, bytes.len);
	f->said_len = bytes.len;
	free(tail);
	return f->said_fd < 0 ? f->said_fd : 0;
}

static void on_said(struct office *o, const union message *m)
{
	for (uint32_t i = 0; i < LANES; i++) {
		struct flight *f = &o->flight[i];

		if (f->step != STEP_SAID || f->request != m->head.request)
			continue;
		flight_free(f);
		if (!m->said_is.taken)
			fprintf(stderr, "office: %s: shopd does not take the answer: %s\n",
				lane_word(f->lane), m->said_is.why);
		plan_said(&o->plan, loop_mono(), f->lane, m->said_is.taken != 0, m->said_is.why);
		return;
	}
}

/* ---- out ---- */

static bool proof_ask(struct flight *f, const uint8_t nonce[16])
{
	struct office *o = f->office;
	union message m;

	if (++o->requests == 0)
		o->requests = 1;
	f->request = o->requests;
	f->step = STEP_PROOF;
	message_init(&m, MESSAGE_PROOF, f->request);
	snprintf(m.proof.purpose, sizeof(m.proof.purpose), "%s", f->ask.purpose);
	if (nonce != NULL) {
		m.proof.has_nonce = 1;
		memcpy(m.proof.nonce, nonce, sizeof(m.proof.nonce));
	}
	return link_send(o->link, &m);
}

static void on_answer(void *data, const struct http_answer *answer)
{
	struct flight *f = data;
	struct office *o = f->office;
	struct office_answer is;
	int r;

	f->step = STEP_QUEUE; /* the request is over: not to be forgotten from within itself */
	answer_read(f->lane, answer, &is);
	if (!plan_current(&o->plan, f->lane)) {
		flight_end(f, WENT_WELL, -1, "");
		return;
	}
	if (is.doubts_clock && !f->repeated) {
		f->repeated = true;
		if (!proof_ask(f, is.nonce))
			flight_end(f, WENT_ODD, -1, "shopd does not answer");
		return;
	}
	if (is.went != WENT_SAID) {
		flight_end(f, is.went, answer->retry_after_s, is.why);
		return;
	}
	r = said_keep(f, answer);
	if (r < 0) {
		flight_end(f, WENT_ODD, -1, "an answer that is empty, or cannot be unpacked");
		return;
	}
	plan_answer(&o->plan, loop_mono(), f->lane, WENT_SAID, -1, "", answer->next);
	said_send(o);
}

static void on_proof(struct flight *f, const struct message_proof_is *proof)
{
	char authorization[sizeof("SK1 ") + BASE64URL_LEN(TOKEN_MAX)] = "SK1 ";
	struct http_ask ask = {.method = f->ask.method,
			       .url = f->ask.url,
			       .authorization = authorization,
			       .content_type = f->ask.content_type,
			       .content_encoding = f->ask.content_encoding,
			       .body = {f->ask.body, f->ask.body_len},
			       .answer_max = f->ask.answer_max,
			       .total_ms = f->ask.total_ms};
	int r;

	if (proof->token_len == 0) {
		flight_end(f, WENT_ODD, -1, "this box has no key to prove itself with");
		return;
	}
	base64url_encode(proof->token, proof->token_len, authorization + strlen("SK1 "));
	r = http_ask(f->office->http, &ask, on_answer, f);
	if (r < 0)
		flight_end(f, WENT_LOST, -1, strerror(-r));
	else
		f->step = STEP_HTTP;
}

static void lane_start(struct office *o, enum lane lane)
{
	struct flight *f = &o->flight[lane];
	int r;

	flight_free(f); /* of one that took too long */
	f->repeated = false;
	r = office_request_make(&o->plan, lane, o->ledger, &f->ask);
	if (r == 0)
		r = proof_ask(f, NULL) ? 0 : -ENOTCONN;
	if (r == 0)
		return;
	flight_free(f);
	if (r != -ENODATA)
		say_first(o, lane, strerror(-r));
	plan_answer(&o->plan, loop_mono(), lane, WENT_ODD, -1,
		    r == -EINVAL ? "this address cannot be asked" : "the ledger cannot be read",
		    "");
}

static void road_tell(struct office *o)
{
	enum carried how;
	const char *why;
	union message m;

	if (!plan_road(&o->plan, &how, &why))
		return;
	message_init(&m, MESSAGE_CARRIED, 0);
	m.carried.how = (uint32_t)how;
	snprintf(m.carried.why, sizeof(m.carried.why), "%s", why);
	if (link_send(o->link, &m))
		plan_road_told(&o->plan);
}

/** What took too long, or is about what nobody wants any more, is let go of; but what shopd has in
 * its hands is waited for. */
static void sweep(struct office *o)
{
	for (uint32_t i = 0; i < LANES; i++) {
		struct flight *f = &o->flight[i];
		enum lane lane = (enum lane)i;

		if (f->step == STEP_NONE || plan_current(&o->plan, lane))
			continue;
		if (f->step == STEP_SAID && plan_asks(&o->plan, lane))
			continue;
		flight_free(f);
		plan_answer(&o->plan, loop_mono(), lane, WENT_WELL, -1, "", "");
	}
}

/** Everything that is due. What it starts may end at once and come here again: that waits. */
static void work(struct office *o)
{
	enum lane lane;

	o->again = true;
	if (o->working)
		return;
	o->working = true;
	while (o->again) {
		o->again = false;
		sweep(o);
		while (plan_next(&o->plan, loop_mono(), &lane))
			lane_start(o, lane);
		said_send(o);
	}
	o->working = false;
	road_tell(o);
	timer_arm(o->timer, plan_deadline(&o->plan));
}

static void on_due(void *data)
{
	work(data);
}

/* ---- in ---- */

static void on_proof_is(struct office *o, const union message *m)
{
	for (uint32_t i = 0; i < LANES; i++) {
		struct flight *f = &o->flight[i];

		if (f->step != STEP_PROOF || f->request != m->head.request)
			continue;
		if (plan_current(&o->plan, f->lane))
			on_proof(f, &m->proof_is);
		else
			flight_end(f, WENT_WELL, -1, "");
		return;
	}
}

bool office_message(struct office *o, const union message *m)
{
	if (m->head.type == MESSAGE_SYNC)
		plan_sync(&o->plan, loop_mono(), &m->sync);
	else if (m->head.type == MESSAGE_PROOF_IS)
		on_proof_is(o, m);
	else if (m->head.type == MESSAGE_SAID_IS)
		on_said(o, m);
	else
		return false;
	work(o);
	return true;
}

void office_link(struct office *o, bool up)
{
	if (up)
		return; /* its MESSAGE_SYNC follows */
	for (uint32_t i = 0; i < LANES; i++)
		flight_free(&o->flight[i]);
	plan_down(&o->plan);
	work(o);
}

int office_open(struct loop *loop, struct link *link, struct http_client *http,
		const char *state_dir, uint64_t seed, struct office **ret)
{
	struct office *o = calloc(1, sizeof(*o));
	int r;

	if (o == NULL)
		return -ENOMEM;
	o->link = link;
	o->http = http;
	plan_init(&o->plan, seed);
	for (uint32_t i = 0; i < LANES; i++) {
		o->flight[i].office = o;
		o->flight[i].lane = (enum lane)i;
		o->flight[i].said_fd = -1;
	}
	r = reader_open(state_dir, &o->ledger);
	if (r == 0)
		r = timer_add(loop, WATCH_NORMAL, RETRY_SLACK_MS, on_due, o, &o->timer);
	if (r < 0) {
		office_close(o);
		return r;
	}
	*ret = o;
	return 0;
}

void office_close(struct office *o)
{
	if (o == NULL)
		return;
	for (uint32_t i = 0; i < LANES; i++)
		flight_free(&o->flight[i]);
	timer_free(o->timer);
	if (o->ledger != NULL)
		reader_close(o->ledger);
	free(o);
}
