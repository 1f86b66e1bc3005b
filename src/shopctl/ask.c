/*
 * ask.c: shopctl asks, shopd answers. A shop that is not there, hangs up or says nothing in time is
 * "not reachable" (3); one that answers no is "refused" (1), in its own words. Nothing is sent
 * twice: whether to ask again is for a person to say.
 */
#include "shopctl/ask.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "net/socket.h"

enum ctl_exit shop_connect(struct ctl *ctl, int *ret_fd)
{
	char path[CTL_PATH_SIZE];
	char why[128] = "";

	if (!ctl_path(path, ctl->run_dir, "control.sock"))
		return ctl_usage(ctl, "the path of --run is too long");
	int fd = ask_open(path, ROLE_CONTROL, why);

	if (fd == -EPROTO)
		return ctl_fail(ctl, CTL_UNREACHABLE, "shopd does not talk to this shopctl: %s",
				why);
	if (fd < 0)
		return ctl_fail(ctl, CTL_UNREACHABLE, "the shop is not reachable at %s: %s", path,
				strerror(-fd));
	*ret_fd = fd;
	return CTL_DONE;
}

enum ctl_exit shop_answer(struct ctl *ctl, int fd, uint32_t request, enum message_type also,
			  union message *m, int timeout_ms)
{
	for (;;) {
		int err;

		m->head.type = 0;
		err = ask_receive(fd, m, timeout_ms);

		if (err == -ETIMEDOUT)
			return ctl_fail(ctl, CTL_UNREACHABLE, "the shop did not answer within %d s",
					timeout_ms / 1000);
		if (err == -EPROTO)
			return ctl_fail(ctl, CTL_INTERNAL, "the shop's answer is malformed");
		if (err != 0)
			return ctl_fail(ctl, CTL_UNREACHABLE, "the shop hung up: %s",
					m->head.type == MESSAGE_BYE ? m->bye.why : strerror(-err));
		if (m->head.request != request)
			continue;
		if (m->head.type != MESSAGE_DONE && m->head.type != also)
			return ctl_fail(ctl, CTL_INTERNAL, "shopd answered with message %u",
					m->head.type);
		if (m->head.type == MESSAGE_DONE && m->done.error != 0)
			return ctl_fail(ctl, CTL_REFUSED, "refused: %s",
					m->done.text[0] ? m->done.text : "no reason given");
		return CTL_DONE;
	}
}

static enum ctl_exit ask(struct ctl *ctl, int fd, union message *m, int pass_fd,
			 enum message_type also, int timeout_ms)
{
	uint32_t request = m->head.request;
	int err = ask_send(fd, m, pass_fd);

	if (err != 0)
		return ctl_fail(ctl, CTL_UNREACHABLE, "the shop took no question: %s",
				strerror(-err));
	return shop_answer(ctl, fd, request, also, m, timeout_ms);
}

enum ctl_exit shop_ask(struct ctl *ctl, int fd, union message *m, int pass_fd,
		       enum message_type want, int timeout_ms)
{
	enum ctl_exit code = ask(ctl, fd, m, pass_fd, want, timeout_ms);

	if (code == CTL_DONE && m->head.type != want)
		return ctl_fail(ctl, CTL_INTERNAL, "shopd answered with message %u", m->head.type);
	return code;
}

enum ctl_exit shop_rows_on(struct ctl *ctl, int fd, enum message_type question,
			   enum message_type row, shop_row_fn *fn, void *data)
{
	union message m;

	message_init(&m, question, ASK_REQUEST);
	enum ctl_exit code = ask(ctl, fd, &m, -1, row, ASK_TIMEOUT_MS);

	while (code == CTL_DONE && m.head.type != MESSAGE_DONE) {
		fn(data, &m);
		code = shop_answer(ctl, fd, ASK_REQUEST, row, &m, ASK_TIMEOUT_MS);
	}
	return code;
}

enum ctl_exit shop_rows(struct ctl *ctl, enum message_type question, enum message_type row,
			shop_row_fn *fn, void *data)
{
	int fd = -1;
	enum ctl_exit code = shop_connect(ctl, &fd);

	if (code != CTL_DONE)
		return code;
	code = shop_rows_on(ctl, fd, question, row, fn, data);
	close(fd);
	return code;
}

enum ctl_exit shop_call(struct ctl *ctl, union message *m, enum message_type want)
{
	int fd = -1;
	enum ctl_exit code = shop_connect(ctl, &fd);

	if (code != CTL_DONE)
		return code;
	code = shop_ask(ctl, fd, m, -1, want, ASK_TIMEOUT_MS);
	close(fd);
	return code;
}
