/*
 * desk.c: a request to the books from the command line. Each bears a key, so that one whose answer
 * was lost can be sent again and counts once; without --key it is drawn at random and a person
 * looks first.
 *
 * What people write is read strictly: a day that is none, a number of another shop, a quantity with
 * a letter in it is told, never guessed at.
 */
#include "shopctl/desk.h"

#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "loop/loop.h"
#include "net/socket.h"
#include "shopctl/args.h"
#include "shopctl/ask.h"
#include "shopctl/text.h"
#include "base/utf8.h"

/* --- the shop's rules */

static struct day day_here(void)
{
	time_t now = (time_t)(loop_wall().ms / 1000);
	struct tm local;
	struct day day;

	if (!localtime_r(&now, &local) ||
	    !day_of(local.tm_year + 1900, local.tm_mon + 1, local.tm_mday, &day))
		return DAY_NONE;
	return day;
}

static bool status_hear(struct ctl *ctl, union message *m)
{
	char path[CTL_PATH_SIZE], why[128];
	bool heard;
	int fd;

	if (!ctl_path(path, ctl->run_dir, "control.sock"))
		return false;
	fd = ask_open(path, ROLE_CONTROL, why);
	if (fd < 0)
		return false;
	message_init(m, MESSAGE_STATUS, ASK_REQUEST);
	heard = ask_send(fd, m, -1) == 0 && ask_receive(fd, m, ASK_TIMEOUT_MS) == 0 &&
		m->head.type == MESSAGE_STATUS_IS;
	close(fd);
	return heard;
}

struct shop_rules shop_rules(struct ctl *ctl)
{
	struct shop_rules ret = {
		.today = day_here(), .country = GOODS_SE, .reminder = reminder_policy_default()};
	union message m;

	if (!status_hear(ctl, &m))
		return ret;
	ret.heard = true;
	memcpy(ret.shop.name, m.status_is.shop, sizeof(ret.shop.name));
	ret.today = (struct day){m.status_is.today};
	ret.country = (enum goods_country)m.status_is.barcodes;
	ret.reminder = (struct reminder_policy){
		.first_days = m.status_is.reminder_days,
		.second_days = m.status_is.second_reminder_days,
		.fee = money_of(m.status_is.reminder_fee_minor),
		.bar_days = m.status_is.bar_days,
	};
	return ret;
}

/* --- a request */

static bool key_draw(char key[NAME_MAX_LEN + 1])
{
	uint8_t random[16];

	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
		return false;
	hex_text(random, sizeof(random), key);
	return true;
}

enum ctl_exit desk_options_read(struct ctl *ctl, const struct desk_options *o)
{
	if (o->by && !name_valid(o->by, (uint32_t)strnlen(o->by, NAME_MAX_LEN + 1)))
		return ctl_usage(ctl, "--by takes a name of letters, digits, - and _");
	if (o->key && !name_valid(o->key, (uint32_t)strnlen(o->key, NAME_MAX_LEN + 1)))
		return ctl_usage(ctl, "--key takes 1 to 64 letters, digits, - and _");
	if (o->why && strlen(o->why) > REASON_MAX)
		return ctl_usage(ctl, "--why takes at most %d bytes", REASON_MAX);
	return CTL_DONE;
}

enum ctl_exit desk_begin(struct ctl *ctl, const struct desk_options *o, enum desk_kind kind,
			 union message *m)
{
	enum ctl_exit code = desk_options_read(ctl, o);

	if (code != CTL_DONE)
		return code;
	message_init(m, MESSAGE_DESK, ASK_REQUEST);
	m->desk.kind = kind;
	snprintf(m->desk.by, sizeof(m->desk.by), "%s", o->by ? o->by : "shopctl");
	if (o->why)
		text_clean(o->why, m->desk.why, sizeof(m->desk.why));
	if (o->key)
		snprintf(m->desk.key, sizeof(m->desk.key), "%s", o->key);
	else if (!key_draw(m->desk.key))
		return ctl_fail(ctl, CTL_INTERNAL, "there is no randomness to be had");
	return CTL_DONE;
}

