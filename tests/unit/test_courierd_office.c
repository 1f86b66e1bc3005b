/*
 * test_courierd_office.c: the courier between a played shopd (a listener that makes proofs and
 * takes what it is brought) and a played office (a real HTTP server), all in one loop; the ledger
 * is played by the functions of ledger/read.h below. Nothing waits but the loop, and that with an
 * end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "courierd/office.h"
#include "net/base64url.h"
#include "net/pack.h"
#include "net/socket.h"
#include "wire/sync.h"

/* both sides of HTTP call what is answered so */
#define http_answer http_server_answer
#include "net/http_server.h"
#undef http_answer

enum {
	PATIENCE_MS = 10000,
	ENTRIES = 10000, /* of the played ledger */
	BODY = 40,
	SAYS_MAX = 64,
};

/* what the played office does about the next request of a kind, and what it saw */
struct script {
	const char *path; /* how it ends */
	bool used;
	uint32_t status; /* 0: does not answer at all */
	const char *type, *body;
	uint32_t body_len;
	const char *header, *value;
};

struct seen {
	char method[8], path[128], query[64], token[64];
	char encoding[16];
	uint8_t *body;
	uint32_t body_len;
};

static struct loop *loop;
static struct listener *shopd;
static struct link *link_to;
static struct http_client *client;
static struct http_server *server;
static struct office *office;
static struct timer *patience;
static char dir[64], path[96], url[64];
static uint32_t peer;
/* shopd's side */
static struct message_sync sync_now;
static uint32_t proofs, nonces, saids, carried, carried_how;
static char purpose[PLACE_MAX_LEN + 1];
static uint8_t said[2 * 1024 * 1024];
static uint32_t said_len, said_what;
static bool takes, at_once_idle, thinks; /* thinks: it takes a moment to judge */
static union message verdict;
static struct timer *thought;
static void (*on_taken)(void);
/* the office's side */
static struct script script[8];
static uint32_t scripts;
static struct seen seen[SAYS_MAX];
static uint32_t says;
static bool (*enough)(void);
/* the ledger */
static uint64_t ledger_head;

/* --- the played ledger */

struct reader {
	int nothing;
};

int reader_open(const char *state_dir, struct reader **ret)
{
	static struct reader reader;

	assert_string_equal(state_dir, dir);
	*ret = &reader;
	return 0;
}

void reader_close(struct reader *r)
{
	(void)r;
}

static void entry_of(uint64_t seq, struct raw_entry *e, uint8_t body[BODY])
{
	memset(body, (int)(seq * 7), BODY);
	*e = (struct raw_entry){
		.epoch = 1, .seq = seq, .at = {(int64_t)seq}, .kind = 3, .erased = seq % 10 == 0};
	e->body = (struct span){body, e->erased ? 32 : BODY};
	memset(e->hash.byte, (int)seq, sizeof(e->hash.byte));
}

int reader_raw(struct reader *r, uint64_t after, uint32_t max, raw_entry_fn *take, void *data)
{
	struct raw_entry e;
	uint8_t body[BODY];
	int taken = 0;

	(void)r;
	if (after < ledger_head) { /* busy once: told to start over */
		entry_of(after + 1, &e, body);
		assert_true(take(data, &e));
		assert_true(take(data, NULL));
	}
	while (after < ledger_head && (uint32_t)taken < max) {
		entry_of(++after, &e, body);
		if (!take(data, &e))
			break;
		taken++;
	}
	return taken;
}

/* --- the played shopd */

static void look(void)
{
	if (enough != NULL && enough())
		loop_stop(loop);
}

static void tell_sync(void)
{
	union message m;

	message_init(&m, MESSAGE_SYNC, 0);
	sync_now.head = m.head;
	m.sync = sync_now;
	assert_true(listener_send(shopd, peer, &m));
}

static void on_thought(void *data)
{
	(void)data;
	assert_true(listener_send(shopd, peer, &verdict));
	verdict.head.request = 0;
	saids++;
	if (takes && on_taken != NULL)
		on_taken();
	look();
}

