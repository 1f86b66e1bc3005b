/* message_type.h: which messages there are (message.h has what is in each), who says them, and the
 * head that all of them have. */
#ifndef SHOP_WIRE_MESSAGE_TYPE_H
#define SHOP_WIRE_MESSAGE_TYPE_H

#include <stdint.h>

#define MESSAGE_VERSION 5

enum message_type {
	MESSAGE_HELLO = 1,
	MESSAGE_BYE = 2,

	/* counterd -> shopd */
	MESSAGE_UNLOCK = 16,	/* message_token -> MESSAGE_VERDICT */
	MESSAGE_VISIT = 17,	/* message_token -> MESSAGE_VISIT_IS */
	MESSAGE_SESSION = 18,	/* message_token -> MESSAGE_VERDICT */
	MESSAGE_LINE_PUT = 19,	/* message_line -> MESSAGE_LINE_IS */
	MESSAGE_LINE_VOID = 20, /* message_line -> MESSAGE_LINE_IS */
	MESSAGE_CLOSE = 21,	/* message_bearer -> MESSAGE_ANSWER */
	MESSAGE_INVITE = 22,	/* message_bearer -> MESSAGE_ANSWER with text = code */
	/* counterd -> shopd, for the screens beside the doors and tills */
	MESSAGE_KIOSK = 40,	 /* message_kiosk: somebody listens, or nobody any more -> DOORS_ARE
				    and TILLS_ARE, also unasked from then on */
	MESSAGE_NONCE = 41,	 /* message_spot (a door) -> MESSAGE_CHALLENGE_IS */
	MESSAGE_TILL_VISIT = 42, /* message_spot (a till) -> MESSAGE_VISIT_IS */
	MESSAGE_TILL_LEAVE = 43, /* message_spot (a till) -> MESSAGE_ANSWER */
	MESSAGE_PIN = 44,	 /* message_spot: a door or a till -> MESSAGE_ANSWER */
	/* counterd -> shopd, of somebody whom nobody knows yet */
	MESSAGE_FIRST_OWNER = 25, /* message_first_owner -> MESSAGE_FIRST_OWNER_IS */
	/* counterd, shopctl -> shopd */
	MESSAGE_STATUS = 23, /* head only -> MESSAGE_STATUS_IS */
	MESSAGE_DESK = 24,   /* message_desk -> MESSAGE_DESK_IS, several for a close */

	/* the owner's page; counterd -> shopd; shopctl too, VIEW_HEALTH alone */
	MESSAGE_VIEW = 26, /* message_view -> rows of what it says, then NOW_IS or SETTINGS_IS */
	/* message_door_asked -> MESSAGE_DOORS_ARE, or MESSAGE_VERDICT (why not by this token, or
	 * not in a lockdown), or MESSAGE_DONE with `number` an enum door_refusal */
	MESSAGE_DOOR_ASKED = 27,
	/* shopd -> counterd */
	MESSAGE_INSIDE_IS = 28,
	MESSAGE_NOW_IS = 29,
	MESSAGE_SETTINGS_IS = 30,
	MESSAGE_FIRST_OWNER_IS = 31,

	/* shopd -> counterd */
	MESSAGE_VERDICT = 32,
	MESSAGE_VISIT_IS = 33,
	MESSAGE_LINE_IS = 34,
	MESSAGE_ANSWER = 35,
	MESSAGE_STATUS_IS = 36,
	MESSAGE_BLOCKED =
		38, /* unasked, request 0: this customer's sessions end (message_blocked) */
	MESSAGE_DESK_IS = 39,
	MESSAGE_NEWS = 37, /* unasked, request 0: the ledger's head moved (message_news) */

	/* shopd -> counterd; request 0: unasked, to those alone that said KIOSK */
	MESSAGE_TILLS_ARE = 100,
	MESSAGE_CHALLENGE_IS = 101,
	MESSAGE_SHOWN = 102,   /* what became of a token at a scanner (message_shown) */
	MESSAGE_SCANNED = 103, /* what became of something scanned at a till (message_scanned) */

	/* shopd <-> courierd */
	MESSAGE_NOTIFY = 48,   /* shopd -> courierd */
	MESSAGE_NOTIFIED = 49, /* courierd -> shopd */
	MESSAGE_NOTICE =
		50, /* shopd -> courierd: a text to one contact (message_notice), no answer */

