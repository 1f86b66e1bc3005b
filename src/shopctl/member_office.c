/*
 * member_office.c: the same commands, said at the office. It calls a member by a number of its own;
 * people at a shop know the customer key, so the number is looked for in the office's list, page by
 * page.
 */
#include "shopctl/member_office.h"

#include <string.h>

#include "core/catalog.h"
#include "shopctl/text.h"
#include "token/claims.h"

#define PAGE	     200
#define PAGES_MAX    2000
#define PATH_MAX_LEN 160

/** Told of each member; false: enough. */
typedef bool member_fn(void *data, const json_t *member);

static enum ctl_exit each(struct ctl *ctl, const struct office_api *api, bool quiet, member_fn *fn,
			  void *data)
{
	char path[PATH_MAX_LEN], after[64] = "";

	for (uint32_t page = 0; page < PAGES_MAX; page++) {
		json_t *answer = NULL, *members;
		const json_t *member;
		const char *next;
		size_t i;
		enum ctl_exit code;
		bool more = true;

		snprintf(path, sizeof(path), "/v1/members?shop=%s&limit=%d%s%s", api->shop, PAGE,
			 after[0] ? "&after=" : "", after);
		code = api_call(ctl, api, "GET", path, NULL, (struct span){0}, quiet, &answer);
		if (code != CTL_DONE)
			return code;
		members = json_object_get(answer, "members");
		json_array_foreach(members, i, member) more = more && fn(data, member);
		next = json_string_value(json_object_get(answer, "next"));
		more = more && next && name_valid(next, (uint32_t)strnlen(next, sizeof(after)));
		if (more)
			snprintf(after, sizeof(after), "%s", next);
		json_decref(answer);
		if (!more)
			return CTL_DONE;
	}
	return ctl_fail(ctl, CTL_INTERNAL, "the office's list of members has no end");
}

/* --- adding */

enum ctl_exit member_office_add(struct ctl *ctl, const struct office_api *api,
				const struct public_key *key, const struct message_member *terms,
				struct customer *ret, bool *ret_existed)
{
	uint8_t cose[COSE_KEY_SIZE];
	char hex[2 * COSE_KEY_SIZE + 1];
	const char *customer;
	json_t *body, *answer = NULL;
	enum ctl_exit code;

	body = json_pack("{s:s, s:s, s:b, s:o}", "shop", api->shop, "role",
			 role_word((enum role)terms->role), "extended",
			 (terms->flags & MEMBER_EXTENDED) != 0, "credit_limit_minor",
			 terms->flags & MEMBER_LIMITED
				 ? json_integer((json_int_t)terms->credit_limit_minor)
				 : json_null());
	if (key) {
		cose_key_encode(key, cose);
		hex_text(cose, sizeof(cose), hex);
		json_object_set_new(body, "key", json_string(hex));
	}
	code = api_call_json(ctl, api, "POST", "/v1/members", body, false, &answer);
	if (code != CTL_DONE)
		return code;
	customer = json_string_value(json_object_get(answer, "customer"));
	if (!customer ||
	    !hex_parse(customer, (uint32_t)strnlen(customer, 64), ret->byte, sizeof(ret->byte)))
		code = ctl_fail(ctl, CTL_INTERNAL, "the office's answer names no customer key");
	*ret_existed = false; /* the office gives whoever has the key, without a word on it */
	json_decref(answer);
	return code;
}

/* --- blocking, cards */

struct wanted {
	char customer[33];
	char member[64];
};

static bool find(void *data, const json_t *member)
{
	struct wanted *w = data;
	const char *customer = json_string_value(json_object_get(member, "customer"));
	const char *number = json_string_value(json_object_get(member, "member"));

	if (!customer || !number || strcmp(customer, w->customer) != 0 ||
	    !name_valid(number, (uint32_t)strnlen(number, sizeof(w->member))))
		return true;
	snprintf(w->member, sizeof(w->member), "%s", number);
	return false;
}

/** The office's number of a customer. */
static enum ctl_exit number_of(struct ctl *ctl, const struct office_api *api,
			       struct customer customer, bool quiet, struct wanted *ret)
{
	enum ctl_exit code;

