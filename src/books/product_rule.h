/*
 * product_rule.h: what an article is, what it costs and how it is taxed where its list does not
 * say. For lists like Open Food Facts', which know every article and no price. Pure and
 * deterministic: the same article gets the same answers on every machine.
 */
#ifndef SHOP_BOOKS_PRODUCT_RULE_H
#define SHOP_BOOKS_PRODUCT_RULE_H

#include "base/ids.h"
#include "base/money.h"
#include "base/words.h"

/** product_class - by words in the name; grocery where none speaks. */
enum article_class product_class(const char *name);

/** product_price - between the lowest and highest price of its kind of article, whole kronor and 90
 * öre, picked by the GTIN. Never 0. */
struct money product_price(struct gtin gtin, const char *name, enum article_class class);

/** product_vat - what it is for Swedish VAT: groceries and beer of at most 3.5 % are food,
 * newspapers and magazines culture; all else is taxed at the standard rate. */
enum vat_class product_vat(const char *name, enum article_class class);

/** product_deposit - Swedish pant of a drink in a can or bottle, as far as its name tells: 2 kr for
 * a plastic bottle of more than a litre, 1 kr for every smaller can or bottle; else 0. */
struct money product_deposit(const char *name, enum article_class class);

#endif
