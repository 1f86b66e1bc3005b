/*
 * books.c: the lines of the visits that are being talked about, in memory, so that "the earlier
 * line of this key" can stand in an event without a disk being asked on the loop that holds the
 * door.
 *
 * A visit opened now starts with an empty book; every recorded line is written into it. A visit
 * that is not here (after a restart, or over, or pushed out by others) is read whole by the
 * ledger's thread; what its phones say meanwhile is parked, in order. It is asked for only when all
 * rows given so far are on disk, so that no row can be missed. Bounded: the book least lately used
 * goes, once its rows are on disk.
 */
#include "shopd/shopd.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/es256.h"
#include "shopd/till.h"

/* VISITS_OPEN_MAX books of open visits and as many of late phones; rows for sixteen of the largest
 * visits, or hundreds of usual ones. All are touched at start, so that memory does not grow later.
 */
#define BOOKS_MAX     512
#define BOOK_ROWS_MAX 16384
#define PARKED_MAX    64 /* messages that wait for a book: more is a flood of made-up visits */
#define NO_ROW	      UINT32_MAX
#define BUCKETS	      BOOK_ROWS_MAX /* a power of two, at most 65,536 */

/* What a repeat or a void has to know of a line, so that it is answered as the line was: 128 bytes.
 * Its visit and key stand here as half a hash (whoever asks for it brings them along, and 128 bits
 * are met twice by nobody), its name stays in the catalogue for as long as the line may be asked
 * for. */
struct row_name {
	uint8_t byte[16];
};

struct book_row {
	struct row_name name;
	struct customer customer;
	struct gtin gtin;
	struct money unit_price, list_price, total, deposit;
	struct day bought, use_by, best_before;
	int32_t quantity_milli;
	uint32_t price_version;
	uint32_t next; /* of its book, or free */
	uint32_t bucket_next;
	uint16_t vat_bp;
	uint8_t vat_class;
	bool voided;
	char lot[LOT_MAX + 1];
};

struct book {
	bool read; /* by the ledger's thread: what is not in it never was */
	bool past_known;
	struct visit past; /* when it is over */
	uint32_t first;	   /* of its rows */
	uint64_t ticket;   /* of its newest row */
	uint64_t used;
};

struct parked {
	bool taken, asked;
	uint64_t serial; /* the order in which they came */
	uint32_t peer;	 /* or a till's reader, which has its basket itself: then no message */
	uint64_t ticket; /* ask when this one is on disk */
	struct visit_id visit;
	union {
		struct message_head head;
		struct message_line line;
		struct message_bearer bearer;
		struct message_desk desk;
	} message; /* what may be parked */
};

struct books {
	uint64_t clock; /* counts uses, for the least lately used */
	uint64_t parkings;
	uint32_t free_row;
	struct visit_id
		visit[BOOKS_MAX]; /* of each book, 0: free; apart, so that a look-up reads 4 KiB */
	struct book book[BOOKS_MAX];
	struct book_row row[BOOK_ROWS_MAX];
	uint32_t bucket[BUCKETS]; /* rows by the first bits of their name */
	struct parked parked[PARKED_MAX];
};

static struct row_name row_name(struct visit_id visit, const char *key)
{
	uint8_t bytes[sizeof(visit.n) + NAME_MAX_LEN];
	uint32_t len = (uint32_t)strnlen(key, NAME_MAX_LEN);
	struct sha256 hash;
	struct row_name name;

	memcpy(bytes, &visit.n, sizeof(visit.n));
	memcpy(bytes + sizeof(visit.n), key, len);
	hash = sha256(bytes, (uint32_t)sizeof(visit.n) + len);
	memcpy(name.byte, hash.byte, sizeof(name.byte));
	return name;
}

static uint32_t *bucket_of(struct books *b, const struct row_name *name)
{
	return &b->bucket[(name->byte[0] << 8 | name->byte[1]) % BUCKETS];
}

