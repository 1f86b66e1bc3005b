/*
 * fuzz_bankfile.c: any bytes at all as a bank's file. The reader ends; what it tells is whole, each
 * payment under a key of its own, and a file that is refused has told nothing and says why.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "paper/bankfile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct told {
	uint32_t count;
	char last[NAME_MAX_LEN + 1];
};

static int tell(void *data, const struct bank_payment *p)
{
	struct told *t = data;
	int32_t year, month, day;

	CHECK(strlen(p->bank_key) == 64 && name_valid(p->bank_key, 64));
	CHECK(strcmp(p->bank_key, t->last) != 0);
	CHECK(strlen(p->currency) == 3 && strlen(p->reference) < sizeof(p->reference));
	CHECK(money_minor(p->amount) != 0);
	day_civil(p->booked, &year, &month, &day);
	CHECK(p->booked.n != 0 || (year == 1970 && month == 1 && day == 1));
	memcpy(t->last, p->bank_key, sizeof(t->last));
	t->count++;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct told first = {.count = 0}, again = {.count = 0};
	char why[BANKFILE_WHY_MAX];
	int got;

	if (size > 65536)
		return 0;
	got = bankfile_read((const char *)data, (uint32_t)size, tell, &first, why);
	CHECK(got == 0 || (first.count == 0 && why[0] && strlen(why) < BANKFILE_WHY_MAX));
	CHECK(bankfile_read((const char *)data, (uint32_t)size, tell, &again, why) == got);
	CHECK(again.count == first.count && strcmp(again.last, first.last) == 0);
	return 0;
}
