/*
 * http_client.c: libcurl's multi interface as guest of the loop. libcurl says which sockets it
 * wants watched and when it wants to be woken; both become a watch and a timer, so that a request
 * costs no thread and an idle client costs nothing at all (no pool of connections stays open: these
 * requests are rare, and a connection that is kept is one that fails when it matters).
 *
 * Each request is a `struct call`: its easy handle, its body, what came back. A call ends in one
 * place, call_end(), which tells the caller and frees it.
 */
#include "net/http_client.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

struct call {
	struct http_client *client;
	CURL *easy;
	struct curl_slist *headers;
	http_done_fn *done;
	void *data;
	uint8_t *answer; /* HTTP_ANSWER_MAX at most */
	uint32_t answer_len;
	char trouble[CURL_ERROR_SIZE];
};

struct http_client {
	struct loop *loop;
	CURLM *multi;
	struct timer *timer;
	struct call *call[HTTP_RUNNING_MAX]; /* NULL: free */
};

/* ---- where a request may go ---- */

/** The host of "scheme://host[:port][/…]" without its brackets; false when it does not fit. */
static bool host_of(const char *after_scheme, char *host, size_t size)
{
	size_t len = strcspn(after_scheme, ":/?#");

	if (after_scheme[0] == '[') {
		const char *end = strchr(after_scheme, ']');

		if (end == NULL)
			return false;
		after_scheme++;
		len = (size_t)(end - after_scheme);
	}
	if (len == 0 || len >= size)
		return false;
	memcpy(host, after_scheme, len);
	host[len] = '\0';
	return true;
}

/** An address, not a name: what "localhost" means is for a resolver to say. */
static bool host_is_loopback(const char *host)
{
	struct in_addr four;
	struct in6_addr six;

	if (inet_pton(AF_INET, host, &four) == 1)
		return ntohl(four.s_addr) >> 24 == 127;
	return inet_pton(AF_INET6, host, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

const char *http_url_allowed(const char *url)
{
	bool plain = strncmp(url, "http://", 7) == 0;
	const char *rest = url + (plain ? 7 : 8);
	char host[256];

	if (strlen(url) > HTTP_URL_MAX)
		return "the URL is too long";
	for (const char *c = url; *c != '\0'; c++)
		if ((unsigned char)*c <= ' ' || (unsigned char)*c >= 0x7f || *c == '\\')
			return "the URL holds a character that no URL may hold";
	if (!plain && strncmp(url, "https://", 8) != 0)
		return "the URL must begin with https://";
	if (memchr(rest, '@', strcspn(rest, "/?#")) != NULL)
		return "user and password do not belong in the URL";
	if (!host_of(rest, host, sizeof(host)))
		return "the URL names no host";
	if (plain && !host_is_loopback(host))
		return "plain http is for 127.0.0.1 and [::1] only: use https";
	return NULL;
}

/* ---- a call ---- */

static size_t on_body(char *bytes, size_t one, size_t len, void *data)
{
	struct call *call = data;

	CHECK(one == 1);
	if (len > HTTP_ANSWER_MAX - call->answer_len)
		return 0; /* libcurl ends the transfer: the answer is cut off */
	memcpy(call->answer + call->answer_len, bytes, len);
	call->answer_len += (uint32_t)len;
	return len;
}

static void call_free(struct call *call)
{
	if (call == NULL)
		return;
	curl_easy_cleanup(call->easy);
	curl_slist_free_all(call->headers);
	free(call->answer);
	free(call);
}

static void call_end(struct call *call, CURLcode result)
{
	struct http_client *c = call->client;
	struct http_answer answer = {.retry_after_s = -1, .whole = result == CURLE_OK};
	curl_off_t retry_after = 0;

	curl_multi_remove_handle(c->multi, call->easy);
	for (uint32_t i = 0; i < HTTP_RUNNING_MAX; i++)
		if (c->call[i] == call)
			c->call[i] = NULL;
	curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &answer.status);
	if (curl_easy_getinfo(call->easy, CURLINFO_RETRY_AFTER, &retry_after) == CURLE_OK &&
	    retry_after > 0)
		answer.retry_after_s = retry_after;
	if (!answer.whole)
		answer.trouble =
			call->trouble[0] != '\0' ? call->trouble : curl_easy_strerror(result);
	else
		answer.trouble = "";
	answer.body = (struct span){call->answer, call->answer_len};
	call->done(call->data, &answer);
	call_free(call);
}

/** Ends every call that libcurl says is over. A callback may start new ones, never free the client.
 */
static void reap(struct http_client *c)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(c->multi, &left)) != NULL) {
		CURLcode result = message->data.result;
		char *call;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &call);
		call_end((struct call *)(void *)call, result);
	}
}

