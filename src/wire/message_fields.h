/* message_fields.h: what the files that look at a message's fields share. Internal to wire/. */
#ifndef SHOP_WIRE_MESSAGE_FIELDS_H
#define SHOP_WIRE_MESSAGE_FIELDS_H

#include <stddef.h>

#include "wire/message.h"

/** message_ends - a text with its end. message_plain - one for a person or a log: it moves no
 * terminal's cursor. message_is_words - one that the ledger keeps too. message_is_name -
 * [A-Za-z0-9_-]{1,64}. */
bool message_ends(const char *text, size_t size);
bool message_plain(const char *text, size_t size);
bool message_is_words(const char *text, size_t size);
bool message_is_name(const char *text, size_t size);

/** message_is_place - [a-z0-9-]{1,16}. */
bool message_is_place(const char *text, size_t size);
bool message_is_place_or_empty(const char *text, size_t size);
/** message_is_condition - one that an alarm can have. message_is_flag - 0 or 1. */
bool message_is_condition(uint32_t c);
bool message_is_flag(uint32_t v);

/** A visit's, an invoice's, an entry's number: SQLite's integers are signed. */
bool message_is_number_or_none(uint64_t n);
bool message_is_day(int32_t n);

/* message_desk.c: what is wrong with the fields, or NULL */
const char *message_desk_fields(const union message *m, enum message_role role);
const char *message_desk_is_fields(const union message *m, enum message_role role);
const char *message_notice_fields(const union message *m, enum message_role role);

/* message_office.c */
const char *message_sync_fields(const union message *m, enum message_role role);
const char *message_proof_fields(const union message *m, enum message_role role);
const char *message_proof_is_fields(const union message *m, enum message_role role);
const char *message_said_fields(const union message *m, enum message_role role);
const char *message_said_is_fields(const union message *m, enum message_role role);
const char *message_carried_fields(const union message *m, enum message_role role);
const char *message_enrol_fields(const union message *m, enum message_role role);

/* message_kiosk.c */
const char *message_kiosk_fields(const union message *m, enum message_role role);
const char *message_spot_fields(const union message *m, enum message_role role);
const char *message_tills_are_fields(const union message *m, enum message_role role);
const char *message_challenge_is_fields(const union message *m, enum message_role role);
const char *message_shown_fields(const union message *m, enum message_role role);
const char *message_scanned_fields(const union message *m, enum message_role role);

/* message_view.c */
const char *message_view_fields(const union message *m, enum message_role role);
const char *message_door_asked_fields(const union message *m, enum message_role role);
const char *message_inside_is_fields(const union message *m, enum message_role role);
const char *message_doors_are_fields(const union message *m, enum message_role role);
const char *message_now_is_fields(const union message *m, enum message_role role);
const char *message_settings_is_fields(const union message *m, enum message_role role);

/* message_alarm.c */
const char *message_notify_fields(const union message *m, enum message_role role);
const char *message_notified_fields(const union message *m, enum message_role role);
const char *message_enough_fields(const union message *m, enum message_role role);
const char *message_contact_fields(const union message *m, enum message_role role);
const char *message_reply_fields(const union message *m, enum message_role role);
const char *message_fault_fields(const union message *m, enum message_role role);
const char *message_reading_fields(const union message *m, enum message_role role);
const char *message_picture_fields(const union message *m, enum message_role role);
const char *message_ack_fields(const union message *m, enum message_role role);
const char *message_alarm_is_fields(const union message *m, enum message_role role);
const char *message_sensor_is_fields(const union message *m, enum message_role role);

#endif
