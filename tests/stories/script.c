/*
 * script.c: the language of the stories; what is about alarms stands in script_alarms.c.
 *
 * Setup:   member NAME KEY8 [limit=KR] [owner|staff|delivery] [overdue] [blocked] [extended]
 *          article NAME GTIN PRICE [VATBP] [alcohol …] [recalled|expired]
 *          … [vat=food|standard|restaurant|culture|none] [deposit=KR] [shrinking]
 *          member … [trust=new|trusted|restricted] [unpaid=KR] [due=DATE]
 *          door exit=none|rex|handle relock=open|close · hours OPEN-CLOSE · occupancy N
 *          weekday N (0: Monday) · date DATE · discount BP (past its best-before date)
 *          trust LEVEL [limit=KR] [hours=OPEN-CLOSE] [check=BP]
 *          checks [long=SECONDS] [voids=N] [share=BP]
 * Input:   start · stop · power cut · wait
 *          front: contact open|closed|lost · front: rex|tamper|fire on|off|lost
 *          front|till: token|phone|pass of NAME [OPTION…] · front|till: garbage · session: token of
 * front|till: card of NAME [OPTION…] (by NFC) NAME till: goods ARTICLE ·
 * lock|unlock|lockdown|release front · prop front SECONDS nonce NAME · visit of NAME
 * [code=last|CODE] [OPTION…] NAME puts KEY ARTICLE [quantity=N] · NAME voids KEY · NAME scans KEY
 * TEXT [quantity=N] [at=HH:MM:SS] (by goods_read, Sweden; puts takes at= too) till: scans TEXT ·
 * trust NAME LEVEL · pays NAME · lot N (that the next visits draw) NAME closes · NAME invites ·
 * ledger full|away|well · lost N · clock trusted|untrusted · clock SECONDS block NAME · overdue
 * NAME · price ARTICLE KR · recall|expire|remove ARTICLE Option:  iat=±S life=S (from now) ·
 * nonce=NAME · aud=TEXT · which=0|1|2 (of a member's cards) · counter=N (else one more than it said
 * last) · key=unknown|bad · bytes=malformed nbf=±S · pin=missing|right|wrong · revoked · again (the
 * very same bytes as last time)
 */
#include "script_words.h"

/* --- setup
 * ------------------------------------------------------------------------------------ */

static bool setup_member(struct fake_shell *f, const struct words *w)
{
	struct fake_member *m = &f->member[f->members];
	enum role role;

	if (w->count < 3 || f->members == FAKE_MEMBERS ||
	    !hex_parse(w->word[2], (uint32_t)strlen(w->word[2]), m->member.customer.byte, 4))
		return false;
	snprintf(m->name, sizeof(m->name), "%.*s", (int)sizeof(m->name) - 1, w->word[1]);
	memcpy(m->kid.byte, m->member.customer.byte, 4);
	m->limited = option(w, "limit") != NULL;
	if (m->limited)
		m->limit = kronor(option(w, "limit"));
	if (option(w, "unpaid"))
		m->unpaid = kronor(option(w, "unpaid"));
	if ((option(w, "trust") && !trust_parse(option(w, "trust"), &m->member.trust)) ||
	    (option(w, "due") && !date(option(w, "due"), &m->oldest_due)))
		return false;
	m->member.overdue = flag(w, "overdue");
	m->member.blocked = flag(w, "blocked");
	m->member.extended = flag(w, "extended");
	for (uint32_t i = 3; i < w->count; i++)
		if (role_parse(w->word[i], &role))
			m->member.role = role;
	f->members++;
	return true;
}

