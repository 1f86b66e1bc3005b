/*
 * config.c: what courierd.conf may say. The table is the documentation: a word, where it goes, what
 * it may be. Numbers, addresses and the time zone are looked at too, so that nothing which would
 * fail only at night passes `--check` by day.
 *
 * The password stands in a file of its own: the configuration can be shown to anybody.
 */
#include "courierd/config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ZONES "/usr/share/zoneinfo/"

static const char *const language_words[] = {
	[LANGUAGE_SV] = "sv", [LANGUAGE_EN] = "en", [LANGUAGES] = NULL};

#define TOP(member) offsetof(struct config, member)
#define TEXT(word, member)                                                                         \
	.name = word, .type = CONF_TEXT, .offset = TOP(member),                                    \
	.size = sizeof(((struct config *)0)->member)

/* ---- what a text must be: NULL, or the end of "it must be …" ---- */

static const char *zone_rule(const char *zone)
{
	char path[sizeof(ZONES) + ZONE_MAX];

	snprintf(path, sizeof(path), ZONES "%s", zone);
	if (zone[0] != '/' && strstr(zone, "..") == NULL && access(path, R_OK) == 0)
		return NULL;
	return "a time zone that this machine knows, as in Europe/Stockholm";
}

static const char *phone_rule(const char *phone)
{
	return phone_valid(phone) ? NULL
				  : "a number with its country, digits only, as in +46701234567";
}

static const char *sender_rule(const char *sender)
{
	return sender_valid(sender) ? NULL
				    : "a number as in +46701234567, or up to 11 letters and digits";
}

static const char *url_rule(const char *url)
{
	return http_url_allowed(url) == NULL ? NULL
					     : "an https:// address without user or password "
					       "(http:// for 127.0.0.1 only)";
}

/* a colon would end the user in basic authentication */
static const char *user_rule(const char *user)
{
	return strchr(user, ':') == NULL ? NULL : "without a colon";
}

/* ---- the table ---- */

static const struct conf_key top_keys[] = {
	{.name = "shop", .type = CONF_PLACE, .offset = TOP(shop), .required = true},
	{TEXT("run", run)},
	{TEXT("state", state)},
	{.name = "language", .type = CONF_WORD, .offset = TOP(language), .words = language_words},
	{TEXT("timezone", timezone), .rule = zone_rule},
};

static const struct conf_key gateway_keys[] = {
	{.name = "preset",
	 .type = CONF_WORD,
	 .offset = TOP(gateway.preset),
	 .words = gateway_presets,
	 .required = true},
	{TEXT("url", url), .rule = url_rule},
	{TEXT("user", gateway.user), .required = true, .rule = user_rule},
	{TEXT("password_file", password_file), .required = true},
	{TEXT("from", gateway.from), .required = true, .rule = sender_rule},
};

static const struct conf_key contact_keys[] = {
	{.name = "phone",
	 .type = CONF_TEXT,
	 .offset = offsetof(struct contact, phone),
	 .size = PHONE_MAX + 1,
	 .required = true,
	 .rule = phone_rule,
	 .private = true},
};

static const struct conf_section sections[] = {
	{.kind = "", .key = top_keys, .keys = ARRAY_LEN(top_keys)},
	{.kind = "gateway", .key = gateway_keys, .keys = ARRAY_LEN(gateway_keys)},
	{.kind = "contact",
	 .named = true,
	 .key = contact_keys,
	 .keys = ARRAY_LEN(contact_keys),
	 .offset = TOP(contact),
	 .stride = sizeof(struct contact),
	 .max = SMS_CONTACTS_MAX,
	 .count_offset = TOP(contacts),
	 .name_offset = offsetof(struct contact, name)},
};

static const struct config defaults = {
	.run = "/run/shopkeeper",
	.state = "/var/lib/shopkeeper",
	.language = LANGUAGE_SV,
	.timezone = "Europe/Stockholm",
};

/** Up to `size` bytes of a file; -errno. */
static ssize_t file_read(const char *path, void *bytes, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t got = 1;

	if (fd < 0)
		return -errno;
	while (len < size && got > 0) {
		got = read(fd, (char *)bytes + len, size - len);
		if (got > 0)
			len += (size_t)got;
	}
	if (got < 0)
		got = -errno;
	close(fd);
	return got < 0 ? got : (ssize_t)len;
}

static bool password_read(const char *file, struct config *c, char why[CONF_WHY_MAX])
{
	char line[GATEWAY_SECRET_MAX + 3] = {0};
	ssize_t len = file_read(c->password_file, line, sizeof(line) - 1);
	size_t end = strcspn(line, "\r\n");

	if (len < 0)
		return conf_refuse(why, "%s: password_file '%s': %s", file, c->password_file,
				   strerror((int)-len));
	if (end == 0 || end > GATEWAY_SECRET_MAX)
		return conf_refuse(
			why,
			"%s: password_file '%s': its first line must be the password, 1 to %d "
			"characters",
			file, c->password_file, GATEWAY_SECRET_MAX);
	memcpy(c->gateway.password, line, end);
	explicit_bzero(line, sizeof(line));
	return true;
}

/** What no line of the file can be blamed for. */
static bool config_sound(const char *file, struct config *c, char why[CONF_WHY_MAX])
{
	const char *trouble;

	if (c->gateway.user[0] == '\0')
		return conf_refuse(why, "%s: there is no [gateway] to send texts through", file);
	if (c->contacts == 0)
		return conf_refuse(why,
				   "%s: there is nobody to tell: add a [contact NAME] with a phone",
				   file);
	trouble = gateway_address(&c->gateway, c->url);
	if (trouble != NULL)
		return conf_refuse(why, "%s: [gateway]: %s", file, trouble);
	return true;
}

bool config_load(const char *path, struct config *ret, char why[CONF_WHY_MAX])
{
	static uint8_t bytes[CONF_TEXT_MAX + 1];
	const char *slash = strrchr(path, '/'), *file = slash != NULL ? slash + 1 : path;
	ssize_t len = file_read(path, bytes, sizeof(bytes));

	if (len < 0)
		return conf_refuse(why, "%s: %s", path, strerror((int)-len));
	*ret = defaults;
	return conf_parse(file, (struct span){bytes, (uint32_t)len}, sections, ARRAY_LEN(sections),
			  ret, why) &&
	       config_sound(file, ret, why) && password_read(file, ret, why);
}
