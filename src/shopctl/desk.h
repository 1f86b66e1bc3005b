/*
 * desk.h: what the commands about money share: the shop's rules, a request to the books and its
 * answer, and how numbers, days and quantities are read and shown.
 */
#ifndef SHOP_SHOPCTL_DESK_H
#define SHOP_SHOPCTL_DESK_H

#include "base/day.h"
#include "books/payment.h"
#include "ledger/desk.h"
#include "ledger/read_books.h"
#include "shopctl/shopctl.h"
#include "wire/goods.h"
#include "wire/message.h"

/** A close answers after each slice, and at its end when the sums are checked: over ten years of
 * lines on a slow card that takes a while. */
#define DESK_TIMEOUT_MS 300000

/** What shopd's configuration says. */
struct shop_rules {
	bool heard;	   /* shopd told; else what holds by default, and this machine's day */
	struct place shop; /* empty: nobody knows */
	struct day today;
	enum goods_country country;
	struct reminder_policy reminder;
};
/** shop_rules - asks shopd, quietly: what is only read can be read without it. */
struct shop_rules shop_rules(struct ctl *ctl);

/** Options that every request takes. */
struct desk_options {
	const char *by, *key, *why;
};
/** desk_options_read - CTL_USAGE, with its message said, where one of them is none. */
enum ctl_exit desk_options_read(struct ctl *ctl, const struct desk_options *o);
/** desk_begin - a request of this kind: --by, --key (drawn at random if it is left out) and --why
 * are looked at and filled in. */
enum ctl_exit desk_begin(struct ctl *ctl, const struct desk_options *o, enum desk_kind kind,
			 union message *m);

/** Told of each answer that says "so far". */
typedef void desk_progress_fn(struct ctl *ctl, const struct message_desk_is *so_far);
/** desk_send - sends *m over an open connection and waits for its last answer. CTL_DONE with DONE
 * or REPEATED; CTL_REFUSED, with what shopd said, for the others. */
enum ctl_exit desk_send(struct ctl *ctl, int fd, union message *m, desk_progress_fn *progress,
			struct message_desk_is *ret);
/** desk_call - connects, sends, closes. */
enum ctl_exit desk_call(struct ctl *ctl, union message *m, struct message_desk_is *ret);

/** Words for people and programs. A number without a known shop begins with its year. */
void number_words(const struct shop_rules *s, struct invoice_id id, char text[NUMBER_TEXT_SIZE]);
json_t *json_number(const struct shop_rules *s, struct invoice_id id); /* null: none */
json_t *json_day(struct day d);					       /* null: none */
json_t *json_minor(struct money m);
json_t *json_visit(struct visit_id v); /* null: none */
/** day_words - "2026-10-31", or "-". quantity_words - "2", "0.345" of thousandths. */
void day_words(struct day d, char text[DAY_TEXT_SIZE]);
#define QUANTITY_TEXT_SIZE 32
void quantity_words(int64_t milli, char text[QUANTITY_TEXT_SIZE]);

/** What people write. Each is CTL_USAGE, with its message said, for what it is not. */
enum ctl_exit number_read(struct ctl *ctl, const struct shop_rules *s, const char *text,
			  struct invoice_id *ret);
enum ctl_exit day_read(struct ctl *ctl, const char *text, struct day *ret);
enum ctl_exit period_read(struct ctl *ctl, const char *text, struct period *ret);
enum ctl_exit gtin_read(struct ctl *ctl, const char *text, struct gtin *ret);
enum ctl_exit visit_read(struct ctl *ctl, const char *text, struct visit_id *ret);
enum ctl_exit customer_read(struct ctl *ctl, const char *text, struct customer *ret);
/** quantity_read - "2", "1.5", "0,345": pieces or kilograms as thousandths, from `least` on. */
enum ctl_exit quantity_read(struct ctl *ctl, const char *text, int64_t least, int64_t *ret);

/** article_name - as the catalogue has it, or "" for what it does not know. */
void article_name(struct reader *r, struct gtin gtin, char name[ARTICLE_NAME_MAX + 1]);

#endif