/* ---- libcurl in the loop ---- */

static void on_socket_ready(void *data, int fd, uint32_t events)
{
	struct http_client *c = data;
	int what = 0, running;

	if (events & EPOLLIN)
		what |= CURL_CSELECT_IN;
	if (events & EPOLLOUT)
		what |= CURL_CSELECT_OUT;
	if (events & (EPOLLERR | EPOLLHUP))
		what |= CURL_CSELECT_ERR;
	curl_multi_socket_action(c->multi, fd, what, &running);
	reap(c);
}

static void on_timer(void *data)
{
	struct http_client *c = data;
	int running;

	curl_multi_socket_action(c->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	reap(c);
}

/** libcurl wants `fd` watched, or not any more; the watch is kept with the socket. */
static int want_socket(CURL *easy, curl_socket_t fd, int what, void *data, void *of_socket)
{
	struct http_client *c = data;
	struct watch *watch = of_socket;
	uint32_t events = 0;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		watch_free(watch);
		curl_multi_assign(c->multi, fd, NULL);
		return 0;
	}
	if (what & CURL_POLL_IN)
		events |= EPOLLIN;
	if (what & CURL_POLL_OUT)
		events |= EPOLLOUT;
	if (watch != NULL)
		return watch_set(watch, events) == 0 ? 0 : -1;
	if (watch_add(c->loop, fd, events, WATCH_NORMAL, on_socket_ready, c, &watch) != 0)
		return -1;
	curl_multi_assign(c->multi, fd, watch);
	return 0;
}

static int want_timer(CURLM *multi, long ms, void *data)
{
	struct http_client *c = data;

	(void)multi;
	timer_arm(c->timer, ms < 0 ? MONO_NEVER : mono_add(loop_mono(), ms));
	return 0;
}

int http_client_new(struct loop *loop, struct http_client **ret)
{
	struct http_client *c = calloc(1, sizeof(*c));
	int r;

	if (c == NULL)
		return -ENOMEM;
	c->loop = loop;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0) {
		free(c);
		return -ENOMEM;
	}
	r = timer_add(loop, WATCH_NORMAL, 0, on_timer, c, &c->timer);
	c->multi = r == 0 ? curl_multi_init() : NULL;
	if (c->multi == NULL) {
		http_client_free(c);
		return r != 0 ? r : -ENOMEM;
	}
	curl_multi_setopt(c->multi, CURLMOPT_SOCKETFUNCTION, want_socket);
	curl_multi_setopt(c->multi, CURLMOPT_SOCKETDATA, c);
	curl_multi_setopt(c->multi, CURLMOPT_TIMERFUNCTION, want_timer);
	curl_multi_setopt(c->multi, CURLMOPT_TIMERDATA, c);
	*ret = c;
	return 0;
}

void http_client_free(struct http_client *c)
{
	if (c == NULL)
		return;
	for (uint32_t i = 0; i < HTTP_RUNNING_MAX; i++) {
		if (c->call[i] != NULL)
			curl_multi_remove_handle(c->multi, c->call[i]->easy);
		call_free(c->call[i]);
	}
	if (c->multi != NULL)
		curl_multi_cleanup(c->multi);
	timer_free(c->timer);
	curl_global_cleanup();
	free(c);
}

