/*
 * nfc.c: the thread of a reader, and what it and the loop hand each other, under one lock that
 * neither keeps.
 *
 * The end: the thread may be anywhere in PC/SC, which has no descriptor to wait on and, when pcscd
 * hangs, no end. So a second short-lived thread asks PC/SC to cancel, again and again, for a call
 * that has not begun yet cannot be cancelled; the loop waits a little, and then goes without them.
 * The last of the three to leave frees it all.
 */
#include "device/nfc.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "device/nfc_reader.h"
#include "loop/loop.h"

#define STACK_SIZE                                                                                 \
	(256 * 1024)   /* all of it counts as memory that is locked for the door's sake            \
			*/
#define SEARCH_MS 1000 /* a reader plugged in again is found within a second */
#define CANCEL_MS 10
#define END_MS	  200

struct nfc {
	char part[NFC_NAME_MAX + 1];
	int fd, done_fd; /* eventfds: something to look at; the thread has ended */
	_Atomic uint32_t holders;
	_Atomic bool stop;
	_Atomic int64_t heard_ms;
	pthread_mutex_t lock;
	pthread_cond_t moved; /* the loop has said something */

	/* under the lock */
	bool cancellable;
	SCARDCONTEXT context;
	struct nfc_state state;
	uint32_t challenge_len;
	uint8_t challenge[NFC_CHALLENGE_MAX];
	uint32_t taps;
	bool offered;
	struct nfc_tap tap;
	uint32_t answered;    /* nothing more is to be said about it */
	uint32_t verdict_len; /* of the command that tells it */
	uint8_t verdict[NFC_COMMAND_MAX];
};

static void let_go(struct nfc *n)
{
	if (atomic_fetch_sub(&n->holders, 1) != 1)
		return;
	close(n->fd);
	close(n->done_fd);
	pthread_mutex_destroy(&n->lock);
	pthread_cond_destroy(&n->moved);
	free(n);
}

static void wake(const struct nfc *n)
{
	CHECK(eventfd_write(n->fd, 1) == 0 || errno == EAGAIN);
}

/* --- the thread's side */

/* Waits until the loop has set *what, under the lock; false when it has not by then. */
static bool await(struct nfc *n, const uint32_t *what, int64_t ms)
{
	struct mono until = mono_add(loop_mono(), ms);
	struct timespec at = {.tv_sec = (time_t)(until.ms / 1000),
			      .tv_nsec = (long)(until.ms % 1000) * 1000000};

	while (*what == 0 && !atomic_load(&n->stop))
		if (pthread_cond_timedwait(&n->moved, &n->lock, &at) != 0)
			break;
	return *what > 0 && !atomic_load(&n->stop);
}

static void rest(struct nfc *n, int64_t ms)
{
	static const uint32_t nothing = 0;

	pthread_mutex_lock(&n->lock);
	(void)await(n, &nothing, ms);
	pthread_mutex_unlock(&n->lock);
}

static void tell_state(struct nfc *n, const char *name, enum nfc_trouble trouble)
{
	bool there = trouble == NFC_FINE, news;

	pthread_mutex_lock(&n->lock);
	news = n->state.there != there || n->state.trouble != trouble ||
	       strcmp(n->state.name, name) != 0;
	n->state.there = there;
	n->state.trouble = trouble;
	strncpy(n->state.name, name, NFC_NAME_MAX);
	n->state.name[NFC_NAME_MAX] = '\0';
	pthread_mutex_unlock(&n->lock);
	if (news)
		wake(n);
}

static void ask_challenge(struct nfc *n)
{
	pthread_mutex_lock(&n->lock);
	n->challenge_len = 0;
	n->state.challenge = true;
	pthread_mutex_unlock(&n->lock);
	wake(n);
}

static bool take_challenge(struct nfc *n, uint8_t bytes[NFC_CHALLENGE_MAX], struct span *ret)
{
	bool given;

	pthread_mutex_lock(&n->lock);
	given = await(n, &n->challenge_len, NFC_CHALLENGE_MS);
	n->state.challenge = false;
	memcpy(bytes, n->challenge, n->challenge_len);
	*ret = (struct span){bytes, n->challenge_len};
	pthread_mutex_unlock(&n->lock);
	return given;
}

/* The loop takes it soon, or it is withdrawn. The verdict's command; its length, 0: none came. */
static uint32_t offer(struct nfc *n, const struct nfc_talk *t, uint8_t command[NFC_COMMAND_MAX])
{
	uint32_t len = 0;

	pthread_mutex_lock(&n->lock);
	n->tap = (struct nfc_tap){
		.number = ++n->taps, .shown = t->shown, .status = t->status, .len = t->len};
	memcpy(n->tap.bytes, t->bytes, t->len);
	n->offered = true;
	n->answered = 0;
	n->verdict_len = 0;
	wake(n);
	if (await(n, &n->answered, NFC_VERDICT_MS)) {
		len = n->verdict_len;
		memcpy(command, n->verdict, len);
	}
	n->offered = false;
	n->tap.number = 0; /* a verdict that comes now is nobody's */
	memset(n->tap.bytes, 0, sizeof(n->tap.bytes));
	pthread_mutex_unlock(&n->lock);
	return len;
}

