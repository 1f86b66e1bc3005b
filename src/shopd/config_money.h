/* config_money.h: what shopd.conf says about money, as it is written there. config.c's own. */
#ifndef SHOP_SHOPD_CONFIG_MONEY_H
#define SHOP_SHOPD_CONFIG_MONEY_H

#include "shopd/config.h"

/** One [trust LEVEL]. */
struct trust_section {
	char name[PLACE_MAX_LEN + 1];
	int64_t limit_kr; /* -1: none */
	uint16_t every_day[2];
	uint16_t hours[7][2]; /* HOURS_UNSAID: not said */
	uint32_t check_bp;
};
#define HOURS_UNSAID UINT16_MAX

/** One [rate NAME]: the accounts of one VAT rate. */
struct rate_section {
	char name[PLACE_MAX_LEN + 1];
	uint32_t vat_bp;
	int64_t sales, vat, deposit;
};

#define CLASS_RATES_MAX 6 /* the first, and five changes */

/** One line of [vat]: a class's rates; none: not said. */
struct class_rates {
	uint32_t rates;
	struct vat_rate rate[CLASS_RATES_MAX]; /* without its class */
};

/** The file: the configuration itself first, and what is made into the rest of it when all is read.
 */
struct config_file {
	struct config config;
	uint32_t currency;
	int64_t due_days, roll_below_kr, roll_months;
	int64_t reminder_days, second_reminder_days, reminder_fee_kr, bar_days;
	uint32_t past_best_before_bp;
	int64_t long_ms, voids;
	uint32_t void_share_bp;
	struct class_rates vat[VAT_CLASSES];
	int64_t receivable, rounding, stock, received, cost, waste, shrink, own_use, bank,
		unassigned;
	uint32_t rates;
	struct rate_section rate[RATES_MAX];
	uint32_t trusts;
	struct trust_section trust[TRUSTS];
};

/** The sections of the file that are about money. */
#define CONFIG_MONEY_SECTIONS 8
extern const struct conf_section config_money_sections[CONFIG_MONEY_SECTIONS];

/** What a [trust LEVEL] is that says nothing: no rules. */
extern const struct trust_section config_trust_defaults;

/** config_money_defaults - what holds where the file says nothing. */
void config_money_defaults(struct config_file *f);

/** config_money_sound - makes the configuration's tables of what was read. False with `why`, which
 * names the file (`path`), the section and what has to be mended. */
MUST_CHECK bool config_money_sound(const char *path, struct config_file *f, char why[CONF_WHY_MAX]);

#endif
