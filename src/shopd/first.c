/*
 * first.c: who is the first owner. A fresh box knows nobody, so nobody can sign anything; what it
 * can tell is who stands before it. It draws a code of 80 bits, shows it where only its console can
 * read it (RUN/first-owner.issue, which the login prompt prints), and the phone that brings it back
 * with a key of its own is the owner from then on.
 *
 * The code is in memory and in that one file, and never in the log. counterd sees it as it passes,
 * on its way from the phone that brings it, and whoever holds counterd in that moment can bring a
 * key of their own with it. Before and after that counterd has nothing: it is compared here.
 *
 * The code dies with the first owner, by whatever road she comes, with an office, and with the
 * process: a restart shows another. Where it dies while its owner is being written down, she is
 * taken back before anybody is told. 80 bits are not guessed, so the right code is always looked
 * at: nobody on the same Wi-Fi can keep the owner out. Five wrong ones within a minute, and for a
 * minute each wrong one is only told to wait; it is in the log, for nobody mistypes so often.
 */
#include "shopd/first.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crypto/es256.h"
#include "shoptoken.h"
#include "wire/first_code.h"

#define ISSUE_SIZE 16384 /* the largest picture, and the words above it */
#define RETRY_S	   1	 /* while an owner is being written down, or taken back */

static struct {
	bool on;
	uint8_t code[FIRST_CODE_SIZE];
	struct mono wrong[FIRST_WRONG_MAX]; /* when the newest wrong ones came, in turn */
	uint32_t wrongs;		    /* of them, counted on for ever */
	struct mono locked_until;
	bool making; /* an owner is being written down, or taken back, for: */
	uint32_t peer, request;
	bool died;   /* the code, meanwhile */
	bool unmake; /* to be asked: take back */
	struct customer late;
} first;

/* --- what is shown */

static bool issue_path(const struct shopd *sd, const char *suffix, char path[PATH_SIZE + 32])
{
	return snprintf(path, PATH_SIZE + 32, "%s/" FIRST_ISSUE "%s", sd->config.run, suffix) <
	       PATH_SIZE + 32;
}

static void issue_remove(const struct shopd *sd)
{
	char path[PATH_SIZE + 32];

	if (issue_path(sd, "", path))
		unlink(path);
}

/* The address that a phone opens, or "" where the configuration has none. */
static void address_of(const struct shopd *sd, char *address, size_t size)
{
	char text[FIRST_CODE_TEXT + 1];

	address[0] = '\0';
	if (!sd->config.page[0])
		return;
	first_code_text(first.code, text);
	snprintf(address, size, "%s/#/first/%s", sd->config.page, text);
	explicit_bzero(text, sizeof(text));
}

/* What the console shows: no backslash, which means something to the login prompt. */
static size_t issue_write(const struct shopd *sd, char *text)
{
	char address[PAGES_ORIGIN_MAX + 64], code[FIRST_CODE_TEXT + 1];
	struct shoptoken_qr *qr = malloc(sizeof(*qr));
	size_t len = 0, drawn = 0;

	address_of(sd, address, sizeof(address));
	first_code_text(first.code, code);
	len = (size_t)snprintf(
		text, ISSUE_SIZE,
		"\nShopkeeper: %s has no owner yet. This code makes a phone its owner, once.\n"
		"Shopkeeper: %s saknar ägare. Koden gör en telefon till ägare, en gång.\n\n"
		"  %s\n  %s%s\n\n",
		sd->config.shop, sd->config.shop, code,
		address[0] ? "" : "the shop's page, then / butikens sida, sedan: /#/first/",
		address[0] ? address : code);
	if (address[0] && qr && shoptoken_qr(address, SHOPTOKEN_QR_L, qr) == 0 &&
	    shoptoken_qr_terminal(qr, 1, text + len, ISSUE_SIZE - len, &drawn) == 0)
		len += drawn;
	if (qr)
		explicit_bzero(qr, sizeof(*qr));
	free(qr);
	explicit_bzero(address, sizeof(address));
	explicit_bzero(code, sizeof(code));
	return len;
}

/* In a folder of memory (/run): this does not wait for a disk. Beside, and by rename: a prompt
 * never reads half of it. */
