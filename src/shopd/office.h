/*
 * office.h: what the files of shopd's office side share (contracts 5). courierd carries, shopd
 * judges: here is the box's key, the office's keys as they were pinned, and what follows from each
 * word that the office has signed.
 *
 *   office.c          start, stop, what others ask office_enrol.c    enrolling and leaving
 *   office_pin.c      the two files and the keys
 *   office_sync.c     what courierd is told        office_said.c     what it has brought
 *   office_restore.c  a tail taken back            office_head.c     whether an entry is ours
 *   office_feed.c     the feed and its commands    office_todo.c     what else it asks of the shop
 *   office_keys.c     new sets of its keys
 *   office_settings.c policy, as it holds now      office_work.c     what may block, on a thread
 *   office_behind.c   how long entries have waited
 *
 * The loop touches all of it; the thread only what stands in a job, the catalogue's thread only
 * `judge`, and that while a feed is under way.
 */
#ifndef SHOP_SHOPD_OFFICE_H
#define SHOP_SHOPD_OFFICE_H

#include "ledger/restore.h"
#include "shopd/shopd.h"
#include "token/statement.h"

enum {
	SAID_SMALL_MAX = 4096, /* bytes of a statement that is judged on the loop: all but feeds */
	KEYS_STATEMENT_MAX = 1024, /* of eight keys: 700 */
	PIN_FILE_MAX = 16384,
};

/** The newest entry that the office has, as it has signed it. */
struct office_head {
	uint64_t seq;
	struct sha256 hash;
};

/** STATE/office.cbor: who the office is, and which epoch this box writes in. */
struct office_pin {
	bool enrolled;
	char url[OFFICE_URL_MAX + 1];
	struct public_key root;
	uint32_t statement_len;
	uint8_t statement[KEYS_STATEMENT_MAX]; /* the root's word on `keys` */
	struct sync_keys keys;		       /* what it says */
	uint32_t epoch;
	bool told;	/* that we are enrolled stands in the ledger */
	bool restoring; /* the office is ahead of us: its tail is to be taken back */
	struct office_head head;
	uint32_t sets; /* settings that were commanded, until the feed speaks of them */
	struct sync_setting set[SETTINGS_MAX];
};

/** Something for the thread: run() there, done() on the loop, which frees it. */
struct job {
	void (*run)(struct job *job);
	void (*done)(struct shopd *sd, struct job *job);
	struct job *next;
};

/** An enrolment under way: who waits for it. */
struct enrolling {
	bool on, pinned; /* pinned: the office has said yes, and that is on disk */
	uint32_t peer, request;
	char url[OFFICE_URL_MAX + 1];
	char text[CLAIM_CODE_MAX + 1];
	struct claim_code code;
	struct mono until; /* the office's answer must have come */
	char trouble[200]; /* what courierd said last */
	uint64_t ticket;   /* done when this one is on disk; 0: not yet */
};

/** A word of the office that is being dealt with; courierd waits for what becomes of it. */
struct said {
	bool on;
	uint32_t peer, request;
};

/** What the catalogue's thread has of us while a feed is under way. */
struct feed_judging {
	struct sync_keys keys;
	bool stranger;	/* it is signed by a key that is not one of them */
	uint32_t epoch; /* that it names; 0: it was not read */
	struct wall at;
};

enum restore_step {
	RESTORE_NONE = 0,
	RESTORE_WAITS,	 /* is due at restore.at */
	RESTORE_BEGINS,	 /* a job: the ledger is closed, what is common is looked for */
	RESTORE_FETCHES, /* the tail is asked for */
	RESTORE_TAKES,	 /* a job: a batch of it is checked */
	RESTORE_ENDS,	 /* a job: the new file is put in place */
	RESTORE_OPENS,	 /* the ledger is being opened again */
};

struct restore_side {
	enum restore_step step;
	struct mono at;	  /* WAITS: begin then; FETCHES: give up then */
	int64_t pause_ms; /* before the next try: doubled by each that failed */
	int backup_fd;	  /* of an enrolment, until it was copied; -1: none */
	uint64_t after;	  /* entries are taken back up to it */
	/* the thread's, while a job is under way */
	struct restoring *under_way;
	struct restore what;
	char dir[PATH_SIZE], backup[PATH_SIZE + 32];
};

/** What is to be done of what the feed said: one at a time, until it is on record. */
struct todo_side {
	uint32_t at, todos, size; /* todo[at] is the first of them */
	struct feed_todo *todo;
	bool asked;	   /* the first one: somebody is at it */
	bool forgetting;   /* it is on record, and the catalogue was told */
	bool forget_again; /* … and could not be told */
	struct mono again_at;
};

