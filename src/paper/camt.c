/*
 * camt.c: the XML of a camt.054 (ISO 20022, BankToCustomerDebitCreditNotification, versions .02 to
 * .08) by libexpat. A document type, and with it every entity, is refused when it begins; depth and
 * texts are bounded. Elements are known by their local names and where they stand: the versions
 * differ in what they added, not in what is read here. Names, addresses and accounts of those who
 * paid are in elements that no row of the table names, and so are never kept.
 */
#include <errno.h>
#include <expat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "paper/camt_part.h"

#define DEPTH_MAX     32
#define PATH_SIZE     256
#define TEXT_SIZE     512
#define NAMESPACE     "urn:iso:std:iso:20022:tech:xsd:camt.054.001."
#define SEPARATOR     '|'
#define VERSION_FIRST 2
#define VERSION_LAST  8

struct parse {
	XML_Parser xml;
	struct camt camt;
	uint32_t depth;
	char path[PATH_SIZE]; /* of the elements below BkToCstmrDbtCdtNtfctn: "/Ntfctn/Ntry" */
	uint32_t path_len[DEPTH_MAX + 1]; /* its length before each depth's element */
	char text[TEXT_SIZE];
	uint32_t text_len;
	bool text_over;
	char currency[8]; /* the innermost element's Ccy */
	bool document;
};

static void wrong(struct parse *p, const char *what)
{
	harvest_wrong(p->camt.h, "line %lu: %s", (unsigned long)XML_GetCurrentLineNumber(p->xml),
		      what);
}

/* --- what each element does ----------------------------------------------------------------- */

static void id_set(struct parse *p, char ret[CAMT_ID_SIZE])
{
	if (p->text_over || p->text_len >= CAMT_ID_SIZE)
		wrong(p, "a reference is longer than 35 characters");
	else
		memcpy(ret, p->text, p->text_len + 1);
}

static void amount_set(struct parse *p, struct told *ret)
{
	if (!bank_amount_parse(p->text, p->text_len, &ret->amount)) {
		wrong(p, "this is no amount with two decimals");
		return;
	}
	if (strlen(p->currency) != 3) {
		wrong(p, "an amount without its currency (Ccy)");
		return;
	}
	memcpy(ret->currency, p->currency, sizeof(ret->currency));
	ret->given = true;
}

static void sum_set(struct parse *p, struct camt_summary *s)
{
	s->sum_given = bank_amount_parse(p->text, p->text_len, &s->sum);
	if (!s->sum_given)
		wrong(p, "this is no sum with two decimals");
}

static bool count_set(struct parse *p, uint64_t *ret)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < p->text_len; i++) {
		if (p->text[i] < '0' || p->text[i] > '9' || i >= 15) {
			wrong(p, "this is no count");
			return false;
		}
		n = n * 10 + (uint64_t)(p->text[i] - '0');
	}
	*ret = n;
	return true;
}

static void side_set(struct parse *p, enum side *ret)
{
	if (strcmp(p->text, "CRDT") == 0)
		*ret = SIDE_CREDIT;
	else if (strcmp(p->text, "DBIT") == 0)
		*ret = SIDE_DEBIT;
	else
		wrong(p, "CdtDbtInd is CRDT or DBIT");
}

/* A date, or a time of which the date counts. */
static void day_set(struct parse *p, struct day *ret)
{
	if (p->text_len < 10 ||
	    (p->text_len > 10 && p->text[10] != 'T' && p->text[10] != 'Z' && p->text[10] != '+' &&
	     p->text[10] != '-') ||
	    !day_parse(p->text, 10, ret))
		wrong(p, "this is no date");
}

static struct camt_transaction *current(struct parse *p)
{
	return &p->camt.transaction[p->camt.entry.transactions - 1];
}

static struct camt_part *current_part(struct parse *p)
{
	return &p->camt.part[p->camt.entry.parts - 1];
}

/* Messages of a transaction, one after the other. */
static void text_add(struct parse *p)
{
	struct camt_transaction *t = current(p);
	size_t at = strlen(t->text);

	if (p->text_over || at + p->text_len + 2 > sizeof(t->text)) {
		t->text_too_long = true;
		return;
	}
	if (at > 0)
		t->text[at++] = ' ';
	memcpy(t->text + at, p->text, p->text_len + 1);
}

static void reference_add(struct parse *p, bool better)
{
	struct camt_part *part = current_part(p);

	if (p->text_over)
		wrong(p, "a reference is longer than 35 characters");
	else if (better || part->reference[0] == '\0')
		reference_set(p->text, part->reference);
}

