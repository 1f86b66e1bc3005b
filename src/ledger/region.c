/*
 * region.c: memory for arrays that live long and are replaced whole. It comes from the system and
 * goes back to it, so that a process that has taken in a new roster is no larger than before, which
 * a heap cannot promise.
 */
#include "ledger/shelf.h"

#include <sys/mman.h>

#define HEAD_SIZE 64 /* keeps what follows aligned to a cache line */

void *region_new(size_t size)
{
	uint8_t *region = mmap(NULL, HEAD_SIZE + size, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	CHECK(region != MAP_FAILED);
	size += HEAD_SIZE;
	memcpy(region, &size, sizeof(size));
	return region + HEAD_SIZE;
}

void region_free(void *region)
{
	uint8_t *start;
	size_t size;

	if (!region)
		return;
	start = (uint8_t *)region - HEAD_SIZE;
	memcpy(&size, start, sizeof(size));
	CHECK(munmap(start, size) == 0);
}

void roster_free(struct roster *r)
{
	region_free(r);
}

void articles_free(struct articles *a)
{
	region_free(a);
}