enum ctl_exit desk_send(struct ctl *ctl, int fd, union message *m, desk_progress_fn *progress,
			struct message_desk_is *ret)
{
	uint32_t request = m->head.request;
	enum ctl_exit code = shop_ask(ctl, fd, m, -1, MESSAGE_DESK_IS, DESK_TIMEOUT_MS);

	while (code == CTL_DONE && m->desk_is.answer == DESK_WORKING) {
		if (progress)
			progress(ctl, &m->desk_is);
		code = shop_answer(ctl, fd, request, MESSAGE_DESK_IS, m, DESK_TIMEOUT_MS);
	}
	if (code != CTL_DONE)
		return code;
	if (m->head.type != MESSAGE_DESK_IS)
		return ctl_fail(ctl, CTL_INTERNAL, "shopd answered with message %u", m->head.type);
	*ret = m->desk_is;
	if (ret->answer == DESK_DONE || ret->answer == DESK_REPEATED)
		return CTL_DONE;
	return ctl_fail(ctl, CTL_REFUSED, "refused: %s",
			ret->why[0] ? ret->why : "no reason was given");
}

enum ctl_exit desk_call(struct ctl *ctl, union message *m, struct message_desk_is *ret)
{
	int fd = -1;
	enum ctl_exit code = shop_connect(ctl, &fd);

	if (code != CTL_DONE)
		return code;
	code = desk_send(ctl, fd, m, NULL, ret);
	close(fd);
	return code;
}

/* --- shown */

void number_words(const struct shop_rules *s, struct invoice_id id, char text[NUMBER_TEXT_SIZE])
{
	char whole[NUMBER_TEXT_SIZE];

	number_text(s->shop, id, whole);
	snprintf(text, NUMBER_TEXT_SIZE, "%s",
		 id.n == 0	   ? "-"
		 : whole[0] == '-' ? whole + 1
				   : whole);
}

json_t *json_number(const struct shop_rules *s, struct invoice_id id)
{
	char text[NUMBER_TEXT_SIZE];

	if (id.n == 0)
		return json_null();
	number_words(s, id, text);
	return json_string(text);
}

void day_words(struct day d, char text[DAY_TEXT_SIZE])
{
	if (d.n == 0)
		snprintf(text, DAY_TEXT_SIZE, "-");
	else
		day_text(d, text);
}

json_t *json_day(struct day d)
{
	char text[DAY_TEXT_SIZE];

	if (d.n == 0)
		return json_null();
	day_text(d, text);
	return json_string(text);
}

json_t *json_minor(struct money m)
{
	return json_integer((json_int_t)money_minor(m));
}

json_t *json_visit(struct visit_id v)
{
	char text[VISIT_TEXT_SIZE];

	if (v.n == 0)
		return json_null();
	visit_text(v, text);
	return json_string(text);
}

void quantity_words(int64_t milli, char text[QUANTITY_TEXT_SIZE])
{
	uint64_t n = milli < 0 ? -(uint64_t)milli : (uint64_t)milli;
	int len = snprintf(text, QUANTITY_TEXT_SIZE, "%s%llu", milli < 0 ? "-" : "",
			   (unsigned long long)n / 1000);

	if (n % 1000 != 0)
		snprintf(text + len, QUANTITY_TEXT_SIZE - (size_t)len, ".%03llu",
			 (unsigned long long)n % 1000);
}

/* --- read */

/* "VIKEN-2026-000123", or "2026-000123" of whichever shop this is. */
enum ctl_exit number_read(struct ctl *ctl, const struct shop_rules *s, const char *text,
			  struct invoice_id *ret)
{
	size_t len = strnlen(text, NUMBER_TEXT_SIZE + 1), at = len;
	char whole[2 * NUMBER_TEXT_SIZE];
	struct place shop = s->shop;
	uint32_t dashes = 0;

