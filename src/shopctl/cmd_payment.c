/*
 * cmd_payment.c: money that came in. A bank's file is read whole before anything of it counts; each
 * payment then goes to the books on its own, under a key made of the bank's own reference: the same
 * file again, or the rest of one that was cut off, changes nothing twice. What names no invoice of
 * ours is kept too, unclaimed, until somebody says whose it is.
 *
 * Of the file only references, amounts and days are shown: names and account numbers are not read.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "paper/bankfile.h"
#include "shopctl/args.h"
#include "shopctl/ask.h"
#include "shopctl/desk.h"
#include "shopctl/file.h"
#include "shopctl/read.h"
#include "shopctl/text.h"

#define PAGE 500

/* --- import */

struct import {
	struct ctl *ctl;
	struct shop_rules rules;
	struct reader *reader;
	int fd;	       /* of the shop */
	json_t *array; /* or: */
	struct table table;
	uint32_t payments, taken, repeated, unclaimed, refused;
	struct money sum;     /* of what was taken now */
	enum ctl_exit broken; /* what ended it early */
};

/** Whose invoice the reference names, and how the amount meets what is owed on it. */
static enum payment_match match(struct import *im, const struct bank_payment *p,
				struct invoice_row *ret)
{
	struct invoice_id id = {0};
	enum payment_match found;
	struct owed owed;
	int n;

	memset(ret, 0, sizeof(*ret));
	if (strcmp(p->currency, CURRENCY) != 0)
		return PAYMENT_WRONG_CURRENCY;
	found = payment_reference(im->rules.shop, p->reference, &id);
	if (found != PAYMENT_EXACT)
		return found;
	n = reader_invoice(im->reader, id, ret);
	if (n < 0)
		im->broken = read_failed(im->ctl, "ledger.db", n);
	if (n <= 0 || ret->original.n != 0) {
		memset(ret, 0, sizeof(*ret));
		return PAYMENT_UNKNOWN;
	}
	owed = (struct owed){.invoice = ret->id,
			     .customer = ret->customer,
			     .issued = ret->issued,
			     .due = ret->due,
			     .payable = ret->payable};
	if (!money_add(ret->paid, ret->credited, &owed.paid))
		return PAYMENT_ALREADY_PAID;
	return payment_judge(&owed, p->amount);
}

static void told(struct import *im, const struct bank_payment *p, const struct invoice_row *row,
		 const char *word, const char *outcome)
{
	char number[NUMBER_TEXT_SIZE], day[DAY_TEXT_SIZE], amount[MONEY_TEXT_SIZE];

	if (im->array) {
		json_array_append_new(
			im->array,
			json_pack("{s:s, s:o, s:o, s:o, s:s, s:s, s:o, s:o, s:s}", "key",
				  p->bank_key, "reference", json_text_or_null(p->reference),
				  "booked", json_day(p->booked), "amount_minor",
				  json_minor(p->amount), "currency", p->currency, "match", word,
				  "number", json_number(&im->rules, row->id), "customer",
				  row->id.n
					  ? json_hex(row->customer.byte, sizeof(row->customer.byte))
					  : json_null(),
				  "outcome", outcome));
		return;
	}
	number_words(&im->rules, row->id, number);
	day_words(p->booked, day);
	money_text(p->amount, amount);
	table_cell(&im->table, "%s", day);
	table_cell(&im->table, "%s", amount);
	table_cell(&im->table, "%s", p->reference[0] ? p->reference : "-");
	table_cell(&im->table, "%s", number);
	table_cell(&im->table, "%s", word);
	table_cell(&im->table, "%s", outcome);
}

static enum ctl_exit payment_send(struct import *im, const struct bank_payment *p,
				  const struct invoice_row *row, struct message_desk_is *ret)
{
	struct desk_options o = {.key = p->bank_key};
	union message m;
	enum ctl_exit code = desk_begin(im->ctl, &o, DESK_PAYMENT, &m);

	if (code != CTL_DONE)
		return code;
	m.desk.amount_minor = money_minor(p->amount);
	m.desk.day = p->booked.n;
	m.desk.invoice = row->id.n;
	memcpy(m.desk.customer, row->customer.byte, sizeof(m.desk.customer));
	return desk_send(im->ctl, im->fd, &m, NULL, ret);
}