static void on_said_message(const union message *m, int fd)
{
	struct stat st;

	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_size, m->said.bytes);
	assert_int_equal(fcntl(fd, F_GET_SEALS) & (F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK),
			 F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK);
	said_len = m->said.bytes;
	said_what = m->said.what;
	assert_true(said_len <= sizeof(said));
	assert_int_equal(pread(fd, said, said_len, 0), said_len);
	close(fd);
	assert_int_equal(verdict.head.request, 0); /* it hears one thing at a time */
	message_init(&verdict, MESSAGE_SAID_IS, m->head.request);
	verdict.said_is.taken = takes;
	snprintf(verdict.said_is.why, sizeof(verdict.said_is.why), takes ? "" : "no");
	if (thinks)
		timer_arm(thought, mono_add(loop_mono(), 30));
	else
		on_thought(NULL);
}

static void on_shopd(void *data, uint32_t from, const union message *m, int fd)
{
	union message answer;

	(void)data;
	assert_int_equal(from, peer);
	if (m->head.type == MESSAGE_SAID) {
		on_said_message(m, fd);
		return;
	}
	assert_int_equal(fd, -1);
	if (m->head.type == MESSAGE_CARRIED) {
		carried++;
		carried_how = m->carried.how;
		look();
		return;
	}
	assert_int_equal(m->head.type, MESSAGE_PROOF);
	proofs++;
	nonces += m->proof.has_nonce;
	snprintf(purpose, sizeof(purpose), "%s", m->proof.purpose);
	message_init(&answer, MESSAGE_PROOF_IS, m->head.request);
	answer.proof_is.token_len =
		(uint16_t)snprintf((char *)answer.proof_is.token, sizeof(answer.proof_is.token),
				   "%s%s", m->proof.purpose, m->proof.has_nonce ? "+nonce" : "");
	assert_true(listener_send(shopd, peer, &answer));
}

static void on_peer(void *data, uint32_t who, bool here)
{
	(void)data;
	peer = here ? who : 0;
	if (here)
		tell_sync();
}

/* --- courierd's own, as main.c has it */

static void on_message(void *data, const union message *m)
{
	(void)data;
	(void)office_message(office, m);
}

static void on_link(void *data, bool up)
{
	(void)data;
	office_link(office, up);
}

/* --- the played office */

static void see(struct seen *s, const struct http_request *r)
{
	const char *authorization = r->header[HTTP_AUTHORIZATION];
	const char *encoding = r->header[HTTP_CONTENT_ENCODING];
	uint32_t len;

	assert_non_null(authorization);
	assert_memory_equal(authorization, "SK1 ", 4);
	assert_true(base64url_decode(authorization + 4, (uint32_t)strlen(authorization + 4),
				     (uint8_t *)s->token, sizeof(s->token) - 1, &len));
	snprintf(s->method, sizeof(s->method), "%s", r->method);
	snprintf(s->path, sizeof(s->path), "%s", r->path);
	snprintf(s->encoding, sizeof(s->encoding), "%s", encoding != NULL ? encoding : "");
	for (const char **name =
		     (const char *[]){"epoch", "after", "wait", "snapshot", "next", "nonce", NULL};
	     *name != NULL; name++)
		if (http_query(r, *name) != NULL) {
			size_t at = strlen(s->query);

			snprintf(s->query + at, sizeof(s->query) - at, "%s=%s ", *name,
				 http_query(r, *name));
		}
	s->body_len = r->body.len;
	s->body = malloc(r->body.len + 1);
	assert_non_null(s->body);
	memcpy(s->body, r->body.data, r->body.len);
}

/** The first line of the script for this path that was not used yet; none: no answer. */
static struct script next_of(const char *request_path)
{
	for (uint32_t i = 0; i < scripts; i++) {
		size_t len = strlen(request_path), end = strlen(script[i].path);

		if (script[i].used || len < end ||
		    strcmp(request_path + len - end, script[i].path) != 0)
			continue;
		script[i].used = true;
		return script[i];
	}
	return (struct script){.status = 0};
}