static bool add_article(struct fake_shell *f, const struct words *w)
{
	struct fake_article *a = &f->article[f->version - 1][f->articles];
	enum article_class class;
	enum article_state state;

	if (w->count < 4 || f->articles == FAKE_ARTICLES ||
	    !gtin_parse(w->word[2], (uint32_t)strlen(w->word[2]), &a->article.gtin))
		return false;
	snprintf(a->name, sizeof(a->name), "%.*s", (int)sizeof(a->name) - 1, w->word[1]);
	a->article.known = true;
	a->article.name = a->name;
	a->article.price = kronor(w->word[3]);
	a->article.vat_bp = w->count > 4 ? (int32_t)number(w->word[4], 0) : 600;
	a->article.shrinking = flag(w, "shrinking");
	if (option(w, "deposit"))
		a->article.deposit = kronor(option(w, "deposit"));
	if (option(w, "vat") && !vat_class_parse(option(w, "vat"), &a->article.vat_class))
		return false;
	for (uint32_t i = 4; i < w->count; i++) {
		if (article_class_parse(w->word[i], &class))
			a->article.class = class;
		if (article_state_parse(w->word[i], &state))
			a->article.state = state;
	}
	f->articles++;
	return true;
}

static bool setup_door(struct fake_shell *f, const struct words *w)
{
	struct door_config *c = &f->config.door[0];
	const char *sensing = option(w, "exit"), *relock = option(w, "relock");

	if (sensing)
		c->exit_sensing = strcmp(sensing, "none") == 0	? EXIT_NONE
				  : strcmp(sensing, "rex") == 0 ? EXIT_REX
								: EXIT_HANDLE;
	if (relock)
		c->relock = strcmp(relock, "close") == 0 ? RELOCK_ON_CLOSE : RELOCK_ON_OPEN;
	return sensing || relock;
}

/* The story's day; its weekday follows. */
static bool setup_date(struct fake_shell *f, const char *text)
{
	struct day day;

	if (!date(text, &day))
		return false;
	f->weekday = day_weekday(day);
	f->wall_0_ms = (day.n - (int64_t)f->weekday) * 86400000;
	return true;
}

static bool setup_trust(struct fake_shell *f, const struct words *w)
{
	struct trust_config *t;
	enum trust level;

	if (w->count < 2 || !trust_parse(w->word[1], &level))
		return false;
	t = &f->config.trust[level];
	t->limited = option(w, "limit") != NULL;
	if (t->limited)
		t->credit_limit = kronor(option(w, "limit"));
	t->hours_apart = option(w, "hours") != NULL;
	if (t->hours_apart && !setup_hours(t->hours, option(w, "hours")))
		return false;
	t->check_bp = (uint16_t)number(option(w, "check"), 0);
	return true;
}

static bool setup_checks(struct fake_shell *f, const struct words *w)
{
	struct check_config *c = &f->config.check;

	c->long_ms = number(option(w, "long"), 0) * 1000;
	c->voids_min = (uint32_t)number(option(w, "voids"), 0);
	c->voids_bp = (uint32_t)number(option(w, "share"), 0);
	return true;
}

/* What the books brought: dates, discounts, trust, checks. */
static bool setup_books(struct fake_shell *f, const struct words *w)
{
	if (is(w, 0, "date") && w->count == 2)
		return setup_date(f, w->word[1]);
	if (is(w, 0, "discount") && w->count == 2) {
		f->config.past_best_before_bp = (uint16_t)number(w->word[1], 0);
		return true;
	}
	if (is(w, 0, "trust"))
		return setup_trust(f, w);
	return is(w, 0, "checks") && setup_checks(f, w);
}

bool script_setup(struct fake_shell *f, const char *line, char why[SCRIPT_WHY])
{
	struct words w;
	bool ok = false;

	snprintf(why, SCRIPT_WHY, "cannot set up: %.100s", line);
	if (!split(line, &w))
		return false;
	if (is(&w, 0, "member"))
		ok = setup_member(f, &w);
	else if (is(&w, 0, "article"))
		ok = add_article(f, &w);
	else if (is(&w, 0, "door"))
		ok = setup_door(f, &w);
	else if (is(&w, 0, "hours") && w.count == 2)
		ok = setup_hours(f->config.hours, w.word[1]);
	else if (is(&w, 0, "occupancy") && w.count == 2)
		ok = (f->config.occupancy_max = (uint32_t)number(w.word[1], 0)) > 0;
	else if (is(&w, 0, "weekday") && w.count == 2)
		ok = (f->weekday = (uint32_t)number(w.word[1], 0)) < 7;
	else
		ok = setup_books(f, &w) || script_setup_alarms(f, &w);
	return ok;
}

