/*
 * cmd_card.c: cards for people without a phone. A card is known by its kid, which `card write`
 * prints; its own number and its keys stay in the reader's program.
 *
 * Once the shop is enrolled a card is given and taken at the office, as a phone's key is. Taking it
 * away needs no card in the hand: it was lost, most often.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/catalog.h"
#include "crypto/es256.h"
#include "crypto/sun.h"
#include "ledger/read.h"
#include "shopctl/args.h"
#include "shopctl/ask.h"
#include "shopctl/card_write.h"
#include "shopctl/member_office.h"
#include "shopctl/read.h"
#include "shopctl/text.h"

#define KEY_FILE_MODE 0640
#define KEY_GROUP     "shopd"

/* --- adding */

/** What `card add` was told. */
struct adding {
	const char *member, *kid, *role, *limit, *label, *operator_path;
	bool extended;
};

static enum ctl_exit kid_read(struct ctl *ctl, const char *word, uint8_t kid[KID_SIZE])
{
	if (!word)
		return ctl_usage(ctl, "--kid is missing");
	if (!hex_parse(word, (uint32_t)strnlen(word, 64), kid, KID_SIZE))
		return ctl_usage(ctl, "'%s' is no card's kid: 16 hex digits", word);
	return CTL_DONE;
}

static enum ctl_exit card_read(struct ctl *ctl, const struct adding *a, struct message_card *m)
{
	enum role role = ROLE_MEMBER;
	struct money money = MONEY_ZERO;
	enum ctl_exit code = kid_read(ctl, a->kid, m->kid);

	if (code != CTL_DONE)
		return code;
	m->make = !a->member;
	if (a->member && (a->role || a->limit || a->extended))
		return ctl_usage(ctl, "--role, --limit and --extended are for a member who is made "
				      "with the card: leave out --member");
	if (a->member && !hex_parse(a->member, (uint32_t)strnlen(a->member, 64), m->customer,
				    sizeof(m->customer)))
		return ctl_usage(ctl, "'%s' is no customer key: 32 hex digits", a->member);
	if (a->role && !role_parse(a->role, &role))
		return ctl_usage(ctl, "there is no role '%s': member owner staff delivery",
				 a->role);
	if (a->limit && !amount_parse(a->limit, (uint32_t)strnlen(a->limit, 32), &money))
		return ctl_usage(ctl, "'%s' is no amount like 500 or 499.50", a->limit);
	m->role = role;
	m->flags = (a->extended ? MEMBER_EXTENDED : 0u) | (a->limit ? MEMBER_LIMITED : 0u);
	m->credit_limit_minor = money_minor(money);
	return CTL_DONE;
}

static enum ctl_exit added_say(struct ctl *ctl, const struct message_card *m,
			       struct customer customer, bool existed)
{
	char text[33], kid[2 * KID_SIZE + 1];

	hex_text(customer.byte, sizeof(customer.byte), text);
	hex_text(m->kid, sizeof(m->kid), kid);
	if (ctl->json)
		return ctl_json(ctl, CTL_DONE,
				json_pack("{s:s, s:s}", "customer", text, "kid", kid));
	ctl_say(ctl, "customer %s, card %s%s", text, kid, existed ? ", known already" : "");
	return CTL_DONE;
}

/** At the office: the member first, where one is made. */
static enum ctl_exit office_add(struct ctl *ctl, const struct office_api *api,
				const struct adding *a, const struct message_card *m,
				struct customer *ret)
{
	struct message_member terms = {
		.role = m->role, .flags = m->flags, .credit_limit_minor = m->credit_limit_minor};
	enum ctl_exit code = CTL_DONE;
	bool existed;
	struct kid kid;

	memcpy(kid.byte, m->kid, sizeof(kid.byte));
	memcpy(ret->byte, m->customer, sizeof(ret->byte));
	if (m->make)
		code = member_office_add(ctl, api, NULL, &terms, ret, &existed);
	if (code == CTL_DONE)
		code = member_office_card(ctl, api, *ret, kid, a->label ? a->label : "");
	return code;
}

