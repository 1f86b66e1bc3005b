/*
 * vat.h: which VAT rate holds for what on which day, and what part of a price it is (design 4).
 * Rates are basis points; shelf prices include VAT. All rounding is half away from zero.
 */
#ifndef SHOP_BOOKS_VAT_H
#define SHOP_BOOKS_VAT_H

#include "base/day.h"
#include "base/money.h"
#include "base/words.h"
#include "wire/entry.h"

/** vat_sweden - the Swedish rates (ML 2023:200; prop. 2025/26:55): standard 25 %; food 12 %, 6 %
 * from 2026-04-01 to 2027-12-31; restaurant 12 %; culture 6 %; none 0 %. */
struct entry_tax vat_sweden(void);

/** vat_tax_valid - whether a table may be used: every class has a rate from ever, rates 0..10000,
 * sorted by (class, from), no pair twice. NULL, or what is wrong in words. */
const char *vat_tax_wrong(const struct entry_tax *tax);

/** vat_rate_on - the rate of a class on a day; VAT_FIXED has none in the table: CHECKs that. */
int32_t vat_rate_on(const struct entry_tax *tax, enum vat_class class, struct day day);

/** vat_included - the VAT in a gross amount: gross × bp / (10000 + bp), rounded half away from
 * zero; any sign. `vat_bp` 0..10000 (CHECKed). */
struct money vat_included(struct money gross, int32_t vat_bp);

/** vat_on_top - base × bp / 10000, rounded half away from zero (EN 16931 BT-117). */
struct money vat_on_top(struct money base, int32_t vat_bp);

/** vat_net_base - the net base S whose S + vat_on_top(S) comes nearest to `gross` (≥ 0), the
 * smaller of two as near: for some gross amounts no base fits, and the öre left over is for the
 * rounding field. */
struct money vat_net_base(struct money gross, int32_t vat_bp);

/** vat_spread - splits `base` over `parts` gross amounts in proportion, by largest remainder, so
 * that Σ ret = base exactly and no part is a whole öre or more from its share; of equal remainders
 * the first part wins. Parts ≥ 0, at most INVOICE_LINES_MAX × 2 (CHECKed); with Σ parts = 0 base
 * must be 0. `order` is room for `n` indices. */
void vat_spread(struct money base, const struct money *gross, uint32_t n, struct money *ret_net,
		uint32_t *order);

/** vat_round_krona - to whole 100 minor units, half away from zero (lag 1970:1029 § 2: 1–49 öre
 * down, 50–99 up). */
struct money vat_round_krona(struct money amount);

#endif
