/*
 * ledger_books.c: the books as a whole: whether their sums hold, whether they follow from the
 * entries, and out of the shop as CSV. All of it reads beside a shop that goes on selling; nothing
 * here changes a book.
 *
 * What is exported are customers' purchases: folder and files are for the owner and the group.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/read_csv.h"
#include "ledger/rebuild.h"
#include "shopctl/args.h"
#include "shopctl/cmd_ledger.h"
#include "shopctl/desk.h"
#include "shopctl/read.h"
#include "shopctl/text.h"

/* --- how far it is, for somebody who looks */

static bool watched(const struct ctl *ctl)
{
	return isatty(fileno(ctl->err)) == 1;
}

static void progress(void *data, uint64_t done, uint64_t all)
{
	struct ctl *ctl = data;

	fprintf(ctl->err, "\r%llu of %llu ", (unsigned long long)done, (unsigned long long)all);
	fflush(ctl->err);
}

static void progress_over(struct ctl *ctl)
{
	if (watched(ctl))
		fprintf(ctl->err, "\r%40s\r", "");
}

/* --- check, rebuild */

enum ctl_exit ledger_check(struct ctl *ctl)
{
	struct sums_found found = {0};
	struct reader *r = NULL;
	int error;
	enum ctl_exit code = args_read(ctl, NULL, 0, NULL, 0, 0);

	if (code == CTL_DONE)
		code = read_open(ctl, &r);
	if (code != CTL_DONE)
		return code;
	error = reader_check_sums(r, &found);
	reader_close(r);
	if (error < 0)
		return read_failed(ctl, "ledger.db", error);
	code = found.ok ? CTL_DONE : CTL_REFUSED;
	if (!found.ok)
		ctl_fail(ctl, code, "the books do not hold: %s", found.why);
	if (ctl->json)
		return ctl_json(ctl, code,
				json_pack("{s:b, s:I, s:I, s:I, s:o}", "ok", found.ok, "lines",
					  (json_int_t)found.lines, "invoices",
					  (json_int_t)found.invoices, "postings",
					  (json_int_t)found.postings, "why",
					  json_text_or_null(found.why)));
	ctl_say(ctl, "%llu lines, %llu invoices and credit notes, %llu postings: %s",
		(unsigned long long)found.lines, (unsigned long long)found.invoices,
		(unsigned long long)found.postings,
		found.ok ? "every sum holds" : "THE SUMS DO NOT HOLD");
	return code;
}

static enum ctl_exit rebuild_print(struct ctl *ctl, const struct rebuild_found *f)
{
	enum ctl_exit code = f->ok ? CTL_DONE : CTL_REFUSED;

	if (!f->ok)
		ctl_fail(ctl, code, "table %s, row %s: %s", f->table[0] ? f->table : "-",
			 f->key[0] ? f->key : "-", f->why);
	if (ctl->json)
		return ctl_json(
			ctl, code,
			json_pack("{s:b, s:I, s:I, s:I, s:I, s:i, s:o, s:o, s:o}", "ok", f->ok,
				  "entries", (json_int_t)f->entries, "unreadable",
				  (json_int_t)f->unreadable, "erased", (json_int_t)f->erased,
				  "rows", (json_int_t)f->rows, "tables", (int)f->tables, "table",
				  json_text_or_null(f->table), "key", json_text_or_null(f->key),
				  "why", json_text_or_null(f->why)));
	ctl_say(ctl, "%llu entries derived again, %llu rows of %u tables compared: %s",
		(unsigned long long)f->entries, (unsigned long long)f->rows, f->tables,
		f->ok ? "no difference" : "THEY DIFFER");
	return code;
}

enum ctl_exit ledger_rebuild(struct ctl *ctl)
{
	struct rebuild_found found = {0};
	int error;
	enum ctl_exit code = args_read(ctl, NULL, 0, NULL, 0, 0);

	if (code != CTL_DONE)
		return code;
	error = ledger_rebuild_check(ctl->state_dir, &found, watched(ctl) ? progress : NULL, ctl);
	progress_over(ctl);
	if (error == -ENOENT)
		return read_failed(ctl, "ledger.db", error);
	if (error < 0)
		return ctl_fail(ctl, CTL_INTERNAL, "the books could not be derived again: %s",
				found.why[0] ? found.why : strerror(-error));
	return rebuild_print(ctl, &found);
}

/* --- export */

struct export
{
	struct ctl *ctl;
	struct reader *reader;
	struct csv_page *page;
	struct place shop;
	uint64_t upto;
	uint64_t rows[CSV_TABLES];
};

static enum ctl_exit table_write(struct export *ex, enum csv_table t, FILE *out)
{
	int error = 0;

