/*
 * cmd_owner.c: the code that a box without an owner shows on its console, for whoever sits at a
 * shell there instead: they could make themselves a member with it anyway.
 */
#include <stdlib.h>
#include <string.h>

#include "shopctl/args.h"
#include "shopctl/ask.h"
#include "shopctl/picture.h"
#include "shopctl/text.h"

static enum ctl_exit code_say(struct ctl *ctl, char *text)
{
	char *address = strchr(text, ' ');

	if (address)
		*address++ = '\0';
	if (ctl->json)
		return ctl_json(ctl, CTL_DONE,
				json_pack("{s:s, s:o}", "code", text, "address",
					  json_text_or_null(address ? address : "")));
	ctl_say(ctl, "%s", text);
	if (!address) {
		ctl_say(ctl, "Open the shop's page in a phone, with this behind its address: "
			     "/#/first/");
		return CTL_DONE;
	}
	ctl_say(ctl, "%s", address);
	return picture_print(ctl, address);
}

static enum ctl_exit owner_code(struct ctl *ctl)
{
	union message m;
	enum ctl_exit code = args_read(ctl, NULL, 0, NULL, 0, 0);

	message_init(&m, MESSAGE_OWNER_CODE, ASK_REQUEST);
	if (code == CTL_DONE)
		code = shop_call(ctl, &m, MESSAGE_DONE);
	if (code == CTL_DONE)
		code = code_say(ctl, m.done.text);
	explicit_bzero(&m, sizeof(m));
	return code;
}

enum ctl_exit shopctl_owner(struct ctl *ctl)
{
	static const struct verb verbs[] = {{"code", owner_code}};

	return ctl_verb(ctl, verbs, ARRAY_LEN(verbs), NULL);
}