static int issue_put(const struct shopd *sd)
{
	char path[PATH_SIZE + 32], beside[PATH_SIZE + 32];
	char *text = malloc(ISSUE_SIZE);
	int fd, r = 0;
	size_t len;

	if (!text)
		return -ENOMEM;
	if (!issue_path(sd, "", path) || !issue_path(sd, ".new", beside)) {
		free(text);
		return -ENAMETOOLONG;
	}
	len = issue_write(sd, text);
	unlink(beside);
	fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, text, len) != (ssize_t)len || rename(beside, path) < 0)
		r = errno ? -errno : -EIO;
	if (fd >= 0)
		close(fd);
	explicit_bzero(text, ISSUE_SIZE);
	free(text);
	return r;
}

/* --- when */

static bool has_owner(const struct shopd *sd)
{
	for (uint32_t i = 0; i < sd->roster->members; i++)
		if (sd->roster->member[i].role == ROLE_OWNER)
			return true;
	return false;
}

static bool wanted(const struct shopd *sd)
{
	return !office_enrolled(sd) && !has_owner(sd);
}

static void draw(struct shopd *sd)
{
	int r;

	random_bytes(first.code, sizeof(first.code));
	first.on = true;
	r = issue_put(sd);
	if (r < 0)
		journal_line(sd,
			     "first owner: the code cannot be shown on the console (%s): "
			     "`shopctl owner code` prints it",
			     strerror(-r));
	else
		journal_line(sd, "first owner: there is none yet; the console shows a code, and "
				 "`shopctl owner code` prints it");
}

static void forget(const struct shopd *sd)
{
	explicit_bzero(first.code, sizeof(first.code));
	first.on = false;
	first.died = first.making;
	issue_remove(sd);
}

/* Whom the code has made an owner after it died. */
static void unmake(struct shopd *sd)
{
	struct change change = {
		.kind = CHANGE_MEMBER_GONE, .fd = -1, .tag = TAG_FIRST, .customer = first.late};

	/* a queue that is full is looked at again with what leaves it */
	first.unmake = !catalogue_change(sd->catalogue, &change, loop_wall());
}

void first_look(struct shopd *sd)
{
	if (first.unmake)
		unmake(sd);
	if (wanted(sd) == first.on)
		return;
	if (first.on)
		forget(sd);
	else
		draw(sd);
}

void first_stop(struct shopd *sd)
{
	forget(sd);
	memset(&first, 0, sizeof(first));
}

/* --- who brings it */

static void answer(struct shopd *sd, uint32_t peer, uint32_t request, enum first_answer a,
		   int64_t wait_ms, const struct customer *customer)
{
	union message m;

	message_init(&m, MESSAGE_FIRST_OWNER_IS, request);
	m.first_owner_is.answer = a;
	m.first_owner_is.wait_s = (uint32_t)((wait_ms + 999) / 1000);
	if (customer)
		memcpy(m.first_owner_is.customer, customer->byte, sizeof(customer->byte));
	peers_send(sd, peer, &m);
}

/* As long for a guess that begins right as for any other. */
static bool code_is(const char *text)
{
	uint8_t code[FIRST_CODE_SIZE], other = 0;

	if (!first_code_parse(text, code))
		return false;
	for (uint32_t i = 0; i < sizeof(code); i++)
		other |= code[i] ^ first.code[i];
	return other == 0;
}

static void count_wrong(struct shopd *sd, struct mono now)
{
	struct mono *oldest = &first.wrong[first.wrongs % FIRST_WRONG_MAX];

	*oldest = now;
	first.wrongs++;
	oldest = &first.wrong[first.wrongs % FIRST_WRONG_MAX];
	if (first.wrongs < FIRST_WRONG_MAX || mono_due(now, mono_add(*oldest, FIRST_MINUTE_MS)))
		return;
	first.wrongs = 0;
	first.locked_until = mono_add(now, FIRST_MINUTE_MS);
	journal_line(sd,
		     "first owner: %u wrong codes within a minute: for another one each is told to "
		     "wait; the right one is taken",
		     FIRST_WRONG_MAX);
}

/* A delay for whoever has no right code, and for nobody else. */
static void wrong(struct shopd *sd, uint32_t peer, uint32_t request)
{
	struct mono now = loop_mono();

	if (!mono_due(now, first.locked_until)) {
		answer(sd, peer, request, FIRST_BUSY, first.locked_until.ms - now.ms, NULL);
		return;
	}
	count_wrong(sd, now);
	answer(sd, peer, request, FIRST_UNKNOWN, 0, NULL);
}

