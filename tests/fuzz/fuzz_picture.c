/*
 * fuzz_picture.c: any text at all as the name of a picture's file. One that is taken is the name
 * that is made of what it says, and no path.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "wire/picture.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char name[256], again[PICTURE_NAME_MAX];
	struct picture p;

	if (size >= sizeof(name))
		return 0;
	memcpy(name, data, size);
	name[size] = '\0';
	if (!picture_parse(name, &p))
		return 0;
	CHECK(strlen(name) < PICTURE_NAME_MAX && strchr(name, '/') == NULL);
	CHECK(name[0] != '.' && strstr(name, "..") == NULL);
	picture_name(&p, again);
	CHECK(strcmp(name, again) == 0);
	return 0;
}
