/*
 * sim_year.c: one year a seed, from its first of January (or July) on, day by day; then the books
 * are read by a stranger (sim_year_check.c), derived again from the entries and compared.
 *
 * The years are those in which a rate changes: food has 12 % before 2026-04-01 and from 2028-01-01,
 * and 6 % between.
 *
 *   sim_year [--seeds A..B] [--seed N --keep DIR] [--days N] [--quiet]
 */
#include "sim_year.h"

#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "ledger/read_books.h"
#include "ledger/rebuild.h"

#define DAY_MS 86400000LL

uint64_t year_draw(struct year *y, uint64_t below)
{
	uint64_t x = y->random += 0x9e3779b97f4a7c15ULL;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
	x ^= x >> 31;
	return below ? x % below : x;
}

bool year_one_in(struct year *y, uint64_t n)
{
	return year_draw(y, n) == 0;
}

void year_fail(struct year *y, const char *format, ...)
{
	va_list list;

	if (y->why[0] != '\0')
		return;
	va_start(list, format);
	vsnprintf(y->why, sizeof(y->why), format, list);
	va_end(list);
}

static struct tm local(int64_t ms)
{
	time_t seconds = ms / 1000;
	struct tm tm;

	CHECK(localtime_r(&seconds, &tm));
	return tm;
}

struct day year_local_day(int64_t ms)
{
	struct tm tm = local(ms);
	struct day day;

	CHECK(day_of(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, &day));
	return day;
}

int32_t year_offset_min(int64_t ms)
{
	return (int32_t)(local(ms).tm_gmtoff / 60);
}

int64_t year_instant(struct day day, int32_t minute)
{
	int64_t naive = day.n * DAY_MS + minute * 60000LL;

	/* twice: the offset of an instant needs the instant */
	naive -= year_offset_min(naive) * 60000LL;
	return naive +
	       (day.n * DAY_MS + minute * 60000LL - (naive + year_offset_min(naive) * 60000LL));
}

/* --- one year */

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void make_dir(struct year *y)
{
	const char *tmp = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";

	if (y->keep)
		return;
	snprintf(y->dir, sizeof(y->dir), "%s/shopkeeper-year-XXXXXX", tmp);
	CHECK(mkdtemp(y->dir));
}

/* The four sums, and the tables against the entries. */
static void prove(struct year *y)
{
	struct rebuild_found rebuilt;
	struct sums_found sums;
	struct reader *r;

	CHECK(reader_open(y->dir, &r) == 0);
	if (reader_check_sums(r, &sums) != 0)
		year_fail(y, "the sums could not be checked");
	else if (!sums.ok)
		year_fail(y, "the sums do not hold: %s", sums.why);
	reader_close(r);
	if (ledger_rebuild_check(y->dir, &rebuilt, NULL, NULL) != 0)
		year_fail(y, "the tables could not be derived again: %s", rebuilt.why);
	else if (!rebuilt.ok)
		year_fail(y, "derived again, %s %s differs: %s", rebuilt.table, rebuilt.key,
			  rebuilt.why);
}

static struct day first_day(uint64_t seed)
{
	struct day day;

	if (seed % 3 == 0)
		CHECK(day_of(2027, 7, 1, &day));
	else
		CHECK(day_of(2026, 1, 1, &day));
	return day;
}

