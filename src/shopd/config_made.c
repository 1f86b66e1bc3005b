/*
 * config_made.c: from what shopd.conf says about money to what holds: tables of rates and accounts,
 * policies, levels of trust. What only shows in the whole, a rate that nobody gave accounts or a
 * second reminder before the first, is told here with the section it belongs to. What the file does
 * not say is Sweden's: its rates, its chart.
 */
#include "shopd/config_money.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "books/chart.h"
#include "books/vat.h"

__attribute__((format(printf, 3, 4))) static bool refuse(char why[CONF_WHY_MAX], const char *path,
							 const char *format, ...)
{
	int len = snprintf(why, CONF_WHY_MAX, "%.60s: ", path);
	va_list args;

	va_start(args, format);
	vsnprintf(why + len, (size_t)(CONF_WHY_MAX - len), format, args);
	va_end(args);
	return false;
}

static bool make_books(const char *path, struct config_file *f, char why[CONF_WHY_MAX])
{
	struct config *c = &f->config;

	if (f->second_reminder_days < f->reminder_days || f->bar_days < f->second_reminder_days)
		return refuse(
			why, path,
			"[books]: reminder_days (%lld), second_reminder_days (%lld), bar_days "
			"(%lld): each must be at least the one before",
			(long long)f->reminder_days, (long long)f->second_reminder_days,
			(long long)f->bar_days);
	c->books.close = (struct close_policy){
		.due_days = (int32_t)f->due_days,
		.roll_least = money_of(f->roll_below_kr * 100),
		.roll_months = (int32_t)f->roll_months,
	};
	c->reminder = (struct reminder_policy){
		.first_days = (int32_t)f->reminder_days,
		.second_days = (int32_t)f->second_reminder_days,
		.fee = money_of(f->reminder_fee_kr * 100),
		.bar_days = (int32_t)f->bar_days,
	};
	return true;
}

/* A class that the file speaks of is wholly the file's; of the others Sweden's rates hold. */
static bool make_tax(const char *path, struct config_file *f, char why[CONF_WHY_MAX])
{
	struct entry_tax sweden = vat_sweden(), *tax = &f->config.tax;
	const char *wrong;

	*tax = (struct entry_tax){0};
	for (uint32_t class = VAT_STANDARD; class < VAT_CLASSES; class ++) {
		const struct class_rates *said = &f->vat[class];

		for (uint32_t i = 0; i < (said->rates ? said->rates : sweden.rates); i++) {
			const struct vat_rate *rate =
				said->rates ? &said->rate[i] : &sweden.rate[i];

			if (!said->rates && rate->class != (enum vat_class) class)
				continue;
			if (tax->rates == VAT_RATES_MAX)
				return refuse(why, path, "[vat]: at most %d rates in all",
					      VAT_RATES_MAX);
			tax->rate[tax->rates] = *rate;
			tax->rate[tax->rates++].class = (enum vat_class) class;
		}
	}
	wrong = vat_tax_wrong(tax);
	return wrong == NULL || refuse(why, path, "[vat]: %s", wrong);
}

static void chart_sort(struct entry_chart *chart)
{
	for (uint32_t i = 1; i < chart->rates; i++) {
		struct chart_rate rate = chart->rate[i];
		uint32_t j = i;

		for (; j > 0 && chart->rate[j - 1].vat_bp < rate.vat_bp; j--)
			chart->rate[j] = chart->rate[j - 1];
		chart->rate[j] = rate;
	}
}

/* BAS's accounts for a rate that [vat] speaks of and no [rate …] does. */
static bool rest_of_rates(const char *path, struct config_file *f, char why[CONF_WHY_MAX])
{
	struct entry_chart *chart = &f->config.chart, bas = chart_bas();

	for (uint32_t i = 0; i < f->config.tax.rates; i++) {
		int32_t vat_bp = f->config.tax.rate[i].vat_bp;
		const struct chart_rate *rate = chart_rate(&bas, vat_bp);

		if (!rate || chart_rate(chart, vat_bp))
			continue;
		if (chart->rates == RATES_MAX)
			return refuse(why, path,
				      "[rate …]: with those of [vat] there are more "
				      "than 6 rates");
		chart->rate[chart->rates++] = *rate;
	}
	return true;
}

