/* cmd_clock.c: a person vouches for the wall clock of the shop (contracts 1, clock). */
#include "shopctl/args.h"
#include "shopctl/ask.h"

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

enum ctl_exit shopctl_clock(struct ctl *ctl)
{
	static const struct verb verbs[] = {{"trust", clock_trust}};

	return ctl_verb(ctl, verbs, ARRAY_LEN(verbs), NULL);
}
