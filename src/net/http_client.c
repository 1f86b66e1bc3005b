/*
 * http_client.c: libcurl's multi interface as guest of the loop. libcurl says which sockets it
 * wants watched and when it wants to be woken; both become a watch and a timer, so that a request
 * costs no thread and an idle client costs no time. A small request (a text message) opens a
 * connection of its own: it is rare, and a connection that was kept is one that fails when it
 * matters. One that comes every few seconds may use the last one's again.
 *
 * Each request is a `struct call`: its easy handle, its body, what came back. A call ends in one
 * place, call_end(), which tells the caller and frees it.
 */
#include "net/http_client.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <stdio.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "net/http_guard.h"

#define ANSWER_FIRST	 4096  /* bytes of room when an answer's body begins; it doubles */
#define CONNECT_MAX_MS	 30000 /* of a request that may take long: name, TCP and TLS together */
#define IDLE_MAX_S	 60    /* an office's connection is kept for so long */
#define IDLE_CONNECTIONS 4
#define LINE_MAX_LEN	 1024 /* bytes of a header's line */
#define CHALLENGES_MAX	 3    /* of digest authentication: one, and stale ones after it */

struct call {
	struct http_client *client;
	CURL *easy;
	struct curl_slist *headers;
	http_done_fn *done;
	void *data;
	uint8_t *answer;
	uint32_t answer_len, answer_room, answer_max;
	char next[sizeof(((struct http_answer *)0)->next)];
	char trouble[CURL_ERROR_SIZE];
	const char *refused; /* why none of its addresses may be asked */
};

struct http_client {
	struct loop *loop;
	CURLM *multi;
	struct timer *timer;
	struct call *call[HTTP_RUNNING_MAX]; /* NULL: free */
};

/* ---- a call ---- */

static bool answer_grow(struct call *call, size_t need)
{
	uint32_t room = call->answer_room == 0 ? ANSWER_FIRST : call->answer_room;
	uint8_t *answer;

	if (need > call->answer_max)
		return false;
	while (room < need)
		room *= 2;
	if (room == call->answer_room)
		return true;
	answer = realloc(call->answer, room);
	if (answer == NULL)
		return false;
	call->answer = answer;
	call->answer_room = room;
	return true;
}

static size_t on_body(char *bytes, size_t one, size_t len, void *data)
{
	struct call *call = data;

	CHECK(one == 1);
	if (!answer_grow(call, call->answer_len + len))
		return len + 1; /* libcurl ends the transfer: the answer is cut off */
	memcpy(call->answer + call->answer_len, bytes, len);
	call->answer_len += (uint32_t)len;
	return len;
}

