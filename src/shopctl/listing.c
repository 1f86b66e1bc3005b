/* listing.c: lists are all alike: each row that is read becomes an object of an array, or a row of
 * a table. */
#include "shopctl/listing.h"

#include "shopctl/read.h"

enum ctl_exit listing_begin(struct ctl *ctl, const char *const *title, uint32_t columns,
			    struct listing *ret)
{
	enum ctl_exit code;

	*ret = (struct listing){.ctl = ctl};
	code = read_open(ctl, &ret->reader);
	if (code != CTL_DONE)
		return code;
	if (ctl->json)
		ret->array = json_array();
	else
		table_init(&ret->table, title, columns);
	return CTL_DONE;
}

enum ctl_exit listing_end(struct listing *l, int n, const char *none)
{
	reader_close(l->reader);
	if (n >= 0)
		return l->array ? ctl_json(l->ctl, CTL_DONE, l->array)
				: table_print(l->ctl, &l->table, none);
	if (l->array)
		json_decref(l->array);
	else
		table_free(&l->table);
	return read_failed(l->ctl, "ledger.db", n);
}

void gtin_cell(struct table *t, struct gtin gtin)
{
	char text[GTIN_TEXT_MAX + 1];

	gtin_text(gtin, text);
	table_cell(t, "%s", text);
}

void quantity_cell(struct table *t, int64_t milli)
{
	char text[QUANTITY_TEXT_SIZE];

	quantity_words(milli, text);
	table_cell(t, "%s", text);
}

void money_cell(struct table *t, struct money m)
{
	char text[MONEY_TEXT_SIZE];

	money_text(m, text);
	table_cell(t, "%s", text);
}

void day_cell(struct table *t, struct day d)
{
	char text[DAY_TEXT_SIZE];

	day_words(d, text);
	table_cell(t, "%s", text);
}

void wall_cell(struct table *t, struct wall at)
{
	char text[WALL_PEOPLE_SIZE];

	wall_people(at.ms, text);
	table_cell(t, "%s", text);
}
