/*
 * shopd.h: the shell around the core: the one struct of the program, and what its files do for each
 * other.
 *
 * The way of everything: a file that watches one kind of outside (doors.c, readers.c, counter.c,
 * control.c, courier.c, keep.c) makes an event and calls shopd_step(); step.c asks the core and
 * does the effects in their order. Nothing else touches the core.
 *
 *   main.c     start and stop in order          config.c   shopd.conf
 *   step.c     event -> core -> effects         time.c     clocks, their trust, the deadline
 *   doors.c    chip lines <-> parts             readers.c  scanner frames -> tokens, PINs, goods
 *   proof.c    a token's bytes -> what is proven accounts.c roster, articles, balances
 *   proof_card.c   likewise of a card's bytes
 *   books.c    the lines of visits in memory    replies.c  answers that wait for the disk
 *   keep.c     the ledger: push, reports        counter.c control.c courier.c   the three sockets
 *   desk.c     what people ask of the books   nights.c  what the books do by themselves
 *   owner.c view.c   what the owner's page asks (owner.h)
 *   staff.c    whether the owner or staff asks through counterd
 *   told.c     who is told of alarms, and what became of it, for lists
 *   first.c    the code that makes the first owner (first.h)
 *   till.c     goods and baskets at a till's scanner (till.h)
 *   kiosk.c challenge.c   the screens beside doors and tills
 *   sensors*.c the room: files, switches, what courierd hears (sensors.h)
 *   nfc.c      phones and cards on a reader of NFC (nfc.h)
 *   pads.c     PIN pads on two lines of the chip (pads.h)
 *   disk.c     the disk under the books        aside.c    threads that may hang
 *   journal.c  the log, on a thread of its own
 *   office*.c  the head office: what it may say here, and what it is told (office.h)
 */
#ifndef SHOP_SHOPD_SHOPD_H
#define SHOP_SHOPD_SHOPD_H

#include "core/catalog.h"
#include "core/shop.h"
#include "device/gpio.h"
#include "ledger/catalogue.h"
#include "ledger/desk.h"
#include "ledger/ledger.h"
#include "loop/loop.h"
#include "net/socket.h"
#include "shopd/config.h"
#include "wire/basket.h"
#include "wire/frame.h"
#include "wire/message.h"

/** Peers are numbered from these (net/socket.h), so that a number tells its socket. */
#define PEER_COUNTER 0x10000000U
#define PEER_COURIER 0x20000000U
#define PEER_CONTROL 0x30000000U

struct books;
struct replies;
struct journal;
struct desk;
struct nights;
struct office_side;
struct told;
struct kiosk;
struct room;
struct disk;
struct cards;
struct nfc_side;
struct pads;
struct scanner;

/** A scanner's port and what it has said so far. */
struct reader_port {
	const char *path; /* NULL: the reader is a phone road */
	int fd;		  /* -1: not there; tried again every REOPEN_MS */
	struct scanner *scanner;
	struct watch *watch;
	struct framer framer;
	uint8_t pass[TOKEN_SIZE_MAX]; /* a pass that waits for its PIN */
	uint32_t pass_len;
	struct basket basket; /* a till's: waits for its visit's book; 0 lines: none does */
	struct mono pass_until;
	struct mono light_until; /* MONO_NEVER: no light is on */
	struct mono reopen_at;	 /* while fd is -1 */
	bool told, lost;	 /* the core was told, and that it is gone */
	bool complained;	 /* the log has said why it is not there */
	bool pad_lost;		 /* the PIN pad beside it (pads.h) */
};

struct counts {
	uint64_t admissions, refusals, lines, entries, commits;
};

/** What members owe; arrays parallel to roster->member. */
struct owing {
	struct money *unbilled; /* lines that are on no invoice */
	struct money *unpaid;	/* of invoices; negative: in the member's favour */
	struct day *oldest_due; /* of the invoices not paid in full */
};

/** Who asked for bodies to be erased. */
enum erase_by {
	ERASE_NOBODY = 0,
	ERASE_NIGHTS = 1,
	ERASE_OFFICE = 2,
};

struct shopd {
	struct config config;
	struct policy_config policy; /* what holds of it now: an office may have set it */
	struct loop *loop;
	struct shop shop;
	struct effects effects;
	uint8_t random[1152]; /* for 32 events */
	uint32_t random_used;

