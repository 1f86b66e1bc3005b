/* config_sensors.h: what shopd.conf says about sensors and about who is told how soon. config.c's
 * own. */
#ifndef SHOP_SHOPD_CONFIG_SENSORS_H
#define SHOP_SHOPD_CONFIG_SENSORS_H

#include "shopd/config.h"

/** [sensor NAME] and [alarms]. */
#define CONFIG_SENSORS_SECTIONS 2
extern const struct conf_section config_sensors_sections[CONFIG_SENSORS_SECTIONS];

/** config_sensors_defaults - what holds where the file says nothing. */
void config_sensors_defaults(struct config *c);

/** config_sensors_sound - fills in what each kind of sensor is unless told, and finds what does not
 * fit together. False with `why`. */
MUST_CHECK bool config_sensors_sound(const char *path, struct config *c, char why[CONF_WHY_MAX]);

/** config_sensors_shop - the core's view of it. */
void config_sensors_shop(const struct config *c, struct shop_config *ret);

#endif