/* --- tokens
 * ------------------------------------------------------------------------------------ */

static const char *purpose_of(const struct words *w)
{
	if (is(w, 0, "front:"))
		return "viken/front";
	return is(w, 0, "session:") ? "viken/owner" : "viken/till";
}

static void nonce_bytes(const char *name, uint8_t nonce[NONCE_SIZE])
{
	memset(nonce, 0, NONCE_SIZE);
	memcpy(nonce, name, strnlen(name, NONCE_SIZE));
}

static enum pin pin_of(const char *text)
{
	if (!text)
		return PIN_NOT_WANTED;
	if (strcmp(text, "missing") == 0)
		return PIN_MISSING;
	return strcmp(text, "right") == 0 ? PIN_RIGHT : PIN_WRONG;
}

static void claim(struct fake_shell *f, const struct words *w, const struct fake_member *m,
		  bool pass, struct token_shown *t)
{
	struct event clock = fake_event(f, EVENT_TIME);
	int64_t now_s = clock.now.wall.ms / 1000;
	struct claims *c = &t->claims;
	const char *aud = option(w, "aud"), *nonce = option(w, "nonce");

	snprintf(c->audience, sizeof(c->audience), "%.*s", AUDIENCE_MAX,
		 aud	? aud
		 : pass ? "viken"
			: purpose_of(w));
	c->iat_s = now_s + number(option(w, "iat"), 0);
	c->exp_s = c->iat_s + number(option(w, "life"), 60);
	c->cti_len = CTI_SIZE_MIN;
	memcpy(c->cti, &f->draws, sizeof(f->draws));
	memset(t->bytes.byte, 0x5a, sizeof(t->bytes.byte));
	memcpy(t->bytes.byte, &f->draws, sizeof(f->draws));
	c->has_nonce = nonce != NULL;
	if (nonce)
		nonce_bytes(nonce, c->nonce);
	c->is_pass = pass;
	if (!pass)
		return;
	c->sub = m->member.customer;
	c->nbf_s = now_s + number(option(w, "nbf"), -3600);
	c->exp_s = now_s + number(option(w, "life"), 86400);
	memcpy(c->cti, m->name, CTI_SIZE_MIN); /* the same pass each time */
	memset(t->bytes.byte, 0x77, sizeof(t->bytes.byte));
	memcpy(t->bytes.byte, m->name, CTI_SIZE_MIN);
}

/* What a card says, which counts each time that it is read. */
static bool card_says(const struct words *w, struct fake_member *m, struct token_shown *t)
{
	uint32_t which = (uint32_t)number(option(w, "which"), 0);

	if (which >= ARRAY_LEN(m->readings))
		return false;
	m->readings[which] = (uint32_t)number(option(w, "counter"), m->readings[which] + 1);
	t->card = true;
	t->card_counter = m->readings[which];
	t->kid.byte[7] = (uint8_t)(0xc0 + which);
	memset(t->bytes.byte, 0xca, sizeof(t->bytes.byte));
	memcpy(t->bytes.byte, t->kid.byte, sizeof(t->kid.byte));
	memcpy(t->bytes.byte + sizeof(t->kid.byte), &t->card_counter, sizeof(t->card_counter));
	return true;
}

/* Makes (or repeats) the token of a member as the words say it. */
static bool token_of(struct fake_shell *f, const struct words *w, const char *name, bool pass,
		     struct token_shown *ret)
{
	struct fake_member *m = fake_member(f, name);
	const char *key = option(w, "key");