	/* time.c */
	struct timer *deadline;
	struct mono deadline_at;
	struct mono started;
	struct wall clock_floor; /* latest trusted time on record; 0: none */
	bool clock_vouched;	 /* a person said that the wall clock is right */
	bool clock_trusted;
	bool clock_news;	 /* it is trusted since now, and no row says so yet */
	bool clock_synchronised; /* the kernel said so since boot, once is enough */
	int64_t wall_minus_mono;
	int64_t quarter; /* of an hour since 1970, for which utc_offset_min was worked out */
	int32_t utc_offset_min;
	uint8_t boot_id[BOOT_ID_SIZE];

	/* doors.c */
	struct gpio *gpio;
	struct watch *gpio_watch;
	struct timer *gpio_retry;
	uint32_t lines;
	struct gpio_line line[GPIO_LINES_MAX];
	uint8_t line_door[GPIO_LINES_MAX], line_part[GPIO_LINES_MAX];
	struct contacts *contacts; /* contacts.h */

	/* readers.c */
	struct reader_port port[READERS_MAX];
	struct timer *reader_timer;

	/* accounts.c */
	struct catalogue *catalogue;
	struct watch *catalogue_watch;
	struct roster *roster;
	struct owing owing;
	struct articles *articles;

	/* keep.c */
	struct ledger *ledger; /* NULL: would not open; tried again every LEDGER_RETRY_MS */
	struct watch *ledger_watch;
	uint64_t ticket;    /* the newest given */
	uint64_t committed; /* the newest on disk */
	uint64_t head_seq;
	struct timer *news_timer;
	struct mono news_at;
	enum erase_by erasing;

	struct books *books;
	struct replies *replies;
	struct journal *journal;
	struct desk *desk;
	struct nights *nights;
	struct office_side *office;
	struct told *told;
	struct kiosk *kiosk;  /* kiosk.h */
	struct room *room;    /* sensors.h */
	struct disk *disk;    /* disk.h */
	struct timer *update; /* update.h */
	struct cards *cards;  /* proof_card.c */
	struct pads *pads;    /* pads.h; NULL: no door has a PIN pad */
	struct nfc_side *nfc; /* nfc.h; NULL: no place has a reader of NFC */
	struct listener *counter, *courier, *control;
	struct counts counts;
};

/* --- step.c */
/** shopd_event - an event of this kind with the time and fresh random bytes. */
struct event shopd_event(struct shopd *sd, enum event_kind kind);
/** shopd_step - the only way into the core: steps it, does what it says, re-arms the deadline. */
void shopd_step(struct shopd *sd, const struct event *event);

/* --- time.c */
MUST_CHECK int time_start(struct shopd *sd);
void time_stop(struct shopd *sd);
struct now time_now(struct shopd *sd);
/** time_day - the day of an instant in the shop's time zone; DAY_NONE before 1970.
 * time_utc_offset - minutes east of UTC there and then. */
struct day time_day(struct shopd *sd, struct wall wall);
int32_t time_utc_offset(struct shopd *sd, struct wall wall);
void time_rearm(struct shopd *sd);
/** time_vouch - `who` ("a person") says that the wall clock is right: confirms a clock outside its
 * bounds, may lower the floor. */
void time_vouch(struct shopd *sd, const char *who);

/* --- doors.c */
/** doors_start - opens the chip; false when it is not there yet: the doors are in fault and it is
 * tried again. */
bool doors_start(struct shopd *sd);
void doors_stop(struct shopd *sd);
/** doors_safe - without a loop: takes the lines, sets every output inactive, lets go. An exit code.
 */
int doors_safe(struct shopd *sd);
/** doors_set - an output of a door; a door without that line has none to set. */
void doors_set(struct shopd *sd, uint8_t door, enum door_part part, bool level);
/** doors_levels - tells the core the level of every input, as after a start. */
void doors_levels(struct shopd *sd);

/* --- readers.c */
MUST_CHECK int readers_start(struct shopd *sd);
void readers_stop(struct shopd *sd);
void readers_light(struct shopd *sd, uint8_t reader, bool yes);
void readers_beep(struct shopd *sd, uint8_t reader, bool yes);
/** readers_verdict - told what became of the token just shown at a scanner: a pass may want its PIN
 * next. */
void readers_verdict(struct shopd *sd, uint8_t reader, enum verdict verdict);
/** readers_pin - digits for the pass that this scanner has just read, from the screen beside it;
 * false when none waits for them. readers_forget_pass - none waits any more. */
