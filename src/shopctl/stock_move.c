/*
 * stock_move.c: what a person does to the shelves: a delivery, a count, waste, the shop's own use.
 * Each is a fact with its reason; nothing is ever changed or taken away, a mistake is mended by a
 * count.
 *
 * `scan deliver` reads what a scanner types, one code a line: lot and dates come from the code, the
 * same code again is one more piece. All is read before anything is booked, so that a line that is
 * no code can be mended, and what was scanned twice by mistake seen.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shopctl/args.h"
#include "shopctl/ask.h"
#include "shopctl/cmd_stock.h"
#include "shopctl/desk.h"
#include "shopctl/read.h"
#include "shopctl/text.h"

#define SCANNED_LINES 2000 /* different codes of one delivery: a lorry for a village */

/** The options of all of them; each takes those that it knows. */
struct move_options {
	struct desk_options desk;
	const char *cost, *lot, *use_by, *best_before;
};

/** What is booked. */
struct move {
	enum movement kind;
	struct gtin gtin;
	int64_t quantity_milli;
	struct money unit_cost;
	struct day use_by, best_before;
	char lot[LOT_MAX + 1];
};

/* --- what is given */

static enum ctl_exit dates_read(struct ctl *ctl, const struct move_options *o, struct move *ret)
{
	enum ctl_exit code = CTL_DONE;

	if (o->use_by)
		code = day_read(ctl, o->use_by, &ret->use_by);
	if (code == CTL_DONE && o->best_before)
		code = day_read(ctl, o->best_before, &ret->best_before);
	if (code != CTL_DONE || !o->lot)
		return code;
	if (strlen(o->lot) == 0 || strlen(o->lot) > LOT_MAX)
		return ctl_usage(ctl, "--lot takes 1 to %d characters", LOT_MAX);
	text_clean(o->lot, ret->lot, sizeof(ret->lot));
	return CTL_DONE;
}

/** What it cost last time; false when it never came. */
static bool last_cost(struct reader *r, struct gtin gtin, struct money *ret)
{
	struct stock_row row;

	if (reader_stock_one(r, gtin, &row) <= 0 || money_compare(row.unit_cost, MONEY_ZERO) <= 0)
		return false;
	*ret = row.unit_cost;
	return true;
}

/** A delivery needs a cost: what is given, or what it cost last time. */
static enum ctl_exit cost_read(struct ctl *ctl, struct reader *r, const char *cost,
			       struct move *ret)
{
	if (cost && !amount_parse(cost, (uint32_t)strlen(cost), &ret->unit_cost))
		return ctl_usage(ctl, "--cost takes kronor like 12.50, without VAT");
	if (cost || last_cost(r, ret->gtin, &ret->unit_cost))
		return CTL_DONE;
	return ctl_usage(ctl, "this article came for the first time: say --cost KRONOR (a piece or "
			      "kilogram, without VAT)");
}

/* --- booked */

static enum ctl_exit move_send(struct ctl *ctl, int fd, const struct desk_options *o,
			       const struct move *move, struct message_desk_is *ret)
{
	union message m;
	enum ctl_exit code = desk_begin(ctl, o, DESK_STOCK, &m);

	if (code != CTL_DONE)
		return code;
	m.desk.word = move->kind;
	m.desk.gtin = move->gtin.n;
	m.desk.quantity_milli = move->quantity_milli;
	m.desk.amount_minor = money_minor(move->unit_cost);
	m.desk.use_by = move->use_by.n;
	m.desk.best_before = move->best_before.n;
	memcpy(m.desk.lot, move->lot, sizeof(m.desk.lot));
	return desk_send(ctl, fd, &m, NULL, ret);
}

static json_t *move_json(struct reader *r, const struct move *move,
			 const struct message_desk_is *is)
{
	char name[ARTICLE_NAME_MAX + 1];
	struct stock_row row = {0};

	article_name(r, move->gtin, name);
	return json_pack("{s:o, s:o, s:s, s:I, s:I, s:b, s:o}", "gtin", json_gtin(move->gtin),
			 "name", json_text_or_null(name), "kind", movement_word(move->kind),
			 "quantity", (json_int_t)move->quantity_milli, "seq", (json_int_t)is->seq,
			 "repeated", is->answer == DESK_REPEATED, "on_hand",
			 reader_stock_one(r, move->gtin, &row) > 0
				 ? json_integer((json_int_t)row.on_hand_milli)
				 : json_null());
}

