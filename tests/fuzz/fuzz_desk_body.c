/*
 * fuzz_desk_body.c: the JSON of what is asked of the books. The first byte picks the form. What is
 * taken must be what shopd's socket lets through (a peer that says more is hung up on), and the
 * same every time.
 */
#include <string.h>

#include "counterd/desk_body.c"
#include "wire/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint32_t kinds[DESK_FORMS] = {
	[DESK_FORM_MOVEMENT] = 3, /* as ledger/desk.h numbers them */
	[DESK_FORM_CREDIT] = 2,
	[DESK_FORM_REPORT] = 7,
	[DESK_FORM_CHECK] = 6,
};

/* As counterd/desk.c hands it on. */
static void passes_the_socket(const struct desk_body *b, enum desk_form form)
{
	union message m;

	message_init(&m, MESSAGE_DESK, 1);
	m.desk.kind = kinds[form];
	m.desk.word = b->word;
	m.desk.gtin = b->gtin.n;
	m.desk.quantity_milli = b->quantity_milli;
	m.desk.amount_minor = b->unit_cost_minor;
	m.desk.use_by = b->use_by.n;
	m.desk.best_before = b->best_before.n;
	m.desk.visit = 1;
	memcpy(m.desk.lot, b->lot, sizeof(b->lot));
	memcpy(m.desk.why, b->why, sizeof(b->why));
	memcpy(m.desk.key, b->key, sizeof(b->key));
	CHECK(!message_check(&m, message_size(MESSAGE_DESK), ROLE_COUNTER, WAY_TO_SHOPD));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct desk_body b, again;
	enum desk_form form;
	bool taken;

	if (size < 1 || size > 16 * 1024)
		return 0;
	form = (enum desk_form)(data[0] % DESK_FORMS);
	memset(&b, 0x55, sizeof(b));
	memset(&again, 0x55, sizeof(again));
	taken = desk_body_parse((struct span){data + 1, (uint32_t)size - 1}, form, &b);
	CHECK(desk_body_parse((struct span){data + 1, (uint32_t)size - 1}, form, &again) == taken);
	CHECK(memcmp(&b, &again, sizeof(b)) == 0);
	if (!taken)
		return 0;
	passes_the_socket(&b, form);
	CHECK(form != DESK_FORM_MOVEMENT || (b.gtin.n && b.key[0] && b.word));
	CHECK(form != DESK_FORM_CREDIT || b.key[0]);
	return 0;
}