/** The oldest entry that the office lacks. */
struct behind {
	uint64_t seq;	   /* 0: it lacks none */
	struct wall at;	   /* when it was written; 0: not known yet */
	struct mono since; /* it has been the oldest, since this start */
	bool asked;	   /* `at` is being read */
	bool told, stale;  /* what the core knows */
};

struct office_side {
	struct office_pin pin;
	uint64_t told_ticket; /* the entry of our epoch is on disk when this one is */
	bool has_key;
	uint8_t secret[32];
	struct public_key key;
	struct office_work *work;
	struct timer *timer;	  /* what is looked at now and then, and what is due */
	struct timer *sync_timer; /* courierd hears of the head at most five times a second */
	struct mono synced_at;

	struct enrolling enrolling;
	struct said said;
	uint64_t acked;
	struct sha256 acked_hash;
	struct wall answered; /* when the newest ack was signed: an older one is an old one */
	bool want_epoch, want_snapshot;
	bool want_keys;	       /* a word came that is signed by a key that we do not know */
	uint32_t broken;       /* batches in a row that came there broken, though they are ours */
	bool keys_unsaved;     /* pin.keys are newer than those on disk */
	bool keys_said;	       /* courierd has brought them, and waits for the answer */
	uint32_t epoch_before; /* the one that office.cbor has while a grant is being written */
	bool has_nonce;
	uint8_t nonce[NONCE_SIZE];
	struct mono nonce_until, time_at; /* time_at: no nonce before */

	struct wall heard; /* when the newest word was signed */
	struct mono heard_mono;
	uint32_t road; /* enum carried */
	bool refused_by_word, refused_by_road, refused, stale;
	bool conditions_told; /* of the latter two: an alarm may be older than this run */
	struct behind behind;
	uint8_t seen_door[DOORS_MAX][4]; /* as courierd was told last */
	uint32_t seen_visits, seen_alarms;
	bool seen_trusted;

	bool feeding; /* the catalogue has a feed, and reads `judge` */
	struct feed_judging judge;
	struct feed_state feed;
	bool commanding, command_done; /* one is in the core; what became of it */
	struct todo_side todo;
	struct restore_side restore;
};

/* --- office_work.c */
MUST_CHECK int office_work_start(struct shopd *sd);
/** office_work_stop - what was asked for is done; done() is not called any more. */
void office_work_stop(struct shopd *sd);
/** office_job - hands it to the thread. */
void office_job(struct shopd *sd, struct job *job);
/** office_job_new - zeroed memory for a job; never NULL. */
void *office_job_new(size_t size, void (*run)(struct job *),
		     void (*done)(struct shopd *, struct job *));

/* --- office_pin.c; those that touch files are for start and for the thread */
/** pin_read - 0, -ENOENT, or -EBADMSG when it is damaged or another shop's. */
MUST_CHECK int pin_read(const char *dir, const char *shop, struct office_pin *ret);
MUST_CHECK int pin_write(const char *dir, const char *shop, const struct office_pin *pin);
MUST_CHECK int pin_forget(const char *dir);
/** box_key_read - 0, -ENOENT, -EBADMSG. box_key_write - a new file. */
MUST_CHECK int box_key_read(const char *dir, uint8_t ret_secret[32], struct public_key *ret);
MUST_CHECK int box_key_write(const char *dir, const uint8_t secret[32]);
/** keys_read - the office's set out of the root's statement. False with `why`. */
MUST_CHECK bool keys_read(struct span statement, const struct public_key *root,
			  struct sync_keys *ret, char why[200]);
/** keys_hold - a statement's payload, if one of these keys has signed it. False with `why`. */
MUST_CHECK bool keys_hold(const struct sync_keys *keys, struct span bytes, struct span *ret_payload,
			  char why[200]);
/** keys_know - whether the key that has signed these bytes is one of them; also of what is
 * malformed, which no other set would mend. */
bool keys_know(const struct sync_keys *keys, struct span bytes);
/** pin_save - writes the pin as it is now, on the thread; then(), where given, on the loop, with 0
 * or -errno. */
void pin_save(struct shopd *sd, void (*then)(struct shopd *sd, int error));