/** Header lines, one at a time; only one of them is looked at here. */
static size_t on_header_line(char *bytes, size_t one, size_t len, void *data)
{
	static const char name[] = "SK-Next:";
	struct call *call = data;
	size_t from = sizeof(name) - 1, to = len;

	CHECK(one == 1);
	if (len < from || strncasecmp(bytes, name, from) != 0)
		return len;
	while (from < to && bytes[from] == ' ')
		from++;
	while (to > from &&
	       (bytes[to - 1] == '\r' || bytes[to - 1] == '\n' || bytes[to - 1] == ' '))
		to--;
	if (to - from < sizeof(call->next)) {
		memcpy(call->next, bytes + from, to - from);
		call->next[to - from] = '\0';
	}
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

static const char *call_trouble(const struct call *call, CURLcode result)
{
	if (call->refused != NULL && result == CURLE_COULDNT_CONNECT)
		return call->refused;
	return call->trouble[0] != '\0' ? call->trouble : curl_easy_strerror(result);
}

static void call_end(struct call *call, CURLcode result)
{
	struct http_client *c = call->client;
	struct http_answer answer = {.retry_after_s = -1, .whole = result == CURLE_OK};
	curl_off_t retry_after = 0, ready = 0;
	const char *type = NULL;

	curl_multi_remove_handle(c->multi, call->easy);
	for (uint32_t i = 0; i < HTTP_RUNNING_MAX; i++)
		if (c->call[i] == call)
			c->call[i] = NULL;
	curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &answer.status);
	/* before that there was no connection, or no TLS in it */
	curl_easy_getinfo(call->easy, CURLINFO_PRETRANSFER_TIME_T, &ready);
	answer.reached = answer.status != 0 || ready > 0;
	if (curl_easy_getinfo(call->easy, CURLINFO_RETRY_AFTER, &retry_after) == CURLE_OK &&
	    retry_after > 0)
		answer.retry_after_s = retry_after;
	answer.trouble = answer.whole ? "" : call_trouble(call, result);
	answer.body = (struct span){call->answer, call->answer_len};
	if (curl_easy_getinfo(call->easy, CURLINFO_CONTENT_TYPE, &type) == CURLE_OK && type != NULL)
		snprintf(answer.content_type, sizeof(answer.content_type), "%s", type);
	memcpy(answer.next, call->next, sizeof(answer.next));
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
	curl_multi_setopt(c->multi, CURLMOPT_MAXCONNECTS, (long)IDLE_CONNECTIONS);
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

void http_forget(struct http_client *c, const void *data)
{
	for (uint32_t i = 0; i < HTTP_RUNNING_MAX; i++) {
		struct call *call = c->call[i];

		if (call == NULL || call->data != data)
			continue;
		curl_multi_remove_handle(c->multi, call->easy);
		call_free(call);
		c->call[i] = NULL;
	}
}

/* ---- a request ---- */

static struct call *call_new(struct http_client *c, uint32_t answer_max, http_done_fn *done,
			     void *data)
{
	struct call *call = calloc(1, sizeof(*call));

	if (call == NULL)
		return NULL;
	call->client = c;
	call->answer_max = answer_max;
	call->done = done;
	call->data = data;
	call->easy = curl_easy_init();
	if (call->easy == NULL) {
		call_free(call);
		return NULL;
	}
	return call;
}

/** What every request has in common: what it must not do, and whom it tells. */
static void call_bound(struct call *call)
{
	curl_easy_setopt(call->easy, CURLOPT_NOSIGNAL, 1L);
	/* else the end of a call waits for a resolver thread whose server does not answer: the
	 * whole loop would stand still for it */
	curl_easy_setopt(call->easy, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(call->easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(call->easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(call->easy, CURLOPT_PROXY, "");
	curl_easy_setopt(call->easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(call->easy, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(call->easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(call->easy, CURLOPT_USERAGENT, "shopkeeper");
	curl_easy_setopt(call->easy, CURLOPT_ERRORBUFFER, call->trouble);
	curl_easy_setopt(call->easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(call->easy, CURLOPT_WRITEDATA, call);
	curl_easy_setopt(call->easy, CURLOPT_HEADERFUNCTION, on_header_line);
	curl_easy_setopt(call->easy, CURLOPT_HEADERDATA, call);
	curl_easy_setopt(call->easy, CURLOPT_PRIVATE, call);
}

static void call_times(struct call *call, int64_t connect_ms, int64_t total_ms)
{
	curl_easy_setopt(call->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)connect_ms);
	curl_easy_setopt(call->easy, CURLOPT_TIMEOUT_MS, (long)total_ms);
}

static bool add_line(struct call *call, const char *name, const char *value)
{
	size_t name_len = strlen(name), len = strlen(value);
	char line[LINE_MAX_LEN + 1];
	struct curl_slist *more;

	if (name_len + len > LINE_MAX_LEN)
		return false;
	memcpy(line, name, name_len);
	memcpy(line + name_len, value, len + 1);
	more = curl_slist_append(call->headers, line);
	if (more == NULL)
		return false;
	call->headers = more;
	return true;
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

/** Sends off what was made, or frees it: 0 or -ENOMEM. */
static int call_start(struct call *call, uint32_t slot, bool made)
{
	struct http_client *c = call->client;

	if (!made || curl_multi_add_handle(c->multi, call->easy) != CURLM_OK) {
		call_free(call);
		return -ENOMEM;
	}
	c->call[slot] = call;
	return 0;
}

/* ---- a small one ---- */

static bool post_fill(struct call *call, const struct http_post *post)
{
	CURL *easy = call->easy;

	if (!add_line(call, "Content-Type: ", post->content_type) ||
	    curl_easy_setopt(easy, CURLOPT_URL, post->url) != CURLE_OK ||
	    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, call->headers) != CURLE_OK ||
	    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L) != CURLE_OK ||
	    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L) != CURLE_OK ||
	    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)post->body.len) != CURLE_OK ||
	    curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, (const char *)post->body.data) !=
		    CURLE_OK)
		return false;
	if (post->user != NULL &&
	    (curl_easy_setopt(easy, CURLOPT_USERNAME, post->user) != CURLE_OK ||
	     curl_easy_setopt(easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC) != CURLE_OK))
		return false;
	return post->password == NULL ||
	       curl_easy_setopt(easy, CURLOPT_PASSWORD, post->password) == CURLE_OK;
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
	call = call_new(c, HTTP_ANSWER_MAX, done, data);
	if (call == NULL)
		return -ENOMEM;
	call_bound(call);
	call_times(call, HTTP_CONNECT_MS, HTTP_TOTAL_MS);
	return call_start(call, slot, post_fill(call, post));
}

/* ---- one of any kind ---- */

/** Looked at by libcurl after the name was resolved, for each address that it would try. */
static curl_socket_t open_public(void *data, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct call *call = data;

	(void)purpose;
	if (!http_address_public(&address->addr)) {
		call->refused = "its name leads to an address that is not of the public internet";
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static curl_socket_t open_on_site(void *data, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct call *call = data;

	(void)purpose;
	if (!http_address_on_site(&address->addr)) {
		call->refused = "its name leads to an address that is not of this site";
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static bool ask_headers(struct call *call, const struct http_ask *ask)
{
	bool good = add_line(call, "Expect:", ""); /* nobody asks before it sends */

	if (ask->authorization != NULL)
		good = good && add_line(call, "Authorization: ", ask->authorization);
	if (ask->content_type != NULL)
		good = good && add_line(call, "Content-Type: ", ask->content_type);
	if (ask->content_encoding != NULL)
		good = good && add_line(call, "Content-Encoding: ", ask->content_encoding);
	if (ask->if_none_match != NULL)
		good = good && add_line(call, "If-None-Match: ", ask->if_none_match);
	for (uint32_t i = 0; i < ARRAY_LEN(ask->extra) && ask->extra[i] != NULL; i++)
		good = good && add_line(call, "", ask->extra[i]);
	return good && curl_easy_setopt(call->easy, CURLOPT_HTTPHEADER, call->headers) == CURLE_OK;
}

static bool ask_body(struct call *call, const struct http_ask *ask)
{
	const char *bytes = ask->body.len > 0 ? (const char *)ask->body.data : "";
	CURL *easy = call->easy;

	if (strcmp(ask->method, "GET") == 0)
		return true;
	if (strcmp(ask->method, "HEAD") == 0)
		return curl_easy_setopt(easy, CURLOPT_NOBODY, 1L) == CURLE_OK;
	if (ask->content_type != NULL || strcmp(ask->method, "POST") == 0) {
		if (curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)ask->body.len) !=
			    CURLE_OK ||
		    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, bytes) != CURLE_OK)
			return false;
	}
	return curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, ask->method) == CURLE_OK;
}

/** Digest alone: where basic is offered instead, nothing is sent, and the answer stays 401. */
static bool ask_user(struct call *call, const struct http_ask *ask)
{
	long how = ask->digest ? (long)CURLAUTH_DIGEST : (long)CURLAUTH_BASIC;
	CURL *easy = call->easy;

	if (ask->user == NULL)
		return true;
	return curl_easy_setopt(easy, CURLOPT_USERNAME, ask->user) == CURLE_OK &&
	       (ask->password == NULL ||
		curl_easy_setopt(easy, CURLOPT_PASSWORD, ask->password) == CURLE_OK) &&
	       curl_easy_setopt(easy, CURLOPT_HTTPAUTH, how) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_MAXREDIRS, (long)CHALLENGES_MAX) == CURLE_OK;
}

/** What may be connected to. A connection that another request made was not looked at, so that one
 * is not used; what a challenge is answered by may be this request's own. */
static bool ask_road(struct call *call, const struct http_ask *ask)
{
	CURL *easy = call->easy;

	if (!ask->public_only && !ask->on_site)
		return true;
	if (curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, call) != CURLE_OK ||
	    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L) != CURLE_OK)
		return false;
	if (ask->on_site)
		return strncmp(ask->url, "http://", 7) != 0 ||
		       curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_on_site) == CURLE_OK;
	return curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_public) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L) == CURLE_OK;
}

