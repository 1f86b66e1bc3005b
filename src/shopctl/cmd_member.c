/*
 * cmd_member.c: members: a public key makes one, and the shop (or its office, where it has one)
 * draws the customer key that is its only name for that person. Keys are looked at before anything
 * is sent: a private one must not travel further than it has come already.
 *
 * Once the shop is enrolled these commands go to the office. Only a block cannot wait for it: out
 * of reach, it goes onto the shop's own list, which the office's feed cannot shorten.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/catalog.h"
#include "crypto/es256.h"
#include "ledger/read.h"
#include "shopctl/args.h"
#include "shopctl/ask.h"
#include "shopctl/key.h"
#include "shopctl/member_office.h"
#include "shopctl/read.h"
#include "shopctl/text.h"

/** What the options of `member add` say beside the key. */
static enum ctl_exit member_terms(struct ctl *ctl, const char *role, const char *limit,
				  bool extended, struct message_member *m)
{
	enum role r = ROLE_MEMBER;
	struct money money = MONEY_ZERO;

	if (role && !role_parse(role, &r))
		return ctl_usage(ctl, "there is no role '%s': member owner staff delivery", role);
	if (limit && !amount_parse(limit, (uint32_t)strnlen(limit, 32), &money))
		return ctl_usage(ctl, "'%s' is no amount like 500 or 499.50", limit);
	m->role = r;
	m->flags = (extended ? MEMBER_EXTENDED : 0u) | (limit ? MEMBER_LIMITED : 0u);
	m->credit_limit_minor = money_minor(money);
	return CTL_DONE;
}

static enum ctl_exit added_say(struct ctl *ctl, const struct public_key *key,
			       struct customer customer, bool existed)
{
	struct kid kid = kid_of(key);
	char text[33], name[17];

	hex_text(customer.byte, sizeof(customer.byte), text);
	hex_text(kid.byte, sizeof(kid.byte), name);
	if (existed && ctl->json)
		ctl_note(ctl, "The key was known already.");
	if (ctl->json)
		return ctl_json(ctl, CTL_DONE,
				json_pack("{s:s, s:s}", "customer", text, "kid", name));
	ctl_say(ctl, "customer %s, key %s%s", text, name, existed ? ", known already" : "");
	return CTL_DONE;
}

/** Here, or at the office. */
static enum ctl_exit add(struct ctl *ctl, const char *operator_path, const struct public_key *key,
			 union message *m)
{
	struct office_api api;
	struct customer customer;
	bool existed = false;
	enum ctl_exit code = api_find(ctl, operator_path, &api);

	if (code == CTL_DONE && api.enrolled) {
		code = member_office_add(ctl, &api, key, &m->member, &customer, &existed);
	} else if (code == CTL_DONE) {
		code = shop_call(ctl, m, MESSAGE_DONE);
		existed = m->done.existed;
		memcpy(customer.byte, m->done.customer, sizeof(customer.byte));
	}
	api_forget(&api);
	return code == CTL_DONE ? added_say(ctl, key, customer, existed) : code;
}

static enum ctl_exit member_add(struct ctl *ctl)
{
	const char *hex = NULL, *role = NULL, *limit = NULL, *operator_path = NULL;
	bool extended = false;
	const struct option options[] = {
		{"--key", &hex, NULL},
		{"--role", &role, NULL},
		{"--limit", &limit, NULL},
		{"--extended", NULL, &extended},
		{"--operator", &operator_path, NULL},
	};
	struct public_key key;
	union message m;
	enum ctl_exit code = args_read(ctl, options, ARRAY_LEN(options), NULL, 0, 0);

	message_init(&m, MESSAGE_MEMBER_ADD, ASK_REQUEST);
	if (code == CTL_DONE)
		code = key_read(ctl, hex, &key);
	if (code == CTL_DONE)
		code = member_terms(ctl, role, limit, extended, &m.member);
	if (code != CTL_DONE)
		return code;
	memcpy(m.member.x, key.x, sizeof(key.x));
	memcpy(m.member.y, key.y, sizeof(key.y));
	return add(ctl, operator_path, &key, &m);
}

/** A message about the customer whose key this word is. */
static enum ctl_exit about(struct ctl *ctl, const char *word, enum message_type type,
			   union message *m)
{
	message_init(m, type, ASK_REQUEST);
	if (!hex_parse(word, (uint32_t)strnlen(word, 64), m->member.customer,
		       sizeof(m->member.customer)))
		return ctl_usage(ctl, "'%s' is no customer key: 32 hex digits", word);
	return CTL_DONE;
}

