/*
 * office_said.c: what the office has said, brought by courierd, which is not believed: every
 * statement must be signed by a key of the pinned set, name this shop and, where it speaks of its
 * ledger, our epoch. What is older than what was said before is an old one, brought again.
 *
 * What an answer to a batch means (contracts 5):
 *   taken      the mark of what is surely there moves
 *   gap        the office stands elsewhere. Where we have that entry, we go on from there, also
 *              backwards (it was restored from an old backup); else the box is behind, or another
 *              has written in its place: a new epoch
 *   fork       the same entry with another hash: a clone has written. An alarm, and a new epoch
 *   epoch_old  a newer epoch was granted: an alarm, and we ask for ours. An older one: the office
 * was restored from an old backup, and we ask for one that is newer than both broken     what came
 * there does not follow from what is there. Where the office's newest entry is not ours, the
 * ledgers have parted: a new epoch; else the way has broken it: it is sent again, and an alarm when
 * that does not help
 *
 * Small ones are read and judged here; a feed is as large as a MiB and goes to the catalogue's
 * thread, a tail of the ledger to ours.
 */
#include "shopd/office.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BROKEN_MAX 3	 /* in a row: no weather */
#define OLD_MS	   60000 /* the clocks of several servers of one office are not further apart */

/* --- answers to courierd */

static void answer(struct shopd *sd, uint32_t peer, uint32_t request, const char *why)
{
	union message m;

	message_init(&m, MESSAGE_SAID_IS, request);
	m.said_is.taken = why == NULL;
	snprintf(m.said_is.why, sizeof(m.said_is.why), "%s", why ? why : "");
	peers_send(sd, peer, &m);
}

void said_answer(struct shopd *sd, const char *why)
{
	struct said *said = &sd->office->said;

	if (why)
		journal_line(sd, "office: not taken: %s", why);
	if (said->on)
		answer(sd, said->peer, said->request, why);
	said->on = false;
	sync_tell(sd);
}

/* --- an answer to a batch */

static void acked(struct shopd *sd, struct office_head head)
{
	struct office_side *o = sd->office;

	o->acked = head.seq;
	o->acked_hash = head.hash;
	if (sd->ledger)
		ledger_acked(sd->ledger, head.seq);
}

void said_epoch(struct shopd *sd, const char *because)
{
	struct office_side *o = sd->office;

	if (!o->want_epoch)
		journal_line(sd, "office: a new epoch is asked for: %s", because);
	o->want_epoch = true;
}

/* Where the office stands, and whether that is an entry of ours. */
static void on_stand(struct shopd *sd, struct office_head head, int ours)
{
	if (ours < 0) {
		said_answer(sd, "our own ledger cannot be read now");
		return;
	}
	if (ours > 0) {
		journal_line(sd, "office: it has entries up to %llu, we go on from there",
			     (unsigned long long)head.seq);
		acked(sd, head);
	} else {
		said_epoch(sd, "the office has an entry that this box does not have");
	}
	said_answer(sd, NULL);
	sync_look(sd);
}

/* True when somebody answers later. An entry past our head is looked for too: right after a start
 * the head is not known yet, and the ledger says whether it is ours. */
static bool on_gap(struct shopd *sd, const struct sync_head *h)
{
	struct office_head head = {h->seq, h->hash};

	if (h->seq > 0) {
		head_is_ours(sd, head, on_stand);
		return true;
	}
	acked(sd, head);
	return false;
}

static bool on_taken(struct shopd *sd, const struct sync_head *h)
{
	struct office_side *o = sd->office;

	o->refused_by_word = false;
	o->want_epoch = false;
	o->broken = 0;
	if (h->seq > sd->head_seq)
		return on_gap(sd, h);
	if (h->seq != o->acked)
		acked(sd, (struct office_head){h->seq, h->hash});
	return false;
}

static void refused(struct shopd *sd, const char *because)
{
	if (!sd->office->refused_by_word)
		journal_line(sd, "office: REFUSED: %s", because);
	sd->office->refused_by_word = true;
}

static void on_parted(struct shopd *sd)
{
	refused(sd, "it has another entry in the place of one of ours: is there a copy of this "
		    "box?");
	said_epoch(sd, "the ledgers have parted");
}