static void on_request(void *data, struct http_request *r)
{
	struct http_server_answer answer = {.status = 204};
	struct script now;

	(void)data;
	if (strstr(r->path, "/heartbeat") != NULL && at_once_idle) {
		http_respond(r, &answer);
		return;
	}
	assert_true(says < SAYS_MAX);
	see(&seen[says++], r);
	now = next_of(r->path);
	if (now.status == 0) {
		http_hold(r);
		look();
		return;
	}
	answer = (struct http_server_answer){.status = now.status,
					     .content_type = now.type,
					     .body = (void *)(uintptr_t)now.body,
					     .body_len = now.body_len};
	if (now.header != NULL)
		answer.header[0] = (struct http_answer_header){now.header, now.value};
	http_respond(r, &answer);
	look();
}

static void on_gone(void *data, struct http_request *r)
{
	(void)data;
	(void)r;
}

static void on_late(void *data)
{
	(void)data;
	fail_msg("nothing more happens: %u requests, %u proofs, %u said", says, proofs, saids);
}

/* --- the house */

static const struct http_handler handler = {on_request, on_gone, NULL};

static int start(void **state)
{
	struct http_limits limits = http_limits_shop;
	char why[200];

	(void)state;
	limits.body_max = limits.body_drain_max = 2 * 1024 * 1024;
	memset(&sync_now, 0, sizeof(sync_now));
	memset(seen, 0, sizeof(seen));
	proofs = nonces = saids = carried = scripts = says = 0;
	takes = at_once_idle = true;
	thinks = false;
	memset(&verdict, 0, sizeof(verdict));
	on_taken = NULL;
	enough = NULL;
	ledger_head = 0;
	snprintf(dir, sizeof(dir), P_tmpdir "/shop-office-XXXXXX");
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/courier.sock", dir);
	assert_int_equal(loop_new(&loop), 0);
	assert_int_equal(timer_add(loop, WATCH_NORMAL, 0, on_late, NULL, &patience), 0);
	assert_int_equal(timer_add(loop, WATCH_NORMAL, 0, on_thought, NULL, &thought), 0);
	timer_arm(patience, mono_add(loop_mono(), PATIENCE_MS));
	assert_int_equal(http_server_open(loop, "127.0.0.1:0", &handler, &limits, &server, why), 0);
	snprintf(url, sizeof(url), "http://127.0.0.1:%u", http_server_port(server));
	assert_int_equal(
		listener_open(loop, path, 0600, ROLE_COURIER, 100, on_shopd, on_peer, NULL, &shopd),
		0);
	assert_int_equal(http_client_new(loop, &client), 0);
	assert_int_equal(link_open(loop, path, ROLE_COURIER, "courierd", on_message, on_link, NULL,
				   &link_to),
			 0);
	assert_int_equal(office_open(loop, link_to, client, dir, 5, &office), 0);
	snprintf(sync_now.url, sizeof(sync_now.url), "%s", url);
	snprintf(sync_now.shop, sizeof(sync_now.shop), "viken");
	sync_now.enrolled = 1;
	sync_now.epoch = 4;
	return 0;
}

static int stop(void **state)
{
	(void)state;
	office_close(office);
	link_close(link_to);
	http_client_free(client);
	http_server_close(server);
	listener_close(shopd);
	timer_free(patience);
	timer_free(thought);
	loop_free(loop);
	for (uint32_t i = 0; i < says; i++)
		free(seen[i].body);
	return rmdir(dir);
}

static void answers(const char *to, uint32_t status, const char *type, const char *body)
{
	script[scripts++] = (struct script){.path = to,
					    .status = status,
					    .type = type,
					    .body = body,
					    .body_len = (uint32_t)strlen(body)};
}

static void run_until(bool (*condition)(void))
{
	enough = condition;
	assert_int_equal(loop_run(loop), 0);
}

static bool said_once(void)
{
	return saids >= 1;
}

static bool said_thrice(void)
{
	return saids >= 3;
}

static bool told_of_the_road(void)
{
	return carried >= 1;
}

/* --- what is carried up */

