/*
 * accounts.c: who is a member, what an article costs, and what a member has taken that no invoice
 * bears yet.
 *
 * Roster and articles come whole from ledger/catalogue.h and are swapped whole; the unbilled sums
 * are the loop's own, an array beside the roster, moved over by a merge when the roster changes.
 */
#include "shopd/shopd.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

static const struct member_row *find(const struct shopd *sd, struct customer customer)
{
	return roster_member(sd->roster, customer);
}

static struct money *unbilled_of(const struct shopd *sd, struct customer customer)
{
	const struct member_row *row = find(sd, customer);

	return row ? &sd->unbilled[row - sd->roster->member] : NULL;
}

struct member accounts_member(const struct shopd *sd, struct customer customer)
{
	const struct member_row *row = find(sd, customer);
	struct member m = {.customer = customer};

	if (!row)
		return m;
	m.blocked = row->flags & MEMBER_BLOCKED;
	m.overdue = row->flags & MEMBER_OVERDUE;
	m.extended = row->flags & MEMBER_EXTENDED;
	m.limited = row->flags & MEMBER_LIMITED;
	m.role = (enum role)row->role;
	/* a limit less a sum that does not fit is no credit at all */
	if (m.limited && !money_sub(row->credit_limit, *unbilled_of(sd, customer), &m.credit_left))
		m.credit_left = MONEY_ZERO;
	return m;
}

static struct article article_of(const struct articles *a, const struct article_row *row)
{
	if (!row)
		return (struct article){.name = ""};
	return (struct article){
		.known = true,
		.gtin = row->gtin,
		.price = row->price,
		.vat_bp = row->vat_bp,
		.class = (enum article_class)row->class,
		.state = (enum article_state)row->state,
		.name = articles_name(a, row),
	};
}

void accounts_goods(const struct shopd *sd, const char *text, uint32_t len, struct day today,
		    struct goods *ret)
{
	*ret = (struct goods){0};
	if (len > SCANNED_MAX ||
	    !goods_read(text, len, (enum goods_country)sd->config.country, today, ret))
		*ret = (struct goods){0};
}

void accounts_article(const struct shopd *sd, struct gtin gtin, uint32_t version,
		      struct article *then, struct article *now)
{
	*then = article_of(sd->articles, articles_then(sd->articles, gtin, version));
	*now = article_of(sd->articles, articles_now(sd->articles, gtin));
}

void accounts_add(struct shopd *sd, struct customer customer, struct money amount, bool take_off)
{
	struct money *sum = unbilled_of(sd, customer);

	if (!sum)
		return;
	/* the core refused what would not fit the visit; QUANTITY_MAX and VISIT_LINES_MAX keep a
	 * month within int64 */
	if (take_off)
		CHECK(money_sub(*sum, amount, sum));
	else
		CHECK(money_add(*sum, amount, sum));
}

void accounts_balances(struct shopd *sd, const struct recall *recall)
{
	for (uint32_t i = 0; i < sd->roster->members; i++)
		sd->unbilled[i] = MONEY_ZERO;
	for (uint32_t i = 0; i < recall->balances; i++) {
		struct money *sum = unbilled_of(sd, recall->balance[i].customer);

		if (sum)
			*sum = recall->balance[i].unbilled;
	}
}

/* Both rosters are sorted by customer: one pass carries the sums over. */
static void swap_roster(struct shopd *sd, struct roster *fresh)
{
	struct money *unbilled = calloc(fresh->members ? fresh->members : 1, sizeof(*unbilled));
	uint32_t old = 0;

	CHECK(unbilled);
	for (uint32_t i = 0; i < fresh->members; i++) {
		int order = -1;

		while (old < sd->roster->members &&
		       (order = memcmp(sd->roster->member[old].customer.byte,
				       fresh->member[i].customer.byte,
				       sizeof(fresh->member[i].customer.byte))) < 0)
			old++;
		if (old < sd->roster->members && order == 0)
			unbilled[i] = sd->unbilled[old];
	}
	free(sd->unbilled);
	roster_free(sd->roster);
	sd->unbilled = unbilled;
	sd->roster = fresh;
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
		}
		control_changed(sd, &changed);
	}
}

int accounts_start(struct shopd *sd, char why[200])
{
	int r = catalogue_open(sd->config.state, loop_wall(), &sd->catalogue, &sd->roster,
			       &sd->articles, why);

	if (r < 0)
		return r;
	sd->unbilled = calloc(sd->roster->members ? sd->roster->members : 1, sizeof(*sd->unbilled));
	CHECK(sd->unbilled);
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
	free(sd->unbilled);
}
