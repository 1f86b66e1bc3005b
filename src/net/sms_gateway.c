/*
 * sms_gateway.c: request shapes. Both gateways take a form by POST with basic authentication and
 * differ in words and address only; a third one that does is a row more.
 *
 * What an answer means is the same for all: 2xx has taken the text, even when the body behind it
 * was cut off; 408, 425, 429 and 5xx may yet; every other answer, a redirect too, is final, for the
 * same request would get it again.
 */
#include "net/sms_gateway.h"

#include <stdio.h>
#include <string.h>

struct preset {
	const char *server;
	const char *path; /* "{user}": the account */
	const char *from, *to, *text;
};

static const struct preset presets[] = {
	{.server = "https://api.46elks.com",
	 .path = "/a1/sms",
	 .from = "from",
	 .to = "to",
	 .text = "message"},
	{.server = "https://api.twilio.com",
	 .path = "/2010-04-01/Accounts/{user}/Messages.json",
	 .from = "From",
	 .to = "To",
	 .text = "Body"},
};
const char *const gateway_presets[] = {"46elks", "twilio", NULL};

_Static_assert(ARRAY_LEN(gateway_presets) == ARRAY_LEN(presets) + 1, "a name for each preset");

/* ---- the form ---- */

static bool unreserved(uint8_t byte)
{
	return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
	       (byte >= '0' && byte <= '9') || (byte != 0 && strchr("-._~", byte) != NULL);
}

static void build_text(struct builder *b, const char *text)
{
	build_bytes(b, text, (uint32_t)strlen(text));
}

/** RFC 3986 percent-encoding: a form's reader takes "%20" as it takes "+". */
static void build_encoded(struct builder *b, const char *text)
{
	static const char digits[] = "0123456789ABCDEF";

	for (; *text != '\0'; text++) {
		uint8_t byte = (uint8_t)*text;

		if (unreserved(byte)) {
			build_u8(b, byte);
			continue;
		}
		build_u8(b, '%');
		build_u8(b, (uint8_t)digits[byte >> 4]);
		build_u8(b, (uint8_t)digits[byte & 15]);
	}
}

static void build_field(struct builder *b, const char *name, const char *value)
{
	if (b->len > 0)
		build_u8(b, '&');
	build_text(b, name);
	build_u8(b, '=');
	build_encoded(b, value);
}

bool gateway_body(const struct gateway *g, const char *to, const char *words, struct builder *body)
{
	const struct preset *preset = &presets[g->preset];

	build_field(body, preset->from, g->from);
	build_field(body, preset->to, to);
	build_field(body, preset->text, words);
	return !body->failed;
}

/* ---- the address ---- */

/** Where the path of a URL begins, or its end. */
static const char *path_of(const char *url)
{
	const char *host = strstr(url, "://");

	return host != NULL ? host + 3 + strcspn(host + 3, "/?#") : url + strlen(url);
}

const char *gateway_address(struct gateway *g, const char *url)
{
	const struct preset *preset = &presets[g->preset];
	struct builder b = builder_of(g->url, HTTP_URL_MAX);
	const char *server = url[0] != '\0' ? url : preset->server, *path = path_of(server);
	const char *account;

	CHECK(g->preset < ARRAY_LEN(presets));
	build_bytes(&b, server, (uint32_t)(path - server));
	if (path[0] == '\0' || strcmp(path, "/") == 0)
		path = preset->path;
	account = strstr(path, "{user}");
	build_bytes(&b, path,
		    (uint32_t)(account != NULL ? (size_t)(account - path) : strlen(path)));
	if (account != NULL) {
		build_encoded(&b, g->user);
		build_text(&b, account + strlen("{user}"));
	}
	if (b.failed)
		return "the URL is too long";
	g->url[b.len] = '\0';
	return http_url_allowed(g->url);
}

/* ---- the answer ---- */

enum sms_outcome gateway_outcome(const struct http_answer *answer)
{
	long status = answer->status;

	if (status >= 200 && status < 300)
		return SMS_ACCEPTED;
	if (status < 200 || status >= 500 || status == 408 || status == 425 || status == 429)
		return SMS_TROUBLE;
	return SMS_REFUSED;
}

/* ---- numbers ---- */

bool phone_valid(const char *text)
{
	size_t digits = strspn(text + (text[0] == '+'), "0123456789");

	return text[0] == '+' && text[1] != '0' && digits >= 7 && digits <= 15 &&
	       text[1 + digits] == '\0';
}

bool sender_valid(const char *text)
{
	static const char digits[] = "0123456789";
	size_t len = strlen(text);

	if (phone_valid(text))
		return true;
	if (len == 0 || len > 11 || strspn(text, digits) == len)
		return false;
	return strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") ==
	       len;
}
