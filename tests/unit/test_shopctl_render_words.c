/*
 * test_shopctl_render_words.c: `shopctl invoice render`, its words and refusals, over a ledger that
 * holds one invoice made here.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

#include "leaks_known.h"
#include "paper_made.h"

/* the command itself, on readers of this file's own */
#include "shopctl/cmd_render.c"

#define PARTY "tests/data/parties/consumer.json"

static char *out, *err;
static size_t out_size;
static const char *shop_is = "viken"; /* "": shopd is not there */
static int paper_is = 1;	      /* what reading it gives */
static int opened;

struct shop_rules shop_rules(struct ctl *ctl)
{
	struct shop_rules rules = {.heard = shop_is[0] != '\0'};

	(void)ctl;
	snprintf(rules.shop.name, sizeof(rules.shop.name), "%s", shop_is);
	return rules;
}

enum ctl_exit number_read(struct ctl *ctl, const struct shop_rules *s, const char *text,
			  struct invoice_id *ret)
{
	struct place shop = {"viken"};

	(void)s;
	if (number_parse(shop, text, (uint32_t)strlen(text), ret))
		return CTL_DONE;
	*ret = number_of(2026, 123);
	return strcmp(text, "2026-000123") == 0 ? CTL_DONE : ctl_usage(ctl, "no number");
}

enum ctl_exit read_open(struct ctl *ctl, struct reader **ret)
{
	(void)ctl;
	*ret = NULL;
	opened++;
	return CTL_DONE;
}

void reader_close(struct reader *r)
{
	(void)r;
	opened--;
}

enum ctl_exit read_failed(struct ctl *ctl, const char *file, int error)
{
	return ctl_fail(ctl, CTL_UNREACHABLE, "%s: %d", file, error);
}

/* One allocation with its lines behind it, as the ledger's own gives it. */
int reader_paper(struct reader *r, struct invoice_id id, struct paper **ret)
{
	static struct made m;

	(void)r;
	if (paper_is != 1 || id.n != number_of(2026, 123).n)
		return paper_is == 1 ? 0 : paper_is;
	made_begin(&m);
	made_line(&m, "Läsk 33 cl", 7310070765802, "2026-04-03", 6000, 1095, 600, 600);
	made_invoice(&m);
	*ret = malloc(sizeof(**ret) + sizeof(m.line));
	**ret = m.paper;
	memset(&(*ret)->shop, 0, sizeof((*ret)->shop)); /* the caller's */
	memset((*ret)->currency, 0, sizeof((*ret)->currency));
	(*ret)->line = (struct paper_line *)(*ret + 1);
	memcpy((*ret)->line, m.line, sizeof(m.line));
	return 1;
}

__attribute__((sentinel)) static enum ctl_exit run(bool json, const char *word, ...)
{
	static const struct ctl_command command = {.name = "invoice"};
	const char *argv[16];
	size_t err_size;
	va_list words;

	free(out);
	free(err);
	struct ctl ctl = {.command = &command,
			  .out = open_memstream(&out, &out_size),
			  .err = open_memstream(&err, &err_size),
			  .json = json,
			  .argv = (char **)(uintptr_t)argv};
	va_start(words, word);
	for (; word; word = va_arg(words, const char *))
		argv[ctl.argc++] = word;
	va_end(words);
	enum ctl_exit code = shopctl_render(&ctl);

	fclose(ctl.out);
	fclose(ctl.err);
	assert_int_equal(opened, 0);
	return code;
}

static void one_on_stdout(void **state)
{
	(void)state;
	assert_int_equal(run(false, "VIKEN-2026-000123", "--party", PARTY, "--format", "ubl",
			     "--out", "-", NULL),
			 CTL_DONE);
	assert_non_null(strstr(out, "<cbc:ID>VIKEN-2026-000123</cbc:ID>"));
	assert_non_null(strstr(out, "<cbc:DocumentCurrencyCode>SEK<"));
	assert_int_equal(
		run(false, "--out=-", "--format=csv", "--party=" PARTY, "2026-000123", NULL),
		CTL_DONE);
	assert_non_null(strstr(out, "VIKEN-2026-000123,1,2026-04-03,"));
}

