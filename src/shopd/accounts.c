/*
 * accounts.c: who is a member, what an article costs, and what a member owes.
 *
 * Roster and articles come whole from ledger/catalogue.h and are swapped whole. What is owed are
 * the loop's own arrays beside the roster: what no invoice bears yet, what invoices are not paid,
 * and since when. They are known offline and cost nothing where nobody owes anything: a page that
 * was never written is never there.
 *
 * A member's limit is the lower of the own one and that of the level of trust. Overdue is whoever
 * the office says, and whose oldest invoice calls for a bar (books/payment.h); while the clock is
 * not trusted the office's word alone counts. It decides about coming in: who is inside goes on as
 * far as the credit goes, and out at any time.
 */
#include "shopd/first.h"
#include "shopd/shopd.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "books/chart.h"
#include "books/vat.h"

/* --- members
 * ------------------------------------------------------------------------------------------ */

/* The place of a customer in the roster and in the arrays beside it; NOBODY when there is none. */
#define NOBODY UINT32_MAX
/* Of a batch of the feed at most. A list that loses more at once, all of it fetched anew, lets none
 * of them in either; only whose visit is open is then not sent out. */
#define BLOCKED_MAX SYNC_CHANGES_MAX
static uint32_t place_of(const struct shopd *sd, struct customer customer)
{
	const struct member_row *row = roster_member(sd->roster, customer);

	return row ? (uint32_t)(row - sd->roster->member) : NOBODY;
}

static bool is_overdue(struct shopd *sd, uint32_t at)
{
	const struct owed oldest = {.due = sd->owing.oldest_due[at], .payable = money_of(1)};

	return oldest.due.n != 0 && sd->clock_trusted &&
	       reminder_due(&sd->config.reminder, &oldest, time_day(sd, loop_wall())) ==
		       REMINDER_BAR;
}

/* The lower of the own limit and that of the level of trust. */
static bool limit_of(const struct shopd *sd, const struct member_row *row, struct money *ret)
{
	const struct trust_config *trust = &sd->config.trust[row->trust];
	bool own = row->flags & MEMBER_LIMITED;
	bool level = row->role == ROLE_MEMBER && trust->limited;

	if (own)
		*ret = row->credit_limit;
	if (level && (!own || money_compare(trust->credit_limit, *ret) < 0))
		*ret = trust->credit_limit;
	return own || level;
}

/* What is left of it; a sum that does not fit is no credit at all. */
static struct money credit_left(const struct shopd *sd, uint32_t at, struct money limit)
{
	struct money left;

	if (!money_sub(limit, sd->owing.unbilled[at], &left) ||
	    !money_sub(left, sd->owing.unpaid[at], &left))
		return MONEY_ZERO;
	return left;
}

struct member accounts_member(struct shopd *sd, struct customer customer)
{
	uint32_t at = place_of(sd, customer);
	struct member m = {.customer = customer};
	const struct member_row *row;
	struct money limit;

	if (at == NOBODY)
		return m;
	row = &sd->roster->member[at];
	m.blocked = row->flags & MEMBER_BLOCKED;
	m.overdue = row->flags & MEMBER_OVERDUE || is_overdue(sd, at);
	m.extended = row->flags & MEMBER_EXTENDED;
	m.role = (enum role)row->role;
	m.trust = (enum trust)row->trust;
	m.limited = limit_of(sd, row, &limit);
	if (m.limited)
		m.credit_left = credit_left(sd, at, limit);
	return m;
}

/* --- articles
 * ----------------------------------------------------------------------------------------- */

/* What no account of the chart is for cannot be sold: an import does not let it in, a chart that
 * was changed since may leave some behind, and the log says so. */
static bool rate_of(const struct shopd *sd, const struct article_row *row, struct day bought,
		    int32_t *ret)
{
	enum vat_class class = (enum vat_class)row->vat_class;

	*ret = class == VAT_FIXED ? row->vat_bp : vat_rate_on(&sd->config.tax, class, bought);
	return chart_rate(&sd->config.chart, *ret) != NULL;
}

static struct article article_of(const struct shopd *sd, const struct article_row *row,
				 struct day bought)
{
	int32_t vat_bp;

	if (!row || !rate_of(sd, row, bought, &vat_bp))
		return (struct article){.name = ""};
	return (struct article){
		.known = true,
		.gtin = row->gtin,
		.price = row->price,
		.deposit = money_of(row->deposit_minor),
		.vat_bp = vat_bp,
		.vat_class = (enum vat_class)row->vat_class,
		.class = (enum article_class)row->class,
		.state = (enum article_state)row->state,
		.shrinking = desk_shrinking(sd, row->gtin),
		.name = articles_name(sd->articles, row),
	};
}