bool readers_pin(struct shopd *sd, uint8_t reader, const char *digits);
void readers_forget_pass(struct shopd *sd, uint8_t reader);
/** readers_pad - the PIN pad beside this scanner is gone, or there. */
void readers_pad(struct shopd *sd, uint8_t reader, bool lost);
/** readers_tell - a scanner or a reader of NFC is gone, or there. */
void readers_tell(struct shopd *sd, uint8_t reader, bool lost);
/** readers_phone - the reader that stands for phones at this door; or at the till for NULL.
 * UINT8_MAX: no such door. */
uint8_t readers_phone(const struct shopd *sd, const char *door);

/* --- proof.c */
/** proof_of - everything that can be proven of a token's bytes: parsed, key found, signature held,
 * member looked up. `pin`: digits typed after a pass that wants them, or NULL. */
void proof_of(struct shopd *sd, struct span bytes, const char *pin, struct token_shown *ret);

/* --- proof_card.c */
/** cards_start - reads the shop's card key, where it has one; a key that cannot be read is told,
 * and no card opens anything. 0 or -ENOMEM. */
MUST_CHECK int cards_start(struct shopd *sd);
void cards_stop(struct shopd *sd);
/** cards_recall - the ledger is open, or well again: where the counters stand; none goes down.
 * cards_record - told of every admission. */
void cards_recall(struct shopd *sd, const struct recall *recall);
void cards_record(struct shopd *sd, const struct entry_admitted *a);
/** proof_of_card - the same of a card: `ndef` is its NDEF file, raw, as the tag gave it (two bytes
 * of length first; longer than CARD_NDEF_MAX is malformed). The rest is as with a token: make an
 * EVENT_DOOR_TOKEN or EVENT_TILL_TOKEN of it. Without a card key every card is an unknown key. */
void proof_of_card(struct shopd *sd, struct span ndef, struct token_shown *ret);

/* --- accounts.c */
MUST_CHECK int accounts_start(struct shopd *sd, char why[200]);
void accounts_stop(struct shopd *sd);
/** accounts_member - the member as the roster and the lines so far have it; unknown customers have
 * no limits. */
struct member accounts_member(struct shopd *sd, struct customer customer);
/** accounts_goods - what was scanned as the shop's country reads it; gtin 0 when it is nothing that
 * can be sold. */
void accounts_goods(const struct shopd *sd, const char *text, uint32_t len, struct day today,
		    struct goods *ret);
/** accounts_bought - the day on which something was bought: when its phone says that it was
 * scanned, where the visit was open then, and that is not to come; else now, or when the visit was
 * over. `visit` may be NULL. */
struct day accounts_bought(struct shopd *sd, const struct visit *visit, struct wall scanned_at,
			   const struct now *now);
/** accounts_article - the article now, and as it was in `version`, at the VAT rate of the day
 * `bought`. `name`s are lent until the catalogue is swapped. */
void accounts_article(const struct shopd *sd, struct gtin gtin, uint32_t version, struct day bought,
		      struct article *then, struct article *now);
/** accounts_add - a line's total onto its customer's unbilled sum (negative: off it). */
void accounts_add(struct shopd *sd, struct customer customer, struct money amount, bool take_off);
/** accounts_change - the desk has billed, credited or taken money. */
void accounts_change(struct shopd *sd, const struct balance_change *change);
/** accounts_balances - replaces all that is owed by what the ledger says. */
void accounts_balances(struct shopd *sd, const struct recall *recall);
/** accounts_visits - gives the visits that the ledger remembers their members' roles and trust. */
void accounts_visits(struct shopd *sd, struct recall *recall);

/* --- books.c */
MUST_CHECK int books_start(struct shopd *sd);
void books_stop(struct shopd *sd);
/** What books_find says of a visit. */
enum book_state {
	BOOK_READY = 0, /* call filled: past, earlier line */
	BOOK_ASKED = 1, /* not in memory: the message was parked until the ledger has answered */
	BOOK_BUSY = 2,	/* too many are parked: say so to the peer */
};
/** books_find - fills in `call` what is known of its visit and of the line with `key` (NULL: none);
 * parks `message` of `peer` if that has to be read first. */
enum book_state books_find(struct shopd *sd, struct visit_call *call, const char *key,
			   uint32_t peer, const union message *message);
/** books_record - told of every fact recorded: keeps lines and totals in step. */
void books_record(struct shopd *sd, const struct entry *e);
/** books_loading - the visit is being read: a till's scan into it has to wait, or the book would
 * lack it. */