	if (!m)
		return false;
	memset(ret, 0, sizeof(*ret));
	if (flag(w, "again")) {
		*ret = m->last;
	} else {
		ret->kid = m->kid;
		if (is(w, 1, "card") && !card_says(w, m, ret))
			return false;
		if (!ret->card)
			claim(f, w, m, pass, ret);
	}
	if (ret->card)
		ret->card_last = fake_card_last(f, ret->kid);
	ret->proof = PROOF_GOOD;
	if (key)
		ret->proof = strcmp(key, "bad") == 0 ? PROOF_BAD_SIGNATURE : PROOF_UNKNOWN_KEY;
	if (option(w, "bytes"))
		ret->proof = PROOF_MALFORMED;
	ret->member_known = true;
	ret->member = fake_member_now(f, m->member.customer);
	ret->pass = pass;
	ret->pass_revoked = flag(w, "revoked");
	ret->pin = pin_of(option(w, "pin"));
	m->last = *ret;
	return true;
}

static bool show_token(struct fake_shell *f, const struct words *w)
{
	bool front = is(w, 0, "front:"), phone = is(w, 1, "phone");
	enum event_kind kind = front		      ? EVENT_DOOR_TOKEN
			       : is(w, 0, "session:") ? EVENT_SESSION_TOKEN
						      : EVENT_TILL_TOKEN;
	struct event e = fake_event(f, kind);

	if (w->count < 4 || !is(w, 2, "of") ||
	    !token_of(f, w, w->word[3], is(w, 1, "pass"), &e.token.token))
		return false;
	e.token.reader = front ? (uint8_t)phone : 2;
	if (is(w, 1, "card"))
		e.token.reader = front ? 4 : 5;
	if (phone || kind == EVENT_SESSION_TOKEN)
		e.token.request = (struct request){1, 1};
	e.token.price_version = f->version;
	fake_step(f, &e);
	return true;
}

static bool begin_visit(struct fake_shell *f, const struct words *w)
{
	struct event e = fake_event(f, EVENT_TILL_TOKEN);
	const char *code = option(w, "code"), *as = option(w, "as");
	const struct effect *after = &f->effects.after[0];
	struct fake_device *d;

	if (w->count < 3 || !token_of(f, w, w->word[2], false, &e.token.token))
		return false;
	e.token.reader = 3;
	e.token.request = (struct request){1, 1};
	e.token.price_version = f->version;
	if (code)
		snprintf(e.token.join_code, sizeof(e.token.join_code), "%.8s",
			 strcmp(code, "last") == 0 ? f->join_code : code);
	fake_step(f, &e);
	if (f->effects.afters == 0 || after->kind != EFFECT_VISIT || after->visit.visit.n == 0)
		return true;
	d = fake_device(f, as ? as : w->word[2]);
	d->bearer = e.draw.bearer_hash;
	d->visit = after->visit.visit;
	return true;
}

/* --- what phones and tills do
 * ------------------------------------------------------------------------------------ */

/* Reads `text` as a Swedish shop's scanner gives it; "~" stands for FNC1 (GS). The name of what it
 * is, "" for nothing known. */
static const char *read_goods(struct fake_shell *f, const char *text, struct goods *ret)
{
	char scanned[WORD_SIZE];
	struct event clock = fake_event(f, EVENT_TIME);
	uint32_t len = (uint32_t)snprintf(scanned, sizeof(scanned), "%s", text);

	for (uint32_t i = 0; i < len; i++)
		if (scanned[i] == '~')
			scanned[i] = 0x1d;
	if (!goods_read(scanned, len, GOODS_SE, clock.now.day, ret))
		*ret = (struct goods){0};
	return fake_named(f, ret->gtin);
}

struct wall script_scanned_at(const struct fake_shell *f, const struct words *w)
{
	const char *text = option(w, "at");
	int h, m, s;

	if (!text || sscanf(text, "%d:%d:%d", &h, &m, &s) != 3)
		return (struct wall){0};
	return (struct wall){f->wall_0_ms + f->weekday * 86400000LL +
			     (h * 3600LL + m * 60 + s) * 1000};
}