static enum ctl_exit card_add(struct ctl *ctl)
{
	struct adding a = {0};
	const struct option options[] = {
		{"--member", &a.member, NULL},	   {"--kid", &a.kid, NULL},
		{"--role", &a.role, NULL},	   {"--limit", &a.limit, NULL},
		{"--label", &a.label, NULL},	   {"--operator", &a.operator_path, NULL},
		{"--extended", NULL, &a.extended},
	};
	struct office_api api = {0};
	struct customer customer;
	bool existed = false;
	union message m;
	enum ctl_exit code = args_read(ctl, options, ARRAY_LEN(options), NULL, 0, 0);

	message_init(&m, MESSAGE_CARD_ADD, ASK_REQUEST);
	if (code == CTL_DONE)
		code = card_read(ctl, &a, &m.card);
	if (code != CTL_DONE)
		return code;
	const struct message_card card = m.card;

	code = api_find(ctl, a.operator_path, &api);
	if (code == CTL_DONE && api.enrolled) {
		code = office_add(ctl, &api, &a, &card, &customer);
	} else if (code == CTL_DONE) {
		code = shop_call(ctl, &m, MESSAGE_DONE);
		existed = m.done.existed;
		memcpy(customer.byte, m.done.customer, sizeof(customer.byte));
	}
	api_forget(&api);
	return code == CTL_DONE ? added_say(ctl, &card, customer, existed) : code;
}

/* --- listing and removing */

#define CARDS_PAGE 512

/** Told of each card; false: enough. */
typedef bool card_fn(void *data, const struct card_listed *card);

static enum ctl_exit each(struct ctl *ctl, card_fn *fn, void *data)
{
	struct card_listed *page = calloc(CARDS_PAGE, sizeof(*page));
	struct reader *r = NULL;
	struct kid after;
	enum ctl_exit code = read_open(ctl, &r);
	int n = CARDS_PAGE;

	CHECK(page);
	for (bool first = true; code == CTL_DONE && n == CARDS_PAGE; first = false) {
		n = reader_cards(r, first ? NULL : &after, page, CARDS_PAGE);
		if (n < 0)
			code = read_failed(ctl, "catalog.db", n);
		for (int i = 0; i < n; i++) {
			after = page[i].kid;
			if (!fn(data, &page[i])) {
				n = 0;
				break;
			}
		}
	}
	if (r)
		reader_close(r);
	free(page);
	return code;
}

struct listing {
	struct table *table;
	json_t *array; /* or NULL */
};

static bool list_one(void *data, const struct card_listed *c)
{
	struct listing *l = data;
	char customer[33], kid[2 * KID_SIZE + 1];
	bool blocked = (c->flags & MEMBER_BLOCKED) != 0;

	hex_text(c->customer.byte, sizeof(c->customer.byte), customer);
	hex_text(c->kid.byte, sizeof(c->kid.byte), kid);
	if (l->array) {
		json_array_append_new(l->array, json_pack("{s:s, s:s, s:s, s:b}", "kid", kid,
							  "customer", customer, "role",
							  role_word(c->role), "blocked", blocked));
		return true;
	}
	table_cell(l->table, "%s", kid);
	table_cell(l->table, "%s", customer);
	table_cell(l->table, "%s", role_word(c->role));
	table_cell(l->table, "%s", blocked ? "blocked" : "");
	return true;
}

static enum ctl_exit card_list(struct ctl *ctl)
{
	static const char *const title[] = {"card", "customer", "role", "remarks"};
	struct table table;
	struct listing l = {.table = &table};
	enum ctl_exit code = args_read(ctl, NULL, 0, NULL, 0, 0);

	if (code != CTL_DONE)
		return code;
	l.array = ctl->json ? json_array() : NULL;
	table_init(&table, title, ARRAY_LEN(title));
	code = each(ctl, list_one, &l);
	if (code == CTL_DONE && ctl->json)
		code = ctl_json(ctl, CTL_DONE, json_incref(l.array));
	json_decref(l.array);
	if (code == CTL_DONE && !ctl->json)
		return table_print(ctl, &table, "The shop knows no cards yet.");
	table_free(&table);
	return code;
}

struct finding {
	struct kid kid;
	struct customer customer;
	bool found;
};

static bool find_one(void *data, const struct card_listed *c)
{
	struct finding *f = data;

	if (memcmp(c->kid.byte, f->kid.byte, sizeof(f->kid.byte)) != 0)
		return true;
	f->customer = c->customer;
	f->found = true;
	return false;
}

