/*
 * config.c: what officed.conf may say. The table is the documentation: a word, where it goes, what
 * it may be. Whatever would fail only at night is looked at by `officed --check` too.
 *
 * Passwords and keys stand in files of their own, which nobody but officed may read (mode 0600): so
 * the configuration can be shown to anybody, and a file that was left open to others is refused
 * rather than used. A database's password belongs into PostgreSQL's own pgpass file.
 */
#include "officed/config.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/es256.h"
#include "db/db.h"
#include "net/http_server.h"
#include "officed/config_out.h"
#include "officed/private_file.h"
#include "token/claims.h"

/* in the order of enum right, which begins at 1 */
const char *const right_words[] = {"fleet", "members", "goods", "remote", "money", "pull", NULL};

#define TOP(member) offsetof(struct config, member)
#define TEXT(word, member)                                                                         \
	.name = word, .type = CONF_TEXT, .offset = TOP(member),                                    \
	.size = sizeof(((struct config *)0)->member)

/* ---- what a text must be: NULL, or the end of "it must be …" ---- */

static const char *path_rule(const char *text)
{
	return text[0] == '/' ? NULL : "an absolute path";
}

static const char *listen_rule(const char *text)
{
	return http_address_wrong(text) == NULL
		       ? NULL
		       : "127.0.0.1:PORT, [::1]:PORT or unix:/path: nginx with TLS stands in front";
}

static const char *database_rule(const char *text)
{
	return text[0] == '/' || db_where_is_postgres(text) ? NULL
							    : "an absolute path, or postgresql://…";
}

static const char *root_rule(const char *text)
{
	struct public_key key;

	return hex_parse(text, (uint32_t)strlen(text), &key, sizeof(key)) && es256_key_valid(&key)
		       ? NULL
		       : "128 hex digits, as `shopctl root make` prints them";
}

/** "*", or names of shops, spaced. */
static const char *shops_rule(const char *text)
{
	static const char want[] = "names of shops with spaces between them, or * for all";

	if (strcmp(text, "*") == 0)
		return NULL;
	while (*text != '\0') {
		uint32_t len = (uint32_t)strcspn(text, " ");

		if (!place_valid(text, len))
			return want;
		text += len;
		text += strspn(text, " ");
	}
	return NULL;
}

/* ---- values that are read here ---- */

static const char *key_read(const char *text, void *field)
{
	uint8_t bytes[COSE_KEY_SIZE];
	struct public_key key;

	if (!hex_parse(text, (uint32_t)strlen(text), bytes, sizeof(bytes)) ||
	    cose_key_parse((struct span){bytes, sizeof(bytes)}, &key) != COSE_KEY_GOOD ||
	    !es256_key_valid(&key))
		return "a public key in hex, as `shopctl token key` prints it";
	memcpy(field, &key, sizeof(key));
	return NULL;
}

static const char *sha256_read(const char *text, void *field)
{
	return hex_parse(text, (uint32_t)strlen(text), field, sizeof(struct sha256))
		       ? NULL
		       : "64 hex digits: the SHA-256 of the secret";
}

static const char *secret_read(const char *path, void *field)
{
	char line[SECRET_MAX + 1];

	if (private_line_read(path, line, sizeof(line)) != NULL)
		return "a file of mode 0600 whose first line is the password, at most 128 "
		       "characters";
	memcpy(field, line, sizeof(line));
	explicit_bzero(line, sizeof(line));
	return NULL;
}

/** A whole number of low..high, without a sign. */
static const char *number_read(const char *text, uint32_t low, uint32_t high, const char *want,
			       void *field)
{
	size_t len = strlen(text);
	unsigned long n = strtoul(text, NULL, 10);
	uint32_t value = (uint32_t)n;

	if (len == 0 || len > 9 || strspn(text, "0123456789") != len || n < low || n > high)
		return want;
	memcpy(field, &value, sizeof(value));
	return NULL;
}

