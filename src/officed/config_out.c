/* config_out.c: what of the configuration says where something leaves to: addresses, senders. Apart
 * from config.c, which knows where we listen. */
#include "officed/config_out.h"

#include <string.h>

#include "net/sms_gateway.h"

const char *out_url_rule(const char *url)
{
	return http_url_allowed(url) == NULL ? NULL
					     : "an https:// address without user or password "
					       "(http:// for 127.0.0.1 only)";
}

/* a colon would end the user in basic authentication */
const char *out_user_rule(const char *user)
{
	return strchr(user, ':') == NULL ? NULL : "without a colon";
}

const char *out_sender_rule(const char *sender)
{
	return sender_valid(sender) ? NULL
				    : "a number as in +46701234567, or up to 11 letters and digits";
}

const char *out_mail_server_rule(const char *text)
{
	if (strncmp(text, "smtps://", 8) == 0 && strlen(text) > 8)
		return NULL;
	if (strncmp(text, "smtp://", 7) == 0 && strlen(text) > 7)
		return NULL;
	return "smtps://HOST:465, or smtp://HOST:587";
}

const char *out_mail_from_rule(const char *text)
{
	const char *at = strchr(text, '@');

	return at != NULL && at != text && at[1] != '\0' && strpbrk(text, " <>,;\"\r\n") == NULL
		       ? NULL
		       : "an address alone, as in invoices@example.com";
}
