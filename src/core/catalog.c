/*
 * catalog.c: finds keys, members, passes and articles in the flat sorted arrays of catalog.h.
 *
 * Every look-up is one binary search for the first row that is not less than what is sought, so
 * that runs of equal keys (members who share a kid, an article's past prices) are found at their
 * start. Nothing here trusts an order it cannot see: a wrong order gives a wrong "not found", never
 * a read past an array's end.
 */
#include "core/catalog.h"

/* How a row stands to what is sought: < 0 before it, 0 the same, > 0 after it. */
typedef int compare_fn(const void *row, const void *sought);

/* Index of the first of `rows` rows that is not before `sought`; `rows` when all are. */
static uint32_t lower_bound(const void *base, uint32_t rows, size_t size, const void *sought,
			    compare_fn *compare)
{
	uint32_t low = 0, high = rows;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (compare((const uint8_t *)base + middle * size, sought) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int key_to_kid(const void *row, const void *sought)
{
	return memcmp(((const struct key_row *)row)->kid.byte, ((const struct kid *)sought)->byte,
		      KID_SIZE);
}

uint32_t roster_keys_of(const struct roster *r, struct kid kid, const struct key_row **ret)
{
	uint32_t first = lower_bound(r->key, r->keys, sizeof(*r->key), &kid, key_to_kid);
	uint32_t n = 0;

	while (n < KID_SHARED_MAX && first + n < r->keys &&
	       key_to_kid(&r->key[first + n], &kid) == 0)
		n++;
	if (n > 0)
		*ret = &r->key[first];
	return n;
}

static int card_to_kid(const void *row, const void *sought)
{
	return memcmp(((const struct card_row *)row)->kid.byte, ((const struct kid *)sought)->byte,
		      KID_SIZE);
}

const struct card_row *roster_card(const struct roster *r, struct kid kid)
{
	uint32_t at = lower_bound(r->card, r->cards, sizeof(*r->card), &kid, card_to_kid);

	return at < r->cards && card_to_kid(&r->card[at], &kid) == 0 ? &r->card[at] : NULL;
}

static int member_to_customer(const void *row, const void *sought)
{
	return memcmp(((const struct member_row *)row)->customer.byte,
		      ((const struct customer *)sought)->byte, sizeof(struct customer));
}

const struct member_row *roster_member(const struct roster *r, struct customer c)
{
	uint32_t at =
		lower_bound(r->member, r->members, sizeof(*r->member), &c, member_to_customer);

	if (at == r->members || member_to_customer(&r->member[at], &c) != 0)
		return NULL;
	return &r->member[at];
}

const struct office_key_row *roster_office_key(const struct roster *r, struct kid kid)
{
	for (uint32_t i = 0; i < r->office_keys; i++)
		if (memcmp(r->office_key[i].kid.byte, kid.byte, KID_SIZE) == 0)
			return &r->office_key[i];
	return NULL;
}

struct cti_sought {
	const uint8_t *cti;
	uint8_t len;
};

static int pass_to_cti(const void *row, const void *sought)
{
	const struct pass_row *pass = row;
	const struct cti_sought *cti = sought;

	if (pass->cti_len != cti->len)
		return pass->cti_len < cti->len ? -1 : 1;
	return memcmp(pass->cti, cti->cti, cti->len);
}

const struct pass_row *roster_pass(const struct roster *r, const uint8_t *cti, uint8_t cti_len)
{
	struct cti_sought sought = {cti, cti_len};
	uint32_t at;

	if (cti_len > CTI_SIZE_MAX)
		return NULL;
	at = lower_bound(r->pass, r->passes, sizeof(*r->pass), &sought, pass_to_cti);
	if (at == r->passes || pass_to_cti(&r->pass[at], &sought) != 0)
		return NULL;
	return &r->pass[at];
}

static int article_to_gtin(const void *row, const void *sought)
{
	uint64_t a = ((const struct article_row *)row)->gtin.n;
	uint64_t b = ((const struct gtin *)sought)->n;

	return (a > b) - (a < b);
}

const struct article_row *articles_now(const struct articles *a, struct gtin gtin)
{
	uint32_t at = lower_bound(a->row, a->rows, sizeof(*a->row), &gtin, article_to_gtin);

	if (at == a->rows || a->row[at].gtin.n != gtin.n)
		return NULL;
	return &a->row[at];
}

struct past_sought {
	struct gtin gtin;
	uint32_t version;
};

/* The first past of a gtin that ended *after* `version` is how the article was in it. */
static int past_to_version(const void *row, const void *sought)
{
	const struct article_past *past = row;
	const struct past_sought *s = sought;

	if (past->row.gtin.n != s->gtin.n)
		return past->row.gtin.n < s->gtin.n ? -1 : 1;
	return past->until <= s->version ? -1 : 1;
}

const struct article_row *articles_then(const struct articles *a, struct gtin gtin,
					uint32_t version)
{
	struct past_sought sought = {gtin, version};
	uint32_t at = lower_bound(a->past, a->pasts, sizeof(*a->past), &sought, past_to_version);

	if (at == a->pasts || a->past[at].row.gtin.n != gtin.n)
		return articles_now(a, gtin);
	return a->past[at].absent ? NULL : &a->past[at].row;
}

const char *articles_name(const struct articles *a, const struct article_row *row)
{
	CHECK(row->name_at < a->names_len);
	return a->names + row->name_at;
}