static void move_say(struct ctl *ctl, struct reader *r, const struct move *move,
		     const struct message_desk_is *is)
{
	char name[ARTICLE_NAME_MAX + 1], quantity[QUANTITY_TEXT_SIZE], now[QUANTITY_TEXT_SIZE];
	struct stock_row row = {0};

	article_name(r, move->gtin, name);
	quantity_words(move->quantity_milli, quantity);
	if (reader_stock_one(r, move->gtin, &row) <= 0)
		row.on_hand_milli = 0;
	quantity_words(row.on_hand_milli, now);
	ctl_say(ctl, "%s %s%s: %s, now %s on hand", movement_word(move->kind), quantity,
		is->answer == DESK_REPEATED ? " (booked before)" : "",
		name[0] ? name : "an article that is not in the price list", now);
}

static enum ctl_exit move_run(struct ctl *ctl, struct reader *r, const struct move_options *o,
			      struct move *move)
{
	struct message_desk_is is;
	int fd = -1;
	enum ctl_exit code = dates_read(ctl, o, move);

	if (code == CTL_DONE && move->kind == MOVEMENT_DELIVERY)
		code = cost_read(ctl, r, o->cost, move);
	if (code == CTL_DONE)
		code = shop_connect(ctl, &fd);
	if (code != CTL_DONE)
		return code;
	code = move_send(ctl, fd, &o->desk, move, &is);
	close(fd);
	if (code != CTL_DONE)
		return code;
	if (ctl->json)
		return ctl_json(ctl, CTL_DONE, move_json(r, move, &is));
	move_say(ctl, r, move, &is);
	return CTL_DONE;
}

/** `verb GTIN QTY` with these options; a count may be of nothing. */
static enum ctl_exit move_words(struct ctl *ctl, enum movement kind, const struct option *option,
				uint32_t options, struct move_options *o)
{
	struct move move = {.kind = kind, .unit_cost = MONEY_ZERO};
	struct reader *r = NULL;
	const char *word[2];
	enum ctl_exit code = args_read(ctl, option, options, word, 2, 2);

	if (code == CTL_DONE)
		code = gtin_read(ctl, word[0], &move.gtin);
	if (code == CTL_DONE)
		code = quantity_read(ctl, word[1], kind == MOVEMENT_COUNT ? 0 : 1,
				     &move.quantity_milli);
	if (code != CTL_DONE)
		return code;
	code = desk_options_read(ctl, &o->desk);
	if (code != CTL_DONE)
		return code;
	if (kind == MOVEMENT_WASTE && (!o->desk.why || !o->desk.why[0]))
		return ctl_usage(ctl, "say --why it is wasted: like 'mould' or 'past its date'");
	code = read_open(ctl, &r);
	if (code != CTL_DONE)
		return code;
	code = move_run(ctl, r, o, &move);
	reader_close(r);
	return code;
}

#define DESK_OPTIONS(o)                                                                            \
	{"--why", &(o).desk.why, NULL}, {"--key", &(o).desk.key, NULL},                            \
	{                                                                                          \
		"--by", &(o).desk.by, NULL                                                         \
	}

enum ctl_exit stock_deliver(struct ctl *ctl)
{
	struct move_options o = {0};
	const struct option options[] = {{"--cost", &o.cost, NULL},
					 {"--lot", &o.lot, NULL},
					 {"--use-by", &o.use_by, NULL},
					 {"--best-before", &o.best_before, NULL},
					 DESK_OPTIONS(o)};

	return move_words(ctl, MOVEMENT_DELIVERY, options, ARRAY_LEN(options), &o);
}

enum ctl_exit stock_count(struct ctl *ctl)
{
	struct move_options o = {0};
	const struct option options[] = {DESK_OPTIONS(o)};

	return move_words(ctl, MOVEMENT_COUNT, options, ARRAY_LEN(options), &o);
}

enum ctl_exit stock_waste(struct ctl *ctl)
{
	struct move_options o = {0};
	const struct option options[] = {DESK_OPTIONS(o)};

	return move_words(ctl, MOVEMENT_WASTE, options, ARRAY_LEN(options), &o);
}

enum ctl_exit stock_own_use(struct ctl *ctl)
{
	struct move_options o = {0};
	const struct option options[] = {DESK_OPTIONS(o)};

	return move_words(ctl, MOVEMENT_OWN_USE, options, ARRAY_LEN(options), &o);
}

/* --- a scanner on stdin */

struct scan {
	struct ctl *ctl;
	struct shop_rules rules;
	struct reader *reader;
	const char *cost;
	uint32_t moves, bad, line;
	struct move *move;
};

static void scan_bad(struct scan *s, const char *why)
{
	s->bad++;
	ctl_note(s->ctl, "line %u: %s", s->line, why);
}

static bool same(const struct move *a, const struct goods *g)
{
	return a->gtin.n == g->gtin.n && a->use_by.n == g->use_by.n &&
	       a->best_before.n == g->best_before.n && strcmp(a->lot, g->lot) == 0;
}