enum element {
	E_MESSAGE,
	E_NOTIFICATION,
	E_NOTIFICATION_ID,
	E_ACCOUNT,
	E_ALL_COUNT,
	E_ALL_SUM,
	E_CREDITS_COUNT,
	E_CREDITS_SUM,
	E_DEBITS_COUNT,
	E_DEBITS_SUM,
	E_ENTRY,
	E_ENTRY_REFERENCE,
	E_ENTRY_AMOUNT,
	E_ENTRY_SIDE,
	E_ENTRY_REVERSAL,
	E_ENTRY_STATUS,
	E_ENTRY_BOOKED,
	E_ENTRY_VALUED,
	E_ENTRY_BANK_ID,
	E_BATCH_COUNT,
	E_TRANSACTION,
	E_BANK_ID,
	E_TRANSACTION_ID,
	E_END_TO_END,
	E_AMOUNT,
	E_AMOUNT_OLD,
	E_SIDE,
	E_TEXT,
	E_PART,
	E_REFERENCE,
	E_DOCUMENT_NUMBER,
	E_REMITTED,
};

#define NTFCTN "/Ntfctn"
#define NTRY   NTFCTN "/Ntry"
#define TXDTLS NTRY "/NtryDtls/TxDtls"
#define STRD   TXDTLS "/RmtInf/Strd"

static const struct {
	const char *path;
	enum element element;
} elements[] = {
	{"/GrpHdr/MsgId", E_MESSAGE},
	{NTFCTN, E_NOTIFICATION},
	{NTFCTN "/Id", E_NOTIFICATION_ID},
	{NTFCTN "/Acct/Id/IBAN", E_ACCOUNT},
	{NTFCTN "/Acct/Id/Othr/Id", E_ACCOUNT},
	{NTFCTN "/TxsSummry/TtlNtries/NbOfNtries", E_ALL_COUNT},
	{NTFCTN "/TxsSummry/TtlNtries/Sum", E_ALL_SUM},
	{NTFCTN "/TxsSummry/TtlCdtNtries/NbOfNtries", E_CREDITS_COUNT},
	{NTFCTN "/TxsSummry/TtlCdtNtries/Sum", E_CREDITS_SUM},
	{NTFCTN "/TxsSummry/TtlDbtNtries/NbOfNtries", E_DEBITS_COUNT},
	{NTFCTN "/TxsSummry/TtlDbtNtries/Sum", E_DEBITS_SUM},
	{NTRY, E_ENTRY},
	{NTRY "/NtryRef", E_ENTRY_REFERENCE},
	{NTRY "/Amt", E_ENTRY_AMOUNT},
	{NTRY "/CdtDbtInd", E_ENTRY_SIDE},
	{NTRY "/RvslInd", E_ENTRY_REVERSAL},
	{NTRY "/Sts", E_ENTRY_STATUS},
	{NTRY "/Sts/Cd", E_ENTRY_STATUS},
	{NTRY "/BookgDt/Dt", E_ENTRY_BOOKED},
	{NTRY "/BookgDt/DtTm", E_ENTRY_BOOKED},
	{NTRY "/ValDt/Dt", E_ENTRY_VALUED},
	{NTRY "/ValDt/DtTm", E_ENTRY_VALUED},
	{NTRY "/AcctSvcrRef", E_ENTRY_BANK_ID},
	{NTRY "/NtryDtls/Btch/NbOfTxs", E_BATCH_COUNT},
	{TXDTLS, E_TRANSACTION},
	{TXDTLS "/Refs/AcctSvcrRef", E_BANK_ID},
	{TXDTLS "/Refs/TxId", E_TRANSACTION_ID},
	{TXDTLS "/Refs/EndToEndId", E_END_TO_END},
	{TXDTLS "/Amt", E_AMOUNT},
	{TXDTLS "/AmtDtls/TxAmt/Amt", E_AMOUNT_OLD},
	{TXDTLS "/CdtDbtInd", E_SIDE},
	{TXDTLS "/RmtInf/Ustrd", E_TEXT},
	{STRD, E_PART},
	{STRD "/CdtrRefInf/Ref", E_REFERENCE},
	{STRD "/RfrdDocInf/Nb", E_DOCUMENT_NUMBER},
	{STRD "/RfrdDocAmt/RmtdAmt", E_REMITTED},
};

static bool element_find(const struct parse *p, enum element *ret)
{
	for (uint32_t i = 0; i < ARRAY_LEN(elements); i++)
		if (strcmp(elements[i].path, p->path) == 0) {
			*ret = elements[i].element;
			return true;
		}
	return false;
}

/* What begins with its element. */
static void element_begin(struct parse *p, enum element e)
{
	struct camt *c = &p->camt;

	if (e == E_NOTIFICATION) {
		c->all = c->credits = c->debits = (struct camt_summary){.count_given = false};
		c->notification[0] = c->account[0] = '\0';
	} else if (e == E_ENTRY) {
		c->entry = (struct camt_entry){.line = XML_GetCurrentLineNumber(p->xml)};
	} else if (e == E_TRANSACTION && !camt_transaction_begin(c)) {
		wrong(p, "out of memory");
	} else if (e == E_PART && !camt_part_begin(c)) {
		wrong(p, "out of memory");
	}
}