/* Without shopd the number says whose it is. */
static void without_shopd(void **state)
{
	(void)state;
	shop_is = "";
	assert_int_equal(run(false, "VIKEN-2026-000123", "--party", PARTY, "--format", "csv",
			     "--out", "-", NULL),
			 CTL_DONE);
	assert_non_null(strstr(out, "VIKEN-2026-000123,1,"));
	assert_int_equal(
		run(false, "2026-000123", "--party", PARTY, "--format", "csv", "--out", "-", NULL),
		CTL_USAGE);
	assert_non_null(strstr(err, "which shop"));
	shop_is = "viken";
}

static void refused(void **state)
{
	(void)state;
	assert_int_equal(run(false, "VIKEN-2026-000124", "--party", PARTY, NULL), CTL_REFUSED);
	assert_non_null(strstr(err, "there is no VIKEN-2026-000124"));
	paper_is = -EAGAIN;
	assert_int_equal(run(false, "VIKEN-2026-000123", "--party", PARTY, NULL), CTL_UNREACHABLE);
	paper_is = 1;
	assert_int_equal(run(false, "VIKEN-2026-000123", "--party", "tests/data/README.md", NULL),
			 CTL_REFUSED);
	assert_non_null(strstr(err, "line 1: this is not JSON"));
	assert_int_equal(run(false, "VIKEN-2026-000123", "--party", "tests/data/none.json", NULL),
			 CTL_REFUSED);
}

static void misused(void **state)
{
	static const char *const N = "VIKEN-2026-000123";

	(void)state;
	assert_int_equal(run(false, N, NULL), CTL_USAGE);
	assert_non_null(strstr(err, "--party FILE"));
	assert_int_equal(run(false, "--party", PARTY, NULL), CTL_USAGE);
	assert_int_equal(run(false, N, N, "--party", PARTY, NULL), CTL_USAGE);
	assert_int_equal(run(false, N, "--party", PARTY, "--format", "xml", NULL), CTL_USAGE);
	assert_non_null(strstr(err, "ubl, pdf or csv, not 'xml'"));
	assert_int_equal(run(false, N, "--party", PARTY, "--format", NULL), CTL_USAGE);
	assert_non_null(strstr(err, "--format lacks its value"));
	assert_int_equal(run(false, N, "--party", PARTY, "--out", "-", NULL), CTL_USAGE);
	assert_int_equal(run(true, N, "--party", PARTY, "--out", "-", "--format=ubl", NULL),
			 CTL_USAGE);
	assert_int_equal(run(false, N, "--party", PARTY, "--formats", "ubl", NULL), CTL_USAGE);
	assert_non_null(strstr(err, "no option --formats"));
	assert_int_equal(run(false, "nonsense", "--party", PARTY, NULL), CTL_USAGE);
}

static void formats_add_up(void **state)
{
	char folder[] = "/tmp/render-words-XXXXXX", path[128];

	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_int_equal(run(true, "--party", PARTY, "--format", "ubl", "VIKEN-2026-000123",
			     "--format=csv,ubl", "--out", folder, NULL),
			 CTL_DONE);
	assert_non_null(strstr(out, "\"ubl\":"));
	assert_non_null(strstr(out, "\"csv\":"));
	assert_null(strstr(out, "\"pdf\":"));
	snprintf(path, sizeof(path), "%s/viken-2026-000123.xml", folder);
	assert_int_equal(unlink(path), 0);
	snprintf(path, sizeof(path), "%s/viken-2026-000123.csv", folder);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(folder), 0);
}

static int end(void **state)
{
	(void)state;
	free(out);
	free(err);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_on_stdout),  cmocka_unit_test(without_shopd),
		cmocka_unit_test(refused),	  cmocka_unit_test(misused),
		cmocka_unit_test(formats_add_up),
	};

	return cmocka_run_group_tests(tests, NULL, end);
}
