/*
 * office_pin.c: who the office is. The box's own key and the pinned keys of the office stand in two
 * small files beside the ledger, each written whole beside its place, synced, and put there by
 * rename. The root's statement is verified again whenever it is read: what was changed on the card
 * is not believed because it was believed once.
 */
#include "shopd/office.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cbor.h"
#include "crypto/es256.h"

#define PIN_NAME     "office.cbor"
#define KEY_NAME     "box.key"
#define PIN_VERSION  1
#define KEY_TEXT_LEN 65 /* hex of 32 bytes and a line end */

/* --- files */

static int sync_dir(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int r = fd < 0 || fsync(fd) < 0 ? -errno : 0;

	if (fd >= 0)
		close(fd);
	return r;
}

static int file_replace(const char *dir, const char *name, const void *bytes, uint32_t len)
{
	char path[PATH_SIZE + 32], beside[PATH_SIZE + 40];
	int fd, r;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	snprintf(beside, sizeof(beside), "%s.new", path);
	unlink(beside);
	fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	errno = EIO; /* of a write that was cut short */
	r = write(fd, bytes, len) != (ssize_t)len || fsync(fd) < 0 ? -errno : 0;
	if (close(fd) < 0 && r == 0)
		r = -errno;
	if (r == 0 && rename(beside, path) < 0)
		r = -errno;
	if (r < 0) {
		unlink(beside);
		return r;
	}
	return sync_dir(dir);
}

/* At most `size` bytes; how many, or -errno. */
static int file_get(const char *dir, const char *name, void *bytes, uint32_t size)
{
	char path[PATH_SIZE + 32];
	ssize_t n;
	int fd, r;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	n = read(fd, bytes, size);
	r = n < 0 ? -errno : (int)n;
	close(fd);
	return r;
}

int box_key_read(const char *dir, uint8_t ret_secret[32], struct public_key *ret)
{
	char text[KEY_TEXT_LEN + 1];
	int len = file_get(dir, KEY_NAME, text, sizeof(text));
	bool good = len == KEY_TEXT_LEN && text[KEY_TEXT_LEN - 1] == '\n' &&
		    hex_parse(text, KEY_TEXT_LEN - 1, ret_secret, 32) &&
		    es256_public(ret_secret, ret) == 0;

	explicit_bzero(text, sizeof(text));
	return good ? 0 : len < 0 ? len : -EBADMSG;
}

int box_key_write(const char *dir, const uint8_t secret[32])
{
	char text[KEY_TEXT_LEN + 1];
	int r;

	hex_text(secret, 32, text);
	text[KEY_TEXT_LEN - 1] = '\n';
	r = file_replace(dir, KEY_NAME, text, KEY_TEXT_LEN);
	explicit_bzero(text, sizeof(text));
	return r;
}

/* --- the pin */

static void put_text(struct builder *b, const char *text)
{
	cbor_put_text(b, text, (uint32_t)strlen(text));
}

int pin_write(const char *dir, const char *shop, const struct office_pin *pin)
{
	uint8_t bytes[PIN_FILE_MAX], root[64];
	struct builder b = builder_of(bytes, sizeof(bytes));

	memcpy(root, pin->root.x, 32);
	memcpy(root + 32, pin->root.y, 32);
	cbor_put_array(&b, 12);
	put_text(&b, "office");
	cbor_put_uint(&b, PIN_VERSION);
	put_text(&b, shop);
	put_text(&b, pin->url);
	cbor_put_bytes(&b, root, sizeof(root));
	cbor_put_bytes(&b, pin->statement, pin->statement_len);
	cbor_put_uint(&b, pin->epoch);
	cbor_put_bool(&b, pin->told);
	cbor_put_bool(&b, pin->restoring);
	cbor_put_uint(&b, pin->head.seq);
	cbor_put_bytes(&b, pin->head.hash.byte, sizeof(pin->head.hash.byte));
	cbor_put_array(&b, 2 * pin->sets);
	for (uint32_t i = 0; i < pin->sets; i++) {
		put_text(&b, pin->set[i].name);
		put_text(&b, pin->set[i].value);
	}
	CHECK(!b.failed);
	return file_replace(dir, PIN_NAME, bytes, b.len);
}

int pin_forget(const char *dir)
{
	char path[PATH_SIZE + 32];

	snprintf(path, sizeof(path), "%s/%s", dir, PIN_NAME);
	if (unlink(path) < 0 && errno != ENOENT)
		return -errno;
	return sync_dir(dir);
}

static bool take_text(struct span *s, char *ret, uint32_t size)
{
	struct span text;

	if (!cbor_take_text(s, &text) || text.len >= size || memchr(text.data, 0, text.len))
		return false;
	memcpy(ret, text.data, text.len);
	ret[text.len] = '\0';
	return true;
}

static bool take_exactly(struct span *s, void *ret, uint32_t len)
{
	struct span bytes;

	if (!cbor_take_bytes(s, &bytes) || bytes.len != len)
		return false;
	memcpy(ret, bytes.data, len);
	return true;
}

static bool take_sets(struct span *s, struct office_pin *pin)
{
	uint32_t items;

	if (!cbor_take_array(s, &items) || items % 2 != 0 || items / 2 > SETTINGS_MAX)
		return false;
	for (pin->sets = 0; pin->sets < items / 2; pin->sets++) {
		struct sync_setting *set = &pin->set[pin->sets];

		if (!take_text(s, set->name, sizeof(set->name)) ||
		    !take_text(s, set->value, sizeof(set->value)))
			return false;
	}
	return s->len == 0;
}