/* What came there does not follow: the office's newest entry, and whether we have it. */
static void on_stand_broken(struct shopd *sd, struct office_head head, int ours)
{
	struct office_side *o = sd->office;

	if (ours < 0) {
		said_answer(sd, "our own ledger cannot be read now");
	} else if (ours == 0) {
		on_parted(sd);
		said_answer(sd, NULL);
	} else {
		acked(sd, head);
		if (++o->broken >= BROKEN_MAX)
			refused(sd, "our entries do not follow from each other: see shopctl ledger "
				    "verify");
		said_answer(sd, "our entries came to the office broken: they are sent again");
	}
	sync_look(sd);
}

static bool on_broken(struct shopd *sd, const struct sync_head *h)
{
	struct office_head head = {h->seq, h->hash};

	if (h->seq > 0)
		head_is_ours(sd, head, on_stand_broken);
	else
		on_stand_broken(sd, head, 1);
	return true;
}

/* A newer epoch than ours: another box has it. An older one: the office was restored from a backup,
 * and gives us one that is newer than both. */
static void on_epoch_old(struct shopd *sd, const struct sync_head *h)
{
	if (h->epoch < sd->office->pin.epoch) {
		said_epoch(sd, "the office has forgotten ours: it was restored from a backup");
		return;
	}
	refused(sd, "a newer epoch was granted than this box writes in: is there a copy of it?");
	said_epoch(sd, "ours is over");
}

static bool ack_act(struct shopd *sd, const struct sync_head *h)
{
	switch (h->answer) {
	case SYNC_TAKEN:
		return on_taken(sd, h);
	case SYNC_GAP:
		return on_gap(sd, h);
	case SYNC_FORK:
		on_parted(sd);
		return false;
	case SYNC_EPOCH_OLD:
		on_epoch_old(sd, h);
		return false;
	case SYNC_BROKEN:
		return on_broken(sd, h);
	}
	return false;
}

static const char *on_ack(struct shopd *sd, const struct sync_head *h, bool *ret_later)
{
	struct office_side *o = sd->office;

	if (o->pin.restoring)
		return "an answer to entries of before, while the tail is taken back";
	if (h->answer != SYNC_EPOCH_OLD && h->epoch != o->pin.epoch)
		return "an answer of another epoch";
	if (h->answer == SYNC_EPOCH_OLD && h->epoch == o->pin.epoch)
		return "the epoch is said to be old, and is not";
	if (h->at.ms + OLD_MS < o->answered.ms)
		return "an old answer, brought again";
	if (h->at.ms > o->answered.ms)
		o->answered = h->at;
	*ret_later = ack_act(sd, h);
	sync_heard(sd, h->at);
	return NULL;
}

/* --- an epoch */

static void on_granted(struct shopd *sd, int error)
{
	struct office_side *o = sd->office;

	if (error < 0) {
		/* asked for again, from the epoch that is on disk: who does gets the same grant */
		o->pin.epoch = o->epoch_before;
		o->pin.restoring = false;
		o->pin.told = true;
		o->want_epoch = true;
		said_answer(sd, "the new epoch could not be written down");
		return;
	}
	said_answer(sd, NULL);
	head_check(sd);
}

static const char *on_grant(struct shopd *sd, const struct sync_head *h, bool *ret_later)
{
	struct office_side *o = sd->office;

	if (!o->want_epoch || o->pin.restoring)
		return "an epoch that was not asked for";
	if (h->epoch <= o->pin.epoch)
		return "an epoch that is not newer than ours";
	journal_line(sd, "office: epoch %u is granted, from entry %llu on", h->epoch,
		     (unsigned long long)h->seq);
	o->epoch_before = o->pin.epoch;
	o->pin.epoch = h->epoch;
	o->pin.told = false;
	o->pin.restoring = true;
	o->pin.head = (struct office_head){h->seq, h->hash};
	o->want_epoch = false;
	sync_heard(sd, h->at);
	pin_save(sd, on_granted);
	*ret_later = true;
	return NULL;
}

/* --- any statement */

static const char *on_head(struct shopd *sd, enum sync_said kind, struct span payload,
			   bool *ret_later)
{
	struct sync_head h;

	if (!sync_head_take(payload, kind, &h))
		return "malformed, though it is signed";
	if (strcmp(h.shop, sd->config.shop) != 0)
		return "it is about another shop";
	return kind == SAID_ACK ? on_ack(sd, &h, ret_later) : on_grant(sd, &h, ret_later);
}

