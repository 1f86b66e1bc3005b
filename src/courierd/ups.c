/*
 * ups.c: what a NUT server says of one UPS (RFC 9271, GET VAR). One line is asked, one line
 * comes back:
 *
 *   GET VAR eaton ups.status
 *   VAR eaton ups.status "OB DISCHRG LB"
 *
 * A server that answers anything else (ERR DATA-STALE: its driver has lost the UPS) or not within
 * UPS_ANSWER_MS is a sensor that does not answer, and that is what shopd is told: never the value
 * of an hour ago. The connection is kept; after trouble it is made anew at the next asking.
 *
 * NUT's own client library is under the GPL; the protocol is this one exchange.
 */
#include "courierd/ups.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	UPS_ANSWER_MS = 2000, /* upsd answers from memory */
	UPS_SLACK_MS = 500,   /* an asking may wait so long for another wake-up */
	LINE_MAX_LEN = 256,   /* NUT's own bound of a line is 512; a status is a few words */
};

enum state {
	RESTING = 0,	/* until it is asked again; the connection may stand */
	CONNECTING = 1, /* … or answers: until UPS_ANSWER_MS are over */
	ASKED = 2,
};

struct ups {
	const struct ups_section *section;
	struct loop *loop;
	ups_reading_fn *reading;
	void *data;
	struct timer *timer;
	struct watch *watch;
	enum state state;
	int fd;		/* -1: not connected */
	bool said_lost; /* the log has it */
	uint32_t have;
	char line[LINE_MAX_LEN + 1];
};

static void tell(struct ups *u, bool lost, bool on_battery, bool low)
{
	if (u->section->power[0] != '\0')
		u->reading(u->data, u->section->power, lost, on_battery);
	if (u->section->battery[0] != '\0')
		u->reading(u->data, u->section->battery, lost, low);
}

static void hang_up(struct ups *u)
{
	watch_free(u->watch);
	u->watch = NULL;
	if (u->fd >= 0)
		close(u->fd);
	u->fd = -1;
	u->have = 0;
}

static void rest(struct ups *u)
{
	u->state = RESTING;
	timer_arm(u->timer, mono_add(loop_mono(), UPS_EVERY_MS));
}

static void is_lost(struct ups *u, const char *why)
{
	hang_up(u);
	rest(u);
	if (!u->said_lost)
		fprintf(stderr, "ups %s: %s\n", u->section->name, why);
	u->said_lost = true;
	tell(u, true, false, false);
}

/* ---- what it says ---- */

/** A word among those of a status, "OB DISCHRG LB". */
static bool status_has(const char *status, const char *word)
{
	size_t len = strlen(word);

	while (*status != '\0') {
		size_t here = strcspn(status, " ");

		if (here == len && memcmp(status, word, len) == 0)
			return true;
		status += here + (status[here] == ' ');
	}
	return false;
}

static void on_status(struct ups *u, const char *status)
{
	/* FSD: the server is about to cut the power because the battery ends */
	bool ends = status_has(status, "FSD");
	bool battery = status_has(status, "OB") || ends;

	if (!battery && !status_has(status, "OL")) {
		is_lost(u, "it does not say where its power comes from");
		return;
	}
	if (u->said_lost)
		fprintf(stderr, "ups %s: answers again\n", u->section->name);
	u->said_lost = false;
	rest(u);
	tell(u, false, battery, ends || status_has(status, "LB"));
}

static void on_line(struct ups *u)
{
	char head[LINE_MAX_LEN];
	size_t len = strlen(u->line);
	int n = snprintf(head, sizeof(head), "VAR %s ups.status \"", u->section->name);

	if (u->state != ASKED) {
		is_lost(u, "the server speaks without being asked");
		return;
	}
	if (strncmp(u->line, "ERR ", 4) == 0) {
		is_lost(u, strcmp(u->line, "ERR UNKNOWN-UPS") == 0
				   ? "the server knows no UPS of this name"
				   : "the server cannot say how it is");
		return;
	}
	if (len <= (size_t)n || strncmp(u->line, head, (size_t)n) != 0 || u->line[len - 1] != '"') {
		is_lost(u, "the server makes no sense");
		return;
	}
	u->line[len - 1] = '\0';
	on_status(u, u->line + n);
}

/** Takes one line of what has come. False when there is none yet. */
static bool take_line(struct ups *u)
{
	char *end = memchr(u->line, '\n', u->have);
	uint32_t used;

	if (end == NULL)
		return false;
	used = (uint32_t)(end - u->line) + 1;
	*end = '\0';
	if (memchr(u->line, '\0', used - 1) != NULL)
		is_lost(u, "the server makes no sense");
	else
		on_line(u);
	if (u->fd < 0)
		return false;
	memmove(u->line, u->line + used, u->have - used);
	u->have -= used;
	return true;
}