/** At the office. *ret_here: to be done here too, or instead. */
static enum ctl_exit office_block(struct ctl *ctl, const char *operator_path,
				  const union message *m, bool on, bool *ret_here)
{
	struct office_api api;
	struct customer customer;
	enum ctl_exit code = api_find(ctl, operator_path, &api);

	*ret_here = true;
	memcpy(customer.byte, m->member.customer, sizeof(customer.byte));
	if (code == CTL_DONE && api.enrolled && on && !api.has_key) {
		ctl_note(ctl, "Without an operator's key it is blocked at this shop alone.");
	} else if (code == CTL_DONE && api.enrolled) {
		code = member_office_block(ctl, &api, customer, on, on);
		/* what the office blocks everywhere needs no list of this shop's own */
		*ret_here = !on || code == CTL_UNREACHABLE;
		if (on && code == CTL_UNREACHABLE) {
			ctl_note(ctl,
				 "The office at %s is out of reach: blocked at this shop alone, "
				 "until 'member unblock'.",
				 api.url);
			code = CTL_DONE;
		} else if (on && code == CTL_REFUSED) {
			*ret_here = true;
			ctl_note(ctl, "The office did not take it: blocked at this shop alone.");
			code = CTL_DONE;
		}
	}
	api_forget(&api);
	return code;
}

static enum ctl_exit block(struct ctl *ctl, bool on)
{
	const char *word, *operator_path = NULL;
	const struct option options[] = {{"--operator", &operator_path, NULL}};
	bool here = true;
	union message m;
	enum ctl_exit code = args_read(ctl, options, ARRAY_LEN(options), &word, 1, 1);

	if (code == CTL_DONE)
		code = about(ctl, word, MESSAGE_MEMBER_BLOCK, &m);
	if (code == CTL_DONE)
		code = office_block(ctl, operator_path, &m, on, &here);
	if (code != CTL_DONE)
		return code;
	m.member.flags = on;
	if (here)
		code = shop_call(ctl, &m, MESSAGE_DONE);
	if (code == CTL_DONE)
		ctl_say(ctl, "%s", on ? "Blocked." : "No longer blocked.");
	return code;
}

static enum ctl_exit member_block(struct ctl *ctl)
{
	return block(ctl, true);
}

static enum ctl_exit member_unblock(struct ctl *ctl)
{
	return block(ctl, false);
}

static enum ctl_exit member_trust(struct ctl *ctl)
{
	const char *word[2];
	enum trust trust;
	union message m;
	enum ctl_exit code = args_read(ctl, NULL, 0, word, 2, 2);

	if (code == CTL_DONE)
		code = about(ctl, word[0], MESSAGE_MEMBER_TRUST, &m);
	if (code != CTL_DONE)
		return code;
	if (!trust_parse(word[1], &trust))
		return ctl_usage(ctl, "there is no level of trust '%s': new trusted restricted",
				 word[1]);
	m.member.role = trust;
	code = shop_call(ctl, &m, MESSAGE_DONE);
	if (code == CTL_DONE)
		ctl_say(ctl, "The member is %s now.", trust_word(trust));
	return code;
}

static json_t *day_json(struct day day)
{
	char text[DAY_TEXT_SIZE];

	if (day.n == 0)
		return json_null();
	day_text(day, text);
	return json_string(text);
}

static json_t *member_json(const struct member_listed *m)
{
	bool limited = (m->flags & MEMBER_LIMITED) != 0;

	return json_pack("{s:o, s:o, s:s, s:s, s:b, s:b, s:b, s:o, s:I, s:I, s:o, s:s}", "customer",
			 json_hex(m->customer.byte, sizeof(m->customer.byte)), "kid",
			 json_hex(m->kid.byte, sizeof(m->kid.byte)), "role", role_word(m->role),
			 "trust", trust_word(m->trust), "blocked", (m->flags & MEMBER_BLOCKED) != 0,
			 "overdue", (m->flags & MEMBER_OVERDUE) != 0, "extended",
			 (m->flags & MEMBER_EXTENDED) != 0, "credit_limit_minor",
			 limited ? json_integer(money_minor(m->credit_limit)) : json_null(),
			 "unbilled_minor", (json_int_t)money_minor(m->unbilled), "unpaid_minor",
			 (json_int_t)money_minor(m->unpaid), "oldest_due", day_json(m->oldest_due),
			 "currency", CURRENCY);
}