	memset(ex->page, 0, sizeof(*ex->page));
	ex->page->shop = ex->shop;
	fputs(csv_table_head(t), out);
	for (;;) {
		error = reader_csv(ex->reader, t, ex->upto, ex->page);
		if (error < 0)
			return read_failed(ex->ctl, "ledger.db", error);
		if (ex->page->rows == 0)
			return CTL_DONE;
		fwrite(ex->page->text, 1, ex->page->len, out);
		ex->rows[t] += ex->page->rows;
		if (watched(ex->ctl) && (t == CSV_LINES || t == CSV_POSTINGS) &&
		    ex->rows[t] % 8000 < 500)
			fprintf(ex->ctl->err, "\r%s: %llu rows ", csv_table_name(t),
				(unsigned long long)ex->rows[t]);
	}
}

/** One file, in its place only when it is whole. */
static enum ctl_exit table_export(struct export *ex, const char *dir, enum csv_table t)
{
	char path[CTL_PATH_SIZE], fresh[CTL_PATH_SIZE + 8], name[32];
	enum ctl_exit code;
	FILE *out;
	bool bad;
	int fd;

	snprintf(name, sizeof(name), "%s.csv", csv_table_name(t));
	if (!ctl_path(path, dir, name))
		return ctl_usage(ex->ctl, "the path of the folder is too long");
	snprintf(fresh, sizeof(fresh), "%s.new", path);
	fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640);
	out = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (!out)
		return ctl_fail(ex->ctl, CTL_REFUSED, "%s: %s", fresh, strerror(errno));
	code = table_write(ex, t, out);
	bad = ferror(out) != 0;
	bad = fclose(out) != 0 || bad;
	if (bad && code == CTL_DONE)
		code = ctl_fail(ex->ctl, CTL_REFUSED, "%s: %s", fresh, strerror(errno));
	if (code == CTL_DONE && rename(fresh, path) != 0)
		code = ctl_fail(ex->ctl, CTL_REFUSED, "%s: %s", path, strerror(errno));
	if (code != CTL_DONE)
		unlink(fresh);
	return code;
}

static enum ctl_exit export_print(const struct export *ex, const char *dir)
{
	json_t *rows;

	if (ex->ctl->json) {
		rows = json_object();
		for (uint32_t t = 0; t < CSV_TABLES; t++)
			json_object_set_new(rows, csv_table_name((enum csv_table)t),
					    json_integer((json_int_t)ex->rows[t]));
		return ctl_json(ex->ctl, CTL_DONE,
				json_pack("{s:o, s:I, s:o}", "folder", json_clean(dir), "upto",
					  (json_int_t)ex->upto, "rows", rows));
	}
	for (uint32_t t = 0; t < CSV_TABLES; t++)
		ctl_say(ex->ctl, "%s.csv: %llu rows", csv_table_name((enum csv_table)t),
			(unsigned long long)ex->rows[t]);
	return CTL_DONE;
}

/** The name in the invoices' numbers: as given, as shopd says, or a stand-in that is told. */
static enum ctl_exit shop_named(struct ctl *ctl, const char *given, struct place *ret)
{
	if (given && !place_valid(given, (uint32_t)strnlen(given, PLACE_MAX_LEN + 1)))
		return ctl_usage(ctl, "--shop takes the shop's name, like viken");
	if (!given)
		*ret = shop_rules(ctl).shop;
	if (!given && !ret->name[0])
		ctl_note(ctl, "the shop is not reachable: its numbers begin with SHOP (or say "
			      "--shop NAME)");
	if (given || !ret->name[0])
		snprintf(ret->name, sizeof(ret->name), "%s", given ? given : "shop");
	return CTL_DONE;
}

enum ctl_exit ledger_export(struct ctl *ctl)
{
	struct export ex = {.ctl = ctl};
	const char *dir, *shop = NULL;
	const struct option options[] = {{"--shop", &shop, NULL}};
	int error;
	enum ctl_exit code = args_read(ctl, options, ARRAY_LEN(options), &dir, 1, 1);

	if (code == CTL_DONE)
		code = shop_named(ctl, shop, &ex.shop);
	if (code != CTL_DONE)
		return code;
	if (mkdir(dir, 0750) != 0 && errno != EEXIST)
		return ctl_fail(ctl, CTL_REFUSED, "%s: %s", dir, strerror(errno));
	code = read_open(ctl, &ex.reader);
	if (code != CTL_DONE)
		return code;
	ex.page = malloc(sizeof(*ex.page));
	CHECK(ex.page);
	error = reader_head(ex.reader, &ex.upto);
	if (error < 0)
		code = read_failed(ctl, "ledger.db", error);
	for (uint32_t t = 0; t < CSV_TABLES && code == CTL_DONE; t++)
		code = table_export(&ex, dir, (enum csv_table)t);
	progress_over(ctl);
	free(ex.page);
	reader_close(ex.reader);
	return code == CTL_DONE ? export_print(&ex, dir) : code;
}