/* Articles that nobody can buy for want of an account are told once, with the first of them. */
static void tell_unsellable(struct shopd *sd)
{
	const struct articles *a = sd->articles;
	char gtin[GTIN_TEXT_MAX + 1];
	uint32_t first = a->rows, n = 0;

	for (uint32_t i = 0; i < a->rows; i++) {
		if (a->row[i].vat_class != VAT_FIXED ||
		    chart_rate(&sd->config.chart, a->row[i].vat_bp))
			continue;
		first = n++ == 0 ? i : first;
	}
	if (n == 0)
		return;
	gtin_text(a->row[first].gtin, gtin);
	journal_line(sd,
		     "catalogue: no account is for the VAT rate of %u articles, which are not "
		     "sold (%s: %u.%02u %%)",
		     n, gtin, a->row[first].vat_bp / 100U, a->row[first].vat_bp % 100U);
}

struct day accounts_bought(struct shopd *sd, const struct visit *visit, struct wall scanned_at,
			   const struct now *now)
{
	struct wall end = now->wall;

	/* a visit that ended by a clock which was put back since did not end tomorrow */
	if (visit && visit->over && visit->closed_at.ms < end.ms)
		end = visit->closed_at;
	if (visit && scanned_at.ms >= visit->opened_at.ms && scanned_at.ms <= end.ms &&
	    scanned_at.ms <= now->wall.ms)
		return time_day(sd, scanned_at);
	return time_day(sd, end);
}

void accounts_goods(const struct shopd *sd, const char *text, uint32_t len, struct day today,
		    struct goods *ret)
{
	*ret = (struct goods){0};
	if (len > SCANNED_MAX ||
	    !goods_read(text, len, (enum goods_country)sd->config.country, today, ret))
		*ret = (struct goods){0};
}

void accounts_article(const struct shopd *sd, struct gtin gtin, uint32_t version, struct day bought,
		      struct article *then, struct article *now)
{
	*then = article_of(sd, articles_then(sd->articles, gtin, version), bought);
	*now = article_of(sd, articles_now(sd->articles, gtin), bought);
}

/* --- what is owed
 * ------------------------------------------------------------------------------------- */

/* Zeros, of which only those that are written take room. */
static struct owing owing_new(uint32_t members)
{
	size_t n = members > 0 ? members : 1;
	struct owing o = {
		.unbilled = calloc(n, sizeof(*o.unbilled)),
		.unpaid = calloc(n, sizeof(*o.unpaid)),
		.oldest_due = calloc(n, sizeof(*o.oldest_due)),
	};

	CHECK(o.unbilled && o.unpaid && o.oldest_due);
	return o;
}

static void owing_free(struct owing *o)
{
	free(o->unbilled);
	free(o->unpaid);
	free(o->oldest_due);
	*o = (struct owing){0};
}

/* A sum that leaves int64 stays at its end, which is as good as no credit. */
static void sum_add(struct money *sum, struct money amount)
{
	if (!money_add(*sum, amount, sum))
		*sum = money_of(money_compare(amount, MONEY_ZERO) < 0 ? INT64_MIN : INT64_MAX);
}

void accounts_add(struct shopd *sd, struct customer customer, struct money amount, bool take_off)
{
	uint32_t at = place_of(sd, customer);
	struct money change = amount;

	if (at == NOBODY || (take_off && !money_sub(MONEY_ZERO, amount, &change)))
		return;
	sum_add(&sd->owing.unbilled[at], change);
}

void accounts_change(struct shopd *sd, const struct balance_change *change)
{
	uint32_t at = place_of(sd, change->customer);

	if (at == NOBODY)
		return;
	sum_add(&sd->owing.unbilled[at], change->unbilled);
	sum_add(&sd->owing.unpaid[at], change->unpaid);
	sd->owing.oldest_due[at] = change->oldest_due;
}

/* Writes only what is not zero, so that members who owe nothing take no room. */
static void owing_set(struct owing *o, uint32_t at, struct money unbilled, struct money unpaid,
		      struct day oldest_due)
{
	if (money_compare(unbilled, MONEY_ZERO) != 0)
		o->unbilled[at] = unbilled;
	if (money_compare(unpaid, MONEY_ZERO) != 0)
		o->unpaid[at] = unpaid;
	if (oldest_due.n != 0)
		o->oldest_due[at] = oldest_due;
}

