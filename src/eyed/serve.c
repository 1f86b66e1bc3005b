/*
 * serve.c: one listening socket, one reader. A second one is turned away at the door: two programs
 * that both believed they had the scanner would each open for a code.
 */
#include "eyed/serve.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "net/unix_listen.h"

#define MODE	0660 /* the folder gives it its group */
#define BACKLOG 1

struct serve {
	struct loop *loop;
	struct sockaddr_un address;
	int fd, reader; /* -1: none */
	struct watch *watch, *reader_watch;
};

static void let_go(struct serve *s)
{
	watch_free(s->reader_watch);
	s->reader_watch = NULL;
	if (s->reader >= 0)
		close(s->reader);
	s->reader = -1;
}

/* It has nothing to say but that it is gone. */
static void on_reader(void *data, int fd, uint32_t events)
{
	struct serve *s = data;
	uint8_t bytes[64];
	ssize_t n = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT);

	(void)events;
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		let_go(s);
}

static void on_connect(void *data, int listening, uint32_t events)
{
	struct serve *s = data;
	int fd = accept4(listening, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	(void)events;
	if (fd < 0)
		return;
	if (s->reader >= 0) {
		close(fd);
		return;
	}
	s->reader = fd;
	/* before the listening socket, so that who comes again is not turned away for its own
	 * ghost */
	if (watch_add(s->loop, fd, EPOLLIN, WATCH_DOOR, on_reader, s, &s->reader_watch) < 0)
		let_go(s);
}

int serve_open(struct loop *loop, const char *path, struct serve **ret)
{
	struct serve *s = calloc(1, sizeof(*s));
	int r;

	if (!s)
		return -ENOMEM;
	s->loop = loop;
	s->fd = s->reader = -1;
	s->address.sun_family = AF_UNIX;
	r = strlen(path) < sizeof(s->address.sun_path) ? 0 : -ENAMETOOLONG;
	if (r == 0) {
		memcpy(s->address.sun_path, path, strlen(path));
		r = unix_listen(&s->address, SOCK_STREAM, MODE, BACKLOG, &s->fd);
	}
	if (r == 0) {
		r = watch_add(loop, s->fd, EPOLLIN, WATCH_NORMAL, on_connect, s, &s->watch);
		if (r < 0)
			unlink(path);
	}
	if (r < 0) {
		if (s->fd >= 0)
			close(s->fd);
		free(s);
		return r;
	}
	*ret = s;
	return 0;
}

bool serve_wanted(const struct serve *s)
{
	return s->reader >= 0;
}

void serve_code(struct serve *s, const struct code *code)
{
	uint8_t line[CODE_SIZE_MAX + 1];
	ssize_t n;

	CHECK(code->len > 0 && code->len <= CODE_SIZE_MAX);
	memcpy(line, code->bytes, code->len);
	/* what would be two codes to a reader of lines is one that means nothing; GS has its
	 * meaning */
	for (uint32_t i = 0; i < code->len; i++)
		if ((line[i] < ' ' && line[i] != 0x1d) || line[i] == 0x7f)
			line[i] = '?';
	line[code->len] = '\r';
	if (s->reader < 0)
		return;
	n = send(s->reader, line, code->len + 1, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (n != (ssize_t)code->len + 1)
		let_go(s);
}

void serve_close(struct serve *s)
{
	if (!s)
		return;
	let_go(s);
	watch_free(s->watch);
	unlink(s->address.sun_path);
	close(s->fd);
	free(s);
}