/* --- office_sync.c */
MUST_CHECK int sync_start(struct shopd *sd);
void sync_stop(struct shopd *sd);
/** sync_tell - courierd hears at once what there is to do. sync_soon - before long. */
void sync_tell(struct shopd *sd);
void sync_soon(struct shopd *sd);
/** sync_look - conditions, nonces, whatever is due; arms the timer. */
void sync_look(struct shopd *sd);
/** sync_heard - a word of the office, signed then. */
void sync_heard(struct shopd *sd, struct wall at);
/** sync_time_said - the office has answered our nonce. */
void sync_time_said(struct shopd *sd, const struct sync_time *t);
void sync_carried(struct shopd *sd, const struct message_carried *m);
void sync_proof(struct shopd *sd, uint32_t peer, const struct message_proof *m);

/* --- office_behind.c */
/** behind_look - whether entries wait for too long for the office. */
void behind_look(struct shopd *sd);

/* --- office_said.c */
void said_message(struct shopd *sd, uint32_t peer, const struct message_said *m, int fd);
/** said_answer - what became of the one that is being dealt with; NULL: it was taken. */
void said_answer(struct shopd *sd, const char *why);
/** said_epoch - a new epoch is to be asked for. */
void said_epoch(struct shopd *sd, const char *because);

/* --- office.c */
/** office_begins - the entry that begins our epoch. office_keys_fact - the one of a new set. */
void office_begins(struct shopd *sd, enum office_event event);
void office_keys_fact(struct shopd *sd);

/* --- office_enrol.c */
/** enrol_said - the office's answer to an enrolment, as it came. */
void enrol_said(struct shopd *sd, struct span bytes);
/** enrol_look - whether it takes too long; when to look again. */
struct mono enrol_look(struct shopd *sd);
/** enrol_failed - whoever waits is told why. enrol_done - all is done, once `ticket` is on disk. */
void enrol_failed(struct shopd *sd, const char *why);
void enrol_done(struct shopd *sd, uint64_t ticket);

/* --- office_head.c */
/** head_is_ours - asks whether our ledger has this entry; then() hears it on the loop: 1, 0, or
 * -errno where it cannot be told now. */
void head_is_ours(struct shopd *sd, struct office_head head,
		  void (*then)(struct shopd *sd, struct office_head head, int ours));

/* --- office_restore.c */
/** head_check - whether our ledger has the pinned head; then the tail is taken back, or not. */
void head_check(struct shopd *sd);
void restore_tail(struct shopd *sd, int fd, uint32_t bytes);
/** restore_look - what is due; when to look again. */
struct mono restore_look(struct shopd *sd);
void restore_opened(struct shopd *sd);
void restore_stop(struct shopd *sd);

/* --- office_feed.c */
MUST_CHECK int feed_start(struct shopd *sd);
/** feed_take - hands a statement to the catalogue's thread; false with `why`. The fd is taken. */
MUST_CHECK bool feed_take(struct shopd *sd, int fd, uint32_t bytes, char why[200]);
/** command_do - what the office commands, in time, and its answer on record. */
void command_do(struct shopd *sd, const struct sync_command *c);

/* --- office_keys.c */
/** keys_change - a set of keys, as the root has signed it. True when it is a newer one: the pin is
 * being written, and todo_keys() hears of it. Else false, with `why` where it is not what is pinned
 * here already. */
MUST_CHECK bool keys_change(struct shopd *sd, struct span statement, char why[200]);
/** keys_said - a set that was fetched because keys_stranger() had asked for it. */
void keys_said(struct shopd *sd, struct span statement);
/** keys_stranger - a statement was refused, for we do not know the key that has signed it. */
void keys_stranger(struct shopd *sd);

/* --- office_todo.c */
/** todo_add - more to be done; their keys go along. */
void todo_add(struct shopd *sd, struct feed_todo *more, uint32_t count);
/** todo_look - goes on with it; when to look again. */
struct mono todo_look(struct shopd *sd);
/** todo_forgotten - the catalogue has forgotten the one that was done, or (`error`) could not. */
void todo_forgotten(struct shopd *sd, int error);
/** todo_keys - the set of keys that was pinned last is on disk, or (false) could not be written. */
void todo_keys(struct shopd *sd, bool saved);
void todo_stop(struct shopd *sd);

/* --- office_settings.c */
/** settings_apply - what holds now: shopd.conf, what the feed says, what was commanded. */
void settings_apply(struct shopd *sd);
/** settings_command - one setting, until the feed speaks of it. False with `why`. */
bool settings_command(struct shopd *sd, const struct sync_setting *s, char why[200]);
/** settings_feed - the feed's settings are `fresh` now. */
void settings_feed(struct shopd *sd, const struct feed_state *fresh);

#endif
