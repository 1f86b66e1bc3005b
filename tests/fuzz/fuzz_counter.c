/*
 * fuzz_counter.c: whatever counterd says, in whatever order: a shop without a chip, with one
 * member, one article and one open visit, takes every message that message_check() lets pass,
 * through tokens, books, the core, the ledger and the answers, and ends with books that the ledger
 * agrees with.
 *
 * The input is a row of messages: a byte that picks the type, then the message's bytes after its
 * head. A visit of 1 and a bearer that begins with 1 stand for the open one's; 0xff in the place of
 * a type lets the loop turn until all is on disk. From 0xf0 on it is about the till and its screen:
 * the five messages of a screen; the member shows a token at the till; a length and a frame there.
 */
#include "crypto/es256.h"
#include "shop_shell.h"
#include "shopd/till.h"

#define COUNTERS    10 /* MESSAGE_UNLOCK to MESSAGE_DESK, and that one from shopctl */
#define PEER	    PEER_COUNTER
#define RUNS_A_SHOP 20000
#define TILL	    2 /* its scanner: those of the door come first */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Nobody reads this log. */
void journal_line(struct shopd *sd, const char *format, ...)
{
	(void)sd;
	(void)format;
}

/* A member and an article, put into the arrays themselves: there is nothing to fuzz in how they
 * come there. */
static void stock(void)
{
	static struct member_row member = {.customer = {"the one member."},
					   .flags = MEMBER_LIMITED};
	/* one from the scale, one with a price on its label, one with a deposit: sorted */
	static struct article_row article[] = {
		{.gtin = {2001234500005}, .vat_class = VAT_FOOD},
		{.gtin = {2301234500006}, .vat_class = VAT_FOOD},
		{.gtin = {7310865004703}, .vat_bp = 1200, .deposit_minor = 100},
	};
	static char names[] = "milk";

	member.credit_limit = money_of(100000);
	for (uint32_t i = 0; i < ARRAY_LEN(article); i++)
		article[i].price = money_of(1250);
	shell.roster->members = 1;
	shell.roster->member = &member;
	shell.articles->rows = ARRAY_LEN(article);
	shell.articles->row = article;
	shell.articles->names = names;
	shell.articles->names_len = sizeof(names);
}

static void set_up(void)
{
	static const char text[] = "shop = viken\nclock = rtc\ngpio = sim:/nonexistent\n"
				   "[door front]\nstrike = a\ncontact = b\nrex = c\n"
				   "[till one]\nscanner = /nonexistent\n";

	shell_load(text);
	shell.config.past_best_before_bp = 2500;
	shell_roster();
	stock();
	shell_start();
}

/* All is on disk, and what waited for this visit's book has been done. */
static void settle(struct visit_id visit)
{
	while (shell.ticket > shell.committed || books_loading(&shell, visit))
		shell_turn();
	shell_drain();
}

/* The member's token at the till: from a phone (bearer 1, 0, 0 …), or at its scanner. */
static void show_token(uint8_t reader, struct request request)
{
	const uint8_t bearer[32] = {1};
	struct event e = shopd_event(&shell, EVENT_TILL_TOKEN);

	admission_init(&shell.shop.admission); /* more visits a minute than ids are remembered */
	e.draw.bearer_hash = sha256(bearer, sizeof(bearer));
	e.token.reader = reader;
	e.token.request = request;
	e.token.token.proof = PROOF_GOOD;
	e.token.token.member_known = true;
	e.token.token.member = accounts_member(&shell, shell.roster->member[0].customer);
	snprintf(e.token.token.claims.audience, sizeof(e.token.token.claims.audience),
		 "viken/till");
	e.token.token.claims.iat_s = e.now.wall.ms / 1000;
	e.token.token.claims.exp_s = e.token.token.claims.iat_s + 60;
	e.token.token.claims.cti_len = CTI_SIZE_MIN;
	random_bytes(e.token.token.claims.cti, CTI_SIZE_MIN);
	shopd_step(&shell, &e);
}

static struct visit_id open_visit(void)
{
	const struct visit *visit;

	show_token(readers_phone(&shell, NULL), (struct request){PEER, 1});
	visit = shop_visit_of(&shell.shop, shell.roster->member[0].customer);
	CHECK(visit);
	return visit->id;
}