	/* the office (contracts 5): courierd carries, shopd judges */
	MESSAGE_SYNC = 51,  /* shopd -> courierd, unasked: what there is to carry (message_sync) */
	MESSAGE_PROOF = 52, /* courierd -> shopd: message_proof -> MESSAGE_PROOF_IS */
	MESSAGE_PROOF_IS = 53,
	MESSAGE_SAID =
		54, /* courierd -> shopd: message_said + one sealed memfd -> MESSAGE_SAID_IS */
	MESSAGE_SAID_IS = 55,
	MESSAGE_CARRIED = 56, /* courierd -> shopd: how the road is (message_carried), no answer */

	/* alarms, and what courierd sees of the shop; no answers */
	MESSAGE_CONTACT =
		57,	    /* courierd -> shopd: one of who is to be told; the last one says so */
	MESSAGE_REPLY = 58, /* courierd -> shopd: a contact's text with a code */
	MESSAGE_FAULT = 59, /* courierd -> shopd: a camera, a road, the UPS fails or is well */
	MESSAGE_READING = 60, /* courierd -> shopd: a sensor that only the network has (NUT) */
	MESSAGE_ENOUGH = 61,  /* shopd -> courierd: what waits about this alarm need not leave */
	MESSAGE_PICTURE = 62, /* shopd -> courierd: the cameras keep what they see */

	/* shopctl -> shopd */
	MESSAGE_ENROL = 76,	/* message_enrol -> MESSAGE_DONE, when the office has answered */
	MESSAGE_DOORS = 64,	/* head only -> MESSAGE_DOORS_ARE */
	MESSAGE_COMMAND = 65,	/* message_command -> MESSAGE_DONE */
	MESSAGE_CHALLENGE = 66, /* message_command (door only) -> MESSAGE_DONE with text = SKN1:… */
	MESSAGE_ALARMS = 67,	/* head only -> MESSAGE_ALARM_IS …, then MESSAGE_DONE */
	/* message_ack -> MESSAGE_DONE; to counterd MESSAGE_ALARM_IS, or MESSAGE_VERDICT (why not by
	 * this token), or MESSAGE_DONE (there is no such alarm) */
	MESSAGE_ALARM_ACK = 68,
	MESSAGE_MEMBER_ADD = 69,   /* message_member -> MESSAGE_DONE with customer */
	MESSAGE_MEMBER_BLOCK = 70, /* message_member -> MESSAGE_DONE */
	MESSAGE_IMPORT = 71,	   /* message_import + one sealed memfd -> MESSAGE_DONE */
	MESSAGE_OFFICE_KEY = 72,   /* message_member (key) -> MESSAGE_DONE */
	MESSAGE_PASS = 73,	   /* message_pass -> MESSAGE_DONE */
	MESSAGE_MEMBER_TRUST = 75, /* message_member (customer, trust in role) -> MESSAGE_DONE */
	MESSAGE_LEAVE = 77,	   /* head only -> MESSAGE_DONE: forget the office */
	MESSAGE_SENSORS = 78,	   /* head only -> MESSAGE_SENSOR_IS …, then MESSAGE_DONE */
	MESSAGE_CONTACTS = 79,	   /* head only -> MESSAGE_CONTACT …, then MESSAGE_DONE */
	MESSAGE_REHEARSE = 83,	   /* head only -> MESSAGE_DONE: the rehearsal now */
	MESSAGE_LOOK = 84,	   /* head only -> MESSAGE_DONE: a picture from each camera now */
	/* head only -> MESSAGE_DONE, its text the code, and the address behind a blank */
	MESSAGE_OWNER_CODE = 86,
	/* message_card -> MESSAGE_DONE with customer; GONE: head and kid alone count */
	MESSAGE_CARD_ADD = 87,
	MESSAGE_CARD_GONE = 88,
	MESSAGE_CLOCK_TRUST =
		74, /* head only -> MESSAGE_DONE: a person vouches for the wall clock */
	/* shopd -> shopctl */
	MESSAGE_DOORS_ARE = 80,
	MESSAGE_ALARM_IS = 81,
	MESSAGE_DONE = 82,
	MESSAGE_SENSOR_IS = 85,
};

struct message_head {
	uint16_t version;
	uint16_t type;
	uint32_t request; /* the asker's, handed back; 0: nobody asked */
};

enum message_role {
	ROLE_COUNTER = 1,
	ROLE_COURIER = 2,
	ROLE_CONTROL = 3
};

#endif