static int import_one(void *data, const struct bank_payment *p)
{
	struct import *im = data;
	struct message_desk_is is = {.answer = DESK_REFUSED};
	struct invoice_row row;
	enum payment_match how = match(im, p, &row);
	const char *word = payment_match_word(how);
	struct money sum;
	enum ctl_exit code;

	im->payments++;
	if (im->broken != CTL_DONE)
		return -1;
	if (how == PAYMENT_WRONG_CURRENCY) {
		im->refused++;
		told(im, p, &row, word, "refused");
		return 0;
	}
	code = payment_send(im, p, &row, &is);
	if (code != CTL_DONE && code != CTL_REFUSED) {
		im->broken = code;
		return -1;
	}
	if (is.answer == DESK_REPEATED) {
		im->repeated++;
		told(im, p, &row, word, "imported_before");
		return 0;
	}
	if (is.answer != DESK_DONE) {
		im->refused++;
		told(im, p, &row, word, "refused");
		return 0;
	}
	im->taken++;
	im->unclaimed += row.id.n == 0;
	if (money_add(im->sum, p->amount, &sum))
		im->sum = sum;
	told(im, p, &row, word, row.id.n == 0 ? "unclaimed" : "taken");
	return 0;
}

static enum ctl_exit import_print(struct import *im)
{
	enum ctl_exit code = im->refused ? CTL_REFUSED : CTL_DONE, printed;
	char sum[MONEY_TEXT_SIZE];

	if (im->array)
		return ctl_json(im->ctl, code,
				json_pack("{s:i, s:i, s:i, s:i, s:i, s:o, s:s, s:o}",
					  "payment_count", (int)im->payments, "taken",
					  (int)im->taken, "imported_before", (int)im->repeated,
					  "unclaimed", (int)im->unclaimed, "refused",
					  (int)im->refused, "sum_minor", json_minor(im->sum),
					  "currency", CURRENCY, "payments", im->array));
	printed = table_print(im->ctl, &im->table, "The file holds no payment.");
	money_text(im->sum, sum);
	ctl_say(im->ctl,
		"%u payments: %u taken (%s " CURRENCY ", %u of them unclaimed), %u imported "
		"before, %u refused",
		im->payments, im->taken, sum, im->unclaimed, im->repeated, im->refused);
	if (im->unclaimed)
		ctl_say(im->ctl, "Say whose they are: shopctl payment list --unclaimed, then "
				 "shopctl payment assign KEY CUSTOMER");
	return printed == CTL_DONE ? code : printed;
}

static enum ctl_exit import_run(struct import *im, const char *path, const char *bytes,
				uint32_t len)
{
	static const char *const title[] = {"booked",  (">" CURRENCY), "reference",
					    "invoice", "match",	       "outcome"};
	char why[BANKFILE_WHY_MAX] = "";
	int err;

	if (im->ctl->json)
		im->array = json_array();
	else
		table_init(&im->table, title, ARRAY_LEN(title));
	err = bankfile_read(bytes, len, import_one, im, why);
	if (err == 0)
		return import_print(im);
	if (im->array)
		json_decref(im->array);
	else if (im->payments > 0 && im->broken != CTL_DONE)
		import_print(im);
	else
		table_free(&im->table);
	if (im->broken == CTL_DONE)
		return ctl_fail(im->ctl, CTL_REFUSED, "%s: %s: nothing of it was taken", path,
				why[0] ? why : strerror(-err));
	ctl_note(im->ctl, "%u of its payments were taken: import the same file again for the rest",
		 im->taken);
	return im->broken;
}

static enum ctl_exit payment_import(struct ctl *ctl)
{
	struct import im = {.ctl = ctl, .fd = -1, .sum = MONEY_ZERO, .broken = CTL_DONE};
	char *bytes = NULL;
	const char *path;
	uint32_t len = 0;
	enum ctl_exit code = args_read(ctl, NULL, 0, &path, 1, 1);

	if (code == CTL_DONE)
		code = file_whole(ctl, path, BANKFILE_MAX, &bytes, &len);
	if (code == CTL_DONE)
		code = shop_connect(ctl, &im.fd);
	if (code == CTL_DONE) {
		im.rules = shop_rules(ctl);
		if (!im.rules.heard)
			code = ctl_fail(ctl, CTL_UNREACHABLE, "the shop did not tell its name");
	}
	if (code == CTL_DONE)
		code = read_open(ctl, &im.reader);
	if (code == CTL_DONE)
		code = import_run(&im, path, bytes, len);
	if (im.reader)
		reader_close(im.reader);
	if (im.fd >= 0)
		close(im.fd);
	free(bytes);
	return code;
}

/* --- list */