bool books_loading(const struct shopd *sd, struct visit_id visit);
/** books_want - whether the lines of this open visit are in memory; if not (BOOK_ASKED), they are
 * asked for, and till_booked() of this till's reader hears of it. */
enum book_state books_want(struct shopd *sd, struct visit_id visit, uint8_t reader);
/** books_line - the line of this key in an open visit; BOOK_BUSY when they are not in memory. */
enum book_state books_line(struct shopd *sd, struct visit_id visit, const char *key,
			   bool *ret_known, struct line *ret);
void books_loaded(struct shopd *sd, const struct report *report);
/** books_committed - asks for parked visits whose rows are all on disk now. */
void books_committed(struct shopd *sd);
/** books_reset - forgets all: the disk lost some of it. Parked messages are refused. */
void books_reset(struct shopd *sd);

/* --- replies.c */
MUST_CHECK int replies_start(struct shopd *sd);
void replies_stop(struct shopd *sd);
/** replies_room - whether one more answer can wait. */
bool replies_room(const struct shopd *sd);
/** replies_after - an `after` effect: leaves when the newest ticket given so far is on disk. */
void replies_after(struct shopd *sd, const struct effect *effect);
void replies_committed(struct shopd *sd);
/** replies_refuse - every answer that still waits becomes ledger_unavailable: its claim was rolled
 * back. */
void replies_refuse(struct shopd *sd);
/** replies_hold_bearer - the bearer drawn for the till token now being stepped; handed out if the
 * core says so. */
void replies_hold_bearer(struct shopd *sd, const uint8_t bearer[32]);

/* --- keep.c */
/** keep_start - opens the ledger, steps EVENT_START with what it remembers (or without a ledger,
 * and tries again). */
MUST_CHECK int keep_start(struct shopd *sd);
void keep_stop(struct shopd *sd);
/** keep_record - one step's facts under one ticket. */
void keep_record(struct shopd *sd, const struct effects *effects);
/** keep_room - whether a step that claims (a purchase) may be taken now. */
bool keep_room(const struct shopd *sd);

/** keep_fact - a fact that the core does not make: recorded, and logged. */
void keep_fact(struct shopd *sd, const struct entry *e);
/** keep_erase - asks for bodies to be erased; nights_erased() or office_erased() hears the end of
 * it. False: not now. */
bool keep_erase(struct shopd *sd, const struct customer *whose, struct wall before,
		enum erase_by by);
/** keep_release - gives the ledger out of hand, to be closed by the caller on another thread; no
 * entry and no purchase meanwhile, as with a full disk. False: it is just being opened.
 * keep_reopen - opens it again. */
bool keep_release(struct shopd *sd, struct ledger **ret);
void keep_reopen(struct shopd *sd);

/* --- desk.c */
MUST_CHECK int desk_start(struct shopd *sd);
void desk_stop(struct shopd *sd);
/** desk_message - a MESSAGE_DESK of shopctl or counterd, also one that was parked: proves who asks,
 * asks the ledger, and answers later. */
void desk_message(struct shopd *sd, uint32_t peer, const union message *m);
/** desk_come_again - answers a MESSAGE_DESK with unavailable: come again. */
void desk_come_again(struct shopd *sd, uint32_t peer, const union message *m);
/** desk_ask - a request of shopd's own: its kind and what belongs to it; the rest is filled in.
 * False when it cannot be asked now. nights_answer() hears what became of it. */
bool desk_ask(struct shopd *sd, struct desk_request *request);
/** desk_forget - the ledger is given out of hand: whoever waits is told to come again. */
void desk_forget(struct shopd *sd);
/** desk_report - the ledger has answered a request to its desk; `result` is ours now. */
void desk_report(struct shopd *sd, struct desk_result *result);
/** desk_shrinking - counts have found this article short. */
bool desk_shrinking(const struct shopd *sd, struct gtin gtin);

/* --- nights.c */
MUST_CHECK int nights_start(struct shopd *sd);
void nights_stop(struct shopd *sd);
/** nights_recall - the ledger is open, or well again: what it knows of the books. */
void nights_recall(struct shopd *sd, const struct recall *recall);
/** nights_clock - the wall clock was set, or is trusted now. */
void nights_clock(struct shopd *sd);
/** nights_answer - what became of a close by whomever, or of a request of our own. `period`: of a
 * close. */
void nights_answer(struct shopd *sd, const struct desk_result *result, struct period period,
		   bool own);

/** nights_erased - what was too old is gone, or (`done` false) not yet. */
void nights_erased(struct shopd *sd, bool done);

