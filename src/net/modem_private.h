/*
 * modem_private.h: what the parts of the modem share.
 *   modem.c        its life, and all that is told to the caller
 *   modem_bus.c    the bus, ModemManager's name, one call after another
 *   modem_look.c   what ModemManager knows: one picture of its modems, read whole
 *   modem_tend.c   what we make of that picture, and what we do to the modem
 *   modem_revive.c what is tried with one that does not work
 *   modem_send.c   texts that leave
 *   modem_inbox.c  texts that come in
 */
#ifndef SHOP_NET_MODEM_PRIVATE_H
#define SHOP_NET_MODEM_PRIVATE_H

#include <systemd/sd-bus.h>

#include "net/modem.h"

#define MM_NAME	     "org.freedesktop.ModemManager1"
#define MM_PATH	     "/org/freedesktop/ModemManager1"
#define MM_MODEM     MM_NAME ".Modem"
#define MM_3GPP	     MM_NAME ".Modem.Modem3gpp"
#define MM_MESSAGING MM_NAME ".Modem.Messaging"
#define MM_TIME	     MM_NAME ".Modem.Time"
#define MM_SIM	     MM_NAME ".Sim"
#define MM_SMS	     MM_NAME ".Sms"

enum {
	PATH_MAX_LEN = 127,   /* of an object; ModemManager's have some 40 */
	DEVICE_MAX_LEN = 255, /* of the sysfs path that names a modem for InhibitDevice */
	OWNER_MAX_LEN = 63,   /* ":1.42" */
	PIN_MAX_LEN = 8,
	ADDRESS_MAX_LEN = 255,
	WHY_MAX_LEN = 159,

	TICK_MS = 5000, /* how often it looks at everything by itself */
	TICK_SLACK_MS = 500,
	PROBE_MS = 15000,  /* how often the modem itself is asked something */
	SETTLE_MS = 60000, /* as long may it start, or say nothing, before it is set up anew */
	RESTART_MAX_MS = 3600000, /* and of ModemManager */
	REVIVE_MAX_MS = 600000,	  /* the pause between two such attempts doubles up to that */
	ENABLE_FIRST_MS = 5000,	  /* and between two attempts to switch it on */
	ENABLE_MAX_MS = 60000,
	CONNECT_FIRST_MS = 1000, /* and to reach the bus */
	CONNECT_MAX_MS = 60000,
	START_MS = 30000, /* and to have ModemManager started */
	SILENT_MAX = 2,	  /* calls without an answer that make a broken road */

	INBOX_MAX = 64,		 /* texts known at once; the others wait where they are */
	INBOX_READING_MAX = 4,	 /* read at once */
	INBOX_RING = 8,		 /* read and not yet told: one turn of the loop */
	INBOX_PARTS_MS = 900000, /* as long may the parts of a long text take */
	INBOX_LIST_MS = 600000,	 /* how often the card is looked through again */
	INBOX_QUIET_MS = 5000,	 /* nothing is deleted sooner after something came in … */
	REFRESH_MS = 86400000,	 /* how often it is switched off and on, to read the card whole */
	REFRESH_PAUSES = 10,	 /* settle_ms, between two of them when something seems lost */
	INBOX_KEPT_MAX = 8,	 /* … unless as many wait for it */
	DELETE_TRIES = 3,
	PIN_TRIES = 3, /* that a card allows (3GPP TS 31.101) */
};

/* org.freedesktop.ModemManager1's own numbers */
enum mm_state {
	MM_FAILED = -1,
	MM_UNKNOWN = 0,
	MM_INITIALIZING = 1,
	MM_LOCKED = 2,
	MM_DISABLED = 3,
	MM_DISABLING = 4,
	MM_ENABLING = 5,
	MM_ENABLED = 6,
	MM_SEARCHING = 7,
	MM_REGISTERED = 8,
};
enum {
	MM_REASON_SIM_MISSING = 2,
	MM_REASON_SIM_ERROR = 3
};
enum {
	MM_LOCK_SIM_PIN = 2
};
enum {
	MM_REGISTRATION_HOME_SMS_ONLY = 6,
	MM_REGISTRATION_ROAMING_SMS_ONLY = 7
};
enum {
	MM_SMS_RECEIVING = 2,
	MM_SMS_RECEIVED = 3,
	MM_SMS_SENDING = 4,
};

