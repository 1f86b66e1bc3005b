/*
 * ledger_sie.c: a month's postings for the bookkeeper's program: one verification a day and kind of
 * event, the accounts' sums under it. The seller's name comes from a file that stays outside the
 * shop.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/read_csv.h"
#include "paper/sie.h"
#include "shopctl/args.h"
#include "shopctl/cmd_ledger.h"
#include "shopctl/desk.h"
#include "shopctl/file.h"
#include "shopctl/read.h"
#include "shopctl/text.h"

struct sie_run {
	struct sie *sie;
	struct period period;
	struct day day; /* of the verification being written */
	uint16_t kind;
	uint32_t verifications;
};

static const char *kind_words(uint16_t kind)
{
	switch (kind) {
	case ENTRY_LINE:
		return "Försäljning";
	case ENTRY_LINE_VOIDED:
		return "Ångrade köp";
	case ENTRY_LINE_CREDITED:
		return "Krediterade köp";
	case ENTRY_INVOICE:
		return "Fakturering: avrundning";
	case ENTRY_CREDIT_NOTE:
		return "Kreditfakturor";
	case ENTRY_STOCK:
		return "Lager: inleverans, inventering, svinn";
	case ENTRY_PAYMENT:
		return "Inbetalningar";
	case ENTRY_PAYMENT_ASSIGNED:
		return "Identifierade inbetalningar";
	case ENTRY_START:
	case ENTRY_CLOCK:
		return "Rättad dag: momssats";
	}
	return "Övrigt";
}

/* Numbers that no other month has: 202610001 and on. */
static int sie_row(void *data, const struct account_row *row)
{
	struct sie_run *run = data;

	if (run->verifications == 0 || row->day.n != run->day.n || row->kind != run->kind) {
		run->day = row->day;
		run->kind = row->kind;
		run->verifications++;
		sie_verification(run->sie, 'K', (uint32_t)run->period.n * 1000 + run->verifications,
				 row->day, kind_words(row->kind));
	}
	sie_transaction(run->sie, row->account, row->amount);
	return 0;
}

/** A file that names the seller alone is a party file without its buyer. */
static enum ctl_exit seller_read(struct ctl *ctl, const char *path, struct party *ret)
{
	struct parties parties;
	char *text = NULL, *whole = NULL, why[PARTY_WHY_MAX] = "";
	uint32_t len = 0;
	json_t *root;
	enum ctl_exit code = file_whole(ctl, path, PARTY_FILE_MAX, &text, &len);

	if (code != CTL_DONE)
		return code;
	root = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
	if (json_is_object(root) && !json_object_get(root, "buyer")) {
		json_object_set_new(root, "buyer",
				    json_pack("{s:s, s:s, s:s, s:s}", "name", "-", "street", "-",
					      "city", "-", "country", "NO"));
		whole = json_dumps(root, JSON_COMPACT);
	}
	json_decref(root);
	if (!party_read(whole ? whole : text, whole ? (uint32_t)strlen(whole) : len, &parties, why))
		code = ctl_fail(ctl, CTL_REFUSED, "%s: %s", path, why);
	else
		*ret = parties.seller;
	free(whole);
	free(text);
	return code;
}

static enum ctl_exit sie_write(struct ctl *ctl, struct reader *r, const struct party *seller,
			       struct sie_run *run, FILE *out)
{
	struct day today = shop_rules(ctl).today;
	struct entry_chart chart;
	uint64_t head = 0;
	int error = reader_head(r, &head), ended;

	if (error == 0)
		error = reader_chart(r, head, &chart);
	if (error < 0)
		return read_failed(ctl, "ledger.db", error);
	if (sie_begin(out, seller, &chart, today, &run->sie) < 0)
		return ctl_fail(ctl, CTL_INTERNAL, "out of memory");
	error = reader_account_days(r, run->period, sie_row, run);
	ended = sie_end(run->sie);
	if (error < 0)
		return read_failed(ctl, "ledger.db", error);
	if (ended == -EINVAL)
		return ctl_fail(
			ctl, CTL_REFUSED,
			"the postings of a day do not sum to 0: see `shopctl ledger check`");
	if (ended < 0)
		return ctl_fail(ctl, CTL_REFUSED, "it could not be written: %s", strerror(-ended));
	if (period_of(today).n <= run->period.n)
		ctl_note(ctl, "that month is not over: make the file again when it is closed");
	return CTL_DONE;
}

static enum ctl_exit sie_file(struct ctl *ctl, struct reader *r, const struct party *seller,
			      struct sie_run *run, const char *path)
{
	FILE *out = path ? fopen(path, "we") : ctl->out;
	enum ctl_exit code;

	if (!out)
		return ctl_fail(ctl, CTL_REFUSED, "%s: %s", path, strerror(errno));
	code = sie_write(ctl, r, seller, run, out);
	if (!path)
		return code;
	if (fclose(out) != 0 && code == CTL_DONE)
		code = ctl_fail(ctl, CTL_REFUSED, "%s: %s", path, strerror(errno));
	if (code != CTL_DONE)
		return code;
	if (ctl->json)
		return ctl_json(ctl, CTL_DONE,
				json_pack("{s:o, s:i}", "file", json_clean(path), "verifications",
					  (int)run->verifications));
	ctl_say(ctl, "%s: %u verifications", path, run->verifications);
	return CTL_DONE;
}

enum ctl_exit ledger_sie(struct ctl *ctl)
{
	const char *word, *file = NULL, *path = NULL;
	const struct option options[] = {{"--seller", &file, NULL}, {"--out", &path, NULL}};
	struct sie_run run = {0};
	struct party seller;
	struct reader *r = NULL;
	enum ctl_exit code = args_read(ctl, options, ARRAY_LEN(options), &word, 1, 1);

	if (code == CTL_DONE)
		code = period_read(ctl, word, &run.period);
	if (code != CTL_DONE)
		return code;
	if (!file)
		return ctl_usage(ctl, "--seller FILE is missing: a party file with the seller");
	if (ctl->json && !path)
		return ctl_usage(ctl, "with --json, say --out FILE");
	code = seller_read(ctl, file, &seller);
	if (code == CTL_DONE)
		code = read_open(ctl, &r);
	if (code != CTL_DONE)
		return code;
	code = sie_file(ctl, r, &seller, &run, path);
	reader_close(r);
	return code;
}
