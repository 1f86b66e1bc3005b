/*
 * cmd_product.c: the price list. Of a shop without an office a list is read here and checked whole
 * before shopd hears of it; shopd gets it as one sealed memfd, which nobody can change while it is
 * read, and checks every field again.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "books/vat.h"
#include "loop/loop.h"
#include "shopctl/args.h"
#include "shopctl/ask.h"
#include "shopctl/file.h"
#include "shopctl/product_office.h"
#include "wire/csv.h"
#include "shopctl/product_rows.h"
#include "shopctl/read.h"
#include "shopctl/text.h"

static bool write_all(int fd, const void *bytes, size_t len)
{
	const uint8_t *at = bytes;

	while (len > 0) {
		ssize_t n = write(fd, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

/** The rows as a memfd that can never change again. */
static enum ctl_exit rows_seal(struct ctl *ctl, const struct product_rows *rows, int *ret_fd)
{
	int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
	int fd = memfd_create("shopkeeper-import", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0 || !write_all(fd, rows->row, rows->rows * sizeof(rows->row[0])) ||
	    fcntl(fd, F_ADD_SEALS, seals) != 0) {
		int err = errno;

		if (fd >= 0)
			close(fd);
		return ctl_fail(ctl, CTL_INTERNAL, "the list could not be handed over: %s",
				strerror(err));
	}
	*ret_fd = fd;
	return CTL_DONE;
}

static enum ctl_exit rows_send(struct ctl *ctl, const struct product_rows *rows, uint64_t *ret)
{
	union message m;
	int sealed = -1, fd = -1;
	enum ctl_exit code = shop_connect(ctl, &fd);

	if (code != CTL_DONE)
		return code;
	code = rows_seal(ctl, rows, &sealed);
	if (code == CTL_DONE) {
		message_init(&m, MESSAGE_IMPORT, ASK_REQUEST);
		m.import.rows = rows->rows;
		code = shop_ask(ctl, fd, &m, sealed, MESSAGE_DONE, IMPORT_TIMEOUT_MS);
		close(sealed);
	}
	close(fd);
	if (code == CTL_DONE)
		*ret = m.done.number;
	return code;
}

static void problems_say(struct ctl *ctl, const struct product_rows *rows)
{
	for (uint32_t i = 0; i < rows->problems; i++)
		ctl_note(ctl, "line %u: %s", rows->problem[i].line, rows->problem[i].why);
	if (rows->bad > rows->problems)
		ctl_note(ctl, "… and %u more bad rows", rows->bad - rows->problems);
	if (rows->by_rule)
		ctl_note(ctl,
			 "articles without a price: %u, each got one made up for demonstrations",
			 rows->by_rule);
}

static json_t *import_json(const struct product_rows *rows, uint64_t taken)
{
	json_t *problems = json_array();

	for (uint32_t i = 0; i < rows->problems; i++)
		json_array_append_new(problems,
				      json_pack("{s:i, s:o}", "line", (int)rows->problem[i].line,
						"reason", json_clean(rows->problem[i].why)));
	return json_pack("{s:I, s:i, s:i, s:o}", "rows", (json_int_t)taken, "bad", (int)rows->bad,
			 "priced_by_rule", (int)rows->by_rule, "problems", problems);
}

static enum ctl_exit rows_import(struct ctl *ctl, const struct product_rows *rows, bool strict)
{
	uint64_t taken = 0;

	problems_say(ctl, rows);
	if (strict && rows->bad > 0)
		return ctl_fail(ctl, CTL_REFUSED, "refused: %u of %u rows are bad, none was taken",
				rows->bad, rows->bad + rows->rows);
	if (rows->rows == 0)
		return ctl_fail(
			ctl, CTL_REFUSED,
			"refused: there is no good row in it, the price list stays as it is");
	enum ctl_exit code = rows_send(ctl, rows, &taken);

	if (code != CTL_DONE)
		return code;
	if (ctl->json)
		return ctl_json(ctl, CTL_DONE, import_json(rows, taken));
	ctl_say(ctl, "%llu articles are the price list now, %u rows were left out.",
		(unsigned long long)taken, rows->bad);
	return CTL_DONE;
}

/** The accounts that the shop's ledger names; NULL where there is none to be read yet: shopd has
 * the last word. */
static const struct entry_chart *chart_of(struct ctl *ctl, struct entry_chart *ret)
{
	struct reader *r = NULL;
	int error = reader_open(ctl->state_dir, &r);

	if (error == 0) {
		error = reader_rates(r, NULL, ret);
		reader_close(r);
	}
	return error == 0 && ret->rates > 0 ? ret : NULL;
}

static enum ctl_exit import_here(struct ctl *ctl, const char *path, struct span text, bool rule,
				 bool strict)
{
	struct product_rows rows;
	struct entry_chart chart;
	char why[160];
	int err = product_rows_read(text, chart_of(ctl, &chart), rule, &rows, why);
	enum ctl_exit code;

	if (err != 0)
		return ctl_fail(ctl, err == -EINVAL ? CTL_REFUSED : CTL_INTERNAL, "%s: %s", path,
				why);
	code = rows_import(ctl, &rows, strict);
	free(rows.row);
	return code;
}