static const char *workers_read(const char *text, void *field)
{
	return number_read(text, 1, WORKERS_MAX, "1 to 8", field);
}

static const char *shops_max_read(const char *text, void *field)
{
	return number_read(text, 1, 100000, "1 to 100000", field);
}

static const char *days_read(const char *text, void *field)
{
	return number_read(text, 1, 3650, "1 to 3650", field);
}

/* ---- the table ---- */

static const struct conf_key top_keys[] = {
	{TEXT("listen", listen), .rule = listen_rule},
	{TEXT("url", url), .required = true, .rule = out_url_rule},
	{TEXT("database", database), .rule = database_rule, .private = true},
	{TEXT("key_file", key_file), .rule = path_rule},
	{TEXT("keys_file", keys_file), .rule = path_rule},
	{TEXT("root", root), .required = true, .rule = root_rule},
	{TEXT("web", site.web), .rule = site_web_rule},
	{TEXT("page_hosts", site.hosts), .rule = site_hosts_rule},
	{TEXT("page_origins", site.origins), .rule = site_origins_rule},
	{TEXT("time_zone", site.time_zone), .rule = site_zone_rule},
	{.name = "workers", .type = CONF_OWN, .offset = TOP(workers), .read = workers_read},
	{.name = "shops_max", .type = CONF_OWN, .offset = TOP(shops_max), .read = shops_max_read},
	{.name = "private_webhooks", .type = CONF_BOOL, .offset = TOP(private_webhooks)},
	{.name = "keep_feed_days",
	 .type = CONF_OWN,
	 .offset = TOP(keep_feed_days),
	 .read = days_read},
};

static const struct conf_key operator_keys[] = {
	{.name = "key",
	 .type = CONF_OWN,
	 .offset = offsetof(struct operator_conf, key),
	 .read = key_read,
	 .required = true},
	{.name = "rights",
	 .type = CONF_LIST,
	 .offset = offsetof(struct operator_conf, rights),
	 .words = right_words,
	 .required = true},
	{.name = "shops",
	 .type = CONF_TEXT,
	 .offset = offsetof(struct operator_conf, shops),
	 .size = SHOPS_TEXT_MAX + 1,
	 .rule = shops_rule,
	 .required = true},
};

static const struct conf_key client_keys[] = {
	{.name = "secret_sha256",
	 .type = CONF_OWN,
	 .offset = offsetof(struct client_conf, secret),
	 .read = sha256_read,
	 .required = true},
	{.name = "shops",
	 .type = CONF_TEXT,
	 .offset = offsetof(struct client_conf, shops),
	 .size = SHOPS_TEXT_MAX + 1,
	 .rule = shops_rule,
	 .required = true},
};

static const struct conf_key gateway_keys[] = {
	{.name = "preset",
	 .type = CONF_WORD,
	 .offset = TOP(sms.preset),
	 .words = gateway_presets,
	 .required = true},
	{TEXT("url", sms.url), .rule = out_url_rule},
	{TEXT("user", sms.user), .required = true, .rule = out_user_rule},
	{.name = "password_file",
	 .type = CONF_OWN,
	 .offset = TOP(sms.password),
	 .read = secret_read,
	 .required = true},
	{TEXT("from", sms.from), .required = true, .rule = out_sender_rule},
};

static const struct conf_key mail_keys[] = {
	{TEXT("server", mail.server), .required = true, .rule = out_mail_server_rule},
	{TEXT("user", mail.user)},
	{.name = "password_file",
	 .type = CONF_OWN,
	 .offset = TOP(mail.password),
	 .read = secret_read},
	{TEXT("from", mail.from), .required = true, .rule = out_mail_from_rule},
};