/** Unpacks a posted batch: how many entries, each as the ledger has it; the last one's seq. */
static uint32_t batch_check(const struct seen *s, uint64_t first)
{
	static uint8_t room[SYNC_BATCH_MAX];
	struct span batch = {room, 0};
	struct sync_entry e;
	struct raw_entry raw;
	struct sha256 hash;
	uint8_t body[BODY];
	uint32_t count = 0;

	assert_string_equal(s->encoding, "zstd");
	assert_true(unpack((struct span){s->body, s->body_len}, room, sizeof(room), &batch.len));
	while (batch.len > 34) {
		assert_true(sync_entry_take(&batch, &e));
		entry_of(first + count, &raw, body);
		assert_int_equal(e.seq, raw.seq);
		assert_int_equal(e.epoch, 1);
		assert_int_equal(e.erased, raw.erased);
		assert_true(span_is(e.body, raw.body.data, raw.body.len));
		count++;
	}
	assert_true(sync_hash_take(&batch, &hash));
	assert_memory_equal(hash.byte, raw.hash.byte, sizeof(hash.byte));
	return count;
}

static void acked_moves(void)
{
	sync_now.acked += SYNC_ENTRIES_MAX;
	if (sync_now.acked > ledger_head)
		sync_now.acked = ledger_head;
	tell_sync();
}

static bool all_acked(void)
{
	return sync_now.acked == ledger_head;
}

static void entries_go_up_batch_by_batch(void **state)
{
	uint64_t next = 1;
	uint32_t batches = 0;

	(void)state;
	ledger_head = ENTRIES;
	sync_now.head_seq = ENTRIES;
	on_taken = acked_moves;
	answers("entries", 200, "application/cose", "ack 1");
	answers("entries", 200, "application/cose", "ack 2");
	answers("entries", 200, "application/cose", "ack 3");
	run_until(all_acked);
	for (uint32_t i = 0; i < says; i++) {
		if (strcmp(seen[i].method, "POST") != 0)
			continue;
		assert_string_equal(seen[i].path, "/v1/shops/viken/entries");
		assert_string_equal(seen[i].query, "epoch=4 ");
		assert_string_equal(seen[i].token, "entries");
		next += batch_check(&seen[i], next);
		batches++;
	}
	assert_int_equal(next, ENTRIES + 1);
	assert_int_equal(batches, 3);
	assert_int_equal(saids, 3);
	assert_true(span_is((struct span){said, said_len}, "ack 3", 5));
	assert_int_equal(said_what, CARRY_STATEMENT);
}

static void a_gap_is_handed_on_like_an_ack(void **state)
{
	(void)state;
	ledger_head = sync_now.head_seq = 3;
	answers("entries", 409, "application/cose", "gap");
	run_until(said_once);
	assert_true(span_is((struct span){said, said_len}, "gap", 3));
}

/** How many requests came with this token. */
static uint32_t tokens(const char *token)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < says; i++)
		count += strcmp(seen[i].token, token) == 0;
	return count;
}

static bool repeated_with_nonce(void)
{
	return nonces > 0 && saids > 0;
}

static void an_office_that_doubts_the_clock_gets_its_nonce_back(void **state)
{
	(void)state;
	ledger_head = sync_now.head_seq = 3;
	answers("entries", 401, "application/problem+json",
		"{\"code\":\"stale\",\"nonce\":\"000102030405060708090a0b0c0d0e0f\"}");
	answers("entries", 200, "application/cose", "x");
	run_until(repeated_with_nonce);
	assert_int_equal(tokens("entries"), 1);
	assert_int_equal(tokens("entries+nonce"), 1);
}

static void one_that_doubts_twice_is_told_on(void **state)
{
	const char *stale = "{\"code\":\"stale\",\"nonce\":\"000102030405060708090a0b0c0d0e0f\"}";

	(void)state;
	for (int i = 0; i < 8; i++)
		answers("feed", 401, "application/problem+json", stale);
	run_until(told_of_the_road);
	assert_int_equal(carried_how, CARRIED_REFUSED);
}

/* --- what comes down */

static void cursor_moves(void)
{
	sync_now.feed += 5;
	tell_sync();
}

static bool polled_on(void)
{
	return says >= 2 && strstr(seen[says - 1].query, "after=5 ") != NULL;
}

