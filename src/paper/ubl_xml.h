/* ubl_xml.h: XML 1.0 in UTF-8, element by element, indented. Internal to paper/. */
#ifndef SHOP_PAPER_UBL_XML_H
#define SHOP_PAPER_UBL_XML_H

#include <stdio.h>

#include "base/day.h"
#include "base/money.h"

struct xml {
	FILE *out;
	uint32_t depth;
	const char *currency; /* of xml_money */
};

/** xml_root - the declaration and the root's opening tag; `names` are its attributes, ready. */
void xml_root(struct xml *x, const char *name, const char *names);
void xml_open(struct xml *x, const char *name);
void xml_close(struct xml *x, const char *name);

/** xml_text - one element with text; nothing for an empty one (PEPPOL-EN16931-R008). What a
 * document may not show becomes U+FFFD. xml_marked - the same with one attribute. */
void xml_text(struct xml *x, const char *name, const char *text);
void xml_marked(struct xml *x, const char *name, const char *mark, const char *value,
		const char *text);

/** xml_day, xml_money - a date; an amount with two decimals and its currency. */
void xml_day(struct xml *x, const char *name, struct day day);
void xml_money(struct xml *x, const char *name, struct money amount);

#endif