/** Whose it is stands in the shop's own list: the office's is by member. */
static enum ctl_exit office_remove(struct ctl *ctl, const struct office_api *api,
				   const uint8_t kid[KID_SIZE])
{
	struct finding f = {.found = false};
	enum ctl_exit code;

	memcpy(f.kid.byte, kid, sizeof(f.kid.byte));
	code = each(ctl, find_one, &f);
	if (code == CTL_DONE && !f.found)
		return ctl_fail(ctl, CTL_REFUSED, "there is no such card");
	return code == CTL_DONE ? member_office_card_gone(ctl, api, f.customer, f.kid) : code;
}

static enum ctl_exit card_remove(struct ctl *ctl)
{
	const char *word, *operator_path = NULL;
	const struct option options[] = {{"--operator", &operator_path, NULL}};
	struct office_api api = {0};
	union message m;
	enum ctl_exit code = args_read(ctl, options, ARRAY_LEN(options), &word, 1, 1);

	message_init(&m, MESSAGE_CARD_GONE, ASK_REQUEST);
	if (code == CTL_DONE)
		code = kid_read(ctl, word, m.card.kid);
	if (code == CTL_DONE)
		code = api_find(ctl, operator_path, &api);
	if (code == CTL_DONE)
		code = api.enrolled ? office_remove(ctl, &api, m.card.kid)
				    : shop_call(ctl, &m, MESSAGE_DONE);
	api_forget(&api);
	if (code == CTL_DONE)
		ctl_say(ctl, "The card opens nothing any more.");
	return code;
}

/* --- the shop's key */

/** Readable by shopd, where the machine has it and we may say so. */
static bool for_shopd(int fd)
{
	const struct group *group = geteuid() == 0 ? getgrnam(KEY_GROUP) : NULL;

	return fchmod(fd, KEY_FILE_MODE) == 0 && (!group || fchown(fd, 0, group->gr_gid) == 0);
}

static enum ctl_exit key_write(struct ctl *ctl, const char *path, const char *text, uint32_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	bool written;
	int err;

	if (fd < 0 && errno == EEXIST)
		return ctl_fail(ctl, CTL_REFUSED,
				"refused: %s is there already, and every card of the shop hangs on "
				"it",
				path);
	if (fd < 0)
		return ctl_fail(ctl, CTL_REFUSED, "%s: %s", path, strerror(errno));
	written = write(fd, text, len) == (ssize_t)len && for_shopd(fd) && fsync(fd) == 0;
	err = errno;
	if (close(fd) == 0 && written)
		return CTL_DONE;
	unlink(path);
	return ctl_fail(ctl, CTL_REFUSED, "%s cannot be written: %s", path, strerror(err));
}

static enum ctl_exit card_key(struct ctl *ctl)
{
	const char *path;
	bool show = false;
	const struct option options[] = {{"--show", NULL, &show}};
	uint8_t key[SUN_KEY_SIZE];
	char text[2 * SUN_KEY_SIZE + 2];
	enum ctl_exit code = args_read(ctl, options, ARRAY_LEN(options), &path, 1, 1);

	if (code != CTL_DONE)
		return code;
	random_bytes(key, sizeof(key));
	hex_text(key, sizeof(key), text);
	text[2 * SUN_KEY_SIZE] = '\n';
	text[2 * SUN_KEY_SIZE + 1] = '\0';
	code = key_write(ctl, path, text, 2 * SUN_KEY_SIZE + 1);
	text[2 * SUN_KEY_SIZE] = '\0';
	if (code == CTL_DONE && ctl->json)
		code = ctl_json(ctl, CTL_DONE,
				show ? json_pack("{s:s, s:s}", "file", path, "key", text)
				     : json_pack("{s:s}", "file", path));
	else if (code == CTL_DONE)
		ctl_say(ctl,
			"%s%sThe shop's card key is in %s: name it in shopd.conf (card_key) and "
			"keep a "
			"copy where the shop's other papers are. Without it no card can be written "
			"again.",
			show ? text : "", show ? "\n" : "", path);
	explicit_bzero(key, sizeof(key));
	explicit_bzero(text, sizeof(text));
	return code;
}

enum ctl_exit shopctl_card(struct ctl *ctl)
{
	static const struct verb verbs[] = {
		{"add", card_add}, {"list", card_list},	  {"remove", card_remove},
		{"key", card_key}, {"write", card_write},
	};

	return ctl_verb(ctl, verbs, ARRAY_LEN(verbs), NULL);
}
