/*
 * query.c: one table of names, one small reader for each kind of value. Values are taken as they
 * were sent, without percent-decoding: none of those that are right has a character that needs it.
 */
#include "counterd/query.h"

#include <string.h>

#include "books/number.h"

struct value {
	const char *text;
	uint32_t len;
	struct place shop;
};

/* A number as people write it: no sign, no zero in front, and SQLite's integers are signed. */
static bool take_number(const struct value *v, uint64_t *ret)
{
	uint64_t n = 0;

	if (v->len == 0 || v->len > 18 || (v->text[0] == '0' && v->len > 1))
		return false;
	for (uint32_t i = 0; i < v->len; i++) {
		if (v->text[i] < '0' || v->text[i] > '9')
			return false;
		n = n * 10 + (uint64_t)(v->text[i] - '0');
	}
	*ret = n;
	return true;
}

static bool take_period(struct query *q, const struct value *v)
{
	return period_parse(v->text, v->len, &q->period);
}

static bool take_until(struct query *q, const struct value *v)
{
	return day_parse(v->text, v->len, &q->until);
}

static bool take_open(struct query *q, const struct value *v)
{
	q->open = strcmp(v->text, "true") == 0;
	return q->open || strcmp(v->text, "false") == 0;
}

static bool take_gtin(struct query *q, const struct value *v)
{
	return gtin_parse(v->text, v->len, &q->gtin);
}

static bool take_max(struct query *q, const struct value *v)
{
	uint64_t n;

	if (!take_number(v, &n) || n < 1 || n > PAGE_MAX)
		return false;
	q->max = (uint32_t)n;
	return true;
}

static bool take_after_number(struct query *q, const struct value *v)
{
	return number_parse(v->shop, v->text, v->len, &q->after_number);
}

static bool take_after_gtin(struct query *q, const struct value *v)
{
	return gtin_parse(v->text, v->len, &q->after_gtin);
}

static bool take_after_seq(struct query *q, const struct value *v)
{
	return take_number(v, &q->after_seq);
}

static bool take_after_visit(struct query *q, const struct value *v)
{
	return visit_parse(v->text, v->len, &q->after_visit);
}

static bool take_alarm(struct query *q, const struct value *v)
{
	return take_number(v, &q->alarm) && q->alarm > 0;
}

static bool take_visit(struct query *q, const struct value *v)
{
	return visit_parse(v->text, v->len, &q->visit) && q->visit.n > 0;
}

static bool take_from(struct query *q, const struct value *v)
{
	return wall_parse(v->text, v->len, &q->from);
}

static bool take_to(struct query *q, const struct value *v)
{
	return wall_parse(v->text, v->len, &q->to);
}

static bool take_after_picture(struct query *q, const struct value *v)
{
	struct picture p;

	if (v->len >= sizeof(q->after_picture) || !picture_parse(v->text, &p))
		return false;
	memcpy(q->after_picture, v->text, v->len + 1);
	return true;
}

static bool take_first_day(struct query *q, const struct value *v)
{
	return day_parse(v->text, v->len, &q->first);
}

static bool take_last_day(struct query *q, const struct value *v)
{
	return day_parse(v->text, v->len, &q->last);
}

static bool take_by(struct query *q, const struct value *v)
{
	static const char *const words[SALES_BYS] = {
		[SALES_BY_HOUR] = "hour",
		[SALES_BY_WEEKDAY] = "weekday",
		[SALES_BY_DAY] = "day",
		[SALES_BY_ARTICLE] = "article",
	};

	for (uint32_t i = 0; i < SALES_BYS; i++) {
		if (strcmp(v->text, words[i]) != 0)
			continue;
		q->by = (enum sales_by)i;
		return true;
	}
	return false;
}

/* Two numbers of sixteen digits each, as a visit's public name is written. */
static bool take_before(struct query *q, const struct value *v)
{
	uint32_t digits = VISIT_TEXT_SIZE - 1;
	struct visit_id alarm;

	if (v->len != 2 * digits + 1 || v->text[digits] != '-' ||
	    !visit_parse(v->text, digits, &q->before.visit) ||
	    !visit_parse(v->text + digits + 1, digits, &alarm))
		return false;
	q->before.alarm.n = alarm.n;
	return alarm.n <= INT64_MAX && q->before.visit.n <= INT64_MAX;
}

static const struct {
	const char *name;
	enum query_name bit;
	bool (*take)(struct query *q, const struct value *v);
} table[] = {
	{"period", QUERY_PERIOD, take_period},
	{"until", QUERY_UNTIL, take_until},
	{"open", QUERY_OPEN, take_open},
	{"gtin", QUERY_GTIN, take_gtin},
	{"max", QUERY_MAX, take_max},
	{"after", QUERY_AFTER_NUMBER, take_after_number},
	{"after", QUERY_AFTER_GTIN, take_after_gtin},
	{"after", QUERY_AFTER_SEQ, take_after_seq},
	{"after", QUERY_AFTER_VISIT, take_after_visit},
	{"after", QUERY_AFTER_PICTURE, take_after_picture},
	{"alarm", QUERY_ALARM, take_alarm},
	{"visit", QUERY_VISIT, take_visit},
	{"from", QUERY_FROM, take_from},
	{"to", QUERY_TO, take_to},
	{"from", QUERY_FIRST_DAY, take_first_day},
	{"to", QUERY_LAST_DAY, take_last_day},
	{"by", QUERY_BY, take_by},
	{"before", QUERY_BEFORE, take_before},
};

void query_init(struct query *q)
{
	memset(q, 0, sizeof(*q));
	q->max = PAGE_MAX;
	q->before = SIGHT_NEWEST;
}

bool query_take(struct query *q, uint32_t known, struct place shop, const char *name,
		const char *value)
{
	for (uint32_t i = 0; i < ARRAY_LEN(table); i++) {
		struct value v = {value, 0, shop};

		if (!(known & table[i].bit) || strcmp(name, table[i].name) != 0)
			continue;
		if (!value || (q->given & table[i].bit))
			return false;
		q->given |= table[i].bit;
		v.len = (uint32_t)strlen(value);
		return table[i].take(q, &v);
	}
	return false;
}
