/* checkup_words.h: what each check of the shop's health says to a person, in both languages. */
#ifndef SHOP_CORE_CHECKUP_WORDS_H
#define SHOP_CORE_CHECKUP_WORDS_H

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

/** What only a look at the box itself tells: `shopctl doctor` has these too. */
enum check_of_box {
	CHECK_OF_SHOPD = CHECKS_OF, /* it answers */
	CHECK_OF_CONFIG,
	CHECK_OF_LINES,	   /* there, and ours */
	CHECK_OF_LEVELS,   /* such as a door's are */
	CHECK_OF_SCANNERS, /* their devices */
	CHECK_OF_RTC,
	CHECK_OF_SYNC,	/* how long the disk takes to keep something */
	CHECK_OF_STICK, /* the copy that is not on this box */
	CHECK_OF_OWNER,
	CHECK_OF_UPDATE,
};
#define CHECKS_ALL 29

/** check_of_word - "ledger", "disk" … of either enum. */
const char *check_of_word(uint32_t c);
/** check_of_parse - back; CHECKS_ALL: it is none. */
uint32_t check_of_parse(const char *word);

/** How a check came out. Not every one has all of them. */
enum finding {
	FINDING_WELL = 0,
	FINDING_NONE = 1,  /* there is none of it here, and that is well */
	FINDING_BAD = 2,   /* it fails */
	FINDING_OTHER = 3, /* it fails in another way */
};
#define FINDINGS 4

/** finding_text - the sentence; %s in it stands for a number, a name or an age, at most once.
 * finding_known - there is such a sentence. finding_fix - what to do, NULL where there is nothing
 * to do. */
const char *finding_text(uint32_t c, enum finding f, enum language l);
bool finding_known(uint32_t c, enum finding f);
const char *finding_fix(uint32_t c, enum finding f, enum language l);

#endif