static void bucket_remove(struct books *b, uint32_t row)
{
	uint32_t *at = bucket_of(b, &b->row[row].name);

	while (*at != row) {
		CHECK(*at != NO_ROW);
		at = &b->row[*at].bucket_next;
	}
	*at = b->row[row].bucket_next;
}

static struct book *book_of(struct books *b, struct visit_id visit)
{
	CHECK(visit.n != 0);
	for (uint32_t i = 0; i < BOOKS_MAX; i++)
		if (b->visit[i].n == visit.n)
			return &b->book[i];
	return NULL;
}

static void book_drop(struct books *b, struct book *book)
{
	uint32_t next;

	for (uint32_t row = book->first; row != NO_ROW; row = next) {
		next = b->row[row].next;
		bucket_remove(b, row);
		b->row[row].next = b->free_row;
		b->free_row = row;
	}
	*book = (struct book){.first = NO_ROW};
	b->visit[book - b->book].n = 0;
}

/* The least lately used one whose rows are all on disk; NULL when every one is being written. */
static struct book *book_oldest(struct shopd *sd, const struct book *keep)
{
	struct book *oldest = NULL;

	for (uint32_t i = 0; i < BOOKS_MAX; i++) {
		struct book *book = &sd->books->book[i];

		if (sd->books->visit[i].n == 0 || book == keep || book->ticket > sd->committed)
			continue;
		if (!oldest || book->used < oldest->used)
			oldest = book;
	}
	return oldest;
}

static struct book *book_new(struct shopd *sd, struct visit_id visit)
{
	struct book *book = NULL;

	for (uint32_t i = 0; i < BOOKS_MAX && !book; i++)
		if (sd->books->visit[i].n == 0)
			book = &sd->books->book[i];
	if (!book)
		book = book_oldest(sd, NULL);
	if (!book)
		return NULL;
	book_drop(sd->books, book);
	sd->books->visit[book - sd->books->book] = visit;
	book->used = ++sd->books->clock;
	return book;
}

/* A free row's number; NO_ROW when there is none to be had. */
static uint32_t row_take(struct shopd *sd, const struct book *keep)
{
	struct books *b = sd->books;
	uint32_t row;

	while (b->free_row == NO_ROW) {
		struct book *oldest = book_oldest(sd, keep);

		if (!oldest)
			return NO_ROW;
		book_drop(b, oldest);
	}
	row = b->free_row;
	b->free_row = b->row[row].next;
	return row;
}

static struct book_row *row_find(struct books *b, struct visit_id visit, const char *key)
{
	struct row_name name = row_name(visit, key);

	for (uint32_t i = *bucket_of(b, &name); i != NO_ROW; i = b->row[i].bucket_next)
		if (memcmp(b->row[i].name.byte, name.byte, sizeof(name.byte)) == 0)
			return &b->row[i];
	return NULL;
}

/* Writes a line into the book; when there is no room the book is given up, and read again when it
 * is needed. */
static bool row_add(struct shopd *sd, struct book *book, const struct line *line)
{
	struct books *b = sd->books;
	uint32_t row = row_take(sd, book);
	struct row_name name = row_name(b->visit[book - b->book], line->key.text);

	if (row == NO_ROW) {
		book_drop(b, book);
		return false;
	}
	b->row[row] = (struct book_row){
		.name = name,
		.customer = line->customer,
		.gtin = line->gtin,
		.unit_price = line->unit_price,
		.list_price = line->list_price,
		.total = line->total,
		.deposit = line->deposit,
		.bought = line->bought,
		.use_by = line->use_by,
		.best_before = line->best_before,
		.quantity_milli = line->quantity_milli,
		.price_version = line->price_version,
		.next = book->first,
		.bucket_next = *bucket_of(b, &name),
		.vat_bp = (uint16_t)line->vat_bp,
		.vat_class = (uint8_t)line->vat_class,
		.voided = line->voided,
	};
	memcpy(b->row[row].lot, line->lot, sizeof(line->lot));
	book->first = row;
	*bucket_of(b, &name) = row;
	return true;
}