static const struct conf_section sections[] = {
	{.kind = "", .key = top_keys, .keys = ARRAY_LEN(top_keys)},
	{.kind = "gateway", .key = gateway_keys, .keys = ARRAY_LEN(gateway_keys)},
	{.kind = "mail", .key = mail_keys, .keys = ARRAY_LEN(mail_keys)},
	{.kind = "operator",
	 .named = true,
	 .key = operator_keys,
	 .keys = ARRAY_LEN(operator_keys),
	 .offset = TOP(operator),
	 .stride = sizeof(struct operator_conf),
	 .max = OPERATORS_MAX,
	 .count_offset = TOP(operators),
	 .name_offset = offsetof(struct operator_conf, name)},
	{.kind = "client",
	 .named = true,
	 .key = client_keys,
	 .keys = ARRAY_LEN(client_keys),
	 .offset = TOP(client),
	 .stride = sizeof(struct client_conf),
	 .max = CLIENTS_MAX,
	 .count_offset = TOP(clients),
	 .name_offset = offsetof(struct client_conf, name)},
};

static const struct config defaults = {
	.listen = "127.0.0.1:18090",
	.database = "/var/lib/shopkeeper-office/office.db",
	.key_file = "/etc/shopkeeper/office.key",
	.keys_file = "/etc/shopkeeper/office.keys",
	.workers = 2,
	.shops_max = 12000,
	.keep_feed_days = 35,
	.site = {.web = "/usr/share/shopkeeper/web", .time_zone = "Europe/Stockholm"},
};

/** Two who would be taken for each other. */
static bool people_apart(const char *file, const struct config *c, char why[CONF_WHY_MAX])
{
	for (uint32_t i = 0; i < c->operators; i++)
		for (uint32_t j = 0; j < i; j++)
			if (memcmp(&c->operator[i].key, &c->operator[j].key,
				   sizeof(struct public_key)) == 0)
				return conf_refuse(
					why,
					"%s: [operator %s] and [operator %s] have the same "
					"key: nobody could tell who did what",
					file, c->operator[j].name, c->operator[i].name);
	for (uint32_t i = 0; i < c->clients; i++)
		for (uint32_t j = 0; j < i; j++)
			if (memcmp(&c->client[i].secret, &c->client[j].secret,
				   sizeof(struct sha256)) == 0)
				return conf_refuse(why,
						   "%s: [client %s] and [client %s] have the same "
						   "secret",
						   file, c->client[j].name, c->client[i].name);
	return true;
}

/** What no line of the file can be blamed for. */
static bool config_sound(const char *file, struct config *c, char why[CONF_WHY_MAX])
{
	for (uint32_t i = 0; i < c->operators; i++)
		c->operator[i].rights <<= 1; /* a bit per enum right, which begins at 1 */
	c->sms.given = c->sms.user[0] != '\0';
	c->mail.given = c->mail.server[0] != '\0';
	if (c->mail.given && (c->mail.user[0] != '\0') != (c->mail.password[0] != '\0'))
		return conf_refuse(why, "%s: [mail]: user and password_file go together", file);
	if (c->operators == 0)
		return conf_refuse(
			why,
			"%s: there is nobody who may do anything: add an [operator NAME] "
			"with key, rights and shops",
			file);
	return people_apart(file, c, why);
}

bool config_load(const char *path, struct config *ret, char why[CONF_WHY_MAX])
{
	char *text = malloc(CONF_TEXT_MAX + 1);
	const char *slash = strrchr(path, '/'), *file = slash != NULL ? slash + 1 : path;
	ssize_t len;
	bool good;

	if (text == NULL)
		return conf_refuse(why, "%s: no memory", path);
	len = file_read(path, text, CONF_TEXT_MAX + 1);
	*ret = defaults;
	good = len < 0 ? conf_refuse(why, "%s: %s", path, strerrordesc_np((int)-len))
		       : conf_parse(file, (struct span){(const uint8_t *)text, (uint32_t)len},
				    sections, ARRAY_LEN(sections), ret, why) &&
				 config_sound(file, ret, why);
	free(text);
	return good;
}