static void member_row(struct table *table, const struct member_listed *m)
{
	char customer[33], kid[17], limit[MONEY_TEXT_SIZE] = "none", unbilled[MONEY_TEXT_SIZE];
	char unpaid[MONEY_TEXT_SIZE], due[DAY_TEXT_SIZE] = "";

	hex_text(m->customer.byte, sizeof(m->customer.byte), customer);
	hex_text(m->kid.byte, sizeof(m->kid.byte), kid);
	if (m->flags & MEMBER_LIMITED)
		money_text(m->credit_limit, limit);
	money_text(m->unbilled, unbilled);
	money_text(m->unpaid, unpaid);
	if (m->oldest_due.n != 0)
		day_text(m->oldest_due, due);
	table_cell(table, "%s", customer);
	table_cell(table, "%s", kid);
	table_cell(table, "%s", role_word(m->role));
	table_cell(table, "%s", trust_word(m->trust));
	table_cell(table, "%s", limit);
	table_cell(table, "%s", unbilled);
	table_cell(table, "%s", unpaid);
	table_cell(table, "%s", due);
	table_cell(table, "%s%s%s", m->flags & MEMBER_BLOCKED ? "blocked " : "",
		   m->flags & MEMBER_OVERDUE ? "overdue " : "",
		   m->flags & MEMBER_EXTENDED ? "extended" : "");
}

/** Keys a query: short ones, so that the shop's own writing is never held up. */
#define MEMBERS_PAGE 512

/** Every member into the table or the array, page by page. */
static enum ctl_exit members_read(struct ctl *ctl, struct reader *r, struct member_listed *page,
				  struct table *table, json_t *array)
{
	struct kid after;
	int n = MEMBERS_PAGE;

	for (bool first = true; n == MEMBERS_PAGE; first = false) {
		n = reader_members(r, first ? NULL : &after, page, MEMBERS_PAGE);
		if (n < 0)
			return read_failed(ctl, "catalog.db", n);
		for (int i = 0; i < n; i++) {
			if (ctl->json)
				json_array_append_new(array, member_json(&page[i]));
			else
				member_row(table, &page[i]);
			after = page[i].kid;
		}
	}
	return CTL_DONE;
}

static enum ctl_exit office_list(struct ctl *ctl, const char *operator_path)
{
	struct office_api api;
	enum ctl_exit code = api_find(ctl, operator_path, &api);

	if (code == CTL_DONE && !api.enrolled)
		code = ctl_fail(ctl, CTL_REFUSED, "this shop has no office");
	else if (code == CTL_DONE)
		code = member_office_list(ctl, &api);
	api_forget(&api);
	return code;
}

static enum ctl_exit member_list(struct ctl *ctl)
{
	static const char *const title[] = {"customer", "key",	      "role",
					    "trust",	">limit",     ">unbilled",
					    ">unpaid",	"oldest due", "remarks"};
	const char *operator_path = NULL;
	bool at_office = false;
	const struct option options[] = {{"--operator", &operator_path, NULL},
					 {"--office", NULL, &at_office}};
	struct reader *r = NULL;
	struct table table;
	enum ctl_exit code = args_read(ctl, options, ARRAY_LEN(options), NULL, 0, 0);

	if (code == CTL_DONE && at_office)
		return office_list(ctl, operator_path);
	if (code == CTL_DONE)
		code = read_open(ctl, &r);
	if (code != CTL_DONE)
		return code;
	struct member_listed *page = calloc(MEMBERS_PAGE, sizeof(*page));
	json_t *array = json_array();

	table_init(&table, title, ARRAY_LEN(title));
	code = page ? members_read(ctl, r, page, &table, array)
		    : ctl_fail(ctl, CTL_INTERNAL, "out of memory");
	free(page);
	reader_close(r);
	if (code == CTL_DONE && ctl->json)
		code = ctl_json(ctl, CTL_DONE, json_incref(array));
	json_decref(array);
	if (code == CTL_DONE && !ctl->json)
		return table_print(ctl, &table, "The shop has no members yet.");
	table_free(&table);
	return code;
}

enum ctl_exit shopctl_member(struct ctl *ctl)
{
	static const struct verb verbs[] = {
		{"add", member_add},	     {"list", member_list},   {"block", member_block},
		{"unblock", member_unblock}, {"trust", member_trust},
	};

	return ctl_verb(ctl, verbs, ARRAY_LEN(verbs), NULL);
}
