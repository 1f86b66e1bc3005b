/* catalogue_house.h: a catalogue in a folder of its own, and what the tests ask of it. */
#ifndef SHOP_TESTS_CATALOGUE_HOUSE_H
#define SHOP_TESTS_CATALOGUE_HOUSE_H

#include <poll.h>
#include <sys/mman.h>

#include "ledger/catalogue.h"
#include "ledger_house.h"

#define DAY_MS 86400000LL

struct shelves {
	struct house house;
	struct catalogue *catalogue;
	struct roster *roster;
	struct articles *articles;
	struct wall now;
	char why[200];
};

static inline void open_it(struct shelves *s)
{
	int r = catalogue_open(s->house.dir, s->now, &s->catalogue, &s->roster, &s->articles,
			       s->why);

	if (r < 0)
		print_error("%s\n", s->why);
	assert_int_equal(r, 0);
}

static inline void close_it(struct shelves *s)
{
	catalogue_stop(s->catalogue);
	roster_free(s->roster);
	articles_free(s->articles);
	s->catalogue = NULL;
}

static inline int set_up(void **state)
{
	static struct shelves s;

	memset(&s, 0, sizeof(s));
	house_make(&s.house);
	s.now.ms = 1790000000000;
	*state = &s;
	return 0;
}

static inline int tear_down(void **state)
{
	house_remove(&((struct shelves *)*state)->house);
	return 0;
}

static inline struct changed wait_changed(struct shelves *s)
{
	struct pollfd fd = {.fd = catalogue_fd(s->catalogue), .events = POLLIN};
	struct changed changed;

	while (!catalogue_changed(s->catalogue, &changed))
		assert_int_equal(poll(&fd, 1, WAIT_MS), 1);
	if (changed.roster) {
		roster_free(s->roster);
		s->roster = changed.roster;
	}
	if (changed.articles) {
		articles_free(s->articles);
		s->articles = changed.articles;
	}
	return changed;
}

static inline struct changed change(struct shelves *s, const struct change *c)
{
	assert_true(catalogue_change(s->catalogue, c, s->now));
	return wait_changed(s);
}

static inline struct change member_of(uint32_t n)
{
	struct change c = {.kind = CHANGE_MEMBER_ADD, .tag = n};

	memcpy(c.key.x, &n, sizeof(n));
	c.kid.byte[0] = (uint8_t)(n * 37);
	memcpy(c.kid.byte + 4, &n, sizeof(n));
	c.customer.byte[0] = (uint8_t)(n * 101);
	memcpy(c.customer.byte + 4, &n, sizeof(n));
	return c;
}

static inline struct import_row row_of(uint64_t gtin, int64_t price, const char *name)
{
	struct import_row r = {.gtin = gtin, .price_minor = price, .vat_bp = 600};

	r.name_len = (uint8_t)strlen(name);
	memcpy(r.name, name, r.name_len);
	return r;
}

static inline int sealed(const void *bytes, size_t len, int seals)
{
	int fd = memfd_create("list", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	assert_int_equal(fcntl(fd, F_ADD_SEALS, seals), 0);
	return fd;
}

#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

static inline struct changed import_rows(struct shelves *s, const struct import_row *rows,
					 uint32_t n)
{
	struct change c = {
		.kind = CHANGE_IMPORT, .fd = sealed(rows, n * sizeof(*rows), SEALS), .rows = n};

	return change(s, &c);
}

#endif
