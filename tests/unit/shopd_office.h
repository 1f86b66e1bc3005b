/*
 * shopd_office.h: a head office and courierd within a test of shopd: the office's keys, what it
 * signs, and the road between them, played by the test.
 */
#ifndef SHOP_TESTS_SHOPD_OFFICE_H
#define SHOP_TESTS_SHOPD_OFFICE_H

#include "shopd_bench.h"

#include "ledger/read.h"
#include "shopd/office.h"
#include "token/statement.h"
#include "wire/sync.h"

#define OFFICE_URL "https://office.example"

struct signer {
	uint8_t secret[32];
	struct public_key key;
};

static struct {
	struct signer root, key;
	uint8_t keys[KEYS_STATEMENT_MAX]; /* the root's word */
	uint32_t keys_len;
	struct caller courier, control;
	struct message_sync sync; /* the newest that courierd was told */
	uint32_t syncs;
	uint8_t said[SYNC_FEED_MAX + STATEMENT_EXTRA]; /* the newest statement */
	uint32_t said_len;
} office;

static inline void signer_make(struct signer *s)
{
	assert_int_equal(es256_make(s->secret, &s->key), 0);
}

/* A statement over the payload in `b`, into `out`. */
static inline uint32_t say_as(const struct signer *s, const struct builder *b, uint8_t *out,
			      uint32_t size)
{
	struct span payload = {b->data, b->len};
	struct kid kid = kid_of(&s->key);
	uint8_t *tbs = malloc(b->len + STATEMENT_EXTRA), signature[64];
	uint32_t len;

	assert_false(b->failed);
	assert_non_null(tbs);
	len = statement_to_be_signed(kid, payload, tbs, b->len + STATEMENT_EXTRA);
	assert_true(len > 0);
	assert_int_equal(es256_sign(s->secret, tbs, len, signature), 0);
	free(tbs);
	len = statement_assemble(kid, payload, signature, out, size);
	assert_true(len > 0);
	return len;
}

static inline uint32_t keys_say(const struct signer *root, const struct signer *key,
				uint32_t version, uint8_t out[KEYS_STATEMENT_MAX])
{
	struct sync_keys keys = {.version = version, .at = loop_wall(), .keys = 1};
	uint8_t bytes[KEYS_STATEMENT_MAX];
	struct builder b = builder_of(bytes, sizeof(bytes));

	keys.key[0] = key->key;
	sync_keys_put(&b, &keys);
	return say_as(root, &b, out, KEYS_STATEMENT_MAX);
}

static inline void say(const struct signer *s, const struct builder *b)
{
	office.said_len = say_as(s, b, office.said, sizeof(office.said));
}

static inline struct sync_head head_of(uint32_t epoch, uint64_t seq)
{
	struct sync_head h = {.shop = "viken", .epoch = epoch, .seq = seq, .at = loop_wall()};

	h.root = office.root.key;
	h.keys = (struct span){office.keys, office.keys_len};
	return h;
}

static inline void say_head(const struct signer *s, enum sync_said kind, const struct sync_head *h)
{
	uint8_t bytes[SAID_SMALL_MAX];
	struct builder b = builder_of(bytes, sizeof(bytes));

	sync_head_put(&b, kind, h);
	say(s, &b);
}

static inline void code_of(const char *shop, const struct signer *root,
			   char text[CLAIM_CODE_MAX + 1])
{
	struct claim_code code = {.secret = "ten bytes"};
	uint8_t both[64];
	struct sha256 hash;

	snprintf(code.shop, sizeof(code.shop), "%s", shop);
	memcpy(both, root->key.x, 32);
	memcpy(both + 32, root->key.y, 32);
	hash = sha256(both, sizeof(both));
	memcpy(code.root_hash, hash.byte, sizeof(code.root_hash));
	claim_code_text(&code, text);
}

/* --- courierd */

/* Everything that was said to courierd by now; the first that is no SYNC and no alarm is handed
 * out. */
static inline bool courier_took(union message *ret)
{
	ssize_t n;

	while ((n = recv(office.courier.fd, ret, sizeof(*ret), MSG_DONTWAIT)) > 0) {
		assert_null(message_check(ret, (uint32_t)n, ROLE_COURIER, WAY_FROM_SHOPD));
		if (ret->head.type == MESSAGE_SYNC) {
			office.sync = ret->sync;
			office.syncs++;
		} else if (ret->head.type != MESSAGE_NOTIFY) {
			return true;
		}
	}
	return false;
}

