/*
 * config.c: what courierd.conf may say. The table is the documentation: a word, where it goes, what
 * it may be. Numbers, addresses and the time zone are looked at too, so that nothing which would
 * fail only at night passes `--check` by day.
 *
 * Passwords and the PIN stand in files of their own: the configuration can be shown to anybody.
 */
#include "courierd/config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "courierd/ups.h"

#define ZONES	       "/usr/share/zoneinfo/"
#define KEEP_HOURS_MAX 720 /* thirty days: longer than any reason to keep pictures */

static const char *const language_words[] = {
	[LANGUAGE_SV] = "sv", [LANGUAGE_EN] = "en", [LANGUAGES] = NULL};
static const char *const role_words[] = {[CONTACT_OWNER] = "owner",
					 [CONTACT_KEYHOLDER] = "keyholder",
					 [CONTACT_NEIGHBOUR] = "neighbour",
					 [CONTACT_ROLES] = NULL};
static const char *const severity_words[] = {[SEVERITY_NOTICE] = "notice",
					     [SEVERITY_WARNING] = "warning",
					     [SEVERITY_URGENT] = "urgent",
					     [SEVERITY_EMERGENCY] = "emergency",
					     [SEVERITIES] = NULL};

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

static const char *site_url_rule(const char *url)
{
	return http_url_on_site(url) == NULL
		       ? NULL
		       : "an http:// or https:// address without user or password";
}

/** "hh:mm" as minutes of the day, up to 24:00. */
static bool minutes_read(const char *text, uint16_t *ret)
{
	static const char digits[] = "0123456789";
	int minutes;

	if (strspn(text, digits) != 2 || text[2] != ':' || strspn(text + 3, digits) != 2)
		return false;
	minutes =
		((text[0] - '0') * 10 + text[1] - '0') * 60 + (text[3] - '0') * 10 + text[4] - '0';
	*ret = (uint16_t)minutes;
	return text[3] < '6' && minutes <= 1440;
}

/** "07:00-23:00", over midnight too, or "always". */
static const char *hours_read(const char *text, void *field)
{
	uint16_t minutes[2] = {0, 0};

	if (strcmp(text, "always") != 0) {
		if (strlen(text) != strlen("07:00-23:00") || text[5] != '-' ||
		    !minutes_read(text, &minutes[0]) || !minutes_read(text + 6, &minutes[1]))
			return "hours like 07:00-23:00, or always";
		if (minutes[0] == minutes[1])
			return "two times that differ, or always";
	}
	memcpy(field, minutes, sizeof(minutes));
	return NULL;
}

static const char *bus_rule(const char *bus)
{
	return strcmp(bus, "system") == 0 || strchr(bus, '=') != NULL
		       ? NULL
		       : "system, or a D-Bus address as in unix:path=/run/dbus/socket";
}

/* ---- the table ---- */

#define OF(where, member) .offset = offsetof(struct where, member)
#define TEXT_OF(where, word, member)                                                               \
	.name = word, .type = CONF_TEXT, OF(where, member),                                        \
	.size = sizeof(((struct where *)0)->member)

static const struct conf_key top_keys[] = {
	{.name = "shop", .type = CONF_PLACE, .offset = TOP(shop), .required = true},
	{TEXT("run", run)},
	{TEXT("state", state)},
	{.name = "language", .type = CONF_WORD, .offset = TOP(language), .words = language_words},
	{TEXT("timezone", timezone), .rule = zone_rule},
	{TEXT("page", page), .rule = url_rule, .private = true},
};

static const struct conf_key gateway_keys[] = {
	{.name = "preset",
	 .type = CONF_WORD,
	 .offset = TOP(gateway.preset),
	 .words = gateway_presets,
	 .required = true},
	{TEXT("url", url), .rule = url_rule, .private = true},
	{TEXT("user", gateway.user), .required = true, .rule = user_rule},
	{TEXT("password_file", password_file), .required = true},
	{TEXT("from", gateway.from), .required = true, .rule = sender_rule},
};

static const struct conf_key modem_keys[] = {
	{TEXT("bus", modem.bus), .required = true, .rule = bus_rule},
	{TEXT("pin_file", modem.pin_file)},
};