/** One modem as ModemManager pictures it. */
struct sight {
	char path[PATH_MAX_LEN + 1]; /* "": there is none */
	char device[DEVICE_MAX_LEN + 1];
	char sim[PATH_MAX_LEN + 1];
	int32_t state;	       /* enum mm_state, or another number */
	uint32_t reason;       /* why it failed */
	uint32_t lock;	       /* which code the card wants */
	uint32_t registration; /* with the network */
	int64_t tries;	       /* for the PIN; -1: not known */
	bool messaging;
	bool time; /* it can be asked what time it is */
};

enum job_step {
	JOB_FREE,
	JOB_WAITING,
	JOB_CREATING,
	JOB_SENDING,
	JOB_DONE
};

/** One text that leaves. */
struct job {
	enum job_step step;
	uint64_t number;   /* they leave in this order */
	struct mono until; /* when it has waited for long enough */
	char to[MODEM_PHONE_MAX + 1];
	char words[MODEM_TEXT_MAX + 1];
	char path[PATH_MAX_LEN + 1];
	bool sent;
	bool answered; /* ModemManager has said whether it left */
	bool doubt;    /* it may have left, though nobody says so */
	char trouble[WHY_MAX_LEN + 1];
	modem_sent_fn *done;
	void *data;
};

enum incoming_step {
	INCOMING_NEW,
	INCOMING_READING,
	INCOMING_PARTS,
	INCOMING_READ,
	INCOMING_TOLD
};

/** One text on the card. */
struct incoming {
	struct modem *modem;
	enum incoming_step step;
	char path[PATH_MAX_LEN + 1];
	struct mono since;
	uint32_t deletes; /* how often that was tried */
	bool suspect;	  /* its other parts seem lost */
	sd_bus_slot *call;
};

struct arrived {
	char path[PATH_MAX_LEN + 1];
	char from[MODEM_PHONE_MAX + 1];
	char text[MODEM_TEXT_MAX + 1];
};

enum match {
	MATCH_GONE,
	MATCH_OWNER,
	MATCH_ADDED,
	MATCH_REMOVED,
	MATCH_CHANGED,
	MATCH_TEXT,
	MATCHES
};
enum call {
	CALL_OWNER,
	CALL_LOOK,
	CALL_ENABLE,
	CALL_PIN,
	CALL_PROBE,
	CALL_REVIVE,
	CALL_SEND,
	CALL_LIST,
	CALLS
};

struct modem {
	struct loop *loop;
	modem_state_fn *on_state;
	modem_text_fn *on_text;
	void *data;
	char address[ADDRESS_MAX_LEN + 1];
	char pin[PIN_MAX_LEN + 1];
	int64_t settle_ms;
	int64_t probe_ms;
	bool telling, closed; /* the caller may close us while he is told something */
	bool doubt;	      /* of the text that he is told of */

	/* what is told */
	enum modem_state state, told;
	bool told_any;
	char why[WHY_MAX_LEN + 1];
	struct timer *tell;

	/* the bus */
	sd_bus *bus;
	sd_bus_slot *matches[MATCHES];
	sd_bus_slot *calls[CALLS]; /* each at most once on its way */
	char owner[OWNER_MAX_LEN + 1];
	bool asked;  /* who has ModemManager's name is known */
	bool broken; /* the connection; it is taken down in the next tick */
	char trouble[WHY_MAX_LEN + 1];
	int64_t connect_pause_ms;
	struct mono connect_at;
	struct mono start_at;
	struct timer *tick;

	/* what ModemManager says */
	struct sight sight;
	bool looked, look_again;
	uint32_t unanswered; /* looks in a row */
	char nonsense[WHY_MAX_LEN + 1];

	/* what we do to the modem */
	uint32_t silent; /* questions in a row that the modem itself left open */
	struct mono probe_at;
	struct mono enable_at;
	int64_t enable_pause_ms;
	char refused[WHY_MAX_LEN + 1]; /* what switching it on came to */
	bool pin_spent;		       /* said, and not known to be right */
	bool pin_taken;		       /* said, and not refused */
	struct mono troubled_since;
	struct mono revive_at;
	int64_t revive_pause_ms;
	char revived[DEVICE_MAX_LEN + 1];
	struct mono revived_at;
	bool had_one; /* ever */
	struct mono manager_since, silent_since;
	struct mono restart_at;
	int64_t restart_pause_ms;
	bool inhibited;
	struct mono ready_at; /* last, or when we first saw it */