/* The talk itself: false when it was broken off. */
static bool talk(struct nfc *n, struct nfc_reader *r, struct mono end, struct nfc_talk *t)
{
	uint8_t bytes[NFC_CHALLENGE_MAX], command[NFC_COMMAND_MAX], answer[NFC_ANSWER_MAX];
	struct span challenge = {bytes, 0};
	uint32_t len;
	int got;

	while (t->word != NFC_OVER) {
		if (t->word == NFC_CHALLENGE && !take_challenge(n, bytes, &challenge))
			return false;
		len = nfc_say(t, challenge, command);
		got = nfc_reader_transmit(r, command, len, answer);
		if (got < 0 || mono_due(loop_mono(), end) || atomic_load(&n->stop))
			return false;
		nfc_hear(t, (struct span){answer, (uint32_t)got});
	}
	return true;
}

/* Something has come near. The challenge is asked for first: it is here when the phone is. */
static void tap(struct nfc *n, struct nfc_reader *r)
{
	struct mono end = mono_add(loop_mono(), NFC_TAP_MS);
	uint8_t command[NFC_COMMAND_MAX], answer[NFC_ANSWER_MAX];
	struct nfc_talk t = {0};
	enum nfc_trouble trouble;
	bool connected;
	uint32_t len;

	ask_challenge(n);
	connected = nfc_reader_connect(r, &trouble);
	if (connected || trouble == NFC_DENIED)
		tell_state(n, connected ? r->name : "", trouble);
	if (connected && !talk(n, r, end, &t))
		t = (struct nfc_talk){0};
	if (t.shown == NFC_SHOWN_NOTHING && r->tries == 0 && trouble != NFC_DENIED)
		t.shown = NFC_SHOWN_STRANGE; /* it is still there, and cannot be read */
	if (t.shown != NFC_SHOWN_NOTHING) {
		len = offer(n, &t, command);
		if (connected && len > 0 && t.shown == NFC_SHOWN_TOKEN &&
		    !mono_due(loop_mono(), end))
			(void)nfc_reader_transmit(r, command, len, answer);
	}
	if (connected)
		nfc_reader_disconnect(r);
	if (t.shown != NFC_SHOWN_NOTHING || trouble == NFC_DENIED)
		nfc_reader_over(r);
	explicit_bzero(&t, sizeof(t));
}

/* What is cancelled at the end is the context that the thread has now. */
static void show_context(struct nfc *n, const struct nfc_reader *r)
{
	pthread_mutex_lock(&n->lock);
	n->cancellable = r->open;
	n->context = r->context;
	pthread_mutex_unlock(&n->lock);
}

static void turn(struct nfc *n, struct nfc_reader *r)
{
	enum nfc_trouble trouble = NFC_FINE;
	enum nfc_wait wait = NFC_WAIT_GONE;

	(void)nfc_reader_context(r);
	show_context(n, r);
	wait = nfc_reader_wait(r, n->part, NFC_WAIT_MS, &trouble);
	atomic_store(&n->heard_ms, loop_mono().ms);
	switch (wait) {
	case NFC_WAIT_GONE:
		tell_state(n, "", trouble);
		rest(n, SEARCH_MS);
		break;
	case NFC_WAIT_FOUND:
		tell_state(n, r->name, NFC_FINE);
		break;
	case NFC_WAIT_QUIET:
		break;
	case NFC_WAIT_TAP:
		tap(n, r);
		break;
	}
}

static void *run(void *data)
{
	struct nfc *n = data;
	struct nfc_reader r = {0};

	while (!atomic_load(&n->stop))
		turn(n, &r);
	pthread_mutex_lock(&n->lock);
	n->cancellable = false;
	pthread_mutex_unlock(&n->lock);
	nfc_reader_close(&r);
	CHECK(eventfd_write(n->done_fd, 1) == 0);
	let_go(n);
	return NULL;
}

/* --- the end */

static bool is_done(const struct nfc *n, int ms)
{
	struct pollfd fd = {.fd = n->done_fd, .events = POLLIN};

	return poll(&fd, 1, ms) > 0;
}