static void line_of_row(const struct shopd *sd, const struct book_row *row, const char *key,
			struct line *ret)
{
	const struct article_row *article =
		articles_then(sd->articles, row->gtin, row->price_version);

	*ret = (struct line){
		.customer = row->customer,
		.gtin = row->gtin,
		.unit_price = row->unit_price,
		.list_price = row->list_price,
		.total = row->total,
		.deposit = row->deposit,
		.bought = row->bought,
		.use_by = row->use_by,
		.best_before = row->best_before,
		.quantity_milli = row->quantity_milli,
		.vat_bp = row->vat_bp,
		.vat_class = (enum vat_class)row->vat_class,
		.price_version = row->price_version,
		.voided = row->voided,
		.name = article ? articles_name(sd->articles, article) : "",
	};
	memcpy(ret->lot, row->lot, sizeof(ret->lot));
	memcpy(ret->key.text, key, strlen(key) + 1);
}

static void call_fill(struct shopd *sd, struct book *book, struct visit_call *call, const char *key)
{
	const struct visit *open = shop_visit(&sd->shop, call->visit);
	const struct book_row *row = key ? row_find(sd->books, call->visit, key) : NULL;
	const struct visit *visit = open ? open : &book->past;

	book->used = ++sd->books->clock;
	call->past_known = !open && book->past_known;
	call->past = call->past_known ? &book->past : NULL;
	call->earlier_known = row != NULL;
	if (row)
		line_of_row(sd, row, key, &call->earlier);
	if (open || call->past_known)
		for (uint32_t i = 0; i < visit->bearers; i++)
			if (memcmp(visit->bearer[i].hash.byte, call->bearer.byte,
				   sizeof(call->bearer.byte)) == 0)
				call->member = accounts_member(sd, visit->bearer[i].customer);
}

static enum book_state park(struct shopd *sd, struct visit_id visit, uint32_t peer,
			    const union message *message)
{
	for (uint32_t i = 0; i < PARKED_MAX && sd->ledger; i++) {
		struct parked *p = &sd->books->parked[i];

		if (p->taken)
			continue;
		*p = (struct parked){.taken = true,
				     .serial = ++sd->books->parkings,
				     .peer = peer,
				     .ticket = sd->ticket,
				     .visit = visit};
		if (message) {
			CHECK(message_size(message->head.type) <= sizeof(p->message));
			memcpy(&p->message, message, message_size(message->head.type));
		}
		books_committed(sd);
		return BOOK_ASKED;
	}
	return BOOK_BUSY;
}

enum book_state books_find(struct shopd *sd, struct visit_call *call, const char *key,
			   uint32_t peer, const union message *message)
{
	struct book *book = book_of(sd->books, call->visit);

	/* over, and its book holds no copy of how it ended: read it again */
	if (book && !book->read && !shop_visit(&sd->shop, call->visit)) {
		if (book->ticket <= sd->committed)
			book_drop(sd->books, book);
		book = NULL;
	}
	if (book) {
		call_fill(sd, book, call, key);
		return BOOK_READY;
	}
	return park(sd, call->visit, peer, message);
}

enum book_state books_want(struct shopd *sd, struct visit_id visit, uint8_t reader)
{
	return book_of(sd->books, visit) ? BOOK_READY : park(sd, visit, reader, NULL);
}

enum book_state books_line(struct shopd *sd, struct visit_id visit, const char *key,
			   bool *ret_known, struct line *ret)
{
	struct book *book = book_of(sd->books, visit);
	const struct book_row *row = book ? row_find(sd->books, visit, key) : NULL;

	if (!book)
		return BOOK_BUSY;
	book->used = ++sd->books->clock;
	*ret_known = row != NULL;
	if (row)
		line_of_row(sd, row, key, ret);
	return BOOK_READY;
}

