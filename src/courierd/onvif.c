/*
 * onvif.c: the requests, as text, and whose address is believed. The password is in none:
 * WS-Security wants SHA-1 over a nonce, a time and it; SHA-1 is what the standard and every camera
 * know.
 */
#include "courierd/onvif.h"

#include <openssl/evp.h>
#include <string.h>
#include <strings.h>

#include "base/base64.h"

#define WSS "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"

static const struct {
	const char *service, *request, *inside;
} steps[ONVIF_STEPS] = {
	[ONVIF_CLOCK] = {"device", "GetSystemDateAndTime", ""},
	[ONVIF_SERVICES] = {"device", "GetCapabilities", "<Category>Media</Category>"},
	[ONVIF_PROFILES] = {"media", "GetProfiles", ""},
	[ONVIF_SNAPSHOT] = {"media", "GetSnapshotUri", NULL},
};

static const char *const actions[ONVIF_STEPS] = {
	[ONVIF_CLOCK] = "http://www.onvif.org/ver10/device/wsdl/GetSystemDateAndTime",
	[ONVIF_SERVICES] = "http://www.onvif.org/ver10/device/wsdl/GetCapabilities",
	[ONVIF_PROFILES] = "http://www.onvif.org/ver10/media/wsdl/GetProfiles",
	[ONVIF_SNAPSHOT] = "http://www.onvif.org/ver10/media/wsdl/GetSnapshotUri",
};

const char *onvif_action(enum onvif_step step)
{
	CHECK(step < ONVIF_STEPS);
	return actions[step];
}

/* ---- a request ---- */

static void text(struct builder *b, const char *t)
{
	build_bytes(b, t, (uint32_t)strlen(t));
}

/* What XML would take for its own. */
static void escaped(struct builder *b, const char *t)
{
	for (; *t != '\0'; t++) {
		switch (*t) {
		case '&':
			text(b, "&amp;");
			break;
		case '<':
			text(b, "&lt;");
			break;
		case '>':
			text(b, "&gt;");
			break;
		default:
			build_u8(b, (uint8_t)*t);
		}
	}
}

static void password_digest(const struct onvif_proof *p, const char *created,
			    char text64[BASE64_SIZE(20)])
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned int len = 0;

	CHECK(md != NULL && EVP_DigestInit_ex(md, EVP_sha1(), NULL) == 1 &&
	      EVP_DigestUpdate(md, p->nonce, sizeof(p->nonce)) == 1 &&
	      EVP_DigestUpdate(md, created, strlen(created)) == 1 &&
	      EVP_DigestUpdate(md, p->password, strlen(p->password)) == 1 &&
	      EVP_DigestFinal_ex(md, digest, &len) == 1 && len == 20);
	EVP_MD_CTX_free(md);
	base64_encode(digest, len, text64);
}

static void header(struct builder *b, const struct onvif_proof *p)
{
	char created[WALL_TEXT_SIZE], digest[BASE64_SIZE(20)], nonce[BASE64_SIZE(ONVIF_NONCE_SIZE)];

	wall_text(p->created, created);
	memcpy(strchr(created, '.'), "Z", 2); /* whole seconds: what every camera can read */
	password_digest(p, created, digest);
	base64_encode(p->nonce, sizeof(p->nonce), nonce);
	text(b, "<s:Header><Security s:mustUnderstand=\"1\" xmlns=\"" WSS
		"wssecurity-secext-1.0.xsd\"><UsernameToken><Username>");
	escaped(b, p->user);
	text(b, "</Username><Password Type=\"" WSS "username-token-profile-1.0#PasswordDigest\">");
	text(b, digest);
	text(b,
	     "</Password><Nonce EncodingType=\"" WSS "soap-message-security-1.0#Base64Binary\">");
	text(b, nonce);
	text(b, "</Nonce><Created xmlns=\"" WSS "wssecurity-utility-1.0.xsd\">");
	text(b, created);
	text(b, "</Created></UsernameToken></Security></s:Header>");
}

void onvif_request(enum onvif_step step, const struct onvif_proof *proof, const char *profile,
		   struct builder *b)
{
	CHECK(step < ONVIF_STEPS);
	text(b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
		"<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\">");
	if (proof != NULL)
		header(b, proof);
	text(b, "<s:Body><");
	text(b, steps[step].request);
	text(b, " xmlns=\"http://www.onvif.org/ver10/");
	text(b, steps[step].service);
	text(b, "/wsdl\">");
	if (steps[step].inside != NULL) {
		text(b, steps[step].inside);
	} else {
		text(b, "<ProfileToken>");
		escaped(b, profile);
		text(b, "</ProfileToken>");
	}
	text(b, "</");
	text(b, steps[step].request);
	text(b, "></s:Body></s:Envelope>");
	CHECK(!b->failed);
}

/* ---- whose address is believed ---- */

/* "http://host:port" of a URL; 0 when it has no such beginning. */
static size_t origin_len(const char *url)
{
	size_t scheme = strncasecmp(url, "http://", 7) == 0    ? 7
			: strncasecmp(url, "https://", 8) == 0 ? 8
							       : 0;

	return scheme == 0 ? 0 : scheme + strcspn(url + scheme, "/?#");
}

/* Its host: without a user in front of it and a port behind it. */
static struct span host_of(const char *url, size_t origin)
{
	const char *from = strstr(url, "//") + 2, *end = url + origin;
	const char *at = memrchr(from, '@', (size_t)(end - from));
	const char *colon;

	if (at != NULL)
		from = at + 1;
	colon = memrchr(from, ':', (size_t)(end - from));
	if (colon != NULL && memchr(colon, ']', (size_t)(end - colon)) == NULL)
		end = colon;
	return (struct span){(const uint8_t *)from, (uint32_t)(end - from)};
}

static bool same_host(const char *a, size_t a_origin, const char *b, size_t b_origin)
{
	struct span x = host_of(a, a_origin), y = host_of(b, b_origin);

	return x.len == y.len &&
	       strncasecmp((const char *)x.data, (const char *)y.data, x.len) == 0;
}

static bool join(const char *origin, size_t origin_len_, const char *path,
		 char url[HTTP_URL_MAX + 1])
{
	size_t path_len = strcspn(path, "#"), slash = path[0] == '/' ? 0 : 1;

	if (origin_len_ + slash + path_len > HTTP_URL_MAX)
		return false;
	memcpy(url, origin, origin_len_);
	for (size_t i = 0; url[i] != ':'; i++)
		url[i] |= 0x20; /* the scheme's letters, small */
	if (slash)
		url[origin_len_] = '/';
	memcpy(url + origin_len_ + slash, path, path_len);
	url[origin_len_ + slash + path_len] = '\0';
	return http_url_on_site(url) == NULL;
}

bool onvif_address(const char *camera, const char *said, char url[HTTP_URL_MAX + 1])
{
	size_t own = origin_len(camera), theirs = origin_len(said);
	bool private = strncasecmp(camera, "https:", 6) != 0 || strncasecmp(said, "https:", 6) == 0;

	if (own == 0 || theirs == 0)
		return false;
	if (private && same_host(camera, own, said, theirs) && memchr(said, '@', theirs) == NULL &&
	    join(said, theirs, said + theirs, url))
		return true;
	return join(camera, own, said + theirs, url);
}