static bool ask_fill(struct call *call, const struct http_ask *ask)
{
	CURL *easy = call->easy;

	return curl_easy_setopt(easy, CURLOPT_URL, ask->url) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, (long)IDLE_MAX_S) == CURLE_OK &&
	       ask_body(call, ask) && ask_headers(call, ask) && ask_user(call, ask) &&
	       ask_road(call, ask);
}

static bool ask_allowed(const struct http_ask *ask)
{
	const char *wrong = ask->on_site ? http_url_on_site(ask->url) : http_url_allowed(ask->url);

	return wrong == NULL && !(ask->on_site && ask->public_only) &&
	       ask->body.len <= HTTP_LONG_MAX && ask->answer_max <= HTTP_LONG_MAX &&
	       ask->total_ms > 0;
}

int http_ask(struct http_client *c, const struct http_ask *ask, http_done_fn *done, void *data)
{
	int64_t connect_ms = ask->total_ms < CONNECT_MAX_MS ? ask->total_ms : CONNECT_MAX_MS;
	struct call *call;
	uint32_t slot;
	int r = slot_free(c, &slot);

	if (r < 0)
		return r;
	if (!ask_allowed(ask))
		return -EINVAL;
	call = call_new(c, ask->answer_max, done, data);
	if (call == NULL)
		return -ENOMEM;
	call_bound(call);
	call_times(call, connect_ms, ask->total_ms);
	return call_start(call, slot, ask_fill(call, ask));
}
