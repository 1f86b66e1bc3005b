/* config_out.h: rules of officed.conf on what leaves: NULL, or the end of "it must be …". */
#ifndef SHOP_OFFICED_CONFIG_OUT_H
#define SHOP_OFFICED_CONFIG_OUT_H

/** sms_gateway.h's own. */
extern const char *const gateway_presets[];

/** out_url_rule - https, or http to loopback. */
const char *out_url_rule(const char *url);
/** out_user_rule - of basic authentication. */
const char *out_user_rule(const char *user);
/** out_sender_rule - whom a text comes from. */
const char *out_sender_rule(const char *sender);
/** out_mail_server_rule, out_mail_from_rule - of [mail]. */
const char *out_mail_server_rule(const char *text);
const char *out_mail_from_rule(const char *text);

#endif