static const struct conf_key contact_keys[] = {
	{TEXT_OF(contact_section, "phone", phone), .required = true, .rule = phone_rule,
	 .private = true},
	{.name = "role", .type = CONF_WORD, OF(contact_section, role), .words = role_words},
	{.name = "step",
	 .type = CONF_INT,
	 OF(contact_section, step),
	 .min = 1,
	 .max = CONTACTS_MAX},
	{.name = "hours", .type = CONF_OWN, OF(contact_section, hours), .read = hours_read},
	{.name = "least", .type = CONF_WORD, OF(contact_section, least), .words = severity_words},
	{.name = "language",
	 .type = CONF_WORD,
	 OF(contact_section, language),
	 .words = language_words},
};

/* an address may hold a password where none belongs: it stands in no message */
static const struct conf_key camera_keys[] = {
	{TEXT_OF(camera_section, "url", url), .rule = site_url_rule, .private = true},
	{TEXT_OF(camera_section, "onvif", onvif), .rule = site_url_rule, .private = true},
	{TEXT_OF(camera_section, "user", user), .rule = user_rule},
	{TEXT_OF(camera_section, "password_file", password_file)},
};

static const struct conf_key pictures_keys[] = {
	{.name = "keep_hours",
	 .type = CONF_INT,
	 .offset = TOP(pictures.keep_hours),
	 .min = 1,
	 .max = KEEP_HOURS_MAX},
	{.name = "disk_mb",
	 .type = CONF_INT,
	 .offset = TOP(pictures.disk_mb),
	 .min = 16,
	 .max = 1000000},
};

/* a slash at its end would stand twice */
static const char *folder_rule(const char *url)
{
	const char *end = url + strlen(url) - 1;

	return *end == '/' ? "without a slash at its end" : url_rule(url);
}

static const struct conf_key update_keys[] = {
	{TEXT("url", update.url), .required = true, .rule = folder_rule},
	{TEXT("keys", update.keys)},
	{.name = "every_minutes",
	 .type = CONF_INT,
	 .offset = TOP(update.every_minutes),
	 .min = 1,
	 .max = 10080},
};

static const struct conf_key ups_keys[] = {
	{TEXT_OF(ups_section, "server", server), .rule = ups_server_rule},
	{.name = "power", .type = CONF_PLACE, OF(ups_section, power)},
	{.name = "battery", .type = CONF_PLACE, OF(ups_section, battery)},
};

static const struct contact_section contact_defaults = {.language = LANGUAGES};
static const struct ups_section ups_defaults = {.server = "127.0.0.1:3493"};

#define NAMED(word, keys_of, type, list, number)                                                   \
	.kind = word, .named = true, .key = keys_of, .keys = ARRAY_LEN(keys_of),                   \
	.offset = TOP(list), .stride = sizeof(struct type),                                        \
	.max = ARRAY_LEN(((struct config *)0)->list), .count_offset = TOP(number),                 \
	.name_offset = offsetof(struct type, name)

static const struct conf_section sections[] = {
	{.kind = "", .key = top_keys, .keys = ARRAY_LEN(top_keys)},
	{.kind = "gateway", .key = gateway_keys, .keys = ARRAY_LEN(gateway_keys)},
	{.kind = "modem", .key = modem_keys, .keys = ARRAY_LEN(modem_keys)},
	{NAMED("contact", contact_keys, contact_section, contact, contacts),
	 .defaults = &contact_defaults},
	{NAMED("camera", camera_keys, camera_section, camera, cameras)},
	{.kind = "pictures", .key = pictures_keys, .keys = ARRAY_LEN(pictures_keys)},
	{.kind = "update", .key = update_keys, .keys = ARRAY_LEN(update_keys)},
	{NAMED("ups", ups_keys, ups_section, ups, upses), .defaults = &ups_defaults},
};

static const struct config defaults = {
	.run = "/run/shopkeeper",
	.state = "/var/lib/shopkeeper",
	.language = LANGUAGE_SV,
	.timezone = "Europe/Stockholm",
	.pictures = {.keep_hours = 72, .disk_mb = 512},
	.update = {.keys = "/etc/shopkeeper/release.keys", .every_minutes = 360},
};

/* ---- files that hold a secret ---- */

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

/** The first line of a file, 1 to `max` bytes. `word`: which word of the configuration names it. */
static bool secret_read(const char *file, const char *word, const char *path, char *secret,
			size_t max, char why[CONF_WHY_MAX])
{
	char line[GATEWAY_SECRET_MAX + 3] = {0};
	ssize_t len = file_read(path, line, sizeof(line) - 1);
	size_t end = strcspn(line, "\r\n");

	CHECK(max <= GATEWAY_SECRET_MAX);
	if (len < 0)
		return conf_refuse(why, "%s: %s '%s': %s", file, word, path, strerror((int)-len));
	if (end == 0 || end > max)
		return conf_refuse(why, "%s: %s '%s': its first line must be 1 to %zu characters",
				   file, word, path, max);
	memcpy(secret, line, end);
	explicit_bzero(line, sizeof(line));
	return true;
}

