/*
 * picture.h: the name of a camera's picture on disk. It says by itself when it was taken, beside
 * which event, and by which camera, so that no other list of pictures has to be kept and none can
 * disagree with the folder. courierd writes them, counterd reads them.
 *
 *   20261122T101530123Z-alarm-17-front.jpg
 */
#ifndef SHOP_WIRE_PICTURE_H
#define SHOP_WIRE_PICTURE_H

#include "base/clock.h"
#include "base/limits.h"

/** Why a picture was taken, and with that what `ref` is the number of. */
enum picture_kind {
	PICTURE_ALARM = 0,
	PICTURE_ENTRY = 1,   /* somebody was let in: the visit */
	PICTURE_REQUEST = 2, /* somebody wanted to see: 0 */
};
#define PICTURE_KINDS 3

#define PICTURE_NAME_MAX  80		    /* bytes of a name */
#define PICTURE_BYTES_MAX (2 * 1024 * 1024) /* of a picture: a camera's largest, and twice that */
#define PICTURE_FOLDER	  "pictures"	    /* in the state's folder */
#define PICTURES_MAX	  32768 /* in it: past that the oldest go, whatever the disk holds */

struct picture {
	struct wall at;
	enum picture_kind kind;
	uint64_t ref;
	char camera[PLACE_MAX_LEN + 1];
};

/** picture_name - the name of `p`'s file, NUL-terminated. CHECKs that its camera is a place's name
 * and its time within the years 1970 to 9999. */
void picture_name(const struct picture *p, char name[PICTURE_NAME_MAX]);

/** picture_parse - what a name says; false for one that picture_name() would not make. */
MUST_CHECK bool picture_parse(const char *name, struct picture *ret);

/** picture_kind_word - as it stands in a name, and elsewhere. */
const char *picture_kind_word(enum picture_kind k);

#endif
