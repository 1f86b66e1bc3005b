/*
 * config_money.c: the part of shopd.conf that an owner reads with a bookkeeper: when a month is
 * closed, VAT by date, accounts, reminders, stock, trust, checks.
 *
 * A value is read when its line is, so that an error names the line; what only shows once all is
 * read stands in config_made.c.
 */
#include "shopd/config_money.h"

#include <stdio.h>
#include <string.h>

#include "books/chart.h"
#include "shopd/config_value.h"

static const char *const currency_words[] = {"SEK", NULL};
static const char *const language_words[] = {"sv", "en", NULL};
static const char *const trust_names[] = {"new", "trusted", "restricted", NULL};

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
	OWN("close_at", FILE_OF(config.books.close_at), read_clock),
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
	 .words = goods_country_words},
};

static const struct conf_key stock_keys[] = {
	{.name = "contact", .type = CONF_PLACE, .offset = FILE_OF(config.stock.contact)},
	OWN("notice_at", FILE_OF(config.stock.notice_at), read_clock),
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
const struct trust_section config_trust_defaults = {
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
	 .defaults = &config_trust_defaults,
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