static void make(struct shopd *sd, uint32_t peer, uint32_t request, const struct public_key *key)
{
	struct change change = {.kind = CHANGE_MEMBER_ADD,
				.fd = -1,
				.tag = TAG_FIRST,
				.key = *key,
				.kid = kid_of(key),
				.role = ROLE_OWNER,
				.credit_limit = MONEY_ZERO};

	random_bytes(change.customer.byte, sizeof(change.customer.byte));
	if (!catalogue_change(sd->catalogue, &change, loop_wall())) {
		answer(sd, peer, request, FIRST_UNAVAILABLE, 0, NULL);
		return;
	}
	first.making = true;
	first.died = false;
	first.peer = peer;
	first.request = request;
}

bool first_message(struct shopd *sd, uint32_t peer, const union message *m)
{
	const struct message_first_owner *f = &m->first_owner;
	uint32_t request = m->head.request;
	struct public_key key;

	if (m->head.type != MESSAGE_FIRST_OWNER)
		return false;
	memcpy(key.x, f->x, sizeof(key.x));
	memcpy(key.y, f->y, sizeof(key.y));
	/* an office is there from its first word on, before that is on disk */
	if (!first.on || !wanted(sd)) {
		answer(sd, peer, request, FIRST_HAS_OWNER, 0, NULL);
	} else if (!code_is(f->code)) {
		wrong(sd, peer, request);
	} else if (first.making) {
		answer(sd, peer, request, FIRST_BUSY, RETRY_S * 1000, NULL);
	} else if (!es256_key_valid(&key)) {
		answer(sd, peer, request, FIRST_BAD_KEY, 0, NULL);
	} else {
		make(sd, peer, request, &key);
	}
	return true;
}

/* She is no owner any more: or, where the disk would not have it, whom to block. */
static void taken_back(struct shopd *sd, const struct changed *c)
{
	char text[33];
	bool gone = c->error == 0 || c->error == -ENOENT; /* the office's own list was quicker */

	hex_text(first.late.byte, sizeof(first.late.byte), text);
	if (gone)
		journal_line(sd, "first owner: another or an office came first: whoever held the "
				 "console's code is none");
	else
		journal_line(sd,
			     "first owner: another or an office came first, and the one who held "
			     "the console's code cannot be taken back (%s): `shopctl member block "
			     "%s`",
			     c->why, text);
	first.making = false;
	answer(sd, first.peer, first.request, FIRST_HAS_OWNER, 0, NULL);
}

void first_changed(struct shopd *sd, const struct changed *c)
{
	enum first_answer a = FIRST_MADE;

	CHECK(first.making);
	if (c->kind == CHANGE_MEMBER_GONE) {
		taken_back(sd, c);
		return;
	}
	if (c->error == 0 && !c->existed && (first.died || office_enrolled(sd))) {
		first.late = c->customer;
		unmake(sd);
		return;
	}
	first.making = false;
	/* a key that is a member's already stays what it was */
	if (c->error == 0 && c->existed)
		a = FIRST_BAD_KEY;
	else if (c->error != 0)
		a = FIRST_UNAVAILABLE;
	if (a == FIRST_MADE)
		journal_line(sd, "first owner: whoever held the console's code is the owner now");
	else if (c->error != 0)
		journal_line(sd, "first owner: could not be written down: %s", c->why);
	answer(sd, first.peer, first.request, a, 0, &c->customer);
}

void first_tell(struct shopd *sd, uint32_t peer, uint32_t request)
{
	char code[FIRST_CODE_TEXT + 1], address[PAGES_ORIGIN_MAX + 64];
	union message m;

	message_init(&m, MESSAGE_DONE, request);
	if (!first.on) {
		m.done.error = 1;
		snprintf(m.done.text, sizeof(m.done.text), "%s",
			 office_enrolled(sd)
				 ? "owners come from the office: say there who is one"
				 : "there is an owner: she adds others, or `shopctl member add`");
	} else {
		first_code_text(first.code, code);
		address_of(sd, address, sizeof(address));
		snprintf(m.done.text, sizeof(m.done.text), "%s%s%s", code, address[0] ? " " : "",
			 address);
	}
	peers_send(sd, peer, &m);
	explicit_bzero(&m.done, sizeof(m.done));
}