static inline void courier_nothing_else(void)
{
	union message m;

	assert_false(courier_took(&m));
}

/* Until what courierd was told is so. */
#define until_sync(condition)                                                                      \
	do {                                                                                       \
		until((courier_nothing_else(), (condition)));                                      \
	} while (0)

static inline void courier_dial(void)
{
	union message m;
	ssize_t n = 0;

	caller_connect(&office.courier, "courier.sock");
	message_init(&m, MESSAGE_HELLO, 0);
	m.hello.role = ROLE_COURIER;
	memcpy(m.hello.program, "bench", 6);
	caller_say(&office.courier, &m);
	until((n = recv(office.courier.fd, &m, sizeof(m), MSG_DONTWAIT)) > 0);
	assert_int_equal(m.head.type, MESSAGE_HELLO);
	office.syncs = 0;
	until_sync(office.syncs > 0);
}

static inline int sealed_fd(const void *bytes, uint32_t len)
{
	int fd = memfd_create("said", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	assert_int_equal(
		fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL),
		0);
	return fd;
}

/* Brings what the office has said; NULL when it was taken, else why not. */
static inline const char *bring(enum carry what, const void *bytes, uint32_t len)
{
	static char why[200];
	union message m;
	int fd = sealed_fd(bytes, len);

	message_init(&m, MESSAGE_SAID, ++office.courier.requests);
	m.said.what = what;
	m.said.bytes = len;
	assert_int_equal(ask_send(office.courier.fd, &m, fd), 0);
	close(fd);
	until(courier_took(&m));
	assert_int_equal(m.head.type, MESSAGE_SAID_IS);
	assert_int_equal(m.head.request, office.courier.requests);
	memcpy(why, m.said_is.why, sizeof(why));
	return m.said_is.taken ? NULL : why;
}

static inline const char *bring_said(void)
{
	return bring(CARRY_STATEMENT, office.said, office.said_len);
}

#define assert_refused(why, text)                                                                  \
	do {                                                                                       \
		const char *why_ = (why);                                                          \
		if (!why_ || !strstr(why_, text))                                                  \
			fail_msg("'%s' and not '%s'", why_ ? why_ : "(taken)", text);              \
	} while (0)

static inline void carried(enum carried how, const char *why)
{
	union message m;

	message_init(&m, MESSAGE_CARRIED, 0);
	m.carried.how = how;
	snprintf(m.carried.why, sizeof(m.carried.why), "%s", why);
	caller_say(&office.courier, &m);
}

/* --- the person */

static inline void enrol_ask(const char *url, const char *code)
{
	union message m;

	message_init(&m, MESSAGE_ENROL, ++office.control.requests);
	snprintf(m.enrol.url, sizeof(m.enrol.url), "%s", url);
	snprintf(m.enrol.code, sizeof(m.enrol.code), "%s", code);
	caller_say(&office.control, &m);
}

/* The answer to the person; NULL when it is done. */
static inline const char *person_heard(void)
{
	static char why[400];
	union message m;

	caller_hear(&office.control, &m);
	assert_int_equal(m.head.type, MESSAGE_DONE);
	memcpy(why, m.done.text, sizeof(why));
	return m.done.error ? why : NULL;
}

static inline struct message_status_is status_ask(void)
{
	union message m;

	message_init(&m, MESSAGE_STATUS, 0);
	caller_ask(&office.control, &m, MESSAGE_STATUS_IS);
	return m.status_is;
}

/* Enrols, and the office knows nothing of the shop. */
static inline void enrol(void)
{
	char code[CLAIM_CODE_MAX + 1];
	struct sync_head h = head_of(1, 0);

	code_of("viken", &office.root, code);
	enrol_ask(OFFICE_URL "/", code);
	until_sync(office.sync.code[0] != '\0');
	say_head(&office.key, SAID_ENROLLED, &h);
	assert_null(bring_said());
	assert_null(person_heard());
	until_sync(office.sync.enrolled && office.sync.code[0] == '\0');
}

