/* entry_say.h: what the files of entry_text share. Internal to wire/. */
#ifndef SHOP_WIRE_ENTRY_SAY_H
#define SHOP_WIRE_ENTRY_SAY_H

#include "wire/entry.h"

struct text_out {
	char *text;
	uint32_t len; /* < ENTRY_TEXT_SIZE */
};

/** say - printf onto the end; CHECKs that it fits. The others: `before`, then a thing in words. */
__attribute__((format(printf, 2, 3))) void say(struct text_out *out, const char *format, ...);
void say_place(struct text_out *out, const struct place *place);
void say_customer(struct text_out *out, struct customer customer);
void say_visit(struct text_out *out, const char *before, struct visit_id visit);
void say_money(struct text_out *out, const char *before, struct money money);

/** say_books - an entry of the books, whole (entry_text_books.c). */
void say_books(struct text_out *out, const struct entry *e);

/** say_office - an entry of what passes between shop and office, whole (entry_text_office.c). */
void say_office(struct text_out *out, const struct entry *e);

#endif
