/*
 * intake_batch.c: a batch of entries, taken apart before any row is touched, so that a transaction
 * does nothing but write. A large batch is hashed meanwhile, on a thread of its own.
 *
 * What can be wrong with a batch as such ends here: it is no sequence of entries. What may be wrong
 * with an entry does not: one whose kind or body nobody here knows is a fact like any other, it is
 * kept and acknowledged, and somebody is told. So is one whose amounts are past what any book can
 * add up: it came from a shop that we believe to be one, and every sum over all shops has to
 * survive it.
 */
#include "officed/intake.h"

#include <stdlib.h>

void batch_begin(struct batch *b, uint32_t size)
{
	*b = (struct batch){.size = size,
			    .fact = malloc((size > 0 ? size : 1) * sizeof(struct fact)),
			    .hash = EVP_MD_CTX_new(),
			    .sha256 = EVP_MD_fetch(NULL, "SHA256", NULL)};
	CHECK(b->fact && b->hash && b->sha256);
}

/* The thread that hashes has ended. */
static void rejoin(struct batch *b)
{
	if (b->aside)
		CHECK(pthread_join(b->thread, NULL) == 0);
	b->aside = false;
}

void batch_free(struct batch *b)
{
	rejoin(b);
	free(b->fact);
	EVP_MD_CTX_free(b->hash);
	EVP_MD_free(b->sha256);
	*b = (struct batch){0};
}

struct sha256 batch_sha256(struct batch *b, struct span bytes)
{
	struct sha256 sum;

	CHECK(EVP_DigestInit_ex2(b->hash, b->sha256, NULL) == 1 &&
	      EVP_DigestUpdate(b->hash, bytes.data, bytes.len) == 1 &&
	      EVP_DigestFinal_ex(b->hash, sum.byte, NULL) == 1);
	return sum;
}

/* --- what can be read */

static bool within(struct money m)
{
	return money_minor(m) >= -INTAKE_AMOUNT_MAX && money_minor(m) <= INTAKE_AMOUNT_MAX;
}

static bool document_sane(const struct invoice_rate *rate, uint32_t rates, struct money gross,
			  struct money rounding, struct money payable)
{
	for (uint32_t i = 0; i < rates; i++)
		if (!within(rate[i].gross) || !within(rate[i].base) || !within(rate[i].vat) ||
		    !within(rate[i].posted))
			return false;
	return within(gross) && within(rounding) && within(payable);
}

/* Amounts that sums over many entries can bear. */
static bool sane(const struct entry *e)
{
	const struct entry_line *l = &e->line;

	if (e->kind == ENTRY_LINE)
		return within(l->total) && within(l->deposit) && within(l->unit_price) &&
		       within(l->list_price);
	if (e->kind == ENTRY_INVOICE)
		return document_sane(e->invoice.rate, e->invoice.rates, e->invoice.gross,
				     e->invoice.rounding, e->invoice.payable);
	if (e->kind == ENTRY_CREDIT_NOTE)
		return document_sane(e->credit_note.rate, e->credit_note.rates,
				     e->credit_note.gross, e->credit_note.rounding,
				     e->credit_note.payable);
	return true;
}

bool fact_unread(const struct fact *f)
{
	if (f->readable)
		return false;
	return !f->raw.erased || !entry_erasable((enum entry_kind)f->raw.kind);
}

void batch_add(struct batch *b, const struct sync_entry *raw, const struct sha256 *hash)
{
	struct fact *f = &b->fact[b->facts++];

	f->raw = *raw;
	f->hash = *hash;
	f->readable = !raw->erased && entry_decode(raw->kind, raw->body, &f->e) && sane(&f->e);
	if (f->readable)
		f->e.at = raw->at;
}

/* --- a batch as it came */

/* Each entry is an array head, five items and a salt at least: so a small batch takes little room.
 */
#define ENTRY_LEAST 24

static bool read_entries(struct batch *b, struct span *bytes)
{
	static const struct sha256 none;
	struct sync_entry raw;

	while (sync_entry_take(bytes, &raw)) {
		struct fact *f = &b->fact[b->facts];

		if (b->facts == b->size)
			return false;
		batch_add(b, &raw, &none);
		if (raw.erased)
			memcpy(f->body_hash.byte, raw.body.data, sizeof(f->body_hash.byte));
	}
	return true;
}

bool batch_read(struct span bytes, struct batch *ret)
{
	uint32_t most = bytes.len / ENTRY_LEAST + 1;

	batch_begin(ret, most < SYNC_ENTRIES_MAX ? most : SYNC_ENTRIES_MAX);
	return read_entries(ret, &bytes) && sync_hash_take(&bytes, &ret->end);
}

/* --- its hashes */

static void hash_all(struct batch *b, const struct sha256 *before)
{
	uint8_t bytes[4 + 4 + 8 + 8 + 2 + 32 + 32];
	struct builder link;

	for (uint32_t i = 0; i < b->facts; i++) {
		struct fact *f = &b->fact[i];

		if (!f->raw.erased)
			f->body_hash = batch_sha256(b, f->raw.body);
		link = builder_of(bytes, sizeof(bytes));
		build_bytes(&link, "SKL1", 4);
		build_u32(&link, f->raw.epoch);
		build_u64(&link, f->raw.seq);
		build_u64(&link, (uint64_t)f->raw.at.ms);
		build_u16(&link, f->raw.kind);
		build_bytes(&link, f->body_hash.byte, sizeof(f->body_hash.byte));
		build_bytes(&link, before->byte, sizeof(before->byte));
		CHECK(!link.failed && link.len == sizeof(bytes));
		f->hash = batch_sha256(b, (struct span){bytes, link.len});
		before = &f->hash;
	}
}

void batch_chain(struct batch *b, const struct sha256 *before)
{
	rejoin(b);
	hash_all(b, before);
}

static void *chain_thread(void *data)
{
	struct batch *b = data;

	hash_all(b, &b->before);
	return NULL;
}

/* Where there is no thread to be had it takes longer, and that is all. */
void batch_chain_aside(struct batch *b, const struct sha256 *before)
{
	rejoin(b);
	b->before = *before;
	b->aside = pthread_create(&b->thread, NULL, chain_thread, b) == 0;
	if (!b->aside)
		hash_all(b, before);
}

bool batch_chained(struct batch *b)
{
	rejoin(b);
	return memcmp(b->fact[b->facts - 1].hash.byte, b->end.byte, sizeof(b->end.byte)) == 0;
}