static void ask(struct ups *u)
{
	char words[LINE_MAX_LEN];
	int n = snprintf(words, sizeof(words), "GET VAR %s ups.status\n", u->section->name);

	if (send(u->fd, words, (size_t)n, MSG_NOSIGNAL | MSG_DONTWAIT) != n) {
		is_lost(u, "the server does not take a question");
		return;
	}
	u->state = ASKED;
	timer_arm(u->timer, mono_add(loop_mono(), UPS_ANSWER_MS));
}

static void on_socket(void *data, int fd, uint32_t events)
{
	struct ups *u = data;
	ssize_t n;

	(void)events;
	if (u->state == CONNECTING) {
		int error = 0;
		socklen_t size = sizeof(error);

		if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0 || error != 0 ||
		    watch_set(u->watch, EPOLLIN) < 0)
			is_lost(u, "there is no server");
		else
			ask(u);
		return;
	}
	n = recv(fd, u->line + u->have, LINE_MAX_LEN - u->have, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		is_lost(u, "the server has hung up");
		return;
	}
	u->have += (uint32_t)n;
	while (u->fd >= 0 && take_line(u))
		;
	if (u->fd >= 0 && u->have == LINE_MAX_LEN)
		is_lost(u, "the server makes no sense");
}

/* ---- asking ---- */

/** "127.0.0.1:3493", "[::1]:3493": addresses, for a name would have to be looked up. */
static bool address_of(const char *server, struct sockaddr_storage *ret, socklen_t *ret_len)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)ret;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)ret;
	const char *colon = strrchr(server, ':');
	char host[INET6_ADDRSTRLEN + 2], *end;
	unsigned long port;
	size_t len;

	if (colon == NULL || (size_t)(colon - server) >= sizeof(host))
		return false;
	errno = 0;
	port = strtoul(colon + 1, &end, 10);
	if (colon[1] < '0' || colon[1] > '9' || *end != '\0' || port == 0 || port > 65535)
		return false;
	len = (size_t)(colon - server);
	memcpy(host, server, len);
	host[len] = '\0';
	memset(ret, 0, sizeof(*ret));
	if (host[0] == '[' && host[len - 1] == ']') {
		host[len - 1] = '\0';
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons((uint16_t)port);
		*ret_len = sizeof(*v6);
		return inet_pton(AF_INET6, host + 1, &v6->sin6_addr) == 1;
	}
	v4->sin_family = AF_INET;
	v4->sin_port = htons((uint16_t)port);
	*ret_len = sizeof(*v4);
	return inet_pton(AF_INET, host, &v4->sin_addr) == 1;
}

const char *ups_server_rule(const char *server)
{
	struct sockaddr_storage address;
	socklen_t len;

	return address_of(server, &address, &len) ? NULL
						  : "an address and a port, as in 127.0.0.1:3493";
}

static void connect_now(struct ups *u)
{
	struct sockaddr_storage address;
	socklen_t len;

	CHECK(address_of(u->section->server, &address, &len)); /* the configuration saw to it */
	u->fd = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (u->fd < 0 ||
	    (connect(u->fd, (const struct sockaddr *)&address, len) < 0 && errno != EINPROGRESS) ||
	    watch_add(u->loop, u->fd, EPOLLOUT, WATCH_NORMAL, on_socket, u, &u->watch) < 0) {
		is_lost(u, "there is no server");
		return;
	}
	u->state = CONNECTING;
	timer_arm(u->timer, mono_add(loop_mono(), UPS_ANSWER_MS));
}

/* Either it is time to ask, or an answer is overdue. */
static void on_timer(void *data)
{
	struct ups *u = data;

	if (u->state != RESTING)
		is_lost(u, "the server does not answer");
	else if (u->fd < 0)
		connect_now(u);
	else
		ask(u);
}

int ups_open(struct loop *loop, const struct ups_section *section, ups_reading_fn *reading,
	     void *data, struct ups **ret)
{
	struct ups *u = calloc(1, sizeof(*u));
	int r;

	if (u == NULL)
		return -ENOMEM;
	*u = (struct ups){
		.section = section, .loop = loop, .reading = reading, .data = data, .fd = -1};
	r = timer_add(loop, WATCH_NORMAL, UPS_SLACK_MS, on_timer, u, &u->timer);
	if (r < 0) {
		free(u);
		return r;
	}
	timer_arm(u->timer, loop_mono());
	*ret = u;
	return 0;
}

void ups_close(struct ups *u)
{
	if (u == NULL)
		return;
	hang_up(u);
	timer_free(u->timer);
	free(u);
}