static void run(struct year *y, int32_t days)
{
	make_dir(y);
	y->first = first_day(y->seed);
	y->trusted = true;
	days_make(y);
	y->today = y->first;
	y->true_ms = year_instant(y->today, 5 * 60);
	y->mono_ms = 1000;
	shop_start(y, true);
	/* … and on into the first month after it, so that the last one is closed too */
	for (int32_t i = 0; i < days && y->why[0] == '\0'; i++) {
		y->today.n = y->first.n + i;
		day_live(y);
	}
	days_end(y);
	shop_stop(y);
	if (y->why[0] == '\0')
		prove(y);
	if (y->why[0] == '\0')
		check_books(y);
	if (y->why[0] != '\0')
		printf("seed %llu: its books are in %s\n", (unsigned long long)y->seed, y->dir);
	else if (!y->keep)
		nftw(y->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* --- seeds */

struct totals {
	unsigned long long lines, voids, credits, notes, kills, midway, put_right, rerated, late,
		invoices, assigned, midnight;
	int passed, failed;
};

static void add(struct totals *t, const struct year *y)
{
	t->lines += y->lines;
	t->voids += y->voids;
	t->credits += y->credits;
	t->notes += y->notes + y->whole_notes;
	t->kills += y->kills;
	t->midway += y->killed_midway;
	t->put_right += y->put_right;
	t->rerated += y->rerated;
	t->late += y->late_ones;
	t->invoices += y->invoices;
	t->assigned += y->assigned;
	t->midnight += y->midnight_lines;
}

static void run_seed(struct year *y, uint64_t seed, int32_t days, struct totals *t)
{
	*y = (struct year){.seed = seed, .random = seed, .keep = y->keep};
	if (y->keep)
		snprintf(y->dir, sizeof(y->dir), "%s", getenv("SIM_YEAR_DIR"));
	run(y, days);
	add(t, y);
	if (y->why[0] == '\0') {
		t->passed++;
		return;
	}
	t->failed++;
	printf("seed %llu, day %d: FAILED: %s\n  again: sim_year --seeds %llu\n",
	       (unsigned long long)seed, y->today.n - y->first.n, y->why, (unsigned long long)seed);
}

/* A year in which nothing happens would hold too. */
static bool lively(const struct totals *t)
{
	return t->lines > 1000 && t->voids && t->credits && t->notes && t->kills && t->put_right &&
	       t->rerated && t->late && t->invoices && t->assigned && t->midnight;
}

int main(int argc, char **argv)
{
	unsigned long long first = 1, last = 6;
	static struct year y;
	struct totals t = {0};
	int32_t days = 370;
	bool quiet = false;

	CHECK(setenv("TZ", "Europe/Stockholm", 1) == 0);
	tzset();
	for (int i = 1; i < argc; i++) {
		bool more = i + 1 < argc;

		if (strcmp(argv[i], "--seeds") == 0 && more) {
			if (sscanf(argv[++i], "%llu..%llu", &first, &last) < 2)
				last = first;
		} else if (strcmp(argv[i], "--seed") == 0 && more) {
			CHECK(sscanf(argv[++i], "%llu", &first) == 1);
			last = first;
		} else if (strcmp(argv[i], "--keep") == 0 && more) {
			y.keep = true;
			CHECK(setenv("SIM_YEAR_DIR", argv[++i], 1) == 0);
		} else if (strcmp(argv[i], "--days") == 0 && more) {
			CHECK(sscanf(argv[++i], "%d", &days) == 1);
		} else if (strcmp(argv[i], "--quiet") == 0) {
			quiet = true;
		} else {
			fprintf(stderr, "usage: sim_year [--seeds A..B] [--seed N --keep DIR] "
					"[--days N] [--quiet]\n");
			return 2;
		}
	}
	for (unsigned long long seed = first; seed <= last; seed++)
		run_seed(&y, seed, days, &t);
	if (!quiet)
		printf("%llu lines (%llu late, %llu past midnight, %llu put right, %llu of them to "
		       "another rate), %llu voided, %llu credited; %llu invoices, %llu credit "
		       "notes, %llu payments assigned; %llu closes killed, %llu of them midway\n",
		       t.lines, t.late, t.midnight, t.put_right, t.rerated, t.voids, t.credits,
		       t.invoices, t.notes, t.assigned, t.kills, t.midway);
	if (last - first >= 8 && !lively(&t)) {
		printf("too little happened\n");
		t.failed++;
	}
	printf("%d passed, %d failed\n", t.passed, t.failed);
	return t.failed > 0 || t.passed == 0;
}
