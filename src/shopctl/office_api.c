/*
 * office_api.c: a request to the head office and what its answer means for the exit code. Each
 * bears a token of its own, made for this request by the operator's key, good for a minute and
 * once; an office that doubts this machine's clock gives a nonce, and the request is made again
 * with it.
 */
#include "shopctl/office_api.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crypto/es256.h"
#include "loop/loop.h"
#include "net/base64url.h"
#include "net/http_client.h"
#include "shopctl/ask.h"
#include "shopctl/keyfile.h"
#include "shopctl/text.h"

#define API_MS	       60000
#define API_ANSWER_MAX (1024 * 1024)
#define API_AUDIENCE   "office/admin"
#define TOKEN_LIFE_S   60

/* The operator's key, where he said, or where it is kept. */
static enum ctl_exit key_find(struct ctl *ctl, const char *operator_path, struct office_api *ret)
{
	char path[CTL_PATH_SIZE] = "";
	const char *home = getenv("HOME");
	enum ctl_exit code;

	if (!operator_path && home && ctl_path(path, home, OPERATOR_KEY_DEFAULT) &&
	    access(path, F_OK) == 0)
		operator_path = path;
	if (!operator_path)
		return CTL_DONE;
	code = keyfile_read(ctl, operator_path, &ret->key);
	ret->has_key = code == CTL_DONE;
	return code;
}

enum ctl_exit api_find(struct ctl *ctl, const char *operator_path, struct office_api *ret)
{
	enum ctl_exit code;
	union message m;

	memset(ret, 0, sizeof(*ret));
	message_init(&m, MESSAGE_STATUS, ASK_REQUEST);
	code = shop_call(ctl, &m, MESSAGE_STATUS_IS);
	if (code != CTL_DONE)
		return code;
	ret->enrolled = m.status_is.enrolled != 0;
	memcpy(ret->url, m.status_is.office, sizeof(ret->url));
	memcpy(ret->shop, m.status_is.shop, sizeof(ret->shop));
	if (!ret->enrolled)
		return CTL_DONE;
	return key_find(ctl, operator_path, ret);
}

enum ctl_exit api_at(struct ctl *ctl, const char *url, const char *operator_path,
		     struct office_api *ret)
{
	size_t len = strlen(url);

	memset(ret, 0, sizeof(*ret));
	while (len > 0 && url[len - 1] == '/')
		len--;
	if (len > OFFICE_URL_MAX)
		return ctl_usage(ctl, "the address is too long");
	memcpy(ret->url, url, len);
	ret->enrolled = true;
	return key_find(ctl, operator_path, ret);
}

void api_forget(struct office_api *api)
{
	explicit_bzero(api, sizeof(*api));
}

/* --- one request */

struct exchange {
	struct loop *loop;
	bool answered, whole;
	long status;
	char trouble[160];
	json_t *json; /* NULL: no body, or none that is JSON */
	char *bytes;  /* then: what it is */
	size_t len;
};

static void exchange_clear(struct exchange *x)
{
	json_decref(x->json);
	free(x->bytes);
	*x = (struct exchange){0};
}

static void on_answer(void *data, const struct http_answer *answer)
{
	struct exchange *x = data;

	x->answered = true;
	x->status = answer->status;
	x->whole = answer->whole;
	snprintf(x->trouble, sizeof(x->trouble), "%s", answer->trouble);
	if (answer->whole && answer->body.len > 0)
		x->json = json_loadb((const char *)answer->body.data, answer->body.len,
				     JSON_REJECT_DUPLICATES, NULL);
	if (answer->whole && answer->body.len > 0 && !x->json) {
		x->bytes = malloc(answer->body.len);
		CHECK(x->bytes);
		memcpy(x->bytes, answer->body.data, answer->body.len);
		x->len = answer->body.len;
	}
	loop_stop(x->loop);
}

static int exchange(struct http_ask *ask, struct exchange *x)
{
	struct http_client *client = NULL;
	int r = loop_new(&x->loop);

	if (r == 0)
		r = http_client_new(x->loop, &client);
	if (r == 0)
		r = http_ask(client, ask, on_answer, x);
	if (r == 0)
		r = loop_run(x->loop);
	http_client_free(client);
	loop_free(x->loop);
	return r < 0 ? r : x->answered ? 0 : -EINTR;
}

/** "SK1 <token>" of this moment; `nonce` may be NULL. */
static bool authorization(const struct office_api *api, const uint8_t *nonce, char *text)
{
	struct shoptoken_claims claims = {.audience = API_AUDIENCE,
					  .iat_s = loop_wall().ms / 1000,
					  .cti_len = SHOPTOKEN_CTI_MAX};
	struct shoptoken_token token;

	claims.exp_s = claims.iat_s + TOKEN_LIFE_S;
	random_bytes(claims.cti, claims.cti_len);
	if (nonce) {
		claims.has_nonce = 1;
		memcpy(claims.nonce, nonce, sizeof(claims.nonce));
	}
	if (shoptoken_sign(&api->key, &claims, &token) != 0)
		return false;
	memcpy(text, "SK1 ", 4);
	base64url_encode(token.byte, (uint32_t)token.len, text + 4);
	return true;
}