void books_committed(struct shopd *sd)
{
	struct books *b = sd->books;

	for (uint32_t i = 0; i < PARKED_MAX; i++) {
		struct parked *p = &b->parked[i];
		bool asked = false;

		if (!p->taken || p->asked || p->ticket > sd->committed || !sd->ledger)
			continue;
		for (uint32_t j = 0; j < PARKED_MAX; j++)
			asked |= b->parked[j].taken && b->parked[j].asked &&
				 b->parked[j].visit.n == p->visit.n;
		p->asked = asked || ledger_ask_visit(sd->ledger, p->visit);
	}
}

/* The first message parked for this visit, up to number `until`, out of its place; false when there
 * is none. */
static bool take_parked(struct books *b, struct visit_id visit, uint64_t until, uint32_t *ret_peer,
			union message *ret)
{
	struct parked *first = NULL;

	for (uint32_t i = 0; i < PARKED_MAX; i++) {
		struct parked *p = &b->parked[i];

		if (!p->taken || !p->asked || p->visit.n != visit.n || p->serial > until)
			continue;
		if (!first || p->serial < first->serial)
			first = p;
	}
	if (!first)
		return false;
	first->taken = false;
	memset(ret, 0, sizeof(*ret));
	memcpy(ret, &first->message, sizeof(first->message));
	*ret_peer = first->peer;
	return true;
}

static void unpark(struct shopd *sd, struct visit_id visit)
{
	uint64_t until =
		sd->books->parkings; /* what is parked anew meanwhile waits for the next book */
	union message m;
	uint32_t peer;

	while (take_parked(sd->books, visit, until, &peer, &m))
		if (m.head.type == 0)
			till_booked(sd, (uint8_t)peer, visit, true);
		else
			counter_message(sd, peer, &m, -1);
}

/* There is no room for the book now: the phones are told to come again. */
static void refuse_parked(struct shopd *sd, struct visit_id visit)
{
	uint64_t until =
		sd->books->parkings; /* what is parked anew meanwhile waits for the next book */
	union message m;
	uint32_t peer;

	while (take_parked(sd->books, visit, until, &peer, &m))
		if (m.head.type == 0)
			till_booked(sd, (uint8_t)peer, visit, false);
		else
			counter_refuse(sd, peer, &m);
}

static bool book_load(struct shopd *sd, struct book *book, const struct visit_book *loaded)
{
	book->read = true;
	if (!loaded || !loaded->known)
		return true;
	book->past_known = loaded->visit.over;
	if (book->past_known)
		book->past = loaded->visit;
	for (uint32_t i = 0; i < loaded->lines; i++)
		if (!row_add(sd, book, &loaded->line[i]))
			return false;
	return true;
}

bool books_loading(const struct shopd *sd, struct visit_id visit)
{
	for (uint32_t i = 0; i < PARKED_MAX; i++)
		if (sd->books->parked[i].taken && sd->books->parked[i].visit.n == visit.n)
			return true;
	return false;
}

void books_loaded(struct shopd *sd, const struct report *report)
{
	struct book *book = book_of(sd->books, report->visit);

	/* asked for twice, for the visit ended meanwhile: what was recorded since the first answer
	 * stands in the book that is here, and perhaps not in the second */
	if (book && book->read && (book->past_known || shop_visit(&sd->shop, report->visit))) {
		unpark(sd, report->visit);
		return;
	}
	/* what is still here of a visit that is over has no copy of how it ended */
	if (book)
		book_drop(sd->books, book);
	book = book_new(sd, report->visit);
	if (!book || !book_load(sd, book, report->book)) {
		refuse_parked(sd, report->visit);
		return;
	}
	unpark(sd, report->visit);
	/* a visit that never was keeps no book: made-up ids must not push out real ones */
	book = book_of(sd->books, report->visit);
	if (book && !book->past_known && !shop_visit(&sd->shop, report->visit) &&
	    book->ticket <= sd->committed)
		book_drop(sd->books, book);
}