static inline int office_set_up(void **state)
{
	(void)state;
	memset(&office, 0, sizeof(office));
	bench_make("clock = rtc\n");
	chip_start();
	bench_start();
	signer_make(&office.root);
	signer_make(&office.key);
	office.keys_len = keys_say(&office.root, &office.key, 1, office.keys);
	caller_dial(&office.control, ROLE_CONTROL);
	courier_dial();
	return 0;
}

static inline int office_tear_down(void **state)
{
	(void)state;
	caller_leave(&office.control);
	caller_leave(&office.courier);
	bench_stop();
	bench_remove();
	return 0;
}

/* --- a feed */

struct feed_made {
	struct builder changes;
	uint32_t count;
	uint8_t bytes[64 * 1024];
};

static inline void feed_begin(struct feed_made *f)
{
	f->count = 0;
	f->changes = builder_of(f->bytes, sizeof(f->bytes));
}

static inline void feed_change(struct feed_made *f, const struct sync_change *c)
{
	sync_change_put(&f->changes, c);
	f->count++;
}

static inline const char *feed_bring(const struct feed_made *f, uint64_t from, uint64_t to,
				     int32_t part)
{
	static uint8_t bytes[64 * 1024 + 256];
	struct builder b = builder_of(bytes, sizeof(bytes));
	struct sync_feed head = {.shop = "viken",
				 .epoch = shell.office->pin.epoch,
				 .from = from,
				 .to = to,
				 .at = loop_wall(),
				 .part = part,
				 .changes = f->count};

	sync_feed_put(&b, &head);
	build_bytes(&b, f->changes.data, f->changes.len);
	say(&office.key, &b);
	return bring_said();
}

/* All that holds, which is nothing: where every feed begins. */
static inline void feed_first(void)
{
	static struct feed_made f;

	until_sync(office.sync.want_snapshot);
	feed_begin(&f);
	assert_null(feed_bring(&f, 0, 1, -1));
	until_sync(!office.sync.want_snapshot && office.sync.feed == 1);
}

/* One change, as the next of the feed. */
static inline const char *feed_one(const struct sync_change *c)
{
	static struct feed_made f;
	uint64_t from = shell.office->feed.cursor;

	feed_begin(&f);
	feed_change(&f, c);
	return feed_bring(&f, from, from + 1, 0);
}

/* --- looking */

/* The newest entry of this kind that satisfies itself by being there; false: none. */
static inline bool recorded(enum entry_kind kind, struct entry *ret)
{
	static struct seq_entry entries[256];
	struct reader *r = NULL;
	bool found = false;
	int n;

	assert_int_equal(reader_open(shell.config.state, &r), 0);
	n = reader_entries(r, 0, entries, ARRAY_LEN(entries));
	reader_close(r);
	for (int i = 0; i < n; i++) {
		if (entries[i].kind != kind)
			continue;
		found = true;
		*ret = entries[i].entry;
	}
	return found;
}

static inline bool alarm_is_up(enum condition condition)
{
	const struct alarm *a = alarm_find(&shell.shop.alarms, condition, NULL);

	return a && a->active;
}

static inline bool there(const char *name)
{
	char path[128];

	bench_path(name, path);
	return access(path, F_OK) == 0;
}

/* The hash of entry `seq`, as the ledger has it. */
static inline bool take_hash(void *data, const struct raw_entry *e)
{
	if (e)
		*(struct sha256 *)data = e->hash;
	return true;
}

static inline struct sha256 hash_of(uint64_t seq)
{
	struct sha256 hash = {{0}};
	struct reader *r = NULL;

	assert_int_equal(reader_open(shell.config.state, &r), 0);
	assert_int_equal(reader_raw(r, seq - 1, 1, take_hash, &hash), 1);
	reader_close(r);
	return hash;
}

static inline const char *ack(enum sync_answer answer, uint32_t epoch, uint64_t seq)
{
	struct sync_head h = head_of(epoch, seq);

	h.answer = answer;
	if (seq > 0 && seq <= shell.head_seq)
		h.hash = hash_of(seq);
	say_head(&office.key, SAID_ACK, &h);
	return bring_said();
}

static inline struct sync_change command_of_office(enum command_verb verb, int64_t life_ms)
{
	struct sync_change c = {.kind = SYNC_COMMAND};

	c.command.id = 77;
	c.command.verb = verb;
	c.command.expires.ms = loop_wall().ms + life_ms;
	memcpy(c.command.by, "karin", 6);
	return c;
}

#endif