static const char *on_time(struct shopd *sd, struct span payload)
{
	struct office_side *o = sd->office;
	struct sync_time t;

	if (!sync_time_take(payload, &t))
		return "malformed, though it is signed";
	if (!o->has_nonce || memcmp(t.nonce, o->nonce, sizeof(t.nonce)) != 0 ||
	    mono_due(loop_mono(), o->nonce_until))
		return "it answers no nonce that was asked just now";
	sync_heard(sd, t.at);
	sync_time_said(sd, &t);
	return NULL;
}

/* NULL: taken, or (*ret_later) somebody answers later. */
static const char *judge(struct shopd *sd, struct span bytes, char why[200], bool *ret_later)
{
	struct span payload;

	if (!sd->office->pin.enrolled)
		return "this shop has no office";
	if (!keys_hold(&sd->office->pin.keys, bytes, &payload, why)) {
		if (!keys_know(&sd->office->pin.keys, bytes))
			keys_stranger(sd);
		return why;
	}
	switch (sync_said_kind(payload)) {
	case SAID_ACK:
		return on_head(sd, SAID_ACK, payload, ret_later);
	case SAID_GRANT:
		return on_head(sd, SAID_GRANT, payload, ret_later);
	case SAID_TIME:
		return on_time(sd, payload);
	case SAID_ENROLLED:
		return "this shop is enrolled already";
	case SAID_KEYS: /* small() has seen to both */
	case SAID_FEED:
		break;
	}
	return "not a word that an office says by itself";
}

/* Whether it goes to others than judge(); looked at before anything is verified. */
static bool is_said(struct span bytes, enum sync_said kind)
{
	struct statement s;

	return statement_parse(bytes, &s) && sync_said_kind(s.payload) == kind;
}

static void feed(struct shopd *sd, int fd, uint32_t bytes)
{
	char why[200] = "";

	if (!feed_take(sd, fd, bytes, why))
		said_answer(sd, why);
}

static void small(struct shopd *sd, int fd, uint32_t len)
{
	uint8_t room[SAID_SMALL_MAX];
	struct span bytes = {room, len};
	const char *wrong;
	char why[200] = "";
	bool later = false;

	if (pread(fd, room, len, 0) != (ssize_t)len) {
		close(fd);
		said_answer(sd, "it is not as long as it says");
		return;
	}
	if (is_said(bytes, SAID_FEED)) {
		feed(sd, fd, len);
		return;
	}
	close(fd);
	if (sd->office->enrolling.on && !sd->office->enrolling.pinned &&
	    is_said(bytes, SAID_ENROLLED)) {
		enrol_said(sd, bytes);
		return;
	}
	if (sd->office->pin.enrolled && is_said(bytes, SAID_KEYS)) {
		keys_said(sd, bytes);
		sync_look(sd);
		return;
	}
	wrong = judge(sd, bytes, why, &later);
	if (wrong || !later)
		said_answer(sd, wrong);
	sync_look(sd);
}

/* Nobody may change what is judged: only a sealed memfd of the length that was said. */
static bool sealed(int fd, uint32_t bytes)
{
	const int wanted = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
	int seals = fcntl(fd, F_GET_SEALS);
	struct stat st;

	return seals >= 0 && (seals & wanted) == wanted && fstat(fd, &st) == 0 &&
	       (uint64_t)st.st_size == bytes;
}

void said_message(struct shopd *sd, uint32_t peer, const struct message_said *m, int fd)
{
	struct said *said = &sd->office->said;

	if (fd < 0 || said->on || !sealed(fd, m->bytes)) {
		answer(sd, peer, m->head.request,
		       said->on ? "one thing at a time" : "it comes as a sealed memfd, or not");
		if (fd >= 0)
			close(fd);
		return;
	}
	*said = (struct said){.on = true, .peer = peer, .request = m->head.request};
	if (m->what == CARRY_TAIL)
		restore_tail(sd, fd, m->bytes);
	else if (m->bytes <= SAID_SMALL_MAX)
		small(sd, fd, m->bytes);
	else
		feed(sd, fd, m->bytes);
}