/** One more of it. */
static void scan_take(struct scan *s, const struct goods *g)
{
	int64_t quantity = g->measure == GOODS_WEIGHT ? g->quantity_milli : 1000;
	struct move *m = s->move;
	uint32_t i = 0;

	while (i < s->moves && !same(&m[i], g))
		i++;
	if (i == SCANNED_LINES) {
		scan_bad(s, "too many different articles at once: book these first");
		return;
	}
	if (i == s->moves) {
		m[i] = (struct move){.kind = MOVEMENT_DELIVERY,
				     .gtin = g->gtin,
				     .unit_cost = MONEY_ZERO,
				     .use_by = g->use_by,
				     .best_before = g->best_before};
		memcpy(m[i].lot, g->lot, sizeof(m[i].lot));
		if (s->cost)
			CHECK(amount_parse(s->cost, (uint32_t)strlen(s->cost), &m[i].unit_cost));
		else if (!last_cost(s->reader, g->gtin, &m[i].unit_cost)) {
			scan_bad(s, "this article came for the first time: deliver it with --cost");
			return;
		}
		s->moves++;
	}
	m[i].quantity_milli += quantity;
}

static void scan_line(struct scan *s, char *text, size_t len)
{
	struct goods goods;

	while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == '\r'))
		len--;
	text[len] = '\0';
	if (len == 0)
		return;
	if (len > SCANNED_MAX ||
	    !goods_read(text, (uint32_t)len, s->rules.country, s->rules.today, &goods))
		scan_bad(s, "this is no article's code");
	else if (goods.gtin.n == 0)
		scan_bad(s, "this code names no article");
	else
		scan_take(s, &goods);
}

static void scan_read(struct scan *s)
{
	char text[512];
	bool cut = false;

	while (fgets(text, sizeof(text), stdin)) {
		size_t len = strlen(text);
		bool whole = len > 0 && text[len - 1] == '\n';

		s->line += !cut;
		if (cut) { /* the rest of a line that was too long is no code of its own */
			cut = !whole;
			continue;
		}
		cut = !whole && len == sizeof(text) - 1;
		if (cut)
			scan_bad(s, "this is no article's code");
		else
			scan_line(s, text, len);
	}
}

/** Books what was read; what went wrong is told and the rest is booked all the same. */
static enum ctl_exit scan_send(struct scan *s, const struct move_options *o, int fd)
{
	json_t *array = json_array();
	struct desk_options desk = o->desk;
	enum ctl_exit code = CTL_DONE, worst = s->bad ? CTL_REFUSED : CTL_DONE;

	for (uint32_t i = 0; i < s->moves && code != CTL_UNREACHABLE; i++) {
		struct message_desk_is is;
		char key[2 * NAME_MAX_LEN];

		if (o->desk.key) {
			snprintf(key, sizeof(key), "%s-%u", o->desk.key, i);
			desk.key = key;
		}
		code = move_send(s->ctl, fd, &desk, &s->move[i], &is);
		worst = code > worst ? code : worst;
		if (code != CTL_DONE)
			continue;
		if (s->ctl->json)
			json_array_append_new(array, move_json(s->reader, &s->move[i], &is));
		else
			move_say(s->ctl, s->reader, &s->move[i], &is);
	}
	if (s->ctl->json && worst < CTL_USAGE)
		return ctl_json(s->ctl, worst,
				json_pack("{s:o, s:i}", "booked", array, "bad", (int)s->bad));
	json_decref(array);
	ctl_say(s->ctl, "booked: %u; codes not understood: %u", s->moves, s->bad);
	return worst;
}

enum ctl_exit stock_scan(struct ctl *ctl)
{
	struct move_options o = {0};
	const struct option options[] = {{"--cost", &o.cost, NULL}, DESK_OPTIONS(o)};
	struct scan s = {.ctl = ctl};
	struct money cost;
	const char *word;
	int fd = -1;
	enum ctl_exit code = args_read(ctl, options, ARRAY_LEN(options), &word, 1, 1);

	if (code != CTL_DONE)
		return code;
	if (strcmp(word, "deliver") != 0)
		return ctl_usage(ctl, "what is scanned is a delivery: stock scan deliver");
	if (o.cost && !amount_parse(o.cost, (uint32_t)strlen(o.cost), &cost))
		return ctl_usage(ctl, "--cost takes kronor like 12.50, without VAT");
	code = desk_options_read(ctl, &o.desk);
	if (code == CTL_DONE)
		code = shop_connect(ctl, &fd);
	if (code == CTL_DONE)
		code = read_open(ctl, &s.reader);
	if (code == CTL_DONE) {
		s.rules = shop_rules(ctl);
		s.cost = o.cost;
		s.move = calloc(SCANNED_LINES, sizeof(*s.move));
		CHECK(s.move);
		scan_read(&s);
		code = scan_send(&s, &o, fd);
	}
	free(s.move);
	if (s.reader)
		reader_close(s.reader);
	if (fd >= 0)
		close(fd);
	return code;
}