static bool put_line(struct fake_shell *f, const struct words *w)
{
	struct event e = fake_event(f, EVENT_LINE_PUT);
	struct event_line_put *p = &e.line_put;
	struct fake_device *d = fake_device(f, w->word[0]);
	struct visit past;
	const struct visit *open = shop_visit(&f->shop, d->visit);
	const char *name = w->word[3];

	if (w->count < 4)
		return false;
	fake_call(f, d, w->word[2], &past, &p->call);
	snprintf(p->key.text, sizeof(p->key.text), "%s", w->word[2]);
	p->price_version = f->version;
	p->scanned_at = script_scanned_at(f, w);
	p->bought = fake_bought(f, open ? open : p->call.past, p->scanned_at);
	if (is(w, 1, "scans"))
		name = read_goods(f, w->word[3], &p->goods);
	fake_articles(f, name,
		      open		   ? open->price_version
		      : p->call.past_known ? past.price_version
					   : f->version,
		      p->bought, &p->then, &p->now);
	if (is(w, 1, "puts"))
		p->goods.gtin = p->now.known ? p->now.gtin : p->then.gtin;
	p->quantity_milli = (int32_t)number(option(w, "quantity"), 1000);
	fake_step(f, &e);
	return true;
}

static bool void_line(struct fake_shell *f, const struct words *w)
{
	struct event e = fake_event(f, EVENT_LINE_VOID);
	struct visit past;

	if (w->count < 3)
		return false;
	fake_call(f, fake_device(f, w->word[0]), w->word[2], &past, &e.line_void.call);
	snprintf(e.line_void.key.text, sizeof(e.line_void.key.text), "%s", w->word[2]);
	fake_step(f, &e);
	return true;
}

static bool close_visit(struct fake_shell *f, const struct words *w, enum event_kind kind)
{
	struct event e = fake_event(f, kind);
	struct visit past;

	fake_call(f, fake_device(f, w->word[0]), NULL, &past,
		  kind == EVENT_VISIT_CLOSE ? &e.visit_close.call : &e.visit_invite.call);
	fake_step(f, &e);
	return true;
}

static bool scan_goods(struct fake_shell *f, const struct words *w)
{
	struct event e = fake_event(f, EVENT_GOODS);
	const struct visit *visit = shop_till_visit(&f->shop, 2);
	const char *name = w->word[2];
	struct customer customer;

	if (w->count < 3)
		return false;
	e.goods.reader = 2;
	e.goods.price_version = f->version;
	if (is(w, 1, "scans"))
		name = read_goods(f, w->word[2], &e.goods.goods);
	fake_articles(f, name, visit ? visit->price_version : f->version, e.now.day, &e.goods.then,
		      &e.goods.now);
	if (is(w, 1, "goods"))
		e.goods.goods.gtin = e.goods.now.gtin;
	if (shop_till_customer(&f->shop, 2, &customer))
		e.goods.member = fake_member_now(f, customer);
	fake_step(f, &e);
	return true;
}

/* --- doors, people, the rest
 * ------------------------------------------------------------------------------------ */

static bool move_part(struct fake_shell *f, const struct words *w)
{
	static const char *const names[] = {"contact", "rex", "tamper", "fire"};
	struct event e = fake_event(f, EVENT_PART);

	for (uint32_t i = 0; i < ARRAY_LEN(names); i++) {
		if (!is(w, 1, names[i]))
			continue;
		e.part.part = (enum door_part)i;
		e.part.level = is(w, 2, "open") || is(w, 2, "on");
		e.part.lost = is(w, 2, "lost");
		fake_step(f, &e);
		return w->count == 3;
	}
	return false;
}

static bool at_place(struct fake_shell *f, const struct words *w)
{
	struct event e;

	if (is(w, 1, "token") || is(w, 1, "phone") || is(w, 1, "pass") || is(w, 1, "card"))
		return show_token(f, w);
	if (is(w, 1, "goods") || is(w, 1, "scans"))
		return scan_goods(f, w);
	if (!is(w, 1, "garbage"))
		return script_till(f, w) || move_part(f, w);
	e = fake_event(f, EVENT_FRAME_REFUSED);
	e.frame_refused.reader = is(w, 0, "till:") ? 2 : 0;
	fake_step(f, &e);
	return true;
}