/* Sts is a code in .02, and holds one (Cd) in the later versions. Anything but BOOK may change yet.
 */
static void status_set(struct parse *p)
{
	struct camt_entry *e = &p->camt.entry;

	if (p->text_len == 0)
		return;
	e->status_given = true;
	e->booked_status = strcmp(p->text, "BOOK") == 0;
}

/* The fields of an entry and what is above it. */
static void element_end_outer(struct parse *p, enum element e)
{
	struct camt *c = &p->camt;

	if (e == E_MESSAGE)
		id_set(p, c->message);
	else if (e == E_NOTIFICATION)
		camt_notification_end(c);
	else if (e == E_NOTIFICATION_ID)
		id_set(p, c->notification);
	else if (e == E_ACCOUNT)
		id_set(p, c->account);
	else if (e == E_ALL_COUNT)
		c->all.count_given = count_set(p, &c->all.count);
	else if (e == E_ALL_SUM)
		sum_set(p, &c->all);
	else if (e == E_CREDITS_COUNT)
		c->credits.count_given = count_set(p, &c->credits.count);
	else if (e == E_CREDITS_SUM)
		sum_set(p, &c->credits);
	else if (e == E_DEBITS_COUNT)
		c->debits.count_given = count_set(p, &c->debits.count);
	else if (e == E_DEBITS_SUM)
		sum_set(p, &c->debits);
}

static void element_end_entry(struct parse *p, enum element e)
{
	struct camt_entry *entry = &p->camt.entry;
	uint64_t count;

	if (e == E_ENTRY)
		camt_entry_end(&p->camt);
	else if (e == E_ENTRY_REFERENCE)
		id_set(p, entry->reference);
	else if (e == E_ENTRY_AMOUNT)
		amount_set(p, &entry->amount);
	else if (e == E_ENTRY_SIDE)
		side_set(p, &entry->side);
	else if (e == E_ENTRY_REVERSAL)
		entry->reversal = strcmp(p->text, "true") == 0 || strcmp(p->text, "1") == 0;
	else if (e == E_ENTRY_STATUS)
		status_set(p);
	else if (e == E_ENTRY_BOOKED)
		day_set(p, &entry->booked);
	else if (e == E_ENTRY_VALUED)
		day_set(p, &entry->valued);
	else if (e == E_ENTRY_BANK_ID)
		id_set(p, entry->bank_id);
	else if (e == E_BATCH_COUNT && count_set(p, &count)) {
		entry->batch_counted = true;
		entry->batch_count += count; /* one a NtryDtls */
	}
}

static void element_end_transaction(struct parse *p, enum element e)
{
	if (p->camt.entry.transactions == 0)
		return;
	if (e == E_BANK_ID)
		id_set(p, current(p)->bank_id);
	else if (e == E_TRANSACTION_ID)
		id_set(p, current(p)->transaction_id);
	else if (e == E_END_TO_END)
		id_set(p, current(p)->end_to_end);
	else if (e == E_AMOUNT || (e == E_AMOUNT_OLD && !current(p)->amount.given))
		amount_set(p, &current(p)->amount);
	else if (e == E_SIDE)
		side_set(p, &current(p)->side);
	else if (e == E_TEXT)
		text_add(p);
	else if (e == E_REFERENCE || e == E_DOCUMENT_NUMBER)
		reference_add(p, e == E_REFERENCE);
	else if (e == E_REMITTED)
		amount_set(p, &current_part(p)->remitted);
}

/* --- libexpat's side ------------------------------------------------------------------------ */

static const char *local_name(const char *name)
{
	const char *local = strrchr(name, SEPARATOR);

	return local ? local + 1 : name;
}

/* The first two elements say what it is. */
static void root(struct parse *p, const char *name)
{
	const char *version = name + strlen(NAMESPACE);
	bool camt = strncmp(name, NAMESPACE, strlen(NAMESPACE)) == 0 && strlen(version) > 2 &&
		    version[2] == SEPARATOR && version[0] >= '0' && version[0] <= '9' &&
		    version[1] >= '0' && version[1] <= '9';
	int number = camt ? (version[0] - '0') * 10 + (version[1] - '0') : 0;

	if (!camt || strcmp(local_name(name), "Document") != 0)
		wrong(p, "this is no camt.054 notification (Document of " NAMESPACE "02 to 08)");
	else if (number < VERSION_FIRST || number > VERSION_LAST)
		wrong(p, "this version of camt.054 is none of .02 to .08");
}

