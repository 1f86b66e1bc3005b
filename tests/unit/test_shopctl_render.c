/* test_shopctl_render.c: documents put into a folder: whole, all of them or none, for their owner
 * alone. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "leaks_known.h"
#include "paper_made.h"
#include "shopctl/render.h"

#define CONSUMER "tests/data/parties/consumer.json"
#define BUSINESS "tests/data/parties/business.json"
#define ALL	 ((1u << RENDER_FORMATS) - 1)

static struct made m;
static struct parties parties;
static char folder[] = "/tmp/render-XXXXXX";
static char *out, *err;
static size_t out_size;

static void month(void)
{
	made_begin(&m);
	made_line(&m, "Läsk 33 cl", 7310070765802, "2026-04-03", 6000, 1095, 600, 600);
	made_line(&m, "Diskborste", 7331234500017, "2026-04-30", 1000, 3995, 0, 2500);
	made_invoice(&m);
	made_parties(CONSUMER, &parties);
}

static enum ctl_exit rendered(uint32_t formats, const char *dir, bool json)
{
	size_t err_size;

	free(out);
	free(err);
	struct ctl ctl = {.out = open_memstream(&out, &out_size),
			  .err = open_memstream(&err, &err_size),
			  .json = json};
	enum ctl_exit code = render_papers(&ctl, &m.paper, &parties, formats, dir);

	fclose(ctl.out);
	fclose(ctl.err);
	return code;
}

static const char *at(const char *name)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

/* How many files the folder holds; they are removed. */
static int emptied(void)
{
	DIR *d = opendir(folder);
	int n = 0;

	for (struct dirent *e; (e = readdir(d)) != NULL;) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		unlink(at(e->d_name));
		n++;
	}
	closedir(d);
	return n;
}

static void begins(const char *name, const char *with)
{
	char head[16] = "";
	struct stat st;
	FILE *f = fopen(at(name), "r");

	assert_non_null(f);
	assert_int_equal(fread(head, 1, strlen(with), f), strlen(with));
	assert_string_equal(head, with);
	assert_int_equal(fstat(fileno(f), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	fclose(f);
}

static void three_files(void **state)
{
	char want[512];

	(void)state;
	month();
	assert_int_equal(rendered(ALL, folder, false), CTL_DONE);
	begins("viken-2026-000123.xml", "<?xml ");
	begins("viken-2026-000123.pdf", "%PDF-");
	begins("viken-2026-000123.csv", "invoice,");
	snprintf(want, sizeof(want),
		 "%s/viken-2026-000123.xml\n%s/viken-2026-000123.pdf\n%s/viken-2026-000123.csv\n",
		 folder, folder, folder);
	assert_string_equal(out, want);
	/* again: the same names, none beside them */
	assert_int_equal(rendered(1u << RENDER_CSV, folder, true), CTL_DONE);
	snprintf(want, sizeof(want),
		 "{\"number\":\"VIKEN-2026-000123\",\"files\":{\"csv\":\"%s/"
		 "viken-2026-000123.csv\"}}\n",
		 folder);
	assert_string_equal(out, want);
	assert_int_equal(emptied(), 3);
}

static void all_or_none(void **state)
{
	(void)state;
	month();
	parties.buyer.business = true; /* without an endpoint */
	assert_int_equal(rendered(ALL, folder, false), CTL_REFUSED);
	assert_non_null(strstr(err, "lacks endpoint"));
	assert_string_equal(out, "");
	assert_int_equal(emptied(), 0);
	/* what is not UBL asks for no endpoint */
	assert_int_equal(rendered(ALL & ~1u, folder, false), CTL_DONE);
	assert_int_equal(emptied(), 2);
	/* a folder stands where the last file should: none of the others is left half done */
	month();
	assert_int_equal(mkdir(at("viken-2026-000123.xml"), 0700), 0);
	assert_int_equal(rendered(ALL, folder, false), CTL_REFUSED);
	assert_int_equal(rmdir(at("viken-2026-000123.xml")), 0);
	assert_int_equal(emptied(), 0);
	assert_int_equal(rendered(ALL, at("nowhere"), false), CTL_REFUSED);
	assert_non_null(strstr(err, "nowhere: No such file"));
}

static void to_stdout(void **state)
{
	(void)state;
	month();
	assert_int_equal(rendered(1u << RENDER_UBL, "-", false), CTL_DONE);
	assert_memory_equal(out, "<?xml ", 6);
	assert_int_equal(rendered(1u << RENDER_PDF, "-", false), CTL_DONE);
	assert_memory_equal(out, "%PDF-", 5);
	assert_int_equal(rendered(ALL, "-", false), CTL_USAGE);
	assert_int_equal(rendered(1u << RENDER_UBL, "-", true), CTL_USAGE);
}

static void words(void **state)
{
	static const struct {
		const char *words;
		int64_t formats; /* -1: refused */
	} cases[] = {{"ubl", 1}, {"pdf", 2},   {"csv", 4},     {"ubl,csv", 5}, {"csv,csv", 4},
		     {"", -1},	 {",", -1},    {"ubl,", -1},   {"UBL", -1},    {"xml", -1},
		     {"pd", -1}, {"pdf ", -1}, {"ubl,xml", -1}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint32_t formats = 0;

		assert_int_equal(render_parse(cases[i].words, &formats), cases[i].formats >= 0);
		if (cases[i].formats >= 0)
			assert_int_equal(formats, cases[i].formats);
	}
}

static enum ctl_exit party(const char *path)
{
	size_t err_size;

	free(err);
	struct ctl ctl = {.out = stdout, .err = open_memstream(&err, &err_size)};
	enum ctl_exit code = render_party(&ctl, path, &parties);

	fclose(ctl.err);
	return code;
}

static void party_files(void **state)
{
	char path[512];
	FILE *f;

	(void)state;
	assert_int_equal(party(BUSINESS), CTL_DONE);
	assert_true(parties.buyer.business);
	assert_int_equal(party(at("none.json")), CTL_REFUSED);
	assert_non_null(strstr(err, "No such file"));
	assert_int_equal(party(folder), CTL_REFUSED);
	snprintf(path, sizeof(path), "%s", at("long.json"));
	f = fopen(path, "w");
	assert_non_null(f);
	for (int i = 0; i < PARTY_FILE_MAX + 1; i++)
		fputc(' ', f);
	fclose(f);
	assert_int_equal(party(path), CTL_REFUSED);
	assert_non_null(strstr(err, "longer than 16384 bytes"));
	assert_int_equal(emptied(), 1);
}

static int begin(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	free(out);
	free(err);
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(three_files), cmocka_unit_test(all_or_none),
		cmocka_unit_test(to_stdout),   cmocka_unit_test(words),
		cmocka_unit_test(party_files),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
