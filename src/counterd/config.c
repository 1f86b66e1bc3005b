/*
 * config.c: counterd.conf. What conf.h's table cannot say is checked here: an address that is not
 * loopback, a list of host names, a currency. A wrong word stops the program before it listens, and
 * `counterd --check` says the same without starting it.
 */
#include "counterd/config.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "net/http_server.h"

static const char *const language_words[] = {"sv", "en", NULL};

static const char *web_rule(const char *text)
{
	return text[0] == '/' ? NULL : "an absolute path";
}

static const char *office_rule(const char *text)
{
	return pages_origin_valid(text) ? NULL
					: "the origin of the office as browsers reach it, like "
					  "https://office.example: no path, no slash at its end";
}

#define TEXT(name_, field_, required_, ...)                                                        \
	{                                                                                          \
		.name = (name_), .type = CONF_TEXT, .offset = offsetof(struct config, field_),     \
		.size = sizeof(((struct config *)0)->field_), .required = (required_), __VA_ARGS__ \
	}

static const struct conf_key keys[] = {
	{.name = "shop",
	 .type = CONF_PLACE,
	 .offset = offsetof(struct config, shop),
	 .required = true},
	TEXT("run", run, false),
	TEXT("state", state, false),
	TEXT("listen", listen, false),
	TEXT("hosts", hosts_text, false),
	TEXT("currency", currency, false),
	TEXT("web", web, false, .rule = web_rule),
	TEXT("office", office, false, .rule = office_rule),
	{.name = "language",
	 .type = CONF_WORD,
	 .offset = offsetof(struct config, language),
	 .words = language_words},
};

static const struct conf_section sections[] = {
	{.kind = "", .key = keys, .keys = ARRAY_LEN(keys)},
};

static bool host_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '.' || c == '_';
}

/* The next name of the list from *at on, or NULL at its end; *ret_len is 0 where a character is
 * wrong. */
static const char *host_next(const char **at, uint32_t *ret_len)
{
	const char *name = *at + strspn(*at, " ,\t");
	uint32_t len = (uint32_t)strcspn(name, " ,\t");

	*at = name + len;
	*ret_len = len < CONFIG_HOST_MAX ? len : 0;
	for (uint32_t i = 0; i < len; i++)
		if (!host_char(name[i]))
			*ret_len = 0;
	return len > 0 ? name : NULL;
}

static const char *hosts_split(struct config *c)
{
	const char *at = c->hosts_text, *name;
	uint32_t len;

	while ((name = host_next(&at, &len)) != NULL) {
		if (len == 0)
			return "hosts: want names like viken.example, without a port";
		if (c->hosts == CONFIG_HOSTS_MAX)
			return "hosts: at most 8 names";
		memcpy(c->host[c->hosts], name, len);
		c->host[c->hosts++][len] = '\0';
	}
	return NULL;
}

static const char *currency_wrong(const char *text)
{
	for (int i = 0; i < 3; i++)
		if (text[i] < 'A' || text[i] > 'Z')
			return "currency: want three capitals of ISO 4217, like SEK";
	return text[3] ? "currency: want three capitals of ISO 4217, like SEK" : NULL;
}

static const char *values_wrong(struct config *c, char why[CONFIG_WHY_MAX])
{
	const char *wrong = http_address_wrong(c->listen);

	if (wrong) {
		snprintf(why, CONFIG_WHY_MAX, "listen = %.80s: %s", c->listen, wrong);
		return why;
	}
	if (c->run[0] != '/' || c->state[0] != '/')
		return "run and state: want absolute paths";
	wrong = currency_wrong(c->currency);
	return wrong ? wrong : hosts_split(c);
}

bool config_parse(const char *file, struct span text, struct config *ret, char why[CONFIG_WHY_MAX])
{
	struct config c = {
		.run = "/run/shopkeeper",
		.state = "/var/lib/shopkeeper",
		.listen = "127.0.0.1:18080",
		.web = "/usr/share/shopkeeper/web",
		.currency = "SEK",
		.language = LANGUAGE_SV,
	};
	char value_why[CONFIG_WHY_MAX];
	const char *wrong;

	if (!conf_parse(file, text, sections, ARRAY_LEN(sections), &c, why))
		return false;
	wrong = values_wrong(&c, value_why);
	if (wrong) {
		snprintf(why, CONFIG_WHY_MAX, "%.60s: %.160s", file, wrong);
		return false;
	}
	*ret = c;
	return true;
}

bool config_load(const char *path, struct config *ret, char why[CONFIG_WHY_MAX])
{
	char *text = malloc(CONF_TEXT_MAX + 1);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = -1;
	uint32_t len = 0;
	bool good;

	while (text && fd >= 0 && len <= CONF_TEXT_MAX &&
	       (n = read(fd, text + len, CONF_TEXT_MAX + 1 - len)) > 0)
		len += (uint32_t)n;
	if (!text || n < 0) {
		snprintf(why, CONFIG_WHY_MAX, "%.160s: %s", path,
			 text ? strerrordesc_np(errno) : "no memory");
		good = false;
	} else {
		good = config_parse(path, (struct span){(const uint8_t *)text, len}, ret, why);
	}
	if (fd >= 0)
		close(fd);
	free(text);
	return good;
}

static bool name_is(const char *host, size_t len, const char *name)
{
	return strlen(name) == len && strncasecmp(host, name, len) == 0;
}

/* The host's name ends at its port; an IPv6 address stands in brackets. */
static size_t host_name_len(const char *host)
{
	const char *close = host[0] == '[' ? strchr(host, ']') : NULL;

	return close ? (size_t)(close + 1 - host) : strcspn(host, ":");
}

static bool port_or_nothing(const char *text)
{
	if (*text == '\0')
		return true;
	return text[0] == ':' && strlen(text) <= 6 &&
	       strspn(text + 1, "0123456789") == strlen(text + 1);
}

bool config_host_known(const struct config *c, const char *host)
{
	size_t len = host_name_len(host);

	if (!port_or_nothing(host + len))
		return false;
	if (name_is(host, len, "127.0.0.1") || name_is(host, len, "localhost") ||
	    name_is(host, len, "[::1]"))
		return true;
	for (uint32_t i = 0; i < c->hosts; i++)
		if (name_is(host, len, c->host[i]))
			return true;
	return false;
}
