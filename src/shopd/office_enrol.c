/*
 * office_enrol.c: how a shop comes to have a head office, and how it leaves it (contracts 5).
 *
 * Enrolling: a person types the office's address and a claim code. The code holds 40 bits of the
 * hash of the office's root key, so that whoever answers at that address can be told from whoever
 * ought to: the answer names the root, whose statement names the keys that sign, one of which has
 * signed the answer. That is pinned, synced, before anybody hears of it: a code is good once. Where
 * the office knows more of this shop than the box does, its tail is taken back before the first
 * entry of the new epoch is written (office_restore.c).
 */
#include "shopd/first.h"
#include "shopd/office.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "crypto/es256.h"

#define ENROL_MS 30000 /* with every time-out of a request of courierd's in it, twice */

/* --- who waits */

static void tell(struct shopd *sd, uint32_t peer, uint32_t request, const char *why)
{
	union message m;

	message_init(&m, MESSAGE_DONE, request);
	m.done.error = why != NULL;
	snprintf(m.done.text, sizeof(m.done.text), "%s", why ? why : "");
	peers_send(sd, peer, &m);
}

static void enrolling_over(struct shopd *sd)
{
	struct enrolling *e = &sd->office->enrolling;

	explicit_bzero(e, sizeof(*e));
	if (sd->office->restore.backup_fd >= 0 && sd->office->restore.step == RESTORE_NONE) {
		close(sd->office->restore.backup_fd);
		sd->office->restore.backup_fd = -1;
	}
}

void enrol_failed(struct shopd *sd, const char *why)
{
	struct enrolling *e = &sd->office->enrolling;

	if (!e->on)
		return;
	journal_line(sd, "office: not enrolled: %s", why);
	tell(sd, e->peer, e->request, why);
	enrolling_over(sd);
	sync_tell(sd);
}

void enrol_done(struct shopd *sd, uint64_t ticket)
{
	sd->office->enrolling.ticket = ticket;
}

/* What is on disk now may be what somebody waits for. */
void office_committed(struct shopd *sd)
{
	struct office_side *o = sd->office;

	if (!o)
		return;
	if (o->enrolling.on && o->enrolling.ticket != 0 && o->enrolling.ticket <= sd->committed) {
		tell(sd, o->enrolling.peer, o->enrolling.request, NULL);
		enrolling_over(sd);
	}
	if (o->pin.enrolled && !o->pin.told && !o->pin.restoring && o->told_ticket != 0 &&
	    o->told_ticket <= sd->committed) {
		o->pin.told = true;
		pin_save(sd, NULL);
	}
	sync_soon(sd);
}

struct mono enrol_look(struct shopd *sd)
{
	struct enrolling *e = &sd->office->enrolling;
	char why[sizeof(e->trouble) + 80];

	if (!mono_due(loop_mono(), e->until))
		return e->until;
	snprintf(why, sizeof(why), "the office did not answer within %d s%s%s", ENROL_MS / 1000,
		 e->trouble[0] ? ": " : "", e->trouble);
	enrol_failed(sd, why);
	return MONO_NEVER;
}

/* --- what the office has answered */

/* That the set is the root's, the root the code's, and the answer the set's. */
static const char *enrolled_wrong(const struct shopd *sd, struct span bytes, struct office_pin *pin,
				  struct sync_head *h, char why[200])
{
	const struct enrolling *e = &sd->office->enrolling;
	struct statement s;
	struct span payload;
	struct sha256 hash;
	uint8_t root[64];

	if (!statement_parse(bytes, &s) || !sync_head_take(s.payload, SAID_ENROLLED, h))
		return "the office's answer is malformed";
	memcpy(root, h->root.x, 32);
	memcpy(root + 32, h->root.y, 32);
	hash = sha256(root, sizeof(root));
	if (memcmp(hash.byte, e->code.root_hash, sizeof(e->code.root_hash)) != 0)
		return "this is not the office that the code is of: its root key is another. "
		       "Nothing was changed";
	if (!keys_read(h->keys, &h->root, &pin->keys, why) ||
	    !keys_hold(&pin->keys, bytes, &payload, why))
		return why;
	if (strcmp(h->shop, sd->config.shop) != 0)
		return "the office's answer is about another shop";
	if (h->epoch == 0)
		return "the office has granted no epoch";
	pin->root = h->root;
	memcpy(pin->statement, h->keys.data, h->keys.len); /* keys_read() has bounded it */
	pin->statement_len = h->keys.len;
	return NULL;
}