	*ret = (struct wanted){.member = ""};
	hex_text(customer.byte, sizeof(customer.byte), ret->customer);
	code = each(ctl, api, quiet, find, ret);
	if (code == CTL_DONE && !ret->member[0])
		return ctl_fail(ctl, CTL_REFUSED,
				"the office knows no member %s of this shop, or you may not see "
				"them",
				ret->customer);
	return code;
}

enum ctl_exit member_office_card(struct ctl *ctl, const struct office_api *api,
				 struct customer customer, struct kid kid, const char *label)
{
	char path[PATH_MAX_LEN], hex[2 * KID_SIZE + 1];
	struct wanted wanted;
	json_t *body, *answer = NULL;
	enum ctl_exit code = number_of(ctl, api, customer, false, &wanted);

	if (code != CTL_DONE)
		return code;
	hex_text(kid.byte, sizeof(kid.byte), hex);
	snprintf(path, sizeof(path), "/v1/members/%s/keys", wanted.member);
	body = json_pack("{s:s, s:s, s:s}", "kind", "card", "kid", hex, "label", label);
	code = api_call_json(ctl, api, "POST", path, body, false, &answer);
	json_decref(answer);
	return code;
}

enum ctl_exit member_office_card_gone(struct ctl *ctl, const struct office_api *api,
				      struct customer customer, struct kid kid)
{
	char path[PATH_MAX_LEN], hex[2 * KID_SIZE + 1];
	struct wanted wanted;
	json_t *answer = NULL;
	enum ctl_exit code = number_of(ctl, api, customer, false, &wanted);

	if (code != CTL_DONE)
		return code;
	hex_text(kid.byte, sizeof(kid.byte), hex);
	snprintf(path, sizeof(path), "/v1/members/%s/keys/%s", wanted.member, hex);
	code = api_call(ctl, api, "DELETE", path, NULL, (struct span){0}, false, &answer);
	json_decref(answer);
	return code;
}

enum ctl_exit member_office_block(struct ctl *ctl, const struct office_api *api,
				  struct customer customer, bool on, bool quiet)
{
	char path[PATH_MAX_LEN];
	struct wanted wanted;
	json_t *answer = NULL;
	enum ctl_exit code = number_of(ctl, api, customer, quiet, &wanted);

	if (code != CTL_DONE)
		return code;
	snprintf(path, sizeof(path), "/v1/members/%s/%s", wanted.member, on ? "block" : "unblock");
	code = api_call(ctl, api, "POST", path, NULL, (struct span){0}, quiet, &answer);
	json_decref(answer);
	return code;
}

/* --- listing */

struct listed {
	struct table *table; /* or: */
	json_t *array;
};

static const char *word(const json_t *member, const char *name)
{
	const char *text = json_string_value(json_object_get(member, name));

	return text ? text : "";
}

static bool list_one(void *data, const json_t *member)
{
	struct listed *l = data;
	const json_t *limit = json_object_get(member, "credit_limit_minor");
	char kronor[MONEY_TEXT_SIZE] = "none";

	if (l->array) {
		json_array_append(l->array, (json_t *)(uintptr_t)member);
		return true;
	}
	if (json_is_integer(limit))
		money_text(money_of(json_integer_value(limit)), kronor);
	table_cell(l->table, "%s", word(member, "customer"));
	table_cell(l->table, "%s", word(member, "member"));
	table_cell(l->table, "%s", word(member, "role"));
	table_cell(l->table, "%s", word(member, "state"));
	table_cell(l->table, "%s", kronor);
	return true;
}

enum ctl_exit member_office_list(struct ctl *ctl, const struct office_api *api)
{
	static const char *const title[] = {"customer", "member", "role", "state", ">limit"};
	struct table table;
	struct listed listed = {.table = &table, .array = ctl->json ? json_array() : NULL};
	enum ctl_exit code;

	table_init(&table, title, ARRAY_LEN(title));
	code = each(ctl, api, false, list_one, &listed);
	if (code == CTL_DONE && ctl->json)
		code = ctl_json(ctl, CTL_DONE, json_incref(listed.array));
	json_decref(listed.array);
	if (code == CTL_DONE && !ctl->json)
		return table_print(ctl, &table, "The office has no members of this shop yet.");
	table_free(&table);
	return code;
}