/* ---- a request ---- */

static struct call *call_new(struct http_client *c, const struct http_post *post)
{
	struct call *call = calloc(1, sizeof(*call));
	char type[128] = "Content-Type: ";

	if (call == NULL)
		return NULL;
	call->client = c;
	call->easy = curl_easy_init();
	call->answer = malloc(HTTP_ANSWER_MAX);
	strncat(type, post->content_type, sizeof(type) - strlen(type) - 1);
	call->headers = curl_slist_append(NULL, type);
	if (call->easy == NULL || call->answer == NULL || call->headers == NULL) {
		call_free(call);
		return NULL;
	}
	return call;
}

/** What every request has in common: its bounds, and what it must not do. */
static void call_bound(struct call *call)
{
	curl_easy_setopt(call->easy, CURLOPT_NOSIGNAL, 1L);
	/* else the end of a call waits for a resolver thread whose server does not answer: the
	 * whole loop would stand still for it */
	curl_easy_setopt(call->easy, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(call->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)HTTP_CONNECT_MS);
	curl_easy_setopt(call->easy, CURLOPT_TIMEOUT_MS, (long)HTTP_TOTAL_MS);
	curl_easy_setopt(call->easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(call->easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(call->easy, CURLOPT_PROXY, "");
	curl_easy_setopt(call->easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(call->easy, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(call->easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(call->easy, CURLOPT_FORBID_REUSE, 1L);
	curl_easy_setopt(call->easy, CURLOPT_USERAGENT, "shopkeeper");
	curl_easy_setopt(call->easy, CURLOPT_ERRORBUFFER, call->trouble);
	curl_easy_setopt(call->easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(call->easy, CURLOPT_WRITEDATA, call);
	curl_easy_setopt(call->easy, CURLOPT_PRIVATE, call);
}

static CURLcode call_fill(struct call *call, const struct http_post *post)
{
	CURLcode r = curl_easy_setopt(call->easy, CURLOPT_URL, post->url);

	if (r == CURLE_OK)
		r = curl_easy_setopt(call->easy, CURLOPT_HTTPHEADER, call->headers);
	if (r == CURLE_OK)
		r = curl_easy_setopt(call->easy, CURLOPT_POSTFIELDSIZE, (long)post->body.len);
	if (r == CURLE_OK)
		r = curl_easy_setopt(call->easy, CURLOPT_COPYPOSTFIELDS,
				     (const char *)post->body.data);
	if (r == CURLE_OK && post->user != NULL)
		r = curl_easy_setopt(call->easy, CURLOPT_USERNAME, post->user);
	if (r == CURLE_OK && post->password != NULL)
		r = curl_easy_setopt(call->easy, CURLOPT_PASSWORD, post->password);
	if (r == CURLE_OK && post->user != NULL)
		r = curl_easy_setopt(call->easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
	return r;
}

static int slot_free(const struct http_client *c, uint32_t *ret)
{
	for (uint32_t i = 0; i < HTTP_RUNNING_MAX; i++) {
		if (c->call[i] == NULL) {
			*ret = i;
			return 0;
		}
	}
	return -EBUSY;
}

int http_post(struct http_client *c, const struct http_post *post, http_done_fn *done, void *data)
{
	struct call *call;
	uint32_t slot;
	int r = slot_free(c, &slot);

	if (r < 0)
		return r;
	if (http_url_allowed(post->url) != NULL || post->body.len > HTTP_POST_MAX)
		return -EINVAL;
	call = call_new(c, post);
	if (call == NULL)
		return -ENOMEM;
	call->done = done;
	call->data = data;
	call_bound(call);
	if (call_fill(call, post) != CURLE_OK ||
	    curl_multi_add_handle(c->multi, call->easy) != CURLM_OK) {
		call_free(call);
		return -ENOMEM;
	}
	c->call[slot] = call;
	return 0;
}
