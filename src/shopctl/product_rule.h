/*
 * product_rule.h: what an article is, what it costs and how it is taxed where its list does not
 * say. For lists like Open Food Facts', which know every article and no price. Pure and
 * deterministic: the same article gets the same answers on every machine.
 */
#ifndef SHOP_SHOPCTL_PRODUCT_RULE_H
#define SHOP_SHOPCTL_PRODUCT_RULE_H

#include "base/clock.h"
#include "base/ids.h"
#include "base/money.h"
#include "base/words.h"

/** product_class - by words in the name; grocery where none speaks. */
enum article_class product_class(const char *name);

/** product_price - between the lowest and highest price of its kind of article, whole kronor and 90
 * öre, picked by the GTIN. Never 0. */
struct money product_price(struct gtin gtin, const char *name, enum article_class class);

/** product_vat - Swedish VAT in basis points for an article sold at `at`: food 12 %, 6 % from
 * 2026-04-01 to 2027-12-31 in Swedish time; beer of at most 3.5 % is food; all else 25 %. */
int32_t product_vat(const char *name, enum article_class class, struct wall at);

/** food_vat, STANDARD_VAT - the rates themselves. */
int32_t food_vat(struct wall at);
#define STANDARD_VAT 2500

#endif
