/*
 * config.c: what eyed.conf may say. The table is the documentation: a word, where it goes, what it
 * may be.
 */
#include "eyed/config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "eyed/decode.h"
#include "eyed/layout.h"

static const char *const code_words[] = {[CODE_QR] = "qr",
					 [CODE_EAN] = "ean",
					 [CODE_DATABAR] = "databar",
					 [CODE_CODE128] = "code128",
					 [CODE_DATAMATRIX] = "datamatrix",
					 [CODE_KINDS] = NULL};

static const char *camera_rule(const char *camera)
{
	return camera[0] == '/' || strncmp(camera, "file:/", 6) == 0
		       ? NULL
		       : "a device as in /dev/v4l/by-id/…, or file:/… with pictures";
}

static const char *run_rule(const char *run)
{
	return run[0] == '/' ? NULL : "a folder's path from / on";
}

#define TOP(member) offsetof(struct config, member)
#define TEXT(member)                                                                               \
	.name = #member, .type = CONF_TEXT, .offset = TOP(member),                                 \
	.size = sizeof(((struct config *)0)->member)
#define NUMBER(member, low, high)                                                                  \
	.name = #member, .type = CONF_INT, .offset = TOP(member), .min = low, .max = high

static const struct conf_key keys[] = {
	{.name = "name", .type = CONF_PLACE, .offset = TOP(name), .required = true},
	{TEXT(camera), .required = true, .rule = camera_rule},
	{TEXT(run), .rule = run_rule},
	{.name = "codes",
	 .type = CONF_LIST,
	 .offset = TOP(codes),
	 .words = code_words,
	 .required = true},
	{NUMBER(width, PICTURE_SIDE_MIN, PICTURE_WIDTH_MAX)},
	{NUMBER(height, PICTURE_SIDE_MIN, PICTURE_HEIGHT_MAX)},
	/* fewer than two a second, and a phone must be held still for too long */
	{NUMBER(rate, 2, 10)},
};

static const struct conf_section sections[] = {{.kind = "", .key = keys, .keys = ARRAY_LEN(keys)}};

static const struct config defaults = {
	.run = "/run/shopkeeper-eye", .width = 640, .height = 480, .rate = 10};

bool config_load(const char *path, struct config *ret, char why[CONF_WHY_MAX])
{
	static uint8_t bytes[CONF_TEXT_MAX + 1];
	const char *slash = strrchr(path, '/'), *file = slash != NULL ? slash + 1 : path;
	struct span text = {bytes, 0};
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : 0;

	while (fd >= 0 && text.len < sizeof(bytes) &&
	       (got = read(fd, bytes + text.len, sizeof(bytes) - text.len)) > 0)
		text.len += (uint32_t)got;
	if (got < 0)
		(void)conf_refuse(why, "%s: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	*ret = defaults;
	return got >= 0 && conf_parse(file, text, sections, ARRAY_LEN(sections), ret, why);
}