static void the_feed_is_polled_from_its_cursor_on(void **state)
{
	(void)state;
	on_taken = cursor_moves;
	answers("feed", 200, "application/cose", "changes");
	run_until(polled_on);
	assert_string_equal(seen[0].path, "/v1/shops/viken/feed");
	assert_string_equal(seen[0].query, "after=0 wait=55 ");
	assert_string_equal(seen[0].token, "feed");
	assert_true(span_is((struct span){said, said_len}, "changes", 7));
}

static void snapshot_ends(void)
{
	if (saids < 3)
		return;
	sync_now.feed = 77;
	tell_sync();
}

static bool polled_after_snapshot(void)
{
	return says >= 5;
}

static void a_snapshot_comes_by_parts(void **state)
{
	(void)state;
	on_taken = snapshot_ends;
	answers("feed", 409, "application/problem+json", "{\"code\":\"must_refetch\"}");
	answers("feed", 200, "application/cose", "part 1");
	script[1].header = "SK-Next";
	script[1].value = "a.b-c_1";
	answers("feed", 200, "application/cose", "part 2");
	script[2].header = "SK-Next";
	script[2].value = "z";
	answers("feed", 200, "application/cose", "part -3");
	run_until(polled_after_snapshot);
	assert_string_equal(seen[1].query, "snapshot=1 ");
	assert_string_equal(seen[2].query, "snapshot=1 next=a.b-c_1 ");
	assert_string_equal(seen[3].query, "snapshot=1 next=z ");
	assert_string_equal(seen[4].query, "after=77 wait=55 ");
}

static void a_tail_is_unpacked_for_shopd(void **state)
{
	static uint8_t packed[4096];
	static const char tail[] = "a tail, a tail, a tail, a tail";
	uint32_t len =
		pack((struct span){(const uint8_t *)tail, sizeof(tail)}, packed, sizeof(packed));

	(void)state;
	assert_true(len > 0);
	sync_now.want_tail = 1;
	sync_now.tail_after = 12;
	answers("entries", 200, "application/cbor-seq", "");
	script[0].body = (const char *)packed;
	script[0].body_len = len;
	run_until(said_once);
	assert_string_equal(seen[0].method, "GET");
	assert_string_equal(seen[0].path, "/v1/shops/viken/entries");
	assert_string_equal(seen[0].query, "after=12 ");
	assert_int_equal(said_what, CARRY_TAIL);
	assert_true(span_is((struct span){said, said_len}, tail, sizeof(tail)));
}

static void enrolled(void)
{
	sync_now.enrolled = 1;
	memset(sync_now.code, 0, sizeof(sync_now.code));
	tell_sync();
}

static bool beats(void)
{
	for (uint32_t i = 0; i < says; i++)
		if (strstr(seen[i].path, "/heartbeat") != NULL)
			return true;
	return false;
}

static void an_enrolment_and_the_first_heartbeat(void **state)
{
	struct sync_heartbeat beat;
	struct sync_enrol e;
	uint32_t at = 1;

	(void)state;
	at_once_idle = false;
	sync_now.enrolled = 0;
	snprintf(sync_now.code, sizeof(sync_now.code), "VIKEN-ABCD");
	memset(sync_now.key, 9, sizeof(sync_now.key));
	sync_now.doors = 1;
	snprintf(sync_now.door[0].name, sizeof(sync_now.door[0].name), "front");
	sync_now.up_ms = 5000;
	sync_now.clock_trusted = 1;
	on_taken = enrolled;
	answers("enrol", 200, "application/cose", "enrolled");
	run_until(beats);
	assert_string_equal(seen[0].path, "/v1/shops/viken/enrol");
	assert_string_equal(seen[0].token, "enrol");
	assert_true(sync_enrol_take((struct span){seen[0].body, seen[0].body_len}, &e));
	assert_string_equal(e.code, "VIKEN-ABCD");
	assert_memory_equal(e.key.y, sync_now.key + 32, 32);
	while (strstr(seen[at].path, "/heartbeat") == NULL)
		at++;
	assert_string_equal(seen[at].token, "heartbeat");
	assert_true(sync_heartbeat_take((struct span){seen[at].body, seen[at].body_len}, &beat));
	assert_int_equal(beat.epoch, 4);
	assert_true(beat.clock_trusted && !beat.ledger_ok && beat.up_ms >= 5000);
	assert_string_equal(beat.door[0].name, "front");
}