void accounts_balances(struct shopd *sd, const struct recall *recall)
{
	owing_free(&sd->owing);
	sd->owing = owing_new(sd->roster->members);
	for (uint32_t i = 0; i < recall->balances; i++) {
		const struct balance *b = &recall->balance[i];
		uint32_t at = place_of(sd, b->customer);

		if (at != NOBODY)
			owing_set(&sd->owing, at, b->unbilled, b->unpaid, b->oldest_due);
	}
}

void accounts_visits(struct shopd *sd, struct recall *recall)
{
	for (uint32_t i = 0; i < recall->remembered.visits; i++) {
		struct member m = accounts_member(sd, recall->visit[i].customer);

		recall->visit[i].role = m.role;
		recall->visit[i].trust = m.trust;
	}
}

/* Who may come in no more though the roster before let them: blocked, or no member here now. */
static uint32_t newly_blocked(const struct roster *old, const struct roster *fresh,
			      struct customer *ret, uint32_t max)
{
	uint32_t at = 0, n = 0;

	for (uint32_t i = 0; i < old->members && n < max; i++) {
		struct customer c = old->member[i].customer;

		while (at < fresh->members &&
		       memcmp(fresh->member[at].customer.byte, c.byte, sizeof(c.byte)) < 0)
			at++;
		if (old->member[i].flags & MEMBER_BLOCKED ||
		    (at < fresh->members && customer_is(fresh->member[at].customer, c) &&
		     !(fresh->member[at].flags & MEMBER_BLOCKED)))
			continue;
		ret[n++] = c;
	}
	return n;
}

static void tell_blocked(struct shopd *sd, const struct customer *blocked, uint32_t count)
{
	struct event e;

	for (uint32_t i = 0; i < count && sd->shop.started && !sd->shop.stopped; i++) {
		e = shopd_event(sd, EVENT_ROSTER);
		e.roster.blocked = blocked[i];
		shopd_step(sd, &e);
		counter_blocked(sd, blocked[i]);
	}
}

/* Both rosters are sorted by customer: one pass carries the sums over. */
static void swap_roster(struct shopd *sd, struct roster *fresh)
{
	struct owing owing = owing_new(fresh->members);
	struct customer blocked[BLOCKED_MAX];
	uint32_t old = 0, blocks = newly_blocked(sd->roster, fresh, blocked, BLOCKED_MAX);

	for (uint32_t i = 0; i < fresh->members; i++) {
		int order = -1;

		while (old < sd->roster->members &&
		       (order = memcmp(sd->roster->member[old].customer.byte,
				       fresh->member[i].customer.byte,
				       sizeof(fresh->member[i].customer.byte))) < 0)
			old++;
		if (old < sd->roster->members && order == 0)
			owing_set(&owing, i, sd->owing.unbilled[old], sd->owing.unpaid[old],
				  sd->owing.oldest_due[old]);
	}
	owing_free(&sd->owing);
	roster_free(sd->roster);
	sd->owing = owing;
	sd->roster = fresh;
	tell_blocked(sd, blocked, blocks);
}

static void on_changed(void *data, int fd, uint32_t events)
{
	struct shopd *sd = data;
	struct changed changed;

	(void)fd;
	(void)events;
	while (catalogue_changed(sd->catalogue, &changed)) {
		if (changed.roster)
			swap_roster(sd, changed.roster);
		if (changed.articles) {
			articles_free(sd->articles);
			sd->articles = changed.articles;
			tell_unsellable(sd);
		}
		if (changed.tag == TAG_OFFICE || changed.kind == CHANGE_DUE)
			office_changed(sd, &changed);
		else if (changed.tag == TAG_FIRST)
			first_changed(sd, &changed);
		else
			control_changed(sd, &changed);
		changed_free(&changed);
		first_look(sd);
	}
}

int accounts_start(struct shopd *sd, char why[200])
{
	int r = catalogue_open(sd->config.state, loop_wall(), &sd->catalogue, &sd->roster,
			       &sd->articles, why);

	if (r < 0)
		return r;
	catalogue_chart(sd->catalogue, &sd->config.chart);
	sd->owing = owing_new(sd->roster->members);
	tell_unsellable(sd);
	return watch_add(sd->loop, catalogue_fd(sd->catalogue), EPOLLIN, WATCH_NORMAL, on_changed,
			 sd, &sd->catalogue_watch);
}

void accounts_stop(struct shopd *sd)
{
	watch_free(sd->catalogue_watch);
	if (sd->catalogue)
		catalogue_stop(sd->catalogue);
	if (sd->roster)
		roster_free(sd->roster);
	if (sd->articles)
		articles_free(sd->articles);
	owing_free(&sd->owing);
}
