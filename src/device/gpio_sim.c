/*
 * gpio_sim.c: the user's side of the simulated chip, a process of its own that keeps the door's
 * physics (simchip.h). shopd's word moves nothing here but an output; what an input then does, the
 * chip says.
 *
 * It behaves as a chip does: a level is set by one send that never waits, edges come one by one
 * with the time at which the chip saw them, and a chip that is unplugged is gone for good: opening
 * it again is the caller's business. A level asked for is the one after the last edge handed out,
 * so that levels and edges always tell one story.
 *
 * Simulated sensors come over a connection of their own: they are no lines.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "device/gpio_backend.h"
#include "device/simchip.h"

#define TAKE_MS 500 /* the chip answers in microseconds; one that does not is no chip */

struct sim {
	struct gpio gpio;
	int fd;
	uint32_t levels; /* bit i: line i */
};

_Static_assert(GPIO_LINES_MAX <= 32, "a level is a bit of 32");

static struct sim *sim_of(struct gpio *g)
{
	return (struct sim *)g;
}

static int say(int fd, const struct simchip_message *m)
{
	bool names = m->say == SIM_TAKE || m->say == SIM_LISTEN;
	size_t size = names ? sizeof(*m) : SIMCHIP_HEAD_SIZE;

	if (send(fd, m, size, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0)
		return 0;
	return errno == EAGAIN ? -EAGAIN : -ENODEV;
}

/* 1 a message, 0 none now, -ENODEV: the chip is gone, or is none of ours. */
static int hear(int fd, struct simchip_message *ret)
{
	ssize_t n = recv(fd, ret, sizeof(*ret), MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	return n >= (ssize_t)SIMCHIP_HEAD_SIZE && ret->version == SIMCHIP_VERSION ? 1 : -ENODEV;
}

static int dial(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd, r;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0) {
		r = -errno;
		close(fd);
		return r;
	}
	return fd;
}

static int take(struct sim *s, char why[200])
{
	struct simchip_message m = {.version = SIMCHIP_VERSION, .say = SIM_TAKE};
	struct pollfd p = {.fd = s->fd, .events = POLLIN};
	int r;

	m.lines = s->gpio.lines;
	for (uint32_t i = 0; i < m.lines; i++) {
		memcpy(m.line_name[i].name, s->gpio.line[i].name, sizeof(m.line_name[i].name));
		m.line_name[i].output = s->gpio.line[i].output;
	}
	r = say(s->fd, &m);
	if (r < 0)
		return r;
	if (poll(&p, 1, TAKE_MS) <= 0)
		return -ETIMEDOUT;
	r = hear(s->fd, &m);
	if (r <= 0)
		return -ENODEV;
	if (m.say == SIM_LEVELS) {
		s->levels = m.level;
		return 0;
	}
	if (m.say == SIM_REFUSED)
		snprintf(why, 200, "the simulated chip refuses: %.*s", (int)sizeof(m.text), m.text);
	return -EBUSY;
}

static int sim_open(const char *where, const struct gpio_line *line, uint32_t lines,
		    struct gpio **ret, char why[200])
{
	struct sim *s = calloc(1, sizeof(*s));
	int r;

	if (!s)
		return -ENOMEM;
	s->gpio.backend = &gpio_backend_sim;
	s->gpio.lines = lines;
	memcpy(s->gpio.line, line, lines * sizeof(*line));
	r = s->fd = dial(where);
	if (r >= 0)
		r = take(s, why);
	if (r < 0) {
		if (!why[0])
			snprintf(why, 200, "no simulated chip at %.100s: %s", where, strerror(-r));
		if (s->fd >= 0)
			close(s->fd);
		free(s);
		return r;
	}
	*ret = &s->gpio;
	return 0;
}

static int sim_fd(const struct gpio *g)
{
	return ((const struct sim *)g)->fd;
}

static int sim_edge(struct gpio *g, struct gpio_edge *ret)
{
	struct sim *s = sim_of(g);
	struct simchip_message m;
	int r;

	while ((r = hear(s->fd, &m)) > 0) {
		if (m.say != SIM_EDGE)
			continue;
		if (m.line >= g->lines || g->line[m.line].output || m.level > 1)
			return -ENODEV;
		s->levels = (s->levels & ~(1U << m.line)) | m.level << m.line;
		*ret = (struct gpio_edge){.line = m.line,
					  .level = m.level == 1,
					  .at_ms = m.at_us / 1000,
					  .at_us = m.at_us};
		return 1;
	}
	return r;
}

static int sim_get(struct gpio *g, uint32_t line)
{
	return sim_of(g)->levels >> line & 1;
}

static int sim_set(struct gpio *g, uint32_t line, bool level)
{
	struct sim *s = sim_of(g);
	struct simchip_message m = {
		.version = SIMCHIP_VERSION, .say = SIM_SET, .line = line, .level = level};
	int r = say(s->fd, &m);

	if (r == 0)
		s->levels = (s->levels & ~(1U << line)) | (uint32_t)level << line;
	return r;
}

static void sim_close(struct gpio *g)
{
	struct sim *s = sim_of(g);

	/* the chip lets every output fall when we are gone; said or not, that is the end of it */
	for (uint32_t i = 0; i < g->lines; i++)
		if (g->line[i].output && sim_get(g, i) == 1)
			(void)!sim_set(g, i, false);
	close(s->fd);
	free(s);
}

int simchip_listen(const char *path, const char (*name)[17], uint32_t names)
{
	struct simchip_message m = {.version = SIMCHIP_VERSION, .say = SIM_LISTEN, .lines = names};
	int fd = dial(path), r;

	CHECK(names <= SIMCHIP_LINES_MAX);
	for (uint32_t i = 0; i < names; i++)
		memcpy(m.line_name[i].name, name[i], sizeof(name[i]));
	if (fd < 0)
		return fd;
	r = say(fd, &m);
	if (r == 0)
		return fd;
	close(fd);
	return r;
}

int simchip_heard(int fd, struct simchip_heard *ret)
{
	struct simchip_message m;
	int r;

	while ((r = hear(fd, &m)) > 0) {
		if (m.say != SIM_SENSE)
			continue;
		if (m.level > 1 || m.door[sizeof(m.door) - 1] != '\0')
			return -ENODEV;
		*ret = (struct simchip_heard){.lost = m.level == 0, .value = m.at_us};
		memcpy(ret->name, m.door, sizeof(ret->name));
		return 1;
	}
	return r;
}

const struct gpio_backend gpio_backend_sim = {
	.open = sim_open,
	.fd = sim_fd,
	.edge = sim_edge,
	.get = sim_get,
	.set = sim_set,
	.close = sim_close,
};
