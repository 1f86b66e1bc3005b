/*
 * config_money.c: the part of shopd.conf that an owner reads with a bookkeeper: when a month is
 * closed, VAT by date, accounts, reminders, stock, trust, checks.
 *
 * A value is read when its line is (so that an error names the line); what only shows once all is
 * read, a rate that nobody gave accounts or a second reminder before the first, is told with the
 * section it belongs to. What the file does not say is Sweden's: its rates, its chart.
 */
#include "shopd/config_money.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "books/chart.h"
#include "books/vat.h"

static const char *const currency_words[] = {"SEK", NULL};
static const char *const language_words[] = {"sv", "en", NULL};
static const char *const country_words[] = {"none", "se", "no", "fi", "dk", "de", NULL};
static const char *const trust_names[] = {"new", "trusted", "restricted", NULL};

_Static_assert(ARRAY_LEN(country_words) == GOODS_COUNTRIES + 1, "a word for each country");
_Static_assert(ARRAY_LEN(trust_names) == TRUSTS + 1, "a name for each level");

/* --- how values are written */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static const char *skip_blanks(const char *text)
{
	while (*text == ' ' || *text == '\t')
		text++;
	return text;
}

/* "12 %", "12.5%" or "12,5 %" -> 1200, 1250; behind it stands what *text is moved to. */
static bool percent_take(const char **text, uint32_t *ret_bp)
{
	const char *at = *text;
	uint32_t bp = 0, digits = 0, decimals = 0;

	for (; is_digit(*at) && digits < 4; at++, digits++)
		bp = bp * 10 + (uint32_t)(*at - '0');
	if (digits == 0 || digits > 3)
		return false;
	bp *= 100;
	if (*at == '.' || *at == ',') {
		for (at++; is_digit(*at) && decimals < 3; at++, decimals++)
			bp += (uint32_t)(*at - '0') * (decimals == 0 ? 10 : 1);
		if (decimals == 0 || decimals > 2)
			return false;
	}
	at = skip_blanks(at);
	if (*at != '%' || bp > 10000)
		return false;
	*text = at + 1;
	*ret_bp = bp;
	return true;
}

static const char *read_percent(const char *text, void *field)
{
	uint32_t bp;

	if (!percent_take(&text, &bp) || *text != '\0')
		return "a share from 0 % to 100 %, as in 12 %";
	memcpy(field, &bp, sizeof(bp));
	return NULL;
}

static const char *read_time(const char *text, void *field)
{
	static const char must[] = "a time from 00:00 to 23:59";
	uint16_t minute;
	int hour;

	if (strlen(text) != 5 || !is_digit(text[0]) || !is_digit(text[1]) || text[2] != ':' ||
	    !is_digit(text[3]) || !is_digit(text[4]))
		return must;
	hour = (text[0] - '0') * 10 + text[1] - '0';
	minute = (uint16_t)((text[3] - '0') * 10 + text[4] - '0');
	if (hour > 23 || minute > 59)
		return must;
	minute = (uint16_t)(minute + hour * 60);
	memcpy(field, &minute, sizeof(minute));
	return NULL;
}

/* "15 min", "2 h", "90 s", never -> milliseconds, at most a day. */
static const char *read_span(const char *text, void *field)
{
	static const char must[] = "a time from 1 s to 24 h, as in 15 min, or never";
	int64_t n = 0, unit;
	uint32_t digits = 0;

	if (strcmp(text, "never") != 0) {
		for (; is_digit(*text) && digits < 6; text++, digits++)
			n = n * 10 + (*text - '0');
		text = skip_blanks(text);
		unit = strcmp(text, "s") == 0	  ? 1000
		       : strcmp(text, "min") == 0 ? 60000
		       : strcmp(text, "h") == 0	  ? 3600000
						  : 0;
		if (n == 0 || unit == 0 || n * unit > 86400000)
			return must;
		n *= unit;
	}
	memcpy(field, &n, sizeof(n));
	return NULL;
}

/* Digits, signs and colons of a date stand together; it must be one of the calendar. */
static const char *date_take(const char **text, struct day *ret)
{
	const char *at = *text;
	uint32_t len = 0;

	while (is_digit(at[len]) || at[len] == '-')
		len++;
	if (!day_parse(at, len, ret))
		return "made of dates that are in the calendar, as in 2026-04-01";
	*text = skip_blanks(at + len);
	return NULL;
}

