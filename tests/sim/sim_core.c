/*
 * sim_core.c: the whole core against a world drawn from a seed: people, burglars, clocks that jump,
 * disks that fill, power that goes. After every step it is held to what the outside saw
 * (sim_core_check.c). The same seed gives the same trace, whose hash is printed: a run from
 * anywhere can be repeated here.
 *
 *   sim [--seeds A..B] [--steps N] [--quiet]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim_core.h"

struct totals {
	uint64_t steps, admissions, refusals, bought, restarts;
	uint64_t labels, deposits, discounts, checks;
	uint64_t beyonds, losts, warnings, motions, faults, tried, longs;
	uint64_t told[TEXT_KINDS], copies, answers, guesses;
	uint32_t nows, records, afters, alarms, hour;
	int passed, failed;
};

static uint32_t most(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

static void add(struct totals *t, const struct world *w)
{
	t->steps += w->steps;
	t->admissions += w->admissions;
	t->refusals += w->refusals;
	t->bought += w->bought;
	t->restarts += w->restarts;
	t->labels += w->labels;
	t->deposits += w->deposits;
	t->discounts += w->discounts;
	t->checks += w->checks;
	t->beyonds += w->beyonds;
	t->losts += w->losts;
	t->warnings += w->warnings;
	t->motions += w->motions;
	t->faults += w->faults;
	t->tried += w->tried;
	t->longs += w->longs;
	for (uint32_t i = 0; i < TEXT_KINDS; i++)
		t->told[i] += w->told[i];
	t->copies += w->copies;
	t->answers += w->answers;
	t->guesses += w->guesses;
	t->alarms = most(t->alarms, w->alarms_max);
	t->hour = most(t->hour, w->hour_max);
	t->nows = most(t->nows, w->nows_max);
	t->records = most(t->records, w->records_max);
	t->afters = most(t->afters, w->afters_max);
}

/* One world of `steps` steps; its trace's hash. False when something did not hold. */
static bool run(uint64_t seed, uint64_t steps, uint64_t *ret_hash, struct totals *t)
{
	struct world *w = world_new(seed);
	bool ok;

	while (w->steps < steps && w->why[0] == '\0')
		world_go_on(w);
	if (!w->full && w->why[0] == '\0')
		check_books(w);
	ok = w->why[0] == '\0';
	if (!ok)
		printf("seed %llu, step %llu (event %d): %s\n", (unsigned long long)seed,
		       (unsigned long long)w->steps, (int)w->event.kind, w->why);
	*ret_hash = w->hash;
	add(t, w);
	world_free(w);
	return ok;
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void print_totals(const struct totals *t, double took_s)
{
	printf("%llu steps (%.0f a second): %llu admissions, %llu refusals, %llu lines, %llu "
	       "restarts\n",
	       (unsigned long long)t->steps, (double)t->steps / took_s,
	       (unsigned long long)t->admissions, (unsigned long long)t->refusals,
	       (unsigned long long)t->bought, (unsigned long long)t->restarts);
	printf("%llu labels, %llu deposits, %llu past their date, %llu picked for a check\n",
	       (unsigned long long)t->labels, (unsigned long long)t->deposits,
	       (unsigned long long)t->discounts, (unsigned long long)t->checks);
	printf("%llu values beyond, %llu sensors lost, %llu parts failed, %llu tried codes, %llu "
	       "moved "
	       "at night, %llu inside for long, %llu warnings\n",
	       (unsigned long long)t->beyonds, (unsigned long long)t->losts,
	       (unsigned long long)t->faults, (unsigned long long)t->tried,
	       (unsigned long long)t->motions, (unsigned long long)t->longs,
	       (unsigned long long)t->warnings);
	printf("%llu texts raised, %llu over, %llu taken, %llu groups, %llu copies; %llu answers, "
	       "%llu "
	       "guesses; at most %u of %d texts to one person in an hour\n",
	       (unsigned long long)t->told[TEXT_RAISED], (unsigned long long)t->told[TEXT_OVER],
	       (unsigned long long)t->told[TEXT_TAKEN], (unsigned long long)t->told[TEXT_GROUP],
	       (unsigned long long)t->copies, (unsigned long long)t->answers,
	       (unsigned long long)t->guesses, t->hour, TEXTS_AN_HOUR);
	printf("most alarms at once: %u of %d\n", t->alarms, ALARMS_MAX);
	printf("most effects of one step: now %u of %d, record %u of %d, after %u of %d\n", t->nows,
	       EFFECTS_NOW_MAX, t->records, EFFECTS_RECORD_MAX, t->afters, EFFECTS_AFTER_MAX);
}

static bool lively_alarms(const struct totals *t)
{
	uint64_t some = t->steps / 20000;

	return t->beyonds > 10 * some && t->losts > 10 * some && t->warnings > some &&
	       t->motions > some / 4 && t->faults > 10 * some && t->tried > some &&
	       t->longs > some && t->told[TEXT_RAISED] > 50 * some &&
	       t->told[TEXT_OVER] > 10 * some && t->told[TEXT_TAKEN] > some &&
	       t->told[TEXT_GROUP] > 5 * some && t->copies > some && t->answers > 5 * some &&
	       t->guesses > 5 * some && t->hour == TEXTS_AN_HOUR;
}

/* A simulation in which nothing happens would pass too. */
static bool lively(const struct totals *t)
{
	return t->admissions > t->steps / 80 && t->refusals > t->steps / 50 &&
	       t->bought > t->steps / 50 && t->labels > t->bought / 50 &&
	       t->deposits > t->bought / 50 && t->discounts > t->bought / 200 &&
	       t->checks > t->restarts / 10 && lively_alarms(t);
}

int main(int argc, char **argv)
{
	unsigned long long first = 1, last = 400, steps = 3000;
	struct totals t = {0};
	bool quiet = false;
	double began = seconds();

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--seeds") == 0 && i + 1 < argc) {
			if (sscanf(argv[++i], "%llu..%llu", &first, &last) < 2)
				last = first;
		} else if (strcmp(argv[i], "--steps") == 0 && i + 1 < argc) {
			steps = strtoull(argv[++i], NULL, 10);
		} else if (strcmp(argv[i], "--quiet") == 0) {
			quiet = true;
		} else {
			fprintf(stderr, "usage: sim [--seeds A..B] [--steps N] [--quiet]\n");
			return 2;
		}
	}
	for (unsigned long long seed = first; seed <= last; seed++) {
		uint64_t hash, again;
		bool ok = run(seed, steps, &hash, &t);

		/* the first world twice: what is drawn from a seed is all there is */
		if (ok && seed == first && (!run(seed, steps, &again, &t) || again != hash)) {
			printf("seed %llu: a second run went another way\n", seed);
			ok = false;
		}
		if (ok)
			t.passed++;
		else
			t.failed++;
		if (!quiet && last - first < 50)
			printf("seed %llu: %016llx %s\n", seed, (unsigned long long)hash,
			       ok ? "ok" : "FAILED");
	}
	print_totals(&t, seconds() - began);
	if (last - first >= 10 && steps >= 2000 && !lively(&t)) {
		printf("too little happened\n");
		t.failed++;
	}
	printf("%d passed, %d failed\n", t.passed, t.failed);
	return t.failed > 0 || t.passed == 0;
}
