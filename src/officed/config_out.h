/* config_out.h: rules of officed.conf on what leaves: NULL, or the end of "it must be …". */
#ifndef SHOP_OFFICED_CONFIG_OUT_H
#define SHOP_OFFICED_CONFIG_OUT_H

/** sms_gateway.h's own. */
extern const char *const gateway_presets[];

const char *out_url_rule(const char *url);
const char *out_user_rule(const char *user);
const char *out_sender_rule(const char *sender);
const char *out_mail_server_rule(const char *text);
const char *out_mail_from_rule(const char *text);

#endif