static bool give_command(struct fake_shell *f, const struct words *w)
{
	static const char *const names[COMMANDS] = {"lock", "unlock", "prop", "lockdown",
						    "release"};
	struct event e = fake_event(f, EVENT_COMMAND);

	for (uint32_t i = 0; i < COMMANDS; i++) {
		if (!is(w, 0, names[i]))
			continue;
		e.command.request = (struct request){2, 1};
		e.command.command = (enum command)i;
		e.command.hold_ms = number(w->count > 2 ? w->word[2] : NULL, 0) * 1000;
		fake_step(f, &e);
		return true;
	}
	return false;
}

static bool about_ledger(struct fake_shell *f, const struct words *w)
{
	struct event e;

	if (is(w, 0, "ledger") && is(w, 1, "well")) {
		fake_ledger_well(f);
		return true;
	}
	if (is(w, 0, "ledger") && is(w, 1, "full")) {
		e = fake_event(f, EVENT_LEDGER);
		e.ledger.news = LEDGER_FULL;
		f->disk_full = true;
	} else if (is(w, 0, "ledger") && is(w, 1, "away")) {
		e = fake_event(f, EVENT_LEDGER);
		e.ledger.news = LEDGER_AWAY;
	} else if (is(w, 0, "month") && w->count == 2) {
		e = fake_event(f, EVENT_CLOSE);
		e.close.refused = is(w, 1, "refused");
	} else if (is(w, 0, "lost") && w->count == 2) {
		e = fake_event(f, EVENT_ROWS_LOST);
		e.rows_lost.rows = (uint32_t)number(w->word[1], 0);
	} else {
		return false;
	}
	fake_step(f, &e);
	return true;
}

/* office stale | refused | both | well; policy occupancy N; policy hours FROM TO, minutes of every
 * day. */
static bool about_office(struct fake_shell *f, const struct words *w)
{
	const struct shop_config *now = &f->shop.config;
	struct event e;

	if (is(w, 0, "office") && w->count == 2) {
		e = fake_event(f, EVENT_OFFICE);
		e.office.stale = is(w, 1, "stale") || is(w, 1, "both");
		e.office.refused = is(w, 1, "refused") || is(w, 1, "both");
	} else if (is(w, 0, "policy") && w->count >= 3) {
		struct policy *policy;

		e = fake_event(f, EVENT_SETTINGS);
		policy = &e.settings.policy;
		memcpy(policy->hours, now->hours, sizeof(policy->hours));
		policy->occupancy_max = now->occupancy_max;
		policy->barred_classes = now->barred_classes;
		if (is(w, 1, "occupancy"))
			policy->occupancy_max = (uint32_t)number(w->word[2], 0);
		for (uint32_t i = 0; i < 7 && is(w, 1, "hours") && w->count == 4; i++)
			policy->hours[i] = (struct hours){(uint16_t)number(w->word[2], 0),
							  (uint16_t)number(w->word[3], 0)};
	} else {
		return false;
	}
	fake_step(f, &e);
	return true;
}

static bool about_clock(struct fake_shell *f, const struct words *w)
{
	struct event e = fake_event(f, EVENT_CLOCK);
	struct wall before = e.now.wall;

	if (w->count != 2)
		return false;
	if (is(w, 1, "trusted") || is(w, 1, "untrusted"))
		f->trusted = is(w, 1, "trusted");
	else
		f->wall_0_ms += number(w->word[1], 0) * 1000;
	e = fake_event(f, EVENT_CLOCK);
	e.clock.before = before;
	fake_step(f, &e);
	return true;
}

