/* config.h: shopd.conf as a struct, and the shop that the core is made of. */
#ifndef SHOP_SHOPD_CONFIG_H
#define SHOP_SHOPD_CONFIG_H

#include "books/payment.h"
#include "core/shop.h"
#include "device/gpio.h"
#include "device/nfc.h"
#include "device/sensor.h"
#include "ledger/desk.h"
#include "net/pages.h"
#include "shopd/config_value.h"
#include "wire/conf.h"
#include "wire/goods.h"

#define PATH_SIZE 200

/** Where the wall clock comes from (contracts 1, clock). */
enum clock_source {
	CLOCK_NETWORK = 0, /* trusted once the kernel says that it was synchronised since boot */
	CLOCK_RTC = 1,	   /* a battery clock is fitted: trusted from the start */
};

/** One [door NAME]. */
struct door_section {
	char name[PLACE_MAX_LEN + 1];
	uint32_t exit_sensing, relock;
	int64_t unlock_ms, unlock_extended_ms, opening_grace_ms, buzzer_ms, held_open_ms;
	int64_t held_open_extended_ms, rex_grace_ms, debounce_ms, settle_ms;
	char scanner[PATH_SIZE];
	char nfc[NFC_NAME_MAX + 1];	 /* a part of a reader's name; empty: there is none */
	char pad[2][GPIO_LINE_NAME_MAX]; /* D0 and D1 of a PIN pad; empty: there is none */
	char line[DOOR_PARTS][GPIO_LINE_NAME_MAX]; /* empty: there is none */
	uint32_t low;				   /* bit per enum door_part: active low */
	char contact_2[GPIO_LINE_NAME_MAX];	   /* contacts.h; empty: there is none */
};

/** One [till NAME]. */
struct till_section {
	char name[PLACE_MAX_LEN + 1];
	char scanner[PATH_SIZE];
	char nfc[NFC_NAME_MAX + 1];
};

/** One [sensor NAME]. Once the file is read nothing is unsaid any more. */
struct sensor_section {
	char name[PLACE_MAX_LEN + 1];
	uint32_t kind;			/* enum sensor_kind */
	char source[SENSOR_SOURCE_MAX]; /* device/sensor.h, or gpio:LINE, courier, sim */
	bool active_low;
	struct bound high, low, hysteresis;
	int64_t debounce_ms, pre_ms;
	int64_t every_ms; /* how often it is read, or its level told again */
	int64_t stale_ms;
};
#define SENSOR_UNSAID (-1)

/** [alarms]. */
struct alarms_section {
	struct ladder_config ladder;
	uint32_t quiet_below;					  /* enum severity */
	int64_t inside_ms, refusals, refusals_ms, empty_grace_ms; /* as struct watch_config */
	int64_t disk_free_mb;	/* less room is an alarm; 0: not watched */
	int64_t sync_max_hours; /* an entry that has waited for so long is one */
};

/** [books] of the shop: when and how a month is closed. */
struct books_config {
	uint16_t close_at; /* minute of the first night */
	struct close_policy close;
};

/** [stock]: who hears what has to be ordered, and when. */
struct stock_config {
	char contact[PLACE_MAX_LEN + 1]; /* of courierd.conf; empty: nobody */
	uint16_t notice_at;		 /* minute of the day */
	uint32_t language;		 /* enum language: of that text */
};

/** What an office may set beside shopd.conf (wire/sync.h, settings), as the file has it. */
struct policy_config {
	uint16_t hours[7][2];
	int64_t occupancy_max;
	uint32_t barred;	  /* bit per enum article_class */
	int64_t door_log_days;	  /* bodies that may be erased are, after so long; 0: never */
	int64_t roster_max_hours; /* an office that was not heard for so long is an alarm */
};

struct config {
	char shop[PLACE_MAX_LEN + 1];
	char run[PATH_SIZE];   /* sockets */
	char state[PATH_SIZE]; /* ledger.db, catalog.db */
	char page[PAGES_ORIGIN_MAX +
		  1]; /* of the shop's pages, as phones open them; may be empty */
	char timezone[64];
	char card_key[PATH_SIZE]; /* file with the shop's key of its cards; empty: none */
	char gpio[PATH_SIZE];	  /* "sim:/path/of/socket" or "chip:LABEL" */
	uint32_t clock;		  /* enum clock_source */
	struct policy_config policy;
	uint16_t update_hours[2]; /* when a new version may be put in: minutes of the day */
	bool realtime;		  /* run the door under SCHED_FIFO with its memory locked */
	uint32_t country; /* enum goods_country: whose restricted numbers are scanned here */
	uint16_t past_best_before_bp;
	struct trust_config trust[TRUSTS];
	struct check_config checks;
	struct entry_tax tax;
	struct entry_chart chart;
	struct reminder_policy reminder;
	uint32_t doors, tills;
	struct door_section door[DOORS_MAX];
	struct till_section till[TILLS_MAX];
	uint32_t sensors;
	struct sensor_section sensor[SENSORS_MAX];
	struct alarms_section alarms;
	struct books_config books;
	struct stock_config stock;
};

/** config_load - reads and checks `path`. False with a sentence that names file, line and the
 * nearest word. */
MUST_CHECK bool config_load(const char *path, struct config *ret, char why[CONF_WHY_MAX]);

/** config_shop - the core's view of it: doors, and a scanner's and a phone's reader for each, tills
 * after them. */
void config_shop(const struct config *c, struct shop_config *ret);

/** config_policy - the core's view of a policy. */
void config_policy(const struct policy_config *p, struct policy *ret);

/** config_setting - a setting by the name that the office has for it ("hours.monday",
 * "occupancy_max"), written and bounded as in shopd.conf. False with `why`. */
MUST_CHECK bool config_setting(const char *name, const char *value, struct policy_config *policy,
			       char why[CONF_WHY_MAX]);

/** sensor_source_file - a source that is a file of the kernel's, for sensor_read(). */
bool sensor_source_file(const char *source);

/** sensor_is_switch - it is on or off: 1 or 0, and measures nothing. */
bool sensor_is_switch(const struct sensor_section *s);

/** config_simulated - the doors are the simulated chip's. */
bool config_simulated(const struct config *c);

#endif