static enum ctl_exit product_import(struct ctl *ctl)
{
	bool strict = false, no_rule = false;
	const char *operator_path = NULL;
	const struct option options[] = {
		{"--operator", &operator_path, NULL},
		{"--strict", NULL, &strict},
		{"--no-rule", NULL, &no_rule},
	};
	struct office_api api = {.enrolled = false};
	const char *path;
	char *bytes = NULL;
	uint32_t len = 0;
	enum ctl_exit code = args_read(ctl, options, ARRAY_LEN(options), &path, 1, 1);

	if (code == CTL_DONE)
		code = file_whole(ctl, path, CSV_TEXT_MAX, &bytes, &len);
	if (code == CTL_DONE)
		code = api_find(ctl, operator_path, &api);
	if (code == CTL_DONE && api.enrolled)
		code = product_office_import(ctl, &api, (struct span){(uint8_t *)bytes, len},
					     !no_rule, strict);
	else if (code == CTL_DONE)
		code = import_here(ctl, path, (struct span){(uint8_t *)bytes, len}, !no_rule,
				   strict);
	api_forget(&api);
	free(bytes);
	return code;
}

/** The VAT rate of today, by this machine's time zone: what a line bears is for shopd to say. */
static int32_t vat_today(struct reader *r, const struct product *p)
{
	struct entry_tax tax = {0};
	time_t now_s = (time_t)(loop_wall().ms / 1000);
	struct day day = DAY_NONE;
	struct tm local;

	if (p->vat_class == VAT_FIXED)
		return p->vat_bp;
	if (reader_rates(r, &tax, NULL) < 0 || tax.rates == 0 || vat_tax_wrong(&tax))
		tax = vat_sweden();
	if (localtime_r(&now_s, &local) &&
	    !day_of(local.tm_year + 1900, local.tm_mon + 1, local.tm_mday, &day))
		day = DAY_NONE;
	return vat_rate_on(&tax, p->vat_class, day);
}

static enum ctl_exit product_print(struct ctl *ctl, const struct product *p, int32_t vat_bp)
{
	char gtin[GTIN_TEXT_MAX + 1], price[MONEY_TEXT_SIZE], deposit[MONEY_TEXT_SIZE];

	if (ctl->json)
		return ctl_json(ctl, CTL_DONE,
				json_pack("{s:o, s:o, s:I, s:I, s:s, s:s, s:i, s:i, s:s, s:s, s:i}",
					  "gtin", json_gtin(p->gtin), "name", json_clean(p->name),
					  "price_minor", (json_int_t)money_minor(p->price),
					  "deposit_minor", (json_int_t)money_minor(p->deposit),
					  "currency", CURRENCY, "vat", vat_class_word(p->vat_class),
					  "vat_bp", (int)vat_bp, "reorder", (int)p->reorder,
					  "class", article_class_word(p->class), "state",
					  article_state_word(p->state), "price_version",
					  (int)p->price_version));
	gtin_text(p->gtin, gtin);
	money_text(p->price, price);
	money_text(p->deposit, deposit);
	ctl_say(ctl, "%s  %s", gtin, p->name);
	ctl_say(ctl, "%s " CURRENCY "%s%s, VAT %d.%02d %% (%s), %s, %s, price list %u", price,
		money_compare(p->deposit, MONEY_ZERO) != 0 ? " and deposit " : "",
		money_compare(p->deposit, MONEY_ZERO) != 0 ? deposit : "", (int)vat_bp / 100,
		(int)vat_bp % 100, vat_class_word(p->vat_class), article_class_word(p->class),
		article_state_word(p->state), p->price_version);
	if (p->reorder > 0)
		ctl_say(ctl, "to be ordered at %u", p->reorder);
	return CTL_DONE;
}

static enum ctl_exit product_show(struct ctl *ctl)
{
	struct reader *r = NULL;
	struct product product;
	struct gtin gtin;
	const char *word;
	enum ctl_exit code = args_read(ctl, NULL, 0, &word, 1, 1);

	if (code != CTL_DONE)
		return code;
	if (!gtin_parse(word, (uint32_t)strnlen(word, 32), &gtin))
		return ctl_usage(ctl, "'%s' is no GTIN: 8, 12, 13 or 14 digits, the last a check",
				 word);
	code = read_open(ctl, &r);
	if (code != CTL_DONE)
		return code;
	int found = reader_product(r, gtin, &product);
	int32_t vat_bp = found > 0 ? vat_today(r, &product) : 0;

	reader_close(r);
	if (found < 0)
		return read_failed(ctl, "catalog.db", found);
	if (found == 0)
		return ctl_fail(ctl, CTL_REFUSED, "the shop has no article %s", word);
	return product_print(ctl, &product, vat_bp);
}

enum ctl_exit shopctl_product(struct ctl *ctl)
{
	static const struct verb verbs[] = {{"import", product_import}, {"show", product_show}};

	return ctl_verb(ctl, verbs, ARRAY_LEN(verbs), NULL);
}
