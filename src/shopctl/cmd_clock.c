/*
 * cmd_clock.c: the wall clock of the shop (contracts 1, clock): a person vouches for it, or one
 * waits until the kernel does.
 *
 * The wait is a unit of its own (shopkeeper-clock.service), for the call that asks the kernel is
 * the one that sets the clock, and shopd may not make it. What it leaves behind is an empty file,
 * which shopd looks for; it is gone after a boot, as the kernel's word is.
 */
#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "loop/loop.h"
#include "shopctl/args.h"
#include "shopctl/ask.h"

#define LOOK_EVERY_S 2 /* the time server's first answer takes longer than that */

static enum ctl_exit clock_trust(struct ctl *ctl)
{
	union message m;
	enum ctl_exit code = args_read(ctl, NULL, 0, NULL, 0, 0);

	message_init(&m, MESSAGE_CLOCK_TRUST, ASK_REQUEST);
	if (code == CTL_DONE)
		code = shop_call(ctl, &m, MESSAGE_DONE);
	if (code == CTL_DONE)
		ctl_say(ctl, "The shop relies on its clock.");
	return code;
}

/* `clock wait [FILE]`: for as long as it takes. */
static enum ctl_exit clock_wait(struct ctl *ctl)
{
	const struct timespec pause = {.tv_sec = LOOK_EVERY_S};
	const char *mark = NULL;
	enum ctl_exit code = args_read(ctl, NULL, 0, &mark, 0, 1);
	int fd = -1;

	if (code != CTL_DONE)
		return code;
	while (!loop_wall_synchronised())
		(void)clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
	if (mark && (fd = open(mark, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644)) < 0)
		return ctl_fail(ctl, CTL_INTERNAL, "%s: %s", mark, strerrordesc_np(errno));
	if (fd >= 0)
		close(fd);
	ctl_say(ctl, "This machine's clock is synchronised.");
	return CTL_DONE;
}

enum ctl_exit shopctl_clock(struct ctl *ctl)
{
	static const struct verb verbs[] = {{"trust", clock_trust}, {"wait", clock_wait}};

	return ctl_verb(ctl, verbs, ARRAY_LEN(verbs), NULL);
}
