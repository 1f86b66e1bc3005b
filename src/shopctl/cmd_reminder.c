/*
 * cmd_reminder.c: which unpaid invoices call for something today: a friendly word, a second one
 * with a fee, no entry until it is paid. What the steps are stands in shopd.conf; who the customer
 * is, only whoever sends the reminders knows.
 */
#include <stdlib.h>

#include "shopctl/args.h"
#include "shopctl/desk.h"
#include "shopctl/read.h"
#include "shopctl/text.h"

#define PAGE 500

/** An invoice that calls for something. */
struct call {
	const struct owed *owed;
	enum reminder what;
	int32_t days; /* since it was due */
	struct money left, fee;
};

static bool call_of(const struct shop_rules *s, struct day today, const struct owed *o,
		    struct call *ret)
{
	*ret = (struct call){.owed = o,
			     .what = reminder_due(&s->reminder, o, today),
			     .days = today.n - o->due.n,
			     .fee = MONEY_ZERO};
	if (ret->what == REMINDER_NONE || !money_sub(o->payable, o->paid, &ret->left))
		return false;
	if (ret->what >= REMINDER_SECOND)
		ret->fee = s->reminder.fee;
	return true;
}

static json_t *call_json(const struct shop_rules *s, const struct call *c)
{
	const struct owed *o = c->owed;

	return json_pack("{s:o, s:o, s:o, s:o, s:i, s:s, s:o, s:o, s:o, s:s}", "number",
			 json_number(s, o->invoice), "customer",
			 json_hex(o->customer.byte, sizeof(o->customer.byte)), "issued",
			 json_day(o->issued), "due", json_day(o->due), "days_over", c->days,
			 "reminder", reminder_word(c->what), "payable_minor",
			 json_minor(o->payable), "left_minor", json_minor(c->left), "fee_minor",
			 json_minor(c->fee), "currency", CURRENCY);
}

static void call_cells(struct table *t, const struct shop_rules *s, const struct call *c)
{
	char number[NUMBER_TEXT_SIZE], customer[33], day[DAY_TEXT_SIZE], money[MONEY_TEXT_SIZE];

	number_words(s, c->owed->invoice, number);
	table_cell(t, "%s", number);
	hex_text(c->owed->customer.byte, sizeof(c->owed->customer.byte), customer);
	table_cell(t, "%s", customer);
	day_words(c->owed->due, day);
	table_cell(t, "%s", day);
	table_cell(t, "%d", c->days);
	money_text(c->left, money);
	table_cell(t, "%s", money);
	money_text(c->fee, money);
	table_cell(t, "%s", money);
	table_cell(t, "%s", reminder_word(c->what));
}

static int calls_read(struct reader *r, const struct shop_rules *s, struct day today, json_t *array,
		      struct table *table)
{
	struct owed *owed = calloc(PAGE, sizeof(*owed));
	struct invoice_id after = {0};
	struct call c;
	int n = PAGE;

	CHECK(owed);
	while (n == PAGE) {
		n = reader_owed(r, after, owed, PAGE);
		for (int i = 0; i < n; i++) {
			if (!call_of(s, today, &owed[i], &c))
				continue;
			if (array)
				json_array_append_new(array, call_json(s, &c));
			else
				call_cells(table, s, &c);
		}
		if (n > 0)
			after = owed[n - 1].invoice;
	}
	free(owed);
	return n;
}

static enum ctl_exit reminder_list(struct ctl *ctl)
{
	static const char *const title[] = {"number", "customer", "due",     ">days over",
					    ">left",  ">fee",	  "reminder"};
	struct shop_rules rules = shop_rules(ctl);
	const char *date = NULL;
	const struct option options[] = {{"--date", &date, NULL}};
	struct day today = rules.today;
	struct reader *r = NULL;
	struct table table;
	json_t *array = NULL;
	int n;
	enum ctl_exit code = args_read(ctl, options, ARRAY_LEN(options), NULL, 0, 0);

	if (code == CTL_DONE && date)
		code = day_read(ctl, date, &today);
	if (code == CTL_DONE)
		code = read_open(ctl, &r);
	if (code != CTL_DONE)
		return code;
	if (!rules.heard)
		ctl_note(ctl, "the shop is not reachable: reminders by the usual days");
	table_init(&table, title, ARRAY_LEN(title));
	if (ctl->json)
		array = json_array();
	n = calls_read(r, &rules, today, array, &table);
	reader_close(r);
	if (n >= 0 && !ctl->json)
		return table_print(ctl, &table, "Nothing calls for a reminder.");
	table_free(&table);
	if (n >= 0)
		return ctl_json(ctl, CTL_DONE, array);
	json_decref(array);
	return read_failed(ctl, "ledger.db", n);
}

enum ctl_exit shopctl_reminder(struct ctl *ctl)
{
	static const struct verb verbs[] = {{"list", reminder_list}};

	return ctl_verb(ctl, verbs, ARRAY_LEN(verbs), reminder_list);
}