/* "12 %, 2026-04-01 6 %, 2028-01-01 12 %" */
static const char *read_rates(const char *text, void *field)
{
	static const char must[] = "a rate, then from which date another one holds, as in "
				   "12 %, 2026-04-01 6 %";
	struct class_rates rates = {0};
	const char *wrong;

	for (;; text++) {
		struct vat_rate *rate = &rates.rate[rates.rates];
		uint32_t bp;

		text = skip_blanks(text);
		if (rates.rates == CLASS_RATES_MAX)
			return "one rate and at most 5 changes of it";
		if (rates.rates > 0 && (wrong = date_take(&text, &rate->from)) != NULL)
			return wrong;
		if (!percent_take(&text, &bp))
			return must;
		rate->vat_bp = (int32_t)bp;
		if (rates.rates++ > 0 && rate->from.n <= rate[-1].from.n)
			return "written with the earliest change first";
		text = skip_blanks(text);
		if (*text == '\0')
			break;
		if (*text != ',')
			return must;
	}
	memcpy(field, &rates, sizeof(rates));
	return NULL;
}

/* --- the tables */

#define FILE_OF(member)	 offsetof(struct config_file, member)
#define TRUST_OF(member) offsetof(struct trust_section, member)
#define RATE_OF(member)	 offsetof(struct rate_section, member)
#define WHOLE(n, at, low, high)                                                                    \
	{                                                                                          \
		.name = n, .type = CONF_INT, .offset = at, .min = low, .max = high                 \
	}
#define OWN(n, at, how)                                                                            \
	{                                                                                          \
		.name = n, .type = CONF_OWN, .offset = at, .read = how                             \
	}
#define ACCOUNT(n) WHOLE(#n, FILE_OF(n), 1000, 9999)
#define TRUST_DAY(n, day)                                                                          \
	{                                                                                          \
		.name = n, .type = CONF_HOURS, .offset = TRUST_OF(hours[day])                      \
	}

static const struct conf_key books_keys[] = {
	{.name = "currency",
	 .type = CONF_WORD,
	 .offset = FILE_OF(currency),
	 .words = currency_words},
	OWN("close_at", FILE_OF(config.books.close_at), read_time),
	WHOLE("due_days", FILE_OF(due_days), 1, 365),
	WHOLE("roll_below", FILE_OF(roll_below_kr), 0, 10000),
	WHOLE("roll_months", FILE_OF(roll_months), 0, 12),
	WHOLE("reminder_days", FILE_OF(reminder_days), 0, 365),
	WHOLE("second_reminder_days", FILE_OF(second_reminder_days), 0, 365),
	/* lag (1981:739) om ersättning för inkassokostnader: 60 kronor at most */
	WHOLE("reminder_fee", FILE_OF(reminder_fee_kr), 0, 60),
	WHOLE("bar_days", FILE_OF(bar_days), 0, 3650),
};

static const struct conf_key vat_keys[] = {
	OWN("standard", FILE_OF(vat[VAT_STANDARD]), read_rates),
	OWN("food", FILE_OF(vat[VAT_FOOD]), read_rates),
	OWN("restaurant", FILE_OF(vat[VAT_RESTAURANT]), read_rates),
	OWN("culture", FILE_OF(vat[VAT_CULTURE]), read_rates),
};

static const struct conf_key chart_keys[] = {
	ACCOUNT(receivable), ACCOUNT(rounding),	  ACCOUNT(stock),  ACCOUNT(received),
	ACCOUNT(cost),	     ACCOUNT(waste),	  ACCOUNT(shrink), ACCOUNT(own_use),
	ACCOUNT(bank),	     ACCOUNT(unassigned),
};

static const struct conf_key rate_keys[] = {
	{.name = "rate",
	 .type = CONF_OWN,
	 .offset = RATE_OF(vat_bp),
	 .read = read_percent,
	 .required = true},
	{.name = "sales",
	 .type = CONF_INT,
	 .offset = RATE_OF(sales),
	 .min = 1000,
	 .max = 9999,
	 .required = true},
	WHOLE("vat", RATE_OF(vat), 1000, 9999),
	{.name = "deposit",
	 .type = CONF_INT,
	 .offset = RATE_OF(deposit),
	 .min = 1000,
	 .max = 9999,
	 .required = true},
};

static const struct conf_key barcode_keys[] = {
	{.name = "country",
	 .type = CONF_WORD,
	 .offset = FILE_OF(config.country),
	 .words = country_words},
};

static const struct conf_key stock_keys[] = {
	{.name = "contact", .type = CONF_PLACE, .offset = FILE_OF(config.stock.contact)},
	OWN("notice_at", FILE_OF(config.stock.notice_at), read_time),
	{.name = "language",
	 .type = CONF_WORD,
	 .offset = FILE_OF(config.stock.language),
	 .words = language_words},
	OWN("past_best_before", FILE_OF(past_best_before_bp), read_percent),
};