/** Whether the office doubts our clock, and the nonce that it gave. */
static bool stale(const struct exchange *x, uint8_t nonce[NONCE_SIZE])
{
	const char *code = json_string_value(json_object_get(x->json, "code"));
	const char *hex = json_string_value(json_object_get(x->json, "nonce"));

	return x->status == 401 && code && hex && strcmp(code, "stale") == 0 &&
	       hex_parse(hex, (uint32_t)strnlen(hex, 64), nonce, NONCE_SIZE);
}

static enum ctl_exit said(struct ctl *ctl, const struct office_api *api, const struct exchange *x,
			  int error, bool quiet)
{
	const char *detail = json_string_value(json_object_get(x->json, "detail"));
	bool reached = error == 0 && x->status != 0 && x->whole;

	if (reached && x->status >= 200 && x->status < 300)
		return CTL_DONE;
	if (reached && x->status < 500 && x->status != 429)
		return quiet ? CTL_REFUSED
			     : ctl_fail(ctl, CTL_REFUSED, "the office refuses: %s",
					detail ? detail : "no reason given");
	if (quiet)
		return CTL_UNREACHABLE;
	if (reached)
		return ctl_fail(ctl, CTL_UNREACHABLE,
				"the office at %s cannot answer now (%ld): %s", api->url, x->status,
				detail ? detail : "try again in a minute");
	return ctl_fail(ctl, CTL_UNREACHABLE, "the office at %s is out of reach: %s", api->url,
			error < 0	? strerror(-error)
			: x->trouble[0] ? x->trouble
					: "its answer was cut off");
}

/* The request, once more where the office doubts our clock; the caller clears *x. */
static enum ctl_exit call(struct ctl *ctl, const struct office_api *api, const char *method,
			  const char *path, const char *content_type, struct span body, bool quiet,
			  struct exchange *x)
{
	char url[HTTP_URL_MAX], proof[4 + BASE64URL_LEN(SHOPTOKEN_TOKEN_MAX) + 1];
	uint8_t nonce[NONCE_SIZE];
	struct http_ask ask = {.method = method,
			       .url = url,
			       .authorization = proof,
			       .content_type = content_type,
			       .body = body,
			       .answer_max = API_ANSWER_MAX,
			       .total_ms = API_MS};
	int error;

	if (!api->has_key)
		return ctl_fail(
			ctl, CTL_REFUSED,
			"refused: members, prices and passes come from the office at %s: an "
			"operator's key is needed (--operator FILE, or ~/" OPERATOR_KEY_DEFAULT ")",
			api->url);
	if (snprintf(url, sizeof(url), "%s%s", api->url, path) >= (int)sizeof(url))
		return ctl_usage(ctl, "the address is too long");
	if (!authorization(api, NULL, proof))
		return ctl_fail(ctl, CTL_INTERNAL, "no token could be made");
	error = exchange(&ask, x);
	if (error == 0 && stale(x, nonce) && authorization(api, nonce, proof)) {
		exchange_clear(x);
		error = exchange(&ask, x);
	}
	explicit_bzero(proof, sizeof(proof));
	return said(ctl, api, x, error, quiet);
}

enum ctl_exit api_call(struct ctl *ctl, const struct office_api *api, const char *method,
		       const char *path, const char *content_type, struct span body, bool quiet,
		       json_t **ret)
{
	struct exchange x = {0};
	enum ctl_exit code = call(ctl, api, method, path, content_type, body, quiet, &x);

	*ret = code == CTL_DONE ? json_incref(x.json) : NULL;
	exchange_clear(&x);
	return code;
}

enum ctl_exit api_call_any(struct ctl *ctl, const struct office_api *api, const char *method,
			   const char *path, const char *content_type, struct span body,
			   json_t **ret, char **ret_bytes, size_t *ret_len)
{
	struct exchange x = {0};
	enum ctl_exit code = call(ctl, api, method, path, content_type, body, false, &x);

	*ret = code == CTL_DONE ? json_incref(x.json) : NULL;
	*ret_bytes = code == CTL_DONE ? x.bytes : NULL;
	*ret_len = x.len;
	if (code == CTL_DONE)
		x.bytes = NULL;
	exchange_clear(&x);
	return code;
}

enum ctl_exit api_call_json(struct ctl *ctl, const struct office_api *api, const char *method,
			    const char *path, json_t *body, bool quiet, json_t **ret)
{
	char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
	enum ctl_exit code;

	json_decref(body);
	if (!text)
		return ctl_fail(ctl, CTL_INTERNAL, "out of memory");
	code = api_call(ctl, api, method, path, "application/json",
			(struct span){(const uint8_t *)text, (uint32_t)strlen(text)}, quiet, ret);
	free(text);
	return code;
}
