/* gpio.c: picks what stands behind the lines: "sim:" the simulated chip, "chip:" the real one of
 * the libgpiod that this build found, or none of it. */
#include "device/gpio.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "device/gpio_backend.h"

static const struct gpio_backend *real_chip(void)
{
#if __has_include(<gpiod.h>)
	return &gpio_backend_chip;
#else
	return NULL;
#endif
}

static bool lines_sound(const struct gpio_line *line, uint32_t lines)
{
	if (lines < 1 || lines > GPIO_LINES_MAX)
		return false;
	for (uint32_t i = 0; i < lines; i++) {
		if (!line[i].name[0] || !memchr(line[i].name, '\0', sizeof(line[i].name)))
			return false;
		for (uint32_t j = 0; j < i; j++)
			if (strcmp(line[i].name, line[j].name) == 0)
				return false;
	}
	return true;
}

int gpio_open(const char *spec, const struct gpio_line *line, uint32_t lines, struct gpio **ret,
	      char why[200])
{
	why[0] = '\0';
	if (!lines_sound(line, lines)) {
		snprintf(why, 200, "1 to %d lines with different names are needed", GPIO_LINES_MAX);
		return -EINVAL;
	}
	if (strncmp(spec, "sim:", 4) == 0)
		return gpio_backend_sim.open(spec + 4, line, lines, ret, why);
	if (strncmp(spec, "chip:", 5) != 0) {
		snprintf(why, 200, "the chip is named sim:/path or chip:LABEL");
		return -EINVAL;
	}
	if (!real_chip()) {
		snprintf(why, 200, "built without libgpiod: only a simulated chip can be used");
		return -ENOTSUP;
	}
	return real_chip()->open(spec + 5, line, lines, ret, why);
}

int gpio_fd(const struct gpio *g)
{
	return g->backend->fd(g);
}

int gpio_edge(struct gpio *g, struct gpio_edge *ret)
{
	return g->backend->edge(g, ret);
}

int gpio_get(struct gpio *g, uint32_t line)
{
	CHECK(line < g->lines);
	return g->backend->get(g, line);
}

int gpio_set(struct gpio *g, uint32_t line, bool level)
{
	CHECK(line < g->lines && g->line[line].output);
	return g->backend->set(g, line, level);
}

void gpio_close(struct gpio *g)
{
	if (g)
		g->backend->close(g);
}

int gpio_pending_open(struct gpio_pending *p, int epoll)
{
	struct epoll_event event = {.events = EPOLLIN, .data.u32 = GPIO_PENDING_MARK};

	p->set = false;
	p->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (p->fd < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, p->fd, &event) < 0)
		return -errno;
	return 0;
}

void gpio_pending_set(struct gpio_pending *p, bool set)
{
	eventfd_t count;
	int r;

	if (set == p->set)
		return;
	r = set ? eventfd_write(p->fd, 1) : eventfd_read(p->fd, &count);
	CHECK(r == 0);
	p->set = set;
}

void gpio_pending_close(struct gpio_pending *p)
{
	if (p->fd >= 0)
		close(p->fd);
}