static bool pin_read(const char *file, struct config *c, char why[CONF_WHY_MAX])
{
	size_t digits;

	if (c->modem.pin_file[0] == '\0')
		return true;
	if (!secret_read(file, "pin_file", c->modem.pin_file, c->modem.pin,
			 sizeof(c->modem.pin) - 1, why))
		return false;
	digits = strspn(c->modem.pin, "0123456789");
	if (digits >= 4 && c->modem.pin[digits] == '\0')
		return true;
	return conf_refuse(why, "%s: pin_file '%s': its first line must be 4 to 8 digits", file,
			   c->modem.pin_file);
}

static bool secrets_read(const char *file, struct config *c, char why[CONF_WHY_MAX])
{
	if (c->gateway_fitted && !secret_read(file, "password_file", c->password_file,
					      c->gateway.password, GATEWAY_SECRET_MAX, why))
		return false;
	for (uint32_t i = 0; i < c->cameras; i++) {
		struct camera_section *camera = &c->camera[i];

		if (camera->password_file[0] != '\0' &&
		    !secret_read(file, "password_file", camera->password_file, camera->password,
				 GATEWAY_SECRET_MAX, why))
			return false;
	}
	return pin_read(file, c, why);
}

/* ---- what no line of the file can be blamed for ---- */

static bool roads_sound(const char *file, struct config *c, char why[CONF_WHY_MAX])
{
	const char *trouble;

	c->gateway_fitted = c->gateway.user[0] != '\0';
	c->modem.fitted = c->modem.bus[0] != '\0';
	if (strcmp(c->modem.bus, "system") == 0)
		c->modem.bus[0] = '\0';
	if (!c->gateway_fitted && !c->modem.fitted)
		return conf_refuse(why,
				   "%s: there is no way to send texts: add a [gateway], a [modem], "
				   "or both",
				   file);
	trouble = c->gateway_fitted ? gateway_address(&c->gateway, c->url) : NULL;
	return trouble == NULL || conf_refuse(why, "%s: [gateway]: %s", file, trouble);
}

static bool contacts_sound(const char *file, struct config *c, char why[CONF_WHY_MAX])
{
	if (c->contacts == 0)
		return conf_refuse(why,
				   "%s: there is nobody to tell: add a [contact NAME] with a phone",
				   file);
	for (uint32_t i = 0; i < c->contacts; i++) {
		struct contact_section *contact = &c->contact[i];

		if (contact->step == 0)
			contact->step = 1 + (int64_t)contact->role;
		if (contact->language == LANGUAGES)
			contact->language = c->language;
		for (uint32_t other = 0; other < i; other++)
			if (strcmp(c->contact[other].phone, contact->phone) == 0)
				return conf_refuse(why,
						   "%s: [contact %s] and [contact %s] have the "
						   "same phone: whose answer would it be?",
						   file, c->contact[other].name, contact->name);
	}
	return true;
}

static bool site_sound(const char *file, const struct config *c, char why[CONF_WHY_MAX])
{
	for (uint32_t i = 0; i < c->cameras; i++) {
		const struct camera_section *camera = &c->camera[i];

		if ((camera->url[0] == '\0') == (camera->onvif[0] == '\0'))
			return conf_refuse(
				why,
				"%s: [camera %s] must have either 'url = …' of a snapshot "
				"or 'onvif = …' of its device service",
				file, camera->name);
		if ((camera->user[0] == '\0') != (camera->password_file[0] == '\0'))
			return conf_refuse(why,
					   "%s: [camera %s] must have both 'user' and "
					   "'password_file', or neither",
					   file, camera->name);
	}
	for (uint32_t i = 0; i < c->upses; i++)
		if (c->ups[i].power[0] == '\0' && c->ups[i].battery[0] == '\0')
			return conf_refuse(why,
					   "%s: [ups %s] must name a sensor of shopd.conf: "
					   "'power = …', 'battery = …', or both",
					   file, c->ups[i].name);
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
	       roads_sound(file, ret, why) && contacts_sound(file, ret, why) &&
	       site_sound(file, ret, why) && secrets_read(file, ret, why);
}