static void currency_of(struct parse *p, const char **attributes)
{
	p->currency[0] = '\0';
	for (; attributes[0]; attributes += 2)
		if (strcmp(attributes[0], "Ccy") == 0)
			snprintf(p->currency, sizeof(p->currency), "%s", attributes[1]);
}

static void on_start(void *data, const char *name, const char **attributes)
{
	struct parse *p = data;
	const char *local = local_name(name);
	enum element e;
	size_t len = strlen(local);

	if (p->camt.h->error)
		return;
	p->text_len = 0;
	p->text_over = false;
	if (++p->depth > DEPTH_MAX) {
		wrong(p, "elements are nested too deep");
		return;
	}
	if (p->depth == 1) {
		root(p, name);
	} else if (p->depth == 2) {
		p->document = strcmp(local, "BkToCstmrDbtCdtNtfctn") == 0;
		if (!p->document)
			wrong(p, "this is no BkToCstmrDbtCdtNtfctn");
	} else {
		uint32_t at = (uint32_t)strlen(p->path);

		p->path_len[p->depth] = at;
		if (at + len + 2 > PATH_SIZE) {
			wrong(p, "an element's name is too long");
			return;
		}
		p->path[at] = '/';
		memcpy(p->path + at + 1, local, len + 1);
		currency_of(p, attributes);
		if (element_find(p, &e))
			element_begin(p, e);
	}
}

/* The text without the blanks around it. */
static void text_trim(struct parse *p)
{
	uint32_t from = 0;

	while (p->text_len > 0 && strchr(" \t\r\n", p->text[p->text_len - 1]))
		p->text_len--;
	while (from < p->text_len && strchr(" \t\r\n", p->text[from]))
		from++;
	p->text_len -= from;
	memmove(p->text, p->text + from, p->text_len);
	p->text[p->text_len] = '\0';
}

static void on_end(void *data, const char *name)
{
	struct parse *p = data;
	enum element e;

	(void)name;
	if (p->camt.h->error)
		return;
	text_trim(p);
	if (p->depth > 2 && element_find(p, &e)) {
		if (e < E_ENTRY)
			element_end_outer(p, e);
		else if (e < E_TRANSACTION)
			element_end_entry(p, e);
		else
			element_end_transaction(p, e);
	}
	if (p->depth > 2)
		p->path[p->path_len[p->depth]] = '\0';
	p->depth--;
	p->text_len = 0;
	p->text_over = false;
}

static void on_text(void *data, const char *text, int len)
{
	struct parse *p = data;

	if (p->text_len + (uint32_t)len >= TEXT_SIZE) {
		p->text_over = true;
		return;
	}
	memcpy(p->text + p->text_len, text, (size_t)len);
	p->text_len += (uint32_t)len;
}

/* Entities are how a small file becomes a large one, or another file: no bank sends any. */
static void on_doctype(void *data, const char *name, const char *system_id, const char *public_id,
		       int internal)
{
	struct parse *p = data;

	(void)name, (void)system_id, (void)public_id, (void)internal;
	wrong(p, "a document type (DTD) is refused");
	XML_StopParser(p->xml, XML_FALSE);
}

static void on_entity(void *data, const char *name, int parameter, const char *value, int length,
		      const char *base, const char *system_id, const char *public_id,
		      const char *notation)
{
	struct parse *p = data;

	(void)name, (void)parameter, (void)value, (void)length, (void)base, (void)system_id;
	(void)public_id, (void)notation;
	wrong(p, "an entity is refused");
	XML_StopParser(p->xml, XML_FALSE);
}

void camt_read(struct harvest *h, const char *bytes, uint32_t len)
{
	struct parse p = {.xml = XML_ParserCreateNS(NULL, SEPARATOR), .camt = {.h = h}};
	const uint32_t piece = 65536; /* so that what is refused early costs little */

	if (!p.xml) {
		h->error = -ENOMEM;
		return;
	}
	XML_SetUserData(p.xml, &p);
	XML_SetElementHandler(p.xml, on_start, on_end);
	XML_SetCharacterDataHandler(p.xml, on_text);
	XML_SetStartDoctypeDeclHandler(p.xml, on_doctype);
	XML_SetEntityDeclHandler(p.xml, on_entity);
	for (uint32_t at = 0; h->error == 0 && at < len; at += piece) {
		uint32_t n = len - at < piece ? len - at : piece;

		if (XML_Parse(p.xml, bytes + at, (int)n, at + n == len) == XML_STATUS_ERROR)
			wrong(&p, XML_ErrorString(XML_GetErrorCode(p.xml)));
	}
	if (h->error == 0 && (!p.document || p.camt.entries == 0))
		harvest_wrong(h, "the notification has no entry");
	free(p.camt.transaction);
	free(p.camt.part);
	XML_ParserFree(p.xml);
}