	while (at > 0 && (dashes += text[at - 1] == '-') < 2)
		at--;
	/* `at` stands behind the second dash from the end, or at 0 */
	if (at > PLACE_MAX_LEN + 1 || len > NUMBER_TEXT_SIZE)
		return ctl_usage(ctl, "'%.40s' is no invoice's number", text);
	if (shop.name[0] == '\0')
		snprintf(shop.name, sizeof(shop.name), "%.*s", at > 0 ? (int)at - 1 : 4,
			 at > 0 ? text : "shop");
	for (char *c = shop.name; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	snprintf(whole, sizeof(whole), "%s%s%s", at > 0 ? "" : shop.name, at > 0 ? "" : "-", text);
	if (number_parse(shop, whole, (uint32_t)strlen(whole), ret))
		return CTL_DONE;
	shop = s->shop;
	for (char *c = shop.name; *c; c++) /* as on paper */
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
	return ctl_usage(ctl, "'%.40s' is no invoice's number of this shop: like %s-2026-000123",
			 text, shop.name[0] ? shop.name : "SHOP");
}

enum ctl_exit day_read(struct ctl *ctl, const char *text, struct day *ret)
{
	if (day_parse(text, (uint32_t)strnlen(text, 32), ret) && ret->n > 0)
		return CTL_DONE;
	return ctl_usage(ctl, "'%.40s' is no date: like 2026-10-31", text);
}

enum ctl_exit period_read(struct ctl *ctl, const char *text, struct period *ret)
{
	if (period_parse(text, (uint32_t)strnlen(text, 32), ret))
		return CTL_DONE;
	return ctl_usage(ctl, "'%.40s' is no month: like 2026-10", text);
}

enum ctl_exit gtin_read(struct ctl *ctl, const char *text, struct gtin *ret)
{
	if (gtin_parse(text, (uint32_t)strnlen(text, 32), ret) && ret->n > 0)
		return CTL_DONE;
	return ctl_usage(ctl, "'%.40s' is no GTIN: 8, 12, 13 or 14 digits, the last one checks",
			 text);
}

enum ctl_exit visit_read(struct ctl *ctl, const char *text, struct visit_id *ret)
{
	if (visit_parse(text, (uint32_t)strnlen(text, 32), ret) && ret->n > 0)
		return CTL_DONE;
	return ctl_usage(ctl, "'%.40s' is no visit: 16 hex digits", text);
}

enum ctl_exit customer_read(struct ctl *ctl, const char *text, struct customer *ret)
{
	uint32_t len;

	if (bytes_parse(text, ret->byte, sizeof(ret->byte), sizeof(ret->byte), &len))
		return CTL_DONE;
	return ctl_usage(ctl, "'%.40s' is no customer: the 32 hex digits of `member list`", text);
}

enum ctl_exit quantity_read(struct ctl *ctl, const char *text, int64_t least, int64_t *ret)
{
	int64_t milli = 0;
	uint32_t digits = 0, decimals = 0;
	const char *at = text;

	for (; *at >= '0' && *at <= '9' && digits < 7; at++, digits++)
		milli = milli * 10 + (*at - '0');
	if (digits > 0 && (*at == '.' || *at == ',')) {
		for (at++; *at >= '0' && *at <= '9' && decimals < 3; at++, decimals++)
			milli = milli * 10 + (*at - '0');
		if (decimals == 0)
			digits = 0;
	}
	for (; decimals < 3; decimals++)
		milli *= 10;
	if (digits == 0 || *at != '\0' || milli < least)
		return ctl_usage(ctl, "'%.40s' is no quantity: pieces or kilograms, like 24 or 1.5",
				 text);
	*ret = milli;
	return CTL_DONE;
}

void article_name(struct reader *r, struct gtin gtin, char name[ARTICLE_NAME_MAX + 1])
{
	struct product p;

	name[0] = '\0';
	if (reader_product(r, gtin, &p) > 0)
		snprintf(name, ARTICLE_NAME_MAX + 1, "%s", p.name);
}
