/* cmd_look.c: the cameras are to keep what they see now. Nobody waits for a camera: that courierd
 * was told is the answer, and one that gives no picture is an alarm. */
#include "shopctl/args.h"
#include "shopctl/ask.h"

enum ctl_exit shopctl_look(struct ctl *ctl)
{
	union message m;
	enum ctl_exit code = args_read(ctl, NULL, 0, NULL, 0, 0);

	message_init(&m, MESSAGE_LOOK, ASK_REQUEST);
	if (code == CTL_DONE)
		code = shop_call(ctl, &m, MESSAGE_DONE);
	if (code == CTL_DONE)
		ctl_say(ctl, "Each camera is asked for a picture; the owner's page shows them.");
	return code;
}