static void a_refused_code_is_told_with_its_reason(void **state)
{
	(void)state;
	sync_now.enrolled = 0;
	snprintf(sync_now.code, sizeof(sync_now.code), "VIKEN-ABCD");
	answers("enrol", 403, "application/problem+json",
		"{\"code\":\"claim_used\",\"detail\":\"used\\u0007 already\"}");
	run_until(told_of_the_road);
	assert_int_equal(carried_how, CARRIED_ENROL_REFUSED);
}

static void one_answer_at_a_time_for_shopd(void **state)
{
	(void)state;
	thinks = true;
	/* three answers come together; the played shopd takes no second one before it has answered
	 */
	ledger_head = sync_now.head_seq = 3;
	sync_now.want_time = 1;
	sync_now.time_nonce[0] = 0xab;
	answers("entries", 200, "application/cose", "one");
	answers("time", 200, "application/cose", "two");
	answers("feed", 200, "application/cose", "three");
	run_until(said_thrice);
	assert_int_equal(tokens("time"), 1);
	for (uint32_t i = 0; i < says; i++)
		if (strcmp(seen[i].token, "time") == 0)
			assert_string_equal(seen[i].query,
					    "nonce=ab000000000000000000000000000000 ");
}

/* --- what goes wrong */

static void no_office_at_all_is_told(void **state)
{
	(void)state;
	snprintf(sync_now.url, sizeof(sync_now.url), "http://127.0.0.1:1");
	ledger_head = sync_now.head_seq = 3;
	run_until(told_of_the_road);
	assert_int_equal(carried_how, CARRIED_NO_ROAD);
	assert_int_equal(says, 0);
}

static void an_address_that_may_not_be_asked_is_odd(void **state)
{
	(void)state;
	snprintf(sync_now.url, sizeof(sync_now.url), "http://office.example");
	run_until(told_of_the_road);
	assert_int_equal(carried_how, CARRIED_ODD);
	assert_int_equal(proofs, 0);
}

static void nonsense_is_not_handed_on(void **state)
{
	(void)state;
	for (int i = 0; i < 8; i++)
		answers("entries", 200, "text/html", "<html>");
	ledger_head = sync_now.head_seq = 3;
	run_until(told_of_the_road);
	assert_int_equal(carried_how, CARRIED_ODD);
	assert_int_equal(saids, 0);
}

static struct timer *death;

static bool asked_again(void)
{
	if (says == 2) /* everything is on its way */
		timer_arm(death, (struct mono){0});
	return says >= 4;
}

static void on_death(void *data)
{
	(void)data;
	listener_close(shopd);
	assert_int_equal(
		listener_open(loop, path, 0600, ROLE_COURIER, 200, on_shopd, on_peer, NULL, &shopd),
		0);
}

/* shopd dies while everything is on its way: all of it is asked anew, by the next one's word */
static void a_shopd_that_dies_in_between(void **state)
{
	(void)state;
	ledger_head = sync_now.head_seq = 3;
	assert_int_equal(timer_add(loop, WATCH_NORMAL, 0, on_death, NULL, &death), 0);
	run_until(asked_again);
	timer_free(death);
	assert_int_equal(tokens("entries"), 2);
	assert_int_equal(tokens("feed"), 2);
	assert_int_equal(saids, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(entries_go_up_batch_by_batch),
		TEST(a_gap_is_handed_on_like_an_ack),
		TEST(an_office_that_doubts_the_clock_gets_its_nonce_back),
		TEST(one_that_doubts_twice_is_told_on),
		TEST(the_feed_is_polled_from_its_cursor_on),
		TEST(a_snapshot_comes_by_parts),
		TEST(a_tail_is_unpacked_for_shopd),
		TEST(an_enrolment_and_the_first_heartbeat),
		TEST(a_refused_code_is_told_with_its_reason),
		TEST(one_answer_at_a_time_for_shopd),
		TEST(no_office_at_all_is_told),
		TEST(an_address_that_may_not_be_asked_is_odd),
		TEST(nonsense_is_not_handed_on),
		TEST(a_shopd_that_dies_in_between),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
