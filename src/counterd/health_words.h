/* health_words.h: what each check of the shop's health says to a person, in both languages. */
#ifndef SHOP_COUNTERD_HEALTH_WORDS_H
#define SHOP_COUNTERD_HEALTH_WORDS_H

#include "base/words.h"

/** What is checked; the order in which those that are well are shown. */
enum check_of {
	CHECK_OF_LEDGER = 0,
	CHECK_OF_DISK,
	CHECK_OF_CLOCK,
	CHECK_OF_DOORS,
	CHECK_OF_READERS,
	CHECK_OF_COURIER,
	CHECK_OF_CONTACTS,
	CHECK_OF_GATEWAY,
	CHECK_OF_MODEM,
	CHECK_OF_REHEARSAL,
	CHECK_OF_SENSORS,
	CHECK_OF_CAMERAS,
	CHECK_OF_POWER,
	CHECK_OF_OFFICE,
	CHECK_OF_FEED,
	CHECK_OF_UNSENT,
	CHECK_OF_BOOKS,
	CHECK_OF_BACKUP,
	CHECK_OF_ALARMS,
};
#define CHECKS_OF 19

/** check_of_word - "ledger", "disk" … */
const char *check_of_word(enum check_of c);

/** How a check came out. Not every one has all of them. */
enum finding {
	FINDING_WELL = 0,
	FINDING_NONE = 1,  /* there is none of it here, and that is well */
	FINDING_BAD = 2,   /* it fails */
	FINDING_OTHER = 3, /* it fails in another way */
};
#define FINDINGS 4

/** finding_text - the sentence; %s in it stands for a number, a name or an age, at most once.
 * finding_fix - what to do, NULL where there is nothing to do. */
const char *finding_text(enum check_of c, enum finding f, enum language l);
const char *finding_fix(enum check_of c, enum finding f, enum language l);

#endif