static bool make_rates(const char *path, struct config_file *f, char why[CONF_WHY_MAX])
{
	struct entry_chart *chart = &f->config.chart;

	memset(chart->rate, 0, sizeof(chart->rate));
	chart->rates = f->rates;
	for (uint32_t i = 0; i < f->rates; i++) {
		const struct rate_section *r = &f->rate[i];

		if ((r->vat == 0) != (r->vat_bp == 0))
			return refuse(why, path, "[rate %s]: %s", r->name,
				      r->vat_bp == 0 ? "a rate of 0 % has no account 'vat'"
						     : "it must have a line 'vat = …'");
		chart->rate[i] = (struct chart_rate){.vat_bp = (int32_t)r->vat_bp,
						     .sales = (uint32_t)r->sales,
						     .vat = (uint32_t)r->vat,
						     .deposit = (uint32_t)r->deposit};
	}
	if (!rest_of_rates(path, f, why))
		return false;
	chart_sort(chart);
	return true;
}

static bool make_chart(const char *path, struct config_file *f, char why[CONF_WHY_MAX])
{
	struct entry_chart *chart = &f->config.chart;
	const char *wrong;

	*chart = chart_bas();
	chart->receivable = (uint32_t)f->receivable;
	chart->rounding = (uint32_t)f->rounding;
	chart->stock = (uint32_t)f->stock;
	chart->received = (uint32_t)f->received;
	chart->cost = (uint32_t)f->cost;
	chart->waste = (uint32_t)f->waste;
	chart->shrink = (uint32_t)f->shrink;
	chart->own_use = (uint32_t)f->own_use;
	chart->bank = (uint32_t)f->bank;
	chart->unassigned = (uint32_t)f->unassigned;
	if (f->rates > 0 && !make_rates(path, f, why))
		return false;
	wrong = chart_wrong(chart);
	return wrong == NULL || refuse(why, path, "[chart]: %s", wrong);
}

/* Goods of a rate that has no accounts could not be sold: better told now than at the till. */
static bool rates_have_accounts(const char *path, const struct config *c, char why[CONF_WHY_MAX])
{
	for (uint32_t i = 0; i < c->tax.rates; i++) {
		const struct vat_rate *rate = &c->tax.rate[i];
		char from[DAY_TEXT_SIZE + 6] = "";

		if (chart_rate(&c->chart, rate->vat_bp))
			continue;
		if (rate->from.n != 0) {
			memcpy(from, " from ", 6);
			day_text(rate->from, from + 6);
		}
		return refuse(why, path,
			      "[vat]: '%s' is %d.%02d %%%s, and no [rate …] names the accounts of "
			      "that rate",
			      vat_class_word(rate->class), rate->vat_bp / 100, rate->vat_bp % 100,
			      from);
	}
	return true;
}

/* What a section says of single days stands above what it says of every day; days that are not
 * spoken of are open. */
static struct trust_config trust_of(const struct trust_section *t)
{
	struct trust_config ret = {
		.limited = t->limit_kr >= 0,
		.credit_limit = money_of(t->limit_kr >= 0 ? t->limit_kr * 100 : 0),
		.check_bp = (uint16_t)t->check_bp,
	};

	for (uint32_t day = 0; day < 7; day++) {
		const uint16_t *said =
			t->hours[day][0] != HOURS_UNSAID ? t->hours[day] : t->every_day;

		ret.hours_apart = ret.hours_apart || said[0] != HOURS_UNSAID;
		ret.hours[day] = said[0] != HOURS_UNSAID ? (struct hours){said[0], said[1]}
							 : (struct hours){0, 1440};
	}
	return ret;
}

bool config_money_sound(const char *path, struct config_file *f, char why[CONF_WHY_MAX])
{
	struct config *c = &f->config;

	if (!make_books(path, f, why) || !make_tax(path, f, why) || !make_chart(path, f, why) ||
	    !rates_have_accounts(path, c, why))
		return false;
	c->past_best_before_bp = (uint16_t)f->past_best_before_bp;
	c->checks = (struct check_config){.long_ms = f->long_ms,
					  .voids_min = (uint32_t)f->voids,
					  .voids_bp = f->void_share_bp};
	for (uint32_t i = 0; i < TRUSTS; i++) {
		c->trust[i] = trust_of(&config_trust_defaults);
		for (uint32_t j = 0; j < f->trusts; j++)
			if (strcmp(f->trust[j].name, trust_word((enum trust)i)) == 0)
				c->trust[i] = trust_of(&f->trust[j]);
	}
	return true;
}
