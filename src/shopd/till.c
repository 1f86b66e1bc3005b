/*
 * till.c: what is scanned at a till: goods, and the lines that a phone had kept and shows as a code
 * (wire/basket.h). A kept line goes into the visit of who stands there under the phone's own key,
 * so that it is the same line when the phone sends it itself, or shows the code again.
 *
 * Whether such a line is there already only the visit's book knows (books.c). Right after a restart
 * that has to be read first: the code waits for it, one a till, and what is scanned meanwhile is
 * refused, as the code is where somebody else stands there by then; so is everything while the disk
 * has no room.
 */
#include "shopd/till.h"

#include "net/base64url.h"
#include "shopd/kiosk.h"
#include "token/base45.h"

/* A frame's worth of base45. */
#define BASKET_BYTES_MAX (TOKEN_SIZE_MAX / 3 * 2)

/* No at once, and why on the screen: nothing is recorded that a word would have to wait for. */
static void refuse(struct shopd *sd, const struct effect_beep *beep)
{
	if (!beep->silent)
		readers_beep(sd, beep->reader, false);
	kiosk_beep(sd, beep);
}

static void refuse_goods(struct shopd *sd, uint8_t reader, enum answer answer)
{
	const struct visit *visit = shop_till_visit(&sd->shop, reader);

	refuse(sd, &(struct effect_beep){.reader = reader,
					 .goods = true,
					 .answer = answer,
					 .visit = visit ? visit->id : (struct visit_id){0}});
}

void till_no_room(struct shopd *sd, uint8_t reader, bool token)
{
	if (token)
		refuse(sd, &(struct effect_beep){.reader = reader,
						 .verdict = VERDICT_LEDGER_UNAVAILABLE});
	else
		refuse_goods(sd, reader, ANSWER_LEDGER_UNAVAILABLE);
}

/* What the core has to know of the article, and of who pays. */
static void look_up(struct shopd *sd, const struct visit *visit, struct day bought,
		    struct event_goods *goods)
{
	struct customer customer;

	CHECK(shop_till_customer(&sd->shop, goods->reader, &customer));
	goods->member = accounts_member(sd, customer);
	accounts_article(sd, goods->goods.gtin, visit->price_version, bought, &goods->then,
			 &goods->now);
}

void till_goods(struct shopd *sd, uint8_t reader, struct span frame)
{
	const struct visit *visit = shop_till_visit(&sd->shop, reader);
	struct event e = shopd_event(sd, EVENT_GOODS);

	e.goods.reader = reader;
	accounts_goods(sd, (const char *)frame.data, frame.len, e.now.day, &e.goods.goods);
	if (visit)
		look_up(sd, visit, e.now.day, &e.goods);
	e.goods.price_version = sd->articles->version;
	if (visit && books_loading(sd, visit->id))
		refuse_goods(sd, reader, ANSWER_LEDGER_UNAVAILABLE);
	else
		shopd_step(sd, &e);
}

/* --- a basket --- */

/* False where the line was refused. */
static bool basket_line(struct shopd *sd, uint8_t reader, const struct basket_line *l, bool more,
			bool failed)
{
	const struct visit *visit = shop_till_visit(&sd->shop, reader);
	struct event e = shopd_event(sd, EVENT_GOODS);
	struct event_goods *goods = &e.goods;
	char scanned[GTIN_TEXT_MAX + 1];

	goods->reader = reader;
	goods->more = more;
	goods->failed = failed;
	goods->quantity_milli = l->quantity_milli;
	goods->scanned_at = l->scanned_at;
	goods->price_version = sd->articles->version;
	base64url_encode(l->key, l->key_len, goods->key.text);
	gtin_text(l->gtin, scanned);
	accounts_goods(sd, scanned, (uint32_t)strlen(scanned), e.now.day, &goods->goods);
	if (visit) {
		goods->bought = accounts_bought(sd, visit, l->scanned_at, &e.now);
		look_up(sd, visit, goods->bought, goods);
	}
	if (!keep_room(sd) ||
	    (visit && books_line(sd, visit->id, goods->key.text, &goods->earlier_known,
				 &goods->earlier) != BOOK_READY)) {
		refuse(sd, &(struct effect_beep){.reader = reader,
						 .silent = more,
						 .goods = true,
						 .answer = ANSWER_LEDGER_UNAVAILABLE,
						 .visit = visit ? visit->id : (struct visit_id){0},
						 .key = goods->key,
						 .gtin = goods->goods.gtin});
		return false;
	}
	shopd_step(sd, &e);
	CHECK(sd->effects.afters > 0 && sd->effects.after[0].kind == EFFECT_BEEP);
	return sd->effects.after[0].beep.answer <= ANSWER_REPEATED;
}

static void basket_take(struct shopd *sd, uint8_t reader, const struct basket *basket)
{
	bool failed = false;

	for (uint32_t i = 0; i < basket->lines; i++)
		failed |= !basket_line(sd, reader, &basket->line[i], i + 1 < basket->lines, failed);
}

bool till_basket_text(struct span frame)
{
	uint32_t prefix = sizeof(QR_BASKET_PREFIX) - 1;

	return frame.len >= prefix && memcmp(frame.data, QR_BASKET_PREFIX, prefix) == 0;
}

static bool basket_read(struct span frame, struct basket *ret)
{
	uint32_t prefix = sizeof(QR_BASKET_PREFIX) - 1, len;
	uint8_t bytes[BASKET_BYTES_MAX];

	return base45_decode((const char *)frame.data + prefix, frame.len - prefix, bytes,
			     sizeof(bytes), &len) &&
	       basket_parse((struct span){bytes, len}, ret);
}

void till_basket(struct shopd *sd, uint8_t reader, struct span frame)
{
	struct reader_port *port = &sd->port[reader];
	const struct visit *visit = shop_till_visit(&sd->shop, reader);
	struct basket basket;

	if (!basket_read(frame, &basket)) {
		refuse_goods(sd, reader, ANSWER_MALFORMED);
		return;
	}
	if (visit && port->basket.lines == 0 && books_want(sd, visit->id, reader) == BOOK_ASKED) {
		port->basket = basket;
		return;
	}
	if (visit && (port->basket.lines > 0 || books_loading(sd, visit->id)))
		refuse_goods(sd, reader, ANSWER_LEDGER_UNAVAILABLE);
	else
		basket_take(sd, reader, &basket);
}

void till_booked(struct shopd *sd, uint8_t reader, struct visit_id visit, bool read)
{
	struct reader_port *port = &sd->port[reader];
	const struct visit *now = shop_till_visit(&sd->shop, reader);
	struct basket basket = port->basket;

	port->basket.lines = 0;
	/* who stands there now may be another than showed it */
	if (read && now && now->id.n == visit.n)
		basket_take(sd, reader, &basket);
	else
		refuse_goods(sd, reader, ANSWER_LEDGER_UNAVAILABLE);
}