static void *cancel(void *data)
{
	struct nfc *n = data;
	SCARDCONTEXT context;
	bool cancellable;

	do {
		pthread_mutex_lock(&n->lock);
		cancellable = n->cancellable;
		context = n->context;
		pthread_mutex_unlock(&n->lock);
		if (cancellable)
			(void)SCardCancel(context);
	} while (!is_done(n, CANCEL_MS));
	let_go(n);
	return NULL;
}

/* With all signals blocked, for the loop has them. */
static int thread_start(struct nfc *n, void *(*fn)(void *), const char *name)
{
	pthread_t thread;
	pthread_attr_t attr;
	sigset_t all, before;
	int r = pthread_attr_init(&attr);

	if (r != 0)
		return -r;
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	atomic_fetch_add(&n->holders, 1);
	r = pthread_create(&thread, &attr, fn, n);
	if (r == 0)
		pthread_setname_np(thread, name);
	else
		atomic_fetch_sub(&n->holders, 1);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
	return -r;
}

void nfc_stop(struct nfc *n)
{
	if (!n || atomic_exchange(&n->stop, true))
		return;
	pthread_mutex_lock(&n->lock);
	pthread_cond_broadcast(&n->moved);
	pthread_mutex_unlock(&n->lock);
	/* without it the thread ends by itself, later */
	(void)thread_start(n, cancel, "nfc-cancel");
}

void nfc_close(struct nfc *n)
{
	if (!n)
		return;
	nfc_stop(n);
	(void)is_done(n, END_MS);
	let_go(n);
}

/* --- the loop's side */

int nfc_open(const char *part, struct nfc **ret)
{
	struct nfc *n = calloc(1, sizeof(*n));
	pthread_condattr_t attr;
	int r;

	CHECK(part[0] != '\0' && strlen(part) <= NFC_NAME_MAX);
	if (!n)
		return -ENOMEM;
	strncpy(n->part, part, NFC_NAME_MAX);
	atomic_store(&n->holders, 1);
	atomic_store(&n->heard_ms, loop_mono().ms);
	pthread_mutex_init(&n->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&n->moved, &attr);
	pthread_condattr_destroy(&attr);
	n->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	n->done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	r = n->fd < 0 || n->done_fd < 0 ? -errno : thread_start(n, run, "nfc");
	if (r < 0) {
		let_go(n);
		return r;
	}
	*ret = n;
	return 0;
}

int nfc_fd(const struct nfc *n)
{
	return n->fd;
}

void nfc_look(struct nfc *n, struct nfc_state *ret)
{
	eventfd_t count;

	(void)eventfd_read(n->fd, &count);
	pthread_mutex_lock(&n->lock);
	*ret = n->state;
	n->state.challenge = false; /* asked for once */
	pthread_mutex_unlock(&n->lock);
}

void nfc_challenge(struct nfc *n, struct span bytes)
{
	CHECK(bytes.len > 0 && bytes.len <= NFC_CHALLENGE_MAX);
	pthread_mutex_lock(&n->lock);
	memcpy(n->challenge, bytes.data, bytes.len);
	n->challenge_len = bytes.len;
	pthread_cond_broadcast(&n->moved);
	pthread_mutex_unlock(&n->lock);
}

static void answered(struct nfc *n)
{
	n->answered = 1;
	pthread_cond_broadcast(&n->moved);
}

bool nfc_take(struct nfc *n, struct nfc_tap *ret)
{
	bool offered;

	pthread_mutex_lock(&n->lock);
	offered = n->offered;
	if (offered)
		*ret = n->tap;
	n->offered = false;
	if (offered && ret->shown != NFC_SHOWN_TOKEN)
		answered(n); /* who has no screen is told by the lights */
	pthread_mutex_unlock(&n->lock);
	return offered;
}

void nfc_verdict(struct nfc *n, uint32_t number, const char *word, uint32_t unlock_ms)
{
	pthread_mutex_lock(&n->lock);
	if (number != 0 && n->tap.number == number && n->verdict_len == 0) {
		n->verdict_len = nfc_verdict_say(word, unlock_ms, n->verdict);
		answered(n);
	}
	pthread_mutex_unlock(&n->lock);
}

bool nfc_stuck(const struct nfc *n, struct mono now)
{
	return now.ms - atomic_load(&n->heard_ms) > NFC_STUCK_MS;
}

const char *nfc_trouble_words(enum nfc_trouble trouble)
{
	switch (trouble) {
	case NFC_FINE:
		return "it is there";
	case NFC_NO_SERVICE:
		return "pcscd is not there, or does not let shopd in";
	case NFC_NO_READER:
		return "there is no such reader";
	case NFC_SEVERAL:
		return "several readers have that name: write more of it";
	case NFC_DENIED:
		return "pcscd does not let shopd speak with cards (polkit: nfc.rules)";
	case NFC_SILENT:
		return "it does not answer";
	}
	return "it is not there";
}