static void on_pinned(struct shopd *sd, int error)
{
	struct office_side *o = sd->office;

	if (error < 0) {
		memset(&o->pin, 0, sizeof(o->pin));
		said_answer(sd, "what the office has said could not be written down");
		enrol_failed(sd,
			     "the office has said yes, and office.cbor could not be written: is "
			     "the disk full? A new code is needed");
		return;
	}
	o->enrolling.pinned = true;
	o->want_snapshot = true;
	journal_line(sd, "office: enrolled at %s, epoch %u", o->pin.url, o->pin.epoch);
	settings_apply(sd);
	first_look(sd);
	said_answer(sd, NULL);
	head_check(sd);
	sync_look(sd);
}

void enrol_said(struct shopd *sd, struct span bytes)
{
	struct office_side *o = sd->office;
	struct office_pin pin = {.enrolled = true};
	struct sync_head h;
	char why[200] = "";
	const char *wrong = enrolled_wrong(sd, bytes, &pin, &h, why);

	if (wrong) {
		said_answer(sd, wrong);
		enrol_failed(sd, wrong);
		return;
	}
	memcpy(pin.url, o->enrolling.url, sizeof(pin.url));
	pin.epoch = h.epoch;
	pin.restoring = h.seq > 0;
	pin.head = (struct office_head){h.seq, h.hash};
	o->pin = pin;
	o->enrolling.until = MONO_NEVER;
	o->enrolling.pinned = true; /* the code is not posted again */
	o->answered = (struct wall){0};
	o->refused_by_road = o->refused_by_word = o->want_epoch = o->want_keys = false;
	memset(&o->feed, 0, sizeof(o->feed));
	sync_heard(sd, h.at);
	pin_save(sd, on_pinned);
}

/* --- the box's key */

struct key_job {
	struct job job;
	char dir[PATH_SIZE];
	uint8_t secret[32];
	struct public_key key;
	int error;
};

static void key_run(struct job *job)
{
	struct key_job *j = (struct key_job *)job;

	j->error = box_key_read(j->dir, j->secret, &j->key);
	if (j->error == -ENOENT) {
		j->error = es256_make(j->secret, &j->key);
		if (j->error == 0)
			j->error = box_key_write(j->dir, j->secret);
	}
}

static void key_done(struct shopd *sd, struct job *job)
{
	struct office_side *o = sd->office;
	struct key_job *j = (struct key_job *)job;
	char why[PATH_SIZE + 160];

	if (j->error < 0) {
		snprintf(why, sizeof(why), "box.key in %s %s: %s", sd->config.state,
			 j->error == -EBADMSG ? "is damaged; remove it to have a new one made"
					      : "cannot be written",
			 strerror(-j->error));
		enrol_failed(sd, why);
	} else {
		memcpy(o->secret, j->secret, sizeof(o->secret));
		o->key = j->key;
		o->has_key = true;
		sync_tell(sd);
	}
	explicit_bzero(j->secret, sizeof(j->secret));
}

static void key_need(struct shopd *sd)
{
	struct key_job *j;

	if (sd->office->has_key) {
		sync_tell(sd);
		return;
	}
	j = office_job_new(sizeof(*j), key_run, key_done);
	memcpy(j->dir, sd->config.state, sizeof(j->dir));
	office_job(sd, &j->job);
}

/* --- what a person asks for */

/* What follows the address of this very machine (127/8, ::1) after "http://"; NULL: it is
 * another's. courierd carries in the clear to the same addresses and no others. */
static const char *after_loopback(const char *host)
{
	char text[sizeof("127.255.255.255")];
	struct in_addr v4;
	size_t len = strspn(host, "0123456789.");

	if (strncmp(host, "[::1]", 5) == 0)
		return host + 5;
	if (len == 0 || len >= sizeof(text))
		return NULL;
	memcpy(text, host, len);
	text[len] = '\0';
	return inet_pton(AF_INET, text, &v4) == 1 && ntohl(v4.s_addr) >> 24 == 127 ? host + len
										   : NULL;
}