	struct job jobs[MODEM_SENDING_MAX];
	struct job *flying;
	uint64_t jobs_taken;

	struct incoming inbox[INBOX_MAX];
	uint32_t inbox_count;
	struct arrived ring[INBOX_RING];
	uint32_t ring_count;
	bool list_wanted;
	struct mono heard_at;	/* of a text last */
	struct mono refresh_at; /* switched off and on */
	struct mono refreshed_at;
	struct mono list_at;
};

/* modem.c */
/** modem_say - the state from now on; the caller hears of it in the next turn of the loop. */
void modem_say(struct modem *m, enum modem_state state, const char *why);
void modem_tell_soon(struct modem *m);
void modem_tick_soon(struct modem *m);
/** modem_text_to - a string of the bus's, cut between two characters. */
void modem_text_to(char *to, size_t size, const char *from);

/* modem_bus.c */
void modem_bus_tend(struct modem *m);
void modem_bus_close(struct modem *m);
/** modem_call - asks ModemManager's present owner; `types` and what follows as
 * sd_bus_message_append takes them. The answer comes to `fn`, or an error of the bus's after
 * `timeout_ms`. */
MUST_CHECK int modem_call(struct modem *m, sd_bus_slot **slot, const char *path,
			  const char *interface, const char *member, int64_t timeout_ms,
			  sd_bus_message_handler_t fn, void *data, const char *types, ...);
/** modem_call_message - the same with a message that is made already; it is unreferenced. */
MUST_CHECK int modem_call_message(struct modem *m, sd_bus_slot **slot, sd_bus_message *message,
				  int64_t timeout_ms, sd_bus_message_handler_t fn, void *data);
MUST_CHECK int modem_message(struct modem *m, const char *path, const char *interface,
			     const char *member, sd_bus_message **ret);
/** modem_answered - takes the slot away and says what a call came to: NULL for an answer, or the
 * name of the error without its long beginning. */
const char *modem_answered(sd_bus_slot **slot, sd_bus_message *answer);
bool modem_from_owner(const struct modem *m, sd_bus_message *message);
/** modem_jittered - a quarter more or less. */
int64_t modem_jittered(int64_t ms);

/* modem_look.c */
void modem_look(struct modem *m);
void modem_blind(struct modem *m);

/* modem_tend.c */
void modem_tend(struct modem *m);
/** modem_changed - ModemManager says that something about it has. */
void modem_changed(struct modem *m);
/** modem_forget - another modem, or none: what was known of the old one. */
void modem_forget(struct modem *m);
/** modem_left_open - an error that says that nobody has answered. */
bool modem_left_open(const char *error);
/** modem_heard - what the modem itself came to when it was asked: `error` as of modem_answered. */
void modem_heard(struct modem *m, const char *error);

/* modem_revive.c */
void modem_revive_tend(struct modem *m);
bool modem_being_revived(const struct modem *m);
/** modem_suspect - a text may be on the card that ModemManager has overlooked. */
void modem_suspect(struct modem *m);
/** modem_send_idle - no text waits or flies. */
bool modem_send_idle(const struct modem *m);

/* modem_send.c */
void modem_send_tend(struct modem *m);
/** modem_send_fail - all of them; `flying`: also the one that is on the air. */
void modem_send_fail(struct modem *m, bool flying, const char *why);
/** modem_sending - whether that object is a text of ours on its way. */
bool modem_sending(const struct modem *m, const char *path);

/* modem_inbox.c */
void modem_inbox_tend(struct modem *m);
void modem_inbox_note(struct modem *m, const char *path);
/** modem_inbox_heard - ModemManager says that a text came in (`added`), or that one has changed. */
void modem_inbox_heard(struct modem *m, const char *path, bool added);
void modem_inbox_told(struct modem *m, const char *path);
void modem_inbox_clear(struct modem *m);
/** modem_inbox_idle - nothing is read, told or deleted, and nothing came in lately. */
bool modem_inbox_idle(const struct modem *m);

#endif