static bool about_roster(struct fake_shell *f, const struct words *w)
{
	struct fake_member *m = w->count == 2 ? fake_member(f, w->word[1]) : NULL;
	struct event e;

	if (!m)
		return false;
	if (is(w, 0, "overdue")) {
		m->member.overdue = true;
		return true;
	}
	if (is(w, 0, "pays")) {
		m->unpaid = MONEY_ZERO;
		m->oldest_due = DAY_NONE;
		return true;
	}
	m->member.blocked = true;
	e = fake_event(f, EVENT_ROSTER);
	e.roster.blocked = m->member.customer;
	fake_step(f, &e);
	return true;
}

static bool about_trust(struct fake_shell *f, const struct words *w)
{
	struct fake_member *m = w->count == 3 ? fake_member(f, w->word[1]) : NULL;

	return m && trust_parse(w->word[2], &m->member.trust);
}

static bool about_prices(struct fake_shell *f, const struct words *w)
{
	struct fake_article *a;

	fake_reprice(f);
	if (is(w, 0, "article"))
		return add_article(f, w);
	a = w->count > 1 ? fake_article(f, w->word[1]) : NULL;
	if (!a)
		return false;
	if (is(w, 0, "price") && w->count == 3)
		a->article.price = kronor(w->word[2]);
	else if (is(w, 0, "recall"))
		a->article.state = ARTICLE_RECALLED;
	else if (is(w, 0, "expire"))
		a->article.state = ARTICLE_EXPIRED;
	else
		a->article.known = false;
	return true;
}

static bool about_program(struct fake_shell *f, const struct words *w)
{
	struct event e;

	if (is(w, 0, "start")) {
		fake_start(f);
	} else if (is(w, 0, "stop")) {
		e = fake_event(f, EVENT_STOP);
		fake_step(f, &e);
		fake_power_cut(f);
	} else if (is(w, 0, "power")) {
		fake_power_cut(f);
	} else {
		return is(w, 0, "wait");
	}
	return true;
}

static bool give_nonce(struct fake_shell *f, const struct words *w)
{
	struct event e = fake_event(f, EVENT_NONCE);

	if (!is(w, 0, "nonce") || w->count != 2)
		return false;
	nonce_bytes(w->word[1], e.nonce.nonce);
	fake_step(f, &e);
	return true;
}

bool script_input(struct fake_shell *f, const char *line, char why[SCRIPT_WHY])
{
	static const char *const prices[] = {"price", "recall", "expire", "remove", "article"};
	struct words w;

	snprintf(why, SCRIPT_WHY, "cannot make happen: %.100s", line);
	if (!split(line, &w))
		return false;
	for (uint32_t i = 0; i < ARRAY_LEN(prices); i++)
		if (is(&w, 0, prices[i]))
			return about_prices(f, &w);
	if (is(&w, 0, "front:") || is(&w, 0, "till:") || is(&w, 0, "session:"))
		return at_place(f, &w);
	if (is(&w, 0, "visit"))
		return begin_visit(f, &w);
	if (is(&w, 1, "puts") || is(&w, 1, "scans"))
		return put_line(f, &w);
	if (is(&w, 1, "voids"))
		return void_line(f, &w);
	if (is(&w, 1, "closes"))
		return close_visit(f, &w, EVENT_VISIT_CLOSE);
	if (is(&w, 1, "invites"))
		return close_visit(f, &w, EVENT_VISIT_INVITE);
	if (is(&w, 0, "clock"))
		return about_clock(f, &w);
	if (is(&w, 0, "block") || is(&w, 0, "overdue") || is(&w, 0, "pays"))
		return about_roster(f, &w);
	if (is(&w, 0, "trust"))
		return about_trust(f, &w);
	if (is(&w, 0, "lot") && w.count == 2) {
		f->lot = (uint32_t)number(w.word[1], 0);
		return true;
	}
	return give_command(f, &w) || script_alarm(f, &w) || about_ledger(f, &w) ||
	       script_room(f, &w) || about_office(f, &w) || give_nonce(f, &w) ||
	       about_program(f, &w);
}