/* https, or http to this machine itself; a name or address, a port, a path, and nothing else. */
static bool url_good(const char *url)
{
	const char *rest = NULL;

	if (strncmp(url, "https://", 8) == 0)
		rest = url + 8;
	else if (strncmp(url, "http://", 7) == 0)
		rest = after_loopback(url + 7);
	if (!rest)
		return false;
	if (strncmp(url, "http:", 5) == 0 && rest[0] != '\0' && rest[0] != ':' && rest[0] != '/')
		return false; /* http://127.0.0.1.example.com */
	if (url[4] == 's' && (rest[0] == '\0' || rest[0] == '/' || rest[0] == ':'))
		return false;
	for (const char *c = rest; *c; c++)
		if ((unsigned char)*c <= ' ' || (unsigned char)*c >= 0x7f ||
		    strchr("@?#\\\"<>", *c))
			return false;
	return true;
}

static const char *enrol_wrong(const struct shopd *sd, const struct message_enrol *m,
			       struct enrolling *e, char why[200])
{
	const struct office_side *o = sd->office;
	size_t len = strlen(m->url);

	if (o->pin.enrolled) {
		snprintf(why, 200, "this shop is enrolled at %.120s: `shopctl leave` comes first",
			 o->pin.url);
		return why;
	}
	if (o->enrolling.on || o->restore.step != RESTORE_NONE)
		return "another enrolment is under way";
	memcpy(e->url, m->url, sizeof(e->url));
	while (len > 0 && e->url[len - 1] == '/')
		e->url[--len] = '\0';
	if (!url_good(e->url))
		return "the office's address begins with https:// (http:// only to this machine "
		       "itself), and holds no user, query or blank";
	if (!claim_code_parse(m->code, (uint32_t)strlen(m->code), &e->code))
		return "this is no claim code: a letter was mistyped, or some are missing";
	if (strcmp(e->code.shop, sd->config.shop) != 0) {
		snprintf(why, 200, "the code is for the shop %s, and this is %s", e->code.shop,
			 sd->config.shop);
		return why;
	}
	if (listener_peers(sd->courier) == 0)
		return "courierd is not running: it carries what shop and office say";
	if (!sd->ledger)
		return "the ledger cannot be written now: no office before that";
	return NULL;
}

void office_enrol(struct shopd *sd, uint32_t peer, const struct message_enrol *m, int fd)
{
	struct office_side *o = sd->office;
	struct enrolling e = {.on = true, .peer = peer, .request = m->head.request};
	char why[200];
	const char *wrong = enrol_wrong(sd, m, &e, why);

	if (wrong) {
		tell(sd, peer, m->head.request, wrong);
		if (fd >= 0)
			close(fd);
		return;
	}
	claim_code_text(&e.code, e.text);
	e.until = mono_add(loop_mono(), ENROL_MS);
	o->enrolling = e;
	o->restore.backup_fd = fd;
	key_need(sd);
	sync_look(sd);
}

static void on_left(struct shopd *sd, int error)
{
	struct enrolling *e = &sd->office->enrolling;
	struct change change = {.kind = CHANGE_LEAVE, .fd = -1, .tag = TAG_OFFICE};
	char why[200];

	snprintf(why, sizeof(why), "office.cbor cannot be removed: %s", strerror(-error));
	/* where the queue is full the cursor stays, and the next office's first word is a snapshot
	 */
	if (!catalogue_change(sd->catalogue, &change, loop_wall()))
		journal_line(sd, "office: the feed's cursor could not be forgotten now");
	tell(sd, e->peer, e->request, error < 0 ? why : NULL);
	enrolling_over(sd);
	first_look(sd);
}

void office_leave(struct shopd *sd, uint32_t peer, uint32_t request)
{
	struct office_side *o = sd->office;

	if (!o->pin.enrolled || o->enrolling.on || o->feeding || o->said.on ||
	    (o->restore.step != RESTORE_NONE && o->restore.step != RESTORE_WAITS)) {
		tell(sd, peer, request,
		     o->pin.enrolled ? "the office's word is being taken in: try again in a minute"
				     : "this shop has no office");
		return;
	}
	journal_line(sd, "office: %s is left", o->pin.url);
	memset(&o->pin, 0, sizeof(o->pin));
	memset(&o->feed, 0, sizeof(o->feed));
	o->restore.step = RESTORE_NONE;
	o->want_epoch = o->want_snapshot = o->want_keys = o->has_nonce = false;
	o->refused_by_word = o->refused_by_road = false;
	o->heard = (struct wall){0};
	settings_apply(sd);
	o->enrolling =
		(struct enrolling){.on = true, .pinned = true, .peer = peer, .request = request};
	pin_save(sd, on_left);
	sync_tell(sd);
	sync_look(sd);
}