static bool pin_take(struct span s, const char *shop, struct office_pin *pin)
{
	char word[PLACE_MAX_LEN + 1], whose[PLACE_MAX_LEN + 1], why[200];
	uint64_t version, epoch;
	uint8_t root[64];
	struct span keys;
	uint32_t items;

	if (!cbor_take_array(&s, &items) || items != 12 || !take_text(&s, word, sizeof(word)) ||
	    strcmp(word, "office") != 0 || !cbor_take_uint(&s, &version) ||
	    version != PIN_VERSION || !take_text(&s, whose, sizeof(whose)) ||
	    strcmp(whose, shop) != 0 || !take_text(&s, pin->url, sizeof(pin->url)) ||
	    !take_exactly(&s, root, sizeof(root)) || !cbor_take_bytes(&s, &keys) ||
	    keys.len > sizeof(pin->statement) || !cbor_take_uint(&s, &epoch) ||
	    epoch > UINT32_MAX || !cbor_take_bool(&s, &pin->told) ||
	    !cbor_take_bool(&s, &pin->restoring) || !cbor_take_uint(&s, &pin->head.seq) ||
	    !take_exactly(&s, pin->head.hash.byte, sizeof(pin->head.hash.byte)) ||
	    !take_sets(&s, pin))
		return false;
	memcpy(pin->root.x, root, 32);
	memcpy(pin->root.y, root + 32, 32);
	memcpy(pin->statement, keys.data, keys.len);
	pin->statement_len = keys.len;
	pin->epoch = (uint32_t)epoch;
	pin->enrolled = true;
	return keys_read(keys, &pin->root, &pin->keys, why);
}

int pin_read(const char *dir, const char *shop, struct office_pin *ret)
{
	uint8_t bytes[PIN_FILE_MAX];
	int len = file_get(dir, PIN_NAME, bytes, sizeof(bytes));

	memset(ret, 0, sizeof(*ret));
	if (len < 0)
		return len;
	if (pin_take((struct span){bytes, (uint32_t)len}, shop, ret))
		return 0;
	memset(ret, 0, sizeof(*ret));
	return -EBADMSG;
}

/* --- writing it on the thread */

struct pin_job {
	struct job job;
	char dir[PATH_SIZE], shop[PLACE_MAX_LEN + 1];
	struct office_pin pin;
	int error;
	void (*then)(struct shopd *sd, int error);
};

static void pin_run(struct job *job)
{
	struct pin_job *j = (struct pin_job *)job;

	j->error = j->pin.enrolled ? pin_write(j->dir, j->shop, &j->pin) : pin_forget(j->dir);
}

static void pin_done(struct shopd *sd, struct job *job)
{
	const struct pin_job *j = (const struct pin_job *)job;

	if (j->error < 0)
		journal_line(sd, "office: " PIN_NAME " cannot be written: %s", strerror(-j->error));
	if (j->then)
		j->then(sd, j->error);
}

void pin_save(struct shopd *sd, void (*then)(struct shopd *sd, int error))
{
	struct pin_job *j = office_job_new(sizeof(*j), pin_run, pin_done);

	memcpy(j->dir, sd->config.state, sizeof(j->dir));
	memcpy(j->shop, sd->config.shop, sizeof(j->shop));
	j->pin = sd->office->pin;
	j->then = then;
	office_job(sd, &j->job);
}

/* --- signatures */

static bool signed_by(const struct public_key *key, const struct statement *s, uint8_t *room,
		      uint32_t size)
{
	struct kid kid = kid_of(key);
	uint32_t len;

	if (memcmp(kid.byte, s->kid.byte, sizeof(kid.byte)) != 0)
		return false;
	len = statement_to_be_signed(s->kid, s->payload, room, size);
	return len > 0 && es256_verify(key, room, len, s->signature) == 1;
}

static bool refuse(char why[200], const char *text)
{
	snprintf(why, 200, "%s", text);
	return false;
}

bool keys_read(struct span bytes, const struct public_key *root, struct sync_keys *ret,
	       char why[200])
{
	uint8_t room[KEYS_STATEMENT_MAX + STATEMENT_EXTRA];
	struct statement s;

	if (bytes.len > KEYS_STATEMENT_MAX || !statement_parse(bytes, &s))
		return refuse(why, "the office's set of keys is malformed");
	if (!signed_by(root, &s, room, sizeof(room)))
		return refuse(why, "the office's set of keys is not signed by its root");
	if (sync_said_kind(s.payload) != SAID_KEYS || !sync_keys_take(s.payload, ret) ||
	    ret->keys == 0)
		return refuse(why, "what the office's root has signed is no set of keys");
	return true;
}

bool keys_know(const struct sync_keys *keys, struct span bytes)
{
	struct statement s;

	if (bytes.len > STATEMENT_SIZE_MAX || !statement_parse(bytes, &s))
		return true;
	for (uint32_t i = 0; i < keys->keys; i++) {
		struct kid kid = kid_of(&keys->key[i]);

		if (memcmp(kid.byte, s.kid.byte, sizeof(kid.byte)) == 0)
			return true;
	}
	return false;
}

bool keys_hold(const struct sync_keys *keys, struct span bytes, struct span *ret_payload,
	       char why[200])
{
	uint8_t small[SAID_SMALL_MAX + STATEMENT_EXTRA], *room = small;
	uint32_t size = bytes.len + STATEMENT_EXTRA;
	struct statement s;
	bool good = false;

	if (bytes.len > STATEMENT_SIZE_MAX || !statement_parse(bytes, &s))
		return refuse(why, "what the office is said to have said is malformed");
	if (size > sizeof(small))
		room = malloc(size);
	for (uint32_t i = 0; i < keys->keys && room && !good; i++)
		good = signed_by(&keys->key[i], &s, room, size);
	if (room != small)
		free(room);
	if (!good)
		return refuse(why, "not signed by a key of the office that is pinned here");
	*ret_payload = s.payload;
	return true;
}
