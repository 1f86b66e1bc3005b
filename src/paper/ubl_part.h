/*
 * ubl_part.h: the parts of one UBL document. Internal to paper/.
 *
 *   ubl.c        the document from its head to its totals    ubl_party.c   seller and buyer
 *   ubl_judge.c  whether it may be written at all            ubl_line.c    goods and deposits
 */
#ifndef SHOP_PAPER_UBL_PART_H
#define SHOP_PAPER_UBL_PART_H

#include "paper/ubl.h"
#include "paper/ubl_xml.h"

struct ubl {
	struct xml x;
	const struct paper *paper;
	const struct parties *parties;
	bool peppol; /* else the core alone */
};

/** ubl_wrong - NULL; or what the parties lack or where the paper's sums do not hold, in `why`. */
const char *ubl_wrong(const struct ubl *u, char why[PARTY_WHY_MAX]);

/** ubl_seller, ubl_buyer - BG-4 and BG-7. */
void ubl_seller(struct ubl *u);
void ubl_buyer(struct ubl *u);

/** ubl_lines - all of them; a line's deposit as a line of its own right behind its goods. */
void ubl_lines(struct ubl *u);

/** ubl_tax - the VAT category of a rate: S, or E at 0 %; with the reason only in the breakdown. */
void ubl_tax(struct ubl *u, const char *element, int32_t vat_bp, bool reason);

/** ubl_percent - basis points as percent: "25", "12.50". */
#define UBL_PERCENT_SIZE 16
void ubl_percent(int32_t vat_bp, char text[UBL_PERCENT_SIZE]);

/** ubl_say - the Swedish or the English word, as the parties' language is. */
const char *ubl_say(const struct ubl *u, const char *swedish, const char *english);

#endif