/* --- office.c, office_enrol.c, office_feed.c, office_sync.c */
MUST_CHECK int office_start(struct shopd *sd);
void office_stop(struct shopd *sd);
/** office_up - the core has started. office_recall - the ledger is open: what it knows. */
void office_up(struct shopd *sd);
void office_recall(struct shopd *sd, const struct recall *recall);
/** office_committed - the head, or a ticket, has moved. office_moved - a step was done. */
void office_committed(struct shopd *sd);
void office_moved(struct shopd *sd);
/** office_clock - the wall clock was set, or is trusted now. */
void office_clock(struct shopd *sd);
bool office_enrolled(const struct shopd *sd);
/** office_key_of - the key of its pinned set with this kid, or NULL. */
const struct public_key *office_key_of(const struct shopd *sd, struct kid kid);
void office_status(const struct shopd *sd, struct message_status_is *s);
void office_enrol(struct shopd *sd, uint32_t peer, const struct message_enrol *m, int fd);
void office_leave(struct shopd *sd, uint32_t peer, uint32_t request);
/** office_courier - courierd is here, or gone. office_courier_message - what it says of the office.
 */
void office_courier(struct shopd *sd, bool here);
void office_courier_message(struct shopd *sd, uint32_t peer, const union message *m, int fd);
/** office_changed - the catalogue has made a change that came from the office. */
void office_changed(struct shopd *sd, struct changed *c);
/** office_commanded - what the core made of the office's command. office_desk - of its payment.
 * office_erased - a person is forgotten, or (`done` false) not yet. */
void office_commanded(struct shopd *sd, bool ok);
void office_desk(struct shopd *sd, const struct desk_result *r);
void office_erased(struct shopd *sd, bool done);

/* --- counter.c control.c courier.c */
MUST_CHECK int counter_start(struct shopd *sd);
/** counter_message - one message, also one that was parked. */
void counter_message(void *data, uint32_t peer, const union message *m, int fd);
/** counter_refuse - answers a message about a visit or money with ledger_unavailable: come again.
 */
void counter_refuse(struct shopd *sd, uint32_t peer, const union message *m);
/** counter_acked - what the core made of an acknowledgement that came through counterd. */
void counter_acked(struct shopd *sd, const struct effect_done *done);
void counter_news(struct shopd *sd);
/** counter_blocked - this customer's browser sessions are to end. */
void counter_blocked(struct shopd *sd, struct customer customer);
/** Who asks where a command came from the office: no socket has this number. */
#define PEER_OFFICE 1U
/** The tag of the catalogue's changes that the office is the reason of; control.c's are lower. */
#define TAG_OFFICE 64U
/** … and of the one that makes the first owner (first.h). */
#define TAG_FIRST 65U
MUST_CHECK int control_start(struct shopd *sd);
/** control_door - the index of a door by name, the only one for no name; UINT8_MAX: none. */
uint8_t control_door(const struct shopd *sd, const char *name);
/** control_done - the answer to a command that the core judged. */
void control_done(struct shopd *sd, const struct effect_done *done);
void control_changed(struct shopd *sd, const struct changed *changed);
MUST_CHECK int courier_start(struct shopd *sd);
void courier_notify(struct shopd *sd, const struct effect_notify *notify);
void courier_enough(struct shopd *sd, const struct effect_enough *enough);
/** courier_picture - the cameras keep what they see, beside this alarm or visit; false when
 * courierd is away. */
bool courier_picture(struct shopd *sd, enum picture_kind kind, uint64_t ref);
/** courier_notice - a text to one contact by its name in courierd.conf; false when courierd is
 * away. `text` is cut where it is too long. */
bool courier_notice(struct shopd *sd, const char *contact, const char *text);
/** peers_status - the answer to MESSAGE_STATUS, on either socket. */
void peers_status(struct shopd *sd, uint32_t request, union message *ret);
/** peers_send - to a peer of any socket; true when it left. */
bool peers_send(struct shopd *sd, uint32_t peer, const union message *m);
void peers_stop(struct shopd *sd);

/* --- journal.c: stderr may be a pipe that nobody reads or a journal on a stalled card; the door
 * must not wait for it. */
MUST_CHECK int journal_start(struct shopd *sd);
void journal_stop(struct shopd *sd);
/** journal_line - one line of the log: time first, no control characters; dropped and counted when
 * there is no room. */
__attribute__((format(printf, 2, 3))) void journal_line(struct shopd *sd, const char *format, ...);

#endif
