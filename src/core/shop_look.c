/* shop_look.c: what the shell may look up in the core between two steps. Nothing here decides. */
#include "core/shop.h"

#include <string.h>

const struct visit *shop_visit(const struct shop *shop, struct visit_id id)
{
	for (uint32_t i = 0; i < shop->visits.count && id.n != 0; i++)
		if (shop->visits.open[i].id.n == id.n)
			return &shop->visits.open[i];
	return NULL;
}

const struct visit *shop_visit_of(const struct shop *shop, struct customer customer)
{
	const struct visit *newest = NULL;

	for (uint32_t i = 0; i < shop->visits.count; i++) {
		const struct visit *v = &shop->visits.open[i];

		if (customer_is(v->customer, customer) && (!newest || v->id.n > newest->id.n))
			newest = v;
	}
	return newest;
}

const struct visit *shop_till_visit(const struct shop *shop, uint8_t reader)
{
	return reader < READERS_MAX ? shop_visit(shop, shop->visits.till[reader].visit) : NULL;
}

bool shop_till_customer(const struct shop *shop, uint8_t reader, struct customer *ret)
{
	if (!shop_till_visit(shop, reader))
		return false;
	*ret = shop->visits.till[reader].customer;
	return true;
}

bool shop_nonce_live(const struct shop *shop, uint8_t door, const uint8_t nonce[NONCE_SIZE],
		     struct mono now)
{
	const struct nonces *n = &shop->admission.nonces[door];

	CHECK(door < DOORS_MAX);
	for (uint32_t i = 0; i < NONCES_MAX; i++)
		if (n->nonce[i].live &&
		    memcmp(n->nonce[i].byte, nonce, sizeof(n->nonce[i].byte)) == 0)
			return now.ms - n->nonce[i].given_at.ms <= NONCE_LIFE_MS;
	return false;
}

uint32_t shop_alarms_open(const struct shop *shop)
{
	return shop->alarms.count;
}

const struct alarm *shop_alarm_at(const struct shop *shop, uint32_t i)
{
	const struct alarms *a = &shop->alarms;

	if (i < a->count)
		return &a->alarm[a->count - 1 - i];
	return i - a->count < a->pasts ? &a->past[i - a->count] : NULL;
}