static json_t *payment_json(const struct shop_rules *s, const struct payment_row *p)
{
	return json_pack(
		"{s:I, s:o, s:b, s:o, s:o, s:o, s:s, s:o}", "seq", (json_int_t)p->seq, "key",
		json_clean(p->key), "claimed", p->claimed, "customer",
		p->claimed ? json_hex(p->customer.byte, sizeof(p->customer.byte)) : json_null(),
		"number", json_number(s, p->invoice), "amount_minor", json_minor(p->amount),
		"currency", CURRENCY, "booked", json_day(p->booked));
}

static void payment_cells(struct table *t, const struct shop_rules *s, const struct payment_row *p)
{
	char day[DAY_TEXT_SIZE], amount[MONEY_TEXT_SIZE], number[NUMBER_TEXT_SIZE], customer[33];

	day_words(p->booked, day);
	money_text(p->amount, amount);
	number_words(s, p->invoice, number);
	hex_text(p->customer.byte, sizeof(p->customer.byte), customer);
	table_cell(t, "%s", day);
	table_cell(t, "%s", amount);
	table_cell(t, "%s", p->claimed ? customer : "unclaimed");
	table_cell(t, "%s", number);
	table_cell(t, "%s", p->key);
}

static enum ctl_exit payment_list(struct ctl *ctl)
{
	static const char *const title[] = {"booked", (">" CURRENCY), "customer", "invoice", "key"};
	bool unclaimed = false;
	const struct option options[] = {{"--unclaimed", NULL, &unclaimed}};
	struct payment_row *row;
	struct shop_rules rules;
	struct reader *r = NULL;
	struct table table;
	json_t *array;
	int n = PAGE;
	enum ctl_exit code = args_read(ctl, options, ARRAY_LEN(options), NULL, 0, 0);

	if (code == CTL_DONE)
		code = read_open(ctl, &r);
	if (code != CTL_DONE)
		return code;
	rules = shop_rules(ctl);
	row = calloc(PAGE, sizeof(*row));
	CHECK(row);
	array = json_array();
	table_init(&table, title, ARRAY_LEN(title));
	for (uint64_t after = 0; n == PAGE; after = row[n - 1].seq) {
		n = reader_payments(r, unclaimed, after, row, PAGE);
		for (int i = 0; i < n && ctl->json; i++)
			json_array_append_new(array, payment_json(&rules, &row[i]));
		for (int i = 0; i < n && !ctl->json; i++)
			payment_cells(&table, &rules, &row[i]);
		if (n <= 0)
			break;
	}
	free(row);
	reader_close(r);
	if (n >= 0 && !ctl->json) {
		json_decref(array);
		return table_print(ctl, &table,
				   unclaimed ? "No unclaimed payment." : "No payment.");
	}
	table_free(&table);
	if (n >= 0)
		return ctl_json(ctl, CTL_DONE, array);
	json_decref(array);
	return read_failed(ctl, "ledger.db", n);
}

/* --- assign */

static enum ctl_exit payment_assign(struct ctl *ctl)
{
	struct shop_rules rules = shop_rules(ctl);
	struct invoice_id invoice = {0};
	struct desk_options o = {0};
	struct message_desk_is is;
	struct customer customer;
	const char *word[3];
	const struct option options[] = {{"--by", &o.by, NULL}};
	union message m;
	enum ctl_exit code = args_read(ctl, options, ARRAY_LEN(options), word, 2, 3);

	if (code != CTL_DONE)
		return code;
	o.key = word[0];
	code = customer_read(ctl, word[1], &customer);
	if (code == CTL_DONE && word[2])
		code = number_read(ctl, &rules, word[2], &invoice);
	if (code == CTL_DONE)
		code = desk_begin(ctl, &o, DESK_ASSIGN, &m);
	if (code != CTL_DONE)
		return code;
	memcpy(m.desk.customer, customer.byte, sizeof(m.desk.customer));
	m.desk.invoice = invoice.n;
	code = desk_call(ctl, &m, &is);
	if (code != CTL_DONE)
		return code;
	if (ctl->json)
		return ctl_json(ctl, CTL_DONE,
				json_pack("{s:s, s:I, s:b}", "key", word[0], "seq",
					  (json_int_t)is.seq, "repeated",
					  is.answer == DESK_REPEATED));
	ctl_say(ctl, "Assigned%s.", is.answer == DESK_REPEATED ? " before" : "");
	return CTL_DONE;
}

enum ctl_exit shopctl_payment(struct ctl *ctl)
{
	static const struct verb verbs[] = {
		{"list", payment_list}, {"import", payment_import}, {"assign", payment_assign}};

	return ctl_verb(ctl, verbs, ARRAY_LEN(verbs), NULL);
}