static void record_line(struct shopd *sd, struct book *book, const struct entry *e)
{
	const struct entry_line *l = &e->line;
	struct line line = {
		.key = l->key,
		.customer = l->customer,
		.gtin = l->gtin,
		.unit_price = l->unit_price,
		.list_price = l->list_price,
		.total = l->total,
		.deposit = l->deposit,
		.bought = l->bought,
		.use_by = l->use_by,
		.best_before = l->best_before,
		.quantity_milli = l->quantity_milli,
		.vat_bp = l->vat_bp,
		.vat_class = l->vat_class,
		.price_version = l->price_version,
	};

	memcpy(line.lot, l->lot, sizeof(line.lot));
	if (!row_add(sd, book, &line) || !book->past_known)
		return;
	book->past.lines++;
	book->past.lines_ever++;
	CHECK(money_add(book->past.total, l->total, &book->past.total));
}

static void record_void(struct books *b, struct book *book, const struct entry_line_voided *v)
{
	struct book_row *row = row_find(b, v->visit, v->key.text);

	CHECK(row);
	row->voided = true;
	if (!book->past_known)
		return;
	CHECK(book->past.lines > 0);
	book->past.lines--;
	CHECK(money_sub(book->past.total, v->total, &book->past.total));
}

/* It was asked for while the visit was open: what is read now says nothing of how it ended. */
static void ask_again(struct shopd *sd, struct visit_id visit)
{
	for (uint32_t i = 0; i < PARKED_MAX; i++) {
		struct parked *p = &sd->books->parked[i];

		if (!p->taken || p->visit.n != visit.n)
			continue;
		p->asked = false;
		p->ticket = sd->ticket;
	}
}

void books_record(struct shopd *sd, const struct entry *e)
{
	struct book *book;

	if (e->kind == ENTRY_VISIT_OPENED) {
		book = book_new(sd, e->visit_opened.visit);
		if (book)
			book->ticket = sd->ticket;
		return;
	}
	if (e->kind != ENTRY_LINE && e->kind != ENTRY_LINE_VOIDED && e->kind != ENTRY_VISIT_CLOSED)
		return;
	book = book_of(sd->books, e->kind == ENTRY_LINE		 ? e->line.visit
				  : e->kind == ENTRY_LINE_VOIDED ? e->line_voided.visit
								 : e->visit_closed.visit);
	if (e->kind == ENTRY_VISIT_CLOSED)
		ask_again(sd, e->visit_closed.visit);
	if (!book)
		return; /* a till's line into a visit that no phone talks about */
	book->ticket = sd->ticket;
	if (e->kind == ENTRY_LINE)
		record_line(sd, book, e);
	else if (e->kind == ENTRY_LINE_VOIDED)
		record_void(sd->books, book, &e->line_voided);
	else
		book->read = false; /* when it was, the visit had not ended */
}

void books_reset(struct shopd *sd)
{
	struct books *b = sd->books;

	for (uint32_t i = 0; i < BOOKS_MAX; i++)
		if (b->visit[i].n != 0)
			book_drop(b, &b->book[i]);
	for (uint32_t i = 0; i < PARKED_MAX; i++) {
		struct parked *p = &b->parked[i];
		bool till = p->taken && p->message.head.type == 0;

		p->taken = false; /* counterd gives up on them by itself and says 503 */
		if (till)
			till_booked(sd, (uint8_t)p->peer, p->visit, false);
	}
}

int books_start(struct shopd *sd)
{
	struct books *b = malloc(sizeof(*b));

	if (!b)
		return -ENOMEM;
	memset(b, 0, sizeof(*b));
	for (uint32_t i = 0; i < BOOK_ROWS_MAX; i++)
		b->row[i].next = i + 1 < BOOK_ROWS_MAX ? i + 1 : NO_ROW;
	for (uint32_t i = 0; i < BOOKS_MAX; i++)
		b->book[i].first = NO_ROW;
	for (uint32_t i = 0; i < BUCKETS; i++)
		b->bucket[i] = NO_ROW;
	sd->books = b;
	return 0;
}

void books_stop(struct shopd *sd)
{
	free(sd->books);
	sd->books = NULL;
}