/* What the till's scanner reads, or its screen asks; how many bytes it was. */
static size_t at_till(const uint8_t *data, size_t size, struct visit_id visit)
{
	uint16_t type = (uint16_t)(MESSAGE_KIOSK + (data[0] & 7));
	struct span frame = {data + 2, size > 1 ? data[1] : 0};
	union message m;
	size_t len;

	if (type > MESSAGE_PIN) {
		if (type == MESSAGE_PIN + 1) {
			/* once a visit: a second one would be another's */
			if (shop_visit(&shell.shop, visit) && keep_room(&shell))
				show_token(TILL, (struct request){0, 0});
			return 1;
		}
		if (frame.len > size - 2 || size < 2 || frame.len == 0)
			return 1;
		if (keep_room(&shell) && till_basket_text(frame))
			till_basket(&shell, TILL, frame);
		else if (keep_room(&shell))
			till_goods(&shell, TILL, frame);
		return 2 + frame.len;
	}
	message_init(&m, (enum message_type)type, 7);
	len = message_size(type) - sizeof(m.head);
	len = len < size - 1 ? len : size - 1;
	memcpy((uint8_t *)&m + sizeof(m.head), data + 1, len);
	if (!message_check(&m, message_size(type), ROLE_COUNTER, WAY_TO_SHOPD))
		counter_message(&shell, PEER, &m, -1);
	return 1 + len;
}

static void close_visit(struct visit_id visit)
{
	union message m;

	message_init(&m, MESSAGE_CLOSE, 1);
	m.bearer.visit = visit.n;
	m.bearer.bearer[0] = 1;
	counter_message(&shell, PEER, &m, -1);
}

/* What shopctl may ask of the books too; but a credit, which takes off what is held against the
 * visit. */
static void say_desk(const union message *m)
{
	if (m->desk.kind != DESK_CREDIT &&
	    !message_check(m, message_size(MESSAGE_DESK), ROLE_CONTROL, WAY_TO_SHOPD))
		desk_message(&shell, PEER_CONTROL, m);
}

/* One message off the front of the input; how many bytes it was. */
static size_t say(const uint8_t *data, size_t size, struct visit_id visit)
{
	bool control = data[0] % COUNTERS == COUNTERS - 1;
	uint16_t type = (uint16_t)(control ? MESSAGE_DESK : MESSAGE_UNLOCK + data[0] % COUNTERS);
	union message m;
	size_t len = message_size(type) - sizeof(m.head);

	if (data[0] == 0xff) {
		settle(visit);
		return 1;
	}
	if (data[0] >= 0xf0)
		return at_till(data, size, visit);
	len = len < size - 1 ? len : size - 1;
	message_init(&m, (enum message_type)type, 7);
	memcpy((uint8_t *)&m + sizeof(m.head), data + 1, len);
	if (type == MESSAGE_DESK) {
		if (m.desk.visit == 1)
			m.desk.visit = visit.n;
		if (control)
			say_desk(&m);
	} else if (type >= MESSAGE_LINE_PUT && m.bearer.visit == 1) {
		if (type == MESSAGE_LINE_PUT || type == MESSAGE_LINE_VOID)
			m.line.visit = visit.n;
		else
			m.bearer.visit = visit.n;
	}
	if (!control && !message_check(&m, message_size(type), ROLE_COUNTER, WAY_TO_SHOPD))
		counter_message(&shell, PEER, &m, -1);
	return 1 + len;
}

/* The loop's sum is that of the visit's own total and what visits before it left behind. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint32_t runs;
	const struct visit *visit;
	struct visit_id id;
	struct money before, after;

	if (runs == 0)
		atexit(shell_close);
	if (runs++ % RUNS_A_SHOP == 0) {
		shell_close();
		set_up();
	}
	shell.owing.unbilled[0] =
		MONEY_ZERO; /* an invoice, so that the limit does not end the fuzzing */
	id = open_visit();
	before = shell.owing.unbilled[0];
	while (size > 0) {
		size_t used = say(data, size, id);

		data += used;
		size -= used;
	}
	settle(id);
	visit = shop_visit(&shell.shop, id);
	CHECK(!visit || (money_add(before, visit->total, &after) &&
			 money_compare(after, shell.owing.unbilled[0]) == 0));
	CHECK(replies_room(&shell));
	close_visit(id);
	settle(id);
	CHECK(shell.shop.visits.count == 0);
	return 0;
}