static const struct conf_key check_keys[] = {
	OWN("long", FILE_OF(long_ms), read_span),
	WHOLE("voids", FILE_OF(voids), 0, VISIT_LINES_MAX),
	OWN("void_share", FILE_OF(void_share_bp), read_percent),
};

static const struct conf_key trust_keys[] = {
	WHOLE("limit", TRUST_OF(limit_kr), 0, 1000000),
	OWN("check", TRUST_OF(check_bp), read_percent),
	{.name = "hours", .type = CONF_HOURS, .offset = TRUST_OF(every_day)},
	TRUST_DAY("monday", 0),
	TRUST_DAY("tuesday", 1),
	TRUST_DAY("wednesday", 2),
	TRUST_DAY("thursday", 3),
	TRUST_DAY("friday", 4),
	TRUST_DAY("saturday", 5),
	TRUST_DAY("sunday", 6),
};

#define UNSAID                                                                                     \
	{                                                                                          \
		HOURS_UNSAID, HOURS_UNSAID                                                         \
	}
static const struct trust_section trust_defaults = {
	.limit_kr = -1,
	.every_day = UNSAID,
	.hours = {UNSAID, UNSAID, UNSAID, UNSAID, UNSAID, UNSAID, UNSAID},
};

const struct conf_section config_money_sections[CONFIG_MONEY_SECTIONS] = {
	{.kind = "books", .key = books_keys, .keys = ARRAY_LEN(books_keys)},
	{.kind = "vat", .key = vat_keys, .keys = ARRAY_LEN(vat_keys)},
	{.kind = "chart", .key = chart_keys, .keys = ARRAY_LEN(chart_keys)},
	{.kind = "rate",
	 .named = true,
	 .key = rate_keys,
	 .keys = ARRAY_LEN(rate_keys),
	 .offset = FILE_OF(rate),
	 .stride = sizeof(struct rate_section),
	 .max = RATES_MAX,
	 .count_offset = FILE_OF(rates),
	 .name_offset = RATE_OF(name)},
	{.kind = "barcode", .key = barcode_keys, .keys = ARRAY_LEN(barcode_keys)},
	{.kind = "stock", .key = stock_keys, .keys = ARRAY_LEN(stock_keys)},
	{.kind = "checks", .key = check_keys, .keys = ARRAY_LEN(check_keys)},
	{.kind = "trust",
	 .named = true,
	 .key = trust_keys,
	 .keys = ARRAY_LEN(trust_keys),
	 .offset = FILE_OF(trust),
	 .stride = sizeof(struct trust_section),
	 .max = TRUSTS,
	 .count_offset = FILE_OF(trusts),
	 .name_offset = TRUST_OF(name),
	 .defaults = &trust_defaults,
	 .names = trust_names},
};

void config_money_defaults(struct config_file *f)
{
	struct entry_chart chart = chart_bas();
	struct reminder_policy reminder = reminder_policy_default();

	f->config.books.close_at = 3 * 60;
	f->config.stock.notice_at = 8 * 60;
	f->config.country = GOODS_SE;
	f->due_days = 30;
	f->roll_below_kr = 100;
	f->roll_months = 3;
	f->reminder_days = reminder.first_days;
	f->second_reminder_days = reminder.second_days;
	f->reminder_fee_kr = money_minor(reminder.fee) / 100;
	f->bar_days = reminder.bar_days;
	f->long_ms = 15 * 60000;
	f->voids = 4;
	f->void_share_bp = 5000;
	f->receivable = chart.receivable;
	f->rounding = chart.rounding;
	f->stock = chart.stock;
	f->received = chart.received;
	f->cost = chart.cost;
	f->waste = chart.waste;
	f->shrink = chart.shrink;
	f->own_use = chart.own_use;
	f->bank = chart.bank;
	f->unassigned = chart.unassigned;
}

/* --- what was read -> what holds */

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
	if (f->rates > 0) {
		memset(chart->rate, 0, sizeof(chart->rate));
		chart->rates = f->rates;
	}
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
	chart_sort(chart);
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
		c->trust[i] = trust_of(&trust_defaults);
		for (uint32_t j = 0; j < f->trusts; j++)
			if (strcmp(f->trust[j].name, trust_names[i]) == 0)
				c->trust[i] = trust_of(&f->trust[j]);
	}
	return true;
}
